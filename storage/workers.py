"""Runs of workers, as rows: a sign of life each, so that silence is noticed."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from core.workers import WorkerRun
from storage.keys import new_key
from storage.tables import workers

_REMEMBERED = timedelta(days=1)  # [default] of one that fell silent so long ago everybody has heard


class WorkerRows:
    """The runs of workers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, *, name: str, version: str, now: datetime) -> WorkerRun:
        """Enter a run, and remove what is old."""
        self._connection.execute(delete(workers).where(workers.c.beat_at < now - _REMEMBERED))
        result = self._connection.execute(
            insert(workers).values(name=name, version=version, started_at=now, beat_at=now, stopped_at=None)
        )
        return WorkerRun(id=new_key(result), name=name, version=version, started_at=now, beat_at=now)

    def beat(self, run: WorkerRun, *, now: datetime) -> bool:
        """Note a sign of life; False where the run was removed meanwhile."""
        done = self._connection.execute(update(workers).where(*_is(run)).values(beat_at=now))
        return done.rowcount == 1

    def end(self, run: WorkerRun, *, now: datetime) -> None:
        """Note that the run ended in good order."""
        self._connection.execute(update(workers).where(*_is(run)).values(beat_at=now, stopped_at=now))

    def all(self) -> list[WorkerRun]:
        """Return the runs that are remembered, oldest first."""
        return [_run(row) for row in self._connection.execute(select(workers).order_by(workers.c.id))]


def _is(run: WorkerRun) -> tuple[ColumnElement[bool], ...]:
    # SQLite gives the number of a removed row to the next one
    return workers.c.id == run.id, workers.c.name == run.name, workers.c.started_at == run.started_at


def _run(row: Row[tuple[object, ...]]) -> WorkerRun:
    return WorkerRun(
        id=row.id,
        name=row.name,
        version=row.version,
        started_at=row.started_at,
        beat_at=row.beat_at,
        stopped_at=row.stopped_at,
    )
