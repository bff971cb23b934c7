"""Files to inspect and keep: pictures of every kind, and things that only pretend to be."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), colour: str = "navy") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def animated(kind: str = "GIF", frames: int = 3) -> bytes:
    buffer = BytesIO()
    first, *rest = (Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue")[:frames])
    first.save(buffer, kind, save_all=True, append_images=rest)
    return buffer.getvalue()


def noisy_jpeg() -> bytes:
    """Return a JPEG whose bytes go on for a while, so that cutting it short cuts its picture."""
    buffer = BytesIO()
    Image.effect_noise((256, 256), 80).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that says it is that large and holds one row's worth of nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 64)) + _chunk(b"IEND")


def _chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
