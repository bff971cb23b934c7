"""LinkedIn's versioned REST API: Rest.li 2.0 over JSON, one token, one way to call and one way to fail.

Sheet of 2026-11-23, section 0. Addresses are put together here by hand, since a general encoder would also encode the
marks of the protocol: inside values everything is percent-encoded, `List(` `,` `)` are not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import IO, Any
from urllib.parse import quote

import requests

from connectors.errors import Misconfigured, Unavailable
from connectors.http import Door, open_session
from connectors.linkedin_errors import Refusal, Unconfirmed, UploadExpired, unreadable
from core.accounts import Credentials
from core.capabilities import ApiVersion
from core.platforms import Platform

HOST = "https://api.linkedin.com/rest"

# What no count of people, views or milliseconds watched reaches: what is beyond, or below zero, is no figure. Ours.
LARGEST_FIGURE = 10**15

# There is no default version, and each dies about a year after its month (sheet 1.4 [doc]). For 202608 the month of its
# end is known and the day is not [memory]: the first, so that the warning comes early.
API_VERSION = ApiVersion(
    "202608",
    released_on=date(2026, 8, 1),
    ends_on=date(2027, 8, 1),
    source="sheet 2026-11-23 section 1.4 [doc]; the day of its end [memory]",
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A JSON object as LinkedIn gives it; its content is in no repr. What is absent or of another type reads empty."""

    fields: Mapping[str, Any] = field(repr=False)

    def get(self, *path: str) -> Any:
        """Return the value at this path, None where there is none."""
        value: Any = self.fields
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def text(self, *path: str) -> str:
        """Return the string at this path."""
        value = self.get(*path)
        return value if isinstance(value, str) else ""

    def needed(self, *path: str) -> str:
        """Return the string at this path. An answer without it raises."""
        return self.text(*path) or _lacking(".".join(path))

    def number(self, *path: str) -> int | None:
        """Return the whole number at this path, None where there is none."""
        value = self.get(*path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def figure(self, *path: str) -> float | None:
        """Return the figure at this path, None where there is none that can be true."""
        return figure(self.get(*path))

    def instant(self, *path: str) -> datetime | None:
        """Return a time, which LinkedIn gives in milliseconds since the epoch, UTC; None for 0, which is none."""
        value = self.number(*path)
        try:
            return None if value is None or value <= 0 else datetime.fromtimestamp(value / 1000, UTC)
        except (OverflowError, OSError, ValueError):
            return None

    def things(self, *path: str) -> tuple["Thing", ...]:
        """Return the list of objects at this path. An answer without one raises."""
        value = self.get(*path)
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise unreadable(".".join(path))
        return tuple(Thing(one) for one in value)


@dataclass(frozen=True, slots=True)
class Created:
    """What a creating call brought: the `x-restli-id`, which is in no body, and the body where there is one."""

    id: str
    thing: Thing


class Api:
    """The API with one member's token, which travels in a header, never in an address."""

    def __init__(self, door: Door, credentials: Credentials) -> None:
        token = credentials.get("access_token")
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise Misconfigured("the LinkedIn token holds characters that no token has")
        self._secrets = tuple(
            value for name in ("access_token", "refresh_token", "client_secret") if (value := credentials.get(name))
        )
        self._authorization = {"Authorization": f"Bearer {token}"}
        # no header with the token for all: parts of a video must go without (sheet trap 6)
        self._session = open_session(door, Platform.LINKEDIN, secrets=self._secrets)

    def get(self, path: str, query: str = "") -> Thing:
        """Read one object. `path` and `query` are encoded already (`key`, `listed`)."""
        return self._thing(self._call("GET", path, query, "FINDER" if query.startswith("q=") else "GET"))

    def act(self, path: str, action: str, content: Mapping[str, object]) -> Thing:
        """Do one of a resource's actions; the answer may be empty."""
        answer = self._call("POST", path, f"action={action}", "ACTION", content)
        return self._thing(answer) if answer.content else Thing({})

    def create(self, path: str, content: Mapping[str, object]) -> Created:
        """Create an entity. The platform's yes stands, whatever the body is like."""
        answer = self._call("POST", path, "", "CREATE", content)
        return Created(id=answer.headers.get("x-restli-id", ""), thing=Thing(_json(answer) or {}))

    def delete(self, path: str) -> None:
        """Delete an entity: 204, also for what is not there (sheet 2.6)."""
        answer = self._call("DELETE", path, "", "DELETE")
        if answer.status_code != 204:
            raise unreadable("confirmation", status=answer.status_code)

    def put(self, address: str, content: bytes | IO[bytes], *, signed: bool) -> str:
        """Send a file, or a part of one, to the address that the platform gave; returns the answer's ETag.

        `signed`: the address itself is the permission, and the token must not go along. Raises UploadExpired where the
        address takes nothing, Unconfirmed for an answer other than the documented yes (201, for signed ones also 200,
        both without a body: sheet section 0 and 2.3), such as the page of somebody in between.
        """
        headers = {"Content-Type": "application/octet-stream"} | ({} if signed else self._authorization)
        try:
            answer = self._session.put(address, data=content, headers=headers)
        except Unavailable as error:
            # the address is a permission of its own, so no error tells it
            raise Unavailable(error.message, platform=error.platform, status=error.status) from None
        status = answer.status_code
        # The upload host is not the API: what it refuses is about the address. Whether a right is missing, the API says
        # when it is asked for a new one.
        is_kept = status in (408, 413, 415, 429) or (status == 401 and not signed)
        if 400 <= status < 500 and not is_kept:
            raise UploadExpired("the upload address takes nothing", platform=Platform.LINKEDIN, status=status)
        self._checked(answer)
        if status not in ((200, 201) if signed else (201,)) or answer.content:
            raise Unconfirmed("the file was not confirmed", platform=Platform.LINKEDIN, status=status)
        return answer.headers.get("ETag", "")

    def _call(
        self, method: str, path: str, query: str, restli: str, content: Mapping[str, object] | None = None
    ) -> requests.Response:
        headers = self._authorization | {
            "LinkedIn-Version": API_VERSION.name,
            "X-Restli-Protocol-Version": "2.0.0",
            "X-RestLi-Method": restli,
            "Accept": "application/json",
        }
        address = f"{HOST}/{path}" + (f"?{query}" if query else "")
        return self._checked(self._session.request(method, address, json=content, headers=headers))

    def _checked(self, answer: requests.Response) -> requests.Response:
        if 200 <= answer.status_code < 300:
            return answer
        raise Refusal.parse(answer.status_code, answer.content).error(headers=answer.headers, secrets=self._secrets)

    @staticmethod
    def _thing(answer: requests.Response) -> Thing:
        document = _json(answer)
        if document is None:
            raise unreadable("JSON", status=answer.status_code)
        return Thing(document)


def key(value: str) -> str:
    """Return a URN or another value as it stands in paths and queries."""
    return quote(value, safe="")


def listed(values: Sequence[str]) -> str:
    """Return values as a list of the protocol."""
    return f"List({','.join(key(value) for value in values)})"


def figure(value: object) -> float | None:
    """Return a number that can be true of something counted, None for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LARGEST_FIGURE:
        return None
    return float(value)


def _json(answer: requests.Response) -> Mapping[str, Any] | None:
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, Mapping) else None


def _lacking(what: str) -> str:
    raise unreadable(what)
