import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sandbox.clients import Stand
from tests.sandbox.x_client import X, problem, refresh

UNAUTHORIZED = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
VERIFIER = "verificador-de-ensayo-de-cuarenta-y-tres-signos-0"


@pytest.fixture
def x(stand: Stand) -> X:
    return X(stand)


def test_access_token_lives_two_hours(stand: Stand, x: X) -> None:
    stand.advance(seconds=7199)
    assert x.get("/2/users/me").status_code == 200
    stand.advance(seconds=1)
    assert x.get("/2/users/me").json() == UNAUTHORIZED
    assert X(stand, token=stand.world.x.expired_token).get("/2/users/me").json() == UNAUTHORIZED


def test_refresh_tokens_rotate_and_are_single_use(stand: Stand) -> None:
    world = stand.world.x
    first = refresh(stand, world.refresh_token).json()
    assert (first["token_type"], first["expires_in"]) == ("bearer", 7200)
    assert first["refresh_token"] not in {world.refresh_token, ""}
    granted = ["tweet.read", "tweet.write", "tweet.moderate.write", "users.read", "media.write", "offline.access"]
    assert sorted(first["scope"].split()) == sorted(granted) != first["scope"].split()
    assert first["scope"].split() != granted
    again = refresh(stand, world.refresh_token)
    expected = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
    assert (again.status_code, again.json()) == (400, expected)
    assert X(stand, token=first["access_token"]).get("/2/users/me").status_code == 200
    assert refresh(stand, first["refresh_token"]).status_code == 200


@pytest.mark.parametrize("name", ["used_refresh_token", "token", "public_refresh_token"])
def test_dead_and_foreign_refresh_tokens_answer_the_same(stand: Stand, name: str) -> None:
    answer = refresh(stand, getattr(stand.world.x, name))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_expired_token_is_renewed_by_its_refresh_token(stand: Stand) -> None:
    made = refresh(stand, stand.world.x.expired_refresh_token).json()
    assert X(stand, token=made["access_token"]).tweet().status_code == 201


def test_unused_refresh_token_dies_after_half_a_year(stand: Stand) -> None:
    stand.advance(days=183)
    assert refresh(stand, stand.world.x.refresh_token).status_code == 400


def test_lost_refresh_answer_loses_the_token(stand: Stand) -> None:
    stand.plant({"kind": "drop_after"}, match={"platform": "x", "operation": "token"})
    with pytest.raises(requests.ConnectionError):
        refresh(stand, stand.world.x.refresh_token)
    assert refresh(stand, stand.world.x.refresh_token).status_code == 400


def test_clients_prove_who_they_are_in_their_own_way(stand: Stand) -> None:
    world = stand.world.x
    assert refresh(stand, world.public_refresh_token, public=True).status_code == 200
    refused = [
        refresh(stand, world.refresh_token, auth=None),
        refresh(stand, world.refresh_token, auth=None, client_id=world.client_id),
        refresh(stand, world.refresh_token, auth=(world.client_id, "wrong")),
        refresh(stand, world.refresh_token, auth=(world.public_client_id, "")),
        refresh(stand, world.refresh_token, client_id=world.public_client_id),
    ]
    assert {(answer.status_code, answer.json()["error"]) for answer in refused} == {(401, "unauthorized_client")}
    assert refresh(stand, world.refresh_token, client_id=world.client_id).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
    ],
)
def test_token_endpoint_refuses_nonsense(stand: Stand, form: dict[str, str], error: str) -> None:
    world = stand.world.x
    auth = (world.client_id, world.client_secret)
    answer = stand.own("POST", "/api.x.com/2/oauth2/token", data=form, auth=auth)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert stand.own("POST", "/api.x.com/2/oauth2/token", json=form, auth=auth).status_code == 400


def test_revoking(stand: Stand, x: X) -> None:
    world = stand.world.x
    auth = (world.client_id, world.client_secret)
    for token in (world.token, world.refresh_token):
        assert stand.own("POST", "/api.x.com/2/oauth2/revoke", data={"token": token}, auth=auth).json() == {
            "revoked": True
        }
    assert x.get("/2/users/me").status_code == 401
    assert refresh(stand, world.refresh_token).status_code == 400


def consent(stand: Stand, host: str = "x.com", path: str = "/i/oauth2/authorize", **change: str) -> requests.Response:
    world = stand.world.x
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    params = {
        "response_type": "code",
        "client_id": world.client_id,
        "redirect_uri": world.redirect_uri,
        "scope": "tweet.read tweet.write users.read media.write offline.access",
        "state": "estado",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    } | change
    return stand.own("GET", f"/{host}{path}", params=params, allow_redirects=False)


def exchange(stand: Stand, code: str, **change: str) -> requests.Response:
    world = stand.world.x
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": world.redirect_uri,
        "code_verifier": VERIFIER,
    } | change
    auth = (world.client_id, world.client_secret)
    return stand.own("POST", "/api.x.com/2/oauth2/token", data=form, auth=auth)


def code_of(answer: requests.Response) -> str:
    back = urlsplit(answer.headers["Location"])
    given = parse_qs(back.query)
    assert given["state"] == ["estado"]
    return given["code"][0]


@pytest.mark.parametrize(
    ("host", "path"),
    [("x.com", "/i/oauth2/authorize"), ("twitter.com", "/i/oauth2/authorize"), ("api.x.com", "/2/oauth2/authorize")],
)
def test_consent_gives_a_code_and_the_code_a_pair(stand: Stand, host: str, path: str) -> None:
    answer = consent(stand, host, path)
    assert answer.status_code == 302
    code = code_of(answer)
    made = exchange(stand, code).json()
    assert X(stand, token=made["access_token"]).get("/2/users/me").json()["data"]["id"] == stand.world.x.user_id
    assert refresh(stand, made["refresh_token"]).status_code == 200
    assert exchange(stand, code).status_code == 400


def test_code_lives_thirty_seconds_and_needs_its_verifier(stand: Stand) -> None:
    assert exchange(stand, code_of(consent(stand)), code_verifier="x" * 43).status_code == 400
    assert exchange(stand, code_of(consent(stand)), redirect_uri="http://127.0.0.1/otra").status_code == 400
    code = code_of(consent(stand))
    stand.advance(seconds=30)
    assert exchange(stand, code).status_code == 400


def test_without_offline_access_there_is_no_refresh_token(stand: Stand) -> None:
    made = exchange(stand, code_of(consent(stand, scope="tweet.read users.read"))).json()
    assert "refresh_token" not in made
    assert problem(X(stand, token=made["access_token"]).tweet()) == (403, "")


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "http://localhost:8000/conectar/x"},
        {"client_id": "nobody"},
        {"scope": "tweet.read everything"},
        {"state": "x" * 501},
        {"code_challenge": ""},
        {"code_challenge_method": "S512"},
        {"response_type": "token"},
    ],
)
def test_consent_page_refuses_what_is_not_registered(stand: Stand, change: dict[str, str]) -> None:
    answer = consent(stand, **change)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/html")
