"""Several processes on one database, hostile platforms, and now and then one of them is killed."""

import random
import signal
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from core.deliveries import DeliveryState
from core.platforms import Platform
from storage.tables import deliveries
from tests.databases import Clock
from tests.e2e.newsroom import ARTICLE, TEXT, Newsroom, Recipe, open_newsroom, until, wall_clock
from tests.e2e.victims import Victim, Victims

_DELIVERIES = 60
_KILLS = 4
# what a dead worker had in hand is taken up this much later
_SHORT = {"connect_seconds": "0.5", "read_seconds": "0.8", "call_seconds": "0.9", "lease_seconds": "2"}
# on a busy machine a call may well take longer than that, several times in a row
_PATIENT = {"looks_seconds": "0.1,0.2,0.4,1,2,3,4,5,5,5"}
# Without pictures on Facebook: a draft with photos whose answer is lost three times fails, as its connector says
_RECIPES = (TEXT, ARTICLE, Recipe("both", (Platform.FACEBOOK, Platform.WEBSITE)))
_FAULTS = (
    {"kind": "drop_after"},
    {"kind": "drop_before"},
    {"kind": "status_after", "status": 500},
    {"kind": "html"},
    {"kind": "truncated", "how": "length"},
)


def test_workers_that_die_and_platforms_that_fail_show_every_post_once(
    database_url: str, tmp_path: Path, pictures: tuple[Path, ...], victims: Victims
) -> None:
    # the workers live by the real clock; the posts were written a while ago, and their hour has come
    clock = Clock(wall_clock() - timedelta(minutes=10))
    chance = random.Random(f"{database_url.partition(':')[0]} 8623")
    with open_newsroom(database_url, tmp_path, clock=clock, pictures=pictures, settings=_SHORT | _PATIENT) as newsroom:
        while len(newsroom.approved) < _DELIVERIES:
            newsroom.schedule(_RECIPES[len(newsroom.approved) % 3], publish_at=newsroom.soon(1))
        newsroom.plant(*({"fault": fault, "times": None, "probability": 0.01} for fault in _FAULTS), seed=5)
        workers = [victims.start(newsroom.environment, tmp_path / f"trace-{n}") for n in range(2)]
        try:
            _kill_some(newsroom, victims, workers, chance, tmp_path)
            with suppress(AssertionError):  # what is left is told below, with what became of the workers
                until(lambda: _left(newsroom) == 0, seconds=60)
        finally:
            for worker in workers:
                worker.signal(signal.SIGTERM)
            fates = [worker.fate() for worker in workers]
        assert [fate.code for fate in fates] == [0, 0], [fate.trace[-30:] for fate in fates]
        assert _left(newsroom) == 0, _story(newsroom)
        newsroom.prove_all_out()
        newsroom.prove_record()
        doers = {each.worker for delivery in newsroom.deliveries() for each in newsroom.attempts(delivery.id)}
        assert len(doers) > 2


def _kill_some(
    newsroom: Newsroom, victims: Victims, workers: list[Victim], chance: random.Random, folder: Path
) -> None:
    """Kill, again and again, a worker that has something in hand, and let a new one take its place."""
    for number in range(_KILLS):
        before = _left(newsroom)
        until(lambda before=before: _left(newsroom) <= before - 3, seconds=30)  # type: ignore[misc]
        time.sleep(chance.random() * 0.05)
        busy: list[int] = []
        until(lambda busy=busy: bool(_busy(newsroom, workers, busy)), seconds=30)  # type: ignore[misc]
        chosen = chance.choice(busy)
        workers[chosen].signal(signal.SIGKILL)
        assert workers[chosen].fate().was_killed
        workers[chosen] = victims.start(newsroom.environment, folder / f"trace-again-{number}")


def _busy(newsroom: Newsroom, workers: list[Victim], found: list[int]) -> list[int]:
    """Put into `found`, and return, the places of those who have a delivery in hand."""
    with newsroom.office.database._engine.connect() as connection:
        owners = {
            str(owner).rpartition(":")[2] for owner in connection.execute(select(deliveries.c.lease_owner)).scalars()
        }
    found[:] = [place for place, worker in enumerate(workers) if str(worker.pid) in owners]
    return found


def _story(newsroom: Newsroom) -> str:
    """Return what became of those that are not out."""
    left = [each for each in newsroom.deliveries() if each.state is not DeliveryState.PUBLISHED]
    return "\n".join(f"{each}\n  {newsroom.attempts(each.id)}" for each in left)


def _left(newsroom: Newsroom) -> int:
    return sum(each.state is not DeliveryState.PUBLISHED for each in newsroom.deliveries())
