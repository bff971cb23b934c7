import hashlib
import hmac
from typing import Any

import pytest

from tests.sandbox.clients import Graph, Stand, error


@pytest.mark.parametrize(
    ("carrier", "scheme"),
    [("query", ""), ("form", ""), ("json", ""), ("header", "Bearer"), ("header", "OAuth")],
)
def test_token_may_travel_everywhere(stand: Stand, graph: Graph, carrier: str, scheme: str) -> None:
    sent: dict[str, Any] = {"params": {"access_token": None}, "data": {"message": "Hola"}}
    if carrier == "query":
        sent["params"] = {}
    elif carrier == "form":
        sent["data"]["access_token"] = graph.token
    elif carrier == "json":
        sent["json"] = sent.pop("data") | {"access_token": graph.token}
    else:
        sent["headers"] = {"Authorization": f"{scheme} {graph.token}"}
    answer = graph.send("POST", f"/{graph.page}/feed", **sent)
    assert answer.status_code == 200, answer.text
    assert stand.writes[0].text == "Hola"


def test_identify_tells_whose_token_it_is(stand: Stand, graph: Graph) -> None:
    assert graph.get("/me").json() == {"name": "INPE Perú", "id": graph.page}
    other = Graph(stand, token=stand.world.facebook.other_page_token)
    assert other.get("/me", fields="id").json() == {"id": stand.world.facebook.other_page_id}


@pytest.mark.parametrize("path", ["/me", "/nothing/at/all", "/123/feed"])
@pytest.mark.parametrize(("token", "expected"), [("garbage", (400, 190, None)), (None, (400, 104, None))])
def test_token_is_checked_before_the_path(graph: Graph, path: str, token: str | None, expected: object) -> None:
    answer = graph.get(path, access_token=token)
    assert error(answer) == expected


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492])
def test_dead_tokens_tell_their_reason(stand: Stand, graph: Graph, subcode: int) -> None:
    stand.plant({"kind": "expired_token", "subcode": subcode})
    answer = graph.get("/me")
    assert error(answer) == (400, 190, subcode)
    assert answer.headers["WWW-Authenticate"].startswith("OAuth")
    assert graph.get("/me").status_code == 200


def test_user_token_finds_the_page_and_its_token(stand: Stand) -> None:
    user = Graph(stand, token=stand.world.facebook.user_token)
    page = user.get("/me/accounts", fields="id,name,access_token,tasks").json()["data"][0]
    assert (page["id"], page["access_token"]) == (user.page, stand.world.facebook.page_token)
    assert "CREATE_CONTENT" in page["tasks"]
    assert user.get(f"/{user.page}", fields="access_token").json()["access_token"] == page["access_token"]


def test_user_token_cannot_publish_nor_comment(stand: Stand, graph: Graph) -> None:
    post = graph.feed()
    user = Graph(stand, token=stand.world.facebook.user_token)
    assert error(user.post(f"/{graph.page}/feed", message="Hola")) == (400, 190, 2069032)
    assert error(user.post(f"/{graph.page}/photos")) == (400, 190, 2069032)
    assert error(user.post(f"/{post}", is_published="true")) == (400, 190, 2069032)
    assert error(user.get(f"/{graph.page}/insights", metric="page_media_view")) == (400, 190, 2069032)
    assert error(user.post(f"/{post}/comments", message="Hola")) == (400, 1705, None)


def test_another_page_sees_and_writes_nothing(stand: Stand, graph: Graph) -> None:
    post = graph.feed()
    other = Graph(stand, token=stand.world.facebook.other_page_token)
    assert error(other.post(f"/{graph.page}/feed", message="Hola")) == (403, 200, None)
    assert error(other.get(f"/{post}")) == (400, 100, 33)
    assert error(other.send("DELETE", f"/{post}")) == (400, 100, 33)
    assert len(stand.writes) == 1


def test_debug_token_answers_200_for_dead_ones(stand: Stand, graph: Graph) -> None:
    world = stand.world.facebook
    app = Graph(stand, token=f"{world.app_id}|{world.app_secret}")
    page = app.get("/debug_token", input_token=world.page_token).json()["data"]
    assert (page["is_valid"], page["type"], page["profile_id"], page["expires_at"]) == (True, "PAGE", graph.page, 0)
    assert "pages_manage_posts" in page["scopes"]
    assert app.get("/debug_token", input_token="x").json()["data"]["is_valid"] is False
    stand.advance(hours=2)
    answer = app.get("/debug_token", input_token=world.short_user_token)
    assert (answer.status_code, answer.json()["data"]["is_valid"]) == (200, False)


def test_short_token_is_exchanged_while_it_lives(stand: Stand, graph: Graph) -> None:
    world = stand.world.facebook
    asked = {
        "grant_type": "fb_exchange_token",
        "client_id": world.app_id,
        "client_secret": world.app_secret,
        "fb_exchange_token": world.short_user_token,
    }
    made = graph.get("/oauth/access_token", access_token=None, **asked).json()
    assert (made["token_type"], made["expires_in"]) == ("bearer", 5183944)
    stand.advance(hours=2)
    assert Graph(stand, token=made["access_token"]).get("/me").status_code == 200
    assert error(Graph(stand, token=world.short_user_token).get("/me")) == (400, 190, 463)
    assert error(graph.get("/oauth/access_token", access_token=None, **asked)) == (400, 190, 463)


def test_proof_is_checked_where_it_is_sent(stand: Stand, graph: Graph) -> None:
    key = stand.world.facebook.app_secret.encode()
    right = hmac.new(key, graph.token.encode(), hashlib.sha256).hexdigest()
    assert graph.get("/me", appsecret_proof=right).status_code == 200
    answer = graph.get("/me", appsecret_proof="0" * 64)
    assert error(answer) == (400, 100, None)
    assert answer.json()["error"]["type"] == "GraphMethodException"


@pytest.mark.parametrize(
    ("asked", "served"),
    [("/v26.0", "v26.0"), ("/v23.0", "v23.0"), ("/v20.0", "v21.0"), ("/v3.1", "v21.0"), ("", "v26.0")],
)
def test_dead_versions_are_served_by_the_oldest_alive(graph: Graph, asked: str, served: str) -> None:
    answer = graph.send("GET", "/me", version=asked)
    assert (answer.status_code, answer.headers["facebook-api-version"]) == (200, served)


def test_version_dies_on_its_day(stand: Stand, graph: Graph) -> None:
    stand.advance(days=60)
    assert graph.send("GET", "/me", version="/v21.0").headers["facebook-api-version"] == "v22.0"


def test_unknown_version_and_paths_are_refused(graph: Graph) -> None:
    assert error(graph.send("GET", "/me", version="/v99.0")) == (400, 2500, None)
    assert error(graph.get("/a/b/c")) == (400, 2500, None)
    assert error(graph.get("/me", date_format="U")) == (400, 100, None)


def test_usage_headers_are_on_every_answer(graph: Graph) -> None:
    for answer in (graph.get("/me"), graph.get("/nothing")):
        assert "call_count" in answer.headers["X-App-Usage"]
        assert graph.page in answer.headers["X-Business-Use-Case-Usage"]
        assert answer.headers["x-fb-trace-id"]


def test_many_ids_fail_as_a_whole(graph: Graph) -> None:
    first, second = graph.feed("uno"), graph.feed("dos")
    found = graph.get("/", ids=f"{first},{second}", fields="message").json()
    assert found[second] == {"message": "dos", "id": second}
    assert error(graph.get("/", ids=f"{first},999")) == (400, 803, None)
