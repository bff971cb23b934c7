"""What the office's rules find in a post, in its images and its words: what bars it, and what the record keeps."""

from core.posts import Post
from policy.images import blocking
from policy.reasons import Reason
from policy.words import blocking_words
from storage.transaction import Transaction
from vocero.actions.images import findings, told
from vocero.actions.words import told_words, words_of
from vocero.office import Office


def check_rules(office: Office, transaction: Transaction, post: Post) -> list[Reason]:
    """Return what stands in the way."""
    return blocking(findings(office, transaction, post)) + blocking_words(words_of(office, transaction, post))


def told_of_rules(office: Office, transaction: Transaction, post: Post) -> dict[str, str]:
    """Return what the record keeps of the findings."""
    return told(office, transaction, post) | told_words(office, transaction, post)
