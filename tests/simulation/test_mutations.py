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
    "a_refusal_is_proof": 182,
    "altered_files_pass": 21,
    "exists_is_forgotten": 361,
    "lateness_ignored": 3,
    "no_second_gate": 20,
    "one_look_is_enough": 192,
}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_planted_bug_is_found(simulation: Simulation, name: str) -> None:
    assert FOUND.get(name, 0) < WITHIN
    seeds = [FOUND.get(name, 0), *range(WITHIN)]
    with MUTATIONS[name]():
        broken = next((v for v in map(simulation.run, seeds) if v.broken), None)
    assert broken is not None, f"{WITHIN} schedules found nothing"
    assert BREAKS.get(name, "") in broken.broken[0], broken.broken
