"""Numbers of the imitated YouTube: statistics, reports, quota (sheet sections 4 and 5.1)."""

from typing import Any

import pytest

from sandbox.youtube.analytics import LAG
from tests.sandbox.clients import Stand, video
from tests.sandbox.youtube_client import REPORTS, Other, Tube, metadata, reason


@pytest.fixture
def tube(stand: Stand) -> Tube:
    return Tube(stand)


def asked(**params: Any) -> dict[str, Any]:
    base = {"ids": "channel==MINE", "startDate": "2026-11-01", "endDate": "2026-11-30", "metrics": "views"}
    return {name: value for name, value in (base | params).items() if value is not None}


def test_statistics_are_strings_and_grow(stand: Stand, tube: Tube) -> None:
    video_id = tube.public()
    seen = []
    for hours in (0, 3, 30):
        tube.later(hours=hours)
        seen.append(tube.video(video_id, "statistics")["statistics"])
    assert all(isinstance(value, str) for one in seen for value in one.values())
    assert set(seen[0]) == {"viewCount", "likeCount", "favoriteCount", "commentCount", "dislikeCount"}
    views = [int(one["viewCount"]) for one in seen]
    assert views[0] < views[1] < views[2]
    stand.sandbox.grow(platform="youtube", comments=2)
    stats = tube.get("videos:batchGetStats", part="statistics", id=f"{video_id},unknown").json()
    assert stats["kind"] == "youtube#batchGetStatsResponse"
    (one,) = stats["items"]
    assert (one["id"], one["statistics"]["commentCount"]) == (video_id, "2")
    assert set(one["statistics"]) == {"viewCount", "likeCount", "commentCount"}


def test_strangers_get_no_dislikes(stand: Stand, tube: Tube) -> None:
    video_id = tube.public()
    assert "dislikeCount" not in Other(stand).video(video_id, "statistics")["statistics"]


def test_private_videos_are_not_watched(tube: Tube) -> None:
    video_id = tube.upload()
    tube.later(days=3)
    assert tube.video(video_id, "statistics")["statistics"]["viewCount"] == "0"


def test_report_of_days_lacks_the_last_ones(stand: Stand, tube: Tube) -> None:
    video_id = tube.public()
    tube.later(days=10)
    answer = tube.report(
        **asked(
            endDate="2026-12-04",
            dimensions="day",
            metrics="views,averageViewPercentage,likes",
            filters=f"video=={video_id}",
        )
    ).json()
    assert answer["kind"] == "youtubeAnalytics#resultTable"
    assert answer["columnHeaders"] == [
        {"name": "day", "columnType": "DIMENSION", "dataType": "STRING"},
        {"name": "views", "columnType": "METRIC", "dataType": "INTEGER"},
        {"name": "averageViewPercentage", "columnType": "METRIC", "dataType": "FLOAT"},
        {"name": "likes", "columnType": "METRIC", "dataType": "INTEGER"},
    ]
    days = [row[0] for row in answer["rows"]]
    assert (days[0], days[-1]) == ("2026-11-24", "2026-12-01")
    assert LAG.days == 2
    whole = tube.report(**asked(endDate="2026-12-04", filters=f"video=={video_id}")).json()["rows"]
    assert whole == [[sum(row[1] for row in answer["rows"])]]


def test_fresh_video_has_no_rows_yet(tube: Tube) -> None:
    video_id = tube.public()
    assert tube.report(**asked(filters=f"video=={video_id}")).json()["rows"] == []


def test_report_of_videos_needs_sort_and_maximum(tube: Tube) -> None:
    made = [tube.public() for _ in range(3)]
    tube.later(days=10)
    top = asked(endDate="2026-12-31", dimensions="video", filters=f"video=={','.join(made[:2])}")
    rows = tube.report(**top, sort="-views", maxResults="10").json()["rows"]
    assert {row[0] for row in rows} == set(made[:2])
    assert rows[0][1] >= rows[1][1] > 0
    assert len(tube.report(**top, sort="-views", maxResults="1").json()["rows"]) == 1
    second = tube.report(**top, sort="-views", maxResults="1", startIndex="2").json()["rows"]
    assert second == rows[1:]
    for more in ({}, {"sort": "-views"}, {"maxResults": "10"}, {"sort": "-views", "maxResults": "201"}):
        refused = tube.report(**top, **more)
        assert reason(refused) == (400, "badRequest")
        assert "not supported" in refused.json()["error"]["message"]


def test_other_dimensions(tube: Tube) -> None:
    months = tube.report(**asked(startDate="2026-09-01", dimensions="month")).json()["rows"]
    assert [row[0] for row in months] == ["2026-09", "2026-10", "2026-11"]
    countries = {row[0]: row[1] for row in tube.report(**asked(dimensions="country")).json()["rows"]}
    assert countries["PE"] > countries["US"]
    only = tube.report(**asked(filters="country==PE")).json()["rows"]
    assert only == [[countries["PE"]]]
    people = tube.report(**asked(dimensions="ageGroup,gender", metrics="viewerPercentage")).json()
    assert [header["dataType"] for header in people["columnHeaders"]] == ["STRING", "STRING", "FLOAT"]
    assert sum(row[2] for row in people["rows"]) == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ids": None}, (400, "missingRequiredParameter")),
        ({"startDate": None}, (400, "missingRequiredParameter")),
        ({"endDate": None}, (400, "missingRequiredParameter")),
        ({"metrics": None}, (400, "missingRequiredParameter")),
        ({"startDate": "01/11/2026"}, (400, "badRequest")),
        ({"startDate": "2026-02-30"}, (400, "badRequest")),
        ({"startDate": "2026-12-01"}, (400, "badRequest")),
        ({"ids": "MINE"}, (400, "badRequest")),
        ({"ids": "channel==UCsomebodyElse"}, (403, "forbidden")),
        ({"metrics": "views,nonsense"}, (400, "badRequest")),
        ({"metrics": "viewerPercentage"}, (400, "badRequest")),
        ({"dimensions": "day,video", "sort": "-views", "maxResults": "5"}, (400, "badRequest")),
        ({"dimensions": "day,month"}, (400, "badRequest")),
        ({"dimensions": "ageGroup"}, (400, "badRequest")),
        ({"filters": "views==5"}, (400, "badRequest")),
        ({"filters": "video=x"}, (400, "badRequest")),
        ({"sort": "-likes"}, (400, "badRequest")),
        ({"maxResults": "0"}, (400, "badRequest")),
        ({"metrics": "estimatedRevenue"}, (403, "forbidden")),
        ({"part": "id"}, (400, "unexpectedParameter")),
    ],
)
def test_reports_are_refused(tube: Tube, change: dict[str, Any], expected: tuple[int, str]) -> None:
    assert reason(tube.report(**asked(**change))) == expected


def test_inserts_have_a_bucket_of_their_own(stand: Stand, tube: Tube) -> None:
    for _number in range(100):
        assert tube.start(size=5).status_code == 200
    refused = tube.start(size=5)
    assert reason(refused) == (429, "rateLimitExceeded")
    message = refused.json()["error"]["message"]
    assert "'Video Uploads per day'" in message
    assert f"project_number:{stand.world.youtube.project_number}" in message
    assert tube.get("channels", part="id", mine="true").status_code == 200
    # It is 7:00 in California.
    tube.later(hours=16, minutes=59)
    assert tube.start(size=5).status_code == 429
    tube.later(minutes=1)
    assert tube.start(size=5).status_code == 200


def test_units_run_out_and_are_shared_by_all_accounts(stand: Stand, tube: Tube) -> None:
    video_id = tube.public()
    spent = stand.sandbox.imitation_of(REPORTS).channels.quota  # type: ignore[union-attr]  # a look inside
    before = spent.used("units", stand.sandbox.clock())
    tube.get("videos", part="id", id=video_id)
    assert reason(tube.get("videos", part="id", id=video_id, foo="bar"))[0] == 400
    tube.publish(video_id)
    assert spent.used("units", stand.sandbox.clock()) - before == 1 + 1 + 50
    assert reason(tube.publish("unknown"))[0] == 404
    assert spent.used("units", stand.sandbox.clock()) - before == 53
    while tube.publish(video_id).status_code == 200:
        pass
    refused = tube.publish(video_id)
    assert reason(refused) == (403, "quotaExceeded")
    assert refused.json()["error"]["errors"][0]["domain"] == "youtube.quota"
    assert reason(Other(stand).publish(video_id)) == (403, "quotaExceeded")
    assert tube.start(size=5).status_code == 200
    assert tube.report(**asked()).status_code == 200
    tube.later(days=1)
    assert tube.publish(video_id).status_code == 200


def test_chunks_cost_nothing(stand: Stand, tube: Tube) -> None:
    spent = stand.sandbox.imitation_of(REPORTS).channels.quota  # type: ignore[union-attr]  # a look inside
    tube.upload(video(), metadata())
    now = stand.sandbox.clock()
    assert (spent.used("inserts", now), spent.used("units", now)) == (1, 0)


@pytest.mark.parametrize(
    ("fault", "operation", "expected"),
    [
        ({}, "read", (429, "rateLimitExceeded", "usageLimits")),
        ({"code": 403}, "read", (403, "quotaExceeded", "youtube.quota")),
        ({"code": 403}, "upload_start", (429, "rateLimitExceeded", "global")),
        ({"code": 400}, "upload_start", (400, "uploadLimitExceeded", "youtube.video")),
        ({}, "thumbnail", (429, "uploadRateLimitExceeded", "youtube.thumbnail")),
    ],
)
def test_planned_throttling(
    stand: Stand, tube: Tube, fault: dict[str, Any], operation: str, expected: tuple[int, str, str]
) -> None:
    video_id = tube.upload()
    stand.plant({"kind": "throttle", "retry_after": 7} | fault, match={"operation": operation})
    calls = {
        "read": lambda: tube.get("videos", part="id", id=video_id),
        "upload_start": lambda: tube.start(size=5),
        "thumbnail": lambda: tube.send("POST", "/upload/youtube/v3/thumbnails/set", params={"videoId": video_id}),
    }
    answer = calls[operation]()
    assert (*reason(answer), answer.json()["error"]["errors"][0]["domain"]) == expected
    assert answer.headers["Retry-After"] == "7"
    assert ("per day" in answer.text) == (fault.get("code") == 403 and operation == "upload_start")


def test_planned_failures_have_the_platforms_shape(stand: Stand, tube: Tube) -> None:
    read = {"match": {"operation": "read"}}
    stand.plant({"kind": "status_before", "status": 503}, **read)
    assert reason(tube.get("videos", part="id", id="x")) == (503, "backendError")
    stand.plant({"kind": "status_before", "status": 403, "code": "commentsDisabled"}, **read)
    assert reason(tube.get("videos", part="id", id="x")) == (403, "commentsDisabled")
    stand.plant({"kind": "status_before", "status": 502, "html": True}, **read)
    assert "<html>" in tube.get("videos", part="id", id="x").text
    stand.plant({"kind": "expired_token"}, **read)
    assert reason(tube.get("videos", part="id", id="x")) == (401, "authError")
    assert tube.get("videos", part="id", id="x").status_code == 200
