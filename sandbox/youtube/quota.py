"""The project's daily quota (sheet section 5.1): buckets that fill again at midnight Pacific."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sandbox.youtube.errors import ApiError

PACIFIC = ZoneInfo("America/Los_Angeles")
UNITS, INSERTS, SEARCHES, STATS = "units", "inserts", "searches", "stats"
LIMITS = {UNITS: 10_000, INSERTS: 100, SEARCHES: 100, STATS: 10_000}
_METRICS = {
    INSERTS: ("Video Uploads", "Video Uploads per day"),
    SEARCHES: ("Search Queries", "Search Queries per day"),
    STATS: ("Batch Get Stats", "Batch Get Stats per day"),
}
"""Only the first is in the sheet [code]; the two others are worded after it."""


class Quota:
    """What the project has used of each bucket on the current Pacific day."""

    def __init__(self, project_number: str) -> None:
        self._project_number = project_number
        self._day: date | None = None
        self._used: dict[str, int] = {}

    def used(self, bucket: str, now: datetime) -> int:
        """Return how much of a bucket is used today."""
        self._turn(now)
        return self._used.get(bucket, 0)

    def check(self, bucket: str, cost: int, now: datetime) -> None:
        """Require that the bucket holds this much. Raises ApiError."""
        if self.used(bucket, now) + cost > LIMITS[bucket]:
            raise self.exhausted(bucket)

    def charge(self, bucket: str, cost: int, now: datetime) -> None:
        """Take this much out of the bucket."""
        self._turn(now)
        self._used[bucket] = min(LIMITS[bucket], self._used.get(bucket, 0) + cost)

    def exhausted(self, bucket: str) -> ApiError:
        """Return the error of an empty bucket: 403 quotaExceeded for units, 429 "per day" for the others."""
        if bucket == UNITS:
            return ApiError(
                403,
                "quotaExceeded",
                'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started'
                '#quota">quota</a>.',
                domain="youtube.quota",
            )
        metric, limit = _METRICS[bucket]
        text = (
            f"Quota exceeded for quota metric '{metric}' and limit '{limit}' of service 'youtube.googleapis.com' for "
            f"consumer 'project_number:{self._project_number}'."
        )
        return ApiError(429, "rateLimitExceeded", text, new=True, info="RATE_LIMIT_EXCEEDED")

    def _turn(self, now: datetime) -> None:
        today = now.astimezone(PACIFIC).date()
        if self._day != today:
            self._day, self._used = today, {}
