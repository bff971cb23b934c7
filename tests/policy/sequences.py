"""Any sequence of acts by any roles, on real storage, through the real acts, claim, gate and deliverer.

The platform in memory is the oracle's witness: for each thing that the public could see, a model that knows nothing of
the ledger must remember an approval of exactly that, by somebody entitled at that instant who wrote no part of it, and
that nothing has voided since.
"""

import atexit
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.checklists import Point
from core.delegations import Delegation
from core.deliveries import DeliveryState
from core.errors import VoceroError
from core.events import first_broken
from core.people import Person, Role
from core.posts import Content, Window
from scheduler.delivering import Deliverer
from scheduler.settling import Settler
from scheduler.workbench import Timing, Workbench
from storage.database import Database
from tests.databases import Clock, migrated_sqlite
from tests.policy.procedure_office import ProcedureOffice
from tests.scheduler.memory_platform import DuplicatingConnector, MemoryPlatform, Write, connect_to
from vocero.actions import (
    Action,
    ApprovePost,
    CancelPost,
    CancelRequest,
    Change,
    EndDelegation,
    ReturnPost,
    RevisePost,
    RevokeApproval,
    SchedulePost,
    SignChecklist,
    SubmitPost,
    WithdrawRequest,
    catch_up,
)

SHARED = Path(tempfile.mkdtemp(prefix="vocero-sequences-"))
atexit.register(shutil.rmtree, SHARED, ignore_errors=True)  # its template is kept as long as the process
_MOST_POSTS = 3
_ACTORS = st.integers(0, 12)
_POSTS = st.integers(0, _MOST_POSTS - 1)
_HEAD = list(Role).index(Role.OFFICE_HEAD)  # among the people
_TEXTS = st.sampled_from(["Uno", "Dos", "Tres", "Cuatro"])
_MINUTES = st.sampled_from([1, 9, 11, 30, 61, 200, 700])
_CHANGES = st.one_of(
    st.tuples(st.sampled_from(["text", "site", "page"]), _TEXTS),
    st.tuples(st.just("link"), st.sampled_from(["", "https://www.gob.pe/inpe"])),
    st.tuples(st.just("language"), st.sampled_from(["es", "qu"])),
    st.tuples(st.just("hour"), _MINUTES),
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An approval as the model saw it given: what could be read, by whom, when, and whether they might."""

    text: str
    link: str
    window: Window
    by: int
    at: datetime
    entitled: bool
    authors: frozenset[int]


class Sequences(RuleBasedStateMachine):
    """People of every role do anything in any order, time passes, and the worker works in between."""

    @initialize(who=_ACTORS, minutes=_MINUTES, brought=st.sampled_from([True, True, False]))
    def open(self, who: int, minutes: int, brought: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vocero-sequence-", dir=SHARED))
        path = self.folder / "vocero.db"
        shutil.copyfile(migrated_sqlite(SHARED), path)
        self.clock = Clock()
        self.database = Database(f"sqlite:///{path}", clock=self.clock)
        self.o = ProcedureOffice.open(self.database, self.clock, self.folder)
        self.people: list[Person] = [*self.o.people.values()]
        self.people += [self.o.somebody(role) for role in (Role.OFFICE_HEAD, Role.CONTENT_OWNER, Role.TEAM_LEAD)]
        self.posts: list[int] = []
        self.authors: dict[int, set[int]] = {}
        self.delegations: list[Delegation] = []  # the model's own, of which it forgets none
        self.approved: dict[tuple[int, int], Remembered] = {}
        self.seen = 0
        self.platform = MemoryPlatform(self.clock)
        self.draft(who, minutes)
        if brought:
            self.bring_to_its_hour(0, who)

    # ── people ──

    @rule(who=_ACTORS, minutes=_MINUTES)
    def draft(self, who: int, minutes: int) -> None:
        """Somebody who may writes a post."""
        if not self._is_open() or len(self.posts) >= _MOST_POSTS:
            return
        author = self.people[who]
        if author.role not in (Role.OFFICE_HEAD, Role.TEAM_LEAD, Role.CONTENT_OWNER):
            author = self.o.owner
        post = self.o.draft(
            in_minutes=minutes, author=author, content=Content(f"Cero {len(self.posts)}", title="Título")
        )
        self.posts.append(post.id)
        self.authors[post.id] = {author.id}

    @rule(post=_POSTS, who=_ACTORS, change=_CHANGES)
    def edit(self, post: int, who: int, change: tuple[str, Any]) -> None:
        """Somebody tries to edit the text, one network's own text, the link, the language or the hour."""
        what, value = change
        changes = {
            "text": lambda: Change(text=value),
            "site": lambda: Change(texts={self.o.site.id: value}),
            "page": lambda: Change(texts={self.o.page.id: value}),
            "link": lambda: Change(link=value),
            "language": lambda: Change(language=value),
            "hour": lambda: Change(publish_at=self.clock.now + timedelta(minutes=value)),
        }
        self._edit(post, who, changes[what]())

    @rule(post=_POSTS, who=_ACTORS)
    def remove_network(self, post: int, who: int) -> None:
        self._edit(post, who, Change(without_accounts=[self.o.page.id]), is_removal=True)

    @rule(post=_POSTS, who=_ACTORS)
    def sign(self, post: int, who: int) -> None:
        self._try(post, lambda n: SignChecklist(self.o.office, self.people[who], post_id=n, points=Point))

    @rule(post=_POSTS, who=_ACTORS)
    def submit(self, post: int, who: int) -> None:
        self._try(post, lambda n: SubmitPost(self.o.office, self.people[who], post_id=n))

    @rule(post=_POSTS)
    def bring_to_review(self, post: int) -> None:
        """The usual way, so that sequences get far."""
        self._try(post, lambda n: SignChecklist(self.o.office, self.o.owner, post_id=n, points=Point))
        self._try(post, lambda n: SubmitPost(self.o.office, self.o.owner, post_id=n))

    @rule(post=_POSTS, who=_ACTORS)
    def bring_to_its_hour(self, post: int, who: int) -> None:
        """The usual way to the programme, with somebody for the head; all of it is tried, and much is refused."""
        self.bring_to_review(post)
        self.approve(post, who)
        self.approve(post, _HEAD)
        self.schedule(post, _HEAD, None)

    @rule(post=_POSTS, who=_ACTORS)
    def approve(self, post: int, who: int) -> None:
        """Anybody tries to approve what there is now; what succeeds is remembered as it could be read."""
        number = self._number(post)
        if number is None:
            return
        person = self.people[who]
        row = self.o.post(number)
        if self._try(post, lambda n: ApprovePost(self.o.office, person, post_id=n, shown=self.o.shown(row))):
            revision = self.o.revision(row)
            for target in revision.targets:
                content = revision.content_for(target.account_id)
                self.approved[number, target.account_id] = Remembered(
                    text=content.text,
                    link=content.link,
                    window=revision.window,
                    by=person.id,
                    at=self.clock.now,
                    entitled=person.role is Role.OFFICE_HEAD or self._delegated(person),
                    authors=frozenset(self.authors[number]),
                )

    @rule(post=_POSTS, who=_ACTORS, how=st.sampled_from(["return", "revoke", "cancel", "cancel request", "withdraw"]))
    def take_back(self, post: int, who: int, how: str) -> None:
        """Somebody tries to return it, to revoke the approval, or to end the post or its request."""
        office, person = self.o.office, self.people[who]
        acts: dict[str, Any] = {
            "return": lambda n: ReturnPost(office, person, post_id=n, reason="x"),
            "revoke": lambda n: RevokeApproval(office, person, post_id=n, reason="x"),
            "cancel": lambda n: CancelPost(office, person, post_id=n, reason="x"),
            "cancel request": lambda n: CancelRequest(office, person, request_id=self.o.post(n).request_id, reason="x"),
            "withdraw": lambda n: WithdrawRequest(office, person, request_id=self.o.post(n).request_id, reason="x"),
        }
        if self._try(post, acts[how]):
            self._forget(self._number(post))

    @rule(post=_POSTS, who=_ACTORS, minutes=st.none() | _MINUTES)
    def schedule(self, post: int, who: int, minutes: int | None) -> None:
        at = None if minutes is None else self.clock.now + timedelta(minutes=minutes)
        self._try(post, lambda n: SchedulePost(self.o.office, self.people[who], post_id=n, at=at))

    @rule(who=_ACTORS, by=_ACTORS, begins=st.sampled_from([-60, 0, 30]), lasts=st.sampled_from([20, 300]))
    def delegate(self, who: int, by: int, begins: int, lasts: int) -> None:
        if not self._is_open():
            return
        starts_at = self.clock.now + timedelta(minutes=begins)
        ends_at = starts_at + timedelta(minutes=lasts)
        granting = self.o.granting(self.people[who], self.people[by], starts_at=starts_at, ends_at=ends_at)
        try:
            self.delegations.append(granting.run())
        except VoceroError:
            return

    @rule(which=st.integers(0, 5), by=_ACTORS)
    def end_delegation(self, which: int, by: int) -> None:
        if not self._is_open() or which >= len(self.delegations):
            return
        mine = self.delegations[which]
        try:
            EndDelegation(self.o.office, self.people[by], delegation_id=mine.id, reason="x").run()
        except VoceroError:
            return
        if mine.ended_at is None:
            self.delegations[which] = replace(mine, ended_at=self.clock.now)

    # ── the world ──

    @rule()
    def another_account_behind_the_name(self) -> None:
        """Behind everybody's back the register gets another account: what was approved for the old one is void."""
        if not self._is_open():
            return
        from sqlalchemy import update

        from storage.tables import accounts

        with self.database.write() as transaction:
            account = transaction.accounts.get(self.o.site.id)
            changed = update(accounts).where(accounts.c.id == account.id).values(remote_id=account.remote_id + "x")
            transaction._connection.execute(changed)
        self.approved = {key: kept for key, kept in self.approved.items() if key[1] != self.o.site.id}

    @rule(minutes=_MINUTES)
    def time_passes(self, minutes: int) -> None:
        if self._is_open():
            self.clock.advance(minutes=minutes)

    @rule()
    def the_next_hour_comes(self) -> None:
        """Time passes to what is due next, and the worker takes it up; so again for what it prepared."""
        for _turn in range(2 if self._is_open() else 0):
            with self.database.read() as transaction:
                due: datetime | None = transaction.deliveries.next_due()
            if due is not None:
                self.clock.now = max(self.clock.now, due)
                self.worker_works()

    @rule()
    def program_catches_up(self) -> None:
        if self._is_open():
            catch_up(self.o.office)

    @rule()
    def worker_works(self) -> None:
        """Claim what is due and carry it as far as it goes, twice: preparing and publishing."""
        if not self._is_open():
            return
        for _turn in range(2):
            with self.database.write() as transaction:
                timing = Timing()
                claimed = transaction.deliveries.claim(
                    worker="a", lease=timing.lease, limit=8, now=transaction.now
                )  # fmt: skip
            bench = Workbench(
                database=self.database,
                media=self.o.office.media,
                connect=connect_to(self.platform, DuplicatingConnector),
                worker="a",
                rules=self.o.office.rules.on,
                words=self.o.office.words.on,
                timing=timing,
                stopping=lambda: False,
                report=lambda _progress: None,
            )
            for delivery in claimed:
                Deliverer(bench, Settler(bench).settle).deliver(delivery)

    # ── what must hold ──

    @invariant()
    def all_that_is_public_was_approved(self) -> None:
        if not self._is_open():
            return
        for write in self.platform.ledger[self.seen :]:
            self._judge(write)
        self.seen = len(self.platform.ledger)

    def teardown(self) -> None:
        if not self._is_open():
            return
        try:
            with self.database.read() as transaction:
                assert first_broken(transaction.events.all(), transaction.events.end()) is None
        finally:
            self.database.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _judge(self, write: Write) -> None:
        with self.database.read() as transaction:
            (delivery,) = [each for each in transaction.deliveries.in_state(*DeliveryState) if each.key == write.key]
            bound = transaction.posts.approval(delivery.approval_id).digest
            intents = [
                each.event
                for each in transaction.events.of(f"delivery:{delivery.id}")
                if each.event.after == DeliveryState.PUBLISHING
            ]
        remembered = self.approved.get((delivery.post_id, delivery.account_id))
        assert remembered is not None, f"nobody's approval stands for {write}"
        assert write.text == remembered.text, f"{write} is not what was approved: {remembered}"
        assert remembered.entitled, f"{write}: {remembered} was not given by somebody entitled"
        assert remembered.by not in remembered.authors, f"{write}: {remembered} was given by an author"
        assert write.at in remembered.window, f"{write} went out outside the time of {remembered}"
        assert {event.digest for event in intents} == {bound}

    def _delegated(self, person: Person) -> bool:
        may = {Role.TEAM_LEAD, Role.CONTENT_OWNER, Role.DESIGNER, Role.COMMUNITY_AGENT}
        now = self.clock.now
        return person.role in may and any(
            each.delegate_id == person.id
            and each.starts_at <= now < each.ends_at
            and (each.ended_at is None or now < each.ended_at)
            for each in self.delegations
        )

    def _edit(self, post: int, who: int, change: Change, *, is_removal: bool = False) -> None:
        number = self._number(post)
        if number is None:
            return
        person = self.people[who]
        was_approved = any(key[0] == number for key in self.approved)
        if not self._try(post, lambda n: RevisePost(self.o.office, person, post_id=n, change=change)):
            return
        if is_removal and was_approved:
            self.approved.pop((number, self.o.page.id), None)  # of the others it voids nothing
        else:
            self._forget(number)
        if not (is_removal and was_approved):
            self.authors[number].add(person.id)

    def _forget(self, number: int | None) -> None:
        self.approved = {key: kept for key, kept in self.approved.items() if key[0] != number}

    def _try(self, post: int, act: Any) -> bool:
        number = self._number(post)
        if number is None:
            return False
        action: Action[Any] = act(number)
        try:
            action.run()
        except VoceroError:
            return False
        return True

    def _number(self, post: int) -> int | None:
        return self.posts[post % len(self.posts)] if self._is_open() else None

    def _is_open(self) -> bool:
        return hasattr(self, "o")


def play(*, examples: int, steps: int = 30, shrinks: bool = True) -> None:
    """Play that many sequences, the same ones each time; the first that breaks what must hold is raised."""
    phases = [Phase.generate, Phase.shrink] if shrinks else [Phase.generate]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Sequences, settings=chosen)
