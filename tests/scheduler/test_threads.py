"""A thread: a visible write a message, each accounted for alone; what is begun is finished or a person decides."""

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Gone, OutcomeUnknown, Rejected, Unavailable
from core.deliveries import Delivery, DeliveryState
from core.platforms import Platform
from core.posts import Content
from storage.database import Database
from tests.databases import Clock
from tests.scheduler.memory_platform import ThreadingConnector
from tests.scheduler.newsroom import Newsroom
from tests.storage.rows import a_stop

State = DeliveryState
SITE = Platform.WEBSITE
THREE = ("Uno", "Dos", "Tres")
CONTENT = Content(text=THREE[0], title="Hilo", thread=THREE[1:])


@pytest.fixture
def newsroom(database: Database, clock: Clock, tmp_path: Path) -> Newsroom:
    return Newsroom(database, clock, tmp_path, kind=ThreadingConnector)


def said(newsroom: Newsroom) -> list[str]:
    return [write.text for write in newsroom.platform.visible()]


def test_each_message_is_an_intent_of_its_own(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule(content=CONTENT)
    first = newsroom.turn()
    assert (first.state, first.remote_id, first.due_at) == (State.SCHEDULED, "1", newsroom.clock.now)
    assert first.is_begun
    done = newsroom.run(State.PUBLISHED)
    assert tuple(said(newsroom)) == THREE
    assert (done.remote_id, done.is_begun) == ("1", False)
    assert newsroom.outcomes(delivery) == [("publish", "part"), ("publish", "part"), ("publish", "published")]
    assert newsroom.claim() == []


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("landed", [True, False])
def test_a_lost_answer_within_a_thread_repeats_nothing(at: int, landed: bool, newsroom: Newsroom) -> None:
    newsroom.schedule(content=CONTENT)
    for _message in range(at):
        newsroom.turn()
    lost = OutcomeUnknown("no answer", platform=SITE)
    newsroom.platform.plan("publish", after=lost if landed else None, before=None if landed else lost)
    assert newsroom.turn().state is State.UNKNOWN
    newsroom.run(State.PUBLISHED)
    assert tuple(said(newsroom)) == THREE


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("publish", Rejected("too long", platform=SITE)),
        ("stage", Gone("the first message is gone", platform=SITE)),
        ("stage", Rejected("no", platform=SITE)),
    ],
)
def test_what_stops_a_begun_thread_is_for_a_person(step: str, error: Exception, newsroom: Newsroom) -> None:
    newsroom.schedule(content=CONTENT)
    newsroom.turn()
    newsroom.platform.plan(step, before=error)
    held = newsroom.turn()
    assert (held.state, held.due_at, held.is_begun) == (State.HELD, None, True)
    assert held.url in held.reason
    assert said(newsroom) == ["Uno"]
    assert held.stage is not None
    assert held.stage.token == {"ids": ["1"]}
    _released(newsroom, held)
    newsroom.run(State.PUBLISHED)
    assert tuple(said(newsroom)) == THREE


def test_a_begun_thread_is_never_missed(newsroom: Newsroom) -> None:
    newsroom.schedule(content=CONTENT)
    newsroom.turn()
    newsroom.platform.plan("publish", before=Unavailable("down", platform=SITE))
    newsroom.turn()
    newsroom.clock.advance(hours=2)
    held = newsroom.turn()
    assert held.state is State.HELD
    assert said(newsroom) == ["Uno"]


def test_the_gate_is_passed_before_each_message(newsroom: Newsroom) -> None:
    newsroom.schedule(content=CONTENT)
    newsroom.turn()
    with newsroom.database.write() as transaction:
        a_stop(transaction, "revisión", account_id=newsroom.account.id)
    assert newsroom.turn().state is State.HELD
    assert said(newsroom) == ["Uno"]


def test_a_worker_that_died_between_two_messages_leaves_the_next_to_another(newsroom: Newsroom) -> None:
    newsroom.schedule(content=CONTENT)
    newsroom.turn()
    (claimed,) = newsroom.claim("a")
    newsroom.clock.advance(seconds=newsroom.timing.lease.total_seconds() + 1)
    assert claimed.is_begun
    newsroom.run(State.PUBLISHED)
    assert tuple(said(newsroom)) == THREE


def _released(newsroom: Newsroom, held: Delivery) -> None:
    now = newsroom.clock.now
    with newsroom.database.write() as transaction:
        transaction.deliveries.release(held, publish_at=now, late_after=now + timedelta(hours=1), due_at=now)
