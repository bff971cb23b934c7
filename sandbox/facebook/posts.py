"""Posts of a Page: create, publish, edit, delete, list (sheet sections 2.1, 2.3, 2.6, 2.7, 3.1)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sandbox.facebook import nodes, paging, params
from sandbox.facebook.errors import GraphError, bad_parameter, no_permission, not_imitated
from sandbox.facebook.pages import Pages, Visit
from sandbox.facebook.state import Photo, Post
from sandbox.hiding import Hiding

LONGEST_TEXT = 63_206
"""Folklore, absent from the documentation (sheet section 5 [code])."""
SOONEST, LATEST = timedelta(minutes=10), timedelta(days=30)
"""The narrowest of the windows that the documentation gives for posts (sheet 2.7 [doc])."""
_FOREIGN = ("child_attachments", "tags", "place", "targeting", "feed_targeting", "backdated_time", "object_attachment")


def create(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    """Answer `POST /{page-id}/feed`."""
    pages.require_page(visit, page_id)
    given = visit.params
    for name in _FOREIGN:
        if name in given:
            raise not_imitated(name)
    message, link = params.text(given, "message"), params.text(given, "link")
    media_ids = params.attached_media(given)
    if not message.strip() and not link and not media_ids:
        raise bad_parameter("Hace falta message o link")
    if link and media_ids:
        raise not_imitated("link junto con attached_media")
    check_text(message)
    if link:
        _check_link(link)
    published = params.flag(given, "published", default=True)
    scheduled_at = schedule(visit, published=published)
    photos = _photos(pages, page_id, media_ids)
    wanted = nodes.wanted(visit, nodes.POST_DEFAULT) if "fields" in given else None
    kind = "added_photos" if photos else "shared_story" if link else "mobile_status_update"
    post = pages.new_post(page_id, now=visit.now, message=message, status_type=kind, published=published)
    post.link = link
    post.scheduled_at = scheduled_at
    if scheduled_at is not None:
        pages.state.waiting.add(post.id)
    post.photos = photos
    post.hiding = Hiding.wanted(visit.call)
    for photo in photos:
        photo.post_id = post.id
        photo.published = published
    answer: dict[str, Any] = {"id": post.id, "post_supports_client_mutation_id": True}
    if wanted is not None:
        answer = nodes.post(pages, visit, post, wanted)
    pages.show(post)
    return answer


def check_text(message: str) -> None:
    """Refuse a text that is too long."""
    if len(message) > LONGEST_TEXT:
        raise bad_parameter(f"El texto supera los {LONGEST_TEXT} caracteres")


def schedule(visit: Visit, *, published: bool) -> Any:
    """Return when the post shall appear by itself, or None. Raises GraphError outside the window."""
    at = params.instant(visit.params, "scheduled_publish_time")
    if at is None:
        if params.text(visit.params, "unpublished_content_type") == "SCHEDULED":
            raise bad_parameter("Hace falta scheduled_publish_time")
        return None
    if published:
        raise bad_parameter("No se puede indicar scheduled_publish_time en una publicación con published=true")
    if not SOONEST <= at - visit.now <= LATEST:
        raise bad_parameter("La hora de publicación programada no es válida: de 10 minutos a 30 días")
    return at


def _check_link(link: str) -> None:
    parts = urlsplit(link)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host:
        raise bad_parameter("La dirección no es válida", subcode=2061006)
    if host == "facebook.com" or host.endswith(".facebook.com"):
        raise bad_parameter("No se admiten enlaces a facebook.com", subcode=1609008)
    if host.endswith(".invalid"):
        raise GraphError(1609005, "(#1609005) No se pudo leer el enlace")


def _photos(pages: Pages, page_id: str, media_ids: list[str]) -> list[Photo]:
    photos = []
    for media_id in media_ids:
        photo = pages.state.photos.get(media_id)
        if photo is None or photo.page_id != page_id:
            raise bad_parameter(f"El objeto {media_id} de attached_media no existe o no se puede usar", subcode=33)
        if photo.post_id is not None or photo.published or photo in photos:
            raise bad_parameter("Estas fotos ya se publicaron", subcode=1366051)
        photos.append(photo)
    return photos


def update(pages: Pages, visit: Visit, post: Post) -> dict[str, Any]:
    """Answer `POST /{post-id}`: new text, or publishing what was held back. Publishing again changes nothing."""
    pages.require_page(visit, post.page_id)
    given = visit.params
    if "is_hidden" in given or "scheduled_publish_time" in given:
        raise not_imitated("ese cambio de una publicación")
    if "message" not in given and "is_published" not in given:
        raise bad_parameter("No se indicó ningún cambio")
    message = params.text(given, "message")
    shown = params.flag(given, "is_published", default=post.published)
    if "message" in given:
        check_text(message)
        if not message.strip() and not post.photos and not post.link and post.video is None:
            raise bad_parameter("Hace falta message")
    if post.published and not shown:
        raise bad_parameter("Una publicación visible no puede volver a estar sin publicar")
    if "message" in given:
        post.message = message
        post.updated_at = visit.now
    if shown:
        if not post.published:
            post.hiding = Hiding.wanted(visit.call)
        pages.publish(post, visit.now)
    pages.show(post)
    return {"success": True}


def delete(pages: Pages, visit: Visit, post: Post) -> dict[str, Any]:
    """Answer `DELETE /{post-id}`."""
    pages.require_page(visit, post.page_id)
    pages.remove(post)
    return {"success": True}


def listing(pages: Pages, visit: Visit, page_id: str, edge: str) -> dict[str, Any]:
    """Answer `GET /{page-id}/published_posts`, `posts`, `feed` or `scheduled_posts`, newest first."""
    if edge == "feed" and not visit.token.is_page:
        pages.require_page(visit, page_id)
    if not pages.may_see(visit.token, page_id):
        raise no_permission()
    paging.limit_of(visit.params)
    wanted = nodes.wanted(visit, nodes.POST_DEFAULT)
    since, until = params.instant(visit.params, "since"), params.instant(visit.params, "until")
    shown = [
        post
        for post in reversed(pages.state.posts.values())
        if post.page_id == page_id
        and _belongs(pages, visit, post, edge)
        and (since is None or post.created_at >= since)
        and (until is None or post.created_at <= until)
        and not (post.hiding is not None and post.hiding.hides(visit.now))
    ]
    return paging.page(
        shown,
        key=lambda post: post.id,
        show=lambda post: nodes.post(pages, visit, post, wanted),
        call=visit.call,
        params=visit.params,
        token=visit.token.text,
    )


def _belongs(pages: Pages, visit: Visit, post: Post, edge: str) -> bool:
    if edge == "feed":
        return True
    if edge == "scheduled_posts":
        return post.scheduled_at is not None and not post.published
    return pages.is_visible(post, visit.now)
