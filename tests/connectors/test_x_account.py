"""The X connector's account, replies and figures, against what X is documented to answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Services
from connectors.errors import (
    ConnectorError,
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
)
from connectors.http import Door
from connectors.read_budget import BudgetSpent
from connectors.x import XConnector
from connectors.x_errors import NoCredits
from core.accounts import Credentials
from core.deliveries import Published
from core.media import Attachment, MediaKind, Medium
from core.posts import Content
from policy.content import check_content
from tests.connectors.x_office import (
    ACCOUNT,
    BEGAN,
    CLIENT_SECRET,
    REFRESH,
    TEXT,
    TOKEN,
    Purse,
    begun,
    connector,
    played,
)

FIRST = "1978012345678901234"
ROSA = "1978012345678901300"
OURS = "1978012345678901310"


def test_identify_tells_whose_token_this_is() -> None:
    with played("identify"):
        identity = connector().identify()
    assert (identity.remote_id, identity.name, identity.address) == ("777", "Prensa INPE", "https://x.com/inpe_prensa")
    assert identity.missing == ()


def test_identify_notices_a_token_that_may_only_read() -> None:
    with played("identify__read_only"):
        assert connector().identify().missing == ("tweet.write",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identify__unauthorized", TokenRefused),
        ("identify__no_credits", NoCredits),
        ("identify__no_id", Unavailable),
    ],
)
def test_identify_failure(name: str, expected: type[ConnectorError]) -> None:
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().identify()
    assert type(caught.value) is expected


def test_no_credits_is_said_to_people_in_its_own_sentence() -> None:
    assert "saldo" in NoCredits.sentence


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"access_token": "a", "consumer_key": "b"},
        {"access_token": "a", "consumer_key": "b", "consumer_secret": "c"},
        {"access_token": "a b"},
        {"access_token": "a\n"},
        {"access_token": "á"},
    ],
)
def test_credentials_that_are_not_whole_are_misconfigured(values: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as caught:
        XConnector(ACCOUNT, Credentials(values), Door())
    assert not [value for value in values.values() if f"{value!r}" in str(caught.value)]


def test_take_down_deletes_the_post() -> None:
    with played("take_down"):
        connector().take_down(FIRST)


def test_take_down_of_a_thread_begins_at_its_end_and_leaves_answers_to_people() -> None:
    with played("take_down__thread"):
        connector().take_down(FIRST)


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
        connector().take_down(FIRST)
    assert type(caught.value) is expected


def test_comments_are_read_oldest_first_without_our_own_thread() -> None:
    with played("comments"):
        page = connector().comments(FIRST)
    assert [(one.id, one.text, one.parent_id, one.own) for one in page.items] == [
        (ROSA, "¿Atienden hoy? 2 < 3", None, False),
        (OURS, "Sí", ROSA, True),
    ]
    assert page.next_cursor is None
    rosa = page.items[0]
    assert (rosa.author_name, rosa.url) == ("Rosa Q.", f"https://x.com/rosaq/status/{ROSA}")
    assert rosa.created_at == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert "Rosa" not in repr(rosa)


def test_comments_of_an_older_post_come_from_the_search_and_from_the_mentions_before_it() -> None:
    hour = (datetime.now(UTC) - timedelta(days=7) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:00:00Z")
    with played("comments__older", EDGE=hour):
        page = connector().comments(FIRST)
    assert [one.id for one in page.items] == [ROSA, "1978012345678901330"]
    assert page.resume_cursor


def test_comments_of_a_quiet_post() -> None:
    with played("comments__none"):
        assert connector().comments(FIRST).items == ()


def test_comments_of_a_post_that_is_gone() -> None:
    with played("comments__gone"), pytest.raises(Gone):
        connector().comments(FIRST)


@pytest.mark.parametrize("call", ["comments", "metrics", "account_metrics"])
def test_reading_stops_where_the_budget_is_spent(call: str) -> None:
    x = connector(Services(read_budget=Purse(0)))
    with pytest.raises(BudgetSpent) as caught:
        getattr(x, call)(*(() if call == "account_metrics" else (FIRST,)))
    assert caught.value.retry_after == timedelta(days=3)


def test_every_post_and_person_read_is_noted() -> None:
    purse = Purse(None)
    with played("comments"):
        connector(Services(read_budget=purse)).comments(FIRST)
    # the post itself; a reply and two people; two posts and two people
    assert purse.spent == [1, 3, 4]


def test_find_never_waits_for_the_budget() -> None:
    purse = Purse(0)
    with played("find__not_listed"):
        assert connector(Services(read_budget=purse)).find(TEXT, begun(TEXT, ready=True), BEGAN) is None
    assert purse.spent == [1]


def test_reply_answers_a_reply() -> None:
    with played("reply"):
        assert connector().reply(ROSA, "Sí") == Published(OURS, f"https://x.com/inpe_prensa/status/{OURS}")


@pytest.mark.parametrize(("name", "expected"), [("reply__lost_answer", OutcomeUnknown), ("reply__refused", Rejected)])
def test_reply_failure(name: str, expected: type[ConnectorError]) -> None:
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().reply(ROSA, "Sí")
    assert type(caught.value) is expected


@pytest.mark.parametrize(("name", "hidden"), [("hide", True), ("hide__show", False)])
def test_hide_and_show(name: str, hidden: bool) -> None:
    with played(name):
        connector().hide(ROSA, hidden)


@pytest.mark.parametrize(("name", "expected"), [("hide__not_confirmed", Unavailable), ("hide__not_ours", Rejected)])
def test_hide_failure(name: str, expected: type[ConnectorError]) -> None:
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().hide(ROSA, True)
    assert type(caught.value) is expected


def test_metrics_are_public_and_private_figures_and_views() -> None:
    with played("metrics"):
        snapshot = connector().metrics(FIRST)
    assert snapshot.values == {
        "retweet_count": 3,
        "reply_count": 2,
        "like_count": 10,
        "quote_count": 1,
        "bookmark_count": 0,
        "impression_count": 450,
        "url_link_clicks": 7,
        "user_profile_clicks": 1,
        "engagements": 20,
        "view_count": 99,
    }
    assert snapshot.missing == ()


@pytest.mark.parametrize("name", ["metrics__too_old", "metrics__refused"])
def test_metrics_keep_the_public_figures_where_the_private_ones_are_refused(name: str) -> None:
    with played(name):
        snapshot = connector().metrics(FIRST)
    # under the name that it had before, whatever X calls it now
    assert snapshot.values["retweet_count"] == 3
    assert set(snapshot.missing) == {"url_link_clicks", "user_profile_clicks", "engagements"}


def test_metrics_of_a_post_that_is_gone() -> None:
    with played("metrics__gone"), pytest.raises(Gone):
        connector().metrics(FIRST)


def test_account_metrics_leave_out_what_was_not_told() -> None:
    with played("account_metrics"):
        snapshot = connector().account_metrics()
    assert snapshot.values == {"followers_count": 1200, "following_count": 10, "tweet_count": 340, "listed_count": 3}
    assert snapshot.missing == ("like_count", "media_count")


def renewable(expires_at: datetime | None = None, **more: str) -> XConnector:
    values = {"access_token": TOKEN, "refresh_token": REFRESH, "client_id": "client", "client_secret": CLIENT_SECRET}
    return XConnector(ACCOUNT, Credentials(values | more, expires_at), Door())


@pytest.mark.parametrize(("name", "secret"), [("refresh", CLIENT_SECRET), ("refresh__public", "")])
def test_refresh_brings_both_new_tokens(name: str, secret: str) -> None:
    before = datetime.now(UTC)
    with played(name):
        renewed = renewable(client_secret=secret).refresh()
    assert renewed is not None
    assert (renewed.get("access_token"), renewed.get("refresh_token")) == ("new-" + "a" * 9, REFRESH + "2")
    assert renewed.get("client_id") == "client"
    assert renewed.expires_at is not None
    assert before + timedelta(hours=2) <= renewed.expires_at <= datetime.now(UTC) + timedelta(hours=2)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("used", NotAuthorized),
        ("wrong_client", NotAuthorized),
        ("lost_answer", OutcomeUnknown),
        ("refused_connection", Unavailable),
        ("html", OutcomeUnknown),
        ("html_403", OutcomeUnknown),
        ("failing", OutcomeUnknown),
        ("throttled", RateLimited),
    ],
)
def test_refresh_failure_tells_whether_the_old_token_may_be_dead(
    situation: str, expected: type[ConnectorError]
) -> None:
    with played(f"refresh__{situation}"), pytest.raises(ConnectorError) as caught:
        renewable().refresh()
    assert type(caught.value) is expected
    assert REFRESH not in f"{caught.value}{caught.value.detail}{caught.value!r}"


def test_refresh_does_not_look_at_the_clock() -> None:
    with played("refresh"):
        assert renewable(datetime.now(UTC) + timedelta(hours=1)).refresh() is not None


def test_refresh_of_what_cannot_be_renewed_is_none() -> None:
    assert connector().refresh() is None
    assert (
        connector(consumer_key="a", consumer_secret="b", access_token_secret="c", refresh_token="d").refresh() is None
    )


def test_refresh_without_a_client_is_misconfigured() -> None:
    with pytest.raises(Misconfigured):
        connector(refresh_token=REFRESH).refresh()


GIF = Medium("a" * 64, MediaKind.IMAGE, "image/gif", 15_000_000, 1280, 669, frames=350)
STILL = Medium("b" * 64, MediaKind.IMAGE, "image/gif", 5_000_000, 4000, 3000)


@pytest.mark.parametrize(
    ("media", "found"),
    [
        ((), ["content_missing"]),
        ((GIF,), []),
        ((STILL,) * 4, []),
        ((STILL,) * 5, ["media_too_many"]),
        ((GIF, STILL), ["animation_alone"]),
        ((replace(GIF, size=15_000_001),), ["media_too_large"]),
        ((replace(STILL, size=5_000_001),), ["media_too_large"]),
        ((replace(GIF, width=1281, frames=2),), ["media_width"]),
        ((replace(GIF, height=1081, frames=2),), ["media_height"]),
        ((replace(GIF, frames=351, height=9),), ["animation_too_long"]),
        ((replace(GIF, height=670),), ["animation_too_long"]),
        ((replace(GIF, mime_type="image/webp"),), ["media_type"]),
    ],
)
def test_capabilities_say_what_a_post_is_and_what_of_it_may_move(media: tuple[Medium, ...], found: list[str]) -> None:
    content = Content("", attachments=tuple(Attachment(medium, "Una bandera") for medium in media))
    assert [reason.code for reason in check_content(content, XConnector.capabilities)] == found
