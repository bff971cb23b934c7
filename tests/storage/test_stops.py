"""Stops and runs of workers as rows, and what wants somebody's eyes, found without reading what is over."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event, text

from core.accounts import AccountState
from core.deliveries import UNSETTLED, DeliveryState
from core.errors import NotFound
from core.platforms import Platform
from core.posts import PostState
from core.stops import Scope
from storage.database import Database
from storage.steps import MIGRATIONS
from tests.databases import Clock
from tests.storage.rows import Desk, a_stop

State = DeliveryState


def test_a_stop_is_open_until_it_is_lifted_and_is_lifted_once(database: Database, clock: Clock) -> None:
    with database.write() as transaction:
        everything = a_stop(transaction, "crisis")
        network = a_stop(transaction, "caída", platform=Platform.X)
    opened_at = clock.now
    lifted_at = clock.advance(hours=1)
    with database.write() as transaction:
        assert transaction.stops.opened() == [everything, network]
        lifted = transaction.stops.lift(everything, reason="pasó", by="jefa", now=lifted_at)
    clock.advance(hours=1)
    with database.write() as transaction:
        assert transaction.stops.lift(everything, reason="otra vez", by="otra", now=clock.now) == lifted
        assert transaction.stops.opened() == [network]
        assert transaction.stops.all() == [lifted, network]
        assert (lifted.opened_at, lifted.lifted_at, lifted.lifted_by) == (opened_at, lifted_at, "jefa")
        assert (lifted.is_open, network.is_open) == (False, True)
        with pytest.raises(NotFound, match="stops list"):
            transaction.stops.get(404)


def test_an_account_is_paused_while_a_stop_covers_it_alone(database: Database, desk: Desk) -> None:
    account, other = desk.account(), desk.account()
    with database.write() as transaction:
        a_stop(transaction, "todo")
        a_stop(transaction, "red", platform=account.platform)
        first = a_stop(transaction, "robo", account_id=account.id)
        second = a_stop(transaction, "token vencido", account_id=account.id)

        def state() -> tuple[AccountState, str]:
            found = transaction.accounts.get(account.id)
            return found.state, found.state_reason

        assert state() == (AccountState.PAUSED, "token vencido")
        transaction.stops.lift(second, reason="", by="jefa", now=transaction.now)
        assert state() == (AccountState.PAUSED, "robo")
        transaction.stops.lift(first, reason="", by="jefa", now=transaction.now)
        assert state() == (AccountState.ACTIVE, "")
        assert transaction.accounts.get(other.id).state is AccountState.ACTIVE


def test_no_stop_is_opened_while_somebody_holds_them(database: Database) -> None:
    opened: list[int] = []

    def open_one() -> None:
        with database.write() as transaction:
            opened.append(a_stop(transaction).id)

    opener = threading.Thread(target=open_one)
    with database.write() as transaction:
        transaction.stops.hold()
        opener.start()
        opener.join(0.3)
        assert opened == []
        assert transaction.stops.opened() == []
    opener.join(10)
    assert len(opened) == 1


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_workers_that_hold_the_stops_do_not_wait_for_each_other(database: Database) -> None:
    with database.write() as first, database.write() as second:
        first.stops.hold()
        second.stops.hold()
        assert second.stops.opened() == []


def test_pauses_of_before_become_stops(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    try:
        _migrate_to(database, "0002")
        with database.write() as transaction:
            run = transaction._connection.execute
            for number, state in ((1, "paused"), (2, "active"), (3, "paused")):
                run(
                    text(
                        "INSERT INTO accounts (id, platform, handle, name, remote_id, address, state, state_reason, "
                        "sealed_credentials, created_at) VALUES (:id, 'x', 'h', 'n', :remote, 'a', :state, 'robo', "
                        ":sealed, '2026-11-01 00:00:00.000000+00:00')"
                    ),
                    {"id": number, "remote": str(number), "state": state, "sealed": b"x"},
                )
            run(
                text(
                    'INSERT INTO events (number, at, actor, role, action, subject, before, "after", digest, reason, '
                    "data, previous, hash) VALUES (1, '2026-11-02 00:00:00.000000', 'jefa', 'office_head', "
                    "'pause_account', 'account:1', 'active', 'paused', '', 'robo', '{}', '', '')"
                )
            )
        assert database.migrate()[0] == "0003"
        with database.read() as transaction:
            stops = transaction.stops.opened()
            assert [(stop.scope, stop.reason, stop.opened_by) for stop in stops] == [
                (Scope(account_id=1), "robo", "jefa"),
                (Scope(account_id=3), "robo", "sistema"),
            ]
            assert stops[0].opened_at.isoformat() == "2026-11-02T00:00:00+00:00"
            states = [account.state for account in transaction.accounts.all()]
        assert states == [AccountState.PAUSED, AccountState.ACTIVE, AccountState.PAUSED]
    finally:
        database.close()


def _migrate_to(database: Database, step: str) -> None:
    if database.is_sqlite:
        Path(database.where).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database._engine.connect().execution_options(vocero_writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, step)


# ── runs of workers ──


def test_a_run_beats_ends_and_is_forgotten_after_a_day(database: Database, clock: Clock) -> None:
    with database.write() as transaction:
        begun = transaction.workers.begin(name="prensa:7", version="0.1", now=clock.now)
    began_at = clock.now
    beat_at = clock.advance(seconds=15)
    with database.write() as transaction:
        assert transaction.workers.beat(begun, now=beat_at)
        (run,) = transaction.workers.all()
        assert (run.name, run.version, run.started_at, run.beat_at) == ("prensa:7", "0.1", began_at, beat_at)
        assert (run.stopped_at, run.host) == (None, "prensa")
        transaction.workers.end(begun, now=beat_at)
        assert transaction.workers.all()[0].stopped_at == beat_at
    clock.advance(days=1, seconds=1)
    with database.write() as transaction:
        second = transaction.workers.begin(name="prensa:8", version="0.1", now=clock.now)
        assert [each.id for each in transaction.workers.all()] == [second.id]
        assert not transaction.workers.beat(begun, now=clock.now)


# ── what wants somebody's eyes ──


def test_overdue_is_what_has_no_final_state_after_its_hour(database: Database, desk: Desk, clock: Clock) -> None:
    account = desk.account()
    for state in State:
        desk.put(desk.delivery(account, publish_at=clock.now), state)
    desk.put(desk.delivery(account, publish_at=clock.now), State.UNKNOWN, due_at=None)  # a person's turn: not here
    desk.delivery(account, publish_at=clock.now + timedelta(microseconds=1))
    with database.read() as transaction:
        found = [each.state for each in transaction.neglected.overdue(clock.now)]
        assert transaction.neglected.overdue(clock.now - timedelta(microseconds=1)) == []
    assert found == [State.SCHEDULED, State.STAGING, State.PUBLISHING, State.UNKNOWN, State.HELD]


def test_trouble_is_what_ended_badly_lately_and_what_only_a_person_can_tell(
    database: Database, desk: Desk, clock: Clock
) -> None:
    account = desk.account()
    failed, missed = (
        desk.put(desk.delivery(account, publish_at=clock.now), state, due_at=None)
        for state in (State.FAILED, State.MISSED)
    )
    asked = desk.put(desk.delivery(account, publish_at=clock.now - timedelta(days=90)), State.UNKNOWN, due_at=None)
    for state in set(State) - UNSETTLED:
        desk.put(desk.delivery(account, publish_at=clock.now), state, due_at=None)
    desk.put(desk.delivery(account, publish_at=clock.now), State.UNKNOWN)
    with database.read() as transaction:
        since = clock.now - timedelta(days=7)
        assert [each.id for each in transaction.neglected.troubled(since)] == [asked.id, failed.id, missed.id]
        assert [each.id for each in transaction.neglected.troubled(clock.now)] == [asked.id]


@pytest.mark.parametrize("seen_to", ["again", "again and failed", "cancelled"])
def test_trouble_that_was_seen_to_is_none(database: Database, desk: Desk, clock: Clock, seen_to: str) -> None:
    failed = desk.put(desk.delivery(desk.account(), publish_at=clock.now), State.FAILED, due_at=None)
    with database.write() as transaction:
        if seen_to == "cancelled":
            transaction.posts.set_state(failed.post_id, PostState.CANCELLED)
        else:
            again = transaction.deliveries.add(
                key="vocero-again",
                post_id=failed.post_id,
                revision_id=failed.revision_id,
                account_id=failed.account_id,
                approval_id=failed.approval_id,
                publish_at=clock.now,
                late_after=clock.now,
                due_at=clock.now,
                now=clock.now,
            )
    if seen_to == "again and failed":
        desk.put(again, State.FAILED, due_at=None)
    with database.read() as transaction:
        left = transaction.neglected.troubled(clock.now - timedelta(days=7))
    assert len(left) == (2 if seen_to == "again and failed" else 0)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_wants_eyes_is_found_through_the_partial_index(database: Database, clock: Clock) -> None:
    seen: list[tuple[str, object]] = []

    @event.listens_for(database._engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        seen.append((statement, values))

    with database.read() as transaction:
        transaction.neglected.overdue(clock.now)
        transaction.neglected.troubled(clock.now)
        transaction.stops.opened()
        asked = [each for each in seen if each[0].startswith("SELECT") and "strftime" not in each[0]]
        plans = [
            [
                row.detail
                for row in transaction._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            ]
            for statement, values in asked
        ]
    assert len(plans) == 3
    for plan, index in zip(plans, ("ix_deliveries_unsettled", "ix_deliveries_unsettled", "ix_stops_open"), strict=True):
        assert any(index in step for step in plan), plan
        assert [step for step in plan if step.startswith("SCAN") and index not in step] == []
