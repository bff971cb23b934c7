"""Instagram's part of the Graph: token before path, dispatch, usage headers, errors."""

import json
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from sandbox import seeded
from sandbox.exchange import Answer, Call, error_page
from sandbox.facebook import FacebookImitation, params, versions
from sandbox.facebook.errors import GraphError, bad_parameter, bad_path, dead_token
from sandbox.facebook.fields import ABSENT, Wanted, parse, render
from sandbox.facebook.nodes import plain
from sandbox.facebook.operations import split
from sandbox.facebook.tokens import Token
from sandbox.faults import Fault
from sandbox.fetching import Wish
from sandbox.imitation import Card, Ground, Imitation
from sandbox.instagram import access, containers, dispatch, nodes, operations, public, uploads
from sandbox.instagram.access import LOGIN_HOST, Caller
from sandbox.instagram.accounts import FILES_HOST, PLATFORM, Accounts, Visit
from sandbox.instagram.errors import refused, unreadable_token
from sandbox.instagram.operations import OPERATIONS, TOKEN_HOST, UPLOAD_HOST
from sandbox.instagram.world import InstagramWorld
from sandbox.media import Medium


class InstagramImitation(Imitation):
    """Instagram professional accounts."""

    name: ClassVar[str] = PLATFORM
    title: ClassVar[str] = "Instagram"
    hosts: ClassVar[tuple[str, ...]] = ("graph.facebook.com", UPLOAD_HOST, LOGIN_HOST, TOKEN_HOST, FILES_HOST)
    operations: ClassVar[frozenset[str]] = OPERATIONS

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        pages = ground.neighbour(FacebookImitation).pages
        self.accounts = accounts = Accounts(ground, pages)
        world = accounts.world
        for page_id, account_id in (
            (world.page_id, world.account_id),
            (pages.world.other_page_id, world.other_account_id),
        ):
            pages.instagram[page_id] = partial(self._linked, account_id)
        self._answered = 0

    def _linked(self, account_id: str, token: Token, asked: Wanted) -> Any:
        """Return a Page's field `instagram_business_account`."""
        if access.BASIC not in self.accounts.access.caller(token).may:
            return ABSENT
        values = nodes.account_values(self.accounts, account_id, by_login=False)
        return render(asked.inside or parse("id"), plain(values), kind="IGUser")

    def claims(self, call: Call) -> bool:
        """Whether a call to a host of Facebook's is about Instagram."""
        return operations.claims(call)

    def operation(self, call: Call) -> str:
        """Return the name of what is asked for, from path, method and parameters."""
        return operations.name(self.accounts, call)

    def wishes(self, call: Call) -> tuple[Wish, ...]:
        """Return the media that a container or an upload points at, once all else about it is right."""
        if call.host == UPLOAD_HOST:
            return uploads.wishes(self.accounts, call)
        if call.method != "POST" or self.operation(call) != "container":
            return ()
        try:
            visit = self._visit(call)
            account_id = self.accounts.account_of(split(call.path)[1].split("/")[1], visit.caller)
            return containers.wishes(self.accounts, visit, account_id) if account_id else ()
        except GraphError:  # refused again, and told, by `answer`
            return ()

    def answer(self, call: Call) -> Answer:
        """Carry the request out."""
        if call.host == FILES_HOST:
            return public.file(self.accounts, call)
        self._answered += 1
        asked, path = split(call.path)
        served = versions.served(asked, call.now)
        caller: Caller | None = None
        try:
            if served is None:
                raise bad_path(call.path)
            if call.host == UPLOAD_HOST:
                answer = uploads.answer(self.accounts, call)
            elif operations.is_exchange(call):
                answer = Answer.json(self._exchange(call, path))
            else:
                visit = self._visit(call)
                caller = visit.caller
                answer = Answer.json(dispatch.carry_out(self.accounts, visit, path))
        except GraphError as error:
            answer = self._refusal(call, error)
        answer.headers |= self._usage(served or versions.CURRENT, caller)
        return answer

    def _visit(self, call: Call) -> Visit:
        given = params.read(call)
        caller = self.accounts.access.check(call, given)
        if "date_format" in given:
            raise bad_parameter("date_format no se admite")
        return Visit(call=call, params=given, caller=caller)

    def _exchange(self, call: Call, path: str) -> Any:
        given, now = params.read(call), call.now
        exchange = self.accounts.access
        if call.host == TOKEN_HOST:
            if (call.method, path) != ("POST", "/oauth/access_token"):
                raise bad_path(path)
            return exchange.first_token(dict(call.form.items()), now)
        if call.method != "GET":
            raise bad_path(path)
        return exchange.refreshed(call, given) if path == "/refresh_access_token" else exchange.long_token(call, given)

    def interrupted(self, call: Call) -> None:
        """Keep what arrived of an upload that broke off."""
        if call.host == UPLOAD_HOST:
            uploads.interrupted(self.accounts, call)

    def _refusal(self, call: Call, error: GraphError) -> Answer:
        if error.code == 190 and call.host == LOGIN_HOST:
            error.kind = "IGApiException"
        answer = Answer.json(error.to_json(self._trace()), status=error.status)
        if error.code in {102, 190}:
            answer.headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{error.code}"'
        return answer

    def _trace(self) -> str:
        return "A" + seeded.letters(self.ground.seed, "instagram trace", self._answered, length=22)

    def _usage(self, version: str, caller: Caller | None, *, calls: int | None = None) -> dict[str, str]:
        used = min(79, self._answered // 20) if calls is None else calls
        shares = {"call_count": used, "total_time": used // 2, "total_cputime": used // 2}
        headers = {
            "facebook-api-version": version,
            "x-fb-trace-id": self._trace()[:11],
            "x-fb-request-id": self._trace(),
            "X-App-Usage": json.dumps(shares),
        }
        if caller is not None and caller.account_id:
            headers["X-Business-Use-Case-Usage"] = _business(caller.account_id, shares, minutes=0)
        return headers

    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return an error of the plan: any code, subcode and status, or a proxy's page.

        A subcode of the sheet's table brings its own code and words.
        """
        if fault.html:
            return error_page(fault.status, "Bad Gateway" if fault.status == 502 else "Error")
        if call.host == UPLOAD_HOST and fault.code is None:
            return uploads.trouble(
                "ProcessingFailedError",
                fault.message or "Request processing failed",
                retriable=True,
                status=fault.status,
            )
        usual = {400: 100, 403: 200, 503: 2}.get(fault.status, 1)
        code = int(fault.code) if fault.code is not None else None
        if code == 190 and fault.message is None:
            error = dead_token(fault.subcode) if fault.subcode else unreadable_token()
            error.status = fault.status
        elif fault.subcode is not None:
            error = refused(fault.subcode, code=code, message=fault.message or "", status=fault.status)
        else:
            code = usual if code is None else code
            text = fault.message or "Se produjo un error desconocido"
            error = GraphError(code, text, status=fault.status, transient=code in {1, 2} or None)
        answer = self._refusal(call, error)
        answer.headers |= self._usage(versions.served(split(call.path)[0], call.now) or versions.CURRENT, None)
        return answer

    def throttled(self, call: Call, fault: Fault) -> Answer:
        """Return 400 with 80002 (or the code of the plan) and the header that says for how long."""
        code = int(fault.code or 80002)
        error = GraphError(code, f"(#{code}) Se hicieron demasiadas llamadas. Espere un momento y vuelva a intentarlo.")
        answer = self._refusal(call, error)
        over = 100 if code in {4, 17, 341} else None
        answer.headers |= self._usage(versions.CURRENT, None, calls=over)
        try:
            account_id = self.accounts.access.check(call, params.read(call)).account_id
        except GraphError:
            account_id = ""
        shares = {"call_count": 100, "total_time": 23, "total_cputime": 23}
        owner = account_id or self.accounts.world.account_id
        answer.headers["X-Business-Use-Case-Usage"] = _business(owner, shares, minutes=fault.minutes)
        if fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer

    def tick(self, now: datetime) -> None:
        """End stories and dead uploads."""
        self.accounts.tick(now)

    def describe(self) -> InstagramWorld:
        """Return the accounts and their tokens."""
        return self.accounts.world

    def cards(self) -> list[Card]:
        """Return the visible media, the newest first."""
        return public.cards(self.accounts, self.title)

    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor comment on a visible medium; `remote_id` may be a medium or a comment."""
        return public.add_comment(self.accounts, author, text, remote_id=remote_id, pick=pick)

    def public_file(self, host: str, path: str) -> Medium | None:
        """Return the medium behind an address of the file host."""
        media = public.file_of(self.accounts, host, path)
        return media.medium if media else None


def _business(owner: str, shares: dict[str, int], *, minutes: int) -> str:
    return json.dumps({owner: [{"type": "instagram", **shares, "estimated_time_to_regain_access": minutes}]})
