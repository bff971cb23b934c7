"""A worker without its loop: claims and delivers when told to, against the platform in memory, on the test's clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from core.accounts import Account
from core.deliveries import Delivery, DeliveryState
from core.events import first_broken
from core.findings import TextRuleSet
from core.images import RuleSet
from core.posts import Content
from scheduler.delivering import Deliverer
from scheduler.settling import Settler
from scheduler.workbench import Progress, Timing, Workbench
from storage.database import Database
from storage.media import MediaStore
from tests.databases import Clock
from tests.scheduler.memory_platform import MemoryConnector, MemoryPlatform, connect_to
from tests.storage.rows import Desk


@dataclass
class Newsroom:
    """All that a delivery needs from its first claim to its end."""

    database: Database
    clock: Clock
    folder: Path
    kind: type[MemoryConnector] = MemoryConnector
    stopping: bool = False
    reports: list[Progress] = field(default_factory=list)
    timing: Timing = field(default_factory=Timing)
    report: Callable[[Progress], object] = lambda _progress: None

    def __post_init__(self) -> None:
        self.desk = Desk.of(self.database)
        self.platform = MemoryPlatform(self.clock)
        self.media = MediaStore(self.folder / "media")
        self.account = self.desk.account()

    def bench(self, worker: str = "a", connect: Callable[[Account], MemoryConnector] | None = None) -> Workbench:
        return Workbench(
            database=self.database,
            media=self.media,
            connect=connect or connect_to(self.platform, self.kind),
            worker=worker,
            rules=lambda _day: RuleSet(),
            words=lambda _day: TextRuleSet(),
            timing=self.timing,
            stopping=lambda: self.stopping,
            report=self._told,
        )

    def _told(self, progress: Progress) -> None:
        self.reports.append(progress)
        self.report(progress)

    def schedule(
        self, *, in_minutes: float = 0, content: Content | None = None, due_at: datetime | None = None
    ) -> Delivery:
        publish_at = self.clock.now + timedelta(minutes=in_minutes)
        return self.desk.delivery(
            self.account,
            publish_at=publish_at,
            due_at=due_at or max(publish_at - timedelta(minutes=10), self.clock.now),
            content=content,
        )

    def claim(self, worker: str = "a") -> list[Delivery]:
        with self.database.write() as transaction:
            return transaction.deliveries.claim(
                worker=worker, lease=self.timing.lease, limit=8, now=transaction.now
            )  # fmt: skip

    def deliver(
        self, delivery: Delivery, worker: str = "a", connect: Callable[[Account], MemoryConnector] | None = None
    ) -> Delivery:
        bench = self.bench(worker, connect)
        Deliverer(bench, Settler(bench).settle).deliver(delivery)
        return self.desk.now(delivery)

    def turn(self, worker: str = "a") -> Delivery:
        """Claim the one delivery that is due, and carry it as far as it goes."""
        (claimed,) = self.claim(worker)
        return self.deliver(claimed, worker)

    def run(self, until: DeliveryState, *, at_most: int = 60) -> Delivery:
        """Let time pass from one due time to the next until a delivery is in that state."""
        for _ in range(at_most):
            with self.database.read() as transaction:
                next_due = transaction.deliveries.next_due()
            assert next_due is not None, "nobody will take it up any more"
            self.clock.now = max(self.clock.now, next_due)
            with self.database.read() as transaction:
                waits = transaction.accounts.get(self.account.id).waits_until
            if waits is not None:
                self.clock.now = max(self.clock.now, waits)
            if self.turn().state is until:
                break
        (delivery,) = self.all()
        assert delivery.state is until
        return delivery

    def all(self) -> list[Delivery]:
        with self.database.read() as transaction:
            return transaction.deliveries.in_state(*DeliveryState)

    def story(self, delivery: Delivery) -> list[str]:
        """Return the states that the record says the delivery went through; the chain must be whole."""
        with self.database.read() as transaction:
            assert first_broken(transaction.events.all(), transaction.events.end()) is None
            return [each.event.after for each in transaction.events.of(f"delivery:{delivery.id}")]

    def outcomes(self, delivery: Delivery) -> list[tuple[str, str]]:
        with self.database.read() as transaction:
            return [(each.step.value, each.outcome) for each in transaction.deliveries.attempts(delivery.id)]
