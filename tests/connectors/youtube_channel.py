"""An office with a YouTube channel in the sandbox: posts to publish, and a look at what the platform was sent."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from connectors.http import Door
from connectors.youtube import YouTubeConnector
from core.accounts import Account, Credentials
from core.deliveries import Published, Stage
from core.media import AttachmentRole, MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox import FaultPlan, Sandbox, SandboxServer, Write, serve
from tests.connectors.youtube_discovery import check_request

PIECE = 262_144
HEAD = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x0f\xa8mdat"


def account(channel_id: str) -> Account:
    return Account(
        id=1,
        platform=Platform.YOUTUBE,
        handle="@inpeperu",
        name="INPE Perú",
        remote_id=channel_id,
        address="https://www.youtube.com/@inpeperu",
    )


def stored(stage: Stage | None) -> Stage | None:
    """Return the stage as it comes back from the database."""
    return None if stage is None else Stage(token=json.loads(json.dumps(stage.token)), ready=stage.ready)


def outgoing(
    path: Path, kind: MediaKind, mime_type: str, role: AttachmentRole = AttachmentRole.SHOWN, **more: Any
) -> OutgoingMedium:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    medium = Medium(digest.hexdigest(), kind, mime_type, path.stat().st_size, **more)
    return OutgoingMedium(medium, "", path, role)


def video(folder: Path, size: int = 4000, *, head: bytes = b"", name: str = "clip.mp4", **more: Any) -> OutgoingMedium:
    """Return a file that begins as a video does and differs in every piece."""
    path = folder / name
    with path.open("wb") as file:
        file.write((HEAD + head)[:size])
        while (left := size - file.tell()) > 0:
            file.write(hashlib.sha256(str(file.tell()).encode()).digest()[:left])
    return outgoing(path, MediaKind.VIDEO, "video/mp4", **more)


def spoken(medium: OutgoingMedium, **more: Any) -> OutgoingPost:
    """Return a post of that video."""
    said: dict[str, Any] = {"key": "entrega-1", "title": "Feria de Piura", "text": "Ñandúes & artesanía", **more}
    return OutgoingPost(media=(medium,), **said)


@dataclass
class Channel:
    """The office's channel in a sandbox; every request to Google's APIs is checked against its discovery document."""

    server: SandboxServer
    sent: list[requests.PreparedRequest] = field(default_factory=list)

    @property
    def sandbox(self) -> Sandbox:
        return self.server.sandbox

    @property
    def world(self) -> Any:
        return self.sandbox.world.youtube

    @property
    def credentials(self) -> dict[str, str]:
        names = ("client_id", "client_secret", "refresh_token", "access_token")
        return {name: getattr(self.world, name) for name in names}

    def connector(self, *, routes: dict[str, str] | None = None, **credentials: str) -> YouTubeConnector:
        """Return a fresh connector, as after a restart."""
        door = Door(routes=self.server.routes if routes is None else routes, closed=True)
        connector = YouTubeConnector(account(self.world.channel_id), Credentials(self.credentials | credentials), door)
        open_ = connector._api._open

        def watched(*secrets: str) -> Any:
            http = open_(*secrets)
            http.session.hooks["response"].append(self._watch)
            return http

        connector._api._open = watched  # type: ignore[method-assign]
        return connector

    def _watch(self, response: requests.Response, *_args: object, **_settings: object) -> None:
        check_request(response.request)
        self.sent.append(response.request)

    def calls(self) -> list[str]:
        """Return what was asked for so far: method and path, without the API's name."""
        return [f"{r.method} {urlsplit(r.url or '').path.removeprefix('/youtube/v3')}" for r in self.sent]

    def body(self, method: str, end: str) -> Any:
        """Return the JSON of the last request of that method to such a path."""
        found = [r for r in self.sent if r.method == method and urlsplit(r.url or "").path.endswith(end)]
        return json.loads(found[-1].body or "{}")

    def query(self, end: str) -> dict[str, str]:
        """Return the parameters of the last request to such a path."""
        found = [r for r in self.sent if urlsplit(r.url or "").path.endswith(end)]
        return dict(parse_qsl(urlsplit(found[-1].url or "").query))

    def step(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        return self.connector().stage(post, stored(stage))

    def stages(self, post: OutgoingPost, stage: Stage | None = None, *, steps: int = 60) -> list[Stage]:
        """Return all answers of `stage` on the way to ready, each given by a connector that remembers nothing."""
        answers = []
        for _step in range(steps):
            stage = self.step(post, stage)
            answers.append(stage)
            if stage.ready:
                return answers
        raise AssertionError(f"not ready after {steps} steps: {stage}")

    def staged(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        return self.stages(post, stage)[-1]

    def published(self, post: OutgoingPost) -> Published:
        return self.connector().publish(post, self.staged(post))

    def fault(self, kind: str, operation: str, *, after: int = 0, times: int | None = 1, **settings: object) -> None:
        rule = {
            "match": {"platform": "youtube", "operation": operation},
            "fault": {"kind": kind, **settings},
            "after": after,
            "times": times,
        }
        self.plant([rule])

    def plant(self, rules: list[dict[str, Any]]) -> None:
        self.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": rules}))

    def writes(self) -> list[Write]:
        return [write for write in self.sandbox.ledger.writes() if write.platform == "youtube"]

    def ask(self, method: str, path: str, *, body: Any = None, **params: Any) -> Any:
        """Do something on the platform as somebody else with the channel's rights would."""
        response = requests.request(
            method,
            f"{self.server.address}/youtube.googleapis.com/youtube/v3/{path}",
            params=params,
            json=body,
            headers={"Authorization": f"Bearer {self.world.access_token}"},
            timeout=15,
        )
        assert response.ok, response.text
        return response.json() if response.content else None

    def seen(self, video_id: str, part: str = "snippet,status") -> Any:
        (found,) = self.ask("GET", "videos", id=video_id, part=part)["items"]
        return found

    def uploads(self) -> list[str]:
        """Return the ids of all videos of the channel."""
        listed = self.ask("GET", "playlistItems", playlistId=self.world.uploads_playlist_id, part="contentDetails")
        return [item["contentDetails"]["videoId"] for item in listed["items"]]


@pytest.fixture(scope="module")
def youtube_server() -> Iterator[SandboxServer]:
    with serve(Sandbox(seed=7)) as running:
        yield running


@pytest.fixture
def channel(youtube_server: SandboxServer) -> Channel:
    youtube_server.sandbox.reset()
    youtube_server.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": []}))
    return Channel(youtube_server)
