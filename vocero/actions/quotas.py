"""Whether a day's plan fits a network's daily quotas: asked when a post is scheduled."""

from collections.abc import Iterable
from datetime import datetime

from connectors.registry import CONNECTORS
from core.accounts import Account
from core.capabilities import Use
from core.posts import Content
from policy.quota import check_plan
from policy.reasons import Reason
from scheduler.quotas import load_of, uses_of
from storage.transaction import Transaction


def check_quotas(
    transaction: Transaction, account: Account, content: Content, *, at: datetime, but: Iterable[int]
) -> tuple[list[Reason], list[Reason]]:
    """Return why the network would surely refuse it on that day, and what is only to be feared; `but`: not counted."""
    refusals: list[Reason] = []
    warnings: list[Reason] = []
    ignored = list(but)
    for quota in CONNECTORS[account.platform].capabilities.quotas:
        planned = uses_of(transaction, quota, account, around=at, but=ignored)
        reasons = check_plan(quota, planned, Use(at=at, load=load_of(content)), account=account.name)
        (refusals if quota.certain else warnings).extend(reasons)
    return refusals, warnings
