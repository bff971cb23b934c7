"""Staging a post for Flickr: one step a call, nothing public, resumable from every answer."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import ConnectorError, NotAuthorized, RateLimited, Rejected, Unavailable, Unsupported
from connectors.flickr_errors import AccountFull, AlreadyDone
from connectors.flickr_stage import ANEW_LIMIT, PROCESSING_WAIT, Progress
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.flickr_account import FIRST, SECOND, connector, played, post, ready, staged, stored, token


@pytest.fixture
def photo(tmp_path: Path) -> OutgoingPost:
    return post(tmp_path)


def uploaded(sent: OutgoingPost, **more: object) -> Stage:
    return token(sent, photos=[FIRST], **more)


def with_options(sent: OutgoingPost, **options: str) -> OutgoingPost:
    return replace(sent, options=tuple((f"flickr.{name}", value) for name, value in sorted(options.items())))


def test_stage_uploads_privately_with_every_field_said(photo: OutgoingPost) -> None:
    with played("stage__one_image"):
        stage = staged(connector(), photo)
    assert stage.token["photos"] == [FIRST]
    assert stage.token["url"] == f"https://www.flickr.com/photos/prensa/{FIRST}/"


def test_stage_uploads_one_file_a_call(tmp_path: Path) -> None:
    sent, stage, seen = post(tmp_path, "one.jpg", "two.png"), None, []
    with played("stage__several_images"):
        for _step in range(4):
            stage = connector().stage(sent, stored(stage))
            seen.append((stage.token["photos"], stage.ready))
    assert seen == [(["", ""], False), ([FIRST, ""], False), ([FIRST, SECOND], False), ([FIRST, SECOND], True)]


def test_stage_waits_for_a_video(tmp_path: Path) -> None:
    sent, stage = post(tmp_path, "clip.mp4"), None
    waits = []
    with played("stage__video"):
        while stage is None or not stage.ready:
            stage = connector().stage(sent, stored(stage))
            waits.append(stage.again_in)
    assert waits == [timedelta(0), timedelta(0), PROCESSING_WAIT, timedelta(0)]


def test_stage_tells_of_a_video_that_failed(tmp_path: Path) -> None:
    sent = post(tmp_path, "clip.mp4")
    with played("stage__video_failed"), pytest.raises(Rejected, match="video"):
        connector().stage(sent, uploaded(sent))


def test_stage_takes_over_the_oldest_of_what_a_lost_call_uploaded(photo: OutgoingPost) -> None:
    with played("stage__taken_over"):
        assert staged(connector(), photo, token(photo)).token["photos"] == [FIRST]


def test_stage_looks_through_every_page_before_it_uploads(photo: OutgoingPost) -> None:
    with played("stage__several_pages"):
        assert connector().stage(photo, token(photo)).token["photos"] == [FIRST]


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("lost_answer", Unavailable),
        ("html_body", Unavailable),
        ("outage_in_json", Unavailable),
        ("no_list", Unavailable),
        ("upload_no_id", Unavailable),
        ("upload_refused_3", Unavailable),
        ("upload_refused_105", Unavailable),
        ("upload_refused_106", Unavailable),
        ("upload_refused_4", Rejected),
        ("upload_refused_5", Rejected),
        ("upload_refused_8", Rejected),
        ("upload_refused_116", Rejected),
        ("upload_refused_6", AccountFull),
        ("upload_refused_7", AccountFull),
        ("upload_too_large", Rejected),
        ("upload_at_capacity", RateLimited),
        ("duplicate", AlreadyDone),
    ],
)
def test_stage_upload_fails(photo: OutgoingPost, situation: str, expected: type[ConnectorError]) -> None:
    with played(f"stage__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().stage(photo, token(photo))
    assert type(caught.value) is expected


def test_stage_upload_at_capacity_tells_how_long(photo: OutgoingPost) -> None:
    with played("stage__upload_at_capacity"), pytest.raises(RateLimited) as caught:
        connector().stage(photo, token(photo))
    assert caught.value.retry_after == timedelta(seconds=90)


def test_stage_asks_for_the_account_s_limits_before_a_byte_travels(photo: OutgoingPost) -> None:
    with played("stage__too_large"), pytest.raises(Rejected, match="larger"):
        connector().stage(photo)


def test_stage_goes_on_where_limits_are_not_told(photo: OutgoingPost) -> None:
    with played("stage__limits_refused"):
        assert connector().stage(photo).token["photos"] == [""]


def test_stage_writes_words_again_that_somebody_changed(photo: OutgoingPost) -> None:
    with played("stage__altered_text"):
        assert staged(connector(), photo, ready(photo)).ready


def test_stage_gives_up_where_the_words_are_not_kept(photo: OutgoingPost) -> None:
    with played("stage__text_not_kept"), pytest.raises(Rejected, match="words"):
        staged(connector(), photo, ready(photo))


def test_stage_leaves_alone_what_is_public_already(photo: OutgoingPost) -> None:
    with played("stage__public_already"):
        assert staged(connector(), photo, ready(photo)).ready


def test_stage_compares_what_people_read(photo: OutgoingPost) -> None:
    sent = replace(photo, title="3 < 5", text="A & B", link="https://example.org/nota")
    with played("stage__words_come_back_as_markup"):
        assert staged(connector(), sent, ready(sent)).ready


def test_stage_sets_the_licence(photo: OutgoingPost) -> None:
    sent = with_options(photo, license="11")
    with played("stage__license"):
        assert staged(connector(), sent, uploaded(sent)).ready


@pytest.mark.parametrize("situation", ["license_not_offered", "license_not_found", "license_not_kept"])
def test_stage_tells_of_a_licence_that_cannot_be(photo: OutgoingPost, situation: str) -> None:
    sent = with_options(photo, license="16" if situation == "license_not_offered" else "11")
    with played(f"stage__{situation}"), pytest.raises(Rejected):
        staged(connector(), sent, uploaded(sent))


def test_stage_puts_the_photo_into_the_album_of_that_name(photo: OutgoingPost) -> None:
    sent = with_options(photo, album="Ferias")
    with played("stage__album"):
        stage = connector().stage(sent, uploaded(sent))
        assert (stage.token["album"], stage.ready) == ("7215", False)
        assert connector().stage(sent, stored(stage)).token["in_album"] == 1


def test_stage_makes_the_album_where_there_is_none(photo: OutgoingPost) -> None:
    sent = with_options(photo, album="  Ferias ")
    with played("stage__album_new"):
        stage = connector().stage(sent, uploaded(sent))
    assert (stage.token["album"], stage.token["in_album"]) == ("7217", 1)


def test_stage_makes_no_second_album_after_a_lost_answer(photo: OutgoingPost) -> None:
    sent = with_options(photo, album="Ferias")
    stage = uploaded(sent)
    with played("stage__album_lost_answer"):
        with pytest.raises(Unavailable):
            connector().stage(sent, stage)
        for _step in range(2):
            stage = connector().stage(sent, stored(stage) or stage)
    assert (stage.token["album"], stage.token["in_album"]) == ("7215", 1)


def test_stage_tells_of_a_full_album(photo: OutgoingPost) -> None:
    sent = with_options(photo, album="Ferias")
    with played("stage__album_full"), pytest.raises(Rejected):
        connector().stage(sent, uploaded(sent, album="7215"))


def test_stage_makes_a_vanished_album_anew(photo: OutgoingPost) -> None:
    sent = with_options(photo, album="Ferias")
    stage = uploaded(sent, album="7215")
    with played("stage__album_gone"):
        for _step in range(2):
            stage = connector().stage(sent, stored(stage))
    assert stage.token["album"] == "7218"


def test_stage_uploads_again_what_vanished(photo: OutgoingPost) -> None:
    with played("stage__vanished"):
        stage = staged(connector(), photo, ready(photo))
    assert (stage.token["photos"], stage.token["anew"]) == ([SECOND], 1)


def test_stage_gives_up_where_it_vanishes_again(photo: OutgoingPost) -> None:
    with played("stage__vanished_again"), pytest.raises(Unavailable, match="again"):
        connector().stage(photo, ready(photo, anew=ANEW_LIMIT))


def test_stage_with_another_account_s_token_asks_to_connect_again(photo: OutgoingPost) -> None:
    with played("stage__other_account"), pytest.raises(NotAuthorized):
        connector().stage(photo, ready(photo))


def test_stage_refuses_more_tags_than_flickr_keeps(photo: OutgoingPost) -> None:
    sent = replace(photo, tags=tuple(f"tag{number}" for number in range(75)))
    with played("stage__listed_only"), pytest.raises(Rejected, match="tags"):
        connector().stage(sent, token(sent))


def test_stage_without_a_photo_is_our_bug(photo: OutgoingPost) -> None:
    with pytest.raises(Unsupported):
        connector().stage(replace(photo, media=()))


def test_stage_without_its_file_is_unavailable(photo: OutgoingPost) -> None:
    photo.media[0].path.unlink()
    with played("stage__listed_only"), pytest.raises(Unavailable, match="file"):
        connector().stage(photo, token(photo))


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Otra cosa"},
        {"title": "Otro"},
        {"link": "https://example.org/otra"},
        {"tags": ("otra",)},
        {"options": (("flickr.license", "11"),)},
        {"thread": ("más",)},
    ],
)
def test_token_of_another_content_is_worth_nothing(photo: OutgoingPost, other: dict[str, object]) -> None:
    assert Progress.of(replace(photo, **other), ready(photo)).photos == ("",)  # type: ignore[arg-type]
    with pytest.raises(Unsupported):
        connector().publish(replace(photo, **other), ready(photo))  # type: ignore[arg-type]


@pytest.mark.parametrize("broken", [{}, {"photos": 5}, {"checked": None}, {"since": "x"}])
def test_token_that_cannot_be_read_begins_anew(photo: OutgoingPost, broken: dict[str, object]) -> None:
    stage = ready(photo)
    unreadable = Stage(token=stage.token | broken if broken else {}, ready=True)
    assert Progress.of(photo, unreadable).photos == ("",)
