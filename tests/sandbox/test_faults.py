"""Every kind of fault, as a client meets it, and the plan's own rules."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox import FaultPlan, FaultPlanError, Match, Sandbox
from sandbox.faults import FaultDice
from tests.sandbox.clients import Graph, Rest, Stand, error, refusal

Write = Callable[[Stand], requests.Response]


def facebook_post(stand: Stand) -> requests.Response:
    graph = Graph(stand)
    return graph.post(f"/{graph.page}/feed", message="Hola")


def website_post(stand: Stand) -> requests.Response:
    return Rest(stand).post("/posts", title="Feria", content="Hola", status="publish")


both = pytest.mark.parametrize("write", [facebook_post, website_post])


@both
@pytest.mark.parametrize(("kind", "entries"), [("drop_before", 0), ("drop_after", 1)])
def test_drops(stand: Stand, write: Write, kind: str, entries: int) -> None:
    stand.plant({"kind": kind}, match={"method": "POST"})
    with pytest.raises(requests.ConnectionError):
        write(stand)
    assert len(stand.writes) == entries
    assert write(stand).ok


@both
@pytest.mark.parametrize(("kind", "entries"), [("status_before", 0), ("status_after", 1)])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_errors(stand: Stand, write: Write, kind: str, entries: int, status: int) -> None:
    stand.plant({"kind": kind, "status": status})
    answer = write(stand)
    assert (answer.status_code, len(stand.writes)) == (status, entries)
    assert "json" in answer.headers["Content-Type"]


@both
@pytest.mark.parametrize("kind", ["status_before", "status_after"])
def test_proxy_pages(stand: Stand, write: Write, kind: str) -> None:
    stand.plant({"kind": kind, "status": 502, "html": True})
    answer = write(stand)
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"status": 500}, (500, 1, None)),
        ({"status": 500, "code": 2}, (500, 2, None)),
        ({"status": 400, "code": 190, "subcode": 460}, (400, 190, 460)),
        ({"status": 403}, (403, 200, None)),
        ({"status": 400, "code": 368}, (400, 368, None)),
        ({"status": 400, "code": 506}, (400, 506, None)),
    ],
)
def test_any_facebook_error(stand: Stand, keys: dict[str, Any], expected: object) -> None:
    stand.plant({"kind": "status_before"} | keys)
    assert error(facebook_post(stand)) == expected


def test_website_maintenance_says_when_to_come_back(stand: Stand) -> None:
    stand.plant({"kind": "status_before", "status": 503, "retry_after": 600}, times=2)
    assert Rest(stand).get("/posts").headers["Content-Type"].startswith("text/html")
    answer = website_post(stand)
    assert (refusal(answer), answer.headers["Retry-After"]) == ((503, "wp_die"), "600")


def test_website_plugin_that_asks_for_the_user(stand: Stand) -> None:
    stand.plant({"kind": "status_before", "status": 401, "code": "incorrect_password"})
    assert refusal(Rest(stand).get("/posts")) == (401, "incorrect_password")


@pytest.mark.parametrize("code", [None, 4, 17, 32, 613, 80001])
def test_facebook_throttles_in_its_own_way(stand: Stand, code: int | None) -> None:
    stand.plant({"kind": "throttle", "minutes": 19} | ({"code": code} if code else {}))
    answer = facebook_post(stand)
    assert error(answer)[:2] == (400, code or 80001)
    usage = json.loads(answer.headers["X-Business-Use-Case-Usage"])
    (entry,) = usage[stand.world.facebook.page_id]
    assert (entry["type"], entry["call_count"], entry["estimated_time_to_regain_access"]) == ("pages", 100, 19)
    assert "Retry-After" not in answer.headers
    assert stand.writes == []


def test_website_throttles_with_a_page(stand: Stand) -> None:
    stand.plant({"kind": "throttle", "retry_after": 15})
    answer = website_post(stand)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    assert "<html" in answer.text


@both
@pytest.mark.parametrize(("when", "entries"), [("before", 0), ("after", 1)])
def test_slow_answers(stand: Stand, write: Write, when: str, entries: int) -> None:
    stand.plant({"kind": "slow", "seconds": 60, "when": when}, match={"method": "POST"})
    real = stand.session.request

    def impatient(*args: Any, **kwargs: Any) -> requests.Response:
        return real(*args, **(kwargs | {"timeout": 0.2}))

    stand.session.request = impatient  # type: ignore[method-assign]  # a client that gives up early
    with pytest.raises(requests.Timeout):
        write(stand)
    assert len(stand.writes) == entries


@both
def test_html_instead_of_json(stand: Stand, write: Write) -> None:
    stand.plant({"kind": "html"})
    answer = write(stand)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=UTF-8")
    assert len(stand.writes) == 1


@both
@pytest.mark.parametrize(
    ("how", "trouble"),
    [
        ("length", requests.exceptions.ChunkedEncodingError),
        ("chunk", requests.exceptions.ChunkedEncodingError),
        ("body", requests.exceptions.JSONDecodeError),
    ],
)
def test_truncated_answers(stand: Stand, write: Write, how: str, trouble: type[Exception]) -> None:
    stand.plant({"kind": "truncated", "how": how})
    with pytest.raises(trouble):
        write(stand).json()
    assert len(stand.writes) == 1


def test_junk_before_json(stand: Stand) -> None:
    stand.plant({"kind": "junk_before_json"})
    answer = website_post(stand)
    assert answer.status_code == 201
    assert "Notice" in answer.text.partition("{")[0]
    assert json.loads(answer.text[answer.text.index("{") :])["status"] == "publish"


def test_hidden_in_lists_for_some_reads(stand: Stand) -> None:
    stand.plant({"kind": "hidden_in_lists", "reads": 2}, match={"operation": "feed"})
    graph = Graph(stand)
    post = graph.feed()
    assert [graph.listed("published_posts") for _ in range(3)] == [[], [], [post]]
    assert graph.get(f"/{post}").status_code == 200
    assert len(stand.writes) == 1


def test_hidden_in_lists_for_some_time(stand: Stand) -> None:
    stand.plant({"kind": "hidden_in_lists", "seconds": 30}, match={"operation": "publish"}, times=2)
    graph, rest = Graph(stand), Rest(stand)
    post, article = graph.feed(published="false"), rest.create(slug="feria")["id"]
    graph.post(f"/{post}", is_published="true")
    rest.post(f"/posts/{article}", status="publish")
    assert graph.listed("published_posts") == rest.get("/posts", slug="feria").json() == []
    assert rest.get(f"/posts/{article}").json()["status"] == "publish"
    stand.advance(seconds=31)
    assert graph.listed("published_posts") == [post]
    assert [item["id"] for item in rest.get("/posts", slug="feria").json()] == [article]


def test_answer_and_state_faults_strike_together(stand: Stand) -> None:
    feed = {"operation": "feed"}
    plan = {
        "rules": [
            {"match": feed, "fault": {"kind": "drop_after"}},
            {"match": feed, "fault": {"kind": "hidden_in_lists", "reads": 1}},
        ]
    }
    stand.sandbox.plant(FaultPlan.parse(plan))
    with pytest.raises(requests.ConnectionError):
        facebook_post(stand)
    graph = Graph(stand)
    assert [len(graph.listed("published_posts")) for _ in range(2)] == [0, 1]


FACTS = Match(platform="facebook", host="graph.facebook.com", method="POST", path="/v26.0/1/feed", operation="feed")


@pytest.mark.parametrize(
    ("match", "strikes"),
    [
        ({}, True),
        ({"platform": "facebook"}, True),
        ({"platform": "website"}, False),
        ({"host": "graph-video.facebook.com"}, False),
        ({"method": "post"}, True),
        ({"method": "GET"}, False),
        ({"path": "/feed$"}, True),
        ({"path": "^/feed"}, False),
        ({"operation": "feed", "method": "POST"}, True),
        ({"operation": "publish", "method": "POST"}, False),
    ],
)
def test_all_of_match_must_hold(match: dict[str, str], strikes: bool) -> None:
    plan = FaultPlan.parse({"rules": [{"match": match, "fault": {"kind": "html"}}]})
    assert bool(FaultDice(plan).throw(FACTS)) is strikes


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, "x---"),
        ({"times": 2}, "xx--"),
        ({"after": 2}, "--x-"),
        ({"after": 1, "times": None}, "-xxx"),
        ({"times": 0}, "----"),
    ],
)
def test_after_and_times(rule: dict[str, Any], expected: str) -> None:
    dice = FaultDice(FaultPlan.parse({"rules": [{"fault": {"kind": "html"}, **rule}]}))
    assert "".join("x" if dice.throw(FACTS) else "-" for _ in range(4)) == expected


def test_same_seed_same_faults() -> None:
    def struck(seed: int) -> list[bool]:
        rule = {"fault": {"kind": "html"}, "times": None, "probability": 0.5}
        dice = FaultDice(FaultPlan.parse({"seed": seed, "rules": [rule]}))
        return [bool(dice.throw(FACTS)) for _ in range(64)]

    assert struck(7) == struck(7) != struck(8)
    assert 10 < sum(struck(7)) < 54


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "no es JSON"),
        ([], "el plan: debe ser un objeto"),
        ({"rule": []}, "no se conoce «rule»"),
        ({"rules": {}}, "rules: debe ser una lista"),
        ({"seed": "x"}, "seed"),
        ({"rules": [{}]}, "rules[0]: falta «fault»"),
        ({"rules": [{"fault": {}}]}, "rules[0].fault"),
        ({"rules": [{"fault": {"kind": "explode"}}]}, "«explode» no existe"),
        ({"rules": [{"fault": {"kind": "slow"}}]}, "falta «seconds»"),
        ({"rules": [{"fault": {"kind": "hidden_in_lists"}}]}, "falta «seconds» o «reads»"),
        ({"rules": [{"fault": {"kind": "slow", "seconds": -1}}]}, "no puede ser negativo"),
        ({"rules": [{"fault": {"kind": "slow", "seconds": 1, "when": "never"}}]}, "before, after"),
        ({"rules": [{"fault": {"kind": "html", "status": 500}}]}, "no se conoce «status»"),
        ({"rules": [{"fault": {"kind": "status_after", "status": "500"}}]}, "tipo esperado"),
        ({"rules": [{"fault": {"kind": "html"}, "times": -1}]}, "desde 0"),
        ({"rules": [{"fault": {"kind": "html"}, "probability": 2}]}, "de 0 a 1"),
        ({"rules": [{"fault": {"kind": "html"}, "match": {"path": "("}}]}, "expresión regular"),
        ({"rules": [{"fault": {"kind": "html"}, "match": {"operation": 5}}]}, "debe ser un texto"),
    ],
)
def test_bad_plans_say_where_and_why(document: object, words: str) -> None:
    with pytest.raises(FaultPlanError) as raised:
        FaultPlan.parse(document)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "match",
    [
        {"operation": "publlish"},
        {"host": "graph.facebook.org"},
        {"platform": "web"},
        {"platform": "website", "operation": "feed"},
    ],
)
def test_names_that_nobody_has_are_refused(match: dict[str, str]) -> None:
    with Sandbox() as sandbox, pytest.raises(FaultPlanError, match="no existe"):
        sandbox.plant(FaultPlan.parse({"rules": [{"match": match, "fault": {"kind": "html"}}]}))


def test_plan_survives_its_own_document() -> None:
    plan = FaultPlan.parse(
        {
            "seed": 3,
            "rules": [
                {
                    "match": {"operation": "feed"},
                    "fault": {"kind": "slow", "seconds": 2, "when": "after"},
                    "times": None,
                },
                {"fault": {"kind": "throttle", "code": 4, "minutes": 9}, "after": 3, "probability": 0.25},
            ],
        }
    )
    assert FaultPlan.parse(json.dumps(plan.to_json())) == plan
