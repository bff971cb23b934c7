"""The site over HTTP: REST routes, public pages, uploaded files (sheet sections 0 and 6)."""

import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from sandbox.exchange import Answer, Call, error_page
from sandbox.faults import Fault
from sandbox.imitation import Card, Ground, Imitation
from sandbox.media import Medium
from sandbox.wordpress import app_passwords, listing, media, params, post_lists, posts, public, remarks, terms, users
from sandbox.wordpress.errors import RestError
from sandbox.wordpress.listing import Reply
from sandbox.wordpress.params import Visit
from sandbox.wordpress.site import HOST, NAME, PLATFORM, URL, Site
from sandbox.wordpress.state import Remark
from sandbox.world import WebsiteWorld

_ROUTES = Map(
    [
        Rule("/", endpoint="index"),
        Rule("/wp/v2", endpoint="namespace"),
        Rule("/wp/v2/users/me", endpoint="me"),
        Rule("/wp/v2/users/me/application-passwords", endpoint="passwords"),
        Rule("/wp/v2/users/me/application-passwords/<key>", endpoint="password"),
        Rule("/wp/v2/posts", endpoint="posts"),
        Rule("/wp/v2/posts/<int:number>", endpoint="post"),
        Rule("/wp/v2/media", endpoint="media"),
        Rule("/wp/v2/media/<int:number>", endpoint="file"),
        Rule("/wp/v2/<any(categories, tags):kind>", endpoint="terms"),
        Rule("/wp/v2/<any(categories, tags):kind>/<int:number>", endpoint="term"),
        Rule("/wp/v2/comments", endpoint="comments"),
        Rule("/wp/v2/comments/<int:number>", endpoint="comment"),
    ],
    strict_slashes=False,
).bind(HOST)
_WRITES = {"POST", "PUT", "PATCH"}
_OPERATIONS = {
    ("media", "POST"): "media",
    ("file", "POST"): "media_edit",
    ("posts", "GET"): "list",
    ("post", "GET"): "read",
    ("posts", "POST"): "create",
    ("post", "DELETE"): "trash",
    ("comments", "GET"): "comments",
    ("comment", "GET"): "comments",
    ("comments", "POST"): "reply",
    ("comment", "POST"): "moderate",
    ("comment", "DELETE"): "moderate",
}


class WordPressImitation(Imitation):
    """The office's own website."""

    name: ClassVar[str] = PLATFORM
    title: ClassVar[str] = "Sitio web"
    hosts: ClassVar[tuple[str, ...]] = (HOST,)
    operations: ClassVar[frozenset[str]] = frozenset(
        {*_OPERATIONS.values(), "index", "me", "passwords", "media_read", "publish", "update", "terms", "page"}
    )

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.site = Site(ground)

    def operation(self, call: Call) -> str:
        """Return the name of what is asked for. `publish`: a post's status is set to publish."""
        route = _rest_route(call)
        if route is None:
            return "page"
        method = _method(call)
        endpoint, _ = _match(route)
        if endpoint == "post" and method in _WRITES:
            try:
                return "publish" if params.read(call).get("status") == "publish" else "update"
            except RestError:
                return "update"
        simple = {"media": "media_read", "file": "media_read", "term": "terms", "terms": "terms", "me": "me"}
        simple |= {"index": "index", "namespace": "index", "passwords": "passwords", "password": "passwords"}
        found = _OPERATIONS.get((endpoint, "POST" if method in _WRITES else method))
        return found or simple.get(endpoint, "list" if endpoint == "posts" else "")

    def answer(self, call: Call) -> Answer:
        """Carry the request out."""
        route = _rest_route(call)
        if route is None:
            return public.answer(self.site, call)
        user = users.logged_in(self.site.users, call)
        given: dict[str, Any] = {}
        try:
            given = params.read(call)
            visit = Visit(call=call, method=_method(call), user=user, params=given)
            reply = self._dispatch(visit, route)
        except RestError as error:
            reply = Reply(error.to_json(), error.status)
        return self._sent(reply, given, logged_in=user is not None)

    def _sent(self, reply: Reply, given: dict[str, Any], *, logged_in: bool) -> Answer:
        data = reply.data
        headers = {
            "X-Robots-Tag": "noindex",
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link",
            **(reply.headers or {}),
        }
        headers["Link"] = ", ".join(
            part for part in (f'<{URL}/wp-json/>; rel="https://api.w.org/"', headers.get("Link")) if part
        )
        if logged_in:
            headers["Cache-Control"] = "no-cache, must-revalidate, max-age=0"
        if reply.status < 400 and "_fields" in given:
            data = listing.only(data, params.words(given, "_fields"))
        status = reply.status
        if "_envelope" in given:
            data, status = {"body": data, "status": reply.status, "headers": headers}, 200
        answer = Answer.json(data, status=status)
        answer.headers = headers
        return answer

    def _dispatch(self, visit: Visit, route: str) -> Reply:
        endpoint, found = _match(route)
        method = "GET" if visit.method == "HEAD" else "POST" if visit.method in _WRITES else visit.method
        action = self._actions(visit, found).get((endpoint, method))
        if action is None or (endpoint in _COLLECTIONS and visit.method in {"PUT", "PATCH"}):
            raise RestError("rest_no_route", 404)
        reply = action()
        if endpoint in _COLLECTIONS | {"post", "file", "comment"}:
            allowed = "GET, POST" if endpoint in _COLLECTIONS else "GET, POST, PUT, PATCH, DELETE"
            headers = {**(reply.headers or {}), "Allow": allowed if visit.user else "GET"}
            return Reply(reply.data, reply.status, headers)
        return reply

    def _actions(self, visit: Visit, found: dict[str, Any]) -> dict[tuple[str, str], Callable[[], Reply]]:
        site = self.site
        number = found.get("number", 0)
        taxonomy = terms.ROUTES.get(found.get("kind", ""), "")
        return {
            ("index", "GET"): lambda: Reply(public.index()),
            ("namespace", "GET"): lambda: Reply({"namespace": "wp/v2", "routes": {}}),
            ("me", "GET"): lambda: self._me(visit),
            ("passwords", "GET"): lambda: app_passwords.listing(visit),
            ("passwords", "POST"): lambda: app_passwords.create(visit),
            ("passwords", "DELETE"): lambda: app_passwords.revoke_all(visit),
            ("password", "GET"): lambda: app_passwords.read(visit, found["key"]),
            ("password", "DELETE"): lambda: app_passwords.revoke(visit, found["key"]),
            ("posts", "GET"): lambda: post_lists.listing(site, visit),
            ("posts", "POST"): lambda: posts.create(site, visit),
            ("post", "GET"): lambda: posts.read(site, visit, number),
            ("post", "POST"): lambda: posts.update(site, visit, number),
            ("post", "DELETE"): lambda: posts.delete(site, visit, number),
            ("media", "GET"): lambda: media.listing(site, visit),
            ("media", "POST"): lambda: media.create(site, visit),
            ("file", "GET"): lambda: media.read(site, visit, number),
            ("file", "POST"): lambda: media.update(site, visit, number),
            ("file", "DELETE"): lambda: media.delete(site, visit, number),
            ("terms", "GET"): lambda: terms.listing(site, visit, taxonomy),
            ("terms", "POST"): lambda: terms.create(site, visit, taxonomy),
            ("term", "GET"): lambda: terms.read(site, number, taxonomy),
            ("term", "DELETE"): lambda: terms.delete(site, visit, number, taxonomy),
            ("comments", "GET"): lambda: remarks.listing(site, visit),
            ("comments", "POST"): lambda: remarks.create(site, visit),
            ("comment", "GET"): lambda: remarks.read(site, visit, number),
            ("comment", "POST"): lambda: remarks.update(site, visit, number),
            ("comment", "DELETE"): lambda: remarks.delete(site, visit, number),
        }

    def _me(self, visit: Visit) -> Reply:
        context = visit.context()
        if visit.user is None:
            raise RestError("rest_not_logged_in", 401)
        return Reply(users.shown(visit.user, URL, context=context, full=True))

    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return an error of the plan: JSON when the request speaks of JSON, else the HTML that PHP prints."""
        if fault.html or (fault.code is None and not call.wants_json()):
            words = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Time-out"}
            answer = error_page(fault.status, words.get(fault.status, "Error"))
        else:
            usual = "wp_die" if fault.status == 503 else "internal_server_error"
            error = RestError(str(fault.code or usual), fault.status)
            answer = Answer.json(error.to_json(), status=fault.status)
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer

    def throttled(self, call: Call, fault: Fault) -> Answer:  # noqa: ARG002  # the same for every call
        """Return 429 with HTML: the core has no limit, a plugin or the host in front has."""
        answer = error_page(429, "Too Many Requests")
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer

    def cards(self) -> list[Card]:
        """Return the public posts, the newest first."""
        return public.cards(self.site, self.title)

    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor comment on a public post; first-time visitors are held."""
        bare = (remote_id or "").removeprefix("comment-")
        above = self.site.state.remarks.get(int(bare)) if remote_id and bare != remote_id and bare.isdigit() else None
        wanted = above.post if above else int(bare) if bare.isdigit() else None
        open_ones = [
            article
            for article in self.site.state.articles.values()
            if article.status == "publish"
            and article.comment_status == "open"
            and (remote_id is None or article.id == wanted)
        ]
        if not open_ones:
            return None
        article = open_ones[pick % len(open_ones)]
        known = any(
            remark.author_name == author and remark.status == "approved" for remark in self.site.state.remarks.values()
        )
        number = self.site.state.new_remark_id()
        remark = Remark(
            id=number,
            post=article.id,
            parent=above.id if above else 0,
            author=0,
            author_name=author,
            author_email=f"visitante-{number}@correo.example",
            content=text,
            date=self.ground.clock().replace(microsecond=0),
            status="approved" if known else "hold",
        )
        self.site.state.remarks[number] = remark
        self.site.assume_remark(remark)
        return f"comment-{number}"

    def describe(self) -> WebsiteWorld:
        """Return the site and its users."""
        return WebsiteWorld(url=URL, name=NAME, timezone="America/Lima", users=users.described(self.site.users))

    def public_file(self, host: str, path: str) -> Medium | None:
        """Return the uploaded file behind a public address."""
        place = media.file_path(path)
        attachment = self.site.file_at(place) if place and host == HOST else None
        return attachment.medium if attachment else None


_COLLECTIONS = frozenset({"posts", "media", "terms", "comments", "passwords"})


def _method(call: Call) -> str:
    if call.method != "POST":
        return call.method
    return (call.query.get("_method") or call.headers.get("X-HTTP-Method-Override") or "POST").upper()


def _match(route: str) -> tuple[str, dict[str, Any]]:
    try:
        endpoint, found = _ROUTES.match(route, method="GET")
    except HTTPException:
        return "", {}
    return str(endpoint), dict(found)


def _rest_route(call: Call) -> str | None:
    if re.match(r"/wp-json(/|$)", call.path):
        return call.path.removeprefix("/wp-json") or "/"
    if call.path not in {"/", "/index.php"} or "rest_route" not in call.query:
        return None
    parts = urlsplit(call.query["rest_route"])
    if parts.query:
        call.query = MultiDict([*call.query.items(multi=True), *parse_qsl(parts.query)])
    return parts.path or "/"
