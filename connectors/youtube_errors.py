"""What an answer of Google's APIs means for Vocero, as one table. Source: sheet of 2026-11-23, section 6.

HTTP status and `reason` decide, with one exception that the platform leaves us: an empty bucket of the day is a 429
`rateLimitExceeded` like any short "slow down", and only "per day" in its message tells that waiting a minute is no use.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from connectors.errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from connectors.http import is_visible_write
from connectors.redaction import redacted
from core.platforms import Platform

PACIFIC = ZoneInfo("America/Los_Angeles")  # quotas and Analytics days follow it (sheet 4.2, 5.1 [doc])
NOT_JSON = "not_json"  # our code for an answer that no API of Google's wrote
PER_DAY = "per day"
NO_CHANNEL = "youtubeSignupRequired"
COMMENTS_OFF = "commentsDisabled"
BAD_PAGE_TOKEN = "invalidPageToken"  # noqa: S105  (the platform's name of an error)


class Wait(Enum):
    """How long a refusal lasts where no Retry-After says it."""

    SHORT = timedelta(minutes=1)  # ours: "short backoff" is all that the sheet has
    MINUTES = timedelta(minutes=10)  # ours: "minutes"
    DAY = timedelta(hours=24)  # the channel's own number of uploads (sheet 5 [doc][code])
    MIDNIGHT = timedelta(0)  # until midnight Pacific, whatever Retry-After says


_VIDEO_REFUSED = (
    "invalidTitle invalidDescription invalidTags invalidCategoryId invalidPublishAt defaultLanguageNotSet"
    " invalidVideoMetadata invalidFilename mediaBodyRequired invalidRecordingDetails invalidVideoGameRating"
)
_COMMENT_REFUSED = (
    "commentTextRequired commentTextTooLong invalidCustomEmoji invalidCommentMetadata parentIdMissing"
    " parentCommentIsPrivate channelOrVideoIdMissing operationNotSupported banWithoutReject"
)

# Status, reasons (any of them; `*` as in file names), meaning, diagnostic; the first row that fits decides.
# OutcomeUnknown here: nobody knows whether it was carried out. Outside the visible write that is Unavailable: there
# every write is looked for before it is made again, or may be made twice unseen.
_MEANINGS: tuple[tuple[str, str, type[ConnectorError] | Wait, str], ...] = (
    ("40?", NO_CHANNEL, Rejected, "this Google account has no YouTube channel"),  # the token is alive
    ("401", "*", NotAuthorized, "the access token is not valid"),  # authError
    (
        "403",
        "insufficientPermissions ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        NotAuthorized,
        "a permission was not granted when the account was connected",
    ),
    (
        "403",
        "authenticatedUserAccountClosed authenticatedUserAccountSuspended",
        Blocked,
        "the Google account is closed or suspended",
    ),
    ("403", "accountDelegationForbidden", NotAuthorized, "this user may not act for the channel"),
    ("403", "accessNotConfigured SERVICE_DISABLED", NotAuthorized, "the API is not enabled in the Google project"),
    ("403", "quotaExceeded dailyLimitExceeded", Wait.MIDNIGHT, "the project's quota of the day is used up"),
    ("4??", PER_DAY, Wait.MIDNIGHT, "the project's quota of the day for this kind of call is used up"),
    ("400", "uploadLimitExceeded", Wait.DAY, "the channel has uploaded as many videos as it may"),
    ("429", "uploadRateLimitExceeded", Wait.MINUTES, "too many thumbnails in a short time"),
    ("4??", "rateLimitExceeded userRateLimitExceeded RATE_LIMIT_EXCEEDED", Wait.SHORT, "too many calls"),
    ("429", "*", Wait.SHORT, "too many calls"),
    ("403", COMMENTS_OFF, Rejected, "the video's comments are off"),
    (
        "403",
        "forbiddenPrivacySetting forbiddenLicenseSetting ineligibleAccount",
        Rejected,
        "the channel may not have this setting",
    ),
    ("403", NOT_JSON, OutcomeUnknown, "something before the platform refuses us"),
    ("403", "*", Rejected, "not ours, or the channel may not do this (thumbnails need a verified phone)"),
    ("404", NOT_JSON, OutcomeUnknown, "an answer that no API of Google's wrote"),
    # videoNotFound channelNotFound commentNotFound commentThreadNotFound parentCommentNotFound playlistNotFound
    ("404", "*", Gone, "it is not there"),
    ("410", "*", Gone, "it is not there any more"),
    (
        "400",
        _VIDEO_REFUSED,
        Rejected,
        "the video's words or settings are refused",
    ),
    ("400", "invalidImage imageFormatUnsupported imageTooTall imageTooWide", Rejected, "the thumbnail is refused"),
    (
        "400",
        _COMMENT_REFUSED,
        Rejected,
        "the comment, or what was to be done with it, is refused",
    ),
    # "once or twice, then permanent": the caller's patience ends it
    ("400", "processingFailure", Unavailable, "the platform could not process it"),
    (
        "400",
        f"{BAD_PAGE_TOKEN} missingRequiredParameter unexpectedParameter incompatibleParameters badRequest",
        Rejected,
        "the platform does not understand the request",
    ),
    ("408", "*", OutcomeUnknown, "the platform gave up waiting"),
    ("4??", NOT_JSON, OutcomeUnknown, "an answer that no API of Google's wrote"),
    ("4??", "*", Rejected, "the platform refuses this"),
    ("5??", "*", OutcomeUnknown, "the platform failed"),  # backendError internalError; HTML, empty
    ("*", "*", OutcomeUnknown, "an answer that nobody foresaw"),
)

# The token host's own clear words; anything else tells nothing about the credentials (sheet 1.1, 1.3, 6)
_TOKEN_MEANINGS: dict[str, str] = {
    "invalid_grant": "the refresh token is dead: expired, revoked, or of an app in testing",
    "invalid_client": "the OAuth client's id or secret is wrong",
    "unauthorized_client": "this OAuth client may not use the refresh token",
    "invalid_scope": "the permissions were withdrawn",
}


class SessionLost(Unavailable):
    """The upload session is not there any more; a finished video may be."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an answer says of its failure. `reasons`: all that it names, the first is the one it is known by."""

    status: int
    reasons: tuple[str, ...]
    message: str

    @classmethod
    def parse(cls, status: int, content: bytes) -> "Refusal":
        """Return the refusal of an answer, whatever of it is missing or misshapen."""
        text = content.decode("utf-8", "replace")
        try:
            error = json.loads(text)["error"]
            message = str(error.get("message") or "")
            listed = [*_listed(error, "errors"), *_listed(error, "details")]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(status, (NOT_JSON,), " ".join(text[:300].split()))
        named = tuple(str(each["reason"]) for each in listed if each.get("reason"))
        return cls(status, named or (str(error.get("status") or ""),), message)

    @property
    def is_daily(self) -> bool:
        """Tell whether a bucket of the day is empty, which looks like a short throttle."""
        return "rateLimitExceeded" in self.reasons and PER_DAY in self.message.lower()

    def meaning(self) -> tuple[type[ConnectorError] | Wait, str]:
        """Return what must happen next, and the diagnostic."""
        marks = (PER_DAY, *self.reasons) if self.is_daily else self.reasons
        return next(
            (meaning, diagnostic)
            for status, patterns, meaning, diagnostic in _MEANINGS
            if fnmatchcase(str(self.status), status) and any(_fits(mark, patterns) for mark in marks)
        )


def error_for(
    status: int, headers: Mapping[str, str], content: bytes, *, secrets: tuple[str, ...] = ()
) -> ConnectorError:
    """Return the error that an answer of the Data or Analytics API means."""
    refusal = Refusal.parse(status, content)
    meaning, diagnostic = refusal.meaning()
    code, detail = refusal.reasons[0][:100], redacted(refusal.message, secrets)
    if isinstance(meaning, Wait):
        return RateLimited(
            diagnostic,
            platform=Platform.YOUTUBE,
            status=status,
            code=code,
            detail=detail,
            retry_after=_wait(meaning, headers),
        )
    if meaning is OutcomeUnknown and not is_visible_write():
        meaning = Unavailable
    return meaning(diagnostic, platform=Platform.YOUTUBE, status=status, code=code, detail=detail)


def token_error_for(status: int, headers: Mapping[str, str], content: bytes) -> ConnectorError:
    """Return the error that an answer of the token host means; only its own clear word is NotAuthorized."""
    try:
        word = str(json.loads(content.decode("utf-8", "replace"))["error"])[:100]
    except (ValueError, KeyError, TypeError, RecursionError):
        word = NOT_JSON
    if status in (400, 401, 403) and word in _TOKEN_MEANINGS:
        return NotAuthorized(_TOKEN_MEANINGS[word], platform=Platform.YOUTUBE, status=status, code=word)
    if status == 429:
        wait = _wait(Wait.SHORT, headers)
        return RateLimited("too many renewals", platform=Platform.YOUTUBE, status=status, code=word, retry_after=wait)
    return Unavailable("the token host gave no token", platform=Platform.YOUTUBE, status=status, code=word)


def unreadable(what: str, *, status: int | None = None) -> ConnectorError:
    """Return the error of an answer that says neither success nor failure."""
    kind = OutcomeUnknown if is_visible_write() else Unavailable
    return kind(what, platform=Platform.YOUTUBE, status=status)


def until_midnight(now: datetime) -> timedelta:
    """Return the time until the quotas begin anew, a minute past midnight Pacific to be on the safe side."""
    local = now.astimezone(PACIFIC)
    # through UTC: a day on which the clocks change there has 23 or 25 hours
    midnight = datetime(local.year, local.month, local.day, tzinfo=PACIFIC) + timedelta(days=1)
    return midnight.astimezone(UTC) - now + timedelta(minutes=1)


def _wait(wait: Wait, headers: Mapping[str, str]) -> timedelta:
    if wait is Wait.MIDNIGHT:
        return until_midnight(datetime.now(UTC))
    asked = headers.get("Retry-After", "").strip()
    return timedelta(seconds=int(asked)) if asked.isdecimal() and len(asked) < 8 else wait.value


def _fits(mark: str, patterns: str) -> bool:
    # "per day" is one mark
    return mark == patterns or any(fnmatchcase(mark, pattern) for pattern in patterns.split())


def _listed(error: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    values = error.get(name)
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []
