"""Signing the head of the chain with Ed25519 (RFC 8032), and checking such a signature.

What is signed is the JSON of `claim` with sorted keys and no spaces, in UTF-8; the document holds it in clear, the
signature and the public key's fingerprint. The private key lies outside the database, readable by its owner alone.
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from core.chain import Head
from core.errors import InvalidInput, NotFound, StorageError
from core.texts import _
from vocero.heads import SignedHead

FORMAT = "vocero-head-1"
_LARGEST = 64 * 1024  # bytes of a key or of a signed head


def make_key(path: Path, *, passphrase: str) -> Path:
    """Write a new private key, and its public key beside it (`.pub`); return that file.

    Raises InvalidInput where there is a key already: an old one is never overwritten. StorageError: the disk refused.
    """
    key = Ed25519PrivateKey.generate()
    sealed: KeySerializationEncryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    public = path.with_name(path.name + ".pub")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed), mode=0o600)
        _write_new(public, _public_pem(key.public_key()), mode=0o644)
    except FileExistsError as error:
        raise InvalidInput(
            _("Ya hay una clave en «{path}»; no se toca. Guárdela en otro lugar, o elija otro archivo.").format(
                path=error.filename
            )
        ) from error
    except OSError as error:
        raise StorageError(
            _("No se puede guardar la clave en «{path}». Revise la carpeta y los permisos.").format(path=path),
            diagnostic=str(error.strerror),
        ) from error
    return public


def sign(head: Head, *, at: datetime, signed_at: datetime, key: Path, passphrase: str) -> dict[str, Any]:
    """Return the document that says what the head was. Raises NotFound, InvalidInput (not a key, wrong passphrase)."""
    private = _private_key(key, passphrase)
    claim = {
        "format": FORMAT,
        "number": head.number,
        "hash": head.hash,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "signed_at": signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return {
        "claim": claim,
        "public_key": fingerprint(private.public_key()),
        "signature": base64.b64encode(private.sign(_signed(claim))).decode("ascii"),
    }


def read_signed(file: Path, *, public_key: Path) -> SignedHead:
    """Return the head of a signed document. Raises InvalidInput where it is none, or not signed by that key."""
    document = _json(file)
    public = _public_key(public_key)
    try:
        claim = document["claim"]
        signature = base64.b64decode(document["signature"], validate=True)
        if claim["format"] != FORMAT:
            claim = {}
        signed = SignedHead(
            Head(int(claim["number"]), str(claim["hash"])),
            datetime.fromisoformat(claim["at"]),
            datetime.fromisoformat(claim["signed_at"]),
        )
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise InvalidInput(_("«{file}» no es una huella firmada por Vocero.").format(file=file)) from error
    try:
        public.verify(signature, _signed(claim))
    except InvalidSignature as error:
        raise InvalidInput(
            _("La firma de «{file}» no es de esa clave, o alguien cambió el archivo. No se revisó nada.").format(
                file=file
            )
        ) from error
    return signed


def fingerprint(public: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the key's 32 bytes: short enough to compare on paper."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def fingerprint_of(file: Path) -> str:
    """Return the fingerprint of the public key in that file. Raises NotFound, InvalidInput."""
    return fingerprint(_public_key(file))


def _signed(claim: Mapping[str, Any]) -> bytes:
    return json.dumps(claim, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _public_pem(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _private_key(file: Path, passphrase: str) -> Ed25519PrivateKey:
    stored = _read(file)
    try:
        key = load_pem_private_key(stored, passphrase.encode() or None)
    except TypeError as error:  # sealed and no passphrase given, or the other way round
        raise InvalidInput(
            _("La clave «{file}» pide su frase: póngala en VOCERO_AUDIT_KEY_PASSPHRASE.").format(file=file)
            if not passphrase
            else _("La clave «{file}» no tiene frase: quite VOCERO_AUDIT_KEY_PASSPHRASE.").format(file=file)
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInput(_("«{file}» no es una clave, o la frase no es la suya.").format(file=file)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInput(_("«{file}» no es una clave Ed25519. Hágala con: vocero audit keygen").format(file=file))
    return key


def _public_key(file: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(_read(file))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInput(_("«{file}» no es una clave pública.").format(file=file)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidInput(_("«{file}» no es una clave pública Ed25519.").format(file=file))
    return key


def _json(file: Path) -> Any:
    try:
        return json.loads(_read(file))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(_("«{file}» no es una huella firmada por Vocero.").format(file=file)) from error


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_LARGEST)
    except OSError as error:
        raise NotFound(_("No se puede leer «{file}».").format(file=file), diagnostic=str(error.strerror)) from error


def _write_new(path: Path, stored: bytes, *, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(stored)
        file.flush()
        os.fsync(file.fileno())
