"""A worker's sign of life in the ledger, and its look round for what nobody else would notice.

The loop itself beats, no thread beside it: a loop that is stuck falls silent, and that is noticed.
"""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from core.errors import StorageError
from core.workers import WorkerRun
from storage.database import Database

log = structlog.get_logger()


class Pulse:
    """Beats every so often while it is asked to. `look` is called at the first beat, then every `look_every`."""

    def __init__(
        self,
        database: Database,
        *,
        name: str,
        version: str,
        every: timedelta = timedelta(seconds=15),
        look: Callable[[], None] = lambda: None,
        look_every: timedelta = timedelta(minutes=1),
    ) -> None:
        self._database = database
        self._name, self._version = name, version
        self.every, self._look, self._look_every = every, look, look_every
        self._run: WorkerRun | None = None
        self._beaten: float | None = None
        self._looked: float | None = None

    def beat(self) -> None:
        """Beat and look round where it is time to; costs next to nothing where it is not. Never raises StorageError.

        A beat that the database refuses is missed, as it would be by a process that is gone.
        """
        self._attempt(self._beat_if_due, "beat_missed")
        self._attempt(self._look_if_due, "look_missed")

    def end(self) -> None:
        """Say that the worker ends in good order."""
        self._attempt(self._end, "end_not_told")

    def _beat_if_due(self) -> None:
        if not _is_time(self._beaten, self.every):
            return
        self._beaten = time.monotonic()
        with self._database.write() as transaction:
            now = transaction.now
            if self._run is None or not transaction.workers.beat(self._run, now=now):
                self._run = transaction.workers.begin(name=self._name, version=self._version, now=now)

    def _look_if_due(self) -> None:
        if _is_time(self._looked, self._look_every):
            self._looked = time.monotonic()
            self._look()

    def _end(self) -> None:
        if self._run is not None:
            with self._database.write() as transaction:
                transaction.workers.end(self._run, now=transaction.now)

    def _attempt(self, do: Callable[[], None], event: str) -> None:
        try:
            do()
        except StorageError as error:
            log.warning(event, worker=self._name, error=error.diagnostic or error.sentence)


def _is_time(last: float | None, every: timedelta) -> bool:
    return last is None or time.monotonic() - last >= every.total_seconds()
