"""The record as it lies there: every row, also one that nobody could have written, past SQLAlchemy's types.

A row that cannot be read is a link without words, and the next one is read; nothing that is wrong in a row ends the
reading. At most a piece of the table is in memory.
"""

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from typing import Any

from sqlalchemy import Connection, LargeBinary, cast, select
from sqlalchemy.exc import DBAPIError

from core.chain import Head, Link, Verdict, halves, verify
from storage.tables import events

_PIECE = 2000
_SQLITE = """
    SELECT number, previous, hash, "at", data, actor, role, "action", subject, "before", "after", digest, reason
    FROM events"""
# the types' own texts: what psycopg would make of them is another thing than what is stored
_POSTGRESQL = _SQLITE.replace('"at", data', '"at"::text, data::text')
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
# what nearly all data is: no escapes in it but those of letters beyond ASCII, as JSON's writer makes them, so that its
# pairs can be cut apart and put in order
_LETTER = r"\\u(?!00[0-7]|d[89a-f])([0-9a-f]{4})"
_PLAIN = re.compile(rf'\{{"[a-z_]+": "(?:[^"\\]|{_LETTER})*"(?:, "[a-z_]+": "(?:[^"\\]|{_LETTER})*")*\}}', re.ASCII)
_LETTERS = re.compile(_LETTER, re.ASCII)
_WHOLE_INSTANT = 26
_SOUND = ("", "", True)  # the rest of a link whose hash is right
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
        return verify(self.links(), self.end(), find=self.find, heads=heads, progress=progress)

    def find(self, hashes: set[str]) -> dict[str, int]:
        """Return the numbers of the events that have these hashes, as far as the table can be read."""
        found: dict[str, int] = {}
        query = select(events.c.number, cast(events.c.hash, LargeBinary)).order_by(events.c.number)
        if not self._is_sqlite:
            query = select(events.c.number, events.c.hash).order_by(events.c.number)
        with contextlib.suppress(DBAPIError, UnicodeDecodeError), self._connection.begin_nested():
            for number, stored in self._connection.execute(query.execution_options(yield_per=_PIECE)):
                hashed = _text_or_bytes(stored) if isinstance(stored, bytes) else stored
                if hashed in hashes:
                    found.setdefault(hashed, number)
        return found

    def count(self) -> int:
        """Return how many events there are."""
        return int(self._connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one())

    def links(self) -> Iterator[Link]:
        """Yield every row by its number."""
        return self._of_sqlite() if self._is_sqlite else self._of_postgresql()

    def _of_sqlite(self) -> Iterator[Link]:
        raw: Any = self._connection.connection.driver_connection
        usual = raw.text_factory
        cursor = raw.cursor()
        number = None
        try:
            cursor.execute(f"{_SQLITE} ORDER BY number")
            while piece := cursor.fetchmany(_PIECE):
                yield from _links(piece, _quick_of_sqlite, _instant_of_sqlite)
                number = piece[-1][0]
        except sqlite3.DatabaseError:
            # what is no UTF-8, or a page that SQLite itself cannot read
            raw.text_factory = _text_or_bytes
            for each in self._numbers(after=number):
                yield _one_of_sqlite(raw, each)
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
                    yield from _links(piece, _quick_of_postgresql, _instant_of_postgresql)
                    number = piece[-1][0]
        except (psycopg.DatabaseError, UnicodeDecodeError):
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT reading")
            for each in self._numbers(after=number):
                yield self._one_of_postgresql(each)

    def _numbers(self, *, after: int | None) -> Iterator[int]:
        """Yield the numbers there are; where not even they can be read, all that there should be."""
        try:
            numbers = select(events.c.number).order_by(events.c.number)
            found = self._connection.execute(numbers if after is None else numbers.where(events.c.number > after)).all()
        except DBAPIError:
            end = self.end()
            yield from range((after or 0) + 1, 1 if end is None else end.number + 1)
            return
        yield from (row.number for row in found)

    def _one_of_postgresql(self, number: int) -> Link:
        import psycopg  # noqa: PLC0415  (as above)

        raw: Any = self._connection.connection.driver_connection
        self._connection.exec_driver_sql("SAVEPOINT one")
        try:
            row = raw.execute(f"{_POSTGRESQL} WHERE number = %s", (number,)).fetchone()
        except (psycopg.DatabaseError, UnicodeDecodeError):
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT one")
            row = None
        return Link(number, "", "", None, "row") if row is None else _link(row, _instant_of_postgresql)


def _one_of_sqlite(raw: Any, number: int) -> Link:
    try:
        row = raw.execute(f"{_SQLITE} WHERE number = ?", (number,)).fetchone()
    except sqlite3.DatabaseError:
        row = None
    return Link(number, "", "", None, "row") if row is None else _link(row, _instant_of_sqlite)


def _links(
    rows: Sequence[tuple[Any, ...]], quick: Callable[[Any], str | None], instant: Callable[[Any], str | None]
) -> Iterator[Link]:
    """Yield the links of the rows; a row that is not as the program writes it is looked at column by column."""
    for row in rows:
        number, previous, hashed, at, data, actor, role, action, subject, before, after, digest, reason = row
        try:
            # halves(), without its calls and checks: a hundred thousand events in a second, on one core
            words = (
                f'{previous}\n{{"action":{_quoted(action)},"actor":{_quoted(actor)},"after":{_quoted(after)},'
                f'"at":"{quick(at)}","before":{_quoted(before)},"data":{_plain(data) or _canonical(data)},'
                f'"digest":{_quoted(digest)},"number":{number},"reason":{_quoted(reason)},"role":{_quoted(role)},'
                f'"subject":{_quoted(subject)}}}'
            )
            is_sound = sha256(words.encode()).hexdigest() == hashed
        except (TypeError, ValueError):
            is_sound = False
        yield Link(number, previous, hashed, *_SOUND) if is_sound else _link(row, instant)


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


def _quick_of_sqlite(stored: str) -> str | None:
    """As below, where the hash says whether the rest of it is right."""
    return f"{stored[:10]}T{stored[11:]}+00:00" if len(stored) == _WHOLE_INSTANT and stored[10] == " " else None


def _quick_of_postgresql(stored: str) -> str | None:
    if stored[10:11] != " " or stored[-3:] != "+00":
        return None
    return f"{stored[:10]}T{stored[11:19]}.{stored[20:-3]:0<6}+00:00"


def _plain(stored: str) -> str | None:
    """Return the canonical form of JSON of plain words, without reading it as JSON; None where it is another."""
    if stored == "{}":
        return stored
    if not _PLAIN.fullmatch(stored):
        return None
    if "\\" in stored:
        stored = _LETTERS.sub(lambda letter: chr(int(letter[1], 16)), stored)
    return '{"' + '","'.join(sorted(stored[2:-2].split('", "'))).replace('": "', '":"') + '"}'


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
