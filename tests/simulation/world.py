"""One schedule from its seed to its verdict: an office, platforms, workers on their machines, and the weather."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import psycopg
import structlog
from sqlalchemy import Connection, text

from core.deliveries import Delivery
from core.events import FIRST
from core.findings import TextRuleSet
from core.images import RuleSet
from core.people import Role
from scheduler.delivering import Deliverer
from scheduler.executor import Executor
from scheduler.settling import Settler
from scheduler.workbench import Timing, Workbench
from scheduler.worker import Worker
from storage.media import MediaStore
from storage.tables import chain, media, metadata, people
from tests.databases import Postgres, migrated_sqlite
from tests.simulation.baton import NEVER, Baton, Process, ProcessClock, Task
from tests.simulation.faults import MINUTE, SECOND, Faults, Mood
from tests.simulation.hostile_database import HostileDatabase
from tests.simulation.invariants import Invariants
from tests.simulation.office import PressOffice
from tests.simulation.platforms import MemoryPlatforms
from tests.storage.pictures import kept, picture
from tests.storage.rows import SEAL, a_person
from vocero.office import Office
from vocero.settings import Settings

_IN_HAND = 3


@dataclass(frozen=True)
class Verdict:
    """What a schedule came to; `trace` is the schedule itself, line by line."""

    seed: int
    broken: tuple[str, ...]
    trace: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)


class Hands(Executor):
    """The executor port on tasks of a simulated process."""

    def __init__(self, baton: Baton, process: Process, do: Callable[[Delivery], None], finished: Callable[[], None]):
        self._baton, self._process, self._do, self._finished = baton, process, do, finished
        self._busy = 0

    def free(self) -> int:
        return _IN_HAND - self._busy

    def submit(self, delivery: Delivery) -> None:
        self._busy += 1
        self._baton.spawn(self._process, f"deliver {delivery.id}", lambda: self._work(delivery))

    def drain(self) -> None:
        while self._busy:
            self._baton.sleep(SECOND)

    def _work(self, delivery: Delivery) -> None:
        self._do(delivery)
        self._busy -= 1
        self._finished()


class Simulation:
    """Runs schedules one after the other on one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database = HostileDatabase(url)
        self._media = MediaStore(folder / "media")
        self._medium = self._media.add(kept(folder / "foto.png", picture()))
        self._file = self._media.path(self._medium.sha256)
        self._file.chmod(0o640)
        self._bytes = self._file.read_bytes()
        self._since_truncated = 0
        with self.database.write() as transaction:
            if self.database.is_sqlite:
                _without_guards(transaction._connection)
            self._people = a_person(transaction, Role.OFFICE_HEAD), a_person(transaction, Role.CONTENT_OWNER)
            transaction.media.add(self._medium, now=transaction.now)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def run(self, seed: int) -> Verdict:
        """Run the schedule of that seed."""
        self._empty()
        dice = Random(f"vocero {seed}")
        baton = Baton(dice, quick=dice.choice((0.2, 0.5, 0.8)))
        faults = Faults(dice, Mood.drawn(dice))
        invariants = Invariants(self.database, baton)
        there = MemoryPlatforms(baton, faults, invariants.on_stage, invariants.on_write)
        lateness = dice.choice((5, 30, 60))
        machines = Machines(self, baton, faults, there)
        people = PressOffice(
            _office(self, lateness),
            self.database,
            baton,
            faults,
            there,
            self._medium,
            self._file,
            machines.wake,
            *self._people,
        )
        people.good_bytes = self._bytes
        people.furnish(str(seed), timedelta(minutes=lateness))
        self.database.attach(baton, faults, invariants.on_commit)
        try:
            machines.start(dice.choice((1, 2, 2, 3)))
            people.people()
            people.clear_up(machines.revive, machines.shut_down)
            baton.run()
            invariants.at_the_end(there)
        finally:
            self.database.detach()
            people.restore_file()
        lines = tuple(f"{_shown(at)} {who:<12} {what}" for at, who, what in baton.trace)
        return Verdict(seed, tuple(dict.fromkeys(invariants.broken)), lines, _counted(baton, there))

    def _empty(self) -> None:
        with self.database.write() as transaction:
            connection = transaction._connection
            if self.database.is_sqlite:
                for statement in _emptying():
                    connection.execute(text(statement))
                return
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # the record, too, begins anew
            self._since_truncated += 1
            if self._since_truncated % 25 == 1:
                names = ", ".join(statement.rsplit(" ", 1)[1] for statement in _emptying()[:-1])
                connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
                connection.execute(text(_emptying()[-1]))
            else:
                connection.exec_driver_sql("; ".join(_emptying()))


@dataclass
class Machines:
    """The worker processes: begun, killed, begun again under other names."""

    simulation: Simulation
    baton: Baton
    faults: Faults
    there: MemoryPlatforms
    loops: list[Task] = field(default_factory=list)
    is_over: bool = False
    _begun: int = 0
    _wanted: int = 0

    def start(self, count: int) -> None:
        """Begin so many workers."""
        self._wanted = count
        for _ in range(count):
            self._begin(at=self.baton.dice.randrange(2 * SECOND))
        self.baton.at(SECOND, self._look_after)

    def wake(self) -> None:
        """Ring all loops: somebody scheduled something."""
        for loop in self.loops:
            self.baton.wake(loop)

    def revive(self) -> None:
        """Thaw and begin what stands still."""
        for loop in self.loops:
            loop.process.frozen_until = 0
        self._look_after()

    def shut_down(self) -> None:
        """End all loops."""
        self.is_over = True
        self.wake()

    def _look_after(self) -> None:
        """Begin a dead worker again, as an operator's service manager would."""
        self.loops = [loop for loop in self.loops if not loop.is_over and loop.process.is_alive]
        for _ in range(self._wanted - len(self.loops)):
            self._begin(at=self.baton.now + self.baton.dice.randrange(SECOND, 2 * MINUTE))
        if not self.is_over:
            self.baton.at(self.baton.now + 3 * MINUTE, self._look_after)

    def _begin(self, *, at: int) -> None:
        self._begun += 1
        dice = self.baton.dice
        process = Process(f"worker-{self._begun}", dice.random() * 1e6, dice.choice((0.9995, 1.0, 1.0005)))
        ends_at = dice.randrange(60 * MINUTE) if dice.random() < 0.3 else NEVER
        self.loops.append(
            self.baton.spawn(process, "loop", lambda: self._loop(process, self.baton.now + ends_at), at=at)
        )

    def _loop(self, process: Process, ends_at: int) -> None:
        baton, database = self.baton, self.simulation.database

        def is_stopping() -> bool:
            return baton.now >= ends_at and not self.faults.is_over

        bench = Workbench(
            database=database,
            media=self.simulation._media,
            connect=self.there.open,
            worker=process.name,
            rules=lambda _day: RuleSet(),  # what they find is no matter of schedules
            words=lambda _day: TextRuleSet(),
            timing=Timing(),
            stopping=is_stopping,
            renew=self.there.renew,
            clock=ProcessClock(baton, process),
        )
        loop = baton.current
        worker = Worker(
            database,
            Deliverer(bench, Settler(bench).settle).deliver,
            name=process.name,
            timing=Timing(),
            executor=lambda do, _in_hand, _rung: Hands(baton, process, do, lambda: baton.wake(loop)),
        )
        while not self.is_over and not is_stopping():
            # In earnest the loop glances each second, which is long here; nor do all wake at the same instant.
            hour = self._next_hour()
            if hour > baton.now:
                late = baton.dice.choice((0, 0, baton.dice.randrange(5 * SECOND)))
                baton.sleep_until(min(hour + late, NEVER))
                continue
            pause = worker._turn()
            if pause:
                baton.sleep(int(pause.total_seconds() * SECOND))
        worker._executor.drain()

    def _next_hour(self) -> int:
        """Return when there may be something to do: a due time, or the end of a lease or of an account's rest."""
        rows = self.simulation.database.waiting()
        held = {account: lease for account, _due, lease, _rest in rows if lease is not None}
        return min((max(due, rest or 0, held.get(account, 0)) for account, due, _lease, rest in rows), default=NEVER)


def _settle_down(url: str) -> None:
    """Let the server plan a statement once, and never clean up by itself: its locks would be in no schedule."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET plan_cache_mode = force_generic_plan".encode())
        for table in metadata.sorted_tables:
            connection.execute(f"ALTER TABLE {table.name} SET (autovacuum_enabled = false)".encode())


def _without_guards(connection: Connection) -> None:
    """Let the record be emptied between two schedules; dropped and made again each time, its guards would cost more."""
    for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def _office(simulation: Simulation, lateness: int) -> Office:
    settings = _settings(lateness)
    return Office(
        settings=settings,
        database=simulation.database,
        media=simulation._media,
        seal=SEAL,
        door=settings.door(),
    )


@cache
def _settings(lateness: int) -> Settings:
    return Settings(lateness_minutes=lateness)


@cache
def _emptying() -> list[str]:
    lasting = {chain, people, media}  # the same in all schedules
    tables = [table.name for table in reversed(metadata.sorted_tables) if table not in lasting]
    return [*(f"DELETE FROM {name}" for name in tables), f"UPDATE chain SET number = 0, hash = '{FIRST}'"]


def _shown(at: int) -> str:
    return f"{at // MINUTE:>4}:{at % MINUTE / SECOND:09.6f}"


def _counted(baton: Baton, there: MemoryPlatforms) -> dict[str, int]:
    return {"steps": baton._counted, "writes": len(there.ledger), "looks": len(there.looks)}


@contextmanager
def quiet() -> Iterator[None]:
    """Let the engine log nothing: in a schedule mishaps are the rule."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def simulations(kind: str, folder: Path, shared: Path) -> Iterator[Simulation]:
    """Open a database of that kind for as many schedules as wanted; `shared`: where processes share a PostgreSQL."""
    with ExitStack() as stack:
        stack.enter_context(quiet())
        if kind == "sqlite":
            shutil.copyfile(migrated_sqlite(folder), folder / "simulated.db")
            url = f"sqlite:///{folder / 'simulated.db'}"
        else:
            server = Postgres(shared)
            stack.callback(server.close)
            url = stack.enter_context(server.database())
            _settle_down(url)
        simulation = Simulation(url, folder)
        stack.callback(simulation.close)
        yield simulation
