"""The office of one schedule: who and what there is at its beginning, drawn from the seed, and what people do later."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from core.accounts import Account
from core.deliveries import Delivery, DeliveryState
from core.errors import VoceroError
from core.events import Event
from core.media import Attachment, Medium
from core.people import Person
from core.platforms import Platform
from core.posts import Content, PostState
from core.requests import RequestState
from core.stops import Scope
from storage.transaction import Transaction
from tests.simulation.baton import START, Baton, Process
from tests.simulation.faults import CALL, HORIZON, MINUTE, SECOND, Faults
from tests.simulation.hostile_database import HostileDatabase
from tests.simulation.platforms import KINDS, MemoryPlatforms
from tests.storage.rows import a_post, an_account, an_approval
from vocero.actions import (
    Action,
    ApprovePost,
    CancelPost,
    Change,
    LiftStop,
    OpenStop,
    PauseAccount,
    ResumeAccount,
    RevisePost,
    SchedulePost,
    SettleUnknown,
    SubmitPost,
    digests,
)
from vocero.office import Office

State = DeliveryState
FINAL = frozenset({State.PUBLISHED, State.FAILED, State.MISSED, State.CANCELLED})
CLEARS_UP_AT = 110 * MINUTE
_FIRST_HOUR = 35 * MINUTE
_PLATFORMS = (*KINDS, Platform.X, Platform.LINKEDIN)  # where a second write may do harm there is more to find


@dataclass
class PressOffice:
    """Its people, accounts and posts; each act goes the way of every act of the house."""

    office: Office
    database: HostileDatabase
    baton: Baton
    faults: Faults
    there: MemoryPlatforms
    medium: Medium
    file: Path
    wake: Callable[[], None]
    head: Person
    owner: Person
    accounts: list[Account] = field(default_factory=list)
    post_ids: list[int] = field(default_factory=list)
    hours: list[int] = field(default_factory=list)
    altered_at: list[int] = field(default_factory=list)

    # ── the beginning ──

    def furnish(self, seed: str, lateness: timedelta) -> None:
        """Enter accounts and approved posts, and put these on their way; nobody runs yet."""
        dice = self.baton.dice
        with self.database.write() as transaction:
            for number in range(dice.choice((1, 1, 2, 3))):
                platform = dice.choice(_PLATFORMS)
                self.accounts.append(an_account(transaction, platform, remote_id=f"account-{number}"))
            for number in range(dice.choice((1, 1, 2))):
                self._furnish_post(transaction, f"{seed}-{number}", lateness, dice)
        for account in self.accounts:
            if dice.random() < 0.5:
                self.there.renewable.add(account.official_id)

    def _furnish_post(self, transaction: Transaction, mark: str, lateness: timedelta, dice: Random) -> None:
        hour = dice.choice((0, dice.randrange(_FIRST_HOUR)))
        publish_at = START + timedelta(microseconds=hour)
        self.hours.append(hour)
        targets = tuple(dice.sample(self.accounts, dice.randrange(1, len(self.accounts) + 1)))
        content = Content(
            text=f"Jornada {mark}",
            title=f"Título {mark}",
            thread=tuple(f"Sigue {n} de {mark}" for n in range(dice.choice((0, 0, 1, 2)))),
            attachments=(Attachment(self.medium, "Una foto"),) if dice.random() < 0.4 else (),
        )
        post, revision = a_post(
            transaction, author=self.owner, accounts=targets, publish_at=publish_at, content=content
        )
        transaction.posts.set_state(post.id, PostState.APPROVED)
        transaction.requests.set_state(post.request_id, RequestState.APPROVED)
        self.post_ids.append(post.id)
        if content.attachments and dice.random() < 0.3:  # before it is prepared, or until its hour
            self.altered_at.append(max(hour - dice.randrange(12 * MINUTE), 0))
        for account in targets:
            approval = an_approval(transaction, revision, account, self.head)
            key = f"sim-{mark}-{account.remote_id}"
            delivery = transaction.deliveries.add(
                key=key,
                post_id=post.id,
                revision_id=revision.id,
                account_id=account.id,
                approval_id=approval.id,
                publish_at=publish_at,
                late_after=publish_at + lateness,
                due_at=max(publish_at - timedelta(minutes=10), START),
                now=transaction.now,
            )
            transaction.tell(
                Event(
                    at=transaction.now,
                    actor=self.head.login,
                    role=self.head.role,
                    action="delivery.scheduled",
                    subject=f"delivery:{delivery.id}",
                    after=State.SCHEDULED,
                )
            )
            self.there.steps[key] = dice.choice((1, 1, 2, 3))
            if dice.random() < 0.06:
                self.there.dumb.add(key)

    # ── what people do while it storms ──

    def people(self) -> None:
        """Let two people act at hours drawn from the seed."""
        dice = self.baton.dice
        acts = (
            self._edit, self._edit, self._reschedule, self._cancel, self._pause, self._resume, self._release,
            self._settle, self._leave_out, self._revoke, self._alter_file, self._swap_token, self._mend,
            self._stop, self._stop, self._lift,
        )  # fmt: skip
        self.there.meanwhile = self._hurry
        for hour in self.altered_at:
            self.baton.spawn(Process("intruder", is_person=True), "intruder", self._alter_file, at=hour)
        for name in ("head", "owner"):
            hours = sorted(self._some_hour() for _ in range(dice.choice((0, 0, 1, 3))))
            plan = [(hour, dice.choice(acts)) for hour in hours]

            def follow(plan: list[tuple[int, Callable[[], None]]] = plan) -> None:
                for hour, act in plan:
                    self.baton.sleep_until(hour)
                    act()

            self.baton.spawn(Process(name, is_person=True), name, follow)

    def _hurry(self) -> None:
        """Change one's mind just while something is prepared."""
        if self.faults.strikes(0.08):
            act = self.baton.dice.choice((self._stop, self._pause, self._cancel, self._edit))
            self.baton.spawn(Process("in a hurry", is_person=True), "in a hurry", act)

    def _some_hour(self) -> int:
        """Return any time, or, which is where it hurts, one about the hour of a post."""
        dice = self.baton.dice
        if dice.random() < 0.5:
            return dice.randrange(_FIRST_HOUR * 2)
        return max(dice.choice(self.hours) + dice.randrange(-MINUTE, 2 * MINUTE), 0)

    def _do(self, make: Callable[..., Action[Any]], actor: Person, **given: Any) -> bool:
        what = " ".join(f"{k}={v}" for k, v in given.items() if isinstance(v, int))
        try:
            make(self.office, actor, **given).run()
        except VoceroError as error:
            self.baton.note(f"{make.__name__} {what}: refused ({error.diagnostic})")
            return False
        self.baton.note(f"{make.__name__} {what}")
        self.wake()
        return True

    def _some_post(self) -> int:
        return self.baton.dice.choice(self.post_ids)

    def _soon(self, least: int = 1) -> Any:
        return self.baton.instant() + timedelta(minutes=self.baton.dice.randrange(least, least + 20))

    def _edit(self) -> None:
        change = Change(text=f"Corregido a las {self.baton.now}", publish_at=self._soon())
        self._approve_anew(self._some_post(), change)

    def _reschedule(self) -> None:
        self._approve_anew(self._some_post(), Change(publish_at=self._soon()))

    def _approve_anew(self, post_id: int, change: Change) -> None:
        if not self._do(RevisePost, self.owner, post_id=post_id, change=change):
            return
        if self.baton.dice.random() < 0.3:
            return  # it stays in review
        with self.database.read() as transaction:
            post = transaction.posts.get(post_id)
            shown = digests(transaction, transaction.posts.latest_revision(post_id))
        if post.state is not PostState.IN_REVIEW:
            self._do(SubmitPost, self.owner, post_id=post_id)
        if self._do(ApprovePost, self.head, post_id=post_id, shown=shown):
            self._do(SchedulePost, self.head, post_id=post_id)

    def _cancel(self) -> None:
        self._do(CancelPost, self.head, post_id=self._some_post(), reason="ya no")

    def _pause(self) -> None:
        self._do(PauseAccount, self.head, account_id=self.baton.dice.choice(self.accounts).id, reason="revisión")

    def _resume(self) -> None:
        self._do(ResumeAccount, self.head, account_id=self.baton.dice.choice(self.accounts).id)

    def _stop(self) -> None:
        account = self.baton.dice.choice(self.accounts)
        scope = self.baton.dice.choice((Scope(), Scope(platform=account.platform), Scope(account_id=account.id)))
        self._do(OpenStop, self.head, scope=scope, reason="crisis")

    def _lift(self) -> None:
        with self.database.aside() as transaction:
            stops = transaction.stops.opened()
        for stop in stops:
            self._do(LiftStop, self.head, stop_id=stop.id, reason="pasó")

    def _release(self) -> None:
        self._do(SchedulePost, self.head, post_id=self._some_post(), at=self._soon())

    def _leave_out(self) -> None:
        without = (self.baton.dice.choice(self.accounts).id,)
        self._do(RevisePost, self.owner, post_id=self._some_post(), change=Change(without_accounts=without))

    def _revoke(self) -> None:
        """Take an approval back and nothing else, as no act does: the gate alone stands between."""
        post_id = self._some_post()
        with contextlib.suppress(VoceroError), self.database.write() as transaction:
            transaction.posts.revoke_approvals(post_id, reason="ya no", now=transaction.now)
            self.baton.note(f"approvals of post {post_id} revoked")

    def _settle(self) -> None:
        for delivery in self._all():
            if delivery.state is State.UNKNOWN:
                self._settle_truly(delivery)

    def _settle_truly(self, delivery: Delivery) -> None:
        """Say what the platform shows; nobody looks before what was sent can be seen."""
        if self.baton.now < self.there.sent.get(delivery.key, 0) + CALL + HORIZON:
            return
        seen = self.there.visible(delivery.key)
        url = f"https://example.org/{seen[0].remote_id}" if seen else None
        self._do(SettleUnknown, self.head, delivery_id=delivery.id, url=url)

    def _alter_file(self) -> None:
        self.baton.note("a file is altered on the disk")
        self.file.write_bytes(b"not what was approved")

    def _swap_token(self) -> None:
        self.there.stolen[self.baton.dice.choice(self.accounts).official_id] = "somebody else"

    def _mend(self) -> None:
        """Put file, tokens and connections right again."""
        self.restore_file()
        self.there.stolen.clear()
        self.there.dead_tokens.clear()

    def restore_file(self) -> None:
        """Give the file its approved bytes."""
        self.file.write_bytes(self.good_bytes)

    good_bytes: bytes = b""

    # ── the end: the weather clears, and people settle what is theirs ──

    def clear_up(self, revive: Callable[[], None], over: Callable[[], None]) -> None:
        """Begin a person who brings everything to its end once nothing goes wrong any more."""

        def work() -> None:
            self.baton.sleep_until(CLEARS_UP_AT)
            self.faults.is_over = True
            self._mend()
            revive()
            for _round in range(40):
                if all(delivery.state in FINAL for delivery in self._all()):
                    break
                self._tidy_up()
                self.baton.sleep(5 * MINUTE)
            self.baton.sleep(20 * SECOND)
            over()

        self.baton.spawn(Process("clearing up", is_person=True), "clearing up", work)

    def _all(self) -> list[Delivery]:
        with self.database.aside() as transaction:
            return transaction.deliveries.in_state(*DeliveryState)

    def _tidy_up(self) -> None:
        self._lift()
        for delivery in self._all():
            if delivery.state is State.UNKNOWN and delivery.due_at is None:
                self._settle_truly(delivery)
            elif delivery.state is State.HELD:
                self._end_held(delivery)

    def _end_held(self, delivery: Delivery) -> None:
        if delivery.is_begun and self.baton.dice.random() < 0.5:
            self._settle_truly(delivery)
        elif self.baton.dice.random() < 0.3 or not self._do(
            SchedulePost, self.head, post_id=delivery.post_id, at=self._soon()
        ):
            if delivery.is_begun:
                self._settle_truly(delivery)
            else:
                self._do(CancelPost, self.head, post_id=delivery.post_id, reason="ya no")
