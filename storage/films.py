"""What an MP4 or QuickTime film tells of itself: its size in pixels and its length, from its header boxes.

Source: ISO/IEC 14496-12 (boxes moov, mvhd, trak, tkhd, mdia, hdlr), as [memory]. Nothing is decoded; a film that tells
less, or nonsense, is simply known less well.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LARGEST_HEADER = 64 * 1024 * 1024  # bytes; a moov box of a film of hours stays far below
_UNITY = 0x10000  # 1 in a track's matrix (16.16 fixed point)


@dataclass(frozen=True, slots=True)
class Film:
    """Width and height in pixels as shown, duration in seconds; None where the film does not tell."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None


def film_of(path: Path) -> Film:
    """Return what the film tells. Raises OSError where it cannot be read."""
    moov, _at = movie_place(path)
    try:
        return _read(moov) if moov else Film()
    except (struct.error, IndexError, ZeroDivisionError):
        return Film()


def movie_place(path: Path) -> tuple[bytes, int]:
    """Return the body of the movie box, wherever in the file it lies, and where; empty where there is none."""
    with path.open("rb") as file:
        return _movie_box(file)


def _movie_box(file: IO[bytes]) -> tuple[bytes, int]:
    end = file.seek(0, 2)
    at = 0
    while at + 8 <= end:
        file.seek(at)
        head = file.read(16)
        size, kind = struct.unpack(">I4s", head[:8])
        body = at + 8
        if size == 1 and len(head) == 16:
            size, body = struct.unpack(">Q", head[8:])[0], at + 16
        elif size == 0:
            size = end - at
        if size < body - at:
            return b"", 0
        if kind == b"moov":
            file.seek(body)
            return file.read(min(at + size - body, _LARGEST_HEADER)), body
        at += size
    return b"", 0


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if size < 8:
            return
        yield kind, data[at + 8 : at + size]
        at += size


def _read(moov: bytes) -> Film:
    duration = None
    width = height = None
    for kind, body in _boxes(moov):
        if kind == b"mvhd":
            duration = _duration(body)
        elif kind == b"trak" and _is_video(body):
            for inner, header in _boxes(body):
                if inner == b"tkhd" and width is None:
                    width, height = _pixels(header)
    return Film(width=width, height=height, duration=duration)


def _duration(mvhd: bytes) -> float | None:
    if mvhd[0] == 1:
        scale, length = struct.unpack(">IQ", mvhd[20:32])
        unknown = (1 << 64) - 1
    else:
        scale, length = struct.unpack(">II", mvhd[12:20])
        unknown = (1 << 32) - 1
    return None if length in (0, unknown) else float(length) / scale


def _is_video(trak: bytes) -> bool:
    for kind, body in _boxes(trak):
        if kind == b"mdia":
            return any(inner == b"hdlr" and header[8:12] == b"vide" for inner, header in _boxes(body))
    return False


def _pixels(tkhd: bytes) -> tuple[int | None, int | None]:
    at = 52 if tkhd[0] == 1 else 40
    across, turned = struct.unpack(">ii", tkhd[at : at + 8])
    width, height = (side >> 16 for side in struct.unpack(">II", tkhd[at + 36 : at + 44]))
    if across == 0 and abs(turned) == _UNITY:  # filmed with the phone upright: shown turned by 90 or 270 degrees
        width, height = height, width
    return (width, height) if width and height else (None, None)
