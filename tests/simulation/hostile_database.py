"""The real storage under a simulated machine: others run between its transactions and, within them, between statements.

A transaction may fail at its beginning (busy, read-only), at its commit (full: nothing changed) or just after it (the
answer of the commit was lost); the process may die or freeze at each of these. A statement that another transaction
blocks waits as it does in earnest, by the simulated clock.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import psycopg
from sqlalchemy import Connection, event

from core.deliveries import WORKABLE
from core.errors import StorageError
from core.events import Event
from storage.database import Database
from storage.transaction import Transaction
from tests.simulation.baton import START, Baton
from tests.simulation.faults import MINUTE, SECOND, Faults

_BUSY = 10 * SECOND
_RETRY = SECOND // 4
_SPREAD = 0.04  # of all statements of a transaction that writes: others run before it
_WAITING = (
    "SELECT d.account_id, d.due_at, d.lease_until, a.waits_until"
    " FROM deliveries d JOIN accounts a ON a.id = d.account_id"
    f" WHERE d.due_at IS NOT NULL AND d.state IN ({', '.join(repr(str(state)) for state in sorted(WORKABLE))})"
)


def _microseconds(said: Any) -> int | None:
    if said is None:
        return None
    at = datetime.fromisoformat(said).replace(tzinfo=UTC) if isinstance(said, str) else said
    return (at - START) // timedelta(microseconds=1)


def _remember_statements(connection: Any, _record: object) -> None:
    """Keep what was prepared when a transaction is undone: psycopg forgets it, lest tables changed. Here none does."""
    connection._prepared.clear = lambda: False


class HostileDatabase(Database):
    """One database, opened once and used by every schedule in turn."""

    def __init__(self, url: str) -> None:
        super().__init__(url, clock=self._instant, busy=timedelta(milliseconds=1))
        self._turn = None  # tasks share a thread here, which must not wait for itself: `_begin` waits, in its own time
        self._baton: Baton | None = None
        self._faults: Faults | None = None
        self._committed: Callable[[Sequence[Event]], None] = lambda _told: None
        self._open = 0
        self._waiting: list[tuple[int, int, int | None, int | None]] | None = None
        event.listen(self._engine, "do_execute", self._execute)
        if not self.is_sqlite:
            event.listen(self._engine, "connect", _remember_statements)

    @property
    def kind(self) -> str:
        """Its name among the kinds of databases."""
        return "sqlite" if self.is_sqlite else "postgresql"

    def attach(self, baton: Baton, faults: Faults, committed: Callable[[Sequence[Event]], None]) -> None:
        """Serve this schedule; `committed` hears at each commit what it told, before anybody else runs."""
        self._baton, self._faults, self._committed, self._open = baton, faults, committed, 0
        self._waiting = None

    def detach(self) -> None:
        """Be an ordinary database until the next one."""
        self._baton = self._faults = None

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Read, after others ran."""
        self._point()
        with super().read() as transaction:
            yield transaction

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Write, with mishaps around it."""
        if self._baton is None or self._faults is None:
            with super().write() as transaction:
                yield transaction
            return
        self._point()
        faults = self._faults
        self._fail(faults.strikes(faults.mood.storage), "busy")
        self._open += 1
        try:
            with super().write() as transaction:
                yield transaction
                told = tuple(transaction._told)
                self._die(faults.strikes(faults.mood.death / 3), "before its commit")
                self._fail(faults.strikes(faults.mood.storage / 2), "full at the commit")
        finally:
            self._open -= 1
            self._waiting = None
        self._committed(told)
        self._die(faults.strikes(faults.mood.death / 3), "after its commit")
        self._fail(faults.strikes(faults.mood.storage / 4), "committed, and the answer lost")
        self._point()

    @contextmanager
    def aside(self, *, as_one: bool = False) -> Iterator[Transaction]:
        """Read for the simulation itself: nobody runs meanwhile. `as_one`: in a transaction, on PostgreSQL too."""
        baton, self._baton = self._baton, None
        try:
            if self.is_sqlite or as_one:
                with super().read() as transaction:
                    yield transaction
            else:
                with self._errors(), self._beside.begin():
                    yield Transaction(self._beside, self._clock)
        finally:
            self._baton = baton

    @cached_property
    def _beside(self) -> Connection:
        """A connection of the simulation's own: each statement sees what is committed, with no word before or after."""
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def waiting(self) -> list[tuple[int, int, int | None, int | None]]:
        """Return account, due time, lease's end and account's rest of what waits for a worker (microseconds).

        Asked again only when something was written since.
        """
        if self._waiting is None:
            with self.aside() as transaction:
                rows = transaction._connection.exec_driver_sql(_WAITING).all()
            self._waiting = [(account, *map(_microseconds, times)) for account, *times in rows]
        return self._waiting

    # ── what happens around a transaction ──

    def _instant(self) -> datetime:
        return self._baton.instant() if self._baton else self._last

    _last = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

    def _point(self) -> None:
        baton, faults = self._baton, self._faults
        if baton is None or faults is None:
            return
        baton.pause()
        process = baton.process
        if process.is_person:
            return
        self._die(faults.strikes(faults.mood.death / 4), "between two steps")
        if faults.strikes(faults.mood.freeze):
            longest = faults.dice.choice((20 * SECOND, 2 * MINUTE, 4 * MINUTE, 30 * MINUTE))
            process.frozen_until = baton.now + faults.dice.randrange(SECOND, longest)
            baton.note(f"frozen for {(process.frozen_until - baton.now) / SECOND:.0f} s")
            baton.sleep(0)

    def _die(self, strikes: bool, when: str) -> None:
        if strikes and self._baton is not None and not self._baton.process.is_person:
            self._baton.note(f"killed {when}")
            self._baton.kill(self._baton.process)

    def _fail(self, strikes: bool, how: str) -> None:
        if strikes and self._baton is not None:
            self._baton.note(f"database: {how}")
            raise StorageError("La base de datos no pudo.", diagnostic=how)

    # ── what happens within one ──

    def _execute(self, cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
        baton, faults = self._baton, self._faults
        if baton is None or faults is None or self._open == 0:
            return None
        writes = context.execution_options.get("vocero_writes", False)
        begins = statement.startswith("BEGIN")
        if not begins and writes and faults.strikes(_SPREAD):
            baton.pause()
        if self._open < 2:
            return None
        if self.is_sqlite:
            return self._begin(cursor, statement, baton) if begins and writes else None
        return self._wait_for_locks(cursor, statement, parameters, baton)

    @staticmethod
    def _begin(cursor: Any, statement: str, baton: Baton) -> bool:
        gives_up_at = baton.now + _BUSY
        while True:
            try:
                cursor.execute(statement)
            except sqlite3.OperationalError:
                if baton.now > gives_up_at:
                    raise
                baton.sleep(_RETRY)
            else:
                return True

    @staticmethod
    def _wait_for_locks(cursor: Any, statement: str, parameters: Any, baton: Baton) -> bool:
        gives_up_at = baton.now + _BUSY
        while True:
            cursor.execute("SAVEPOINT waiting")
            try:
                cursor.execute(statement, parameters)
            except psycopg.errors.LockNotAvailable:
                if baton.now > gives_up_at:
                    raise
                cursor.execute("ROLLBACK TO SAVEPOINT waiting")
                baton.sleep(_RETRY)
            else:
                return True
