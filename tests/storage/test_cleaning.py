"""What is done to a file as it is taken in, that it is said, and where the original goes."""

import hashlib
import struct
from pathlib import Path

import pytest

from core.images import Change
from core.media import MediaKind
from storage.media import MediaStore, previewed
from tests.storage.image_cases import FAMILIES, SECRET, case
from tests.storage.judged import wrong
from tests.storage.pictures import MP4, kept


@pytest.mark.parametrize("number", range(2 * FAMILIES))
def test_each_kind_of_file_gets_its_verdict(tmp_path: Path, number: int) -> None:
    assert wrong(case(number), tmp_path) == ""


def test_the_original_of_what_was_altered_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    located = next(each for each in map(case, range(FAMILIES)) if each.family == "located")
    store = MediaStore(tmp_path / "media")
    [taken] = store.take_all([kept(tmp_path / located.name, located.data)])
    assert taken.original is not None
    original = store.original(taken.original.sha256)
    assert original.read_bytes() == located.data
    assert original.stat().st_mode & 0o777 == 0o600
    assert taken.original.sha256 == hashlib.sha256(located.data).hexdigest()
    sent = store.path(taken.medium.sha256)
    assert SECRET not in sent.read_bytes()
    assert store.is_intact(taken.medium.sha256)
    assert taken.medium.size == sent.stat().st_size
    assert taken == previewed(tmp_path / located.name).taken


def test_what_needs_nothing_is_kept_byte_by_byte_and_has_no_second_copy(tmp_path: Path) -> None:
    plain = case(0)
    [taken] = MediaStore(tmp_path / "media").take_all([kept(tmp_path / plain.name, plain.data)])
    assert taken.original is None
    assert taken.medium.sha256 == hashlib.sha256(plain.data).hexdigest()
    assert not (tmp_path / "media" / "originals").exists()


def test_of_several_files_a_refused_one_leaves_none(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")
    located, hidden = (next(e for e in map(case, range(FAMILIES)) if e.family == f) for f in ("located", "two in one"))
    paths = [kept(tmp_path / f"{n}{each.name}", each.data) for n, each in enumerate((located, hidden))]
    with pytest.raises(Exception, match="escondido"):
        store.take_all(paths)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_a_film_forgets_where_it_was_made_and_nothing_else(tmp_path: Path) -> None:
    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", len(body) + 8, name) + body

    place = box(b"udta", box(b"\xa9xyz", b"\0\x15\x15\xc7-12.0464-077.0428/"))
    plain = box(b"udta", box(b"name", b"Lima"))
    film = MP4[:24] + box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", plain) + place) + box(b"mdat", b"cuadros")
    [taken] = MediaStore(tmp_path / "media").take_all([kept(tmp_path / "film.mp4", film)])
    assert taken.original is not None
    assert (taken.medium.kind, taken.original.changes) == (MediaKind.VIDEO, (Change.LOCATION,))
    sent = MediaStore(tmp_path / "media").path(taken.medium.sha256).read_bytes()
    assert sent == film.replace(place, box(b"free", bytes(len(place) - 8)))
