"""Where an upload session may be: at the platform, and nowhere else; another is dropped and nothing sent there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from connectors.errors import ConnectorError, Unavailable
from connectors.http import Door
from connectors.youtube import YouTubeConnector
from connectors.youtube_api import DATA_HOST
from connectors.youtube_errors import SessionLost
from connectors.youtube_stage import ANEW_LIMIT, Progress
from core.accounts import Credentials
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.youtube_channel import Channel, account, channel, spoken, stored, video, youtube_server

__all__ = ["channel", "youtube_server"]

SECRET = "ya29.a0" + "t" * 60
CREDENTIALS = Credentials(
    {"client_id": "x.apps", "client_secret": "GOCSPX-" + "s" * 28, "refresh_token": "1//0h", "access_token": SECRET}
)


@pytest.fixture
def post(tmp_path: Path) -> OutgoingPost:
    return spoken(video(tmp_path))


@dataclass
class Peer:
    """A server that answers every request alike, and keeps what it was asked. `location` for each start in turn."""

    address: str = ""
    locations: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def peer() -> Iterator[Peer]:
    found = Peer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

        def _answer(self) -> None:
            found.asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            is_start = self.command == "POST" and found.locations
            self.send_response(200 if is_start else 308)
            if is_start:
                self.send_header("Location", found.locations.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = _answer  # noqa: N815  (the names that http.server looks for)

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    found.address = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


FOREIGN = [
    "{foreign}/upload?upload_id=A",  # another server, in plain http
    "{own}/else?upload_id=A",  # the routed server itself, outside what is routed there
    "https://evil.example/upload?upload_id=A",
    "http://youtube.googleapis.com/upload?upload_id=A",
    "https://googleapis.com.evil.example/upload?upload_id=A",
    "https://evil.example\\.googleapis.com/upload?upload_id=A",
    "https://evil.example/.googleapis.com/upload?upload_id=A",
    "https://name:word@youtube.googleapis.com/upload?upload_id=A",
    "https://youtube.googleapis.com:8443/upload?upload_id=A",
    "https://youtube.googleapis.com/upload id?upload_id=A",
    "//evil.example/upload?upload_id=A",
    "https://[::1/upload?upload_id=A",
    "https://[googleapis.com/upload",
    "https://storage.googleapis.com/upload?upload_id=A",  # Google's, but this door has no way there
    "ftp://youtube.googleapis.com/upload",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("location", FOREIGN)
def test_a_session_at_a_foreign_address_is_never_kept(location: str, post: OutgoingPost) -> None:
    with peer() as own, peer() as foreign:
        own.locations = [location.format(foreign=foreign.address, own=own.address)] * 2
        own.locations.append("/upload/youtube/v3/videos?uploadType=resumable&upload_id=GOOD")
        door = Door(routes={DATA_HOST: f"{own.address}/yt"}, closed=True)
        connector = YouTubeConnector(account("UCx"), CREDENTIALS, door)
        for _start in range(2):
            with pytest.raises(Unavailable) as caught:
                connector.stage(post)
            assert location not in f"{caught.value!r}{caught.value}{caught.value.detail}"
        # the platform came to its senses: nothing of the two stands in the way
        stage = connector.stage(post)
        session = stage.token["session"]
        assert isinstance(session, dict)
        assert session["url"].startswith(f"{DATA_HOST}/upload/youtube/v3/videos?")
        assert foreign.asked == []
        assert [line.partition("?")[0] for line in own.asked] == ["POST /yt/upload/youtube/v3/videos"] * 3


@pytest.mark.parametrize("url", ["{foreign}/upload?upload_id=A", "https://[::1/upload", "", "nonsense"])
def test_a_stored_session_at_a_foreign_address_is_dropped(channel: Channel, post: OutgoingPost, url: str) -> None:
    with peer() as foreign:
        first = channel.step(post)
        session = first.token["session"]
        assert isinstance(session, dict)
        session["url"] = url.format(foreign=foreign.address)
        stages = channel.stages(post, first)
        assert foreign.asked == []
    assert (stages[-1].ready, stages[-1].token["anew"]) == (True, 1)
    assert channel.uploads() == [stages[-1].token["video"]]


def test_a_platform_that_gives_no_usable_session_is_unavailable_in_the_end(
    channel: Channel, post: OutgoingPost
) -> None:
    """Whatever put them there: each is dropped, and after a few the caller is told."""
    stage: Stage = channel.step(post)
    errors: list[ConnectorError] = []
    for _call in range(40):
        session = stage.token["session"]
        if isinstance(session, dict):
            session["url"] = "https://evil.example/upload?upload_id=A"
        try:
            stage = channel.connector().stage(post, stored(stage))
        except ConnectorError as error:
            errors.append(error)
            break
    assert [type(error) for error in errors] == [SessionLost]
    assert issubclass(SessionLost, Unavailable)
    assert Progress.of(post, stage).anew == ANEW_LIMIT
