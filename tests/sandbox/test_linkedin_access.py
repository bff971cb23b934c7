"""Headers, versions, tokens, scopes, roles, encoding, daily limits, OAuth host."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.clients import START, Stand
from tests.sandbox.linkedin_client import LinkedIn, encoded, refused

OAUTH = "/www.linkedin.com/oauth/v2"


@pytest.fixture
def linked(stand: Stand) -> LinkedIn:
    return LinkedIn(stand)


def oauth(stand: Stand, path: str, **form: str) -> Any:
    world = stand.world.linkedin
    named = {"client_id": world.client_id, "client_secret": world.client_secret} | form
    return stand.own("POST", f"{OAUTH}/{path}", data=named)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Authorization": None}, (401, "EMPTY_ACCESS_TOKEN")),
        ({"Authorization": "Basic abc"}, (401, "EMPTY_ACCESS_TOKEN")),
        ({"Authorization": "Bearer garbage"}, (401, "INVALID_ACCESS_TOKEN")),
        ({"LinkedIn-Version": None}, (400, "VERSION_MISSING")),
        ({"LinkedIn-Version": "202512"}, (426, "NONEXISTENT_VERSION")),
        ({"LinkedIn-Version": "202511"}, (426, "NONEXISTENT_VERSION")),
        ({"LinkedIn-Version": "202610"}, (426, "NONEXISTENT_VERSION")),
        ({"LinkedIn-Version": "latest"}, (426, "NONEXISTENT_VERSION")),
        ({"X-Restli-Protocol-Version": "1.0.0"}, (400, "ILLEGAL_ARGUMENT")),
        ({"X-RestLi-Method": "BATCH_GET"}, (400, "ILLEGAL_ARGUMENT")),
    ],
)
def test_headers_are_checked(linked: LinkedIn, headers: dict[str, Any], expected: object) -> None:
    path = f"/rest/posts?q=author&author={encoded(linked.page)}"
    assert refused(linked.send("GET", path, headers=headers)) == expected
    assert linked.send("GET", path).status_code == 200


def test_dead_version_is_named_with_its_day(linked: LinkedIn) -> None:
    linked.version = "202504"
    assert linked.get("/posts/x").json() == {
        "status": 426,
        "code": "NONEXISTENT_VERSION",
        "message": "Requested version 20250401 is not active",
    }


def test_version_dies_on_its_day(stand: Stand, linked: LinkedIn) -> None:
    linked.version = "202601"
    path = f"/posts?q=author&author={encoded(linked.page)}"
    assert linked.get(path).status_code == 200
    stand.advance(days=51)
    assert stand.sandbox.clock().date().isoformat() == "2027-01-14"
    assert linked.get(path).status_code == 200
    stand.advance(days=1)
    assert linked.get(path).status_code == 426


def test_every_answer_has_a_trace(linked: LinkedIn) -> None:
    first, second = linked.get("/posts/x"), linked.send("GET", "/v2/userinfo")
    assert first.headers["x-li-uuid"] != second.headers["x-li-uuid"]


def test_identify_tells_the_page_and_the_person(stand: Stand, linked: LinkedIn) -> None:
    (row,) = linked.get("/organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED").json()["elements"]
    assert row == {
        "roleAssignee": linked.world.person_urn,
        "role": "ADMINISTRATOR",
        "state": "APPROVED",
        "organization": linked.page,
    }
    page = linked.get(f"/organizations/{linked.world.organization_id}").json()
    assert (page["localizedName"], page["vanityName"]) == ("INPE Perú", "inpe-peru")
    person = linked.send("GET", "/v2/userinfo", headers={"LinkedIn-Version": None}).json()
    assert f"urn:li:person:{person['sub']}" == linked.world.person_urn
    stranger = LinkedIn(stand, token=linked.world.other_token)
    (other,) = stranger.get("/organizationAcls?q=roleAssignee").json()["elements"]
    assert other["organization"] == linked.world.other_organization_urn


def test_another_application_sees_another_person(stand: Stand, linked: LinkedIn) -> None:
    member = LinkedIn(stand, token=linked.world.member_token).send("GET", "/v2/userinfo").json()
    assert f"urn:li:person:{member['sub']}" == linked.world.member_urn != linked.world.person_urn
    assert "email" not in member


@pytest.mark.parametrize(
    ("name", "code", "number"),
    [("expired_token", "EXPIRED_ACCESS_TOKEN", 65602), ("revoked_token", "REVOKED_ACCESS_TOKEN", 65601)],
)
def test_dead_tokens_tell_their_reason(stand: Stand, linked: LinkedIn, name: str, code: str, number: int) -> None:
    dead = LinkedIn(stand, token=getattr(linked.world, name))
    answer = dead.create()
    assert refused(answer) == (401, code)
    assert answer.json()["serviceErrorCode"] == number
    assert stand.writes == []


def test_planned_expiry_strikes_once(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "expired_token"}, match={"operation": "publish"})
    assert refused(linked.create()) == (401, "EXPIRED_ACCESS_TOKEN")
    assert linked.create().status_code == 201


@pytest.mark.parametrize(
    ("name", "publishes", "reads", "counts"),
    [
        ("token", True, True, True),
        ("reader_token", False, True, True),
        ("content_token", True, True, False),
        ("former_token", False, False, False),
        ("other_token", False, False, False),
        ("member_token", False, False, False),
    ],
)
def test_scope_and_role_decide(
    stand: Stand, linked: LinkedIn, name: str, publishes: bool, reads: bool, counts: bool
) -> None:
    own = LinkedIn(stand, token=getattr(linked.world, name))
    page = encoded(linked.page)
    seen = [
        own.create().status_code == 201,
        own.get(f"/posts?q=author&author={page}").status_code == 200,
        own.get(f"/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={page}").status_code
        == 200,
    ]
    assert seen == [publishes, reads, counts]
    assert len(stand.writes) == publishes


def test_refusal_names_resource_method_and_version(stand: Stand, linked: LinkedIn) -> None:
    stranger = LinkedIn(stand, token=linked.world.other_token)
    answer = stranger.get(f"/posts?q=author&author={encoded(linked.page)}")
    assert answer.json() == {
        "status": 403,
        "serviceErrorCode": 100,
        "code": "ACCESS_DENIED",
        "message": "Not enough permissions to access: partnerApiPostsExternal.FINDER-author.20260801",
    }
    assert "partnerApiPostsExternal.CREATE." in stranger.create().json()["message"]


def test_person_posts_as_themselves_only(stand: Stand, linked: LinkedIn) -> None:
    member = LinkedIn(stand, token=linked.world.member_token)
    urn = member.publish("Buenos días", author=linked.world.member_urn)
    assert [(write.account, write.remote_id) for write in stand.writes] == [
        (linked.world.member_urn.rpartition(":")[2], urn)
    ]
    assert refused(member.create(author=linked.world.person_urn))[0] == 403
    assert refused(member.get(f"/posts/{encoded(urn)}"))[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/networkSizes/urn:li:organization:101202303?edgeType=COMPANY_FOLLOWED_BY_MEMBER",
        "/posts/urn:li:share:1",
        "/socialActions/urn%3Ali%3Acomment%3A(urn%3Ali%3Aactivity%3A1,2)/comments",
        "/posts?q=author&author=urn:li:organization:101202303",
        "/posts?ids=List(urn:li:share:1)",
        "/posts?ids=List(urn%3Ali%3Ashare%3A1",
        "/posts?ids=List(urn%3Ali%3Ashare%3A1,)x",
        "/posts?q=author&q=author",
        "/posts?ids=(a)",
    ],
)
def test_structure_and_values_must_be_told_apart(linked: LinkedIn, path: str) -> None:
    answer = linked.get(path)
    assert refused(answer) == (400, "ILLEGAL_ARGUMENT")
    assert "Syntax exception in" in answer.json()["message"]


def test_encoding_everything_is_wrong_too(linked: LinkedIn) -> None:
    assert linked.get("/posts?ids=List%28urn%253Ali%253Ashare%253A1%29").status_code == 400
    assert refused(linked.get("/posts/urn%253Ali%253Ashare%253A1")) == (400, "INVALID_URN_TYPE")


def test_lists_need_the_protocol_header(linked: LinkedIn) -> None:
    urn = linked.publish()
    path = f"/rest/posts?ids=List({encoded(urn)})"
    assert linked.send("GET", path).status_code == 200
    assert refused(linked.send("GET", path, headers={"X-Restli-Protocol-Version": None}))[0] == 400


def test_long_queries_are_tunnelled(linked: LinkedIn) -> None:
    urn = linked.publish()
    query = f"ids=List({','.join([encoded(urn)] * 150)})"
    assert linked.get(f"/posts?{query}").status_code == 414
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    answer = linked.send("POST", "/rest/posts", data=query, headers=headers)
    assert list(answer.json()["results"]) == [urn]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/rest/nothing", 404),
        ("GET", "/rest/posts/", 404),
        ("PUT", "/rest/posts", 405),
        ("DELETE", "/rest/posts", 405),
        ("GET", "/rest/posts?q=author&author=x&fields=id", 403),
        ("GET", "/rest/memberCreatorPostAnalytics?q=me", 501),
    ],
)
def test_paths_methods_and_parameters_are_checked(linked: LinkedIn, method: str, path: str, status: int) -> None:
    assert refused(linked.send(method, path))[0] == status


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, (400, "ILLEGAL_ARGUMENT")),
        ({"json": []}, (400, "ILLEGAL_ARGUMENT")),
        ({}, (400, "ILLEGAL_ARGUMENT")),
        ({"data": "{}", "headers": {"Content-Type": "text/plain"}}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        ({"data": {"author": "x"}}, (415, "UNSUPPORTED_MEDIA_TYPE")),
    ],
)
def test_bodies_must_be_json(linked: LinkedIn, sent: dict[str, Any], expected: object) -> None:
    answer = linked.send("POST", "/rest/posts", **sent)
    assert refused(answer) == expected


def test_development_tier_counts_calls_and_has_no_batches(stand: Stand, linked: LinkedIn) -> None:
    small = LinkedIn(stand, token=linked.world.development_token)
    assert refused(small.get("/posts?ids=List(urn%3Ali%3Ashare%3A1)")) == (403, "ACCESS_DENIED")
    path = f"/posts?q=author&author={encoded(linked.page)}"
    assert {small.get(path).status_code for _ in range(99)} == {200}
    answer = small.get(path)
    assert refused(answer) == (429, None)
    assert answer.json()["message"] == "Resource level throttle limit for calls to this resource is reached."
    assert not {name for name in answer.headers if "rate" in name.lower() or name.lower() == "retry-after"}
    assert linked.get(path).status_code == 200
    stand.advance(hours=8, minutes=59)
    assert small.get(path).status_code == 429
    stand.advance(minutes=1)
    assert small.get(path).status_code == 200


def test_planned_throttle_has_no_headers(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "throttle"}, match={"operation": "publish"})
    answer = linked.create()
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, False)
    assert stand.writes == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"status": 426}, (426, "NONEXISTENT_VERSION")),
        ({"status": 409}, (409, "CONFLICT")),
        ({"status": 400, "code": "MEDIA_ASSET_PROCESSING_FAILED"}, (400, "MEDIA_ASSET_PROCESSING_FAILED")),
        ({"status": 401, "subcode": 65601}, (401, "REVOKED_ACCESS_TOKEN")),
        ({"status": 403}, (403, "ACCESS_DENIED")),
        ({"status": 503}, (503, None)),
    ],
)
def test_any_error_of_the_plan(stand: Stand, linked: LinkedIn, keys: dict[str, Any], expected: object) -> None:
    stand.plant({"kind": "status_before"} | keys)
    assert refused(linked.create()) == expected


def test_refresh_gives_a_new_token_and_the_old_wall(stand: Stand, linked: LinkedIn) -> None:
    world = linked.world
    stand.advance(days=59)
    grant = {"grant_type": "refresh_token", "refresh_token": world.refresh_token}
    made = oauth(stand, "accessToken", **grant).json()
    assert (made["token_type"], made["expires_in"], made["refresh_token"]) == ("Bearer", 5184000, world.refresh_token)
    assert made["refresh_token_expires_in"] == (365 - 59) * 86400
    assert "w_organization_social," in made["scope"]
    stand.advance(days=2)
    assert linked.create().status_code == 401
    assert LinkedIn(stand, token=made["access_token"]).create().status_code == 201
    stand.advance(days=305)
    answer = oauth(stand, "accessToken", **grant)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"refresh_token": "garbage"}, 400, "invalid_request"),
        ({"refresh_token": "expired"}, 400, "invalid_request"),
        ({"refresh_token": "access"}, 400, "invalid_request"),
    ],
)
def test_bad_refreshes(stand: Stand, form: dict[str, str], status: int, error: str) -> None:
    world = stand.world.linkedin
    known = {"expired": world.expired_refresh_token, "access": world.token}
    given = {"grant_type": "refresh_token", "refresh_token": world.refresh_token} | form
    given["refresh_token"] = known.get(given["refresh_token"], given["refresh_token"])
    answer = oauth(stand, "accessToken", **given)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_introspection_tells_seconds_and_states(stand: Stand) -> None:
    world = stand.world.linkedin
    seen = oauth(stand, "introspectToken", token=world.token).json()
    assert (seen["active"], seen["status"], seen["auth_type"]) == (True, "active", "3L")
    assert seen["expires_at"] - int(START.timestamp()) == 60 * 86400
    assert "r_organization_social" in seen["scope"].split(",")
    states = [oauth(stand, "introspectToken", token=text).json()["status"] for text in (world.expired_token,)]
    assert states == ["expired"]
    assert oauth(stand, "introspectToken", token=world.revoked_token).json()["active"] is False
    assert oauth(stand, "introspectToken", token=world.member_token).json() == {"active": False}


def test_revoked_token_is_dead(stand: Stand, linked: LinkedIn) -> None:
    assert oauth(stand, "revoke", token=linked.token).status_code == 200
    assert refused(linked.create()) == (401, "REVOKED_ACCESS_TOKEN")


def consent(stand: Stand, scope: str, **more: str) -> dict[str, list[str]]:
    world = stand.world.linkedin
    asked = {
        "response_type": "code",
        "client_id": world.client_id,
        "redirect_uri": world.redirect_uri,
        "state": "xyz",
        "scope": scope,
    } | more
    answer = stand.own("GET", f"{OAUTH}/authorization", params=asked, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(world.redirect_uri)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def redeem(stand: Stand, code: str) -> Any:
    redirect = stand.world.linkedin.redirect_uri
    return oauth(stand, "accessToken", grant_type="authorization_code", code=code, redirect_uri=redirect)


def test_consent_to_other_scopes_kills_earlier_tokens(stand: Stand, linked: LinkedIn) -> None:
    back = consent(stand, "r_organization_social w_organization_social")
    assert back["state"] == ["xyz"]
    made = redeem(stand, back["code"][0])
    assert made.json()["scope"] == "r_organization_social,w_organization_social"
    assert redeem(stand, back["code"][0]).status_code == 400
    assert refused(linked.create()) == (401, "REVOKED_ACCESS_TOKEN")
    assert LinkedIn(stand, token=made.json()["access_token"]).create().status_code == 201
    again = consent(stand, "w_organization_social r_organization_social")
    assert redeem(stand, again["code"][0]).status_code == 200
    assert LinkedIn(stand, token=made.json()["access_token"]).create("Otra").status_code == 201


def test_codes_live_half_an_hour_and_scopes_must_be_granted(stand: Stand) -> None:
    late = consent(stand, "r_organization_social")
    stand.advance(minutes=30)
    assert redeem(stand, late["code"][0]).status_code == 400
    assert consent(stand, "r_member_social")["error"] == ["unauthorized_scope_error"]
    world = stand.world.linkedin
    elsewhere = {"client_id": world.client_id, "redirect_uri": "https://evil.example/", "response_type": "code"}
    assert stand.own("GET", f"{OAUTH}/authorization", params=elsewhere, allow_redirects=False).status_code == 400
