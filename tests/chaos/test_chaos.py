"""The chaos run in small: hostile platforms, two workers of which some are killed; the long form: `make chaos`."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.chaos.programme import IN_A_HURRY
from tests.chaos.run import Order, run_chaos

_DELIVERIES = 50
_KILLS = 3


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_hostile_platforms_and_killed_workers_leave_in_the_ledger_what_was_approved(
    database_url: str, tmp_path: Path
) -> None:
    order = Order(
        deliveries=_DELIVERIES,
        seed=7,
        kills=_KILLS,
        gap=1.5,
        kinds=IN_A_HURRY,
        over=timedelta(seconds=4),
        at_most=timedelta(minutes=3),
        hidden_seconds=0.5,
        in_a_hurry=True,
        lists_lag=1.5,
    )
    outcome = run_chaos(order, database_url, tmp_path)
    assert outcome.wrong == []
    assert outcome.killed == _KILLS
    assert sum(outcome.struck.values()) > _DELIVERIES / 2
    assert outcome.states["published"] > _DELIVERIES * 0.8
