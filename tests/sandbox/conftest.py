from collections.abc import Iterator

import pytest

from sandbox import Sandbox, serve
from tests.sandbox.clients import START, Graph, Rest, Stand


@pytest.fixture
def stand() -> Iterator[Stand]:
    with serve(Sandbox(seed=7, clock=lambda: START)) as server:
        stand = Stand(server)
        with stand.session:
            yield stand


@pytest.fixture
def graph(stand: Stand) -> Graph:
    return Graph(stand)


@pytest.fixture
def rest(stand: Stand) -> Rest:
    return Rest(stand)
