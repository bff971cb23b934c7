"""Gathers from the ledger what the gate judges by, and what a connector is given."""

from core.capabilities import Capabilities
from core.deliveries import Delivery
from core.digest import digest
from core.media import OutgoingMedium
from core.posts import OutgoingPost, Revision
from policy.gate import Facts
from storage.media import MediaStore
from storage.transaction import Transaction


def gather(
    transaction: Transaction,
    delivery: Delivery,
    capabilities: Capabilities,
    *,
    damaged_media: tuple[str, ...],
    identity: str | None,
) -> Facts:
    """Return the facts as this transaction sees them."""
    posts = transaction.posts
    post = posts.get(delivery.post_id)
    revisions = posts.revisions(delivery.post_id)
    revision = next(each for each in revisions if each.id == delivery.revision_id)
    account = transaction.accounts.get(delivery.account_id)
    approval = posts.approval(delivery.approval_id)
    is_target = any(target.account_id == account.id for target in revision.targets)
    content = revision.content_for(account.id) if is_target else revision.content
    return Facts(
        now=transaction.now,
        post_state=post.state,
        is_latest_revision=revision.id == revisions[0].id,
        account=account,
        is_target=is_target and (approval.revision_id, approval.account_id) == (revision.id, account.id),
        content=content,
        window=revision.window,
        digest=digest(content, official_id=account.official_id, window=revision.window),
        approval=approval,
        approver_is_author=approval.approver_id in {each.author_id for each in revisions},
        publish_at=delivery.publish_at,
        capabilities=capabilities,
        damaged_media=damaged_media,
        identity=identity,
    )


def damaged(revision: Revision, store: MediaStore) -> tuple[str, ...]:
    """Return the names of the revision's files whose bytes are not those of their digest any more."""
    return tuple(
        attachment.medium.file_name or attachment.medium.sha256[:12]
        for attachment in revision.content.attachments
        if not store.is_intact(attachment.medium.sha256)
    )


def outgoing(revision: Revision, delivery: Delivery, store: MediaStore) -> OutgoingPost:
    """Return the post as the connector of the delivery's account is given it."""
    content = revision.content_for(delivery.account_id)
    return OutgoingPost(
        key=delivery.key,
        text=content.text,
        title=content.title,
        link=content.link,
        language=content.language,
        media=tuple(
            OutgoingMedium(medium=a.medium, alt_text=a.alt_text, path=store.path(a.medium.sha256))
            for a in content.attachments
        ),
        excerpt=content.excerpt,
        categories=content.categories,
        tags=content.tags,
    )
