"""The machine's own clock: what is done meanwhile begins when its period is over, and has ended when the block has."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from scheduler.clock import SystemClock

SOON = timedelta(milliseconds=1)
LATER = timedelta(minutes=1)


def test_it_is_done_again_and_again_while_the_block_runs() -> None:
    thrice, count = threading.Event(), 0

    def do() -> bool:
        nonlocal count
        count += 1
        if count == 3:
            thrice.set()
        return True

    with SystemClock().meanwhile(SOON, do, name="it"):
        assert thrice.wait(10)
    assert not _running("it")


def test_what_said_no_is_not_asked_again() -> None:
    clock, asked, later = SystemClock(), [], threading.Event()

    def say_no() -> bool:
        asked.append(1)
        return False

    with clock.meanwhile(SOON, say_no, name="it"), clock.meanwhile(SOON * 20, _told(later), name="later"):
        assert later.wait(10)
    assert asked == [1]


def test_a_short_block_begins_no_thread_and_is_not_called() -> None:
    clock, called = SystemClock(), threading.Event()
    before = {thread.name for thread in threading.enumerate()}
    for _ in range(100):
        with clock.meanwhile(LATER, _told(called), name="it"):
            pass
    assert {thread.name for thread in threading.enumerate()} - before <= {"alarms"}
    assert not called.is_set()


def test_the_block_waits_for_what_is_being_done() -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def do() -> bool:
        begun.set()
        may_end.wait(10)
        ended.set()
        return True

    with SystemClock().meanwhile(SOON, do, name="it"):
        assert begun.wait(10)
        threading.Timer(0.02, may_end.set).start()
    assert ended.is_set()


def test_one_that_is_due_sooner_is_not_kept_waiting() -> None:
    clock, sooner = SystemClock(), threading.Event()
    with clock.meanwhile(LATER, lambda: True, name="later"), clock.meanwhile(SOON, _told(sooner), name="it"):
        assert sooner.wait(10)


def test_an_error_of_the_block_ends_it_too() -> None:
    clock = SystemClock()
    with pytest.raises(KeyError), clock.meanwhile(LATER, lambda: True, name="it"):
        raise KeyError
    assert not _running("it")


def _told(event: threading.Event) -> Callable[[], bool]:
    def tell() -> bool:
        event.set()
        return True

    return tell


def _running(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]
