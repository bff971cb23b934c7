"""The register of unofficial accounts: acts on both databases, and the command line."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from core.people import Role
from core.unofficial import UnofficialState
from storage.database import Database
from tests.databases import Clock
from tests.vocero.cli_office import OfficeOnDisk
from tests.vocero.desk import ActingOffice
from vocero.actions.unofficial import AddUnofficial, CloseUnofficial, ReportUnofficial


@pytest.fixture
def desk(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


def _photo(folder: Path, name: str = "captura.jpg") -> Path:
    """Write a photo with a place in its EXIF, which a post's image would lose."""
    exif = Image.Exif()
    exif[0x010E] = "hallada en la red"
    Image.new("RGB", (90, 60), "navy").save(folder / name, exif=exif)
    return folder / name


def test_what_is_found_is_reported_and_closed_with_its_evidence(desk: ActingOffice, tmp_path: Path) -> None:
    photo = _photo(tmp_path)
    finder = desk.people[Role.COMMUNITY_AGENT]
    added = AddUnofficial(
        desk.office, finder, network="Facebook", url="https://www.facebook.com/inpe.ofertas", note="Ofrece trabajo.",
        evidence=[photo],
    ).run()  # fmt: skip
    assert (added.network, added.state, added.found_by) == ("facebook", UnofficialState.FOUND, finder.name)
    [file] = added.notes[0].files
    assert file.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()  # as it came: its EXIF is evidence
    assert desk.office.media.is_intact(file.sha256)
    for note in ("A la red.", "A la DIVINDAT."):
        ReportUnofficial(desk.office, finder, number=added.id, note=note).run()
    closed = CloseUnofficial(desk.office, desk.head, number=added.id, note="La red la retiró.").run()
    assert [(note.state, note.text) for note in closed.notes] == [
        ("found", "Ofrece trabajo."),
        ("reported", "A la red."),
        ("reported", "A la DIVINDAT."),
        ("closed", "La red la retiró."),
    ]
    events = [each.event for each in desk.events(f"unofficial:{added.id}")]
    assert [(each.action, each.before, each.after) for each in events] == [
        ("add_unofficial", "", "found"),
        ("report_unofficial", "found", "reported"),
        ("report_unofficial", "reported", "reported"),
        ("close_unofficial", "reported", "closed"),
    ]
    assert events[0].data["files"] == file.sha256
    with desk.office.database.read() as transaction:
        assert transaction.unofficial.all({UnofficialState.FOUND, UnofficialState.REPORTED}) == []
        assert transaction.unofficial.all() == [closed]


def test_what_may_not_be_is_refused(desk: ActingOffice) -> None:
    official = AddUnofficial(desk.office, desk.head, network="website", url=desk.site.address + "/nota")
    desk.refuses(official, "is_official")
    desk.refuses(AddUnofficial(desk.office, desk.head, network=" ", url="https://x.com/a"), "bad_name")
    desk.refuses(AddUnofficial(desk.office, desk.people[Role.DESIGNER], network="x", handle="inpe"), "role")
    known = AddUnofficial(desk.office, desk.head, network="TikTok", handle="@inpe").run()
    assert (known.network, known.network_label) == ("TikTok", "TikTok")
    desk.refuses(AddUnofficial(desk.office, desk.head, network="TikTok", handle="INPE"), "known_already")
    desk.refuses(ReportUnofficial(desk.office, desk.head, number=known.id, note=" "), "note_missing")
    desk.refuses(CloseUnofficial(desk.office, desk.owner, number=known.id, note="x"), "role")
    CloseUnofficial(desk.office, desk.head, number=known.id, note="Era una parodia.").run()
    desk.refuses(ReportUnofficial(desk.office, desk.head, number=known.id, note="x"), "closed")


def test_the_command_line_enters_lists_and_closes(office: OfficeOnDisk) -> None:
    head = ("--as", "jefa")
    photo = _photo(office.folder)
    words = (
        "unofficial",
        "add",
        "x",
        "https://x.com/inpe_falso",
        "--handle",
        "@inpe_falso",
        "--found-by",
        "Una vecina",
    )
    added = office.call(*head, *words, "--found-at", "2026-01-05 08:30", "--evidence", photo, "--json").json
    assert (added["network"], added["state"], added["found_by"]) == ("x", "found", "Una vecina")
    assert added["found_at"] == "2026-01-05T13:30:00+00:00"
    again = office.call(*head, *words)
    assert (again.code, "ya está anotada con el número 1" in again.err.casefold()) == (3, True)
    bad = office.call(*head, "unofficial", "add", "x", "https://x.com/b", "--evidence", office.folder / "vocero.toml")
    assert bad.code == 2
    listed = office.call(*head, "unofficial", "list").out
    assert listed.startswith(
        "Cuenta no oficial 1 · X · @inpe_falso · https://x.com/inpe_falso · Detectada · la encontró"
    )
    assert office.call(*head, "unofficial", "report", "1", "--note", "Denuncia 123").code == 0
    shown = office.call(*head, "unofficial", "show", "1").out
    assert "Denuncia 123" in shown
    assert hashlib.sha256(photo.read_bytes()).hexdigest() in shown
    assert office.call(*head, "unofficial", "close", "1", "--note", "Retirada").code == 0
    assert office.call(*head, "unofficial", "list").out == "No hay ninguna cuenta no oficial abierta.\n"
    [closed] = office.call(*head, "unofficial", "list", "--all", "--json").json
    assert [note["state"] for note in closed["notes"]] == ["found", "reported", "closed"]
    assert office.call(*head, "unofficial", "show", "9").code == 4
    assert office.call("unofficial", "list").code == 2  # who found an account is nobody's business but the office's
