"""A write that may have landed: looked for first, always; nothing but the platform's own word says that it did not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from connectors.errors import (
    ConnectorError,
    Exists,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from core.accounts import AccountState
from core.deliveries import Delivery, DeliveryState, may_become
from core.platforms import Platform
from core.posts import OutgoingPost
from storage.database import Database
from tests.scheduler.newsroom import Newsroom
from tests.storage.rows import a_stop

State = DeliveryState
SITE = Platform.WEBSITE
LOST = OutcomeUnknown("no answer", platform=SITE)
NEVER_PROOF: list[ConnectorError] = [
    Rejected(platform=SITE),
    NotAuthorized(platform=SITE),
    Unavailable(platform=SITE),
    Gone(platform=SITE),
    OutcomeUnknown(platform=SITE),
    RateLimited(platform=SITE, retry_after=timedelta(hours=2)),
]


def pause(newsroom: Newsroom) -> None:
    with newsroom.database.write() as transaction:
        a_stop(transaction, "revisión", account_id=newsroom.account.id)


def revoke(newsroom: Newsroom) -> None:
    (delivery,) = newsroom.all()
    with newsroom.database.write() as transaction:
        transaction.posts.revoke_approvals(delivery.post_id, reason="ya no", now=transaction.now)


def lost(newsroom: Newsroom, *, landed: bool) -> Delivery:
    """Let the answer to the visible write be lost, after it landed or before."""
    newsroom.schedule()
    newsroom.platform.plan("publish", after=LOST if landed else None, before=None if landed else LOST)
    unknown = newsroom.turn()
    assert (unknown.state, unknown.looks) == (State.UNKNOWN, 0)
    assert unknown.due_at == newsroom.clock.now + newsroom.timing.patience.looks[0]
    assert len(newsroom.platform.visible()) == int(landed)
    newsroom.clock.now = unknown.due_at
    return unknown


def settled(newsroom: Newsroom) -> Delivery:
    """Let the worker look until it has an answer."""
    after = newsroom.turn()
    while after.state is State.UNKNOWN and after.due_at is not None:
        newsroom.clock.now = after.due_at
        after = newsroom.turn()
    return after


# ── where repeating is harmless ──


def test_what_landed_is_found_even_where_repeating_is_harmless(newsroom: Newsroom) -> None:
    """Somebody may have withdrawn it meanwhile: a repeated write would bring it back."""
    delivery = lost(newsroom, landed=True)
    assert newsroom.turn().state is State.PUBLISHED
    assert newsroom.platform.calls.count("publish") == 1
    assert newsroom.story(delivery) == ["staging", "publishing", "unknown", "published"]


def test_a_harmless_write_is_repeated_once_two_looks_agree(newsroom: Newsroom) -> None:
    delivery = lost(newsroom, landed=False)
    absent = settled(newsroom)
    assert (absent.state, absent.due_at, absent.tries) == (State.SCHEDULED, newsroom.clock.now, 1)
    assert newsroom.turn().state is State.PUBLISHED
    assert len(newsroom.platform.visible(delivery.key)) == 1
    assert newsroom.platform.calls.count("publish") == 2
    assert newsroom.platform.calls.count("find") == 2


def test_a_first_look_that_comes_too_early_leaves_nothing_that_could_be_called_off(newsroom: Newsroom) -> None:
    """Scheduled again after one look it could be cancelled, or refused, and then the first write lands after all."""
    delivery = lost(newsroom, landed=False)
    early = newsroom.turn()
    assert not may_become(early.state, State.CANCELLED)
    newsroom.platform.plan("stage", before=Rejected(platform=SITE))
    with newsroom.database.read() as transaction:
        account = transaction.accounts.get(delivery.account_id)
        content = transaction.posts.revision(delivery.revision_id).content
    newsroom.platform.show(account, "", OutgoingPost(key=delivery.key, text=content.text))
    newsroom.clock.now = early.due_at or newsroom.clock.now
    assert settled(newsroom).state is State.PUBLISHED


@pytest.mark.parametrize("landed", [True, False])
def test_a_harmless_write_is_not_repeated_once_the_gate_is_shut(newsroom: Newsroom, landed: bool) -> None:
    delivery = lost(newsroom, landed=landed)
    pause(newsroom)
    after = settled(newsroom)
    assert after.state is (State.PUBLISHED if landed else State.HELD)
    assert newsroom.platform.calls.count("publish") == 1
    assert newsroom.platform.calls.count("find") == (1 if landed else 2)
    assert len(newsroom.platform.visible(delivery.key)) == int(landed)


@pytest.mark.parametrize("landed", [True, False])
def test_a_harmless_write_is_not_repeated_past_its_lateness_limit(newsroom: Newsroom, landed: bool) -> None:
    lost(newsroom, landed=landed)
    newsroom.clock.advance(hours=2)
    after = settled(newsroom)
    assert after.state is (State.PUBLISHED if landed else State.MISSED)
    assert newsroom.platform.calls.count("publish") == 1


def test_a_write_that_lands_after_a_look_is_not_called_missed(newsroom: Newsroom) -> None:
    """The platform took long: the first look comes too early, and nothing may go out any more."""
    delivery = lost(newsroom, landed=False)
    newsroom.clock.advance(hours=2)
    early = newsroom.turn()
    assert early.state is State.UNKNOWN
    with newsroom.database.read() as transaction:
        account = transaction.accounts.get(delivery.account_id)
        content = transaction.posts.revision(delivery.revision_id).content
    newsroom.platform.show(account, "", OutgoingPost(key=delivery.key, text=content.text))
    newsroom.clock.now = early.due_at or newsroom.clock.now
    assert newsroom.turn().state is State.PUBLISHED


def test_a_look_before_the_last_write_does_not_confirm_one_after_it(newsroom: Newsroom) -> None:
    lost(newsroom, landed=False)
    assert settled(newsroom).state is State.SCHEDULED  # absent, and written again
    newsroom.platform.plan("publish", before=LOST)
    again = newsroom.turn()
    assert again.state is State.UNKNOWN
    newsroom.clock.advance(hours=2)
    once = newsroom.turn()  # too late now: one look is not enough to call it missed
    assert (once.state, once.due_at is not None) == (State.UNKNOWN, True)
    newsroom.clock.now = once.due_at or newsroom.clock.now
    assert newsroom.turn().state is State.MISSED


# ── where it would make another post ──


def test_what_landed_is_found_and_not_written_again(doubling: Newsroom) -> None:
    delivery = lost(doubling, landed=True)
    found = doubling.turn()
    assert (found.state, found.remote_id) == (State.PUBLISHED, "1")
    assert doubling.platform.calls.count("publish") == 1
    assert doubling.outcomes(delivery) == [("publish", "OutcomeUnknown"), ("find", "published")]


def test_what_did_not_land_is_written_only_after_a_look_said_so(doubling: Newsroom) -> None:
    delivery = lost(doubling, landed=False)
    once = doubling.turn()  # the write may still be on its way
    assert (once.state, once.looks) == (State.UNKNOWN, 1)
    assert once.due_at == doubling.clock.now + doubling.timing.patience.looks[1]
    doubling.clock.now = once.due_at
    absent = doubling.turn()
    assert (absent.state, absent.due_at, absent.tries) == (State.SCHEDULED, doubling.clock.now, 1)
    assert doubling.turn().state is State.PUBLISHED
    assert len(doubling.platform.visible(delivery.key)) == 1
    calls = doubling.platform.calls
    assert calls.index("find") < len(calls) - 1 - calls[::-1].index("publish")
    assert calls.count("publish") == 2


@pytest.mark.parametrize("error", NEVER_PROOF, ids=lambda error: type(error).__name__)
def test_a_look_that_fails_is_no_leave_to_write(doubling: Newsroom, error: ConnectorError) -> None:
    lost(doubling, landed=True)
    doubling.platform.plan("find", before=error)
    after = doubling.turn()
    assert (after.state, after.looks) == (State.UNKNOWN, 1)
    assert after.due_at is not None
    with doubling.database.read() as transaction:
        account = transaction.accounts.get(doubling.account.id)
    assert (account.state is AccountState.PAUSED) is isinstance(error, NotAuthorized)
    assert (account.waits_until is not None) is isinstance(error, RateLimited)
    assert doubling.run(State.PUBLISHED).remote_id == "1"
    assert doubling.platform.calls.count("publish") == 1


def test_when_all_looks_fail_it_is_a_persons_turn(doubling: Newsroom) -> None:
    delivery = lost(doubling, landed=True)
    looks = len(doubling.timing.patience.looks)
    waits = []
    for _ in range(looks):
        doubling.platform.plan("find", before=Unavailable(platform=SITE))
        after = doubling.turn()
        assert after.state is State.UNKNOWN
        if after.due_at is not None:
            waits.append(after.due_at - doubling.clock.now)
            doubling.clock.now = after.due_at
    assert waits == list(doubling.timing.patience.looks[1:])
    assert after.due_at is None
    assert f"vocero unknown settle {delivery.id}" in after.reason
    assert doubling.claim() == []
    assert doubling.platform.calls.count("publish") == 1
    assert doubling.platform.calls.count("find") == looks


def test_a_bug_while_looking_settles_nothing(doubling: Newsroom) -> None:
    lost(doubling, landed=True)
    doubling.platform.plan("find", before=KeyError("id"))
    assert doubling.turn().state is State.UNKNOWN


def test_a_bug_in_the_visible_write_is_a_lost_answer(doubling: Newsroom) -> None:
    doubling.schedule()
    doubling.platform.plan("publish", after=ValueError("surprise"))
    assert doubling.turn().state is State.UNKNOWN


def test_absent_and_late_is_missed(doubling: Newsroom) -> None:
    lost(doubling, landed=False)
    doubling.clock.advance(hours=2)
    assert settled(doubling).state is State.MISSED
    assert doubling.platform.visible() == []


@pytest.mark.parametrize("shut", [pause, revoke])
def test_absent_and_no_longer_allowed_is_held(doubling: Newsroom, shut: Callable[[Newsroom], None]) -> None:
    lost(doubling, landed=False)
    shut(doubling)
    assert settled(doubling).state is State.HELD
    assert doubling.platform.visible() == []


# ── a process that died ──


class _Death(BaseException):
    """The process is killed: nothing may catch it."""


@pytest.mark.parametrize("landed", [True, False])
@pytest.mark.parametrize("kind", ["newsroom", "doubling"])
def test_a_death_around_the_write_leaves_exactly_one_post(
    database: Database, kind: str, landed: bool, request: pytest.FixtureRequest
) -> None:
    room: Newsroom = request.getfixturevalue(kind)
    room.schedule()
    room.platform.plan("publish", after=_Death() if landed else None, before=None if landed else _Death())
    with pytest.raises(_Death):
        room.turn()
    (row,) = room.all()
    assert row.state is State.PUBLISHING
    assert room.outcomes(row) == [("publish", "")]  # an intent without an end
    assert room.claim("b") == []
    room.clock.advance(room.timing.lease)
    after = settled(room)
    if not landed:
        assert after.state is State.SCHEDULED
        after = room.turn("b")
    assert after.state is State.PUBLISHED
    assert len(room.platform.visible(row.key)) == 1
    assert room.platform.calls.count("publish") == (1 if landed else 2)
    assert room.platform.calls.count("find") == (1 if landed else 2)


def test_a_death_while_looking_is_looked_at_again(doubling: Newsroom) -> None:
    lost(doubling, landed=True)
    doubling.platform.plan("find", before=_Death())
    with pytest.raises(_Death):
        doubling.turn()
    doubling.clock.advance(doubling.timing.lease)
    assert doubling.turn("b").state is State.PUBLISHED
    assert doubling.platform.calls.count("publish") == 1


def test_a_write_without_its_stage_is_a_persons_in_the_end(doubling: Newsroom) -> None:
    lost(doubling, landed=True)
    with doubling.database.write() as transaction:
        transaction._connection.execute(text("UPDATE deliveries SET stage_token = NULL"))
    for _ in doubling.timing.patience.looks:
        after = doubling.turn()
        assert after.state is State.UNKNOWN
        doubling.clock.now = after.due_at or doubling.clock.now
    assert after.due_at is None
    assert "find" not in doubling.platform.calls


def test_a_person_settles_while_a_worker_looks_and_the_person_is_right(doubling: Newsroom) -> None:
    delivery = lost(doubling, landed=False)

    def settle() -> None:
        with doubling.database.write() as transaction:
            current = transaction.deliveries.get(delivery.id)
            transaction.deliveries.take_back(current, State.FAILED, reason="no salió")

    doubling.platform.plan("find", after=settle)
    assert doubling.turn().state is State.FAILED
    assert doubling.platform.calls.count("publish") == 1


# ── where each write makes another post, and lists lag ──


REFUSALS: list[ConnectorError] = [
    Rejected(platform=SITE),
    NotAuthorized(platform=SITE),
    RateLimited(platform=SITE, retry_after=timedelta(minutes=15)),
    Unavailable(platform=SITE),
    Gone(platform=SITE),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda error: type(error).__name__)
def test_a_refusal_of_the_second_write_says_nothing_of_the_first(doubling: Newsroom, refusal: ConnectorError) -> None:
    """It had landed all the time; the list showed it late."""
    lost(doubling, landed=True)
    hidden = doubling.platform.ledger
    doubling.platform.ledger = []
    doubling.platform.plan("publish", before=refusal)
    while doubling.platform.calls.count("publish") < 2:
        (now,) = doubling.all()
        assert now.due_at is not None
        doubling.clock.now = max(doubling.clock.now, now.due_at)
        doubling.turn()
    (after,) = doubling.all()
    assert after.state is State.UNKNOWN
    doubling.platform.ledger = hidden
    with doubling.database.write() as transaction:
        for stop in transaction.stops.opened():
            transaction.stops.lift(stop, reason="", by="jefa", now=transaction.now)
    doubling.run(State.PUBLISHED)
    assert len(doubling.platform.visible()) == 1


def test_refused_again_and_again_it_comes_to_an_end(doubling: Newsroom) -> None:
    lost(doubling, landed=False)
    for _write in range(10):
        doubling.platform.plan("publish", before=Rejected(platform=SITE))
    for _turn in range(40):
        (now,) = doubling.all()
        if now.due_at is None:
            break
        doubling.clock.now = max(doubling.clock.now, now.due_at)
        doubling.turn()
    assert now.due_at is None
    assert now.state in (State.UNKNOWN, State.MISSED)  # a person's turn, or twice confirmed that it is not there
    assert doubling.platform.calls.count("publish") < 5


def test_what_the_platform_says_it_has_is_never_written_again(doubling: Newsroom) -> None:
    doubling.schedule()
    doubling.platform.plan("publish", before=Exists("a post that nobody can read", platform=SITE))
    for _turn in range(20):
        (now,) = doubling.all()
        if now.due_at is None:
            break
        doubling.clock.now = max(doubling.clock.now, now.due_at)
        doubling.turn()
    assert (now.state, now.due_at) == (State.UNKNOWN, None)
    assert doubling.platform.calls.count("publish") == 1
