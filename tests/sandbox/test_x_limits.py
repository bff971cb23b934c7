from typing import Any

import pytest
import requests

from sandbox import FaultPlan, FaultPlanError
from tests.sandbox.clients import Stand
from tests.sandbox.x_client import X, imitation, problem, reason, refresh

UNAUTHORIZED = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}


@pytest.fixture
def x(stand: Stand) -> X:
    return X(stand)


@pytest.fixture
def signer(stand: Stand) -> X:
    return X(stand, pair=(stand.world.x.access_token, stand.world.x.access_token_secret))


def test_no_credits_stop_reads_too(stand: Stand, x: X) -> None:
    poor = X(stand, token=stand.world.x.penniless_token)
    for answer in (poor.get("/2/users/me"), poor.tweet()):
        assert problem(answer) == (402, "credits")
        assert answer.json()["title"] == "CreditsDepleted"
    purse = imitation(stand).desk.purse
    purse.balance, purse.recharges = 200_000, False
    assert x.tweet("Más en https://www.gob.pe/inpe").status_code == 201
    assert problem(x.tweet("otra")) == (402, "credits")


def test_what_calls_cost(stand: Stand, x: X) -> None:
    purse = imitation(stand).desk.purse

    def cost(action: Any) -> int:
        before = purse.spent
        action()
        return purse.spent - before

    post = x.tweeted("sin enlace")
    (reply,) = stand.sandbox.grow(platform="x", remote_id=post)
    assert cost(lambda: x.tweeted("otra más")) == 15_000
    assert cost(lambda: x.tweeted("Lea inpe.gob.pe")) == 200_000
    assert cost(lambda: x.reply(reply)) == 10_000
    assert cost(lambda: x.tweet("sin enlace")) == 0
    assert cost(lambda: X(stand, token=x.world.other_token).seen(post)) == 5_000
    assert cost(lambda: x.seen(post)) == 0
    assert cost(lambda: x.get(f"/2/users/{x.world.user_id}/mentions")) == 1_000
    stand.advance(hours=10)
    fresh = X(stand, pair=(x.world.access_token, x.world.access_token_secret))
    assert cost(lambda: fresh.seen(post)) == 5_000
    assert cost(lambda: fresh.send("DELETE", f"/2/tweets/{post}")) == 10_000
    usage = X(stand, token=x.world.app_token).get("/2/usage/tweets", days=90).json()["data"]
    assert int(usage["project_usage"]) == sum(int(day["usage"]) for day in usage["daily_project_usage"]["usage"]) == 3


def test_rates_are_told_and_kept(stand: Stand, x: X) -> None:
    reset = int(stand.sandbox.clock().timestamp()) + 900
    for used in range(1, 76):
        headers = x.get("/2/users/me").headers
        assert headers["x-rate-limit-remaining"] == str(75 - used)
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-reset"]) == ("75", str(reset))
    answer = x.get("/2/users/me")
    assert problem(answer) == (429, "")
    assert answer.headers["x-rate-limit-remaining"] == "0"
    assert "Retry-After" not in answer.headers
    assert X(stand, token=x.world.other_token).get("/2/users/me").status_code == 200
    stand.advance(minutes=15)
    assert x.get("/2/users/me").status_code == 200


def test_day_limit_of_the_application_is_told(x: X) -> None:
    headers = x.tweet().headers
    assert (headers["x-app-limit-24hour-limit"], headers["x-app-limit-24hour-remaining"]) == ("10000", "9999")
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("100", "99")


def test_paths_that_nobody_has(x: X, signer: X) -> None:
    assert problem(x.get("/2/nothing")) == (404, "")
    assert problem(x.send("PATCH", "/2/tweets/1")) == (404, "")
    empty = x.get("/2/usage/credits")
    assert (empty.status_code, empty.content) == (404, b"")
    old = signer.send("POST", "/1.1/statuses/update.json", data={"status": "Hola"})
    assert (old.status_code, old.json()["errors"][0]["code"]) == (403, 453)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 402}, (402, "credits")),
        ({"status": 402, "code": "credits-depleted"}, (402, "credits-depleted")),
        ({"status": 400}, (400, "invalid-request")),
        ({"status": 401}, (401, "")),
        ({"status": 403}, (403, "")),
        ({"status": 403, "code": "client-forbidden"}, (403, "client-forbidden")),
        ({"status": 429}, (429, "")),
        ({"status": 429, "code": "usage-capped"}, (429, "usage-capped")),
        ({"status": 500}, (500, "")),
        ({"status": 503}, (503, "")),
    ],
)
def test_any_problem(stand: Stand, x: X, fault: dict[str, Any], expected: object) -> None:
    stand.plant({"kind": "status_before"} | fault)
    answer = x.tweet()
    assert problem(answer) == expected
    assert "x-rate-limit-reset" not in answer.headers
    assert stand.writes == []


def test_any_sentence_and_any_old_code(stand: Stand, x: X) -> None:
    stand.plant({"kind": "status_before", "status": 403, "message": "The Tweet contains an invalid URL."})
    assert reason(x.tweet()) == "The Tweet contains an invalid URL."
    stand.plant({"kind": "status_before", "status": 403, "code": 326, "message": "locked"})
    assert x.tweet().json() == {"errors": [{"code": 326, "message": "locked"}]}
    stand.plant({"kind": "status_before", "status": 503, "html": True})
    assert x.tweet().headers["Content-Type"].startswith("text/html")
    stand.plant({"kind": "status_before", "status": 302})
    moved = x.send("POST", "/2/tweets", json={"text": "Hola"}, allow_redirects=False)
    assert (moved.status_code, moved.headers["Location"]) == (302, "https://api.x.com/2/tweets")
    stand.plant({"kind": "status_before", "status": 400})
    assert refresh(stand, stand.world.x.refresh_token).json()["error"] == "invalid_request"


def test_throttling_in_its_own_ways(stand: Stand, x: X) -> None:
    now = int(stand.sandbox.clock().timestamp())
    stand.plant({"kind": "throttle", "minutes": 4})
    answer = x.tweet()
    assert problem(answer) == (429, "")
    assert (answer.headers["x-rate-limit-remaining"], answer.headers["x-rate-limit-reset"]) == ("0", str(now + 240))
    stand.plant({"kind": "throttle", "minutes": 600})
    headers = x.tweet().headers
    assert headers["x-rate-limit-remaining"] != "0"
    assert (headers["x-user-limit-24hour-remaining"], headers["x-user-limit-24hour-reset"]) == ("0", str(now + 36000))
    stand.plant({"kind": "throttle", "code": 88})
    assert x.tweet().json() == {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
    assert stand.writes == []


@pytest.mark.parametrize("kind", ["expired_token"])
def test_dead_tokens_by_plan(stand: Stand, x: X, kind: str) -> None:
    stand.plant({"kind": kind}, times=2)
    assert x.get("/2/users/me").json() == UNAUTHORIZED
    assert refresh(stand, stand.world.x.refresh_token).status_code == 400


@pytest.mark.parametrize(("kind", "entries"), [("drop_before", 0), ("drop_after", 1)])
def test_lost_answers(stand: Stand, x: X, kind: str, entries: int) -> None:
    stand.plant({"kind": kind}, match={"platform": "x", "operation": "publish"})
    with pytest.raises(requests.ConnectionError):
        x.tweet()
    assert len(stand.writes) == entries
    assert x.tweet().status_code == (201 if entries == 0 else 403)


def test_manners_are_named_and_unknown_ones_refused(stand: Stand) -> None:
    listed = stand.own("GET", "/_world").json()["manners"]["x"]
    assert listed == ["empty_history", "mixed_spelling", "post_spelling", "search_lag", "tweet_spelling"]
    stand.plant({"kind": "manner", "name": "empty_history"}, match={"platform": "x"})
    assert FaultPlan.parse(stand.sandbox.faults.to_json()) == stand.sandbox.faults
    with pytest.raises(FaultPlanError, match=r"fault.name: «nonsense» no existe"):
        stand.plant({"kind": "manner", "name": "nonsense"})
    with pytest.raises(FaultPlanError, match="falta «name»"):
        stand.plant({"kind": "manner"})
