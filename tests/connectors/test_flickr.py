"""The account's connector, against what the platform is documented to answer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

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
from connectors.flickr import FlickrConnector
from connectors.flickr_errors import KeyDisabled, WrongClock
from core.capabilities import Operation
from core.feedback import Comment
from core.posts import OutgoingPost
from tests.connectors.flickr_account import (
    FIRST,
    NSID,
    connector,
    played,
    post,
    ready,
    stored,
    token,
)

SINCE = datetime(2026, 11, 23, 15, 3, tzinfo=UTC)
PAGE = f"https://www.flickr.com/photos/{NSID}/{FIRST}/"


@pytest.fixture
def photo(tmp_path: Path) -> OutgoingPost:
    return post(tmp_path)


@pytest.fixture
def three(tmp_path: Path) -> OutgoingPost:
    return post(tmp_path, "one.jpg", "two.png", "three.jpg")


@pytest.fixture
def _signed_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every call be signed with the same nonce at the same second, as the fixtures know it."""
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_nonce", lambda: "n0nce")
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_timestamp", lambda: "1700000000")


@pytest.mark.usefixtures("_signed_then")
@pytest.mark.parametrize(("name", "missing"), [("identify", ()), ("identify__read_only", ("write",))])
def test_identify_tells_whose_token_this_is_and_what_it_lacks(name: str, missing: tuple[str, ...]) -> None:
    with played(name):
        identity = connector().identify()
    assert (identity.remote_id, identity.name, identity.missing) == (NSID, "prensa", missing)
    assert identity.address == f"https://www.flickr.com/photos/{NSID}/"


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("token_rejected", NotAuthorized),
        ("signature_invalid", NotAuthorized),
        ("key_expired", KeyDisabled),
        ("nobody", Unavailable),
    ],
)
def test_identify_fails(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"identify__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().identify()
    assert type(caught.value) is expected


def test_publish_flips_the_photo(photo: OutgoingPost) -> None:
    with played("publish"):
        published = connector().publish(photo, ready(photo))
    assert (published.remote_id, published.url, published.rest) == (FIRST, PAGE, None)


def test_publish_again_succeeds_with_the_same_photo(photo: OutgoingPost) -> None:
    with played("publish__again"):
        first, second = (connector().publish(photo, ready(photo)) for _time in range(2))
    assert first == second


def test_publish_takes_a_yes_in_the_other_language(photo: OutgoingPost) -> None:
    with played("publish__xml_answer"):
        assert connector().publish(photo, ready(photo)).remote_id == FIRST


def test_publish_shows_one_part_a_call_and_is_always_the_first_s(three: OutgoingPost) -> None:
    stage, seen = ready(three, url="https://www.flickr.com/photos/prensa/1/"), []
    with played("publish__several"):
        for _part in range(3):
            published = connector().publish(three, stage)
            seen.append((published.remote_id, published.url))
            stage = stored(published.rest) or stage
    assert seen == [(FIRST, "https://www.flickr.com/photos/prensa/1/")] * 3
    assert published.rest is None


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("lost_answer", OutcomeUnknown),
        ("reset", OutcomeUnknown),
        ("refused", Unavailable),
        ("html_body", OutcomeUnknown),
        ("empty_body", OutcomeUnknown),
        ("truncated", OutcomeUnknown),
        ("broken_json", OutcomeUnknown),
        ("list_body", OutcomeUnknown),
        ("no_stat", OutcomeUnknown),
        ("fail_without_code", OutcomeUnknown),
        ("ok_with_500", OutcomeUnknown),
        ("redirect", OutcomeUnknown),
        ("bad_gateway", OutcomeUnknown),
        ("write_failed", OutcomeUnknown),
        ("nonce_used", OutcomeUnknown),
        ("gone", OutcomeUnknown),
        ("throttled", RateLimited),
        ("throttled_without_time", RateLimited),
        ("token_rejected", NotAuthorized),
        ("permission_missing", NotAuthorized),
        ("clock", WrongClock),
        ("key_expired", KeyDisabled),
        ("unavailable", Unavailable),
        ("outage_in_xml", Unavailable),
        ("undescribed", Rejected),
    ],
)
def test_publish_fails(photo: OutgoingPost, situation: str, expected: type[ConnectorError]) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(photo, ready(photo))
    assert type(caught.value) is expected


@pytest.mark.parametrize(("situation", "wait"), [("throttled", timedelta(minutes=7)), ("throttled_without_time", None)])
def test_publish_throttled_tells_the_wait_only_where_it_is_told(
    photo: OutgoingPost, situation: str, wait: timedelta | None
) -> None:
    with played(f"publish__{situation}"), pytest.raises(RateLimited) as caught:
        connector().publish(photo, ready(photo))
    assert caught.value.retry_after == wait


def test_publish_of_what_is_not_ready_is_our_bug(photo: OutgoingPost) -> None:
    for stage in (token(photo), token(photo, photos=[FIRST]), ready(photo, shown=1)):
        with pytest.raises(Unsupported):
            connector().publish(photo, stage)


def test_find_reads_the_photo(photo: OutgoingPost) -> None:
    with played("find__published"):
        found = connector().find(photo, ready(photo), SINCE)
    assert found is not None
    assert (found.remote_id, found.url) == (FIRST, f"https://www.flickr.com/photos/prensa/{FIRST}/")
    with played("find__not_published"):
        assert connector().find(photo, ready(photo), SINCE) is None


def test_find_looks_for_the_part_that_comes_next(three: OutgoingPost) -> None:
    with played("find__next_part"):
        found = connector().find(three, ready(three, shown=1), SINCE)
    assert found is not None
    assert found.remote_id == FIRST
    assert found.rest is not None
    assert (found.rest.token["shown"], found.rest.ready) == (2, True)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("gone", OutcomeUnknown),
        ("not_told", OutcomeUnknown),
        ("other_account", NotAuthorized),
        ("no_answer", Unavailable),
    ],
)
def test_find_cannot_tell(photo: OutgoingPost, situation: str, expected: type[ConnectorError]) -> None:
    with played(f"find__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().find(photo, ready(photo), SINCE)
    assert type(caught.value) is expected


def test_find_without_an_id_looks_for_the_machine_tag(photo: OutgoingPost) -> None:
    with played("find__marked"):
        found = connector().find(photo, token(photo), SINCE)
    assert found is not None
    assert found.remote_id == FIRST
    with played("find__marked_private"):
        assert connector().find(photo, token(photo), SINCE) is None
    with played("find__not_marked"), pytest.raises(OutcomeUnknown):
        connector().find(photo, token(photo), SINCE)


def test_take_down_makes_it_private_which_can_be_undone() -> None:
    with played("take_down"):
        connector().take_down(FIRST)
    with played("take_down__already"):
        connector().take_down(FIRST)


def test_take_down_of_several_makes_every_part_private() -> None:
    with played("take_down__several"):
        connector().take_down(FIRST)


@pytest.mark.parametrize(("situation", "expected"), [("gone", Gone), ("lost_answer", Unavailable)])
def test_take_down_fails(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"take_down__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().take_down(FIRST)
    assert type(caught.value) is expected


def test_an_id_of_another_platform_is_no_photo() -> None:
    for call in (connector().take_down, connector().comments, connector().metrics):
        with pytest.raises(Gone):
            call("111_9001")
    with pytest.raises(Gone):
        connector().reply("9001", "Gracias")


def test_comments_are_read_as_people_read_them_and_replies_find_their_comment() -> None:
    with played("comments"):
        page = connector().comments(FIRST)
    asked, praised, answered, elsewhere, chat = page.items
    assert page.next_cursor is None
    assert asked == Comment(
        id=f"12-{FIRST}-72151",
        text="¿A qué hora abren? <3\nGracias",
        created_at=datetime(2026, 5, 28, 20, 28, 20, tzinfo=UTC),
        author_id="20000001@N02",
        author_name="Rosa Q.",
        can_hide=False,
        url=f"https://www.flickr.com/photos/prensa/{FIRST}/#comment72151",
    )
    assert (praised.own, praised.parent_id) == (False, None)
    assert (answered.own, answered.parent_id, answered.text) == (True, asked.id, "A las 9 & media")
    # whom it answers wrote nothing here, so the mention stays for people to see
    assert (elsewhere.parent_id, elsewhere.text[:9]) == (None, "[https://")
    assert (chat.own, chat.parent_id) == (False, None)


def test_comments_of_a_quiet_photo_are_none() -> None:
    with played("comments__none"):
        assert connector().comments(FIRST).items == ()


@pytest.mark.parametrize(
    ("situation", "expected"),
    [("gone", Gone), ("private", Gone), ("no_list", Unavailable), ("no_time", Unavailable)],
)
def test_comments_fail(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"comments__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().comments(FIRST)
    assert type(caught.value) is expected


def test_comments_of_several_come_part_by_part() -> None:
    texts, cursor = [], None
    with played("comments__several"):
        for _page in range(3):
            page = connector().comments(FIRST, cursor)
            texts += [comment.text for comment in page.items]
            cursor = page.next_cursor
    assert (texts, cursor) == (["uno", "tres"], None)


def test_reply_mentions_whom_it_answers() -> None:
    with played("reply"):
        published = connector().reply(f"12-{FIRST}-72151", " Sí, 3 < 5 ")
    assert published.remote_id == f"12-{FIRST}-72159"
    assert published.url == f"https://www.flickr.com/photos/prensa/{FIRST}/#comment72159"
    assert published.published_at == datetime(2026, 5, 28, 20, 36, 40, tzinfo=UTC)


def test_reply_with_the_same_text_is_the_first_one() -> None:
    with played("reply__again"):
        first, second = (connector().reply(f"12-{FIRST}-72151", "Sí, 3 < 5") for _time in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("lost_answer", OutcomeUnknown),
        ("not_confirmed", OutcomeUnknown),
        ("comment_gone", Gone),
        ("photo_gone", Gone),
        ("blank", Rejected),
        ("too_fast", RateLimited),
        ("not_allowed", NotAuthorized),
    ],
)
def test_reply_fails(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"reply__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().reply(f"12-{FIRST}-72151", "Sí, 3 < 5")
    assert type(caught.value) is expected


LIFETIME = {"views": 12.0, "comments": 2.0, "favorites": 7.0}
DAILY = {"daily.views": 24.0, "daily.comments": 4.0, "daily.favorites": 1.0}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("metrics", LIFETIME | DAILY),
        ("metrics__without_stats", LIFETIME),
        ("metrics__no_stats_that_day", LIFETIME | {"favorites": 0.0}),
        ("metrics__one_refused", {"comments": 2.0, "daily.views": 24.0}),
        # the part that is gone counts for nothing; a figure that one part lacks is no figure of the post
        ("metrics__several", {"views": 17.0, "comments": 2.0, "favorites": 8.0}),
    ],
)
def test_metrics_have_what_there_is(name: str, values: dict[str, float]) -> None:
    with played(name):
        snapshot = connector().metrics(FIRST)
    assert snapshot.values == values
    assert set(snapshot.missing) == set(LIFETIME | DAILY) - set(values)


def test_metrics_of_a_photo_that_is_gone() -> None:
    with played("metrics__gone"), pytest.raises(Gone):
        connector().metrics(FIRST)


def test_account_metrics_have_what_there_is() -> None:
    with played("account_metrics"):
        snapshot = connector().account_metrics()
    views = {"views.total": 1000.0, "views.photos": 800.0, "views.photostream": 150.0, "views.sets": 50.0}
    assert snapshot.values == {"photos": 321.0, "albums": 9.0} | views
    assert snapshot.missing == ("views.collections",)
    with played("account_metrics__without_stats"):
        assert connector().account_metrics().values == {"photos": 321.0, "albums": 9.0}


def test_hiding_would_be_deleting_so_it_is_not_offered() -> None:
    assert Operation.HIDE not in FlickrConnector.capabilities.operations
    with pytest.raises(Unsupported):
        connector().hide(f"12-{FIRST}-72151", True)
