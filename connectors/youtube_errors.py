"""Reads what an answer of Google's APIs says of its failure. Source: sheet of 2026-11-23, section 6.

HTTP status and `reason` decide (youtube_meanings.py), with one exception that the platform leaves us: an empty bucket
of the day is a 429 `rateLimitExceeded` like any short "slow down", and only "per day" in its message, or in what the
newer front ends tell of the quota in `details`, shows that waiting a minute is no use.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.errors import ConnectorError, NotAuthorized, OutcomeUnknown, RateLimited, Unavailable
from connectors.http import is_visible_write
from connectors.redaction import redacted
from connectors.waits import retry_after
from connectors.youtube_meanings import NOT_JSON, PER_DAY, TOKEN_MEANINGS, Meaning, Wait, meaning_of
from core.platforms import Platform

PACIFIC = ZoneInfo("America/Los_Angeles")  # quotas and Analytics days follow it (sheet 4.2, 5.1 [doc])
# "Video Uploads per day" in prose; `VideoUploadsPerDayPerProject` where the limit is named
_DAILY_WORDS = re.compile(r"(?<![^\W_])per[\s_-]*day", re.IGNORECASE)
_DAILY_NAME = re.compile(r"per[\s_-]*day", re.IGNORECASE)
_THROTTLES = (Wait.SHORT, Wait.MINUTES)


class SessionLost(Unavailable):
    """The upload session is not there any more; a finished video may be."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an answer says of its failure.

    `reasons`: all that it names, the first is the one it is known by. `limits`: the names of the quotas that were hit.
    """

    status: int
    reasons: tuple[str, ...]
    message: str
    limits: tuple[str, ...] = ()

    @classmethod
    def parse(cls, status: int, content: bytes) -> "Refusal":
        """Return the refusal of an answer, whatever of it is missing or misshapen."""
        text = content.decode("utf-8", "replace")
        try:
            error = json.loads(text)["error"]
            message = str(error.get("message") or "")
            word = str(error.get("status") or "")
            details = _listed(error, "details")
            listed = [*_listed(error, "errors"), *details]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(status, (NOT_JSON,), " ".join(text[:300].split()))
        named = tuple(str(each["reason"]) for each in listed if each.get("reason"))
        reasons = (*named, word) if word or not named else named
        return cls(status, reasons, message, tuple(name for each in details for name in _limits(each)))

    @property
    def is_daily(self) -> bool:
        """Tell whether a bucket of the day is empty, which looks like a short throttle."""
        is_throttle = NOT_JSON not in self.reasons and meaning_of(self.status, self.reasons).kind in _THROTTLES
        said = bool(_DAILY_WORDS.search(self.message)) or any(_DAILY_NAME.search(name) for name in self.limits)
        return is_throttle and said

    def meaning(self) -> Meaning:
        """Return what must happen next."""
        return meaning_of(self.status, (PER_DAY,) if self.is_daily else self.reasons)


def error_for(
    status: int, headers: Mapping[str, str], content: bytes, *, secrets: tuple[str, ...] = ()
) -> ConnectorError:
    """Return the error that an answer of the Data or Analytics API means."""
    refusal = Refusal.parse(status, content)
    meaning = refusal.meaning()
    code, detail = refusal.reasons[0][:100], redacted(refusal.message, secrets)
    if isinstance(meaning.kind, Wait):
        return RateLimited(
            meaning.diagnostic,
            platform=Platform.YOUTUBE,
            status=status,
            code=code,
            detail=detail,
            sentence=meaning.sentence,
            retry_after=_wait(meaning.kind, headers),
        )
    kind = Unavailable if meaning.kind is OutcomeUnknown and not is_visible_write() else meaning.kind
    return kind(
        meaning.diagnostic,
        platform=Platform.YOUTUBE,
        status=status,
        code=code,
        detail=detail,
        sentence=meaning.sentence,
    )


def token_error_for(status: int, headers: Mapping[str, str], content: bytes) -> ConnectorError:
    """Return the error that an answer of the token host means; only its own clear word is NotAuthorized."""
    try:
        word = str(json.loads(content.decode("utf-8", "replace"))["error"])[:100]
    except (ValueError, KeyError, TypeError, RecursionError):
        word = NOT_JSON
    if status in (400, 401, 403) and word in TOKEN_MEANINGS:
        diagnostic, sentence = TOKEN_MEANINGS[word]
        return NotAuthorized(diagnostic, platform=Platform.YOUTUBE, status=status, code=word, sentence=sentence)
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
    return retry_after(headers) or wait.value


def _listed(error: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    values = error.get(name)
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _limits(detail: Mapping[str, object]) -> list[str]:
    """Return how an ErrorInfo or a QuotaFailure of `details` names the limit that was hit; the latter is [memory]."""
    metadata = detail.get("metadata")
    named = [metadata.get("quota_limit")] if isinstance(metadata, Mapping) else []
    return [str(name) for name in (*named, *(each.get("quotaId") for each in _listed(detail, "violations"))) if name]
