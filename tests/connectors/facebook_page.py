"""A Page and posts for it, as the fixtures under fixtures/http/facebook know them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.facebook import FacebookConnector
from connectors.facebook_stage import Progress
from connectors.http import Door
from connectors.meta import appsecret_proof
from core.accounts import Account, Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.connectors.replay import replay

TOKEN = "EAAB" + "x" * 40
APP_SECRET = "s" * 32
ACCOUNT = Account(
    id=1,
    platform=Platform.FACEBOOK,
    handle="prensa",
    name="Prensa",
    remote_id="111",
    address="https://www.facebook.com/prensa",
)
TEXT = OutgoingPost(key="delivery-1", text="Hola, Perú")
LINK = OutgoingPost(key="delivery-1", text="Hola, Perú", link="https://example.org/nota")


def connector(**credentials: str) -> FacebookConnector:
    return FacebookConnector(ACCOUNT, Credentials({"page_token": TOKEN, **credentials}), Door())


def app_connector() -> FacebookConnector:
    return connector(app_id="42", app_secret=APP_SECRET)


@contextmanager
def played(name: str) -> Iterator[None]:
    app_token = f"42|{APP_SECRET}"
    with replay(
        "facebook",
        name,
        PAGE_TOKEN=TOKEN,
        PROOF=appsecret_proof(TOKEN, APP_SECRET),
        APP_TOKEN=app_token,
        APP_PROOF=appsecret_proof(app_token, APP_SECRET),
    ):
        yield


def stored(stage: Stage | None) -> Stage | None:
    """Return the stage as it comes back from the database."""
    if stage is None:
        return None
    return Stage(token=json.loads(json.dumps(stage.token)), ready=stage.ready)


def staged(facebook: FacebookConnector, post: OutgoingPost, stage: Stage | None = None, *, steps: int = 12) -> Stage:
    """Call `stage` until ready, each time with what was stored."""
    for _step in range(steps):
        stage = facebook.stage(post, stored(stage))
        if stage.ready:
            return stage
    raise AssertionError(f"not ready after {steps} steps")


def drafted(post: OutgoingPost = TEXT, draft: str = "111_9001", **more: object) -> Stage:
    """Return the stage of a post whose draft exists already."""
    token = Progress.of(post, None).stage().token | {"draft": draft} | more
    return Stage(token=token, ready=True)


def image(folder: Path, number: int, alt_text: str = "") -> OutgoingMedium:
    sha256, mime_type, name = {
        1: ("a" * 64, "image/jpeg", "privado.jpg"),
        2: ("b" * 64, "image/png", "privado.png"),
    }[number]
    path = folder / name
    path.write_text(f"picture {number}")
    return OutgoingMedium(Medium(sha256, MediaKind.IMAGE, mime_type, size=9), alt_text, path)


def video(folder: Path) -> OutgoingMedium:
    path = folder / "privado.mp4"
    path.write_text("moving pics")
    return OutgoingMedium(Medium("c" * 64, MediaKind.VIDEO, "video/mp4", size=11), "", path)
