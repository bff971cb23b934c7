"""Media: the bytes on disk by their SHA-256, streamed, never whole in memory; what is known of them as rows."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Row, insert, select

from core.errors import NotFound, StorageError
from core.images import Original
from core.media import Medium
from core.texts import _
from storage.cleaning import Cleaned, cleaned
from storage.inspection import Inspected, inspected
from storage.tables import media

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept, and what it was made of: None where nothing had to be done or said."""

    medium: Medium
    original: Original | None = None

    @property
    def is_altered(self) -> bool:
        """Whether the bytes kept are others than those that came."""
        return self.original is not None and self.original.sha256 != self.medium.sha256


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be kept; `data` are its bytes where they would be others than those that came."""

    taken: Taken
    data: bytes | None = field(default=None, repr=False)


def previewed(source: Path) -> Preview:
    """Return what the file would be if it were taken in; nothing is kept. Raises InvalidInput as `MediaStore.add`."""
    known = inspected(source)
    clean = cleaned(source, known)
    if not clean.alters:
        return Preview(_as_it_came(known, _sha256(source), clean))
    with tempfile.TemporaryDirectory(prefix="vocero-") as folder:
        return Preview(_taken(source, known, Path(folder) / "copy"), clean.data)


class MediaStore:
    """Files under a folder, each named by the SHA-256 of its bytes, written once and never changed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, source: Path) -> Medium:
        """Take a copy of the file and return what it is; as `add_all`."""
        return self.add_all((source,))[0]

    def add_all(self, sources: Sequence[Path]) -> tuple[Medium, ...]:
        """Take copies of the files and return what they are; as `take_all`."""
        return tuple(taken.medium for taken in self.take_all(sources))

    def take_all(self, sources: Sequence[Path]) -> tuple[Taken, ...]:
        """Take copies of the files, of all or of none, put right (storage/cleaning.py); return what they are then.

        The same bytes are kept once. Of what had to be altered the original is kept apart, for this user alone.
        Raises InvalidInput for what is no usable medium, StorageError where the disk refuses; either way nothing is
        left behind.
        """
        if not sources:
            return ()
        known = [inspected(source) for source in sources]
        partials: list[Path] = []
        originals: list[tuple[Path, str]] = []
        taken: list[Taken] = []
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            try:
                for source, was in zip(sources, known, strict=True):
                    partial = self._incoming(partials)
                    taken.append(_taken(source, was, partial))
                    if taken[-1].is_altered:
                        original = self._incoming(partials)
                        originals.append((original, _copied(source, original)))
                for original, sha256 in originals:
                    self._keep(original, self.original(sha256), 0o600)
                copies = [partial for partial in partials if partial not in {original for original, _ in originals}]
                for partial, each in zip(copies, taken, strict=True):
                    self._keep(partial, self.path(each.medium.sha256), 0o440)
            finally:
                for partial in partials:
                    partial.unlink(missing_ok=True)
        except OSError as error:
            raise _disk_error(error, self._root) from error
        return tuple(taken)

    def keep_all(self, sources: Sequence[Path]) -> tuple[Medium, ...]:
        """Take copies of the files exactly as they came, of all or of none: evidence is not put right.

        Raises InvalidInput for what is no usable medium, StorageError where the disk refuses.
        """
        known = [inspected(source) for source in sources]
        partials: list[Path] = []
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            try:
                digests = [_copied(source, self._incoming(partials)) for source in sources]
                for partial, sha256 in zip(partials, digests, strict=True):
                    self._keep(partial, self.path(sha256), 0o440)
            finally:
                for partial in partials:
                    partial.unlink(missing_ok=True)
        except OSError as error:
            raise _disk_error(error, self._root) from error
        return tuple(each.as_medium(sha256) for each, sha256 in zip(known, digests, strict=True))

    def _incoming(self, partials: list[Path]) -> Path:
        handle, name = tempfile.mkstemp(dir=self._root, prefix=".incoming-")
        os.close(handle)
        partials.append(Path(name))
        return partials[-1]

    @staticmethod
    def _keep(partial: Path, kept: Path, mode: int) -> None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial.chmod(mode)
        partial.replace(kept)
        _sync_folder(kept.parent)

    def original(self, sha256: str) -> Path:
        """Return where the original lies that an image of ours was made of. It is never sent."""
        return self._root / "originals" / sha256[:2] / sha256

    def path(self, sha256: str) -> Path:
        """Return where the bytes of that digest lie."""
        return self._root / sha256[:2] / sha256

    def is_intact(self, sha256: str) -> bool:
        """Tell whether the bytes on disk still have their digest: read anew, piece by piece."""
        found = hashlib.sha256()
        try:
            with self.path(sha256).open("rb") as file:
                while piece := file.read(_PIECE):
                    found.update(piece)
        except OSError:
            return False
        return found.hexdigest() == sha256


class MediumRows:
    """What is known of the files."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, medium: Medium, *, now: datetime) -> None:
        """Enter a file; one that is known already stays as it is."""
        known = self._connection.execute(select(media.c.sha256).where(media.c.sha256 == medium.sha256)).first()
        if known is None:
            self._connection.execute(
                insert(media).values(
                    sha256=medium.sha256,
                    kind=medium.kind,
                    mime_type=medium.mime_type,
                    size=medium.size,
                    width=medium.width,
                    height=medium.height,
                    frames=medium.frames,
                    duration=medium.duration,
                    file_name=medium.file_name,
                    added_at=now,
                )
            )

    def get(self, sha256: str) -> Medium:
        """Return what is known of the file. Raises NotFound."""
        row = self._connection.execute(select(media).where(media.c.sha256 == sha256)).first()
        if row is None:
            raise NotFound(_("No existe el archivo {digest}.").format(digest=sha256[:12]))
        return medium_of(row)


def medium_of(row: Row[tuple[object, ...]]) -> Medium:
    """Return the medium of a row of the media table."""
    return Medium(
        sha256=row.sha256,
        kind=row.kind,
        mime_type=row.mime_type,
        size=row.size,
        width=row.width,
        height=row.height,
        frames=row.frames,
        duration=row.duration,
        file_name=row.file_name,
    )


def _taken(source: Path, known: Inspected, target: Path) -> Taken:
    """Write the file, put right, and return what it is then."""
    clean: Cleaned = cleaned(source, known)
    if not clean.alters:
        return _as_it_came(known, _copied(source, target), clean)
    if clean.data is None:
        _copied(source, target)
        _blank(target, clean.blanks)
    else:
        target.write_bytes(clean.data)
    sha256 = _synced(target)
    became = replace(inspected(target), file_name=known.file_name)
    return Taken(became.as_medium(sha256), Original(_sha256(source), known.size, clean.changes))


def _as_it_came(known: Inspected, sha256: str, clean: Cleaned) -> Taken:
    return Taken(known.as_medium(sha256), Original(sha256, known.size, clean.changes) if clean.changes else None)


def _blank(path: Path, boxes: Collection[tuple[int, int]]) -> None:
    """Turn boxes of a film into free space of the same size."""
    with path.open("r+b") as file:
        for at, size in boxes:
            file.seek(at + 4)
            file.write(b"free" + bytes(size - 8))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _synced(path: Path) -> str:
    """Return the SHA-256 of the file once it is on the disk."""
    with path.open("rb") as file:
        os.fsync(file)
    return _sha256(path)


def _copied(source: Path, copy: Path) -> str:
    """Write a copy of the file, down to the disk, and return its SHA-256."""
    found = hashlib.sha256()
    with copy.open("wb") as target, source.open("rb") as origin:
        while piece := origin.read(_PIECE):
            found.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return found.hexdigest()


def _disk_error(error: OSError, where: Path) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = _("No queda espacio en el disco de «{where}». Libere espacio y repita; no se guardó nada.")
    else:
        sentence = _("No se puede guardar en «{where}». Revise los permisos y el disco; no se guardó nada.")
    return StorageError(sentence.format(where=where), diagnostic=f"{type(error).__name__}: {error.strerror}")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # only there can a folder be opened to be synced
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
