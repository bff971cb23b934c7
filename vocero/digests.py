"""What an approval of a revision would bind, account by account."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from core.accounts import Account
from core.digest import canonical, digest
from core.posts import Approval, Revision
from scheduler.facts import approved_content
from storage.transaction import Transaction


def digests(transaction: Transaction, revision: Revision) -> dict[int, str]:
    """Return what an approval of this revision would bind, by account."""
    return {each.account.id: each.digest for each in bound(transaction, revision)}


@dataclass(frozen=True, slots=True)
class Bound:
    """The exact text that is hashed for a revision on an account, its digest, and the approval there is, in force."""

    account: Account
    text: str
    digest: str
    approval: Approval | None


def bound(transaction: Transaction, revision: Revision) -> list[Bound]:
    """Return what an approval of this revision would bind, or binds, by account."""
    approved = {approval.account_id: approval for approval in transaction.posts.approvals(revision.id)}
    found = []
    for target in revision.targets:
        account = transaction.accounts.get(target.account_id)
        content = approved_content(revision, account)
        found.append(
            Bound(
                account,
                canonical(content, official_id=account.official_id, window=revision.window),
                digest(content, official_id=account.official_id, window=revision.window),
                approved.get(account.id),
            )
        )
    return found


def whole_digest(by_account: Mapping[int, str]) -> str:
    """Return one SHA-256 for all that a revision would bind: over lines of account number and digest, by account."""
    together = "\n".join(f"{account} {digest}" for account, digest in sorted(by_account.items()))
    return hashlib.sha256(together.encode()).hexdigest()
