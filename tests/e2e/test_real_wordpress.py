"""An entry of the programme goes out to a real WordPress, once, also when the site's answer is lost."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from connectors.http import Door
from core.accounts import AccountState, Credentials
from core.checklists import Point
from core.deliveries import Delivery, DeliveryState, Step
from core.errors import NotAllowed
from core.lima import Week, to_lima
from core.people import Person, Role
from core.platforms import Platform
from scheduler.programme.annex import write_grid
from scheduler.programme.entries import CellPlace, ProgrammeEntry, ProgrammeImage
from storage.database import Database
from tests.databases import Clock
from tests.e2e.newsroom import wall_clock
from tests.wordpress.peer import Site
from vocero.actions import (
    AddPerson,
    ApprovePost,
    ConnectAccount,
    ImportProgramme,
    SchedulePost,
    SignChecklist,
    SubmitPost,
    add_first_person,
    digests,
)
from vocero.office import Office, open_office
from vocero.settings import Settings

pytestmark = pytest.mark.wordpress
DOOR = Door(read_timeout=timedelta(seconds=5), whole_call=timedelta(seconds=10))
TEXT = "La feria «Manos que crean» abre el sábado.\n\nEntrada libre & gratuita <para todos>. 🎉"


@pytest.fixture
def clock() -> Clock:
    return Clock(wall_clock())


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/vocero.db",
        media_dir=tmp_path / "media",
        secret_key_file=tmp_path / "secret.key",
        looks_seconds=(1, 5),
    )
    opened = open_office(settings)
    opened.database.close()
    database = Database(settings.database_url, clock=clock)
    yield replace(opened, database=database, door=DOOR)
    database.close()


def test_an_entry_with_pictures_goes_out_once(
    office: Office, clock: Clock, real_wordpress: Site, pictures: tuple[Path, ...], tmp_path: Path
) -> None:
    delivery = _scheduled(office, clock, real_wordpress, pictures, tmp_path)
    _work(office)
    assert _on_site(real_wordpress, delivery) == []  # prepared, and nobody sees it
    clock.now = delivery.publish_at
    _work(office)
    published = _delivery(office, delivery)
    assert published.state is DeliveryState.PUBLISHED, published.reason
    (post,) = _on_site(real_wordpress, delivery)
    assert str(post["id"]) == published.remote_id
    assert post["link"] == published.url
    assert post["featured_media"]
    assert requests.get(published.url, timeout=20).status_code == 200
    shown = post["content"]["rendered"]
    assert "Entrada libre &amp; gratuita &lt;para todos&gt;." in shown
    assert 'alt="Imagen 2"' in shown
    _work(office)
    assert len(_on_site(real_wordpress, delivery)) == 1


def test_an_answer_that_comes_too_late_leaves_one_post(
    office: Office, clock: Clock, real_wordpress: Site, pictures: tuple[Path, ...], tmp_path: Path
) -> None:
    delivery = _scheduled(office, clock, real_wordpress, pictures, tmp_path)
    clock.now = delivery.publish_at
    impatient = replace(DOOR, read_timeout=timedelta(seconds=1), user_agent="Vocero-test (late=publish:3)")
    _work(replace(office, door=impatient))
    lost = _delivery(office, delivery)
    assert lost.state is DeliveryState.UNKNOWN
    assert lost.due_at is not None
    clock.now = lost.due_at
    _work(office)
    found = _delivery(office, delivery)
    assert found.state is DeliveryState.PUBLISHED, found.reason
    with office.database.read() as transaction:
        told = [(each.step, each.outcome) for each in transaction.deliveries.attempts(delivery.id)]
    assert told == [(Step.PUBLISH, "OutcomeUnknown"), (Step.FIND, "published")]
    (post,) = _on_site(real_wordpress, delivery)
    assert post["link"] == found.url


def test_a_password_that_was_taken_back_holds_and_pauses(
    office: Office, clock: Clock, real_wordpress: Site, pictures: tuple[Path, ...], tmp_path: Path
) -> None:
    """WordPress answers a wrong password as it answers a visitor: with 200."""
    delivery = _scheduled(office, clock, real_wordpress, pictures, tmp_path)
    with office.database.write() as transaction:
        account = transaction.accounts.get(delivery.account_id)
        transaction.accounts.reconnect(
            account.id,
            handle=account.handle,
            address=account.address,
            sealed_credentials=office.seal.close(
                _credentials(real_wordpress, password="aaaa bbbb cccc dddd eeee ffff")
            ),
            credentials_expire_at=None,
        )
    clock.now = delivery.publish_at
    _work(office)
    assert _delivery(office, delivery).state is DeliveryState.HELD
    with office.database.read() as transaction:
        assert transaction.accounts.get(account.id).state is AccountState.PAUSED
    assert _on_site(real_wordpress, delivery) == []


def test_a_wrong_password_connects_nothing(office: Office, real_wordpress: Site) -> None:
    admin = add_first_person(office, login="admin", name="Admin")
    assert admin is not None
    with pytest.raises(NotAllowed, match="no aceptó la conexión"):
        _connect(office, admin, real_wordpress, password="aaaa bbbb cccc dddd eeee ffff")
    with office.database.read() as transaction:
        assert transaction.accounts.all() == []


def _scheduled(office: Office, clock: Clock, site: Site, pictures: tuple[Path, ...], folder: Path) -> Delivery:
    """Take an entry from a workbook to its schedule, as the office does."""
    admin = add_first_person(office, login="admin", name="Admin")
    assert admin is not None
    writer = AddPerson(office, admin, login="redactora", name="Rosa", role=Role.CONTENT_OWNER).run()
    head = AddPerson(office, admin, login="jefa", name="Ana", role=Role.OFFICE_HEAD).run()
    _connect(office, admin, site)
    publish_at = (clock.now + timedelta(minutes=5)).replace(microsecond=0)
    entry = ProgrammeEntry(
        publish_at=publish_at,
        platforms=(Platform.WEBSITE,),
        title="Feria del sábado",
        text=TEXT,
        images=tuple(ProgrammeImage(path.name, f"Imagen {n}") for n, path in enumerate(pictures[:2], start=1)),
        link="https://www.gob.pe/inpe",
        place=CellPlace("Programa", "B2"),
    )
    workbook = folder / "semana.xlsx"
    write_grid([entry], week=Week.of(to_lima(publish_at).date()), path=workbook)
    imported = ImportProgramme(
        office, writer, file=workbook, media_dir=pictures[0].parent, partial=False, dry_run=False
    ).run()
    assert imported.problems == ()
    (post,) = imported.posts
    SignChecklist(office, writer, post_id=post.id, points=Point).run()
    SubmitPost(office, writer, post_id=post.id).run()
    with office.database.read() as transaction:
        shown = digests(transaction, transaction.posts.latest_revision(post.id))
    ApprovePost(office, head, post_id=post.id, shown=shown).run()
    (delivery,) = SchedulePost(office, head, post_id=post.id).run()
    return delivery


def _connect(office: Office, admin: Person, site: Site, *, password: str = "") -> None:
    ConnectAccount(
        office,
        admin,
        platform=Platform.WEBSITE,
        remote_id=urlsplit(site.url).netloc,
        address=site.url,
        credentials=_credentials(site, password=password),
    ).run()


def _credentials(site: Site, *, password: str = "") -> Credentials:
    editor = site.users["editor"]
    return Credentials({"user": editor.name, "application_password": password or editor.password})


def _work(office: Office) -> None:
    office.worker(lambda _progress: None).run_once(timedelta(0))


def _delivery(office: Office, delivery: Delivery) -> Delivery:
    with office.database.read() as transaction:
        return transaction.deliveries.get(delivery.id)


def _on_site(site: Site, delivery: Delivery) -> list[dict[str, Any]]:
    """Return what a visitor finds of the delivery: by its key, which is in the slug."""
    found = requests.get(f"{site.url}/wp-json/wp/v2/posts", params={"per_page": 100}, timeout=20).json()
    return [post for post in found if re.search(rf"{delivery.key}(-\d+)?$", post["slug"])]
