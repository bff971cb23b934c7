"""The time of one claim, however much is over: tables of a thousand to a million deliveries, looked at in turn."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from statistics import quantiles
from typing import Any

from sqlalchemy import text

from storage.database import Database
from storage.deliveries import DeliveryRows
from tests.bench.figures import Figure, Run
from tests.bench.grounds import server
from tests.bench.office import office, schedule

_GOAL = 1.3
_DUE = 20  # of which a claim takes eight
_ACCOUNTS = 40
_TAKE = 8
_LEASE = timedelta(seconds=180)

# Rows like the ones that are there, of posts like theirs: published, some failed, one in a hundred still to come.
_POSTS = """
INSERT INTO posts (id, request_id, state, publish_at, created_by, created_at, source)
SELECT n.n, p.request_id, p.state, p.publish_at, p.created_by, p.created_at, p.source
FROM ({numbers}) AS n, (SELECT * FROM posts WHERE id = 1) AS p
"""
_DELIVERIES = """
INSERT INTO deliveries (key, post_id, revision_id, account_id, approval_id, state, publish_at, late_after, due_at,
  fence, stage_ready, tries, looks, remote_id, url, published_at, reason, created_at)
SELECT 'filled-' || n.n, 1000 + n.n / {accounts}, d.revision_id, 1 + n.n % {accounts}, d.approval_id,
  CASE WHEN n.n % 100 = 0 THEN 'scheduled' WHEN n.n % 20 = 1 THEN 'failed' ELSE 'published' END,
  d.publish_at, d.late_after, CASE WHEN n.n % 100 = 0 THEN {later} END,
  1, d.stage_ready, 0, 0, 'r' || n.n, '', d.publish_at, '', d.created_at
FROM ({numbers}) AS n, (SELECT * FROM deliveries WHERE key = 'vocero-bench-0') AS d
"""
_LATER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+' || (1 + n.n % 1000) || ' hours') || '000'",
    "postgresql": "now() + (1 + n.n % 1000) * interval '1 hour'",
}
_NUMBERS = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c",
    "postgresql": "SELECT n FROM generate_series({first}, {last}) AS n",
}


def claims(run: Run) -> Iterator[Figure]:
    """One claim of eight, twenty being due, in tables of growing size."""
    sizes = (1_000, 100_000) if run.quick else (1_000, 10_000, 100_000, 1_000_000)
    rounds = 20 if run.quick else 100
    for kind in run.kinds:
        task = run.progress.add_task(f"{kind}: claims", total=len(sizes) + rounds)
        with server(kind, run.memory or run.disk) as ground, ExitStack() as stack:
            databases = {}
            for size in sizes:
                url = stack.enter_context(ground.database())
                databases[size] = stack.enter_context(office(url, run.disk)).database
                with office(url, run.disk) as opened:
                    with opened.database.read() as transaction:
                        due = transaction.now - timedelta(minutes=5)
                    schedule(opened, [due] * _DUE, accounts=_ACCOUNTS)
                _fill(databases[size], kind, size - _DUE)
                run.progress.advance(task)
            took: dict[int, list[float]] = {size: [] for size in sizes}
            for round_ in range(rounds):
                for size in sizes if round_ % 2 else sizes[::-1]:  # who comes second may have used up its time slice
                    took[size].append(_claim(databases[size]))
                run.progress.advance(task)
            plans = {size: _plan(databases[size], kind) for size in (sizes[0], sizes[-1])}
        typical = {size: quantiles(each)[0] for size, each in took.items()}  # a busy machine only ever adds to it
        least, most = typical[sizes[0]], typical[sizes[-1]]
        yield Figure(
            f"claim {kind}",
            f"one claim of {_TAKE}, {_DUE} due, in a table of {sizes[-1]:,} rows: lower quartile",
            "ms",
            most,
            least,
            f"the same with {sizes[0]:,} rows",
            f"ratio ≤ {_GOAL}",
            most <= least * _GOAL,
            {"by rows": {str(size): each for size, each in typical.items()}, "plans": plans},
        )


def _fill(database: Database, kind: str, count: int) -> None:
    """Put in what is over and what is still to come."""
    with database._engine.connect().execution_options(vocero_writes=True) as connection, connection.begin():
        posts = _NUMBERS[kind].format(first=1000, last=1000 + count // _ACCOUNTS)
        connection.execute(text(_POSTS.format(numbers=posts)))
        rows = _NUMBERS[kind].format(first=1, last=count)
        connection.execute(text(_DELIVERIES.format(numbers=rows, accounts=_ACCOUNTS, later=_LATER[kind])))
    if kind == "postgresql":  # as its own housekeeping would a minute later
        with database._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


class _Undo(Exception):
    """What was claimed is given back, so that the next claim finds the same."""


def _claim(database: Database) -> float:
    """Return the milliseconds of one claim, without its commit."""
    took = 0.0
    try:
        with database.write() as transaction:
            now = transaction.now
            began = time.perf_counter()
            claimed = transaction.deliveries.claim(worker="bench", lease=_LEASE, limit=_TAKE, now=now)
            took = (time.perf_counter() - began) * 1000
            raise _Undo  # noqa: TRY301  (the only way to leave a transaction without its commit)
    except _Undo:
        if len(claimed) != _TAKE:
            raise RuntimeError(f"claimed {len(claimed)} instead of {_TAKE}") from None
    return took


def _plan(database: Database, kind: str) -> list[str]:
    """Return how the database carries the claim out, by its own word."""
    said: list[str] = []
    with database._engine.connect() as connection, connection.begin():
        rows = DeliveryRows(connection)
        heard: list[tuple[str, Any]] = []
        _listen(connection, heard)
        with database.read() as transaction:
            now = transaction.now
        rows.claim(worker="bench", lease=_LEASE, limit=_TAKE, now=now)
        statement, parameters = heard[-1]
        explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
        said.extend(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters))
        connection.get_transaction().rollback()  # type: ignore[union-attr]
    return said


def _listen(connection: Any, heard: list[tuple[str, Any]]) -> None:
    from sqlalchemy import event

    @event.listens_for(connection, "before_cursor_execute")
    def _hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        heard.append((statement, parameters))
