"""How many requests in 15 minutes and in a day, and the headers that tell (sheet section 5.3)."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.x.errors import too_many
from sandbox.x.tokens import Caller

WINDOW = timedelta(minutes=15)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests a window of 15 minutes for a user and for an application by itself; `day`: the application's in 24 h.

    None: the sheet names none.
    """

    user: int | None = None
    app: int | None = None
    day: int | None = None


@dataclass(slots=True)
class _Bucket:
    ends_at: datetime
    used: int = 0


class Quotas:
    """The windows that are open; one begins with its first request."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, ...], _Bucket] = {}

    def charge(self, operation: str, quota: Quota, caller: Caller, now: datetime) -> dict[str, str]:
        """Count a request, and return the headers. Raises XError 429, with them."""
        limits = []
        most = quota.user if caller.user_id else quota.app
        if most is not None:
            whose = caller.user_id or "app"
            limits.append(("x-rate-limit", (operation, caller.app.client_id, whose), most, WINDOW))
        if quota.day is not None:
            limits.append(("x-app-limit-24hour", (operation, caller.app.client_id, "day"), quota.day, DAY))
        headers: dict[str, str] = {}
        full = False
        for prefix, key, most, span in limits:
            bucket = self._buckets.get(key)
            if bucket is None or now >= bucket.ends_at:
                bucket = self._buckets[key] = _Bucket(now + span)
            full = full or bucket.used >= most
            bucket.used = min(most, bucket.used + 1)
            headers |= told(prefix, most, most - bucket.used, bucket.ends_at)
        if full:
            error = too_many()
            error.headers = headers
            raise error
        return headers


def told(prefix: str, limit: int, remaining: int, reset_at: datetime) -> dict[str, str]:
    """Return the three headers of a limit."""
    return {
        f"{prefix}-limit": str(limit),
        f"{prefix}-remaining": str(remaining),
        f"{prefix}-reset": str(math.ceil(reset_at.timestamp())),
    }
