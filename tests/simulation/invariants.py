"""What must hold: at each call that leaves a worker, and of everything once a schedule has come to its end."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, func, or_, select

from core.deliveries import Delivery, DeliveryState, Step, may_become
from core.events import Event, RecordedEvent, first_broken
from core.posts import OutgoingPost, PostState
from scheduler.settling import ABSENT
from storage.tables import accounts, approvals, attempts, deliveries, posts, stops
from storage.transaction import Transaction
from tests.simulation.baton import Baton
from tests.simulation.faults import CALL
from tests.simulation.hostile_database import HostileDatabase
from tests.simulation.office import FINAL
from tests.simulation.platforms import MemoryPlatforms, Write

State = DeliveryState
# a lease and a call are measured by clocks that differ by a thousandth
_CLOCKS = timedelta(seconds=1)
# a transaction reads its time first, and may wait so long for another before it commits
_OPEN = timedelta(seconds=15)


@dataclass
class Invariants:
    """Collects what was broken, each with its name first."""

    database: HostileDatabase
    baton: Baton
    broken: list[str] = field(default_factory=list)

    def check(self, holds: bool, name: str, what: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.broken.append(f"{name}: {what}")
            self.baton.trace.append((self.baton.now, "!", f"{name}: {what}"))

    # ── when a call leaves a worker ──

    def on_stage(self, post: OutgoingPost) -> None:
        """Nobody prepares what another worker has in hand."""
        with self._loud(), self.database.aside() as transaction:
            row = transaction._connection.execute(_HOLDER, {"key": post.key}).one()
            mine = row.lease_owner == self.baton.process.name or row.state in FINAL | {State.HELD}
            self.check(mine, "behind another's back", f"{post.key} is prepared while {row.lease_owner} has it")

    def on_write(self, post: OutgoingPost, part: int) -> None:
        """A visible write leaves only from whoever holds the delivery, in its time, approved, after its intent."""
        del part
        with self._loud():
            self._judge_write(post.key)

    def _judge_write(self, key: str) -> None:
        now, me = self.baton.instant(), self.baton.process.name
        with self.database.aside() as transaction:
            connection = transaction._connection
            row = connection.execute(_WRITTEN, {"key": key}).one()
            intent = connection.execute(_INTENT, {"id": row.id}).first()
        self.check(row.state is State.PUBLISHING, "no write without its intent", f"{key} is {row.state}")
        has_intent = intent is not None and intent.finished_at is None and intent.fence == row.fence
        self.check(has_intent, "no write without its intent", f"{key} has no open attempt under its fence")
        self.check(row.lease_owner == me, "behind another's back", f"{me} writes {key}, {row.lease_owner} has it")
        outlived = row.lease_until is not None and row.lease_until + _CLOCKS >= now + timedelta(microseconds=CALL)
        self.check(outlived, "the lease outlives the call", f"{key} until {row.lease_until}, written at {now}")
        self.check(row.publish_at <= now, "never before its hour", f"{key} at {now}, due {row.publish_at}")
        self.check(
            now <= row.late_after + _CLOCKS, "never past its lateness limit", f"{key} at {now}, until {row.late_after}"
        )
        if intent is not None:
            was_void = row.revoked_at is not None and row.revoked_at < intent.started_at - _OPEN
            self.check(not was_void, "never after a void", f"the approval of {key} was revoked at {row.revoked_at}")
        self.check(row.post_state is PostState.APPROVED, "never after a void", f"the post of {key} is {row.post_state}")

    def on_commit(self, told: Sequence[Event]) -> None:
        """No intent is committed while a stop that covers it is: asked at once, so the order is the database's own."""
        for event in told:
            if event.after != State.PUBLISHING:
                continue
            with self._loud(), self.database.aside() as transaction:
                number = int(event.subject.removeprefix("delivery:"))
                covering = transaction._connection.execute(_COVERING, {"id": number}).scalar_one()
                self.check(not covering, "nothing begins while it is stopped", f"delivery {number}, {covering} stops")

    @contextmanager
    def _loud(self) -> Iterator[None]:
        """Count a bug of these checks as a finding: the engine would take it for one of the connector's."""
        try:
            yield
        except Exception as error:
            self.check(False, "the simulation itself", f"{type(error).__name__}: {error}")
            raise

    # ── at the end ──

    def at_the_end(self, there: MemoryPlatforms) -> None:
        """Compare the ledger of the database with the truth of the platforms."""
        self.broken.extend(self.baton.failures)
        with self.database.aside(as_one=True) as transaction:
            rows = transaction.deliveries.in_state(*DeliveryState)
            chain = list(transaction.events.all())
            self.check(first_broken(chain, transaction.events.end()) is None, "the chain is whole", "broken")
            stories = _stories(chain)
            for delivery in rows:
                self._check_delivery(transaction, delivery, there, stories[f"delivery:{delivery.id}"])
            self._check_posts(transaction, rows, there)
        known = {delivery.key for delivery in rows}
        for write in there.ledger:
            self.check(write.key in known, "nothing that nobody approved", f"{write.key} is public")

    def _check_delivery(
        self, transaction: Transaction, delivery: Delivery, there: MemoryPlatforms, story: list[tuple[str, str, str]]
    ) -> None:
        key, seen = delivery.key, there.visible(delivery.key)
        self.check(delivery.state in FINAL, "exactly one final state", f"{key} is {delivery.state} in the end")
        self.check(delivery.lease_until is None, "exactly one final state", f"{key} is still in hand")
        self._check_story(key, delivery, story)
        if delivery.state is State.PUBLISHED:
            self.check(bool(seen), "published means public", f"{key} is not on the platform")
        elif key not in there.beyond:
            self.check(not seen, "what is not published is not public", f"{key} is {delivery.state} and public")
        elif key in there.said_exists:
            self.check(not seen, "what the platform has is remembered", f"{key} is {delivery.state} and public")
        elif delivery.state is State.FAILED:
            by_refusal = any(before == State.PUBLISHING and after == State.FAILED for before, after, _role in story)
            self.check(not (seen and by_refusal), "a refusal proves nothing of the write before", f"{key} is public")
        parts = [write.part for write in seen]
        self.check(parts == list(range(len(parts))), "at most once", f"{key} shows the parts {parts}")
        self._check_words(transaction, delivery, seen)
        settled_by_person = any(role != "worker" and before == State.UNKNOWN for before, _after, role in story)
        by_person = settled_by_person or any(
            role != "worker" and (before, after) == (State.HELD, State.PUBLISHED) for before, after, role in story
        )
        if delivery.state is State.PUBLISHED and not by_person:
            said = len(self._messages(transaction, delivery))
            self.check(len(seen) == said, "published means public", f"{key} shows {len(seen)} of {said} parts")
        if any(before == State.UNKNOWN and role != "worker" for before, _after, role in story):
            self._check_unknown(transaction, delivery, there)

    def _check_story(self, key: str, delivery: Delivery, story: list[tuple[str, str, str]]) -> None:
        state = ""
        for before, after, _role in story:
            self.check(before == state, "an event for each transition", f"{key} went {state} … {before} unrecorded")
            if before:
                allowed = may_become(State(before), State(after))
                self.check(allowed, "only transitions of the table", f"{key}: {before} → {after}")
            state = after
        self.check(state == delivery.state, "an event for each transition", f"{key}: {state} … {delivery.state}")

    def _messages(self, transaction: Transaction, delivery: Delivery) -> tuple[str, ...]:
        content = transaction.posts.revision(delivery.revision_id).content_for(delivery.account_id)
        account = transaction.accounts.get(delivery.account_id)
        if account.platform == "x":
            return (content.text, *content.thread)
        return ("\n\n".join((content.text, *content.thread)),)

    def _check_words(self, transaction: Transaction, delivery: Delivery, seen: list[Write]) -> None:
        if not seen:
            return
        revision = transaction.posts.revision(delivery.revision_id)
        official = transaction.accounts.get(delivery.account_id).official_id
        messages = self._messages(transaction, delivery)
        files = tuple(each.medium.sha256 for each in revision.content.attachments)
        for write in seen:
            same = write.text == messages[write.part] and write.files == (() if write.part else files)
            self.check(same, "word by word, byte by byte", f"{delivery.key} part {write.part} is not what was approved")
            self.check(write.account == official, "on the account that was approved", delivery.key)

    def _check_unknown(self, transaction: Transaction, delivery: Delivery, there: MemoryPlatforms) -> None:
        """A person was asked: so the platform had not told often enough, or the person was quicker than the looks."""
        if delivery.key in there.said_exists:
            return
        said: list[str] = []
        for attempt in transaction.deliveries.attempts(delivery.id):
            if attempt.step is Step.PUBLISH:
                said = []  # looks before the last write say nothing of it
            elif attempt.step is Step.FIND and attempt.finished_at is not None:
                said.append(attempt.outcome)
        could_tell = said.count(ABSENT) > 1 or "published" in said
        self.check(not could_tell, "unknown only where nobody could tell", f"{delivery.key} although it told {said}")

    def _check_posts(self, transaction: Transaction, rows: list[Delivery], there: MemoryPlatforms) -> None:
        times: dict[tuple[int, int], int] = defaultdict(int)
        for delivery in rows:
            if delivery.key not in there.beyond:  # what lands past all trust may meet its successor
                times[delivery.post_id, delivery.account_id] += bool(there.visible(delivery.key))
        for (post, account), count in times.items():
            self.check(count <= 1, "at most once", f"post {post} is {count} times on account {account}")


# made once: SQLAlchemy then knows them again without looking at every part
_HOLDER = select(deliveries.c.lease_owner, deliveries.c.state).where(deliveries.c.key == bindparam("key"))
_WRITTEN = (
    select(deliveries, approvals.c.revoked_at, posts.c.state.label("post_state"))
    .join(approvals, approvals.c.id == deliveries.c.approval_id)
    .join(posts, posts.c.id == deliveries.c.post_id)
    .where(deliveries.c.key == bindparam("key"))
)
_INTENT = (
    select(attempts)
    .where(attempts.c.delivery_id == bindparam("id"), attempts.c.step == Step.PUBLISH)
    .order_by(attempts.c.id.desc())
    .limit(1)
)
_COVERING = (
    select(func.count(stops.c.id))
    .select_from(deliveries)
    .join(accounts, accounts.c.id == deliveries.c.account_id)
    .join(
        stops,
        or_(stops.c.account_id.is_(None), stops.c.account_id == deliveries.c.account_id)
        & or_(stops.c.platform.is_(None), stops.c.platform == accounts.c.platform),
    )
    .where(deliveries.c.id == bindparam("id"), stops.c.lifted_at.is_(None))
)


def _stories(chain: list[RecordedEvent]) -> dict[str, list[tuple[str, str, str]]]:
    stories: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for each in chain:
        event = each.event
        stories[event.subject].append((event.before, event.after, event.role))
    return stories
