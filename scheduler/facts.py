"""Gathers from the ledger what the gate judges by, and what a connector is given."""

from collections.abc import Callable, Sequence
from datetime import date

from core.accounts import Account
from core.capabilities import Capabilities
from core.delegations import Delegation
from core.deliveries import Delivery
from core.digest import digest
from core.findings import TextFinding, TextRuleSet
from core.images import Finding, RuleSet
from core.lima import to_lima
from core.media import Attachment, AttachmentRole, OutgoingMedium
from core.permalink import SitePost, copy_for
from core.platforms import Platform
from core.posts import Approval, Content, OutgoingPost, Revision
from policy.gate import Facts
from policy.images import check_images
from policy.permalink import expected
from policy.permissions import was_entitled
from policy.words import check_words
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
    rules: Callable[[date], RuleSet],
    words: Callable[[date], TextRuleSet],
) -> Facts:
    """Return the facts as this transaction sees them; `content` is that of what would be sent.

    `rules` and `words` give the rules about images and about words that are in force on a day.
    """
    revision = transaction.posts.revision(delivery.revision_id)  # it never changes; should it have, the gate sees it
    standing = transaction.standing.of(delivery.id)
    account, approval = standing.account, standing.approval
    approved = approved_content(revision, account)
    return Facts(
        now=transaction.now,
        post_state=standing.post_state,
        is_latest_revision=standing.is_latest_revision,
        account=account,
        stops=standing.stops,
        is_target=standing.is_target and (approval.revision_id, approval.account_id) == (revision.id, account.id),
        content=content_of(post),
        approved=approved,
        window=revision.window,
        digest=digest(approved, official_id=account.official_id, window=revision.window),
        approval=approval,
        approver_is_author=standing.approver_is_author,
        approver_was_entitled=was_entitled(approval, _delegation_of(transaction, approval)),
        publish_at=delivery.publish_at,
        capabilities=capabilities,
        damaged_media=damaged_media,
        identity=identity,
        site=site_of(transaction, delivery),
        images=image_findings(transaction, revision, [account], rules, day=to_lima(transaction.now).date()),
        circumstances=transaction.calendar.circumstances(delivery.post_id, revision.id, now=transaction.now),
        words=word_findings(
            transaction,
            delivery.post_id,
            [(account.platform, content_of(post))],
            words,
            day=to_lima(transaction.now).date(),
        ),
    )


def image_findings(
    transaction: Transaction,
    revision: Revision,
    accounts: Sequence[Account],
    rules: Callable[[date], RuleSet],
    *,
    day: date,
) -> tuple[Finding, ...]:
    """Return what the rules of that day find in the files of the revision, as these accounts would show them."""
    content = revision.content
    if not content.attachments:
        return ()
    files = {attachment.medium.sha256 for attachment in content.attachments}
    return tuple(
        check_images(
            content,
            dict.fromkeys(account.platform for account in accounts),
            rules(day).on(day),
            looks=transaction.looks.of(files),
            originals=transaction.looks.originals(files),
            notes=transaction.looks.notes(revision.post_id),
        )
    )


def _delegation_of(transaction: Transaction, approval: Approval) -> Delegation | None:
    return None if approval.delegation_id is None else transaction.delegations.get(approval.delegation_id)


def word_findings(
    transaction: Transaction,
    post_id: int,
    copies: Sequence[tuple[Platform, Content]],
    words: Callable[[date], TextRuleSet],
    *,
    day: date,
) -> tuple[TextFinding, ...]:
    """Return what the rules in force that day find in what these networks would show; each finding once."""
    rules = words(day).on(day)
    classes = any(rule.classes for rule in rules)
    event_class = str(transaction.calendar.nature(post_id).event_class) if classes else ""
    found = [
        finding
        for platform, content in copies
        for finding in check_words(content, rules, network=str(platform), event_class=event_class)
    ]
    return tuple(dict.fromkeys(found))


def site_of(transaction: Transaction, delivery: Delivery) -> SitePost | None:
    """Return the website's own post that this delivery follows: of the same post and revision, or None."""
    if delivery.follows is None:
        return None
    site = transaction.deliveries.get(delivery.follows)
    account = transaction.accounts.get(site.account_id)
    if account.platform is not Platform.WEBSITE or site.revision_id != delivery.revision_id:
        return None
    return SitePost(site=account.address, state=site.state, url=site.url)


def damaged(files: Sequence[OutgoingMedium], store: MediaStore) -> tuple[str, ...]:
    """Return the names of the files whose bytes are not those of their digest any more."""
    return tuple(
        file.medium.file_name or file.medium.sha256[:12] for file in files if not store.is_intact(file.medium.sha256)
    )


def outgoing(
    revision: Revision, delivery: Delivery, store: MediaStore, *, account: Account, site: SitePost | None
) -> OutgoingPost:
    """Return the post as the connector of the delivery's account is given it, with the site's address in its place."""
    content = expected(approved_content(revision, account), site)
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


def approved_content(revision: Revision, account: Account) -> Content:
    """Return what an approval binds for the account; of one that is no target (the gate refuses it) the common text."""
    try:
        content = revision.content_for(account.id)
    except KeyError:
        content = revision.content
    return copy_for(content, account.platform)
