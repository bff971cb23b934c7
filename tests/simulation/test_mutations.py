"""The simulation notices each safeguard that is taken out: an invariant that never fails is worth nothing."""

import pytest

from tests.simulation.mutations import MUTATIONS
from tests.simulation.world import Simulation

WITHIN = 500
pytestmark = pytest.mark.timeout(600)
# what each planted bug breaks, at the least
BREAKS = {
    "retry_after_a_timeout": "at most once",
}
# where each was found: tried first, so that the test is quick; any of the first 500 will do
FOUND = {
    "altered_files_pass": 21,
    "exists_is_forgotten": 105,
    "no_look_is_believed": 30,
    "no_second_gate": 29,
}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_planted_bug_is_found(simulation: Simulation, name: str) -> None:
    assert FOUND.get(name, 0) < WITHIN
    seeds = [FOUND.get(name, 0), *range(WITHIN)]
    with MUTATIONS[name]():
        found = any(BREAKS.get(name, "") in broken for seed in seeds for broken in simulation.run(seed).broken)
    assert found, f"{WITHIN} schedules found nothing"
