"""Preparing a post for a page: one step a call, nothing visible, resumable from every answer."""

import traceback
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import NotAuthorized, Rejected, TokenRefused, Unavailable, Unsupported
from connectors.linkedin_stage import ANEW_WAITS
from connectors.linkedin_upload import FIRST_WAIT, LONGEST_WAIT, WAITING_LOOKS, Upload
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.linkedin_page import (
    IMAGE,
    LINK,
    TEXT,
    connector,
    image,
    played,
    prepared,
    staged,
    stored,
    video,
)


@pytest.fixture
def one_image(tmp_path: Path) -> OutgoingPost:
    return replace(TEXT, media=(image(tmp_path, 1, "Una plaza"),))


@pytest.fixture
def one_video(tmp_path: Path) -> OutgoingPost:
    return replace(TEXT, media=(video(tmp_path),))


def uploads(stage: Stage) -> list[dict[str, Any]]:
    kept = stage.token["uploads"]
    assert isinstance(kept, list)
    return kept


def urns(stage: Stage) -> list[str]:
    return [upload["urn"] for upload in uploads(stage)]


def test_stage_text_looks_at_the_list_and_leaves_nothing() -> None:
    with played("stage__text"):
        stage = connector().stage(TEXT)
    assert (stage.ready, stage.token["earlier"]) == (True, [])


def test_stage_text_remembers_what_said_the_same_before() -> None:
    with played("stage__said_before"):
        stage = connector().stage(TEXT)
    assert stage.token["earlier"] == ["urn:li:share:7000000000000000001"]


def test_stage_text_that_is_ready_keeps_what_it_remembered() -> None:
    ready = prepared(earlier=("urn:li:share:5",))
    with played("stage__said_before"):
        again = connector().stage(TEXT, stored(ready))
    assert (again.ready, again.token) == (True, ready.token)


def test_stage_text_without_the_right_to_read_goes_on() -> None:
    with played("stage__list_forbidden"):
        assert connector().stage(TEXT).ready


def test_stage_text_with_a_dead_token_is_known_before_the_hour() -> None:
    with played("stage__token_expired"), pytest.raises(TokenRefused):
        connector().stage(TEXT, prepared())


def test_stage_one_image_is_announced_sent_and_looked_at(one_image: OutgoingPost) -> None:
    linkedin, stage, seen = connector(), None, []
    with played("stage__one_image"):
        while stage is None or not stage.ready:
            stage = linkedin.stage(one_image, stored(stage))
            seen.append(stage.again_in > timedelta(0))
    assert urns(stage) == [IMAGE]
    assert seen == [False, False, True, False]


def test_stage_several_images_keeps_their_order(tmp_path: Path) -> None:
    post = replace(TEXT, media=(image(tmp_path, 1, "Una plaza"), image(tmp_path, 2)))
    with played("stage__several_images"):
        assert urns(staged(connector(), post)) == [IMAGE, "urn:li:image:C2"]


def test_stage_picture_of_a_card(tmp_path: Path) -> None:
    post = replace(LINK, thumbnail=image(tmp_path, 1))
    with played("stage__one_image"):
        assert urns(staged(connector(), post)) == [IMAGE]


def test_stage_image_that_may_not_be_looked_at_counts_as_ready(one_image: OutgoingPost) -> None:
    with played("stage__image_not_readable"):
        assert staged(connector(), one_image).ready


def test_stage_image_that_cannot_be_processed_is_rejected(one_image: OutgoingPost) -> None:
    with played("stage__image_failed"), pytest.raises(Rejected, match="process"):
        staged(connector(), one_image)


def test_stage_image_whose_answer_was_lost_is_asked_about(one_image: OutgoingPost) -> None:
    linkedin = connector()
    with played("stage__image_taken_already"):
        stage = linkedin.stage(one_image)
        with pytest.raises(Unavailable):
            linkedin.stage(one_image, stored(stage))
        assert staged(linkedin, one_image, stored(stage)).ready


def test_stage_upload_address_that_ran_out_is_asked_for_anew(one_image: OutgoingPost) -> None:
    with played("stage__upload_expired"):
        stage = staged(connector(), one_image)
    assert (urns(stage), stage.token["anew"]) == (["urn:li:image:C2"], 1)


def test_stage_upload_with_a_dead_token_is_not_authorized(one_image: OutgoingPost) -> None:
    with played("stage__upload_not_authorized"), pytest.raises(TokenRefused):
        staged(connector(), one_image)


def test_stage_video_by_parts_without_the_token_until_processed(one_video: OutgoingPost) -> None:
    linkedin, stage, waits = connector(), None, []
    with played("stage__video"):
        while stage is None or not stage.ready:
            stage = linkedin.stage(one_video, stored(stage))
            waits.append(stage.again_in > timedelta(0))
    assert waits == [False, False, False, False, True, False]


def test_stage_video_takes_its_thumbnail_along(one_video: OutgoingPost, tmp_path: Path) -> None:
    with played("stage__video_thumbnail"):
        assert staged(connector(), replace(one_video, thumbnail=image(tmp_path, 1))).ready


def test_stage_video_that_cannot_be_processed_is_rejected(one_video: OutgoingPost) -> None:
    with played("stage__video_failed"), pytest.raises(Rejected) as caught:
        staged(connector(), one_video)
    assert "UNSUPPORTED_FORMAT" in caught.value.detail


def test_stage_video_sends_the_lost_part_again_and_no_other(one_video: OutgoingPost) -> None:
    linkedin = connector()
    with played("stage__video_part_lost"):
        stage = linkedin.stage(one_video, stored(linkedin.stage(one_video)))
        with pytest.raises(Unavailable):
            linkedin.stage(one_video, stored(stage))
        assert staged(linkedin, one_video, stored(stage)).ready


def test_stage_video_whose_end_was_lost_is_asked_about(one_video: OutgoingPost) -> None:
    linkedin, stage = connector(), None
    with played("stage__video_finish_lost"):
        for _step in range(3):
            stage = linkedin.stage(one_video, stored(stage))
        with pytest.raises(Unavailable):
            linkedin.stage(one_video, stored(stage))
        assert staged(linkedin, one_video, stored(stage)).ready


def test_stage_video_address_that_died_says_nothing_of_our_token(one_video: OutgoingPost) -> None:
    linkedin, stage = connector(), None
    with played("stage__video_address_dead"):
        for _step in range(4):
            stage = linkedin.stage(one_video, stored(stage))
    assert stage is not None
    assert stage.token["anew"] == 1


def test_stage_video_finish_without_the_right_is_not_authorized(one_video: OutgoingPost) -> None:
    with played("stage__video_finish_forbidden"), pytest.raises(NotAuthorized):
        staged(connector(), one_video)


@pytest.mark.parametrize("name", ["stage__video_no_etag", "stage__video_bad_parts"])
def test_stage_video_answer_that_lacks_something_is_tried_again(one_video: OutgoingPost, name: str) -> None:
    with played(name), pytest.raises(Unavailable):
        staged(connector(), one_video)


def test_stage_of_a_ready_post_looks_and_keeps_it(one_image: OutgoingPost) -> None:
    ready = prepared(one_image, IMAGE)
    with played("stage__ready_image"):
        again = connector().stage(one_image, stored(ready))
    assert (again.ready, again.token) == (True, ready.token)


def test_stage_uploads_anew_what_the_platform_dropped(one_image: OutgoingPost) -> None:
    with played("stage__dropped_image"):
        stage = staged(connector(), one_image, prepared(one_image, IMAGE))
    assert (urns(stage), stage.token["anew"]) == (["urn:li:image:C2"], 1)


def test_stage_gives_up_on_files_that_keep_vanishing(one_image: OutgoingPost) -> None:
    ready = prepared(one_image, IMAGE, anew=len(ANEW_WAITS))
    before = dict(ready.token)
    with played("stage__dropped_again"), pytest.raises(Rejected) as caught:
        connector().stage(one_image, ready)
    assert "varias veces" in caught.value.sentence
    assert ready.token == before


@pytest.mark.parametrize("situation", ["image_conflict", "image_signature_refused"])
def test_stage_upload_that_is_refused_begins_anew(one_image: OutgoingPost, situation: str) -> None:
    linkedin = connector()
    with played(f"stage__{situation}"):
        refused = linkedin.stage(one_image, stored(linkedin.stage(one_image)))
        assert (refused.token["uploads"], refused.token["anew"], refused.again_in) == ([], 1, ANEW_WAITS[0])
        assert urns(staged(linkedin, one_image, stored(refused))) == ["urn:li:image:C2"]


def test_stage_file_that_is_too_large_is_rejected_at_once(one_image: OutgoingPost) -> None:
    with played("stage__image_too_large"), pytest.raises(Rejected) as caught:
        staged(connector(), one_image)
    assert "pesa más" in caught.value.sentence


@pytest.mark.parametrize("answered", ["image_answered_html", "image_answered_body", "image_answered_accepted"])
def test_stage_image_is_sent_only_where_the_platform_confirms_it(one_image: OutgoingPost, answered: str) -> None:
    linkedin = connector()
    with played(f"stage__{answered}"):
        announced = linkedin.stage(one_image)
        with pytest.raises(Unavailable):
            linkedin.stage(one_image, stored(announced))


def test_stage_image_that_was_not_confirmed_and_came_is_not_sent_again(one_image: OutgoingPost) -> None:
    with played("stage__image_answered_two_hundred"):
        assert urns(staged(connector(), one_image)) == [IMAGE]


def test_stage_video_part_is_sent_only_where_the_platform_confirms_it(one_video: OutgoingPost) -> None:
    linkedin = connector()
    with played("stage__video_part_answered_html"):
        announced = linkedin.stage(one_video)
        with pytest.raises(Unavailable):
            linkedin.stage(one_video, stored(announced))


def test_stage_image_that_never_came_is_uploaded_anew(one_image: OutgoingPost) -> None:
    with played("stage__image_never_came"):
        stage = staged(connector(), one_image)
    assert (urns(stage), stage.token["anew"]) == (["urn:li:image:C2"], 1)


def test_stage_image_that_is_waited_for_a_while_may_come(one_image: OutgoingPost) -> None:
    linkedin, stage, waits = connector(), None, []
    with played("stage__image_waits_then_comes"):
        while stage is None or not stage.ready:
            stage = linkedin.stage(one_image, stored(stage))
            waits.append(stage.again_in)
    assert urns(stage) == [IMAGE]
    looks = waits[2:-1]
    assert len(looks) > WAITING_LOOKS
    assert looks == sorted(looks)  # ever longer, since each look is counted
    assert (looks[0], looks[-1]) == (FIRST_WAIT, LONGEST_WAIT)


def test_stage_looks_that_are_long_over_leave_no_trace(one_image: OutgoingPost) -> None:
    with played("stage__image_waits_then_comes"):
        stage = staged(connector(), one_image)
    (upload,) = uploads(stage)
    assert (upload["looks"], upload["waiting"]) == (0, 0)


def test_stage_token_of_before_the_counts_is_read(one_image: OutgoingPost) -> None:
    ready = prepared(one_image, IMAGE)
    (upload,) = uploads(ready)
    old = {name: value for name, value in upload.items() if name not in ("looks", "waiting")}
    assert Upload.of(old) == Upload.of(upload)


def test_stage_lost_answer_is_repeated_since_only_an_unused_address_can_remain(one_image: OutgoingPost) -> None:
    linkedin = connector()
    with played("stage__lost_answer"):
        with pytest.raises(Unavailable):
            linkedin.stage(one_image)
        assert urns(linkedin.stage(one_image)) == [IMAGE]


@pytest.mark.parametrize("name", ["stage__html_body", "stage__no_address"])
def test_stage_answer_that_tells_nothing_is_tried_again(one_image: OutgoingPost, name: str) -> None:
    with played(name), pytest.raises(Unavailable):
        connector().stage(one_image)


def test_stage_video_with_images_is_our_bug(tmp_path: Path) -> None:
    with pytest.raises(Unsupported):
        connector().stage(replace(TEXT, media=(video(tmp_path), image(tmp_path, 1))))


def test_stage_missing_file_is_one_of_our_errors(one_image: OutgoingPost) -> None:
    one_image.media[0].path.unlink()
    linkedin = connector()
    with played("stage__no_address"), pytest.raises(Unavailable):
        linkedin.stage(one_image)
    begun = prepared(one_image, IMAGE, sent=False)
    with pytest.raises(Unavailable) as caught:
        linkedin.stage(one_image, begun)
    assert str(one_image.media[0].path) not in str(caught.value) + caught.value.detail


def test_stage_tells_no_upload_address(one_image: OutgoingPost) -> None:
    linkedin = connector()
    with played("stage__image_taken_already"):
        stage = linkedin.stage(one_image)
        with pytest.raises(Unavailable) as caught:
            linkedin.stage(one_image, stored(stage))
        staged(linkedin, one_image, stored(stage))
    assert "dms-uploads" not in "".join(traceback.format_exception(caught.value)) + caught.value.detail


def test_stage_shortened_file_is_one_of_our_errors(one_video: OutgoingPost) -> None:
    linkedin = connector()
    with played("stage__video"):
        stage = linkedin.stage(one_video)
        one_video.media[0].path.write_text("mov")
        with pytest.raises(Unavailable):
            linkedin.stage(one_video, stored(stage))
        one_video.media[0].path.write_text("moving pics")
        assert staged(linkedin, one_video, stored(stage)).ready


@pytest.mark.parametrize(
    "token",
    [
        {},
        {"content": 7},
        {**prepared(TEXT, IMAGE).token, "uploads": [{"unknown": 1}]},
        {**prepared().token, "earlier": 5},
        prepared(LINK).token,
    ],
)
def test_stage_token_of_another_post_or_another_time_begins_anew(token: dict[str, object]) -> None:
    with played("stage__text"):
        stage = connector().stage(TEXT, Stage(token=token, ready=True))
    assert (stage.ready, stage.token["earlier"]) == (True, [])
