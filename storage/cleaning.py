"""Makes a file what may be approved: upright, 8-bit sRGB, nothing in it but the picture. Says what it did.

Where only metadata has to go, no pixel is touched (storage/containers.py).
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from PIL import ExifTags, Image, ImageOps

from core.errors import InvalidInput
from core.images import Change
from core.media import EXTENSIONS, MediaKind
from core.texts import _
from storage.colours import as_srgb, is_srgb
from storage.containers import DamagedError, Stripped, located_boxes, stripped
from storage.films import movie_place
from storage.inspection import Inspected, opened

_JPEG_QUALITY = 95  # of an image that had to be encoded anew; no colour subsampling
_UPRIGHT = 1
# an image that is an archive, a document or a program as well was made to deceive
_FOREIGN_START = (b"MZ", b"#!", b"\x1f\x8b", b"BZh")
_FOREIGN = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a",
    b"7z\xbc\xaf\x27\x1c",
    b"%PDF-",
    b"\x7fELF",
    b"<?php",
    b"<script",
    b"<html",
    b"<!doctype",
    b"<svg",
)
_TIFF_NOTES = (270, 271, 272, 305, 306, 315, 700, 33723, 34377, 34665, 34853, 40092)  # words, XMP, IPTC, Exif, GPS
_OTHER_ENDINGS = {".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg", ".tiff": ".tif", ".m4v": ".mp4"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What becomes of a file: new bytes (None: it stays as it is) or boxes of a film to blank; and what was done."""

    data: bytes | None = None
    blanks: tuple[tuple[int, int], ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def alters(self) -> bool:
        """Whether the bytes are others than those that came."""
        return self.data is not None or bool(self.blanks)


def cleaned(path: Path, known: Inspected) -> Cleaned:
    """Return what the file becomes. Raises InvalidInput for what cannot be put right."""
    changes = {Change.OTHER_NAME} if _is_misnamed(known) else set[Change]()
    if known.kind is MediaKind.VIDEO:
        moov, offset = movie_place(path)
        blanks = tuple(located_boxes(moov, offset))
        return Cleaned(blanks=blanks, changes=_ordered(changes | ({Change.LOCATION} if blanks else set())))
    if known.kind is not MediaKind.IMAGE:
        return Cleaned(changes=_ordered(changes))
    data = path.read_bytes()
    with opened(path) as image:
        wanted = _wanted(image, data)
        profile = image.info.get("icc_profile")
        try:
            bare = stripped(data, image.format or "", keep_profile=profile is not None and is_srgb(profile))
        except DamagedError as error:
            raise InvalidInput(
                _("La imagen «{name}» está dañada o incompleta. Consiga otra copia.").format(name=known.file_name),
                diagnostic=str(error),
            ) from error
        except ValueError:
            bare, wanted = Stripped(data, frozenset()), wanted | {Change.ENCODED_ANEW}
        _refuse_foreign(bare.tail, known.file_name)
        changes |= bare.changes | ({Change.TRAILING_BYTES} if bare.tail else set())
        if image.format == "TIFF" and (found := _tiff_notes(image)):
            changes, wanted = changes | found, wanted | {Change.ENCODED_ANEW}
        if not wanted:
            new = None if bare.data == data else bare.data
            return Cleaned(data=new, changes=_ordered(changes))
        if known.frames > 1:
            raise InvalidInput(
                _(
                    "«{name}» es animada y no está en sRGB de 8 bits, o está girada. Expórtela en sRGB y sin giro."
                ).format(name=known.file_name)
            )
        new = _encoded(image, wanted, known.file_name)
    return Cleaned(data=new, changes=_ordered((changes - {Change.PROFILE}) | wanted | {Change.ENCODED_ANEW}))


def _ordered(changes: set[Change]) -> tuple[Change, ...]:
    return tuple(each for each in Change if each in changes)


def _wanted(image: Image.Image, data: bytes) -> set[Change]:
    """Return what cannot be had without new pixels."""
    wanted = set[Change]()
    if image.getexif().get(ExifTags.Base.Orientation, _UPRIGHT) in range(2, 9):
        wanted.add(Change.TURNED)
    if image.mode == "CMYK":
        wanted.add(Change.FROM_CMYK)
    elif image.mode in ("LAB", "YCbCr", "HSV"):
        wanted.add(Change.TO_SRGB)
    if _is_deep(image, data):
        wanted.add(Change.TO_EIGHT_BITS)
    profile = image.info.get("icc_profile")
    if profile and image.mode != "CMYK" and _fits(image, profile) and not is_srgb(profile):
        wanted.add(Change.TO_SRGB)
    return wanted


def _fits(image: Image.Image, profile: bytes) -> bool:
    """Tell whether the profile is of this kind of colours; one that is not says nothing about the picture."""
    of_grey = image.mode in ("L", "LA", "1") or image.mode.startswith("I")
    space: bytes = profile[16:20]
    return space == (b"GRAY" if of_grey else b"RGB ")


def _is_deep(image: Image.Image, data: bytes) -> bool:
    if image.format == "PNG":
        return data[24] == 16
    if image.format == "TIFF":
        tags: Any = image
        bits = tags.tag_v2.get(258, (1,))
        return bool(max(bits if isinstance(bits, tuple) else (bits,)) > 8)
    return image.mode.startswith(("I", "F"))


def _tiff_notes(image: Image.Image) -> set[Change]:
    tags: Any = image
    found = {number for number in _TIFF_NOTES if number in tags.tag_v2}
    if not found:
        return set()
    return {Change.METADATA, Change.LOCATION} if 34853 in found else {Change.METADATA}


def _encoded(image: Image.Image, wanted: set[Change], name: str) -> bytes:
    """Return the picture in new bytes of the same type. Raises InvalidInput for numbers that are no colours."""
    kind = "JPEG" if image.format == "MPO" else image.format or ""
    profile = image.info.get("icc_profile")
    lossless = kind == "WEBP" and _is_lossless_webp(image)
    if image.mode == "F":
        raise InvalidInput(
            _("«{name}» no tiene colores sino números con decimales. Expórtela a 8 bits por canal.").format(name=name)
        )
    picture = image.convert("RGB") if image.mode in ("YCbCr", "HSV") else image
    if picture.mode.startswith("I"):
        import numpy as np  # noqa: PLC0415  (only for the few that need it)

        picture = Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype("uint8"))
    if Change.TURNED in wanted:
        picture = ImageOps.exif_transpose(picture)
    if wanted & {Change.FROM_CMYK, Change.TO_SRGB}:
        picture = as_srgb(picture, profile)
    if kind == "JPEG" and picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    target = BytesIO()
    _save(picture, target, kind, lossless=lossless)
    return target.getvalue()


def _save(picture: Image.Image, target: IO[bytes], kind: str, *, lossless: bool) -> None:
    match kind:
        case "JPEG":
            picture.save(target, kind, quality=_JPEG_QUALITY, subsampling=0)
        case "WEBP" if not lossless:
            picture.save(target, kind, quality=_JPEG_QUALITY)
        case "WEBP":
            picture.save(target, kind, lossless=True, exact=True)
        case "TIFF":
            picture.save(target, kind, compression="tiff_adobe_deflate")
        case _:
            picture.save(target, kind)


def _is_lossless_webp(image: Image.Image) -> bool:
    reader: Any = image
    reader.fp.seek(0)
    return b"VP8L" in reader.fp.read(1024)


def _is_misnamed(known: Inspected) -> bool:
    ending = Path(known.file_name).suffix.lower()
    ending = _OTHER_ENDINGS.get(ending, ending)
    return ending in EXTENSIONS.values() and ending != EXTENSIONS.get(known.mime_type)


def _refuse_foreign(tail: bytes, name: str) -> None:
    low = tail[:4096].lower()
    if tail.startswith(_FOREIGN_START) or any(mark in tail or mark in low for mark in _FOREIGN):
        raise InvalidInput(
            _("«{name}» es una imagen con otro archivo escondido detrás. No se acepta: consiga otra copia.").format(
                name=name
            )
        )
