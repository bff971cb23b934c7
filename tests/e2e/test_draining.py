"""SIGTERM under load: what is in hand comes to the end of its step, nothing new begins, and the process ends with 0."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.deliveries import DeliveryState, Step
from tests.databases import Clock
from tests.e2e.commands import start_vocero
from tests.e2e.newsroom import ARTICLE, TEXT, Newsroom, open_newsroom, until, wall_clock


@pytest.fixture
def newsroom(database_url: str, tmp_path: Path, pictures: tuple[Path, ...]) -> Iterator[Newsroom]:
    """An office whose posts were written ten minutes ago: the command lives by the real clock."""
    clock = Clock(wall_clock() - timedelta(minutes=10))
    with open_newsroom(database_url, tmp_path, clock=clock, pictures=pictures) as opened:
        yield opened
        opened.prove_record()


def test_told_to_stop_with_much_to_do_it_finishes_what_it_began_and_begins_nothing(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    for recipe in (TEXT, ARTICLE) * 6:
        newsroom.one(recipe, publish_at=newsroom.soon(1))
    slow = {"kind": "slow", "seconds": 0.4, "when": "before"}
    newsroom.plant({"match": {"operation": "publish"}, "fault": slow, "times": None})
    process = start_vocero(newsroom.environment, "run", folder=tmp_path)
    until(lambda: len(newsroom.requests("publish")) >= 3, seconds=60)
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")

    asked = len(newsroom.requests("publish"))
    # one more may have been announced in each account before the signal came
    assert 3 <= asked <= 3 + 2 * len(newsroom.accounts)
    deliveries = newsroom.deliveries()
    published = [each for each in deliveries if each.state is DeliveryState.PUBLISHED]
    assert len(published) == asked
    waiting = {DeliveryState.SCHEDULED, DeliveryState.STAGING}
    rest = [each for each in deliveries if each not in published]
    assert rest
    assert {each.state for each in rest} <= waiting, rest
    assert {each.lease_until for each in rest} == {None}  # nobody has to wait for the end of a lease
    attempts = [attempt for each in deliveries for attempt in newsroom.attempts(each.id)]
    assert all(attempt.finished_at for attempt in attempts)
    assert {attempt.step for attempt in attempts} == {Step.PUBLISH}
    newsroom.prove_published(*(each.id for each in published))

    newsroom.plant()
    newsroom.move_to(wall_clock())
    newsroom.work()
    newsroom.finish()
    newsroom.prove_all_out()
