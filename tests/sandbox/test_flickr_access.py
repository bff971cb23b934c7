"""OAuth 1.0a of the imitated Flickr: signatures really verified, tokens, the three steps of a login."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest

from sandbox.flickr import oauth as rules
from tests.sandbox.clients import START, Stand, image
from tests.sandbox.flickr_client import API, STEPS, UPLOAD, Flickr, header, other, problem, rsp, signed

VECTORS: list[tuple[str, str, dict[str, str], str]] = [
    (
        "GET",
        API,
        {"method": "flickr.test.login", "format": "json", "nojsoncallback": "1"},
        "LFeWVw6sJJkbn5m4GjF6qwive0s=",
    ),
    (
        "POST",
        UPLOAD,
        {"title": "Grüße & (a~b)", "tags": '"zwei worte" eins', "is_public": "1", "async": "1"},
        "fQKI4pPxHYFkLPXM6ydHESgMs/A=",
    ),
    ("POST", UPLOAD, {"title": "A", "is_public": "1"}, "kNznjv8OIIyYEtHpUnITBhFo2YI="),
    ("POST", UPLOAD, {}, "WrX6ij0Qc/Laflpj1CYgV9XIRkQ="),
]


@pytest.mark.parametrize(("method", "url", "params", "expected"), VECTORS)
def test_signatures_are_the_sheets(method: str, url: str, params: dict[str, str], expected: str) -> None:
    made = signed(
        method,
        url,
        params,
        key=("key123", "sec456"),
        token=("tok-1", "ts-789"),
        oauth_nonce="n0nce",
        oauth_timestamp="1700000000",
    )
    assert made.pop("oauth_signature") == expected
    base = rules.base_string(method, url, tuple((params | made).items()))
    assert rules.signature(base, key_secret="sec456", token_secret="ts-789") == expected


@pytest.fixture
def flickr(stand: Stand) -> Flickr:
    return Flickr(stand)


def test_identify(stand: Stand, flickr: Flickr) -> None:
    world = stand.world.flickr
    user = flickr.get("test.login")["user"]
    assert (user["id"], user["username"]) == (world.nsid, {"_content": "INPE Perú"})
    token = flickr.get("auth.oauth.checkToken", oauth_token="-")["oauth"]
    assert (token["token"], token["perms"]) == ({"_content": world.token}, {"_content": "delete"})
    assert token["user"] == {"nsid": world.nsid, "username": world.username, "fullname": world.full_name}
    assert other(stand).get("test.login")["user"]["id"] == world.other_nsid


@pytest.mark.parametrize("carrier", ["header", "query", "form"])
def test_oauth_values_may_stand_in_header_query_or_form(flickr: Flickr, carrier: str) -> None:
    params = {"method": "flickr.test.login", "format": "json", "nojsoncallback": "1"}
    method = "POST" if carrier == "form" else "GET"
    oauth = flickr.oauth(method, API, params)
    sent: dict[str, Any] = {"params": params, "headers": header(oauth)}
    if carrier != "header":
        sent = {"params" if carrier == "query" else "data": params | oauth}
    assert flickr.send(method, API, **sent).json()["user"]["id"] == flickr.nsid


def test_upload_takes_oauth_values_as_form_fields(flickr: Flickr) -> None:
    fields = {"title": "Grüße & (a~b)", "tags": '"zwei worte" eins', "is_public": "0"}
    files = {"photo": ("x", image(), "image/png")}
    answer = rsp(flickr.send("POST", UPLOAD, data=fields | flickr.oauth("POST", UPLOAD, fields), files=files))
    assert flickr.info(answer.findtext("photoid", ""))["title"] == {"_content": "Grüße & (a~b)"}


def test_upload_signed_without_its_text_fields_is_refused(stand: Stand, flickr: Flickr) -> None:
    fields = {"title": "A", "is_public": "1"}
    files = {"photo": ("a.png", image(), "image/png")}
    answer = flickr.send("POST", UPLOAD, data=fields, files=files, headers=header(flickr.oauth("POST", UPLOAD, {})))
    seen = problem(answer)
    assert seen["oauth_problem"] == "signature_invalid"
    assert "&debug_sbs=POST&https%3A%2F%2Fup.flickr.com%2Fservices%2Fupload%2F&is_public%3D1%26oauth_" in answer.text
    assert stand.writes == []


def test_photo_given_as_signed_field_is_refused(flickr: Flickr) -> None:
    fields = {"is_public": "0"}
    wrong = flickr.oauth("POST", UPLOAD, fields | {"photo": "bytes"})
    files = {"photo": ("a.png", b"bytes", "image/png")}
    answer = flickr.send("POST", UPLOAD, data=fields, files=files, headers=header(wrong))
    assert problem(answer)["oauth_problem"] == "signature_invalid"


@pytest.mark.parametrize(
    "name", ["oauth_nonce", "oauth_timestamp", "oauth_consumer_key", "oauth_signature", "oauth_signature_method"]
)
def test_absent_parameters_are_named(flickr: Flickr, name: str) -> None:
    params = {"method": "flickr.test.login"}
    oauth = flickr.oauth("GET", API, params)
    del oauth[name]
    seen = problem(flickr.send("GET", API, params=params, headers=header(oauth)))
    assert seen == {"oauth_problem": "parameter_absent", "oauth_parameters_absent": name}


def test_nonce_is_good_once(flickr: Flickr) -> None:
    params = {"method": "flickr.test.login"}
    oauth = header(flickr.oauth("GET", API, params))
    assert flickr.send("GET", API, params=params, headers=oauth).status_code == 200
    assert problem(flickr.send("GET", API, params=params, headers=oauth))["oauth_problem"] == "nonce_used"


def test_refused_signature_does_not_use_up_the_nonce(flickr: Flickr) -> None:
    params = {"method": "flickr.test.login"}
    oauth = flickr.oauth("GET", API, params)
    wrong = header(oauth | {"oauth_signature": "AAAA"})
    assert problem(flickr.send("GET", API, params=params, headers=wrong))["oauth_problem"] == "signature_invalid"
    assert flickr.send("GET", API, params=params, headers=header(oauth)).status_code == 200


@pytest.mark.parametrize(
    ("skew", "status"),
    [
        (timedelta(minutes=4), 200),
        (-timedelta(minutes=4), 200),
        (timedelta(minutes=6), 401),
        (-timedelta(hours=1), 401),
    ],
)
def test_clock_must_be_near(stand: Stand, skew: timedelta, status: int) -> None:
    answer = Flickr(stand, now=START + skew).ask("test.login")
    assert answer.status_code == status
    if status == 401:
        assert problem(answer) == {"oauth_problem": "timestamp_refused"}


def test_clients_on_the_unmoved_clock_go_on(stand: Stand) -> None:
    stand.advance(days=3)
    for now in (START, START + timedelta(days=3)):
        assert Flickr(stand, now=now).ask("test.login").status_code == 200
    assert Flickr(stand, now=START + timedelta(days=1)).ask("test.login").status_code == 401


def test_wrong_secrets_and_dead_tokens(stand: Stand) -> None:
    world = stand.world.flickr
    wrong = Flickr(stand, token=(world.token, "0" * 16))
    assert problem(wrong.ask("test.login"))["oauth_problem"] == "signature_invalid"
    for token in ((world.revoked_token, world.revoked_token_secret), ("unknown", "x")):
        assert problem(Flickr(stand, token=token).ask("test.login")) == {"oauth_problem": "token_rejected"}
        assert problem(Flickr(stand, token=token).post(is_public=0)) == {"oauth_problem": "token_rejected"}


def test_only_hmac_sha1_signs_methods(flickr: Flickr) -> None:
    params = {"method": "flickr.test.login"}
    oauth = flickr.oauth("GET", API, params, oauth_signature_method="PLAINTEXT")
    oauth["oauth_signature"] = f"{flickr.key[1]}&{flickr.token[1]}"
    assert flickr.send("GET", API, params=params, headers=header(oauth)).status_code == 401


def test_keys(stand: Stand) -> None:
    world = stand.world.flickr
    dead = Flickr(stand, key=(world.dead_api_key, world.dead_api_secret))
    assert dead.ask("test.login").json() == {
        "stat": "fail",
        "code": 100,
        "message": "Invalid API Key (Key has expired)",
    }
    assert dead.refused(is_public=0) == 100
    assert Flickr(stand, key=("x", "y")).code("test.login") == 100
    assert Flickr(stand, key=("x", "y")).unsigned("photos.licenses.getInfo").json()["code"] == 100


def test_each_level_includes_the_former(stand: Stand, flickr: Flickr) -> None:
    world = stand.world.flickr
    photo = flickr.upload(is_public=0)
    read = Flickr(stand, token=(world.read_token, world.read_token_secret))
    write = Flickr(stand, token=(world.write_token, world.write_token_secret))
    assert read.info(photo)["id"] == photo
    assert read.refused(is_public=0) == 99
    assert read.ask("photos.setMeta", photo_id=photo, title="x", description="").json() == {
        "stat": "fail",
        "code": 99,
        "message": "Insufficient permissions. Method requires write privileges; read granted.",
    }
    assert write.ask("photos.setMeta", photo_id=photo, title="x", description="").json() == {"stat": "ok"}
    assert write.code("photos.delete", photo_id=photo) == 99
    flickr.do("photos.delete", photo_id=photo)
    assert flickr.unsigned("test.login").json()["message"].endswith("read privileges; none granted.")


def test_old_authentication_is_gone(flickr: Flickr) -> None:
    assert flickr.unsigned("test.login", auth_token="x", api_sig="y").json()["code"] == 96


def step(flickr: Flickr, name: str, secret: str = "", **oauth: str) -> Any:
    now = {"oauth_timestamp": str(int(flickr.stand.sandbox.clock().timestamp()))}
    made = signed("GET", STEPS + name, {}, key=flickr.key, token=(oauth.pop("token", ""), secret), **now, **oauth)
    return flickr.send("GET", STEPS + name, params=made)


def begin(flickr: Flickr, callback: str = "oob") -> dict[str, str]:
    made = dict(parse_qsl(step(flickr, "request_token", oauth_callback=callback).text))
    assert made["oauth_callback_confirmed"] == "true"
    return made


def agree(flickr: Flickr, token: str, **given: str) -> Any:
    params = {"oauth_token": token, "perms": given.pop("perms", "write")}
    data = {"answer": "yes"} | given
    return flickr.send("POST", STEPS + "authorize", params=params, data=data, allow_redirects=False)


def test_login_with_a_typed_code(stand: Stand, flickr: Flickr) -> None:
    login = begin(flickr)
    shown = flickr.send("GET", STEPS + "authorize", params={"oauth_token": login["oauth_token"], "perms": "write"})
    assert "ver, subir y editar" in shown.text
    code = re.search(r"\d{3}-\d{3}-\d{3}", agree(flickr, login["oauth_token"]).text)
    assert code is not None
    secret = login["oauth_token_secret"]
    answer = step(flickr, "access_token", secret, token=login["oauth_token"], oauth_verifier=code[0])
    assert "user_nsid=200111222%40N03" in answer.text
    made = dict(parse_qsl(answer.text))
    assert (made["fullname"], made["username"]) == ("Instituto Nacional Penitenciario", "INPE Perú")
    fresh = Flickr(stand, token=(made["oauth_token"], made["oauth_token_secret"]))
    assert fresh.get("auth.oauth.checkToken")["oauth"]["perms"] == {"_content": "write"}
    again = step(flickr, "access_token", secret, token=login["oauth_token"], oauth_verifier=code[0])
    assert problem(again)["oauth_problem"] == "token_rejected"


def test_callback_is_decoded_once(flickr: Flickr) -> None:
    callback = "http://127.0.0.1:9/back?state=" + quote(quote("a&b c", safe=""), safe="")
    login = begin(flickr, callback)
    moved = agree(flickr, login["oauth_token"], nsid=flickr.stand.world.flickr.other_nsid)
    assert moved.status_code == 302
    query = parse_qs(urlsplit(moved.headers["Location"]).query)
    assert query["state"] == ["a&b c"]
    given = {"token": query["oauth_token"][0], "oauth_verifier": query["oauth_verifier"][0]}
    made = dict(parse_qsl(step(flickr, "access_token", login["oauth_token_secret"], **given).text))
    assert made["user_nsid"] == flickr.stand.world.flickr.other_nsid


def test_refusal_never_calls_back(flickr: Flickr) -> None:
    login = begin(flickr, "http://127.0.0.1:9/back")
    answer = agree(flickr, login["oauth_token"], answer="no")
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert agree(flickr, login["oauth_token"]).status_code == 400
    given = {"token": login["oauth_token"], "oauth_verifier": "x"}
    late = step(flickr, "access_token", login["oauth_token_secret"], **given)
    assert problem(late)["oauth_problem"] == "permission_denied"


def test_login_out_of_order(stand: Stand, flickr: Flickr) -> None:
    assert problem(step(flickr, "request_token"))["oauth_parameters_absent"] == "oauth_callback"
    login = begin(flickr)
    token, secret = login["oauth_token"], login["oauth_token_secret"]
    assert problem(step(flickr, "access_token", secret, token=token))["oauth_parameters_absent"] == "oauth_verifier"
    early = step(flickr, "access_token", secret, token=token, oauth_verifier="1")
    assert problem(early)["oauth_problem"] == "permission_denied"
    assert agree(flickr, token, perms="everything").status_code == 400
    agree(flickr, token)
    wrong = step(flickr, "access_token", secret, token=token, oauth_verifier="000-000-000")
    assert problem(wrong)["oauth_problem"] == "permission_denied"
    assert problem(Flickr(stand, token=(token, secret)).ask("test.login"))["oauth_problem"] == "token_rejected"
    stand.advance(hours=2)
    assert agree(flickr, token).status_code == 400


def test_login_steps_take_plaintext(flickr: Flickr) -> None:
    oauth = flickr.oauth("GET", STEPS + "request_token", {}, oauth_signature_method="PLAINTEXT", oauth_callback="oob")
    oauth.pop("oauth_token")
    oauth["oauth_signature"] = f"{flickr.key[1]}&"
    assert "oauth_callback_confirmed=true" in flickr.send("GET", STEPS + "request_token", params=oauth).text
