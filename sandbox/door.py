"""The HTTP side: keep-alive connections, connections cut on purpose, no log of paths or tokens."""

import logging
import socket
import threading
from collections.abc import Iterable
from io import BufferedIOBase
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

logger = logging.getLogger("sandbox")

_DRAIN = 64 * 1024 * 1024
"""A body that nobody read is drained up to this size so that the connection can live on."""


class ConnectionCut(Exception):  # an order to the door, not an error
    """Close the connection now, without (the rest of) an answer."""


class _Counted:
    """The request's body, never read past its end: the next request follows on the same connection."""

    def __init__(self, source: BufferedIOBase, length: int) -> None:
        self._source = source
        self.left = length

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(self.left if size is None or size < 0 else min(size, self.left))
        self.left = self.left - len(data) if data else 0
        return data

    def readline(self, size: int = -1) -> bytes:
        data = self._source.readline(self.left if size is None or size < 0 else min(size, self.left))
        self.left = self.left - len(data) if data else 0
        return data


class Door(WSGIRequestHandler):
    """One connection. Unlike Werkzeug's own handler it keeps HTTP/1.1 connections open."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 120

    def setup(self) -> None:
        """Register the connection so that closing the server ends it."""
        super().setup()
        if isinstance(self.server, Doors):
            self.server.opened(self.connection)

    def finish(self) -> None:
        """Forget the connection."""
        if isinstance(self.server, Doors):
            self.server.closed(self.connection)
        try:
            super().finish()
        except OSError:  # the client went away with an answer still to send: the other half is left open then
            self.rfile.close()

    def make_environ(self) -> dict[str, Any]:
        """Return the request's environment, with header names that Werkzeug leaves out: Meta's `file_size`."""
        environ = super().make_environ()
        for name, value in self.headers.items():
            if "_" in name:
                environ["HTTP_" + name.upper()] = value
        return environ

    def run_wsgi(self) -> None:
        """Answer one request."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        self.environ = environ = self.make_environ()
        body: _Counted | None = None
        if "wsgi.input_terminated" in environ:
            self.close_connection = True
        else:
            body = _Counted(self.rfile, int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = body
        try:
            self._send(self.server.app, environ)
            self._drain(body)
        except ConnectionCut:
            self._cut()
        except OSError:
            self.close_connection = True

    def _send(self, app: Any, environ: dict[str, Any]) -> None:
        head: list[Any] = []
        parts: Iterable[bytes] = app(environ, lambda status, headers, _trouble=None: head.extend((status, headers)))
        try:
            status, headers = head
            names = {name.lower() for name, _ in headers}
            chunked = "content-length" not in names and environ["REQUEST_METHOD"] != "HEAD"
            code, _, phrase = status.partition(" ")
            self.send_response(int(code), phrase)
            for name, value in headers:
                self.send_header(name, value)
            if chunked:
                self.send_header("Transfer-Encoding", "chunked")
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            for part in parts:
                if part:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()
        finally:
            if hasattr(parts, "close"):
                parts.close()

    def _drain(self, body: _Counted | None) -> None:
        if body is None or body.left == 0:
            return
        if body.left > _DRAIN:
            self.close_connection = True
            return
        while body.left and body.read(1 << 16):
            pass

    def _cut(self) -> None:
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: paths and queries hold tokens."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ARG002  # Werkzeug's names
        """Log that the door had trouble, never with what."""
        logger.debug("sandbox.door %s", type)


class Doors(ThreadedWSGIServer):
    """The listening socket and the connections open on it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, listener: socket.socket, app: Any) -> None:
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        host, port = listener.getsockname()[:2]
        # Werkzeug takes the socket by its number: binding itself, it would end the process on a busy port.
        super().__init__(host, port, app, handler=Door, fd=listener.fileno())

    def opened(self, connection: socket.socket) -> None:
        """Note an open connection."""
        with self._guard:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._guard:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """End all connections."""
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  # the server's names
        """Clients that go away are part of the rehearsal."""
        logger.debug("sandbox.connection_lost")
