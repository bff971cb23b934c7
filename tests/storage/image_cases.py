"""Images of every kind, whole and spoilt, each with the verdict that it must get, worked out from how it was made."""

import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from core.images import Change
from tests.storage.pictures import MP4, png_header

SECRET = b"SECRETO-0042"
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_SRGB_D50 = np.array([[0.4360, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])
_ADOBE_D50 = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
_CORNERS = ((200, 40, 40), (40, 200, 40), (40, 40, 200), (220, 220, 60))  # top left, top right, bottom right and left
# Exif 2.3, 4.6.4: which stored corner is seen at the top left, top right, bottom right, bottom left
_SEEN = {
    2: (1, 0, 3, 2),
    3: (2, 3, 0, 1),
    4: (3, 2, 1, 0),
    5: (0, 3, 2, 1),
    6: (3, 0, 1, 2),
    7: (2, 1, 0, 3),
    8: (1, 2, 3, 0),
}
_PICTURES = (("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp"))


@dataclass(frozen=True)
class Case:
    """A file and what must become of it: refused with that word, or kept with exactly these changes.

    `same_pixels`: nothing but metadata may go. `check`: what the picture must show.
    """

    family: str
    name: str
    data: bytes
    refused: str = ""
    changes: frozenset[Change] = frozenset()
    same_pixels: bool = True
    frames: int = 1
    check: Callable[[Image.Image], None] = field(default=lambda _image: None)


def case(number: int) -> Case:
    """Return the case of that number, always the same."""
    dice = random.Random(f"image {number}")
    makers = list(_FAMILIES.items())
    family, make = makers[number % len(makers)]
    return make(family, dice)


def _noise(dice: random.Random, mode: str = "RGB", size: tuple[int, int] | None = None) -> Image.Image:
    width, height = size or (dice.randrange(24, 90), dice.randrange(24, 90))
    channels = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (width, height), dice.randbytes(width * height * channels))


def _saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **more)
    return target.getvalue()


def _plain(family: str, dice: random.Random) -> Case:
    kinds: list[tuple[str, str, str, dict[str, Any]]] = [
        ("JPEG", "RGB", ".jpg", {}),
        ("JPEG", "L", ".jpeg", {}),
        ("JPEG", "RGB", ".jpg", {"progressive": True}),
        ("JPEG", "RGB", ".jpg", {"dpi": (300, 300)}),
        ("PNG", "RGB", ".png", {}),
        ("PNG", "RGBA", ".png", {}),
        ("PNG", "L", ".png", {}),
        ("GIF", "L", ".gif", {}),
        ("WEBP", "RGB", ".webp", {}),
        ("WEBP", "RGBA", ".webp", {"lossless": True}),
        ("BMP", "RGB", ".bmp", {}),
        ("TIFF", "RGB", ".tif", {}),
    ]
    kind, mode, ending, more = dice.choice(kinds)
    return Case(family, f"foto{ending}", _saved(_noise(dice, mode), kind, **more))


def _located(family: str, dice: random.Random) -> Case:
    exif: Any = Image.Exif()
    exif[ExifTags.Base.Model] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (12.0, 3.0, dice.randrange(60) * 1.0)
    kind, ending = dice.choice(_PICTURES)
    changes = frozenset({Change.METADATA, Change.LOCATION})
    return Case(family, f"foto{ending}", _saved(_noise(dice), kind, exif=exif), changes=changes)


def _noted(family: str, dice: random.Random) -> Case:
    image = _noise(dice)
    changes = frozenset({Change.METADATA})
    match dice.randrange(5):
        case 0:
            text = PngImagePlugin.PngInfo()
            text.add_text("Comment", SECRET.decode(), zip=dice.random() < 0.5)
            return Case(family, "foto.png", _saved(image, "PNG", pnginfo=text), changes=changes)
        case 1:
            return Case(family, "foto.gif", _saved(image.convert("L"), "GIF", comment=SECRET), changes=changes)
        case 2:
            plain = _saved(image, "JPEG")
            iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(SECRET)) + SECRET
            segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
            return Case(family, "foto.jpg", plain[:2] + segment + plain[2:], changes=changes)
        case 3:
            return Case(family, "foto.jpg", _saved(image, "JPEG", comment=SECRET), changes=changes)
        case _:
            return Case(family, "foto.webp", _saved(image, "WEBP", xmp=b"<x:xmpmeta>" + SECRET), changes=changes)


def _turned(family: str, dice: random.Random) -> Case:
    kind, ending = dice.choice(_PICTURES)
    turn = dice.randrange(2, 9)
    size = (96, 64)
    stored = Image.new("RGB", size)
    for corner, place in zip(_CORNERS, ((0, 0), (48, 0), (48, 32), (0, 32)), strict=True):
        stored.paste(corner, (*place, place[0] + 48, place[1] + 32))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn

    def check(image: Image.Image) -> None:
        assert image.size == (size if turn < 5 else size[::-1])
        wide, tall = image.size
        seen = [(8, 8), (wide - 8, 8), (wide - 8, tall - 8), (8, tall - 8)]
        for which, at in zip(_SEEN[turn], seen, strict=True):
            assert _near(image.convert("RGB").getpixel(at), _CORNERS[which], 12)

    changes = frozenset({Change.TURNED, Change.METADATA, Change.ENCODED_ANEW})
    return Case(
        family, f"foto{ending}", _saved(stored, kind, exif=exif), changes=changes, same_pixels=False, check=check
    )


def _printed(family: str, dice: random.Random) -> Case:
    ink = tuple(dice.randrange(0, 256) for _ in range(4))
    kind, ending = dice.choice((("JPEG", ".jpg"), ("TIFF", ".tif")))

    def check(image: Image.Image) -> None:
        wanted = tuple((255 - c) * (255 - ink[3]) // 255 for c in ink[:3])
        assert image.mode == "RGB"
        assert _near(image.getpixel((10, 10)), wanted, 12)

    changes = frozenset({Change.FROM_CMYK, Change.ENCODED_ANEW})
    data = _saved(Image.new("CMYK", (40, 30), ink), kind)
    return Case(family, f"foto{ending}", data, changes=changes, same_pixels=False, check=check)


def _deep(family: str, dice: random.Random) -> Case:
    value = dice.randrange(65536)
    changes = frozenset({Change.TO_EIGHT_BITS, Change.ENCODED_ANEW})
    if dice.random() < 0.3:
        data, name, is_grey = _saved(Image.fromarray(np.full((20, 20), value, "uint16")), "TIFF"), "foto.tif", True
    else:
        is_grey = dice.random() < 0.5
        row = b"\0" + struct.pack(">H", value) * (20 if is_grey else 60)
        header = struct.pack(">IIBBBBB", 20, 20, 16, 0 if is_grey else 2, 0, 0, 0)
        data = b"\x89PNG\r\n\x1a\n" + b"".join(
            _chunk(kind, body) for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(row * 20)), (b"IEND", b""))
        )
        name = "foto.png"

    def check(image: Image.Image) -> None:
        assert image.mode == ("L" if is_grey else "RGB")
        pixel = image.getpixel((5, 5))
        assert all(abs(each - value / 257) <= 1 for each in ((pixel,) if is_grey else pixel))  # type: ignore[operator,union-attr]

    return Case(family, name, data, changes=changes, same_pixels=False, check=check)


def _adobe(family: str, dice: random.Random) -> Case:
    colour = tuple(dice.randrange(30, 226) for _ in range(3))
    kind, ending = dice.choice(_PICTURES)
    data = _saved(Image.new("RGB", (40, 30), colour), kind, icc_profile=adobe_profile())
    linear = np.array([_linear(each / 255) for each in colour])
    seen = np.linalg.inv(_SRGB_D50) @ _ADOBE_D50 @ linear
    wanted = tuple(round(255 * _curved(min(max(each, 0), 1))) for each in seen)

    def check(image: Image.Image) -> None:
        assert "icc_profile" not in image.info
        assert _near(image.convert("RGB").getpixel((10, 10)), wanted, 8)

    changes = frozenset({Change.TO_SRGB, Change.ENCODED_ANEW})
    return Case(family, f"foto{ending}", data, changes=changes, same_pixels=False, check=check)


def _own_profile(family: str, dice: random.Random) -> Case:
    kind, ending = dice.choice(_PICTURES)
    return Case(family, f"foto{ending}", _saved(_noise(dice), kind, icc_profile=SRGB))


def _misfit_profile(family: str, dice: random.Random) -> Case:
    kind, ending = dice.choice(_PICTURES)
    nonsense = bytearray(SRGB)
    nonsense[16:20] = b"CMYK"
    data = _saved(_noise(dice), kind, icc_profile=bytes(nonsense))
    return Case(family, f"foto{ending}", data, changes=frozenset({Change.PROFILE}))


def _moving(family: str, dice: random.Random) -> Case:
    frames = dice.randrange(2, 6)
    kind, ending = dice.choice((("GIF", ".gif"), ("WEBP", ".webp"), ("PNG", ".png")))
    first, *rest = (_noise(dice, "RGB", (32, 24)) for _ in range(frames))
    more: dict[str, Any] = {"comment": SECRET} if kind == "GIF" and dice.random() < 0.5 else {}
    data = _saved(first, kind, save_all=True, append_images=rest, duration=100, loop=0, **more)
    return Case(family, f"foto{ending}", data, changes=frozenset({Change.METADATA} if more else ()), frames=frames)


def _cut(family: str, dice: random.Random) -> Case:
    kind, ending = dice.choice((*_PICTURES, ("BMP", ".bmp")))
    data = _saved(_noise(dice, "RGB", (80, 80)), kind)
    return Case(family, f"foto{ending}", data[: int(len(data) * dice.uniform(0.3, 0.8))], refused="dañada")


def _rotten(family: str, dice: random.Random) -> Case:
    data = bytearray(_saved(_noise(dice, "RGB", (60, 60)), "PNG"))
    at = data.index(b"IDAT") + 4 + dice.randrange(2, 5000)
    data[at] ^= 1 << dice.randrange(8)
    return Case(family, "foto.png", bytes(data), refused="dañada")


def _bomb(family: str, dice: random.Random) -> Case:
    side = dice.randrange(8000, 60_000)
    match dice.randrange(3):
        case 0:
            return Case(family, "foto.png", png_header(side, side), refused="demasiado grande")
        case 1:
            header = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(6)
            body = b"\x2c" + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x44\x01\0\x3b"
            return Case(family, "foto.gif", header + body, refused="demasiado grande")
        case _:
            frame = b"\x21\xf9\x04\0\x0a\0\0\0\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
            header = b"GIF89a" + struct.pack("<HHBBB", 5000, 5000, 0x80, 0, 0) + bytes(6)
            return Case(
                family, "foto.gif", header + frame * dice.randrange(20, 40) + b"\x3b", refused="demasiado grande"
            )


def _disguised(family: str, dice: random.Random) -> Case:
    body = dice.choice(
        (
            b"<!doctype html><script>alert(1)</script>",
            b"%PDF-1.7\n1 0 obj",
            b"PK\x03\x04\x14\0\0\0",
            b"MZ\x90\0\x03\0\0\0",
            b"\x7fELF\x02\x01\x01",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"#!/bin/sh\nrm -rf /\n",
            MP4.replace(b"mp42", b"heic", 1),
        )
    )
    ending = dice.choice((".jpg", ".png", ".gif", ".webp"))
    return Case(family, f"foto{ending}", body + dice.randbytes(dice.randrange(40, 400)), refused="no es una imagen")


def _misnamed(family: str, dice: random.Random) -> Case:
    (kind, _), (_, ending) = dice.sample(_PICTURES, 2)
    return Case(family, f"foto{ending}", _saved(_noise(dice), kind), changes=frozenset({Change.OTHER_NAME}))


def _two_in_one(family: str, dice: random.Random) -> Case:
    kind, ending = dice.choice((*_PICTURES, ("GIF", ".gif")))
    hidden = dice.choice(
        (
            b"PK\x03\x04\x14\0",
            b"%PDF-1.4\n",
            b"<?php system($_GET[0]);",
            b"<SCRIPT>x()</SCRIPT>",
            b"Rar!\x1a\x07\0",
            b"MZ\x90\0",
        )
    )
    data = _saved(_noise(dice), kind) + hidden + bytes(64)
    return Case(family, f"foto{ending}", data, refused="escondido")


def _longer(family: str, dice: random.Random) -> Case:
    kind, ending = dice.choice((*_PICTURES, ("GIF", ".gif")))
    data = _saved(_noise(dice), kind) + b"SEFT" + bytes(dice.randrange(1, 300))
    return Case(family, f"foto{ending}", data, changes=frozenset({Change.TRAILING_BYTES}))


def _nothing(family: str, dice: random.Random) -> Case:
    size = dice.choice((0, 1, 2, 7, 100, 5000))
    data = bytes(size) if dice.random() < 0.5 else bytes(b | 1 for b in dice.randbytes(size))
    return Case(family, "foto.jpg", data, refused="vacío" if size == 0 else "no es una imagen")


def _small_inside(family: str, dice: random.Random) -> Case:
    small = _saved(Image.new("RGB", (16, 12), "red"), "JPEG")
    entries = ((0x0103, 3, 1, 6), (0x0201, 4, 1, 0), (0x0202, 4, 1, len(small)))
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 0) + struct.pack("<I", 14)
    at = 14 + 2 + 12 * len(entries) + 4
    tiff += struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        tiff += struct.pack("<HHII", tag, kind, count, at if tag == 0x0201 else value)
    tiff += struct.pack("<I", 0) + small
    changes = frozenset({Change.METADATA, Change.EMBEDDED_PICTURE})
    return Case(family, "foto.jpg", _saved(_noise(dice), "JPEG", exif=b"Exif\0\0" + tiff), changes=changes)


def adobe_profile() -> bytes:
    """Return a profile with Adobe RGB's primaries and sRGB's curve."""
    profile = bytearray(SRGB)
    (count,) = struct.unpack(">I", profile[128:132])
    for number in range(count):
        name, offset, _size = struct.unpack(">4sII", profile[132 + 12 * number : 144 + 12 * number])
        if name in (b"rXYZ", b"gXYZ", b"bXYZ"):
            column = _ADOBE_D50[:, b"rgb".index(name[:1])]
            profile[offset + 8 : offset + 20] = struct.pack(">3i", *(round(each * 65536) for each in column))
    profile[84:100] = bytes(16)  # the sum of what it was
    return bytes(profile)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _curved(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def _near(found: Any, wanted: tuple[int, ...], most: int) -> bool:
    return all(abs(a - b) <= most for a, b in zip(found, wanted, strict=True))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


_FAMILIES: dict[str, Callable[[str, random.Random], Case]] = {
    "plain": _plain,
    "located": _located,
    "noted": _noted,
    "turned": _turned,
    "cmyk": _printed,
    "16 bits": _deep,
    "other profile": _adobe,
    "sRGB profile": _own_profile,
    "misfit profile": _misfit_profile,
    "animated": _moving,
    "cut": _cut,
    "rotten": _rotten,
    "bomb": _bomb,
    "disguised": _disguised,
    "misnamed": _misnamed,
    "two in one": _two_in_one,
    "longer": _longer,
    "nothing": _nothing,
    "picture inside": _small_inside,
}
FAMILIES = len(_FAMILIES)
