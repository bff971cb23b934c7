"""An account and posts for it, as the fixtures under fixtures/http/flickr know them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.flickr import FlickrConnector
from connectors.flickr_api import Keys
from connectors.flickr_stage import Progress
from connectors.http import Door
from core.accounts import Account, Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.connectors.replay import replay

KEYS = Keys(api_key="k" * 32, api_secret="s" * 16, token="72157720-" + "t" * 16, token_secret="u" * 16)
NSID = "12345678@N01"
ACCOUNT = Account(
    id=1,
    platform=Platform.FLICKR,
    handle="prensa",
    name="Prensa",
    remote_id=NSID,
    address=f"https://www.flickr.com/photos/{NSID}/",
)
SINCE = 1_779_990_000
FIRST, SECOND, THIRD = "53900000001", "53900000002", "53900000003"


def connector() -> FlickrConnector:
    values = {
        "api_key": KEYS.api_key,
        "api_secret": KEYS.api_secret,
        "oauth_token": KEYS.token,
        "oauth_token_secret": KEYS.token_secret,
    }
    return FlickrConnector(ACCOUNT, Credentials(values), Door())


@contextmanager
def played(name: str) -> Iterator[None]:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
    with replay("flickr", name, API_KEY=KEYS.api_key, TOKEN=KEYS.token, YESTERDAY=yesterday):
        yield


def post(folder: Path, *names: str, **more: object) -> OutgoingPost:
    """Return a post with these files: one photo where none is named."""
    media = tuple(medium(folder, name) for name in names or ("one.jpg",))
    return OutgoingPost(**{"key": "delivery-1", "text": "Hola, Perú", "media": media, **more})  # type: ignore[arg-type]


def medium(folder: Path, name: str) -> OutgoingMedium:
    kind, mime_type, content = {
        "one.jpg": (MediaKind.IMAGE, "image/jpeg", "picture 1"),
        "two.png": (MediaKind.IMAGE, "image/png", "picture 2"),
        "three.jpg": (MediaKind.IMAGE, "image/jpeg", "picture 3"),
        "clip.mp4": (MediaKind.VIDEO, "video/mp4", "moving pics"),
    }[name]
    path = folder / f"privado-{name}"
    path.write_text(content)
    return OutgoingMedium(Medium(name[0] * 64, kind, mime_type, size=len(content)), "Una plaza", path)


def token(sent: OutgoingPost, **more: object) -> Stage:
    """Return the stage of a post of which nothing is uploaded yet, or as far as `more` says."""
    progress = Progress.of(sent, None).stage().token | {"since": SINCE} | more
    return Stage(token=progress, ready=False)


def ready(sent: OutgoingPost, *photos: str, **more: object) -> Stage:
    """Return the stage of a post that is all prepared."""
    known = photos or (FIRST, SECOND, THIRD)[: len(sent.media)]
    return Stage(token=token(sent, photos=list(known), checked=len(known), **more).token, ready=True)


def stored(stage: Stage | None) -> Stage | None:
    """Return the stage as it comes back from the database, with the instant that the fixtures know."""
    if stage is None:
        return None
    return Stage(token=json.loads(json.dumps(stage.token)) | {"since": SINCE}, ready=stage.ready)


def staged(flickr: FlickrConnector, sent: OutgoingPost, stage: Stage | None = None, *, steps: int = 12) -> Stage:
    """Call `stage` until ready, each time with what was stored."""
    for _step in range(steps):
        stage = flickr.stage(sent, stored(stage))
        if stage.ready:
            return stage
    raise AssertionError(f"not ready after {steps} steps")
