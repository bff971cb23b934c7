"""What came back from a channel, against documented and constructed exchanges: comments, answers, figures."""

from datetime import UTC, datetime

import pytest

from connectors.errors import ConnectorError, Gone, OutcomeUnknown, Rejected
from connectors.youtube_cursor import Cursor
from connectors.youtube_metrics import VIDEO_METRICS
from tests.connectors.test_youtube_replayed import VIDEO, connector, failure, played


def test_comments() -> None:
    with played("comments"):
        page = connector().comments(VIDEO)
    top, reply = page.items
    assert (top.id, top.text, top.author_name, top.own, top.can_hide) == (
        "Ugx1",
        "¿Atienden hoy?",
        "@quien",
        False,
        True,
    )
    assert (reply.id, reply.parent_id, reply.own, reply.can_hide) == ("Ugx1.1", "Ugx1", True, False)
    assert page.next_cursor is not None
    following = Cursor.parse(page.next_cursor)
    assert (following.listing, following.page_token) == ("published", "QURTSl8x")
    assert page.resume_cursor is None


def test_comments_fetches_the_replies_that_a_thread_does_not_hold() -> None:
    with played("comments__more_replies"):
        page = connector().comments(VIDEO)
    assert [comment.id for comment in page.items] == ["Ugx1", "Ugx1.1", "Ugx1.2"]


def place(listing: str, page_token: str = "") -> str:
    return str(Cursor(datetime.now(UTC), listing, page_token))


def test_comments_held_for_review_are_hidden() -> None:
    with played("comments__held"):
        page = connector().comments(VIDEO, place("heldForReview"))
    assert [(comment.id, comment.hidden) for comment in page.items] == [("Ugx3", True)]
    assert Cursor.parse(page.next_cursor).listing == "likelySpam"


def test_comments_last_page_ends() -> None:
    with played("comments__last_page"):
        page = connector().comments(VIDEO, place("likelySpam"))
    assert (page.items, page.next_cursor) == ((), None)
    # nothing was met, so there is no instant from which things are new
    assert Cursor.parse(page.resume_cursor).since is None


def test_comments_that_are_off_are_none() -> None:
    with played("comments__off"):
        assert connector().comments(VIDEO).items == ()


def test_comments_stale_page_begins_anew() -> None:
    with played("comments__stale_page"):
        assert [comment.id for comment in connector().comments(VIDEO, place("published", "old")).items] == ["Ugx1"]


def test_comments_gone() -> None:
    with played("comments__gone"), pytest.raises(Gone):
        connector().comments(VIDEO)


@pytest.mark.parametrize(
    ("situation", "comment_id"), [("reply", "Ugx1"), ("reply__of_a_reply", "Ugx1.5"), ("reply__there_already", "Ugx1")]
)
def test_reply(situation: str, comment_id: str) -> None:
    with played(situation):
        published = connector().reply(comment_id, "Sí")
    assert published.remote_id == "Ugx1.9"
    assert published.url == f"https://www.youtube.com/watch?v={VIDEO}&lc=Ugx1.9"


@pytest.mark.parametrize(
    ("situation", "kind"),
    [
        ("lost_answer", OutcomeUnknown),
        ("not_confirmed", OutcomeUnknown),
        ("comments_off", Rejected),
        ("gone", Gone),
    ],
)
def test_reply_fails(situation: str, kind: type[ConnectorError]) -> None:
    with played(f"reply__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().reply("Ugx1", "Sí")
    assert type(failure(caught.value)) is kind


def test_hide() -> None:
    with played("hide"):
        connector().hide("Ugx1", hidden=True)
    with played("hide__show"):
        connector().hide("Ugx1", hidden=False)


@pytest.mark.parametrize(("situation", "hidden", "kind"), [("gone", True, Gone), ("not_allowed", False, Rejected)])
def test_hide_fails(situation: str, hidden: bool, kind: type[ConnectorError]) -> None:
    with played(f"hide__{situation}"), pytest.raises(kind):
        connector().hide("Ugx1", hidden=hidden)


def test_metrics_are_read_by_their_headers() -> None:
    with played("metrics"):
        snapshot = connector().metrics(VIDEO)
    assert (snapshot.values["viewCount"], snapshot.values["commentCount"]) == (12, 1)
    assert (snapshot.values["videosAddedToPlaylists"], snapshot.values["views"]) == (1, 12)
    assert snapshot.missing == ("likeCount",)  # hidden on the platform: absent, not 0


@pytest.mark.parametrize("situation", ["no_rows", "no_scope"])
def test_metrics_without_analytics(situation: str) -> None:
    with played(f"metrics__{situation}"):
        snapshot = connector().metrics(VIDEO)
    assert snapshot.values == {"viewCount": 12, "commentCount": 1}
    assert set(VIDEO_METRICS) <= set(snapshot.missing)


def test_metrics_one_refused_name_costs_only_itself() -> None:
    with played("metrics__retired_metric"):
        snapshot = connector().metrics(VIDEO)
    assert snapshot.missing == ("likeCount", "dislikes")


def test_metrics_gone() -> None:
    with played("metrics__gone"), pytest.raises(Gone):
        connector().metrics(VIDEO)


def test_account_metrics_take_the_last_day_that_there_is() -> None:
    with played("account_metrics"):
        snapshot = connector().account_metrics()
    assert (snapshot.values["subscriberCount"], snapshot.values["views"]) == (1230, 100)
    assert snapshot.missing == ()


def test_account_metrics_hidden_subscribers_are_absent() -> None:
    with played("account_metrics__hidden_subscribers"):
        snapshot = connector().account_metrics()
    assert set(snapshot.values) == {"viewCount", "videoCount"}
