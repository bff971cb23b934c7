"""The X connector with the sandbox behind it, over real HTTP."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from connectors.base import NO_SERVICES, Services
from connectors.http import Door, Exchange
from connectors.x import XConnector
from connectors.x_upload import CHUNK
from core.accounts import Account, Credentials
from core.deliveries import Published, Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox import FaultPlan, SandboxServer, Write
from tests.connectors.x_office import stored

TEXT = OutgoingPost(key="delivery-1", text="Visita al penal: ñ, 3 < 5 & «más» www.gob.pe/inpe")
THREAD = OutgoingPost(key="delivery-2", text="Primero", link="https://www.gob.pe/inpe", thread=("Segundo", "Tercero"))


class Office:
    """One account and the sandbox behind it; every connector is a new one, as after a restart."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server
        self.sandbox = server.sandbox
        self.world = server.sandbox.world.x
        self.exchanges: list[Exchange] = []

    @property
    def signed(self) -> dict[str, str]:
        world = self.world
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        return {name: getattr(world, name) for name in names}

    @property
    def bearing(self) -> dict[str, str]:
        world = self.world
        names = ("client_id", "client_secret", "refresh_token")
        return {"access_token": world.token} | {name: getattr(world, name) for name in names}

    def x(self, credentials: dict[str, str] | None = None, services: Services = NO_SERVICES) -> XConnector:
        account = Account(
            id=1,
            platform=Platform.X,
            handle=self.world.username,
            name=self.world.name,
            remote_id=self.world.user_id,
            address=f"https://x.com/{self.world.username}",
        )
        door = Door(routes=self.server.routes, closed=True, witness=self.exchanges.append)
        return XConnector(account, Credentials(credentials or self.bearing), door, services)

    def fault(self, kind: str, operation: str = "", *, times: int | None = 1, after: int = 0, **more: object) -> None:
        match = {"platform": "x"} | ({"operation": operation} if operation else {})
        rule = {"match": match, "fault": {"kind": kind, **more}, "times": times, "after": after}
        self.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": [rule]}))

    def heal(self) -> None:
        self.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": []}))

    def writes(self) -> list[Write]:
        return [write for write in self.sandbox.ledger.writes() if write.platform == "x"]

    def staged(
        self, post: OutgoingPost, stage: Stage | None = None, credentials: dict[str, str] | None = None
    ) -> Stage:
        for _step in range(40):
            stage = self.x(credentials).stage(post, stored(stage))
            if stage.ready:
                return stage
        raise AssertionError("never ready")

    def published(self, post: OutgoingPost) -> Published:
        return self.x().publish(post, self.staged(post))

    def asked(self, path: str) -> list[Exchange]:
        """Return the answered calls whose address holds this."""
        return [one for one in self.exchanges if path in one.url]


def medium(path: Path, kind: MediaKind, mime_type: str, alt_text: str = "", frames: int = 1) -> OutgoingMedium:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return OutgoingMedium(Medium(digest, kind, mime_type, len(content), frames=frames), alt_text, path)


@pytest.fixture
def image(tmp_path: Path) -> OutgoingMedium:
    path = tmp_path / "foto.png"
    Image.new("RGB", (320, 240), (10, 90, 120)).save(path)
    return medium(path, MediaKind.IMAGE, "image/png", "Una plaza")


@pytest.fixture
def film(tmp_path: Path) -> OutgoingMedium:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x90\x00\x00mdat" + bytes(2 * CHUNK + 1000))
    return medium(path, MediaKind.VIDEO, "video/mp4")
