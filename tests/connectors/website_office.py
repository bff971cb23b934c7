"""What the tests of the website connector need around it: an office with posts to publish, and a look at the site."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from connectors.http import Door
from connectors.website import WebsiteConnector
from core.accounts import Account, Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.wordpress.peer import Site

_numbers = itertools.count(1)


def key() -> str:
    """Return a delivery's key that no other test has."""
    return f"entrega-{next(_numbers):04d}"


def account(address: str) -> Account:
    return Account(
        id=1, platform=Platform.WEBSITE, handle="web", name="Portal", remote_id="www.inpe.example", address=address
    )


def picture(path: Path, *, alt_text: str, colour: str = "navy", size: tuple[int, int] = (640, 400)) -> OutgoingMedium:
    """Draw an image and return it as a connector is given it. The type is that of the path's ending."""
    Image.new("RGB", size, colour).save(path)
    kinds = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
    return medium(path, MediaKind.IMAGE, kinds[path.suffix], alt_text)


def medium(path: Path, kind: MediaKind, mime_type: str, alt_text: str) -> OutgoingMedium:
    content = path.read_bytes()
    described = Medium(hashlib.sha256(content).hexdigest(), kind, mime_type, len(content), file_name=path.name)
    return OutgoingMedium(described, alt_text, path)


def staged(connector: WebsiteConnector, post: OutgoingPost, stage: Stage | None = None) -> Stage:
    """Call `stage` as the engine does, the token going through the database each time, until it is ready."""
    for _ in range(40):
        answer = connector.stage(post, stage)
        stage = Stage(token=json.loads(json.dumps(answer.token)), ready=answer.ready)
        if stage.ready:
            return stage
    raise AssertionError("never ready")


def until(condition: Callable[[], bool]) -> None:
    """Wait for what the site finishes on its own after we gave up on its answer."""
    ends_at = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < ends_at, "it never came to be"
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Office:
    """Connectors to a running WordPress, and the site as others see it."""

    site: Site

    def connector(
        self, role: str = "editor", *, conditions: str = "", patience: float = 20, password: str = ""
    ) -> WebsiteConnector:
        """Return a connector of that role; `conditions`: tests/wordpress/conditions.php."""
        user = self.site.users[role]
        credentials = Credentials({"user": user.name, "application_password": password or user.password})
        door = Door(user_agent=f"Vocero-test ({conditions})", read_timeout=timedelta(seconds=patience))
        return WebsiteConnector(account(self.site.url), credentials, door)

    def read(self, path: str, **query: str) -> Any:
        """Return what an administrator sees."""
        return self.ask("GET", path, params={"context": "edit", "per_page": "100"} | query)

    def public(self, path: str) -> int:
        """Return the HTTP status that a visitor gets."""
        return requests.get(f"{self.site.url}/wp-json/wp/v2{path}", timeout=20).status_code

    def ask(
        self,
        method: str,
        path: str,
        *,
        role: str = "administrator",
        content: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """Do something on the site as a person in wp-admin would."""
        user = self.site.users[role]
        response = requests.request(
            method,
            f"{self.site.url}/wp-json/wp/v2{path}",
            auth=(user.name, user.password),
            json=content,
            params=params,
            timeout=20,
        )
        assert response.ok, response.text
        return response.json()

    def posts(self, delivery: str) -> list[Any]:
        """Return the delivery's posts in every state."""
        everything: list[Any] = self.read("/posts", status="publish,future,draft,pending,private,trash")
        return [one for one in everything if delivery in one["slug"]]
