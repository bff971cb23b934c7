"""Graph API versions (sheet section 7): a dead one is served by the oldest that lives."""

from datetime import UTC, datetime

CURRENT = "v26.0"

_ENDS: tuple[tuple[str, datetime | None], ...] = (
    ("v20.0", datetime(2026, 9, 24, tzinfo=UTC)),
    ("v21.0", datetime(2027, 1, 21, tzinfo=UTC)),
    ("v22.0", datetime(2027, 5, 20, tzinfo=UTC)),
    ("v23.0", datetime(2027, 10, 8, tzinfo=UTC)),
    ("v24.0", datetime(2028, 2, 18, tzinfo=UTC)),
    ("v25.0", datetime(2028, 7, 29, tzinfo=UTC)),
    (CURRENT, None),
)


def served(asked: str, now: datetime) -> str | None:
    """Return the version that serves a call to `asked` ("" for none); None when there never was such a version."""
    if not asked:
        return CURRENT
    alive = [name for name, end in _ENDS if end is None or now < end]
    if asked in alive:
        return asked
    major = float(asked[1:])
    return alive[0] if major < float(alive[0][1:]) else None
