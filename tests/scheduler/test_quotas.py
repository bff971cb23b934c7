"""Daily quotas and rate limits: what would surely be refused waits or is missed, and other accounts go on."""

from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from connectors.errors import RateLimited
from core.accounts import Account
from core.capabilities import Capabilities, Limit, Quota
from core.deliveries import Delivery
from core.deliveries import DeliveryState as State
from core.platforms import Platform
from storage.database import Database
from tests.databases import Clock
from tests.scheduler.memory_platform import MemoryConnector
from tests.scheduler.newsroom import Newsroom

P = Platform
_LIMIT = Limit(2, "tests", MemoryConnector.capabilities.text_length.read_on)


def _with(quota: Quota) -> type[MemoryConnector]:
    values = {name: getattr(MemoryConnector.capabilities, name) for name in Capabilities.__dataclass_fields__}

    class Counting(MemoryConnector):
        capabilities: ClassVar[Capabilities] = Capabilities(**values | {"quotas": (quota,)})

    return Counting


ROLLING, PACIFIC = Quota(_LIMIT, "publicaciones"), Quota(_LIMIT, "videos", "America/Los_Angeles")
SHARED = Quota(_LIMIT, "videos", shared=True)
FEARED = Quota(_LIMIT, "publicaciones", certain=False)


def _newsroom(database: Database, clock: Clock, folder: Path, quota: Quota) -> Newsroom:
    return Newsroom(database, clock, folder, kind=_with(quota))


def _all_due(newsroom: Newsroom) -> None:
    for _round in range(20):
        claimed = newsroom.claim()
        if not claimed:
            return
        for delivery in claimed:
            newsroom.deliver(delivery)
    raise AssertionError("it turns in a circle")


def _on(newsroom: Newsroom, account: Account, *, in_minutes: float = 0) -> Delivery:
    publish_at = newsroom.clock.now + timedelta(minutes=in_minutes)
    return newsroom.desk.delivery(account, publish_at=publish_at)


def _states(newsroom: Newsroom, *deliveries: Delivery) -> list[State]:
    return [newsroom.desk.now(each).state for each in deliveries]


def test_beyond_the_quota_nothing_is_asked_of_the_platform_and_it_is_missed(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    newsroom = _newsroom(database, clock, tmp_path, ROLLING)
    first, second, third = (newsroom.schedule() for _ in range(3))
    _all_due(newsroom)
    assert _states(newsroom, first, second, third) == [State.PUBLISHED, State.PUBLISHED, State.SCHEDULED]
    assert "no admite más publicaciones" in newsroom.desk.now(third).reason
    calls = list(newsroom.platform.calls)
    clock.advance(minutes=59)
    _all_due(newsroom)
    assert newsroom.desk.now(third).state is State.SCHEDULED
    clock.advance(minutes=1, seconds=1)
    _all_due(newsroom)
    assert newsroom.desk.now(third).state is State.MISSED
    assert "no admite más publicaciones" in newsroom.desk.now(third).reason
    assert newsroom.platform.calls == calls


def test_it_goes_out_when_the_window_frees(database: Database, clock: Clock, tmp_path: Path) -> None:
    newsroom = _newsroom(database, clock, tmp_path, ROLLING)
    old = newsroom.schedule()
    _all_due(newsroom)
    clock.advance(hours=23, minutes=30)
    newer, newest = newsroom.schedule(), newsroom.schedule()
    _all_due(newsroom)
    assert _states(newsroom, old, newer, newest) == [State.PUBLISHED, State.PUBLISHED, State.SCHEDULED]
    waits = newsroom.desk.now(newest).due_at
    assert waits == old.publish_at + timedelta(hours=24)
    clock.now = waits
    _all_due(newsroom)
    assert newsroom.desk.now(newest).state is State.PUBLISHED


def test_a_day_of_the_platforms_own_calendar(database: Database, clock: Clock, tmp_path: Path) -> None:
    newsroom = _newsroom(database, clock, tmp_path, PACIFIC)
    clock.now = clock.now.replace(day=24, hour=7, minute=30)  # 23:30 there
    deliveries = [newsroom.schedule() for _ in range(3)]
    _all_due(newsroom)
    assert newsroom.desk.now(deliveries[2]).due_at == clock.now + timedelta(minutes=30)
    clock.advance(minutes=30)
    _all_due(newsroom)
    assert _states(newsroom, *deliveries) == [State.PUBLISHED] * 3


@pytest.mark.parametrize(
    ("quota", "states"),
    [
        (ROLLING, [State.PUBLISHED, State.PUBLISHED, State.PUBLISHED]),
        (SHARED, [State.PUBLISHED, State.PUBLISHED, State.SCHEDULED]),
    ],
)
def test_whose_quota_it_is(quota: Quota, states: list[State], database: Database, clock: Clock, tmp_path: Path) -> None:
    newsroom = _newsroom(database, clock, tmp_path, quota)
    same, other = newsroom.desk.account(), newsroom.desk.account(P.FACEBOOK)
    elsewhere = _on(newsroom, other)
    deliveries = [newsroom.schedule(), newsroom.schedule()]
    _all_due(newsroom)
    third = _on(newsroom, same)
    _all_due(newsroom)
    assert _states(newsroom, *deliveries, third) == states
    assert newsroom.desk.now(elsewhere).state is State.PUBLISHED


def test_what_is_only_feared_stops_nothing(database: Database, clock: Clock, tmp_path: Path) -> None:
    newsroom = _newsroom(database, clock, tmp_path, FEARED)
    deliveries = [newsroom.schedule() for _ in range(3)]
    _all_due(newsroom)
    assert _states(newsroom, *deliveries) == [State.PUBLISHED] * 3


def test_a_wait_past_the_lateness_limit_ends_in_missed_at_the_limit_and_others_go_on(newsroom: Newsroom) -> None:
    """The platform says to wait for a day: nothing more is asked, and each post is missed at its own limit."""
    other = newsroom.desk.account(P.FACEBOOK)
    first, later = newsroom.schedule(), newsroom.schedule(in_minutes=30)
    newsroom.platform.plan("identify", before=RateLimited(platform=P.WEBSITE, retry_after=timedelta(days=1)))
    newsroom.deliver(newsroom.claim()[0])
    elsewhere = _on(newsroom, other)
    _all_due(newsroom)
    assert newsroom.desk.now(elsewhere).state is State.PUBLISHED
    calls = list(newsroom.platform.calls)
    ends: dict[str, int] = {}
    for minute in range(120):
        _all_due(newsroom)
        for name, delivery in (("first", first), ("later", later)):
            if newsroom.desk.now(delivery).state is State.MISSED:
                ends.setdefault(name, minute)
        newsroom.clock.advance(minutes=1)
    assert ends == {"first": 61, "later": 91}
    assert newsroom.platform.calls == calls
    assert "pide esperar" in newsroom.desk.now(first).reason


def test_what_may_be_out_is_not_looked_for_while_its_account_rests(newsroom: Newsroom) -> None:
    """A look is a call: only what has to be found missed is taken up during a rest."""
    delivery = newsroom.schedule()
    newsroom.desk.put(delivery, State.UNKNOWN)
    with newsroom.database.write() as transaction:
        transaction.accounts.wait_until(newsroom.account.id, newsroom.clock.now + timedelta(days=1))
    newsroom.clock.advance(hours=2)
    assert newsroom.claim() == []
