"""Lists of posts (sheet sections 1.3 and 3.1), with totals that lie to those who may not see everything."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.wordpress import article_json, dates, params, texts
from sandbox.wordpress.errors import RestError, invalid
from sandbox.wordpress.listing import Reply, links, window
from sandbox.wordpress.params import Visit
from sandbox.wordpress.posts import STATUSES, may_edit, may_read
from sandbox.wordpress.site import Site
from sandbox.wordpress.state import Article

_QUERIED = (*STATUSES, "trash", "auto-draft", "inherit", "any")
_ORDERS: dict[str, Callable[[Article], Any]] = {
    "date": lambda article: (article.date, article.id),
    "modified": lambda article: (article.modified, article.id),
    "id": lambda article: article.id,
    "author": lambda article: (article.author, article.id),
    "slug": lambda article: article.slug,
    "title": lambda article: article.title.lower(),
    "relevance": lambda article: (article.date, article.id),
    "parent": lambda article: article.id,
    "include": lambda article: article.id,
    "include_slugs": lambda article: article.slug,
}


def listing(site: Site, visit: Visit) -> Reply:
    """Answer `GET /wp/v2/posts`."""
    given, context = visit.params, visit.context()
    statuses = _statuses(visit)
    _check(given)
    found = [article for article in site.state.articles.values() if _matches(article, given, statuses)]
    now = visit.call.now
    found = [article for article in found if article.hiding is None or not article.hiding.hides(now)]
    found = _ordered(found, given)
    if context == "edit" and not visit.can("edit_posts"):
        raise visit.refusal("rest_forbidden_context")
    part, headers = window(found, given, beyond=True)
    may = may_edit if context == "edit" else may_read
    data = [article_json.shown(site, article, context=context) for article in part if may(visit, article)]
    headers |= links(f"{article_json.API}/posts", given, headers)
    return Reply(data, headers=headers)


def _check(given: Mapping[str, Any]) -> None:
    for name in ("after", "before", "modified_after", "modified_before"):
        if name in given:
            dates.parse(given[name], name, zone=dates.ZONE)
    for name in ("author", "include", "exclude", "categories", "tags"):
        if name in given:
            params.numbers(given, name)


def _statuses(visit: Visit) -> set[str]:
    if "status" not in visit.params:
        return {"publish"}
    asked = params.words(visit.params, "status")
    if set(asked) - {"publish"} and not visit.can("edit_posts"):
        raise invalid("status", "rest_forbidden_status", status=403 if visit.user else 401)
    if any(status not in _QUERIED for status in asked):
        raise invalid("status", "rest_not_in_enum")
    # WordPress' own `any` leaves out what is excluded from search: the trash.
    return set(asked) | (set(STATUSES) if "any" in asked else set())


def _matches(article: Article, given: Mapping[str, Any], statuses: set[str]) -> bool:
    return (
        article.status in statuses
        and _in_time(article.date, given, "after", "before")
        and _in_time(article.modified, given, "modified_after", "modified_before")
        and _in_lists(article, given)
        and ("sticky" not in given or article.sticky == params.flag(given, "sticky"))
        and all(word in _words_of(article) for word in str(given.get("search", "")).lower().split())
    )


def _words_of(article: Article) -> str:
    return "\n".join((article.title, article.excerpt, article.content)).lower()


def _in_time(moment: datetime, given: Mapping[str, Any], after: str, before: str) -> bool:
    """Strict on both sides; a value without a zone is site time."""
    if after in given and moment <= dates.parse(given[after], after, zone=dates.ZONE):
        return False
    return not (before in given and moment >= dates.parse(given[before], before, zone=dates.ZONE))


def _in_lists(article: Article, given: Mapping[str, Any]) -> bool:
    for name, own in (("categories", article.categories), ("tags", article.tags), ("author", [article.author])):
        if name in given and not set(params.numbers(given, name)) & set(own):
            return False
    if "include" in given and article.id not in params.numbers(given, "include"):
        return False
    if "exclude" in given and article.id in params.numbers(given, "exclude"):
        return False
    if given.get("slug"):
        return article.slug in {texts.slug(word) for word in params.words(given, "slug")}
    return True


def _ordered(found: list[Article], given: Mapping[str, Any]) -> list[Article]:
    by = params.choice(given, "orderby", tuple(_ORDERS), default="date")
    order = params.choice(given, "order", ("asc", "desc"), default="desc")
    if by == "relevance" and not given.get("search"):
        raise RestError("rest_no_search_term_defined", 400)
    if by == "include":
        if "include" not in given:
            raise RestError("rest_orderby_include_missing_include", 400)
        wanted = params.numbers(given, "include")
        return sorted(found, key=lambda article: wanted.index(article.id))
    return sorted(found, key=_ORDERS[by], reverse=order == "desc")
