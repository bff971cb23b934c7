"""Plain clients of the imitated platforms: `requests` and the sheet, nothing of the connectors."""

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from PIL import Image

from sandbox import FaultPlan, Sandbox, SandboxServer, Write
from sandbox.world import World

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LONG = 15


def image(color: str = "teal", *, size: tuple[int, int] = (64, 48), form: str = "PNG") -> bytes:
    """Return a small image file; another color, other bytes."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, form)
    return buffer.getvalue()


def animation() -> bytes:
    """Return an animated GIF."""
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def video(size: int = 4000) -> bytes:
    """Return bytes that begin like an MP4."""
    return (b"\x00\x00\x00\x18ftypisom" + b"v" * size)[:size]


@dataclass
class Stand:
    """A served sandbox with a clock that stands still unless it is moved."""

    server: SandboxServer
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def sandbox(self) -> Sandbox:
        return self.server.sandbox

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def writes(self) -> list[Write]:
        return list(self.sandbox.ledger.writes())

    def own(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        return self.session.request(method, self.server.address + path, timeout=LONG, **kwargs)

    def plant(self, fault: dict[str, Any], **rule: Any) -> None:
        self.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": [{"fault": fault, **rule}]}))

    def advance(self, **span: float) -> None:
        self.sandbox.advance(timedelta(**span))


@dataclass
class Graph:
    """A Facebook client with the Page's token."""

    stand: Stand
    token: str = ""
    version: str = "/v26.0"

    def __post_init__(self) -> None:
        self.token = self.token or self.stand.world.facebook.page_token
        self.page = self.stand.world.facebook.page_id

    def send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        host = kwargs.pop("host", "graph.facebook.com")
        version = kwargs.pop("version", self.version)
        params = {"access_token": self.token} | kwargs.pop("params", {})
        params = {name: value for name, value in params.items() if value is not None}
        return self.stand.own(method, f"/{host}{version}{path}", params=params, **kwargs)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.send("GET", path, params=params)

    def post(self, path: str, files: Any = None, **data: Any) -> requests.Response:
        return self.send("POST", path, data=data, files=files)

    def photo(self, color: str = "teal", **data: Any) -> dict[str, Any]:
        answer = self.post(f"/{self.page}/photos", {"source": ("a.png", image(color), "image/png")}, **data)
        answer.raise_for_status()
        return dict(answer.json())

    def feed(self, message: str = "Hola", **data: Any) -> str:
        answer = self.post(f"/{self.page}/feed", message=message, **data)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def listed(self, edge: str, **params: Any) -> list[str]:
        return [item["id"] for item in self.get(f"/{self.page}/{edge}", **params).json()["data"]]


@dataclass
class Rest:
    """A WordPress client as the user of a role; "" is nobody."""

    stand: Stand
    role: str = "editor"

    def send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        auth = kwargs.pop("auth", None)
        if auth is None and self.role:
            user = self.stand.world.website.user(self.role)
            auth = (user.login, user.application_password)
        return self.stand.own(method, f"/www.inpe.example/wp-json/wp/v2{path}", auth=auth, **kwargs)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.send("GET", path, params=params)

    def post(self, path: str, **body: Any) -> requests.Response:
        return self.send("POST", path, json=body)

    def delete(self, path: str, **params: Any) -> requests.Response:
        return self.send("DELETE", path, params=params)

    def create(self, **body: Any) -> dict[str, Any]:
        answer = self.post("/posts", **({"title": "Feria", "content": "Texto"} | body))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def upload(self, name: str = "foto.png", data: bytes | None = None, **headers: str) -> requests.Response:
        sent = {"Content-Type": "image/png", "Content-Disposition": f'attachment; filename="{name}"'.encode()}
        return self.send("POST", "/media", data=image() if data is None else data, headers=sent | headers)

    def medium(self, color: str = "teal", name: str = "foto.png") -> dict[str, Any]:
        answer = self.upload(name, image(color))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


def error(answer: requests.Response) -> tuple[int, int, int | None]:
    """Return HTTP status, code and subcode of a Graph error."""
    body = answer.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= body.keys()
    return answer.status_code, body["code"], body.get("error_subcode")


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Return HTTP status and code of a WordPress error."""
    body = answer.json()
    assert body["data"]["status"] == answer.status_code
    return answer.status_code, body["code"]


def media_json(*ids: str) -> str:
    """Return `attached_media` as one JSON text."""
    return json.dumps([{"media_fbid": number} for number in ids])
