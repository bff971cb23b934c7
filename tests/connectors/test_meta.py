"""What Meta's codes mean, row by row of the sheet's table 6.2, and how a failed call is told."""

import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import requests
import responses

from connectors.errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from connectors.http import Door, visible_write
from connectors.meta import API_VERSION, DEFAULT_WAIT, HOST, Graph, WrongOffset, appsecret_proof
from connectors.meta_errors import GraphError
from connectors.meta_values import parse_time
from core.platforms import Platform

TOKEN = "EAAB" + "x" * 40
ADDRESS = f"{HOST}/{API_VERSION.name}/me"


def graph(app_secret: str = "") -> Graph:
    return Graph(Door(), Platform.INSTAGRAM, TOKEN, app_secret=app_secret)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([(1, 0), (1, 99), (2, 0), (1, 1609010), (2, 1363047)], OutcomeUnknown),
        ([(1, 2853006), (3, 0), (10, 0), (102, 0), (104, 0), (1705, 0)], NotAuthorized),
        ([(190, sub) for sub in (0, 458, 459, 460, 463, 464, 467, 492, 2069032)], NotAuthorized),
        ([(200, 0), (210, 0), (299, 0), (200, 1404078)], NotAuthorized),
        ([(368, 0), (368, 1346003), (200, 1404112), (200, 1404006), (200, 4854002)], Blocked),
        (
            [(4, 0), (17, 0), (32, 0), (80001, 0), (80002, 0), (341, 0), (613, 0), (613, 1996), (1, 1390008)],
            RateLimited,
        ),
        ([(100, 0), (100, 1366046), (12, 0), (2500, 0), (803, 0), (3001, 1504028), (506, 0)], Rejected),
        ([(200, 2069030), (200, 2069031), (200, 2069033), (100, 1404102), (100, 1609008)], Rejected),
        (
            [(382, 0), (389, 0), (6000, 0), (1609005, 0), (100, 1609005), (2874008, 0), (2932001, 0), (2932010, 0)],
            Rejected,
        ),
        ([(6001, 0), (6001, 1363037)], Unavailable),
        ([(100, 33)], Gone),
        ([(300, 0), (2932011, 0), (999999, 0)], Rejected),
        ([(0, 0)], OutcomeUnknown),
    ],
)
def test_code_means_what_must_happen_next(codes: list[tuple[int, int]], expected: type[ConnectorError]) -> None:
    meanings = {code: GraphError(*code).meaning(400) for code in codes}
    assert meanings == dict.fromkeys(codes, expected)


@pytest.mark.parametrize(("status", "expected"), [(400, Rejected), (500, OutcomeUnknown), (None, OutcomeUnknown)])
def test_undescribed_code_is_told_by_its_status(status: int | None, expected: type[ConnectorError]) -> None:
    assert GraphError(code=7654321).meaning(status) is expected


def test_too_heavy_request_is_the_content_and_no_accident() -> None:
    error = GraphError.parse({"code": 1, "message": "Please reduce the amount of data you're asking for"})
    assert error.meaning(500) is Rejected


@pytest.mark.parametrize(
    "error", [{}, {"code": None}, {"code": "x", "error_subcode": []}, {"message": None, "is_transient": "yes"}]
)
def test_misshapen_error_is_still_an_error(error: dict[str, object]) -> None:
    assert GraphError.parse(error) == GraphError(code=0)


def asked(answer: dict[str, Any], *, visible: bool = False) -> ConnectorError:
    with responses.RequestsMock() as mock:
        mock.get(ADDRESS, **answer)
        with pytest.raises(ConnectorError) as caught, visible_write() if visible else nullcontext():
            graph().get("me")
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"error": {"code": 1}}, "status": 500},
        {"body": "<html>", "content_type": "text/html", "status": 502},
        {"body": "", "content_type": "application/json"},
        {"body": '{"id"', "content_type": "application/json"},
        {"body": "{}", "content_type": None},
        {"json": {"error": {}}},
        {"json": {"error": "no"}},
        {"json": {"error": None}},
        {"json": {"id": "1"}, "status": 503},
        {"json": {"id": "1"}, "status": 307},
        {"json": ["id"]},
        {"body": "null", "content_type": "application/json"},
        {"body": b"\x89PNG", "content_type": "image/png", "status": 500},
        {"body": requests.ReadTimeout("Read timed out")},
    ],
)
def test_unclear_answer_is_unknown_only_where_the_public_could_see_it(answer: dict[str, Any]) -> None:
    assert type(asked(answer)) is Unavailable
    assert type(asked(answer, visible=True)) is OutcomeUnknown


def test_error_names_its_platform_status_and_code() -> None:
    error = asked({"json": {"error": {"code": 190, "error_subcode": 463, "fbtrace_id": "A1"}}, "status": 400})
    assert (error.platform, error.status, error.code) == (Platform.INSTAGRAM, 400, "190/463")


@pytest.mark.parametrize(
    ("usage", "wait"),
    [
        ("", DEFAULT_WAIT),
        ("not json", DEFAULT_WAIT),
        ("[]", DEFAULT_WAIT),
        ('{"1": [{"type": "pages"}]}', DEFAULT_WAIT),
        ('{"1": [{"estimated_time_to_regain_access": 0}]}', DEFAULT_WAIT),
        (
            '{"1": [{"estimated_time_to_regain_access": 5}], "2": [{"estimated_time_to_regain_access": 40}]}',
            timedelta(minutes=40),
        ),
    ],
)
def test_throttle_waits_for_the_longest_time_named(usage: str, wait: timedelta) -> None:
    error = asked({"json": {"error": {"code": 80001}}, "headers": {"X-Business-Use-Case-Usage": usage}, "status": 400})
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


def test_wrong_offset_tells_the_right_one() -> None:
    error = asked(
        {
            "json": {
                "error": {
                    "code": 6001,
                    "error_subcode": 1363037,
                    "error_data": {"start_offset": "3", "end_offset": "9"},
                }
            }
        }
    )
    assert isinstance(error, WrongOffset)
    assert (error.start, error.end) == (3, 9)


def test_wrong_offset_without_offsets_is_only_unavailable() -> None:
    error = asked({"json": {"error": {"code": 6001, "error_subcode": 1363037, "error_data": {}}}})
    assert type(error) is Unavailable


def test_token_travels_in_a_header_and_in_no_address() -> None:
    with responses.RequestsMock() as mock:
        mock.get(ADDRESS, json={"id": "1"})
        mock.post(ADDRESS, json={"success": True})
        mock.delete(ADDRESS, json={"success": True})
        speaker = graph(app_secret="s" * 32)
        speaker.get("me", fields="id")
        speaker.post("me", {"a": "1"}, fields="id")
        speaker.delete("me")
        for call in mock.calls:
            assert call.request.headers["Authorization"] == f"Bearer {TOKEN}"
            assert TOKEN not in str(call.request.url) + str(call.request.body)
            assert f"appsecret_proof={appsecret_proof(TOKEN, 's' * 32)}" in str(call.request.url)
            assert "s" * 32 not in str(call.request.url)


def test_call_leaves_the_callers_form_alone() -> None:
    form = {"message": "Hola"}
    with responses.RequestsMock() as mock:
        mock.post(ADDRESS, json={"id": "1"})
        graph().post("me", form)
    assert form == {"message": "Hola"}


def test_proof_is_the_keyed_digest_of_the_token() -> None:
    # RFC 4231, test case 2
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert appsecret_proof("what do ya want for nothing?", "Jefe") == expected


def test_answer_of_an_earlier_call_does_not_colour_a_later_failure() -> None:
    speaker = graph()
    with responses.RequestsMock() as mock:
        mock.get(ADDRESS, json={"error": {"code": 100}}, status=400)
        with pytest.raises(Rejected):
            speaker.get("me")
        mock.replace("GET", ADDRESS, body=requests.ConnectionError("reset"))
        with pytest.raises(Unavailable) as caught:
            speaker.get("me")
    assert caught.value.status is None


@pytest.mark.parametrize("text", [None, "", "2026-09-05", 5])
def test_time_that_is_none(text: object) -> None:
    assert parse_time(text) is None


def test_detail_is_cut_and_holds_no_token() -> None:
    error = asked({"json": {"error": {"code": 190, "message": f"Malformed access token {TOKEN} " + "x" * 900}}})
    assert len(error.detail) == 500
    assert TOKEN not in json.dumps([error.detail, str(error)])
