"""Preparing a post for an Instagram that answers nonsense: offsets, quotas, addresses, and tokens of our own spoilt."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors import instagram_reel
from connectors.errors import RateLimited
from connectors.instagram_stage import QUOTA_WAIT, QUOTA_WINDOW
from core.deliveries import Stage
from tests.connectors.instagram_account import CONTAINER, contained, facing, picture_post, reel_post, stored
from tests.connectors.strange_peer import answering

OURS = "/v26.0/178/media"
AT_CONTAINER = f"/v26.0/{CONTAINER}"
UPLOAD = f"/ig-api-upload/v26.0/{CONTAINER}"
QUOTA = "/v26.0/178/content_publishing_limit"


@pytest.mark.parametrize("duration", [-5, 0, 10**14, 10**400, None, "x"])
def test_quota_of_any_length_waits_no_longer_than_its_window(duration: object, tmp_path: Path) -> None:
    config = {"quota_total": 1, "quota_duration": duration}
    answers = {
        QUOTA: {"data": [{"quota_usage": 1, "config": config}]},
        OURS: {"data": [{"timestamp": "2999-01-01T00:00:00+0000"}]},
    }
    with answering(answers) as peer:
        with pytest.raises(RateLimited) as caught:
            facing(peer).stage(picture_post(tmp_path))
        peer.answers = answers | {OURS: {"data": []}}
        with pytest.raises(RateLimited) as unlisted:
            facing(peer).stage(picture_post(tmp_path))
    assert caught.value.retry_after is not None
    assert timedelta(0) < caught.value.retry_after <= QUOTA_WINDOW
    assert unlisted.value.retry_after == QUOTA_WAIT


@pytest.mark.parametrize("total", [0, -1, None, "x"])
def test_quota_that_is_none_holds_nobody_back(total: object, tmp_path: Path) -> None:
    with answering({QUOTA: {"data": [{"quota_usage": 0, "config": {"quota_total": total}}]}}) as peer:
        assert facing(peer).stage(picture_post(tmp_path)).token["hosted"]


@pytest.mark.parametrize("received", [-4, 12, 10**30, "x", None, 1.5, True])
def test_offset_that_the_file_has_not_is_not_believed(
    received: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instagram_reel, "CHUNK", 4)
    post = reel_post(tmp_path)
    status = {"uploading_phase": {"bytes_transfered": received}}
    answers = {AT_CONTAINER: {"status_code": "IN_PROGRESS", "video_status": status}, UPLOAD: {"success": True}}
    with answering(answers) as peer:
        stage = facing(peer).stage(post, contained(post, ready=False, sent=4))
    assert stage.token["sent"] == 8


def test_upload_that_does_not_move_on_is_no_race(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instagram_reel, "CHUNK", 4)
    post = reel_post(tmp_path)
    status = {"uploading_phase": {"bytes_transfered": 0}}
    answers = {AT_CONTAINER: {"status_code": "IN_PROGRESS", "video_status": status}, UPLOAD: {"success": True}}
    with answering(answers) as peer:
        stage = facing(peer).stage(post, contained(post, ready=False, sent=4))
    assert stage.again_in > timedelta(0)


@pytest.mark.parametrize(
    "address",
    [
        "https://rupload.facebook.com.evil.example/x",
        "https://rupload.facebook.com/../v26.0/me",
        "https://rupload.facebook.com/ig-api-upload/v26.0/1\r\nX: y",
        "https://rupload.facebook.com/ig-api-upload/\ud800",
        "http://127.0.0.1:9/",
        7,
    ],
)
def test_bytes_go_only_where_bytes_belong(address: object, tmp_path: Path) -> None:
    post = reel_post(tmp_path)
    answers = {
        QUOTA: {"data": []},
        f"POST {OURS}": {"id": CONTAINER, "uri": address},
        AT_CONTAINER: {"status_code": "IN_PROGRESS"},
        UPLOAD: {"success": True},
    }
    with answering(answers) as peer:
        account = facing(peer)
        account.stage(post, stored(account.stage(post)))
    assert [path for method, path, _query in peer.asked if method == "POST"] == ["/v26.0/178/media", UPLOAD]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"finished": "x"},
        {"made_at": float("inf")},
        {"children": [7]},
        {"hosted": [{"url": 7, "token": {}}]},
        {"sent": None},
        {"public": "no"},
    ],
)
def test_token_that_is_spoilt_begins_anew(spoilt: dict[str, Any], tmp_path: Path) -> None:
    post = picture_post(tmp_path)
    with answering({QUOTA: {"data": []}}) as peer:
        stage = facing(peer).stage(post, stored(contained(post, **spoilt)))
    assert (stage.token["container"], stage.ready) == ("", False)


@pytest.mark.parametrize("listed", [None, 7, [7], [{}], [{"token": None}], [{"token": "x"}]])
def test_tidying_after_a_token_that_is_spoilt_removes_nothing(listed: object) -> None:
    with answering({}) as peer:
        facing(peer).tidy(Stage(token={"hosted": listed, "left": listed}, ready=True))
