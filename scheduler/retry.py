"""What follows from a platform's error: pure decisions, tested as a table."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from connectors.errors import (
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from core.deliveries import Step


class Then(StrEnum):
    """What happens to the delivery next."""

    RETRY = "retry"  # nothing was done: again after the wait
    PREPARE_ANEW = "prepare_anew"  # what was prepared is gone, unseen: again from the start
    HOLD = "hold"  # a person must mend the account
    FAIL = "fail"  # a person must mend the content
    SETTLE = "settle"  # it may have gone out: find out first


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows, after which wait; and whether the account waits too, or stops."""

    then: Then
    wait: timedelta = timedelta(0)
    account_waits: bool = False
    account_stops: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait. `looks`: the growing waits between looks at the platform, after which it is a person's turn."""

    first_wait: timedelta = timedelta(seconds=5)
    longest_wait: timedelta = timedelta(minutes=5)
    rate_limit_wait: timedelta = timedelta(minutes=15)
    looks: tuple[timedelta, ...] = (
        timedelta(seconds=10),
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=60),
    )

    def backoff(self, tries: int) -> timedelta:
        """Return the wait after so many failures in a row: doubling, up to the longest."""
        return min(self.first_wait * (1 << min(tries, 16)), self.longest_wait)

    def next_look(self, looks: int) -> timedelta | None:
        """Return the wait before the next look, None when it is a person's turn."""
        return self.looks[looks] if looks < len(self.looks) else None


def decide(error: ConnectorError, *, step: Step, tries: int, patience: Patience) -> Decision:
    """Say what follows from an error while preparing, or in the first visible write.

    A write that may have landed already is settled elsewhere: there no error proves that it did not.
    """
    match error:
        case Rejected() | Unsupported():
            return Decision(Then.FAIL)
        case NotAuthorized():
            return Decision(Then.HOLD, account_stops=True)
        case RateLimited():
            return Decision(Then.RETRY, error.retry_after or patience.rate_limit_wait, account_waits=True)
        case Gone():
            return Decision(Then.PREPARE_ANEW, patience.backoff(tries))
        case Unavailable():
            return Decision(Then.RETRY, patience.backoff(tries))
        case OutcomeUnknown() if step is Step.STAGE:
            return Decision(Then.RETRY, patience.backoff(tries))  # what nobody can see may be made twice
        case _:
            return Decision(Then.SETTLE, account_stops=isinstance(error, OutcomeUnknown) and error.account_stops)
