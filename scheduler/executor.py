"""Who executes a claimed delivery: a port, and the threads of this process behind it."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from core.deliveries import Delivery

log = structlog.get_logger()


class Executor(ABC):
    """Takes claimed deliveries in hand. Handing one out twice is harmless: the ledger says who may write."""

    @abstractmethod
    def free(self) -> int:
        """Return how many more deliveries it can take now."""

    @abstractmethod
    def submit(self, delivery: Delivery) -> None:
        """Take one in hand; return at once."""

    @abstractmethod
    def drain(self) -> None:
        """Return when all that is in hand has come to the end of its step."""


class LocalExecutor(Executor):
    """Threads of this process. `finished` is called after each delivery, from its thread."""

    def __init__(
        self, deliver: Callable[[Delivery], None], *, in_hand: int = 8, finished: Callable[[], None] = lambda: None
    ) -> None:
        self._deliver = deliver
        self._finished = finished
        self._pool = ThreadPoolExecutor(max_workers=in_hand, thread_name_prefix="deliver")
        self._lock = threading.Lock()
        self._free = in_hand

    def free(self) -> int:
        """Return the number of idle threads."""
        with self._lock:
            return self._free

    def submit(self, delivery: Delivery) -> None:
        """Hand it to an idle thread."""
        with self._lock:
            self._free -= 1
        self._pool.submit(self._run, delivery)

    def drain(self) -> None:
        """Wait for all threads."""
        self._pool.shutdown(wait=True)

    def _run(self, delivery: Delivery) -> None:
        try:
            self._deliver(delivery)
        except Exception:
            log.exception("delivery_crashed", delivery=delivery.id)
        finally:
            with self._lock:
                self._free += 1
            self._finished()
