"""The imitated LinkedIn with our page on it, for the tests that go over real HTTP."""

import hashlib
from pathlib import Path

from connectors.http import Door
from connectors.linkedin import LinkedInConnector
from core.accounts import Credentials
from core.deliveries import Published
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox import FaultPlan, SandboxServer
from tests.connectors.contract import Stand

TEXT = OutgoingPost(key="delivery-1", text="Mañana no hay visitas (feriado).")


def opened(server: SandboxServer) -> Stand:
    """Return our page in a sandbox in which nothing has happened yet."""
    server.sandbox.reset()
    stand = Stand(Platform.LINKEDIN, server.sandbox, server)
    stand.heal()
    return stand


def with_token(page: Stand, **values: str) -> LinkedInConnector:
    door = Door(routes=page.server.routes, closed=True)
    return LinkedInConnector(page.account, Credentials(page.credentials | values), door)


def plan(page: Stand, *faults: dict[str, object], operation: str = "publish") -> None:
    rules = [{"match": {"platform": "linkedin", "operation": operation}, "fault": fault} for fault in faults]
    page.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": rules}))


def film(folder: Path, size: int) -> OutgoingMedium:
    path = folder / "clip.mp4"
    with path.open("wb") as file:
        file.write(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
        for number in range(size // 8):
            file.write(b"%08d" % number)
        file.truncate(size)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return OutgoingMedium(Medium(digest, MediaKind.VIDEO, "video/mp4", size), "", path)


def answered(page: Stand) -> tuple[Published, str]:
    published = page.published(TEXT)
    page.sandbox.grow(comments=1, platform="linkedin", remote_id=published.remote_id, text="¿Hoy?", author="Rosa Q.")
    (comment,) = page.connector().comments(published.remote_id).items
    return published, comment.id
