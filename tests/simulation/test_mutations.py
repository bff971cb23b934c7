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


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_planted_bug_is_found(simulation: Simulation, name: str) -> None:
    with MUTATIONS[name]():
        broken = next((v for v in map(simulation.run, range(WITHIN)) if v.broken), None)
    assert broken is not None, f"{WITHIN} schedules found nothing"
    assert BREAKS.get(name, "") in broken.broken[0], broken.broken
