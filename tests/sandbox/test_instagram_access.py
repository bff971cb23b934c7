"""Whose token reaches what, on which host."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from tests.sandbox.clients import Graph, Stand, error
from tests.sandbox.instagram_client import Insta, jpeg, shelf


@pytest.fixture
def insta(stand: Stand) -> Iterator[Insta]:
    with shelf() as files:
        yield Insta(stand, files)


def test_page_leads_to_its_account(stand: Stand, graph: Graph, insta: Insta) -> None:
    asked = "instagram_business_account{id,username}"
    found = graph.get(f"/{graph.page}", fields=asked).json()["instagram_business_account"]
    assert found == {"id": insta.account, "username": insta.world.username}
    assert graph.get(f"/{graph.page}", fields="instagram_business_account").json() == {
        "instagram_business_account": {"id": insta.account},
        "id": graph.page,
    }
    user = Graph(stand, token=stand.world.facebook.user_token)
    (page,) = user.get("/me/accounts", fields=asked).json()["data"]
    assert page["instagram_business_account"] == found
    other = Graph(stand, token=insta.world.other_page_token)
    other_page = stand.world.facebook.other_page_id
    linked = other.get(f"/{other_page}", fields=asked).json()["instagram_business_account"]
    assert linked["id"] == insta.world.other_account_id
    assert error(graph.get(f"/{graph.page}", fields="instagram_business_account{nothing}")) == (400, 100, None)


def test_both_platforms_share_the_host(stand: Stand, graph: Graph, insta: Insta) -> None:
    assert insta.world.page_token == stand.world.facebook.page_token
    graph.feed("Hola")
    insta.posted(caption="Hola")
    assert [write.platform for write in stand.writes] == ["facebook", "instagram"]
    stand.plant({"kind": "status_before", "status": 500}, match={"platform": "instagram"}, times=None)
    assert graph.get("/me").status_code == 200
    assert insta.get(f"/{insta.account}").status_code == 500


def test_account_tells_who_it_is(insta: Insta) -> None:
    fields = "id,username,name,followers_count,follows_count,media_count"
    read = insta.get(f"/{insta.account}", fields=fields).json()
    assert (read["id"], read["username"], read["media_count"]) == (insta.account, insta.world.username, 0)
    assert read["followers_count"] > 100
    assert insta.get(f"/{insta.account}").json() == {"id": insta.account}
    assert error(insta.get(f"/{insta.account}", fields="user_id")) == (400, 100, None)


def test_login_variant_tells_two_ids(insta: Insta) -> None:
    login = insta.login()
    me = login.get("/me", fields="user_id,username,id,account_type").json()
    assert (me["user_id"], me["id"]) == (insta.account, insta.world.login_scoped_id)
    assert me["account_type"] == "BUSINESS"
    for path in ("/me", f"/{me['user_id']}", f"/{me['id']}"):
        assert login.get(path, fields="username").json()["username"] == insta.world.username


def test_login_variant_publishes_and_answers(stand: Stand, insta: Insta) -> None:
    login = insta.login()
    media = login.posted(caption="Hola")
    (comment,) = stand.sandbox.grow(platform="instagram", text="¿Cuándo?")
    reply = login.post(f"/{comment}/replies", message="Mañana").json()["id"]
    assert [write.remote_id for write in stand.writes] == [media, reply]
    assert login.listed() == insta.listed() == [media]
    assert error(login.create(media_type="REELS", upload_type="resumable")) == (400, 100, None)


def test_token_kinds_are_kept_apart(insta: Insta) -> None:
    on_facebook = insta.with_token(insta.world.login_token)
    on_instagram = insta.with_token(insta.world.page_token, "graph.instagram.com")
    for client, kind in ((on_facebook, "OAuthException"), (on_instagram, "IGApiException")):
        answer = client.get(f"/{insta.account}")
        assert error(answer) == (400, 190, None)
        assert "Cannot parse access token" in answer.json()["error"]["message"]
        assert answer.json()["error"]["type"] == kind


@pytest.mark.parametrize("login", [False, True])
@pytest.mark.parametrize("subcode", [458, 460, 463, 467])
def test_dead_tokens_tell_their_reason(stand: Stand, insta: Insta, login: bool, subcode: int) -> None:
    client = insta.login() if login else insta
    stand.plant({"kind": "expired_token", "subcode": subcode})
    answer = client.get(f"/{insta.account}")
    assert error(answer) == (400, 190, subcode)
    assert answer.json()["error"]["type"] == ("IGApiException" if login else "OAuthException")
    assert client.get(f"/{insta.account}").status_code == 200


def test_expired_tokens(insta: Insta) -> None:
    world = insta.world
    assert error(insta.with_token(world.expired_page_token).get(f"/{insta.account}")) == (400, 190, 463)
    login = insta.with_token(world.login_expired_token, "graph.instagram.com")
    assert error(login.get("/me")) == (400, 190, 463)


@pytest.mark.parametrize("login", [False, True])
def test_narrow_token_reads_and_does_nothing_else(insta: Insta, login: bool) -> None:
    world = insta.world
    full = insta.login() if login else insta
    media = full.posted()
    comment = full.post(f"/{media}/comments", message="Hola").json()["id"]
    narrow = full.with_token(world.login_narrow_token if login else world.narrow_page_token)
    assert narrow.listed() == [media]
    before = len(insta.shelf.asked)
    refused = [
        narrow.create(image_url=insta.shelf.put(jpeg())),
        narrow.publish("1"),
        narrow.get(f"/{insta.account}/content_publishing_limit"),
        narrow.get(f"/{media}/comments"),
        narrow.post(f"/{comment}/replies", message="Hola"),
        narrow.send("POST", f"/{comment}", params={"hide": "true"}),
        narrow.send("DELETE", f"/{comment}"),
        narrow.send("DELETE", f"/{media}"),
        narrow.get(f"/{media}/insights", metric="views"),
        narrow.get(f"/{insta.account}/insights", metric="reach", period="day"),
    ]
    assert {error(answer) for answer in refused} == {(403, 10, None)}
    assert "Not enough permissions to post" in refused[0].json()["error"]["message"]
    assert len(insta.shelf.asked) == before


def test_narrow_token_s_grants_are_told(stand: Stand, insta: Insta) -> None:
    world = stand.world.facebook
    app = Graph(stand, token=f"{world.app_id}|{world.app_secret}")
    full = app.get("/debug_token", input_token=world.page_token).json()["data"]["scopes"]
    narrow = app.get("/debug_token", input_token=insta.world.narrow_page_token).json()["data"]["scopes"]
    assert set(full) - set(narrow) == {
        *("instagram_content_publish", "instagram_manage_comments", "instagram_manage_insights"),
        "instagram_manage_contents",
    }
    dead = app.get("/debug_token", input_token=insta.world.expired_page_token).json()["data"]
    assert dead["is_valid"] is False


@pytest.mark.parametrize("login", [False, True])
def test_wrong_account_sees_and_writes_nothing(stand: Stand, insta: Insta, login: bool) -> None:
    full = insta.login() if login else insta
    media = full.posted()
    number = full.ready(full.picture())
    token = insta.world.login_other_token if login else insta.world.other_page_token
    other = full.with_token(token)
    refused = [
        other.get(f"/{media}"),
        other.get(f"/{insta.account}"),
        other.get(f"/{insta.account}/media"),
        other.get(f"/{number}"),
        other.publish(number),
        other.create(image_url=insta.shelf.put(jpeg())),
        other.post(f"/{media}/comments", message="Hola"),
        other.send("DELETE", f"/{media}"),
    ]
    assert {error(answer) for answer in refused} == {(400, 100, 33)}
    other.account = insta.world.other_account_id
    assert error(other.publish(number)) == (400, 24, 2207008)
    assert len(stand.writes) == 1


def test_user_token_works_too(insta: Insta) -> None:
    assert insta.with_token(insta.world.user_token).posted()


def test_proof_is_checked_where_it_is_sent(stand: Stand, insta: Insta) -> None:
    key = stand.world.facebook.app_secret.encode()
    right = hmac.new(key, insta.token.encode(), hashlib.sha256).hexdigest()
    assert insta.get(f"/{insta.account}", appsecret_proof=right).status_code == 200
    assert error(insta.get(f"/{insta.account}", appsecret_proof="0" * 64)) == (400, 100, None)


def test_code_becomes_a_token_of_an_hour_and_then_of_sixty_days(stand: Stand, insta: Insta) -> None:
    world = insta.world
    form = {
        "client_id": world.login_app_id,
        "client_secret": world.login_app_secret,
        "grant_type": "authorization_code",
        "redirect_uri": world.login_redirect_uri,
        "code": world.login_code,
    }
    path = "/api.instagram.com/oauth/access_token"
    assert error(stand.own("POST", path, data=form | {"redirect_uri": "https://else.example"}))[:2] == (400, 100)
    assert stand.own("POST", path, data=form | {"client_secret": "x"}).status_code == 400
    short = stand.own("POST", path, data=form).json()
    assert "instagram_business_content_publish" in short["permissions"]
    assert stand.own("POST", path, data=form).status_code == 400
    login = insta.with_token(short["access_token"], "graph.instagram.com")
    asked = {"grant_type": "ig_exchange_token", "client_secret": world.login_app_secret}
    made = login.send("GET", "/access_token", version="", params=asked).json()
    assert (made["token_type"], made["expires_in"]) == ("bearer", 5184000)
    stand.advance(hours=1)
    assert error(login.get("/me")) == (400, 190, 463)
    assert error(login.send("GET", "/access_token", version="", params=asked)) == (400, 190, 463)
    assert insta.with_token(made["access_token"], "graph.instagram.com").get("/me").status_code == 200


def test_long_token_is_refreshed_when_it_is_a_day_old(stand: Stand, insta: Insta) -> None:
    def refresh(client: Insta) -> object:
        return client.send("GET", "/refresh_access_token", version="", params={"grant_type": "ig_refresh_token"})

    young = insta.with_token(insta.world.login_young_token, "graph.instagram.com")
    assert error(refresh(young)) == (400, 100, None)  # type: ignore[arg-type]  # a response
    stand.advance(hours=24)
    made = refresh(young).json()  # type: ignore[attr-defined]  # a response
    assert made["expires_in"] == 5184000
    assert "instagram_business_basic" in made["permissions"]
    stand.advance(days=59, hours=1)
    assert error(refresh(young)) == (400, 190, 463)  # type: ignore[arg-type]  # a response
    assert insta.with_token(made["access_token"], "graph.instagram.com").get("/me").status_code == 200


@pytest.mark.parametrize("login", [False, True])
@pytest.mark.parametrize("code", [None, 4, 17, 32, 613])
def test_throttles_in_its_own_way(stand: Stand, insta: Insta, login: bool, code: int | None) -> None:
    client = insta.login() if login else insta
    stand.plant({"kind": "throttle", "minutes": 7} | ({"code": code} if code else {}))
    answer = client.create(image_url=insta.shelf.put(jpeg()))
    assert error(answer)[:2] == (400, code or 80002)
    (entry,) = json.loads(answer.headers["X-Business-Use-Case-Usage"])[insta.account]
    assert (entry["type"], entry["call_count"], entry["estimated_time_to_regain_access"]) == ("instagram", 100, 7)


def test_usage_headers_are_on_every_answer(insta: Insta) -> None:
    for answer in (insta.get(f"/{insta.account}"), insta.get("/17999999999999999")):
        assert "call_count" in answer.headers["X-App-Usage"]
        (entry,) = json.loads(answer.headers["X-Business-Use-Case-Usage"])[insta.account]
        assert entry["type"] == "instagram"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"status": 500}, (500, 1, None)),
        ({"status": 400, "subcode": 2207042}, (400, 9, 2207042)),
        ({"status": 400, "subcode": 2207050}, (400, 25, 2207050)),
        ({"status": 400, "code": 9004, "subcode": 2207052}, (400, 9004, 2207052)),
        ({"status": 400, "code": 190}, (400, 190, None)),
        ({"status": 400, "code": 368}, (400, 368, None)),
        ({"status": 400, "code": -1, "subcode": 2207001}, (400, -1, 2207001)),
    ],
)
def test_any_error(stand: Stand, insta: Insta, keys: dict[str, int], expected: object) -> None:
    # A plan's numbers are not negative; the table's own code comes with the subcode.
    stand.plant({"kind": "status_before"} | {key: value for key, value in keys.items() if value >= 0})
    assert error(insta.get(f"/{insta.account}")) == expected


@pytest.mark.parametrize(("asked", "served"), [("/v26.0", "v26.0"), ("/v20.0", "v21.0"), ("", "v26.0")])
def test_versions_are_the_graph_s(insta: Insta, asked: str, served: str) -> None:
    for client in (insta, insta.login()):
        answer = client.send("GET", f"/{insta.account}", version=asked)
        assert (answer.status_code, answer.headers["facebook-api-version"]) == (200, served)
    assert error(insta.send("GET", f"/{insta.account}", version="/v99.0")) == (400, 2500, None)


def test_what_is_not_there(insta: Insta) -> None:
    assert error(insta.get("/17999999999999999")) == (400, 100, 33)
    assert error(insta.get(f"/{insta.account}/nothing")) == (400, 100, None)
    assert error(insta.login().get("/me/nothing")) == (400, 100, None)
    assert insta.post(f"/{insta.account}/mentions", media_id="1").status_code == 501
