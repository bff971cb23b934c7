"""What came back: comments, replies, moderation, statistics."""

from typing import Any

import pytest

from tests.sandbox.clients import START, Stand
from tests.sandbox.linkedin_client import LinkedIn, encoded, film, refused

NOW = int(START.timestamp() * 1000)
DAY = 86_400_000


@pytest.fixture
def linked(stand: Stand) -> LinkedIn:
    return LinkedIn(stand)


@pytest.fixture
def post(stand: Stand, linked: LinkedIn) -> str:
    urn = linked.publish("Feria")
    stand.advance(seconds=5)
    return urn


def visitor(stand: Stand, remote_id: str, text: str = "¿A qué hora?", author: str = "Rosa Quispe") -> str:
    (urn,) = stand.sandbox.grow(platform="linkedin", remote_id=remote_id, text=text, author=author)
    return urn


def number(urn: str) -> str:
    return urn.rpartition(",")[2].rstrip(")")


def test_comments_of_a_fresh_post_are_not_found(stand: Stand, linked: LinkedIn) -> None:
    urn = linked.publish()
    comment = visitor(stand, urn)
    path = f"/socialActions/{encoded(urn)}/comments"
    assert refused(linked.get(path)) == (404, "NOT_FOUND")
    assert refused(linked.comment(urn))[0] == 404
    stand.advance(seconds=5)
    assert [item["commentUrn"] for item in linked.comments(urn)] == [comment]


def test_comment_looks_like_the_platform_s(stand: Stand, linked: LinkedIn, post: str) -> None:
    urn = visitor(stand, post, "¿A qué hora? (mañana)")
    (item,) = linked.comments(post)
    assert (item["id"], item["commentUrn"], item["message"]) == (
        number(urn),
        urn,
        {"attributes": [], "text": "¿A qué hora? (mañana)"},
    )
    assert item["object"].startswith("urn:li:activity:")
    assert item["object"].rpartition(":")[2] != post.rpartition(":")[2]
    assert item["actor"] == item["created"]["actor"]
    assert item["actor"].startswith("urn:li:person:")
    assert item["created"]["time"] == NOW + 5000
    assert item["commentsSummary"]["totalFirstLevelComments"] == 0
    assert "Rosa" not in str(item)
    assert linked.get(f"/socialActions/{encoded(post)}/comments/{item['id']}").json() == item


def test_answer_to_a_comment(stand: Stand, linked: LinkedIn, post: str) -> None:
    urn = visitor(stand, post)
    (item,) = linked.comments(post)
    body = {"actor": linked.page, "object": item["object"], "message": {"text": "A las 9 (puntual)"}}
    answer = linked.post(f"/socialActions/{encoded(post)}/comments", body | {"parentComment": urn})
    assert answer.status_code == 201
    made = answer.json()
    assert (answer.headers["x-restli-id"], made["message"]["text"]) == (made["id"], "A las 9 (puntual)")
    assert made["parentComment"] == urn
    assert [(write.kind, write.remote_id, write.text) for write in stand.writes[1:]] == [
        ("comment", made["commentUrn"], "A las 9 (puntual)")
    ]
    assert [item["id"] for item in linked.comments(post)] == [number(urn)]
    assert [reply["id"] for reply in linked.comments(urn)] == [made["id"]]
    assert linked.comments(post)[0]["commentsSummary"]["totalFirstLevelComments"] == 1


def test_answer_through_the_comment_s_own_address(stand: Stand, linked: LinkedIn, post: str) -> None:
    urn = visitor(stand, post)
    path = f"/socialActions/{encoded(urn)}/comments"
    body = {"actor": linked.page, "object": linked.comments(post)[0]["object"], "message": {"text": "Sí"}}
    assert refused(linked.post(path, body)) == (400, "MISSING_FIELD")
    assert linked.post(path, body | {"parentComment": urn}).status_code == 201


def test_reply_to_a_reply_moves_up(stand: Stand, linked: LinkedIn, post: str) -> None:
    top = visitor(stand, post)
    reply = visitor(stand, top, "Yo también", "Luis Rojas")
    made = linked.comment(post, "Gracias a ambos", parentComment=reply).json()
    assert made["parentComment"] == top
    assert {item["id"] for item in linked.comments(top)} == {number(reply), made["id"]}
    assert linked.comments(reply) == []


def test_paging_finds_every_comment(stand: Stand, linked: LinkedIn, post: str) -> None:
    made = {visitor(stand, post, f"texto {n}") for n in range(7)}
    path = f"/socialActions/{encoded(post)}/comments"
    pages = [linked.get(f"{path}?start={start}&count=3").json() for start in (0, 3, 6)]
    assert [len(page["elements"]) for page in pages] == [3, 3, 1]
    assert {item["commentUrn"] for page in pages for item in page["elements"]} == made
    assert pages[0]["paging"]["total"] == 7
    times = [item["message"]["text"] for page in pages for item in page["elements"]]
    assert times != sorted(times)
    assert "links" in pages[2]["paging"]
    assert not [link for link in pages[2]["paging"]["links"] if link["rel"] == "next"]
    assert refused(linked.get(f"{path}?count=101"))[0] == 400


def test_batch_of_comments(stand: Stand, linked: LinkedIn, post: str) -> None:
    first = number(visitor(stand, post))
    body = linked.get(f"/socialActions/{encoded(post)}/comments?ids=List({first},5)").json()
    assert (list(body["results"]), list(body["errors"])) == ([first], ["5"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"message": {"text": "a" * 1251}}, (400, "FIELD_LENGTH_TOO_LONG")),
        ({"message": {"text": "  "}}, (400, "INVALID_VALUE_BLANK_FIELD")),
        ({"message": "Hola"}, (422, None)),
        ({"content": [{"entity": {"image": "urn:li:image:1"}}]}, (403, "ACCESS_DENIED")),
        ({"actor": "urn:li:person:abc"}, (403, "ACCESS_DENIED")),
        ({"object": "urn:li:activity:5"}, (400, "INVALID_URN_ID")),
        ({"parentComment": "urn:li:comment:(urn:li:activity:1,2)"}, (400, "INVALID_URN_ID")),
        ({"parentComment": "72"}, (400, "INVALID_URN_TYPE")),
        ({"note": "Hola"}, (422, None)),
    ],
)
def test_bad_comments_are_refused(
    stand: Stand, linked: LinkedIn, post: str, change: dict[str, Any], expected: object
) -> None:
    assert refused(linked.comment(post, **change)) == expected
    assert len(stand.writes) == 1


def test_comments_are_throttled_by_the_minute(stand: Stand, linked: LinkedIn, post: str) -> None:
    answers = [linked.comment(post, f"texto {n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert answers[-1].json()["message"].startswith("Comment create throttled")
    stand.advance(seconds=60)
    assert linked.comment(post, "ahora sí").status_code == 201


def test_own_words_can_be_changed_and_deleted(stand: Stand, linked: LinkedIn, post: str) -> None:
    made = linked.comment(post, "A las nueve").json()
    path = f"/socialActions/{encoded(post)}/comments/{made['id']}"
    assert linked.patch(path, {"message": {"$set": {"text": "A las diez"}}}).status_code == 204
    assert (stand.writes[-1].kind, stand.writes[-1].text) == ("edit", "A las diez")
    assert linked.delete(f"{path}?actor={encoded(linked.page)}").status_code == 204
    assert stand.writes[-1].visible is False
    assert refused(linked.delete(f"{path}?actor={encoded(linked.page)}"))[0] == 404
    assert refused(linked.get(path))[0] == 404


def test_visitors_words_can_only_be_deleted(stand: Stand, linked: LinkedIn, post: str) -> None:
    urn = visitor(stand, post)
    linked.comment(post, "Gracias", parentComment=urn)
    path = f"/socialActions/{encoded(post)}/comments/{number(urn)}"
    assert refused(linked.patch(path, {"message": {"$set": {"text": "x"}}}))[0] == 403
    stranger = LinkedIn(stand, token=linked.world.other_token)
    assert refused(stranger.delete(f"{path}?actor={encoded(stranger.page)}"))[0] == 403
    assert linked.delete(f"{path}?actor={encoded(linked.page)}").status_code == 204
    assert linked.comments(post) == []
    assert {write.visible for write in stand.writes[2:]} == {False}


def test_closing_comments_deletes_them(stand: Stand, linked: LinkedIn, post: str) -> None:
    visitor(stand, post)
    path = f"/socialMetadata/{encoded(post)}"
    assert linked.get(path).json()["commentSummary"] == {"count": 1, "topLevelCount": 1}
    closing = {"$set": {"commentsState": "CLOSED"}}
    assert linked.patch(f"{path}?actor={encoded(linked.page)}", closing).status_code == 204
    seen = linked.get(path).json()
    assert (seen["commentsState"], seen["commentSummary"]["count"]) == ("CLOSED", 0)
    assert linked.comment(post).status_code == 403
    assert stand.sandbox.grow(platform="linkedin", remote_id=post) == ()


def test_hidden_reply_appears_later(stand: Stand, linked: LinkedIn, post: str) -> None:
    stand.plant({"kind": "hidden_in_lists", "reads": 1}, match={"operation": "reply"})
    made = linked.comment(post).json()["id"]
    assert [[item["id"] for item in linked.comments(post)] for _ in range(2)] == [[], [made]]


def test_comment_token_needs_a_role(stand: Stand, linked: LinkedIn, post: str) -> None:
    path = f"/socialActions/{encoded(post)}/comments"
    for name, reads, writes in (("reader_token", 200, 403), ("content_token", 200, 201), ("former_token", 403, 403)):
        own = LinkedIn(stand, token=getattr(linked.world, name))
        assert (own.get(path).status_code, own.comment(post, name).status_code) == (reads, writes)


def test_reactions_and_sums(stand: Stand, linked: LinkedIn, post: str) -> None:
    urn = visitor(stand, post)
    path = f"/reactions?actor={encoded(linked.page)}"
    assert linked.post(path, {"root": urn, "reactionType": "LIKE"}).status_code == 201
    assert linked.comments(post)[0]["likesSummary"]["totalLikes"] == 1
    assert refused(linked.post(path, {"root": urn, "reactionType": "HATE"}))[0] == 422
    linked.comment(post, "Gracias", parentComment=urn)
    seen = linked.get(f"/socialActions/{encoded(post)}").json()
    assert seen["commentsSummary"]["totalFirstLevelComments"] == 1
    assert linked.get(f"/socialMetadata/{encoded(post)}").json()["commentSummary"] == {"count": 2, "topLevelCount": 1}


def test_deleted_post_takes_its_comments_along(stand: Stand, linked: LinkedIn, post: str) -> None:
    urn = visitor(stand, post)
    linked.delete(f"/posts/{encoded(post)}")
    for gone in (post, urn):
        assert refused(linked.get(f"/socialActions/{encoded(gone)}/comments"))[0] == 404


def shares(linked: LinkedIn, more: str = "") -> Any:
    page = encoded(linked.page)
    return linked.get(f"/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={page}{more}")


def test_posts_nobody_saw_are_left_out(stand: Stand, linked: LinkedIn, post: str) -> None:
    silent = linked.publish("Nadie")
    stand.sandbox.grow(platform="linkedin", remote_id=post)
    more = f"&shares=List({encoded(post)},{encoded(silent)})"
    (row,) = shares(linked, more).json()["elements"]
    assert (row["share"], row["organizationalEntity"]) == (post, linked.page)
    assert (row["totalShareStatistics"]["commentCount"], row["totalShareStatistics"]["engagement"]) == (1, 0.0)
    stand.advance(days=2)
    rows = shares(linked, more).json()["elements"]
    assert {row["share"] for row in rows} == {post, silent}
    counted = rows[0]["totalShareStatistics"]
    answered = counted["clickCount"] + counted["likeCount"] + counted["commentCount"] + counted["shareCount"]
    assert counted["engagement"] == pytest.approx(answered / counted["impressionCount"])
    assert counted["uniqueImpressionsCount"] < counted["impressionCount"]


def test_ugc_posts_are_asked_for_by_their_own_list(stand: Stand, linked: LinkedIn) -> None:
    urn = linked.film(film())
    stand.advance(minutes=1)
    post = linked.publish(content={"media": {"id": urn}})
    stand.advance(days=1)
    (row,) = shares(linked, f"&ugcPosts=List({encoded(post)})").json()["elements"]
    assert row["ugcPost"] == post
    assert refused(shares(linked, f"&shares=List({encoded(post)})"))[0] == 400
    path = f"/videoAnalytics?q=entity&entity={encoded(post)}&type=VIDEO_VIEW&aggregation="
    (total,) = linked.get(path + "ALL").json()["elements"]
    days = linked.get(path + "DAY").json()["elements"]
    assert total["value"] == sum(day["value"] for day in days) > 0


def test_page_totals_and_series(stand: Stand, linked: LinkedIn) -> None:
    linked.publish()
    (total,) = shares(linked).json()["elements"]
    assert total["totalShareStatistics"]["impressionCount"] > 0
    start = NOW - 3 * DAY
    span = f"&timeIntervals=(timeRange:(start:{start},end:{NOW}),timeGranularityType:DAY)"
    rows = shares(linked, span).json()["elements"]
    assert [row["timeRange"]["start"] for row in rows] == [start, start + DAY, start + 2 * DAY]
    too_old = f"&timeIntervals=(timeRange:(start:{NOW - 400 * DAY},end:{NOW}),timeGranularityType:DAY)"
    assert refused(shares(linked, too_old))[0] == 400
    assert refused(shares(linked, span.replace("DAY", "HOUR")))[0] == 400
    assert refused(shares(linked, "&timeIntervals=DAY"))[0] == 400
    assert refused(shares(linked, span + "&shares=List(urn%3Ali%3Ashare%3A1)"))[0] == 400


def test_followers_are_counted_elsewhere(stand: Stand, linked: LinkedIn) -> None:
    page = encoded(linked.page)
    path = f"/organizationalEntityFollowerStatistics?q=organizationalEntity&organizationalEntity={page}"
    (facets,) = linked.get(path).json()["elements"]
    assert "followerCountsByGeo" in facets
    assert not any("total" in name.lower() for name in facets)
    span = f"&timeIntervals=(timeRange:(start:{NOW - 7 * DAY},end:{NOW}),timeGranularityType:WEEK)"
    (week,) = linked.get(path + span).json()["elements"]
    size = f"/networkSizes/{page}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
    before = linked.get(size).json()["firstDegreeSize"]
    assert before > 0
    assert refused(linked.get(f"/networkSizes/{page}?edgeType=CompanyFollowedByMember"))[0] == 400
    stand.advance(days=7)
    assert linked.get(size).json()["firstDegreeSize"] - before == week["followerGains"]["organicFollowerGain"]


def test_page_views_are_two_days_late(stand: Stand, linked: LinkedIn) -> None:
    path = f"/organizationPageStatistics?q=organization&organization={encoded(linked.page)}"

    def views() -> int:
        (row,) = linked.get(path).json()["elements"]
        return int(row["totalPageStatistics"]["views"]["allPageViews"]["pageViews"])

    before = views()
    stand.advance(days=3)
    assert views() > before > 0
