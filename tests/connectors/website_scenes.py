"""One call of each kind to the website connector, to be recorded from a real WordPress and replayed.

The fixture says under `given` what the site held: the token of the stage, the post's id, the comment's.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.http import Door
from connectors.website import WebsiteConnector
from core.accounts import Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.posts import OutgoingPost
from tests.connectors.website_office import account

ADDRESS = "https://www.inpe.example"
USER = "editor1"
PASSWORD = "abcd EFGH ijkl MNOP qrst UVWX"
WRONG_PASSWORD = "aaaa bbbb cccc dddd eeee ffff"
# one pixel
GIF = bytes.fromhex("47494638396101000100800000ff000000000021f90400000000002c00000000010001000002024401003b")

Given = Mapping[str, Any]
Scene = Callable[[WebsiteConnector, OutgoingPost, Given], object]


def the_post(directory: Path) -> OutgoingPost:
    """Return the post that every scene is about."""
    path = directory / "pixel.gif"
    path.write_bytes(GIF)
    pixel = Medium(hashlib.sha256(GIF).hexdigest(), MediaKind.IMAGE, "image/gif", len(GIF))
    return OutgoingPost(
        key="entrega-1",
        text="El taller de panadería abrió hoy.",
        title="Abrió el taller",
        media=(OutgoingMedium(pixel, "Un píxel", path),),
        categories=("Notas de prensa",),
    )


def the_connector(*, address: str = ADDRESS, password: str = PASSWORD) -> WebsiteConnector:
    return WebsiteConnector(account(address), Credentials({"user": USER, "application_password": password}), Door())


def the_stage(given: Given) -> Stage | None:
    return Stage(token=given["token"], ready=given["ready"]) if "token" in given else None


def _identify(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    return connector.identify()


def _stage(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    return connector.stage(post, the_stage(given))


def _publish(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    stage = the_stage(given)
    assert stage is not None
    return connector.publish(post, stage)


def _find(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    stage = the_stage(given)
    assert stage is not None
    return connector.find(post, stage, datetime(2026, 11, 23, tzinfo=UTC))


def _take_down(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    connector.take_down(str(given["post"]))
    return None


def _comments(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    return connector.comments(str(given["post"]))


def _reply(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    return connector.reply(str(given["comment"]), "En la sede central, de 9 a 13 h & gratis.")


def _hide(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    connector.hide(str(given["comment"]), given["hidden"])
    return None


def _metrics(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    return connector.metrics(str(given["post"])).values


def _account_metrics(connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    return connector.account_metrics().values


SCENES: dict[str, Scene] = {
    "identify": _identify,
    "stage": _stage,
    "publish": _publish,
    "find": _find,
    "take_down": _take_down,
    "comments": _comments,
    "reply": _reply,
    "hide": _hide,
    "metrics": _metrics,
    "account_metrics": _account_metrics,
}


def play(name: str, connector: WebsiteConnector, post: OutgoingPost, given: Given) -> object:
    """Make the call that a fixture of this name is about."""
    return SCENES[name.partition("__")[0]](connector, post, given)
