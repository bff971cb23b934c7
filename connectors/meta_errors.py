"""What Meta's error codes mean for Vocero, as one table.

Facebook and Instagram share it. Source: sheet of 2026-11-23, sections 6.1 and 6.2. The HTTP status is unreliable
(token errors and most throttles arrive as 400) and nearly every error calls itself "OAuthException": only `code` and
`error_subcode` decide, the status where no JSON came.

Three choices that the table makes, by what must happen next:

- Meta's blocks of an account (368 and its kin) are NotAuthorized, not Rejected. The next post would be refused as well
  and every further try prolongs the block; so the account pauses and a person looks.
- A token that is dead (190 and its subcodes) is NotAuthorized, not TokenRefused: a Page's token has no refresh token,
  and an expired one cannot be exchanged (sheet 1.1 [doc]). Nothing but a person who connects again helps.
- 506, a text equal to the last post's, is Rejected: publishing flips a draft that exists already, so this cannot be
  the echo of our own visible write.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
from connectors.meta_sentences import SENTENCES, TOO_HEAVY, UNTOLD
from connectors.meta_values import text_of

Meaning = type[ConnectorError]

_NUMBER = re.compile(r"-?[0-9]{1,15}")

# OutcomeUnknown in these tables reads: the write may have landed; where nobody could see it, Unavailable (as_happened).
_CODES: dict[int, Meaning] = {
    1: OutcomeUnknown,  # unknown error, HTTP 500
    2: OutcomeUnknown,  # service unavailable, HTTP 500
    3: NotAuthorized,  # capability missing
    4: RateLimited,  # app
    10: NotAuthorized,  # permission not granted or removed
    12: Rejected,  # deprecated field or edge [memory]
    17: RateLimited,  # user
    32: RateLimited,  # Page calls with a user's token
    80001: RateLimited,  # Page or system user (business use case)
    80002: RateLimited,  # Instagram (business use case)
    341: RateLimited,  # application
    613: RateLimited,  # custom limit, odd traffic
    100: Rejected,  # bad parameter
    102: NotAuthorized,  # session invalid
    104: NotAuthorized,  # bad signature (proof)
    190: NotAuthorized,  # token: malformed, expired, revoked, role lost, of the wrong kind…
    368: Blocked,  # blocked as abusive: see above
    382: Rejected,  # video too small
    389: Rejected,  # URL not fetchable
    6000: Rejected,  # bad video file
    6001: Unavailable,  # video upload problem
    506: Rejected,  # the text of the last post again: see above
    803: Rejected,  # an id in `ids` was not found
    1705: NotAuthorized,  # a user's token where a Page's is needed
    2500: Rejected,  # path or query not understood
    3001: Rejected,  # no metric given
    2874008: Rejected,  # insights not available for this Page
    1609005: Rejected,  # the link could not be read by the platform
    **dict.fromkeys(range(200, 300), NotAuthorized),  # a permission is missing
    **dict.fromkeys(range(2932001, 2932011), Rejected),  # insights not available for this post
}

# With any code. From 1366046 on: found in public posting tools only [code].
_SUBCODES: dict[int, Meaning] = {
    2853006: NotAuthorized,  # the viewer lacks a permission
    2069032: NotAuthorized,  # Page token required
    2069030: Rejected,  # endpoint not supported on this kind of Page
    2069031: Rejected,  # field not supported
    2069033: Rejected,  # feature not supported
    1363037: Unavailable,  # chunk at the wrong offset; error_data tells the right one
    1504028: Rejected,  # no metric given
    1609005: Rejected,  # the link could not be read by the platform
    1366046: Rejected,  # photo too large, or its format
    1366051: Rejected,  # photos are in a post already
    1390008: RateLimited,  # posting too fast
    1346003: Blocked,  # content flagged as abusive: a block
    1404006: Blocked,  # security check
    1404078: NotAuthorized,  # Page publishing authorization needed
    1404102: Rejected,  # community standards
    1404112: Blocked,  # account limited: a block
    1609008: Rejected,  # links to facebook.com
    1609010: OutcomeUnknown,  # temporarily unavailable
    1363047: OutcomeUnknown,  # temporarily unavailable
    2061006: Rejected,  # invalid URL
    1349125: Rejected,  # bad format
    2069019: Rejected,  # invalid file
    4854002: Blocked,  # identity confirmation required
}

_PAIRS: dict[tuple[int, int], Meaning] = {
    (100, 33): Gone,  # missing, or hidden from this token: whoever concludes "deleted" reads the Page first
}

_TOO_HEAVY = "reduce the amount of data"  # in the text of a code 1: many photos under a long text (sheet 2.3) [code]


@dataclass(frozen=True, slots=True)
class GraphError:
    """The `error` of a Graph answer; its optional parts are empty where they were not given."""

    code: int
    subcode: int = 0
    message: str = ""
    transient: bool = False
    trace: str = ""

    @classmethod
    def parse(cls, error: Mapping[str, object]) -> "GraphError":
        """Return the error of an answer, whatever of it is missing or misshapen."""
        texts = (text_of(error.get(name)) for name in ("message", "error_user_title", "error_user_msg"))
        return cls(
            code=number(error.get("code")),
            subcode=number(error.get("error_subcode")),
            message=" | ".join(text for text in texts if text),
            transient=error.get("is_transient") is True,
            trace=text_of(error.get("fbtrace_id")),
        )

    @property
    def name(self) -> str:
        """`code` or `code/subcode`, as the platform's own pages write it."""
        return f"{self.code}/{self.subcode}" if self.subcode else f"{self.code}"

    @property
    def is_too_heavy(self) -> bool:
        """Tell whether the platform found the request itself too heavy."""
        return self.code == 1 and _TOO_HEAVY in self.message.lower()

    def meaning(self, status: int | None) -> Meaning:
        """Return what must happen next. Codes that nobody described: transient or 5xx unknown, else refused."""
        if self.is_too_heavy:
            return Rejected
        known = (
            _PAIRS.get((self.code, self.subcode))
            or _SUBCODES.get(self.subcode)
            or _CODES.get(self.code)
            or _SUBCODES.get(self.code)
        )
        if known:
            return known
        if self.transient or not self.code or (status or 500) >= 500:
            return OutcomeUnknown
        return Rejected

    def sentence(self, meaning: Meaning) -> str:
        """Return what staff read of it where it means a refusal; "" where its kind's own sentence says all."""
        if not issubclass(meaning, Rejected | NotAuthorized):
            return ""
        if self.is_too_heavy:
            return TOO_HEAVY
        # the code of a known subcode says something else
        keys = (self.subcode,) if self.subcode in _SUBCODES else (self.subcode, self.code)
        told = next((SENTENCES[key] for key in keys if key in SENTENCES), "")
        return told or (UNTOLD.format(code=self.name) if meaning is Rejected else "")


def number(value: object) -> int:
    """Return a whole number that Meta wrote as a number or as text, 0 for anything else."""
    text = "" if isinstance(value, bool) or not isinstance(value, str | int) else str(value)
    return int(text) if _NUMBER.fullmatch(text) else 0
