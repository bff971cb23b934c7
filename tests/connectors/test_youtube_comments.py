"""Comments under a video: all of them once, whatever list or page holds them; answered in one level; held back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from connectors.errors import Gone, OutcomeUnknown, Rejected, Unavailable
from connectors.youtube_cursor import Cursor
from core.feedback import Comment
from tests.connectors.youtube_channel import Channel, channel, spoken, video, youtube_server

__all__ = ["channel", "youtube_server"]


@pytest.fixture
def video_id(channel: Channel, tmp_path: Path) -> str:
    return channel.published(spoken(video(tmp_path))).remote_id


def grow(channel: Channel, video_id: str, text: str, count: int = 1) -> None:
    channel.sandbox.grow(comments=count, platform="youtube", remote_id=video_id, text=text, author="Rosa Q.")


def answer_as_another(channel: Channel, parent_id: str, text: str) -> None:
    """Reply as a channel that is not the office's."""
    response = requests.post(
        f"{channel.server.address}/youtube.googleapis.com/youtube/v3/comments?part=snippet",
        json={"snippet": {"parentId": parent_id, "textOriginal": text}},
        headers={"Authorization": f"Bearer {channel.world.other_access_token}"},
        timeout=15,
    )
    assert response.ok, response.text


def every(channel: Channel, video_id: str) -> list[Comment]:
    found: list[Comment] = []
    cursor = None
    for _page in range(20):
        page = channel.connector().comments(video_id, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("the comments never end")


def test_comments_come_all_once_newest_first(channel: Channel, video_id: str) -> None:
    said = [f"¿A qué hora, número {number}?" for number in range(120)]
    for text in said:
        grow(channel, video_id, text)
        channel.sandbox.advance(timedelta(seconds=1))
    found = every(channel, video_id)
    assert [comment.text for comment in found] == said[::-1]
    assert len({comment.id for comment in found}) == 120
    assert {comment.author_name for comment in found} == {"@rosaq"}
    assert not any(comment.own or comment.hidden for comment in found)
    assert all(comment.url.startswith(f"https://www.youtube.com/watch?v={video_id}&lc=") for comment in found)


def test_comments_hold_every_reply_of_a_thread(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = every(channel, video_id)
    said = [f"Respuesta {number}" for number in range(23)]
    for text in said:
        channel.ask("POST", "comments", part="snippet", body={"snippet": {"parentId": top.id, "textOriginal": text}})
        channel.sandbox.advance(timedelta(seconds=1))
    found = every(channel, video_id)
    assert [comment.text for comment in found] == ["¿Atienden hoy?", *said]
    assert {comment.parent_id for comment in found[1:]} == {top.id}
    assert all(comment.own for comment in found[1:])


def test_comments_that_wait_for_review_are_there_and_hidden(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "Vea https://www.example.org")
    grow(channel, video_id, "https://www.example.org https://www.example.org/otra")
    grow(channel, video_id, "Gracias")
    assert {(comment.text, comment.hidden) for comment in every(channel, video_id)} == {
        ("Gracias", False),
        ("Vea https://www.example.org", True),
        ("https://www.example.org https://www.example.org/otra", True),
    }


def test_comments_with_marks_come_as_plain_text(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "3 < 5 & «ñ»\nsegunda línea")
    (comment,) = every(channel, video_id)
    assert comment.text == "3 < 5 & «ñ»\nsegunda línea"


def test_comments_with_a_stale_page_token_begin_anew(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "Hola")
    page = channel.connector().comments(video_id, str(Cursor(datetime.now(UTC), page_token="nobodyknows")))
    assert [comment.text for comment in page.items] == ["Hola"]


def test_a_thread_that_vanishes_meanwhile_costs_only_its_replies(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = every(channel, video_id)
    for number in range(7):
        answer_as_another(channel, top.id, f"Respuesta {number}")
    rule = {"match": {"platform": "youtube", "method": "GET", "path": "v3/comments"}, "times": 1}
    channel.plant([rule | {"fault": {"kind": "status_before", "status": 404}}])
    assert "¿Atienden hoy?" in [comment.text for comment in every(channel, video_id)]


def test_comments_of_no_video_are_gone(channel: Channel) -> None:
    with pytest.raises(Gone):
        channel.connector().comments("A" * 11)


def test_reply_to_a_reply_stands_under_the_top_comment_and_names_whom(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = every(channel, video_id)
    first = channel.connector().reply(top.id, "Sí")
    second = channel.connector().reply(first.remote_id, "Hasta las 5")
    replies = {comment.id: comment for comment in every(channel, video_id)}
    assert replies[second.remote_id].parent_id == top.id
    assert replies[second.remote_id].text == f"{replies[first.remote_id].author_name} Hasta las 5"


def test_reply_whose_answer_was_lost_is_found_and_not_doubled(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = every(channel, video_id)
    channel.fault("drop_after", "reply")
    with pytest.raises(OutcomeUnknown):
        channel.connector().reply(top.id, "Sí")
    again = channel.connector().reply(top.id, "Sí")
    own = [comment for comment in every(channel, video_id) if comment.own]
    assert [comment.id for comment in own] == [again.remote_id]


def test_reply_to_a_comment_that_is_gone(channel: Channel) -> None:
    with pytest.raises(Gone):
        channel.connector().reply("Ugx" + "a" * 20, "Sí")


def test_reply_too_long_is_rejected(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = every(channel, video_id)
    with pytest.raises(Rejected):
        channel.connector().reply(top.id, "ñ" * 10_001)


def test_hide_never_rejects_for_good(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = every(channel, video_id)
    channel.connector().hide(top.id, hidden=True)
    assert channel.query("/comments/setModerationStatus")["moderationStatus"] == "heldForReview"
    channel.fault("drop_after", "hide")
    with pytest.raises(Unavailable):
        channel.connector().hide(top.id, hidden=False)
    channel.connector().hide(top.id, hidden=False)
    assert [comment.hidden for comment in every(channel, video_id)] == [False]


def test_hide_what_is_gone(channel: Channel) -> None:
    with pytest.raises(Gone):
        channel.connector().hide("Ugx" + "a" * 20, hidden=True)
