"""How long a platform asks to wait: whatever it says, our wait is bounded."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import RateLimited
from connectors.http import Door
from connectors.linkedin_errors import Refusal as LinkedInRefusal
from connectors.meta import DEFAULT_WAIT, Graph
from connectors.waits import LONGEST, of_seconds, retry_after
from connectors.wordpress_errors import error_for as wordpress_error
from connectors.x_errors import wait_of
from connectors.youtube_errors import error_for as youtube_error
from core.platforms import Platform

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
STRANGE = [
    "", "-1", "0", "nan", "inf", "1e9", "12 h", "\u0663\u0663", "\u00b2", "9" * 5000, "-9" * 50, "Mon, 99 Foo 2026",
    "Thu, 01 Jan 99999 00:00:00 GMT", "Mon, 23 Nov 2026 15:00:00 -0000", "Fri, 31 Dec 9999 23:59:59 -2359",
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (30, 30),
        (0.5, 0.5),
        (" 90 ", 90),
        (10**400, 86_400),
        ("9" * 18, 86_400),
        ("9" * 19, None),
        (float("nan"), None),
        (float("inf"), None),
        (-1, None),
        (0, None),
        (True, None),
        ([], None),
        ("\u0663", None),
    ],
)
def test_a_number_is_a_wait_of_at_most_a_day(value: object, seconds: float | None) -> None:
    assert of_seconds(value) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 15:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 14:59:00 GMT", None),
        ("Tue, 24 Nov 2099 15:00:00 GMT", 86_400),
        ("Mon, 23 Nov 2026 15:02:00 -0000", None),
    ],
)
def test_both_forms_of_the_header_are_read(said: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": said}, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))


@given(said=st.one_of(st.text(), st.sampled_from(STRANGE), st.integers().map(str)))
def test_no_header_of_any_platform_stops_us_for_more_than_a_day(said: str) -> None:
    headers = {"Retry-After": said}
    reset = {"x-rate-limit-reset": said, "x-rate-limit-remaining": "0"}
    day = {f"{bucket}-{part}": value for bucket in ("x-user-limit-24hour", "x-app-limit-24hour")
           for part, value in (("reset", said), ("remaining", "0"))}  # fmt: skip
    waits = [
        retry_after(headers),
        wait_of(reset),
        wait_of(day),
        _wait(wordpress_error(status=429, code="", headers=headers)),
        _wait(youtube_error(429, headers, b"{}")),
        _wait(LinkedInRefusal.parse(429, b'{"message": "throttled"}').error(headers=headers, secrets=())),
    ]
    assert all(wait is None or timedelta(0) <= wait <= LONGEST for wait in waits), waits


def _wait(error: object) -> timedelta | None:
    return error.retry_after if isinstance(error, RateLimited) else None


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ('{"1": [{"estimated_time_to_regain_access": 19}]}', 19),
        ('{"1": [{"estimated_time_to_regain_access": 3}], "2": [{"estimated_time_to_regain_access": 7}]}', 7),
        ('{"1": [{"estimated_time_to_regain_access": 1e999}]}', None),
        ('{"1": [{"estimated_time_to_regain_access": NaN}]}', None),
        ('{"1": [{"estimated_time_to_regain_access": -5}]}', None),
        (json.dumps({"1": [{"estimated_time_to_regain_access": 10**9}]}), 24 * 60),
        ('{"1": 7}', None),
        ("[" * 9000, None),
        ("", None),
    ],
)
def test_metas_usage_header_is_minutes(header: str, minutes: int | None) -> None:
    graph: Any = Graph(Door(), Platform.FACEBOOK, "t")
    graph._response = SimpleNamespace(status_code=403, headers={"X-Business-Use-Case-Usage": header})
    assert graph._wait() == (DEFAULT_WAIT if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize("asked", [timedelta(0), -timedelta(days=9999), None])
def test_no_wait_at_all_is_not_said(asked: timedelta | None) -> None:
    assert RateLimited(platform=Platform.X, retry_after=asked).retry_after is None


def test_no_wait_is_longer_than_a_month() -> None:
    assert RateLimited(platform=Platform.X, retry_after=timedelta.max).retry_after == timedelta(days=32)
