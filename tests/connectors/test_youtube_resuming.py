"""A later pull of comments: it brings what was written since, wherever, and opens no long thread for nothing."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import youtube_cursor
from connectors.errors import Unsupported
from connectors.youtube_cursor import REMEMBERED, Cursor
from core.feedback import Comment
from tests.connectors.test_youtube_comments import answer_as_another, grow
from tests.connectors.youtube_channel import Channel, channel, spoken, video, youtube_server

__all__ = ["channel", "youtube_server"]

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OVERLAP = timedelta(minutes=5)  # shorter than the real one: the imitation's tokens live an hour
LATER = OVERLAP + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(youtube_cursor, "OVERLAP", OVERLAP)


@pytest.fixture
def video_id(channel: Channel, tmp_path: Path) -> str:
    return channel.published(spoken(video(tmp_path))).remote_id


def pulled(channel: Channel, video_id: str, cursor: str | None = None) -> tuple[list[Comment], str]:
    """Return what a pull brings, and where the next one begins; every cursor goes through a database."""
    found: list[Comment] = []
    for _page in range(30):
        page = channel.connector().comments(video_id, cursor)
        found += page.items
        if page.next_cursor is None:
            assert page.resume_cursor is not None
            return found, page.resume_cursor
        assert page.resume_cursor is None
        cursor = page.next_cursor
    raise AssertionError("the comments never end")


def test_resumed_pull_brings_what_is_new_and_little_else(channel: Channel, video_id: str) -> None:
    for number in range(3):
        grow(channel, video_id, f"Antiguo {number}")
    channel.sandbox.advance(LATER)
    grow(channel, video_id, "El último")
    whole, cursor = pulled(channel, video_id)
    assert len(whole) == 4
    channel.sandbox.advance(timedelta(minutes=2))
    grow(channel, video_id, "Nuevo")
    found, cursor = pulled(channel, video_id, cursor)
    assert [comment.text for comment in found] == ["Nuevo", "El último"]
    channel.sandbox.advance(LATER)
    grow(channel, video_id, "Más nuevo")
    found, cursor = pulled(channel, video_id, cursor)
    assert [comment.text for comment in found] == ["Más nuevo", "Nuevo", "El último"]
    again, _cursor = pulled(channel, video_id, cursor)
    assert [comment.text for comment in again] == ["Más nuevo"]


def test_resumed_pull_of_nothing_yet_brings_all(channel: Channel, video_id: str) -> None:
    found, cursor = pulled(channel, video_id)
    assert found == []
    grow(channel, video_id, "El primero")
    assert [comment.text for comment in pulled(channel, video_id, cursor)[0]] == ["El primero"]


def test_resumed_pull_brings_a_late_reply_to_an_old_thread(channel: Channel, video_id: str) -> None:
    """A reply moves no thread up: the oldest of 120 must be looked at too."""
    for number in range(120):
        grow(channel, video_id, f"Comentario {number}")
    (oldest,) = (comment for comment in pulled(channel, video_id)[0] if comment.text == "Comentario 0")
    channel.sandbox.advance(LATER)
    grow(channel, video_id, "Otro")
    _found, cursor = pulled(channel, video_id)
    channel.sandbox.advance(LATER)
    answer_as_another(channel, oldest.id, "Tarde, pero llego")
    found, _cursor = pulled(channel, video_id, cursor)
    late = [comment for comment in found if comment.parent_id]
    assert [(comment.text, comment.parent_id, comment.own) for comment in late] == [
        ("Tarde, pero llego", oldest.id, False)
    ]


def test_resumed_pull_opens_only_long_threads_that_grew(channel: Channel, video_id: str) -> None:
    for text in ("¿Atienden hoy?", "¿Y mañana?"):
        grow(channel, video_id, text)
    tops = {comment.text: comment.id for comment in pulled(channel, video_id)[0]}
    for number in range(8):
        for top in tops.values():
            answer_as_another(channel, top, f"Respuesta {number}")
    channel.sent.clear()
    whole, cursor = pulled(channel, video_id)
    assert len(whole) == 18
    assert channel.calls().count("GET /comments") == 2
    channel.sandbox.advance(LATER)
    answer_as_another(channel, tops["¿Y mañana?"], "Una más")
    channel.sent.clear()
    found, cursor = pulled(channel, video_id, cursor)
    assert [comment.text for comment in found if comment.created_at > max(c.created_at for c in whole)] == ["Una más"]
    assert channel.calls().count("GET /comments") == 1
    channel.sent.clear()
    pulled(channel, video_id, cursor)
    assert channel.calls().count("GET /comments") == 0


def test_resumed_pull_looks_again_for_a_reply_that_was_counted_before_it_was_listed(
    channel: Channel, video_id: str
) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = pulled(channel, video_id)[0]
    for number in range(8):
        answer_as_another(channel, top.id, f"Respuesta {number}")
    _found, cursor = pulled(channel, video_id)
    channel.plant(
        [{"match": {"platform": "youtube"}, "fault": {"kind": "hidden_in_lists", "seconds": 120}, "times": 1}]
    )
    answer_as_another(channel, top.id, "Aún no se ve")
    found, cursor = pulled(channel, video_id, cursor)
    assert "Aún no se ve" not in [comment.text for comment in found]
    channel.sandbox.advance(timedelta(minutes=3))
    assert "Aún no se ve" in [comment.text for comment in pulled(channel, video_id, cursor)[0]]


def test_resumed_pull_brings_what_waits_for_review_and_what_was_edited(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "¿Atienden hoy?")
    (top,) = pulled(channel, video_id)[0]
    own = channel.connector().reply(top.id, "Sí")
    _found, cursor = pulled(channel, video_id)
    channel.sandbox.advance(LATER)
    grow(channel, video_id, "Nuevo")
    _found, cursor = pulled(channel, video_id, cursor)
    channel.sandbox.advance(LATER)
    grow(channel, video_id, "Vea https://www.example.org")
    body = {"id": own.remote_id, "snippet": {"textOriginal": "Sí, hasta las 5"}}
    channel.ask("PUT", "comments", part="snippet", body=body)
    found, _cursor = pulled(channel, video_id, cursor)
    assert {(comment.text, comment.hidden) for comment in found} == {
        ("Nuevo", False),
        ("Sí, hasta las 5", False),
        ("Vea https://www.example.org", True),
    }


def test_comments_that_are_off_leave_the_next_pull_where_this_one_was(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "Hola")
    _found, cursor = pulled(channel, video_id)
    channel.sandbox.advance(LATER)
    grow(channel, video_id, "Sin leer")
    for_kids(channel, video_id, True)
    found, off = pulled(channel, video_id, cursor)
    assert (found, Cursor.parse(off).since) == ([], Cursor.parse(cursor).since)
    for_kids(channel, video_id, False)
    assert "Sin leer" in [comment.text for comment in pulled(channel, video_id, off)[0]]


def for_kids(channel: Channel, video_id: str, declared: bool) -> None:
    """Declare the video for children, which turns its comments off."""
    status = channel.seen(video_id)["status"] | {"selfDeclaredMadeForKids": declared}
    channel.ask("PUT", "videos", part="status", body={"id": video_id, "status": status})


def test_cursors_come_back_as_they_went() -> None:
    place = Cursor(NOW, "heldForReview", "QURT&x=1", NOW - OVERLAP, NOW, {"a" * 12: 7})
    assert Cursor.parse(str(place)) == place
    assert Cursor.parse(json.dumps(json.loads(str(place)))) == place


def test_a_page_token_cannot_become_another_parameter(channel: Channel, video_id: str) -> None:
    grow(channel, video_id, "Hola")
    channel.sent.clear()
    channel.connector().comments(video_id, str(Cursor(NOW, page_token="x&moderationStatus=likelySpam#")))
    assert "pageToken=x%26moderationStatus%3DlikelySpam%23" in (channel.sent[0].url or "")


GOOD: dict[str, object] = json.loads(str(Cursor(NOW)))
CHANGES: list[dict[str, object]] = [
    {"listing": "rejected"},
    {"listing": ["published"]},
    {"listing": None},
    {"page_token": 1},
    {"page_token": None},
    {"since": "yesterday"},
    {"since": 5},
    {"since": "2026-11-24T12:00:00"},
    {"started_at": "2026-13-24T12:00:00Z"},
    {"counts": []},
    {"counts": {"a": "7"}},
    {"counts": {"a": True}},
]
MALFORMED = [
    "",
    "nonsense",
    "published:",
    "published:QURTSl8x",
    "[]",
    "null",
    "12",
    "{}",
    "[" * 100_000,
    *(json.dumps(GOOD | change) for change in CHANGES),
]


@pytest.mark.parametrize("cursor", MALFORMED)
def test_a_cursor_that_we_did_not_give_is_our_bug(channel: Channel, video_id: str, cursor: str) -> None:
    channel.sent.clear()
    with pytest.raises(Unsupported):
        channel.connector().comments(video_id, cursor)
    assert channel.sent == []


def test_a_reading_that_took_hours_misses_nothing_that_came_meanwhile() -> None:
    """Its last list may hold what is hours newer than its first page."""
    now = datetime.now(UTC)
    ended = Cursor(now - timedelta(hours=5)).met(now, {})
    since = Cursor.parse(ended.resumed()).since
    assert since is not None
    assert since <= now - timedelta(hours=5) - OVERLAP


@pytest.mark.parametrize("wrong", [timedelta(days=3), -timedelta(days=3)])
def test_a_wrong_clock_of_ours_loses_nothing(wrong: timedelta) -> None:
    """The platform's newest comment is the mark, not our hour."""
    ended = Cursor(datetime.now(UTC)).met(datetime.now(UTC) + wrong, {})
    since = Cursor.parse(ended.resumed()).since
    assert since is not None
    assert abs(since - (datetime.now(UTC) + wrong - OVERLAP)) < timedelta(seconds=5)


def test_the_mark_never_goes_back() -> None:
    since = NOW - timedelta(hours=2)
    ended = Cursor(NOW, since=since).met(NOW - timedelta(days=9), {})
    assert Cursor.parse(ended.resumed()).since == since


def test_a_cursor_stays_small_and_names_nobody() -> None:
    counts = {f"Ugx{number:023d}": number for number in range(REMEMBERED * 3)}
    ended = Cursor(NOW, since=NOW).met(NOW, counts)
    text = ended.resumed()
    assert len(text) < 5_000
    assert "Ugx" not in text
    later = Cursor.parse(text)
    last = REMEMBERED * 3 - 1
    assert not later.has_grown(f"Ugx{last:023d}", last)
    assert later.has_grown(f"Ugx{last:023d}", last + 1)
    assert later.has_grown(f"Ugx{0:023d}", 0)  # forgotten: opened again, which costs a unit and loses nothing
