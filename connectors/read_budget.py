"""Reading that is paid for: how much of it an account may still do this month."""

from datetime import timedelta
from typing import Protocol

from connectors.errors import RateLimited
from core.platforms import Platform
from core.texts import _


class BudgetSpent(RateLimited):
    """The office's own budget for reading is spent; the platform would still answer."""

    sentence = _("Se agotó el presupuesto de lecturas de este mes para la cuenta. Amplíelo o espere al mes siguiente.")


class ReadBudget(Protocol):
    """Counts objects read (posts, comments, users) by one account in one calendar month (UTC)."""

    def left(self) -> int | None:
        """Return how many may still be read this month, None where there is no limit."""

    def spend(self, count: int) -> None:
        """Note that so many were read; never refuses, since they were."""

    def renews_in(self) -> timedelta:
        """Return the time until the month ends."""


class Unlimited:
    """Where reading is free."""

    def left(self) -> int | None:
        """Return None: as many as one likes."""
        return None

    def spend(self, count: int) -> None:
        """Count nothing."""

    def renews_in(self) -> timedelta:
        """Return no wait."""
        return timedelta(0)


def check_budget(budget: ReadBudget, platform: Platform, *, count: int = 1) -> None:
    """Raise BudgetSpent where not even so many may be read. Only for reads that can wait: never before `find`."""
    left = budget.left()
    if left is not None and left < count:
        raise BudgetSpent("the read budget is spent", platform=platform, retry_after=budget.renews_in())
