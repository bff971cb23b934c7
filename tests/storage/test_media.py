"""Files kept by the digest of their bytes."""

import hashlib
import os
import resource
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import InvalidInput, NotFound, StorageError
from core.media import MediaKind, Medium
from storage.database import Database
from storage.media import MediaStore
from tests.databases import Clock
from tests.storage.pictures import MP4, kept, picture


def left_in(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if not path.is_dir()) if root.exists() else []


def test_a_file_is_kept_under_its_digest_and_cannot_be_written(tmp_path: Path) -> None:
    content = picture("JPEG")
    store = MediaStore(tmp_path / "var/media")
    medium = store.add(kept(tmp_path / "foto.jpg", content))
    assert medium.sha256 == hashlib.sha256(content).hexdigest()
    assert (medium.mime_type, medium.size, medium.file_name) == ("image/jpeg", len(content), "foto.jpg")
    path = store.path(medium.sha256)
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) & 0o222 == 0
    assert store.is_intact(medium.sha256)


def test_the_same_bytes_are_kept_once_and_mended_by_being_given_again(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")
    one = store.add(kept(tmp_path / "a.png", picture()))
    two = store.add(kept(tmp_path / "b.png", picture()))
    assert one.sha256 == two.sha256
    path = store.path(one.sha256)
    assert left_in(tmp_path / "media") == [path]
    path.chmod(0o600)
    path.write_bytes(b"otra cosa")
    assert not store.is_intact(one.sha256)
    store.add(tmp_path / "a.png")
    assert store.is_intact(one.sha256)
    path.unlink()
    assert not store.is_intact(one.sha256)


def test_a_large_film_passes_through_little_memory(tmp_path: Path) -> None:
    film = kept(tmp_path / "film.mp4", MP4)
    os.truncate(film, 200_000_000)  # sparse: it takes no disk
    store = MediaStore(tmp_path / "media")
    tracemalloc.start()
    try:
        medium = store.add(film)
        intact = store.is_intact(medium.sha256)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (medium.kind, medium.size, intact) == (MediaKind.VIDEO, 200_000_000, True)
    assert peak < 4 * 1024 * 1024
    store.path(medium.sha256).unlink()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond the size: what a full disk does to a writer, half way."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    film = kept(tmp_path / "film.mp4", MP4 + bytes(3_000_000))
    with files_of_at_most(2_000_000), pytest.raises(StorageError, match="no se guardó nada"):
        MediaStore(tmp_path / "media").add(film)
    assert left_in(tmp_path / "media") == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disco"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("this user may not mount: the same is shown by a bound on the size of files")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, tiny_disk: Path) -> None:
    film = kept(tmp_path / "film.mp4", MP4 + bytes(3_000_000))
    store = MediaStore(tiny_disk / "media")
    with pytest.raises(StorageError, match="No queda espacio"):
        store.add(film)
    assert left_in(tiny_disk) == []
    small = store.add(kept(tmp_path / "a.png", picture()))
    assert store.is_intact(small.sha256)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Revise los permisos"):
        MediaStore(kept(tmp_path / "archivo", b"") / "media").add(kept(tmp_path / "a.png", picture()))


def test_what_is_no_medium_never_reaches_the_disk(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        MediaStore(tmp_path / "media").add(kept(tmp_path / "a.jpg", b"<html>"))
    assert not (tmp_path / "media").exists()


def test_what_is_known_of_a_file_is_entered_once(database: Database, clock: Clock) -> None:
    medium = Medium("ab" * 32, MediaKind.IMAGE, "image/png", 12, 3, 4, 1, None, "a.png")
    with database.write() as transaction:
        transaction.media.add(medium, now=clock.now)
        transaction.media.add(Medium("ab" * 32, MediaKind.IMAGE, "image/png", 99, file_name="b.png"), now=clock.now)
        assert transaction.media.get(medium.sha256) == medium
        with pytest.raises(NotFound):
            transaction.media.get("cd" * 32)
