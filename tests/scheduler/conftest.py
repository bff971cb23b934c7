"""What the tests of the engine begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from storage.database import Database
from tests.databases import Clock
from tests.scheduler.memory_platform import DuplicatingConnector
from tests.scheduler.newsroom import Newsroom


@pytest.fixture(autouse=True)
def plain_log() -> Iterator[None]:
    """Write tracebacks as they are: colouring one takes longer than the test that provokes it."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture
def newsroom(database: Database, clock: Clock, tmp_path: Path) -> Newsroom:
    return Newsroom(database, clock, tmp_path)


@pytest.fixture
def doubling(database: Database, clock: Clock, tmp_path: Path) -> Newsroom:
    """A newsroom whose platform makes another post each time it is written to."""
    return Newsroom(database, clock, tmp_path, kind=DuplicatingConnector)
