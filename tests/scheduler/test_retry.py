"""What follows from each error, in each step: the whole table."""

from datetime import timedelta

import pytest

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
from core.platforms import Platform
from scheduler.retry import Decision, Patience, Then, decide

PATIENCE = Patience(
    first_wait=timedelta(seconds=5), longest_wait=timedelta(minutes=5), looks=(timedelta(1), timedelta(2))
)
FIVE, TEN, QUARTER = timedelta(seconds=5), timedelta(seconds=10), timedelta(minutes=15)
X = Platform.X
TABLE: list[tuple[ConnectorError, Decision, Decision]] = [
    # error, while preparing, in the visible write
    (Rejected(platform=X), Decision(Then.FAIL), Decision(Then.FAIL)),
    (Unsupported(platform=X), Decision(Then.FAIL), Decision(Then.FAIL)),
    (
        NotAuthorized(platform=X),
        Decision(Then.HOLD, account_stops=True),
        Decision(Then.HOLD, account_stops=True),
    ),
    (
        RateLimited(platform=X, retry_after=timedelta(seconds=77)),
        Decision(Then.RETRY, timedelta(seconds=77), account_waits=True),
        Decision(Then.RETRY, timedelta(seconds=77), account_waits=True),
    ),
    (
        RateLimited(platform=X),
        Decision(Then.RETRY, QUARTER, account_waits=True),
        Decision(Then.RETRY, QUARTER, account_waits=True),
    ),
    (Gone(platform=X), Decision(Then.PREPARE_ANEW, TEN), Decision(Then.PREPARE_ANEW, TEN)),
    (Unavailable(platform=X), Decision(Then.RETRY, TEN), Decision(Then.RETRY, TEN)),
    (OutcomeUnknown(platform=X), Decision(Then.RETRY, TEN), Decision(Then.SETTLE)),
    (ConnectorError(platform=X), Decision(Then.SETTLE), Decision(Then.SETTLE)),
]


@pytest.mark.parametrize(("error", "preparing", "writing"), TABLE, ids=lambda value: type(value).__name__)
def test_each_error_in_each_step(error: ConnectorError, preparing: Decision, writing: Decision) -> None:
    assert decide(error, step=Step.STAGE, tries=1, patience=PATIENCE) == preparing
    assert decide(error, step=Step.PUBLISH, tries=1, patience=PATIENCE) == writing


def test_the_table_names_every_error() -> None:
    known = {ConnectorError, *ConnectorError.__subclasses__()}
    assert {type(error) for error, *_ in TABLE} == known


@pytest.mark.parametrize(("tries", "seconds"), [(0, 5), (1, 10), (2, 20), (5, 160), (6, 300), (7, 300), (10_000, 300)])
def test_waits_double_up_to_the_longest(tries: int, seconds: int) -> None:
    assert PATIENCE.backoff(tries) == timedelta(seconds=seconds)


def test_looks_end_with_a_persons_turn() -> None:
    assert [PATIENCE.next_look(looks) for looks in range(4)] == [timedelta(1), timedelta(2), None, None]
