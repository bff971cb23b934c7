"""The Data and Analytics APIs through Google's client library, on the one door.

The library makes the requests: static discovery documents, its checks of parameters, its multipart and its chunks. Its
transport (httplib2, which repeats a POST by itself once [lib]), its retries and its errors are not used: `DoorHttp`
stands where it expects httplib2, and judges every answer before the library sees it. Source: sheet of 2026-11-23,
section 7 [lib].
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httplib2
import requests
from googleapiclient.discovery import build_from_document  # type: ignore[attr-defined]  # the stubs lack it
from googleapiclient.discovery_cache import get_static_doc

from connectors.errors import ConnectorError, Misconfigured, Unavailable
from connectors.http import Door, open_session
from connectors.youtube_errors import SessionLost, error_for, unreadable
from connectors.youtube_token import Grant, fetch_grant, is_sendable
from core.accounts import Credentials
from core.capabilities import ApiVersion
from core.platforms import Platform

DATA_HOST = "https://youtube.googleapis.com"
# no name before the host, no port, no sign that two readers of addresses could take differently (a backslash)
_GOOGLE = re.compile(r"https://(?:[a-z0-9-]+\.)+googleapis\.com(?:/[!-\[\]-~]*)?")
_MARGIN = timedelta(minutes=2)  # a chunk may take so long (Door.whole_call)
_SHORTEST_SECRET = 16  # what is shorter in an address are the API's own words

# neither API has announced an end; the dates are those of the discovery documents in the library (sheet, head [lib])
API_VERSIONS = (
    ApiVersion("youtube v3", released_on=date(2026, 11, 4), ends_on=None, source="sheet 2026-11-23 [lib]"),
    ApiVersion("youtubeAnalytics v2", released_on=date(2024, 7, 7), ends_on=None, source="sheet 2026-11-23 [lib]"),
)

Answer = dict[str, Any]


class DoorHttp:
    """What the library takes for its `http`: one method of httplib2's. Raises only errors of the house."""

    def __init__(self, session: requests.Session, token: Callable[[], str], secrets: tuple[str, ...]) -> None:
        self.session = session
        self._token = token
        self._secrets = secrets

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_more: object
    ) -> tuple[httplib2.Response, bytes]:
        """Send and judge. What comes back is a success with a JSON object or nothing in it, or a 308 to a chunk."""
        given = {name.lower(): value for name, value in (headers or {}).items()}
        given.pop("user-agent", None)  # the door's own says who we are
        given["authorization"] = f"Bearer {self._token()}"
        response = self.session.request(method, uri, data=body, headers=given)
        status, content = response.status_code, response.content
        is_chunk = "content-range" in given
        if is_chunk and status in (404, 410):
            raise SessionLost("the upload session is not there any more", platform=Platform.YOUTUBE, status=status)
        if is_chunk and status == 308:
            # the library would follow a Location wherever it leads, with our token
            kept = {name: value for name, value in response.headers.items() if name.lower() == "range"}
            return _for_library(status, kept), b""
        if not 200 <= status < 300:
            raise error_for(status, response.headers, content, secrets=self._secrets)
        if content and not _is_object(content):
            raise unreadable("the answer is no JSON object", status=status)
        return _for_library(status, response.headers), content

    def close(self) -> None:
        """Let go of the connections."""
        self.session.close()


class Api:
    """Both APIs with one account's credentials. The token travels in a header, never in an address."""

    def __init__(self, door: Door, credentials: Credentials) -> None:
        if credentials.get("access_token") and not is_sendable(credentials.get("access_token")):
            raise Misconfigured("the YouTube access token holds characters that no token has")
        self._door = door
        self._credentials = credentials
        self._grant: Grant | None = None

    def grant(self) -> Grant:
        """Return an access token of our own. It is not stored: Google's refresh tokens do not rotate."""
        if self._grant is None or self._grant.ends_at < datetime.now(UTC) + _MARGIN:
            self._grant = fetch_grant(self._door, self._credentials)
        return self._grant

    @cached_property
    def http(self) -> DoorHttp:
        """The way out for both APIs."""
        return self._open()

    @cached_property
    def data(self) -> Any:
        """The library's resources of the Data API."""
        return _resources("youtube", "v3", self.http)

    @cached_property
    def analytics(self) -> Any:
        """The library's resources of the Analytics API."""
        return _resources("youtubeAnalytics", "v2", self.http)

    def call(self, request: Any) -> Answer:
        """Send a request of the library's, once; return its answer."""
        answer = request.execute(num_retries=0)
        if not isinstance(answer, dict):
            raise unreadable("the answer is empty")
        return answer

    def tell(self, request: Any) -> None:
        """Send a request whose answer is empty (204), once."""
        request.execute(num_retries=0)

    def items(self, request: Any) -> list[Answer]:
        """Send a request for a list; return what it holds (`items` may be missing where it is empty)."""
        return listed(self.call(request))

    def upload_http(self, session_url: str) -> DoorHttp:
        """Return a way out in whose errors nothing of this upload session's address can stand: it is a bearer secret.

        The address itself is what a platform gave us, so it is checked against where the token may travel. SessionLost
        where it may not: nothing is ever sent there.
        """
        if not self._may_travel_to(session_url):
            raise SessionLost("the upload session is at a foreign address", platform=Platform.YOUTUBE)
        parts = urlsplit(session_url)
        values = (value for _name, value in parse_qsl(parts.query))
        return self._open(session_url, parts.query, parts.path.rpartition("/")[2], *values)

    def session_url(self, location: str) -> str:
        """Return the address of an upload session as it may be stored: the platform's own, not that of a route to it.

        A routed peer may name itself in `Location` (sheet 7.1 [lib]). Unavailable where it is no address of Google's
        to which the door lets us.
        """
        try:
            url = urljoin(DATA_HOST + "/", location)
        except ValueError:  # a bracket that nobody closed
            url = ""
        for source, target in sorted(self._door.routes.items(), key=lambda route: route[0] != DATA_HOST):
            if _is_google(source) and not _is_google(url) and url.startswith(target.rstrip("/") + "/"):
                url = source.rstrip("/") + url[len(target.rstrip("/")) :]
        if not self._may_travel_to(url):
            raise Unavailable("the platform opened the upload session at a foreign address", platform=Platform.YOUTUBE)
        return url

    def _may_travel_to(self, url: str) -> bool:
        """Tell whether this is Google's, and the door would not refuse it."""
        is_routed = any(url.startswith(source.rstrip("/") + "/") for source in self._door.routes)
        return _is_google(url) and (is_routed or not self._door.closed)

    def _open(self, *secrets: str) -> DoorHttp:
        held = (self._credentials.get(name) for name in ("access_token", "refresh_token", "client_secret"))
        known = tuple(secret for secret in (*held, *secrets) if len(secret) >= _SHORTEST_SECRET)
        return DoorHttp(open_session(self._door, Platform.YOUTUBE, secrets=known), self._access_token, known)

    def _access_token(self) -> str:
        """Return the held token; where there is none, or it ends (in the middle of a long upload), one of our own."""
        held, ends_at = self._credentials.get("access_token"), self._credentials.expires_at
        is_alive = ends_at is None or ends_at > datetime.now(UTC) + _MARGIN
        return held if held and is_alive else self.grant().access_token


def listed(answer: Answer) -> list[Answer]:
    """Return the objects of a list."""
    found = answer.get("items", [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise unreadable("the answer has no list")
    return found


def inside(answer: Any, *names: str) -> Any:
    """Return what stands at this path, None where there is nothing."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def text_at(answer: Any, *names: str) -> str:
    """Return the text at this path, empty where there is none."""
    value = inside(answer, *names)
    return value if isinstance(value, str) else ""


def instant_at(answer: Any, *names: str) -> datetime | None:
    """Return the RFC 3339 instant at this path in UTC, None where there is none."""
    try:
        instant = datetime.fromisoformat(text_at(answer, *names))
    except ValueError:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def number_at(answer: Any, *names: str) -> float | None:
    """Return the number at this path, which the platform writes as text or as a number; None where there is none."""
    value = inside(answer, *names)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < float("inf") else None


def without_cause(error: ConnectorError) -> ConnectorError:
    """Return the error without what caused it: the transport's own words hold the address that was called."""
    error.__cause__ = None
    error.__suppress_context__ = True
    return error


def _resources(name: str, version: str, http: DoorHttp) -> Any:
    document = get_static_doc(name, version)  # type: ignore[no-untyped-call]  # the stubs lack it
    if document is None:
        raise Misconfigured(f"google-api-python-client has no discovery document of {name} {version}")
    return build_from_document(document, http=http)


def _for_library(status: int, headers: Mapping[str, str]) -> httplib2.Response:
    return httplib2.Response({"status": str(status)} | {name.lower(): value for name, value in headers.items()})


def _is_object(content: bytes) -> bool:
    try:
        # as the library will read it
        return isinstance(json.loads(content.decode("utf-8")), dict)
    except (ValueError, RecursionError):
        return False


def _is_google(url: str) -> bool:
    return _GOOGLE.fullmatch(url) is not None
