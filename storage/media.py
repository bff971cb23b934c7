"""Media: the bytes on disk by their SHA-256, streamed, never whole in memory; what is known of them as rows."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Row, insert, select

from core.errors import NotFound, StorageError
from core.media import Medium
from core.texts import _
from storage.inspection import inspected
from storage.tables import media

_PIECE = 1024 * 1024


class MediaStore:
    """Files under a folder, each named by the SHA-256 of its bytes, written once and never changed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, source: Path) -> Medium:
        """Take a copy of the file and return what it is; as `add_all`."""
        return self.add_all((source,))[0]

    def add_all(self, sources: Sequence[Path]) -> tuple[Medium, ...]:
        """Take copies of the files, of all or of none, and return what they are.

        The same bytes are kept once. Raises InvalidInput for what is no usable medium, StorageError where the disk
        refuses; either way nothing is left behind.
        """
        if not sources:
            return ()
        known = [inspected(source) for source in sources]
        partials: list[Path] = []
        digests: list[str] = []
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            try:
                for source in sources:
                    handle, name = tempfile.mkstemp(dir=self._root, prefix=".incoming-")
                    partials.append(Path(name))
                    digests.append(_copied(source, handle))
                for partial, sha256 in zip(partials, digests, strict=True):
                    kept = self.path(sha256)
                    kept.parent.mkdir(exist_ok=True)
                    partial.chmod(0o440)
                    partial.replace(kept)
                    _sync_folder(kept.parent)
            finally:
                for partial in partials:
                    partial.unlink(missing_ok=True)
        except OSError as error:
            raise _disk_error(error, self._root) from error
        return tuple(each.as_medium(sha256) for each, sha256 in zip(known, digests, strict=True))

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


def _copied(source: Path, handle: int) -> str:
    """Write the file into the open handle, down to the disk, and return its SHA-256."""
    found = hashlib.sha256()
    with os.fdopen(handle, "wb") as target, source.open("rb") as origin:
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
