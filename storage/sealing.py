"""Credentials at rest: sealed with a key that is not in the database."""

import contextlib
import hashlib
import hmac
import json
import os
import tempfile
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from core.accounts import Credentials
from core.errors import InvalidInput, StorageError
from core.texts import _


class Seal:
    """Seals and opens credentials (Fernet: AES-128-CBC with HMAC-SHA256, from `cryptography`)."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet = Fernet(key.encode())
        except ValueError as error:
            raise InvalidInput(
                _(
                    "La clave de las credenciales (secret_key o secret_key_file) no es una clave válida. Restaure la "
                    "que tenía; sin ella, quítela: se crea otra, y hay que conectar otra vez todas las cuentas."
                )
            ) from error

        self._key = key.encode()

    def __repr__(self) -> str:
        return "Seal(…)"

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes for one other purpose, from which neither the key nor those of another purpose follow."""
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).digest()

    def close(self, credentials: Credentials) -> bytes:
        """Return the credentials sealed."""
        expires_at = credentials.expires_at.isoformat() if credentials.expires_at else None
        return self._fernet.encrypt(json.dumps({"values": credentials.values, "expires_at": expires_at}).encode())

    def open(self, sealed: bytes) -> Credentials:
        """Return the credentials. Raises StorageError where another key sealed them."""
        try:
            known = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise StorageError(
                _(
                    "La clave (secret_key o secret_key_file) no abre las credenciales guardadas: no es la clave con la "
                    "que se guardaron. Restaure la clave, o conecte la cuenta otra vez."
                )
            ) from error
        expires_at = datetime.fromisoformat(known["expires_at"]) if known["expires_at"] else None
        return Credentials(values=known["values"], expires_at=expires_at)


def key_from(path: Path, *, create: bool = True) -> str:
    """Return the key kept in the file; where there is none it is made, readable by its owner only. Raises StorageError.

    Without `create` a missing file is an error: another key would open nothing.
    """
    try:
        if not path.exists():
            if not create:
                raise StorageError(
                    _("No existe la clave «{path}». ¿Está en la carpeta de Vocero? Restaure su copia.").format(
                        path=path
                    )
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            _make_key(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            _("No se puede leer ni crear la clave «{path}». Revise los permisos de la carpeta.").format(path=path),
            diagnostic=str(error),
        ) from error


def _make_key(path: Path) -> None:
    """Write a new key whole before it gets its name: two processes may start at once, or one die while it writes."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mkstemp: for the owner only
    partial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(Fernet.generate_key().decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            path.hardlink_to(partial)
    finally:
        partial.unlink(missing_ok=True)
