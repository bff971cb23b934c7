"""Comments: read, answer, hide, delete (sheet section 3.2)."""

from collections.abc import Sequence
from typing import Any

from sandbox.facebook import paging, params
from sandbox.facebook.errors import bad_parameter, not_found
from sandbox.instagram import access, nodes, orders
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.state import Comment, Media

LONGEST = 2200
"""Characters. None documented now, 300 in the legacy API (sheet 3.2 [code]); this is the caption's, [memory]."""


def listing(accounts: Accounts, visit: Visit, media: Media) -> dict[str, Any]:
    """Answer `GET /{media}/comments`: the top level, newest first, at most 50, without a filter by time."""
    _require(accounts, visit, media, media.id)
    for name in ("since", "until"):
        if name in visit.params:
            raise bad_parameter(f"{name} no se admite en los comentarios")
    found = [comment for comment in accounts.state.comments_of(media.id) if comment.parent_id is None]
    found.reverse()
    return _page(accounts, visit, found)


def replies(accounts: Accounts, visit: Visit, comment: Comment) -> dict[str, Any]:
    """Answer `GET /{comment}/replies`. Their order is nowhere written: oldest first here."""
    _require(accounts, visit, accounts.state.media[comment.media_id], comment.id)
    return _page(accounts, visit, accounts.state.replies_to(comment.id))


def _page(accounts: Accounts, visit: Visit, found: Sequence[Comment]) -> dict[str, Any]:
    if params.number(visit.params, "limit", default=paging.DEFAULT) > nodes.MOST_COMMENTS:
        # "max 50 per call" [doc]; whether more is refused or cut is not written.
        raise bad_parameter(f"limit admite hasta {nodes.MOST_COMMENTS}")
    wanted = nodes.wanted(visit, nodes.COMMENT_DEFAULT)
    return paging.page(
        found,
        key=lambda comment: comment.id,
        show=lambda comment: nodes.comment(accounts, visit, comment, wanted),
        call=visit.call,
        params=visit.params,
        token=visit.caller.text,
    )


def read(accounts: Accounts, visit: Visit, comment: Comment) -> dict[str, Any]:
    """Answer `GET /{comment}`."""
    _require(accounts, visit, accounts.state.media[comment.media_id], comment.id)
    return nodes.comment(accounts, visit, comment, nodes.wanted(visit, nodes.COMMENT_DEFAULT))


def create(accounts: Accounts, visit: Visit, media: Media, *, under: Comment | None = None) -> dict[str, Any]:
    """Answer `POST /{media}/comments` and `POST /{comment}/replies`; under a reply it lands on the top-level thread."""
    _require(accounts, visit, media, under.id if under else media.id)
    orders.only(visit.params, "message")
    message = params.text(visit.params, "message")
    if not message.strip():
        raise bad_parameter("The parameter message is required")
    if len(message) > LONGEST:
        raise bad_parameter(f"El comentario pasa de {LONGEST} caracteres")
    top = accounts.state.comments.get(under.parent_id or under.id) if under else None
    if any(above is not None and above.hidden for above in (under, top)):
        raise bad_parameter("No se puede responder a un comentario oculto")
    if not media.takes_comments or media.product == "STORY":
        raise bad_parameter("La publicación no admite comentarios")
    comment = Comment(
        id=accounts.state.new_id(),
        media_id=media.id,
        parent_id=top.id if top else None,
        author_id=media.account_id,
        username=accounts.usernames[media.account_id],
        text=message,
        created_at=visit.now,
        by_account=True,
    )
    accounts.state.comments[comment.id] = comment
    accounts.show_comment(comment)
    return {"id": comment.id}


def update(accounts: Accounts, visit: Visit, comment: Comment) -> dict[str, Any]:
    """Answer `POST /{comment}?hide=`: shown only as a query parameter; the account's own comments stay visible."""
    _require(accounts, visit, accounts.state.media[comment.media_id], comment.id)
    orders.only(visit.params, "hide")
    if "hide" not in visit.call.query:
        raise bad_parameter("The parameter hide is required in the query")
    hidden = params.flag(dict(visit.call.query.items()), "hide", default=False)
    if not comment.by_account:
        comment.hidden = hidden
        accounts.show_comment(comment)
    return {"success": True}


def delete(accounts: Accounts, visit: Visit, comment: Comment) -> dict[str, Any]:
    """Answer `DELETE /{comment}`: its replies go too."""
    _require(accounts, visit, accounts.state.media[comment.media_id], comment.id)
    for gone in (comment, *accounts.state.replies_to(comment.id)):
        del accounts.state.comments[gone.id]
        accounts.show_comment(gone, gone=True)
    return {"success": True}


def _require(accounts: Accounts, visit: Visit, media: Media, object_id: str) -> None:
    accounts.require_sight(visit, object_id, media.account_id)
    visit.caller.require(access.BASIC, access.COMMENTS)
    if media.parent_id is not None:
        raise not_found(object_id, visit.call.method)
