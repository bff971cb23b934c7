"""Bytes that clients send: streamed to files of a private folder, known by their SHA-256, never whole in memory."""

import hashlib
import io
import itertools
import shutil
import tempfile
import warnings
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from PIL import Image, UnidentifiedImageError

_BLOCK = 1 << 20
_VIDEO_HEADS = (
    (4, b"ftyp", "video/mp4"),
    (4, b"moov", "video/quicktime"),
    (4, b"mdat", "video/quicktime"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (8, b"AVI ", "video/x-msvideo"),
)


@dataclass(frozen=True, slots=True)
class Medium:
    """Received bytes, kept: `size` in bytes, `path` in the sandbox's private folder."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class Picture:
    """What an image file really is, by its own bytes. `mime` such as `image/png`; pixels."""

    mime: str
    width: int
    height: int
    animated: bool


class Incoming(io.FileIO):
    """A file being received; hashes what is written, once, from front to back."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "x+")
        self.path = path
        self.kept = False
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: Any, /) -> int:
        """Write all of it and hash it; returns the number of bytes."""
        view = memoryview(data).cast("B")
        self._hash.update(view)
        self._size += len(view)
        done = 0
        while done < len(view):
            done += super().write(view[done:]) or 0
        return done

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._size

    @property
    def sha256(self) -> str:
        """The digest of the bytes written so far."""
        return self._hash.hexdigest()

    def discard(self) -> None:
        """Close, and remove the file unless it was kept."""
        self.close()
        if not self.kept:
            self.path.unlink(missing_ok=True)


class MediaStore:
    """The private folder. Removed, with all that is in it, by `close`."""

    def __init__(self) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="vocero-sandbox-"))
        self._numbers = itertools.count(1)
        self._open: weakref.WeakSet[Incoming] = weakref.WeakSet()

    def incoming(self) -> Incoming:
        """Open a file for bytes to come."""
        incoming = Incoming(self._root / f"incoming-{next(self._numbers)}")
        self._open.add(incoming)
        return incoming

    def receive(self, source: IO[bytes], target: Incoming) -> None:
        """Stream `source` to its end into `target`; what arrived before a trouble stays there."""
        while block := source.read(_BLOCK):
            target.write(block)

    def append(self, target: Incoming, source: Incoming) -> None:
        """Stream all of `source` to the end of `target`."""
        source.seek(0)
        target.seek(0, io.SEEK_END)
        while block := source.read(_BLOCK):
            target.write(block)

    def keep(self, incoming: Incoming) -> Medium:
        """Keep what was received, by its digest. The same bytes are kept once."""
        path = self._root / incoming.sha256
        if not incoming.kept:
            incoming.path.replace(path)
            incoming.kept = True
        return Medium(sha256=incoming.sha256, size=incoming.size, path=path)

    def find(self, sha256: str) -> Path | None:
        """Return the file of that digest."""
        path = self._root / sha256
        return path if len(sha256) == 64 and sha256.isalnum() and path.is_file() else None

    def derived(self, name: str) -> Path:
        """Return the place for a picture made from a kept one."""
        folder = self._root / "derived"
        folder.mkdir(exist_ok=True)
        return folder / hashlib.sha256(name.encode()).hexdigest()

    def clear(self) -> None:
        """Forget all bytes."""
        self._close_unfinished()
        shutil.rmtree(self._root, ignore_errors=True)
        self._root.mkdir(mode=0o700, exist_ok=True)

    def close(self) -> None:
        """Remove the folder."""
        self._close_unfinished()
        shutil.rmtree(self._root, ignore_errors=True)

    def _close_unfinished(self) -> None:
        for incoming in list(self._open):
            incoming.close()


def picture(path: Path, *, whole: bool = True) -> Picture | None:
    """Return what the image is, decoded whole or looked at its head only; None when it is no readable image."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                mime = Image.MIME.get(image.format or "", "")
                width, height = image.size
                animated = getattr(image, "n_frames", 1) > 1 and mime in {"image/gif", "image/png"}
                if whole:
                    image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return Picture(mime=mime, width=width, height=height, animated=animated)


def video_type(path: Path) -> str | None:
    """Return the type of a video file by its first bytes, or None."""
    with path.open("rb") as file:
        head = file.read(16)
    for offset, mark, mime in _VIDEO_HEADS:
        if head[offset : offset + len(mark)] == mark:
            return mime
    return None
