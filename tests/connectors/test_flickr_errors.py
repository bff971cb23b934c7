"""What Flickr's failures mean, row by row of the sheet's tables, and how a failed call is told."""

import logging
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import requests
import responses

from connectors.errors import (
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.flickr_api import REST_URL, FlickrApi
from connectors.flickr_errors import (
    ADD_COMMENT,
    ADD_TO_ALBUM,
    CREATE_ALBUM,
    PHOTO_STATS,
    SET_LICENSE,
    UPLOAD,
    AccountFull,
    AlreadyDone,
    KeyDisabled,
    WrongClock,
    meaning_of,
    meaning_of_problem,
    meaning_of_status,
)
from connectors.http import Door, visible_write
from tests.connectors.flickr_account import KEYS

PERMS = "flickr.photos.setPerms"


@pytest.mark.parametrize(
    ("method", "codes", "expected"),
    [
        # 6.2
        (PERMS, (0, 105, 201), Unavailable),
        (PERMS, (106,), OutcomeUnknown),
        (PERMS, (1,), Gone),
        (PERMS, (2, 116), Rejected),
        (PERMS, (5, 98, 99), NotAuthorized),
        (PERMS, (100,), KeyDisabled),
        (PERMS, (95, 96, 97, 111, 112, 114, 115), Unsupported),
        (PERMS, (77, 12345), Rejected),
        # 6.3
        (UPLOAD, (0, 105), Unavailable),
        (UPLOAD, (3, 106), OutcomeUnknown),
        (UPLOAD, (2, 95), Unsupported),
        (UPLOAD, (1, 4, 5, 8, 10, 11, 12, 13, 116), Rejected),
        (UPLOAD, (6, 7), AccountFull),
        (UPLOAD, (9,), AlreadyDone),
        (UPLOAD, (14,), RateLimited),
        (UPLOAD, (98, 99), NotAuthorized),
        # 2.3, 2.4, 3.3, 4: the same numbers mean other things (trap 9)
        (SET_LICENSE, (1,), Gone),
        (SET_LICENSE, (2,), Rejected),
        (CREATE_ALBUM, (1,), Rejected),
        (CREATE_ALBUM, (2,), Gone),
        (CREATE_ALBUM, (3,), AccountFull),
        (ADD_TO_ALBUM, (1, 2), Gone),
        (ADD_TO_ALBUM, (3,), AlreadyDone),
        (ADD_TO_ALBUM, (10,), Rejected),
        (ADD_COMMENT, (1,), Gone),
        (ADD_COMMENT, (8,), Rejected),
        (ADD_COMMENT, (9,), RateLimited),
        (ADD_COMMENT, (99,), NotAuthorized),
        (PHOTO_STATS, (1, 2), Rejected),
        (PHOTO_STATS, (3,), Unsupported),
        (PHOTO_STATS, (4,), Gone),
    ],
)
def test_code_means_what_must_happen_next(method: str, codes: tuple[int, ...], expected: type[ConnectorError]) -> None:
    assert {code: meaning_of(method, code) for code in codes} == dict.fromkeys(codes, expected)


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        (("signature_invalid", "token_rejected", "permission_denied", "parameter_absent", ""), NotAuthorized),
        (("timestamp_refused",), WrongClock),
        (("nonce_used",), OutcomeUnknown),
    ],
)
def test_oauth_problem_means_what_must_happen_next(problems: tuple[str, ...], expected: type[ConnectorError]) -> None:
    assert {problem: meaning_of_problem(problem) for problem in problems} == dict.fromkeys(problems, expected)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((401,), NotAuthorized),
        ((413,), Rejected),
        ((429,), RateLimited),
        ((200, 302, 403, 404, 500, 502, 503, 504), OutcomeUnknown),
    ],
)
def test_status_counts_where_the_body_says_nothing(statuses: tuple[int, ...], expected: type[ConnectorError]) -> None:
    assert {status: meaning_of_status(status) for status in statuses} == dict.fromkeys(statuses, expected)


@pytest.mark.parametrize("error", [AlreadyDone, AccountFull, KeyDisabled, WrongClock])
def test_special_cases_have_a_sentence_of_their_own(error: type[ConnectorError]) -> None:
    assert "Flickr" in error.sentence
    assert error.sentence.endswith(".")


def asked(answer: dict[str, Any], *, visible: bool = False) -> ConnectorError:
    with responses.RequestsMock() as mock:
        mock.post(REST_URL, **answer)
        with pytest.raises(ConnectorError) as caught, visible_write() if visible else nullcontext():
            FlickrApi(Door(), KEYS).post(PERMS, photo_id="1", is_public="1")
    return caught.value


XML = '<?xml version="1.0"?>'


@pytest.mark.parametrize(
    "answer",
    [
        {"body": ""},
        {"body": "<!DOCTYPE html><html><body>panda</body></html>", "content_type": "text/html"},
        {"body": "<html/>", "status": 500},
        {"body": "upstream", "status": 502},
        {"body": '{"stat":"ok"'},
        {"body": '{"stat":"maybe"}'},
        {"body": '{"stat":"fail"}'},
        {"body": '{"stat":"fail","code":"x","message":[]}'},
        {"body": '{"stat":"fail","code":true}'},
        {"body": '{"stat":"ok"}', "status": 503},
        {"body": '{"stat":"ok"}', "status": 301},
        {"json": ["ok"]},
        {"body": "null"},
        {"body": "{" * 100_000},
        {"body": '{"a":' * 100_000},
        {"body": "jsonFlickrApi({})"},
        {"body": "\xff\xfe{".encode("latin-1")},
        {"body": '{"stat":"ok"}'.encode("utf-16")},
        {"body": b"\x89PNG\r\n"},
        {"body": f'{XML}<rsp stat="ok">'},
        {"body": f'{XML}<rsp stat="fail"></rsp>'},
        {"body": f'{XML}<rsp stat="fail"><err msg="?"/></rsp>'},
        {"body": f"{XML}<rsp></rsp>"},
        {"body": f'{XML}<html stat="ok"/>'},
        {"body": f'{XML}<!DOCTYPE rsp [<!ENTITY a "b">]><rsp stat="ok">&a;</rsp>'},
        {"body": f"{XML}<rsp stat='ok'>\x01</rsp>"},
        {"body": requests.ReadTimeout("Read timed out")},
    ],
)
def test_unclear_answer_is_unknown_only_where_the_public_could_see_it(answer: dict[str, Any]) -> None:
    assert type(asked(answer)) is Unavailable
    assert type(asked(answer, visible=True)) is OutcomeUnknown


def test_huge_answer_is_not_read_to_its_end() -> None:
    error = asked({"body": b"{" + b" " * 9_000_000, "content_type": "application/json"}, visible=True)
    assert type(error) is OutcomeUnknown
    assert "larger" in error.message


def test_failure_is_read_whatever_language_and_status_it_comes_in() -> None:
    body = f'{XML}<rsp stat="fail"><err code="105" msg="Service currently unavailable"/></rsp>'
    for answer in ({"body": body}, {"json": {"stat": "fail", "code": "105", "message": "x"}, "status": 503}):
        error = asked(answer, visible=True)
        assert (type(error), error.code) == (Unavailable, "105")


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("420", timedelta(minutes=7)),
        ("0", None),
        ("-5", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("9" * 30, None),
        ("999999999", timedelta(days=1)),
    ],
)
def test_throttle_waits_as_long_as_it_is_told(header: str, wait: timedelta | None) -> None:
    error = asked({"body": "<html>", "status": 429, "headers": {"Retry-After": header}})
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


def echo(problem: str) -> str:
    return (
        f"oauth_problem={problem}&debug_sbs=POST&https%3A%2F%2Fapi.flickr.com&oauth_consumer_key%3D{KEYS.api_key}"
        f"%26oauth_token%3D{KEYS.token}%26oauth_signature%3Dabc%252Bdef%253D"
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"body": echo("signature_invalid"), "status": 401, "content_type": "text/plain"},
        {"body": echo("token_rejected"), "status": 403},
        {"body": f"<html>{echo('x')}", "status": 500},
        {"json": {"stat": "fail", "code": 98, "message": f"Invalid auth token {KEYS.token} {KEYS.token_secret}"}},
        {"body": requests.ConnectionError(f"https://api.flickr.com/?oauth_token={KEYS.token}")},
    ],
)
def test_no_failure_repeats_what_was_signed(answer: dict[str, Any]) -> None:
    error = asked(answer)
    told = f"{error!r} {error} {error.detail}"
    for secret in (*KEYS.secrets, "abc%252Bdef"):
        assert secret not in told


@pytest.mark.parametrize("problem", ["<script>", "a" * 60, "token rejected", ""])
def test_of_an_oauth_failure_only_its_word_is_kept(problem: str) -> None:
    error = asked({"body": f"oauth_problem={problem}", "status": 401})
    assert (type(error), error.code, error.detail) == (NotAuthorized, "", "")


def test_signing_leaves_no_token_in_the_debug_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asked({"body": echo("token_rejected"), "status": 401})
    assert not any(secret in caplog.text for secret in KEYS.secrets)


def test_keys_are_in_no_repr() -> None:
    assert not any(secret in repr(KEYS) for secret in KEYS.secrets)
