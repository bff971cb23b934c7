"""What a LinkedIn answer means for us, as one table.

Source: sheet of 2026-11-23, section 6. Decided by HTTP status and `code`; by words only where the platform has nothing
else: the duplicate, the comment limit, fields that are not permitted, and what public connectors were seen to repeat.

Named cases:

- 422 "Content is a duplicate of urn:…" is `Duplicate`: an earlier post says the same. Whether that is our own, whose
  answer was lost, is for linkedin.py to find out.
- 426, a version that was switched off, is `VersionRetired`: it pauses the account, since every post would fail, and
  speaks of the version, since connecting again would not help.
- 401 is `TokenRefused`: renewed credentials may help. 403 with code 100 is the platform's word for a scope, a product
  or a role that is missing (trap 16), and no new token helps.
- An upload address that ran out is `UploadExpired`: only the upload begins anew.
- A refusal without the platform's own JSON (a gateway's page, an empty body) proves nothing, except where the status
  says all (401, 429, 413…).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from connectors import linkedin_sentences as say
from connectors.errors import (
    ConnectorError,
    Exists,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
    Unsupported,
)
from connectors.http import is_visible_write
from connectors.redaction import redacted
from connectors.waits import retry_after
from core.platforms import Platform

NOT_JSON = "not_json"  # the code that we give to an answer without the platform's envelope
COMMENT_WAIT = timedelta(minutes=1)  # sheet 3.3 [code]: a window of a minute
# Daily limits end at 00:00 UTC, but the same words serve for a short protection of the platform (sheet 6 [doc][code]),
# and no header tells which. The advice is 1, 5, 15 minutes, then midnight; who keeps nothing cannot count, so:
LIMIT_WAIT = timedelta(minutes=15)

_POST_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")
_DUPLICATE = "duplicate of urn:li:"


class Duplicate(Rejected):
    """An earlier post says the same; `urn` is its name."""

    sentence = say.DUPLICATE

    def __init__(self, urn: str, *, status: int, detail: str) -> None:
        super().__init__(
            "an earlier post says the same", platform=Platform.LINKEDIN, status=status, code="duplicate", detail=detail
        )
        self.urn = urn


class VersionRetired(NotAuthorized):
    """The platform has switched off the version of its API that we speak."""

    sentence = say.VERSION


class UploadExpired(Unavailable):
    """The address that a file was to go to is not good any more."""


class Unconfirmed(Unavailable):
    """A file was sent, and the answer is not the one that says that it came."""


# Status, code, words (small letters; empty: any), meaning, diagnostic, sentence for staff (empty: the meaning's own);
# `?` and `*` as in file names; the first row that fits decides. OutcomeUnknown here: it may have been carried out;
# where nobody could see it, that is Unavailable.
_MEANINGS: tuple[tuple[str, str, str, type[ConnectorError], str, str], ...] = (
    ("401", "EXPIRED_UPLOAD_URL", "", UploadExpired, "the upload address ran out", ""),
    ("401", "*", "", TokenRefused, "the token is invalid, revoked or expired", ""),
    ("408", "*", "", OutcomeUnknown, "the platform gave up waiting", ""),
    ("411", "*", "", Rejected, "the length is missing", say.OUR_MISTAKE),
    ("413", "*", "", Rejected, "too large", say.FILE_TOO_LARGE),
    ("415", "*", "", Rejected, "a media type that is not taken", say.FILE_TYPE),
    ("426", "*", "", VersionRetired, "the API version is not active any more", ""),
    ("429", "*", "comment create throttled", RateLimited, "comments are coming too fast", say.COMMENTS_TOO_FAST),
    ("429", "*", "", RateLimited, "the limit of calls is reached", say.LIMIT_REACHED),
    ("4??", NOT_JSON, "", OutcomeUnknown, "a refusal that is not the API's own", ""),
    ("4??", "*", "unable to obtain activity", Unavailable, "the platform could not find its own object just now", ""),
    ("4??", "*", "resource is forbidden", Unavailable, "the platform refused for a moment", ""),
    ("4??", "*", "service unavailable", Unavailable, "the platform refused for a moment", ""),
    ("400", "VERSION_MISSING", "", Unsupported, "the version header is missing", say.OUR_MISTAKE),
    ("400", "MEDIA_ASSET_WAITING_UPLOAD", "", Unavailable, "a file of the post is not ready yet", say.FILE_NOT_READY),
    ("400", "MEDIA_ASSET_PROCESSING_FAILED", "", Rejected, "the platform could not process a file", say.FILE_FAILED),
    ("400", "MISSING_FIELD", "", Rejected, "a field is missing", say.INCOMPLETE),
    ("400", "INVALID_VALUE_BLANK_FIELD", "", Rejected, "a field is blank", say.INCOMPLETE),
    ("400", "FIELD_LENGTH_TOO_LONG", "", Rejected, "a field is too long", say.TOO_LONG),
    ("400", "INVALID_URN_*", "", Rejected, "something named is not known", say.NOT_KNOWN),
    ("400", "INVALID_VIDEO_ID", "", Rejected, "a video is not known", say.FILE_FAILED),
    ("400", "*", "", Rejected, "the platform refuses this content", say.CONTENT),
    ("403", "*", "unpermitted fields", Rejected, "a field that this application may not use", say.FIELD),
    ("403", "*", "", NotAuthorized, "a scope, the product or the role on the page is missing", say.PERMISSION),
    ("404", "*", "", Gone, "it is not there", ""),
    ("405", "*", "", Unsupported, "the resource has no such method", say.OUR_MISTAKE),
    ("409", "*", "", Unavailable, "it is being changed by somebody else just now", ""),
    ("422", "*", "duplicate", Exists, "the platform has it already, and does not say which", say.HAS_IT),
    ("422", "*", "", Rejected, "the platform refuses a field", say.CONTENT),
    ("4??", "*", "", Rejected, "the platform refuses this", say.CONTENT),
    ("5??", "*", "", OutcomeUnknown, "the platform failed", ""),
    ("*", "*", "", OutcomeUnknown, "an answer that nobody foresaw", ""),
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
        kind, diagnostic, sentence = next(
            (kind, diagnostic, sentence)
            for statuses, codes, said, kind, diagnostic, sentence in _MEANINGS
            if fnmatchcase(str(self.status), statuses) and fnmatchcase(self.code, codes) and said in words
        )
        if kind is RateLimited:
            wait = wait_of(headers, words, now or datetime.now(UTC))
            return RateLimited(
                diagnostic,
                platform=Platform.LINKEDIN,
                status=self.status,
                code=self.code,
                detail=detail,
                sentence=sentence,
                retry_after=wait,
            )
        meant = kind
        if self.code == NOT_JSON and is_visible_write():  # a gateway's word, whatever its number
            meant = OutcomeUnknown
        if issubclass(meant, OutcomeUnknown) and not is_visible_write():
            meant = Unavailable
        return meant(
            diagnostic,
            platform=Platform.LINKEDIN,
            status=self.status,
            code=self.code,
            detail=detail,
            sentence=sentence if meant is kind else "",
        )


def wait_of(headers: Mapping[str, str], words: str, now: datetime) -> timedelta:
    """Return how long to wait: as a gateway says, a minute for comments, else at most until midnight UTC."""
    asked = retry_after(headers, now=now)
    if asked is not None:
        return asked
    if "comment create throttled" in words:
        return COMMENT_WAIT
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
    return min(LIMIT_WAIT, midnight - now)


def unreadable(what: str, *, status: int | None = None) -> ConnectorError:
    """Return the error for an answer that lacks what it must have."""
    kind = OutcomeUnknown if is_visible_write() else Unavailable
    return kind(f"the answer has no usable {what}", platform=Platform.LINKEDIN, status=status)
