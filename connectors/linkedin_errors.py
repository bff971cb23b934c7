"""What a LinkedIn answer means for us, as one table.

Source: sheet of 2026-11-23, section 6. Decided by HTTP status and `code`; by words only where the platform has nothing
else: the duplicate, the comment limit, fields that are not permitted, and what public connectors were seen to repeat.

Named cases:

- 422 "Content is a duplicate of urn:…" is `Duplicate`: an earlier post says the same. Whether that is our own, whose
  answer was lost, is for linkedin.py to find out.
- 426, a version that was switched off, is `VersionRetired`: it pauses the account, since every post would fail, and
  speaks of the version, since connecting again would not help.
- An upload address that ran out is `UploadExpired`: only the upload begins anew.
- A refusal without the platform's own JSON (a gateway's page, an empty body) proves nothing, except where the status
  says all (401, 429, 413…).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase

from connectors.errors import (
    ConnectorError,
    Exists,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.http import is_visible_write
from connectors.redaction import redacted
from core.platforms import Platform
from core.texts import _

NOT_JSON = "not_json"  # the code that we give to an answer without the platform's envelope
COMMENT_WAIT = timedelta(minutes=1)  # sheet 3.3 [code]: a window of a minute
# Daily limits end at 00:00 UTC, but the same words serve for a short protection of the platform (sheet 6 [doc][code]),
# and no header tells which. The advice is 1, 5, 15 minutes, then midnight; who keeps nothing cannot count, so:
LIMIT_WAIT = timedelta(minutes=15)

_POST_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")
_DUPLICATE = "duplicate of urn:li:"


class Duplicate(Rejected):
    """An earlier post says the same; `urn` is its name."""

    sentence = _(
        "LinkedIn ya tiene una publicación reciente con el mismo contenido. "
        "Cambie el texto y envíelo otra vez a aprobación."
    )

    def __init__(self, urn: str, *, status: int, detail: str) -> None:
        super().__init__(
            "an earlier post says the same", platform=Platform.LINKEDIN, status=status, code="duplicate", detail=detail
        )
        self.urn = urn


class VersionRetired(NotAuthorized):
    """The platform has switched off the version of its API that we speak."""

    sentence = _(
        "LinkedIn ya no atiende la versión de su servicio que usa Vocero. "
        "Avise a la administración técnica: hay que actualizar Vocero y luego reanudar la cuenta."
    )


class UploadExpired(Unavailable):
    """The address that a file was to go to is not good any more."""


# Status, code, words (small letters; empty: any), meaning, diagnostic; `?` and `*` as in file names; the first row that
# fits decides. OutcomeUnknown here: it may have been carried out; where nobody could see it, that is Unavailable.
_MEANINGS: tuple[tuple[str, str, str, type[ConnectorError], str], ...] = (
    ("401", "EXPIRED_UPLOAD_URL", "", UploadExpired, "the upload address ran out"),
    ("401", "*", "", NotAuthorized, "the token is invalid, revoked or expired"),
    ("408", "*", "", OutcomeUnknown, "the platform gave up waiting"),
    ("411", "*", "", Rejected, "the length is missing"),
    ("413", "*", "", Rejected, "too large"),
    ("415", "*", "", Rejected, "a media type that is not taken"),
    ("426", "*", "", VersionRetired, "the API version is not active any more"),
    ("429", "*", "comment create throttled", RateLimited, "comments are coming too fast"),
    ("429", "*", "", RateLimited, "the limit of calls is reached"),
    ("4??", NOT_JSON, "", OutcomeUnknown, "a refusal that is not the API's own"),
    ("4??", "*", "unable to obtain activity", Unavailable, "the platform could not find its own object just now"),
    ("4??", "*", "resource is forbidden", Unavailable, "the platform refused for a moment"),
    ("4??", "*", "service unavailable", Unavailable, "the platform refused for a moment"),
    ("400", "VERSION_MISSING", "", Unsupported, "the version header is missing"),
    ("400", "MEDIA_ASSET_WAITING_UPLOAD", "", Unavailable, "a file of the post is not ready yet"),
    ("400", "MEDIA_ASSET_PROCESSING_FAILED", "", Rejected, "the platform could not process a file"),
    ("400", "*", "", Rejected, "the platform refuses this content"),
    ("403", "*", "unpermitted fields", Rejected, "a field that this application may not use"),
    ("403", "*", "", NotAuthorized, "a scope, the product or the role on the page is missing"),
    ("404", "*", "", Gone, "it is not there"),
    ("405", "*", "", Unsupported, "the resource has no such method"),
    ("409", "*", "", Unavailable, "it is being changed by somebody else just now"),
    ("422", "*", "duplicate", Exists, "the platform has it already, and does not say which"),
    ("422", "*", "", Rejected, "the platform refuses a field"),
    ("4??", "*", "", Rejected, "the platform refuses this"),
    ("5??", "*", "", OutcomeUnknown, "the platform failed"),
    ("*", "*", "", OutcomeUnknown, "an answer that nobody foresaw"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no success, whatever of it is missing or misshapen."""

    status: int
    code: str = NOT_JSON
    message: str = ""

    @classmethod
    def parse(cls, status: int, body: bytes) -> "Refusal":
        """Return the refusal in an answer's body."""
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return cls(status)
        if not isinstance(document, Mapping) or not {"message", "code", "serviceErrorCode"} & set(document):
            return cls(status)
        code = document.get("code") or document.get("serviceErrorCode") or ""
        return cls(status, code=str(code), message=str(document.get("message") or ""))

    def error(
        self, *, headers: Mapping[str, str], secrets: tuple[str, ...], now: datetime | None = None
    ) -> ConnectorError:
        """Return the error of the house that it means."""
        detail = redacted(f"{self.message} [trace {headers.get('x-li-uuid', '?')}]", secrets)
        words = self.message.lower()
        earlier = _POST_URN.search(self.message)
        if self.status in (409, 422) and _DUPLICATE in words and earlier:
            return Duplicate(earlier[0], status=self.status, detail=detail)
        kind, diagnostic = next(
            (kind, diagnostic)
            for statuses, codes, said, kind, diagnostic in _MEANINGS
            if fnmatchcase(str(self.status), statuses) and fnmatchcase(self.code, codes) and said in words
        )
        if kind is RateLimited:
            wait = _wait(headers, words, now or datetime.now(UTC))
            return RateLimited(
                diagnostic,
                platform=Platform.LINKEDIN,
                status=self.status,
                code=self.code,
                detail=detail,
                retry_after=wait,
            )
        if self.code == NOT_JSON and is_visible_write():  # a gateway's word, whatever its number
            kind = OutcomeUnknown
        if issubclass(kind, OutcomeUnknown) and not is_visible_write():
            kind = Unavailable
        return kind(diagnostic, platform=Platform.LINKEDIN, status=self.status, code=self.code, detail=detail)


def _wait(headers: Mapping[str, str], words: str, now: datetime) -> timedelta:
    """Return how long to wait: as a gateway says, a minute for comments, else at most until midnight UTC."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal() and len(value) < 7:
        return timedelta(seconds=int(value))
    try:
        return max(parsedate_to_datetime(value) - now, timedelta(0))
    except (TypeError, ValueError):
        pass
    if "comment create throttled" in words:
        return COMMENT_WAIT
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
    return min(LIMIT_WAIT, midnight - now)


def unreadable(what: str, *, status: int | None = None) -> ConnectorError:
    """Return the error for an answer that lacks what it must have."""
    kind = OutcomeUnknown if is_visible_write() else Unavailable
    return kind(f"the answer has no usable {what}", platform=Platform.LINKEDIN, status=status)
