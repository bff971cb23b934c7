"""An account and posts for it, as the fixtures under fixtures/http/instagram know them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from connectors.base import Services
from connectors.http import Door
from connectors.instagram import InstagramConnector
from connectors.instagram_post import Progress
from connectors.media_hosts import Hosted, MediaHost
from connectors.meta import HOST, UPLOAD_HOST, appsecret_proof
from core.accounts import Account, Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.connectors.replay import replay
from tests.connectors.strange_peer import Peer

TOKEN = "EAAB" + "x" * 40
APP_SECRET = "s" * 32
CONTAINER = "17889455560051444"
MEDIA = "17920238422030506"
MADE_AT = int(datetime(2026, 11, 23, 14, 40, tzinfo=UTC).timestamp())
ACCOUNT = Account(
    id=1,
    platform=Platform.INSTAGRAM,
    handle="inpe.peru",
    name="INPE Perú",
    remote_id="178",
    address="https://www.instagram.com/inpe.peru/",
)


class Shelf(MediaHost):
    """Files under public addresses, in memory: who asked for what."""

    def __init__(self) -> None:
        self.standing: list[str] = []

    def put(self, medium: OutgoingMedium, *, key: str) -> Hosted:
        name = medium.medium.sha256[:8]
        self.standing.append(name)
        return Hosted(f"https://archivos.example.org/{name}{medium.medium.extension}", {"name": name})

    def remove(self, token: dict[str, str]) -> None:
        self.standing = [name for name in self.standing if name != token["name"]]


def connector(shelf: MediaHost | None = None, **credentials: str) -> InstagramConnector:
    values = Credentials({"page_token": TOKEN, **credentials})
    return InstagramConnector(ACCOUNT, values, Door(), Services(media_host=shelf or Shelf()))


def facing(peer: Peer, **credentials: str) -> InstagramConnector:
    """Return the account's connector where the platform is one that answers what it likes."""
    door = Door(routes=peer.routes(HOST, UPLOAD_HOST), closed=True)
    values = Credentials({"page_token": TOKEN, **credentials})
    return InstagramConnector(ACCOUNT, values, door, Services(media_host=Shelf()))


@contextmanager
def played(name: str) -> Iterator[None]:
    app_token = f"42|{APP_SECRET}"
    with replay(
        "instagram",
        name,
        PAGE_TOKEN=TOKEN,
        PROOF=appsecret_proof(TOKEN, APP_SECRET),
        APP_TOKEN=app_token,
        APP_PROOF=appsecret_proof(app_token, APP_SECRET),
    ):
        yield


def stored(stage: Stage | None) -> Stage | None:
    """Return the stage as it comes back from the database."""
    return None if stage is None else Stage(token=json.loads(json.dumps(stage.token)), ready=stage.ready)


def staged(instagram: InstagramConnector, post: OutgoingPost, stage: Stage | None = None, *, steps: int = 30) -> Stage:
    """Call `stage` until ready, each time with what was stored."""
    for _step in range(steps):
        stage = instagram.stage(post, stored(stage))
        if stage.ready:
            return stage
    raise AssertionError(f"not ready after {steps} steps")


def contained(post: OutgoingPost, *, ready: bool = True, **more: object) -> Stage:
    """Return the stage of a post whose container exists already."""
    beginning = Progress.of(post, None).stage().token
    return Stage(token=beginning | {"container": CONTAINER, "made_at": MADE_AT} | more, ready=ready)


def image(folder: Path, letter: str = "a", alt_text: str = "Una plaza") -> OutgoingMedium:
    path = folder / f"privado-{letter}.jpg"
    path.write_text(f"picture {letter}")
    return OutgoingMedium(Medium(letter * 64, MediaKind.IMAGE, "image/jpeg", size=9), alt_text, path)


def video(folder: Path) -> OutgoingMedium:
    path = folder / "privado.mp4"
    path.write_text("moving pics")
    return OutgoingMedium(Medium("c" * 64, MediaKind.VIDEO, "video/mp4", size=11), "", path)


def picture_post(folder: Path) -> OutgoingPost:
    return OutgoingPost(key="delivery-1", text="Hola, Perú", media=(image(folder),))


def carousel_post(folder: Path) -> OutgoingPost:
    return OutgoingPost(
        key="delivery-1",
        text="Hola, Perú",
        link="https://example.org/nota",
        media=(image(folder), image(folder, "b", "")),
    )


def reel_post(folder: Path) -> OutgoingPost:
    return OutgoingPost(key="delivery-1", text="Hola, Perú", media=(video(folder),))
