"""One chaos run: hostile platforms over HTTP, workers that are killed, people who mend; then the verdict."""

import json
import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from connectors.registry import CONNECTORS
from core.deliveries import WORKABLE, DeliveryState
from core.posts import Content
from storage.database import Database
from storage.tables import deliveries
from tests.chaos.crew import Crew
from tests.chaos.people import People
from tests.chaos.programme import EVERYTHING, Kind, write_programme
from tests.chaos.verdict import judge
from tests.chaos.weather import hostile, short_days
from tests.databases import Clock
from tests.e2e.newsroom import Newsroom, open_newsroom, wall_clock

_CALL = 5.0
_SETTINGS = {
    "connect_seconds": "2",
    "read_seconds": "4",
    "call_seconds": str(_CALL),
    "lease_seconds": "9",
    "retry_seconds": "0.1",
    "looks_seconds": "0.3,1,2,4,8,15,20,30,30,30,60,60,60",
    "read_budget": "0",
    "lateness_minutes": "60",
}
_WORKERS = 2
_GLANCE = 0.5  # seconds between looks at how it stands


@dataclass(frozen=True, slots=True)
class Order:
    """What to run. `lists_lag`: X's lists are trusted after so many seconds, None for as long as in earnest."""

    deliveries: int
    seed: int
    kills: int
    gap: float = 5.0
    kinds: tuple[Kind, ...] = EVERYTHING
    over: timedelta = timedelta(0)
    at_most: timedelta = timedelta(minutes=20)
    hidden_seconds: float = 5.0
    in_a_hurry: bool = False
    lists_lag: float | None = None


@dataclass(slots=True)
class Outcome:
    """What came of it. `wrong`: everything that breaks the promise; empty when it was kept."""

    seconds: float
    cpu_seconds: float
    states: Counter[str]
    killed: int
    struck: Counter[str]
    requests: int
    reconnected: int
    released: int
    settled: int
    writes: int
    wrong: list[str] = field(default_factory=list)


def run_chaos(
    order: Order, database_url: str, folder: Path, tell: Callable[[Counter[str], int], None] = lambda _s, _k: None
) -> Outcome:
    """Run it, in a folder of its own and on a database that has its tables and nothing else."""
    # the posts were written ten minutes ago; the workers live by the database's clock
    clock = Clock(wall_clock() - timedelta(minutes=10))
    with (
        short_days(),
        open_newsroom(
            database_url, folder, clock=clock, pictures=(), platforms=tuple(CONNECTORS), settings=_SETTINGS
        ) as newsroom,
    ):
        approved = write_programme(newsroom, order.kinds, deliveries=order.deliveries, over=order.over)
        scale = order.deliveries / 1000
        plan = hostile(
            order.seed,
            call_seconds=_CALL,
            hidden_seconds=order.hidden_seconds,
            scale=scale,
            in_a_hurry=order.in_a_hurry,
        )
        newsroom.sandbox.plant(plan)
        database = Database(database_url)
        people = People(newsroom, replace(newsroom.office, database=database))
        crew = Crew(
            newsroom.environment,
            folder,
            random.Random(order.seed),
            kills=order.kills,
            gap=order.gap,
            lists_lag=order.lists_lag,
        )
        try:
            return _run(order, newsroom, people, crew, approved, tell)
        finally:
            database.close()


def _run(
    order: Order,
    newsroom: Newsroom,
    people: People,
    crew: Crew,
    approved: dict[int, Content],
    tell: Callable[[Counter[str], int], None],
) -> Outcome:
    began, used = time.monotonic(), _cpu()
    wrong: list[str] = []
    try:
        crew.begin(_WORKERS)
        while is_busy(states := _states(people.office.database)):
            tell(Counter({state.value: count for (state, _waits), count in states.items()}), crew.killed)
            if time.monotonic() - began > order.at_most.total_seconds():
                wrong.append(f"not over after {order.at_most}: {dict(states)}")
                break
            crew.strike()
            people.look_after()
            time.sleep(_GLANCE)
    finally:
        codes = crew.end()
    seconds = time.monotonic() - began
    if any(codes):
        wrong.append(f"workers told to stop ended with {codes}")
    wrong += people.settle(approved, crew.folder)
    delivered = newsroom.deliveries()
    with people.office.database.read() as transaction:
        platforms = {account.id: account.platform for account in transaction.accounts.all()}
    writes = newsroom.sandbox.ledger.writes()
    wrong += judge(delivered, approved, platforms, writes)
    if mistakes := crew.mistakes():
        wrong.append(mistakes)
    newsroom.prove_record()
    (crew.folder / "ledger.json").write_text(json.dumps([write.to_json() for write in writes], indent=1))
    dice = newsroom.sandbox.dice
    struck: Counter[str] = Counter()
    for rule, count in zip(dice.plan.rules, dice._struck, strict=True):
        struck[rule.fault.kind] += count
    return Outcome(
        seconds=seconds,
        cpu_seconds=_cpu() - used,
        states=Counter(each.state.value for each in delivered),
        killed=crew.killed,
        struck=struck,
        requests=newsroom.last_request(),
        reconnected=people.reconnected,
        released=people.released,
        settled=len(people.settled),
        writes=len(writes),
        wrong=wrong,
    )


def _cpu() -> float:
    """Return the seconds that this process and its ended children have computed."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def is_busy(states: Counter[tuple[DeliveryState, bool]]) -> bool:
    """Tell whether any is still on its way, or waits for a person who may release it."""
    return any(state is DeliveryState.HELD or (state in WORKABLE and waits) for state, waits in states)


def _states(database: Database) -> Counter[tuple[DeliveryState, bool]]:
    """Return how many there are in each state, and whether a worker still has to do with them. Cheap: asked often."""
    waits = deliveries.c.due_at.is_not(None)
    asked = select(deliveries.c.state, waits, func.count()).group_by(deliveries.c.state, waits)
    with database._engine.connect() as connection:
        return Counter(
            {(DeliveryState(state), bool(waits)): count for state, waits, count in connection.execute(asked)}
        )
