"""The Graph API, as Facebook and Instagram both speak it: one session, one way to call, one way to fail.

The calls run through facebook-sdk 3.1.0 (2018), which serves today's API when its version is set after construction.
What it gets wrong (sheet of 2026-11-23, section 8) ends here: it loses status and headers, takes error bodies without
`error` for success, and lets KeyError and JSONDecodeError out.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
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


class Graph:
    """The Graph API with one token. The token travels in a header, never in an address."""

    def __init__(
        self, door: Door, platform: Platform, token: str, *, app_secret: str = "", secrets: tuple[str, ...] = ()
    ) -> None:
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise Misconfigured(f"the {platform} token holds characters that no token has")
        self._platform = platform
        self._secrets = tuple(secret for secret in (token, app_secret, *secrets) if secret)
        session = open_session(
            door, platform, secrets=self._secrets, headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        )
        if app_secret:
            session.params = {"appsecret_proof": appsecret_proof(token, app_secret)}
        session.hooks["response"].append(self._keep)
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
        files: Mapping[str, tuple[str, IO[bytes] | bytes, str]] | None = None,
    ) -> Answer:
        """Write. `fields`: what to read of the result in the same call; `files`: name → (file name, bytes, type)."""
        return self._call("POST", path, query={"fields": fields} if fields else {}, form=form, files=files)

    def delete(self, path: str) -> Answer:
        """Delete a node."""
        return self._call("DELETE", path, query={})

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
        return self._error(parsed.meaning(status), "", code=parsed.name, detail=detail)

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
    door: Door, platform: Platform, *, token: str, app_id: str, app_secret: str, page_id: str
) -> TokenFacts:
    """Ask Meta about a token, in the name of the app (sheet 1.2). Raises NotAuthorized for one that is not valid.

    The examined token travels in the address: Meta offers no other place for it.
    """
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
        if grant.get("target_ids") and page_id not in {str(target) for target in grant["target_ids"]}
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
