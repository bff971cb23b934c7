"""A process's own time: a port, and the machine's behind it. What is due is not its to say, but the database's."""

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
    """The machine's. What is done meanwhile is done in a thread of its own."""

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def sleep(self, duration: timedelta) -> None:
        """Let this thread sleep."""
        time.sleep(duration.total_seconds())

    @contextmanager
    def meanwhile(self, every: timedelta, do: Callable[[], bool], *, name: str) -> Iterator[None]:
        """Run it in a thread."""
        done = threading.Event()

        def repeat() -> None:
            while not done.wait(every.total_seconds()) and do():
                pass

        thread = threading.Thread(target=repeat, name=name, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


SYSTEM_CLOCK = SystemClock()
