"""Takes what is not picture out of an image file, piece by piece, without touching a pixel.

Sources: ITU-T T.81 annex B and the JFIF, Exif and MPF markers; PNG 3rd edition, 5 and 11; the WebP container
specification; GIF89a. All as [memory]. What cannot be walked cleanly raises ValueError: its pixels are encoded anew.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image

from core.images import Change

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"hIST"}
    | {b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI"}
)
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})
_WEBP_FLAGS = {b"ICCP": 0x20, b"EXIF": 0x08, b"XMP ": 0x04}
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_LOCATED = re.compile(rb"GPSL(?:at|ong)itude|LocationShown|LocationCreated")
_THUMBNAIL_AT = 0x0201  # JPEGInterchangeFormat, in the second directory of Exif


class DamagedError(Exception):
    """The file itself says that its bytes are not those that were written."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """The file without what is not picture, what was taken out, and what stood after its end."""

    data: bytes
    changes: frozenset[Change]
    tail: bytes = b""


def stripped(data: bytes, kind: str, *, keep_profile: bool) -> Stripped:
    """Return the file of that Pillow format without metadata.

    Raises ValueError where it cannot be walked, DamagedError.
    """
    walk = _WALKS.get(kind)
    if walk is None:
        return Stripped(data, frozenset())
    try:
        return walk(data, keep_profile)
    except (struct.error, IndexError) as error:
        raise ValueError("the file ends within a piece") from error


def exif_changes(payload: bytes) -> set[Change]:
    """Return what an Exif block held: always metadata, perhaps a place or a small picture."""
    found = {Change.METADATA}
    try:
        exif: Any = Image.Exif()
        exif.load(payload)
        if exif.get_ifd(ExifTags.IFD.GPSInfo):
            found.add(Change.LOCATION)
        if _THUMBNAIL_AT in exif.get_ifd(ExifTags.IFD.IFD1):
            found.add(Change.EMBEDDED_PICTURE)
    except Exception:  # noqa: BLE001  (a damaged side note may make the reader stumble in any way; it goes anyhow)
        return found
    return found


def _text_changes(payload: bytes) -> set[Change]:
    return {Change.METADATA, Change.LOCATION} if _LOCATED.search(payload) else {Change.METADATA}


def _jpeg(data: bytes, keep_profile: bool) -> Stripped:  # noqa: FBT001  (one of four of a shape)
    kept, changes = [data[:2]], set[Change]()
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            kept.append(data[at : at + 2])
            at += 2
            break
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            kept.append(data[at : at + 2])
            at += 2
            continue
        size = struct.unpack(">H", data[at + 2 : at + 4])[0] + 2
        segment = data[at : at + size]
        if len(segment) < size or size < 4:
            raise ValueError("a segment is cut off")
        at += size
        if marker == 0xDA:
            found = _NEXT_MARKER.search(data, at)
            end = found.start() if found else len(data)
            kept.extend((segment, data[at:end]))
            at = end
            continue
        piece, took = _jpeg_segment(marker, segment, keep_profile=keep_profile)
        changes |= took
        if piece:
            kept.append(piece)
    return Stripped(b"".join(kept), frozenset(changes), data[at:])


def _jpeg_segment(marker: int, segment: bytes, *, keep_profile: bool) -> tuple[bytes, set[Change]]:
    """Return what stays of a segment, and what went."""
    body = segment[4:]
    if marker == 0xE0 and body.startswith(b"JFIF\0"):
        if len(body) <= 14:
            return segment, set()
        return segment[:2] + b"\x00\x10" + body[:12] + b"\0\0", {Change.EMBEDDED_PICTURE}
    if marker == 0xE0:
        return b"", {Change.EMBEDDED_PICTURE}
    if marker == 0xE1 and body.startswith(b"Exif\0"):
        return b"", exif_changes(body)
    if marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        return (segment, set()) if keep_profile else (b"", {Change.PROFILE})
    if marker == 0xEE and body.startswith(b"Adobe"):
        return segment, set()  # says how its colours are to be read
    if 0xE1 <= marker <= 0xEF or marker == 0xFE:
        return b"", _text_changes(body)
    return segment, set()


def _png(data: bytes, keep_profile: bool) -> Stripped:  # noqa: FBT001  (one of four of a shape)
    kept, changes = [data[:8]], set[Change]()
    at = 8
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at : at + 12 + size]
        if len(chunk) < 12 + size:
            raise ValueError("a chunk is cut off")
        at += 12 + size
        if zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise DamagedError("a chunk is not what its sum says")
        if name in _PNG_KEPT or (name == b"iCCP" and keep_profile):
            kept.append(chunk)
        elif name == b"iCCP":
            changes.add(Change.PROFILE)
        elif name == b"eXIf":
            changes |= exif_changes(chunk[8:-4])
        else:
            changes |= _text_changes(chunk)
        if name == b"IEND":
            break
    return Stripped(b"".join(kept), frozenset(changes), data[at:])


def _webp(data: bytes, keep_profile: bool) -> Stripped:  # noqa: FBT001  (one of four of a shape)
    end = min(struct.unpack("<I", data[4:8])[0] + 8, len(data))
    kept, changes, cleared = [], set[Change](), 0
    at = 12
    while at + 8 <= end:
        name, size = struct.unpack("<4sI", data[at : at + 8])
        chunk = data[at : at + 8 + size + size % 2]
        at += 8 + size + size % 2
        if name in _WEBP_KEPT or (name == b"ICCP" and keep_profile):
            kept.append(chunk)
            continue
        cleared |= _WEBP_FLAGS.get(name, 0)
        if name == b"ICCP":
            changes.add(Change.PROFILE)
        else:
            changes |= exif_changes(chunk[8:]) if name == b"EXIF" else _text_changes(chunk)
    if cleared and kept and kept[0][:4] == b"VP8X":
        kept[0] = kept[0][:8] + bytes([kept[0][8] & ~cleared]) + kept[0][9:]
    if not changes and at == end:
        return Stripped(data[:end], frozenset(), data[end:])
    body = b"WEBP" + b"".join(kept)
    return Stripped(b"RIFF" + struct.pack("<I", len(body)) + body, frozenset(changes), data[end:])


def _gif(data: bytes, keep_profile: bool) -> Stripped:  # noqa: ARG001, FBT001  (one of four of a shape)
    def colours(flags: int) -> int:
        return 3 << ((flags & 7) + 1) if flags & 0x80 else 0

    at = 13 + colours(data[10])
    kept, changes = [data[:at]], set[Change]()
    while at < len(data):
        begin, mark = at, data[at]
        if mark == 0x3B:
            kept.append(data[at : at + 1])
            at += 1
            break
        if mark == 0x2C:
            at = _gif_blocks(data, at + 10 + colours(data[at + 9]) + 1)
            kept.append(data[begin:at])
            continue
        if mark != 0x21:
            raise ValueError("no block where one must be")
        label = data[at + 1]
        at = _gif_blocks(data, at + 2)
        is_loop = label == 0xFF and data[begin + 3 : begin + 14] in _GIF_LOOPS
        if label in (0xF9, 0x01) or is_loop:
            kept.append(data[begin:at])
        else:
            changes |= _text_changes(data[begin:at])
    return Stripped(b"".join(kept), frozenset(changes), data[at:])


def _gif_blocks(data: bytes, at: int) -> int:
    """Return where a row of sub-blocks ends."""
    while data[at]:
        at += data[at] + 1
    return at + 1


_WALKS: dict[str, Callable[[bytes, bool], Stripped]] = {
    "JPEG": _jpeg,
    "MPO": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "GIF": _gif,
}


def located_boxes(moov: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield where in the file a film's boxes lie that tell a place: offset and size, of boxes that nothing needs.

    `moov`: the body of the movie box, which begins at `offset`.
    """
    at = 0
    while at + 8 <= len(moov):
        size, name = struct.unpack(">I4s", moov[at : at + 8])
        if size < 8:
            return
        body = moov[at + 8 : at + size]
        if name == b"trak":
            yield from located_boxes(body, offset + at + 8)
        elif name in (b"udta", b"meta") and re.search(rb"\xa9xyz|loci|location", body):
            yield offset + at, size
        at += size
