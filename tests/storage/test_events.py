"""The record: a chain that can be worked out by hand, never forks and has no gaps."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from core.events import FIRST, Event, RecordedEvent, first_broken
from storage.database import Database
from storage.tables import events
from tests.databases import Clock, unguarded


def happened(clock: Clock, number: int = 1, **values: str) -> Event:
    return Event(
        at=clock.now,
        actor="jefa",
        role="office_head",
        action="approve_post",
        subject=f"post:{number}",
        before="in_review",
        after="approved",
        digest="ab" * 32,
        reason="Está bien «así»",
        data={"account": "3", "revision": "2"},
        **values,
    )


def recorded(database: Database) -> list[RecordedEvent]:
    with database.read() as transaction:
        return list(transaction.events.all())


def broken(database: Database) -> int | None:
    with database.read() as transaction:
        return first_broken(transaction.events.all(), transaction.events.end())


def test_the_hash_is_what_the_description_says(database: Database, clock: Clock) -> None:
    with database.write() as transaction:
        transaction.tell(happened(clock))
    (first,) = recorded(database)
    by_hand = json.dumps(
        {
            "number": 1,
            "at": "2026-11-23T15:00:00.000000+00:00",
            "actor": "jefa",
            "role": "office_head",
            "action": "approve_post",
            "subject": "post:1",
            "before": "in_review",
            "after": "approved",
            "digest": "ab" * 32,
            "reason": "Está bien «así»",
            "data": {"account": "3", "revision": "2"},
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    assert first.previous == FIRST == "0" * 64
    assert first.hash == hashlib.sha256(("0" * 64 + "\n" + by_hand).encode()).hexdigest()


def test_events_are_chained_in_their_order_and_come_back_as_told(database: Database, clock: Clock) -> None:
    told = [happened(clock, number) for number in range(1, 4)]
    with database.write() as transaction:
        for event in told[:2]:
            transaction.tell(event)
    clock.advance(microseconds=1)
    told[2] = happened(clock, 3)
    with database.write() as transaction:
        transaction.tell(told[2])
    chain = recorded(database)
    assert [each.event for each in chain] == told
    assert [each.number for each in chain] == [1, 2, 3]
    assert [each.previous for each in chain] == [FIRST, chain[0].hash, chain[1].hash]
    with database.read() as transaction:
        assert transaction.events.end() == (3, chain[2].hash)
        assert [each.number for each in transaction.events.of("post:1", "post:3")] == [1, 3]
    assert broken(database) is None


def test_what_is_rolled_back_leaves_no_gap(database: Database, clock: Clock) -> None:
    with database.write() as transaction:
        transaction.tell(happened(clock))

    def half() -> None:
        with database.write() as transaction:
            transaction.tell(happened(clock))
            transaction.record()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with database.write() as transaction:
        transaction.tell(happened(clock))
    assert [each.number for each in recorded(database)] == [1, 2]
    assert broken(database) is None


def test_many_writers_never_fork_the_chain(database: Database, clock: Clock) -> None:
    def work(number: int) -> None:
        for _ in range(20):
            with database.write() as transaction:
                transaction.tell(happened(clock, number))
                transaction.tell(happened(clock, number))

    with ThreadPoolExecutor() as hands:
        list(hands.map(work, range(4)))
    assert [each.number for each in recorded(database)] == list(range(1, 161))
    assert broken(database) is None


@pytest.mark.parametrize(
    ("what", "value"), [("reason", "otro"), ("data", {}), ("actor", "otra"), ("hash", "0" * 64), ("after", "draft")]
)
def test_a_changed_event_is_found(database: Database, clock: Clock, what: str, value: object) -> None:
    with database.write() as transaction:
        for number in range(3):
            transaction.tell(happened(clock, number))
    with database.write() as transaction, unguarded(transaction._connection):
        transaction._connection.execute(update(events).where(events.c.number == 2).values({what: value}))
    assert broken(database) == 2


@pytest.mark.parametrize(("gone", "found"), [(1, 1), (2, 2), (3, 3)])
def test_a_removed_event_is_found(database: Database, clock: Clock, gone: int, found: int) -> None:
    with database.write() as transaction:
        for number in range(3):
            transaction.tell(happened(clock, number))
    with database.write() as transaction, unguarded(transaction._connection):
        transaction._connection.execute(events.delete().where(events.c.number == gone))
    assert broken(database) == found


def test_a_long_chain_is_read_piece_by_piece(database: Database, clock: Clock) -> None:
    with database.write() as transaction:
        for number in range(2500):
            transaction.tell(happened(clock, number))
    assert broken(database) is None
    assert len(recorded(database)) == 2500
