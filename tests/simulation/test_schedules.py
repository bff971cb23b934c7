"""Many schedules on each database: whatever dies, and whenever, nothing goes out twice and nothing is lost."""

import re

import pytest

from tests.simulation.world import Simulation

# in pieces, so that the workers of a test run share them
PIECES = 20
EACH = {"sqlite": 25, "postgresql": 10}
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("piece", range(PIECES))
def test_whatever_happens_each_post_is_out_once_or_not_at_all(simulation: Simulation, piece: int) -> None:
    each = EACH[simulation.database.kind]
    for seed in range(piece * each, (piece + 1) * each):
        verdict = simulation.run(seed)
        shown = "\n".join((f"make simulate SEED={seed} DB={simulation.database.kind}", *verdict.trace))
        assert not verdict.broken, f"{verdict.broken}\n{shown}"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_seed_gives_the_same_schedule_each_time(simulation: Simulation) -> None:
    first = {seed: simulation.run(seed) for seed in (3, 11, 12)}
    for seed in (12, 3, 11):
        assert simulation.run(seed).trace == first[seed].trace


def test_the_schedules_are_worth_their_time(simulation: Simulation) -> None:
    """Else all would hold because nothing happens."""
    missing = {
        "killed before its commit",
        "killed after its commit",
        "killed between two steps",
        "frozen for",
        "database: busy",
        "database: full at the commit",
        "answer lost",
        "publish it: lost",
        "publish it: accepted",
        "publish it: late",
        "RateLimited",
        "OpenStop",
        "LiftStop",
        "TokenRefused",
        "shows it part 0",
        "find it: there",
        "find it: absent",
    }
    for seed in range(150):
        trace = "\n".join(re.sub(r"\bd\d+", "it", line) for line in simulation.run(seed).trace)
        missing = {mishap for mishap in missing if mishap not in trace}
        if not missing:
            break
    assert not missing
