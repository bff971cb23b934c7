"""The calendar as rows, on both databases: what is not over, what was said last, what went out, what a day has."""

from datetime import date, timedelta

import pytest

from core.calendar import Circumstances, ElectoralClass
from core.deliveries import DeliveryState
from core.errors import NotFound
from core.lima import to_lima
from core.platforms import Platform
from core.posts import PostState
from core.requests import EventClass
from storage.database import Database
from tests.databases import Clock
from tests.storage.rows import Desk, a_post

State = DeliveryState
HOUR = timedelta(hours=1)


def test_a_declared_day_is_declared_anew_and_withdrawn(database: Database, clock: Clock) -> None:
    day = date(2026, 12, 24)
    with database.write() as transaction:
        for name in ("Puente", "Día no laborable"):
            transaction.calendar.declare_day(day, name=name, source="D.S. 1", by="admin", now=clock.now)
        [declared] = transaction.calendar.declared_days()
        assert (declared.day, declared.name, declared.declared_at) == (day, "Día no laborable", clock.now)
        transaction.calendar.withdraw_day(day)
        assert transaction.calendar.declared_days() == ()


def test_an_embargo_is_told_until_it_is_over(database: Database, clock: Clock) -> None:
    entered = {"unit": "", "account_id": None, "reason": "Traslado", "by": "admin"}
    with database.write() as transaction:
        keep = transaction.calendar
        short = keep.add_embargo(starts_at=clock.now, ends_at=clock.now + HOUR, now=clock.now, **entered)  # type: ignore[arg-type]
        open_ended = keep.add_embargo(starts_at=clock.now, ends_at=None, now=clock.now, **entered)  # type: ignore[arg-type]
        assert keep.embargoes(now=clock.now) == [short, open_ended]
        assert keep.embargoes(now=clock.now + HOUR) == [open_ended]
        ended = keep.end_embargo(open_ended, reason="pasó", by="jefa", now=clock.now)
        assert (ended.ends_at, ended.ended_by, ended.ended_reason) == (clock.now, "jefa", "pasó")
        assert keep.embargoes(now=clock.now) == [short]
        assert keep.embargoes() == [short, ended]
        with pytest.raises(NotFound, match="calendar list"):
            keep.embargo(404)


def test_an_electoral_period_is_told_through_its_last_day(database: Database, clock: Clock) -> None:
    today = to_lima(clock.now).date()
    with database.write() as transaction:
        keep = transaction.calendar
        first, second = (
            keep.add_period(name=name, starts_on=today, ends_on=None, basis="D.S. 1", by="admin", now=clock.now)
            for name in ("Generales", "Regionales")
        )
        ended = keep.end_period(first, ends_on=today, reason="Resolución", by="admin", now=clock.now)
        assert keep.periods(now=clock.now) == [ended, second]
        assert keep.periods(now=clock.now + timedelta(days=1)) == [second]
        assert keep.periods() == [ended, second]
        with pytest.raises(NotFound, match="calendar list"):
            keep.period(404)


def test_only_what_something_asks_for_is_read(database: Database, desk: Desk, clock: Clock) -> None:
    delivery = desk.delivery(desk.account(), publish_at=clock.now)

    def said() -> Circumstances:
        return transaction.calendar.circumstances(delivery.post_id, delivery.revision_id, now=clock.now)

    with database.write() as transaction:
        keep = transaction.calendar
        assert keep.nature(delivery.post_id).event_class is EventClass.REGIONAL
        with pytest.raises(NotFound):
            keep.nature(404)
        first = keep.classify(
            delivery.revision_id,
            electoral_class=ElectoralClass.PUBLIC_UTILITY,
            justification="Salud",
            by="ana",
            now=clock.now,
        )
        assert said() == Circumstances()
        keep.add_period(
            name="G", starts_on=to_lima(clock.now).date(), ends_on=None, basis="D", by="admin", now=clock.now
        )
        assert said().classification == first
        signed = keep.sign(first, by="jefa", now=clock.now)
        assert (signed.signed_by, signed.signed_at, signed.justification) == ("jefa", clock.now, "Salud")
        again = keep.classify(
            delivery.revision_id,
            electoral_class=ElectoralClass.UNPOSTPONABLE,
            justification="Sismo",
            by="ana",
            now=clock.now,
        )
        assert said().classification == again
        assert (again.signed_at, said().unit) == (None, "")
        keep.add_embargo(
            starts_at=clock.now,
            ends_at=None,
            unit="Penal",
            account_id=None,
            reason="r",
            by="admin",
            now=clock.now,
        )
        assert said().unit == "Oficina Regional Lima"


def test_what_went_out_is_listed_by_its_instant(database: Database, desk: Desk, clock: Clock) -> None:
    """What the public saw or may have seen; where the platform told no instant, the chosen hour."""
    account = desk.account()
    start = clock.now
    told: list[tuple[State, dict[str, object]]] = [
        (State.PUBLISHED, {"published_at": start + 9 * HOUR, "url": "https://a.example/1"}),
        (State.TAKEN_DOWN, {"published_at": start, "url": "https://a.example/2"}),
        (State.UNKNOWN, {}),
        (State.HELD, {"url": "https://a.example/part"}),  # a thread of which a part is out
        (State.PUBLISHED, {"published_at": start - HOUR}),  # before
    ]
    out = [
        desk.put(desk.delivery(account, publish_at=start + n * HOUR), state, due_at=None, **values)
        for n, (state, values) in enumerate(told)
    ]
    for state in (State.SCHEDULED, State.HELD, State.FAILED, State.CANCELLED, State.MISSED):
        desk.put(desk.delivery(account, publish_at=start), state)
    with database.write() as transaction:
        keep = transaction.calendar
        said = keep.classify(
            out[0].revision_id,
            electoral_class=ElectoralClass.NOT_ADVERTISING,
            justification="Aviso",
            by="ana",
            now=start,
        )
        listed = keep.published(start, None)
        assert [each.delivery_id for each in listed] == [out[n].id for n in (1, 2, 3, 0)]
        assert [each.published_at for each in listed] == [start, start + 2 * HOUR, start + 3 * HOUR, start + 9 * HOUR]
        assert [each.classification for each in listed] == [None, None, None, said]
        assert (listed[0].platform, listed[0].account, listed[0].revision) == (account.platform, account.name, 1)
        assert listed[0].text == "Jornada de salud en el penal."
        assert [each.delivery_id for each in keep.published(start, start + 9 * HOUR)] == [out[n].id for n in (1, 2, 3)]


def test_a_days_load_counts_posts_by_network(database: Database, desk: Desk, clock: Clock) -> None:
    site, page, second_page = desk.account(), desk.account(Platform.FACEBOOK), desk.account(Platform.FACEBOOK)
    start, end = clock.now, clock.now + timedelta(days=1)
    with database.write() as transaction:
        made = [
            a_post(transaction, author=desk.owner, accounts=accounts, publish_at=at)[0]
            for accounts, at in (
                ((site, page, second_page), start),
                ((page,), end - timedelta(microseconds=1)),
                ((page,), end),
                ((page,), start - timedelta(microseconds=1)),
                ((page,), start),
            )
        ]
        transaction.posts.set_state(made[-1].id, PostState.CANCELLED)
        # only the latest revision counts: this post left the website
        transaction.posts.revise(
            made[0].id,
            author_id=desk.owner.id,
            content=transaction.posts.latest_revision(made[0].id).content,
            for_accounts=[t for t in transaction.posts.latest_revision(made[0].id).targets if t.account_id != site.id],
            window=transaction.posts.latest_revision(made[0].id).window,
            now=clock.now,
        )
        assert transaction.calendar.load(start, end) == {Platform.FACEBOOK: 2}
        assert transaction.calendar.load(start, end, but=[made[0].id]) == {Platform.FACEBOOK: 1}
        assert transaction.calendar.load(end + HOUR, end + 2 * HOUR) == {}
