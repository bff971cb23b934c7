"""Acts about a post's content: editing and cancelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from core.deliveries import Delivery
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.people import Person
from core.posts import Content, Post, PostState, Revision, Target
from core.texts import _
from policy.permissions import Act
from policy.reasons import Reason
from storage.media import Taken, previewed
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.content import (
    OVER,
    check_social_only,
    copies_of,
    end_post,
    follow_posts,
    may_be_seen,
    no_target,
    past,
    take_back,
    tell_voided,
    void,
    waits,
    wrong_state,
)
from vocero.actions.copies import check_copies
from vocero.actions.images import enter
from vocero.actions.programme import window_for
from vocero.office import Office


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit changes; None leaves it as it is. `texts` gives accounts a text of their own, by account id.

    New images take the place of the old; thumbnail and captions stay with a video, unless `captions` (file and
    language) gives others. `alt_texts` are said anew by the place of the image, from 1. `options` are added to those
    there are; an empty value takes one away.
    """

    text: str | None = None
    title: str | None = None
    link: str | None = None
    publish_at: datetime | None = None
    language: str | None = None
    images: Sequence[tuple[Path, str]] | None = None
    alt_texts: Mapping[int, str] | None = None
    captions: Sequence[tuple[Path, str]] | None = None
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
        self._images: tuple[Attachment, ...] | None = None
        self._captions: tuple[Attachment, ...] | None = None
        self._taken: tuple[Taken, ...] = ()

    def prepare(self) -> None:
        """Take in new files: only when all else holds, so that a refused change leaves none behind."""
        images, captions = self._change.images, self._change.captions
        if images is None and captions is None:
            return
        paths = [path for path, _said in (*(images or ()), *(captions or ()))]
        self._attach([previewed(path).taken.medium for path in paths])
        with self.office.database.read() as transaction:
            self._refuse(self.check(transaction))
        self._taken = self.office.media.take_all(paths)
        self._attach([taken.medium for taken in self._taken])

    def _attach(self, media: Sequence[Medium]) -> None:
        """Put the files in their places: the images first, then the captions, as they were given."""
        images, captions = self._change.images, self._change.captions
        if images is not None:
            self._images = tuple(
                Attachment(medium, alt_text)
                for medium, (_path, alt_text) in zip(media[: len(images)], images, strict=True)
            )
        if captions is not None:
            of_captions = media[len(images or ()) :]
            self._captions = tuple(
                Attachment(medium, "", AttachmentRole.CAPTIONS, language)
                for medium, (_path, language) in zip(of_captions, captions, strict=True)
            )

    def check(self, transaction: Transaction) -> list[Reason]:
        """It has not gone out anywhere, is not over, and every platform could show it as it becomes."""
        post = transaction.posts.hold(self._post_id)
        transaction.deliveries.hold_post(post.id)
        if post.state in OVER:
            return [wrong_state(post)]
        if any(may_be_seen(delivery) for delivery in transaction.deliveries.of_post(post.id)):
            return [
                Reason(
                    "already_out",
                    _("Ya salió, o puede haber salido, en alguna red: no se puede cambiar."),
                )
            ]
        if self._change.publish_at is not None and self._change.publish_at <= transaction.now:
            return [past(replace(post, publish_at=self._change.publish_at))]
        content, targets = self._changed(transaction)
        reasons = [] if targets else [no_target()]
        places = len(content.shown)
        if any(not 1 <= place <= places for place in self._change.alt_texts or ()):
            sentence = _("La publicación tiene {count} imágenes: diga una de ellas por su lugar.")
            reasons.append(Reason("no_such_image", sentence.format(count=places)))
        request = transaction.requests.get(post.request_id)
        reasons += check_social_only(transaction, request, targets)
        return [*reasons, *check_copies(copies_of(transaction, content, targets))]

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
        after = void(self, transaction, post, self.may, reason=reason)
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
        if self._images is not None:
            has_video = any(each.medium.kind is MediaKind.VIDEO for each in self._images)
            beside = [each for each in attachments if each.role is not AttachmentRole.SHOWN and has_video]
            attachments = (*self._images, *beside)
        if self._captions is not None:
            attachments = (*(a for a in attachments if a.role is not AttachmentRole.CAPTIONS), *self._captions)
        said = change.alt_texts or {}
        places = {id(each): place for place, each in enumerate(replace(before, attachments=attachments).shown, 1)}
        attachments = tuple(
            replace(each, alt_text=said[places[id(each)]]) if places.get(id(each)) in said else each
            for each in attachments
        )
        options = {**dict(before.options), **(change.options or {})}
        content = replace(
            before,
            text=before.text if change.text is None else change.text,
            title=before.title if change.title is None else change.title,
            link=before.link if change.link is None else change.link,
            language=before.language if change.language is None else change.language,
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
        if post.state in OVER:
            return [wrong_state(post)]
        deliveries = transaction.deliveries.of_post(post.id)
        if any(may_be_seen(d) for d in deliveries) and not any(waits(d) for d in deliveries):
            return [Reason("already_out", _("Ya salió, o puede haber salido: no queda nada que anular."))]
        return []

    def act(self, transaction: Transaction) -> list[Delivery]:
        """Cancel; return the deliveries that it took back."""
        post = transaction.posts.get(self._post_id)
        taken = end_post(self, transaction, post, reason=self._reason)
        follow_posts(self, transaction, post.request_id, self.may, reason=self._reason)
        return taken
