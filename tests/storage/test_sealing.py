"""Credentials at rest, and the key that opens them."""

import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.accounts import Credentials
from core.errors import InvalidInput, StorageError
from storage.sealing import Seal, key_from

CREDENTIALS = Credentials({"page_token": "EAAG-secreto"}, expires_at=datetime(2027, 1, 1, tzinfo=UTC))


def test_what_is_sealed_comes_back_and_cannot_be_read() -> None:
    seal = Seal(Fernet.generate_key().decode())
    sealed = seal.close(CREDENTIALS)
    assert b"EAAG" not in sealed
    assert seal.open(sealed) == CREDENTIALS
    assert seal.open(seal.close(Credentials({}))) == Credentials({})


def test_another_key_or_a_changed_byte_is_refused_with_the_way_out() -> None:
    seal = Seal(Fernet.generate_key().decode())
    sealed = seal.close(CREDENTIALS)
    for wrong, bytes_ in ((Seal(Fernet.generate_key().decode()), sealed), (seal, sealed[:-3] + b"AAA"), (seal, b"")):
        with pytest.raises(StorageError, match="conecte la cuenta otra vez"):
            wrong.open(bytes_)


@pytest.mark.parametrize("key", ["", "corta", "ñ" * 44, "a" * 43, " " * 44])
def test_what_is_no_key_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(InvalidInput) as told:
        Seal(key)
    assert not key.strip() or key not in told.value.sentence


def test_no_secret_is_in_a_repr() -> None:
    key = Fernet.generate_key().decode()
    assert key not in repr(Seal(key))
    assert "EAAG" not in repr(CREDENTIALS)


def test_the_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var/clave"
    before = os.umask(0)
    try:
        key = key_from(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_from(path) == key
    assert Seal(key)
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_at_once_get_the_same_whole_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow one writes while the others look: an empty file under the key's name would be taken for the key."""
    path = tmp_path / "clave"
    begun, go_on = threading.Event(), threading.Event()
    generate = Fernet.generate_key

    def slow() -> bytes:
        if threading.current_thread().name == "slow":
            begun.set()
            go_on.wait(10)
        return generate()

    monkeypatch.setattr(Fernet, "generate_key", slow)
    keys: list[str] = []
    late = threading.Thread(target=lambda: keys.append(key_from(path)), name="slow")
    late.start()
    begun.wait(10)
    keys.append(key_from(path))
    go_on.set()
    late.join()
    assert keys[0] == keys[1] == path.read_text().strip()
    assert Seal(keys[0])
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_cannot_be_read_or_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("")
    (tmp_path / "rota").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "archivo/clave", tmp_path / "rota", tmp_path):
        with pytest.raises(StorageError, match="clave"):
            key_from(path)
