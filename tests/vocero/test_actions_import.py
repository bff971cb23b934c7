"""The weekly programme comes in: all of it or nothing, drafts and never more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import InvalidInput, NotAllowed
from core.lima import Week, to_lima
from core.people import Role
from core.platforms import Platform
from core.posts import PostState
from scheduler.programme.annex import write_grid
from scheduler.programme.entries import CellPlace, ProgrammeCell, ProgrammeEntry, ProgrammeImage
from storage.database import Database
from tests.databases import Clock
from tests.storage.pictures import kept, picture
from tests.storage.rows import a_stop
from tests.vocero.desk import ActingOffice
from vocero.actions import CancelPost, Imported, ImportProgramme
from vocero.actions.programme import title_of, window_for

SLOT = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # Wednesday, 9:30 in Lima
BOTH = (Platform.FACEBOOK, Platform.WEBSITE)


@pytest.fixture
def database_kind() -> str:
    """The database has no part in it."""
    return "sqlite"


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    (tmp_path / "imagenes").mkdir()
    kept(tmp_path / "imagenes/taller.png", picture("PNG", (600, 400)))
    return ActingOffice.open(database, clock, tmp_path)


def entry(
    number: int = 0,
    *,
    text: str = "",
    title: str | None = None,
    platforms: tuple[Platform, ...] = BOTH,
    image: str = "",
    link: str | None = None,
) -> ProgrammeEntry:
    return ProgrammeEntry(
        publish_at=SLOT + timedelta(hours=number),
        platforms=platforms,
        title=title,
        text=text or f"Texto {number}",
        images=(ProgrammeImage(image, "Un taller"),) if image else (),
        link=link,
        place=CellPlace("", ""),
    )


def importing(
    opii: ActingOffice, folder: Path, *entries: ProgrammeEntry, partial: bool = False, dry_run: bool = False
) -> ImportProgramme:
    path = folder / "semana.xlsx"
    write_grid([ProgrammeCell(each) for each in entries], week=Week.of(to_lima(SLOT).date()), path=path)
    return ImportProgramme(
        opii.office, opii.owner, file=path, media_dir=folder / "imagenes", partial=partial, dry_run=dry_run
    )


def left(opii: ActingOffice, folder: Path) -> tuple[int, int, int]:
    """Return how many posts, events and files there are."""
    media = folder / "media"
    files = [path for path in media.rglob("*") if path.is_file()] if media.exists() else []
    with opii.office.database.read() as transaction:
        return len(transaction.posts.all()), transaction.events.end()[0], len(files)


def test_each_entry_becomes_a_draft(opii: ActingOffice, tmp_path: Path) -> None:
    imported = importing(opii, tmp_path, entry(0, image="taller.png"), entry(1, platforms=(Platform.FACEBOOK,))).run()
    assert imported.problems == ()
    first, second = imported.posts
    assert {post.state for post in imported.posts} == {PostState.DRAFT}
    assert [post.publish_at for post in imported.posts] == [SLOT, SLOT + timedelta(hours=1)]
    assert first.source.startswith("semana.xlsx, ")
    revision = opii.revision(first)
    assert revision.author_id == opii.owner.id
    assert revision.content.text == "Texto 0"
    assert {target.account_id for target in revision.targets} == {opii.site.id, opii.page.id}
    assert revision.window == window_for(SLOT, lateness=timedelta(minutes=60))
    (attached,) = revision.content.attachments
    assert attached.alt_text == "Un taller"
    assert opii.office.media.is_intact(attached.medium.sha256)
    assert opii.revision(second).content.title == ""  # only the website needs one
    assert opii.deliveries(first) == []
    assert [each.event.after for each in opii.events(f"post:{first.id}")] == ["draft"]


def test_the_mark_of_the_sites_address_comes_in_with_text_and_link(opii: ActingOffice, tmp_path: Path) -> None:
    marked = entry(0, text="Más: {enlace-web}\n\nAbre el taller.", link="{enlace-web}")
    imported = importing(opii, tmp_path, marked).run()
    assert imported.problems == ()
    content = opii.revision(imported.posts[0]).content
    assert (content.text, content.link) == (marked.text, "{enlace-web}")
    assert content.title == "Abre el taller."  # no title begins with the mark


@pytest.mark.parametrize(
    ("text", "platforms", "why"),
    [
        ("Más: {enlace-web}", (Platform.FACEBOOK,), "agregue la página web"),
        ("Más: {enlace-web}", BOTH, "Falta el texto para Página web"),
        ("Abre el taller: {Enlace Web}", BOTH, "escrito exactamente así"),
    ],
)
def test_a_mark_that_cannot_be_replaced_is_a_problem_of_its_cell(
    opii: ActingOffice, tmp_path: Path, text: str, platforms: tuple[Platform, ...], why: str
) -> None:
    imported = importing(opii, tmp_path, entry(0, text=text, platforms=platforms)).run()
    assert imported.posts == ()
    assert any(why in problem.reason for problem in imported.problems), imported.problems


def test_a_dry_run_writes_nothing_at_all(opii: ActingOffice, tmp_path: Path) -> None:
    before = left(opii, tmp_path)
    imported = importing(opii, tmp_path, entry(image="taller.png"), dry_run=True).run()
    assert (imported.posts, imported.entries, imported.problems) == ((), 1, ())
    assert left(opii, tmp_path) == before


PROBLEMS: dict[str, tuple[ProgrammeEntry, str]] = {
    "an image that is not there": (entry(5, image="no-hay.png"), "no-hay.png"),
    "too long a title": (entry(5, title="x" * 251), "título"),
    "a platform without an account": (entry(5, platforms=(Platform.LINKEDIN,)), "No hay una cuenta oficial"),
}


@pytest.mark.parametrize("what", PROBLEMS)
@pytest.mark.parametrize("partial", [False, True])
def test_with_a_problem_nothing_is_imported_unless_partial(
    opii: ActingOffice, tmp_path: Path, what: str, partial: bool
) -> None:
    bad, said = PROBLEMS[what]
    before = left(opii, tmp_path)
    imported = importing(opii, tmp_path, entry(0, image="taller.png"), bad, partial=partial).run()
    assert any(said in problem.reason for problem in imported.problems)
    assert all(problem.cell for problem in imported.problems)
    assert imported.entries == 2
    if partial:
        assert [opii.revision(post).content.text for post in imported.posts] == ["Texto 0"]
    else:
        assert (imported.posts, left(opii, tmp_path)) == ((), before)


def test_an_image_that_is_none_is_a_problem(opii: ActingOffice, tmp_path: Path) -> None:
    kept(tmp_path / "imagenes/falsa.png", b"<html>")
    imported = importing(opii, tmp_path, entry(image="falsa.png")).run()
    assert len(imported.problems) == 1
    assert left(opii, tmp_path) == (0, 0, 0)


def test_the_same_week_twice_is_refused_until_the_first_is_cancelled(opii: ActingOffice, tmp_path: Path) -> None:
    first: Imported = importing(opii, tmp_path, entry(0), entry(1)).run()
    again = importing(opii, tmp_path, entry(0), entry(1), entry(2), partial=True).run()
    assert [opii.revision(post).content.text for post in again.posts] == ["Texto 2"]
    assert any("ya está en el programa" in problem.reason for problem in again.problems)
    CancelPost(opii.office, opii.head, post_id=first.posts[0].id, reason="otra vez").run()
    third = importing(opii, tmp_path, entry(0)).run()
    assert len(third.posts) == 1


def test_a_network_without_one_account_in_use_is_a_problem(opii: ActingOffice, tmp_path: Path) -> None:
    second = opii.office.database
    with second.write() as transaction:
        a_stop(transaction, account_id=opii.page.id)
    none = importing(opii, tmp_path, entry()).run()
    assert "No hay una cuenta oficial de Facebook" in none.problems[0].reason


def test_who_may_not_import_may_not(opii: ActingOffice, tmp_path: Path) -> None:
    act = importing(opii, tmp_path, entry())
    act.actor = opii.people[Role.REQUESTER]
    with pytest.raises(NotAllowed):
        act.run()


def test_a_file_that_is_no_workbook_is_refused(opii: ActingOffice, tmp_path: Path) -> None:
    act = importing(opii, tmp_path, entry())
    (tmp_path / "semana.xlsx").write_bytes(b"hola")
    with pytest.raises(InvalidInput):
        act.run()


def test_the_same_import_at_the_same_time_makes_the_drafts_once(opii: ActingOffice, tmp_path: Path) -> None:
    """Both read the file before either wrote: what one made is found by the other when its turn comes."""
    one, two = importing(opii, tmp_path, entry()), importing(opii, tmp_path, entry())
    prepare = one.prepare

    def overtaken() -> None:
        prepare()
        two.run()

    one.prepare = overtaken  # type: ignore[method-assign]
    with pytest.raises(NotAllowed):
        one.run()
    assert left(opii, tmp_path)[0] == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Uno\nDos", "Uno"),
        ("  \n Uno", "Uno"),
        ("", ""),
        ("x" * 90, "x" * 90),
        ("palabra " * 20, ("palabra " * 11).strip() + "…"),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_window_is_the_slots_day_in_lima_and_its_lateness() -> None:
    window = window_for(SLOT, lateness=timedelta(hours=1))
    assert window.starts_at == datetime(2026, 11, 25, 5, tzinfo=UTC)
    assert window.ends_at == datetime(2026, 11, 26, 5, tzinfo=UTC)
    late = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)  # 23:30 in Lima
    assert window_for(late, lateness=timedelta(hours=1)).ends_at == late + timedelta(minutes=61)
