"""The Graph API as a whole: versions, token before path, dispatch, usage headers, errors."""

import json
from datetime import datetime
from typing import Any, ClassVar

from sandbox import seeded
from sandbox.exchange import Answer, Call, error_page
from sandbox.facebook import dispatch, operations, params, public, tokens, versions
from sandbox.facebook.errors import GraphError, bad_parameter, bad_path, dead_token, not_imitated
from sandbox.facebook.operations import OPERATIONS
from sandbox.facebook.pages import FILES_HOST, PLATFORM, Pages, Visit
from sandbox.faults import Fault
from sandbox.imitation import Card, Ground, Imitation
from sandbox.media import Medium
from sandbox.world import FacebookWorld


class FacebookImitation(Imitation):
    """Facebook Pages."""

    name: ClassVar[str] = PLATFORM
    title: ClassVar[str] = "Facebook"
    hosts: ClassVar[tuple[str, ...]] = (
        "graph.facebook.com",
        "graph-video.facebook.com",
        "rupload.facebook.com",
        FILES_HOST,
    )
    operations: ClassVar[frozenset[str]] = OPERATIONS

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.pages = Pages(ground)
        self._answered = 0

    def operation(self, call: Call) -> str:
        """Return the name of what is asked for, from path, method and parameters."""
        return operations.name(self.pages, call)

    def answer(self, call: Call) -> Answer:
        """Carry the request out."""
        if call.host == FILES_HOST:
            return public.file(self.pages, call)
        self._answered += 1
        asked, path = operations.split(call.path)
        served = versions.served(asked, call.now)
        token: tokens.Token | None = None
        try:
            if call.host == "rupload.facebook.com":
                raise not_imitated("rupload.facebook.com (reels)")
            if served is None:
                raise bad_path(call.path)
            given = params.read(call)
            if path == "/oauth/access_token":
                body: Any = self.pages.tokens.exchange(given, call.now)
            else:
                token = self.pages.tokens.check(call, tokens.given_token(call, given))
                self.pages.tokens.check_proof(token, given.get("appsecret_proof"))
                if "date_format" in given:
                    raise bad_parameter("date_format no se admite")
                body = dispatch.carry_out(self.pages, Visit(call=call, params=given, token=token), path)
            answer = Answer.json(body)
        except GraphError as error:
            answer = self._refusal(error)
        answer.headers |= self._usage(served or versions.CURRENT, token)
        return answer

    def _refusal(self, error: GraphError) -> Answer:
        answer = Answer.json(error.to_json(self._trace()), status=error.status)
        if error.code in {102, 190}:
            answer.headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{error.code}"'
        return answer

    def _trace(self) -> str:
        return "A" + seeded.letters(self.ground.seed, "trace", self._answered, length=22)

    def _usage(self, version: str, token: tokens.Token | None, *, calls: int | None = None) -> dict[str, str]:
        used = min(79, self._answered // 20) if calls is None else calls
        shares = {"call_count": used, "total_time": used // 2, "total_cputime": used // 2}
        headers = {
            "facebook-api-version": version,
            "x-fb-trace-id": self._trace()[:11],
            "x-fb-request-id": self._trace(),
            "X-App-Usage": json.dumps(shares),
        }
        if token is not None and token.is_page:
            headers["X-Business-Use-Case-Usage"] = _business(token.owner_id, shares, minutes=0)
        return headers

    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return an error of the plan: any code, subcode and status, or a proxy's page."""
        if fault.html:
            return error_page(fault.status, "Bad Gateway" if fault.status == 502 else "Error")
        code = int(fault.code) if fault.code is not None else {400: 100, 403: 200, 503: 2}.get(fault.status, 1)
        if code == 190 and fault.message is None:
            error = dead_token(fault.subcode)
            error.status = fault.status
        else:
            text = fault.message or "Se produjo un error desconocido"
            error = GraphError(code, text, subcode=fault.subcode, status=fault.status, transient=code in {1, 2} or None)
        answer = self._refusal(error)
        answer.headers |= self._usage(
            versions.served(operations.split(call.path)[0], call.now) or versions.CURRENT, None
        )
        return answer

    def throttled(self, call: Call, fault: Fault) -> Answer:
        """Return 400 with 80001 (or the code of the plan) and the header that says for how long."""
        code = int(fault.code or 80001)
        error = GraphError(code, f"(#{code}) Se hicieron demasiadas llamadas. Espere un momento y vuelva a intentarlo.")
        answer = self._refusal(error)
        over = 100 if code in {4, 17, 341} else None
        answer.headers |= self._usage(versions.CURRENT, None, calls=over)
        token = self.pages.tokens.find(tokens.given_token(call, dict(call.query.items()) | dict(call.form.items())))
        shares = {"call_count": 100, "total_time": 23, "total_cputime": 23}
        owner = token.owner_id if token else self.pages.world.page_id
        answer.headers["X-Business-Use-Case-Usage"] = _business(owner, shares, minutes=fault.minutes)
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer

    def tick(self, now: datetime) -> None:
        """Drop, finish and publish what time brings."""
        self.pages.tick(now)

    def describe(self) -> FacebookWorld:
        """Return the accounts and their tokens."""
        return self.pages.world

    def cards(self) -> list[Card]:
        """Return the visible posts, the newest first."""
        return public.cards(self.pages, self.title)

    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor comment on a visible post; `remote_id` may be a post, a video or a comment."""
        return public.add_comment(self.pages, author, text, remote_id=remote_id, pick=pick)

    def public_file(self, host: str, path: str) -> Medium | None:
        """Return the photo behind an address of the file host."""
        return public.photo_at(self.pages, host, path)


def _business(owner: str, shares: dict[str, int], *, minutes: int) -> str:
    return json.dumps({owner: [{"type": "pages", **shares, "estimated_time_to_regain_access": minutes}]})
