"""YouTube as a whole: hosts, credentials before parameters, quota, dispatch, errors."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from sandbox.exchange import Answer, Call, error_page
from sandbox.faults import Fault
from sandbox.imitation import Card, Ground, Imitation
from sandbox.youtube import (
    analytics,
    captions,
    categories,
    comment_lists,
    comments,
    field_mask,
    identity,
    methods,
    params,
    playlists,
    public,
    quota,
    thumbnails,
    tokens,
    uploads,
    videos,
)
from sandbox.youtube.channels import PLATFORM, Channels, Visit
from sandbox.youtube.errors import (
    ApiError,
    bad_request,
    dead_token,
    media_required,
    missing_scope,
    not_imitated,
)
from sandbox.youtube.methods import METHODS, REPORTS, Method
from sandbox.youtube.world import YouTubeWorld

DATA_HOSTS = ("youtube.googleapis.com", "www.googleapis.com")
REPORTS_HOST = "youtubeanalytics.googleapis.com"
TOKEN_HOST = "oauth2.googleapis.com"  # noqa: S105  # a host, no secret
CONSENT_HOST = "accounts.google.com"
_REASONS = {400: "badRequest", 401: "authError", 403: "forbidden", 404: "notFound", 429: "rateLimitExceeded"}

_BEGINNERS: dict[str, uploads.Begin] = {
    "videos.insert": videos.insert,
    "thumbnails.set": thumbnails.begin,
    "captions.insert": captions.insert,
    "captions.update": captions.update,
}
_DOERS: dict[str, Callable[[Channels, Visit], Any]] = {
    "videos.list": videos.listing,
    "videos.update": videos.update,
    "videos.delete": videos.delete,
    "videos.batchGetStats": videos.batch_stats,
    "captions.list": captions.listing,
    "captions.update": captions.update_words,
    "captions.delete": captions.delete,
    "channels.list": identity.listing,
    "playlists.list": playlists.listing,
    "playlists.insert": playlists.insert,
    "playlists.update": playlists.update,
    "playlists.delete": playlists.delete,
    "playlistItems.list": playlists.items,
    "playlistItems.insert": playlists.add,
    "playlistItems.delete": playlists.remove,
    "commentThreads.list": comment_lists.threads,
    "commentThreads.insert": comments.start_thread,
    "comments.list": comment_lists.replies,
    "comments.insert": comments.reply,
    "comments.update": comments.update,
    "comments.delete": comments.delete,
    "comments.setModerationStatus": comments.moderate,
    "search.list": videos.search,
    "videoCategories.list": lambda _channels, visit: categories.listing(visit),
    "reports.query": analytics.report,
}
"""Each changes the state only after all its checks, and returns the JSON, or None for 204."""


class YouTubeImitation(Imitation):
    """YouTube."""

    name: ClassVar[str] = PLATFORM
    title: ClassVar[str] = "YouTube"
    hosts: ClassVar[tuple[str, ...]] = (*DATA_HOSTS, REPORTS_HOST, TOKEN_HOST, CONSENT_HOST)
    operations: ClassVar[frozenset[str]] = frozenset(
        {
            *(method.operation for method in METHODS),
            *("publish", "analytics", "token", "revoke", "consent", "upload_chunk", "upload_last", "upload_probe"),
        }
    )

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.channels = Channels(ground)
        self.uploads = uploads.Uploads(self.channels)

    def operation(self, call: Call) -> str:
        """Return the name of what is asked for, from host, path, and what an update would do."""
        if call.host in {TOKEN_HOST, CONSENT_HOST}:
            return {"/token": "token", "/revoke": "revoke", "/o/oauth2/v2/auth": "consent"}.get(call.path, "")
        if call.host in DATA_HOSTS and uploads.is_session(call):
            return self._step(call)
        method = self._method(call)
        if method is None:
            return ""
        return "publish" if method.name == "videos.update" and _publishes(call) else method.operation

    def _step(self, call: Call) -> str:
        piece = uploads.read_piece(call, self.uploads.sessions.get(call.query["upload_id"]))
        if piece is None or call.method != "PUT":
            return ""
        if piece.start is None:
            return "upload_probe"
        return "upload_last" if piece.total == piece.end + 1 else "upload_chunk"

    def _method(self, call: Call) -> Method | None:
        if call.host == REPORTS_HOST:
            return REPORTS if (params.method_of(call), call.path) == (REPORTS.verb, REPORTS.path) else None
        return methods.find(call) if call.host in DATA_HOSTS else None

    def answer(self, call: Call) -> Answer:
        """Carry the request out."""
        if call.host in {TOKEN_HOST, CONSENT_HOST}:
            return self._sign_in(call)
        try:
            if call.host in DATA_HOSTS and uploads.is_session(call):
                return self._session(call)
            method = self._method(call)
            if method is not None:
                return self._carry_out(call, method)
            if methods.exists(call.path):
                raise not_imitated(f"{call.method} {call.path}")
        except ApiError as error:
            return _refusal(error)
        return error_page(404, "Not Found")

    def _sign_in(self, call: Call) -> Answer:
        register = self.channels.tokens
        ways: dict[tuple[str, str, str], Callable[[Call], Answer]] = {
            (TOKEN_HOST, "POST", "/token"): register.token,
            (TOKEN_HOST, "POST", "/revoke"): register.revoke,
            (CONSENT_HOST, "GET", "/o/oauth2/v2/auth"): register.authorise,
        }
        way = ways.get((call.host, call.method, call.path))
        return way(call) if way else error_page(404, "Not Found")

    def _session(self, call: Call) -> Answer:
        # The address of a session is a bearer secret: no token is needed, but a dead one is refused.
        self.channels.tokens.check(call)
        if call.method != "PUT":
            raise not_imitated(f"{call.method} sobre una sesión de subida")
        return self.uploads.put(call)

    def _carry_out(self, call: Call, method: Method) -> Answer:
        sent = params.given(call)
        grant = self._admit(call, method, sent.get("key"))
        now, day_quota = call.now, self.channels.quota
        counted = method is not REPORTS  # the quota of Analytics is separate (sheet 4.2)
        if counted:
            day_quota.check(method.bucket, method.price, now)
        price = 1  # an invalid request costs at least this (sheet 5.1)
        try:
            visit = Visit(call=call, method=method, params=params.read(sent, method.params), grant=grant)
            unknown = [part for part in visit.parts if part not in method.parts]
            if unknown:
                raise ApiError(400, "unknownPart", unknown[0], domain="youtube.part", location="part")  # [memory]
            if sent.get("alt", "json") != "json":
                raise not_imitated("alt distinto de json")
            mask = field_mask.parse(sent["fields"]) if sent.get("fields") else {}
            answer = self._do(visit, mask)
            price = method.price
        finally:
            if counted:
                day_quota.charge(method.bucket, price, now)
        return answer

    def _do(self, visit: Visit, mask: field_mask.Mask) -> Answer:
        method, call = visit.method, visit.call
        if method.media is not None and methods.upload_path(call.path) is not None:
            return self.uploads.begin(visit, _BEGINNERS[method.name])
        if method.media is not None and method.name != "captions.update":
            visit.own_channel()
            raise media_required()
        body = _DOERS[method.name](self.channels, visit)
        if body is None:
            return Answer(204, b"", "text/html; charset=UTF-8")
        return Answer.json(field_mask.apply(mask, body))

    def _admit(self, call: Call, method: Method, key: str | None) -> tokens.Grant | None:
        grant = self.channels.tokens.check(call)
        if grant is not None:
            if not set(grant.scopes) & set(method.scopes):
                raise missing_scope()
            return grant
        if key is None or not method.public:
            raise dead_token()
        if key != self.channels.world.api_key:
            error = bad_request("API key not valid. Please pass a valid API key.")
            error.new, error.info = True, "API_KEY_INVALID"
            raise error
        return None

    def interrupted(self, call: Call) -> None:
        """Keep what arrived of a chunk whose connection broke."""
        if call.host in DATA_HOSTS and uploads.is_session(call) and call.method == "PUT":
            self.uploads.interrupted(call)

    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return an error of the plan: any reason and status, or a proxy's page. 404 and 410 end a session."""
        if uploads.is_session(call) and fault.status in {404, 410}:
            self.uploads.lose(call)
        if fault.html:
            answer = error_page(fault.status, "Bad Gateway" if fault.status == 502 else "Error")
        elif call.host == TOKEN_HOST:
            kind = "invalid_grant" if fault.status == 400 else "internal_failure"
            answer = tokens.refusal(fault.status, str(fault.code or kind), fault.message or "Bad Request")
        else:
            reason = str(fault.code or _REASONS.get(fault.status, "backendError"))
            error = ApiError(fault.status, reason, fault.message or "The service had a planned failure.")
            answer = _refusal(dead_token() if (fault.status, fault.code) == (401, None) else error)
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer

    def throttled(self, call: Call, fault: Fault) -> Answer:
        """Return "slow down"; code 403: the day's quota is gone; 400: the account uploaded too many videos."""
        method = self._method(call)
        if fault.code == 403:
            answer = _refusal(self.channels.quota.exhausted(method.bucket if method else quota.UNITS))
        elif fault.code == 400:
            text = "The user has exceeded the number of videos they may upload."
            answer = _refusal(ApiError(400, "uploadLimitExceeded", text, domain="youtube.video"))
        elif method is not None and method.name == "thumbnails.set":
            text = "The channel has uploaded too many thumbnails recently. Please try the request again later."
            answer = _refusal(ApiError(429, "uploadRateLimitExceeded", text, domain="youtube.thumbnail"))
        elif call.host == TOKEN_HOST:
            answer = tokens.refusal(429, "rate_limit_exceeded", "Rate limit exceeded.")
        else:
            text = "The request was throttled. Please try again in a moment."
            answer = _refusal(ApiError(429, "rateLimitExceeded", text, domain="usageLimits"))
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer

    def tick(self, now: datetime) -> None:
        """Finish processing, publish what was scheduled."""
        self.channels.tick(now)

    def describe(self) -> YouTubeWorld:
        """Return the channels and their tokens."""
        return self.channels.world

    def cards(self) -> list[Card]:
        """Return the public videos, the newest first."""
        return public.cards(self.channels, self.title)

    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor comment on a public video; `remote_id` may be a video or a comment."""
        return public.add_comment(self.channels, author, text, remote_id=remote_id, pick=pick)


def _refusal(error: ApiError) -> Answer:
    answer = Answer.json(error.to_json(), status=error.status)
    answer.headers |= error.headers
    return answer


def _publishes(call: Call) -> bool:
    status = call.json.get("status") if isinstance(call.json, dict) else None
    parts = ",".join(call.query.getlist("part")).split(",")
    return "status" in parts and isinstance(status, dict) and status.get("privacyStatus", "public") == "public"
