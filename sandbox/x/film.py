"""How long a video says it lasts: the movie header of MP4 and QuickTime files."""

import struct
from pathlib import Path
from typing import IO

_FIRST_KINDS = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})


def duration_ms(path: Path) -> int:
    """Return milliseconds, or 0 when the file does not tell."""
    with path.open("rb") as file:
        end = path.stat().st_size
        movie = _box(file, b"moov", 0, end)
        header = _box(file, b"mvhd", *movie) if movie else None
        if header is None:
            return 0
        file.seek(header[0])
        data = file.read(32)
    try:
        if data[0] == 1:
            scale, length = struct.unpack(">IQ", data[20:32])
        else:
            scale, length = struct.unpack(">II", data[12:20])
    except (struct.error, IndexError):
        return 0
    return int(length * 1000 / scale) if scale else 0


def _box(file: IO[bytes], wanted: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Return where a box's content is, among those between two places."""
    while start + 8 <= end:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            wide = file.read(8)
            if len(wide) < 8:
                return None
            size, head = struct.unpack(">Q", wide)[0], 16
        if size == 0:
            size = end - start
        if size < head or (start == 0 and wanted == b"moov" and kind not in _FIRST_KINDS):
            return None
        if kind == wanted:
            return start + head, min(end, start + size)
        start += size
    return None
