"""The calendar as rows: declared days, embargoes, electoral periods, classifications.

Entering what bars and committing the intent of a visible write keep each other out, as with stops (storage/stops.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from core.calendar import Circumstances, Classification, DeclaredDay, ElectoralClass, ElectoralPeriod, Embargo
from core.deliveries import DeliveryState
from core.errors import NotFound
from core.lima import to_lima
from core.platforms import Platform
from core.posts import PostState
from core.requests import EventClass
from core.texts import _
from storage.keys import new_key
from storage.stops import keep_intents_out
from storage.tables import (
    accounts,
    classifications,
    deliveries,
    electoral_periods,
    embargoes,
    non_working_days,
    posts,
    requests,
    revisions,
    targets,
)

_SEEN = (DeliveryState.PUBLISHED, DeliveryState.TAKEN_DOWN, DeliveryState.UNKNOWN, DeliveryState.PUBLISHING)
_seen_at = func.coalesce(deliveries.c.published_at, deliveries.c.publish_at, type_=deliveries.c.publish_at.type)
_ENDED = {"ended_by": "", "ended_at": None, "ended_reason": ""}
# made once: SQLAlchemy then knows them again without looking at every part
_EMBARGOES = (
    select(embargoes)
    .where(or_(embargoes.c.ends_at.is_(None), embargoes.c.ends_at > bindparam("now")))
    .order_by(embargoes.c.id)
)
_PERIODS = (
    select(electoral_periods)
    .where(or_(electoral_periods.c.ends_on.is_(None), electoral_periods.c.ends_on >= bindparam("day")))
    .order_by(electoral_periods.c.id)
)
_CLASSIFIED = (
    select(classifications)
    .where(classifications.c.revision_id == bindparam("revision"))
    .order_by(classifications.c.id.desc())
    .limit(1)
)
_NATURE = (
    select(requests.c.unit, requests.c.event_class)
    .join(posts, posts.c.request_id == requests.c.id)
    .where(posts.c.id == bindparam("post"))
)


@dataclass(frozen=True, slots=True)
class Nature:
    """Whose post it is and about what kind of event, as its request says."""

    unit: str
    event_class: EventClass


@dataclass(frozen=True, slots=True)
class PublishedPost:
    """One delivery that the public has seen, or may have, for the report on an electoral period."""

    delivery_id: int
    post_id: int
    revision: int
    platform: Platform
    account: str
    published_at: datetime
    url: str
    title: str
    text: str
    state: DeliveryState
    classification: Classification | None


class CalendarRows:
    """What the office entered into its calendar."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def circumstances(self, post_id: int, revision_id: int, *, now: datetime) -> Circumstances:
        """Return what bears on the post now or later; of it and its revision only what something asks for."""
        barring = tuple(self.embargoes(now=now))
        periods = tuple(self.periods(now=now))
        return Circumstances(
            embargoes=barring,
            periods=periods,
            classification=self.classification(revision_id) if periods else None,
            unit=self.nature(post_id).unit if any(each.unit for each in barring) else "",
        )

    def nature(self, post_id: int) -> Nature:
        """Return whose post it is. Raises NotFound."""
        row = self._connection.execute(_NATURE, {"post": post_id}).first()
        if row is None:
            raise NotFound(_("No existe la publicación {id}. Véalas con: vocero posts list").format(id=post_id))
        return Nature(row.unit, row.event_class)

    # ── days ──

    def declare_day(self, day: date, *, name: str, source: str, by: str, now: datetime) -> None:
        """Declare a day on which nobody works; one that is declared gets the new name and source."""
        self.withdraw_day(day)
        self._connection.execute(
            insert(non_working_days).values(day=day, name=name, source=source, declared_by=by, declared_at=now)
        )

    def withdraw_day(self, day: date) -> None:
        """Withdraw a declared day."""
        self._connection.execute(delete(non_working_days).where(non_working_days.c.day == day))

    def declared_days(self) -> tuple[DeclaredDay, ...]:
        """Return the declared days, by day."""
        rows = self._connection.execute(select(non_working_days).order_by(non_working_days.c.day))
        return tuple(DeclaredDay(row.day, row.name, row.source, row.declared_by, row.declared_at) for row in rows)

    # ── embargoes ──

    def add_embargo(
        self,
        *,
        starts_at: datetime,
        ends_at: datetime | None,
        unit: str,
        account_id: int | None,
        reason: str,
        by: str,
        now: datetime,
    ) -> Embargo:
        """Enter an embargo, when no intent is being committed; from its commit on nothing that it covers is begun."""
        keep_intents_out(self._connection)
        values = {"starts_at": starts_at, "ends_at": ends_at, "unit": unit, "account_id": account_id, "reason": reason}
        entered = {"entered_by": by, "entered_at": now, **_ENDED}
        return self.embargo(new_key(self._connection.execute(insert(embargoes), {**values, **entered})))

    def end_embargo(self, embargo: Embargo, *, reason: str, by: str, now: datetime) -> Embargo:
        """End it now."""
        ended = {"ends_at": now, "ended_by": by, "ended_at": now, "ended_reason": reason}
        self._connection.execute(update(embargoes).where(embargoes.c.id == embargo.id).values(ended))
        return self.embargo(embargo.id)

    def embargo(self, number: int) -> Embargo:
        """Return the embargo. Raises NotFound."""
        row = self._connection.execute(select(embargoes).where(embargoes.c.id == number)).first()
        if row is None:
            raise NotFound(_("No existe el embargo {id}. Véalos con: vocero calendar list").format(id=number))
        return _embargo(row)

    def embargoes(self, *, now: datetime | None = None) -> list[Embargo]:
        """Return the embargoes that are not over at that instant; without one all that there were."""
        if now is None:
            found = self._connection.execute(select(embargoes).order_by(embargoes.c.id))
        else:
            found = self._connection.execute(_EMBARGOES, {"now": now})
        return [_embargo(row) for row in found]

    # ── electoral periods ──

    def add_period(
        self, *, name: str, starts_on: date, ends_on: date | None, basis: str, by: str, now: datetime
    ) -> ElectoralPeriod:
        """Enter an electoral period, when no intent is being committed."""
        keep_intents_out(self._connection)
        values = {"name": name, "starts_on": starts_on, "ends_on": ends_on, "basis": basis}
        entered = {"entered_by": by, "entered_at": now, **_ENDED}
        return self.period(new_key(self._connection.execute(insert(electoral_periods), {**values, **entered})))

    def end_period(
        self, period: ElectoralPeriod, *, ends_on: date, reason: str, by: str, now: datetime
    ) -> ElectoralPeriod:
        """Say on which day it ends; that may be moved later on, so nothing may be committed meanwhile."""
        keep_intents_out(self._connection)
        ended = {"ends_on": ends_on, "ended_by": by, "ended_at": now, "ended_reason": reason}
        self._connection.execute(update(electoral_periods).where(electoral_periods.c.id == period.id).values(ended))
        return self.period(period.id)

    def period(self, number: int) -> ElectoralPeriod:
        """Return the electoral period. Raises NotFound."""
        row = self._connection.execute(select(electoral_periods).where(electoral_periods.c.id == number)).first()
        if row is None:
            raise NotFound(
                _("No existe el periodo electoral {id}. Véalos con: vocero calendar list --all").format(id=number)
            )
        return _period(row)

    def periods(self, *, now: datetime | None = None) -> list[ElectoralPeriod]:
        """Return the periods that are not over at that instant; without one all that there were."""
        if now is None:
            found = self._connection.execute(select(electoral_periods).order_by(electoral_periods.c.id))
        else:
            found = self._connection.execute(_PERIODS, {"day": to_lima(now).date()})
        return [_period(row) for row in found]

    def classify(
        self, revision_id: int, *, electoral_class: ElectoralClass, justification: str, by: str, now: datetime
    ) -> Classification:
        """Say what a revision is; what was said and signed before counts no more."""
        values = {"revision_id": revision_id, "electoral_class": electoral_class, "justification": justification}
        said = {"classified_by": by, "classified_at": now, "signed_by": "", "signed_at": None}
        self._connection.execute(insert(classifications), {**values, **said})
        return self._classified(revision_id)

    def sign(self, classification: Classification, *, by: str, now: datetime) -> Classification:
        """Put a signature under it."""
        self._connection.execute(
            update(classifications).where(classifications.c.id == classification.id).values(signed_by=by, signed_at=now)
        )
        return self._classified(classification.revision_id)

    def classification(self, revision_id: int) -> Classification | None:
        """Return what the revision was last said to be."""
        row = self._connection.execute(_CLASSIFIED, {"revision": revision_id}).first()
        return None if row is None else _classification(row)

    def _classified(self, revision_id: int) -> Classification:
        found = self.classification(revision_id)
        if found is None:
            raise LookupError(f"revision {revision_id} has no classification")
        return found

    # ── what went out, and what will ──

    def published(self, starts_at: datetime, ends_at: datetime | None) -> list[PublishedPost]:
        """Return what the public got, or may have got, to see in the time, with the classification of its revision.

        By its instant: the platform's own, the chosen hour where that is not known.
        """
        in_time = [_seen_at >= starts_at]
        if ends_at is not None:
            in_time.append(_seen_at < ends_at)
        rows = self._connection.execute(
            select(
                deliveries.c.id,
                deliveries.c.post_id,
                deliveries.c.revision_id,
                deliveries.c.state,
                _seen_at.label("seen_at"),
                deliveries.c.url,
                revisions.c.number,
                revisions.c.title,
                func.coalesce(targets.c.text, revisions.c.text).label("text"),
                accounts.c.platform,
                accounts.c.name,
            )
            .select_from(
                deliveries.join(revisions, revisions.c.id == deliveries.c.revision_id)
                .join(accounts, accounts.c.id == deliveries.c.account_id)
                .outerjoin(
                    targets,
                    and_(targets.c.revision_id == revisions.c.id, targets.c.account_id == deliveries.c.account_id),
                )
            )
            .where(or_(deliveries.c.state.in_(_SEEN), deliveries.c.url != ""), *in_time)
            .order_by(_seen_at, deliveries.c.id)
        ).all()
        classified = {number: self.classification(number) for number in {row.revision_id for row in rows}}
        return [
            PublishedPost(
                delivery_id=row.id,
                post_id=row.post_id,
                revision=row.number,
                platform=row.platform,
                account=row.name,
                published_at=row.seen_at,
                url=row.url,
                title=row.title,
                text=row.text,
                state=row.state,
                classification=classified[row.revision_id],
            )
            for row in rows
        ]

    def load(self, starts_at: datetime, ends_at: datetime, *, but: Iterable[int] = ()) -> dict[Platform, int]:
        """Return how many posts each network has in the time, drafts too, but not those cancelled nor `but`."""
        newer = revisions.alias("newer")
        rows = self._connection.execute(
            select(accounts.c.platform, func.count(posts.c.id.distinct()))
            .select_from(
                posts.join(revisions, revisions.c.post_id == posts.c.id)
                .join(targets, targets.c.revision_id == revisions.c.id)
                .join(accounts, accounts.c.id == targets.c.account_id)
            )
            .where(
                posts.c.publish_at >= starts_at,
                posts.c.publish_at < ends_at,
                posts.c.state.not_in((PostState.CANCELLED, PostState.EXPIRED)),
                posts.c.id.not_in(list(but)),
                ~select(newer.c.id).where(newer.c.post_id == posts.c.id, newer.c.number > revisions.c.number).exists(),
            )
            .group_by(accounts.c.platform)
        )
        return {row[0]: row[1] for row in rows}


def _embargo(row: Any) -> Embargo:
    return Embargo(
        id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        unit=row.unit,
        account_id=row.account_id,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
    )


def _period(row: Any) -> ElectoralPeriod:
    return ElectoralPeriod(
        id=row.id,
        name=row.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        basis=row.basis,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
    )


def _classification(row: Any) -> Classification:
    return Classification(
        id=row.id,
        revision_id=row.revision_id,
        electoral_class=row.electoral_class,
        justification=row.justification,
        classified_by=row.classified_by,
        classified_at=row.classified_at,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
    )
