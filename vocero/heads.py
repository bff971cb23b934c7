"""Heads of the chain as they are kept outside: typed, printed or signed."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.chain import Head
from core.errors import InvalidInput, StorageError
from core.texts import _

_TYPED = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head that somebody signed, when, and the number and hash it had."""

    head: Head
    at: datetime
    signed_at: datetime


def head_from(text: str) -> Head:
    """Return the head that was typed as `number:hash`. Raises InvalidInput."""
    match = _TYPED.fullmatch("".join(text.split()).casefold())
    if match is None:
        raise InvalidInput(
            _("«{text}» no es una huella guardada. Escríbala como la muestra «vocero audit head»: N:HUELLA.").format(
                text=text[:80]
            )
        )
    return Head(int(match[1]), match[2])


def write_new(path: Path, written: bytes) -> None:
    """Write a file that must not be there yet: what was kept is not overwritten. Raises InvalidInput, StorageError."""
    try:
        with path.open("xb") as file:
            file.write(written)
    except FileExistsError as error:
        raise InvalidInput(_("Ya existe «{path}»; no se toca. Elija otro nombre.").format(path=path)) from error
    except OSError as error:
        raise StorageError(
            _("No se puede escribir «{path}». Revise la carpeta y los permisos.").format(path=path),
            diagnostic=str(error.strerror),
        ) from error
