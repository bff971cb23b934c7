"""Stopping and lifting, as acts of the head: idempotent, told to the record, and what was held goes on item by item."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.deliveries import Delivery, DeliveryState
from core.errors import NotFound
from core.people import Role
from core.platforms import Platform
from core.posts import Post
from core.stops import Scope
from scheduler.workbench import Workbench
from storage.database import Database
from tests.databases import Clock
from tests.vocero.desk import ActingOffice
from vocero.actions import LiftStop, OpenStop, PauseAccount, ResumeAccount, SchedulePost
from vocero.actions.stops import effect_of, held_by

State = DeliveryState


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


def open_stop(opii: ActingOffice, *, reason: str = "crisis", **scope: Any) -> OpenStop:
    return OpenStop(opii.office, opii.head, scope=Scope(**scope), reason=reason)


def lift_stop(opii: ActingOffice, number: int, *, reason: str = "pasó") -> LiftStop:
    return LiftStop(opii.office, opii.head, stop_id=number, reason=reason)


def come_due(opii: ActingOffice, post: Post) -> list[Delivery]:
    """Let the gate refuse what is stopped, as a worker does when it comes due; return what was held."""
    bench = Workbench(
        opii.office.database, opii.office.media, opii.office.connect, "a", opii.office.rules.on, opii.office.words.on
    )
    found = []
    for delivery in opii.deliveries(post):
        with opii.office.database.write() as transaction:
            account = transaction.accounts.get(delivery.account_id)
            stops = [stop for stop in transaction.stops.opened() if account in stop.scope]
            if stops:
                found.append(bench.hold(transaction, delivery, [], stops))
    return found


def test_only_the_head_stops_and_lifts_and_says_why(opii: ActingOffice) -> None:
    for role in set(Role) - {Role.OFFICE_HEAD}:
        opii.refuses(OpenStop(opii.office, opii.people[role], scope=Scope(), reason="x"), "role")
        opii.refuses(LiftStop(opii.office, opii.people[role], stop_id=1, reason="x"), "role")
    opii.refuses(open_stop(opii, reason=" "), "reason_missing")
    stop = open_stop(opii).run()
    opii.refuses(lift_stop(opii, stop.id, reason=" "), "reason_missing")
    with pytest.raises(NotFound):
        lift_stop(opii, 404).run()
    with pytest.raises(NotFound):
        open_stop(opii, account_id=404).run()


def test_both_are_told_once_and_again_changes_nothing(opii: ActingOffice) -> None:
    stop = open_stop(opii, platform=Platform.FACEBOOK).run()
    assert open_stop(opii, platform=Platform.FACEBOOK).run() == stop
    assert open_stop(opii, platform=Platform.FACEBOOK, reason="otra").run().id != stop.id
    assert open_stop(opii).run().id != stop.id
    lifted = lift_stop(opii, stop.id).run()
    opii.clock.advance(hours=1)
    assert lift_stop(opii, stop.id, reason="otra vez").run().stop == lifted.stop
    assert len(lifted.still_open) == 2
    told = [
        (each.event.action, each.event.actor, each.event.before, each.event.after, each.event.reason, each.event.data)
        for each in opii.events(f"stop:{stop.id}")
    ]
    assert told == [
        ("open_stop", opii.head.login, "", "open", "crisis", {"platform": "facebook"}),
        ("lift_stop", opii.head.login, "open", "lifted", "pasó", {"platform": "facebook"}),
    ]


def test_what_a_stop_would_hold_is_told_before(opii: ActingOffice) -> None:
    post = opii.scheduled(opii.site, opii.page)
    begun, waiting = opii.deliveries(post)
    with opii.office.database.write() as transaction:
        for state in (State.STAGING, State.PUBLISHING):
            begun = transaction.deliveries.move(begun, state, due_at=begun.due_at)
        everything = effect_of(transaction, Scope())
        network = effect_of(transaction, Scope(platform=opii.page.platform))
        other = effect_of(transaction, Scope(platform=Platform.X))
        assert transaction.stops.all() == []
    assert ([d.id for d in everything.held], [d.id for d in everything.begun]) == ([waiting.id], [begun.id])
    page = next(d for d in (begun, waiting) if d.account_id == opii.page.id)
    assert [d.id for d in (*network.held, *network.begun)] == [page.id]
    assert (other.held, other.begun) == ((), ())


def test_what_was_held_is_released_item_by_item_after_every_stop(opii: ActingOffice) -> None:
    first, second = opii.scheduled(opii.site), opii.scheduled(opii.site)
    wide, narrow = open_stop(opii).run(), open_stop(opii, platform=opii.site.platform).run()
    held = [come_due(opii, post) for post in (first, second)]
    assert all(each.state is State.HELD for each in (*held[0], *held[1]))
    lifted = lift_stop(opii, wide.id).run()
    assert {each.id for each in lifted.held} == {each.id for post in (first, second) for each in opii.deliveries(post)}
    assert [stop.id for stop in lifted.still_open] == [narrow.id]
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=first.id), "stopped")
    lift_stop(opii, narrow.id).run()
    released = SchedulePost(opii.office, opii.head, post_id=first.id).run()
    assert {each.state for each in released} == {State.SCHEDULED}
    assert {each.state for each in opii.deliveries(second)} == {State.HELD}
    with opii.office.database.read() as transaction:
        assert [each.post_id for each in held_by(transaction, {wide.id})] == [second.id for _each in held[1]]


def test_where_only_a_part_is_still_stopped_the_rest_is_released(opii: ActingOffice) -> None:
    post = opii.scheduled(opii.site, opii.page)
    wide, narrow = open_stop(opii).run(), open_stop(opii, platform=Platform.FACEBOOK).run()
    come_due(opii, post)
    lift_stop(opii, wide.id).run()
    released = SchedulePost(opii.office, opii.head, post_id=post.id).run()
    assert [each.account_id for each in released] == [opii.site.id]
    states = {each.account_id: each.state for each in opii.deliveries(post)}
    assert states == {opii.site.id: State.SCHEDULED, opii.page.id: State.HELD}
    lift_stop(opii, narrow.id).run()
    assert [each.account_id for each in SchedulePost(opii.office, opii.head, post_id=post.id).run()] == [opii.page.id]


def test_what_is_past_its_hour_gets_another_by_a_person(opii: ActingOffice) -> None:
    post = opii.scheduled(opii.site)
    stop = open_stop(opii).run()
    come_due(opii, post)
    opii.clock.now = opii.post(post.id).publish_at + timedelta(minutes=opii.office.settings.lateness_minutes)
    lift_stop(opii, stop.id).run()
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id), "past")
    at = opii.clock.now + timedelta(minutes=5)
    [released] = SchedulePost(opii.office, opii.head, post_id=post.id, at=at).run()
    assert (released.state, released.publish_at) == (State.SCHEDULED, at)


def test_what_was_never_scheduled_may_be_while_its_platform_is_stopped(opii: ActingOffice) -> None:
    open_stop(opii).run()
    post = opii.approved()
    assert SchedulePost(opii.office, opii.head, post_id=post.id).run()


def test_resuming_an_account_lifts_every_stop_of_it_alone(opii: ActingOffice) -> None:
    post = opii.scheduled(opii.site)
    wide = open_stop(opii).run()
    open_stop(opii, account_id=opii.site.id, reason="robo").run()
    opii.refuses(PauseAccount(opii.office, opii.head, account_id=opii.site.id, reason="x"), "already_paused")
    elsewhere = PauseAccount(opii.office, opii.head, account_id=opii.page.id, reason="x")
    elsewhere.run()
    come_due(opii, post)
    action = ResumeAccount(opii.office, opii.head, account_id=opii.site.id)
    action.run()
    assert [each.post_id for each in action.held] == [post.id]
    with opii.office.database.read() as transaction:
        left = [stop.scope for stop in transaction.stops.opened()]
    assert left == [wide.scope, Scope(account_id=opii.page.id)]
