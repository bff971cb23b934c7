"""The X connector before, at and after the visible write, against what X is documented to answer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import (
    Blocked,
    ConnectorError,
    Exists,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
    Unsupported,
)
from connectors.x_errors import NoCredits
from core.deliveries import Published
from core.posts import OutgoingPost
from tests.connectors.x_office import (
    BEGAN,
    LINK,
    TEXT,
    THREAD,
    TOKEN,
    begun,
    captions,
    connector,
    image,
    played,
    staged,
    stored,
    video,
)

FIRST = "1978012345678901234"
SECOND = "1978012345678901240"
URL = f"https://x.com/inpe_prensa/status/{FIRST}"


def with_image(folder: Path, alt_text: str = "") -> OutgoingPost:
    return OutgoingPost(key="delivery-1", text=TEXT.text, media=(image(folder, alt_text),))


def with_video(folder: Path) -> OutgoingPost:
    return OutgoingPost(key="delivery-1", text=TEXT.text, media=(video(folder),))


def test_stage_of_a_text_looks_whether_it_is_out() -> None:
    with played("stage__text"):
        assert connector().stage(TEXT, begun(TEXT)).ready


def test_stage_uploads_an_image_and_describes_it(tmp_path: Path) -> None:
    post = with_image(tmp_path, "Una plaza")
    with played("stage__one_image"):
        uploaded = connector().stage(post, begun(post))
        described = connector().stage(post, stored(uploaded))
        ready = connector().stage(post, stored(described))
    assert [stage.ready for stage in (uploaded, described, ready)] == [False, False, True]
    # a post does not take a fresh image for about three seconds
    assert described.again_in == timedelta(seconds=3)


@pytest.mark.parametrize("name", ["stage__video", "stage__silent_video"])
def test_stage_uploads_a_video(tmp_path: Path, name: str) -> None:
    post = with_video(tmp_path)
    with played(name):
        assert staged(connector(), post, begun(post)).ready


def test_stage_waits_as_long_as_the_platform_says(tmp_path: Path) -> None:
    post = with_video(tmp_path)
    waits = []
    with played("stage__video"):
        stage = begun(post)
        while not stage.ready:
            stage = connector().stage(post, stored(stage))
            waits.append(stage.again_in.total_seconds())
    assert waits[3] == 5


def test_stage_of_a_moving_gif_goes_in_chunks(tmp_path: Path) -> None:
    gif = image(tmp_path, "Una bandera", mime_type="image/gif", frames=7)
    post = OutgoingPost(key="delivery-1", text=TEXT.text, media=(gif,))
    with played("stage__moving_gif"):
        assert staged(connector(), post, begun(post)).ready


def test_stage_binds_captions_to_the_video(tmp_path: Path) -> None:
    post = OutgoingPost(key="delivery-1", text=TEXT.text, media=(video(tmp_path),), captions=(captions(tmp_path),))
    with played("stage__captions"):
        assert staged(connector(), post, begun(post)).ready


def test_stage_tells_why_a_video_failed(tmp_path: Path) -> None:
    post = with_video(tmp_path)
    with played("stage__video_failed"), pytest.raises(Rejected) as caught:
        staged(connector(), post, begun(post))
    assert "Unsupported video format" in caught.value.detail


def test_stage_of_a_video_that_was_finished_before_goes_on(tmp_path: Path) -> None:
    post = with_video(tmp_path)
    with played("stage__video_finished_before"):
        begin = connector().stage(post, begun(post))
        sent = connector().stage(post, stored(begin))
        with pytest.raises(Unavailable):
            connector().stage(post, stored(sent))
        finished = connector().stage(post, stored(sent))
    assert finished.token["files"][0]["is_sent"]  # type: ignore[index]


def test_stage_begins_anew_where_the_upload_is_gone(tmp_path: Path) -> None:
    post = with_video(tmp_path)
    with played("stage__video_session_gone"):
        begin = connector().stage(post, begun(post))
        gone = connector().stage(post, stored(begin))
        again = connector().stage(post, stored(gone))
    assert (gone.token["files"], gone.token["anew"]) == ([], 1)
    assert again.token["files"]


def test_stage_uploads_anew_what_was_dropped(tmp_path: Path) -> None:
    post = with_image(tmp_path)
    with played("stage__dropped_image"):
        ready = staged(connector(), post, begun(post, files=1))
    assert ready.token["files"][0]["id"] == "9100"  # type: ignore[index]


def test_stage_believes_in_a_file_that_the_platform_never_tells_of(tmp_path: Path) -> None:
    post = with_image(tmp_path)
    with played("stage__status_never_told"):
        assert staged(connector(), post, begun(post, files=1)).ready


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("stage__lost_answer", Unavailable),
        ("stage__html_body", Unavailable),
        ("stage__no_media_scope", NotAuthorized),
    ],
)
def test_stage_failure_says_what_must_happen_next(tmp_path: Path, name: str, expected: type[ConnectorError]) -> None:
    post = with_image(tmp_path)
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().stage(post, begun(post))
    assert type(caught.value) is expected


def test_stage_of_a_file_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    post = with_image(tmp_path)
    post.media[0].path.unlink()
    with pytest.raises(Unavailable) as caught:
        connector().stage(post, begun(post))
    assert "privado" not in str(caught.value) + caught.value.detail


@pytest.mark.parametrize("text", ["", "Suben $ABC y $XYZ.", "oculto\ufeff", "oculto\uffff"])
def test_stage_refuses_at_once_what_would_be_refused_later(text: str) -> None:
    with pytest.raises(Rejected):
        connector().stage(OutgoingPost(key="delivery-1", text=text))


def test_stage_refuses_a_moving_gif_beside_images(tmp_path: Path) -> None:
    gif = image(tmp_path, mime_type="image/gif", frames=7)
    with pytest.raises(Rejected):
        connector().stage(OutgoingPost(key="delivery-1", text="x", media=(gif, image(tmp_path))))


def test_post_that_was_seen_public_is_not_written_again() -> None:
    with played("stage__public_already"):
        stage = connector().stage(TEXT, begun(TEXT))
        assert stage.ready
        assert connector().publish(TEXT, stage) == Published(FIRST, URL)


@pytest.mark.parametrize("name", ["publish", "publish__empty_history", "publish__number_id"])
def test_publish_posts_the_text(name: str) -> None:
    with played(name):
        assert connector().publish(TEXT, begun(TEXT, ready=True)) == Published(FIRST, URL)


def test_publish_takes_media_link_and_options_along(tmp_path: Path) -> None:
    options = (("x.made_with_ai", "yes"), ("x.paid_partnership", "yes"), ("x.reply_settings", "mentionedUsers"))
    media = (image(tmp_path), image(tmp_path))
    post = OutgoingPost(key="delivery-1", text=LINK.text, link=LINK.link, media=media, options=options)
    with played("publish__media_and_options"):
        connector().publish(post, begun(post, ready=True, files=2))


def test_publish_of_media_alone_sends_no_text(tmp_path: Path) -> None:
    post = OutgoingPost(key="delivery-1", text="", media=(image(tmp_path),))
    with played("publish__media_alone"):
        connector().publish(post, begun(post, ready=True, files=1))


def test_publish_of_a_thread_makes_one_message_a_call() -> None:
    with played("publish__thread"):
        first = connector().publish(THREAD, begun(THREAD, ready=True))
        second = connector().publish(THREAD, stored(first.rest) or begun(THREAD))
        third = connector().publish(THREAD, stored(second.rest) or begun(THREAD))
    assert [(one.remote_id, one.url) for one in (first, second, third)] == [(FIRST, URL)] * 3
    assert first.rest is not None
    assert first.rest.token["posted"] == [FIRST]
    assert second.rest is not None
    assert second.rest.token["posted"] == [FIRST, SECOND]
    assert third.rest is None


def test_publish_of_a_stage_made_for_another_text_is_our_bug() -> None:
    with pytest.raises(Unsupported):
        connector().publish(LINK, begun(TEXT, ready=True))


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("lost_answer", OutcomeUnknown),
        ("reset", OutcomeUnknown),
        ("refused", Unavailable),
        ("html_body", OutcomeUnknown),
        ("html_503", OutcomeUnknown),
        ("html_403", OutcomeUnknown),
        ("html_429", OutcomeUnknown),
        ("empty_body", OutcomeUnknown),
        ("truncated", OutcomeUnknown),
        ("broken_json", OutcomeUnknown),
        ("deep_json", OutcomeUnknown),
        ("list_body", OutcomeUnknown),
        ("errors_null", OutcomeUnknown),
        ("no_id", OutcomeUnknown),
        ("redirect", OutcomeUnknown),
        ("token_expired", TokenRefused),
        ("no_credits", NoCredits),
        ("throttled", RateLimited),
        ("throttled_day", RateLimited),
        ("throttled_without_time", RateLimited),
        ("usage_capped", NoCredits),
        ("suspended", Blocked),
        ("oauth1_permissions", NotAuthorized),
        ("not_permitted", Rejected),
        ("too_long", Rejected),
        ("invalid", Rejected),
        ("duplicate_of_an_older", Rejected),
        ("duplicate_unseen", Exists),
        ("duplicate_no_list", OutcomeUnknown),
    ],
)
def test_publish_failure_says_what_must_happen_next(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(TEXT, begun(TEXT, ready=True))
    assert type(caught.value) is expected
    assert TOKEN not in f"{caught.value}{caught.value.detail}{caught.value!r}{caught.value.__cause__}"


@pytest.mark.parametrize(
    ("situation", "wait"),
    [
        ("throttled", timedelta(minutes=7)),
        ("throttled_day", timedelta(hours=3)),
        ("throttled_without_time", None),
    ],
)
def test_publish_throttled_waits_as_long_as_the_platform_says(situation: str, wait: timedelta | None) -> None:
    with played(f"publish__{situation}"), pytest.raises(RateLimited) as caught:
        connector().publish(TEXT, begun(TEXT, ready=True))
    assert caught.value.retry_after == wait


def test_publish_of_a_duplicate_finds_our_own_earlier_try() -> None:
    with played("publish__duplicate_of_ours"):
        assert connector().publish(TEXT, begun(TEXT, ready=True)) == Published(FIRST, URL)


@pytest.mark.parametrize(
    ("age", "life", "expected"),
    [
        (timedelta(seconds=2), timedelta(days=1), Unavailable),
        (timedelta(hours=1), timedelta(days=1), Rejected),
        (timedelta(days=2), timedelta(days=1), Gone),
    ],
)
def test_publish_with_media_that_is_not_taken(
    tmp_path: Path, age: timedelta, life: timedelta, expected: type[ConnectorError]
) -> None:
    post = with_image(tmp_path)
    stage = begun(post, ready=True, files=1)
    files: Any = stage.token["files"]
    (file,) = files
    uploaded_at = datetime.now(UTC) - age
    file |= {"uploaded_at": uploaded_at.isoformat(), "expires_at": (uploaded_at + life).isoformat()}
    stage.token["files"] = [file]
    with played("publish__invalid_media"), pytest.raises(ConnectorError) as caught:
        connector().publish(post, stage)
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("name", "post", "posted"),
    [
        ("find__listed", LINK, ()),
        ("find__long_post", TEXT, ()),
        ("find__pages", TEXT, ()),
        ("find__part", THREAD, (FIRST,)),
        ("find__new_spelling", THREAD, (FIRST,)),
    ],
)
def test_find_recognises_what_the_platform_gives_back(name: str, post: OutgoingPost, posted: tuple[str, ...]) -> None:
    with played(name):
        found = connector().find(post, begun(post, ready=True, posted=posted), BEGAN)
    assert found is not None
    assert found.url == URL
    if posted:
        assert found.rest is not None
        assert found.rest.token["posted"] == [FIRST, SECOND]
    else:
        assert found.published_at == datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)


def test_find_leaves_the_address_of_the_media_aside(tmp_path: Path) -> None:
    post = with_image(tmp_path)
    with played("find__media"):
        assert connector().find(post, begun(post, ready=True, files=1), BEGAN) is not None


def test_find_does_not_take_a_post_with_other_media_for_ours(tmp_path: Path) -> None:
    post = with_image(tmp_path)
    with played("find__other_media"):
        assert connector().find(post, begun(post, ready=True, files=1), BEGAN) is None


@pytest.mark.parametrize("name", ["find__not_listed", "find__empty"])
def test_find_is_sure_of_absence_where_the_list_is_whole_and_old_enough(name: str) -> None:
    with played(name):
        assert connector().find(TEXT, begun(TEXT, ready=True), BEGAN) is None


@pytest.mark.parametrize(
    ("name", "post", "posted", "expected"),
    [
        ("find__too_many_pages", TEXT, (), OutcomeUnknown),
        ("find__partial", TEXT, (), OutcomeUnknown),
        ("find__links_not_told", LINK, (), OutcomeUnknown),
        ("find__parent_not_told", THREAD, (FIRST,), OutcomeUnknown),
        ("find__no_answer", TEXT, (), Unavailable),
        ("find__no_list", TEXT, (), Unavailable),
        ("find__nothing_told", TEXT, (), Unavailable),
    ],
)
def test_find_does_not_guess(
    name: str, post: OutgoingPost, posted: tuple[str, ...], expected: type[ConnectorError]
) -> None:
    with played(name), pytest.raises(ConnectorError) as caught:
        connector().find(post, begun(post, ready=True, posted=posted), BEGAN)
    assert type(caught.value) is expected
