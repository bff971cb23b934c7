"""Comments and figures of Instagram over real HTTP against the sandbox."""

from datetime import timedelta

import pytest

from connectors.errors import (
    Rejected,
    Unavailable,
)
from core.feedback import Comment
from core.posts import OutgoingPost
from tests.connectors.contract import Stand
from tests.connectors.instagram_stand import (
    picture,
    posts,
    reel,
    requests_of,
    stand,
)

__all__ = ["picture", "posts", "reel", "stand"]  # fixtures


def all_comments(stand: Stand, remote_id: str) -> list[Comment]:
    seen: list[Comment] = []
    cursor = None
    for _page in range(10):
        page = stand.connector().comments(remote_id, cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            return seen
    raise AssertionError("the comments never end")


def test_comments_come_all_once_newest_first(stand: Stand, picture: OutgoingPost) -> None:
    published = stand.published(picture)
    texts = [f"¿A qué hora, número {number}?" for number in range(120)]
    for said in texts:
        stand.sandbox.grow(comments=1, platform="instagram", remote_id=published.remote_id, text=said, author="rosa.q")
    comments = all_comments(stand, published.remote_id)
    assert sorted(comment.text for comment in comments) == sorted(texts)
    assert len({comment.id for comment in comments}) == 120
    assert [comment.created_at for comment in comments] == sorted(
        (comment.created_at for comment in comments), reverse=True
    )
    assert {(comment.author_name, comment.own, comment.can_hide) for comment in comments} == {("rosa.q", False, True)}


def test_replies_come_all_after_their_comment(stand: Stand, picture: OutgoingPost) -> None:
    published = stand.published(picture)
    stand.sandbox.grow(comments=1, platform="instagram", remote_id=published.remote_id, text="¿Atienden hoy?")
    (comment,) = stand.connector().comments(published.remote_id).items
    for number in range(60):
        stand.connector().reply(comment.id, f"Respuesta {number}")
    first, *replies = all_comments(stand, published.remote_id)
    assert first.id == comment.id
    assert len({reply.id for reply in replies}) == 60
    assert {(reply.parent_id, reply.own, reply.can_hide) for reply in replies} == {(comment.id, True, False)}


def test_reply_to_a_reply_is_told_as_the_thread_it_lands_in(stand: Stand, picture: OutgoingPost) -> None:
    published = stand.published(picture)
    stand.sandbox.grow(comments=1, platform="instagram", remote_id=published.remote_id, text="¿Atienden hoy?")
    (comment,) = stand.connector().comments(published.remote_id).items
    first = stand.connector().reply(comment.id, "Sí")
    second = stand.connector().reply(first.remote_id, "Hasta las 5 p. m.")
    parents = {one.id: one.parent_id for one in all_comments(stand, published.remote_id)}
    assert parents[second.remote_id] == comment.id


def test_hidden_comment_cannot_be_answered_and_ours_cannot_be_hidden(stand: Stand, picture: OutgoingPost) -> None:
    published = stand.published(picture)
    stand.sandbox.grow(comments=1, platform="instagram", remote_id=published.remote_id, text="¿Atienden hoy?")
    (comment,) = stand.connector().comments(published.remote_id).items
    reply = stand.connector().reply(comment.id, "Sí")
    with pytest.raises(Rejected):
        stand.connector().hide(reply.remote_id, True)
    stand.connector().hide(comment.id, True)
    with pytest.raises(Rejected):
        stand.connector().reply(comment.id, "Otra vez")


@pytest.mark.parametrize("kind", ["image", "video"])
def test_metrics_fit_the_kind_of_post(stand: Stand, posts: dict[str, OutgoingPost], kind: str) -> None:
    published = stand.published(posts[kind])
    stand.sandbox.advance(timedelta(days=3))
    refused_before = len(requests_of(stand, "insights"))
    snapshot = stand.connector().metrics(published.remote_id)
    assert {"views", "reach", "comments_count"} <= set(snapshot.values)
    assert ("reels_skip_rate" in snapshot.values) == (kind == "video")
    assert len(requests_of(stand, "insights")) == refused_before + 1  # nothing was refused


def test_one_bad_metric_does_not_lose_the_rest(
    stand: Stand, picture: OutgoingPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = stand.published(picture)
    stand.sandbox.advance(timedelta(days=3))
    monkeypatch.setattr("connectors.instagram_feedback.FEED_METRICS", ("impressions", "views", "reels_skip_rate"))
    snapshot = stand.connector().metrics(published.remote_id)
    assert "views" in snapshot.values
    assert {"impressions", "reels_skip_rate"} <= set(snapshot.missing)


def test_metrics_of_a_silent_platform_are_unavailable_and_not_empty(stand: Stand, picture: OutgoingPost) -> None:
    published = stand.published(picture)
    stand.fault("drop_before", "insights")
    assert type(stand.failure(lambda: stand.connector().metrics(published.remote_id))) is Unavailable
