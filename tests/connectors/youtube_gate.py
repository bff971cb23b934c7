"""A gate between connector and sandbox that counts what passes, and breaks a connection where it is told to."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from sandbox import SandboxServer

_BLOCK = 65_536


@dataclass
class Gate:
    """`received`: bytes of chunks that came in so far. `cut_at`: of so many the connection breaks, once."""

    server: SandboxServer
    routes: dict[str, str] = field(default_factory=dict)
    received: int = 0
    cut_at: int | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    hold: threading.Event | None = None
    chunks: list[str] = field(default_factory=list)


@contextmanager
def gate(server: SandboxServer) -> Iterator[Gate]:
    """Open a gate before the sandbox."""
    opened = Gate(server)
    behind = urlsplit(server.address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            connection = http.client.HTTPConnection(behind.hostname or "", behind.port, timeout=30)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            is_chunk = self.command == "PUT" and size > 0 and "upload_id" in self.path
            if is_chunk:
                opened.chunks.append(self.headers["Content-Range"].removeprefix("bytes "))
            while size:
                block = self.rfile.read(min(_BLOCK, size))
                if not block:
                    break
                size -= len(block)
                opened.received += len(block) * is_chunk
                if is_chunk and opened.cut_at is not None and opened.received >= opened.cut_at:
                    opened.cut_at = None
                    opened.reached.set()
                    if opened.hold is not None:
                        opened.hold.wait(20)
                    connection.close()
                    self.close_connection = True
                    return
                connection.send(block)
            response = connection.getresponse()
            content = response.read()
            self.send_response_only(response.status)
            for name, value in response.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815  (http.server looks for these names)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_arguments: object) -> None:
            """A client that was killed is no news."""

    listening = Server(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{listening.server_port}"
    opened.routes = {source: address + urlsplit(target).path for source, target in server.routes.items()}
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
