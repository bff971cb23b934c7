"""The loop: claim what is due, hand it to the executor, sleep until the next due time or a wake-up."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from core.deliveries import Delivery
from core.errors import Conflict, StorageError
from scheduler.executor import Executor, LocalExecutor
from scheduler.workbench import Timing
from storage.database import Database

log = structlog.get_logger()

# Other processes schedule too (the command line): so long may what they scheduled for "now" go unnoticed.
_GLANCE = timedelta(seconds=1)
_STORAGE_REST = timedelta(seconds=2)


class Worker:
    """Delivers until it is told to stop. Several, on several machines, may share one database."""

    def __init__(
        self,
        database: Database,
        deliver: Callable[[Delivery], None],
        *,
        name: str,
        timing: Timing,
        in_hand: int = 8,
        executor: Callable[[Callable[[Delivery], None], int, Callable[[], None]], Executor] | None = None,
    ) -> None:
        self._database = database
        self._name = name
        self._timing = timing
        self._wake = threading.Event()
        self._stop = threading.Event()
        make = executor or (lambda do, n, finished: LocalExecutor(do, in_hand=n, finished=finished))
        self._executor = make(deliver, in_hand, self._wake.set)

    def stop(self) -> None:
        """Ask the loop to end: no new claims, what is in hand comes to the end of its step. Returns at once."""
        self._stop.set()
        self._wake.set()

    def is_stopping(self) -> bool:
        """Tell whether the loop was asked to end."""
        return self._stop.is_set()

    def run(self) -> None:
        """Deliver until `stop`; returns when nothing is in hand any more."""
        log.info("worker_started", worker=self._name)
        while not self._stop.is_set():
            self._wake.clear()
            pause = self._turn()
            if pause:
                self._wake.wait(pause.total_seconds())
        self._executor.drain()
        log.info("worker_stopped", worker=self._name)

    def run_once(self, patience: timedelta) -> list[Delivery]:
        """Deliver what is due now and what becomes due within `patience` because of it; then return what is undone.

        Undone: its hour has come and it still waits for a worker.
        """
        with self._database.read() as transaction:
            ends_at = transaction.now + patience
        while not self._stop.is_set():
            self._wake.clear()
            pause = self._turn()
            with self._database.read() as transaction:
                now = transaction.now
                undone = transaction.deliveries.undone(now)
                next_due = transaction.deliveries.next_due()
            busy = any(each.lease_until is not None and each.lease_until > now for each in undone)
            due_soon = next_due is not None and next_due <= now
            if now >= ends_at or not (undone or due_soon or busy):
                break
            self._wake.wait(min(pause or _GLANCE, _GLANCE).total_seconds() / 10)
        self._executor.drain()
        with self._database.read() as transaction:
            return transaction.deliveries.undone(transaction.now)

    def _turn(self) -> timedelta:
        """Claim and hand out what is due; return how long to sleep, zero when there may be more."""
        try:
            free = self._executor.free()
            if free:
                with self._database.write() as transaction:
                    claimed = transaction.deliveries.claim(
                        worker=self._name, lease=self._timing.lease, limit=free, now=transaction.now
                    )
                for delivery in claimed:
                    self._executor.submit(delivery)
                if claimed:
                    return timedelta(0)
            with self._database.read() as transaction:
                next_due = transaction.deliveries.next_due()
                now = transaction.now
        except Conflict:
            return timedelta(milliseconds=20)  # two workers met on one account: the other has it
        except StorageError as error:
            log.warning("worker_storage_error", worker=self._name, error=error.diagnostic or error.sentence)
            return _STORAGE_REST
        if next_due is None or next_due <= now:
            return _GLANCE  # what is due rests with its account, or is in hand
        return min(next_due - now, _GLANCE)
