"""What Instagram's error codes mean for Vocero, as one table; what is not in it, connectors/meta_errors.py knows.

Source: sheet instagram.md of 2026-11-23, section 6. All of these come with HTTP 400, so the status tells nothing. The
subcode decides first, then the code. OutcomeUnknown reads: the post may be public; where nobody could see it,
Unavailable.

Named cases of `media_publish`:

- 4/2207051, "action is blocked": the post **may be live** all the same; who repeated it had it twice [code]. SpamGuard;
  before the visible write it is a block like any other.
- -1, a server error: the post may be public [memory].
- Whatever is refused without a row of this table: the code of a second publication of the same container is not known
  [memory], so the container is asked before anybody calls the post refused (`is_final`).
"""

import re

from connectors.errors import (
    Blocked,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from connectors.http import is_visible_write
from connectors.instagram_sentences import NO_BUSINESS, SENTENCES
from connectors.meta_errors import GraphError, Meaning
from core.texts import _

NOT_FETCHED = 2207052
NOT_A_BUSINESS = "not an instagram business"  # in the text; the sheet knows no code for it [code]
_SUBCODE = re.compile(r"\b2207\d{3}\b")


class SpamGuard(OutcomeUnknown):
    """Instagram's spam guard stopped the publication, and yet the post may be live (4/2207051)."""

    account_stops = True
    sentence = _(
        "Instagram bloqueó la acción por su protección contra spam, y la publicación puede haber salido igual."
        " No insista: mire la cuenta en la propia red."
    )


# Code, subcode (0: any, for that code), meaning, what the platform says
ROWS: tuple[tuple[int, int, Meaning, str], ...] = (
    (-2, 2207003, Unavailable, "the file's download timed out"),
    (-2, 2207020, Unavailable, "the container has expired: a new one is made"),
    (-2, 0, Unavailable, "the file could not be had"),
    (-1, 2207001, OutcomeUnknown, "server error"),
    (-1, 2207032, OutcomeUnknown, "the container could not be made"),
    (-1, 2207053, OutcomeUnknown, "unknown error in a video's upload"),
    (-1, 0, OutcomeUnknown, "server error"),
    (1, 2207057, Rejected, "thumb_offset out of range"),
    (4, 2207051, SpamGuard, "action is blocked; the post may be live"),
    (9, 2207042, RateLimited, "the daily number of posts is reached"),
    (9, 0, RateLimited, "too many of something"),
    (24, 2207006, Gone, "media not found: right, token, or expired"),
    (24, 2207008, Unavailable, "container missing or expired; can be temporary: the container is asked"),
    (24, 0, Gone, "not found"),
    (25, 2207050, Blocked, "the account is restricted, inactive or checkpointed"),
    (25, 0, Blocked, "the account is restricted"),
    (100, 2207023, Rejected, "unknown media_type"),
    (100, 2207028, Rejected, "a carousel has 2 to 10 items"),
    (100, 2207035, Rejected, "a tag is wrong"),
    (100, 2207036, Rejected, "a tag is wrong"),
    (100, 2207037, Rejected, "a tag is wrong"),
    (100, 2207040, Rejected, "more than 20 tags"),
    (352, 2207026, Rejected, "video format not supported"),
    (352, 0, Rejected, "video format not supported"),
    (9004, NOT_FETCHED, Rejected, "the address could not be fetched, or shows no image or video; tried a few times"),
    (9004, 0, Rejected, "the address could not be fetched"),
    (9007, 2207027, Unavailable, "not ready yet; nothing was published"),
    (9007, 0, Unavailable, "not ready yet; nothing was published"),
    (36000, 2207004, Rejected, "image over 8 MiB"),
    (36000, 0, Rejected, "image too large"),
    (36001, 2207005, Rejected, "image format not supported"),
    (36001, 0, Rejected, "image format not supported"),
    (36003, 2207009, Rejected, "aspect ratio outside 4:5 to 1.91:1"),
    (36003, 0, Rejected, "aspect ratio"),
    (36004, 2207010, Rejected, "caption too long, or too many hashtags or mentions"),
    (36004, 0, Rejected, "caption"),
    (0, 2207076, Unavailable, "the container's processing failed [memory]"),
    (0, 2207077, Unavailable, "the container's processing failed: download"),
    (0, 2207082, Unavailable, "the container's processing failed: upload"),
    (0, 2207085, Unavailable, "the container's processing failed: video"),
    (0, 2207081, Rejected, "no trial reels for this account"),
)

_SUBCODES = {subcode: meaning for _code, subcode, meaning, _what in ROWS if subcode}
_CODES = {code: meaning for code, subcode, meaning, _what in ROWS if not subcode}


def meaning_of(error: GraphError, status: int | None) -> Meaning:
    """Return the error of the house; `status` counts only where the error itself says nothing."""
    if NOT_A_BUSINESS in error.message.lower():
        return NotAuthorized
    meaning = _SUBCODES.get(error.subcode) or _CODES.get(error.code) or error.meaning(status)
    return Blocked if meaning is SpamGuard and not is_visible_write() else meaning


def sentence_of(error: GraphError, meaning: Meaning) -> str:
    """Return what staff read of a refusal; "" where its kind's own sentence says all."""
    if NOT_A_BUSINESS in error.message.lower():
        return NO_BUSINESS
    if meaning is not Rejected:
        return error.sentence(meaning)
    # the code of a known subcode says something else
    key = error.subcode if error.subcode in _SUBCODES else error.code
    return SENTENCES.get(key) or error.sentence(meaning)


def is_final(code: str) -> bool:
    """Tell whether `code/subcode` is a row that surely means: refused, and not public."""
    subcode = code.partition("/")[2]
    return subcode.isdecimal() and _SUBCODES.get(int(subcode)) in (Rejected, Unavailable)


def failure_in(status: str) -> tuple[str, Meaning]:
    """Return the subcode that a failed container tells inside its sentence ("" where none), and its meaning.

    Unavailable here: a new container may do better, once (sheet 6, "N once, then P").
    """
    found = _SUBCODE.search(status)
    if not found:
        return "", Unavailable
    meaning = _SUBCODES.get(int(found.group()), Unavailable)
    return found.group(), meaning if meaning is Rejected else Unavailable
