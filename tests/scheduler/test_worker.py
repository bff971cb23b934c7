"""The loop and its hands: what is due is claimed and handed out, nobody is asked twice, and an end is an end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import Unavailable
from core.deliveries import Delivery, DeliveryState
from core.errors import Conflict, StorageError
from core.platforms import Platform
from scheduler import worker as module
from scheduler.delivering import Deliverer
from scheduler.executor import Executor, LocalExecutor
from scheduler.settling import Settler
from scheduler.workbench import Timing
from scheduler.worker import Worker
from tests.scheduler.newsroom import Newsroom

State = DeliveryState
_START = datetime(2026, 11, 23, tzinfo=UTC)
_A_DELIVERY = Delivery(1, "vocero-1", 1, 1, 1, 1, State.SCHEDULED, _START, _START, _START, 1)
PATIENT = 20  # seconds that a test waits for another thread before it fails


class ByHand(Executor):
    """Runs each delivery at once, in the loop's own thread."""

    def __init__(self, do: Callable[[Delivery], None], in_hand: int, finished: Callable[[], None]) -> None:
        self.do, self.room, self.finished = do, in_hand, finished
        self.drained = 0

    def free(self) -> int:
        return self.room

    def submit(self, delivery: Delivery) -> None:
        self.do(delivery)
        self.finished()

    def drain(self) -> None:
        self.drained += 1


def worker_of(newsroom: Newsroom, **given: object) -> Worker:
    bench = newsroom.bench()
    deliver = Deliverer(bench, Settler(bench).settle).deliver
    return Worker(newsroom.database, deliver, name="a", timing=newsroom.timing, **given)  # type: ignore[arg-type]


def schedule_elsewhere(newsroom: Newsroom, number: int) -> None:
    for _ in range(number):
        newsroom.desk.delivery(newsroom.desk.account(), publish_at=newsroom.clock.now)


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(PATIENT)
    assert not thread.is_alive()


def test_all_that_is_due_goes_out_and_the_loop_ends_when_told(newsroom: Newsroom) -> None:
    schedule_elsewhere(newsroom, 4)
    for _ in range(3):
        newsroom.schedule()
    worker = worker_of(newsroom, in_hand=3)
    all_out = threading.Semaphore(0)
    newsroom.report = lambda _progress: all_out.release()
    with running(worker):
        for _ in range(7):
            assert all_out.acquire(timeout=PATIENT)
    assert worker.is_stopping()
    assert {each.state for each in newsroom.all()} == {State.PUBLISHED}
    assert len(newsroom.platform.visible()) == len({write.key for write in newsroom.platform.visible()}) == 7


def test_two_workers_share_the_work_and_send_nothing_twice(newsroom: Newsroom) -> None:
    schedule_elsewhere(newsroom, 12)
    for _ in range(6):
        newsroom.schedule()
    workers = [worker_of(newsroom, in_hand=2), worker_of(newsroom, in_hand=2)]
    threads = [threading.Thread(target=worker.run_once, args=(timedelta(hours=1),)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENT)
    assert {each.state for each in newsroom.all()} == {State.PUBLISHED}
    keys = [write.key for write in newsroom.platform.visible()]
    assert len(keys) == len(set(keys)) == 18


def test_once_delivers_all_of_an_account_one_after_the_other(newsroom: Newsroom) -> None:
    for _ in range(4):
        newsroom.schedule()
    newsroom.schedule(in_minutes=60)
    assert worker_of(newsroom).run_once(timedelta(hours=1)) == []
    assert [each.state for each in newsroom.all()] == [State.PUBLISHED] * 4 + [State.SCHEDULED]


def test_once_without_patience_tells_what_is_undone(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    newsroom.platform.plan("publish", before=Unavailable(platform=Platform.WEBSITE))
    (undone,) = worker_of(newsroom, executor=ByHand).run_once(timedelta(0))
    assert (undone.id, undone.state) == (delivery.id, State.SCHEDULED)


def test_once_stays_for_what_must_be_tried_again(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.schedule()
    newsroom.platform.plan("publish", before=Unavailable(platform=Platform.WEBSITE))
    monkeypatch.setattr(module, "_GLANCE", timedelta(milliseconds=10))
    monkeypatch.setattr(newsroom.database, "_clock", lambda: newsroom.clock.advance(seconds=1))  # time passes
    assert worker_of(newsroom, executor=ByHand).run_once(timedelta(minutes=1)) == []
    assert newsroom.all()[0].state is State.PUBLISHED


@pytest.mark.parametrize(("wait", "pause"), [(0.25, 0.25), (3600, 1), (None, 1)])
def test_it_sleeps_until_the_next_due_time_but_looks_up_in_between(
    newsroom: Newsroom, wait: float | None, pause: float
) -> None:
    if wait is not None:
        newsroom.schedule(due_at=newsroom.clock.now + timedelta(seconds=wait), in_minutes=70)
    assert worker_of(newsroom, executor=ByHand)._turn() == timedelta(seconds=pause)


def test_it_takes_no_more_than_it_has_hands(newsroom: Newsroom) -> None:
    schedule_elsewhere(newsroom, 5)
    seen: list[Delivery] = []
    made: list[ByHand] = []

    def hands(do: Callable[[Delivery], None], in_hand: int, finished: Callable[[], None]) -> ByHand:
        made.append(ByHand(seen.append, in_hand, finished))
        return made[0]

    worker = worker_of(newsroom, executor=hands, in_hand=2)
    assert worker._turn() == timedelta(0)
    assert len(seen) == 2
    made[0].room = 0
    worker._turn()
    assert len(seen) == 2


@pytest.mark.parametrize("error", [Conflict("otra persona"), StorageError("llena")])
def test_a_claim_that_fails_is_made_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    newsroom.schedule()
    monkeypatch.setattr(module, "_STORAGE_REST", timedelta(milliseconds=1))
    write, refusals = newsroom.database.write, [error]

    def once() -> object:
        if refusals:
            raise refusals.pop()
        return write()

    monkeypatch.setattr(newsroom.database, "write", once)
    assert worker_of(newsroom, executor=ByHand).run_once(timedelta(hours=1)) == []
    assert newsroom.all()[0].state is State.PUBLISHED


def test_a_worker_told_to_stop_claims_nothing_more(newsroom: Newsroom) -> None:
    newsroom.schedule()
    worker = worker_of(newsroom)
    worker.stop()
    worker.run()
    assert newsroom.all()[0].fence == 0


def test_a_lease_must_outlive_a_call() -> None:
    with pytest.raises(ValueError, match="outlive"):
        Timing(lease=timedelta(seconds=75), call=timedelta(seconds=75))


# ── the hands ──


def test_hands_are_counted_and_a_crash_frees_its_hand() -> None:
    go_on, finished = threading.Event(), threading.Semaphore(0)

    def work(delivery: object) -> None:
        go_on.wait(PATIENT)
        raise RuntimeError

    executor = LocalExecutor(work, in_hand=2, finished=finished.release)
    executor.submit(_A_DELIVERY)
    executor.submit(_A_DELIVERY)
    assert executor.free() == 0
    go_on.set()
    for _ in range(2):
        assert finished.acquire(timeout=PATIENT)
    assert executor.free() == 2
    executor.drain()


def test_draining_waits_for_what_is_in_hand() -> None:
    begun, done = threading.Event(), []

    def work(delivery: Delivery) -> None:
        begun.set()
        done.append(delivery)

    executor = LocalExecutor(work, in_hand=1)
    executor.submit(_A_DELIVERY)
    executor.drain()
    assert done == [_A_DELIVERY]
