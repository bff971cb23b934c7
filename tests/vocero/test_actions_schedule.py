"""Scheduling: the site first where a copy carries its address, how late it may go out, and the day's quotas."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.facebook import FacebookConnector
from core.capabilities import Limit, Quota
from core.deliveries import Delivery
from core.deliveries import DeliveryState as State
from core.errors import NotAllowed
from core.permalink import PLACEHOLDER
from core.posts import Content, Post
from storage.database import Database
from tests.databases import Clock
from tests.vocero.desk import ActingOffice
from vocero.actions import Change, RevisePost, SchedulePost, SubmitPost

MARKED = Content("Abre el taller.\n\nLea más: {enlace-web}", title="Taller")
PAST = timedelta(milliseconds=1)


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


def _by_platform(opii: ActingOffice, post: Post) -> tuple[Delivery, Delivery]:
    """Return the last delivery to the site and to the page."""
    last = {each.account_id: each for each in opii.deliveries(post)}
    return last[opii.site.id], last[opii.page.id]


def _put(opii: ActingOffice, delivery: Delivery, state: State) -> None:
    with opii.office.database.write() as transaction:
        transaction.deliveries.take_back(delivery, state, reason="prueba")


def test_the_copy_follows_the_site_and_waits_for_it(opii: ActingOffice) -> None:
    post = opii.scheduled(content=MARKED)
    site, page = _by_platform(opii, post)
    assert (site.follows, page.follows) == (None, site.id)
    assert page.publish_at == site.publish_at
    assert page.due_at == page.late_after + PAST
    assert site.due_at is not None
    assert site.due_at <= site.publish_at


def test_a_post_without_the_mark_follows_nothing(opii: ActingOffice) -> None:
    site, page = _by_platform(opii, opii.scheduled())
    assert (site.follows, page.follows) == (None, None)
    assert page.due_at == page.publish_at - timedelta(minutes=10)


def test_what_was_held_with_its_site_follows_the_new_one(opii: ActingOffice) -> None:
    post = opii.scheduled(content=MARKED)
    site, page = _by_platform(opii, post)
    _put(opii, site, State.CANCELLED)
    _put(opii, page, State.HELD)
    SchedulePost(opii.office, opii.head, post_id=post.id).run()
    again, released = _by_platform(opii, post)
    assert again.id != site.id
    assert (released.id, released.follows, released.state) == (page.id, again.id, State.SCHEDULED)
    assert released.due_at == released.late_after + PAST


def test_where_the_site_is_out_the_copy_goes_the_ordinary_way(opii: ActingOffice) -> None:
    post = opii.scheduled(content=MARKED)
    site, page = _by_platform(opii, post)
    with opii.office.database.write() as transaction:
        staging = transaction.deliveries.move(site, State.STAGING, due_at=None)
        publishing = transaction.deliveries.move(staging, State.PUBLISHING, due_at=None)
        transaction.deliveries.move(publishing, State.PUBLISHED, due_at=None)
    with opii.office.database.read() as transaction:
        page = transaction.deliveries.get(page.id)
    _put(opii, page, State.HELD)
    SchedulePost(opii.office, opii.head, post_id=post.id).run()
    _site, released = _by_platform(opii, post)
    assert (released.follows, released.due_at) == (site.id, released.publish_at - timedelta(minutes=10))
    _put(opii, released, State.HELD)
    _put(opii, _site, State.TAKEN_DOWN)
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id), "site_missing")


@pytest.mark.parametrize("content", [MARKED, Content("Abre.", title="Taller", link=PLACEHOLDER)])
def test_without_a_site_it_is_refused_when_submitted(opii: ActingOffice, content: Content) -> None:
    post = opii.draft(opii.page, content=content)
    opii.sign(post)
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=post.id), "site_missing")


def test_the_site_cannot_be_left_out_of_an_approved_post_that_needs_it(opii: ActingOffice) -> None:
    post = opii.approved(content=MARKED)
    change = Change(without_accounts=(opii.site.id,))
    opii.refuses(RevisePost(opii.office, opii.owner, post_id=post.id, change=change), "site_missing")


def test_a_post_that_says_nothing_else_has_no_text_for_the_site(opii: ActingOffice) -> None:
    post = opii.draft(content=replace(MARKED, text="Lea más: {enlace-web}"))
    opii.sign(post)
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=post.id), "text_missing")


def test_a_text_of_its_own_without_the_mark_waits_for_nobody(opii: ActingOffice) -> None:
    post = opii.scheduled(content=MARKED, texts={opii.page.id: "Sin enlace."})
    assert _by_platform(opii, post)[1].follows is None


def test_how_late_it_may_go_out_is_chosen_and_kept(opii: ActingOffice) -> None:
    post = opii.approved(opii.page)
    (delivery,) = SchedulePost(opii.office, opii.head, post_id=post.id, lateness=timedelta(minutes=5)).run()
    assert delivery.late_after == delivery.publish_at + timedelta(minutes=5)
    told = opii.events(f"delivery:{delivery.id}")[-1].event.data
    assert told["late_after"] == delivery.late_after.isoformat()
    _put(opii, delivery, State.HELD)
    (released,) = SchedulePost(opii.office, opii.head, post_id=post.id).run()
    assert released.late_after == released.publish_at + timedelta(minutes=5)
    _put(opii, released, State.HELD)
    (again,) = SchedulePost(opii.office, opii.head, post_id=post.id, lateness=timedelta(minutes=90)).run()
    assert again.late_after == again.publish_at + timedelta(minutes=90)


def test_without_a_word_the_offices_limit_holds(opii: ActingOffice) -> None:
    (delivery,) = opii.deliveries(opii.scheduled(opii.page))
    assert delivery.late_after == delivery.publish_at + timedelta(minutes=opii.office.settings.lateness_minutes)


def test_it_may_not_go_out_later_than_the_approved_time(opii: ActingOffice) -> None:
    post = opii.approved(opii.page)
    revision = opii.revision(post)
    most = revision.window.ends_at - post.publish_at
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id, lateness=most), "too_late")
    assert SchedulePost(opii.office, opii.head, post_id=post.id, lateness=most - PAST).run()


@pytest.mark.parametrize("certain", [True, False])
def test_a_day_beyond_the_quota_is_refused_or_warned_of(
    opii: ActingOffice, certain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = Limit(2, "tests", FacebookConnector.capabilities.text_length.read_on)
    quota = Quota(most, "publicaciones", certain=certain)
    capabilities = replace(FacebookConnector.capabilities, quotas=(quota,))
    monkeypatch.setattr(FacebookConnector, "capabilities", capabilities)
    first = opii.scheduled(opii.page)
    opii.scheduled(opii.page, in_minutes=90)
    third = opii.approved(opii.page, in_minutes=120)
    scheduling = SchedulePost(opii.office, opii.head, post_id=third.id)
    if certain:
        with pytest.raises(NotAllowed, match="la red admite 2"):
            scheduling.run()
        opii.refuses(SchedulePost(opii.office, opii.head, post_id=third.id), "quota_exceeded")
        _put(opii, opii.deliveries(first)[0], State.CANCELLED)
        assert len(SchedulePost(opii.office, opii.head, post_id=third.id).run()) == 1
    else:
        assert len(scheduling.run()) == 1
        assert [warning.code for warning in scheduling.warnings] == ["quota_near"]


def test_what_is_released_is_not_counted_twice(opii: ActingOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    most = Limit(1, "tests", FacebookConnector.capabilities.text_length.read_on)
    capabilities = replace(FacebookConnector.capabilities, quotas=(Quota(most, "publicaciones"),))
    monkeypatch.setattr(FacebookConnector, "capabilities", capabilities)
    post = opii.scheduled(opii.page)
    (delivery,) = opii.deliveries(post)
    with opii.office.database.write() as transaction:
        transaction._connection.exec_driver_sql("UPDATE deliveries SET stage_token = '{}'")
    _put(opii, delivery, State.HELD)
    assert len(SchedulePost(opii.office, opii.head, post_id=post.id).run()) == 1
