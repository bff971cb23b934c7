"""What came back: comments and insights."""

import pytest

from tests.sandbox.clients import START, Graph, Stand, error

ALL_FIELDS = (
    "id,message,created_time,from{id,name},parent{id},comment_count,like_count,can_comment,can_hide,can_remove,"
    "is_hidden,permalink_url"
)


def seeded_comments(stand: Stand, graph: Graph) -> tuple[str, str, str, str]:
    post = graph.feed()
    (first,) = stand.sandbox.grow(text="¿A qué hora?", author="Rosa Quispe")
    (second,) = stand.sandbox.grow(text="Gracias", author="Luis Rojas")
    reply = graph.post(f"/{first}/comments", message="A las nueve").json()["id"]
    return post, first, second, reply


def ids(graph: Graph, path: str, **params: str) -> list[str]:
    return [item["id"] for item in graph.get(path, **params).json()["data"]]


def test_replies_stand_under_their_comment_unless_streamed(stand: Stand, graph: Graph) -> None:
    post, first, second, reply = seeded_comments(stand, graph)
    assert ids(graph, f"/{post}/comments") == [first, second]
    assert ids(graph, f"/{post}/comments", order="reverse_chronological") == [second, first]
    assert ids(graph, f"/{post}/comments", filter="stream") == [first, second, reply]
    assert ids(graph, f"/{first}/comments") == [reply]
    assert reply.partition("_")[0] == first.partition("_")[0] == post.partition("_")[2]
    summary = graph.get(f"/{post}/comments", filter="stream", summary="true", limit="1").json()
    assert summary["summary"] == {"order": "chronological", "total_count": 3, "can_comment": True}
    assert len(summary["data"]) == 1


def test_comment_fields(stand: Stand, graph: Graph) -> None:
    _post, first, _second, reply = seeded_comments(stand, graph)
    seen = graph.get(f"/{first}", fields=ALL_FIELDS).json()
    assert (seen["from"]["name"], seen["comment_count"], seen["can_hide"]) == ("Rosa Quispe", 1, True)
    own = graph.get(f"/{reply}", fields=ALL_FIELDS).json()
    assert (own["from"]["id"], own["can_hide"], own["parent"]) == (graph.page, False, {"id": first})
    assert graph.get(f"/{reply}", fields="parent").json()["parent"]["message"] == "¿A qué hora?"


def test_author_is_only_for_the_page(stand: Stand, graph: Graph) -> None:
    post, *_ = seeded_comments(stand, graph)
    user = Graph(stand, token=stand.world.facebook.user_token)
    assert all("from" not in item for item in user.get(f"/{post}/comments").json()["data"])


def test_since_leaves_older_comments_out(stand: Stand, graph: Graph) -> None:
    post = graph.feed()
    stand.sandbox.grow()
    stand.advance(hours=1)
    (late,) = stand.sandbox.grow()
    assert ids(graph, f"/{post}/comments", since=str(int(START.timestamp()) + 60)) == [late]


def test_hiding_keeps_the_comment_and_is_repeatable(stand: Stand, graph: Graph) -> None:
    post, first, _second, reply = seeded_comments(stand, graph)
    for _again in range(2):
        assert graph.post(f"/{first}", is_hidden="true").json() == {"success": True}
    assert graph.get(f"/{first}", fields="is_hidden").json()["is_hidden"] is True
    assert first in ids(graph, f"/{post}/comments")
    graph.post(f"/{first}", is_hidden="false")
    assert [(w.remote_id, w.visible) for w in stand.writes[2:]] == [(first, False), (first, True)]
    assert error(graph.post(f"/{reply}", is_hidden="true")) == (403, 200, None)


def test_only_our_own_words_are_entries(stand: Stand, graph: Graph) -> None:
    post, _first, _second, reply = seeded_comments(stand, graph)
    assert [(w.kind, w.remote_id) for w in stand.writes] == [("post", post), ("comment", reply)]
    graph.post(f"/{reply}", message="A las diez")
    assert (stand.writes[-1].kind, stand.writes[-1].text) == ("edit", "A las diez")


def test_deleting_a_comment_takes_its_replies(stand: Stand, graph: Graph) -> None:
    post, first, second, reply = seeded_comments(stand, graph)
    assert graph.send("DELETE", f"/{first}").json() == {"success": True}
    assert ids(graph, f"/{post}/comments", filter="stream") == [second]
    assert error(graph.get(f"/{reply}")) == (400, 100, 33)


@pytest.mark.parametrize("message", ["", "   ", "a" * 8001])
def test_bad_comments_are_refused(graph: Graph, message: str) -> None:
    post = graph.feed()
    assert error(graph.post(f"/{post}/comments", message=message)) == (400, 100, None)


def test_comment_paging(stand: Stand, graph: Graph) -> None:
    post = graph.feed()
    made = list(stand.sandbox.grow(comments=3))
    first = graph.get(f"/{post}/comments", limit="2").json()
    assert [item["id"] for item in first["data"]] == made[:2]
    rest = stand.own("GET", first["paging"]["next"].removeprefix("https:/")).json()
    assert [item["id"] for item in rest["data"]] == made[2:]
    assert "next" not in rest["paging"]


def test_like_of_the_page(stand: Stand, graph: Graph) -> None:
    _post, first, *_ = seeded_comments(stand, graph)
    graph.post(f"/{first}/likes")
    assert graph.get(f"/{first}", fields="like_count,user_likes").json()["user_likes"] is True
    graph.send("DELETE", f"/{first}/likes")
    assert graph.get(f"/{first}", fields="like_count").json()["like_count"] == 0


@pytest.mark.parametrize(
    "metric",
    [
        "nonsense",
        "post_impressions",
        "post_impressions_unique",
        "post_engaged_users",
        "post_media_view,post_impressions_fan",
    ],
)
def test_one_bad_post_metric_fails_all(graph: Graph, metric: str) -> None:
    post = graph.feed()
    assert error(graph.get(f"/{post}/insights", metric=metric)) == (400, 100, None)


@pytest.mark.parametrize(
    "metric",
    ["page_fans", "page_impressions", "page_posts_impressions", "page_engaged_users", "page_video_views_unique"],
)
def test_retired_page_metrics_fail(graph: Graph, metric: str) -> None:
    assert error(graph.get(f"/{graph.page}/insights", metric=f"page_media_view,{metric}")) == (400, 100, None)


def test_no_metric_and_long_spans_are_refused(graph: Graph) -> None:
    post = graph.feed()
    assert error(graph.get(f"/{post}/insights")) == (400, 3001, 1504028)
    end = int(START.timestamp())
    asked = {"metric": "page_media_view", "until": str(end), "since": str(end - 91 * 86400)}
    assert error(graph.get(f"/{graph.page}/insights", **asked)) == (400, 100, None)
    assert error(graph.get(f"/{graph.page}/insights", metric="page_follows", period="week")) == (400, 100, None)


def test_post_metrics_grow_and_video_ones_are_absent(stand: Stand, graph: Graph) -> None:
    post = graph.feed()
    metric = "post_media_view,post_total_media_view_unique,post_reactions_by_type_total,post_clicks,post_video_views"

    def values() -> dict[str, object]:
        answer = graph.get(f"/{post}/insights", metric=metric).json()
        assert {"previous", "next"} <= answer["paging"].keys()
        assert all(row["period"] == "lifetime" and "end_time" not in row["values"][0] for row in answer["data"])
        return {row["name"]: row["values"][0]["value"] for row in answer["data"]}

    fresh = values()
    assert "post_video_views" not in fresh
    assert fresh["post_media_view"] == 0
    assert fresh["post_reactions_by_type_total"] == {}
    seen = []
    for _day in range(3):
        stand.advance(days=1)
        seen.append(values()["post_media_view"])
    assert seen == sorted(seen, key=lambda value: int(str(value)))
    assert seen[0] != 0
    assert values() == values()


def test_page_days_end_at_pacific_midnight(graph: Graph) -> None:
    end = int(START.timestamp())
    asked = {"metric": "page_post_engagements,page_follows", "since": str(end - 3 * 86400), "until": str(end)}
    rows = graph.get(f"/{graph.page}/insights", period="day", **asked).json()["data"]
    assert [len(row["values"]) for row in rows] == [3, 3]
    assert all(value["end_time"].endswith("T08:00:00+0000") for value in rows[0]["values"])


def test_breakdown_rows_are_flat(graph: Graph) -> None:
    (row,) = graph.get(f"/{graph.page}/insights", metric="page_media_view", breakdown="is_from_ads").json()["data"]
    assert {value["is_from_ads"] for value in row["values"]} == {"0", "1"}
