"""The record as it lies there: every row, also one that nobody could have written, past SQLAlchemy's types.

A row that cannot be read is a link without words, and the next one is read; nothing that is wrong in a row ends the
reading. At most a piece of the table is in memory.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from core.chain import Head, Link, Verdict, halves, verify

_PIECE = 2000
_SQLITE = """
    SELECT number, previous, hash, "at", data, actor, role, "action", subject, "before", "after", digest, reason
    FROM events"""
# the types' own texts: what psycopg would make of them is another thing than what is stored
_POSTGRESQL = _SQLITE.replace('"at", data', '"at"::text, data::text')
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
_WHOLE_INSTANT = 26
_TEXTS = ("actor", "role", "action", "subject", "before", "after", "digest", "reason")
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class ChainRows:
    """Reads the chain to judge it (core/chain.py)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"

    def end(self) -> Head | None:
        """Return the end of the chain as it is noted; None where that is no number and hash."""
        rows = self._connection.exec_driver_sql("SELECT number, hash FROM chain").all()
        if len(rows) != 1 or not isinstance(rows[0][0], int) or not isinstance(rows[0][1], str):
            return None
        return Head(*rows[0])

    def verify(self, *, heads: Sequence[Head] = (), progress: Callable[[int], None] = lambda _count: None) -> Verdict:
        """Judge the whole record (core/chain.py)."""
        return verify(self.links, self.end(), heads=heads, progress=progress)

    def count(self) -> int:
        """Return how many events there are."""
        return int(self._connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one())

    def links(self) -> Iterator[Link]:
        """Yield every row by its number."""
        if self._is_sqlite:
            return self._of_sqlite()
        return self._of_postgresql()

    def _of_sqlite(self) -> Iterator[Link]:
        raw: Any = self._connection.connection.driver_connection
        usual = raw.text_factory
        cursor = raw.cursor()
        raw.text_factory = _text_or_bytes
        number = None
        try:
            cursor.execute(f"{_SQLITE} ORDER BY number")
            while piece := cursor.fetchmany(_PIECE):
                for row in piece:
                    yield _link(row, _instant_of_sqlite)
                number = piece[-1][0]
        except sqlite3.DatabaseError:
            # a page that SQLite itself cannot read: what else there is, is read row by row
            yield from self._one_by_one(lambda n: _one_of_sqlite(raw, n), after=number)
        finally:
            raw.text_factory = usual
            cursor.close()

    def _of_postgresql(self) -> Iterator[Link]:
        import psycopg  # noqa: PLC0415  (only who has this database has its driver)

        raw: Any = self._connection.connection.driver_connection
        self._connection.exec_driver_sql("SET LOCAL datestyle = 'ISO, YMD'")
        self._connection.exec_driver_sql("SET LOCAL timezone = 'UTC'")
        number = None
        self._connection.exec_driver_sql("SAVEPOINT reading")
        try:
            with raw.cursor(name="vocero_chain") as cursor:
                cursor.execute(f"{_POSTGRESQL} ORDER BY number")
                while piece := cursor.fetchmany(_PIECE):
                    for row in piece:
                        yield _link(row, _instant_of_postgresql)
                    number = piece[-1][0]
        except (psycopg.DatabaseError, UnicodeDecodeError):
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT reading")
            yield from self._one_by_one(self._one_of_postgresql, after=number)

    def _one_by_one(self, read: Callable[[int], Link | None], *, after: int | None) -> Iterator[Link]:
        end = self.end()
        for number in range((after or 0) + 1, (end.number if end is not None else after or 0) + 1):
            link = read(number)
            if link is not None:
                yield link

    def _one_of_postgresql(self, number: int) -> Link | None:
        import psycopg  # noqa: PLC0415  (as above)

        raw: Any = self._connection.connection.driver_connection
        self._connection.exec_driver_sql("SAVEPOINT one")
        try:
            row = raw.execute(f"{_POSTGRESQL} WHERE number = %s", (number,)).fetchone()
        except (psycopg.DatabaseError, UnicodeDecodeError):
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT one")
            return Link(number, "", "", None, "row")
        return None if row is None else _link(row, _instant_of_postgresql)


def _one_of_sqlite(raw: sqlite3.Connection, number: int) -> Link | None:
    try:
        row = raw.execute(f"{_SQLITE} WHERE number = ?", (number,)).fetchone()
    except sqlite3.DatabaseError:
        return Link(number, "", "", None, "row")
    return None if row is None else _link(row, _instant_of_sqlite)


def _text_or_bytes(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _link(row: tuple[Any, ...], instant: Callable[[Any], str | None]) -> Link:
    number, previous, hashed, at, data, actor, role, action, subject, before, after, digest, reason = row
    try:
        head, tail = halves(
            at=_known(instant(at)),
            actor=actor,
            role=role,
            action=action,
            subject=subject,
            before=before,
            after=after,
            digest=digest,
            reason=reason,
            data=_known(_canonical(data)),
        )
    except (TypeError, ValueError):
        return Link(number, _shown(previous), _shown(hashed), None, _unreadable(row, instant))
    if type(previous) is not str or type(hashed) is not str:
        return Link(number, _shown(previous), _shown(hashed), None, _unreadable(row, instant))
    return Link(number, previous, hashed, head, tail)


def _unreadable(row: tuple[Any, ...], instant: Callable[[Any], str | None]) -> str:
    """Return the name of the column that cannot be read."""
    _number, previous, hashed, at, data, *texts = row
    named = {"previous": previous, "hash": hashed, **dict(zip(_TEXTS, texts, strict=True))}
    if instant(at) is None:
        return "at"
    if _canonical(data) is None:
        return "data"
    return next((name for name, value in named.items() if type(value) is not str), "row")


def _known(value: str | None) -> str:
    if value is None:
        raise ValueError
    return value


def _shown(value: object) -> str:
    return value if isinstance(value, str) else ""


def _instant_of_sqlite(stored: object) -> str | None:
    """Return the canonical instant of what SQLAlchemy stored: always with its microseconds."""
    if not isinstance(stored, str) or len(stored) != _WHOLE_INSTANT or not _INSTANT.fullmatch(stored):
        return None
    return f"{stored[:10]}T{stored[11:]}+00:00"


def _instant_of_postgresql(stored: object) -> str | None:
    if not isinstance(stored, str) or not stored.endswith("+00") or not _INSTANT.fullmatch(stored[:-3]):
        return None
    return f"{stored[:10]}T{stored[11:19]}.{stored[20:-3]:0<6}+00:00"


@lru_cache(maxsize=4096)
def _canonical(stored: object) -> str | None:
    """Return the canonical form of stored JSON; None where it is not written as the program writes it."""
    if stored == "{}":
        return "{}"
    if not isinstance(stored, str):
        return None
    try:
        value = json.loads(stored)
        return _encoder.encode(value) if isinstance(value, dict) and json.dumps(value) == stored else None
    except (ValueError, RecursionError):
        return None
