"""Pay-per-use: what calls cost an application, and when there is nothing left (sheet section 1.3)."""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from sandbox.x.errors import XError, no_credits
from sandbox.x.tokens import Caller

MICRO = 1_000_000
"""Prices are whole millionths of a US dollar, of August 2026 [doc]."""
POST, POST_WITH_URL, SUMMONED_REPLY, DELETE, MANAGE = 15_000, 200_000, 10_000, 10_000, 5_000
READ_POST, READ_USER, OWNED_READ, COUNT = 5_000, 10_000, 1_000, 5_000
MONTHLY_READS = 3_000_000


class Purse:
    """One application account. It recharges itself unless told not to; the last call may overdraw it a little."""

    def __init__(self) -> None:
        self.balance = 100 * MICRO
        self.recharges = True
        self.spent = 0
        self._billed: tuple[date | None, set[str]] = (None, set())
        self._reads: dict[date, int] = defaultdict(int)

    def require(self, caller: Caller, now: datetime) -> None:
        """Require that there are credits and post reads left. Raises XError 402, or 429 at the monthly cap."""
        if self.recharges and self.balance <= 0:
            self.balance += 100 * MICRO
        if not caller.app.solvent or self.balance <= 0:
            raise no_credits()
        if self.month_reads(now) >= MONTHLY_READS:
            raise XError(
                429,
                "UsageCapExceeded",
                "Usage cap exceeded: Monthly product cap",
                tail="usage-capped",
                period="Monthly",
                scope="Product",
                account_id="1900000000000000001",
            )

    def charge(self, price: int) -> None:
        """Take the price of an action that went well."""
        self.balance -= price
        self.spent += price

    def charge_reads(self, resources: set[str], price: int, now: datetime, *, posts: bool) -> None:
        """Take the price of what was returned; the same thing twice in one UTC day is paid once."""
        today = now.astimezone(UTC).date()
        if self._billed[0] != today:
            self._billed = (today, set())
        new = resources - self._billed[1]
        self._billed[1].update(new)
        self.charge(price * len(new))
        if posts:
            self._reads[today] += len(new)

    def month_reads(self, now: datetime) -> int:
        """Return how many post reads this month used."""
        month = now.astimezone(UTC).date().replace(day=1)
        return sum(count for day, count in self._reads.items() if day >= month)

    def usage(self, now: datetime, *, days: int) -> dict[str, Any]:
        """Return the data of GET /2/usage/tweets."""
        today = now.astimezone(UTC).date()
        project = "1900000000000000001"
        return {
            "project_id": project,
            "project_cap": str(MONTHLY_READS),
            "project_usage": str(self.month_reads(now)),
            "cap_reset_day": 1,
            "daily_project_usage": {
                "project_id": project,
                "usage": [
                    {"date": f"{day.isoformat()}T00:00:00.000Z", "usage": str(count)}
                    for day, count in sorted(self._reads.items())
                    if (today - day).days < days
                ],
            },
        }
