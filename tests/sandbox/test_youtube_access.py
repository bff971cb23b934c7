"""Who may do what in the imitated YouTube: tokens, scopes, keys, consent, parameters (sheet sections 1 and 6)."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.youtube.world import ANALYTICS, FORCE_SSL
from tests.sandbox.clients import Stand
from tests.sandbox.youtube_client import FORM, TOKENS, Other, Tube, metadata, reason, refresh


@pytest.fixture
def tube(stand: Stand) -> Tube:
    return Tube(stand)


def test_identify_tells_whose_token_it_is(stand: Stand, tube: Tube) -> None:
    world = stand.world.youtube
    answer = tube.get("channels", part="id,snippet,contentDetails,statistics,status", mine="true").json()
    (channel,) = answer["items"]
    assert (channel["id"], channel["snippet"]["title"]) == (world.channel_id, "INPE Perú")
    assert channel["contentDetails"]["relatedPlaylists"]["uploads"] == world.uploads_playlist_id
    assert channel["status"]["longUploadsStatus"] == "allowed"
    assert channel["statistics"]["hiddenSubscriberCount"] is False
    assert channel["statistics"]["subscriberCount"] == "27600"
    other = Other(stand).get("channels", part="id", mine="true").json()["items"][0]["id"]
    assert other == world.other_channel_id != world.channel_id


def test_account_without_channel_has_a_living_token(stand: Stand) -> None:
    lone = Tube(stand, stand.world.youtube.no_channel_access_token)
    answer = lone.get("channels", part="id", mine="true")
    assert answer.status_code == 200
    assert "items" not in answer.json()
    assert reason(lone.start(size=5)) == (401, "youtubeSignupRequired")
    assert reason(lone.start(size=5))[1] != "authError"
    assert lone.start(size=5).json()["error"]["message"] == "Unauthorized"


@pytest.mark.parametrize("token", ["garbage", "expired"])
def test_dead_access_tokens(stand: Stand, token: str) -> None:
    text = stand.world.youtube.expired_access_token if token == "expired" else token
    answer = Tube(stand, text).get("channels", part="id", mine="true")
    assert reason(answer) == (401, "authError")
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_access_token_lives_an_hour_and_is_refreshed(stand: Stand, tube: Tube) -> None:
    stand.advance(seconds=3600)
    assert reason(tube.get("channels", part="id", mine="true")) == (401, "authError")
    answer = refresh(stand)
    assert answer.status_code == 200
    made = answer.json()
    assert (made["token_type"], made["expires_in"]) == ("Bearer", 3599)
    assert {FORCE_SSL, ANALYTICS} <= set(made["scope"].split())
    assert "refresh_token" not in made
    assert Tube(stand, made["access_token"]).get("channels", part="id", mine="true").status_code == 200


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"refresh_token": "dead"}, (400, "invalid_grant")),
        ({"refresh_token": "never heard of"}, (400, "invalid_grant")),
        ({"refresh_token": ""}, (400, "invalid_request")),
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "wrong"}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": ""}, (400, "invalid_request")),
        ({"scope": "https://www.googleapis.com/auth/drive"}, (400, "invalid_scope")),
    ],
)
def test_token_host_refuses(stand: Stand, form: dict[str, str], expected: tuple[int, str]) -> None:
    if form.get("refresh_token") == "dead":
        form = {"refresh_token": stand.world.youtube.dead_refresh_token}
    answer = refresh(stand, **form)
    assert (answer.status_code, answer.json()["error"]) == expected
    assert answer.json()["error_description"]


def test_planned_death_of_the_grant(stand: Stand) -> None:
    stand.plant({"kind": "expired_token"}, match={"operation": "token"})
    assert refresh(stand).json()["error"] == "invalid_grant"
    for body in ({"status": 503}, {"status": 503, "html": True}):
        stand.plant({"kind": "status_before"} | body, match={"operation": "token"})
        answer = refresh(stand)
        assert answer.status_code == 503
        assert answer.headers["Content-Type"].startswith("text/html" if "html" in body else "application/json")
    assert refresh(stand).status_code == 200


def test_testing_app_dies_after_a_week(stand: Stand) -> None:
    token = stand.world.youtube.testing_refresh_token
    assert refresh(stand, refresh_token=token).json()["refresh_token_expires_in"] == 604800
    stand.advance(days=7)
    answer = refresh(stand, refresh_token=token)
    assert answer.json() == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }
    assert refresh(stand).status_code == 200


def test_refresh_token_dies_of_disuse(stand: Stand) -> None:
    stand.advance(days=100)
    assert refresh(stand).status_code == 200
    stand.advance(days=100)
    assert refresh(stand).status_code == 200
    stand.advance(days=183)
    assert refresh(stand).json()["error"] == "invalid_grant"


def test_revoking_ends_the_grant(stand: Stand, tube: Tube) -> None:
    revoke = f"/{TOKENS}/revoke"
    assert stand.own("POST", revoke, data={"token": tube.token}).status_code == 200
    assert reason(tube.get("channels", part="id", mine="true")) == (401, "authError")
    assert refresh(stand).json()["error"] == "invalid_grant"
    assert stand.own("POST", revoke, data={"token": tube.token}).json()["error"] == "invalid_token"


def test_missing_scope_is_said_with_its_details(stand: Stand) -> None:
    narrow = Tube(stand, stand.world.youtube.upload_only_access_token)
    assert narrow.start(size=5).status_code == 200
    for answer in (
        narrow.get("commentThreads", part="snippet", videoId="x"),
        narrow.publish("x"),
        narrow.delete("videos", id="x"),
    ):
        assert reason(answer) == (403, "insufficientPermissions")
        assert answer.json()["error"]["status"] == "PERMISSION_DENIED"
        assert answer.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_metrics_need_a_scope_of_their_own(stand: Stand) -> None:
    asked = {"ids": "channel==MINE", "startDate": "2026-11-01", "endDate": "2026-11-02", "metrics": "views"}
    made = consent(stand, scope=FORCE_SSL)
    assert reason(Tube(stand, made["access_token"]).report(**asked)) == (403, "insufficientPermissions")
    assert Tube(stand).report(**asked).status_code == 200


def test_api_key_reads_what_is_public_only(stand: Stand, tube: Tube) -> None:
    shown, kept = tube.public(), tube.upload()
    nobody = Tube(stand)
    key = stand.world.youtube.api_key
    off: dict[str, Any] = {"headers": {"Authorization": None}}

    def read(path: str, **params: Any) -> Any:
        return nobody.send("GET", f"/youtube/v3/{path}", params={"key": key, **params}, **off)

    found = read("videos", part="status", id=f"{shown},{kept}").json()["items"]
    assert [one["id"] for one in found] == [shown]
    assert reason(read("channels", part="id", mine="true")) == (401, "authError")
    assert reason(read("videos", part="status", id=shown, key="AIzaWrong")) == (400, "badRequest")
    assert reason(nobody.send("DELETE", "/youtube/v3/videos", params={"key": key, "id": shown}, **off))[0] == 401
    assert reason(nobody.send("GET", "/youtube/v3/videos", params={"part": "id", "id": shown}, **off))[0] == 401


def consent(stand: Stand, **asked: str) -> dict[str, Any]:
    world = stand.world.youtube
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    params = {
        "client_id": world.client_id,
        "redirect_uri": "http://localhost:8765/",
        "response_type": "code",
        "scope": f"{FORCE_SSL} {ANALYTICS}",
        "access_type": "offline",
        "prompt": "consent",
        "state": "abc",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    } | asked
    answer = stand.own("GET", "/accounts.google.com/o/oauth2/v2/auth", params=params, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["abc"]
    form = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "client_id": world.client_id,
        "client_secret": world.client_secret,
        "redirect_uri": "http://localhost:8765/",
    }
    assert exchange(stand, form | {"code_verifier": "wrong"}).json()["error"] == "invalid_grant"
    answer = stand.own("GET", "/accounts.google.com/o/oauth2/v2/auth", params=params, allow_redirects=False)
    form["code"] = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    made = exchange(stand, form | {"code_verifier": verifier})
    assert made.status_code == 200
    assert exchange(stand, form | {"code_verifier": verifier}).json()["error"] == "invalid_grant"
    return dict(made.json())


def exchange(stand: Stand, form: dict[str, str]) -> Any:
    return stand.own("POST", f"/{TOKENS}/token", data=form)


def test_consent_gives_a_refresh_token_offline_only(stand: Stand) -> None:
    made = consent(stand)
    assert Tube(stand, made["access_token"]).get("channels", part="id", mine="true").status_code == 200
    assert refresh(stand, refresh_token=made["refresh_token"]).status_code == 200
    assert "refresh_token" not in consent(stand, access_type="online")
    bad = stand.own("GET", "/accounts.google.com/o/oauth2/v2/auth", params={"client_id": "x"}, allow_redirects=False)
    assert bad.status_code == 400


def test_hundred_first_grant_ends_the_oldest(stand: Stand) -> None:
    world = stand.world.youtube
    for _number in range(99):
        consent(stand)
    assert refresh(stand).json()["error"] == "invalid_grant"
    assert refresh(stand, refresh_token=world.other_refresh_token).status_code == 200


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("videos", {"part": "id", "id": "x", "foo": "1"}, "unexpectedParameter"),
        ("videos", {"id": "x"}, "missingRequiredParameter"),
        ("videos", {"part": "id"}, "missingRequiredParameter"),
        ("videos", {"part": "id", "id": "x", "myRating": "like"}, "incompatibleParameters"),
        ("videos", {"part": "id", "id": "x", "maxResults": "5"}, "incompatibleParameters"),
        ("videos", {"part": "id,nonsense", "id": "x"}, "unknownPart"),
        ("videos", {"part": "id", "id": ",".join(str(n) for n in range(51))}, "badRequest"),
        ("channels", {"part": "id"}, "missingRequiredParameter"),
        ("channels", {"part": "id", "mine": "True"}, "badRequest"),
        ("channels", {"part": "id", "mine": "true", "id": "x"}, "incompatibleParameters"),
        ("channels", {"part": "id", "mine": "true", "maxResults": "51"}, "badRequest"),
        ("channels", {"part": "id", "mine": "true", "maxResults": "many"}, "badRequest"),
        ("channels", {"part": "id", "mine": "true", "fields": "items("}, "badRequest"),
        ("playlistItems", {"part": "id", "playlistId": "UU", "pageToken": "x"}, "playlistNotFound"),
        ("comments", {"part": "id", "parentId": "x", "textFormat": "markdown"}, "badRequest"),
        ("commentThreads", {"part": "id", "videoId": "x", "id": "y"}, "incompatibleParameters"),
        ("commentThreads", {"part": "id", "id": "y", "order": "time"}, "incompatibleParameters"),
        ("commentThreads", {"part": "id", "videoId": "x", "maxResults": "0"}, "badRequest"),
    ],
)
def test_parameters_are_checked(tube: Tube, path: str, params: dict[str, str], expected: str) -> None:
    answer = tube.get(path, **params)
    assert reason(answer)[1] == expected
    assert answer.status_code == (404 if expected.endswith("NotFound") else 400)


def test_parts_repeat_or_are_joined_and_limit_the_answer(tube: Tube) -> None:
    video_id = tube.upload()
    joined = tube.get("videos", id=video_id, part="snippet,status").json()["items"][0]
    repeated = tube.get("videos", id=[video_id, "unknown"], part=["snippet", "status"]).json()["items"]
    assert set(joined) == {"kind", "etag", "id", "snippet", "status"}
    assert [set(one) for one in repeated] == [set(joined)]
    masked = tube.get("videos", id=video_id, part="snippet,status", fields="items(id,snippet/title)").json()
    assert masked == {"items": [{"id": video_id, "snippet": {"title": "Feria"}}]}


def test_long_get_may_come_as_a_post(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload()
    form = {"part": "id", "id": ",".join([video_id, *(f"none{n}" for n in range(49))])}
    answer = tube.send("POST", "/youtube/v3/videos", data=form, headers={"x-http-method-override": "GET", **FORM})
    assert [one["id"] for one in answer.json()["items"]] == [video_id]
    assert stand.own("GET", "/_requests?last=1").json()["requests"][0]["operation"] == "read"


def test_unknown_paths_are_404_and_others_say_that_they_are_not_imitated(tube: Tube) -> None:
    assert tube.get("nothing").status_code == 404
    assert tube.send("GET", "/youtube/v9/videos").status_code == 404
    answer = tube.get("subscriptions", part="id", mine="true")
    assert reason(answer) == (501, "sandboxNotImitated")


def test_both_hosts_serve_the_data_api(tube: Tube) -> None:
    answer = tube.send("GET", "/youtube/v3/channels", host="www.googleapis.com", params={"part": "id", "mine": "true"})
    assert answer.status_code == 200
    started = tube.send(
        "POST",
        "/resumable/upload/youtube/v3/videos",
        host="www.googleapis.com",
        params={"uploadType": "resumable", "part": "snippet,status"},
        json=metadata(),
    )
    assert started.headers["Location"].startswith("https://www.googleapis.com/resumable/upload/youtube/v3/videos?")


def test_secrets_are_in_no_repr(stand: Stand) -> None:
    world = stand.world.youtube
    for secret in (world.access_token, world.refresh_token, world.client_secret, world.api_key):
        assert secret not in repr(world)
