"""The notice board of the example plug-in in connectors/README.md: its API over real HTTP, with faults on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox import Write

BOARD, TOKEN = "b-17", "clave-del-mural-0001"
API = "https://api.mural.example"


_METHODS = ("do_GET", "do_PUT", "do_PATCH", "do_DELETE")


@dataclass(frozen=True, slots=True)
class Fault:
    """How the next matching request goes wrong; the kinds are those of sandbox/faults.py."""

    kind: str
    operation: str | None
    settings: dict[str, Any]


@dataclass
class Board:
    """The notices, what the public saw happen, and the faults to come. `more`: what else it says of itself."""

    address: str = ""
    notices: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def routes(self) -> dict[str, str]:
        return {API: self.address}

    def answer(self, method: str, path: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Carry a request out; return status and body."""
        if (method, path) == ("GET", "/v1/board"):
            return 200, {"id": BOARD, "name": "Mural de la sede central", **self.more}
        key = path.removeprefix("/v1/notices/")
        notice = self.notices.get(key)
        if method == "PUT" and set(content) == {"text", "link"}:
            if notice and notice["public"]:
                return 409, {"error": "public"}
            url = f"https://mural.example/{BOARD}/{key}"
            notice = self.notices[key] = {"key": key, **content, "public": False, "url": url}
        elif notice is None:
            return 404, {"error": "no such notice"}
        elif (method, content) == ("PATCH", {"public": True}):
            if not notice["public"]:
                notice["public"] = True
                self._seen(notice)
        elif method == "DELETE":
            was_public = self.notices.pop(key)["public"]
            if was_public:
                self._seen(notice | {"public": False})
            return 200, {}
        elif method != "GET":
            return 400, {"error": "what?"}
        return 200, notice

    def _seen(self, notice: dict[str, Any]) -> None:
        write = Write(
            seq=len(self.writes) + 1,
            at=datetime.now(UTC),
            platform="mural",
            account=BOARD,
            remote_id=notice["key"],
            kind="notice",
            text=notice["text"],
            media=(),
            visible=notice["public"],
        )
        self.writes.append(write)

    def next_fault(self, operation: str) -> Fault | None:
        """Return the fault meant for this request, once."""
        fault = next((each for each in self.faults if each.operation in (None, operation)), None)
        if fault is not None:
            self.faults.remove(fault)
        return fault


@contextmanager
def serve_board() -> Iterator[Board]:
    """Serve a board on a port of its own."""
    board = Board()
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"board": board, **dict.fromkeys(_METHODS, _Handler.serve)})
    )
    board.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield board
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    board: Board

    def serve(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        operation = {"GET": "find", "PUT": "stage", "PATCH": "publish", "DELETE": "delete"}[self.command]
        fault = self.board.next_fault(operation) or Fault("", None, {})
        settings = fault.settings
        if fault.kind == "drop_before":
            return
        if fault.kind == "status_before":
            self._answer(settings["status"], b"<html>No</html>", kind="text/html")
            return
        if fault.kind == "throttle":
            self._answer(429, b'{"error": "slow down"}', {"Retry-After": str(settings["retry_after"])})
            return
        if fault.kind == "expired_token" or self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, json.dumps({"error": f"bad token: {self.headers.get('Authorization')}"}).encode())
            return
        status, answer = self.board.answer(self.command, self.path, content)
        body = json.dumps(answer).encode()
        if fault.kind == "drop_after":
            return
        if fault.kind == "status_after":
            self._answer(settings["status"], b'{"error": "later"}')
        elif fault.kind == "html":
            self._answer(200, b"<html>Un momento</html>", kind="text/html")
        elif fault.kind == "truncated":
            self._truncated(settings["how"], body)
        else:
            self._answer(status, body)

    def _truncated(self, how: str, body: bytes) -> None:
        half = body[: len(body) // 2]
        if how == "body":
            self._answer(200, half)
        elif how == "length":
            self._answer(200, half, {"Content-Length": str(len(body))})
        else:
            self._answer(200, b"%x\r\n%s\r\n" % (len(half), half), {"Transfer-Encoding": "chunked"})

    def _answer(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, kind: str = "application/json"
    ) -> None:
        headers = {"Content-Type": kind, **(headers or {})}
        if "Transfer-Encoding" not in headers:
            headers.setdefault("Content-Length", str(len(body)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's own name)
        """Say nothing."""
