"""The client library that the office uses, against the sandbox: re-routed after signing, as it is in earnest."""

import importlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from sandbox import FaultPlan, Sandbox, serve
from tests.sandbox.clients import Stand, image

tweepy: Any = importlib.import_module("tweepy")
"""4.17.0 ships no types."""


class Rerouted(HTTPAdapter):
    """Sends what was made for a platform's host to the sandbox, after signing."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace("https://", f"{self._address}/", 1)
        return super().send(request, *args, **kwargs)


@pytest.fixture
def live() -> Iterator[Stand]:
    """A sandbox with the machine's clock: tweepy signs with the machine's time."""
    with serve(Sandbox(seed=7)) as server:
        stand = Stand(server)
        with stand.session:
            yield stand


@pytest.fixture
def tweeter(live: Stand) -> Iterator[Any]:
    world = live.world.x
    client = tweepy.Client(
        consumer_key=world.consumer_key,
        consumer_secret=world.consumer_secret,
        access_token=world.access_token,
        access_token_secret=world.access_token_secret,
        bearer_token=world.token,
    )
    client.session.mount("https://", Rerouted(live.server.address))
    with client.session:
        yield client


def test_tweepy_reads_and_writes(live: Stand, tweeter: Any) -> None:
    assert tweeter.get_me().data.username == "INPEPeru"
    post = tweeter.create_tweet(text="Feria <hoy> & mañana: https://www.gob.pe/inpe").data["id"]
    tweeter.create_tweet(text="segunda parte", in_reply_to_tweet_id=post)
    (reply,) = live.sandbox.grow(platform="x", remote_id=post, author="Rosa Quispe", text="¿Dónde?")
    seen = tweeter.get_tweet(post, tweet_fields=["created_at", "entities", "public_metrics", "conversation_id"]).data
    assert seen.text.startswith("Feria &lt;hoy&gt; &amp; mañana: https://t.co/")
    assert seen.entities["urls"][0]["expanded_url"] == "https://www.gob.pe/inpe"
    assert seen.public_metrics["reply_count"] == 2
    (mention,) = tweeter.get_users_mentions(live.world.x.user_id, tweet_fields=["referenced_tweets"]).data
    assert (str(mention.id), mention.referenced_tweets[0].type) == (reply, "replied_to")
    found = tweeter.search_recent_tweets(f"conversation_id:{post} -from:INPEPeru", user_auth=True).data
    assert [str(one.id) for one in found] == [reply]
    assert tweeter.hide_reply(reply).data == {"hidden": True}
    assert tweeter.delete_tweet(post).data == {"deleted": True}
    assert [(w.kind, w.visible) for w in live.writes] == [
        ("post", True),
        ("post", True),
        ("comment", False),
        ("post", False),
    ]


def test_tweepy_meets_its_own_exceptions(live: Stand, tweeter: Any) -> None:
    tweeter.create_tweet(text="Hola")
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        tweeter.create_tweet(text="Hola")
    with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
        tweeter.create_tweet(text="Foto", media_ids=["1455952740635586573"])
    live.sandbox.plant(FaultPlan.parse({"rules": [{"fault": {"kind": "throttle", "minutes": 5}}]}))
    with pytest.raises(tweepy.TooManyRequests) as raised:
        tweeter.create_tweet(text="Otra")
    assert raised.value.reset_time is not None


def test_tweepy_s_own_uploads_are_of_no_use(live: Stand, tweeter: Any) -> None:
    world = live.world.x
    keys = (world.consumer_key, world.consumer_secret, world.access_token, world.access_token_secret)
    old = tweepy.API(tweepy.OAuth1UserHandler(*keys))
    old.session.mount("https://", Rerouted(live.server.address))
    media = old.simple_upload(filename="foto.png", file=io.BytesIO(image()))
    old.create_media_metadata(media.media_id, "Una foto")
    with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
        tweeter.create_tweet(text="Foto", media_ids=[media.media_id_string])
    assert live.writes == []
