"""Whatever is done to the record is found, and the right event is named, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update

from core.chain import Damage, DamageKind, Head, Verdict
from core.errors import StorageError
from core.events import Event
from storage.database import Database
from storage.tables import chain, events
from tests.databases import Clock, unguarded

K = DamageKind
SIZE = 12
only_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def told(database: Database, clock: Clock, size: int = SIZE, seed: int = 1) -> None:
    dice = Random(seed)
    with database.write() as transaction:
        for number in range(1, size + 1):
            clock.advance(timedelta(microseconds=dice.randrange(10**9)))
            transaction.tell(
                Event(
                    at=clock.now,
                    actor=dice.choice(("jefa", "ñusta", 'o"higgins', "sistema")),
                    role="office_head",
                    action="approve_post",
                    subject=f"post:{number}",
                    before=dice.choice(("", "in_review")),
                    after="approved",
                    digest=dice.choice(("", "ab" * 32)),
                    reason=dice.choice(("", "Está «bien»", "a\tb\\c\n\x7f", "🇵🇪 sí")),
                    data=dice.choice(({}, {"account": "3"}, {"b": "ñ/\u2028", "a": "x"})),
                )
            )


def verdict(database: Database, *heads: Head) -> Verdict:
    with database.read() as transaction:
        return transaction.chain.verify(heads=heads)


def damages(database: Database, *heads: Head) -> list[tuple[Any, ...]]:
    return [
        (each.kind, each.first, each.last) if each.was is None else (each.kind, each.first, each.last, each.was)
        for each in verdict(database, *heads).damages
    ]


def spoil(database: Database, *statements: Any) -> None:
    with database.write() as transaction, unguarded(transaction._connection):
        for statement in statements:
            transaction._connection.execute(text(statement) if isinstance(statement, str) else statement)


def row(database: Database, number: int) -> dict[str, Any]:
    with database.read() as transaction:
        found = transaction._connection.execute(select(events).where(events.c.number == number)).one()
        return dict(found._mapping)


def forged(database: Database, number: int, previous: str) -> dict[str, Any]:
    """Return a row that nobody told, with a hash that is right for it."""
    found = row(database, 3)
    event = Event(
        **{name: found[name] for name in found if name not in ("number", "previous", "hash")} | {"actor": "x"}
    )
    return {
        **found,
        "actor": "x",
        "number": number,
        "previous": previous,
        "hash": event.chained(previous, number),
    }


def renumber(first: int, last: int, by: int) -> list[str]:
    """Return statements that move a range of numbers without two rows ever having the same one."""
    return [
        f"UPDATE events SET number = -number WHERE number BETWEEN {first} AND {last}",
        f"UPDATE events SET number = -number + {by} WHERE number < 0",
    ]


def test_a_whole_record_is_whole(database: Database, clock: Clock) -> None:
    assert verdict(database) == Verdict(0, Head(0, "0" * 64), ())
    told(database, clock)
    end = row(database, SIZE)["hash"]
    assert verdict(database) == Verdict(SIZE, Head(SIZE, end), ())
    assert damages(database, Head(5, row(database, 5)["hash"]), Head(SIZE, end)) == []


@pytest.mark.parametrize("number", [1, 2, 7, SIZE])
@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        *((name, "otro", K.CHANGED) for name in ("actor", "role", "action", "subject", "before", "after", "reason")),
        ("digest", "cd" * 32, K.CHANGED),
        ("data", {"account": "4"}, K.CHANGED),
        ("hash", "0" * 63 + "1", K.HASH_CHANGED),
        ("previous", "0" * 63 + "1", K.LINK_CHANGED),
    ],
)
def test_what_was_changed_is_named(
    database: Database, clock: Clock, number: int, column: str, value: object, kind: DamageKind
) -> None:
    told(database, clock)
    spoil(database, update(events).where(events.c.number == number).values({column: value}))
    assert damages(database) == [(kind, number, number)]


@pytest.mark.parametrize("number", [1, 2, 7, SIZE])
def test_an_instant_moved_by_a_microsecond_is_named(database: Database, clock: Clock, number: int) -> None:
    told(database, clock)
    at = row(database, number)["at"] + timedelta(microseconds=1)
    spoil(database, update(events).where(events.c.number == number).values(at=at))
    assert damages(database) == [(K.CHANGED, number, number)]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 4), (5, 5), (5, 9), (11, 11)])
def test_a_removed_range_is_named(database: Database, clock: Clock, first: int, last: int) -> None:
    told(database, clock)
    spoil(database, f"DELETE FROM events WHERE number BETWEEN {first} AND {last}")
    assert damages(database) == [(K.REMOVED, first, last)]


@pytest.mark.parametrize("first", [1, 2, 9, SIZE])
def test_a_tail_that_was_cut_is_named(database: Database, clock: Clock, first: int) -> None:
    told(database, clock)
    head = Head(SIZE, row(database, SIZE)["hash"])
    spoil(database, f"DELETE FROM events WHERE number >= {first}")
    assert damages(database) == [(K.CUT, first, SIZE)]
    if first > 1:  # whoever also sets the end back is found only by a head kept elsewhere
        spoil(database, update(chain).values(number=first - 1, hash=row(database, first - 1)["hash"]))
        assert damages(database) == []
    assert damages(database, head)[-1] == (K.HEAD_DIFFERS, SIZE, SIZE)


@pytest.mark.parametrize("number", [1, 5, 11])
def test_a_range_renumbered_over_a_removed_event_is_told_apart(database: Database, clock: Clock, number: int) -> None:
    told(database, clock)
    spoil(database, f"DELETE FROM events WHERE number = {number}", *renumber(number + 1, SIZE, -1))
    assert damages(database) == [(K.MOVED, number, SIZE - 1, number + 1), (K.REMOVED, number, number)]


@pytest.mark.parametrize("number", [2, 5, SIZE])
@pytest.mark.parametrize("is_linked", [True, False])
def test_an_inserted_event_is_named(database: Database, clock: Clock, number: int, is_linked: bool) -> None:
    told(database, clock)
    previous = row(database, number - 1)["hash"] if is_linked else "e" * 64
    false = forged(database, number, previous)
    spoil(
        database,
        *renumber(number, SIZE, 1),
        insert(events).values(false),
        update(chain).values(number=SIZE + 1),
    )
    assert damages(database)[:2] == [(K.INSERTED, number, number), (K.MOVED, number + 1, SIZE + 1, number)]


def test_an_event_added_behind_the_end_is_named(database: Database, clock: Clock) -> None:
    told(database, clock)
    spoil(database, insert(events).values(forged(database, SIZE + 1, row(database, SIZE)["hash"])))
    assert damages(database) == [(K.INSERTED, SIZE + 1, SIZE + 1)]


@pytest.mark.parametrize(("one", "other"), [(3, 4), (1, 2), (2, 9), (1, SIZE), (SIZE - 1, SIZE)])
def test_events_in_each_others_place_are_named(database: Database, clock: Clock, one: int, other: int) -> None:
    told(database, clock)
    spoil(
        database,
        f"UPDATE events SET number = -1 WHERE number = {one}",
        f"UPDATE events SET number = {one} WHERE number = {other}",
        f"UPDATE events SET number = {other} WHERE number = -1",
    )
    assert damages(database) == [(K.MOVED, one, one, other), (K.MOVED, other, other, one)]


@pytest.mark.parametrize("number", [1, 5, SIZE - 1, SIZE])
@pytest.mark.parametrize("now", [SIZE + 1, 4000, 2**31 - 1, 0])
def test_an_event_under_another_number_is_named(database: Database, clock: Clock, number: int, now: int) -> None:
    told(database, clock)
    spoil(database, f"UPDATE events SET number = {now} WHERE number = {number}")
    assert damages(database) == [(K.MOVED, now, now, number)]


@pytest.mark.parametrize(("one", "other"), [(3, 4), (2, 9), (1, SIZE)])
def test_swapped_hashes_are_named(database: Database, clock: Clock, one: int, other: int) -> None:
    told(database, clock)
    hashes = {number: row(database, number)["hash"] for number in (one, other)}
    spoil(
        database,
        update(events).where(events.c.number == one).values(hash=hashes[other]),
        update(events).where(events.c.number == other).values(hash=hashes[one]),
    )
    found = damages(database)
    assert [each[0] for each in found] == [K.HASH_CHANGED] * len(found)
    assert {n for _kind, first, last in found for n in range(first, last + 1)} == {one, other}


@pytest.mark.parametrize("number", [1, 2, 7])
def test_an_event_rewritten_with_its_hash_is_named(database: Database, clock: Clock, number: int) -> None:
    told(database, clock)
    false = forged(database, number, row(database, number)["previous"])
    spoil(database, update(events).where(events.c.number == number).values(false))
    assert damages(database) == [(K.REWRITTEN, number, number)]


def test_a_record_rewritten_to_its_end_is_found_by_a_head_kept_elsewhere(database: Database, clock: Clock) -> None:
    told(database, clock)
    head = Head(SIZE, row(database, SIZE)["hash"])
    false = forged(database, SIZE, row(database, SIZE)["previous"])
    spoil(
        database,
        update(events).where(events.c.number == SIZE).values(false),
        update(chain).values(hash=false["hash"]),
    )
    assert damages(database) == []
    assert damages(database, head) == [(K.HEAD_DIFFERS, SIZE, SIZE)]


@pytest.mark.parametrize("change", [{"hash": "1" * 64}, {"number": 3}, {"number": 40}])
def test_an_end_that_was_changed_is_told(database: Database, clock: Clock, change: dict[str, Any]) -> None:
    told(database, clock)
    spoil(database, update(chain).values(**change))
    kind, first, last = {
        "hash": (K.END_CHANGED, SIZE, SIZE),
        3: (K.INSERTED, 4, SIZE),
        40: (K.CUT, SIZE + 1, 40),
    }[change.get("number", "hash")]
    assert damages(database) == [(kind, first, last)]


@only_sqlite
def test_an_end_that_is_gone_is_told(database: Database, clock: Clock) -> None:
    told(database, clock)
    spoil(database, "DELETE FROM chain")
    assert damages(database) == [(K.END_CHANGED, SIZE, SIZE)]


def test_after_the_first_fault_the_others_are_told_too(database: Database, clock: Clock) -> None:
    told(database, clock, 60)
    spoil(
        database,
        "UPDATE events SET actor = 'otra' WHERE number IN (3, 4, 20)",
        "UPDATE events SET hash = previous WHERE number = 30",
        "DELETE FROM events WHERE number BETWEEN 40 AND 44",
        "UPDATE events SET reason = 'otra' WHERE number = 45",
    )
    assert damages(database) == [
        (K.CHANGED, 3, 4),
        (K.CHANGED, 20, 20),
        (K.HASH_CHANGED, 30, 30),
        (K.REMOVED, 40, 44),
        (K.CHANGED, 45, 45),
    ]


UNREADABLE: dict[str, tuple[str, str]] = {
    "no JSON": ("data", "'{\"a\": '"),
    "JSON of another shape": ("data", "'[]'"),
    "JSON as nobody writes it": ("data", '\'{"account":"3"}\''),
    "a key twice": ("data", '\'{"a": "1", "a": "1"}\''),
    "half a character": ("data", '\'{"a": "\\ud83c"}\''),
    "deep JSON": ("data", "'" + '{"a": ' * 3000 + "1" + "}" * 3000 + "'"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_data_that_cannot_be_read_is_named(database: Database, clock: Clock, case: str) -> None:
    column, value = UNREADABLE[case]
    told(database, clock)
    value = value.replace(":", "\\:")
    try:
        spoil(database, f"UPDATE events SET {column} = {value} WHERE number = 6")
    except StorageError:
        assert database.is_sqlite is False, "only PostgreSQL looks at what is JSON"
        return
    assert [(each.first, each.last) for each in verdict(database).damages] == [(6, 6)]
    assert verdict(database).damages[0].kind in (K.UNREADABLE, K.CHANGED)


@only_sqlite
@pytest.mark.parametrize("number", [1, 6, SIZE])
@pytest.mark.parametrize("column", ["at", "actor", "reason", "data", "previous", "hash", "subject"])
@pytest.mark.parametrize("value", ["CAST(x'ff41' AS TEXT)", "x'41'", 'CAST("{}" AS BLOB)'])
def test_what_is_no_text_is_named_by_its_column(
    database: Database, clock: Clock, column: str, number: int, value: str
) -> None:
    told(database, clock)
    spoil(database, f'UPDATE events SET "{column}" = {value.format(column)} WHERE number = {number}')
    assert verdict(database).damages == (Damage(K.UNREADABLE, number, number, None, column),)


@only_sqlite
@pytest.mark.parametrize("value", ["2026-11-23 15:00:00", "2026-11-23T15:00:00.000000", "ayer", ""])
def test_an_instant_of_another_form_is_named(database: Database, clock: Clock, value: str) -> None:
    told(database, clock)
    spoil(database, f"UPDATE events SET at = '{value}' WHERE number = 6".replace(":", "\\:"))
    assert verdict(database).damages == (Damage(K.UNREADABLE, 6, 6, None, "at"),)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("value", ["infinity", "2026-11-23 15:00:00 BC", "12026-11-23 15:00:00"])
def test_an_instant_that_no_clock_shows_is_named(database: Database, clock: Clock, value: str) -> None:
    told(database, clock)
    spoil(database, f"UPDATE events SET at = '{value}' WHERE number = 6".replace(":", "\\:"))
    assert verdict(database).damages == (Damage(K.UNREADABLE, 6, 6, None, "at"),)


DOING: list[Callable[[Connection], Any]] = [
    lambda c: c.execute(text("UPDATE events SET actor = 'otra' WHERE number = 1")),
    lambda c: c.execute(text("UPDATE events SET actor = actor")),
    lambda c: c.execute(text("DELETE FROM events WHERE number = 2")),
    lambda c: c.execute(text("DELETE FROM events")),
]


@pytest.mark.parametrize("do", DOING)
def test_the_database_refuses_to_change_or_remove_an_event(
    database: Database, clock: Clock, do: Callable[[Connection], Any]
) -> None:
    told(database, clock)

    def attempt() -> None:
        with database.write() as transaction:
            do(transaction._connection)

    with pytest.raises(Exception, match="base de datos") as refused:
        attempt()
    assert "append-only" in refused.value.diagnostic  # type: ignore[attr-defined]
    assert damages(database) == []


def test_no_other_way_round_the_guards(database: Database, clock: Clock) -> None:
    told(database, clock)
    false = forged(database, 5, row(database, 4)["hash"])
    statements: list[Any] = [text("TRUNCATE events")]
    if database.is_sqlite:
        statements = [insert(events).values(false).prefix_with(f"OR {how}") for how in ("REPLACE", "ABORT")]

    def attempt(statement: Any) -> None:
        with database.write() as transaction:
            transaction._connection.execute(statement)

    for statement in statements:
        with pytest.raises(Exception, match="base de datos"):
            attempt(statement)
    assert damages(database) == []


def test_the_record_points_at_nothing(database: Database) -> None:
    assert not events.foreign_keys
    with database.read() as transaction:
        if database.is_sqlite:
            assert not transaction._connection.exec_driver_sql("PRAGMA foreign_key_list(events)").all()
        else:
            query = "SELECT 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = 'events'::regclass"
            assert not transaction._connection.exec_driver_sql(query).all()
