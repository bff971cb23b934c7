"""Files that people receive: written whole or not at all."""

import secrets
from collections.abc import Callable
from pathlib import Path

from core.errors import StorageError
from core.texts import _


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside the path, then give it its name: there is a whole file or the old one.

    Raises StorageError where the disk refuses.
    """
    part = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        # made anew, so that it follows the process's umask and never writes through somebody's link
        part.open("xb").close()
        try:
            write(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            _(
                "No se pudo escribir «{name}». Revise que la carpeta exista, que tenga espacio y que el archivo "
                "no esté abierto."
            ).format(name=path.name),
            diagnostic=f"{type(error).__name__}: {error.strerror}",
        ) from error
