"""What the calendar says: holidays and working days, embargoes, electoral periods, quiet hours, a day's load."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.accounts import Account
from core.calendar import Circumstances, DeclaredDay, Embargo, HolidayRule
from core.lima import shown, to_lima, to_utc
from core.platforms import Platform
from core.texts import _
from policy.folding import folded
from policy.reasons import Reason

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: Monday to Friday, without Peru's holidays and the days that a decree takes out."""

    rules: tuple[HolidayRule, ...]
    declared: tuple[DeclaredDay, ...] = ()

    def holiday_on(self, day: date) -> str:
        """Return the name of the holiday or of the declared day; empty where it is none."""
        names = [rule.name for rule in self.rules if _falls_on(rule, day)]
        names += [each.name for each in self.declared if each.day == day]
        return ", ".join(names)

    def holidays(self, year: int) -> list[tuple[date, str]]:
        """Return the holidays of the year and its declared days, in their order."""
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365))
        return [(day, name) for day in days if (name := self.holiday_on(day))]

    def is_working(self, day: date) -> bool:
        """Tell whether the office works that day."""
        return day.weekday() < _SATURDAY and not self.holiday_on(day)

    def nth_working_day(self, year: int, month: int, n: int) -> date:
        """Return the n-th working day of the month; it may lie past its end. Raises ValueError for n below 1."""
        if n < 1:
            raise ValueError("working days are counted from 1")
        day = date(year, month, 1)
        while True:
            n -= self.is_working(day)
            if n == 0:
                return day
            day += _DAY

    def cut_off(self, year: int, month: int, *, working_days: int = 5) -> datetime:
        """Return the end (aware, UTC) of the n-th working day of the month after: when an indicator is frozen."""
        after = date(year, month, 28) + timedelta(days=4)
        return to_utc(self.nth_working_day(after.year, after.month, working_days) + _DAY, time())


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, as in Meeus, 1991)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, skipped = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - correction + 15) % 30
    quarter, remainder = divmod(rest, 4)
    weekday = (32 + 2 * skipped + 2 * quarter - epact - remainder) % 7
    month, day = divmod(epact + weekday - 7 * ((golden + 11 * epact + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


def _falls_on(rule: HolidayRule, day: date) -> bool:
    if day < rule.starts_on or (rule.ends_on is not None and day > rule.ends_on):
        return False
    if rule.from_easter is not None:
        return day == easter(day.year) + timedelta(days=rule.from_easter)
    return (day.month, day.day) == (rule.month, rule.day)


def check_embargoes(said: Circumstances, account: Account, *, at: datetime) -> list[Reason]:
    """Nothing goes out in the time of a security embargo that covers it."""
    return [
        Reason(
            "embargoed",
            _(
                "Hay un embargo de seguridad ({scope}, {span}): {why}. "
                "Prográmela para después, o pida a la jefatura que lo termine."
            ).format(scope=scope_of(each, account), span=span_of(each), why=each.reason.rstrip(".")),
        )
        for each in said.embargoes
        if each.holds_at(at) and covers(each, account=account, unit=said.unit)
    ]


def covers(embargo: Embargo, *, account: Account, unit: str) -> bool:
    """Tell whether the embargo is about this account, or about what that unit asked for."""
    if embargo.account_id is not None:
        return embargo.account_id == account.id
    return not embargo.unit or folded(embargo.unit).text.split() == folded(unit).text.split()


def scope_of(embargo: Embargo, account: Account | None) -> str:
    """Return what people call what the embargo covers."""
    if embargo.unit:
        return embargo.unit
    if embargo.account_id is None:
        return _("todo")
    return account.name if account else _("cuenta {id}").format(id=embargo.account_id)


def span_of(embargo: Embargo) -> str:
    """Return from when to when it holds, for people."""
    if embargo.ends_at is None:
        return _("desde el {start}").format(start=shown(embargo.starts_at))
    return _("del {start} al {end}").format(start=shown(embargo.starts_at), end=shown(embargo.ends_at))


def check_electoral(said: Circumstances, *, at: datetime) -> list[Reason]:
    """While an electoral period is open each post is classified, justified and signed by the head (Ley 26859, 192)."""
    opened = [period for period in said.periods if period.holds_at(at)]
    if not opened:
        return []
    names = ", ".join(period.name for period in opened)
    if said.classification is None:
        return [
            Reason(
                "not_classified",
                _(
                    "Sale en periodo electoral ({names}) y esta versión no está clasificada. "
                    "Clasifíquela con su justificación: vocero posts classify N --class … --reason …"
                ).format(names=names),
            )
        ]
    if said.classification.signed_at is None:
        return [
            Reason(
                "classification_unsigned",
                _(
                    "Sale en periodo electoral ({names}) y falta la firma de la jefatura bajo su clasificación: "
                    "vocero posts classify N --sign"
                ).format(names=names),
            )
        ]
    return []


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the day, in Lima, in which nothing should go out; they may go over midnight."""

    starts_at: time
    ends_at: time

    def __contains__(self, instant: datetime) -> bool:
        clock = to_lima(instant).time()
        if self.starts_at <= self.ends_at:
            return self.starts_at <= clock < self.ends_at
        return clock >= self.starts_at or clock < self.ends_at


def check_quiet(quiet: QuietHours | None, *, at: datetime) -> list[Reason]:
    """It does not go out in the quiet hours."""
    if quiet is None or at not in quiet:
        return []
    sentence = _("Sale en horas de silencio (de {start} a {end}). Elija otra hora, salvo que no pueda esperar.")
    return [Reason("quiet_hours", sentence.format(start=f"{quiet.starts_at:%H:%M}", end=f"{quiet.ends_at:%H:%M}"))]


def check_load(load: Mapping[Platform, int], platforms: Iterable[Platform], *, most: int, day: date) -> list[Reason]:
    """Tell of networks that would have more than `most` posts that day, with these (8.16)."""
    return [
        Reason(
            "day_is_full",
            _(
                "Con esta, {network} tendría {n} publicaciones el {day:%d/%m/%Y}; la oficina quiere {most} o menos."
            ).format(network=platform.label, n=load.get(platform, 0) + 1, day=day, most=most),
        )
        for platform in dict.fromkeys(platforms)
        if load.get(platform, 0) + 1 > most
    ]


def check_day(working: WorkingCalendar, day: date) -> list[Reason]:
    """Tell that nobody works on that day, and so nobody would see what goes wrong."""
    name = working.holiday_on(day)
    if not name:
        return []
    sentence = _("El {day:%d/%m/%Y} no se trabaja ({name}). Compruebe que alguien estará atento.")
    return [Reason("holiday", sentence.format(day=day, name=name))]
