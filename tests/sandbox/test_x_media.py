import base64
import hashlib
import io
import random
from typing import Any

import pytest
import requests
from PIL import Image

from sandbox.x import film as film_length
from tests.sandbox.clients import Stand, animation, image, video
from tests.sandbox.x_client import MEDIA, X, film, imitation, problem, reason

INVALID = "Your media IDs are invalid."
SECOND = 5 * 1024 * 1024


@pytest.fixture
def x(stand: Stand) -> X:
    return X(stand)


def post_with(x: X, *ids: str) -> requests.Response:
    return x.tweet(f"Con {len(ids)}", media={"media_ids": list(ids)})


def test_one_shot_image(stand: Stand, x: X) -> None:
    answer = x.image()
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert data["media_key"] == f"3_{data['id']}"
    assert (data["size"], data["expires_after_secs"]) == (len(image()), 86400)
    assert "processing_info" not in data
    assert post_with(x, data["id"]).status_code == 201
    assert stand.writes[0].media == (hashlib.sha256(image()).hexdigest(),)


def test_one_shot_in_json(stand: Stand, x: X) -> None:
    body = {"media": base64.b64encode(image("red")).decode(), "media_category": "tweet_image"}
    media_id = x.post(MEDIA, body).json()["data"]["id"]
    assert post_with(x, media_id).status_code == 201
    assert stand.writes[0].media == (hashlib.sha256(image("red")).hexdigest(),)


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        ({"media_type": "image/png"}, None),
        ({"command": "INIT"}, None),
        ({"media_category": "tweet_video"}, None),
        ({"media_category": "tweet_gif"}, animation()),
        ({"media_category": "photo"}, None),
        ({}, b"no picture"),
        ({}, animation()),
        ({}, b"\x00" * (SECOND + 1)),
        ({"additional_owners": "somebody"}, None),
    ],
)
def test_one_shots_that_are_refused(x: X, fields: dict[str, str], data: bytes | None) -> None:
    assert problem(x.image(data, **fields)) == (400, "invalid-request")


def test_one_shot_needs_file_and_category(x: X) -> None:
    assert problem(x.send("POST", MEDIA, files={"media": image()})) == (400, "invalid-request")
    assert problem(x.send("POST", MEDIA, data={"media_category": "tweet_image"})) == (400, "invalid-request")
    assert problem(x.post(MEDIA, {"media": "%%", "media_category": "tweet_image"})) == (400, "invalid-request")


def test_old_command_style_is_refused(x: X) -> None:
    form = {"command": "INIT", "media_type": "video/mp4", "total_bytes": "5"}
    assert problem(x.send("POST", MEDIA, data=form)) == (400, "invalid-request")


def test_video_in_segments_then_processing(stand: Stand, x: X) -> None:
    data = film()
    started = x.initialize(len(data)).json()["data"]
    assert started["media_key"] == f"13_{started['id']}"
    assert started["expires_after_secs"] == 86400
    for index, start in enumerate(range(0, len(data), 1500)):
        answer = x.append(started["id"], index, data[start : start + 1500])
        assert answer.json() == {"data": {"expires_at": int(stand.sandbox.clock().timestamp()) + 86400}}
    done = x.finalize(started["id"]).json()["data"]
    assert done["processing_info"] == {"state": "pending", "check_after_secs": 1}
    assert reason(post_with(x, started["id"])) == INVALID
    states = [x.status(started["id"]).json()["data"]["processing_info"] for _ in range(2)]
    assert [state["state"] for state in states] == ["in_progress", "succeeded"]
    assert 0 < states[0]["progress_percent"] < 100
    answer = post_with(x, started["id"])
    assert answer.status_code == 201
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)
    asked = {"media__fields": "duration_ms,public_metrics,preview_image_url", "tweet__fields": "entities"}
    post = answer.json()["data"]["id"]
    seen = x.get(f"/2/tweets/{post}", expansions="attachments.media_keys", **asked).json()
    (medium,) = seen["includes"]["media"]
    assert (medium["type"], medium["duration_ms"]) == ("video", 30_000)
    assert medium["public_metrics"] == {"view_count": 0}
    assert seen["data"]["entities"]["urls"][0]["expanded_url"].endswith("/video/1")


def test_segments_may_come_in_any_order_and_twice(stand: Stand, x: X) -> None:
    data = film(size=9000)
    parts = [data[start : start + 800] for start in range(0, len(data), 800)]
    order = [*range(len(parts)), 0, 3, 7]
    random.Random(4).shuffle(order)
    media_id = x.initialize(len(data)).json()["data"]["id"]
    for index in order:
        assert x.append(media_id, index, parts[index]).status_code == 200
    assert x.finalize(media_id).status_code == 200
    stand.advance(minutes=1)
    assert post_with(x, media_id).status_code == 201
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)


def test_lost_answer_of_a_segment_is_no_harm(stand: Stand, x: X) -> None:
    data = video(2000)
    media_id = x.initialize(len(data)).json()["data"]["id"]
    stand.plant({"kind": "drop_after"}, match={"operation": "append"})
    with pytest.raises(requests.ConnectionError):
        x.append(media_id, 0, data[:1000])
    assert x.append(media_id, 0, data[:1000]).status_code == 200
    assert problem(x.append(media_id, 0, data[1000:])) == (400, "invalid-request")
    assert x.append(media_id, 1, data[1000:]).status_code == 200
    assert x.finalize(media_id).status_code == x.finalize(media_id).status_code == 200
    assert problem(x.append(media_id, 2, b"more")) == (400, "invalid-request")


def test_segments_in_json(stand: Stand, x: X) -> None:
    data = video(900)
    media_id = x.initialize(len(data)).json()["data"]["id"]
    body = {"segment_index": 0, "media": base64.b64encode(data).decode()}
    assert x.post(f"{MEDIA}/{media_id}/append", body).status_code == 200
    assert problem(x.post(f"{MEDIA}/{media_id}/append", body | {"segment_index": "0"})) == (400, "invalid-request")
    assert x.finalize(media_id).status_code == 200


@pytest.mark.parametrize(
    ("index", "data"), [(1000, b"x"), (-1, b"x"), (0, b""), (0, b"x" * (SECOND + 1)), (0, b"x" * 2001)]
)
def test_segments_that_are_refused(x: X, index: int, data: bytes) -> None:
    total = 2000 if len(data) < SECOND else 3 * SECOND
    media_id = x.initialize(total).json()["data"]["id"]
    assert problem(x.append(media_id, index, data)) == (400, "invalid-request")


def test_gaps_and_missing_bytes_are_refused_at_the_end(x: X) -> None:
    data = video(3000)
    gap = x.initialize(3000).json()["data"]["id"]
    x.append(gap, 0, data[:1500])
    x.append(gap, 2, data[1500:])
    short = x.initialize(3000).json()["data"]["id"]
    x.append(short, 0, data[:1500])
    empty = x.initialize(3000).json()["data"]["id"]
    for media_id in (gap, short, empty):
        assert problem(x.finalize(media_id)) == (400, "invalid-request")
    x.append(short, 1, data[1500:])
    assert x.finalize(short).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": "video/avi"},
        {"media_type": "image/png"},
        {"media_category": "video"},
        {"total_bytes": "5"},
        {"total_bytes": -1},
        {"total_bytes": 17179869185},
        {"total_bytes": 8 * 1024**3 + 1},
        {"media_category": "tweet_image", "media_type": "image/png", "total_bytes": SECOND + 1},
        {"media_category": "tweet_gif", "media_type": "image/gif", "total_bytes": 3 * SECOND + 1},
        {"total_bytes": None},
        {"name": "video.mp4"},
    ],
)
def test_initializations_that_are_refused(x: X, change: dict[str, Any]) -> None:
    body = {"media_type": "video/mp4", "total_bytes": 5, "media_category": "tweet_video"} | change
    assert problem(x.post(f"{MEDIA}/initialize", body)) == (400, "invalid-request")


def test_garbage_fails_in_processing(stand: Stand, x: X) -> None:
    media_id = x.uploaded(b"garbage" * 50)
    states = [x.status(media_id).json()["data"]["processing_info"] for _ in range(2)]
    assert states[1]["state"] == "failed"
    assert states[1]["error"] == {"code": 1, "name": "InvalidMedia", "message": "Unsupported video format"}
    assert reason(post_with(x, media_id)) == INVALID


def test_processing_takes_as_many_looks_as_planned(stand: Stand, x: X) -> None:
    stand.plant({"kind": "processing", "polls": 4}, match={"operation": "finalize"})
    media_id = x.uploaded()
    stand.advance(hours=1)
    states = [x.status(media_id).json()["data"]["processing_info"] for _ in range(5)]
    assert [state["state"] for state in states] == ["in_progress"] * 4 + ["succeeded"]
    assert [state.get("check_after_secs") for state in states] == [1, 1, 1, 1, None]


def test_processing_may_fail_by_plan(stand: Stand, x: X) -> None:
    stand.plant({"kind": "processing_error"}, match={"operation": "finalize"})
    media_id = x.uploaded()
    stand.advance(minutes=1)
    assert x.status(media_id).json()["data"]["processing_info"]["state"] == "failed"


def test_animation_is_a_gif_of_its_own(stand: Stand, x: X) -> None:
    media_id = x.uploaded(animation(), "image/gif", "tweet_gif", part=50)
    stand.advance(minutes=1)
    answer = x.tweet("Animado", media={"media_ids": [media_id]})
    seen = x.get(f"/2/tweets/{answer.json()['data']['id']}", expansions="attachments.media_keys").json()
    assert seen["includes"]["media"] == [{"media_key": f"16_{media_id}", "type": "animated_gif"}]


def test_images_in_segments_are_ready_at_once(x: X) -> None:
    media_id = x.uploaded(image(), "image/png", "tweet_image", part=100)
    assert "processing_info" not in x.status(media_id).json()["data"]
    assert post_with(x, media_id).status_code == 201


@pytest.mark.parametrize(
    ("data", "kind", "category"),
    [
        (b"no picture", "image/png", "tweet_image"),
        (image(form="BMP"), "image/bmp", "tweet_image"),
        (image(), "image/jpeg", "tweet_image"),
    ],
)
def test_images_that_are_none(x: X, data: bytes, kind: str, category: str) -> None:
    media_id = x.initialize(len(data), kind, category).json()["data"]["id"]
    x.append(media_id, 0, data)
    assert problem(x.finalize(media_id)) == (400, "invalid-request")


def test_too_large_animation_fails(stand: Stand, x: X) -> None:
    buffer = io.BytesIO()
    frames = [Image.new("L", (1281, 8), shade) for shade in (0, 200)]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    media_id = x.uploaded(buffer.getvalue(), "image/gif", "tweet_gif")
    stand.advance(minutes=1)
    assert x.status(media_id).json()["data"]["processing_info"]["state"] == "failed"


def test_mixes_are_refused(x: X) -> None:
    photo, other, clip, second = x.pictured(), x.pictured("red"), x.filmed(), x.filmed(film())
    for ids in ((photo, clip), (clip, second), (photo, photo)):
        assert reason(post_with(x, *ids)) == INVALID
    assert post_with(x, photo, other).status_code == 201
    assert post_with(x, clip).status_code == 201


def test_ids_are_the_owner_s_and_die_in_a_day(stand: Stand, x: X) -> None:
    other = X(stand, token=x.world.other_token)
    media_id = x.pictured()
    assert problem(post_with(other, media_id)) == (400, "invalid-request")
    assert problem(other.status(media_id)) == (404, "resource-not-found")
    shared = x.image(image("red"), additional_owners=x.world.other_user_id).json()["data"]["id"]
    assert post_with(other, shared).status_code == 201
    stand.advance(hours=24)
    late = X(stand, pair=(x.world.access_token, x.world.access_token_secret))
    assert reason(post_with(late, media_id)) == INVALID
    assert problem(late.status(media_id)) == (404, "resource-not-found")


@pytest.mark.parametrize("media_id", ["1455952740635586573", "3_1455952740635586573"])
def test_unknown_ids_and_keys_are_invalid(x: X, media_id: str) -> None:
    assert problem(post_with(x, media_id)) == (400, "invalid-request")


def test_unfinished_uploads_are_invalid(x: X) -> None:
    media_id = x.initialize(100).json()["data"]["id"]
    assert reason(post_with(x, media_id)) == INVALID
    assert problem(x.status(media_id)) == (400, "invalid-request")


def test_fresh_image_may_need_a_moment(stand: Stand, x: X) -> None:
    stand.plant({"kind": "hidden_in_lists", "seconds": 3}, match={"operation": "upload"})
    media_id = x.pictured()
    assert reason(post_with(x, media_id)) == INVALID
    stand.advance(seconds=3)
    assert post_with(x, media_id).status_code == 201


@pytest.mark.parametrize(("minutes", "who", "status"), [(20, "", 201), (21, "", 403), (21, "premium", 201)])
def test_video_that_is_too_long_for_the_account(stand: Stand, minutes: int, who: str, status: int) -> None:
    x = X(stand, token=stand.world.x.premium_token if who else "")
    answer = post_with(x, x.filmed(film(minutes * 60)))
    assert answer.status_code == status
    if status == 403:
        assert reason(answer) == "This user is not allowed to post a video longer than 20 minutes."


def test_film_lengths(tmp_path: Any) -> None:
    path = tmp_path / "film"
    for data, expected in ((film(7.5), 7500), (video(), 0), (b"", 0), (b"\0\0\0\x08moov", 0), (film()[:-90], 0)):
        path.write_bytes(data)
        assert film_length.duration_ms(path) == expected


def test_alternative_text_is_said_before_the_post(x: X) -> None:
    media_id = x.pictured()
    body = {"id": media_id, "metadata": {"alt_text": {"text": "Una feria"}}}
    assert x.post("/2/media/metadata", body).json()["data"] == {
        "id": media_id,
        "associated_metadata": {"alt_text": {"text": "Una feria"}},
    }
    post = post_with(x, media_id).json()["data"]["id"]
    body["metadata"] = {"alt_text": {"text": "Tarde"}}
    x.post("/2/media/metadata", body)
    seen = x.get(f"/2/tweets/{post}", expansions="attachments.media_keys", media__fields="alt_text").json()
    assert seen["includes"]["media"][0]["alt_text"] == "Una feria"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, "invalid-request")),
        ({"id": 5}, (400, "invalid-request")),
        ({"id": "1", "metadata": {"alt_text": {"text": "x"}}}, (404, "resource-not-found")),
        ({"id": "{id}", "metadata": {"alt_text": {"text": "x" * 1001}}}, (400, "invalid-request")),
        ({"id": "{id}", "metadata": {"alt_text": "x"}}, (400, "invalid-request")),
        ({"id": "{id}", "metadata": {"title": "x"}}, (400, "invalid-request")),
        ({"id": "{id}", "alt_text": {"text": "x"}}, (400, "invalid-request")),
    ],
)
def test_metadata_that_is_refused(x: X, body: dict[str, Any], expected: object) -> None:
    if body.get("id") == "{id}":
        body = body | {"id": x.pictured()}
    assert problem(x.post("/2/media/metadata", body)) == expected


def test_subtitles(x: X) -> None:
    clip = x.filmed()
    track = x.uploaded(b"1\n00:00:00,000 --> 00:00:01,000\nHola\n", "text/srt", "subtitles")
    named = {"id": track, "language_code": "ES", "display_name": "Español"}
    body = {"id": clip, "media_category": "TweetVideo", "subtitles": named}
    assert x.post("/2/media/subtitles", body).json() == {
        "data": {"id": clip, "media_category": "TweetVideo", "associated_subtitles": {"subtitles": [named]}}
    }
    assert problem(x.post("/2/media/subtitles", body | {"id": x.pictured()})) == (400, "invalid-request")
    assert problem(x.post("/2/media/subtitles", body | {"media_category": "tweet_video"})) == (400, "invalid-request")
    bad = body | {"subtitles": named | {"language_code": "es"}}
    assert problem(x.post("/2/media/subtitles", bad)) == (400, "invalid-request")
    gone = {"id": clip, "media_category": "TweetVideo", "language_code": "ES"}
    for deleted in (True, False):
        answer = x.send("DELETE", "/2/media/subtitles", json=gone)
        assert answer.json() == {"data": {"deleted": deleted}}
    assert reason(post_with(x, track)) == INVALID


def test_old_ids_are_dead(stand: Stand) -> None:
    world = stand.world.x
    signer = X(stand, pair=(world.access_token, world.access_token_secret), host="upload.twitter.com")
    path = "/1.1/media/upload.json"
    simple = signer.send("POST", path, files={"media": image()}).json()
    assert simple["media_id_string"] == str(simple["media_id"])
    start = signer.send("POST", path, data={"command": "INIT", "total_bytes": "9", "media_type": "video/mp4"})
    assert start.status_code == 202
    media_id = start.json()["media_id_string"]
    step = {"command": "APPEND", "media_id": media_id, "segment_index": "0"}
    assert signer.send("POST", path, data=step, files={"media": b"123456789"}).status_code == 204
    assert signer.send("POST", path, data={"command": "FINALIZE", "media_id": media_id}).status_code == 201
    assert signer.send("GET", path, params={"command": "STATUS", "media_id": media_id}).status_code == 200
    assert signer.send("POST", path, data={"command": "FINALIZE", "media_id": "5"}).status_code == 400
    new = X(stand)
    for dead in (simple["media_id_string"], media_id):
        assert reason(post_with(new, dead)) == INVALID
        assert problem(new.status(dead)) == (404, "resource-not-found")
    assert stand.writes == []


def test_segments_out_of_turn_wait_aside_and_are_kept_once(stand: Stand, x: X) -> None:
    data = random.Random(1).randbytes(SECOND)
    head = video(100)
    total = len(head) + 6 * SECOND
    media_id = x.initialize(total).json()["data"]["id"]
    for index in (2, 1, 3):
        assert x.append(media_id, index, data).status_code == 200
    upload = imitation(stand).desk.uploads.all[media_id]
    assert upload.received is not None
    assert (upload.received.size, sorted(upload.waiting)) == (0, [1, 2, 3])
    assert x.append(media_id, 0, head).status_code == 200
    assert (upload.received.size, upload.waiting) == (len(head) + 3 * SECOND, {})
    for index in (4, 5, 6):
        assert x.append(media_id, index, data).status_code == 200
    assert x.finalize(media_id).status_code == 200
    assert upload.medium is not None
    assert upload.medium.sha256 == hashlib.sha256(head + data * 6).hexdigest()
    assert upload.medium.path.stat().st_size == total
    kept = sum(path.stat().st_size for path in upload.medium.path.parent.iterdir() if path.is_file())
    assert kept == total
