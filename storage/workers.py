"""Runs of workers, as rows: a sign of life each, so that silence is noticed."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.workers import WorkerRun
from storage.keys import new_key
from storage.tables import workers

_REMEMBERED = timedelta(days=1)  # [default] of one that fell silent so long ago everybody has heard


class WorkerRows:
    """The runs of workers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, *, name: str, version: str, now: datetime) -> int:
        """Enter a run, remove what is old, and return the run's number."""
        self._connection.execute(delete(workers).where(workers.c.beat_at < now - _REMEMBERED))
        result = self._connection.execute(
            insert(workers).values(name=name, version=version, started_at=now, beat_at=now, stopped_at=None)
        )
        return new_key(result)

    def beat(self, run_id: int, *, now: datetime) -> bool:
        """Note a sign of life; False where the run was removed meanwhile."""
        done = self._connection.execute(
            update(workers).where(workers.c.id == run_id).values(beat_at=now, stopped_at=None)
        )
        return done.rowcount == 1

    def end(self, run_id: int, *, now: datetime) -> None:
        """Note that the run ended in good order."""
        self._connection.execute(update(workers).where(workers.c.id == run_id).values(beat_at=now, stopped_at=now))

    def all(self) -> list[WorkerRun]:
        """Return the runs that are remembered, oldest first."""
        return [_run(row) for row in self._connection.execute(select(workers).order_by(workers.c.id))]


def _run(row: Row[tuple[object, ...]]) -> WorkerRun:
    return WorkerRun(
        id=row.id,
        name=row.name,
        version=row.version,
        started_at=row.started_at,
        beat_at=row.beat_at,
        stopped_at=row.stopped_at,
    )
