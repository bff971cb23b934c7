import hashlib
from typing import Any

import pytest

from sandbox.facebook.videos import CHUNK
from tests.sandbox.clients import Graph, Stand, error, video


def upload(graph: Graph, data: bytes, **finish: str) -> str:
    session = graph.post(f"/{graph.page}/videos", upload_phase="start", file_size=len(data)).json()
    number, offsets = session["video_id"], session
    while offsets["start_offset"] != offsets["end_offset"]:
        start, end = int(offsets["start_offset"]), int(offsets["end_offset"])
        offsets = send_chunk(graph, session, start, data[start:end]).json()
    sent = {"upload_phase": "finish", "upload_session_id": session["upload_session_id"]} | finish
    assert graph.post(f"/{graph.page}/videos", **sent).json() == {"success": True}
    return str(number)


def send_chunk(graph: Graph, session: dict[str, Any], start: int, data: bytes) -> Any:
    return graph.post(
        f"/{graph.page}/videos",
        {"video_file_chunk": ("chunk", data, "application/octet-stream")},
        upload_phase="transfer",
        upload_session_id=session["upload_session_id"],
        start_offset=str(start),
    )


def status(graph: Graph, number: str) -> str:
    return str(graph.get(f"/{number}", fields="status,post_id").json()["status"]["video_status"])


def test_chunks_become_the_whole_video_held_back(stand: Stand, graph: Graph) -> None:
    data = video(CHUNK * 2 + 17)
    number = upload(graph, data, description="Reportaje", title="Título", published="false")
    assert (status(graph, number), status(graph, number)) == ("processing", "ready")
    assert stand.writes == []
    for _again in range(2):
        assert graph.post(f"/{number}", is_published="true").json() == {"success": True}
    (write,) = stand.writes
    assert (write.kind, write.remote_id, write.text) == ("video", number, "Reportaje")
    assert write.media == (hashlib.sha256(data).hexdigest(),)
    post = graph.get(f"/{number}", fields="post_id").json()["post_id"]
    assert graph.listed("published_posts") == [post]


def test_held_back_video_can_be_shown_by_its_post(stand: Stand, graph: Graph) -> None:
    number = upload(graph, video(), published="false")
    stand.advance(minutes=1)
    post = graph.get(f"/{number}", fields="post_id").json()["post_id"]
    graph.post(f"/{post}", is_published="true")
    assert [write.remote_id for write in stand.writes] == [number]


def test_video_is_visible_only_when_processed(stand: Stand, graph: Graph) -> None:
    stand.plant({"kind": "processing", "polls": 3}, match={"operation": "video"})
    answer = graph.post(f"/{graph.page}/videos", {"source": ("a.mp4", video())}, description="Hola")
    number = answer.json()["id"]
    seen = [status(graph, number) for _ in range(4)]
    assert seen == ["processing"] * 3 + ["ready"]
    assert [write.text for write in stand.writes] == ["Hola"]


def test_wrong_offset_says_where_to_go_on(graph: Graph) -> None:
    data = video(CHUNK + 10)
    session = graph.post(f"/{graph.page}/videos", upload_phase="start", file_size=len(data)).json()
    assert (session["start_offset"], session["end_offset"]) == ("0", str(CHUNK))
    answer = send_chunk(graph, session, 5, data[5:10])
    assert error(answer)[2] == 1363037
    assert answer.json()["error"]["error_data"] == {"start_offset": 0, "end_offset": CHUNK}
    send_chunk(graph, session, 0, data[:CHUNK])
    again = send_chunk(graph, session, 0, data[:CHUNK])
    assert again.json()["error"]["error_data"] == {"start_offset": CHUNK, "end_offset": len(data)}
    unfinished = graph.post(
        f"/{graph.page}/videos", upload_phase="finish", upload_session_id=session["upload_session_id"]
    )
    assert error(unfinished)[2] == 1363037


@pytest.mark.parametrize(
    ("data", "files", "code"),
    [
        ({}, {"source": ("a.mp4", b"no video at all")}, 6000),
        ({}, {"source": ("a.mp4", b"")}, 382),
        ({}, None, 100),
        ({"file_url": "https://elsewhere.example/a.mp4"}, None, 389),
        ({"file_url": "https://elsewhere.example/a.mp4", "upload_phase": "start", "file_size": "5"}, None, 100),
        ({"upload_phase": "start"}, None, 100),
        ({"upload_phase": "start", "file_size": "0"}, None, 382),
        ({"upload_phase": "transfer", "upload_session_id": "1", "start_offset": "0"}, None, 100),
        ({"upload_phase": "nonsense"}, None, 100),
    ],
)
def test_bad_videos_are_refused(graph: Graph, data: dict[str, str], files: object, code: int) -> None:
    assert error(graph.post(f"/{graph.page}/videos", files, **data))[1] == code


def test_chunked_garbage_fails_in_processing(stand: Stand, graph: Graph) -> None:
    number = upload(graph, b"garbage" * 10)
    assert status(graph, number) == "error"
    stand.advance(hours=1)
    assert stand.writes == []


def test_deleting_a_video_takes_it_down(stand: Stand, graph: Graph) -> None:
    number = upload(graph, video())
    stand.advance(minutes=1)
    graph.send("DELETE", f"/{number}")
    assert [write.visible for write in stand.writes] == [True, False]
    assert error(graph.get(f"/{number}")) == (400, 100, 33)
