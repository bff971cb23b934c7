"""How many calls a day, and comments a minute (sheet sections 3.3 and 5): no header announces either."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sandbox.linkedin.errors import COMMENTS_OVER_LIMIT, over_limit
from sandbox.linkedin.tokens import Token

COMMENTS_A_MINUTE = 10
"""Reports name the window of a minute, none the number: this one is ours."""


class Quotas:
    """Counters of applications and of people, each for itself; the day ends at 00:00 UTC."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._calls: Counter[tuple[str, ...]] = Counter()
        self._comments: dict[tuple[str, str], list[datetime]] = {}

    def charge(self, token: Token, now: datetime) -> None:
        """Count a call. Raises LinkedInError 429."""
        today = now.astimezone(UTC).date()
        if today != self._day:
            self._day = today
            self._calls.clear()
        app = token.app
        limits = {(app.client_id,): app.calls_a_day, (app.client_id, token.member): app.member_calls_a_day}
        if any(self._calls[key] >= most for key, most in limits.items()):
            raise over_limit()
        self._calls.update(limits.keys())

    def charge_comment(self, token: Token, now: datetime) -> None:
        """Count the making of a comment. Raises LinkedInError 429."""
        key = (token.app.client_id, token.member)
        recent = [at for at in self._comments.get(key, []) if now - at < timedelta(seconds=60)]
        if len(recent) >= COMMENTS_A_MINUTE:
            raise over_limit(COMMENTS_OVER_LIMIT)
        self._comments[key] = [*recent, now]
