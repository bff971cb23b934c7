"""Comments: read, answer, hide, delete (sheet section 3.2)."""

from typing import Any

from sandbox.facebook import nodes, paging, params
from sandbox.facebook.errors import GraphError, bad_parameter, needs_page_token, no_permission, not_imitated
from sandbox.facebook.pages import Pages, Visit
from sandbox.facebook.state import Comment, Post

LONGEST = 8000
"""About this many characters (sheet 3.2 [code])."""


def listing(pages: Pages, visit: Visit, post: Post, *, under: Comment | None = None) -> dict[str, Any]:
    """Answer `GET /{post-id}/comments`, or `GET /{comment-id}/comments` with `under`."""
    pages.require_sight(visit, under.id if under else post.id, post.page_id)
    given = visit.params
    level = params.text(given, "filter") or "toplevel"
    order = params.text(given, "order") or "chronological"
    if level not in {"toplevel", "stream"}:
        raise bad_parameter("filter debe ser toplevel o stream")
    if order not in {"chronological", "reverse_chronological", "ranked"}:
        raise bad_parameter("order debe ser chronological o reverse_chronological")
    since = params.instant(given, "since")
    if under is not None:
        found = pages.state.replies_to(under.id)
    else:
        found = [c for c in pages.state.comments_of(post.id) if level == "stream" or c.parent_id is None]
    if since is not None:
        found = [c for c in found if c.created_at >= since]
    total = len(found)
    if order == "reverse_chronological" and level == "toplevel":
        found.reverse()
    wanted = nodes.wanted(visit, nodes.COMMENT_DEFAULT)
    answer = paging.page(
        found,
        key=lambda comment: comment.id,
        show=lambda comment: nodes.comment(pages, visit, comment, wanted),
        call=visit.call,
        params=given,
        token=visit.token.text,
    )
    if params.flag(given, "summary", default=False):
        answer["summary"] = {"order": order, "total_count": total, "can_comment": True}
    return answer


def create(pages: Pages, visit: Visit, post: Post, *, under: Comment | None = None) -> dict[str, Any]:
    """Answer `POST /{post-id}/comments` and `POST /{comment-id}/comments`."""
    if visit.token.kind == "USER":
        raise GraphError(1705, "(#1705) Un token de usuario no puede comentar en el muro de la página")
    _require(pages, visit, post)
    given = visit.params
    if visit.call.files or {"attachment_url", "attachment_id", "attachment_share_url"} & given.keys():
        raise not_imitated("comentarios con adjuntos")
    message = _message(visit)
    wanted = nodes.wanted(visit, "id") if "fields" in given else None
    comment = Comment(
        id=pages.state.new_comment_id(post),
        post_id=post.id,
        parent_id=under.id if under else None,
        author_id=post.page_id,
        author_name=pages.names[post.page_id],
        message=message,
        created_at=visit.now,
        by_page=True,
    )
    pages.state.comments[comment.id] = comment
    if post.published:
        pages.show_comment(comment)
    return {"id": comment.id} if wanted is None else nodes.comment(pages, visit, comment, wanted)


def update(pages: Pages, visit: Visit, comment: Comment) -> dict[str, Any]:
    """Answer `POST /{comment-id}`: hide or show a visitor's, edit the Page's own."""
    _require(pages, visit, pages.state.posts[comment.post_id])
    given = visit.params
    if "is_hidden" in given:
        hidden = params.flag(given, "is_hidden", default=False)
        if comment.by_page:
            raise no_permission("Can not hide or unhide this comment")
        comment.hidden = hidden
    elif "message" in given:
        if not comment.by_page:
            raise no_permission("Solo se puede editar un comentario propio")
        comment.message = _message(visit)
    else:
        raise bad_parameter("No se indicó ningún cambio")
    pages.show_comment(comment)
    return {"success": True}


def delete(pages: Pages, visit: Visit, comment: Comment) -> dict[str, Any]:
    """Answer `DELETE /{comment-id}`: its replies go too."""
    _require(pages, visit, pages.state.posts[comment.post_id])
    for gone in pages.state.forget_comment(comment):
        pages.show_comment(gone, gone=True)
    return {"success": True}


def like(pages: Pages, visit: Visit, comment: Comment, *, liked: bool) -> dict[str, Any]:
    """Answer `POST` and `DELETE /{comment-id}/likes`."""
    _require(pages, visit, pages.state.posts[comment.post_id])
    comment.liked_by_page = liked
    return {"success": True}


def _require(pages: Pages, visit: Visit, post: Post) -> None:
    if not visit.token.is_page:
        raise needs_page_token()
    pages.require_sight(visit, post.id, post.page_id)


def _message(visit: Visit) -> str:
    message = params.text(visit.params, "message")
    if not message.strip():
        raise bad_parameter("Hace falta message")
    if len(message) > LONGEST:
        raise bad_parameter(f"El comentario supera los {LONGEST} caracteres")
    return message
