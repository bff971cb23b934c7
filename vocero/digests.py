"""What an approval of a revision would bind, account by account."""

from core.digest import digest
from core.posts import Revision
from storage.transaction import Transaction


def digests(transaction: Transaction, revision: Revision) -> dict[int, str]:
    """Return what an approval of this revision would bind, by account."""
    return {
        target.account_id: digest(
            revision.content_for(target.account_id),
            official_id=transaction.accounts.get(target.account_id).official_id,
            window=revision.window,
        )
        for target in revision.targets
    }
