"""The WSGI application: finds the platform of a request, applies the fault plan, sends the answer."""

import contextlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
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
        imitation = self._sandbox.imitation_of(host)
        address = f"http://{request.host}"
        try:
            if imitation is None:
                response = _response(self._control.answer(request, address), environ)
            else:
                response = self._imitate(imitation, request, host, "/" + rest)
        except ConnectionCut:
            raise
        except Exception:
            logger.exception("sandbox.bug")
            response = _response(
                Answer.json({"sandbox": "error propio del ensayo; vea el registro"}, status=500), environ
            )
        return response(environ, start_response)

    def _imitate(self, imitation: Imitation, request: Request, host: str, path: str) -> Response:
        sandbox = self._sandbox
        received: list[Incoming] = []
        try:
            call = self._read(request, host, path, received)
            with sandbox.lock:
                operation = imitation.operation(call)
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
        with self._sandbox.lock:
            if main and kind in {"status_before", "throttle"}:
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
        )
        # The form parser wants files of the io module; an Incoming is one.
        if call.content_type == "application/json":
            _read_json(call, request.stream)
        elif call.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            self._read_form(call, request, received)
        elif request.content_length or "wsgi.input_terminated" in request.environ:
            call.body = self._sandbox.store.receive(request.stream)
            received.append(call.body)
        return call

    def _read_form(self, call: Call, request: Request, received: list[Incoming]) -> None:
        def open_file(*_args: Any, **_kwargs: Any) -> Any:
            incoming = self._sandbox.store.incoming()
            received.append(incoming)
            return incoming

        parser = FormDataParser(stream_factory=open_file, silent=True)
        with contextlib.suppress(HTTPException, ValueError):
            _rest, call.form, files = parser.parse(
                request.stream, request.mimetype, request.content_length, request.mimetype_params
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


def _incoming(stream: IO[bytes], received: list[Incoming]) -> Incoming:
    return next(incoming for incoming in received if incoming is stream)


def _read_json(call: Call, stream: IO[bytes]) -> None:
    text = stream.read(_JSON_LIMIT)
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
    return Effects(
        hidden_seconds=hidden.seconds if hidden else None,
        hidden_reads=hidden.reads if hidden else None,
        processing_polls=polls,
        token_subcode=(463 if expired.subcode is None else expired.subcode) if expired else None,
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
