"""Gathers from the ledger what the gate judges by, and what a connector is given."""

from collections.abc import Sequence

from core.capabilities import Capabilities
from core.deliveries import Delivery
from core.digest import digest
from core.media import Attachment, AttachmentRole, OutgoingMedium
from core.posts import Content, OutgoingPost, Revision
from policy.gate import Facts
from storage.media import MediaStore
from storage.transaction import Transaction


def gather(
    transaction: Transaction,
    delivery: Delivery,
    post: OutgoingPost,
    *,
    capabilities: Capabilities,
    damaged_media: tuple[str, ...],
    identity: str | None,
) -> Facts:
    """Return the facts as this transaction sees them; the content and its digest are those of what would be sent."""
    posts = transaction.posts
    revisions = posts.revisions(delivery.post_id)
    revision = next(each for each in revisions if each.id == delivery.revision_id)
    account = transaction.accounts.get(delivery.account_id)
    approval = posts.approval(delivery.approval_id)
    is_target = any(target.account_id == account.id for target in revision.targets)
    content = content_of(post)
    return Facts(
        now=transaction.now,
        post_state=posts.get(delivery.post_id).state,
        # and what would be sent, read a moment ago, is still what that revision says
        is_latest_revision=revision.id == revisions[0].id and content == _content(revision, account.id),
        account=account,
        stops=tuple(transaction.stops.opened()),
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


def damaged(files: Sequence[OutgoingMedium], store: MediaStore) -> tuple[str, ...]:
    """Return the names of the files whose bytes are not those of their digest any more."""
    return tuple(
        file.medium.file_name or file.medium.sha256[:12] for file in files if not store.is_intact(file.medium.sha256)
    )


def outgoing(revision: Revision, delivery: Delivery, store: MediaStore) -> OutgoingPost:
    """Return the post as the connector of the delivery's account is given it."""
    content = _content(revision, delivery.account_id)
    files = {
        role: tuple(
            OutgoingMedium(
                medium=a.medium,
                alt_text=a.alt_text,
                path=store.path(a.medium.sha256),
                role=a.role,
                language=a.language,
            )
            for a in content.attachments
            if a.role is role
        )
        for role in AttachmentRole
    }
    return OutgoingPost(
        key=delivery.key,
        text=content.text,
        title=content.title,
        link=content.link,
        language=content.language,
        media=files[AttachmentRole.SHOWN],
        excerpt=content.excerpt,
        categories=content.categories,
        tags=content.tags,
        thread=content.thread,
        options=content.options,
        thumbnail=next(iter(files[AttachmentRole.THUMBNAIL]), None),
        captions=files[AttachmentRole.CAPTIONS],
    )


def content_of(post: OutgoingPost) -> Content:
    """Return the content that the public would see of what a connector is given."""
    return Content(
        text=post.text,
        title=post.title,
        link=post.link,
        language=post.language,
        attachments=tuple(Attachment(each.medium, each.alt_text, each.role, each.language) for each in post.files),
        excerpt=post.excerpt,
        categories=post.categories,
        tags=post.tags,
        thread=post.thread,
        options=post.options,
    )


def _content(revision: Revision, account_id: int) -> Content:
    """Return what the account would get; of an account that is no target (the gate refuses it) the common text."""
    try:
        return revision.content_for(account_id)
    except KeyError:
        return revision.content
