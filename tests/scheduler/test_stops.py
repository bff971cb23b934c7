"""While a stop is open nothing begins its visible write; what has begun ends; lifting it releases nothing by itself."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import NotAuthorized, OutcomeUnknown
from core.deliveries import Delivery, DeliveryState
from core.events import SYSTEM
from core.platforms import Platform
from core.stops import Stop
from policy.gate import Facts, check_gate
from policy.reasons import Reason
from scheduler import delivering
from tests.scheduler.newsroom import Newsroom
from tests.storage.rows import a_stop
from vocero.actions.stops import held_by

State = DeliveryState
LOST = OutcomeUnknown("no answer", platform=Platform.WEBSITE)


def stop(newsroom: Newsroom, **scope: Any) -> Stop:
    with newsroom.database.write() as transaction:
        return a_stop(transaction, "crisis", **scope)


def lift(newsroom: Newsroom, stop: Stop) -> None:
    with newsroom.database.write() as transaction:
        transaction.stops.lift(stop, reason="pasó", by="jefa", now=transaction.now)


def held(newsroom: Newsroom, *stops: Stop) -> list[int]:
    with newsroom.database.read() as transaction:
        return [each.id for each in held_by(transaction, {each.id for each in stops})]


def scopes(newsroom: Newsroom) -> list[dict[str, Any]]:
    return [{}, {"platform": newsroom.account.platform}, {"account_id": newsroom.account.id}]


@pytest.mark.parametrize("which", [0, 1, 2], ids=["everything", "platform", "account"])
def test_what_comes_due_is_held_with_the_reason_before_anything_is_prepared(newsroom: Newsroom, which: int) -> None:
    opened = stop(newsroom, **scopes(newsroom)[which])
    delivery = newsroom.schedule()
    now = newsroom.turn()
    assert (now.state, now.due_at, newsroom.platform.calls) == (State.HELD, None, [])
    assert "crisis" in now.reason
    assert held(newsroom, opened) == [delivery.id]
    assert newsroom.claim() == []


def test_a_stop_of_something_else_lets_it_go(newsroom: Newsroom) -> None:
    opened = [
        stop(newsroom, platform=Platform.X),
        stop(newsroom, account_id=newsroom.desk.account().id),
    ]
    newsroom.schedule()
    assert newsroom.turn().state is State.PUBLISHED
    assert held(newsroom, *opened) == []


def test_a_stop_between_preparing_and_writing_is_seen(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    newsroom.platform.plan("stage", after=lambda: stop(newsroom))
    assert newsroom.turn().state is State.HELD
    assert newsroom.platform.visible() == []
    assert newsroom.story(delivery) == ["staging", "held"]


def test_what_has_begun_comes_to_its_end(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    newsroom.platform.plan("publish", before=lambda: stop(newsroom))
    assert newsroom.turn().state is State.PUBLISHED
    assert len(newsroom.platform.visible(delivery.key)) == 1


def test_a_stop_comes_before_an_intent_and_is_seen_or_after_it(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look at the stops and the commit of the intent none is committed: the record shows the order."""
    delivery = newsroom.schedule()
    asked: list[Facts] = []
    opener = threading.Thread(target=lambda: stop(newsroom))

    def gate(facts: Facts) -> list[Reason]:
        asked.append(facts)
        reasons = check_gate(facts)
        if len(asked) == 2:  # right before the write: the stop may come in now, if it can
            opener.start()
            opener.join(0.5)
            assert opener.is_alive(), "a stop was committed between the gate and the intent"
        return reasons

    monkeypatch.setattr(delivering, "check_gate", gate)
    newsroom.platform.plan("publish", before=lambda: opener.join(10))
    assert newsroom.turn().state is State.PUBLISHED
    assert not opener.is_alive()
    assert len(asked) == 2
    later = newsroom.schedule()
    assert newsroom.turn().state is State.HELD
    assert [write.key for write in newsroom.platform.visible()] == [delivery.key] != [later.key]


def test_a_stop_that_is_being_committed_is_waited_for(newsroom: Newsroom) -> None:
    newsroom.schedule()
    committing, may_commit = threading.Event(), threading.Event()

    def open_slowly() -> None:
        with newsroom.database.write() as transaction:
            a_stop(transaction, "crisis")
            committing.set()
            may_commit.wait(10)

    opener = threading.Thread(target=open_slowly)

    def begin() -> None:
        opener.start()
        assert committing.wait(10)
        # SQLite's only writer is the stop by now, so the next step of the delivery waits for it as well
        threading.Timer(0.3, may_commit.set).start()

    newsroom.platform.plan("stage", after=begin)
    assert newsroom.turn().state is State.HELD
    opener.join(10)
    assert newsroom.platform.visible() == []


@pytest.mark.parametrize("landed", [True, False])
def test_a_look_goes_on_while_all_is_stopped(doubling: Newsroom, landed: bool) -> None:
    newsroom = doubling
    delivery = newsroom.schedule()
    newsroom.platform.plan("publish", after=LOST if landed else None, before=None if landed else LOST)
    assert newsroom.turn().state is State.UNKNOWN
    opened = stop(newsroom)
    done = newsroom.run(State.PUBLISHED if landed else State.HELD)
    assert len(newsroom.platform.visible()) == int(landed)
    assert newsroom.platform.calls.count("publish") == 1
    assert held(newsroom, opened) == ([] if landed else [delivery.id])
    if not landed:
        assert "crisis" in done.reason


def test_lifting_releases_nothing_and_what_was_not_touched_goes_at_its_hour(newsroom: Newsroom) -> None:
    due = newsroom.schedule()
    later = newsroom.schedule(in_minutes=30)
    opened = stop(newsroom)
    assert newsroom.turn().id == due.id
    lift(newsroom, opened)
    assert newsroom.claim() == []
    assert held(newsroom, opened) == [due.id]
    newsroom.clock.advance(minutes=30)
    assert newsroom.turn().state is State.PUBLISHED
    assert [write.key for write in newsroom.platform.visible()] == [later.key]
    assert newsroom.desk.now(due).state is State.HELD


def test_one_that_was_ready_before_a_short_stop_goes_at_its_hour(newsroom: Newsroom) -> None:
    newsroom.schedule(in_minutes=5)
    assert newsroom.turn().state is State.STAGING
    lift(newsroom, stop(newsroom))
    newsroom.clock.advance(minutes=5)
    assert newsroom.turn().state is State.PUBLISHED


def test_of_stops_that_overlap_every_one_must_be_lifted(newsroom: Newsroom) -> None:
    first, second = stop(newsroom), stop(newsroom, platform=newsroom.account.platform)
    delivery = newsroom.schedule()
    assert newsroom.turn().state is State.HELD
    assert held(newsroom, first) == held(newsroom, second) == [delivery.id]
    lift(newsroom, first)
    release(newsroom, delivery)
    assert newsroom.turn().state is State.HELD
    assert held(newsroom, first) == []  # what holds it now is the other one
    lift(newsroom, second)
    release(newsroom, delivery)
    assert newsroom.turn().state is State.PUBLISHED


def release(newsroom: Newsroom, delivery: Delivery) -> None:
    now = newsroom.clock.now
    with newsroom.database.write() as transaction:
        current = transaction.deliveries.get(delivery.id)
        transaction.deliveries.release(current, publish_at=now, late_after=now + timedelta(hours=1), due_at=now)


def test_the_program_stops_an_account_that_it_may_not_use_once(newsroom: Newsroom) -> None:
    refused: Callable[[], None] = lambda: newsroom.platform.plan(  # noqa: E731
        "stage", before=NotAuthorized(platform=Platform.WEBSITE)
    )
    first = newsroom.schedule()
    refused()
    assert newsroom.turn().state is State.HELD
    with newsroom.database.read() as transaction:
        [opened] = transaction.stops.opened()
        [told] = transaction.events.of(f"account:{newsroom.account.id}")
    assert (opened.opened_by, opened.scope.account_id) == (SYSTEM, newsroom.account.id)
    assert told.event.data == {"stop": str(opened.id)}
    second = newsroom.schedule()
    assert newsroom.turn().state is State.HELD
    assert held(newsroom, opened) == [first.id, second.id]
