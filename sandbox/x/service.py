"""X as a whole: hosts, who is calling, credits, rates, errors, headers."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from sandbox import seeded
from sandbox.exchange import Answer, Call, error_page
from sandbox.faults import Fault
from sandbox.imitation import Card, Ground, Imitation
from sandbox.media import Medium
from sandbox.x import consent, endpoints, old_media, public, purse, quotas, spelling
from sandbox.x.endpoints import ENDPOINTS, Endpoint
from sandbox.x.errors import (
    GrantError,
    OldError,
    XError,
    forbidden,
    invalid_about,
    no_credits,
    not_found,
    too_many,
    unauthorized,
    wrong_context,
)
from sandbox.x.media_state import Uploads
from sandbox.x.state import Network, Person
from sandbox.x.tokens import OAUTH1, OAUTH2, Caller, TokenRegister
from sandbox.x.visit import FILES_HOST, PLATFORM, Desk, Visit
from sandbox.x.world import XWorld, make_world

API_HOSTS = ("api.x.com", "api.twitter.com")
CONSENT_HOSTS = ("x.com", "twitter.com")
OLD_API = "You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints only."
_TITLES = {404: "Not Found", 409: "Conflict", 500: "Internal Server Error", 503: "Service Unavailable"}


class XImitation(Imitation):
    """X.

    Manners for the fault plan: `post_spelling`, `tweet_spelling`, `mixed_spelling` (which names an answer uses),
    `empty_history` (a create answers `edit_history_tweet_ids: [""]`), `search_lag` (fresh posts are not found yet).
    `hidden_in_lists` on `upload` and `finalize` makes posts refuse the media that long.
    """

    name: ClassVar[str] = PLATFORM
    title: ClassVar[str] = "X"
    hosts: ClassVar[tuple[str, ...]] = (*API_HOSTS, old_media.HOST, *CONSENT_HOSTS, FILES_HOST)
    operations: ClassVar[frozenset[str]] = frozenset(
        {*(one.operation for one in ENDPOINTS), "reply", "edit", "token", "revoke", "authorize", "old_media", "file"}
    )
    manners: ClassVar[frozenset[str]] = frozenset({*spelling.MANNERS, "empty_history", "search_lag"})

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.world = make_world(ground.seed)
        self.tokens = TokenRegister(self.world, ground)
        self.consent = consent.Consent(
            self.tokens, user_id=self.world.user_id, redirect_uri=self.world.redirect_uri, seed=ground.seed
        )
        self.quotas = quotas.Quotas()
        self.desk = Desk(
            ground=ground,
            world=self.world,
            network=_populated(self.world, ground),
            uploads=Uploads(ground.seed, ground.store),
            purse=purse.Purse(),
        )
        self._answered = 0

    def operation(self, call: Call) -> str:
        """Return the name of what is asked for, from method, path and body."""
        if call.host == FILES_HOST:
            return "file"
        if call.host == old_media.HOST:
            return "old_media"
        named = {consent.TOKEN_PATH: "token", consent.REVOKE_PATH: "revoke"}
        named |= dict.fromkeys(consent.AUTHORIZE_PATHS, "authorize")
        if call.path in named:
            return named[call.path]
        found = endpoints.find(call.method, call.path) if call.host in API_HOSTS else None
        if found is None:
            return ""
        body = call.json if isinstance(call.json, dict) else {}
        if found[0].operation == "publish" and ("reply" in body or "edit_options" in body):
            return "edit" if "edit_options" in body else "reply"
        return found[0].operation

    def answer(self, call: Call) -> Answer:
        """Carry the request out."""
        if call.host == FILES_HOST:
            return public.file(self.desk, call)
        self._answered += 1
        spelled = spelling.of(call, seed=self.ground.seed, number=self._answered)
        headers: dict[str, str] = {}
        try:
            answer = self._carry_out(call, spelled, headers)
        except XError as error:
            answer = _refusal(error, spelled.host)
            headers |= error.headers
        answer.headers |= headers | self._usual()
        return answer

    def _carry_out(self, call: Call, spelled: spelling.Spelling, headers: dict[str, str]) -> Answer:
        if call.path in consent.AUTHORIZE_PATHS and call.method == "GET" and call.host != old_media.HOST:
            return self.consent.page(call)
        if call.host in CONSENT_HOSTS:
            return Answer.html("<h1>X</h1>", status=404)
        if call.path in {consent.TOKEN_PATH, consent.REVOKE_PATH} and call.host in API_HOSTS:
            answer = Answer.json(self.consent.answer(call), content_type="application/json;charset=UTF-8")
            headers["Cache-Control"] = "no-store"
            return answer
        if call.host == old_media.HOST:
            caller = self.tokens.old_caller(call)
            headers["x-access-level"] = caller.level
            return old_media.answer(self.desk, call, caller)
        if call.path.startswith("/1.1/"):
            self.tokens.old_caller(call)
            raise OldError(403, 453, OLD_API)
        return self._v2(call, spelled, headers)

    def _v2(self, call: Call, spelled: spelling.Spelling, headers: dict[str, str]) -> Answer:
        caller = self.tokens.caller(call)
        headers["x-access-level"] = caller.level
        self.desk.purse.require(caller, call.now)
        if call.path == "/2/usage/credits":  # announced, and still empty in September 2026 (sheet 1.3 [code])
            return Answer(404, b"", "application/json; charset=utf-8")
        found = endpoints.find(call.method, call.path)
        if found is None:
            raise not_found()
        endpoint, place = found
        _require(endpoint, caller)
        headers |= self.quotas.charge(endpoint.operation, endpoint.quota, caller, call.now)
        visit = Visit(self.desk, call, caller, spelled, place)
        body = spelled.spell(endpoint.act(visit))
        self._bill(visit)
        headers |= visit.headers
        return Answer.json(body, status=visit.status, content_type="application/json; charset=utf-8")

    def _bill(self, visit: Visit) -> None:
        account = self.desk.purse
        account.charge(visit.price)
        price = purse.OWNED_READ if visit.owned else purse.READ_POST
        account.charge_reads({f"post {one}" for one in visit.read_posts}, price, visit.now, posts=True)
        account.charge_reads({f"user {one}" for one in visit.read_users}, purse.READ_USER, visit.now, posts=False)

    def _usual(self) -> dict[str, str]:
        trace = seeded.hexadecimal(self.ground.seed, "x transaction", self._answered, length=16)
        return {"api-version": "2.167", "x-transaction-id": trace, "x-response-time": "42"}

    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return an error of the plan. `code`: a number is v1.1's shape, a word ends a problem's type."""
        if fault.html:
            return error_page(fault.status, "Bad Gateway" if fault.status == 502 else "Error")
        host = spelling.of(call, seed=self.ground.seed, number=self._answered).host
        answer = _refusal(_planned(call, fault), host)
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        if 300 <= fault.status < 400:
            answer.headers["Location"] = f"https://{call.host}{call.path}"
        answer.headers |= self._usual()
        return answer

    def throttled(self, call: Call, fault: Fault) -> Answer:
        """Return 429 with the headers of the window, or of the day from 60 minutes on; `code` 88: v1.1's body."""
        error = OldError(429, 88, "Rate limit exceeded") if fault.code == 88 else too_many()
        reset_at = call.now + timedelta(minutes=fault.minutes)
        answer = _refusal(error, spelling.of(call, seed=self.ground.seed, number=self._answered).host)
        if fault.minutes < 60:
            answer.headers |= quotas.told("x-rate-limit", 100, 0, reset_at)
        else:  # the window has room; it is the day that is full
            answer.headers |= quotas.told("x-rate-limit", 100, 83, call.now + quotas.WINDOW)
            answer.headers |= quotas.told("x-user-limit-24hour", 100, 0, reset_at)
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        answer.headers |= self._usual()
        return answer

    def tick(self, now: datetime) -> None:
        """Drop media ids that are over."""
        self.desk.uploads.tick(now)

    def describe(self) -> XWorld:
        """Return the accounts, applications and tokens."""
        return self.world

    def cards(self) -> list[Card]:
        """Return the visible posts, the newest first."""
        return public.cards(self.desk, self.title)

    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor reply to a post, or to a reply."""
        return public.add_comment(self.desk, author, text, remote_id=remote_id, pick=pick)

    def public_file(self, host: str, path: str) -> Medium | None:
        """Return the picture behind an address of the file host."""
        found = public.picture_at(self.desk, path) if host == FILES_HOST else None
        return found[0] if found else None


def _require(endpoint: Endpoint, caller: Caller) -> None:
    """Require the context, the application's permission or the scopes. Raises XError 403."""
    if caller.kind not in endpoint.contexts:
        raise wrong_context(caller.kind, endpoint.contexts)
    if caller.kind == OAUTH1 and not caller.writes and endpoint.method != "GET":
        raise forbidden(
            "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
            tail="oauth1-permissions",
        )
    if caller.kind == OAUTH2 and not set(endpoint.scopes) <= set(caller.scopes):
        raise forbidden()


def _refusal(error: XError, host: str) -> Answer:
    body: Any = error.to_json(host)
    return Answer.json(body, status=error.status, content_type=error.content_type)


def _planned(call: Call, fault: Fault) -> XError:
    status, message = fault.status, fault.message
    if call.path in {consent.TOKEN_PATH, consent.REVOKE_PATH}:
        usual = "Value passed for the token was invalid." if status == 400 else "Service unavailable"
        code = fault.code or ("invalid_request" if status == 400 else "temporarily_unavailable")
        return GrantError(status, str(code), message or usual)
    if isinstance(fault.code, int):
        return OldError(status, fault.code, message or "Sorry, that did not work.")
    tail = fault.code or ""
    if status == 402:
        return no_credits(other_body=tail == "credits-depleted")
    usual_ones = {
        400: invalid_about(message or "Your request was invalid.", {}),
        401: unauthorized(),
        403: forbidden(message or "You are not permitted to perform this action.", tail=tail),
        429: too_many(tail=tail),
    }
    title = _TITLES.get(status, "Error")
    return usual_ones.get(status, XError(status, title, message or title, tail=tail))


def _populated(world: XWorld, ground: Ground) -> Network:
    network = Network(ground.seed)
    since = ground.clock() - timedelta(days=2000)
    for user_id, username, name, premium in (
        (world.user_id, world.username, world.name, False),
        (world.other_user_id, world.other_username, world.other_name, False),
        (world.premium_user_id, world.premium_username, "Vocería Premium", True),
    ):
        network.people[user_id] = Person(user_id, username, name, since, office=True, premium=premium)
    return network
