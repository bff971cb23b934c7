"""The version header (sheet section 1.4): which months live."""

import re
from datetime import UTC, datetime

from sandbox.linkedin.errors import LinkedInError

_ENDS = {
    "202510": datetime(2026, 10, 15, tzinfo=UTC),
    "202511": datetime(2026, 11, 16, tzinfo=UTC),
    "202601": datetime(2027, 1, 15, tzinfo=UTC),
    "202602": datetime(2027, 2, 15, tzinfo=UTC),
    "202603": datetime(2027, 3, 16, tzinfo=UTC),
    "202604": datetime(2027, 4, 15, tzinfo=UTC),
    "202605": datetime(2027, 5, 15, tzinfo=UTC),
    "202606": datetime(2027, 6, 15, tzinfo=UTC),
    "202607": datetime(2027, 7, 15, tzinfo=UTC),
    "202608": datetime(2027, 8, 15, tzinfo=UTC),  # the day is [memory]
    "202609": datetime(2027, 9, 15, tzinfo=UTC),
}
"""When each is switched off. 202512 never was; 202610 and later are unproved and so refused."""


def day_of(version: str) -> str:
    """Return the version as messages show it: with a day."""
    return f"{version}01" if re.fullmatch(r"\d{6}", version) else version


def check(version: str | None, now: datetime) -> None:
    """Refuse a missing header, and a version that is not alive at `now`. Raises LinkedInError."""
    if not version:
        raise LinkedInError(400, "A version must be present. Please specify a version", code="VERSION_MISSING")
    end = _ENDS.get(version)
    if end is None or now >= end:
        raise LinkedInError(426, f"Requested version {day_of(version)} is not active", code="NONEXISTENT_VERSION")
