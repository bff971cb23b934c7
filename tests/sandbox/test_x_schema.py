"""The sandbox's answers, and the requests that get them, against X's own public OpenAPI document.

The document is no part of the project: VOCERO_X_OPENAPI names it, else it is looked for beside the repository.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from jsonschema import Draft4Validator, FormatChecker

from sandbox.x.endpoints import ENDPOINTS
from sandbox.x.media import MEDIA_TYPES
from sandbox.x.params import MEDIA_FIELDS, PLACE_FIELDS, POLL_FIELDS, POST_FIELDS, USER_FIELDS
from sandbox.x.spelling import EXPANSIONS, OLD_NAMES
from sandbox.x.tokens import APP, OAUTH1, OAUTH2
from tests.sandbox.clients import Stand, animation
from tests.sandbox.x_client import MEDIA, X, film

FILE = Path(os.environ.get("VOCERO_X_OPENAPI") or Path(__file__).parents[3] / "shared/contracts/x-openapi-2.167.json")
if not FILE.is_file():
    pytest.skip("X's OpenAPI document is not here: name it in VOCERO_X_OPENAPI", allow_module_level=True)


class Contract:
    """The document, and what of it was used."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = _without_descriptions(document)
        self.used: set[tuple[str, str]] = set()
        self._patterns = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in self.document["paths"]}

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """Return the operation of a request; a literal path goes before one with variables."""
        found = [name for name, pattern in self._patterns.items() if pattern.fullmatch(path)]
        found = sorted(
            (name for name in found if method.lower() in self.document["paths"][name]), key=lambda n: n.count("{")
        )
        assert found, f"{method} {path} is no operation of the document"
        self.used.add((method, found[0]))
        return dict(self.document["paths"][found[0]][method.lower()])

    def resolve(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a reference means."""
        while "$ref" in node:
            node = self.document["components"][node["$ref"].split("/")[-2]][node["$ref"].split("/")[-1]]
        return node

    def check(self, value: Any, schema: Mapping[str, Any], where: str) -> None:
        """Check a value against a schema of the document."""
        whole = {**schema, "components": self.document["components"]}
        errors = [
            f"{'/'.join(str(step) for step in error.absolute_path)}: {error.message[:300]}"
            for error in Draft4Validator(whole, format_checker=FormatChecker()).iter_errors(value)
        ]
        assert not errors, f"{where}: {errors}"

    def check_exchange(self, answer: requests.Response) -> None:
        """Check a request and its answer."""
        asked = answer.request
        assert asked.url is not None
        parts = urlsplit(asked.url)
        path = "/" + parts.path.removeprefix("/").partition("/")[2]
        where = f"{asked.method} {path}"
        operation = self.operation(str(asked.method), path)
        self._check_query(parse_qs(parts.query, keep_blank_values=True), operation, where)
        content_type = asked.headers.get("Content-Type", "")
        if content_type == "application/json":
            body = json.loads(asked.body or "null")
            self.check(body, operation["requestBody"]["content"]["application/json"]["schema"], where)
        elif content_type.startswith("multipart/"):
            assert "multipart/form-data" in operation["requestBody"]["content"], where
        status = str(answer.status_code)
        given = operation["responses"].get(status) or operation["responses"]["default"]
        answered = answer.headers["Content-Type"].partition(";")[0]
        assert answered in given["content"], (where, answered)
        body = answer.json()
        self.check(body, given["content"][answered]["schema"], f"{where} -> {status}")
        if status.startswith("2"):
            self.check_known(body, given["content"][answered]["schema"], f"{where} -> {status}")

    def _check_query(self, query: dict[str, list[str]], operation: dict[str, Any], where: str) -> None:
        known = {}
        for node in operation.get("parameters", []):
            parameter = self.resolve(node)
            if parameter["in"] == "query":
                known[parameter["name"]] = parameter
        assert query.keys() <= known.keys(), where
        assert {name for name, parameter in known.items() if parameter.get("required")} <= query.keys(), where
        for name, (text,) in query.items():
            schema = self.resolve(known[name]["schema"])
            value: Any = text.split(",") if schema["type"] == "array" else text
            self.check(int(text) if schema["type"] == "integer" else value, schema, f"{where} {name}")

    def check_known(self, value: Any, schema: Mapping[str, Any], where: str) -> None:
        """Check that an answer holds no names that its schema does not: the document leaves most objects open."""
        schema = self.resolve(schema)
        if isinstance(value, list):
            for item in value:
                self.check_known(item, schema.get("items", {}), where)
        if not isinstance(value, dict) or not schema.get("properties"):
            return
        for name, item in value.items():
            assert name in schema["properties"], f"{where}: {name} is not in the document"
            self.check_known(item, schema["properties"][name], f"{where} {name}")


def _without_descriptions(node: Any) -> Any:
    """Return the document in JSON Schema's words: OpenAPI's `nullable` is a second type."""
    if isinstance(node, list):
        return [_without_descriptions(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {name: _without_descriptions(item) for name, item in node.items()}
    if made.pop("nullable", None) is True and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


@pytest.fixture
def contract(document: dict[str, Any]) -> Contract:
    return Contract(document)


@pytest.fixture
def x(stand: Stand, contract: Contract) -> X:
    """A client whose every exchange is checked; the sandbox speaks the names of 2.167."""
    client = X(stand)
    real = stand.session.request

    def checked(*args: Any, **kwargs: Any) -> requests.Response:
        answer = real(*args, **kwargs)
        if "/_" not in str(answer.request.url):
            contract.check_exchange(answer)
        return answer

    stand.session.request = checked  # type: ignore[method-assign]  # looks at all that passes
    new = {"kind": "manner", "name": "post_spelling"}
    stand.plant(new, match={"platform": "x"}, times=None)
    return client


ALL_POST_FIELDS = ",".join(sorted(POST_FIELDS - {"promoted_metrics"}))
ALL = {
    "post__fields": ALL_POST_FIELDS,
    "user__fields": ",".join(sorted(USER_FIELDS - {"pinned_post_id", "most_recent_post_id"})),
    "media__fields": ",".join(sorted(MEDIA_FIELDS)),
    "poll__fields": ",".join(sorted(POLL_FIELDS)),
    "expansions": (
        "author_id,in_reply_to_user_id,referenced_posts,attachments.media_keys,attachments.poll_ids,"
        "entities.mentions.username,edit_history_post_ids"
    ),
}


def test_whole_desk_speaks_as_the_document_says(stand: Stand, x: X, contract: Contract) -> None:
    x.get("/2/users/me", user__fields=ALL["user__fields"])
    pictures = [x.pictured(color) for color in ("red", "blue")]
    x.post("/2/media/metadata", {"id": pictures[0], "metadata": {"alt_text": {"text": "Una feria"}}})
    post = x.tweeted("Feria & más: https://www.gob.pe/inpe #Feria $ABC @muni", media={"media_ids": pictures})
    clip = x.filmed(film())
    track = x.uploaded(b"1\n00:00:00,000 --> 00:00:01,000\nHola\n", "text/srt", "subtitles")
    named = {"id": track, "language_code": "ES", "display_name": "Español"}
    x.post("/2/media/subtitles", {"id": clip, "media_category": "TweetVideo", "subtitles": named})
    gone = {"id": clip, "media_category": "TweetVideo", "language_code": "ES"}
    x.send("DELETE", "/2/media/subtitles", json=gone)
    film_post = x.tweeted("Video", media={"media_ids": [clip]}, reply_settings="mentionedUsers", made_with_ai=False)
    gif = x.uploaded(animation(), "image/gif", "tweet_gif")
    x.status(gif)
    poll = x.tweeted("¿Cuándo?", poll={"options": ["Lunes", "Martes"], "duration_minutes": 60})
    (reply,) = stand.sandbox.grow(platform="x", remote_id=post)
    own = x.reply(reply, "En Lima").json()["data"]["id"]
    x.send("PUT", f"/2/tweets/{reply}/hidden", json={"hidden": True})
    stand.advance(hours=1)
    x.get("/2/tweets", ids=f"{post},{film_post},{poll},{own},{reply},1", **ALL)
    for one in (post, film_post, poll, own, reply, "1"):
        x.get(f"/2/tweets/{one}", **ALL)
    x.get(f"/2/tweets/{reply}", post__fields="non_public_metrics,promoted_metrics")
    me = x.world.user_id
    first = x.get(f"/2/users/{me}/tweets", max_results=5, exclude="retweets", since_id="1", **ALL).json()
    assert first["meta"]["result_count"] == 4
    x.get(f"/2/users/{me}/mentions", start_time="2026-11-24T00:00:00Z", **ALL)
    x.get("/2/tweets/search/recent", query=f"conversation_id:{post} -from:INPEPeru", sort_order="recency", **ALL)
    x.get(f"/2/tweets/{post}/quote_tweets", **ALL)
    span = {"start_time": "2026-11-24T00:00:00Z", "end_time": "2026-11-25T00:00:00Z"}
    x.get("/2/tweets/analytics", ids=post, granularity="daily", analytics__fields="impressions,likes", **span)
    x.get("/2/tweets/counts/recent", query="feria", granularity="day")
    x.get(f"/2/users/{me}", user__fields=ALL["user__fields"])
    x.get("/2/users/by/username/nadie")
    X(stand, token=x.world.app_token).get("/2/usage/tweets", days=7)
    premium = X(stand, token=x.world.premium_token)
    long = premium.tweeted("Texto largo " * 40)
    edited = premium.tweet("Otro", edit_options={"previous_post_id": long}).json()["data"]["id"]
    premium.get(f"/2/tweets/{long}", **ALL)
    premium.get(f"/2/tweets/{edited}", **ALL)
    x.send("DELETE", f"/2/tweets/{post}")
    named_paths = {(e.method, re.sub(r"<(\w+)>", "{}", e.path)) for e in ENDPOINTS}
    used = {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in contract.used}
    assert used == named_paths


def test_refusals_speak_as_the_document_says(x: X) -> None:
    answers = [
        x.tweet("", media={"media_ids": ["1455952740635586573"]}),
        x.send("DELETE", "/2/tweets/1"),
        x.get("/2/users/1/tweets"),
        x.send("PUT", "/2/tweets/1/hidden", json={"hidden": True}),
        x.get(MEDIA, media_id="1"),
    ]
    assert [answer.status_code for answer in answers] == [400, 404, 404, 404, 404]


def test_both_spellings_differ_in_names_only(stand: Stand, document: dict[str, Any]) -> None:
    contract, x = Contract(document), X(stand)
    post = x.tweeted("Feria: https://www.gob.pe/inpe", media={"media_ids": [x.pictured()]})
    x.reply(post, "sigue")
    new_names = {old: new for new, old in OLD_NAMES.items()} | EXPANSIONS
    fields = [OLD_NAMES.get(name, name) for name in sorted(POST_FIELDS - {"promoted_metrics"})]
    expansions = ("author_id", "referenced_tweets.id", "in_reply_to_user_id", "attachments.media_keys")
    path = f"/2/users/{x.world.user_id}/tweets"
    asked_old = x.get(path, tweet__fields=",".join(fields), expansions=",".join(expansions)).json()
    wanted = ",".join(new_names.get(name, name) for name in expansions)
    asked_new = x.get(path, post__fields=ALL_POST_FIELDS, expansions=wanted).json()

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {new_names.get(name, name): renamed(item) for name, item in value.items()}
        return [renamed(item) for item in value] if isinstance(value, list) else value

    assert asked_old != asked_new
    assert renamed(asked_old) == asked_new
    schema = contract.operation("GET", path)["responses"]["200"]["content"]["application/json"]["schema"]
    contract.check(asked_new, schema, path)
    contract.check_known(asked_new, schema, path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": 5}, "is not of type 'string'"),
        ({"public_metrics": {"retweet_count": 1}}, "repost_count"),
        ({"created_at": None}, "is not of type 'string'"),
        ({"edit_history_tweet_ids": ["1"]}, "edit_history_tweet_ids is not in the document"),
    ],
)
def test_what_the_document_does_not_say_is_noticed(contract: Contract, change: dict[str, Any], words: str) -> None:
    schema = contract.operation("GET", "/2/tweets/1")["responses"]["200"]["content"]["application/json"]["schema"]
    data: dict[str, Any] = {"id": "1", "text": "Hola"}
    good = {"data": data, "errors": []}
    contract.check(good, schema, "good")
    contract.check_known(good, schema, "good")

    def check_both() -> None:
        contract.check({"data": data | change}, schema, "bad")
        contract.check_known({"data": data | change}, schema, "bad")

    with pytest.raises(AssertionError, match=words):
        check_both()


@pytest.mark.parametrize(
    ("name", "mine"),
    [
        ("PostFieldsParameter", POST_FIELDS),
        ("UserFieldsParameter", USER_FIELDS - {"pinned_post_id", "most_recent_post_id"}),
        ("MediaFieldsParameter", MEDIA_FIELDS),
        ("PollFieldsParameter", POLL_FIELDS),
        ("PlaceFieldsParameter", PLACE_FIELDS),
    ],
)
def test_fields_are_the_document_s(document: dict[str, Any], name: str, mine: frozenset[str]) -> None:
    assert mine == set(document["components"]["parameters"][name]["schema"]["items"]["enum"])


def test_media_types_are_the_document_s(document: dict[str, Any]) -> None:
    request = document["components"]["schemas"]["InitializeMediaUploadRequest"]
    assert set(MEDIA_TYPES) == set(request["properties"]["media_type"]["enum"])


def test_contexts_and_scopes_are_the_document_s(contract: Contract) -> None:
    names = {"OAuth2UserToken": OAUTH2, "UserToken": OAUTH1, "BearerToken": APP}
    for endpoint in ENDPOINTS:
        path = re.sub(r"<\w+>", "1", endpoint.path)
        security = {
            names[key]: scopes
            for one in contract.operation(endpoint.method, path)["security"]
            for key, scopes in one.items()
        }
        assert set(endpoint.contexts) == security.keys(), endpoint.path
        assert set(endpoint.scopes) == set(security.get(OAUTH2, [])), endpoint.path
