"""What the platform finds in received files while it processes them (sheet section 5); a reason where it fails."""

import mmap
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from PIL import Image

from sandbox.media import picture, video_type

PIXELS = 36_152_320
FRAMES = 250
PAGES = 300
SHORTEST_VIDEO, LONGEST_VIDEO = 3, 1800
"""Seconds."""
_IMAGES = frozenset({"image/jpeg", "image/png", "image/gif"})
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def trouble(kind: str, path: Path) -> str | None:
    """Return why the file of an image, video or document cannot be used, or None."""
    return {"image": _image, "video": _video, "document": _document}[kind](path)


def _image(path: Path) -> str | None:
    seen = picture(path)
    if seen is None or seen.mime not in _IMAGES:  # WebP is not accepted [memory]
        return "Unsupported image format"
    if seen.width * seen.height >= PIXELS:
        return "Image has too many pixels"
    return "Image has too many frames" if seen.animated and _frames(path) > FRAMES else None


def _frames(path: Path) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(path) as image:
            return int(getattr(image, "n_frames", 1))


def _video(path: Path) -> str | None:
    if video_type(path) != "video/mp4":
        return "Unsupported video format"
    # Rehearsals send files without a film header: their length is not known and not held against them.
    seconds = _seconds(path)
    if seconds is not None and not SHORTEST_VIDEO <= seconds <= LONGEST_VIDEO:
        return "Video duration is out of bounds"
    return None


def _boxes(file: IO[bytes], end: int) -> Iterator[tuple[bytes, int]]:
    """Give the boxes of an MP4 from here to `end`: name and end; the file stands at the box's content."""
    while file.tell() + 8 <= end:
        start = file.tell()
        size, name = int.from_bytes(file.read(4), "big"), file.read(4)
        if size == 1:
            size = int.from_bytes(file.read(8), "big")
        stop = end if size == 0 else start + size
        if stop <= start or stop > end:
            return
        yield name, stop
        file.seek(stop)


def _seconds(path: Path) -> float | None:
    """Return the duration that the film header tells, or None."""
    with path.open("rb") as file:
        for name, stop in _boxes(file, path.stat().st_size):
            if name != b"moov":
                continue
            for inner, _inner_stop in _boxes(file, stop):
                if inner == b"mvhd":
                    return _header_seconds(file.read(32))
    return None


def _header_seconds(header: bytes) -> float | None:
    at, width = (20, 8) if header[:1] == b"\x01" else (12, 4)
    scale = int.from_bytes(header[at : at + 4], "big")
    duration = int.from_bytes(header[at + 4 : at + 4 + width], "big")
    return duration / scale if scale else None


def _document(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith(_OFFICE):
            return None
        if not head.startswith(b"%PDF"):
            return "Unsupported document format"
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            pages = sum(1 for _ in _PAGE.finditer(content))
    return "Document has too many pages" if pages > PAGES else None
