"""A delivery when something goes wrong: each answer of the platform, and two hands on the same delivery."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from connectors.errors import (
    ConnectorError,
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from core.accounts import Account, AccountState
from core.deliveries import DeliveryState
from core.errors import StorageError
from core.platforms import Platform
from storage.tables import accounts
from tests.scheduler.memory_platform import MemoryConnector
from tests.scheduler.newsroom import Newsroom

State = DeliveryState
SITE = Platform.WEBSITE


# ── what the platform answers ──


@pytest.mark.parametrize("step", ["identify", "stage", "publish"])
@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Rejected("palabra prohibida", platform=SITE), State.FAILED),
        (Unsupported(platform=SITE), State.FAILED),
        (NotAuthorized(platform=SITE), State.HELD),
        (RateLimited(platform=SITE, retry_after=timedelta(minutes=7)), State.SCHEDULED),
        (Unavailable(platform=SITE), State.SCHEDULED),
        (Gone(platform=SITE), State.SCHEDULED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_answer_that_says_nothing_was_done(
    newsroom: Newsroom, step: str, error: ConnectorError, state: State
) -> None:
    delivery = newsroom.schedule()
    newsroom.platform.plan(step, before=error)
    after = newsroom.turn()
    assert (after.state, newsroom.platform.visible(), after.lease_until) == (state, [], None)
    wanted = "publish" if step == "publish" else "stage"
    assert newsroom.outcomes(delivery) == [(wanted, type(error).__name__)]
    with newsroom.database.read() as transaction:
        account = transaction.accounts.get(newsroom.account.id)
    assert (account.state is AccountState.PAUSED) is isinstance(error, NotAuthorized)
    if state is State.FAILED:
        assert after.reason == error.sentence
        assert after.due_at is None
    if isinstance(error, RateLimited):
        assert account.waits_until == after.due_at == newsroom.clock.now + timedelta(minutes=7)
    if isinstance(error, Gone):
        assert after.stage is None
    if state is State.SCHEDULED:
        assert after.tries == 1
        assert newsroom.run(State.PUBLISHED).state is State.PUBLISHED
        assert len(newsroom.platform.visible()) == 1


def test_failures_of_the_visible_write_wait_longer_and_longer(newsroom: Newsroom) -> None:
    newsroom.schedule()
    waits = []
    for _ in range(4):
        newsroom.platform.plan("publish", before=Unavailable(platform=SITE))
        after = newsroom.turn()
        assert after.due_at is not None
        waits.append((after.due_at - newsroom.clock.now).total_seconds())
        newsroom.clock.now = after.due_at
    assert waits == [5, 10, 20, 40]


def test_a_platform_that_never_comes_back_ends_as_missed_at_the_limit(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    for _ in range(60):
        newsroom.platform.plan("stage", before=Unavailable(platform=SITE))
    missed = newsroom.run(State.MISSED)
    assert newsroom.clock.now - missed.late_after < timedelta(seconds=1)
    assert newsroom.platform.visible() == []
    assert newsroom.story(delivery)[-1] == "missed"


def test_a_bug_in_a_connector_while_preparing_is_tried_again(newsroom: Newsroom) -> None:
    newsroom.schedule()
    newsroom.platform.plan("stage", before=KeyError("id"))
    assert newsroom.turn().state is State.SCHEDULED
    assert newsroom.run(State.PUBLISHED).state is State.PUBLISHED


# ── who has it in hand ──


def test_the_wish_to_stop_puts_it_back_before_the_next_step(newsroom: Newsroom) -> None:
    newsroom.schedule()
    newsroom.platform.steps_to_stage = 3

    def stop() -> None:
        newsroom.stopping = True

    newsroom.platform.plan("stage", after=stop)
    back = newsroom.turn()
    assert (back.state, back.lease_until, newsroom.platform.calls) == (State.STAGING, None, ["identify", "stage"])
    newsroom.stopping = False
    assert newsroom.turn("b").state is State.PUBLISHED


def test_cancelled_while_it_is_prepared_it_does_not_go_out(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()

    def cancel() -> None:
        with newsroom.database.write() as transaction:
            current = transaction.deliveries.get(delivery.id)
            transaction.deliveries.take_back(current, State.CANCELLED, reason="ya no")

    newsroom.platform.plan("stage", after=cancel)
    assert newsroom.turn().state is State.CANCELLED
    assert newsroom.platform.visible() == []
    assert newsroom.reports == []


def test_a_frozen_worker_that_wakes_past_its_lease_writes_nothing(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.schedule()
    seconds = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    (claimed,) = newsroom.claim("a")
    # it is frozen between the commit of its intent and the write: the clock jumps when that transaction has ended
    write = newsroom.database.write
    intents = []

    def write_and_freeze() -> object:
        intents.append(1)
        if len(intents) == 2:  # gate; then, of a post without files, stage, hour and intent as one
            seconds[0] += newsroom.timing.lease.total_seconds()
        return write()

    monkeypatch.setattr(newsroom.database, "write", write_and_freeze)
    after = newsroom.deliver(claimed, "a")
    assert (after.state, newsroom.platform.visible()) == (State.PUBLISHING, [])
    monkeypatch.undo()
    newsroom.clock.advance(newsroom.timing.lease)
    looked = newsroom.turn("b")
    newsroom.clock.now = looked.due_at or newsroom.clock.now
    assert newsroom.turn("b").state is State.SCHEDULED  # looked for twice, and not there
    assert newsroom.turn("b").state is State.PUBLISHED
    assert len(newsroom.platform.visible()) == 1


def test_a_worker_frozen_past_the_lateness_limit_writes_nothing_although_its_lease_holds(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = newsroom.schedule()
    newsroom.clock.now = delivery.late_after - timedelta(seconds=10)
    seconds = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    write, intents = newsroom.database.write, []

    def write_and_freeze() -> object:
        intents.append(1)
        if len(intents) == 2:  # the gate; what is prepared, the hour and the intent
            seconds[0] += 30
        return write()

    (claimed,) = newsroom.claim("a")
    monkeypatch.setattr(newsroom.database, "write", write_and_freeze)
    after = newsroom.deliver(claimed, "a")
    assert (after.state, newsroom.platform.visible()) == (State.MISSED, [])
    assert newsroom.outcomes(delivery) == [("publish", "not_written")]


def test_the_word_of_a_worker_that_lost_its_lease_is_void_and_the_post_is_found(doubling: Newsroom) -> None:
    delivery = doubling.schedule()
    outcome = []

    def taken_over() -> None:
        doubling.clock.advance(doubling.timing.lease)
        outcome.append(doubling.turn("b").state)

    doubling.platform.plan("publish", after=taken_over)
    after = doubling.turn("a")
    assert outcome == [State.PUBLISHED]
    assert (after.state, after.remote_id) == (State.PUBLISHED, "1")
    assert len(doubling.platform.visible(delivery.key)) == 1
    assert doubling.platform.calls.count("publish") == 1


def test_a_badly_connected_account_holds(newsroom: Newsroom) -> None:
    newsroom.schedule()

    def refuse(account: Account) -> MemoryConnector:
        raise Misconfigured("no token")

    (claimed,) = newsroom.claim()
    held = newsroom.deliver(claimed, connect=refuse)
    assert (held.state, held.due_at) == (State.HELD, None)
    assert "administración técnica" in held.reason


def test_a_badly_connected_account_does_not_touch_what_another_worker_has(newsroom: Newsroom) -> None:
    """Else the successor's visible write would be taken for one that never was."""
    newsroom.schedule()
    (claimed,) = newsroom.claim("a")

    def slow_and_wrong(account: Account) -> MemoryConnector:
        newsroom.clock.advance(newsroom.timing.lease)
        (theirs,) = newsroom.claim("b")
        newsroom.desk.put(theirs, State.PUBLISHING)
        raise Misconfigured("no token")

    after = newsroom.deliver(claimed, "a", connect=slow_and_wrong)
    assert (after.state, after.fence) == (State.PUBLISHING, 2)
    assert after.lease_until is not None


def test_a_result_that_could_not_be_stored_is_settled_without_a_second_post(
    doubling: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubling.schedule()
    write = doubling.database.write

    def break_down() -> None:
        def refuse() -> object:
            raise StorageError("No queda espacio")

        monkeypatch.setattr(doubling.database, "write", refuse)

    doubling.platform.plan("publish", after=break_down)
    after = doubling.turn()
    assert after.state is State.PUBLISHING
    monkeypatch.setattr(doubling.database, "write", write)
    assert doubling.claim("b") == []  # only when the lease has run out
    doubling.clock.advance(doubling.timing.lease)
    settled = doubling.turn("b")
    assert settled.state is State.PUBLISHED
    assert settled.remote_id == "1"
    assert len(doubling.platform.visible()) == 1


def test_the_accounts_rest_covers_its_other_deliveries(newsroom: Newsroom) -> None:
    newsroom.schedule()
    newsroom.schedule()
    newsroom.platform.plan("stage", before=RateLimited(platform=SITE, retry_after=timedelta(minutes=3)))
    (first,) = newsroom.claim()
    newsroom.deliver(first)
    assert newsroom.claim() == []
    newsroom.clock.advance(minutes=3)
    for _ in range(2):
        assert newsroom.turn().state is State.PUBLISHED


def test_an_unknown_error_is_no_reason_to_send_twice(doubling: Newsroom) -> None:
    doubling.schedule()
    doubling.platform.plan("publish", after=OutcomeUnknown(platform=SITE))
    assert doubling.turn().state is State.UNKNOWN
    with doubling.database.write() as transaction:
        transaction._connection.execute(update(accounts).values(waits_until=None))
    assert doubling.run(State.PUBLISHED).state is State.PUBLISHED
    assert len(doubling.platform.visible()) == 1
