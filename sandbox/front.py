"""The WSGI application: finds the platform of a request, applies the fault plan, sends the answer."""

import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from werkzeug.exceptions import ClientDisconnected, HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from sandbox.control import Control
from sandbox.door import ConnectionCut
from sandbox.exchange import Answer, Call, Effects, Upload
from sandbox.faults import Fault, Match
from sandbox.imitation import Imitation
from sandbox.media import Incoming

if TYPE_CHECKING:
    from sandbox.server import Sandbox

logger = logging.getLogger("sandbox")

_JSON_LIMIT = 64 * 1024 * 1024
_FORM_LIMIT = _JSON_LIMIT
_NOTICE = b"<br />\n<b>Notice</b>:  Undefined variable $popup in <b>/srv/plugin.php</b> on line <b>42</b><br />\n"
_STARTING = "<!doctype html><html><head><title>Un momento</title></head><body><h1>Un momento…</h1></body></html>"


class Front:
    """One sandbox as a WSGI application."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._control = Control(sandbox)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request. Raises ConnectionCut when the plan says so."""
        request = Request(environ)
        host, _, rest = request.path.lstrip("/").partition("/")
        known = self._sandbox.imitation_of(host) is not None
        address = f"http://{request.host}"
        try:
            if known:
                response = self._imitate(request, host, "/" + rest)
            else:
                response = _response(self._control.answer(request, address), environ)
        except ConnectionCut:
            raise
        except Exception:
            logger.exception("sandbox.bug")
            response = _response(
                Answer.json({"sandbox": "error propio del ensayo; vea el registro"}, status=500), environ
            )
        return response(environ, start_response)

    def _imitate(self, request: Request, host: str, path: str) -> Response:
        sandbox = self._sandbox
        received: list[Incoming] = []
        try:
            call = self._read(request, host, path, received)
            with sandbox.lock:
                imitation = sandbox.imitation_for(call)
                operation = imitation.operation(call)
                if call.cut_short:
                    self._break_off(imitation, call, operation)
                facts = Match(platform=imitation.name, host=host, method=call.method, path=path, operation=operation)
                faults = sandbox.dice.throw(facts)
                entry = sandbox.remember(
                    at=call.now.isoformat(),
                    host=host,
                    method=call.method,
                    path=path,
                    operation=operation,
                    status=None,
                    faults=[fault.kind for fault in faults],
                )
            call.effects = _effects(faults)
            return self._strike(imitation, call, faults, entry, request.environ)
        finally:
            for incoming in received:
                incoming.discard()

    def _break_off(self, imitation: Imitation, call: Call, operation: str) -> NoReturn:
        self._sandbox.remember(
            at=call.now.isoformat(),
            host=call.host,
            method=call.method,
            path=call.path,
            operation=operation,
            status=None,
            faults=[],
        )
        call.now = self._sandbox.clock()
        imitation.tick(call.now)
        imitation.interrupted(call)
        raise ConnectionCut

    def _strike(
        self,
        imitation: Imitation,
        call: Call,
        faults: tuple[Fault, ...],
        entry: dict[str, Any],
        environ: dict[str, Any],
    ) -> Response:
        self._wait(faults, "before")
        main = next((fault for fault in faults if fault.settles), None)
        kind = main.kind if main else ""
        if kind == "drop_before":
            raise ConnectionCut
        refused = kind in {"status_before", "throttle"}
        if not refused:
            self._fetch(imitation, call)
        with self._sandbox.lock:
            if main and refused:
                answer = imitation.throttled(call, main) if kind == "throttle" else imitation.failure(call, main)
            else:
                call.now = self._sandbox.clock()
                imitation.tick(call.now)
                answer = imitation.answer(call)
                if main and kind == "status_after":
                    answer = imitation.failure(call, main)
        self._wait(faults, "after")
        entry["status"] = answer.status
        if kind == "drop_after":
            entry["status"] = None
            raise ConnectionCut
        if kind == "html":
            answer = Answer.html(_STARTING)
        if kind == "junk_before_json" and isinstance(answer.body, bytes):
            answer.body = _NOTICE + answer.body
        return _response(answer, environ, cut=main.how if main and kind == "truncated" else None)

    def _fetch(self, imitation: Imitation, call: Call) -> None:
        with self._sandbox.lock:
            wishes = imitation.wishes(call)
        for wish in wishes:
            call.fetched[wish.url] = self._sandbox.fetch(wish)

    def _wait(self, faults: tuple[Fault, ...], when: str) -> None:
        seconds = sum(fault.seconds or 0 for fault in faults if fault.kind == "slow" and fault.when == when)
        if seconds:
            self._sandbox.closing.wait(seconds)

    def _read(self, request: Request, host: str, path: str, received: list[Incoming]) -> Call:
        call = Call(
            host=host,
            method=request.method,
            path=path,
            query=request.args,
            headers=request.headers,
            now=self._sandbox.clock(),
            target=_target(request),
        )
        try:
            # The form parser wants files of the io module; an Incoming is one.
            if call.content_type == "application/json":
                _read_json(call, _whole(request, _JSON_LIMIT))
            elif call.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
                self._read_form(call, request, received)
            elif request.content_length or "wsgi.input_terminated" in request.environ:
                call.body = self._sandbox.store.incoming()
                received.append(call.body)
                self._sandbox.store.receive(request.stream, call.body)
        except ClientDisconnected:
            call.cut_short = True
        return call

    def _read_form(self, call: Call, request: Request, received: list[Incoming]) -> None:
        def open_file(*_args: Any, **_kwargs: Any) -> Any:
            incoming = self._sandbox.store.incoming()
            received.append(incoming)
            return incoming

        stream: IO[bytes] = request.stream
        if call.content_type == "application/x-www-form-urlencoded":
            sent = _whole(request, _FORM_LIMIT)
            call.form_text, stream = sent.decode("latin-1"), io.BytesIO(sent)
        parser = FormDataParser(stream_factory=open_file, silent=True)
        try:
            _rest, call.form, files = parser.parse(
                stream, request.mimetype, request.content_length, request.mimetype_params
            )
            call.files = tuple(
                Upload(
                    field=field,
                    filename=file.filename or "",
                    content_type=file.content_type or "",
                    incoming=_incoming(file.stream, received),
                )
                for field, file in files.items(multi=True)
            )
        except ClientDisconnected:
            raise
        except (HTTPException, ValueError):
            return


def _target(request: Request) -> str:
    """Return path and query below the host, undecoded."""
    return "/" + str(request.environ.get("RAW_URI", "")).lstrip("/").partition("/")[2]


def _incoming(stream: IO[bytes], received: list[Incoming]) -> Incoming:
    return next(incoming for incoming in received if incoming is stream)


def _whole(request: Request, limit: int) -> bytes:
    """Return the body, or as much of it as the limit allows. Raises ClientDisconnected for half of one."""
    sent = request.stream.read(limit)
    if len(sent) < min(limit, request.content_length or 0):
        raise ClientDisconnected
    return sent


def _read_json(call: Call, text: bytes) -> None:
    if not text.strip():
        return
    try:
        call.json = json.loads(text)
    except ValueError:
        call.json_broken = True


def _effects(faults: tuple[Fault, ...]) -> Effects:
    hidden = next((fault for fault in faults if fault.kind == "hidden_in_lists"), None)
    polls = next((fault.polls for fault in faults if fault.kind == "processing"), None)
    expired = next((fault for fault in faults if fault.kind == "expired_token"), None)
    error = next((fault for fault in faults if fault.kind == "processing_error"), None)
    return Effects(
        hidden_seconds=hidden.seconds if hidden else None,
        hidden_reads=hidden.reads if hidden else None,
        processing_polls=polls,
        token_subcode=(463 if expired.subcode is None else expired.subcode) if expired else None,
        processing_error=(error.subcode or 0) if error else None,
        manners=frozenset(fault.name for fault in faults if fault.kind == "manner" and fault.name),
    )


def _response(answer: Answer, environ: dict[str, Any], *, cut: str | None = None) -> Response:
    response = Response(status=answer.status)
    response.headers["Content-Type"] = answer.content_type
    for name, value in answer.headers.items():
        response.headers[name] = value
    if isinstance(answer.body, Path):
        response.headers["Content-Length"] = str(answer.body.stat().st_size)
        if environ["REQUEST_METHOD"] != "HEAD":
            response.response = wrap_file(environ, answer.body.open("rb"))
            response.direct_passthrough = True
        return response
    whole = answer.body
    half = whole[: len(whole) // 2]
    if cut is None:
        response.set_data(whole)
    elif cut == "body":
        response.set_data(half)
    else:
        if cut == "length":
            response.headers["Content-Length"] = str(len(whole))
        response.response = _broken_off(half)
    if environ["REQUEST_METHOD"] == "HEAD" and cut is None:
        response.headers["Content-Length"] = str(len(whole))
    return response


def _broken_off(half: bytes) -> Iterator[bytes]:
    yield half
    raise ConnectionCut
