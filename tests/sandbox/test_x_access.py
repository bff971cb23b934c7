from typing import Any

import pytest
import requests

from tests.sandbox.clients import Stand, image
from tests.sandbox.x_client import MEDIA, X, problem

UNAUTHORIZED = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}


@pytest.fixture
def x(stand: Stand) -> X:
    return X(stand)


@pytest.fixture
def signer(stand: Stand) -> X:
    return X(stand, pair=(stand.world.x.access_token, stand.world.x.access_token_secret))


@pytest.mark.parametrize("host", ["api.x.com", "api.twitter.com"])
@pytest.mark.parametrize("context", ["bearer", "signed"])
def test_both_contexts_on_both_hosts(x: X, signer: X, host: str, context: str) -> None:
    client = x if context == "bearer" else signer
    answer = client.send("GET", "/2/users/me", host=host, params={"user.fields": "verified_type,public_metrics"})
    data = answer.json()["data"]
    assert (data["id"], data["username"], data["name"]) == (x.world.user_id, "INPEPeru", "INPE Perú")
    assert data["verified_type"] == "none"
    assert data["public_metrics"]["followers_count"] > 0
    assert answer.headers["x-access-level"] == "read-write"
    assert client.send("POST", "/2/tweets", host=host, json={"text": f"Hola, {context} {host}"}).status_code == 201


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nothing", "Basic eDp5", "OAuth", "OAuth x=y"])
def test_unknown_tokens_are_unauthorized(x: X, header: str | None) -> None:
    answer = x.send("GET", "/2/users/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert "x-rate-limit-limit" not in answer.headers


def test_other_token_is_of_the_other_account(stand: Stand) -> None:
    world = stand.world.x
    for other in (
        X(stand, token=world.other_token),
        X(stand, pair=(world.other_access_token, world.other_access_token_secret)),
    ):
        assert other.get("/2/users/me").json()["data"]["id"] == world.other_user_id


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"keys": ("consumer", "secret")}, 401),
        ({"oauth": {"timestamp": "1700000000"}}, 401),
        ({"oauth": {"timestamp": "soon"}}, 401),
        ({"oauth": {"signature_method": "PLAINTEXT"}}, 401),
        ({"oauth": {"signature_method": "HMAC-SHA256"}}, 401),
        ({"oauth": {"nonce": ""}}, 401),
    ],
)
def test_signature_time_and_nonce_are_checked(signer: X, change: dict[str, Any], status: int) -> None:
    assert signer.signed("GET", "/2/users/me", **change).status_code == status


def test_wrong_secrets_sign_nothing(stand: Stand) -> None:
    world = stand.world.x
    for pair in ((world.access_token, "wrong"), (world.access_token, world.other_access_token_secret), ("x", "y")):
        assert X(stand, pair=pair).get("/2/users/me").status_code == 401


def test_nonce_works_once(signer: X) -> None:
    once: dict[str, Any] = {"oauth": {"nonce": "the-same"}}
    assert [signer.signed("GET", "/2/users/me", **once).status_code for _ in range(2)] == [200, 401]


def test_signature_covers_the_query_and_forms_but_no_json(stand: Stand, signer: X) -> None:
    asked = {"query": 'conversation_id:1 -from:INPEPeru "un día"', "tweet.fields": "author_id"}
    assert signer.send("GET", "/2/tweets/search/recent", params=asked).status_code == 200
    real = stand.session.send

    def tampered(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace("INPEPeru", "NoticiasINPE")
        if request.body == b'{"text": "uno"}':
            request.body = b'{"text": "dos"}'
        return real(request, **kwargs)

    stand.session.send = tampered  # type: ignore[method-assign]  # somebody in the middle
    assert signer.send("GET", "/2/tweets/search/recent", params=asked).status_code == 401
    assert signer.send("POST", "/2/tweets", json={"text": "uno"}).json()["data"]["text"] == "dos"


def test_signature_is_over_the_host_that_is_called(stand: Stand, signer: X) -> None:
    real = stand.session.send

    def moved(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace("api.x.com", "api.twitter.com")
        return real(request, **kwargs)

    stand.session.send = moved  # type: ignore[method-assign]  # re-routed after signing
    assert signer.send("GET", "/2/users/me", host="api.x.com").status_code == 401


def test_clients_sign_with_the_machine_s_time_after_the_clock_ran_ahead(stand: Stand, signer: X) -> None:
    machine = str(int(stand.sandbox.clock().timestamp()))
    stand.advance(days=3)
    assert signer.signed("GET", "/2/users/me", oauth={"timestamp": machine}).status_code == 200
    assert signer.signed("GET", "/2/users/me").status_code == 200


def test_read_only_application_writes_nothing(stand: Stand) -> None:
    world = stand.world.x
    client = X(stand, pair=(world.readonly_access_token, world.readonly_access_token_secret))
    assert client.get("/2/users/me").headers["x-access-level"] == "read"
    assert problem(client.tweet()) == (403, "oauth1-permissions")
    assert problem(client.image()) == (403, "oauth1-permissions")
    assert stand.writes == []


def test_scopes_are_required(stand: Stand, x: X) -> None:
    world = stand.world.x
    post = x.tweeted()
    (reply,) = stand.sandbox.grow(platform="x", remote_id=post)
    reader = X(stand, token=world.reader_token)
    assert reader.seen(post)["text"] == "Hola"
    assert problem(reader.tweet("otra")) == problem(reader.send("DELETE", f"/2/tweets/{post}")) == (403, "")
    no_media = X(stand, token=world.no_media_token)
    assert problem(no_media.image()) == problem(no_media.initialize(5)) == (403, "")
    assert problem(no_media.status("1")) == (403, "")
    assert no_media.tweet("sin medios").status_code == 201
    hide: dict[str, Any] = {"method": "PUT", "path": f"/2/tweets/{reply}/hidden", "json": {"hidden": True}}
    assert problem(X(stand, token=world.no_moderation_token).send(**hide)) == (403, "")
    assert x.send(**hide).status_code == 200


def test_application_by_itself_reads_public_things_only(stand: Stand, x: X) -> None:
    post = x.tweeted()
    app = X(stand, token=stand.world.x.app_token)
    assert app.seen(post)["id"] == post
    assert app.listed(f"/2/users/{x.world.user_id}/tweets") == [post]
    assert app.get(f"/2/users/{x.world.user_id}/mentions").json()["meta"] == {"result_count": 0}
    assert app.found("Hola") == [post]
    assert app.get("/2/usage/tweets").json()["data"]["project_cap"] == "3000000"
    for refused in (app.get("/2/users/me"), app.tweet("otra"), app.image(), app.initialize(5)):
        assert problem(refused) == (403, "unsupported-authentication")
    assert problem(x.get("/2/usage/tweets")) == (403, "unsupported-authentication")


def test_old_upload_host_takes_no_bearer(x: X) -> None:
    answer = x.send("POST", "/1.1/media/upload.json", host="upload.twitter.com", files={"media": image()})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 215)


def test_multipart_uploads_are_signed_without_their_body(signer: X) -> None:
    assert (
        signer.send(
            "POST", MEDIA, data={"media_category": "tweet_image"}, files={"media": ("a.png", image())}
        ).status_code
        == 200
    )
