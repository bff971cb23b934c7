"""A plain client of the imitated Instagram, and a web server whose files it points at."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from tests.sandbox.clients import Stand, image

PHOTO_SIZE = (400, 400)


def jpeg(color: str = "teal", *, size: tuple[int, int] = PHOTO_SIZE) -> bytes:
    """Return a JPEG that Instagram takes; another color, other bytes."""
    return image(color, size=size, form="JPEG")


@dataclass
class Shelf:
    """Files on a web server of this machine, by path; `asked` is who came for what."""

    address: str
    files: dict[str, bytes | int | str] = field(default_factory=dict)
    """Bytes to serve, a status to answer with, or an address to redirect to."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    """Set: files are served at once, else they wait for it."""

    def put(self, content: bytes | int | str, name: str = "foto.jpg") -> str:
        """Lay a file out and return its URL."""
        self.files[f"/{name}"] = content
        return f"{self.address}/{name}"


class _Handler(BaseHTTPRequestHandler):
    shelf: Shelf

    def do_GET(self) -> None:  # the server's name
        self.shelf.asked.append((self.path, self.headers["User-Agent"]))
        self.shelf.held.wait(10)
        content = self.shelf.files.get(self.path, 404)
        if isinstance(content, str):
            self.send_response(302)
            self.send_header("Location", content)
        else:
            self.send_response(content if isinstance(content, int) else 200)
        body = content if isinstance(content, bytes) else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def shelf() -> Iterator[Shelf]:
    """Serve files on loopback."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        made = Shelf(f"http://127.0.0.1:{server.server_port}")
        made.held.set()
        handler.shelf = made  # type: ignore[attr-defined]  # made on the spot
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@dataclass
class Insta:
    """A client with the token of the linked Page; `login` is the other variant."""

    stand: Stand
    shelf: Shelf
    token: str = ""
    host: str = "graph.facebook.com"

    def __post_init__(self) -> None:
        self.world = self.stand.world.instagram
        self.token = self.token or self.world.page_token
        self.account = self.world.account_id

    def with_token(self, token: str, host: str = "") -> "Insta":
        return Insta(self.stand, self.shelf, token, host or self.host)

    def login(self) -> "Insta":
        return self.with_token(self.world.login_token, "graph.instagram.com")

    def send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        params = {"access_token": self.token} | kwargs.pop("params", {})
        version = kwargs.pop("version", "/v26.0")
        return self.stand.own(method, f"/{self.host}{version}{path}", params=params, **kwargs)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.send("GET", path, params=params)

    def post(self, path: str, **data: Any) -> requests.Response:
        return self.send("POST", path, data=data)

    def create(self, **data: Any) -> requests.Response:
        """Ask for a container."""
        return self.post(f"/{self.account}/media", **data)

    def container(self, **data: Any) -> str:
        answer = self.create(**data)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def picture(self, color: str = "teal", **data: Any) -> str:
        """Make a container of an image."""
        return self.container(image_url=self.shelf.put(jpeg(color), f"{color}.jpg"), **data)

    def status(self, number: str) -> str:
        return str(self.get(f"/{number}", fields="status_code,status").json().get("status_code", ""))

    def ready(self, number: str) -> str:
        """Look until it is finished."""
        for _look in range(5):
            if self.status(number) == "FINISHED":
                return number
        raise AssertionError(number)

    def publish(self, number: str) -> requests.Response:
        return self.post(f"/{self.account}/media_publish", creation_id=number)

    def posted(self, color: str = "teal", **data: Any) -> str:
        """Publish an image, and return its media id."""
        answer = self.publish(self.ready(self.picture(color, **data)))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def listed(self, edge: str = "media", **params: Any) -> list[str]:
        return [one["id"] for one in self.get(f"/{self.account}/{edge}", **params).json()["data"]]

    def upload(self, uri: str, data: bytes, *, offset: int = 0, size: int | None = None, **headers: str) -> Any:
        sent = {
            "Authorization": f"OAuth {self.token}",
            "offset": str(offset),
            "file_size": str(len(data) if size is None else size),
        }
        return self.stand.own("POST", uri.removeprefix("https:/"), data=data, headers=sent | headers)
