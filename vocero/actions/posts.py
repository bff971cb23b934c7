"""Acts about a post's content: editing, submitting, approving, returning, cancelling."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.deliveries import Delivery, DeliveryState
from core.lima import shown
from core.media import Attachment, AttachmentRole, MediaKind
from core.people import Person
from core.platforms import Platform
from core.posts import Approval, Content, Post, PostState, Revision, Target
from core.texts import _
from policy.images import blocking
from policy.permissions import Act, check_approver
from policy.reasons import Reason
from storage.media import Taken, previewed
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.copies import check_copies
from vocero.actions.images import enter, findings, look_at_images, told
from vocero.actions.programme import window_for
from vocero.digests import digests
from vocero.office import Office

# once a delivery is here the public may have seen it, and what it says may not change under it
_OUT = frozenset({DeliveryState.PUBLISHING, DeliveryState.UNKNOWN, DeliveryState.PUBLISHED, DeliveryState.TAKEN_DOWN})
_WAITING = frozenset({DeliveryState.SCHEDULED, DeliveryState.STAGING, DeliveryState.HELD})


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit changes; None leaves it as it is. `texts` gives accounts a text of their own, by account id.

    New images take the place of the old; thumbnail and captions stay with a video. `options` are added to those there
    are; an empty value takes one away.
    """

    text: str | None = None
    title: str | None = None
    link: str | None = None
    publish_at: datetime | None = None
    images: Sequence[tuple[Path, str]] | None = None
    texts: Mapping[int, str] | None = None
    thread: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    options: Mapping[str, str] | None = None
    without_accounts: Sequence[int] = ()


class RevisePost(Action[Revision]):
    """Change a post: a new revision. An approval of the old one is void, and what was scheduled is taken back."""

    may = Act.EDIT_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int, change: Change) -> None:
        super().__init__(office, actor)
        self._post_id, self._change = post_id, change
        self._attachments: tuple[Attachment, ...] | None = None
        self._taken: tuple[Taken, ...] = ()

    def prepare(self) -> None:
        """Take in new images: only when all else holds, so that a refused change leaves none behind."""
        images = self._change.images
        if images is None:
            return
        self._attachments = tuple(Attachment(previewed(path).taken.medium, alt_text) for path, alt_text in images)
        with self.office.database.read() as transaction:
            self._refuse(self.check(transaction))
        self._taken = self.office.media.take_all([path for path, _alt_text in images])
        self._attachments = tuple(
            Attachment(taken.medium, alt_text) for taken, (_path, alt_text) in zip(self._taken, images, strict=True)
        )

    def check(self, transaction: Transaction) -> list[Reason]:
        """It has not gone out anywhere, is not over, and every platform could show it as it becomes."""
        post = transaction.posts.hold(self._post_id)
        transaction.deliveries.hold_post(post.id)
        if post.state in (PostState.CANCELLED, PostState.EXPIRED):
            return [_wrong_state(post)]
        if any(_may_be_seen(delivery) for delivery in transaction.deliveries.of_post(post.id)):
            return [
                Reason(
                    "already_out",
                    _("Ya salió, o puede haber salido, en alguna red: no se puede cambiar."),
                )
            ]
        if self._change.publish_at is not None and self._change.publish_at <= transaction.now:
            return [_past(self._change.publish_at)]
        content, targets = self._changed(transaction)
        reasons = [] if targets else [_no_target()]
        return [*reasons, *check_copies(_copies(transaction, content, targets))]

    def act(self, transaction: Transaction) -> Revision:
        """Add the revision; void what rested on the last one."""
        post, last = transaction.posts.get(self._post_id), transaction.posts.latest_revision(self._post_id)
        change, now = self._change, transaction.now
        enter(transaction, self._taken)
        content, targets = self._changed(transaction)
        if post.state is PostState.APPROVED and change.publish_at is None and content == last.content:
            left = {target.account_id for target in targets}
            if targets == [target for target in last.targets if target.account_id in left]:
                return self._leave_out(transaction, post, last, left)
        window = last.window
        if change.publish_at is not None:
            window = window_for(change.publish_at, lateness=timedelta(minutes=self.office.settings.lateness_minutes))
            transaction.posts.set_slot(post.id, change.publish_at)
        revision = transaction.posts.revise(
            post.id, author_id=self.actor.id, content=content, for_accounts=targets, window=window, now=now
        )
        reason = _("se hizo la versión {number}").format(number=revision.number)
        revoked = transaction.posts.revoke_approvals(post.id, reason=reason, now=now)
        for approval in revoked:
            tell_voided(self, transaction, post, approval, reason)
        take_back(self, transaction, post, reason=reason)
        after = PostState.IN_REVIEW if post.state is PostState.APPROVED else post.state
        transaction.posts.set_state(post.id, after)
        self.tell(
            transaction,
            f"post:{post.id}",
            before=post.state,
            after=after,
            data={"revision": str(revision.number)},
        )
        return revision

    def _leave_out(self, transaction: Transaction, post: Post, revision: Revision, left: set[int]) -> Revision:
        """Remove targets of an approved post: that voids nothing of the others (procedure.md 3, "Approval binds")."""
        reason = _("se quitó esa red")
        for target in revision.targets:
            if target.account_id not in left:
                gone = target.account_id
                for approval in transaction.posts.remove_target(revision.id, gone, reason=reason, now=transaction.now):
                    tell_voided(self, transaction, post, approval, reason)
                take_back(self, transaction, post, reason=reason, only=gone)
                self.tell(
                    transaction, f"post:{post.id}", action="target_removed", reason=reason, data={"account": str(gone)}
                )
        return transaction.posts.revision(revision.id)

    def _changed(self, transaction: Transaction) -> tuple[Content, list[Target]]:
        last, change = transaction.posts.latest_revision(self._post_id), self._change
        before = last.content
        attachments = before.attachments
        if self._attachments is not None:
            has_video = any(each.medium.kind is MediaKind.VIDEO for each in self._attachments)
            beside = [each for each in attachments if each.role is not AttachmentRole.SHOWN and has_video]
            attachments = (*self._attachments, *beside)
        options = {**dict(before.options), **(change.options or {})}
        content = replace(
            before,
            text=before.text if change.text is None else change.text,
            title=before.title if change.title is None else change.title,
            link=before.link if change.link is None else change.link,
            attachments=attachments,
            thread=before.thread if change.thread is None else tuple(change.thread),
            tags=before.tags if change.tags is None else tuple(change.tags),
            options=tuple((name, chosen) for name, chosen in options.items() if chosen),
        )
        texts = change.texts or {}
        targets = [
            Target(target.account_id, texts.get(target.account_id, target.text))
            for target in last.targets
            if target.account_id not in change.without_accounts
        ]
        return content, targets


class SubmitPost(Action[Revision]):
    """Send a draft to the head for approval (step 12)."""

    may = Act.SUBMIT_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int) -> None:
        super().__init__(office, actor)
        self._post_id = post_id

    def prepare(self) -> None:
        """Look at the images that nobody looked at yet."""
        look_at_images(self.office, self._post_id)

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is a draft, its hour is to come, every platform could show it, and no image rule is against it."""
        post = transaction.posts.hold(self._post_id)
        if post.state not in (PostState.DRAFT, PostState.CHANGES_REQUESTED):
            return [_wrong_state(post)]
        return _unfit(transaction, post) + blocking(findings(self.office, transaction, post))

    def act(self, transaction: Transaction) -> Revision:
        """Submit it."""
        post = transaction.posts.get(self._post_id)
        revision = transaction.posts.latest_revision(post.id)
        transaction.posts.set_state(post.id, PostState.IN_REVIEW)
        transaction.posts.mark_submitted(post.request_id, transaction.now)
        self.tell(
            transaction,
            f"post:{post.id}",
            before=post.state,
            after=PostState.IN_REVIEW,
            data={"revision": str(revision.number), **told(self.office, transaction, post)},
        )
        return revision


class ApprovePost(Action[list[Approval]]):
    """The head's word (13.1), bound to what was shown: `shown` are the digests that the head saw, by account."""

    may = Act.APPROVE_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int, shown: Mapping[int, str]) -> None:
        super().__init__(office, actor)
        self._post_id, self._shown = post_id, dict(shown)

    def prepare(self) -> None:
        """Look at the images that nobody looked at yet: an edit may have brought some."""
        look_at_images(self.office, self._post_id)

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is in review, the approver wrote no part of it, and what was shown is what there is."""
        post = transaction.posts.hold(self._post_id)
        if post.state is not PostState.IN_REVIEW:
            return [_wrong_state(post)]
        revisions = transaction.posts.revisions(post.id)
        reasons = check_approver(self.actor, {revision.author_id for revision in revisions})
        if digests(transaction, revisions[0]) != self._shown:
            reasons.append(
                Reason("not_what_was_shown", _("El contenido cambió mientras usted lo leía. Léalo otra vez y apruebe."))
            )
        return reasons + _unfit(transaction, post) + blocking(findings(self.office, transaction, post))

    def act(self, transaction: Transaction) -> list[Approval]:
        """Approve every target of the latest revision."""
        post = transaction.posts.get(self._post_id)
        revision = transaction.posts.latest_revision(post.id)
        approvals = []
        images = told(self.office, transaction, post)
        for account_id, bound in sorted(self._shown.items()):
            approvals.append(
                transaction.posts.approve(
                    revision_id=revision.id,
                    account_id=account_id,
                    digest=bound,
                    approver_id=self.actor.id,
                    now=transaction.now,
                )
            )
            self.tell(
                transaction,
                f"post:{post.id}",
                before=post.state,
                after=PostState.APPROVED,
                digest=bound,
                data={"revision": str(revision.number), "account": str(account_id), **images},
            )
        transaction.posts.set_state(post.id, PostState.APPROVED)
        return approvals


class ReturnPost(Action[Post]):
    """Send a post back to be corrected (13.2): no rejection, a loop."""

    may = Act.RETURN_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._post_id, self._reason = post_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is in review, and there is a reason."""
        post = transaction.posts.hold(self._post_id)
        if post.state is not PostState.IN_REVIEW:
            return [_wrong_state(post)]
        return [] if self._reason else [Reason("reason_missing", _("Diga qué hay que corregir con --reason."))]

    def act(self, transaction: Transaction) -> Post:
        """Return it."""
        post = transaction.posts.get(self._post_id)
        transaction.posts.set_state(post.id, PostState.CHANGES_REQUESTED)
        self.tell(
            transaction,
            f"post:{post.id}",
            before=post.state,
            after=PostState.CHANGES_REQUESTED,
            reason=self._reason,
        )
        return transaction.posts.get(post.id)


class CancelPost(Action[list[Delivery]]):
    """Cancel what has not gone out. What has stays where it is, and is said to have."""

    may = Act.CANCEL_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._post_id, self._reason = post_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """There is a reason, and something left to cancel."""
        post = transaction.posts.hold(self._post_id)
        transaction.deliveries.hold_post(post.id)
        if not self._reason:
            return [Reason("reason_missing", _("Diga el motivo con --reason."))]
        if post.state in (PostState.CANCELLED, PostState.EXPIRED):
            return [_wrong_state(post)]
        deliveries = transaction.deliveries.of_post(post.id)
        if any(_may_be_seen(d) for d in deliveries) and not any(_waits(d) for d in deliveries):
            return [Reason("already_out", _("Ya salió, o puede haber salido: no queda nada que anular."))]
        return []

    def act(self, transaction: Transaction) -> list[Delivery]:
        """Cancel; return the deliveries that it took back."""
        post = transaction.posts.get(self._post_id)
        taken = take_back(self, transaction, post, reason=self._reason)
        if not any(_may_be_seen(delivery) for delivery in transaction.deliveries.of_post(post.id)):
            transaction.posts.set_state(post.id, PostState.CANCELLED)
            for approval in transaction.posts.revoke_approvals(post.id, reason=self._reason, now=transaction.now):
                tell_voided(self, transaction, post, approval, self._reason)
            self.tell(
                transaction,
                f"post:{post.id}",
                before=post.state,
                after=PostState.CANCELLED,
                reason=self._reason,
            )
        return taken


def _may_be_seen(delivery: Delivery) -> bool:
    return delivery.is_begun or delivery.state in _OUT


def _waits(delivery: Delivery) -> bool:
    return delivery.state in _WAITING and not delivery.is_begun


def tell_voided(action: Action[Any], transaction: Transaction, post: Post, approval: Approval, reason: str) -> None:
    """Leave an event of an approval that counts no more."""
    action.tell(
        transaction,
        f"post:{post.id}",
        action="approval_voided",
        digest=approval.digest,
        reason=reason,
        data={"account": str(approval.account_id)},
    )


def take_back(
    action: Action[Any], transaction: Transaction, post: Post, *, reason: str, only: int | None = None
) -> list[Delivery]:
    """Cancel the deliveries of the post that wait (`only`: to that account).

    A worker that holds one finds that it may not write any more.
    """
    taken = []
    for delivery in transaction.deliveries.of_post(post.id):
        if _waits(delivery) and only in (None, delivery.account_id):
            taken.append(transaction.deliveries.take_back(delivery, DeliveryState.CANCELLED, reason=reason))
            action.tell(
                transaction,
                f"delivery:{delivery.id}",
                action="delivery.cancelled",
                before=delivery.state,
                after=DeliveryState.CANCELLED,
                reason=reason,
                data={"post": str(post.id), "account": str(delivery.account_id)},
            )
    return taken


def _unfit(transaction: Transaction, post: Post) -> list[Reason]:
    """Return why the latest revision could not go out as it is."""
    revision = transaction.posts.latest_revision(post.id)
    reasons: list[Reason] = []
    if post.publish_at <= transaction.now:
        reasons.append(_past(post.publish_at))
    if not revision.targets:
        reasons.append(_no_target())
    return [*reasons, *check_copies(_copies(transaction, revision.content, revision.targets))]


def _copies(
    transaction: Transaction, content: Content, targets: Sequence[Target]
) -> Iterator[tuple[Platform, Content]]:
    """Yield what each target says, with its platform."""
    for target in targets:
        own = content if target.text is None else replace(content, text=target.text)
        yield transaction.accounts.get(target.account_id).platform, own


def _no_target() -> Reason:
    return Reason("no_target", _("La publicación no tiene ninguna red: al menos una debe quedar."))


def _past(publish_at: datetime) -> Reason:
    return Reason(
        "past", _("Su hora ({hour}) ya pasó. Póngale otra con: vocero posts edit --at").format(hour=shown(publish_at))
    )


def _wrong_state(post: Post) -> Reason:
    return Reason(
        "wrong_state",
        _("La publicación {id} está «{state}»: no corresponde hacer eso ahora. Véala: vocero posts show {id}").format(
            id=post.id, state=post.state.label
        ),
    )
