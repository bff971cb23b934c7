"""The one door to the network: every client library runs on a `requests.Session` opened here.

It sets time-outs and a bound on the whole call, caps answers, follows no redirect (a redirected POST becomes a GET,
and credentials would travel to another host), reads no netrc, re-routes hosts (VOCERO_ROUTES), and turns transport
failures into the errors of the house, by whether the call was the visible write.
"""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError, SSLError
from urllib3.exceptions import HTTPError as TransportError

from connectors.errors import ConnectorError, Misconfigured, OutcomeUnknown, Unavailable
from connectors.redaction import redacted
from core.platforms import Platform

_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer as they travelled, secrets and all: in no repr. `url` is the platform's own address.

    `sent` is empty where a file was streamed.
    """

    method: str
    url: str = field(repr=False)
    sent_headers: Mapping[str, str] = field(repr=False)
    sent: bytes = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """How calls leave. Times are per call; `routes` maps `https://host` to where its traffic goes instead.

    `closed`: only routed hosts may be reached, so that a rehearsal cannot touch the real platforms. `witness` is told
    every exchange that was answered (for recording; what it raises ends the call).
    """

    routes: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False
    connect_timeout: timedelta = timedelta(seconds=10)
    read_timeout: timedelta = timedelta(seconds=60)
    whole_call: timedelta = timedelta(seconds=120)
    largest_answer: int = 8 * 1024 * 1024
    ca_bundle: str | None = None
    proxy: str | None = None
    user_agent: str = "Vocero/0.1"
    witness: Callable[[Exchange], None] | None = field(default=None, repr=False)


_visible_write: ContextVar[bool] = ContextVar("visible_write", default=False)


@contextmanager
def visible_write() -> Iterator[None]:
    """Mark the calls inside as the write that the public sees: a lost answer becomes OutcomeUnknown."""
    mark = _visible_write.set(True)
    try:
        yield
    finally:
        _visible_write.reset(mark)


def is_visible_write() -> bool:
    """Tell whether the current call is the write that the public sees."""
    return _visible_write.get()


def open_session(
    door: Door, platform: Platform, *, secrets: tuple[str, ...] = (), headers: Mapping[str, str] | None = None
) -> requests.Session:
    """Return a session that speaks through the door. One per account and thread: sessions are not shared."""
    session = _Session()
    session.headers["User-Agent"] = door.user_agent
    session.headers.update(headers or {})
    if door.ca_bundle:
        session.verify = door.ca_bundle
    if door.proxy:
        session.proxies = {"http": door.proxy, "https": door.proxy}
    adapter = DoorAdapter(door, platform, secrets)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _Session(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # a ~/.netrc would replace our Authorization header

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  (requests' own signature)
        """Follow nothing: the connector sees the 3xx itself."""
        return


class DoorAdapter(HTTPAdapter):
    """What carries the calls of a session through the door."""

    def __init__(self, door: Door, platform: Platform, secrets: tuple[str, ...]) -> None:
        super().__init__(max_retries=0)
        self._door = door
        self._platform = platform
        self._secrets = secrets
        self._routes = sorted(
            ((source.rstrip("/"), target.rstrip("/")) for source, target in door.routes.items()),
            key=lambda route: -len(route[0]),
        )

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it within the door's bounds, and read the whole answer. Raises ConnectorError."""
        kwargs = dict(zip(("stream", "timeout", "verify", "cert", "proxies"), args, strict=False)) | kwargs
        kwargs["timeout"] = kwargs.get("timeout") or (
            self._door.connect_timeout.total_seconds(),
            self._door.read_timeout.total_seconds(),
        )
        kwargs["stream"] = True
        ends_at = time.monotonic() + self._door.whole_call.total_seconds()
        sent = self._routed(request)
        if sent is not request:
            kwargs["proxies"] = {}
        try:
            response = super().send(sent, **kwargs)
            self._read(response, ends_at)
        except requests.RequestException as error:
            raise self._failure(error) from error
        response.request = request
        response.url = request.url or ""
        if self._door.witness is not None:
            self._door.witness(_exchange(request, response))
        return response

    def _routed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        url = request.url or ""
        for source, target in self._routes:
            if url == source or url.startswith((source + "/", source + "?")):
                routed = request.copy()
                routed.url = target + url[len(source) :]
                return routed
        if self._door.closed:
            parts = urlsplit(url)
            raise Misconfigured(
                f"{parts.scheme}://{parts.hostname} has no route, and this door lets nothing else out (rehearsal)"
            )
        return request

    def _read(self, response: requests.Response, ends_at: float) -> None:
        """Read the whole answer within its bounds; requests then serves it from memory."""
        pieces: list[bytes] = []
        size = 0
        try:
            # read1 hands over what has come; a full piece might take a trickling peer for ever
            while piece := response.raw.read1(_PIECE, decode_content=True):
                size += len(piece)
                if size > self._door.largest_answer:
                    raise self._lost(f"the answer is larger than {self._door.largest_answer} bytes", response)
                if time.monotonic() > ends_at:
                    raise self._lost("the answer took too long", response)
                pieces.append(piece)
        except TransportError as error:
            raise self._lost(f"the answer broke off: {type(error).__name__}", response) from error
        finally:
            response.close()
        # requests offers no way to hand it a body that was read with bounds
        response._content = b"".join(pieces)  # noqa: SLF001  (see above)
        response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001  (see above)

    def _lost(self, what: str, response: requests.Response) -> ConnectorError:
        kind = OutcomeUnknown if is_visible_write() else Unavailable
        return kind(what, platform=self._platform, status=response.status_code)

    def _failure(self, error: requests.RequestException) -> ConnectorError:
        detail = redacted(f"{type(error).__name__}: {error}", self._secrets)
        if not is_visible_write() or _never_sent(error):
            return Unavailable("no answer", platform=self._platform, detail=detail)
        return OutcomeUnknown("the answer was lost", platform=self._platform, detail=detail)


def _exchange(request: requests.PreparedRequest, response: requests.Response) -> Exchange:
    body = request.body
    return Exchange(
        method=request.method or "",
        url=request.url or "",
        sent_headers=dict(request.headers),
        sent=body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b"",
        status=response.status_code,
        headers=dict(response.headers),
        body=response.content,
    )


def _never_sent(error: requests.RequestException) -> bool:
    """Tell whether no byte of the request can have reached the platform."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return True
    cause: object = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, SSLError):
        # of the TLS failures only this one is certainly before the request
        return bool(cause.args) and isinstance(cause.args[0], ssl.SSLCertVerificationError)
    # urllib3 says ProxyError only where the way through the proxy did not open
    return isinstance(cause, NewConnectionError | ConnectTimeoutError | ProxyError)
