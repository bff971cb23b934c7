from typing import Any

import pytest

from sandbox.x import public
from sandbox.x.state import Post
from tests.sandbox.clients import Stand
from tests.sandbox.x_client import X, imitation, problem, reason

NOT_ENGAGED = "Reply to this conversation is not allowed"
NOT_MENTIONED = "You can only reply to or quote posts where you are mentioned or are the author."


@pytest.fixture
def x(stand: Stand) -> X:
    return X(stand)


def says(stand: Stand, text: str, *, to: str = "", quotes: str = "", mention: bool = True, who: str = "Rosa") -> str:
    """Let a visitor write."""
    desk = imitation(stand).desk
    found: list[Post | None] = [desk.network.posts[one] if one else None for one in (to, quotes)]
    author = public.visitor(desk, who)
    return public.visitor_post(desk, author, text, reply_to=found[0], quotes=found[1], mention=mention).id


def comment(stand: Stand, post: str, text: str = "¿Dónde?", author: str = "Rosa Quispe") -> str:
    (made,) = stand.sandbox.grow(platform="x", remote_id=post, text=text, author=author)
    return made


def test_replies_are_mentions_and_part_of_the_conversation(stand: Stand, x: X) -> None:
    post = x.tweeted()
    reply = comment(stand, post)
    nested = comment(stand, reply, "Yo también pregunto", "Luis Flores")
    assert x.listed(f"/2/users/{x.world.user_id}/mentions") == [reply]
    assert x.found(f"conversation_id:{post} -from:INPEPeru") == [nested, reply]
    assert x.found(f"in_reply_to_tweet_id:{post}") == [reply]
    fields = "author_id,conversation_id,created_at,referenced_tweets,in_reply_to_user_id"
    seen = x.get(f"/2/tweets/{nested}", tweet__fields=fields, expansions="author_id,in_reply_to_user_id").json()
    data = seen["data"]
    assert data["text"] == "@RosaQuispe Yo también pregunto"
    assert data["referenced_tweets"] == [{"type": "replied_to", "id": reply}]
    assert data["conversation_id"] == post
    assert {user["id"]: user["name"] for user in seen["includes"]["users"]} == {
        data["author_id"]: "Luis Flores",
        data["in_reply_to_user_id"]: "Rosa Quispe",
    }
    mention = x.seen(reply, tweet__fields="entities")
    assert mention["text"] == "@INPEPeru ¿Dónde?"
    assert mention["entities"]["mentions"] == [{"start": 0, "end": 9, "username": "INPEPeru", "id": x.world.user_id}]
    assert [write.kind for write in stand.writes] == ["post"]


def test_comments_come_in_pages_and_since_an_id(stand: Stand, x: X) -> None:
    post = x.tweeted()
    made = []
    for number in range(23):
        made.append(comment(stand, post, f"pregunta {number}", f"Visita {number}"))
        stand.advance(seconds=1)
    query = f"conversation_id:{post} -from:INPEPeru"
    found: list[str] = []
    token: dict[str, Any] = {}
    for _page in range(3):
        answer = x.get("/2/tweets/search/recent", query=query, **token).json()
        found += [item["id"] for item in answer["data"]]
        token = {"next_token": answer["meta"].get("next_token")}
    assert found == made[::-1]
    assert token == {"next_token": None}
    assert x.found(query, since_id=made[-3]) == made[:-3:-1]
    assert x.listed(f"/2/users/{x.world.user_id}/mentions", since_id=made[-3], max_results=5) == made[:-3:-1]


def test_reply_where_mentioned(stand: Stand, x: X) -> None:
    reply = comment(stand, x.tweeted())
    answer = x.reply(reply, "En la sede central")
    data = answer.json()["data"]
    assert (answer.status_code, data["text"]) == (201, "@RosaQuispe En la sede central")
    assert (stand.writes[1].kind, stand.writes[1].text) == ("comment", "En la sede central")
    assert x.seen(data["id"], tweet__fields="referenced_tweets")["referenced_tweets"][0]["id"] == reply
    assert x.reply(reply, "@rosaquispe otra vez").json()["data"]["text"] == "@rosaquispe otra vez"
    left_out = [x.seen(reply, tweet__fields="author_id")["author_id"]]
    assert x.reply(reply, "Sin nombre", exclude_reply_user_ids=left_out).json()["data"]["text"] == "Sin nombre"


def test_name_in_front_of_a_reply_weighs_nothing(stand: Stand, x: X) -> None:
    reply = comment(stand, x.tweeted())
    assert x.reply(reply, "á" * 280).status_code == 201
    assert x.reply(reply, "@RosaQuispe " + "á" * 270).status_code == 400


def test_same_answer_to_two_people_is_no_duplicate(stand: Stand, x: X) -> None:
    post = x.tweeted()
    first, second = comment(stand, post), comment(stand, post, author="Luis Flores")
    assert [x.reply(one).status_code for one in (first, second, first)] == [201, 201, 403]


def test_replies_only_where_summoned(stand: Stand, x: X) -> None:
    post = x.tweeted()
    silent = says(stand, "Sin nombrarlos", to=post, mention=False)
    nested = says(stand, "Le contesto a Rosa", to=comment(stand, post), who="Luis")
    for target in (silent, nested):
        answer = x.reply(target)
        assert problem(answer) == (403, "")
        assert reason(answer).startswith(NOT_ENGAGED)
    stranger = says(stand, "Buenos días a todos")
    answer = x.reply(stranger)
    assert (problem(answer), reason(answer)) == ((403, "not-authorized-for-resource"), NOT_MENTIONED)
    for welcome in (says(stand, "Hola @inpeperu"), says(stand, "Miren esto", quotes=post), post):
        assert x.reply(welcome, f"Gracias {welcome}").status_code == 201
    assert silent in x.found(f"conversation_id:{post}")
    assert silent not in x.listed(f"/2/users/{x.world.user_id}/mentions")


def test_reply_to_what_is_gone(stand: Stand, x: X) -> None:
    answer = x.reply("1455952740635586573")
    assert problem(answer) == (403, "")
    assert reason(answer) == "You attempted to reply to a Tweet that is deleted or not visible to you."
    reply = comment(stand, x.tweeted())
    del imitation(stand).desk.network.posts[reply]
    assert problem(x.reply(reply)) == (403, "")


def test_protected_authors_are_missing_with_an_error(stand: Stand, x: X) -> None:
    post = x.tweeted()
    reply = comment(stand, post)
    imitation(stand).desk.network.person("Rosa Quispe", stand.sandbox.clock()).protected = True
    assert x.found(f"conversation_id:{post}") == []
    (error,) = x.get(f"/2/tweets/{reply}").json()["errors"]
    assert error["type"].endswith("/not-authorized-for-resource")
    assert problem(x.reply(reply)) == (403, "")


def test_deleted_parent_is_an_error_beside_the_reply(stand: Stand, x: X) -> None:
    post = x.tweeted()
    reply = comment(stand, post)
    x.send("DELETE", f"/2/tweets/{post}")
    answer = x.get(f"/2/tweets/{reply}", expansions="referenced_tweets.id").json()
    assert answer["data"]["id"] == reply
    assert answer["errors"][0]["resource_id"] == post


def test_hiding_and_showing_again(stand: Stand, x: X) -> None:
    post = x.tweeted()
    reply = comment(stand, post, "Feo")
    hide: dict[str, Any] = {"method": "PUT", "path": f"/2/tweets/{reply}/hidden"}
    for hidden in (True, True, False):
        assert x.send(**hide, json={"hidden": hidden}).json() == {"data": {"hidden": hidden}}
    entries = [(w.kind, w.account, w.remote_id, w.text, w.visible) for w in stand.writes[1:]]
    assert entries == [
        ("comment", x.world.user_id, reply, "Feo", False),
        ("comment", x.world.user_id, reply, "Feo", True),
    ]
    assert problem(x.send(**hide, json={"hidden": "true"})) == (400, "invalid-request")
    assert problem(x.send(**hide, json={})) == (400, "invalid-request")


def test_only_replies_in_own_conversations_can_be_hidden(stand: Stand, x: X) -> None:
    post = x.tweeted()
    reply = comment(stand, post)
    other = X(stand, token=x.world.other_token)
    foreign = comment(stand, other.tweeted())
    for client, target in ((x, post), (x, foreign), (other, reply)):
        answer = client.send("PUT", f"/2/tweets/{target}/hidden", json={"hidden": True})
        assert problem(answer) == (403, "")
    assert problem(x.send("PUT", "/2/tweets/1/hidden", json={"hidden": True})) == (404, "resource-not-found")


def test_quotes(stand: Stand, x: X) -> None:
    post = x.tweeted()
    assert x.get(f"/2/tweets/{post}/quote_tweets").json() == {"meta": {"result_count": 0}}
    quotes = [says(stand, f"Miren {number}", quotes=post, who=f"Visita {number}") for number in range(12)]
    first = x.get(f"/2/tweets/{post}/quote_tweets").json()
    rest = x.listed(f"/2/tweets/{post}/quote_tweets", pagination_token=first["meta"]["next_token"])
    assert [item["id"] for item in first["data"]] + rest == quotes[::-1]
    assert set(first["meta"]) == {"result_count", "next_token"}
    assert x.seen(post, tweet__fields="public_metrics")["public_metrics"]["quote_count"] == 12
    assert x.seen(quotes[0], tweet__fields="referenced_tweets")["referenced_tweets"][0]["type"] == "quoted"


def test_visitors_of_a_rehearsal(stand: Stand, x: X) -> None:
    assert stand.sandbox.grow(platform="x") == ()
    post = x.tweeted()
    made = stand.sandbox.grow(comments=40, platform="x")
    assert len(set(made)) == 40
    found, mentions = [
        set(x.listed(path, max_results=100, **more))
        for path, more in (
            ("/2/tweets/search/recent", {"query": f"conversation_id:{post}"}),
            (f"/2/users/{x.world.user_id}/mentions", {}),
        )
    ]
    assert found == set(made)
    assert 20 < len(mentions) < 40
    assert stand.sandbox.grow(platform="x", remote_id="1") == ()
    assert imitation(stand).cards()[0].comments == 40


def test_account_metrics(stand: Stand, x: X) -> None:
    x.tweeted()
    fields = {"user__fields": "public_metrics,subscription_type,created_at"}
    first = x.get("/2/users/me", **fields).json()["data"]
    metrics = first["public_metrics"]
    assert metrics["tweet_count"] == 1
    assert {"followers_count", "following_count", "listed_count"} <= metrics.keys()
    assert first["subscription_type"] == "None"
    stand.advance(days=9)
    signer = X(stand, pair=(x.world.access_token, x.world.access_token_secret))
    later = signer.get(f"/2/users/{x.world.user_id}", **fields).json()["data"]["public_metrics"]
    assert later["followers_count"] > metrics["followers_count"]
    premium = signer.get(f"/2/users/by/username/{x.world.premium_username}", user__fields="verified_type,verified")
    assert premium.json()["data"]["verified_type"] == "blue"
    (error,) = signer.get("/2/users/by/username/nadie").json()["errors"]
    assert error["resource_type"] == "user"
