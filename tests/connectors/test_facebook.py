"""The Page's connector, against what the platform is documented to answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import (
    Blocked,
    ConnectorError,
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.facebook import PAGE_METRICS, FacebookConnector
from core.capabilities import Operation
from core.deliveries import Published
from core.posts import OutgoingPost
from tests.connectors.facebook_page import LINK, TEXT, TOKEN, app_connector, connector, drafted, played

SINCE = datetime(2026, 11, 23, 15, 3, tzinfo=UTC)
# of the page that ends with the comment of 2026-09-05 15:00 UTC
NEXT = "page=2&since=0&newest=1788620400&after=MgZDZD"


def test_identify_tells_whose_token_this_is() -> None:
    with played("identify"):
        identity = connector().identify()
    assert (identity.remote_id, identity.name, identity.address) == ("111", "Prensa", "https://www.facebook.com/prensa")
    assert (identity.missing, identity.expires_at) == ((), None)


def test_identify_with_the_app_names_missing_rights() -> None:
    with played("identify__app"):
        identity = app_connector().identify()
    # granted, but for another Page only
    assert identity.missing == ("read_insights",)
    assert identity.expires_at is None


@pytest.mark.parametrize("name", ["identify__invalid_token", "identify__system_user"])
def test_identify_with_the_app_refuses_a_token_that_will_not_do(name: str) -> None:
    with played(name), pytest.raises(NotAuthorized):
        app_connector().identify()


def test_identify_notices_a_persons_token() -> None:
    with played("identify__user_token"), pytest.raises(NotAuthorized, match="person"):
        connector().identify()


def test_identify_tells_of_another_page() -> None:
    with played("identify__other_page"):
        assert connector().identify().remote_id == "222"


def test_publish_flips_the_draft() -> None:
    with played("publish"):
        published = connector().publish(TEXT, drafted(url="https://www.facebook.com/permalink/111_9001"))
    assert published == Published("111_9001", "https://www.facebook.com/permalink/111_9001")


def test_publish_again_succeeds_with_the_same_post() -> None:
    with played("publish__again"):
        assert connector().publish(TEXT, drafted()) == Published("111_9001", "https://www.facebook.com/111_9001")


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("lost_answer", OutcomeUnknown),
        ("reset", OutcomeUnknown),
        ("refused", Unavailable),
        ("html_body", OutcomeUnknown),
        ("throttled_html", OutcomeUnknown),
        ("redirect", OutcomeUnknown),
        ("empty_body", OutcomeUnknown),
        ("truncated", OutcomeUnknown),
        ("broken_json", OutcomeUnknown),
        ("no_content_type", OutcomeUnknown),
        ("error_empty", OutcomeUnknown),
        ("json_without_error", OutcomeUnknown),
        ("list_body", OutcomeUnknown),
        ("success_false", OutcomeUnknown),
        ("token_expired", NotAuthorized),
        ("token_malformed", NotAuthorized),
        ("permission_missing", NotAuthorized),
        ("throttled", RateLimited),
        ("throttled_without_time", RateLimited),
        ("blocked", Blocked),
        ("duplicate", Rejected),
        ("community_standards", Rejected),
        ("unknown_error", OutcomeUnknown),
        ("service_unavailable", OutcomeUnknown),
        ("undescribed_transient", OutcomeUnknown),
        ("undescribed", Rejected),
        ("gone", OutcomeUnknown),
    ],
)
def test_publish_failure_says_what_must_happen_next(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(TEXT, drafted())
    assert type(caught.value) is expected
    told = f"{caught.value}{caught.value.detail}{caught.value!r}{caught.value.__cause__}"
    assert TOKEN not in told


def test_publish_failure_keeps_code_status_and_trace() -> None:
    with played("publish__token_expired"), pytest.raises(NotAuthorized) as caught:
        connector().publish(TEXT, drafted())
    assert (caught.value.code, caught.value.status) == ("190/463", 400)
    assert "Atrace" in caught.value.detail


@pytest.mark.parametrize(
    ("situation", "wait"), [("throttled", timedelta(minutes=19)), ("throttled_without_time", timedelta(hours=1))]
)
def test_publish_throttled_waits_as_long_as_the_platform_says(situation: str, wait: timedelta) -> None:
    with played(f"publish__{situation}"), pytest.raises(RateLimited) as caught:
        connector().publish(TEXT, drafted())
    assert caught.value.retry_after == wait


@pytest.mark.parametrize("stage", [drafted(draft=""), drafted(LINK)], ids=["no draft", "another post's"])
def test_publish_without_a_draft_of_this_very_post_is_our_bug(stage: object) -> None:
    with pytest.raises(Unsupported):
        connector().publish(TEXT, stage)  # type: ignore[arg-type]


def test_find_published() -> None:
    with played("find__published"):
        found = connector().find(TEXT, drafted(), SINCE)
    assert found == Published("111_9001", "https://www.facebook.com/prensa/posts/9001")


def test_find_not_published() -> None:
    with played("find__not_published"):
        assert connector().find(TEXT, drafted(), SINCE) is None


def test_find_a_video_without_post() -> None:
    upload = {"id": "8001", "session": "31", "start": 11, "end": 11, "finished": True}
    with played("find__video"):
        found = connector().find(TEXT, drafted(draft="8001", video=upload), SINCE)
    assert found == Published("8001", "https://www.facebook.com/8001")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("find__gone", OutcomeUnknown),
        ("find__not_told", OutcomeUnknown),
        ("find__gone_with_the_token", NotAuthorized),
        ("find__no_answer", Unavailable),
    ],
)
def test_find_does_not_guess(name: str, expected: type[ConnectorError]) -> None:
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().find(TEXT, drafted(), SINCE)
    assert type(caught.value) is expected


def test_find_without_draft_reads_the_published_posts() -> None:
    with played("find__listed"):
        found = connector().find(TEXT, drafted(draft=""), SINCE)
    assert found == Published(
        "111_2", "https://www.facebook.com/prensa/posts/2", datetime(2026, 11, 23, 15, 1, tzinfo=UTC)
    )


def test_find_without_draft_takes_absence_for_no_answer() -> None:
    with played("find__not_listed"), pytest.raises(OutcomeUnknown):
        connector().find(TEXT, drafted(draft=""), SINCE)


def test_find_without_draft_and_without_text_has_nothing_to_look_for() -> None:
    silent = OutgoingPost(key="delivery-1", text=" ")
    with pytest.raises(OutcomeUnknown):
        connector().find(silent, drafted(silent, ""), SINCE)


def test_take_down_deletes() -> None:
    with played("take_down"):
        connector().take_down("111_9001")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("take_down__gone", Gone),
        ("take_down__lost_answer", Unavailable),
        ("take_down__not_confirmed", Unavailable),
    ],
)
def test_take_down_failure(name: str, expected: type[ConnectorError]) -> None:
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().take_down("111_9001")
    assert type(caught.value) is expected


def test_comments_come_flat_with_their_parents() -> None:
    with played("comments"):
        page = connector().comments("111_9001")
    first, second = page.items
    assert (first.id, first.text, first.author_name, first.own, first.parent_id) == (
        "9001_501",
        "cool",
        "A B",
        False,
        None,
    )
    assert first.created_at == datetime(2026, 9, 5, 14, 33, 1, tzinfo=UTC)
    assert (second.own, second.parent_id, second.can_hide) == (True, "9001_501", False)
    assert page.next_cursor == NEXT
    assert page.resume_cursor is None


def test_comments_last_page_tolerates_what_is_left_out() -> None:
    with played("comments__last_page"):
        page = connector().comments("111_9001", NEXT)
    assert (page.items[0].author_id, page.items[0].text, page.items[0].hidden) == ("", "", True)
    assert page.next_cursor is None
    # an hour before the newest: 2026-09-05 15:00 UTC
    assert page.resume_cursor == "page=1&since=1788620400"


@pytest.mark.parametrize(("name", "expected"), [("comments__gone", Gone), ("comments__no_list", Unavailable)])
def test_comments_failure(name: str, expected: type[ConnectorError]) -> None:
    with played(name), pytest.raises(expected):
        connector().comments("111_9001")


def test_reply_tells_where_it_is() -> None:
    with played("reply"):
        published = connector().reply("9001_501", "Gracias")
    assert published == Published(
        "9001_504", "https://www.facebook.com/9001?comment_id=504", datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    )


@pytest.mark.parametrize("name", ["reply__lost_answer", "reply__not_confirmed"])
def test_reply_without_confirmation_is_unknown(name: str) -> None:
    with played(name), pytest.raises(OutcomeUnknown):
        connector().reply("9001_501", "Gracias")


@pytest.mark.parametrize(("name", "hidden"), [("hide", True), ("hide__show", False), ("hide__already", True)])
def test_hide_writes_only_what_changes(name: str, hidden: bool) -> None:
    with played(name):
        connector().hide("9001_501", hidden)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("hide__not_allowed", Rejected), ("hide__gone", Gone), ("hide__not_confirmed", Unavailable)],
)
def test_hide_failure(name: str, expected: type[ConnectorError]) -> None:
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().hide("9001_501", True)
    assert type(caught.value) is expected


def test_metrics_hold_what_was_given_and_nothing_else() -> None:
    with played("metrics"):
        snapshot = connector().metrics("111_9001")
    assert snapshot.values == {
        "shares": 3,
        "reactions": 12,
        "comments": 2,
        "post_media_view": 240,
        "post_total_media_view_unique": 200,
        "post_clicks": 0,
        "post_reactions_by_type_total.like": 9,
        "post_reactions_by_type_total.love": 3,
    }
    assert snapshot.missing == ("post_video_views",)


def test_metrics_retired_name_costs_only_itself() -> None:
    with played("metrics__retired_metric"):
        snapshot = connector().metrics("111_9001")
    assert snapshot.values == {"post_media_view": 240, "post_video_views": 5}
    assert set(snapshot.missing) == {"post_total_media_view_unique", "post_clicks", "post_reactions_by_type_total"}


def test_metrics_without_insights_keep_the_counts() -> None:
    with played("metrics__unavailable"):
        assert set(connector().metrics("111_9001").values) == {"shares", "reactions", "comments"}


def test_metrics_gone() -> None:
    with played("metrics__gone"), pytest.raises(Gone):
        connector().metrics("111_9001")


def test_account_metrics_take_the_last_day() -> None:
    with played("account_metrics"):
        snapshot = connector().account_metrics()
    assert snapshot.values == {"followers_count": 1500, "fan_count": 1400, "page_post_engagements": 4}
    assert set(snapshot.missing) == set(PAGE_METRICS) - {"page_post_engagements"}


def test_refresh_is_not_offered_since_page_tokens_have_no_end() -> None:
    assert Operation.REFRESH not in FacebookConnector.capabilities.operations
    with pytest.raises(Unsupported):
        connector().refresh()


@pytest.mark.parametrize("token", ["", "two words", "newline\n", "señal"])
def test_token_that_cannot_be_one_is_misconfigured_and_not_shown(token: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        connector(page_token=token)
    assert not token or token not in str(caught.value)


def test_connector_shows_no_secret() -> None:
    shown: list[Callable[[object], str]] = [repr, str]
    for show in shown:
        assert TOKEN not in show(connector())
