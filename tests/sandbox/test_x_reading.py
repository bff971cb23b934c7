import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.x import listings
from tests.sandbox.clients import Stand, image
from tests.sandbox.x_client import X, imitation, problem

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


@pytest.fixture
def x(stand: Stand) -> X:
    return X(stand)


def test_own_posts_are_listed_newest_first_and_since_an_id(stand: Stand, x: X) -> None:
    path = f"/2/users/{x.world.user_id}/tweets"
    empty = x.get(path).json()
    assert empty == {"meta": {"result_count": 0}}
    posts = []
    for number in range(12):
        posts.append(x.tweeted(f"número {number}"))
        stand.advance(seconds=2)
    thread = x.reply(posts[0], "sigue").json()["data"]["id"]
    newest = [thread, *reversed(posts)]
    assert x.listed(path) == newest[:10]
    assert x.listed(path, since_id=posts[8], max_results=5) == newest[:4]
    assert x.listed(path, until_id=posts[2], max_results=5) == [posts[1], posts[0]]
    assert x.listed(path, exclude="replies,retweets", max_results=5) == newest[1:6]
    assert x.listed(path, start_time="2026-11-24T15:00:20Z") == [thread, posts[11], posts[10]]
    assert x.listed(path, end_time="2026-11-24T15:00:02.000Z") == [posts[0]]
    meta = x.get(path, max_results=5).json()["meta"]
    assert (meta["result_count"], meta["newest_id"], meta["oldest_id"]) == (5, newest[0], newest[4])
    assert "previous_token" not in meta
    second = x.get(path, max_results=5, pagination_token=meta["next_token"]).json()
    assert [item["id"] for item in second["data"]] == newest[5:10]
    last = x.get(path, max_results=5, pagination_token=second["meta"]["next_token"]).json()
    assert [item["id"] for item in last["data"]] == newest[10:]
    assert "next_token" not in last["meta"]
    back = x.listed(path, max_results=5, pagination_token=last["meta"]["previous_token"])
    assert back == newest[5:10]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/2/users/{me}/tweets", {"max_results": 4}),
        ("/2/users/{me}/tweets", {"max_results": 101}),
        ("/2/users/{me}/tweets", {"max_results": "ten"}),
        ("/2/users/{me}/tweets", {"since_id": "1", "start_time": "2026-11-24T00:00:00Z"}),
        ("/2/users/{me}/tweets", {"until_id": "1", "end_time": "2026-11-24T00:00:00Z"}),
        ("/2/users/{me}/tweets", {"start_time": "2026-11-24"}),
        ("/2/users/{me}/tweets", {"start_time": "2026-13-24T00:00:00Z"}),
        ("/2/users/{me}/tweets", {"pagination_token": "nonsense"}),
        ("/2/users/{me}/tweets", {"pagination_token": "b26337019"}),
        ("/2/users/{me}/tweets", {"exclude": "quotes"}),
        ("/2/users/{me}/tweets", {"post_fields": "author_id"}),
        ("/2/users/{me}/tweets", {"tweet__fields": "author"}),
        ("/2/users/{me}/tweets", {"tweet__fields": "referenced_posts"}),
        ("/2/users/{me}/tweets", {"post__fields": "author_id"}),
        ("/2/users/{me}/tweets", {"tweet__fields": "lang", "post__fields": "lang"}),
        ("/2/users/{me}/tweets", {"expansions": "author"}),
        ("/2/users/{me}/mentions", {"exclude": "replies"}),
        ("/2/users/INPEPeru/tweets", {}),
        ("/2/tweets", {}),
        ("/2/tweets", {"ids": ",".join(str(number) for number in range(101))}),
        ("/2/tweets", {"ids": "1,x"}),
        ("/2/tweets/search/recent", {}),
        ("/2/tweets/search/recent", {"query": "a", "max_results": 9}),
        ("/2/tweets/search/recent", {"query": "a" * 513}),
        ("/2/tweets/search/recent", {"query": "is:reply"}),
        ("/2/tweets/search/recent", {"query": "-from:INPEPeru"}),
        ("/2/tweets/search/recent", {"query": "conversation_id:x"}),
        ("/2/tweets/search/recent", {"query": "conversation:1"}),
        ("/2/tweets/search/recent", {"query": "(a"}),
        ("/2/tweets/search/recent", {"query": "a OR"}),
        ("/2/tweets/search/recent", {"query": "a", "start_time": "2026-11-01T00:00:00Z"}),
        ("/2/tweets/search/recent", {"query": "a", "since_id": "1455952740635586573"}),
        ("/2/tweets/search/recent", {"query": "a", "sort_order": "newest"}),
        ("/2/tweets/analytics", {"ids": "1"}),
    ],
)
def test_queries_that_are_refused(x: X, path: str, params: dict[str, Any]) -> None:
    answer = x.get(path.format(me=x.world.user_id), **params)
    assert problem(answer) == (400, "invalid-request")


def test_refusal_names_the_parameter_in_backticks(x: X) -> None:
    answer = x.get(f"/2/users/{x.world.user_id}/tweets", max_results=200).json()
    assert answer["errors"] == [
        {
            "parameters": {"max_results": ["200"]},
            "message": "The `max_results` query parameter value [200] is not between 5 and 100",
        }
    ]


def test_lists_end_with_the_newest_so_many(stand: Stand, x: X, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (listings.TIMELINE_CAP, listings.MENTIONS_CAP) == (3200, 800)
    monkeypatch.setattr(listings, "TIMELINE_CAP", 2)
    monkeypatch.setattr(listings, "MENTIONS_CAP", 3)
    posts = [x.tweeted(f"número {number}") for number in range(4)]
    stand.sandbox.grow(platform="x", remote_id=posts[0], comments=5)
    assert x.listed(f"/2/users/{x.world.user_id}/tweets") == posts[:1:-1]
    assert len(x.listed(f"/2/users/{x.world.user_id}/mentions")) == 3


def test_lookups_tell_what_is_missing(stand: Stand, x: X) -> None:
    post = x.tweeted()
    answer = x.get("/2/tweets", ids=f"{post},1").json()
    assert [item["id"] for item in answer["data"]] == [post]
    (error,) = answer["errors"]
    assert error["detail"] == "Could not find tweet with ids: [1]."
    assert (error["value"], error["resource_type"], error["parameter"]) == ("1", "tweet", "ids")
    assert error["type"].endswith("/resource-not-found")
    assert "data" not in x.get("/2/tweets", ids="1").json()
    assert problem(x.get("/2/users/1/tweets")) == (404, "resource-not-found")


def test_fresh_posts_may_stay_out_of_lists(stand: Stand, x: X) -> None:
    path = f"/2/users/{x.world.user_id}/tweets"
    stand.plant({"kind": "hidden_in_lists", "reads": 2}, match={"operation": "publish", "platform": "x"})
    post = x.tweeted()
    assert [x.listed(path) for _ in range(3)] == [[], [], [post]]
    stand.plant({"kind": "hidden_in_lists", "seconds": 8}, match={"operation": "publish", "platform": "x"})
    late = x.tweeted("otra")
    assert x.seen(late)["text"] == "otra"
    assert x.get(path, since_id=post).json()["meta"] == {"result_count": 0}
    stand.advance(seconds=8)
    assert x.listed(path, since_id=post) == [late]


def test_empty_page_may_have_another_behind_it(stand: Stand, x: X) -> None:
    old = x.tweeted("vieja")
    rule = {"match": {"operation": "publish", "platform": "x"}, "times": 5}
    stand.plant({"kind": "hidden_in_lists", "seconds": 60}, **rule)
    for number in range(5):
        x.tweeted(f"número {number}")
    path = f"/2/users/{x.world.user_id}/tweets"
    first = x.get(path, max_results=5).json()
    assert "data" not in first
    assert first["meta"]["result_count"] == 0
    assert x.listed(path, max_results=5, pagination_token=first["meta"]["next_token"]) == [old]


def test_search_index_may_lag(stand: Stand, x: X) -> None:
    post = x.tweeted("Horario nuevo")
    stand.plant({"kind": "manner", "name": "search_lag"}, match={"operation": "search"}, times=None)
    assert x.found("horario") == []
    stand.advance(seconds=11)
    assert x.found("horario") == [post]
    stand.advance(days=6, hours=23)
    x.token = ""
    x.pair = (x.world.access_token, x.world.access_token_secret)
    assert x.found("horario") == [post]
    stand.advance(hours=2)
    assert x.found("horario") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("feria", "ac"),
        ("FERIA lima", "a"),
        ('"en lima"', "a"),
        ("feria OR visita", "abc"),
        ("(lima OR tacna) feria", "ac"),
        ("feria -lima", "c"),
        ("feria -(lima OR cusco)", "c"),
        ("from:INPEPeru", "abc"),
        ("from:inpeperu -has:links", "ac"),
        ("from:me", ""),
        ("visita has:links", "b"),
        ("from:INPEPeru is:reply", "c"),
        ("from:INPEPeru -is:retweet -is:reply", "ab"),
    ],
)
def test_search_understands_queries(x: X, query: str, found: str) -> None:
    names = {"a": x.tweeted("Feria en Lima"), "b": x.tweeted("Visita: https://www.gob.pe/inpe")}
    names["c"] = str(x.reply(names["a"], "La feria sigue en Tacna").json()["data"]["id"])
    assert x.found(query) == sorted((names[name] for name in found), key=int, reverse=True)


def test_both_spellings(stand: Stand, x: X) -> None:
    post = x.tweeted("uno")
    x.reply(post, "dos")
    path = f"/2/users/{x.world.user_id}/tweets"
    old = x.get(path, tweet__fields="public_metrics,referenced_tweets", expansions="referenced_tweets.id").json()
    assert old["data"][0]["referenced_tweets"][0]["id"] == old["includes"]["tweets"][0]["id"] == post
    assert "retweet_count" in old["data"][0]["public_metrics"]
    new = x.get(path, post__fields="public_metrics", expansions="referenced_posts").json()
    assert new["data"][0]["referenced_posts"][0]["id"] == new["includes"]["posts"][0]["id"] == post
    assert "repost_count" in new["data"][0]["public_metrics"]
    assert "edit_history_post_ids" in new["data"][0]
    stand.plant({"kind": "manner", "name": "post_spelling"}, times=None)
    forced = x.get(path, tweet__fields="public_metrics,author_id", max_results=5).json()["data"][0]
    assert "repost_count" in forced["public_metrics"]
    assert "author_id" not in forced
    asked = x.get(path, tweet__fields="author_id", expansions="author_id").json()
    assert asked["data"][0]["author_id"] == asked["includes"]["users"][0]["id"] == x.world.user_id
    assert "edit_history_post_ids" in x.tweet("tres").json()["data"]
    assert x.get("/2/tweets/1").json()["errors"][0]["type"].startswith("https://api.x.com/")


def test_mixed_spelling_mixes(stand: Stand, x: X) -> None:
    post = x.tweeted()
    stand.plant({"kind": "manner", "name": "mixed_spelling"}, times=None)
    seen = [x.seen(post, tweet__fields="public_metrics") for _ in range(20)]
    spelled = {("edit_history_post_ids" in one, "repost_count" in one["public_metrics"]) for one in seen}
    assert len(spelled) == 4


def test_history_may_come_back_empty(stand: Stand, x: X) -> None:
    stand.plant({"kind": "manner", "name": "empty_history"}, match={"operation": "publish"})
    data = x.tweet().json()["data"]
    assert data["edit_history_tweet_ids"] == [""]
    assert x.seen(data["id"])["edit_history_tweet_ids"] == [data["id"]]


def test_metrics_grow_and_private_ones_are_the_author_s_for_a_month(stand: Stand, x: X) -> None:
    post = x.tweeted("Lea https://www.gob.pe/inpe")
    fields = "public_metrics,non_public_metrics,organic_metrics"
    signer = X(stand, pair=(x.world.access_token, x.world.access_token_secret))
    seen = []
    for hours in (1, 1, 24):
        stand.advance(hours=hours)
        seen.append(signer.seen(post, tweet__fields=fields))
    views = [one["public_metrics"]["impression_count"] for one in seen]
    assert 0 < views[0] < views[1] < views[2]
    assert seen[2]["non_public_metrics"]["impression_count"] == views[2]
    assert seen[2]["organic_metrics"]["url_link_clicks"] > 0
    keys = {"retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count"}
    assert set(seen[0]["public_metrics"]) == keys
    assert "url_link_clicks" not in signer.seen(signer.tweeted("sin"), tweet__fields=fields)["non_public_metrics"]
    stand.advance(days=30)
    old = signer.get(f"/2/tweets/{post}", tweet__fields=fields).json()
    assert "non_public_metrics" not in old["data"]
    assert old["data"]["public_metrics"]["impression_count"] >= views[2]
    refused = {error["field"] for error in old["errors"]}
    assert {"non_public_metrics.impression_count", "organic_metrics.retweet_count"} <= refused
    assert {error["title"] for error in old["errors"]} == {"Field Authorization Error"}


def test_private_metrics_of_others_are_errors_in_a_200(stand: Stand, x: X) -> None:
    post = x.tweeted()
    other = X(stand, token=x.world.other_token)
    answer = other.get(f"/2/tweets/{post}", tweet__fields="public_metrics,non_public_metrics").json()
    assert "public_metrics" in answer["data"]
    assert "non_public_metrics" not in answer["data"]
    assert all(error["type"].endswith("/not-authorized-for-field") for error in answer["errors"])
    promoted = x.get(f"/2/tweets/{post}", tweet__fields="promoted_metrics").json()
    assert "promoted_metrics" not in promoted["data"]


def test_analytics_of_own_posts(stand: Stand, x: X) -> None:
    post = x.tweeted()
    foreign = X(stand, token=x.world.other_token).tweeted()
    stand.advance(hours=30)
    signer = X(stand, pair=(x.world.access_token, x.world.access_token_secret))
    span = {"start_time": "2026-11-24T00:00:00Z", "end_time": "2026-11-26T00:00:00Z"}
    asked = {"ids": f"{post},{foreign},1", "analytics__fields": "impressions,likes"} | span
    answer = signer.get("/2/tweets/analytics", **asked).json()
    (row,) = answer["data"]
    (total,) = row["timestamped_metrics"]
    assert (row["id"], total["timestamp"]) == (post, "2026-11-24T00:00:00.000Z")
    assert set(total["metrics"]) == {"impressions", "likes"}
    assert {error["resource_id"] for error in answer["errors"]} == {foreign, "1"}
    daily = signer.get("/2/tweets/analytics", **(asked | {"granularity": "daily"})).json()["data"][0]
    days = [one["metrics"]["impressions"] for one in daily["timestamped_metrics"]]
    assert len(days) == 2
    assert sum(days) == total["metrics"]["impressions"] > 0


def test_counts(stand: Stand, x: X) -> None:
    for number in range(3):
        x.tweeted(f"feria {number}")
        stand.advance(minutes=40)
    answer = X(stand, token=x.world.app_token).get("/2/tweets/counts/recent", query="feria").json()
    assert answer["meta"] == {"total_tweet_count": 3}
    assert [row["tweet_count"] for row in answer["data"]][-3:] == [0, 2, 1]
    hours = [datetime.fromisoformat(row["start"]) for row in answer["data"]]
    assert hours[-1] - hours[-2] == timedelta(hours=1)
    signer = X(stand, pair=(x.world.access_token, x.world.access_token_secret))
    assert problem(signer.get("/2/tweets/counts/recent", query="feria")) == (403, "unsupported-authentication")


def test_page_of_the_sandbox_shows_posts(stand: Stand, x: X) -> None:
    x.tweeted("<b>Hola</b>", media={"media_ids": [x.pictured()]})
    shown = stand.own("GET", "/").text
    assert "&lt;b&gt;Hola&lt;/b&gt;" in shown
    assert "x.com/INPEPeru/status/" in shown
    (card,) = imitation(stand).cards()
    assert card.media == ((hashlib.sha256(image()).hexdigest(), ""),)
