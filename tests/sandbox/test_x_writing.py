import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.clients import Stand, image
from tests.sandbox.x_client import X, problem, reason

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


@pytest.fixture
def x(stand: Stand) -> X:
    return X(stand)


@pytest.fixture
def premium(stand: Stand) -> X:
    return X(stand, token=stand.world.x.premium_token)


def test_post_is_public_at_once_and_comes_back_changed(stand: Stand, x: X) -> None:
    text = "Feria <hoy> & mañana: https://www.gob.pe/inpe/noticias #FeriaINPE @muni"
    answer = x.tweet(text)
    data = answer.json()["data"]
    assert (answer.status_code, set(data)) == (201, {"id", "text", "edit_history_tweet_ids"})
    assert data["edit_history_tweet_ids"] == [data["id"]]
    assert answer.headers["location"] == f"https://api.twitter.com/2/tweets/{data['id']}"
    assert answer.headers["api-version"]
    seen = x.seen(data["id"], tweet__fields="entities,created_at,author_id,conversation_id,lang")
    assert seen["text"] == data["text"]
    (url,) = seen["entities"]["urls"]
    assert data["text"] == f"Feria &lt;hoy&gt; &amp; mañana: {url['url']} #FeriaINPE @muni"
    assert url["url"].startswith("https://t.co/")
    assert (url["expanded_url"], url["display_url"]) == (
        "https://www.gob.pe/inpe/noticias",
        "gob.pe/inpe/noticias",
    )
    assert data["text"][url["start"] : url["end"]] == url["url"]
    assert [tag["tag"] for tag in seen["entities"]["hashtags"]] == ["FeriaINPE"]
    assert (seen["author_id"], seen["conversation_id"]) == (x.world.user_id, data["id"])
    assert seen["created_at"] == "2026-11-24T15:00:00.000Z"
    (write,) = stand.writes
    assert (write.platform, write.account, write.remote_id, write.kind) == ("x", x.world.user_id, data["id"], "post")
    assert (write.text, write.media, write.visible) == (text, (), True)


def test_ids_are_snowflakes_that_grow(stand: Stand, x: X) -> None:
    ids = [int(x.tweeted(f"número {number}")) for number in range(5)]
    assert ids == sorted(set(ids))
    at = datetime.fromtimestamp(((ids[0] >> 22) + 1288834974657) / 1000, UTC)
    assert at == stand.sandbox.clock()
    assert ids[0] > 2**53


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "text"),
        ({"text": "  "}, "text"),
        ({"text": 5}, "integer found"),
        ({"text": "a", "texto": "b"}, "additional properties"),
        ({"text": "a", "media": {}}, "media_ids"),
        ({"text": "a", "media": {"media_ids": []}}, "at least 1"),
        ({"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}}, "at most 4"),
        ({"text": "a", "media": {"media_ids": [15]}}, "string expected"),
        ({"text": "a", "media": {"media_ids": ["3_1455952740635586573"]}}, "regex"),
        ({"text": "a", "reply": {}}, "in_reply_to_tweet_id"),
        ({"text": "a", "reply": {"in_reply_to_tweet_id": "x"}}, "regex"),
        ({"text": "a", "reply_settings": "everyone"}, "enumeration"),
        ({"text": "a", "poll": {"options": ["a"], "duration_minutes": 60}}, "at least 2"),
        ({"text": "a", "poll": {"options": ["a", "b" * 26], "duration_minutes": 60}}, "at most 25"),
        ({"text": "a", "poll": {"options": ["a", "b"], "duration_minutes": 4}}, "between 5 and 10080"),
        ({"text": "a", "poll": {"options": ["a", "b"], "duration_minutes": 5}, "quote_tweet_id": "1"}, "together"),
        ({"text": "a", "made_with_ai": "yes"}, "boolean expected"),
        ({"text": "a\ufeff"}, "not allowed"),
        ([], "JSON object"),
    ],
)
def test_bodies_that_are_refused(stand: Stand, x: X, body: Any, words: str) -> None:
    answer = x.post("/2/tweets", body)
    assert problem(answer) == (400, "invalid-request")
    assert words in reason(answer)
    assert answer.json()["detail"] == "One or more parameters to your request was invalid."
    assert stand.writes == []


def test_forms_and_broken_json_are_refused(x: X) -> None:
    assert problem(x.send("POST", "/2/tweets", data={"text": "Hola"})) == (400, "invalid-request")
    broken = x.send("POST", "/2/tweets", data="{", headers={"Content-Type": "application/json"})
    assert problem(broken) == (400, "invalid-request")


def test_text_that_is_too_long(stand: Stand, x: X, premium: X) -> None:
    assert x.tweet("á" * 281).status_code == 400
    assert reason(x.tweet("€" * 141)).startswith("Your Tweet text is too long")
    assert stand.writes == []
    assert x.tweet("á" * 257 + "https://www.gob.pe/" + "a" * 200).status_code == 400
    assert x.tweet("á" * 256 + " https://www.gob.pe/" + "a" * 200).status_code == 201
    assert premium.tweet("á" * 25_000).status_code == 201
    assert premium.tweet("á" * 25_001).status_code == 400


def test_long_posts_are_cut_and_have_a_note(stand: Stand, premium: X) -> None:
    text = "Texto & más " * 40
    post = premium.tweeted(text)
    seen = premium.seen(post, tweet__fields="note_tweet")
    assert len(seen["text"]) <= 280
    assert seen["text"].endswith("…")
    assert seen["note_tweet"]["text"] == text.replace("&", "&amp;")
    assert "note_tweet" not in premium.seen(post)
    assert stand.writes[0].text == text
    assert "note_tweet" not in premium.seen(premium.tweeted("corto"), tweet__fields="note_tweet")


def test_duplicates_are_refused_while_the_first_is_there(stand: Stand, x: X) -> None:
    post = x.tweeted("Horario de visitas")
    for again in ("Horario de visitas", "Horario  de visitas ", "Horario de visitas"):
        answer = x.tweet(again)
        assert (answer.status_code, reason(answer)) == (403, DUPLICATE)
    assert X(stand, token=x.world.other_token).tweet("Horario de visitas").status_code == 201
    assert x.tweet("Horario de visita").status_code == 201
    x.send("DELETE", f"/2/tweets/{post}")
    assert x.tweet("Horario de visitas").status_code == 201
    stand.advance(hours=13)
    assert X(stand, pair=(x.world.access_token, x.world.access_token_secret)).tweet("Horario de visitas").ok


def test_pictures_without_words_are_no_duplicates(x: X) -> None:
    assert x.tweet(None, media={"media_ids": [x.pictured("red")]}).status_code == 201
    assert x.tweet("", media={"media_ids": [x.pictured("blue")]}).status_code == 201


def test_one_cashtag_at_most(x: X) -> None:
    assert x.tweet("Sube $ABC por $5.00").status_code == 201
    assert problem(x.tweet("Suben $ABC y $DEF")) == (403, "")


def test_quotes_are_for_enterprises(stand: Stand, x: X) -> None:
    answer = x.tweet("Miren", quote_tweet_id=x.tweeted())
    assert problem(answer) == (403, "")
    assert reason(answer).startswith("Quoting this post is not allowed")
    assert len(stand.writes) == 1


def test_four_pictures_in_order_with_their_texts(stand: Stand, x: X) -> None:
    colors = ("red", "green", "blue", "black")
    ids = [x.pictured(color) for color in colors]
    for media_id, color in zip(ids, colors, strict=True):
        x.post("/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": f"Cuadro {color}"}}})
    data = x.tweet("Galería", media={"media_ids": ids}).json()["data"]
    text, _, code = data["text"].rpartition(" ")
    assert (text, code[:13]) == ("Galería", "https://t.co/")
    asked = {"tweet__fields": "entities,attachments", "media__fields": "alt_text,type,url,width,height"}
    answer = x.get(f"/2/tweets/{data['id']}", expansions="attachments.media_keys", **asked).json()
    keys = [f"3_{media_id}" for media_id in ids]
    assert answer["data"]["attachments"] == {"media_keys": keys}
    urls = answer["data"]["entities"]["urls"]
    assert [url["media_key"] for url in urls] == keys
    assert {(url["url"], url["expanded_url"]) for url in urls} == {
        (code, f"https://x.com/INPEPeru/status/{data['id']}/photo/1")
    }
    media = answer["includes"]["media"]
    assert [(one["type"], one["alt_text"], one["width"]) for one in media] == [
        ("photo", f"Cuadro {color}", 64) for color in colors
    ]
    assert stand.writes[0].media == tuple(hashlib.sha256(image(color)).hexdigest() for color in colors)
    assert stand.writes[0].text == "Galería"
    assert stand.own("GET", "/" + media[2]["url"].removeprefix("https://")).content == image("blue")


def test_thread_is_own_replies(stand: Stand, x: X) -> None:
    first = x.tweeted("1/2 Empieza")
    second = x.reply(first, "2/2 Termina").json()["data"]
    assert second["text"] == "2/2 Termina"
    seen = x.seen(second["id"], tweet__fields="conversation_id,referenced_tweets,in_reply_to_user_id")
    assert seen["conversation_id"] == first
    assert seen["referenced_tweets"] == [{"type": "replied_to", "id": first}]
    assert seen["in_reply_to_user_id"] == x.world.user_id
    assert [write.kind for write in stand.writes] == ["post", "post"]


def test_poll(x: X) -> None:
    post = x.tweeted("¿Cuándo?", poll={"options": ["Lunes", "Martes"], "duration_minutes": 60})
    answer = x.get(f"/2/tweets/{post}", expansions="attachments.poll_ids").json()
    (poll,) = answer["includes"]["polls"]
    assert answer["data"]["attachments"] == {"poll_ids": [poll["id"]]}
    assert [option["label"] for option in poll["options"]] == ["Lunes", "Martes"]


def test_deleting(stand: Stand, x: X) -> None:
    post = x.tweeted()
    other = X(stand, token=x.world.other_token)
    assert problem(other.send("DELETE", f"/2/tweets/{post}")) == (403, "")
    assert x.send("DELETE", f"/2/tweets/{post}").json() == {"data": {"deleted": True}}
    assert problem(x.send("DELETE", f"/2/tweets/{post}")) == (404, "resource-not-found")
    assert problem(x.send("DELETE", "/2/tweets/3_55")) == (400, "invalid-request")
    assert [(write.remote_id, write.visible) for write in stand.writes] == [(post, True), (post, False)]
    assert x.listed(f"/2/users/{x.world.user_id}/tweets") == []
    (error,) = x.get(f"/2/tweets/{post}").json()["errors"]
    assert (error["title"], error["resource_id"]) == ("Not Found Error", post)


def test_editing_is_for_premium_and_makes_a_new_id(stand: Stand, x: X, premium: X) -> None:
    assert problem(x.tweet("dos", edit_options={"previous_post_id": x.tweeted("uno")})) == (403, "")
    first = premium.tweeted("con herror")
    answer = premium.tweet("sin error", edit_options={"previous_post_id": first}).json()["data"]
    assert answer["edit_history_tweet_ids"] == [first, answer["id"]] != [first, first]
    assert premium.listed(f"/2/users/{x.world.premium_user_id}/tweets") == [answer["id"]]
    assert [(w.remote_id, w.visible) for w in stand.writes[1:]] == [(first, True), (first, False), (answer["id"], True)]
    assert problem(premium.tweet("otra", edit_options={"previous_post_id": first})) == (403, "")
    stand.advance(minutes=31)
    assert problem(premium.tweet("tarde", edit_options={"previous_post_id": answer["id"]})) == (403, "")
