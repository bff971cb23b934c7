"""What the tests of what is kept begin with."""

import pytest

from storage.database import Database
from tests.storage.rows import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk.of(database)
