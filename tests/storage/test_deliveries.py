"""The ledger of deliveries: who may take up what, under which number, and which states lead where."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select

from core.deliveries import OCCUPYING, TRANSITIONS, WORKABLE, Delivery, DeliveryState, Published, Stage, Step
from core.errors import Conflict, NotFound
from storage.database import Database
from storage.deliveries import DeliveryRows, LostLease
from storage.tables import deliveries, posts
from tests.databases import Clock
from tests.storage.rows import LATENESS, Desk, a_delivery

LEASE = timedelta(seconds=180)
State = DeliveryState


def claim(database: Database, *, worker: str = "a", limit: int = 10) -> list[Delivery]:
    with database.write() as transaction:
        return transaction.deliveries.claim(worker=worker, lease=LEASE, limit=limit, now=transaction.now)


# ── what is taken up ──


@pytest.mark.parametrize(("wait", "taken"), [(-1, True), (0, True), (1, False)])
def test_only_what_is_due_is_claimed(database: Database, desk: Desk, clock: Clock, wait: int, taken: bool) -> None:
    delivery = desk.delivery(
        desk.account(), publish_at=clock.now + timedelta(hours=1), due_at=clock.now + timedelta(seconds=wait)
    )
    claimed = claim(database)
    assert [each.id for each in claimed] == ([delivery.id] if taken else [])
    if taken:
        assert claimed[0].fence == 1
        assert claimed[0].lease_until == clock.now + LEASE


@pytest.mark.parametrize("state", list(State))
def test_only_workable_states_are_claimed(database: Database, desk: Desk, clock: Clock, state: State) -> None:
    desk.put(desk.delivery(desk.account(), publish_at=clock.now), state)
    assert bool(claim(database)) is (state in WORKABLE)


@pytest.mark.parametrize("state", sorted(WORKABLE))
def test_what_waits_for_a_person_is_not_claimed(database: Database, desk: Desk, clock: Clock, state: State) -> None:
    desk.put(desk.delivery(desk.account(), publish_at=clock.now), state, due_at=None)
    assert claim(database) == []


def test_an_account_has_at_most_one_delivery_in_hand_and_the_longest_due_goes_first(
    database: Database, desk: Desk, clock: Clock
) -> None:
    account, other = desk.account(), desk.account()
    late = desk.delivery(account, publish_at=clock.now - timedelta(minutes=1))
    later = desk.delivery(account, publish_at=clock.now - timedelta(minutes=2))
    same = desk.delivery(account, publish_at=clock.now - timedelta(minutes=2))
    else_where = desk.delivery(other, publish_at=clock.now)
    order = []
    while claimed := claim(database):
        assert len({each.account_id for each in claimed}) == len(claimed)
        order.append([each.id for each in claimed])
        with database.write() as transaction:
            for each in claimed:
                transaction.deliveries.move(each, State.HELD, due_at=None)
    assert order == [[later.id, else_where.id], [same.id], [late.id]]


def test_nothing_more_is_claimed_for_an_account_whose_delivery_is_in_hand(
    database: Database, desk: Desk, clock: Clock
) -> None:
    account = desk.account()
    first = desk.delivery(account, publish_at=clock.now)
    assert [each.id for each in claim(database)] == [first.id]
    desk.delivery(account, publish_at=clock.now - timedelta(minutes=30))
    assert claim(database, worker="b") == []


def test_the_limit_is_kept_and_the_longest_due_are_taken(database: Database, desk: Desk, clock: Clock) -> None:
    made = [desk.delivery(desk.account(), publish_at=clock.now - timedelta(minutes=n)) for n in range(5)]
    assert {each.id for each in claim(database, limit=2)} == {made[4].id, made[3].id}


def test_a_resting_account_is_left_alone_until_its_time(database: Database, desk: Desk, clock: Clock) -> None:
    account = desk.account()
    desk.delivery(account, publish_at=clock.now)
    with database.write() as transaction:
        transaction.accounts.wait_until(account.id, clock.now + timedelta(minutes=15))
        transaction.accounts.wait_until(account.id, clock.now + timedelta(minutes=2))  # never shortens a rest
    clock.advance(minutes=15, microseconds=-1)
    assert claim(database) == []
    clock.advance(microseconds=1)
    assert len(claim(database)) == 1


# ── leases and fences ──


def test_a_lease_that_ran_out_is_taken_over_under_a_new_fence(database: Database, desk: Desk, clock: Clock) -> None:
    desk.delivery(desk.account(), publish_at=clock.now)
    (ours,) = claim(database)
    clock.advance(LEASE - timedelta(microseconds=1))
    assert claim(database, worker="b") == []
    clock.advance(microseconds=1)
    (theirs,) = claim(database, worker="b")
    assert (theirs.id, theirs.fence) == (ours.id, ours.fence + 1)

    words: tuple[Callable[[DeliveryRows], object], ...] = (
        lambda rows: rows.move(ours, State.STAGING, due_at=clock.now),
        lambda rows: rows.keep_stage(ours, Stage({"id": 1}, ready=True), lease_until=clock.now),
        lambda rows: rows.forget_stage(ours),
        lambda rows: rows.extend(ours, until=clock.now),
        lambda rows: rows.take_back(ours, State.CANCELLED, reason="tarde"),
    )
    for word in words:
        with pytest.raises(LostLease), database.write() as transaction:
            word(transaction.deliveries)
    assert desk.now(theirs) == theirs
    with database.write() as transaction:
        assert transaction.deliveries.move(theirs, State.STAGING, due_at=clock.now).state is State.STAGING


def test_an_abandoned_delivery_is_taken_up_even_if_an_earlier_one_has_come_in(
    database: Database, desk: Desk, clock: Clock
) -> None:
    """Else each would wait for the other, and the account would stand still for ever."""
    account = desk.account()
    abandoned = desk.delivery(account, publish_at=clock.now)
    claim(database)
    earlier = desk.delivery(account, publish_at=clock.now, due_at=clock.now - timedelta(seconds=5))
    clock.advance(LEASE)
    (taken,) = claim(database, worker="b")
    assert taken.id == abandoned.id
    with database.write() as transaction:
        transaction.deliveries.move(taken, State.HELD, due_at=None)
    assert [each.id for each in claim(database, worker="b")] == [earlier.id]


def test_a_moved_delivery_is_free_again_unless_the_lease_is_kept(database: Database, desk: Desk, clock: Clock) -> None:
    desk.delivery(desk.account(), publish_at=clock.now)
    (ours,) = claim(database)
    with database.write() as transaction:
        kept = transaction.deliveries.move(
            ours, State.STAGING, due_at=ours.due_at, keep_lease_until=clock.now + 2 * LEASE
        )
    clock.advance(LEASE)
    assert claim(database, worker="b") == []
    with database.write() as transaction:
        freed = transaction.deliveries.move(kept, State.SCHEDULED, due_at=clock.now)
    assert freed.lease_until is None
    assert [each.fence for each in claim(database, worker="b")] == [2]


def test_a_stage_survives_and_only_progress_forgets_failures(database: Database, desk: Desk, clock: Clock) -> None:
    desk.put(desk.delivery(desk.account(), publish_at=clock.now), State.STAGING, tries=4)
    (ours,) = claim(database)
    step, ready = Stage({"draft": 7, "files": ["a", None]}, ready=False), Stage({"draft": 7}, ready=True)
    for stage, tries in ((step, 0), (ready, 0)):
        with database.write() as transaction:
            transaction.deliveries.keep_stage(ours, stage, lease_until=clock.now + LEASE)
            kept = transaction.deliveries.get(ours.id)
        assert (kept.stage, kept.tries, kept.lease_until) == (stage, tries, clock.now + LEASE)

    again = desk.put(ours, State.STAGING, tries=3)
    with database.write() as transaction:  # a look that everything is still there is no progress
        transaction.deliveries.keep_stage(again, ready, lease_until=clock.now + LEASE)
    assert desk.now(ours).tries == 3
    with database.write() as transaction:
        transaction.deliveries.forget_stage(again)
    assert desk.now(ours).stage is None


# ── many hands at once ──


def test_four_claimers_never_hold_the_same_delivery(database: Database, desk: Desk, clock: Clock) -> None:
    accounts = [desk.account() for _ in range(12)]
    total = 120
    for number in range(total):
        desk.delivery(accounts[number % 12], publish_at=clock.now - timedelta(seconds=number % 7))

    def work(name: str) -> list[tuple[int, int]]:
        handed: list[tuple[int, int]] = []
        while True:
            try:
                claimed = claim(database, worker=name, limit=3)
            except Conflict:
                continue
            assert len(claimed) <= 3
            handed.extend((each.id, each.fence) for each in claimed)
            for each in claimed:
                with database.write() as transaction:
                    transaction.deliveries.move(each, State.HELD, due_at=None)
            with database.read() as transaction:
                if transaction.deliveries.next_due() is None:
                    return handed

    with ThreadPoolExecutor() as hands:
        handed = [each for some in hands.map(work, "abcd") for each in some]
    assert len(handed) == total
    assert set(Counter(handed).values()) == {1}
    assert {fence for _, fence in handed} == {1}


# ── what the database itself refuses ──


@pytest.mark.parametrize("state", list(State))
def test_a_post_has_one_delivery_per_account_that_may_go_out_or_has(
    database: Database, desk: Desk, clock: Clock, state: State
) -> None:
    delivery = desk.put(desk.delivery(desk.account(), publish_at=clock.now), state)
    post = desk.posts[delivery.post_id]

    def again() -> Delivery:
        with database.write() as transaction:
            return a_delivery(transaction, post, transaction.posts.approval(delivery.approval_id))

    if state in OCCUPYING:
        with pytest.raises(Conflict):
            again()
    else:
        assert again().state is State.SCHEDULED


def test_the_database_refuses_two_deliveries_of_an_account_in_hand(
    database: Database, desk: Desk, clock: Clock
) -> None:
    account = desk.account()
    one, two = (desk.delivery(account, publish_at=clock.now) for _ in range(2))
    desk.put(one, State.STAGING, lease_owner="a", lease_until=clock.now)
    with pytest.raises(Conflict):
        desk.put(two, State.STAGING, lease_owner="b", lease_until=clock.now)


# ── transitions ──


@pytest.mark.parametrize("before", list(State))
def test_the_table_of_transitions_is_kept(desk: Desk, clock: Clock, before: State) -> None:
    first = desk.delivery(desk.account(), publish_at=clock.now)
    for after in State:
        delivery = desk.put(first, before)
        with desk.database.write() as transaction:
            rows = transaction.deliveries
            if after not in TRANSITIONS[before]:
                with pytest.raises(ValueError, match="never becomes"):
                    rows.take_back(delivery, after, reason="")
            if after not in TRANSITIONS[before] and after is not before:
                with pytest.raises(ValueError, match="never becomes"):
                    rows.move(delivery, after, due_at=None)
            else:
                moved = rows.move(delivery, after, due_at=None, reason="prueba")
                assert (moved.state, moved.reason, moved.due_at) == (after, "prueba", None)


def test_a_result_is_kept_with_its_address(database: Database, desk: Desk, clock: Clock) -> None:
    delivery = desk.put(desk.delivery(desk.account(), publish_at=clock.now), State.PUBLISHING)
    published = Published("1234", "https://inpe.example/1234", clock.now)
    with database.write() as transaction:
        moved = transaction.deliveries.move(
            delivery, State.PUBLISHED, due_at=None, published=published, tries=0, looks=2
        )
    assert (moved.remote_id, moved.url, moved.published_at, moved.looks) == (
        "1234",
        "https://inpe.example/1234",
        clock.now,
        2,
    )


def test_a_person_takes_back_what_a_worker_has_in_hand(database: Database, desk: Desk, clock: Clock) -> None:
    desk.delivery(desk.account(), publish_at=clock.now)
    (ours,) = claim(database)
    with database.write() as transaction:
        taken = transaction.deliveries.take_back(ours, State.CANCELLED, reason="anulada")
    assert (taken.state, taken.fence, taken.lease_until, taken.due_at) == (State.CANCELLED, ours.fence + 1, None, None)
    with pytest.raises(LostLease), database.write() as transaction:
        transaction.deliveries.move(ours, State.STAGING, due_at=clock.now)


def test_what_was_held_is_released_for_another_hour(database: Database, desk: Desk, clock: Clock) -> None:
    held = desk.put(
        desk.delivery(desk.account(), publish_at=clock.now), State.HELD, due_at=None, tries=3, reason="en pausa"
    )
    hour = clock.now + timedelta(hours=2)
    with database.write() as transaction:
        free = transaction.deliveries.release(held, publish_at=hour, late_after=hour + LATENESS, due_at=hour)
    assert (free.state, free.publish_at, free.due_at, free.late_after) == (State.SCHEDULED, hour, hour, hour + LATENESS)
    assert (free.tries, free.reason, free.fence) == (0, "", held.fence + 1)
    with pytest.raises(LostLease), database.write() as transaction:
        transaction.deliveries.release(held, publish_at=hour, late_after=hour, due_at=hour)
    published = desk.put(held, State.PUBLISHED)
    with pytest.raises(ValueError, match="never becomes"), database.write() as transaction:
        transaction.deliveries.release(published, publish_at=hour, late_after=hour, due_at=hour)


# ── looking ──


def test_next_due_is_the_first_free_due_time_or_the_end_of_a_lease(
    database: Database, desk: Desk, clock: Clock
) -> None:
    def next_due() -> object:
        with database.read() as transaction:
            return transaction.deliveries.next_due()

    assert next_due() is None
    account = desk.account()
    desk.put(desk.delivery(desk.account(), publish_at=clock.now), State.HELD, due_at=None)
    assert next_due() is None
    desk.delivery(account, publish_at=clock.now + timedelta(minutes=9))
    desk.delivery(account, publish_at=clock.now + timedelta(minutes=7))
    assert next_due() == clock.now + timedelta(minutes=7)
    clock.advance(minutes=7)
    claim(database)
    assert next_due() == clock.now + timedelta(minutes=2)
    clock.advance(minutes=1)
    desk.delivery(desk.account(), publish_at=clock.now + timedelta(hours=5))
    assert next_due() == clock.now + timedelta(minutes=1)
    clock.advance(minutes=1)
    assert next_due() == clock.now


def test_undone_is_what_should_be_out_and_waits_for_a_worker(database: Database, desk: Desk, clock: Clock) -> None:
    account = desk.account()
    second = desk.delivery(account, publish_at=clock.now)
    first = desk.delivery(account, publish_at=clock.now - timedelta(minutes=5))
    desk.delivery(account, publish_at=clock.now + timedelta(minutes=1), due_at=clock.now)  # staged ahead: not yet
    waiting = desk.put(first, State.UNKNOWN, due_at=clock.now + timedelta(minutes=10))
    for state in set(State) - WORKABLE:
        desk.put(desk.delivery(account, publish_at=clock.now), state)
    desk.put(desk.delivery(account, publish_at=clock.now), State.UNKNOWN, due_at=None)  # a person's turn
    with database.read() as transaction:
        assert [each.id for each in transaction.deliveries.undone(clock.now)] == [waiting.id, second.id]
        assert transaction.deliveries.in_state(State.UNKNOWN, State.SCHEDULED)[0] == waiting
        assert len(transaction.deliveries.coming(clock.now)) == 3


def test_attempts_are_intents_until_they_end_and_end_once(database: Database, desk: Desk, clock: Clock) -> None:
    desk.delivery(desk.account(), publish_at=clock.now)
    (ours,) = claim(database)
    with database.write() as transaction:
        number = transaction.deliveries.begin(ours, Step.PUBLISH, worker="a", now=clock.now)
    with database.read() as transaction:
        (intent,) = transaction.deliveries.attempts(ours.id)
    assert (intent.finished_at, intent.fence, intent.step) == (None, 1, Step.PUBLISH)
    ended_at = clock.advance(seconds=3)
    for outcome in ("published", "Unavailable"):
        with database.write() as transaction:
            transaction.deliveries.end(number, outcome=outcome, detail="…", now=clock())
        clock.advance(seconds=1)
    with database.read() as transaction:
        (attempt,) = transaction.deliveries.attempts(ours.id)
    assert (attempt.outcome, attempt.finished_at) == ("published", ended_at)


def test_a_delivery_that_nobody_has_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound), database.read() as transaction:
        transaction.deliveries.get(404)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_due_is_found_without_reading_what_is_over(database: Database, desk: Desk, clock: Clock) -> None:
    """The partial indexes serve only where the planner can see that they apply."""
    seen: list[tuple[str, object]] = []

    @event.listens_for(database._engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        seen.append((statement, values))

    claim(database)
    with database.read() as transaction:
        transaction.deliveries.next_due()
        asked = [(statement, values) for statement, values in seen if "deliveries" in statement]
        plans = [
            row.detail
            for statement, values in asked
            for row in transaction._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        ]
    assert len(asked) == 3
    assert [step for step in plans if step.startswith("SCAN") and step != "SCAN due"] == []
    assert any("ix_deliveries_waiting" in step for step in plans)


def _heap(database: Database, model: Delivery, count: int) -> list[int]:
    """Return the model and copies of it, each of a post of its own and due a second later than the one before."""
    with database.write() as transaction:
        connection = transaction._connection
        post = dict(connection.execute(select(posts).where(posts.c.id == model.post_id)).one()._mapping)
        row = dict(connection.execute(select(deliveries).where(deliveries.c.id == model.id)).one()._mapping)
        numbers = [(model.post_id + 1000 + n, timedelta(seconds=n)) for n in range(1, count)]
        connection.execute(insert(posts), [post | {"id": number} for number, _later in numbers])
        copies = [
            row | {"id": number, "post_id": number, "key": f"copy-{number}", "due_at": row["due_at"] + later}
            for number, later in numbers
        ]
        connection.execute(insert(deliveries), copies)
    return [model.id, *(number for number, _later in numbers)]


def test_an_account_with_a_heap_of_work_keeps_nobody_else_waiting(database: Database, desk: Desk, clock: Clock) -> None:
    """500 that are due longest on one account, one each on five others, four hands: the five are out in two rounds."""
    busy, others = desk.account(), [desk.account() for _ in range(5)]
    heap = _heap(database, desk.delivery(busy, publish_at=clock.now - timedelta(hours=1)), 500)
    ones = [desk.delivery(account, publish_at=clock.now) for account in others]
    rounds = []
    for _round in range(3):
        taken = claim(database, limit=4)
        rounds.append([each.id for each in taken])
        with database.write() as transaction:
            for each in taken:
                transaction.deliveries.move(each, State.HELD, due_at=None)
    first, second, third = heap[:3]
    assert rounds == [
        [first, *(each.id for each in ones[:3])],
        [second, *(each.id for each in ones[3:])],
        [third],
    ]


@pytest.mark.parametrize(("state", "taken"), [(State.SCHEDULED, True), (State.STAGING, True), (State.UNKNOWN, False)])
def test_what_is_past_its_limit_is_taken_up_though_its_account_rests(
    database: Database, desk: Desk, clock: Clock, state: State, taken: bool
) -> None:
    account = desk.account()
    waits = desk.delivery(account, publish_at=clock.now)  # due longer, still in time: it does not stand in the way
    late = desk.delivery(account, publish_at=clock.now - timedelta(hours=2), due_at=clock.now + timedelta(minutes=1))
    desk.put(late, state)
    with database.write() as transaction:
        transaction.accounts.wait_until(account.id, clock.now + timedelta(days=1))
    clock.advance(minutes=2)
    assert [each.id for each in claim(database)] == ([late.id] if taken else [])
    assert desk.now(waits).fence == 0


@pytest.mark.parametrize("state", [s for s in State if s is not State.SCHEDULED])
def test_whoever_follows_is_woken_when_it_is_known_how_it_ends(
    database: Database, desk: Desk, clock: Clock, state: State
) -> None:
    site = desk.delivery(desk.account(), publish_at=clock.now)
    copy = desk.delivery(desk.account(), publish_at=clock.now + timedelta(minutes=5))
    past = copy.late_after + timedelta(milliseconds=1)
    desk.put(copy, State.SCHEDULED, follows_id=site.id, due_at=past)
    before = next(each for each in State if state in TRANSITIONS[each])
    desk.put(site, before)
    with database.write() as transaction:
        transaction.deliveries.move(transaction.deliveries.get(site.id), state, due_at=None)
    woken = {State.PUBLISHED: copy.publish_at, State.TAKEN_DOWN: past}
    unsettled = WORKABLE
    assert desk.now(copy).due_at == (past if state in unsettled else woken.get(state, clock.now))
