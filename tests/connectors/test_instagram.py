"""The Instagram connector, against what the platform is documented to answer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

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
from connectors.instagram import InstagramConnector
from connectors.instagram_errors import SpamGuard
from connectors.instagram_feedback import ACCOUNT_METRICS, FEED_METRICS
from core.capabilities import Operation, Repeating
from core.deliveries import Published
from core.posts import OutgoingPost
from tests.connectors.instagram_account import (
    APP_SECRET,
    MEDIA,
    TOKEN,
    carousel_post,
    connector,
    contained,
    picture_post,
    played,
)

SINCE = datetime(2026, 11, 23, 15, 3, tzinfo=UTC)
AT = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
ADDRESS = "https://www.instagram.com/inpe.peru/"


@pytest.fixture
def post(tmp_path: Path) -> OutgoingPost:
    return picture_post(tmp_path)


def test_identify_tells_which_account_the_pages_token_opens() -> None:
    with played("identify"):
        identity = connector().identify()
    assert (identity.remote_id, identity.name, identity.address) == ("178", "INPE Perú", ADDRESS)
    assert (identity.missing, identity.expires_at) == ((), None)


def test_identify_with_the_app_names_missing_rights() -> None:
    with played("identify__app"):
        identity = connector(app_id="42", app_secret=APP_SECRET).identify()
    # one granted for another account only, one not at all
    assert identity.missing == ("instagram_manage_comments", "instagram_manage_contents")
    assert identity.name == "inpe.peru"


@pytest.mark.parametrize("situation", ["invalid_token", "user_token", "no_account", "out_of_sight"])
def test_identify_refuses_what_opens_no_professional_account(situation: str) -> None:
    with played(f"identify__{situation}"), pytest.raises(NotAuthorized):
        connector().identify()


def test_publish_publishes_the_container(post: OutgoingPost) -> None:
    with played("publish"):
        published = connector().publish(post, contained(post))
    assert published == Published(MEDIA, "https://www.instagram.com/p/Cabc/", AT)


def test_publish_does_not_fail_after_the_yes(post: OutgoingPost) -> None:
    with played("publish__no_permalink"):
        assert connector().publish(post, contained(post)) == Published(MEDIA, ADDRESS)


def test_publish_again_is_refused_and_yields_the_first(post: OutgoingPost) -> None:
    with played("publish__again"):
        published = connector().publish(post, contained(post))
    assert published == Published(MEDIA, "https://www.instagram.com/p/0506/", AT)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("again_not_listed", OutcomeUnknown),
        ("again_not_told", OutcomeUnknown),
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
        ("list_body", OutcomeUnknown),
        ("no_id", OutcomeUnknown),
        ("error_empty", OutcomeUnknown),
        ("json_without_error", OutcomeUnknown),
        ("server_error", OutcomeUnknown),
        ("spam_guard", SpamGuard),
        ("quota_used", RateLimited),
        ("throttled", RateLimited),
        ("not_ready", Unavailable),
        ("expired", Unavailable),
        ("content", Rejected),
        ("undescribed", OutcomeUnknown),
        ("unknown_error", OutcomeUnknown),
        ("gone", OutcomeUnknown),
        ("token_expired", NotAuthorized),
        ("permission_missing", NotAuthorized),
        ("restricted", Blocked),
        ("blocked", Blocked),
    ],
)
def test_publish_failure_says_what_must_happen_next(
    post: OutgoingPost, situation: str, expected: type[ConnectorError]
) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(post, contained(post))
    assert type(caught.value) is expected
    told = f"{caught.value}{caught.value.detail}{caught.value!r}{caught.value.__cause__}"
    assert TOKEN not in told


def test_publish_throttled_waits_as_long_as_the_platform_says(post: OutgoingPost) -> None:
    with played("publish__throttled"), pytest.raises(RateLimited) as caught:
        connector().publish(post, contained(post))
    assert caught.value.retry_after == timedelta(minutes=19)


def test_publish_without_a_container_of_this_very_post_is_our_bug(post: OutgoingPost, tmp_path: Path) -> None:
    for stage in (contained(post, container=""), contained(post, ready=False), contained(carousel_post(tmp_path))):
        with pytest.raises(Unsupported):
            connector().publish(post, stage)


def test_publish_of_what_is_public_writes_nothing(post: OutgoingPost) -> None:
    known = contained(post, public=True, media=MEDIA, url="https://www.instagram.com/p/Cabc/")
    assert connector().publish(post, known) == Published(MEDIA, "https://www.instagram.com/p/Cabc/")
    with pytest.raises(OutcomeUnknown):
        connector().publish(post, contained(post, public=True))


@pytest.mark.parametrize(
    ("situation", "url"),
    [
        ("published", "https://www.instagram.com/p/0506/"),
        ("next_page", "https://www.instagram.com/p/0506/"),
        ("gone_and_listed", "https://www.instagram.com/p/0506/"),
    ],
)
def test_find_published(post: OutgoingPost, situation: str, url: str) -> None:
    with played(f"find__{situation}"):
        assert connector().find(post, contained(post), SINCE) == Published(MEDIA, url, AT)


def test_find_compares_kind_children_and_words(tmp_path: Path) -> None:
    post = carousel_post(tmp_path)
    with played("find__carousel"):
        found = connector().find(post, contained(post), SINCE)
    assert found is not None
    assert found.remote_id == MEDIA


@pytest.mark.parametrize("situation", ["not_published", "other_posts", "expired"])
def test_find_not_published(post: OutgoingPost, situation: str) -> None:
    with played(f"find__{situation}"):
        assert connector().find(post, contained(post), SINCE) is None


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("not_listed", OutcomeUnknown),
        ("several", OutcomeUnknown),
        ("gone", OutcomeUnknown),
        ("gone_with_the_token", NotAuthorized),
        ("no_answer", Unavailable),
        ("no_list", Unavailable),
    ],
)
def test_find_does_not_guess(post: OutgoingPost, situation: str, expected: type[ConnectorError]) -> None:
    with played(f"find__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().find(post, contained(post), SINCE)
    assert type(caught.value) is expected


def test_take_down_deletes() -> None:
    with played("take_down"):
        connector().take_down(MEDIA)


@pytest.mark.parametrize(
    ("situation", "expected"), [("gone", Gone), ("lost_answer", Unavailable), ("not_confirmed", Unavailable)]
)
def test_take_down_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"take_down__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().take_down(MEDIA)
    assert type(caught.value) is expected


def test_comments_come_each_with_its_replies() -> None:
    with played("comments"):
        page = connector().comments(MEDIA)
    first, reply, hidden = page.items
    assert (first.id, first.text, first.author_name, first.own, first.parent_id, first.can_hide) == (
        "17870913679156914",
        "This is awesome!",
        "ann",
        False,
        None,
        True,
    )
    assert first.created_at == datetime(2017, 8, 31, 19, 16, 2, tzinfo=UTC)
    assert (reply.own, reply.parent_id, reply.can_hide) == (True, first.id, False)
    assert (hidden.hidden, page.next_cursor, page.resume_cursor) == (True, "page=2&since=0&after=b", None)


def test_comments_last_page_tolerates_what_is_left_out() -> None:
    with played("comments__last_page"):
        page = connector().comments(MEDIA, "page=2&since=0&after=b")
    assert (page.items[0].author_id, page.items[0].author_name, page.items[0].own) == ("", "", False)
    assert page.next_cursor is None


def test_comments_read_on_where_replies_are_cut() -> None:
    with played("comments__more_replies"):
        page = connector().comments(MEDIA)
    assert [(one.id, one.parent_id) for one in page.items] == [("10", None), ("11", "10"), ("12", "10")]


@pytest.mark.parametrize(
    ("situation", "expected"), [("gone", Gone), ("no_list", Unavailable), ("no_time", Unavailable)]
)
def test_comments_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"comments__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().comments(MEDIA)
    assert type(caught.value) is expected


@pytest.mark.parametrize("name", ["reply", "reply__to_a_reply"])
def test_reply_tells_under_which_post_it_is(name: str) -> None:
    with played(name):
        assert connector().reply("17870", "Gracias") == Published("17871", "https://www.instagram.com/p/Cabc/")


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("hidden", Rejected),
        ("lost_answer", OutcomeUnknown),
        ("not_confirmed", OutcomeUnknown),
        ("unknown_error", OutcomeUnknown),
        ("gone", Gone),
    ],
)
def test_reply_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"reply__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().reply("17870", "Gracias")
    assert type(caught.value) is expected


@pytest.mark.parametrize(("name", "hidden"), [("hide", True), ("hide__show", False), ("hide__already", True)])
def test_hide_writes_only_what_changes(name: str, hidden: bool) -> None:
    with played(name):
        connector().hide("17870", hidden)


@pytest.mark.parametrize(("situation", "expected"), [("own", Rejected), ("gone", Gone), ("not_confirmed", Unavailable)])
def test_hide_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"hide__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().hide("17870", True)
    assert type(caught.value) is expected


def test_metrics_hold_what_was_given_and_nothing_else() -> None:
    with played("metrics"):
        snapshot = connector().metrics(MEDIA)
    assert snapshot.values == {"like_count": 12, "comments_count": 2, "views": 123, "reach": 0, "profile_visits": 5}
    assert set(snapshot.missing) == set(FEED_METRICS) - {"views", "reach", "profile_visits"}


def test_metrics_of_a_reel_are_a_reels() -> None:
    with played("metrics__reel"):
        snapshot = connector().metrics(MEDIA)
    assert snapshot.values == {"comments_count": 0, "views": 5_000_000_000, "reels_skip_rate": 12.5}
    assert "like_count" in snapshot.missing
    assert "follows" not in snapshot.missing


def test_metrics_that_are_not_there_yet_are_missing_and_not_zero() -> None:
    with played("metrics__no_data"):
        snapshot = connector().metrics(MEDIA)
    assert snapshot.values == {"like_count": 1, "comments_count": 0}
    assert set(FEED_METRICS) <= set(snapshot.missing)


def test_one_bad_metric_costs_only_itself() -> None:
    with played("metrics__refused_metric"):
        snapshot = connector().metrics(MEDIA)
    absent = {"reposts", "follows", "reach"}
    assert set(snapshot.missing) == absent
    assert set(snapshot.values) == {"like_count", "comments_count", *FEED_METRICS} - absent


@pytest.mark.parametrize(("situation", "expected"), [("gone", Gone), ("no_right", NotAuthorized)])
def test_metrics_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"metrics__{situation}"), pytest.raises(expected):
        connector().metrics(MEDIA)


def test_account_metrics_ask_for_totals() -> None:
    with played("account_metrics"):
        snapshot = connector().account_metrics()
    assert snapshot.values == {
        "followers_count": 1500,
        "follows_count": 20,
        "media_count": 310,
        "reach": 900,
        "views": 2000,
        "saves": 4,
    }
    assert set(snapshot.missing) == set(ACCOUNT_METRICS) - {"reach", "views", "saves"}


def test_capabilities_tell_what_the_office_must_know() -> None:
    capabilities = InstagramConnector.capabilities
    assert capabilities.media_required
    assert capabilities.needs_public_media
    assert capabilities.repeating is Repeating.DUPLICATES
    assert capabilities.hashtags is not None
    assert capabilities.mentions is not None
    assert (capabilities.hashtags.value, capabilities.mentions.value, capabilities.text_length.value) == (30, 20, 2200)
    assert capabilities.images is not None
    assert capabilities.images.types == {"image/jpeg"}
    assert [option.name for option in capabilities.options] == ["share_to_feed"]


def test_refresh_is_not_offered_since_page_tokens_have_no_end() -> None:
    assert Operation.REFRESH not in InstagramConnector.capabilities.operations
    with pytest.raises(Unsupported):
        connector().refresh()


@pytest.mark.parametrize("token", ["", "two words", "newline\n", "señal"])
def test_token_that_cannot_be_one_is_misconfigured_and_not_shown(token: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        connector(page_token=token)
    assert not token or token not in str(caught.value)
