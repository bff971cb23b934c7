"""Posts: create, read, update, trash, destroy (sheet sections 1.3, 2.2, 2.3, 2.5)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.hiding import Hiding
from sandbox.wordpress import article_json, dates, params, texts
from sandbox.wordpress.errors import RestError, invalid
from sandbox.wordpress.listing import Reply
from sandbox.wordpress.params import Visit
from sandbox.wordpress.site import Site
from sandbox.wordpress.state import Article

STATUSES = ("publish", "future", "draft", "pending", "private")
FORMATS = ("standard", "aside", "chat", "gallery", "link", "image", "quote", "status", "video", "audio")
_OPEN = ("open", "closed")
_TYPES: tuple[tuple[str, Callable[[Mapping[str, Any], str], Any]], ...] = (
    ("slug", params.text),
    ("password", params.text),
    ("author", params.number),
    ("featured_media", params.number),
    ("categories", params.numbers),
    ("tags", params.numbers),
    ("sticky", params.flag),
)


def _checked(visit: Visit) -> dict[str, Any]:
    """Return what the call wants to set, checked for type only: this comes before permission."""
    given = visit.params
    wish: dict[str, Any] = {}
    for name in ("title", "content", "excerpt"):
        if (raw := params.raw(given.get(name))) is not None:
            wish[name] = raw
    for name, take in _TYPES:
        if name in given:
            wish[name] = take(given, name)
    for name, known in (
        ("status", STATUSES),
        ("comment_status", _OPEN),
        ("ping_status", _OPEN),
        ("format", FORMATS),
    ):
        if name in given:
            wish[name] = params.choice(given, name, known, default="")
    if "template" in given and params.text(given, "template"):
        raise invalid("template", "rest_invalid_param")
    if "meta" in given and not isinstance(given["meta"], dict | list):
        raise invalid("meta")
    return wish | _checked_date(visit)


def _checked_date(visit: Visit) -> dict[str, Any]:
    given = visit.params
    for name, zone in (("date", dates.ZONE), ("date_gmt", None)):
        if given.get(name) is not None:
            date = dates.parse(given[name], name, zone=zone)
            if name == "date" and given.get("date_gmt") is not None:
                dates.parse(given["date_gmt"], "date_gmt")
            return {"date": date}
    return {"date": None} if "date" in given or "date_gmt" in given else {}


def may_edit(visit: Visit, article: Article) -> bool:
    """Whether the caller may change that post."""
    if article.author != visit.user_id:
        return visit.can("edit_others_posts")
    if article.status in {"publish", "future"}:
        return visit.can("edit_published_posts")
    return visit.can("edit_posts")


def may_read(visit: Visit, article: Article) -> bool:
    """Whether the caller may see that post."""
    if article.status == "publish":
        return True
    if article.status == "private" and visit.can("read_private_posts"):
        return True
    return visit.user is not None and may_edit(visit, article)


def _find(site: Site, number: int) -> Article:
    article = site.state.articles.get(number)
    if article is None:
        raise RestError("rest_post_invalid_id", 404)
    return article


def create(site: Site, visit: Visit) -> Reply:
    """Answer `POST /wp/v2/posts`."""
    wish = _checked(visit)
    if visit.params.get("id"):
        raise RestError("rest_post_exists", 400)
    _check_author(site, visit, wish)
    if not visit.can("edit_posts"):
        raise visit.refusal("rest_cannot_create")
    _check_rights(visit, wish, before=None)
    article = Article(id=0, author=wish.get("author", visit.user_id), date=visit.call.now, modified=visit.call.now)
    article.date = article.modified = visit.call.now.replace(microsecond=0)
    _set_texts(visit, article, wish)
    if not (article.title or article.content or article.excerpt):
        raise RestError("empty_content", 400)
    article.id = site.state.new_id()
    site.state.articles[article.id] = article
    _set_rest(site, article, wish)
    _set_status(article, wish, visit.call.now)
    if wish.get("date") is not None:
        article.modified = article.date
    # A draft's slug is made unique only when the request names the status: without, two drafts share it until one
    # of them is published (seen on 6.1.9, 2026-11-23).
    _set_slug(site, article, wish, unique="status" in wish)
    article.hiding = Hiding.wanted(visit.call)
    site.show(article)
    context = "edit"
    headers = {"Location": f"{article_json.API}/posts/{article.id}"}
    return Reply(article_json.shown(site, article, context=context), 201, headers)


def update(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `POST`, `PUT` and `PATCH /wp/v2/posts/{id}`: all partial."""
    wish = _checked(visit)
    article = _find(site, number)
    if not may_edit(visit, article):
        raise visit.refusal("rest_cannot_edit")
    _check_author(site, visit, wish)
    _check_rights(visit, wish, before=article)
    if not any(wish.get(name, getattr(article, name)) for name in ("title", "content", "excerpt")):
        raise RestError("empty_content", 400)
    was = article.status
    _set_texts(visit, article, wish)
    _set_rest(site, article, wish)
    if was == "trash" and "status" in wish:
        article.slug, article.slug_before_trash = article.slug_before_trash, ""
    _set_status(article, wish, visit.call.now)
    article.modified = visit.call.now.replace(microsecond=0)
    _set_slug(site, article, wish, unique="slug" in wish)
    if article.status == "publish" and was != "publish":
        article.hiding = Hiding.wanted(visit.call)
    site.show(article)
    return Reply(article_json.shown(site, article, context="edit"))


def _check_author(site: Site, visit: Visit, wish: dict[str, Any]) -> None:
    author = wish.get("author", 0)
    if author:
        if author not in site.users:
            raise RestError("rest_invalid_author", 400)
        if author != visit.user_id and not visit.can("edit_others_posts"):
            raise visit.refusal("rest_cannot_edit_others")


def _check_rights(visit: Visit, wish: dict[str, Any], *, before: Article | None) -> None:
    if wish.get("sticky") and wish.get("password"):
        raise RestError("rest_invalid_field", 400)
    if wish.get("sticky") and not visit.can("edit_others_posts"):
        raise visit.refusal("rest_cannot_assign_sticky")
    status = wish.get("status", "draft")
    changed = before is None or before.status != status
    if changed and status in {"publish", "future", "private"} and not visit.can("publish_posts"):
        raise visit.refusal("rest_cannot_publish")


def _set_texts(visit: Visit, article: Article, wish: dict[str, Any]) -> None:
    for name in ("title", "content", "excerpt"):
        if name in wish:
            text = wish[name] if visit.can("unfiltered_html") else texts.filtered(wish[name])
            setattr(article, name, text)


def _set_rest(site: Site, article: Article, wish: dict[str, Any]) -> None:
    for name in ("password", "comment_status", "ping_status", "sticky", "format"):
        if name in wish:
            setattr(article, name, wish[name])
    if wish.get("author"):
        article.author = wish["author"]
    if "featured_media" in wish:
        number = wish["featured_media"]
        file = site.state.attachments.get(number)
        if number == 0 or (file is not None and file.mime.startswith("image/")):
            article.featured_media = number
    if "categories" in wish:
        article.categories = site.state.categories(wish["categories"])
    if "tags" in wish:
        article.tags = site.state.tags(wish["tags"])


def _set_status(article: Article, wish: dict[str, Any], now: datetime) -> None:
    if "date" in wish:
        article.floating = wish["date"] is None
        article.date = wish["date"] or now.replace(microsecond=0)
    elif article.floating:  # an undated draft bears the moment of its last change (wp_update_post, 6.1) [memory]
        article.date = now.replace(microsecond=0)
    status = wish.get("status", article.status)
    if status in {"publish", "future", "private"} and article.floating:
        article.date, article.floating = now.replace(microsecond=0), False
    if status in {"publish", "future"}:
        status = "future" if article.date - now >= dates.BORDER else "publish"
    article.status = status


def _set_slug(site: Site, article: Article, wish: dict[str, Any], *, unique: bool) -> None:
    if "slug" in wish:
        article.slug = texts.slug(wish["slug"])
    if article.status == "trash":
        return
    hidden = article.status in {"draft", "pending"}
    if not article.slug and not hidden:
        article.slug = texts.slug(article.title) or str(article.id)
    if unique or not hidden:
        article.slug = site.state.unique_slug(article.slug, own_id=article.id)


def read(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `GET /wp/v2/posts/{id}`."""
    context = visit.context()
    article = _find(site, number)
    if context == "edit" and not may_edit(visit, article):
        raise visit.refusal("rest_forbidden_context")
    if not may_read(visit, article):
        raise visit.refusal("rest_forbidden")
    return Reply(article_json.shown(site, article, context=context))


def delete(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `DELETE /wp/v2/posts/{id}`: to the trash, or with `force` for good."""
    force = params.flag(visit.params, "force")
    article = _find(site, number)
    others = article.author != visit.user_id and not visit.can("delete_others_posts")
    published = article.status == "publish" and not visit.can("delete_published_posts")
    if others or published or not visit.can("delete_posts"):
        raise visit.refusal("rest_cannot_delete")
    previous = article_json.shown(site, article, context="edit")
    if force:
        site.show(article, gone=True)
        for remark in [remark for remark in site.state.remarks.values() if remark.post == article.id]:
            site.show_remark(remark, gone=True)
            del site.state.remarks[remark.id]
        del site.state.articles[article.id]
        return Reply({"deleted": True, "previous": previous})
    if article.status == "trash":
        raise RestError("rest_already_trashed", 410)
    article.status = "trash"
    article.slug_before_trash = article.slug
    article.slug = site.state.unique_slug(f"{article.slug}__trashed", own_id=article.id)
    article.modified = visit.call.now.replace(microsecond=0)
    site.show(article)
    return Reply(article_json.shown(site, article, context="edit"))
