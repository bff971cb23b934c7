"""Flickr as a whole: hosts, formats, planned failures."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from sandbox.exchange import Answer, Call, error_page
from sandbox.faults import Fault
from sandbox.flickr import documents, groups, methods, operations, params, public
from sandbox.flickr.access import Gate
from sandbox.flickr.documents import Element
from sandbox.flickr.errors import GENERAL, Failure, OAuthProblem
from sandbox.flickr.stream import (
    API_HOST,
    FILES_HOST,
    PLATFORM,
    SHORT_HOST,
    UPLOAD_HOST,
    WEB_HOST,
    Photostreams,
    Visit,
)
from sandbox.flickr.uploads import Uploads
from sandbox.flickr.world import FlickrWorld
from sandbox.imitation import Card, Ground, Imitation
from sandbox.media import Medium

_OUTAGE = frozenset({0, 201})
_REASONS = {413: "Request Entity Too Large", 429: "Too Many Requests", 502: "Bad Gateway", 504: "Gateway Time-out"}


class FlickrImitation(Imitation):
    """Flickr."""

    name: ClassVar[str] = PLATFORM
    title: ClassVar[str] = "Flickr"
    hosts: ClassVar[tuple[str, ...]] = (API_HOST, UPLOAD_HOST, WEB_HOST, FILES_HOST, SHORT_HOST)
    operations: ClassVar[frozenset[str]] = operations.OPERATIONS

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.streams = Photostreams(ground)
        self.uploads = Uploads(self.streams)
        self.methods = methods.table(self.uploads)
        self.gate = Gate(self.streams)

    def operation(self, call: Call) -> str:
        """Return the name of what is asked for."""
        return operations.name(self.methods, call)

    def answer(self, call: Call) -> Answer:
        """Carry the request out."""
        if call.host == API_HOST and call.path == operations.REST:
            return self._rest(call)
        if call.host == UPLOAD_HOST and call.path in operations.UPLOADS:
            return self._upload(call)
        if call.host == WEB_HOST and call.path.startswith(operations.LOGIN):
            return self.gate.login(call)
        if call.host in {API_HOST, UPLOAD_HOST}:
            return error_page(404, "Not Found")
        return public.answer(self.streams, call)

    def _rest(self, call: Call) -> Answer:
        args = params.read(call)
        if call.method not in {"GET", "POST"}:
            return error_page(405, "Method Not Allowed")
        form = args.get("format", "rest")
        if form not in {"rest", "json"}:
            return documents.fail_xml(111, f'Format "{form}" not found')
        try:
            return self._ok(args, self._carry_out(call, args))
        except OAuthProblem as problem:
            return problem.to_answer()
        except Failure as failure:
            return self._fail(args, failure)

    def _carry_out(self, call: Call, args: dict[str, str]) -> Element | None:
        viewer = self.gate.viewer(call, args)
        name = args.get("method", "")
        method = self.methods.get(name.removeprefix("flickr.")) if name.startswith("flickr.") else None
        if method is None:
            raise Failure(112, f'Method "{name}" not found')
        if method.perms:
            self.gate.require(viewer, method.perms)
        params.check_names(args, method.takes)
        return method.act(self.streams, Visit(call, args, viewer))

    def _upload(self, call: Call) -> Answer:
        """Answer always in XML, whatever `format` says."""
        if call.method != "POST":
            return error_page(405, "Method Not Allowed")
        args = params.read(call)
        act: Callable[[Visit], Element] = (
            self.uploads.replace if call.path == operations.REPLACE else self.uploads.upload
        )
        try:
            viewer = self.gate.viewer(call, args)
            self.gate.require(viewer, "write")
            return documents.ok_xml(act(Visit(call, args, viewer)))
        except OAuthProblem as problem:
            return problem.to_answer()
        except Failure as failure:
            return documents.fail_xml(failure.code, failure.message, extras=failure.extras, **failure.attributes)

    def _ok(self, args: dict[str, str], root: Element | None) -> Answer:
        return documents.ok_json(root, callback=_callback(args)) if _is_json(args) else documents.ok_xml(root)

    def _fail(self, args: dict[str, str], failure: Failure) -> Answer:
        if _is_json(args):
            return documents.fail_json(failure.code, failure.message, callback=_callback(args))
        return documents.fail_xml(failure.code, failure.message)

    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return an error of the plan.

        With a number as `code`: `stat=fail` under HTTP 200 (any other `status` than 500 is kept), in the other format
        than was asked for 0 and 201, as on outages. With a name as `code`, or status 401: an OAuth problem. Otherwise
        a proxy's page, because with other statuses there is nothing else.
        """
        if not fault.html and (isinstance(fault.code, str) or (fault.status == 401 and fault.code is None)):
            return OAuthProblem(str(fault.code or "token_rejected")).to_answer()
        if fault.html or fault.code is None:
            page = error_page(fault.status, _REASONS.get(fault.status, "Error"))
            return _later(page, fault)
        answer = self._planned(call, int(fault.code), fault.message)
        answer.status = 200 if fault.status == 500 else fault.status
        return answer

    def _planned(self, call: Call, code: int, message: str | None) -> Answer:
        text = message or GENERAL.get(code, "Error")
        args = params.read(call)
        as_json = _is_json(args) and call.host != UPLOAD_HOST
        if as_json is not (code in _OUTAGE):
            return documents.fail_json(code, text, callback="" if code in _OUTAGE else _callback(args))
        return documents.fail_xml(code, text)

    def throttled(self, call: Call, fault: Fault) -> Answer:
        """Return 429 with an HTML page; with `code` the method's own "too many": upload 14, comment 9, pool 5."""
        if fault.code is not None:
            return self._planned(call, int(fault.code), fault.message)
        return _later(error_page(429, _REASONS[429]), fault)

    def tick(self, now: datetime) -> None:
        """Finish uploads and videos, let admins of groups decide."""
        self.uploads.tick(now)
        self.streams.finish_videos(now)
        groups.tick(self.streams, now)

    def describe(self) -> FlickrWorld:
        """Return the accounts, keys, tokens and groups."""
        return self.streams.world

    def cards(self) -> list[Card]:
        """Return the public photos, the newest first."""
        return public.cards(self.streams, self.title)

    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor comment on a public photo; `remote_id` may be a photo or a comment."""
        return public.add_comment(self.streams, author, text, remote_id=remote_id, pick=pick)

    def public_file(self, host: str, path: str) -> Medium | None:
        """Return the photo behind an address of the file host."""
        return public.original_at(self.streams, host, path)


def _is_json(args: dict[str, str]) -> bool:
    return args.get("format") == "json"


def _callback(args: dict[str, str]) -> str:
    return "" if args.get("nojsoncallback") == "1" else args.get("jsoncallback", "jsonFlickrApi")


def _later(page: Answer, fault: Fault) -> Answer:
    """Rate headers have not been seen; the plan may ask for one all the same."""
    if fault.retry_after is not None:
        page.headers["Retry-After"] = str(fault.retry_after)
    return page
