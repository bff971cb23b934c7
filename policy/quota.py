"""Whether a day's plan stays within what a platform takes in a day, and when there is room again, by our own count.

A quota's day is a calendar day in the platform's own zone, or any 24 hours (core/capabilities.py, Quota).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.capabilities import Quota, Use
from core.lima import shown
from core.texts import _
from policy.reasons import Reason

DAY = timedelta(hours=24)
# uses further away than this have nothing to do with each other, whatever the kind of day (one may have 25 hours)
REACH = timedelta(hours=26)


def check_plan(quota: Quota, planned: Iterable[Use], own: Use, *, account: str) -> list[Reason]:
    """Refuse a use with which the busiest day around it takes more than the quota; `planned` are the others."""
    uses = [*planned, own]
    busiest = max(_total(quota, uses, day) for day in _days(quota, uses, own))
    if busiest <= quota.most.value:
        return []
    return [
        Reason(
            "quota_exceeded" if quota.certain else "quota_near",
            _(
                "Con este envío, {account} llegaría a {count} {unit} {when} y la red admite {most}. "
                "Prográmelo para otro día."
            ).format(
                account=account,
                count=busiest,
                unit=quota.unit,
                when=_("en el mismo día") if quota.zone else _("en 24 horas"),
                most=quota.most.value,
            ),
        )
    ]


def frees_at(quota: Quota, spent: Sequence[Use], *, cost: int, now: datetime) -> datetime | None:
    """Return when a use of that cost fits again, None where it fits now. One that never fits waits for the next day."""
    if quota.zone:
        start, end = day_of(quota, now)
        used = _total(quota, spent, (start, end))
        return None if used + cost <= quota.most.value else end
    recent = sorted((use for use in spent if use.at > now - DAY), key=lambda use: use.at)
    used = sum(quota.cost(use.load) for use in recent)
    freed: datetime | None = None
    for use in recent:
        if used + cost <= quota.most.value:
            break
        used -= quota.cost(use.load)
        freed = use.at + DAY
    if used + cost > quota.most.value:
        return now + DAY
    return freed


def why_wait(quota: Quota, until: datetime) -> str:
    """Return, for staff, why a delivery waits."""
    return _("La red ya no admite más {unit} por hoy ({most}). Espera hasta el {until}.").format(
        unit=quota.unit, most=quota.most.value, until=shown(until)
    )


def day_of(quota: Quota, instant: datetime) -> tuple[datetime, datetime]:
    """Return the start and the end (not part of it) of the platform's calendar day that holds the instant, in UTC."""
    zone = ZoneInfo(quota.zone)
    day = instant.astimezone(zone).date()
    start, end = (datetime(d.year, d.month, d.day, tzinfo=zone) for d in (day, day + timedelta(days=1)))
    return start.astimezone(UTC), end.astimezone(UTC)


def _days(quota: Quota, uses: Sequence[Use], own: Use) -> list[tuple[datetime, datetime]]:
    """Return every day of which `own` is a part: one of the calendar, or each 24 hours that some use begins."""
    if quota.zone:
        return [day_of(quota, own.at)]
    return [(use.at, use.at + DAY) for use in uses if use.at <= own.at < use.at + DAY]


def _total(quota: Quota, uses: Iterable[Use], day: tuple[datetime, datetime]) -> int:
    return sum(quota.cost(use.load) for use in uses if day[0] <= use.at < day[1])
