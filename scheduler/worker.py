"""The loop: claim what is due, hand it to the executor, sleep until the next due time or a wake-up."""

import queue
import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from core.deliveries import Delivery
from core.errors import Conflict, StorageError
from scheduler.executor import Executor, LocalExecutor
from scheduler.pulse import Pulse
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
        trouble: Callable[[StorageError], None] = lambda _error: None,
        executor: Callable[[Callable[[Delivery], None], int, Callable[[], None]], Executor] | None = None,
        pulse: Pulse | None = None,
    ) -> None:
        self._database = database
        self._name = name
        self._timing = timing
        self._trouble = trouble
        self._pulse = pulse
        self._wake = _WakeUp()
        self._stopping = False
        self._has_claimed = True  # where there was something there may be more: look by claiming
        make = executor or (lambda do, n, finished: LocalExecutor(do, in_hand=n, finished=finished))
        self._executor = make(deliver, in_hand, self._wake.ring)

    def stop(self) -> None:
        """Ask the loop to end: no new claims, what is in hand comes to the end of its step. Returns at once.

        A signal handler may call it, whatever the loop is doing.
        """
        self._stopping = True
        self._wake.ring()

    def is_stopping(self) -> bool:
        """Tell whether the loop was asked to end."""
        return self._stopping

    def run(self) -> None:
        """Deliver until `stop`; returns when nothing is in hand any more."""
        log.info("worker_started", worker=self._name)
        while not self._stopping:
            self._wake.forget()
            self._beat()
            pause = self._turn()
            if pause and not self._stopping:
                self._wake.wait(pause)
        self._drain()
        log.info("worker_stopped", worker=self._name)

    def run_once(self, patience: timedelta) -> list[Delivery]:
        """Deliver what is due now and what becomes due within `patience` because of it; then return what is undone.

        Undone: its hour has come and it still waits for a worker.
        """
        with self._database.read() as transaction:
            ends_at = transaction.now + patience
        while not self._stopping:
            self._wake.forget()
            self._beat()
            pause = self._turn()
            with self._database.read() as transaction:
                now = transaction.now
                undone = transaction.deliveries.undone(now)
                next_due = transaction.deliveries.next_due()
            busy = any(each.lease_until is not None and each.lease_until > now for each in undone)
            due_soon = next_due is not None and next_due <= now
            if self._stopping or now >= ends_at or not (undone or due_soon or busy):
                break
            self._wake.wait(min(pause or _GLANCE, _GLANCE) / 10)
        self._drain()
        with self._database.read() as transaction:
            return transaction.deliveries.undone(transaction.now)

    def _beat(self) -> None:
        if self._pulse is not None:
            self._pulse.beat()

    def _drain(self) -> None:
        """Wait for what is in hand; that may take as long as a call, and is no silence."""
        if self._pulse is None:
            self._executor.drain()
            return
        draining = threading.Thread(target=self._executor.drain, name="drain", daemon=True)
        draining.start()
        while draining.is_alive():
            draining.join(self._pulse.every.total_seconds())
            self._pulse.beat()
        self._pulse.end()

    def _turn(self) -> timedelta:
        """Claim and hand out what is due; return how long to sleep, zero when there may be more."""
        try:
            free = self._executor.free()
            if free and (self._has_claimed or self._is_due()):
                with self._database.write() as transaction:
                    claimed = transaction.deliveries.claim(
                        worker=self._name, lease=self._timing.lease, limit=free, now=transaction.now
                    )
                for delivery in claimed:
                    self._executor.submit(delivery)
                self._has_claimed = bool(claimed)
                if claimed:
                    return timedelta(0)
            with self._database.read() as transaction:
                next_due = transaction.deliveries.next_due()
                now = transaction.now
        except Conflict:
            return timedelta(milliseconds=20)  # two workers met on one account: the other has it
        except StorageError as error:
            log.warning("worker_storage_error", worker=self._name, error=error.diagnostic or error.sentence)
            self._trouble(error)
            return _STORAGE_REST
        if next_due is None or next_due <= now:
            return _GLANCE  # what is due rests with its account, or is in hand
        return min(next_due - now, _GLANCE)

    def _is_due(self) -> bool:
        """Look without claiming: most glances of a quiet day find nothing, and need not ask for the right to write."""
        with self._database.read() as transaction:
            next_due = transaction.deliveries.next_due()
            return next_due is not None and next_due <= transaction.now


class _WakeUp:
    """Ends the loop's sleep. Unlike threading.Event it may be rung from a signal handler that breaks in anywhere.

    An Event holds a lock while it is set, cleared or waited for: a handler that sets it just then waits for itself.
    """

    def __init__(self) -> None:
        self._rung: queue.SimpleQueue[None] = queue.SimpleQueue()

    def ring(self) -> None:
        """End this sleep, or the next one."""
        self._rung.put(None)

    def forget(self) -> None:
        """Take back what was rung so far."""
        while not self._rung.empty():
            self.wait(timedelta(0))

    def wait(self, longest: timedelta) -> None:
        """Sleep until it rings."""
        try:
            self._rung.get(timeout=longest.total_seconds())
        except queue.Empty:
            return
