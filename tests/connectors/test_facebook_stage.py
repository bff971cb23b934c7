"""Staging a post for a Page: one step a call, nothing visible, resumable from every answer."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import ConnectorError, NotAuthorized, Rejected, Unavailable, Unsupported
from connectors.facebook_stage import ANEW_LIMIT, message_of
from connectors.meta_values import same_text
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.facebook_page import LINK, TEXT, connector, drafted, image, played, staged, stored, video


@pytest.fixture
def one_image(tmp_path: Path) -> OutgoingPost:
    return replace(TEXT, media=(image(tmp_path, 1, "Una plaza"),))


@pytest.fixture
def one_video(tmp_path: Path) -> OutgoingPost:
    return replace(TEXT, title="Título", media=(video(tmp_path),))


def with_photos(post: OutgoingPost) -> Stage:
    return drafted(post, "", photos=["7001"])


def test_stage_text_makes_one_hidden_draft() -> None:
    with played("stage__text"):
        stage = staged(connector(), TEXT)
    assert stage.token["draft"] == "111_9001"
    assert stage.token["url"] == "https://www.facebook.com/permalink/111_9001"


def test_stage_link_goes_out_as_a_card() -> None:
    with played("stage__link"):
        assert staged(connector(), LINK).ready


def test_stage_one_image_takes_the_same_two_steps(one_image: OutgoingPost) -> None:
    with played("stage__one_image"):
        assert staged(connector(), one_image).token["photos"] == ["7001"]


def test_stage_several_images_keeps_their_order_and_puts_the_link_into_the_text(tmp_path: Path) -> None:
    post = replace(LINK, media=(image(tmp_path, 1, "Una plaza"), image(tmp_path, 2)))
    with played("stage__several_images"):
        assert staged(connector(), post).token["photos"] == ["7001", "7002"]


def test_stage_does_one_write_a_call(one_image: OutgoingPost) -> None:
    facebook, stages = connector(), []
    with played("stage__one_image"):
        stage = None
        for _step in range(3):
            stage = facebook.stage(one_image, stored(stage))
            stages.append((len(stage.token["photos"]), stage.token["draft"], stage.ready))  # type: ignore[arg-type]
    assert stages == [(1, "", False), (1, "111_9001", False), (1, "111_9001", True)]


def test_stage_video_by_chunks_until_processed(one_video: OutgoingPost) -> None:
    with played("stage__video"):
        assert staged(connector(), one_video).token["draft"] == "111_9005"


def test_stage_video_without_post_falls_back_on_the_video(one_video: OutgoingPost) -> None:
    with played("stage__video_without_post"):
        assert staged(connector(), one_video).token["draft"] == "8001"


def test_stage_video_goes_on_where_the_platform_says(one_video: OutgoingPost) -> None:
    with played("stage__video_wrong_offset"):
        assert staged(connector(), one_video).ready


def test_stage_video_starts_anew_when_its_session_is_gone(one_video: OutgoingPost) -> None:
    with played("stage__video_session_gone"):
        assert staged(connector(), one_video).token["anew"] == 1


def test_stage_video_that_cannot_be_processed_is_rejected(one_video: OutgoingPost) -> None:
    with played("stage__video_failed"), pytest.raises(Rejected, match="process"):
        staged(connector(), one_video)


def test_stage_video_that_expired_starts_anew(one_video: OutgoingPost) -> None:
    with played("stage__video_expired"), pytest.raises(AssertionError, match="not ready"):
        staged(connector(), one_video, steps=6)


def test_stage_waits_while_the_video_is_processed(one_video: OutgoingPost) -> None:
    facebook, stage, waits = connector(), None, []
    with played("stage__video"):
        while stage is None or not stage.ready:
            stage = facebook.stage(one_video, stored(stage))
            waits.append(stage.again_in > timedelta(0))
    assert waits == [False, False, False, True, True, False, False]


def test_stage_video_with_images_is_our_bug(tmp_path: Path) -> None:
    post = replace(TEXT, media=(video(tmp_path), image(tmp_path, 1)))
    with pytest.raises(Unsupported):
        connector().stage(post)


def test_stage_lost_answer_is_repeated_since_only_a_hidden_draft_can_remain() -> None:
    facebook = connector()
    with played("stage__lost_answer"):
        with pytest.raises(Unavailable):
            facebook.stage(TEXT)
        assert staged(facebook, TEXT).ready


def test_stage_uploads_anew_a_photo_that_the_platform_dropped(one_image: OutgoingPost) -> None:
    with played("stage__dropped_photo"):
        stage = staged(connector(), one_image, with_photos(one_image))
    assert (stage.token["photos"], stage.token["anew"]) == (["7003"], 1)


def test_stage_uploads_anew_photos_that_a_lost_draft_holds(one_image: OutgoingPost) -> None:
    facebook, stage = connector(), with_photos(one_image)
    with played("stage__lost_draft_keeps_photos"):
        with pytest.raises(Unavailable):
            facebook.stage(one_image, stage)
        assert staged(facebook, one_image, stage).token["draft"] == "111_9002"


def test_stage_refusal_with_all_photos_there_is_the_posts_own(one_image: OutgoingPost) -> None:
    with played("stage__refused_with_photo"), pytest.raises(Rejected):
        connector().stage(one_image, with_photos(one_image))


def test_stage_of_a_ready_draft_looks_and_keeps_it() -> None:
    first = drafted()
    with played("stage__public_already"):
        again = connector().stage(TEXT, first)
    assert again.ready
    assert again.token["draft"] == "111_9001"


def test_stage_of_a_draft_that_is_gone_makes_another() -> None:
    with played("stage__dropped_draft"):
        assert staged(connector(), TEXT, drafted()).token["draft"] == "111_9002"


def test_stage_gives_up_on_drafts_that_keep_vanishing() -> None:
    with played("stage__dropped_again"), pytest.raises(Unavailable, match="vanished again"):
        connector().stage(TEXT, drafted(anew=ANEW_LIMIT))


def test_stage_does_not_take_a_dead_token_for_a_missing_draft() -> None:
    with played("stage__page_out_of_sight"), pytest.raises(NotAuthorized):
        connector().stage(TEXT, drafted())


def test_stage_refuses_a_text_that_the_platform_keeps_changing() -> None:
    with played("stage__altered_text"), pytest.raises(Rejected, match="text"):
        staged(connector(), TEXT, drafted())


def test_stage_notices_other_photos_than_ours(one_image: OutgoingPost) -> None:
    with played("stage__altered_photos"):
        again = connector().stage(one_image, drafted(one_image, photos=["7001"]))
    assert (again.ready, again.token["draft"], again.token["anew"]) == (False, "", 1)


def test_stage_too_heavy_is_tried_twice_then_rejected(one_image: OutgoingPost) -> None:
    facebook = connector()
    with played("stage__too_heavy"):
        stage = facebook.stage(one_image, with_photos(one_image))
        assert (stage.ready, stage.again_in > timedelta(0)) == (False, True)
        with pytest.raises(Rejected):
            facebook.stage(one_image, stored(stage))


@pytest.mark.parametrize("name", ["stage__html_body", "stage__out_of_sight", "stage__no_id"])
def test_stage_answer_that_tells_nothing_is_tried_again(name: str) -> None:
    with played(name), pytest.raises(Unavailable):
        connector().stage(TEXT)


def test_stage_missing_file_is_one_of_our_errors(one_image: OutgoingPost) -> None:
    one_image.media[0].path.unlink()
    with pytest.raises(Unavailable) as caught:
        connector().stage(one_image)
    assert str(one_image.media[0].path) not in str(caught.value) + caught.value.detail


@pytest.mark.parametrize(
    "token",
    [
        {},
        {"content": 7},
        {"draft": "111_9009"},
        {**drafted().token, "video": {"unknown": 1}},
        {**drafted().token, "photos": None},
        drafted(LINK).token,
    ],
)
def test_stage_token_of_another_post_or_another_time_begins_anew(token: dict[str, object]) -> None:
    with played("stage__text"):
        assert staged(connector(), TEXT, Stage(token=token, ready=True)).token["draft"] == "111_9001"


def test_stage_failure_leaves_the_stored_token_as_it_was() -> None:
    stage = drafted(anew=ANEW_LIMIT)
    before = dict(stage.token)
    with played("stage__dropped_again"), pytest.raises(ConnectorError):
        connector().stage(TEXT, stage)
    assert stage.token == before


def test_message_names_the_link_once(tmp_path: Path) -> None:
    post = replace(LINK, text=f"Lea {LINK.link}", media=(image(tmp_path, 1),))
    assert message_of(post) == f"Lea {LINK.link}"


@pytest.mark.parametrize(
    ("other", "same"),
    [("Hola, Peru\u0301", True), (" Hola,\r\nPerú ", True), ("Hola, Peru", False), ("", False)],
)
def test_same_text_forgives_only_unicode_forms_and_white_space(other: str, same: bool) -> None:
    assert same_text("Hola, Perú", other) is same
