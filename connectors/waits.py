"""How long a platform asks to wait: what it says is read, and believed up to a day, so that no slip stops us longer."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)
_DIGITS = 18


def of_seconds(value: object) -> timedelta | None:
    """Return that many seconds, at most a day; None for anything that is no positive number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if not isinstance(value, int | float) or value <= 0:
        return None
    return timedelta(seconds=min(value, LONGEST.total_seconds()))


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> timedelta | None:
    """Return what `Retry-After` asks for, in whichever of its two forms (RFC 9110, 10.2.3); None where it says nothing.

    A date that is past asks for nothing.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal() or not value:
        return of_seconds(value)
    try:
        wait = parsedate_to_datetime(value) - (now or datetime.now(UTC))
    except (TypeError, ValueError, OverflowError):
        return None
    return of_seconds(wait.total_seconds())
