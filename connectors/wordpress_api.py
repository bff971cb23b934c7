"""The way to a WordPress site's REST API: its addresses, our login, its answers as they are.

Sheet website.md, 2026-11-23 [ran] on WordPress 6.1.9, sections 0, 1.1 and 6.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import requests

from connectors.errors import Misconfigured, NotAuthorized
from connectors.http import Door, open_session
from connectors.wordpress_errors import NOT_JSON, TermExists, error_for, unreadable
from core.accounts import Credentials
from core.platforms import Platform

_JUNK_TRIES = 100  # notices printed before the JSON may hold brackets of their own


class Style(StrEnum):
    """How the API is addressed: `/wp-json/…`, or `/?rest_route=/…` on a site with "plain" permalinks."""

    PRETTY = "pretty"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Thing:
    """A JSON object as WordPress gives it; its content is in no repr. What is missing or of another type raises."""

    fields: Mapping[str, Any] = field(repr=False)

    def text(self, *path: str) -> str:
        """Return the string at this path, such as `title`, `raw`."""
        value: Any = self.fields
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if not isinstance(value, str):
            raise unreadable(".".join(path))
        return value

    def number(self, name: str) -> int:
        """Return a whole number, such as an id."""
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise unreadable(name)
        return value

    def numbers(self, name: str) -> frozenset[int]:
        """Return a list of ids, without its order."""
        value = self.fields.get(name)
        if not isinstance(value, list) or not all(isinstance(one, int) for one in value):
            raise unreadable(name)
        return frozenset(value)

    def instant(self, name: str) -> datetime:
        """Return a `…_gmt` time, which WordPress writes without a zone."""
        try:
            return datetime.fromisoformat(self.text(name)).replace(tzinfo=UTC)
        except ValueError:
            raise unreadable(name) from None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list; `total` and `pages` as the headers say, None where they do not."""

    things: tuple[Thing, ...]
    total: int | None
    pages: int | None


class Api:
    """One site, one user. Learns from its first GET how the API is addressed, unless it is told."""

    def __init__(self, address: str, credentials: Credentials, door: Door) -> None:
        self._base = _base(address)
        user, password = credentials.get("user"), credentials.get("application_password")
        login = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._secrets = (password, password.replace(" ", ""), login)
        self._session = open_session(
            door,
            Platform.WEBSITE,
            secrets=self._secrets,
            # asked for JSON, even a dying WordPress says what it has to say as JSON
            headers={"Authorization": f"Basic {login}", "Accept": "application/json"},
        )
        self.style: Style | None = None

    def get(self, path: str, **query: str) -> Thing:
        """Return one object."""
        return _thing(self._call("GET", path, query)[0])

    def list(self, path: str, **query: str) -> Listing:
        """Return one page of a list."""
        body, headers = self._call("GET", path, query)
        if not isinstance(body, list):
            raise unreadable("list")
        return Listing(
            things=tuple(_thing(one) for one in body),
            total=_count(headers, "X-WP-Total"),
            pages=_count(headers, "X-WP-TotalPages"),
        )

    def post(self, path: str, content: Mapping[str, object]) -> Thing:
        """Write an object; returns it as it is now, in the context `edit`."""
        return _thing(self._call("POST", path, {}, json=content)[0])

    def upload(self, path: str, file: BinaryIO, *, headers: Mapping[str, str], query: Mapping[str, str]) -> Thing:
        """Send a file's bytes raw: only so the site's limits for forms do not apply (sheet 2.1)."""
        return _thing(self._call("POST", path, query, data=file, headers=headers)[0])

    def delete(self, path: str, **query: str) -> Thing:
        """Delete an object, into the trash where it has one; `force="true"`: for good."""
        return _thing(self._call("DELETE", path, query)[0])

    def _call(
        self, method: str, path: str, query: Mapping[str, str], **request: Any
    ) -> tuple[object, Mapping[str, str]]:
        style = self.style or Style.PRETTY
        response, body = self._answer(style, method, path, query, **request)
        if body is None and self.style is None and method == "GET" and self._may_be_plain(response):
            second, second_body = self._answer(Style.PLAIN, method, path, query)
            if second_body is not None:
                style, response, body = Style.PLAIN, second, second_body
        if body is not None:
            self.style = style
        return self._checked(response, body), response.headers

    def _answer(
        self, style: Style, method: str, path: str, query: Mapping[str, str], **request: Any
    ) -> tuple[requests.Response, object | None]:
        parameters = dict(query)
        if style is Style.PLAIN:
            url, parameters = f"{self._base}/", {"rest_route": path} | parameters
        else:
            url = f"{self._base}/wp-json{path}"
        response = self._session.request(method, url, params=parameters, **request)
        return response, _json(response)

    def _may_be_plain(self, response: requests.Response) -> bool:
        """Tell whether a page instead of JSON may only mean that `/wp-json/` is no address here."""
        if response.is_redirect:
            target = urlsplit(response.headers["Location"])
            here = urlsplit(self._base)
            return not target.netloc or (target.scheme, target.netloc) == (here.scheme, here.netloc)
        return response.status_code in (200, 404)

    def _checked(self, response: requests.Response, body: object | None) -> object:
        if 300 <= response.status_code < 400:
            raise NotAuthorized(
                "the site redirects its API; its canonical address, which the account must have, seems to be "
                + _without_query(response.headers.get("Location", "")),
                platform=Platform.WEBSITE,
                status=response.status_code,
                code="redirect",
            )
        status, code, message = response.status_code, "" if body is not None else NOT_JSON, ""
        if isinstance(body, Mapping) and isinstance(body.get("code"), str):
            # after printed notices PHP can no longer set the HTTP status: the one inside is right
            code, message = body["code"], str(body.get("message", ""))
            status = _inner_status(body) or status
            if code == "term_exists" and isinstance(body.get("data", {}).get("term_id"), int):
                raise TermExists(body["data"]["term_id"])
        if body is None or status >= 400:
            raise error_for(
                status=200 if status < 300 else status,
                code=code,
                headers=response.headers,
                message=message,
                secrets=self._secrets,
            )
        return body


def _base(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.username:
        raise Misconfigured("the website's address must look like https://www.example.org")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise Misconfigured("the website's address must begin with https://: the password would travel in clear")
    return address.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _without_query(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def _thing(body: object) -> Thing:
    if not isinstance(body, Mapping):
        raise unreadable("object")
    return Thing(body)


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isdecimal() else None


def _json(response: requests.Response) -> object | None:
    """Return the answer's JSON object or list, also behind notices that a plugin printed; None where it has none."""
    text = response.content.decode("utf-8", "replace").strip()
    decoder = json.JSONDecoder()
    for start in _openings(text):
        try:
            body, end = decoder.raw_decode(text, start)
        except ValueError:
            continue
        if end == len(text) and isinstance(body, dict | list):
            return body
    return None


def _openings(text: str) -> Iterator[int]:
    position = 0
    for _ in range(_JUNK_TRIES):
        starts = [start for start in (text.find("{", position), text.find("[", position)) if start >= 0]
        if not starts:
            return
        yield min(starts)
        position = min(starts) + 1


def _inner_status(body: Mapping[str, Any]) -> int | None:
    """Return the status that an error carries.

    A forbidden parameter is a 400 whose details hold the 401 or 403 (sheet 1.3): what it means is those.
    """
    data = body.get("data")
    if not isinstance(data, Mapping):
        return None
    details = data.get("details")
    for detail in details.values() if isinstance(details, Mapping) else ():
        inner = detail.get("data") if isinstance(detail, Mapping) else None
        if isinstance(inner, Mapping) and inner.get("status") in (401, 403):
            return int(inner["status"])
    status = data.get("status")
    return status if isinstance(status, int) else None
