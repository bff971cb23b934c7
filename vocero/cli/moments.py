"""Days and hours as people type them, in Lima's time."""

from datetime import UTC, date, datetime, time, timedelta

from core.errors import InvalidInput
from core.lima import to_lima, to_utc
from core.texts import _
from vocero.cli.given import instant_of

_LAST_YEAR = 2999  # later ones are slips


def day_of(written: str | None) -> date:
    """Return the day that was written, or today in Lima. Raises InvalidInput."""
    if written is None:
        return to_lima(datetime.now(UTC)).date()
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        day = date.max
    if day.year > _LAST_YEAR:
        raise InvalidInput(_("«{day}» no es una fecha. Escríbala así: 2026-11-24").format(day=written[:40]))
    return day


def edge_of(written: str, *, ends: bool) -> datetime:
    """Return the instant (aware, UTC) that was written; a day alone is its beginning, or with `ends` its end.

    Raises InvalidInput.
    """
    if len(written.strip()) > len("2026-11-24"):
        return instant_of(written)
    return to_utc(day_of(written) + timedelta(days=ends), time())
