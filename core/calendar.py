"""The office's calendar: holidays, days without work, security embargoes, electoral periods. Days are those of Lima."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.lima import to_lima, to_utc
from core.texts import _


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """A holiday of every year: a `month` and `day`, or so many days from Easter Sunday (`from_easter`).

    It holds for days from `starts_on` to `ends_on`, both included; `source` is the law.
    """

    name: str
    starts_on: date
    source: str
    read_on: date
    ends_on: date | None = None
    month: int = 0
    day: int = 0
    from_easter: int | None = None


@dataclass(frozen=True, slots=True)
class DeclaredDay:
    """A day on which a decree or the office says that nobody works; `source` is what says so."""

    day: date
    name: str
    source: str
    declared_by: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class Embargo:
    """A time in which nothing goes out of a unit, to an account or (neither) at all, for the sake of security.

    From `starts_at` to `ends_at`, the end not included; None: until somebody ends it. `unit` as requests name it.
    """

    id: int
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    entered_by: str
    entered_at: datetime
    unit: str = ""
    account_id: int | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    ended_reason: str = ""

    def __post_init__(self) -> None:
        if self.unit and self.account_id is not None:
            raise ValueError("an embargo covers a unit or an account, not both")

    def holds_at(self, instant: datetime) -> bool:
        """Tell whether the instant lies in it."""
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)


@dataclass(frozen=True, slots=True)
class ElectoralPeriod:
    """From the call to an election until its process closes (Ley 26859, art. 192): whole days, both included.

    Without an end it stays open. `basis` is the norm that calls the election.
    """

    id: int
    name: str
    starts_on: date
    ends_on: date | None
    basis: str
    entered_by: str
    entered_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None
    ended_reason: str = ""

    def holds_at(self, instant: datetime) -> bool:
        """Tell whether the instant lies in it."""
        day = to_lima(instant).date()
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def span(self) -> tuple[datetime, datetime | None]:
        """Return the instants (aware, UTC) at which it starts and ends; the end is not part of it."""
        end = None if self.ends_on is None else to_utc(self.ends_on + timedelta(days=1), time())
        return to_utc(self.starts_on, time()), end


class ElectoralClass(StrEnum):
    """What a post is under the ban of state advertising."""

    UNPOSTPONABLE = "unpostponable"
    PUBLIC_UTILITY = "public_utility"
    NOT_ADVERTISING = "not_advertising"

    @property
    def label(self) -> str:
        """The office's word."""
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class Classification:
    """What somebody says a revision is while an electoral period is open, and the head's signature under it."""

    id: int
    revision_id: int
    electoral_class: ElectoralClass
    justification: str
    classified_by: str
    classified_at: datetime
    signed_by: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the calendar says about a delivery: what is entered and not over, and what its revision was classified as.

    `unit` is that of its request; empty where nothing asks for it.
    """

    embargoes: tuple[Embargo, ...] = ()
    periods: tuple[ElectoralPeriod, ...] = ()
    classification: Classification | None = None
    unit: str = ""


_LABELS = {
    ElectoralClass.UNPOSTPONABLE: _("Impostergable necesidad"),
    ElectoralClass.PUBLIC_UTILITY: _("Utilidad pública"),
    ElectoralClass.NOT_ADVERTISING: _("No es publicidad estatal"),
}
