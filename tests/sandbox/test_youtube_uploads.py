"""Resumable uploads: sessions, ranges, probes, lost answers, broken connections (sheet section 2.2)."""

import hashlib
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.clients import Stand, image, video
from tests.sandbox.youtube_client import CHUNK, Other, Tube, metadata, reason

DATA = video(CHUNK * 2 + 17)
TOTAL = len(DATA)


@pytest.fixture
def tube(stand: Stand) -> Tube:
    return Tube(stand)


def test_chunks_become_the_whole_video(stand: Stand, tube: Tube) -> None:
    session = tube.session(TOTAL)
    assert "upload_id=" in session
    assert session.startswith("https://youtube.googleapis.com/upload/youtube/v3/videos?uploadType=resumable")
    first = tube.put(session, DATA[:CHUNK], f"0-{CHUNK - 1}/{TOTAL}")
    assert (first.status_code, first.headers["Range"], first.content) == (308, f"bytes=0-{CHUNK - 1}", b"")
    second = tube.put(session, DATA[CHUNK : 2 * CHUNK], f"{CHUNK}-{2 * CHUNK - 1}/{TOTAL}")
    assert (second.status_code, second.headers["Range"]) == (308, f"bytes=0-{2 * CHUNK - 1}")
    last = tube.put(session, DATA[2 * CHUNK :], f"{2 * CHUNK}-{TOTAL - 1}/{TOTAL}")
    assert last.status_code == 200
    made = last.json()
    assert (made["kind"], len(made["id"])) == ("youtube#video", 11)
    assert (made["status"]["uploadStatus"], made["status"]["privacyStatus"]) == ("uploaded", "private")
    assert made["snippet"]["channelId"] == stand.world.youtube.channel_id
    assert set(made) == {"kind", "etag", "id", "snippet", "status"}
    assert stand.writes == []
    stand.advance(minutes=1)
    tube.publish(made["id"])
    (write,) = stand.writes
    assert write.media == (hashlib.sha256(DATA).hexdigest(),)
    assert stand.own("GET", f"/_media/{write.media[0]}").content == DATA


def test_whole_file_in_one_request_of_each_kind(stand: Stand, tube: Tube) -> None:
    plain = tube.put(tube.session(TOTAL, metadata("public")), DATA)
    assert plain.status_code == 200
    body = (
        b"--x\r\nContent-Type: application/json\r\n\r\n"
        b'{"snippet":{"title":"En uno"},"status":{"privacyStatus":"public"}}'
        b"\r\n--x\r\nContent-Type: video/mp4\r\n\r\n" + DATA + b"\r\n--x--\r\n"
    )
    together = tube.send(
        "POST",
        "/upload/youtube/v3/videos",
        params={"uploadType": "multipart", "part": "snippet,status"},
        data=body,
        headers={"Content-Type": "multipart/related; boundary=x"},
    )
    assert together.status_code == 200, together.text
    stand.advance(minutes=1)
    tube.stand.own("GET", "/_ledger")
    assert [(write.title, write.media) for write in stand.writes] == [
        ("Feria", (hashlib.sha256(DATA).hexdigest(),)),
        ("En uno", (hashlib.sha256(DATA).hexdigest(),)),
    ]


def test_probe_says_how_far_and_then_gives_the_video(tube: Tube) -> None:
    session = tube.session(TOTAL)
    nothing = tube.put(session, span=f"*/{TOTAL}")
    assert (nothing.status_code, "Range" in nothing.headers) == (308, False)
    tube.put(session, DATA[:CHUNK], f"0-{CHUNK - 1}/{TOTAL}")
    assert tube.put(session, span=f"*/{TOTAL}").headers["Range"] == f"bytes=0-{CHUNK - 1}"
    made = tube.put(session, DATA[CHUNK:], f"{CHUNK}-{TOTAL - 1}/{TOTAL}").json()
    for _again in range(2):
        assert tube.put(session, span=f"*/{TOTAL}").json() == made
    assert len(tube.listed()) == 1


def test_lost_final_answer_is_found_by_the_probe(stand: Stand, tube: Tube) -> None:
    session = tube.session(TOTAL, metadata("public"))
    stand.plant({"kind": "drop_after"}, match={"operation": "upload_last"})
    with pytest.raises(requests.ConnectionError):
        tube.put(session, DATA, f"0-{TOTAL - 1}/{TOTAL}")
    made = tube.put(session, span=f"*/{TOTAL}")
    assert made.status_code == 200
    assert tube.listed() == [made.json()["id"]]
    stand.advance(minutes=1)
    assert [write.remote_id for write in stand.writes] == [made.json()["id"]]


def test_repeated_chunks_do_no_harm(tube: Tube) -> None:
    session = tube.session(TOTAL)
    for _twice in range(2):
        answer = tube.put(session, DATA[: 2 * CHUNK], f"0-{2 * CHUNK - 1}/{TOTAL}")
        assert answer.headers["Range"] == f"bytes=0-{2 * CHUNK - 1}"
    made = [tube.put(session, DATA[CHUNK:], f"{CHUNK}-{TOTAL - 1}/{TOTAL}").json() for _twice in range(2)]
    assert made[0] == made[1]
    details = tube.video(made[0]["id"], "fileDetails")["fileDetails"]
    assert details == {"fileName": "unknown", "fileSize": str(TOTAL), "fileType": "video"}


def test_broken_connection_keeps_whole_pieces(stand: Stand, tube: Tube) -> None:
    session = tube.session(TOTAL, metadata("public"))
    host, port = stand.server.address.removeprefix("http://").split(":")
    parts = urlsplit(session)
    head = (
        f"PUT /{parts.netloc}{parts.path}?{parts.query} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {TOTAL}\r\n"
        f"Content-Range: bytes 0-{TOTAL - 1}/{TOTAL}\r\nAuthorization: Bearer {tube.token}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + DATA[: CHUNK + 1000])
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""
    probe = tube.put(session, span=f"*/{TOTAL}")
    assert (probe.status_code, probe.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    assert tube.put(session, DATA[CHUNK:], f"{CHUNK}-{TOTAL - 1}/{TOTAL}").status_code == 200
    stand.advance(minutes=1)
    stand.own("GET", "/_ledger")
    assert stand.writes[0].media == (hashlib.sha256(DATA).hexdigest(),)


@pytest.mark.parametrize(
    ("data", "span"),
    [
        (DATA[:1000], f"0-999/{TOTAL}"),
        (DATA[: CHUNK + 1], f"0-{CHUNK}/{TOTAL}"),
        (DATA[:CHUNK], f"{CHUNK}-{2 * CHUNK - 1}/{TOTAL}"),
        (DATA[:CHUNK], f"0-{CHUNK - 1}/{TOTAL + 1}"),
        (DATA[:CHUNK], f"0-{CHUNK}/{TOTAL}"),
        (DATA[:CHUNK], "0-x/y"),
        (DATA[:CHUNK], f"9-3/{TOTAL}"),
    ],
)
def test_bad_chunks_are_refused_and_change_nothing(tube: Tube, data: bytes, span: str) -> None:
    session = tube.session(TOTAL)
    assert tube.put(session, data, span).status_code == 400
    assert "Range" not in tube.put(session, span=f"*/{TOTAL}").headers


def test_size_may_become_known_at_the_end(tube: Tube) -> None:
    answer = tube.send(
        "POST", "/upload/youtube/v3/videos", params={"uploadType": "resumable", "part": "snippet"}, json=metadata()
    )
    session = answer.headers["Location"]
    assert tube.put(session, DATA[:CHUNK], f"0-{CHUNK - 1}/*").status_code == 308
    assert tube.put(session, DATA[CHUNK:], f"{CHUNK}-{TOTAL - 1}/{TOTAL}").status_code == 200


@pytest.mark.parametrize("status", [404, 410])
def test_session_can_be_lost(stand: Stand, tube: Tube, status: int) -> None:
    session = tube.session(TOTAL)
    tube.put(session, DATA[:CHUNK], f"0-{CHUNK - 1}/{TOTAL}")
    stand.plant({"kind": "status_before", "status": status}, match={"operation": "upload_probe"})
    assert tube.put(session, span=f"*/{TOTAL}").status_code == status
    assert tube.put(session, span=f"*/{TOTAL}").status_code == 404
    assert tube.put(session, DATA[CHUNK:], f"{CHUNK}-{TOTAL - 1}/{TOTAL}").status_code == 404
    assert tube.listed() == []


def test_session_lost_after_the_last_byte_leaves_the_video(stand: Stand, tube: Tube) -> None:
    session = tube.session(TOTAL)
    stand.plant({"kind": "status_after", "status": 410}, match={"operation": "upload_last"})
    assert tube.put(session, DATA, f"0-{TOTAL - 1}/{TOTAL}").status_code == 410
    assert tube.put(session, span=f"*/{TOTAL}").status_code == 404
    (video_id,) = tube.listed()
    assert tube.video(video_id, "fileDetails")["fileDetails"]["fileSize"] == str(TOTAL)


def test_session_lives_a_week(stand: Stand, tube: Tube) -> None:
    session = tube.session(TOTAL)
    stand.advance(days=6)
    alone: dict[str, Any] = {"Authorization": None}
    assert tube.put(session, span=f"*/{TOTAL}", **alone).status_code == 308
    assert reason(tube.put(session, span=f"*/{TOTAL}")) == (401, "authError")
    stand.advance(days=1)
    assert tube.put(session, span=f"*/{TOTAL}", **alone).status_code == 404


def test_empty_file_fails_in_processing(tube: Tube) -> None:
    made = tube.put(tube.session(0))
    assert made.status_code == 200
    tube.video(made.json()["id"])
    assert tube.video(made.json()["id"])["status"]["failureReason"] == "emptyFile"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": ""}, "invalidTitle"),
        ({"title": None}, "invalidTitle"),
        ({"title": "x" * 101}, "invalidTitle"),
        ({"title": "a < b"}, "invalidTitle"),
        ({"title": 5}, "badRequest"),
        ({"description": "é" * 2501}, "invalidDescription"),
        ({"description": "a > b"}, "invalidDescription"),
        ({"tags": ["x" * 250, "y" * 250]}, "invalidTags"),
        ({"tags": ["a b" * 166 + "c"]}, "invalidTags"),
        ({"tags": "feria"}, "badRequest"),
        ({"categoryId": "18"}, "invalidCategoryId"),
        ({"categoryId": "nonsense"}, "invalidCategoryId"),
        ({"categoryId": 25}, "badRequest"),
        ({"defaultLanguage": "español"}, "invalidVideoMetadata"),
    ],
)
def test_words_are_checked_at_the_start(tube: Tube, change: dict[str, Any], expected: str) -> None:
    assert reason(tube.start(metadata(**change), size=TOTAL)) == (400, expected)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"privacyStatus": "hidden"}, "invalidVideoMetadata"),
        ({"privacyStatus": "public", "publishAt": "2026-12-01T09:00:00Z"}, "invalidPublishAt"),
        ({"privacyStatus": "private", "publishAt": "mañana"}, "invalidPublishAt"),
        ({"privacyStatus": "private", "publishAt": "2026-12-01T09:00:00"}, "invalidPublishAt"),
        ({"privacyStatus": "private", "embeddable": "true"}, "badRequest"),
        ({"privacyStatus": "private", "license": "gpl"}, "invalidVideoMetadata"),
    ],
)
def test_status_is_checked_at_the_start(tube: Tube, status: dict[str, Any], expected: str) -> None:
    assert reason(tube.start(metadata() | {"status": status}, size=TOTAL)) == (400, expected)


def test_limits_are_exact(tube: Tube) -> None:
    longest = metadata(title="x" * 100, description="é" * 2500, tags=["x" * 249, "y" * 250])
    assert tube.start(longest, size=TOTAL).status_code == 200


def test_localizations_need_a_language(tube: Tube) -> None:
    words = {"localizations": {"qu": {"title": "Qhatu", "description": ""}}}
    part = "snippet,status,localizations"
    assert reason(tube.start(metadata() | words, size=TOTAL, part=part))[1] == "defaultLanguageNotSet"
    assert tube.start(metadata(defaultLanguage="es") | words, size=TOTAL, part=part).status_code == 200
    dated = metadata() | {"recordingDetails": {"recordingDate": "ayer"}}
    answer = tube.start(dated, size=TOTAL, part="snippet,status,recordingDetails")
    assert reason(answer)[1] == "invalidRecordingDetails"


def test_upload_starts_are_strict(stand: Stand, tube: Tube) -> None:
    assert reason(tube.post("videos", metadata(), part="snippet,status")) == (400, "mediaBodyRequired")
    assert tube.start(size=TOTAL, kind="text/plain").status_code == 400
    assert tube.start(size=274877906945).status_code == 413
    untyped = tube.send("POST", "/upload/youtube/v3/videos", params={"part": "snippet"}, json=metadata())
    assert reason(untyped) == (400, "badRequest")
    assert reason(tube.start(size=TOTAL, part="")) == (400, "missingRequiredParameter")
    broken = tube.send(
        "POST",
        "/upload/youtube/v3/videos",
        params={"uploadType": "resumable", "part": "snippet"},
        data=b"{",
        headers={"Content-Type": "application/json"},
    )
    assert reason(broken) == (400, "badRequest")
    assert tube.listed() == []


def test_privacy_left_out_is_public(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload(body=metadata(None))
    assert tube.upload(body=metadata("private"), part="snippet") != video_id
    stand.advance(minutes=1)
    stand.own("GET", "/_ledger")
    assert len(stand.writes) == 2


def test_unknown_and_read_only_keys_are_ignored(tube: Tube) -> None:
    body = metadata(channelId="UCx", publishedAt="2001-01-01T00:00:00Z", nonsense=5) | {
        "statistics": {"viewCount": "9"}
    }
    made = tube.video(tube.upload(body=body), "snippet,statistics")
    assert made["snippet"]["channelId"] == tube.stand.world.youtube.channel_id
    assert made["snippet"]["publishedAt"] == "2026-11-24T15:00:00Z"
    assert made["statistics"]["viewCount"] == "0"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_thumbnail_is_set(tube: Tube, form: str) -> None:
    video_id = tube.upload()
    before = tube.video(video_id, "snippet,contentDetails")
    answer = thumbnail(tube, video_id, image(size=(1280, 720), form=form), f"image/{form.lower()}")
    assert answer.status_code == 200
    (sizes,) = answer.json()["items"]
    assert sizes["maxres"]["width"] == 1280
    after = tube.video(video_id, "snippet,contentDetails")
    assert (before["contentDetails"]["hasCustomThumbnail"], after["contentDetails"]["hasCustomThumbnail"]) == (
        False,
        True,
    )
    assert after["snippet"]["thumbnails"] == sizes != before["snippet"]["thumbnails"]


def thumbnail(tube: Tube, video_id: str, data: bytes, kind: str = "image/png") -> requests.Response:
    return tube.send(
        "POST",
        "/upload/youtube/v3/thumbnails/set",
        params={"uploadType": "media", "videoId": video_id},
        data=data,
        headers={"Content-Type": kind},
    )


def test_thumbnails_are_refused(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload()
    assert reason(thumbnail(tube, video_id, b"no image")) == (400, "invalidImage")
    assert reason(thumbnail(tube, video_id, image(form="GIF"))) == (400, "imageFormatUnsupported")
    assert reason(thumbnail(tube, video_id, b"")) == (400, "mediaBodyRequired")
    assert reason(thumbnail(tube, video_id, image(), "image/webp"))[0] == 400
    assert reason(thumbnail(tube, "nonexistent", image())) == (404, "videoNotFound")
    assert reason(thumbnail(Other(stand), video_id, image())) == (404, "videoNotFound")
    other = Other(stand)
    assert reason(thumbnail(other, other.upload(), image())) == (403, "forbidden")
    assert thumbnail(tube, video_id, image() + b"\0" * 52_428_800).status_code == 413
    bare = tube.send("POST", "/youtube/v3/thumbnails/set", params={"videoId": video_id})
    assert reason(bare) == (400, "mediaBodyRequired")


def test_thumbnail_may_be_resumable_and_is_no_medium_of_the_post(stand: Stand, tube: Tube) -> None:
    data = image(size=(1280, 720))
    video_id = tube.public()
    started = tube.send(
        "POST",
        "/upload/youtube/v3/thumbnails/set",
        params={"uploadType": "resumable", "videoId": video_id},
        headers={"X-Upload-Content-Type": "image/png", "X-Upload-Content-Length": str(len(data))},
    )
    answer = tube.put(started.headers["Location"], data, f"0-{len(data) - 1}/{len(data)}")
    assert answer.json()["kind"] == "youtube#thumbnailSetResponse"
    assert [write.media for write in stand.writes] == [(hashlib.sha256(video()).hexdigest(),)]


def test_large_upload_is_neither_copied_nor_held(stand: Stand, tube: Tube) -> None:
    """One PUT of the whole file is kept as it was received."""
    session = tube.session(TOTAL)
    made = tube.put(session, DATA, f"0-{TOTAL - 1}/{TOTAL}").json()
    assert tube.video(made["id"], "fileDetails")["fileDetails"]["fileSize"] == str(TOTAL)
    root = stand.sandbox.store._root
    assert [path.name for path in root.iterdir()] == [hashlib.sha256(DATA).hexdigest()]
