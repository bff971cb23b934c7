"""An account on X and posts for it, as the fixtures under fixtures/http/x know them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.base import NO_SERVICES, Services
from connectors.http import Door
from connectors.x import XConnector
from connectors.x_progress import File, Progress
from core.accounts import Account, Credentials
from core.deliveries import Stage
from core.media import AttachmentRole, MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.connectors.replay import replay

TOKEN = "bearer-" + "x" * 40
REFRESH = "refresh-" + "y" * 40
CLIENT_SECRET = "z" * 40
ACCOUNT = Account(
    id=1,
    platform=Platform.X,
    handle="inpe_prensa",
    name="Prensa",
    remote_id="777",
    address="https://x.com/inpe_prensa",
)
TEXT = OutgoingPost(key="delivery-1", text="Hola, Perú & mundo: 3 < 5")
LINK = OutgoingPost(key="delivery-1", text="Lea la nota", link="https://example.org/nota?a=1&b=2")
THREAD = OutgoingPost(key="delivery-1", text="Uno", thread=("Dos", "Tres"))
BEGAN = datetime(2026, 11, 20, 15, 3, tzinfo=UTC)
FOREVER = "2099-01-01T00:00:00+00:00"


class Purse:
    """A budget of so many objects."""

    def __init__(self, left: int | None) -> None:
        self._left = left
        self.spent: list[int] = []

    def left(self) -> int | None:
        return None if self._left is None else max(self._left - sum(self.spent), 0)

    def spend(self, count: int) -> None:
        self.spent.append(count)

    def renews_in(self) -> timedelta:
        return timedelta(days=3)


def connector(services: Services = NO_SERVICES, **credentials: str) -> XConnector:
    return XConnector(ACCOUNT, Credentials({"access_token": TOKEN, **credentials}), Door(), services)


@contextmanager
def played(name: str, **values: str) -> Iterator[None]:
    known = {"TOKEN": TOKEN, "REFRESH": REFRESH, "CLIENT_SECRET": CLIENT_SECRET, "ACCESS": "new-" + "a" * 9}
    with replay("x", name, **known | values):
        yield


def begun(post: OutgoingPost, *, ready: bool = False, posted: tuple[str, ...] = (), files: int = 0) -> Stage:
    """Return the stage of a post whose preparation began at BEGAN, with so many files uploaded long ago."""
    uploaded = tuple(
        File(
            id=str(9000 + number),
            uploaded_at=BEGAN.isoformat(),
            expires_at=FOREVER,
            is_sent=True,
            is_processed=True,
            is_ready=True,
        )
        for number in range(files)
    )
    content = Progress.of(post, None).content
    progress = Progress(content=content, began_at=BEGAN.isoformat(), posted=posted, files=uploaded)
    return progress.stage(ready=ready)


def stored(stage: Stage | None) -> Stage | None:
    """Return the stage as it comes back from the database."""
    return None if stage is None else Stage(token=json.loads(json.dumps(stage.token)), ready=stage.ready)


def staged(x: XConnector, post: OutgoingPost, stage: Stage | None = None, *, steps: int = 20) -> Stage:
    """Call `stage` until ready, each time with what was stored."""
    for _step in range(steps):
        stage = x.stage(post, stored(stage))
        if stage.ready:
            return stage
    raise AssertionError(f"not ready after {steps} steps")


def image(folder: Path, alt_text: str = "", *, mime_type: str = "image/jpeg", frames: int = 1) -> OutgoingMedium:
    path = folder / "privado.jpg"
    path.write_bytes(b"picture 1")
    return OutgoingMedium(Medium("a" * 64, MediaKind.IMAGE, mime_type, size=9, frames=frames), alt_text, path)


def video(folder: Path, content: bytes = b"moving pics") -> OutgoingMedium:
    path = folder / "privado.mp4"
    path.write_bytes(content)
    return OutgoingMedium(Medium("c" * 64, MediaKind.VIDEO, "video/mp4", size=len(content)), "", path)


def captions(folder: Path) -> OutgoingMedium:
    path = folder / "privado.srt"
    path.write_text("1\n00:00:00,000 --> 00:00:01,000\nHola\n", encoding="utf-8")
    medium = Medium("d" * 64, MediaKind.CAPTIONS, "application/x-subrip", size=path.stat().st_size)
    return OutgoingMedium(medium, "", path, role=AttachmentRole.CAPTIONS, language="es")
