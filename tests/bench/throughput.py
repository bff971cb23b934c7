"""Deliveries a second through the whole ledger, with a platform that does nothing, or takes 20 ms."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

from tests.bench import scheduled_jobs
from tests.bench.figures import Figure, Run
from tests.bench.grounds import Ground, server
from tests.bench.office import IdleConnector, carry_out, now_of, office, schedule

_ACCOUNTS = 64
_TAKES = 0.02  # seconds
_WORK = 16
_IDEAL = _WORK / _TAKES
_SHARE = 0.7


def idle_platform(run: Run) -> Iterator[Figure]:
    """With a platform that does nothing, against APScheduler without a ledger."""
    for kind in run.kinds:
        for place in run.places:
            ours, theirs = _compare(run, kind, place, in_hand=8, takes=0)
            yield Figure(
                f"deliveries {kind} {place}",
                "no-op connector, whole ledger, 8 in hand",
                "/s",
                ours,
                theirs,
                "APScheduler 3.11, no ledger",
                "ratio ≥ 1",
                ours >= theirs,
            )


def busy_platform(run: Run) -> Iterator[Figure]:
    """With a platform that takes 20 ms for the visible write, and 16 in hand."""
    for kind in run.kinds:
        for place in run.places:
            ours, theirs = _compare(run, kind, place, in_hand=_WORK, takes=_TAKES)
            yield Figure(
                f"deliveries-20ms {kind} {place}",
                f"20 ms connector, {_WORK} in hand, ideal {_IDEAL:.0f}/s",
                "/s",
                ours,
                theirs,
                "APScheduler 3.11, no ledger",
                f"≥ {_SHARE:.0%} of the ideal: {_SHARE * _IDEAL:.0f}/s",
                ours >= _SHARE * _IDEAL,
                {"share of the ideal": ours / _IDEAL},
            )


def _compare(run: Run, kind: str, place: str, *, in_hand: int, takes: float) -> tuple[float, float]:
    """Return deliveries and jobs a second: medians of rounds made in turn, so that a busy machine slows both."""
    rounds, count = (1, 150) if run.quick else (3, 600)
    task = run.progress.add_task(f"{kind}, {place}", total=rounds * 2)
    ours, theirs = [], []
    with server(kind, run.places[place]) as ground:
        for _ in range(rounds):
            ours.append(count / _deliver(ground, run, count, in_hand=in_hand, takes=takes))
            run.progress.advance(task)
            past = datetime.now(UTC) - timedelta(minutes=1)
            with ground.database(migrated=False) as url:
                theirs.append(count / scheduled_jobs.move(url, [past] * count, in_hand=in_hand, takes=takes)[0])
            run.progress.advance(task)
    return median(ours), median(theirs)


def _deliver(ground: Ground, run: Run, count: int, *, in_hand: int, takes: float) -> float:
    with ground.database() as url, office(url, run.disk, in_hand=in_hand) as opened:
        now = now_of(opened)
        keys = schedule(opened, [now - timedelta(seconds=10)] * count, accounts=_ACCOUNTS)
        IdleConnector.takes = takes
        try:
            return carry_out(opened, keys)
        finally:
            IdleConnector.takes = 0
