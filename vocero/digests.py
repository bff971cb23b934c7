"""What an approval of a revision would bind, account by account."""

from core.digest import digest
from core.posts import Revision
from scheduler.facts import approved_content
from storage.transaction import Transaction


def digests(transaction: Transaction, revision: Revision) -> dict[int, str]:
    """Return what an approval of this revision would bind, by account."""
    return {
        account.id: digest(
            approved_content(revision, account),
            official_id=account.official_id,
            window=revision.window,
        )
        for account in (transaction.accounts.get(target.account_id) for target in revision.targets)
    }
