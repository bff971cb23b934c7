"""Dates of the site: its zone, what a client sends, what the API shows (sheet sections 0 and 2.3)."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.wordpress.errors import invalid

ZONE = ZoneInfo("America/Lima")
ZONE_NAME = "America/Lima"
GMT_OFFSET = -5
BORDER = timedelta(seconds=60)
"""From this far ahead on, `publish` becomes `future`."""
_SHAPE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?")


def parse(value: object, name: str, *, zone: ZoneInfo | None = None) -> datetime:
    """Return the instant of a sent date; without a zone of its own it is of `zone` (None: UTC). Raises RestError."""
    text = str(value)
    if not _SHAPE.fullmatch(text):
        raise invalid(name, "rest_invalid_date")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(name, "rest_invalid_date") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def site(instant: datetime) -> str:
    """Return site time, without a zone suffix."""
    return instant.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def gmt(instant: datetime) -> str:
    """Return UTC, without a zone suffix."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
