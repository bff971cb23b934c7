"""A post as the REST API shows it (sheet section 2.2)."""

from typing import Any

from sandbox.wordpress import dates, texts
from sandbox.wordpress.site import URL, Site
from sandbox.wordpress.state import Article

API = f"{URL}/wp-json/wp/v2"


def shown(site: Site, article: Article, *, context: str) -> dict[str, Any]:
    """Return the post object; `raw` texts only with `context=edit`."""
    edit = context == "edit"
    closed = bool(article.password) and not edit
    excerpt = texts.rendered(article.excerpt) if article.excerpt else texts.excerpt_of(article.content)
    data: dict[str, Any] = {
        "id": article.id,
        "date": dates.site(article.date),
        "date_gmt": dates.gmt(article.date),
        "guid": _text(f"{URL}/?p={article.id}", f"{URL}/?p={article.id}", edit=edit),
        "modified": dates.site(article.modified),
        "modified_gmt": dates.gmt(article.modified),
        "slug": article.slug,
        "status": article.status,
        "type": "post",
        "link": site.permalink(article),
        "title": _text(article.title, texts.texturised(article.title), edit=edit),
        "content": _text(article.content, "" if closed else texts.rendered(article.content), edit=edit)
        | {"protected": bool(article.password)},
        "excerpt": _text(article.excerpt, "" if closed else excerpt, edit=edit) | {"protected": bool(article.password)},
        "author": article.author,
        "featured_media": article.featured_media,
        "comment_status": article.comment_status,
        "ping_status": article.ping_status,
        "sticky": article.sticky,
        "template": "",
        "format": article.format,
        "meta": [],
        "categories": list(article.categories),
        "tags": list(article.tags),
    }
    if edit:
        data["password"] = article.password
        data["content"]["block_version"] = int("<!-- wp:" in article.content)
        data["permalink_template"] = f"{URL}/%year%/%monthnum%/%day%/%postname%/"
        data["generated_slug"] = texts.slug(article.title)
    data["_links"] = _links(article)
    return data


def _text(raw: str, visible: str, *, edit: bool) -> dict[str, Any]:
    return {"raw": raw, "rendered": visible} if edit else {"rendered": visible}


def _links(article: Article) -> dict[str, Any]:
    links: dict[str, Any] = {
        "self": [{"href": f"{API}/posts/{article.id}"}],
        "collection": [{"href": f"{API}/posts"}],
        "about": [{"href": f"{API}/types/post"}],
        "author": [{"embeddable": True, "href": f"{API}/users/{article.author}"}],
        "replies": [{"embeddable": True, "href": f"{API}/comments?post={article.id}"}],
        "wp:attachment": [{"href": f"{API}/media?parent={article.id}"}],
        "wp:term": [
            {"taxonomy": "category", "embeddable": True, "href": f"{API}/categories?post={article.id}"},
            {"taxonomy": "post_tag", "embeddable": True, "href": f"{API}/tags?post={article.id}"},
        ],
        "curies": [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}],
    }
    if article.featured_media:
        links["wp:featuredmedia"] = [{"embeddable": True, "href": f"{API}/media/{article.featured_media}"}]
    return links
