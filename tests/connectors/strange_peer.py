"""A platform that answers what it likes, over real HTTP on loopback, for the tests of what no sheet describes."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HUGE = 10**400
# What JSON can hold and Python's numbers, dates and addresses cannot, besides every plain type in the wrong place.
# `Infinity` is how Python writes the number that 1e999 is read as.
STRANGE: tuple[Any, ...] = (
    None,
    True,
    -7,
    HUGE,
    float("inf"),
    "",
    "x/../y?z=1",
    "0001-01-01T00:00:00+1400",
    [],
    [[]],
    [None],
    {},
    {"data": 7, "id": {}},
)

Query = dict[str, str]
Answer = Callable[[str, Query], Any]


@dataclass
class Peer:
    """`answers`: path (without host) → JSON, or what makes it of the method and the query; bytes go out as they are."""

    answers: dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, Query]] = field(default_factory=list)
    port: int = 0

    def routes(self, *hosts: str) -> dict[str, str]:
        """Return the routes that lead these hosts here."""
        return dict.fromkeys(hosts, f"http://127.0.0.1:{self.port}")

    def answer(self, method: str, path: str, query: Query) -> bytes:
        self.asked.append((method, path, query))
        found = self.answers.get(f"{method} {path}", self.answers.get(path))
        if callable(found):
            found = found(method, query)
        return found if isinstance(found, bytes) else json.dumps(found).encode()


@contextmanager
def answering(answers: dict[str, Any], **settings: Any) -> Iterator[Peer]:
    """Run a peer for as long as the `with` lasts."""
    peer = Peer(answers, **settings)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # thousands of answers, each of which would wait 40 ms for its own head to be acknowledged
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            if "form" in str(self.headers.get("Content-Type")):
                query |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            content = peer.answer(self.command, parts.path, query)
            self.send_response(peer.status)
            for name, value in ({"Content-Type": "application/json; charset=UTF-8"} | peer.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815  (the base's names)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    peer.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def misshapen(answers: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the answers with one value after the other replaced by each strange one, and where that was."""
    for path, answer in answers.items():
        for place in _places(answer):
            for strange in STRANGE:
                yield f"{path} {place} = {str(strange)[:20]}", answers | {path: _replaced(answer, place, strange)}


def _places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inside:
        yield from _places(part, (*here, name))


def _replaced(answer: Any, place: tuple[Any, ...], strange: Any) -> Any:
    if not place:
        return strange
    copy = deepcopy(answer)
    inner = copy
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = strange
    return copy
