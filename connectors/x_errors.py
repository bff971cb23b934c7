"""What X's refusals mean for Vocero, as one table.

Source: sheet of 2026-11-23, sections 6.1 and 6.2. The v2 answers carry no numbers: the end of `type` decides, and where
that says nothing (`about:blank`), words of the detail, which X has kept for years. Numbers of the old v1.1 may still
leak from the edge; they read here `#64`.

Choices that the table makes, by what must happen next:

- No credits (402) and a spent monthly cap are Blocked, with a sentence of their own: nothing will go through until a
  person pays, and a new token would not help.
- A media id that X does not take is Rejected here; `publish` knows how old it is, and says better.
- A duplicate is Rejected here and named; `publish` and `reply` look whether it is the echo of their own earlier try.
- A 401 is a TokenRefused, which renewing may mend; but not where X minds our clock (#135) or cannot read the keys.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from typing import Any

import requests

from connectors import x_sentences as say
from connectors.errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
)
from connectors.http import is_visible_write
from connectors.redaction import redacted
from core.platforms import Platform
from core.texts import _

Answer = dict[str, Any]

DUPLICATE = "duplicate"
INVALID_MEDIA = "invalid-media"
# The code that we give to an answer in which there is no JSON object: a page of the edge, or nothing
NOT_JSON = "not-json"
# and to one that says no more than its status: about content X says what it minds
BARE = "bare"
# where a daily limit does not tell when it ends: "hours" (sheet 6.2 [memory])
DAILY = "#185"
DAILY_WAIT = timedelta(hours=3)
# the buckets, the one that lasts longest first, and how long each lasts (sheet 5.3 [doc]): no wait is longer
_BUCKETS = (
    ("x-user-limit-24hour", timedelta(hours=24)),
    ("x-app-limit-24hour", timedelta(hours=24)),
    ("x-rate-limit", timedelta(minutes=15)),
)


class NoCredits(Blocked):
    """The application has nothing left to pay with; every call is refused until somebody tops it up."""

    sentence = _(
        "Se agotó el saldo o el tope mensual de la aplicación en X. Recárguelo en la consola de desarrollo de X y "
        "reanude la cuenta."
    )


@dataclass(frozen=True, slots=True)
class Row:
    """Status, kind (`*`, `?` as in file names) and words that an answer must have; what it then means, and its name.

    `sentence`: for staff, where that of the meaning does not tell what to do.
    """

    status: str
    kind: str
    words: str
    meaning: type[ConnectorError]
    diagnostic: str
    code: str = ""
    sentence: str = ""


# The first row that fits decides. OutcomeUnknown reads here: nobody knows whether it was carried out; where it is not
# the visible write, that is Unavailable.
TABLE: tuple[Row, ...] = (
    Row("3??", "*", "", OutcomeUnknown, "a redirect, which is not followed"),
    Row("400", "*", "media ids are invalid", Rejected, "the media is not accepted", INVALID_MEDIA, say.FILES),
    Row("400", "#324", "", Rejected, "the media is not accepted", INVALID_MEDIA, say.FILES),
    Row("40?", "*", "text is too long", Rejected, "the text is too long", "too-long", say.TOO_LONG),
    Row("403", "#186", "", Rejected, "the text is too long", "too-long", say.TOO_LONG),
    Row("400", "#215", "", NotAuthorized, "the credentials are malformed", sentence=say.KEYS),
    Row("401", "#135", "", NotAuthorized, "our clock is wrong", sentence=say.CLOCK),
    Row("401", "*", "", TokenRefused, "the token is not accepted (or our clock is wrong)"),
    Row("402", "*", "", NoCredits, "no credits left", "no-credits"),
    Row("403", "*", "duplicate content", Rejected, "the same text was posted before", DUPLICATE, say.DUPLICATE),
    Row("403", "#187", "", Rejected, "the same text was posted before", DUPLICATE, say.DUPLICATE),
    Row("403", "#64", "", Blocked, "the account is suspended", sentence=say.SUSPENDED),
    Row("403", "*", "account is suspended", Blocked, "the account is suspended", sentence=say.SUSPENDED),
    Row("403", "#326", "", Blocked, "the account is locked until somebody logs in", sentence=say.LOCKED),
    Row("403", "*", "temporarily locked", Blocked, "the account is locked until somebody logs in", sentence=say.LOCKED),
    Row("403", DAILY, "", RateLimited, "the account's daily limit is reached", sentence=say.DAILY),
    Row("403", "#226", "", Rejected, "it looks automated to the platform", sentence=say.AUTOMATED),
    Row("403", "#261", "", NotAuthorized, "the application may not write", sentence=say.MAY_NOT_WRITE),
    Row("403", "#453", "", NotAuthorized, "the plan lacks this endpoint", sentence=say.PLAN),
    Row("403", "#385", "", Rejected, "what is replied to is gone", "reply-refused", say.TARGET_GONE),
    Row("403", "#433", "", Rejected, "replies are restricted there", "reply-refused", say.REPLIES_CLOSED),
    Row("403", "oauth1-permissions", "", NotAuthorized, "the application may only read", sentence=say.MAY_NOT_WRITE),
    Row("403", "unsupported-authentication", "", NotAuthorized, "this kind of token does not do", sentence=say.KEYS),
    Row("403", "client-forbidden", "", NotAuthorized, "the application is not allowed here", sentence=say.PLAN),
    Row("403", BARE, "", NotAuthorized, "the token lacks a right, for no reason is given", sentence=say.RIGHT),
    Row("403", "*", "scope", NotAuthorized, "the token lacks a scope", sentence=say.RIGHT),
    *(
        Row("403", "*", words, Rejected, "replies are restricted", "reply-refused", say.REPLIES_CLOSED)
        for words in (
            "reply to this conversation is not allowed",
            "you can only reply to or quote",
            "quoting this post is not allowed",
        )
    ),
    Row("403", "*", "deleted or not visible to you", Rejected, "its target is gone", "reply-refused", say.TARGET_GONE),
    Row("403", "*", "contains an invalid url", Rejected, "an address is not accepted", sentence=say.ADDRESS),
    Row("403", "*", "cashtag", Rejected, "more than one cashtag", sentence=say.CASHTAG),
    Row("403", "*", "not allowed to post a video longer", Rejected, "the video is too long", sentence=say.VIDEO_LONG),
    Row("403", "*", "not permitted to perform this action", Rejected, "no reason is given", sentence=say.NOT_TOLD),
    Row("404", NOT_JSON, "", OutcomeUnknown, "not an answer of the API"),
    Row("404", "*", "", Gone, "it is not there"),
    Row("408", "*", "", OutcomeUnknown, "the platform gave up waiting"),
    Row("409", "*", "", Unavailable, "a conflict that passes"),
    Row("429", "usage-capped", "", NoCredits, "the month's cap is spent", "usage-capped"),
    Row("429", "*", "", RateLimited, "too many calls"),
    Row("*", "#88", "", RateLimited, "too many calls"),
    Row("4??", NOT_JSON, "", OutcomeUnknown, "not an answer of the API"),
    Row("4??", "*", "", Rejected, "the platform refuses it", sentence=say.CONTENT),
    Row("*", "*", "", OutcomeUnknown, "the platform failed"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer, whatever of it is missing or misshapen. `kinds`: the ends of `type`, v1.1 numbers as `#64`."""

    status: int
    kinds: tuple[str, ...]
    told: str

    @classmethod
    def parse(cls, status: int, body: Answer | None) -> "Refusal":
        """Read a problem, a list of errors, or what the OAuth host says (sheet 6.1)."""
        if body is None:
            return cls(status=status, kinds=(NOT_JSON,), told="")
        listed = body.get("errors")
        errors = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
        types = [_tail(one.get("type")) for one in (body, *errors)]
        numbers = [f"#{one['code']}" for one in errors if isinstance(one.get("code"), int | str)]
        words = [body.get(name) for name in ("title", "detail", "reason", "error", "error_description")]
        words += [one.get(name) for one in errors for name in ("message", "detail")]
        told = tuple(dict.fromkeys(word for word in words if isinstance(word, str) and word))
        kinds = tuple(dict.fromkeys((*numbers, *filter(None, types))))
        nothing = BARE if told in ((), ("Forbidden",)) else ""
        return cls(status=status, kinds=kinds or (nothing,), told=" | ".join(told))

    @property
    def row(self) -> Row:
        """The row of the table that fits first."""
        told = self.told.lower()
        return next(
            row
            for row in TABLE
            if fnmatchcase(str(self.status), row.status)
            and any(fnmatchcase(kind, row.kind) for kind in self.kinds)
            and row.words in told
        )


def refusal(response: requests.Response, secrets: tuple[str, ...]) -> ConnectorError:
    """Return the error that an answer other than 2xx means."""
    parsed = Refusal.parse(response.status_code, body_of(response))
    row = parsed.row
    meaning = row.meaning
    if meaning is RateLimited and NOT_JSON in parsed.kinds and is_visible_write():
        meaning = OutcomeUnknown  # a gateway's word, not X's own: it proves no write undone
    if meaning is OutcomeUnknown and not is_visible_write():
        meaning = Unavailable
    status, code, told = response.status_code, row.code or parsed.kinds[0], redacted(parsed.told, secrets)
    sentence = row.sentence
    if meaning is Rejected and _is_reading(response):
        sentence = say.QUERY
    if meaning is RateLimited:
        return RateLimited(
            row.diagnostic,
            platform=Platform.X,
            status=status,
            code=code,
            detail=told,
            sentence=sentence,
            retry_after=wait_of(response.headers) or (DAILY_WAIT if row.kind == DAILY else None),
        )
    return meaning(row.diagnostic, platform=Platform.X, status=status, code=code, detail=told, sentence=sentence)


def _is_reading(response: requests.Response) -> bool:
    """Tell whether only something was asked: then no content was refused."""
    request: requests.PreparedRequest | None = response.request
    return request is not None and request.method == "GET"


def unreadable(what: str, status: int | None = None) -> ConnectorError:
    """Return the error of an answer that says neither yes nor no."""
    meaning = OutcomeUnknown if is_visible_write() else Unavailable
    return meaning(what, platform=Platform.X, status=status, code=NOT_JSON)


def body_of(response: requests.Response) -> Answer | None:
    """Return the JSON object of an answer; None where there is none."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def wait_of(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long the spent bucket asks to wait, by X's own clock; a day's counts before a quarter hour's.

    Never longer than the bucket lasts, whatever the headers say.
    """
    for bucket, length in _BUCKETS:
        reset = headers.get(f"{bucket}-reset", "").strip()
        # without a count of what is left, the bucket of the quarter hour is meant
        left = headers.get(f"{bucket}-remaining", "0" if bucket == "x-rate-limit" else "").strip()
        if left == "0" and reset.isdecimal() and len(reset) < 12:
            now = told_now(headers) or datetime.now(UTC)
            return min(max(datetime.fromtimestamp(int(reset), UTC) - now, timedelta(0)), length)
    return None


def told_now(headers: Mapping[str, str]) -> datetime | None:
    """Return what X's clock showed when it answered, None where it does not say."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _tail(kind: object) -> str:
    """Return the last part of a problem's address: its host and `about:blank` say nothing."""
    return kind.rstrip("/").rsplit("/", 1)[-1] if isinstance(kind, str) and "/problems/" in kind else ""
