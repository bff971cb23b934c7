"""A database on which schedules run one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.world import Simulation, quiet


@pytest.fixture
def simulation(database_url: str, tmp_path: Path) -> Iterator[Simulation]:
    opened = Simulation(database_url, tmp_path)
    with quiet():
        yield opened
    opened.close()
