"""A process's own time: a port, and the machine's behind it. What is due is not its to say, but the database's."""

import heapq
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta


class Clock(ABC):
    """How a process measures what passes between two of its steps, waits, and does something meanwhile."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return seconds since some moment; they only grow, whatever anybody does to the machine's hour."""

    @abstractmethod
    def sleep(self, duration: timedelta) -> None:
        """Return after so long."""

    @abstractmethod
    def meanwhile(self, every: timedelta, do: Callable[[], bool], *, name: str) -> AbstractContextManager[None]:
        """While the block runs, do something each time so long has passed, until it returns False.

        It has ended when the block has.
        """


class SystemClock(Clock):
    """The machine's. What is done meanwhile has a thread of its own, begun only when the first period is over."""

    def __init__(self) -> None:
        self._alarms = _Alarms()

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def sleep(self, duration: timedelta) -> None:
        """Let this thread sleep."""
        time.sleep(duration.total_seconds())

    @contextmanager
    def meanwhile(self, every: timedelta, do: Callable[[], bool], *, name: str) -> Iterator[None]:
        """Run it in a thread, should the block last so long."""
        done = threading.Event()
        beginning = threading.Lock()
        threads: list[threading.Thread] = []

        def repeat() -> None:
            while not done.is_set() and do():
                done.wait(every.total_seconds())

        def begin() -> None:
            with beginning:
                if not done.is_set():
                    threads.append(threading.Thread(target=repeat, name=name, daemon=True))
                    threads[0].start()

        alarm = self._alarms.set(every.total_seconds(), begin)
        try:
            yield
        finally:
            with beginning:
                done.set()
            alarm.forget()
            for thread in threads:
                thread.join()


class _Alarm:
    """Something to be done once, at a time (monotonic seconds), unless it is forgotten before."""

    def __init__(self, at: float, do: Callable[[], None]) -> None:
        self.at = at
        self._do: Callable[[], None] | None = do

    def __lt__(self, other: "_Alarm") -> bool:
        return self.at < other.at

    def forget(self) -> None:
        self._do = None

    def ring(self) -> None:
        do, self._do = self._do, None
        if do is not None:
            do()


class _Alarms:
    """One thread that waits for all of them, begun with the first. What they do must be short."""

    def __init__(self) -> None:
        self._waiting: list[_Alarm] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def set(self, seconds: float, do: Callable[[], None]) -> _Alarm:
        """Let something be done after so long."""
        alarm = _Alarm(time.monotonic() + seconds, do)
        with self._changed:
            heapq.heappush(self._waiting, alarm)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
                self._thread.start()
            elif self._waiting[0] is alarm:
                self._changed.notify()
        return alarm

    def _run(self) -> None:
        while True:
            with self._changed:
                left = self._waiting[0].at - time.monotonic() if self._waiting else None
                if left is None or left > 0:
                    self._changed.wait(left)
                    continue
                alarm = heapq.heappop(self._waiting)
            alarm.ring()


SYSTEM_CLOCK = SystemClock()
