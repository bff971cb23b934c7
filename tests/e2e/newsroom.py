"""An office at work: its people, its two accounts, its approved posts; the platforms are played by a sandbox.

Everything is the real thing (real acts, real HTTP, real rows); only the clock may be the test's.
"""

import html
import json
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from PIL import Image

from core.accounts import Account
from core.checklists import Point
from core.deliveries import Attempt, Delivery, DeliveryState
from core.events import first_broken
from core.media import Attachment
from core.people import Person, Role
from core.platforms import Platform
from core.posts import Content, Post, Target
from core.requests import RequestState
from sandbox import FaultPlan, Sandbox, SandboxServer, serve
from scheduler.workbench import Progress
from storage.database import Database
from tests.databases import Clock
from tests.storage.rows import a_request
from vocero.actions import (
    AddPerson,
    ApprovePost,
    ConnectAccount,
    SchedulePost,
    SignChecklist,
    SubmitPost,
    add_first_person,
    digests,
)
from vocero.actions.programme import window_for
from vocero.imitated import imitated_accounts
from vocero.office import Office, open_office
from vocero.settings import load

LEASE = timedelta(minutes=1)  # by the test's clock; long enough that no busy machine outlives it by its own
IMPATIENT = {
    "connect_seconds": "0.9",
    "read_seconds": "1",
    "call_seconds": "1.5",
}  # where an answer is to come too late
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_OVER = frozenset(DeliveryState) - {
    DeliveryState.SCHEDULED,
    DeliveryState.STAGING,
    DeliveryState.PUBLISHING,
    DeliveryState.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What kind of post it is."""

    name: str
    platforms: tuple[Platform, ...]
    pictures: int = 0


TEXT = Recipe("facebook-text", (Platform.FACEBOOK,))
ALBUM = Recipe("facebook-two-images", (Platform.FACEBOOK,), 2)
ARTICLE = Recipe("website-gallery", (Platform.WEBSITE,), 3)
BOTH = Recipe("both", (Platform.FACEBOOK, Platform.WEBSITE), 1)


@dataclass(frozen=True, slots=True)
class Approved:
    """What the head approved for one account, as the public should see it."""

    platform: Platform
    account: str
    title: str
    text: str
    media: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What the ledger calls it: Facebook makes a photo of a post with one picture."""
        return "photo" if self.platform is Platform.FACEBOOK and len(self.media) == 1 else "post"


@dataclass(slots=True)
class Newsroom:
    """The office in this process. Other processes open the same one with `environment`."""

    office: Office
    server: SandboxServer
    environment: dict[str, str]
    clock: Clock | None
    writer: Person
    head: Person
    accounts: dict[Platform, Account]
    pictures: tuple[Path, ...]
    approved: dict[int, Approved] = field(default_factory=dict)

    @property
    def sandbox(self) -> Sandbox:
        return self.server.sandbox

    def draft(self, recipe: Recipe, *, publish_at: datetime, text: str = "", title: str = "") -> Post:
        """Write a post: a draft, as an imported programme leaves it."""
        number = len(self.approved) + 1
        media = [self.office.media.add(path) for path in self.pictures[: recipe.pictures]]
        content = Content(
            text=text
            or f"Aviso {number}: la feria «Manos que crean» abre el sábado & el domingo.\n\n¡Los esperamos! ñ",
            title=title or f"Feria {number}",
            attachments=tuple(Attachment(medium, f"Imagen {n} de la feria") for n, medium in enumerate(media, 1)),
        )
        return self.draft_of(content, recipe.platforms, publish_at=publish_at)

    def draft_of(self, content: Content, platforms: Collection[Platform], *, publish_at: datetime) -> Post:
        """Write a post of that content."""
        with self.office.database.write() as transaction:
            now = transaction.now
            for attachment in content.attachments:
                transaction.media.add(attachment.medium, now=now)
            request = a_request(transaction, self.writer, state=RequestState.IN_PRODUCTION)
            post = transaction.posts.add(
                request_id=request.id, publish_at=publish_at, created_by=self.writer.id, source="prueba", now=now
            )
            transaction.posts.revise(
                post.id,
                author_id=self.writer.id,
                content=content,
                for_accounts=[Target(self.accounts[platform].id) for platform in platforms],
                window=window_for(publish_at, lateness=timedelta(minutes=60)),
                now=now,
            )
        return post

    def schedule(self, recipe: Recipe, *, publish_at: datetime, text: str = "", title: str = "") -> list[Delivery]:
        """Take a post from its draft through submission and approval into the programme."""
        return self.carry(self.draft(recipe, publish_at=publish_at, text=text, title=title))

    def carry(self, post: Post) -> list[Delivery]:
        """Submit, approve and schedule a draft, each by whom it behoves; remember what was approved."""
        SignChecklist(self.office, self.writer, post_id=post.id, points=Point).run()
        SubmitPost(self.office, self.writer, post_id=post.id).run()
        with self.office.database.read() as transaction:
            revision = transaction.posts.latest_revision(post.id)
            shown = digests(transaction, revision)
        ApprovePost(self.office, self.head, post_id=post.id, shown=shown).run()
        deliveries = SchedulePost(self.office, self.writer, post_id=post.id).run()
        accounts = {account.id: account for account in self.accounts.values()}
        for delivery in deliveries:
            account = accounts[delivery.account_id]
            self.approved[delivery.id] = Approved(
                platform=account.platform,
                account=account.remote_id,
                title=revision.content.title if account.platform is Platform.WEBSITE else "",
                text=_folded(revision.content.text),
                media=tuple(each.medium.sha256 for each in revision.content.attachments),
            )
        return deliveries

    def one(self, recipe: Recipe, *, publish_at: datetime) -> Delivery:
        """Schedule a post that goes to one account."""
        (delivery,) = self.schedule(recipe, publish_at=publish_at)
        return delivery

    def soon(self, minutes: float = 20) -> datetime:
        """Return an hour to come, by the office's clock."""
        return self.now() + timedelta(minutes=minutes)

    def now(self) -> datetime:
        with self.office.database.read() as transaction:
            return transaction.now

    def move_to(self, instant: datetime) -> None:
        """Let it be that instant. The clock never goes back."""
        assert self.clock is not None
        assert instant >= self.clock.now
        self.clock.now = instant

    def wait(self, **parts: float) -> None:
        """Let time pass by the test's clock."""
        assert self.clock is not None
        self.clock.advance(**parts)

    def plant(self, *rules: dict[str, Any], seed: int = 0) -> None:
        """Replace the fault plan."""
        self.sandbox.plant(FaultPlan.parse({"seed": seed, "rules": list(rules)}))

    def work(self, report: Callable[[Progress], None] = lambda _progress: None) -> None:
        """Let a worker of this process do all that is due at this instant, one claim an account."""
        self.office.worker(report).run_once(timedelta(0))

    def finish(self, *, turns: int = 12, step: timedelta = LEASE + timedelta(seconds=1)) -> None:
        """Let worker after worker come, until nothing of what is due waits for one."""
        assert self.clock is not None
        for _turn in range(turns):
            with self.office.database.read() as transaction:
                if not transaction.deliveries.undone(transaction.now):
                    return
            self.clock.advance(step)
            self.work()
        raise AssertionError(f"still undone after {turns} turns: {self.deliveries()}")

    def delivery(self, delivery_id: int) -> Delivery:
        with self.office.database.read() as transaction:
            return transaction.deliveries.get(delivery_id)

    def deliveries(self) -> list[Delivery]:
        with self.office.database.read() as transaction:
            return transaction.deliveries.in_state(*DeliveryState)

    def attempts(self, delivery_id: int) -> list[Attempt]:
        with self.office.database.read() as transaction:
            return transaction.deliveries.attempts(delivery_id)

    def requests(self, operation: str, *, since: int = 0) -> list[dict[str, Any]]:
        """Return what the platforms were asked, by the imitations' own names of operations."""
        with self.sandbox.lock:
            return [each for each in self.sandbox.requests if each["operation"] == operation and each["seq"] > since]

    def last_request(self) -> int:
        with self.sandbox.lock:
            return int(self.sandbox.requests[-1]["seq"]) if self.sandbox.requests else 0

    def prove(self) -> None:
        """Compare what the public saw with what was approved: nothing twice, nothing else, nothing lost.

        What is published stands in the ledger once, with the approved text, title and bytes, under the id that we keep.
        """
        published = {each.id: each for each in self.deliveries() if each.state is DeliveryState.PUBLISHED}
        expected = sorted(
            (
                approved.platform.value,
                approved.account,
                published[number].remote_id,
                approved.kind,
                True,
                approved.title,
                approved.text,
                approved.media,
            )
            for number, approved in self.approved.items()
            if number in published
        )
        seen = self.seen()
        wrong = [each for each in seen if each not in expected], [each for each in expected if each not in seen]
        assert seen == expected, f"seen, not approved: {wrong[0]}; approved, not seen: {wrong[1]}; all: {seen}"

    def prove_record(self) -> None:
        """Assert that the chain of events is whole, and tells each delivery's way from its beginning to where it is."""
        with self.office.database.read() as transaction:
            assert first_broken(transaction.events.all(), transaction.events.end()) is None
            for delivery in transaction.deliveries.in_state(*DeliveryState):
                state = ""
                for recorded in transaction.events.of(f"delivery:{delivery.id}"):
                    assert recorded.event.before == state, (delivery, recorded)
                    state = recorded.event.after
                assert state == delivery.state, delivery

    def seen(self) -> list[tuple[Any, ...]]:
        """Return everything that ever was visible or withdrawn, in the words of `prove`."""
        return sorted(self.seen_in_order())

    def seen_in_order(self) -> list[tuple[Any, ...]]:
        """Return the same in the order in which the public saw it."""
        return [
            (
                write.platform,
                write.account,
                write.remote_id,
                write.kind,
                write.visible,
                html.unescape(write.title or ""),
                # only the website answers in markup; elsewhere an angle bracket is one
                _folded(write.text) if write.platform == Platform.WEBSITE else " ".join(write.text.split()),
                write.media,
            )
            for write in self.sandbox.ledger.writes()
        ]

    def prove_published(self, *numbers: int) -> None:
        """Assert that these, and no others, are out: each once, as approved."""
        states = {each.id: each.state for each in self.deliveries()}
        assert {number for number, state in states.items() if state is DeliveryState.PUBLISHED} == set(numbers), states
        self.prove()

    def struck(self) -> int:
        """Return how many requests the fault plan has struck."""
        with self.sandbox.lock:
            return sum(bool(each["faults"]) for each in self.sandbox.requests)

    def prove_all_out(self) -> None:
        """Assert that all that was approved is out, and that one more worker finds nothing to do."""
        self.prove_published(*self.approved)
        before = self.sandbox.ledger.writes()
        self.work()
        assert self.sandbox.ledger.writes() == before

    def is_over(self, delivery_id: int) -> bool:
        return self.delivery(delivery_id).state in _OVER


@contextmanager
def open_newsroom(
    database_url: str,
    folder: Path,
    *,
    clock: Clock | None,
    pictures: Sequence[Path],
    platforms: Collection[Platform] = (Platform.FACEBOOK, Platform.WEBSITE),
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Newsroom]:
    """Open an office whose database has its tables and nothing else."""
    with serve(Sandbox(seed=11)) as server:
        environment = settings_for(server, database_url, folder, **settings)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            opened = open_office(load(), migrate=False)
        opened.database.close()
        office = replace(opened, database=Database(database_url, clock=clock))
        try:
            writer, head, accounts = _people_and_accounts(office, server, platforms)
            yield Newsroom(office, server, environment, clock, writer, head, accounts, tuple(pictures))
        finally:
            office.database.close()


def settings_for(server: SandboxServer, database_url: str, folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of an office whose traffic goes to the sandbox; its waits are short."""
    chosen = {
        "database_url": database_url,
        "media_dir": str(folder / "media"),
        "secret_key_file": str(folder / "secret.key"),
        "routes": json.dumps(server.routes),
        "only_routed": "true",
        "connect_seconds": "5",
        "read_seconds": "20",
        "call_seconds": "25",
        "lease_seconds": str(LEASE.total_seconds()),
        "retry_seconds": "0.05",
        "looks_seconds": "0.1,0.2,0.4",
        **settings,
    }
    return {f"VOCERO_{name.upper()}": value for name, value in chosen.items()}


def make_pictures(folder: Path, count: int = 3) -> tuple[Path, ...]:
    """Write small pictures, each of its own colour."""
    paths = tuple(folder / f"imagen-{number}.png" for number in range(1, count + 1))
    for number, path in enumerate(paths):
        Image.new("RGB", (480, 360), (40 * number, 90, 200 - 40 * number)).save(path)
    return paths


def facebook_credentials(sandbox: Sandbox) -> dict[str, str]:
    return {"page_token": sandbox.world.facebook.page_token}


def website_credentials(sandbox: Sandbox) -> dict[str, str]:
    editor = sandbox.world.website.user("editor")
    return {"user": editor.login, "application_password": editor.application_password}


def _people_and_accounts(
    office: Office, server: SandboxServer, platforms: Collection[Platform]
) -> tuple[Person, Person, dict[Platform, Account]]:
    admin = add_first_person(office, login="admin", name="Administración")
    assert admin is not None
    writer = AddPerson(office, admin, login="redactora", name="Rosa", role=Role.CONTENT_OWNER).run()
    head = AddPerson(office, admin, login="jefa", name="Ana", role=Role.OFFICE_HEAD).run()
    accounts = {
        account.platform: ConnectAccount(
            office,
            admin,
            platform=account.platform,
            remote_id=account.remote_id,
            address=account.address,
            credentials=account.credentials,
        ).run()
        for account in imitated_accounts(server.sandbox.world)
        if account.platform in platforms
    }
    return writer, head, accounts


def _folded(text: str) -> str:
    """Return what people read, in one line: the website wraps the same words into blocks."""
    return " ".join(html.unescape(_MARKUP.sub(" ", text)).split())


def wall_clock() -> datetime:
    """Return this machine's time, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for another process or thread, as briefly as can be."""
    ends_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends_at, "it never came"
        time.sleep(0.005)
