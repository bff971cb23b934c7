"""Stops, as rows. Opening one and committing the intent of a visible write keep each other out."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.sql.functions import FunctionElement

from core.errors import NotFound
from core.stops import Scope, Stop
from core.texts import _
from storage.keys import new_key
from storage.tables import stops

# made once: SQLAlchemy then knows them again without looking at every part
_ADD = insert(stops)
_OPENED = select(stops).where(stops.c.lifted_at.is_(None)).order_by(stops.c.id)
_LOCK = (8623, 1)  # PostgreSQL's advisory lock of the stops; SQLite has one writer at a time anyhow


class StopRows:
    """What is stopped, and what was."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> None:
        """Let no stop be opened from here to the end of this transaction: what `opened` then says stays true.

        Any number of transactions may hold at once. Call it before the stops are read.
        """
        _lock(self._connection, func.pg_advisory_xact_lock_shared(*_LOCK))

    def open(self, scope: Scope, *, reason: str, by: str, now: datetime) -> Stop:
        """Open a stop, when no intent is being committed; from its commit on nothing that it covers is begun."""
        keep_intents_out(self._connection)
        result = self._connection.execute(
            _ADD,
            {
                "platform": scope.platform,
                "account_id": scope.account_id,
                "reason": reason,
                "opened_by": by,
                "opened_at": now,
                "lifted_by": "",
                "lifted_at": None,
                "lifted_reason": "",
            },
        )
        return self.get(new_key(result))

    def lift(self, stop: Stop, *, reason: str, by: str, now: datetime) -> Stop:
        """Lift the stop; one that is lifted stays as it was."""
        self._connection.execute(
            update(stops)
            .where(stops.c.id == stop.id, stops.c.lifted_at.is_(None))
            .values(lifted_by=by, lifted_at=now, lifted_reason=reason)
        )
        return self.get(stop.id)

    def get(self, stop_id: int) -> Stop:
        """Return the stop. Raises NotFound."""
        row = self._connection.execute(select(stops).where(stops.c.id == stop_id)).first()
        if row is None:
            raise NotFound(_("No existe la detención {id}. Véalas con: vocero stops list --all").format(id=stop_id))
        return stop_of(row)

    def opened(self) -> list[Stop]:
        """Return the open stops, oldest first."""
        found = self._connection.execute(_OPENED)
        return [stop_of(row) for row in found]

    def all(self) -> list[Stop]:
        """Return every stop that there was, oldest first."""
        return [stop_of(row) for row in self._connection.execute(select(stops).order_by(stops.c.id))]


def keep_intents_out(connection: Connection) -> None:
    """Let no intent be committed from here to the end of this transaction: what it enters comes before it, or after."""
    _lock(connection, func.pg_advisory_xact_lock(*_LOCK))


def _lock(connection: Connection, call: FunctionElement[None]) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(select(call))


def stop_of(row: Any) -> Stop:
    """Return the stop of a row."""
    return Stop(
        id=row.id,
        scope=Scope(row.platform, row.account_id),
        reason=row.reason,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        lifted_by=row.lifted_by,
        lifted_at=row.lifted_at,
        lifted_reason=row.lifted_reason,
    )
