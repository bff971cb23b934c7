"""The Graph API, as Facebook and Instagram both speak it: one session, one way to call, one way to fail.

The calls run through facebook-sdk 3.1.0 (2018), which serves today's API when its version is set after construction.
What it gets wrong (sheet of 2026-11-23, section 8) ends here: it loses status and headers, takes error bodies without
`error` for success, and lets KeyError and JSONDecodeError out.
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import IO, Any

import facebook
import requests

from connectors.errors import (
    ConnectorError,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
)
from connectors.http import Door, is_visible_write, open_session
from connectors.meta_errors import GraphError, Meaning, number
from connectors.redaction import redacted
from core.capabilities import ApiVersion
from core.platforms import Platform

HOST = "https://graph.facebook.com"
UPLOAD_HOST = "https://rupload.facebook.com"
WRONG_OFFSET = 1363037
DEFAULT_WAIT = timedelta(hours=1)  # another tool's, where Meta gives no time (sheet 6.3 [code])

Answer = dict[str, Any]


# sheet 2026-11-23 section 7 [doc]: a version lives two years past its successor's release; later calls are answered by
# the oldest living version, silently
API_VERSION = ApiVersion(
    "v26.0", released_on=date(2026, 7, 29), ends_on=None, source="sheet 2026-11-23 section 7 [doc]"
)


class WrongOffset(Unavailable):
    """A chunk did not begin where the platform waits for it (1363037); `start` and `end` are where it does."""

    def __init__(self, message: str, *, platform: Platform, start: int, end: int) -> None:
        super().__init__(message, platform=platform, code=f"{WRONG_OFFSET}")
        self.start = start
        self.end = end


class UploadRefused(Unavailable):
    """The upload host did not take the bytes (`debug_info`). `kind` is its word, `retriable` its advice."""

    def __init__(self, kind: str, *, platform: Platform, status: int | None, detail: str, retriable: bool) -> None:
        super().__init__("the upload was refused", platform=platform, status=status, code=kind, detail=detail)
        self.kind = kind
        self.retriable = retriable


class Graph:
    """The Graph API with one token. The token travels in a header, never in an address.

    `meaning`: what an error means on this platform, given the HTTP status; by default the table that both share.
    """

    def __init__(
        self,
        door: Door,
        platform: Platform,
        token: str,
        *,
        app_secret: str = "",
        secrets: tuple[str, ...] = (),
        meaning: Callable[[GraphError, int | None], Meaning] = GraphError.meaning,
    ) -> None:
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise Misconfigured(f"the {platform} token holds characters that no token has")
        self._platform = platform
        self._token = token
        self._meaning = meaning
        self._secrets = tuple(secret for secret in (token, app_secret, *secrets) if secret)
        session = open_session(
            door, platform, secrets=self._secrets, headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        )
        if app_secret:
            session.params = {"appsecret_proof": appsecret_proof(token, app_secret)}
        session.hooks["response"].append(self._keep)
        self._session = session
        # without a token of its own the library leaves ours in the header; its time-outs are the door's
        self._library = facebook.GraphAPI(access_token=None, session=session)
        self._library.version = API_VERSION.name
        self._response: requests.Response | None = None

    def get(self, path: str, **query: str) -> Answer:
        """Read a node or an edge."""
        return self._call("GET", path, query=query)

    def post(
        self,
        path: str,
        form: Mapping[str, str],
        *,
        fields: str = "",
        query: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, IO[bytes] | bytes, str]] | None = None,
    ) -> Answer:
        """Write. `fields`: what to read of the result in the same call; `files`: name → (file name, bytes, type).

        `query`: what the platform wants in the address instead of the form.
        """
        asked = {**(query or {}), **({"fields": fields} if fields else {})}
        return self._call("POST", path, query=asked, form=form, files=files)

    def upload(self, address: str, content: bytes | IO[bytes], *, offset: int, size: int) -> Answer:
        """Send raw bytes, from `offset` of a file of `size` bytes, to the upload host (sheet 2.5, instagram.md 2.3).

        Raises UploadRefused where that host names its reason, Misconfigured for an address that is not on it.
        """
        if not address.startswith(f"{UPLOAD_HOST}/"):
            raise Misconfigured(f"an upload address that is not on {UPLOAD_HOST}: the token stays here")
        headers = {"Authorization": f"OAuth {self._token}", "offset": str(offset), "file_size": str(size)}
        response = self._session.post(address, data=content, headers=headers)
        response.request.body = None  # the last answer is kept; not so megabytes of what it answers
        try:
            answer = response.json()
        except ValueError:
            raise self.unreadable("the upload host's answer is not JSON") from None
        if isinstance(answer, dict) and isinstance(answer.get("debug_info"), dict):
            told = answer["debug_info"]
            raise UploadRefused(
                str(told.get("type") or ""),
                platform=self._platform,
                status=response.status_code,
                detail=redacted(str(told.get("message") or ""), self._secrets),
                retriable=told.get("retriable") is True,
            )
        if isinstance(answer, dict) and answer.get("error"):
            raise self._refusal(answer)
        if not isinstance(answer, dict) or answer.get("success") is not True or not self._is_success():
            raise self.unreadable("the upload was not confirmed")
        return answer

    def delete(self, path: str) -> Answer:
        """Delete a node."""
        return self._call("DELETE", path, query={})

    def items(self, answer: Answer) -> list[Answer]:
        """Return the objects of a list."""
        data = answer.get("data")
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise self.unreadable("the answer has no list")
        return data

    def unreadable(self, what: str) -> ConnectorError:
        """Return the error of an answer that says neither success nor failure."""
        return self._error(OutcomeUnknown, what, detail=self._body())

    def _keep(self, response: requests.Response, *_args: object, **_settings: object) -> None:
        self._response = response

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str],
        form: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> Answer:
        try:
            answer = self._library.request(
                f"{API_VERSION.name}/{path}",
                args=dict(query),
                post_args=None if form is None else dict(form),
                files=files,
                method=method,
            )
        except facebook.GraphAPIError as error:
            # `from None`: the library's text may repeat the token ("Malformed access token …")
            raise self._refusal(error.result) from None
        except (KeyError, ValueError):
            # no Content-Type; empty or broken JSON (requests' JSONDecodeError is a ValueError)
            raise self.unreadable("the answer is not JSON") from None
        if not isinstance(answer, dict) or "error" in answer or not self._is_success():
            raise self.unreadable("the answer is neither a success nor an error of the Graph API")
        return answer

    def _is_success(self) -> bool:
        return self._response is not None and 200 <= self._response.status_code < 300

    def _refusal(self, result: object) -> ConnectorError:
        error = result.get("error") if isinstance(result, dict) else None
        if not isinstance(error, dict):
            return self.unreadable("the answer is not of the Graph API")
        parsed = GraphError.parse(error)
        data = error.get("error_data")
        if parsed.subcode == WRONG_OFFSET and isinstance(data, dict) and {"start_offset", "end_offset"} <= set(data):
            return WrongOffset(
                "the chunk began at the wrong place",
                platform=self._platform,
                start=number(data["start_offset"]),
                end=number(data["end_offset"]),
            )
        status = self._response.status_code if self._response is not None else None
        detail = f"{parsed.message} [trace {parsed.trace}]"
        return self._error(self._meaning(parsed, status), "", code=parsed.name, detail=detail)

    def _error(self, meaning: Meaning, what: str, *, code: str = "", detail: str = "") -> ConnectorError:
        status = self._response.status_code if self._response is not None else None
        if meaning is OutcomeUnknown:
            # without an error of its own, the status is all there is
            if status == 429 and not code:
                meaning = RateLimited
            elif not is_visible_write():
                meaning = Unavailable
        detail = redacted(detail, self._secrets)
        if meaning is RateLimited:
            return RateLimited(
                what, platform=self._platform, status=status, code=code, detail=detail, retry_after=self._wait()
            )
        return meaning(what, platform=self._platform, status=status, code=code, detail=detail)

    def _body(self) -> str:
        return "" if self._response is None else self._response.text

    def _wait(self) -> timedelta:
        """Return the longest wait that the usage header asks for (minutes there)."""
        text = self._response.headers.get("X-Business-Use-Case-Usage", "") if self._response is not None else ""
        try:
            usages = [usage for uses in json.loads(text or "{}").values() for usage in uses]
            minutes = max((int(usage.get("estimated_time_to_regain_access", 0)) for usage in usages), default=0)
        except (ValueError, TypeError, AttributeError):
            minutes = 0
        return timedelta(minutes=minutes) if minutes > 0 else DEFAULT_WAIT


def appsecret_proof(token: str, app_secret: str) -> str:
    """Return the proof that the caller of this token knows the app's secret (sheet 1.4)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What Meta says of a token. `kind`: USER, PAGE, SYSTEM_USER or APP; `expires_at` None: never."""

    kind: str
    scopes: frozenset[str]
    expires_at: datetime | None


def examine_token(
    door: Door,
    platform: Platform,
    *,
    token: str,
    app_id: str,
    app_secret: str,
    page_id: str,
    linked: frozenset[str] = frozenset(),
) -> TokenFacts:
    """Ask Meta about a token, in the name of the app (sheet 1.2). Raises NotAuthorized for one that is not valid.

    A right counts where it is granted for the Page, or for what is `linked` to it (an Instagram account). The examined
    token travels in the address: Meta offers no other place for it.
    """
    ours = {page_id, *linked}
    app = Graph(door, platform, f"{app_id}|{app_secret}", app_secret=app_secret, secrets=(token,))
    data = app.get("debug_token", input_token=token).get("data")
    if not isinstance(data, dict):
        raise app.unreadable("debug_token told nothing")
    if data.get("is_valid") is not True:
        error = data.get("error")
        parsed = GraphError.parse(error if isinstance(error, dict) else {})
        raise NotAuthorized(
            "the token is not valid", platform=platform, code=parsed.name, detail=redacted(parsed.message, (token,))
        )
    elsewhere = {
        str(grant.get("scope"))
        for grant in data.get("granular_scopes") or ()
        if grant.get("target_ids") and not ours & {str(target) for target in grant["target_ids"]}
    }
    expires = number(data.get("expires_at"))
    return TokenFacts(
        kind=str(data.get("type", "")).upper(),
        scopes=frozenset(str(scope) for scope in data.get("scopes") or ()) - elsewhere,
        expires_at=datetime.fromtimestamp(expires, UTC) if expires else None,
    )


def parse_time(text: object) -> datetime | None:
    """Return an instant as Meta writes it (`2026-09-05T14:33:01+0000`), None where there is none."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    except ValueError:
        return None


def next_cursor(answer: Answer, *, asked: int) -> str | None:
    """Return where a list of at most `asked` objects a page goes on.

    `paging.next` only tells that it does: it is an address with a token in it. Some of Instagram's lists leave it out
    (instagram.md 0), so that a full page may have another one as well.
    """
    paging = answer.get("paging")
    if not isinstance(paging, dict):
        return None
    cursors = paging.get("cursors")
    cursor = cursors.get("after") if isinstance(cursors, dict) else None
    is_full = isinstance(answer.get("data"), list) and len(answer["data"]) >= asked
    return str(cursor) if cursor and (is_full or paging.get("next")) else None


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts read the same: the platform may normalise Unicode and white space."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
