"""How a case file writes instants and documents: always the same bytes for the same facts."""

import json
from datetime import UTC, datetime


def utc(instant: datetime) -> str:
    """Return ISO 8601 in UTC with microseconds, as events are hashed."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def maybe_utc(instant: datetime | None) -> str | None:
    """Return the same, None for none."""
    return None if instant is None else utc(instant)


def document(value: object) -> bytes:
    """Return a JSON document for people and programs: sorted keys, UTF-8, one line feed at its end."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"
