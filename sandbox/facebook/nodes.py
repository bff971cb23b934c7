"""How nodes look when read: the fields of a Page post, a photo, a video, a comment, a Page (sheet 3.1, 3.2)."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from sandbox.facebook import fields, insights
from sandbox.facebook.errors import bad_parameter
from sandbox.facebook.fields import ABSENT, Getter, Wanted
from sandbox.facebook.pages import Pages, Visit, written
from sandbox.facebook.state import Comment, Photo, Post, Video

POST_DEFAULT = "created_time,message,id"
COMMENT_DEFAULT = "created_time,from,message,id"
PHOTO_DEFAULT = "created_time,name,id"
VIDEO_DEFAULT = "updated_time,description,id"
_ATTACHMENT_DEFAULT = "description,media,subattachments,target,title,type,url"
_UNSET_OF_POST = (
    *("story", "icon", "picture", "admin_creator", "parent_id", "properties", "message_tags", "backdated_time"),
    *("targeting", "feed_targeting", "actions", "child_attachments", "place", "to"),
)
_UNSET_OF_COMMENT = ["attachment", "message_tags", "object", "admin_creator", "private_reply_conversation"]


def wanted(visit: Visit, default: str) -> tuple[Wanted, ...]:
    """Return the fields that a call asks for."""
    return fields.parse(str(visit.params.get("fields") or default))


def _nothing(_wanted: Wanted) -> Any:
    return ABSENT


def _part(values: Mapping[str, Any], wanted_inside: tuple[Wanted, ...]) -> dict[str, Any]:
    if not wanted_inside:
        return dict(values)
    return {one.name: values[one.name] for one in wanted_inside if one.name in values}


def _limit(one: Wanted) -> int:
    text = one.modifiers.get("limit", "25")
    if not text.isdigit() or int(text) > 100:
        raise bad_parameter("El parámetro limit debe ser menor o igual a 100")
    return int(text)


def post(pages: Pages, visit: Visit, item: Post, asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return a Page post."""
    now = visit.now
    shares = pages.state.share_count(item, now)
    getters: dict[str, Getter] = dict.fromkeys(_UNSET_OF_POST, _nothing)
    getters |= {
        "id": lambda _w: item.id,
        "message": lambda _w: item.message or ABSENT,
        "created_time": lambda _w: written(item.created_at),
        "updated_time": lambda _w: written(item.updated_at),
        "permalink_url": lambda _w: pages.permalink(item),
        "is_published": lambda _w: item.published,
        "is_hidden": lambda _w: False,
        "is_expired": lambda _w: False,
        "scheduled_publish_time": lambda _w: int(item.scheduled_at.timestamp()) if item.scheduled_at else ABSENT,
        "status_type": lambda _w: item.status_type,
        "from": lambda w: _part({"id": item.page_id, "name": pages.names[item.page_id]}, w.inside),
        "application": lambda w: _part({"id": pages.world.app_id, "name": "Vocero (ensayo)"}, w.inside),
        "full_picture": lambda _w: pages.photo_address(item.photos[0]) if item.photos else ABSENT,
        "privacy": lambda w: _part({"value": "EVERYONE", "description": "Público"}, w.inside),
        "shares": lambda w: _part({"count": shares}, w.inside) if shares else ABSENT,
        "promotable_id": lambda _w: item.id,
        "attachments": lambda w: _attachments(pages, item, w),
        "comments": lambda w: _comments_of_post(pages, visit, item, w),
        "reactions": lambda w: _count_edge(sum(pages.state.reactions(item, now).values()), w),
        "likes": lambda w: _count_edge(pages.state.reactions(item, now).get("like", 0), w),
        "insights": lambda w: insights.of_post(pages, visit, item, dict(w.modifiers)),
    }
    return fields.render(asked, getters, kind="PagePost")


def _count_edge(total: int, one: Wanted) -> dict[str, Any]:
    _limit(one)
    out: dict[str, Any] = {"data": []}
    if one.modifiers.get("summary") in {"true", "1", "total_count"}:
        out["summary"] = {"total_count": total}
    return out


def _comments_of_post(pages: Pages, visit: Visit, item: Post, one: Wanted) -> dict[str, Any]:
    stream = one.modifiers.get("filter") == "stream"
    all_of_them = pages.state.comments_of(item.id)
    found = [c for c in all_of_them if stream or c.parent_id is None]
    inside = one.inside or fields.parse(COMMENT_DEFAULT)
    out: dict[str, Any] = {"data": [comment(pages, visit, c, inside) for c in found[: _limit(one)]]}
    if one.modifiers.get("summary") in {"true", "1"}:
        out["summary"] = {"order": "chronological", "total_count": len(found), "can_comment": True}
    return out


def _attachments(pages: Pages, item: Post, one: Wanted) -> Any:
    found = [_of_photo(pages, photo, item) for photo in item.photos]
    if len(found) > 1:
        album = {key: found[0][key] for key in ("media", "target", "url")}
        found = [
            album
            | {
                "media_type": "album",
                "type": "album",
                "title": f"Fotos de la publicación de {pages.names[item.page_id]}",
                "subattachments": {"data": found},
            }
        ]
    elif item.video is not None:
        address = f"https://www.facebook.com/reel/{item.video.id}/"
        found = [
            {
                "media_type": "video",
                "type": "video_inline",
                "title": item.video.title,
                "description": item.message,
                "url": address,
                "unshimmed_url": address,
                "target": {"id": item.video.id, "url": address},
                "media": {},
            }
        ]
    elif item.link:
        shim = f"https://l.facebook.com/l.php?u={quote(item.link, safe='')}&h=AT0"
        found = [
            {
                "media_type": "link",
                "type": "share",
                "title": item.link,
                "url": shim,
                "unshimmed_url": item.link,
                "target": {"url": shim},
            }
        ]
    inside = one.inside or fields.parse(_ATTACHMENT_DEFAULT)
    if not found:
        _attachment({}, inside)  # unknown fields are refused where there is nothing to show, too
        return ABSENT
    return {"data": [_attachment(values, inside) for values in found]}


def _of_photo(pages: Pages, photo: Photo, item: Post) -> dict[str, Any]:
    address = f"https://www.facebook.com/photo.php?fbid={photo.id}"
    return {
        "media_type": "photo",
        "type": "photo",
        "description": photo.caption or item.message,
        "media": {
            "image": {"height": photo.height, "src": pages.photo_address(photo), "width": photo.width},
        },
        "target": {"id": photo.id, "url": address},
        "url": address,
        "unshimmed_url": address,
    }


def _attachment(values: Mapping[str, Any], inside: tuple[Wanted, ...]) -> dict[str, Any]:
    names = (*_ATTACHMENT_DEFAULT.split(","), "media_type", "unshimmed_url", "description_tags")

    def getter(name: str) -> Getter:
        def get(one: Wanted) -> Any:
            value = values.get(name, ABSENT)
            if name == "subattachments" and isinstance(value, dict):
                deeper = one.inside or fields.parse(_ATTACHMENT_DEFAULT)
                return {"data": [_attachment(part, deeper) for part in value["data"]]}
            return _part(value, one.inside) if isinstance(value, dict) else value

        return get

    return fields.render(inside, {name: getter(name) for name in names}, kind="StoryAttachment")


def comment(pages: Pages, visit: Visit, item: Comment, asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return a comment; `from` only with a Page token; `parent` is the whole parent comment."""
    replies = pages.state.replies_to(item.id)
    parent = pages.state.comments.get(item.parent_id or "")
    home = pages.state.posts[item.post_id]
    author = {"name": item.author_name, "id": item.author_id}

    def edge(one: Wanted) -> dict[str, Any]:
        inside = one.inside or fields.parse(COMMENT_DEFAULT)
        return {"data": [comment(pages, visit, reply, inside) for reply in replies[: _limit(one)]]}

    getters: dict[str, Getter] = dict.fromkeys(_UNSET_OF_COMMENT, _nothing)
    getters |= {
        "id": lambda _w: item.id,
        "message": lambda _w: item.message,
        "created_time": lambda _w: written(item.created_at),
        "from": lambda w: _part(author, w.inside) if visit.token.is_page else ABSENT,
        "parent": lambda w: (
            comment(pages, visit, parent, w.inside or fields.parse(COMMENT_DEFAULT)) if parent else ABSENT
        ),
        "comment_count": lambda _w: len(replies),
        "like_count": lambda _w: item.likes + item.liked_by_page,
        "can_comment": lambda _w: True,
        "can_hide": lambda _w: not item.by_page,
        "can_remove": lambda _w: True,
        "can_like": lambda _w: True,
        "can_reply_privately": lambda _w: not item.by_page,
        "is_hidden": lambda _w: item.hidden,
        "is_private": lambda _w: False,
        "permalink_url": lambda _w: f"{pages.permalink(home)}?comment_id={item.id.partition('_')[2]}",
        "user_likes": lambda _w: item.liked_by_page,
        "comments": edge,
    }
    return fields.render(asked, getters, kind="Comment")


def photo(pages: Pages, item: Photo, asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return a photo. `page_story_id` is there for unpublished ones too: no sign of publication."""
    story = item.post_id or f"{item.page_id}_{item.id}"
    address = f"https://www.facebook.com/photo.php?fbid={item.id}"
    image = {"height": item.height, "source": pages.photo_address(item), "width": item.width}
    values: dict[str, Any] = {
        "id": item.id,
        "created_time": written(item.created_at),
        "updated_time": written(item.created_at),
        "name": item.caption or ABSENT,
        "alt_text_custom": item.alt_text or ABSENT,
        "alt_text": item.alt_text or "Puede ser una imagen",
        "images": [image],
        "width": item.width,
        "height": item.height,
        "link": address,
        "page_story_id": story,
        "picture": pages.photo_address(item),
    }
    return fields.render(asked, plain(values), kind="Photo")


def video(pages: Pages, item: Video, status: Callable[[], dict[str, Any]], asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return a video; `status` is asked only when wanted, because each look moves processing on."""
    values: dict[str, Any] = {
        "id": item.id,
        "created_time": written(item.created_at),
        "updated_time": written(item.created_at),
        "title": item.title or ABSENT,
        "description": item.description or ABSENT,
        "published": item.published,
        "post_id": item.post_id or ABSENT,
        "permalink_url": f"/reel/{item.id}/",
        "scheduled_publish_time": written(item.scheduled_at) if item.scheduled_at else ABSENT,
        "from": {"id": item.page_id, "name": pages.names[item.page_id]},
    }
    getters = plain(values)
    getters["status"] = lambda _w: status()
    return fields.render(asked, getters, kind="Video")


def page(pages: Pages, visit: Visit, page_id: str, asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return a Page."""
    secret = pages.world.page_token if page_id == pages.world.page_id else pages.world.other_page_token
    own = pages.may_see(visit.token, page_id)
    followers = insights.followers(visit.now)
    values: dict[str, Any] = {
        "id": page_id,
        "name": pages.names[page_id],
        "access_token": secret if own else ABSENT,
        "category": "Organismo gubernamental",
        "link": f"https://www.facebook.com/{page_id}",
        "username": "inpe.peru.ensayo" if page_id == pages.world.page_id else ABSENT,
        "fan_count": followers - 12,
        "followers_count": followers,
        "is_published": True,
        "has_transitioned_to_new_page_experience": True,
        "verification_status": "not_verified",
        "about": ABSENT,
        "website": ABSENT,
    }
    getters = plain(values)
    linked = pages.instagram.get(page_id)
    getters["instagram_business_account"] = lambda w: linked(visit.token, w) if linked and own else ABSENT
    return fields.render(asked, getters, kind="Page")


def plain(values: Mapping[str, Any]) -> dict[str, Getter]:
    """Return getters of fixed values."""

    def getter(value: Any) -> Getter:
        return lambda one: _part(value, one.inside) if isinstance(value, dict) else value

    return {name: getter(value) for name, value in values.items()}
