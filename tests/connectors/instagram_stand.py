"""The sandbox's Instagram for the tests of its connector: fixtures (import them) and looks at what happened."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from connectors.instagram import InstagramConnector
from core.deliveries import Published, Stage
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox import FaultPlan, SandboxServer
from tests.connectors.contract import Stand, samples, stored

SINCE = timedelta(minutes=1)


@pytest.fixture
def stand(server: SandboxServer) -> Stand:
    server.sandbox.reset()
    stand = Stand(Platform.INSTAGRAM, server.sandbox, server)
    stand.heal()
    return stand


@pytest.fixture
def posts(tmp_path: Path) -> dict[str, OutgoingPost]:
    return samples(InstagramConnector.capabilities, tmp_path)


@pytest.fixture
def picture(posts: dict[str, OutgoingPost]) -> OutgoingPost:
    return posts["image"]


@pytest.fixture
def reel(posts: dict[str, OutgoingPost]) -> OutgoingPost:
    return posts["video"]


def plan(stand: Stand, *rules: dict[str, object]) -> None:
    stand.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": list(rules)}))


def requests_of(stand: Stand, operation: str) -> list[dict[str, object]]:
    return [seen for seen in stand.sandbox.requests if seen.get("operation") == operation]


def files_on_the_site(stand: Stand) -> list[dict[str, object]]:
    """Return the website's media library, as any visitor may list it."""
    address = stand.server.routes["https://www.inpe.example"]
    listed: list[dict[str, object]] = requests.get(f"{address}/wp-json/wp/v2/media", timeout=10).json()
    return listed


def walked(stand: Stand, post: OutgoingPost, stop: Callable[[Stage], bool]) -> Stage:
    """Stage until a step's answer is the one looked for."""
    stage = None
    for _step in range(40):
        stage = stand.connector().stage(post, stored(stage))
        if stop(stage):
            return stage
    raise AssertionError("it never came to that")


def found(stand: Stand, post: OutgoingPost, stage: Stage) -> Published | None:
    return stand.connector().find(post, stage, datetime.now(UTC) - SINCE)
