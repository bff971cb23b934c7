"""The week as it stands in the ledger, in the form that Anexo 01 shows."""

from core.deliveries import Delivery, DeliveryState
from core.lima import Week
from core.media import AttachmentRole
from core.posts import Post, PostState
from scheduler.programme.entries import (
    CellPlace,
    ProgrammeCaptions,
    ProgrammeCell,
    ProgrammeEntry,
    ProgrammeImage,
)
from storage.transaction import Transaction


def cells_of(transaction: Transaction, week: Week) -> list[ProgrammeCell]:
    """Return the week's posts, each with its state and number; cancelled and expired ones are left out."""
    accounts = {account.id: account for account in transaction.accounts.all()}
    cells = []
    for post in transaction.posts.between(*week.span()):
        if post.state in (PostState.CANCELLED, PostState.EXPIRED):
            continue
        content = (revision := transaction.posts.latest_revision(post.id)).content
        files = [(a.role, a.medium.file_name, a.language) for a in content.attachments]
        entry = ProgrammeEntry(
            publish_at=post.publish_at,
            platforms=tuple(dict.fromkeys(accounts[target.account_id].platform for target in revision.targets)),
            title=content.title or None,
            text=content.text,
            images=tuple(ProgrammeImage(a.medium.file_name, a.alt_text) for a in content.shown),
            link=content.link or None,
            place=CellPlace("", ""),
            thread=content.thread,
            tags=content.tags,
            thumbnail=next((name for role, name, _ in files if role is AttachmentRole.THUMBNAIL), None),
            captions=tuple(
                ProgrammeCaptions(name, language) for role, name, language in files if role is AttachmentRole.CAPTIONS
            ),
            options=content.options,
        )
        state = _state(post, transaction.deliveries.of_post(post.id))
        cells.append(ProgrammeCell(entry, state_label=state, code=str(post.id)))
    return cells


def _state(post: Post, deliveries: list[Delivery]) -> str:
    """Return the word for the whole post: that of its deliveries where they agree."""
    states = {delivery.state for delivery in deliveries if delivery.state is not DeliveryState.CANCELLED}
    if not states:
        return post.state.label
    return " / ".join(sorted(state.label for state in states))
