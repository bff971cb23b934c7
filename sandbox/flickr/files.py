"""What an uploaded file really is (sheet section 5: formats, sizes, durations)."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sandbox.media import Medium, picture, video_type

LARGEST_PHOTO = 200 * 1024**2
LARGEST_VIDEO = 1024**3
"""Bytes, [memory] (sheet section 5)."""
LONGEST_PRO, LONGEST_FREE = 600, 180
"""Seconds of a video [doc]."""
KEPT = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}
"""Kept as they are [doc]."""
_TURNED = frozenset({"image/tiff", "image/bmp"})
"""Turned into JPEG [doc]. WebP, HEIC and animations are unclear in the sheet, so they are refused."""
_VIDEO_ENDINGS = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/x-msvideo": "avi",
    "video/x-ms-wmv": "wmv",
    "video/mpeg": "mpg",
}
_MORE_VIDEO_HEADS = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A file Flickr takes. `media` photo or video; pixels; `ending` of the original; `seconds` 0 when unknown."""

    media: str
    mime: str
    ending: str
    width: int = 0
    height: int = 0
    seconds: float = 0.0


def kind_of(medium: Medium) -> Kind | None:
    """Return what the file is, or None when Flickr does not know the type."""
    mime = video_type(medium.path) or _other_video(medium.path)
    if mime is not None:
        if mime not in _VIDEO_ENDINGS:
            return None
        return Kind("video", mime, _VIDEO_ENDINGS[mime], seconds=duration(medium.path))
    # The head is enough to refuse what is too large to be decoded.
    seen = picture(medium.path, whole=medium.size <= LARGEST_PHOTO)
    if seen is None or seen.animated or seen.mime not in {*KEPT, *_TURNED}:
        return None
    return Kind("photo", seen.mime, KEPT.get(seen.mime, "jpg"), seen.width, seen.height)


def _other_video(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(8)
    return next((mime for mark, mime in _MORE_VIDEO_HEADS if head.startswith(mark)), None)


def duration(path: Path) -> float:
    """Return the seconds that an MP4 or MOV says it lasts; 0 when it does not say."""
    size = path.stat().st_size
    with path.open("rb") as file:
        moov = _box(file, b"moov", 0, size)
        header = _box(file, b"mvhd", *moov) if moov else None
        if header is None:
            return 0.0
        file.seek(header[0])
        data = file.read(32)
    form = ">12xII" if data[:1] == b"\x00" else ">20xIQ"
    if len(data) < struct.calcsize(form):
        return 0.0
    scale, ticks = struct.unpack_from(form, data)
    return float(ticks) / scale if scale else 0.0


def _box(file: IO[bytes], name: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Return where the content of the first box of that name begins and ends."""
    place = start
    while place + 8 <= end:
        file.seek(place)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            wide = file.read(8)
            if len(wide) < 8:
                return None
            (size,), head = struct.unpack(">Q", wide), 16
        stop = end if size == 0 else place + size
        if size and size < head:
            return None
        if kind == name:
            return place + head, min(stop, end)
        place = stop
    return None
