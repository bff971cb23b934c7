"""What the tests of the whole engine share: a newsroom on either database, workers that die, and the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Clock
from tests.e2e.newsroom import Newsroom, make_pictures, open_newsroom, wall_clock
from tests.e2e.victims import Victims


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return make_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def newsroom(database_url: str, tmp_path: Path, pictures: tuple[Path, ...]) -> Iterator[Newsroom]:
    """An office whose clock stands still until it is moved."""
    with open_newsroom(database_url, tmp_path, clock=Clock(wall_clock()), pictures=pictures) as opened:
        yield opened
        opened.prove_record()


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    """Return who forks workers that die, one warm process for all of them."""
    with Victims() as forge:
        yield forge
