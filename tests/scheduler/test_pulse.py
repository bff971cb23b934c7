"""A worker's signs of life: regular while the loop turns, ended in good order, and no trouble where they fail."""

import threading
from datetime import timedelta

import pytest

from core.errors import StorageError
from core.workers import WorkerRun
from scheduler.pulse import Pulse
from tests.scheduler.newsroom import Newsroom
from tests.scheduler.test_worker import ByHand, worker_of

ALWAYS, NEVER = timedelta(0), timedelta(days=1)


def runs(newsroom: Newsroom) -> list[WorkerRun]:
    with newsroom.database.read() as transaction:
        return transaction.workers.all()


def pulse_of(newsroom: Newsroom, **given: object) -> Pulse:
    return Pulse(newsroom.database, name="prensa:7", version="0.1", **given)  # type: ignore[arg-type]


def test_it_beats_in_one_row_and_only_when_it_is_time(newsroom: Newsroom) -> None:
    often, seldom = pulse_of(newsroom, every=ALWAYS), pulse_of(newsroom, every=NEVER)
    for _time in range(3):
        newsroom.clock.advance(seconds=15)
        often.beat()
        seldom.beat()
    beats = [(run.beat_at - run.started_at).total_seconds() for run in runs(newsroom)]
    assert beats == [30, 0]


def test_it_looks_round_at_once_and_then_every_so_often(newsroom: Newsroom) -> None:
    looks: list[int] = []
    for look_every in (ALWAYS, NEVER):
        pulse = pulse_of(newsroom, every=NEVER, look=lambda: looks.append(1), look_every=look_every)
        for _time in range(3):
            pulse.beat()
    assert len(looks) == 4


def test_one_whose_row_was_removed_begins_another(newsroom: Newsroom) -> None:
    pulse = pulse_of(newsroom, every=ALWAYS)
    pulse.beat()
    newsroom.clock.advance(days=2)
    pulse_of(newsroom).beat()
    assert len(runs(newsroom)) == 1
    pulse.beat()
    assert len(runs(newsroom)) == 2


def test_a_beat_that_fails_troubles_nobody(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise StorageError("no")

    pulse = pulse_of(newsroom, every=ALWAYS, look=refuse, look_every=ALWAYS)
    pulse.beat()
    with monkeypatch.context() as patch:
        patch.setattr(newsroom.database, "write", refuse)
        pulse.beat()
        pulse.end()
    assert [run.stopped_at for run in runs(newsroom)] == [None]
    pulse.end()
    assert [run.stopped_at for run in runs(newsroom)] == [newsroom.clock.now]


def test_the_loop_beats_and_ends_in_good_order(newsroom: Newsroom) -> None:
    worker = worker_of(newsroom, pulse=pulse_of(newsroom))
    thread = threading.Thread(target=worker.run)
    thread.start()
    worker.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert [run.stopped_at for run in runs(newsroom)] in ([newsroom.clock.now], [])  # it may be told before it begins
    worker_of(newsroom, pulse=pulse_of(newsroom)).run_once(ALWAYS)
    assert runs(newsroom)[-1].stopped_at == newsroom.clock.now


def test_it_beats_while_what_is_in_hand_comes_to_its_end(newsroom: Newsroom) -> None:
    beaten = threading.Event()

    class Slow(ByHand):
        def drain(self) -> None:
            looked.clear()
            assert beaten.wait(20), "no beat while draining"
            super().drain()

    looked: list[int] = []

    def look() -> None:
        looked.append(1)
        if len(looked) > 2:
            beaten.set()

    pulse = pulse_of(newsroom, every=timedelta(milliseconds=10), look=look, look_every=ALWAYS)
    worker_of(newsroom, pulse=pulse, executor=Slow).run_once(ALWAYS)
    assert beaten.is_set()
    assert runs(newsroom)[-1].stopped_at is not None
