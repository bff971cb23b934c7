"""Every registered connector keeps the same contract: taking down, comments and figures."""

import contextlib
from datetime import UTC, datetime, timedelta

from connectors.errors import Gone, OutcomeUnknown, Unavailable
from core.capabilities import Operation
from core.feedback import Comment
from core.posts import OutgoingPost
from tests.connectors.contract import Stand, needs


def take_down_again(stand: Stand, remote_id: str) -> None:
    """A second time nothing happens: a platform with a trash may say nothing, another that it is gone."""
    with contextlib.suppress(Gone):
        stand.connector().take_down(remote_id)


def test_take_down_hides_the_post_and_may_be_repeated(stand: Stand, post: OutgoingPost) -> None:
    needs(stand, Operation.TAKE_DOWN)
    stage = stand.staged(post)
    published = stand.connector().publish(post, stage)
    (shown,) = stand.shown(post)
    stand.connector().take_down(published.remote_id)
    writes = stand.writes()
    # the ledger's own id: a video's is not that of its post
    assert (writes[-1].visible, writes[-1].remote_id) == (False, shown.remote_id)
    take_down_again(stand, published.remote_id)
    assert stand.writes() == writes
    with contextlib.suppress(OutcomeUnknown):
        assert stand.found(post, stage) is None


def test_take_down_lost_answer_can_be_repeated(stand: Stand, text: OutgoingPost) -> None:
    needs(stand, Operation.TAKE_DOWN)
    published = stand.published(text)
    stand.fault("drop_after", stand.subject.taking_down)
    assert isinstance(stand.failure(lambda: stand.connector().take_down(published.remote_id)), Unavailable)
    assert not stand.writes()[-1].visible
    take_down_again(stand, published.remote_id)


def all_comments(stand: Stand, remote_id: str) -> list[Comment]:
    found: list[Comment] = []
    cursor = None
    for _page in range(10):
        page = stand.connector().comments(remote_id, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("the comments never end")


def test_comments_come_all_once_oldest_first(stand: Stand, text: OutgoingPost) -> None:
    needs(stand, Operation.COMMENTS)
    published = stand.published(text)
    assert all_comments(stand, published.remote_id) == []
    texts = [f"¿A qué hora, número {number}?" for number in range(120)]
    for said in texts:
        stand.sandbox.grow(
            comments=1, platform=str(stand.platform), remote_id=published.remote_id, text=said, author="Rosa Q."
        )
    comments = all_comments(stand, published.remote_id)
    assert [comment.text for comment in comments] == texts
    assert len({comment.id for comment in comments}) == 120
    assert all(comment.created_at.utcoffset() == timedelta(0) for comment in comments)
    assert {comment.author_name for comment in comments} == {"Rosa Q."}
    assert not any(comment.own for comment in comments)


def test_comments_of_a_post_that_is_gone(stand: Stand, text: OutgoingPost) -> None:
    needs(stand, Operation.COMMENTS)
    published = stand.published(text)
    stand.connector().take_down(published.remote_id)
    assert isinstance(stand.failure(lambda: stand.connector().comments(published.remote_id)), Gone)


def commented(stand: Stand, text: OutgoingPost) -> tuple[str, Comment]:
    published = stand.published(text)
    stand.sandbox.grow(
        comments=1, platform=str(stand.platform), remote_id=published.remote_id, text="¿Atienden hoy?", author="Rosa Q."
    )
    (comment,) = stand.connector().comments(published.remote_id).items
    return published.remote_id, comment


def test_reply_is_seen_as_our_own_under_its_comment(stand: Stand, text: OutgoingPost) -> None:
    needs(stand, Operation.REPLY)
    remote_id, comment = commented(stand, text)
    reply = stand.connector().reply(comment.id, "Sí, hasta las 5 p. m.")
    (own,) = [seen for seen in all_comments(stand, remote_id) if seen.own]
    assert (own.id, own.parent_id, own.text) == (reply.remote_id, comment.id, "Sí, hasta las 5 p. m.")
    assert reply.url.startswith("https://")


def test_reply_lost_answer_is_unknown(stand: Stand, text: OutgoingPost) -> None:
    needs(stand, Operation.REPLY)
    _remote_id, comment = commented(stand, text)
    stand.fault("drop_after", "reply")
    assert type(stand.failure(lambda: stand.connector().reply(comment.id, "Sí"))) is OutcomeUnknown


def test_hide_and_show_again(stand: Stand, text: OutgoingPost) -> None:
    needs(stand, Operation.HIDE)
    remote_id, comment = commented(stand, text)
    for hidden in (True, True, False):
        stand.connector().hide(comment.id, hidden)
        (seen,) = all_comments(stand, remote_id)
        assert seen.hidden is hidden


def test_metrics_are_figures_of_now(stand: Stand, text: OutgoingPost) -> None:
    needs(stand, Operation.METRICS)
    published = stand.published(text)
    snapshot = stand.connector().metrics(published.remote_id)
    assert abs(snapshot.taken_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert snapshot.values
    assert not set(snapshot.values) & set(snapshot.missing)


def test_account_metrics_are_figures_of_now(stand: Stand) -> None:
    needs(stand, Operation.ACCOUNT_METRICS)
    snapshot = stand.connector().account_metrics()
    assert abs(snapshot.taken_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert snapshot.values
