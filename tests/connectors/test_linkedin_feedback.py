"""Comments and figures of a page, against what the platform is documented to answer."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import (
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
    Unsupported,
)
from connectors.linkedin_api import LARGEST_FIGURE, figure
from connectors.linkedin_errors import COMMENT_WAIT
from connectors.linkedin_feedback import POST_FIGURES
from tests.connectors.linkedin_page import URN, connector, played

THREAD = "urn:li:activity:71"
VIDEO_POST = "urn:li:ugcPost:7000000000000000002"


def named(number: int) -> str:
    return f"urn:li:comment:({THREAD},{number})"


def test_comments_with_replies_each_once_oldest_first() -> None:
    with played("comments"):
        page = connector().comments(URN)
    assert page.next_cursor is None
    assert [(one.id, one.parent_id, one.own, one.text) for one in page.items] == [
        (named(72), None, False, "Primero"),
        (named(73), named(72), True, "Respuesta"),
        (named(74), None, False, "Después"),
    ]
    assert page.items[0].created_at == datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
    assert not any(one.can_hide or one.author_name for one in page.items)


def test_comments_go_on_where_the_page_ended() -> None:
    with played("comments__pages"):
        first = connector().comments(URN)
        second = connector().comments(URN, first.next_cursor)
    assert (len(first.items), second.items, second.next_cursor) == (1, (), None)


def test_comments_have_no_place_from_which_all_is_new() -> None:
    with played("comments__pages"):
        first = connector().comments(URN)
        second = connector().comments(URN, first.next_cursor)
    assert (first.resume_cursor, second.resume_cursor) == (None, None)


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1&count=9", "1 ", "1\n", "١", "1" * 10, "0x1", "/../posts"])
def test_comments_cursor_that_is_none_of_ours_is_our_mistake(cursor: str) -> None:
    with pytest.raises(Unsupported) as caught:
        connector().comments(URN, cursor)
    assert "No es culpa del contenido" in caught.value.sentence


def test_comments_take_what_is_given() -> None:
    with played("comments__bare"):
        (comment,) = connector().comments(URN).items
    assert (comment.id, comment.text, comment.author_id) == (named(72), "", "")


def test_comments_of_a_fresh_post_are_not_there_yet() -> None:
    with played("comments__fresh"):
        page = connector().comments(URN)
    assert (page.items, page.next_cursor) == ((), None)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [("gone", Gone), ("never_visible", Gone), ("not_shown", Unavailable), ("no_time", Unavailable)],
)
def test_comments_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"comments__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().comments(URN)
    assert type(caught.value) is expected


def test_reply_goes_under_the_comment_as_plain_text() -> None:
    with played("reply"):
        reply = connector().reply(named(72), "Sí (hasta las 5) #hoy")
    assert reply.remote_id == named(75)
    assert reply.url == f"https://www.linkedin.com/feed/update/{THREAD}/"
    assert reply.published_at == datetime(2026, 11, 23, 15, 5, tzinfo=UTC)


def test_reply_to_a_reply_goes_under_the_first_comment() -> None:
    with played("reply__to_a_reply"):
        assert connector().reply(named(73), "Sí (hasta las 5) #hoy").remote_id == named(75)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [("gone", Gone), ("lost_answer", OutcomeUnknown), ("not_confirmed", OutcomeUnknown), ("throttled", RateLimited)],
)
def test_reply_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"reply__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().reply(named(72), "Sí (hasta las 5) #hoy")
    assert type(caught.value) is expected
    if isinstance(caught.value, Gone):
        assert "comentario ya no está" in caught.value.sentence
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == COMMENT_WAIT


@pytest.mark.parametrize("comment_id", ["", "72", "urn:li:share:72", "urn:li:comment:(urn:li:activity:71,x)"])
def test_reply_to_what_is_no_comment(comment_id: str) -> None:
    with pytest.raises(Gone):
        connector().reply(comment_id, "Sí")


def test_metrics() -> None:
    with played("metrics"):
        snapshot = connector().metrics(URN)
    assert snapshot.values == {
        "impressionCount": 412,
        "uniqueImpressionsCount": 301,
        "clickCount": 17,
        "likeCount": 9,
        "commentCount": 2,
        "shareCount": 1,
        "engagement": 0.0704,
        "comments": 3,
        "reactions": 9,
        "reactions.LIKE": 8,
        "reactions.PRAISE": 1,
    }
    assert snapshot.missing == ()
    assert abs(snapshot.taken_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_metrics_left_out_are_zero() -> None:
    with played("metrics__no_activity"):
        snapshot = connector().metrics(URN)
    assert {snapshot.values[name] for name in POST_FIGURES} == {0}
    assert (snapshot.values["comments"], snapshot.missing) == (0, ())


def test_metrics_one_that_is_refused_loses_its_own_only() -> None:
    with played("metrics__partly_forbidden"):
        snapshot = connector().metrics(URN)
    assert snapshot.missing == POST_FIGURES
    assert snapshot.values["reactions"] == 9


def test_metrics_that_cannot_be_true_are_absent() -> None:
    with played("metrics__absurd"):
        snapshot = connector().metrics(URN)
    assert snapshot.values == {"shareCount": 1, "engagement": 0.07, "reactions.LIKE": 8}
    assert set(snapshot.missing) == set(POST_FIGURES) - {"shareCount", "engagement"} | {"comments", "reactions"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (7, 7),
        (0.5, 0.5),
        (LARGEST_FIGURE, LARGEST_FIGURE),
        (LARGEST_FIGURE + 1, None),
        (10**400, None),
        (-1, None),
        (math.inf, None),
        (-math.inf, None),
        (math.nan, None),
        (True, None),
        ("7", None),
        (None, None),
        ([7], None),
    ],
    ids=lambda value: f"{value!r:.12}",
)
def test_figure_is_one_that_can_be_true(value: object, expected: float | None) -> None:
    assert figure(value) == expected


def test_account_metrics_that_cannot_be_true_are_absent() -> None:
    with played("account_metrics__absurd"):
        snapshot = connector().account_metrics()
    assert "firstDegreeSize" in snapshot.missing
    assert all(math.isfinite(value) for value in snapshot.values.values())


def test_metrics_of_a_video() -> None:
    with played("metrics__video"):
        snapshot = connector().metrics(VIDEO_POST)
    assert (snapshot.values["VIDEO_VIEW"], snapshot.values["TIME_WATCHED"]) == (120, 2600)
    assert snapshot.missing == ("VIEWER",)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [("gone", Gone), ("never_visible", Gone), ("forbidden", NotAuthorized), ("throttled", RateLimited)],
)
def test_metrics_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"metrics__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().metrics(URN)
    assert type(caught.value) is expected


def test_account_metrics_have_followers_from_a_call_of_their_own() -> None:
    with played("account_metrics"):
        snapshot = connector().account_metrics()
    assert (snapshot.values["firstDegreeSize"], snapshot.values["allPageViews"]) == (4711, 77)
    assert snapshot.values["impressionCount"] == 412


def test_account_metrics_absent_is_absent() -> None:
    with played("account_metrics__partly_absent"):
        snapshot = connector().account_metrics()
    assert snapshot.values == {}
    assert set(snapshot.missing) == {"firstDegreeSize", "allPageViews", *POST_FIGURES}
