"""Every row of the sheet's error table, as a table."""

import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import requests

from connectors.errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
)
from connectors.http import visible_write
from connectors.x_errors import DUPLICATE, INVALID_MEDIA, TABLE, NoCredits, Refusal, refusal, wait_of

UNCLEAR = "You are not permitted to perform this action."


def answer(status: int, body: Any = None, headers: dict[str, str] | None = None) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = b"<html>" if body is None else json.dumps(body).encode()
    response.headers.update(headers or {})
    return response


def problem(detail: str = "", kind: str = "") -> dict[str, object]:
    return {"title": "x", "detail": detail, "type": f"https://api.x.com/2/problems/{kind}" if kind else "about:blank"}


def number(code: int) -> dict[str, object]:
    return {"errors": [{"code": code, "message": "m"}]}


# status, body, what it means in a visible write (elsewhere an unknown outcome is Unavailable), code
ROWS: list[tuple[int, Any, type[ConnectorError], str]] = [
    (400, problem("Your media IDs are invalid.", "invalid-request"), Rejected, INVALID_MEDIA),
    (400, number(324), Rejected, INVALID_MEDIA),
    (400, problem("Your Tweet text is too long. For more"), Rejected, "too-long"),
    (403, problem("Your Tweet text is too long. For more"), Rejected, "too-long"),
    (403, number(186), Rejected, "too-long"),
    (400, {**problem(kind="invalid-request"), "errors": [{"message": "bad"}]}, Rejected, "invalid-request"),
    (400, number(215), NotAuthorized, "#215"),
    (401, problem("Unauthorized"), TokenRefused, ""),
    (401, number(32), TokenRefused, "#32"),
    (401, number(89), TokenRefused, "#89"),
    (401, number(135), NotAuthorized, "#135"),
    (401, None, TokenRefused, "not-json"),
    (402, problem("no credits", "credits"), NoCredits, "no-credits"),
    (402, problem("credits depleted", "credits-depleted"), NoCredits, "no-credits"),
    (403, problem("You are not allowed to create a Tweet with duplicate content."), Rejected, DUPLICATE),
    (403, number(187), Rejected, DUPLICATE),
    (403, problem(UNCLEAR), Rejected, ""),
    (403, {"title": "Forbidden", "detail": "Forbidden", "type": "about:blank", "status": 403}, NotAuthorized, "bare"),
    (403, {}, NotAuthorized, "bare"),
    (403, problem("Reply to this conversation is not allowed because you have not…"), Rejected, "reply-refused"),
    (
        403,
        problem("You can only reply to or quote posts where you are…", "not-authorized-for-resource"),
        Rejected,
        "reply-refused",
    ),
    (403, problem("Quoting this post is not allowed because you have not…"), Rejected, "reply-refused"),
    (
        403,
        problem("You attempted to reply to a Tweet that is deleted or not visible to you."),
        Rejected,
        "reply-refused",
    ),
    (403, number(385), Rejected, "reply-refused"),
    (403, number(433), Rejected, "reply-refused"),
    (403, problem("x", "oauth1-permissions"), NotAuthorized, "oauth1-permissions"),
    (403, problem("x", "unsupported-authentication"), NotAuthorized, "unsupported-authentication"),
    (403, problem("x", "client-forbidden") | {"reason": "client-not-enrolled"}, NotAuthorized, "client-forbidden"),
    (403, number(261), NotAuthorized, "#261"),
    (403, number(453), NotAuthorized, "#453"),
    (403, problem("The Tweet contains an invalid URL."), Rejected, ""),
    (403, problem("This user is not allowed to post a video longer than 2 minutes."), Rejected, ""),
    (403, problem("You may not use more than one cashtag."), Rejected, ""),
    (403, number(64), Blocked, "#64"),
    (403, number(326), Blocked, "#326"),
    (403, number(185), RateLimited, "#185"),
    (403, number(226), Rejected, "#226"),
    (404, problem("gone", "resource-not-found"), Gone, "resource-not-found"),
    (409, problem("conflict"), Unavailable, ""),
    (429, problem("Too Many Requests"), RateLimited, ""),
    (429, number(88), RateLimited, "#88"),
    (429, problem("cap", "usage-capped"), NoCredits, "usage-capped"),
    (500, problem("x", "internal-error"), OutcomeUnknown, "internal-error"),
    (500, number(131), OutcomeUnknown, "#131"),
    (503, number(130), OutcomeUnknown, "#130"),
    (502, None, OutcomeUnknown, "not-json"),
    (504, None, OutcomeUnknown, "not-json"),
    (302, None, OutcomeUnknown, "not-json"),
    (404, None, OutcomeUnknown, "not-json"),
    (418, problem("teapot"), Rejected, ""),
]


@pytest.mark.parametrize(("status", "body", "meaning", "code"), ROWS)
@pytest.mark.parametrize("in_public", [True, False])
def test_refusal_means_what_must_happen_next(
    status: int, body: Any, meaning: type[ConnectorError], code: str, in_public: bool
) -> None:
    with visible_write() if in_public else nullcontext():
        error = refusal(answer(status, body), ())
    expected = Unavailable if meaning is OutcomeUnknown and not in_public else meaning
    assert (type(error), error.status, error.code) == (expected, status, code)


def test_every_row_of_the_table_can_be_reached() -> None:
    reached = {id(Refusal.parse(status, body).row) for status, body, _meaning, _code in ROWS}
    others = [
        (403, problem("Your account is suspended and …")),
        (403, problem("Your account is temporarily locked")),
        (403, problem("The token lacks the scope media.write")),
        (408, problem()),
        (400, None),
        (200, number(88)),
    ]
    reached |= {id(Refusal.parse(status, body).row) for status, body in others}
    assert [row for row in TABLE if id(row) not in reached] == []


@pytest.mark.parametrize(
    "body",
    [
        {"errors": None},
        {"errors": "x"},
        {"errors": [None, 3, {"code": None}, {"code": [1]}]},
        {"type": 7, "title": [], "detail": {}},
        {"type": "about:blank", "errors": [{"type": "https://api.twitter.com/2/problems/"}]},
    ],
)
def test_misshapen_errors_still_mean_what_their_status_says(body: dict[str, object]) -> None:
    assert type(refusal(answer(401, body), ())) is TokenRefused


def test_secrets_that_a_platform_repeats_are_taken_out() -> None:
    error = refusal(answer(401, problem("token geheim-123 is bad")), ("geheim-123",))
    assert "geheim" not in f"{error} {error.detail}"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1795446060"}, timedelta(minutes=1)),
        ({"x-rate-limit-reset": "1795446060"}, timedelta(minutes=1)),
        ({"x-rate-limit-reset": "1795440000"}, timedelta(0)),
        (
            {
                "x-rate-limit-reset": "1795446060",
                "x-rate-limit-remaining": "0",
                "x-app-limit-24hour-remaining": "0",
                "x-app-limit-24hour-reset": "1795449600",
            },
            timedelta(hours=1),
        ),
        (
            {"x-rate-limit-reset": "1795446060", "x-app-limit-24hour-remaining": "9", "x-app-limit-24hour-reset": "9"},
            timedelta(minutes=1),
        ),
        ({"x-rate-limit-reset": "soon"}, None),
        ({"x-rate-limit-reset": "9" * 40}, None),
        ({"x-rate-limit-reset": "-1795446060"}, None),
        # headers that are wrong: no bucket lasts longer
        ({"x-rate-limit-reset": "99999999999"}, timedelta(minutes=15)),
        (
            {"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": "1899446060"},
            timedelta(hours=24),
        ),
        ({"x-rate-limit-reset": "1795446060", "date": "yesterday"}, timedelta(0)),
        ({"x-rate-limit-reset": "1795446060", "date": "Fri, 31 Dec 9999 23:59:59 -1400"}, timedelta(0)),
        ({"x-rate-limit-reset": "1795446060", "date": "Mon, 01 Jan 2001 00:00:00 GMT"}, timedelta(minutes=15)),
        ({}, None),
    ],
)
def test_wait_is_that_of_the_spent_bucket_by_the_platforms_clock(
    headers: dict[str, str], expected: timedelta | None
) -> None:
    # 1795446000
    assert (
        wait_of(requests.structures.CaseInsensitiveDict({"date": "Mon, 23 Nov 2026 15:00:00 GMT"} | headers))
        == expected
    )


def test_daily_limit_without_a_time_waits_some_hours() -> None:
    error = refusal(answer(403, number(185)), ())
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(hours=3)


def test_staff_are_told_what_to_do_of_every_refusal() -> None:
    silent = [row for row in TABLE if row.meaning in (Rejected, NotAuthorized) and not row.sentence]
    assert silent == []


def test_a_query_that_is_refused_is_not_called_the_fault_of_the_content() -> None:
    response = answer(400, problem(kind="invalid-request"))
    response.request = requests.Request("GET", "https://api.twitter.com/2/users/777/tweets").prepare()
    assert "consulta" in refusal(response, ()).sentence
    response.request = requests.Request("POST", "https://api.twitter.com/2/tweets").prepare()
    assert "mensaje" in refusal(response, ()).sentence


def test_a_dead_token_may_be_renewed_and_a_wrong_clock_not() -> None:
    assert type(refusal(answer(401, number(135)), ())) is NotAuthorized
    assert "reloj" in refusal(answer(401, number(135)), ()).sentence
    assert isinstance(refusal(answer(401, number(89)), ()), TokenRefused)
