"""What the rules about words find in a post: asked when it is submitted, approved and shown."""

from dataclasses import replace

from core.findings import TextFinding
from core.lima import to_lima
from core.permalink import copy_for
from core.posts import Post
from scheduler.facts import word_findings
from storage.transaction import Transaction
from vocero.office import Office


def words_of(office: Office, transaction: Transaction, post: Post) -> tuple[TextFinding, ...]:
    """Return what the rules of the post's day find in its latest revision, on all its networks. Raises InvalidInput."""
    revision = transaction.posts.latest_revision(post.id)
    copies = []
    for target in revision.targets:
        platform = transaction.accounts.get(target.account_id).platform
        own = revision.content if target.text is None else replace(revision.content, text=target.text)
        copies.append((platform, copy_for(own, platform)))
    return word_findings(transaction, post.id, copies, office.words.on, day=to_lima(post.publish_at).date())


def told_words(office: Office, transaction: Transaction, post: Post) -> dict[str, str]:
    """Return what the record keeps of the findings: the rule set, and which rules found something."""
    found = words_of(office, transaction, post)
    if not found:
        return {}
    version = office.words.on(to_lima(post.publish_at).date()).version
    return {"text_rules": version, "text_findings": ", ".join(dict.fromkeys(each.rule for each in found))}
