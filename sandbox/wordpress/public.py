"""What visitors of the site see: pages, files, the API's index (sheet section 0)."""

import re
from html import escape
from typing import Any

from sandbox.exchange import Answer, Call
from sandbox.imitation import Card
from sandbox.wordpress import dates, media, texts, uploads
from sandbox.wordpress.site import NAME, URL, Site
from sandbox.wordpress.state import Article

_LINK = {"Link": f'<{URL}/wp-json/>; rel="https://api.w.org/"'}


def index() -> dict[str, Any]:
    """Return the API's index."""
    return {
        "name": NAME,
        "description": "Instituto Nacional Penitenciario (ensayo)",
        "url": URL,
        "home": URL,
        "gmt_offset": dates.GMT_OFFSET,
        "timezone_string": dates.ZONE_NAME,
        "namespaces": ["oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"],
        "authentication": {
            "application-passwords": {
                "endpoints": {"authorization": f"{URL}/wp-admin/authorize-application.php"},
            }
        },
        "routes": {
            path: {"namespace": "wp/v2", "methods": ["GET", "POST"]}
            for path in ("/wp/v2/posts", "/wp/v2/media", "/wp/v2/comments", "/wp/v2/tags", "/wp/v2/categories")
        },
        "site_logo": 0,
        "_links": {"help": [{"href": "http://v2.wp-api.org/"}]},
    }


def answer(site: Site, call: Call) -> Answer:
    """Answer a visitor. A visit runs the site's cron, as on a real one."""
    if call.path == "/wp-cron.php":
        site.run_cron(call.now)
        return Answer(200, b"", "text/html; charset=UTF-8")
    if call.method not in {"GET", "HEAD"}:
        return _missing()
    place = media.file_path(call.path)
    if place is not None:
        return _file(site, place)
    site.run_cron(call.now)
    if call.path in {"/", "/index.php"}:
        number = call.query.get("p", "")
        if number:
            return _by_number(site, number)
        found = [article for article in site.state.articles.values() if article.status == "publish"]
        found.sort(key=lambda article: (article.date, article.id), reverse=True)
        body = "".join(
            f'<li><a href="{escape(site.permalink(a))}">{texts.texturised(a.title)}</a></li>' for a in found[:10]
        )
        return _page(NAME, f"<ul>{body}</ul>")
    for article in site.state.articles.values():
        if article.status == "publish" and site.permalink(article) == f"{URL}{call.path.rstrip('/')}/":
            return _page(article.title, _article(site, article))
    return _missing()


def _by_number(site: Site, number: str) -> Answer:
    article = site.state.articles.get(int(number)) if number.isdigit() else None
    if article is None or article.status != "publish":
        return _missing()
    moved = Answer.html("", status=301)
    moved.headers["Location"] = site.permalink(article)
    return moved


def _article(site: Site, article: Article) -> str:
    if article.password:
        return "<p>Dieser Inhalt ist passwortgeschützt.</p>"
    featured = site.state.attachments.get(article.featured_media)
    picture = (
        f'<img src="{escape(site.upload_url(featured.file))}" alt="{escape(featured.alt_text)}">' if featured else ""
    )
    said = "".join(
        f"<li id='comment-{remark.id}'><b>{escape(remark.author_name)}</b> {texts.rendered(remark.content)}</li>"
        for remark in site.approved_remarks(article.id)
    )
    return f"{picture}{texts.rendered(article.content)}<ol>{said}</ol>"


def _page(title: str, body: str) -> Answer:
    page = Answer.html(
        f"<!DOCTYPE html><html lang='es'><head><meta charset='utf-8'><title>{texts.texturised(title)} – {NAME}</title>"
        f"</head><body><h1>{texts.texturised(title)}</h1>{body}</body></html>"
    )
    page.headers |= _LINK
    return page


def _missing() -> Answer:
    page = _page("Seite nicht gefunden", "")
    page.status = 404
    return page


def _file(site: Site, place: str) -> Answer:
    attachment = site.file_at(place)
    if attachment is None:
        return _missing()
    name = place.rpartition("/")[2]
    size = next(((wide, high) for file, wide, high in attachment.sizes.values() if file == name), None)
    if size is None and attachment.original and name != attachment.original:
        size = (attachment.width, attachment.height)
    path = attachment.medium.path
    if size is not None:
        target = site.ground.store.derived(f"{attachment.id}/{name}")
        path = uploads.resized(attachment.medium.path, target, size, attachment.mime)
    return Answer(200, path, attachment.mime)


def cards(site: Site, title: str) -> list[Card]:
    """Return the public posts as cards, the newest first."""
    found = [article for article in site.state.articles.values() if article.status == "publish"]
    found.sort(key=lambda article: (article.date, article.id), reverse=True)
    alts = {file.medium.sha256: file.alt_text for file in site.state.attachments.values()}
    return [
        Card(
            platform=title,
            account=NAME,
            at=article.date,
            title=article.title,
            text=_plain(article),
            link=site.permalink(article),
            media=tuple((sha256, alts.get(sha256, "")) for sha256 in site.shown_media(article)),
            comments=len(site.approved_remarks(article.id)),
        )
        for article in found
    ]


def _plain(article: Article) -> str:
    if article.password:
        return ""
    with_breaks = article.content.replace("</p>", "</p>\n\n").replace("<br>", "\n").replace("<br />", "\n")
    lines = [texts.without_tags(line) for line in texts.without_comments(with_breaks).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
