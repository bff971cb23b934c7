"""Gathers from the ledger what alerts follow from (policy/alerts.py): one indexed query for each kind of fact."""

from collections.abc import Callable

from core.accounts import Account
from policy.alerts import Alert, Limits, Watched, check_alerts
from storage.transaction import Transaction


def alerts(transaction: Transaction, limits: Limits, *, renews: Callable[[Account], bool]) -> list[Alert]:
    """Return the alerts as of now; `renews` says whether the program renews an account's credentials itself."""
    now = transaction.now
    accounts = {account.id: account for account in transaction.accounts.all()}
    next_due = transaction.deliveries.next_due()
    watched = Watched(
        now=now,
        accounts=accounts,
        renewed=frozenset(account.id for account in accounts.values() if renews(account)),
        overdue=tuple(transaction.neglected.overdue(now - limits.overdue)),
        troubled=tuple(transaction.neglected.troubled(now - limits.trouble)),
        workers=tuple(transaction.workers.all()),
        work_since=next_due if next_due is not None and next_due <= now else None,
        stops=tuple(transaction.stops.opened()),
    )
    return check_alerts(watched, limits)
