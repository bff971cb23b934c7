"""What goes wrong, how often, and when: drawn from the schedule's seed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

from connectors.errors import (
    Blocked,
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
from core.platforms import Platform

SECOND = 1_000_000
MINUTE = 60 * SECOND
CALL = 75 * SECOND
# The one thing that is taken on trust of a platform: what was sent is public and in its lists at the latest so long
# after the caller gave up on it. Two looks, 10 and 70 seconds after a lost answer, rest on that.
HORIZON = 60 * SECOND


class Answer(StrEnum):
    """What becomes of one call."""

    CLEAN = "clean"  # done, and told
    REFUSED = "refused"  # not done, and told so
    LOST = "lost"  # not done, and nobody knows
    ACCEPTED = "accepted"  # done, and the answer lost
    LATE = "late"  # done after the caller gave up
    BROKEN = "broken"  # the connector has a bug, before it does anything
    BROKEN_AFTER = "broken after"  # and after


@dataclass(frozen=True, slots=True)
class Call:
    """One call: after how long the platform acts, after how long the caller hears, and what (microseconds)."""

    answer: Answer
    acts_after: int
    ends_after: int
    error: Callable[[], BaseException] | None = None
    listed_after: int = 0


@dataclass(frozen=True)
class Mood:
    """How hostile this schedule is: probabilities of each kind of mishap."""

    call: float
    storage: float
    death: float
    freeze: float
    slow: float
    lag: float
    beyond: float

    @classmethod
    def drawn(cls, dice: Random) -> "Mood":
        def some(most: float) -> float:
            return dice.choice((0.0, most / 4, most / 2, most))

        return cls(
            call=some(0.5),
            storage=some(0.04),
            death=some(0.03),
            freeze=some(0.03),
            slow=some(0.4),
            lag=some(1.0),
            beyond=dice.choice((0.0, 0.0, 0.9)),
        )


REFUSALS: dict[str, tuple[type[ConnectorError], ...]] = {
    "identify": (Unavailable, RateLimited, NotAuthorized, TokenRefused, OutcomeUnknown),
    "stage": (Unavailable, Unavailable, RateLimited, NotAuthorized, TokenRefused, OutcomeUnknown, Rejected, Gone),
    "publish": (
        Unavailable,
        Unavailable,
        RateLimited,
        NotAuthorized,
        TokenRefused,
        Blocked,
        Rejected,
        Gone,
        Unsupported,
    ),
    "find": (Unavailable, OutcomeUnknown, RateLimited, NotAuthorized, TokenRefused, Rejected, Gone, OutcomeUnknown),
}


class Faults:
    """Deals out the mishaps; none once the weather has cleared (`is_over`)."""

    def __init__(self, dice: Random, mood: Mood) -> None:
        self.dice, self.mood = dice, mood
        self.is_over = False

    def strikes(self, probability: float) -> bool:
        return not self.is_over and probability > 0 and self.dice.random() < probability

    def beyond(self, platform: Platform) -> Call | None:
        """Say that a write arrives, and is listed, later than any platform may, if it does."""
        if not self.strikes(self.mood.beyond):
            return None
        ends = self.dice.randrange(1000, 200_000)
        acts = ends + HORIZON + self.dice.randrange(0, 2 * MINUTE)
        return Call(Answer.LATE, acts, ends, lambda: _lost(platform), self.dice.randrange(0, 40 * MINUTE))

    def refused(self, platform: Platform) -> Call | None:
        """Say that the content is refused, as one that the platform has already may be; if it is."""
        if not self.strikes(0.3):
            return None
        return Call(Answer.REFUSED, 1000, 2000, lambda: Rejected(platform=platform))

    def call(self, step: str, platform: Platform) -> Call:
        """Say what becomes of a call that changes or asks something."""
        dice = self.dice
        acts, ends = dice.randrange(1000, 200_000), dice.randrange(1000, 200_000)
        if self.strikes(self.mood.slow / 4):
            acts = dice.randrange(SECOND, CALL - SECOND)
            ends = dice.randrange(0, CALL - acts)
        ends += acts
        lag = dice.randrange(0, 20 * SECOND) if self.strikes(self.mood.lag) else 0
        # what comes before a write is spared, so that many schedules come to one: there it may hurt
        if not self.strikes(self.mood.call if step in ("publish", "find") else self.mood.call / 2):
            return Call(Answer.CLEAN, acts, ends, None, lag)
        if step == "publish" and dice.random() < 0.8:
            answer = dice.choice((Answer.LOST, Answer.ACCEPTED, Answer.LATE, Answer.LATE, Answer.BROKEN_AFTER))
            if answer is Answer.LATE:
                ends = dice.choice((ends, CALL))
                acts = ends + dice.randrange(0, HORIZON - lag)
            return Call(answer, acts, ends, lambda: _lost(platform), lag)
        if dice.random() < 0.1:
            return Call(Answer.BROKEN, acts, ends, lambda: KeyError("id"))
        kind = dice.choice(REFUSALS[step])
        rest = timedelta(seconds=dice.choice((5, 60, 600, 2400)))
        if issubclass(kind, RateLimited):
            return Call(Answer.REFUSED, acts, ends, lambda: RateLimited(platform=platform, retry_after=rest))
        return Call(Answer.REFUSED, acts, ends, lambda: kind(platform=platform))


def _lost(platform: Platform) -> ConnectorError:
    return OutcomeUnknown("no answer", platform=platform)


def exists(platform: Platform) -> ConnectorError:
    return Exists("it has it already, and does not show which", platform=platform)
