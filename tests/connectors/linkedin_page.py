"""A page and posts for it, as the fixtures under fixtures/http/linkedin know them."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from connectors.http import Door
from connectors.linkedin import LinkedInConnector
from connectors.linkedin_api import API_VERSION
from connectors.linkedin_stage import Progress
from connectors.linkedin_upload import Part, Upload
from core.accounts import Account, Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.connectors.replay import replay

TOKEN = "AQX" + "x" * 60
NEW_TOKEN = "AQX" + "n" * 60
REFRESH = "AQW" + "r" * 60
APP_SECRET = "WPL_AP1." + "s" * 20
SECRETS = (TOKEN, NEW_TOKEN, REFRESH, APP_SECRET)
ACCOUNT = Account(
    id=1,
    platform=Platform.LINKEDIN,
    handle="prensa",
    name="Prensa",
    remote_id="123",
    address="https://www.linkedin.com/company/prensa",
)
ENDS_AT = int(time.time()) + 59 * 86_400  # of the access token, in the host's seconds
URN = "urn:li:share:7000000000000000001"
IMAGE = "urn:li:image:C1"
TEXT = OutgoingPost(key="delivery-1", text="Hola, Perú")
LINK = OutgoingPost(key="delivery-1", text="Hola, Perú", link="https://example.org/nota")


def connector(**credentials: str) -> LinkedInConnector:
    return LinkedInConnector(ACCOUNT, Credentials({"access_token": TOKEN} | credentials), Door())


def app_credentials() -> dict[str, str]:
    return {
        "access_token": TOKEN,
        "client_id": "77app",
        "client_secret": APP_SECRET,
        "refresh_token": REFRESH,
    }


def app_connector() -> LinkedInConnector:
    return connector(**app_credentials())


@contextmanager
def played(name: str, **values: str) -> Iterator[None]:
    with replay(
        "linkedin",
        name,
        TOKEN=TOKEN,
        NEW_TOKEN=NEW_TOKEN,
        REFRESH=REFRESH,
        APP_SECRET=APP_SECRET,
        VERSION=f'"{API_VERSION.name}"',
        NOW=str(int(time.time() * 1000)),
        ENDS_AT=str(ENDS_AT),
        **values,
    ):
        yield


def stored(stage: Stage | None) -> Stage | None:
    """Return the stage as it comes back from the database."""
    if stage is None:
        return None
    return Stage(token=json.loads(json.dumps(stage.token)), ready=stage.ready)


def staged(linkedin: LinkedInConnector, post: OutgoingPost, stage: Stage | None = None, *, steps: int = 12) -> Stage:
    """Call `stage` until ready, each time with what was stored."""
    for _step in range(steps):
        stage = linkedin.stage(post, stored(stage))
        if stage.ready:
            return stage
    raise AssertionError(f"not ready after {steps} steps")


def prepared(
    post: OutgoingPost = TEXT, *urns: str, earlier: tuple[str, ...] = (), anew: int = 0, sent: bool = True
) -> Stage:
    """Return the stage of a post whose files are all there, or announced only."""
    part = Part("https://www.linkedin.com/dms-uploads/C1/0", 0, 8)
    uploads = tuple(Upload(urn, (part,), sent=sent, available=sent) for urn in urns)
    beginning = Progress.of(post, None)
    return replace(beginning, uploads=uploads, earlier=earlier, anew=anew).stage(ready=True)


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
