"""The endpoints of v2 that a publishing desk uses: who may call them, with what scopes, how often (sheet 5.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from sandbox.x import analytics, captioning, listings, media, publishing, search, user_json
from sandbox.x.quotas import Quota
from sandbox.x.tokens import APP, OAUTH1, OAUTH2
from sandbox.x.visit import Visit

READ = ("tweet.read", "users.read")
USER = (OAUTH1, OAUTH2)
ANY = (OAUTH1, OAUTH2, APP)
UNKNOWN = Quota(user=900, app=300)
"""Where the sheet names none: like the user lookups of its neighbours; ours."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. `operation` is its name for fault rules and its own rate bucket."""

    operation: str
    method: str
    path: str
    act: Callable[[Visit], dict[str, Any]]
    quota: Quota
    scopes: tuple[str, ...] = READ
    contexts: tuple[str, ...] = ANY


_WRITE, _HIDE, _MEDIA = (*READ, "tweet.write"), (*READ, "tweet.moderate.write"), ("media.write",)
_CHUNKS = Quota(user=1875, day=180_000)
ENDPOINTS = (
    Endpoint("publish", "POST", "/2/tweets", publishing.create, Quota(user=100, day=10_000), _WRITE, USER),
    Endpoint("delete", "DELETE", "/2/tweets/<id>", publishing.delete, Quota(user=50), _WRITE, USER),
    Endpoint("hide", "PUT", "/2/tweets/<id>/hidden", publishing.hide, Quota(user=50), _HIDE, USER),
    Endpoint("read_many", "GET", "/2/tweets", listings.many, Quota(user=5000, app=3500)),
    Endpoint("read", "GET", "/2/tweets/<id>", listings.one, Quota(user=900, app=450)),
    Endpoint("quotes", "GET", "/2/tweets/<id>/quote_tweets", listings.quotes, Quota(user=75, app=75)),
    Endpoint("search", "GET", "/2/tweets/search/recent", search.recent, Quota(user=300, app=450)),
    Endpoint("counts", "GET", "/2/tweets/counts/recent", search.counts, Quota(user=300, app=300), (), (OAUTH2, APP)),
    Endpoint("analytics", "GET", "/2/tweets/analytics", analytics.of_posts, Quota(user=300, app=300), READ, USER),
    Endpoint("identify", "GET", "/2/users/me", user_json.me, Quota(user=75), READ, USER),
    Endpoint("user", "GET", "/2/users/<id>", user_json.by_id, UNKNOWN),
    Endpoint("user", "GET", "/2/users/by/username/<username>", user_json.by_username, UNKNOWN),
    Endpoint("list", "GET", "/2/users/<id>/tweets", listings.of_user, Quota(user=900, app=10_000)),
    Endpoint("mentions", "GET", "/2/users/<id>/mentions", listings.mentions, Quota(user=300, app=450)),
    Endpoint("usage", "GET", "/2/usage/tweets", analytics.usage, UNKNOWN, (), (APP,)),
    Endpoint("upload", "POST", "/2/media/upload", media.one_shot, Quota(user=500, day=50_000), _MEDIA, USER),
    Endpoint("upload_status", "GET", "/2/media/upload", media.status, Quota(user=1000, day=100_000), _MEDIA, USER),
    Endpoint("initialize", "POST", "/2/media/upload/initialize", media.initialize, _CHUNKS, _MEDIA, USER),
    Endpoint("append", "POST", "/2/media/upload/<id>/append", media.append, _CHUNKS, _MEDIA, USER),
    Endpoint("finalize", "POST", "/2/media/upload/<id>/finalize", media.finalize, _CHUNKS, _MEDIA, USER),
    Endpoint("metadata", "POST", "/2/media/metadata", captioning.describe, Quota(user=500, day=50_000), _MEDIA, USER),
    Endpoint(
        *("subtitles", "POST", "/2/media/subtitles", captioning.add_subtitles),
        Quota(user=100, day=10_000),
        _MEDIA,
        USER,
    ),
    Endpoint(
        *("subtitles", "DELETE", "/2/media/subtitles", captioning.remove_subtitles),
        Quota(user=100, day=10_000),
        _MEDIA,
        USER,
    ),
)
_PATHS = Map(
    [Rule(endpoint.path, endpoint=str(index), methods=[endpoint.method]) for index, endpoint in enumerate(ENDPOINTS)],
    strict_slashes=True,
    merge_slashes=False,
).bind("api.x.com")


def find(method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """Return the endpoint of a request and what its path names."""
    try:
        index, place = _PATHS.match(path, method=method)
    except HTTPException:
        return None
    return ENDPOINTS[int(index)], dict(place)
