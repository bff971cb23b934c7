"""A large video goes up in pieces, and whatever breaks at most one piece is sent twice."""

import hashlib
import json
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest

from connectors import youtube_upload
from connectors.errors import Rejected, Unavailable
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.youtube_channel import PIECE, Channel, channel, spoken, stored, video, youtube_server
from tests.connectors.youtube_gate import Gate, gate

__all__ = ["channel", "youtube_server"]

SIZE = 10 * PIECE + 4321


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutgoingPost:
    monkeypatch.setattr(youtube_upload, "CHUNK", PIECE)
    return spoken(video(tmp_path, SIZE))


def test_the_real_chunk_is_what_the_platform_takes_and_no_more_than_8_mib() -> None:
    assert youtube_upload.CHUNK % PIECE == 0
    assert youtube_upload.CHUNK <= 8 * 1024 * 1024


def test_upload_goes_up_chunk_by_chunk_one_a_call(channel: Channel, post: OutgoingPost) -> None:
    with gate(channel.server) as passing:
        stage, counted = None, []
        while stage is None or not stage.token["video"]:
            before = passing.received
            stage = channel.connector(routes=passing.routes).stage(post, stored(stage))
            counted.append(passing.received - before)
    assert counted == [0, *[PIECE] * 10, 4321]
    assert arrived(channel, str(stage.token["video"])) == post.media[0].medium.sha256


def test_session_is_stored_before_the_first_byte(channel: Channel, post: OutgoingPost) -> None:
    with gate(channel.server) as passing:
        stage = channel.connector(routes=passing.routes).stage(post)
        assert passing.received == 0
    session = stage.token["session"]
    assert isinstance(session, dict)
    assert session["url"].startswith("https://")
    assert session["url"] not in repr(stage)


@pytest.mark.parametrize("cut_at", [1, PIECE // 2, 3 * PIECE + 100, 10 * PIECE + 1, SIZE])
def test_broken_socket_costs_at_most_one_chunk(channel: Channel, post: OutgoingPost, cut_at: int) -> None:
    with gate(channel.server) as passing:
        passing.cut_at = cut_at
        stage: Stage | None = None
        told: list[str] = []
        while stage is None or not stage.token["video"]:
            try:
                stage = channel.connector(routes=passing.routes).stage(post, stored(stage))
            except Unavailable as error:
                told.append("".join(traceback.format_exception(error)) + error.detail)
    (failure,) = told
    assert "upload_id=" not in failure
    assert SIZE <= passing.received <= SIZE + PIECE
    assert arrived(channel, str(stage.token["video"])) == post.media[0].medium.sha256
    assert len(channel.uploads()) == 1


@pytest.mark.parametrize("lost", ["upload_chunk", "upload_last", "upload_probe"])
def test_lost_answer_sends_nothing_twice(channel: Channel, post: OutgoingPost, lost: str) -> None:
    channel.fault("drop_after", lost, after=0 if lost == "upload_last" else 4)
    with gate(channel.server) as passing:
        stage, failures = None, 0
        while stage is None or not stage.token["video"]:
            try:
                stage = channel.connector(routes=passing.routes).stage(post, stored(stage))
            except Unavailable:
                failures += 1
    assert failures == 1
    assert passing.received == SIZE  # the platform had it, and said so when asked
    assert len(channel.uploads()) == 1


def test_answer_never_stored_sends_nothing_twice(channel: Channel, post: OutgoingPost) -> None:
    with gate(channel.server) as passing:
        first = channel.connector(routes=passing.routes).stage(post)
        for _lost_chunk in range(3):  # each time from the first token: three answers nobody kept
            channel.connector(routes=passing.routes).stage(post, stored(first))
        stage = first
        while not stage.token["video"]:
            stage = channel.connector(routes=passing.routes).stage(post, stored(stage))
    assert passing.received == SIZE


@pytest.mark.parametrize("cut_at", [PIECE // 2, 4 * PIECE + 10, SIZE - 5])
def test_killed_process_costs_at_most_one_chunk(
    channel: Channel, post: OutgoingPost, tmp_path: Path, cut_at: int
) -> None:
    with gate(channel.server) as passing:
        passing.cut_at, passing.hold = cut_at, threading.Event()
        job = json.dumps(
            {
                "keep": str(tmp_path / "token.json"),
                "routes": passing.routes,
                "credentials": channel.credentials,
                "channel": channel.world.channel_id,
                "path": str(post.media[0].path),
                "size": SIZE,
                "sha256": post.media[0].medium.sha256,
                "chunk": PIECE,
            }
        )
        kill_in_the_middle(passing, job)
        with uploading(job) as second:
            told = json.loads(second.communicate(timeout=60)[0])
    assert second.returncode == 0
    assert told["failures"] == 0
    assert SIZE <= passing.received <= SIZE + PIECE
    video_id = json.loads((tmp_path / "token.json").read_text(encoding="utf-8"))["video"]
    assert arrived(channel, video_id) == post.media[0].medium.sha256
    assert channel.uploads() == [video_id]


def kill_in_the_middle(passing: Gate, job: str) -> None:
    """Start the upload and kill it, with SIGKILL, while a chunk is on its way."""
    with uploading(job) as first:
        assert passing.reached.wait(60)
        first.kill()
    assert first.returncode == -signal.SIGKILL
    assert passing.hold is not None
    passing.hold.set()


def uploading(job: str) -> subprocess.Popen[str]:
    """Return the running process (youtube_uploader.py)."""
    command = [sys.executable, "-m", "tests.connectors.youtube_uploader"]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(command, cwd=root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(job)
    process.stdin.close()
    process.stdin = None
    return process


def arrived(channel: Channel, video_id: str) -> str:
    """Return the digest of what the platform has, as its ledger tells when the video becomes public."""
    for _look in range(10):
        if channel.seen(video_id)["status"]["uploadStatus"] == "processed":
            break
    channel.ask(
        "PUT",
        "videos",
        part="status",
        body={"id": video_id, "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False}},
    )
    (write,) = channel.writes()
    return write.media[0]


def test_file_of_another_size_is_refused_before_anything_is_sent(channel: Channel, post: OutgoingPost) -> None:
    with post.media[0].path.open("ab") as file:
        file.write(hashlib.sha256(b"").digest())
    with pytest.raises(Rejected) as caught:
        channel.connector().stage(post)
    assert caught.value.code == "file_changed"
    assert channel.sent == []
