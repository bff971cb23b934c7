"""A small S3-like bucket on loopback: it verifies Signature Version 4 itself, from AWS' description of the algorithm.

"Authenticating Requests (AWS Signature Version 4)", header form: canonical request → string to sign → signing key, one
HMAC a step. Nothing here comes from the library under test. Anybody may read an object; only a signed request writes.
"""

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ACCESS_KEY = "AKIDEXAMPLE0000"
SECRET_KEY = "secreto/de+prueba"
REGION = "sa-east-1"
_LATE = timedelta(minutes=15)


@dataclass
class Shelf:
    """What the bucket holds, and what was asked of it.

    `failure`: the next signed request is answered so. `forgets`: it takes bytes and keeps none, for large ones.
    """

    address: str = ""
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    forgets: bool = False
    taken: int = 0
    failure: tuple[int, str] | None = None


class Refused(Exception):
    """The request is answered with this status and S3 code."""


@contextmanager
def bucket() -> Iterator[Shelf]:
    """Run a bucket; its address is that of the bucket, by path."""
    shelf = Shelf()

    class Handler(_Handler):
        store = shelf

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shelf.address = f"http://127.0.0.1:{server.server_address[1]}/prensa"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield shelf
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    store: Shelf
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = self.store.objects.get(unquote(urlsplit(self.path).path))
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, found[0], found[1])

    def do_PUT(self) -> None:
        self._signed(self._put)

    def do_DELETE(self) -> None:
        self._signed(self._delete)

    def _signed(self, act: Callable[[bytes], None]) -> None:
        body, digest = self._body()
        self.store.asked.append((self.command, self.path))
        planned, self.store.failure = self.store.failure, None
        try:
            verify(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, digest)
        except Refused as refused:
            planned = refused.args
        if planned is None:
            act(body)
        else:
            self._answer(planned[0], f"<?xml version='1.0'?><Error><Code>{planned[1]}</Code></Error>".encode())

    def _put(self, body: bytes) -> None:
        self.store.objects[unquote(urlsplit(self.path).path)] = (body, self.headers.get("Content-Type", ""))
        self._answer(200, b"")

    def _delete(self, _body: bytes) -> None:
        self.store.objects.pop(unquote(urlsplit(self.path).path), None)
        self._answer(204, b"")

    def _body(self) -> tuple[bytes, str]:
        left, body, digest = int(self.headers.get("Content-Length", "0")), bytearray(), hashlib.sha256()
        while left:
            piece = self.rfile.read1(min(left, 1 << 16))
            digest.update(piece)
            self.store.taken += len(piece)
            left -= len(piece)
            if not self.store.forgets:
                body += piece
        return bytes(body), digest.hexdigest()

    def _answer(self, status: int, body: bytes, kind: str = "application/xml") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's own name)
        """Say nothing."""


def signing_key(secret: str, *scope: str) -> bytes:
    """Return the key of a day, region and service: one HMAC a step."""
    key = f"AWS4{secret}".encode()
    for part in (*scope, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def verify(method: str, target: str, headers: dict[str, str], body_digest: str) -> None:
    """Raise Refused unless the request is signed with our key, in time, over a body of this SHA-256."""
    algorithm, _, rest = headers.get("authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if algorithm != "AWS4-HMAC-SHA256" or set(parts) != {"Credential", "SignedHeaders", "Signature"}:
        raise Refused(403, "AccessDenied")
    access_key, day, region, service, end = parts["Credential"].split("/")
    moment = headers.get("x-amz-date", "")
    signed = parts["SignedHeaders"].split(";")
    if (access_key, service, end) != (ACCESS_KEY, "s3", "aws4_request"):
        raise Refused(403, "InvalidAccessKeyId")
    if region != REGION:
        raise Refused(400, "AuthorizationHeaderMalformed")
    at = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if day != moment[:8] or abs(datetime.now(UTC) - at) > _LATE:
        raise Refused(403, "RequestTimeTooSkewed")
    due = {name for name in headers if name.startswith("x-amz-")} | {"host"}
    if signed != sorted(signed) or not due <= set(signed):
        raise Refused(403, "AccessDenied")
    digest = headers.get("x-amz-content-sha256", "")
    url = urlsplit(target)
    query = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(url.query, keep_blank_values=True)
    )
    canonical = "\n".join(
        (
            method,
            quote(unquote(url.path), safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in query),
            "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in signed),
            ";".join(signed),
            digest,
        )
    )
    scope = f"{day}/{region}/s3/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = signing_key(SECRET_KEY, day, region, "s3")
    if not hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), parts["Signature"]):
        raise Refused(403, "SignatureDoesNotMatch")
    if digest != body_digest:
        raise Refused(400, "XAmzContentSHA256Mismatch")
