"""Comments (sheet section 3.2): filter words differ from the words of the items."""

from typing import Any

from sandbox.wordpress import dates, params, texts
from sandbox.wordpress.errors import RestError
from sandbox.wordpress.listing import Reply, links, window
from sandbox.wordpress.params import Visit
from sandbox.wordpress.site import URL, Site
from sandbox.wordpress.state import FLOOD, Remark

API = f"{URL}/wp-json/wp/v2/comments"
LONGEST = 65_525
"""Bytes."""
_FILTERS: dict[str, set[str]] = {
    "approve": {"approved"},
    "1": {"approved"},
    "hold": {"hold"},
    "0": {"hold"},
    "spam": {"spam"},
    "trash": {"trash"},
    "all": {"approved", "hold"},
    "": {"approved", "hold"},
    "any": {"approved", "hold", "spam", "trash"},
}
_NEW_STATES = {
    "approved": "approved",
    "approve": "approved",
    "1": "approved",
    "hold": "hold",
    "0": "hold",
    "spam": "spam",
    "trash": "trash",
}
_ORDERS = ("date", "date_gmt", "id", "include", "post", "parent", "type")


def shown(site: Site, remark: Remark, *, context: str) -> dict[str, Any]:
    """Return the comment object; e-mail and raw text only with `context=edit`."""
    edit = context == "edit"
    article = site.state.articles.get(remark.post)
    place = site.permalink(article) if article else f"{URL}/"
    data: dict[str, Any] = {
        "id": remark.id,
        "post": remark.post,
        "parent": remark.parent,
        "author": remark.author,
        "author_name": remark.author_name,
        "author_url": "",
        "date": dates.site(remark.date),
        "date_gmt": dates.gmt(remark.date),
        "content": {"rendered": texts.rendered(remark.content)} | ({"raw": remark.content} if edit else {}),
        "link": f"{place}#comment-{remark.id}",
        "status": remark.status,
        "type": "comment",
        "author_avatar_urls": {str(size): f"https://secure.gravatar.com/avatar/?s={size}" for size in (24, 48, 96)},
        "meta": [],
    }
    if edit:
        data |= {"author_email": remark.author_email, "author_ip": "", "author_user_agent": ""}
    data["_links"] = {
        "self": [{"href": f"{API}/{remark.id}"}],
        "collection": [{"href": API}],
        "up": [{"embeddable": True, "post_type": "post", "href": f"{URL}/wp-json/wp/v2/posts/{remark.post}"}],
    }
    if remark.author:
        data["_links"]["author"] = [{"embeddable": True, "href": f"{URL}/wp-json/wp/v2/users/{remark.author}"}]
    return data


def _may_read(site: Site, visit: Visit, remark: Remark) -> bool:
    if visit.can("moderate_comments"):
        return True
    article = site.state.articles.get(remark.post)
    if article is None or (article.status != "publish" and article.author != visit.user_id):
        return False
    return remark.status == "approved" or (visit.user is not None and remark.author == visit.user_id)


def listing(site: Site, visit: Visit) -> Reply:
    """Answer `GET /wp/v2/comments`; beyond the last page the list is empty, not an error."""
    given, context = visit.params, visit.context()
    if context == "edit" and not visit.can("moderate_comments"):
        raise visit.refusal("rest_forbidden_context")
    restricted = {"status", "author_email", "author", "author_exclude", "type"} & given.keys()
    if given.get("status") == "approve":
        restricted -= {"status"}
    if restricted - {"type"} and not visit.can("edit_posts"):
        raise visit.refusal("rest_forbidden_param")
    statuses = _FILTERS.get(str(given.get("status", "approve")), set())
    found = [remark for remark in site.state.remarks.values() if remark.status in statuses and _matches(remark, given)]
    by = params.choice(given, "orderby", _ORDERS, default="date_gmt")
    order = params.choice(given, "order", ("asc", "desc"), default="desc")
    found.sort(
        key=lambda remark: (getattr(remark, by), remark.id) if by in {"post", "parent"} else (remark.date, remark.id)
    )
    if order == "desc":
        found.reverse()
    part, headers = window(found, given, beyond=False)
    headers |= links(API, given, headers)
    data = [shown(site, remark, context=context) for remark in part if _may_read(site, visit, remark)]
    return Reply(data, headers=headers)


def _matches(remark: Remark, given: dict[str, Any]) -> bool:
    for name in ("post", "parent", "author"):
        if name in given and getattr(remark, name) not in params.numbers(given, name):
            return False
    if "include" in given and remark.id not in params.numbers(given, "include"):
        return False
    if "after" in given and remark.date <= dates.parse(given["after"], "after", zone=dates.ZONE):
        return False
    if "before" in given and remark.date >= dates.parse(given["before"], "before", zone=dates.ZONE):
        return False
    return all(word in remark.content.lower() for word in str(given.get("search", "")).lower().split())


def _find(site: Site, number: int) -> Remark:
    remark = site.state.remarks.get(number)
    if remark is None:
        raise RestError("rest_comment_invalid_id", 404)
    return remark


def read(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `GET /wp/v2/comments/{id}`."""
    context = visit.context()
    remark = _find(site, number)
    if context == "edit" and not visit.can("moderate_comments"):
        raise visit.refusal("rest_forbidden_context")
    if not _may_read(site, visit, remark):
        raise visit.refusal("rest_cannot_read")
    return Reply(shown(site, remark, context=context))


def create(site: Site, visit: Visit) -> Reply:
    """Answer `POST /wp/v2/comments`. A parent that does not exist is accepted."""
    given = visit.params
    number = params.number(given, "post") if "post" in given else 0
    parent = params.number(given, "parent") if "parent" in given else 0
    user = visit.user
    if user is None:
        raise RestError("rest_comment_login_required", 401)
    article = site.state.articles.get(number)
    if article is None:
        raise RestError("rest_comment_invalid_post_id", 403)
    if article.status == "draft":
        raise RestError("rest_comment_draft_post", 403)
    if article.status == "trash":
        raise RestError("rest_comment_trash_post", 403)
    if article.comment_status != "open":
        raise RestError("rest_comment_closed", 403)
    moderator = visit.can("moderate_comments")
    content = _content(visit)
    own = [remark for remark in site.state.remarks.values() if remark.author == user.id]
    if any(remark.post == number and remark.content == content and remark.status != "trash" for remark in own):
        raise RestError("comment_duplicate", 409)
    if not moderator and any(visit.call.now - remark.date < FLOOD for remark in own):
        raise RestError("comment_flood", 400)
    remark = Remark(
        id=site.state.new_remark_id(),
        post=number,
        parent=parent,
        author=user.id,
        author_name=user.name,
        author_email=user.email,
        content=content,
        date=visit.call.now.replace(microsecond=0),
        status="approved" if moderator else "hold",
    )
    site.state.remarks[remark.id] = remark
    if article.status == "publish":
        site.show_remark(remark)
    answer = shown(site, remark, context="edit" if moderator else "view")
    return Reply(answer, 201, {"Location": f"{API}/{remark.id}"})


def _content(visit: Visit) -> str:
    content = params.text(visit.params, "content") if "content" in visit.params else ""
    if not visit.can("unfiltered_html"):
        content = texts.filtered(content)
    if not content.strip():
        raise RestError("rest_comment_content_invalid", 400)
    if len(content.encode()) > LONGEST:
        raise RestError("comment_content_column_length", 400)
    return content


def update(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `POST /wp/v2/comments/{id}`: a word for the status that nobody knows changes nothing."""
    remark = _find(site, number)
    if not visit.can("moderate_comments"):
        raise visit.refusal("rest_cannot_edit")
    if "content" in visit.params:
        remark.content = _content(visit)
    new = _NEW_STATES.get(str(visit.params.get("status", "")))
    if new is not None:
        remark.status = new
    site.show_remark(remark)
    return Reply(shown(site, remark, context="edit"))


def delete(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `DELETE /wp/v2/comments/{id}`: to the trash, or with `force` for good."""
    force = params.flag(visit.params, "force")
    remark = _find(site, number)
    if not visit.can("moderate_comments"):
        raise visit.refusal("rest_cannot_delete")
    previous = shown(site, remark, context="edit")
    if force:
        site.show_remark(remark, gone=True)
        del site.state.remarks[number]
        return Reply({"deleted": True, "previous": previous})
    if remark.status == "trash":
        raise RestError("rest_already_trashed", 410)
    remark.status = "trash"
    site.show_remark(remark)
    return Reply(shown(site, remark, context="edit"))
