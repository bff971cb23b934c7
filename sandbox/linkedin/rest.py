"""LinkedIn as a whole: hosts, headers, the order of checks, errors."""

from datetime import datetime
from typing import ClassVar

from sandbox import seeded
from sandbox.exchange import Answer, Call, error_page
from sandbox.faults import Fault
from sandbox.imitation import Card, Ground, Imitation
from sandbox.linkedin import dispatch, oauth, public, restli, uploads, versions
from sandbox.linkedin.errors import (
    COMMENTS_OVER_LIMIT,
    LinkedInError,
    OAuthError,
    dead_token,
    denied,
    not_found,
    over_limit,
)
from sandbox.linkedin.network import API_HOST, DOWNLOADS, PLATFORM, SITE_HOST, Network, Visit
from sandbox.linkedin.world import LinkedInWorld
from sandbox.media import Medium

_USUAL = {
    400: ("ILLEGAL_ARGUMENT", "Invalid request"),
    404: ("NOT_FOUND", "Could not find entity"),
    409: ("CONFLICT", "The entity is being changed by another request"),
    426: ("NONEXISTENT_VERSION", ""),
    500: (None, "Internal Server Error"),
    502: (None, "Bad Gateway"),
    503: (None, "Service Unavailable"),
    504: (None, "Gateway Timeout"),
}


class LinkedInImitation(Imitation):
    """LinkedIn organization pages."""

    name: ClassVar[str] = PLATFORM
    title: ClassVar[str] = "LinkedIn"
    hosts: ClassVar[tuple[str, ...]] = (API_HOST, SITE_HOST)
    operations: ClassVar[frozenset[str]] = dispatch.OPERATIONS

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.network = Network(ground)
        self._answered = 0

    def operation(self, call: Call) -> str:
        """Return the name of what is asked for, from host, path, method and parameters."""
        return dispatch.operation(call)

    def answer(self, call: Call) -> Answer:
        """Carry the request out."""
        try:
            answer = self._api(call) if call.host == API_HOST else self._site(call)
        except LinkedInError as error:
            answer = _refusal(error)
        return self._traced(answer)

    def _traced(self, answer: Answer) -> Answer:
        self._answered += 1
        answer.headers["x-li-uuid"] = seeded.letters(self.ground.seed, "trace", self._answered, length=22) + "=="
        return answer

    def _api(self, call: Call) -> Answer:
        """Answer a call of the API: the token is looked at before the version, both before the path."""
        token = self.network.tokens.check(call)
        if restli.segments(call.target)[0] == "rest":
            versions.check(call.headers.get("LinkedIn-Version"), call.now)
        self.network.quotas.charge(token, call.now)
        return dispatch.carry_out(self.network, Visit(call=call, ask=restli.read(call), token=token))

    def _site(self, call: Call) -> Answer:
        if call.path.startswith("/oauth/v2/"):
            return oauth.answer(self.network.tokens, self.network.world.redirect_uri, call)
        if call.path.startswith(uploads.PREFIX):
            return uploads.put(self.network, call)
        if call.path.startswith(DOWNLOADS):
            return public.file(self.network, call)
        if call.path.startswith("/feed/update/"):
            return public.page(self.network, call)
        raise not_found(call.path)

    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return an error of the plan: any status, code or message, or a gateway's page."""
        if fault.html:
            return error_page(fault.status, "Bad Gateway" if fault.status == 502 else "Error")
        if call.path.startswith("/oauth/v2/"):
            text = fault.message or "Internal error"
            return oauth.refusal(OAuthError(str(fault.code or "invalid_request"), text, status=fault.status))
        answer = _refusal(self._planned(call, fault))
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return self._traced(answer)

    def _planned(self, call: Call, fault: Fault) -> LinkedInError:
        version = call.headers.get("LinkedIn-Version", "")
        if fault.status == 401:
            error = dead_token(fault.subcode if fault.subcode in {65600, 65601, 65602} else 65602)
        elif fault.status == 403:
            error = denied(f"{dispatch.operation(call)}.{versions.day_of(version)}")
        elif fault.status == 429:
            error = over_limit()
        else:
            code, message = _USUAL.get(fault.status, (None, "Error"))
            error = LinkedInError(fault.status, message, code=code)
        if fault.status == 426:
            error.message = f"Requested version {versions.day_of(version)} is not active"
        if fault.message is not None:
            error.message = fault.message
        if isinstance(fault.code, str):
            error.code = fault.code
        elif fault.code is not None:
            error.service = fault.code
        return error

    def throttled(self, call: Call, fault: Fault) -> Answer:
        """Return 429; no header says for how long, unless the plan wants one."""
        comment = dispatch.operation(call) == "reply"
        answer = _refusal(over_limit(COMMENTS_OVER_LIMIT) if comment else over_limit())
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return self._traced(answer)

    def tick(self, now: datetime) -> None:
        """Publish what was waiting for its media."""
        self.network.tick(now)

    def describe(self) -> LinkedInWorld:
        """Return the accounts and their tokens."""
        return self.network.world

    def cards(self) -> list[Card]:
        """Return the visible posts, the newest first."""
        return public.cards(self.network, self.title)

    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor comment on a visible post; `remote_id` may be a post, its activity, or a comment."""
        return public.add_comment(self.network, author, text, remote_id=remote_id, pick=pick)

    def public_file(self, host: str, path: str) -> Medium | None:
        """Return the file behind a download address."""
        return public.file_at(self.network, host, path)


def _refusal(error: LinkedInError) -> Answer:
    return Answer.json(error.to_json(), status=error.status)
