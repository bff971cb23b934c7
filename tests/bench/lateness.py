"""How late posts begin to go out: from the hour that the office chose to the start of the visible write."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import quantiles

from tests.bench import scheduled_jobs
from tests.bench.figures import Figure, Run
from tests.bench.grounds import server
from tests.bench.office import IdleConnector, carry_out, now_of, office, schedule
from vocero.office import Office

_GOAL = 25.0  # milliseconds
_ACCOUNTS = 64
_LEAD = timedelta(seconds=5)  # so long before its hour a post may be prepared


def lateness(run: Run) -> Iterator[Figure]:
    """Posts at random instants of a minute, prepared ahead as in life."""
    count, seconds = (20, 6) if run.quick else (200, 60)
    for kind in run.kinds:
        task = run.progress.add_task(f"{kind}: {count} posts over {seconds} s, twice", total=2)
        chance = random.Random(4)
        offsets = sorted(chance.uniform(0, seconds) for _ in range(count))
        with server(kind, run.disk) as ground:
            with ground.database() as url, office(url, run.disk) as opened:
                ours = _ours(opened, offsets)
            run.progress.advance(task)
            with ground.database(migrated=False) as url:
                first = datetime.now(UTC) + timedelta(seconds=4)
                hours = [first + timedelta(seconds=offset) for offset in offsets]
                began = scheduled_jobs.move(url, hours, in_hand=8)[1]
                theirs = [(began[n] - hour.timestamp()) * 1000 for n, hour in enumerate(hours)]
            run.progress.advance(task)
        p50, p99 = _percentiles(ours)
        their_p50, their_p99 = _percentiles(theirs)
        yield Figure(
            f"lateness {kind}",
            f"due → start of the visible write, {count} posts over {seconds} s: p99",
            "ms",
            p99,
            their_p99,
            "APScheduler 3.11",
            f"p99 ≤ {_GOAL:.0f} ms",
            p99 <= _GOAL,
            {"p50": p50, "worst": max(ours), "baseline p50": their_p50, "baseline worst": max(theirs)},
        )


def _ours(opened: Office, offsets: list[float]) -> list[float]:
    first = now_of(opened) + _LEAD + timedelta(seconds=4)
    hours = [first + timedelta(seconds=offset) for offset in offsets]
    keys = schedule(opened, hours, accounts=_ACCOUNTS, lead=_LEAD)
    began: dict[str, float] = {}
    IdleConnector.begun = lambda key: began.setdefault(key, time.time())
    try:
        carry_out(opened, keys)
    finally:
        IdleConnector.begun = lambda _key: None
    return [(began[key] - hour.timestamp()) * 1000 for key, hour in zip(keys, hours, strict=True)]


def _percentiles(values: list[float]) -> tuple[float, float]:
    parts = quantiles(values, n=100, method="inclusive")
    return parts[49], parts[98]
