"""The Graph API, as Facebook and Instagram both speak it: one session, one way to call, one way to fail.

The calls run through facebook-sdk 3.1.0 (2018), which serves today's API when its version is set after construction.
What it gets wrong (sheet of 2026-11-23, section 8) ends here: it loses status and headers, takes error bodies without
`error` for success, and lets KeyError and JSONDecodeError out.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import IO, Any

import facebook
import requests

from connectors.errors import (
    ConnectorError,
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
    Unsupported,
)
from connectors.http import Door, is_visible_write, open_session
from connectors.meta_errors import GraphError, Meaning, number
from connectors.meta_values import ID, cursor_in, ident, part_of, text_of, whole
from connectors.redaction import redacted
from connectors.waits import of_seconds
from core.capabilities import ApiVersion
from core.platforms import Platform

HOST = "https://graph.facebook.com"
UPLOAD_HOST = "https://rupload.facebook.com"
WRONG_OFFSET = 1363037
DEFAULT_WAIT = timedelta(hours=1)  # another tool's, where Meta gives no time (sheet 6.3 [code])

_TOLD = 4000  # characters of an answer that developers are told of, before an error cuts it shorter

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

    `home`: the account's own node. `meaning`: what an error means on this platform, given the HTTP status; `sentence`:
    what staff read of it. By default the tables that both platforms share.
    """

    def __init__(
        self,
        door: Door,
        platform: Platform,
        token: str,
        *,
        home: str = "me",
        app_secret: str = "",
        secrets: tuple[str, ...] = (),
        meaning: Callable[[GraphError, int | None], Meaning] = GraphError.meaning,
        sentence: Callable[[GraphError, Meaning], str] = GraphError.sentence,
    ) -> None:
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise Misconfigured(f"the {platform} token holds characters that no token has")
        self._platform = platform
        self._token = token
        self._home = home
        self._meaning = meaning
        self._sentence = sentence
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

    def read(self, path: str, **query: str) -> Answer:
        """Read what must be there. Raises Gone only where the account itself can be seen."""
        try:
            return self.get(path, **query)
        except Gone:
            self.check_home()
            raise

    def check_home(self) -> None:
        """Read the account itself: 100/33 means "missing" as well as "hidden from this token" (sheet 6.2).

        Raises NotAuthorized where even the account cannot be seen.
        """
        try:
            self.get(self._home, fields="id")
        except Gone as error:
            raise NotAuthorized(
                "the account itself is not visible to this token", platform=self._platform, code=error.code
            ) from error

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
        except (ValueError, RecursionError):
            raise self.unreadable("the upload host's answer is not JSON") from None
        if isinstance(answer, dict) and isinstance(answer.get("debug_info"), dict):
            told = answer["debug_info"]
            raise UploadRefused(
                text_of(told.get("type")),
                platform=self._platform,
                status=response.status_code,
                detail=redacted(text_of(told.get("message")), self._secrets),
                retriable=told.get("retriable") is True,
            )
        if isinstance(answer, dict) and answer.get("error"):
            raise self._refusal(answer)
        if not isinstance(answer, dict) or answer.get("success") is not True or not self._is_success():
            raise self.unreadable("the upload was not confirmed")
        return answer

    def delete(self, path: str) -> Answer:
        """Delete a node. A lost answer is safe to repeat: the second time it is Gone."""
        try:
            answer = self._call("DELETE", path, query={})
        except Gone:
            self.check_home()
            raise
        return self.confirmed(answer, "the deletion")

    def confirmed(self, answer: Answer, what: str) -> Answer:
        """Return the answer of a write that the platform confirms by a word."""
        if answer.get("success") is not True:
            raise self.unreadable(f"the platform did not confirm {what}")
        return answer

    def id_in(self, answer: Answer, name: str = "id") -> str:
        """Return the id that an answer must have."""
        value = ident(answer.get(name))
        if not value:
            raise self.unreadable(f"the answer has no {name}")
        return value

    def items(self, answer: object) -> list[Answer]:
        """Return the objects of a list."""
        data = part_of(answer, "data")
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise self.unreadable("the answer has no list")
        return data

    def cursor_of(self, answer: Answer, *, asked: int | None = None) -> str | None:
        """Return where a list goes on, None at its end.

        `paging.next` only tells that it does: it is an address with a token in it, and is not visited. Some of
        Instagram's lists leave it out (instagram.md 0): there a page as full as was `asked` may have another one too.
        """
        goes_on = bool(part_of(answer, "paging", "next"))
        is_full = asked is not None and len(self.items(answer)) >= asked
        cursor = cursor_in(answer)
        if goes_on and not cursor:
            raise self.unreadable("the list goes on, and does not tell where")
        return cursor if cursor and (goes_on or is_full) else None

    def unreadable(self, what: str) -> ConnectorError:
        """Return the error of an answer that says neither success nor failure."""
        return self._error(OutcomeUnknown, what, detail=self.told)

    @property
    def told(self) -> str:
        """The body of the last answer, redacted. For developers."""
        # not `text`: an answer may name an encoding that fails at everything
        content = b"" if self._response is None else self._response.content
        return redacted(content.decode("utf-8", "replace").replace("\0", "?"), self._secrets, longest=_TOLD)

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
        if not all(ID.fullmatch(name) for name in path.split("/")):
            raise Unsupported("an id that no object has", platform=self._platform)
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
        except (KeyError, ValueError, RecursionError):
            # no Content-Type; empty or broken JSON (requests' JSONDecodeError is a ValueError), or nested without end
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
        start, end = (whole(part_of(error, "error_data", name)) for name in ("start_offset", "end_offset"))
        if parsed.subcode == WRONG_OFFSET and start is not None and end is not None:
            return WrongOffset("the chunk began at the wrong place", platform=self._platform, start=start, end=end)
        status = self._response.status_code if self._response is not None else None
        detail = f"{parsed.message} [trace {parsed.trace}]"
        meaning = self._meaning(parsed, status)
        sentence = self._sentence(parsed, meaning)
        return self._error(meaning, "", code=parsed.name, detail=detail, sentence=sentence)

    def _error(
        self, meaning: Meaning, what: str, *, code: str = "", detail: str = "", sentence: str = ""
    ) -> ConnectorError:
        status = self._response.status_code if self._response is not None else None
        if meaning is OutcomeUnknown and not is_visible_write():
            # without an error of its own the status is all there is: a gateway's word, which proves no write undone
            meaning = RateLimited if status == 429 and not code else Unavailable
        detail = redacted(detail, self._secrets)
        if meaning is RateLimited:
            return RateLimited(
                what, platform=self._platform, status=status, code=code, detail=detail, retry_after=self._wait()
            )
        return meaning(what, platform=self._platform, status=status, code=code, detail=detail, sentence=sentence)

    def _wait(self) -> timedelta:
        """Return the longest wait that the usage header asks for (minutes there), an hour where it asks for none."""
        text = self._response.headers.get("X-Business-Use-Case-Usage", "") if self._response is not None else ""
        try:
            usages = [usage for uses in json.loads(text or "{}").values() for usage in uses]
            asked = [number(usage.get("estimated_time_to_regain_access")) for usage in usages]
        except (ValueError, TypeError, AttributeError, RecursionError):
            asked = []
        return of_seconds(max(asked, default=0) * 60) or DEFAULT_WAIT


def appsecret_proof(token: str, app_secret: str) -> str:
    """Return the proof that the caller of this token knows the app's secret (sheet 1.4)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
