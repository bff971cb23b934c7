"""Categories and tags (sheet section 2.5)."""

from typing import Any

from sandbox.wordpress import params, texts
from sandbox.wordpress.errors import RestError, missing
from sandbox.wordpress.listing import Reply, links, window
from sandbox.wordpress.params import Visit
from sandbox.wordpress.site import URL, Site
from sandbox.wordpress.state import Term, numbered

ROUTES = {"categories": "category", "tags": "post_tag"}


def _api(taxonomy: str) -> str:
    return f"{URL}/wp-json/wp/v2/" + next(route for route, name in ROUTES.items() if name == taxonomy)


def _shown(site: Site, term: Term) -> dict[str, Any]:
    kind = "category" if term.taxonomy == "category" else "tag"
    using = [
        article
        for article in site.state.articles.values()
        if article.status == "publish" and term.id in (*article.categories, *article.tags)
    ]
    data: dict[str, Any] = {
        "id": term.id,
        "count": len(using),
        "description": term.description,
        "link": f"{URL}/{kind}/{term.slug}/",
        "name": term.name,
        "slug": term.slug,
        "taxonomy": term.taxonomy,
        "meta": [],
        "_links": {"self": [{"href": f"{_api(term.taxonomy)}/{term.id}"}]},
    }
    return data | ({"parent": 0} if term.taxonomy == "category" else {})


def create(site: Site, visit: Visit, taxonomy: str) -> Reply:
    """Answer `POST /wp/v2/tags` and `/wp/v2/categories`."""
    if "name" not in visit.params:
        raise missing("name")
    name = texts.filtered(texts.without_tags(params.text(visit.params, "name")))
    wanted = texts.slug(params.text(visit.params, "slug")) if "slug" in visit.params else ""
    needed = "manage_categories" if taxonomy == "category" else "edit_posts"
    if not visit.can(needed):
        raise visit.refusal("rest_cannot_create")
    own = [term for term in site.state.terms.values() if term.taxonomy == taxonomy]
    if not name:
        raise RestError("empty_term_name", 500)
    for term in own:
        if term.name.casefold() == name.casefold():
            raise RestError("term_exists", 400, data={"term_id": term.id})
    number = site.state.new_term_id()
    slug = numbered(wanted or texts.slug(name), {term.slug for term in site.state.terms.values()})
    description = params.text(visit.params, "description") if "description" in visit.params else ""
    term = Term(number, taxonomy, name, slug or str(number), description)
    site.state.terms[number] = term
    return Reply(_shown(site, term), 201, {"Location": f"{_api(taxonomy)}/{number}"})


def _find(site: Site, number: int, taxonomy: str) -> Term:
    term = site.state.terms.get(number)
    if term is None or term.taxonomy != taxonomy:
        raise RestError("rest_term_invalid", 404)
    return term


def read(site: Site, number: int, taxonomy: str) -> Reply:
    """Answer `GET /wp/v2/tags/{id}`."""
    return Reply(_shown(site, _find(site, number, taxonomy)))


def delete(site: Site, visit: Visit, number: int, taxonomy: str) -> Reply:
    """Answer `DELETE /wp/v2/tags/{id}`: only with `force`."""
    force = params.flag(visit.params, "force")
    term = _find(site, number, taxonomy)
    if not visit.can("manage_categories"):
        raise visit.refusal("rest_cannot_delete")
    if not force:
        raise RestError("rest_trash_not_supported", 501)
    previous = _shown(site, term)
    del site.state.terms[number]
    for article in site.state.articles.values():
        article.categories = [kept for kept in article.categories if kept != number]
        article.tags = [kept for kept in article.tags if kept != number]
    return Reply({"deleted": True, "previous": previous})


def listing(site: Site, visit: Visit, taxonomy: str) -> Reply:
    """Answer `GET /wp/v2/tags` and `/wp/v2/categories`, by name."""
    given = visit.params
    found = [term for term in site.state.terms.values() if term.taxonomy == taxonomy]
    if "slug" in given:
        slugs = {texts.slug(word) for word in params.words(given, "slug")}
        found = [term for term in found if term.slug in slugs]
    if "include" in given:
        found = [term for term in found if term.id in params.numbers(given, "include")]
    if word := str(given.get("search", "")).casefold():
        found = [term for term in found if word in term.name.casefold() or word in term.slug]
    order = params.choice(given, "order", ("asc", "desc"), default="asc")
    found.sort(key=lambda term: term.name.casefold(), reverse=order == "desc")
    part, headers = window(found, given, beyond=False)
    headers |= links(_api(taxonomy), given, headers)
    return Reply([_shown(site, term) for term in part], headers=headers)
