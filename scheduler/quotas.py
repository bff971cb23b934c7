"""Daily quotas are planned for, not run into: a delivery that would surely be refused waits for the next day's room."""

from collections.abc import Iterable
from datetime import datetime

from core.accounts import Account
from core.capabilities import Capabilities, Load, Quota, Use
from core.deliveries import Delivery
from core.media import AttachmentRole
from core.posts import Content
from policy.quota import REACH, frees_at, why_wait
from storage.transaction import Transaction


def load_of(content: Content) -> Load:
    """Return what the content asks of a platform, as quotas count it."""
    roles = [attachment.role for attachment in content.attachments]
    return Load(
        messages=1 + len(content.thread),
        files=roles.count(AttachmentRole.SHOWN),
        captions=roles.count(AttachmentRole.CAPTIONS),
        thumbnails=roles.count(AttachmentRole.THUMBNAIL),
    )


def uses_of(
    transaction: Transaction, quota: Quota, account: Account, *, around: datetime, but: Iterable[int] = ()
) -> list[Use]:
    """Return what was spent of the quota, or is planned, about that time: by the account, or by all of its platform."""
    sharers = [account]
    if quota.shared:
        sharers = [each for each in transaction.accounts.all() if each.platform is account.platform]
    ignored = set(but)
    found = transaction.uses.of([each.id for each in sharers], since=around - REACH, until=around + REACH)
    return [use for use in found if use.delivery_id not in ignored]


def wait_for_quota(
    transaction: Transaction, delivery: Delivery, account: Account, content: Content, *, capabilities: Capabilities
) -> tuple[datetime, str] | None:
    """Return until when the delivery has to wait, and why; None where every certain quota has room for it.

    What has begun to go out is counted already, and goes on.
    """
    if delivery.is_begun:
        return None
    waits = []
    for quota in capabilities.quotas:
        if not quota.certain:
            continue
        others = uses_of(transaction, quota, account, around=transaction.now, but=[delivery.id])
        spent = [use for use in others if use.is_spent]
        until = frees_at(quota, spent, cost=quota.cost(load_of(content)), now=transaction.now)
        if until is not None:
            waits.append((until, why_wait(quota, until)))
    return max(waits, default=None)
