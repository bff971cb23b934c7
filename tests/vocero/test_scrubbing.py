"""Taking people and secrets out of what was recorded: what goes, what stays, what belongs together still does."""

import json
from typing import Any

import pytest

from connectors.facebook import FacebookConnector
from connectors.website import WebsiteConnector
from vocero.scrubbing import Scrubber
from vocero.vocabulary import words_of

TOKEN = "EAAB" + "x1" * 20


def scrubber(**changes: Any) -> Scrubber:
    settings: dict[str, Any] = {
        "secrets": {TOKEN: "PAGE_TOKEN", "abcd efgh ijkl": "APPLICATION_PASSWORD"},
        "known": {"421234": "APP_ID"},
        "words": {"post_media_view", "published", "urn", "li", "share", "v26.0", "comments"},
        "hosts": {"graph.facebook.com", "www.facebook.com"},
        "own_host": "www.inpe.gob.pe",
        "own": ("INPEgob",),
    }
    return Scrubber(**(settings | changes))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("", ""),
        ("status", "published"),
        ("name", "post_media_view"),
        ("created_time", "2026-09-05T14:33:01+0000"),
        ("date", "2026-09-05 14:33:01"),
        ("updated", "Sat, 05 Sep 2026 14:33:01 GMT"),
        ("viewCount", "12345678"),
        ("page", "12"),
        ("is_hidden", True),
        ("link", None),
        ("ratio", 1.25),
        ("total_count", 123456789),
        ("expires_at", 1795142992),
        ("author", 2),
    ],
)
def test_what_is_the_platforms_stays(name: str, value: object) -> None:
    assert scrubber().value({name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value", "made_up"),
    [
        ("name", "Rosa Quispe", "Baba Beba"),
        ("username", "rosa_quispe", "baba_beba"),
        ("handle", "@rosa.quispe99", "@baba.x0000001"),
        ("message", "¡ROSA, Rosa y rosa!", "¡BABA, Baba a baba!"),
        ("email", "rosa@correo.pe", "persona-1@correo.example"),
        ("text", "Escriba a rosa@correo.pe", "Baba a persona-1@correo.example"),
        ("phone", "+51 987-654-321", "+77 777-777-777"),
        ("text", "Llame al 987654321 o al 01 4567890", "Baba beba 900000001 a beba 77 9000002"),
        ("author_ip", "190.12.3.4", "192.0.2.1"),
        ("author_ip", "2800:200::1", "2001:db8::1"),
        ("picture", "https://scontent.example.net/v/t1/rosa.jpg?oh=00_AfB", "https://enlace-1.example/"),
        ("content", "<p class='rosa'>Hola <b>Rosa</b> &amp; co</p>", "<p>Baba <b>Beba</b> &amp; biba</p>"),
        ("content", '<a href="https://rosa.example/">x</a>', "<a>a</a>"),
        ("id", "104123456789_9001234", "900000000001_9000002"),
        ("id", 104123456789, 900000000001),
        ("urn", "urn:li:share:7012345678901", "urn:li:share:9000000000001"),
        ("videoId", "dQw4w9WgXcQ", "x0000000001"),
        ("after", "MgZDZD", "cursor-1"),
        ("nextPageToken", "CAUQAA1x" * 8, "cursor-1"),
        ("note", f"Bearer {TOKEN}", "Baba <PAGE_TOKEN>"),
        ("note", "abcdefghijkl", "<APPLICATION_PASSWORD>"),
        ("link", "https://www.inpe.gob.pe/2026/11/visita-a-rosa/", "https://www.oficina.example/2026/11/baba-a-beba/"),
        (
            "next",
            f"https://graph.facebook.com/v26.0/104123456789/comments?access_token={TOKEN}&after=MgZDZD&limit=25",
            "https://graph.facebook.com/v26.0/900000000002/comments?access_token=<PAGE_TOKEN>&after=cursor-1&limit=25",
        ),
    ],
)
def test_what_is_of_people_or_secret_is_made_up(name: str, value: object, made_up: object) -> None:
    given = scrubber()
    assert given.value({name: value}) == {name: made_up}
    assert given.refused == []


def test_the_same_is_made_up_alike_everywhere() -> None:
    given = scrubber()
    made = given.value(
        {
            "id": "104123456789_9001234",
            "from": {"id": 104123456789, "name": "Rosa"},
            "message": "Gracias, Rosa (104123456789)",
            "paging": {"after": "QVFIUm"},
        }
    )
    page = made["from"]["id"]
    assert made["id"].startswith(f"{page}_")
    assert str(page) in made["message"]
    assert made["from"]["name"] in made["message"]
    url = "https://graph.facebook.com/v26.0/104123456789_9001234/comments?after=QVFIUm"
    assert given.address(url) == f"https://graph.facebook.com/v26.0/{made['id']}/comments"
    assert given.query(url) == {"after": made["paging"]["after"]}
    assert given.text("104123456789", name="remote_id") == str(page)


def test_names_of_fields_stay_unless_they_name_somebody() -> None:
    made = scrubber().value({"a_b-c.d": 1, "24": 2, "urn:li:share:7012345678901": 3, "rosa@correo.pe": 4, TOKEN: 5})
    assert list(made) == ["a_b-c.d", "24", "urn:li:share:9000000000001", "persona-2@correo.example", "<PAGE_TOKEN>"]


def test_halves_of_characters_do_not_stay() -> None:
    given = scrubber()
    made = given.value(json.loads(r'{"\ud83d": "Rosa \ud83d", "n": "\ud83d\ude4f"}'))
    assert json.dumps(made, ensure_ascii=False).encode()
    assert made["n"] == "\U0001f64f"


def test_what_a_request_says_is_the_connectors_own() -> None:
    given = scrubber(words=())
    url = "https://api.x.example/2/users/by/INPEgob?fields=public_metrics,verified&page=2&page=3"
    assert given.text("users") == "baba"
    given.learn(url)
    assert given.address(url) == "https://api.x.example/2/users/by/Beba"
    assert given.query(url) == {"fields": "public_metrics,verified", "page": ["2", "3"]}


def test_what_a_connector_computes_from_a_secret_gets_a_name() -> None:
    given = scrubber()
    first, second = ("f" * 64, "e" * 64)
    url = "https://graph.facebook.com/v26.0/me?appsecret_proof="
    assert given.query(url + first) == {"appsecret_proof": "<APPSECRET_PROOF>"}
    assert given.query(url + second) == {"appsecret_proof": "<APPSECRET_PROOF_2>"}
    assert given.query(url + first) == {"appsecret_proof": "<APPSECRET_PROOF>"}
    assert given.query(f"https://graph.facebook.com/debug_token?input_token={TOKEN}") == {"input_token": "<PAGE_TOKEN>"}


def test_what_a_request_gives_by_form() -> None:
    encoded = f"grant_type=refresh&client_id=421234&token={TOKEN}&oauth_signature_method=HMAC&oauth_signature=a%2Fb%3D"
    given = scrubber(words=())
    given.learn("https://graph.facebook.com/token", encoded)
    assert given.form(encoded) == {
        "grant_type": "refresh",
        "client_id": "<APP_ID>",
        "token": "<PAGE_TOKEN>",
        "oauth_signature_method": "HMAC",
        "oauth_signature": "<OAUTH_SIGNATURE>",
    }


@pytest.mark.parametrize(
    ("header", "made_up"),
    [
        (f"Bearer {TOKEN}", "Bearer <PAGE_TOKEN>"),
        (f"Bearer 421234|{TOKEN}", "Bearer <APP_ID>|<PAGE_TOKEN>"),
        ("Bearer another", None),
        ('OAuth oauth_nonce="1", oauth_signature="x"', None),
        ("", None),
    ],
)
def test_a_login_is_named_or_left_out(header: str, made_up: str | None) -> None:
    assert scrubber().header(header) == made_up


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"data": [{"access_token": "123456|abcdef"}]}, "data.access_token"),
        ({"note": "EAABwzLixnjYBO1"}, "note"),
        ({"note": "mire: ya29.a0AfH6SMBx"}, "note"),
        ({"x": "eyJhbGciOiJIUzI1.eyJzdWIi"}, "x"),
        ({"x": "aB3" * 8}, "x"),
        ({"x": "0123456789abcdef" * 2}, "x"),
        ({"x": "https://graph.facebook.com/me?client_secret=abc"}, "x"),
    ],
)
def test_a_secret_that_is_not_ours_is_refused(value: dict[str, Any], place: str) -> None:
    given = scrubber()
    given.value(value)
    assert given.refused == [place]


@pytest.mark.parametrize(
    "value",
    [
        {"slug": "abrio-el-taller-de-panaderia-entrega-1"},
        {"id": "UgzDE1tPO3s5tyTzgUF4AaABAg"},
        {"etag": "aB3" * 8},
        {"password": ""},
        {"token_type": "bearer"},
        {"access_token": TOKEN},
        {"avatar": f"https://avatar.example.net/{'0123456789abcdef' * 4}?s=24&token=abcdefgh"},
    ],
)
def test_what_only_looks_secret_is_not_refused(value: dict[str, Any]) -> None:
    given = scrubber()
    given.value(value)
    assert given.refused == []


def test_what_is_left_is_found_at_the_end() -> None:
    given = scrubber()
    given.value({"message": "Rosa visita el penal"})
    assert given.left("message: Baba beba a bibo") == []
    assert given.left("x: Rosa visita el penal") == ["text"]
    assert given.left("x: rosa@correo.pe") == ["e-mail"]
    assert given.left("x: EAABwzLixnjYBO1") == ["token"]
    assert given.left(f"x: {TOKEN}") == ["<PAGE_TOKEN>", "token"]
    assert given.left("x: abcd%20efgh%20ijkl") == ["<APPLICATION_PASSWORD>"]


def test_the_words_of_a_connector_are_those_of_its_own_code() -> None:
    words, hosts = words_of(FacebookConnector)
    assert {"post_media_view", "pages_manage_posts", "PAGE", "v26.0", "permalink_url"} <= words
    assert "graph.facebook.com" in hosts
    assert "moderate_comments" not in words
    assert {"moderate_comments", "wp", "users"} <= words_of(WebsiteConnector)[0]
