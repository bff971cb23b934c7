"""What is there and what came back: lists, comments, insights."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.clients import START, Stand, error, video
from tests.sandbox.instagram_client import Insta, jpeg, shelf

ALL_FIELDS = (
    "id,text,timestamp,username,from{id,username},like_count,hidden,parent_id,"
    "replies{id,text,timestamp,username,from,hidden,parent_id}"
)


@pytest.fixture
def insta(stand: Stand) -> Iterator[Insta]:
    with shelf() as files:
        yield Insta(stand, files)


def reel(insta: Insta) -> str:
    number = insta.container(media_type="REELS", video_url=insta.shelf.put(video(), "reel.mp4"))
    return str(insta.publish(insta.ready(number)).json()["id"])


def story(insta: Insta) -> str:
    number = insta.container(media_type="STORIES", image_url=insta.shelf.put(jpeg()))
    return str(insta.publish(insta.ready(number)).json()["id"])


def says(stand: Stand, text: str, **where: Any) -> str:
    (made,) = stand.sandbox.grow(text=text, platform="instagram", **where)
    return made


def ids(insta: Insta, path: str, **params: Any) -> list[str]:
    return [item["id"] for item in insta.get(path, **params).json()["data"]]


def test_media_are_listed_newest_first(stand: Stand, insta: Insta) -> None:
    made = []
    for day in range(3):
        made.append(insta.posted(caption=f"Día {day}"))
        stand.advance(days=1)
    assert insta.listed() == made[::-1]
    at = int(START.timestamp()) + 86_400
    assert insta.listed(since=at) == made[:0:-1]
    assert insta.listed(until=at) == made[1::-1]
    first = insta.get(f"/{insta.account}/media", fields="caption,media_type,media_product_type", limit=2).json()
    assert [one["caption"] for one in first["data"]] == ["Día 2", "Día 1"]
    assert first["data"][0] | {"id": ""} == {
        "caption": "Día 2",
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "id": "",
    }
    turn = urlsplit(first["paging"]["next"])
    assert turn.netloc == "graph.facebook.com"
    rest = insta.stand.own("GET", f"/{turn.netloc}{turn.path}?{turn.query}").json()
    assert [one["caption"] for one in rest["data"]] == ["Día 0"]
    assert "next" not in rest["paging"]
    assert insta.listed(limit=2, after=parse_qs(turn.query)["after"][0]) == made[:1]


def test_fields_of_one_variant_are_unknown_to_the_other(insta: Insta) -> None:
    media = insta.posted()
    for name in ("saved_count", "shares_count", "reposts_count", "total_views_count"):
        assert name in insta.get(f"/{media}", fields=name).json()
        refusal = insta.login().get(f"/{media}", fields=f"like_count,{name}")
        assert error(refusal) == (400, 100, None)
        assert "nonexisting field" in refusal.json()["error"]["message"]


def test_media_can_be_deleted_with_the_permission_for_it(stand: Stand, insta: Insta) -> None:
    media = insta.posted(caption="Hola")
    assert error(insta.login().send("DELETE", f"/{media}")) == (403, 10, None)
    assert insta.send("DELETE", f"/{media}").json() == {"success": True}
    assert error(insta.send("DELETE", f"/{media}")) == (400, 100, 33)
    assert insta.listed() == []
    assert [(write.text, write.visible) for write in stand.writes] == [("Hola", True), ("Hola", False)]


def test_caption_cannot_be_edited_but_comments_closed(stand: Stand, insta: Insta) -> None:
    media = insta.posted()
    assert error(insta.post(f"/{media}", caption="Otra")) == (400, 100, None)
    assert insta.post(f"/{media}", comment_enabled="false").json() == {"success": True}
    assert insta.get(f"/{media}", fields="is_comment_enabled").json()["is_comment_enabled"] is False
    assert stand.sandbox.grow(platform="instagram") == ()
    assert error(insta.post(f"/{media}/comments", message="Hola")) == (400, 100, None)
    insta.post(f"/{media}", comment_enabled="true")
    assert says(stand, "Gracias")


def test_tags_have_cursors_and_no_next(insta: Insta) -> None:
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = insta.get(f"/{insta.account}/tags", fields="id,username,permalink", limit=10, **after).json()
        if not page["data"]:
            break
        assert page["paging"].keys() == {"cursors"}
        seen += [one["id"] for one in page["data"]]
        after = {"after": page["paging"]["cursors"]["after"]}
    assert len(seen) == len(set(seen)) > 25
    assert error(insta.login().get(f"/{insta.account}/tags")) == (400, 100, None)


def test_comments_are_newest_first_with_replies_inside(stand: Stand, insta: Insta) -> None:
    media = insta.posted()
    first = says(stand, "¿A qué hora?", author="Rosa Quispe")
    stand.advance(minutes=1)
    second = says(stand, "Gracias")
    reply = insta.post(f"/{first}/replies", message="A las nueve").json()["id"]
    visitor = says(stand, "Ah", remote_id=reply)
    assert ids(insta, f"/{media}/comments") == [second, first]
    assert ids(insta, f"/{first}/replies") == [reply, visitor]
    default = insta.get(f"/{media}/comments").json()["data"][0]
    assert default.keys() == {"id", "text", "timestamp"}
    read = insta.get(f"/{media}/comments", fields=ALL_FIELDS).json()["data"][1]
    assert (read["username"], read["from"]["username"]) == ("rosa.quispe", "rosa.quispe")
    assert (read["hidden"], "parent_id" in read) == (False, False)
    inside = read["replies"]["data"]
    assert [(one["id"], one["parent_id"]) for one in inside] == [(reply, first), (visitor, first)]
    assert inside[0]["from"]["id"] == insta.account
    assert "self_ig_scoped_id" in inside[0]["from"]
    one = insta.get(f"/{reply}", fields="user,media{id,media_product_type}").json()
    assert one == {
        "user": {"id": insta.account},
        "media": {"id": media, "media_product_type": "FEED"},
        "id": reply,
    }
    assert "user" not in insta.get(f"/{first}", fields="user").json()


def test_comments_come_in_pages_of_at_most_fifty(stand: Stand, insta: Insta) -> None:
    media = insta.posted()
    made = list(stand.sandbox.grow(comments=60, platform="instagram"))
    assert error(insta.get(f"/{media}/comments", limit=51)) == (400, 100, None)
    assert error(insta.get(f"/{media}/comments", since="1")) == (400, 100, None)
    first = insta.get(f"/{media}/comments", limit=50).json()
    after = first["paging"]["cursors"]["after"]
    assert "next" in first["paging"]
    rest = ids(insta, f"/{media}/comments", limit=50, after=after)
    assert [one["id"] for one in first["data"]] + rest == made[::-1]


def test_replies_land_on_the_top_level_thread(stand: Stand, insta: Insta) -> None:
    insta.posted()
    top = says(stand, "¿Dónde?")
    reply = insta.post(f"/{top}/replies", message="Aquí").json()["id"]
    under = insta.post(f"/{reply}/replies", message="Y aquí").json()["id"]
    assert insta.get(f"/{under}", fields="parent_id").json()["parent_id"] == top
    assert [(write.kind, write.text) for write in stand.writes[1:]] == [("comment", "Aquí"), ("comment", "Y aquí")]
    assert error(insta.post(f"/{top}/replies", message=" ")) == (400, 100, None)


def test_hiding_takes_the_query_and_stops_answers(stand: Stand, insta: Insta) -> None:
    insta.posted()
    comment = says(stand, "Groserías")
    assert error(insta.post(f"/{comment}", hide="true")) == (400, 100, None)
    assert insta.send("POST", f"/{comment}", params={"hide": "true"}).json() == {"success": True}
    assert insta.get(f"/{comment}", fields="hidden").json()["hidden"] is True
    assert error(insta.post(f"/{comment}/replies", message="Hola")) == (400, 100, None)
    assert stand.writes[-1].visible is False
    insta.send("POST", f"/{comment}", params={"hide": "false"})
    assert insta.post(f"/{comment}/replies", message="Hola").status_code == 200


def test_own_comment_cannot_be_hidden_but_the_answer_is_success(stand: Stand, insta: Insta) -> None:
    media = insta.posted()
    own = insta.post(f"/{media}/comments", message="Bases en la web").json()["id"]
    assert insta.send("POST", f"/{own}", params={"hide": "true"}).json() == {"success": True}
    assert insta.get(f"/{own}", fields="hidden").json()["hidden"] is False
    assert len(stand.writes) == 2


def test_deleted_comment_takes_its_replies_along(stand: Stand, insta: Insta) -> None:
    media = insta.posted()
    comment = says(stand, "Spam")
    insta.post(f"/{comment}/replies", message="Hola")
    assert insta.send("DELETE", f"/{comment}").json() == {"success": True}
    assert ids(insta, f"/{media}/comments") == []
    assert error(insta.get(f"/{comment}")) == (400, 100, 33)
    assert insta.get(f"/{media}", fields="comments_count").json()["comments_count"] == 0


def values(insta: Insta, media: str, *metrics: str, **params: str) -> dict[str, int]:
    answer = insta.get(f"/{media}/insights", metric=",".join(metrics), **params)
    assert answer.status_code == 200, answer.text
    return {row["name"]: row["values"][0]["value"] for row in answer.json()["data"]}


def test_media_metrics_are_missing_at_first_and_grow(stand: Stand, insta: Insta) -> None:
    media = insta.posted()
    asked = ("views", "reach", "likes", "comments", "saved", "shares", "total_interactions")
    assert values(insta, media, *asked) == {}
    stand.advance(hours=6)
    says(stand, "Gracias")
    before = values(insta, media, *asked)
    assert before.keys() == set(asked)
    assert before["comments"] == 1
    stand.advance(days=2)
    after = values(insta, media, *asked)
    assert after["views"] > before["views"] > before["reach"] > before["likes"]
    row = insta.get(f"/{media}/insights", metric="views").json()["data"][0]
    assert (row["period"], row["id"]) == ("lifetime", f"{media}/insights/views/lifetime")


@pytest.mark.parametrize(
    ("kind", "login", "metric", "words"),
    [
        ("feed", False, "ig_reels_avg_watch_time", "does not support"),
        ("reel", False, "follows", "does not support"),
        ("reel", False, "navigation", "does not support"),
        ("story", False, "likes", "does not support"),
        ("feed", False, "impressions", "no longer supported"),
        ("feed", True, "reposts", "not available"),
        ("feed", True, "total_views", "not available"),
        ("reel", False, "crossposted_views", "shared to Facebook"),
        ("feed", False, "plays", "must be one of"),
        ("feed", False, "video_views", "must be one of"),
    ],
)
def test_one_metric_that_is_not_served_fails_all(
    stand: Stand, insta: Insta, kind: str, login: bool, metric: str, words: str
) -> None:
    media = insta.posted() if kind == "feed" else reel(insta) if kind == "reel" else story(insta)
    stand.advance(hours=2)
    client = insta.login() if login else insta
    answer = client.get(f"/{media}/insights", metric=f"views,{metric}")
    assert error(answer) == (400, 100, None)
    assert words in answer.json()["error"]["message"]


def test_reels_and_stories_have_their_own(stand: Stand, insta: Insta) -> None:
    film, brief = reel(insta), story(insta)
    stand.advance(hours=3)
    assert len(values(insta, film, "views", "ig_reels_avg_watch_time", "reels_skip_rate", "reposts")) == 4
    assert len(values(insta, brief, "views", "navigation", "replies", "link_clicks")) == 4
    stand.advance(days=1)
    assert error(insta.get(f"/{brief}/insights", metric="views")) == (400, 100, 33)


def test_breakdowns_of_media(stand: Stand, insta: Insta) -> None:
    media = insta.posted()
    stand.advance(days=2)
    row = insta.get(f"/{media}/insights", metric="profile_activity", breakdown="action_type").json()["data"][0]
    assert row["total_value"]["breakdowns"][0]["dimension_keys"] == ["action_type"]
    refusal = insta.get(f"/{media}/insights", metric="views", breakdown="action_type")
    assert error(refusal) == (500, 1, None)
    assert refusal.json()["error"]["message"].startswith("An unknown error")
    assert error(insta.get(f"/{media}/insights")) == (400, 3001, 1504028)


def test_story_with_few_viewers(stand: Stand, insta: Insta) -> None:
    brief = story(insta)
    refusal = insta.get(f"/{brief}/insights", metric="views")
    assert error(refusal) == (400, 10, None)
    assert "not enough viewers" in refusal.json()["error"]["message"].lower()
    stand.advance(hours=1)
    assert values(insta, brief, "views")["views"] > 5


def test_account_metrics_are_silently_empty_without_their_type(stand: Stand, insta: Insta) -> None:
    path = f"/{insta.account}/insights"
    empty = insta.get(path, metric="reach,views", period="day")
    assert (empty.status_code, empty.json()["data"]) == (200, [])
    full = insta.get(path, metric="reach,views,saves", period="day", metric_type="total_value").json()
    assert [row["name"] for row in full["data"]] == ["reach", "views", "saves"]
    assert all(row["total_value"]["value"] > 0 for row in full["data"])
    assert full["data"][0]["id"] == f"{insta.account}/insights/reach/day"
    assert full["paging"].keys() == {"previous", "next"}


def test_account_series_and_breakdowns(insta: Insta) -> None:
    path = f"/{insta.account}/insights"
    until = int(START.timestamp())
    since = until - 7 * 86_400
    span = {"since": since, "until": until, "period": "day"}
    (row,) = insta.get(path, metric="reach", metric_type="time_series", **span).json()["data"]
    assert len(row["values"]) == 7
    assert row["values"][0]["end_time"].endswith("+0000")
    (total,) = insta.get(path, metric="reach", metric_type="total_value", breakdown="follow_type", **span).json()[
        "data"
    ]
    parts = total["total_value"]["breakdowns"][0]["results"]
    assert sum(part["value"] for part in parts) == total["total_value"]["value"]
    assert total["total_value"]["value"] == sum(one["value"] for one in row["values"])
    assert error(insta.get(path, metric="views", metric_type="time_series", **span)) == (400, 100, None)
    wrong = insta.get(path, metric="views", metric_type="total_value", breakdown="follow_type", **span)
    assert error(wrong) == (500, 1, None)


@pytest.mark.parametrize(
    "asked",
    [
        {"metric": "impressions", "period": "day"},
        {"metric": "website_clicks", "period": "day"},
        {"metric": "saved", "period": "day"},
        {"metric": "reach", "period": "week"},
        {"metric": "reach", "period": "day", "since": "1797000000", "until": "1799700000"},
        {"metric": "reach", "period": "day", "since": "1780000000", "until": "1780086400"},
        {"metric": "follower_demographics", "period": "lifetime"},
    ],
)
def test_account_metrics_that_are_refused(insta: Insta, asked: dict[str, str]) -> None:
    answer = insta.get(f"/{insta.account}/insights", metric_type="total_value", **asked)
    assert error(answer)[:2] == (400, 100)


def test_account_metrics_that_have_nothing_to_say(insta: Insta) -> None:
    asked = {"period": "day", "metric_type": "total_value"}
    assert insta.get(f"/{insta.account}/insights", metric="profile_views", **asked).json()["data"] == []
    other = insta.with_token(insta.world.other_page_token)
    path = f"/{insta.world.other_account_id}/insights"
    assert other.get(path, metric="follows_and_unfollows", **asked).json()["data"] == []
    people = {"period": "lifetime", "metric_type": "total_value", "timeframe": "this_month", "breakdown": "age"}
    (row,) = insta.get(f"/{insta.account}/insights", metric="follower_demographics", **people).json()["data"]
    assert row["total_value"]["breakdowns"][0]["dimension_keys"] == ["age"]


def test_page_shows_what_the_public_sees(stand: Stand, insta: Insta) -> None:
    insta.posted("red", caption="<b>Hola</b>", alt_text="Una feria")
    insta.picture("navy", caption="preparada")
    says(stand, "Gracias")
    shown = stand.own("GET", "/").text
    assert "&lt;b&gt;Hola&lt;/b&gt;" in shown
    assert 'alt="Una feria"' in shown
    assert "1 comentario" in shown
    assert "preparada" not in shown
