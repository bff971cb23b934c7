"""Indicator 01 (procedure.md section 4): authorised requests of every hundred that were made in a month.

Pure: what is known of each request comes in, holidays too. What happened after an instant does not count at it, so the
figure that is frozen at the month's cut-off can be worked out at any later time, and so can a restated one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.lima import to_lima, to_utc

WORKING_DAYS = 5  # of the following month, until the figure is frozen [default]
_WEEKEND = 5
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in Lima."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month that holds the day."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month.of(self.first + timedelta(days=31))

    def __contains__(self, instant: datetime) -> bool:
        return Month.of(to_lima(instant).date()) == self


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One approval of step 13.1, and when it ceased to hold, if it did. Aware UTC.

    What Alta Dirección accepts (step 4.1) is none.
    """

    decided_at: datetime
    revoked_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether it held at that instant."""
        return self.decided_at <= at and (self.revoked_at is None or self.revoked_at > at)


@dataclass(frozen=True, slots=True)
class RequestLife:
    """What the indicator asks of one request, whatever the number of its posts and networks. Instants are aware UTC.

    `submitted_at` is the first time it was submitted, None for a draft; `duplicate_at` when it was found to repeat
    another; `published_at` the first time that something of it went out under an approval.
    """

    id: int
    submitted_at: datetime | None
    authorisations: tuple[Authorisation, ...] = ()
    published_at: datetime | None = None
    duplicate_at: datetime | None = None

    def is_authorised(self, at: datetime) -> bool:
        """Tell whether it held an approval at that instant, or something of it had gone out under one."""
        if self.published_at is not None and self.published_at <= at:
            return True
        return any(each.holds(at) for each in self.authorisations)


@dataclass(frozen=True, slots=True)
class Indicator:
    """The figure of one month as known at an instant. `rate` in percent, two decimals; None: "No aplica", never 0."""

    month: Month
    known_at: datetime
    requested: frozenset[int]
    authorised: frozenset[int]

    @property
    def rate(self) -> Decimal | None:
        """Authorised of every hundred requested, half rounded up."""
        if not self.requested:
            return None
        return (Decimal(100 * len(self.authorised)) / len(self.requested)).quantize(_CENT, ROUND_HALF_UP)


def cut_off(month: Month, holidays: Collection[date]) -> datetime:
    """Return the end of the fifth working day of the following month: the first instant that does not count."""
    day = month.following.first
    left = WORKING_DAYS
    while True:
        if day.weekday() < _WEEKEND and day not in holidays:
            left -= 1
        day += timedelta(days=1)
        if not left:
            return to_utc(day, time.min)


def indicator(month: Month, lives: Iterable[RequestLife], *, holidays: Collection[date]) -> Indicator:
    """Return the month's figure, frozen at its cut-off: what came later changes nothing."""
    return restated(month, lives, at=cut_off(month, holidays))


def restated(month: Month, lives: Iterable[RequestLife], *, at: datetime) -> Indicator:
    """Return the month's figure as known just before that instant: a series of its own beside the frozen one."""
    last = at - timedelta(microseconds=1)  # instants are kept to the microsecond
    made = [
        life
        for life in lives
        if life.submitted_at is not None
        and life.submitted_at in month
        and life.submitted_at <= last
        and (life.duplicate_at is None or life.duplicate_at > last)
    ]
    return Indicator(
        month=month,
        known_at=at,
        requested=frozenset(life.id for life in made),
        authorised=frozenset(life.id for life in made if life.is_authorised(last)),
    )
