"""The page's connector over real HTTP against the sandbox: what only a platform with a memory can show."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors import linkedin_upload
from connectors.errors import Exists, NotAuthorized, OutcomeUnknown, RateLimited, Rejected, Unavailable
from connectors.linkedin import LinkedInConnector
from connectors.linkedin_errors import Duplicate, Unconfirmed, VersionRetired
from connectors.linkedin_stage import ANEW_WAITS
from core.deliveries import Stage
from core.feedback import Comment
from core.posts import OutgoingPost
from sandbox import FaultPlan, SandboxServer
from tests.connectors.contract import Stand, samples, stored
from tests.connectors.linkedin_stand import TEXT, answered, film, opened, plan, with_token

PART = 4 * 1024 * 1024


@pytest.fixture
def page(server: SandboxServer) -> Iterator[Stand]:
    stand = opened(server)
    yield stand
    stand.heal()


def lost(page: Stand, post: OutgoingPost, stage: Stage, *more: dict[str, object]) -> None:
    """Publish so that the post is taken and nobody hears of it."""
    plan(page, *more, {"kind": "drop_after"})
    assert type(page.failure(lambda: page.connector().publish(post, stage))) is OutcomeUnknown
    page.heal()


@pytest.mark.parametrize(
    "text",
    [
        "Todos: |{}@[]()<>#\\*_~ y más",
        "Visitas (lunes a viernes) en #Lima, #Perú_2026 y C:\\x_y <ya>",
        "https://www.gob.pe/a_b(c)?d=~e#f prensa@inpe.example",
        "#uno#dos ##tres (#cuatro) N.º #5 {hashtag|\\#|x}",
        "👏 «Ñandú» 3 < 5 * 2 ~ 10",
    ],
)
def test_public_reads_exactly_what_was_written(page: Stand, text: str) -> None:
    post = replace(TEXT, text=text)
    stage = page.staged(post)
    published = page.connector().publish(post, stage)
    assert [write.text for write in page.writes()] == [text]
    assert page.found(post, stage) is not None
    assert page.connector().publish(post, stage).remote_id == published.remote_id


def test_public_reads_the_name_of_who_is_mentioned(page: Stand) -> None:
    urn = page.sandbox.world.linkedin.organization_urn
    post = replace(TEXT, text=f"Con @[INPE Perú]({urn}).")
    page.published(post)
    assert [write.text for write in page.writes()] == ["Con INPE Perú."]


def test_card_has_its_picture(page: Stand, tmp_path: Path) -> None:
    (picture,) = samples(LinkedInConnector.capabilities, tmp_path)["image"].media
    post = replace(TEXT, link="https://www.gob.pe/inpe", title="Feriado", excerpt="Resumen", thumbnail=picture)
    page.published(post)
    (write,) = page.writes()
    assert (write.text, write.title, write.media) == (TEXT.text, "Feriado", (picture.medium.sha256,))


@pytest.mark.parametrize("chunk", [8 * 1024 * 1024, 1024 * 1024], ids=["in memory", "streamed"])
def test_video_goes_in_parts_and_no_lost_answer_sends_more_than_one_again(
    page: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(linkedin_upload, "CHUNK", chunk)
    post = replace(TEXT, media=(film(tmp_path, 2 * PART + 12_345),), title="Película")
    stage: Stage | None = None
    for step in range(30):
        if 1 <= step <= 4:  # each of the three parts, and the end
            page.fault("drop_after", "finalize" if step == 4 else "upload")
            assert type(page.failure(lambda: page.connector().stage(post, stored(stage)))) is Unavailable  # noqa: B023
        stage = page.connector().stage(post, stored(stage))
        uploads = stage.token["uploads"]
        assert isinstance(uploads, list)
        assert len(uploads[0]["etags"]) == min(step, 3)
        if stage.ready:
            break
    assert stage is not None
    assert stage.ready
    assert stage.token["anew"] == 0
    page.connector().publish(post, stage)
    (write,) = page.writes()
    assert write.media == (post.media[0].medium.sha256,)


def test_video_takes_a_thumbnail(page: Stand, tmp_path: Path) -> None:
    (picture,) = samples(LinkedInConnector.capabilities, tmp_path)["image"].media
    post = replace(TEXT, media=(film(tmp_path, 100_000),), thumbnail=picture)
    page.published(post)
    assert len(page.writes()) == 1


def test_upload_addresses_that_ran_out_are_asked_for_anew(page: Stand, tmp_path: Path) -> None:
    post = replace(TEXT, media=(film(tmp_path, 100_000),))
    stage = page.connector().stage(post)
    page.sandbox.advance(timedelta(days=31))
    again = page.staged(post, stored(stage))
    assert (again.ready, again.token["anew"]) == (True, 1)
    page.connector().publish(post, again)
    assert len(page.shown(post)) == 1


def test_lost_answer_is_found_by_the_duplicate_where_the_list_lags(page: Stand) -> None:
    stage = page.staged(TEXT)
    lost(page, TEXT, stage, {"kind": "hidden_in_lists", "seconds": 300})
    (write,) = page.writes()
    assert page.found(TEXT, stage) is None
    again = page.staged(TEXT, stored(stage))
    assert page.connector().publish(TEXT, again).remote_id == write.remote_id
    assert page.writes() == [write]


def test_lost_answer_of_a_post_that_is_not_visible_yet(page: Stand) -> None:
    stage = page.staged(TEXT)
    lost(page, TEXT, stage, {"kind": "processing", "polls": 2})
    assert not page.writes()
    error = page.failure(lambda: page.connector().publish(TEXT, stage))
    assert (type(error), error.code) == (Exists, "PUBLISH_REQUESTED")
    found = page.found(TEXT, stage)
    assert found is not None
    assert [write.remote_id for write in page.shown(TEXT)] == [found.remote_id]


def test_taken_and_not_visible_yet_is_published_once_it_is_seen(page: Stand) -> None:
    stage = page.staged(TEXT)
    plan(page, {"kind": "processing", "polls": 6})
    assert type(page.failure(lambda: page.connector().publish(TEXT, stage))) is Exists
    for _look in range(2):  # two calls each: the list, then the post itself
        assert type(page.failure(lambda: page.found(TEXT, stage))) is Exists
        assert not page.writes()
    found = page.found(TEXT, stage)
    assert found is not None
    assert [write.remote_id for write in page.shown(TEXT)] == [found.remote_id]


def test_taken_and_never_shown_is_not_published(page: Stand) -> None:
    stage = page.staged(TEXT)
    plan(page, {"kind": "processing_error"})
    error = page.failure(lambda: page.connector().publish(TEXT, stage))
    assert (type(error), error.code) == (Rejected, "PUBLISH_FAILED")
    assert page.found(TEXT, stage) is None
    # written again it is the same post: the platform names it, and it is as little visible
    assert page.failure(lambda: page.connector().publish(TEXT, stage)).code == "PUBLISH_FAILED"
    assert not page.writes()


def test_taken_and_not_to_be_read_is_looked_for(page: Stand) -> None:
    stage = page.staged(TEXT)
    page.fault("drop_before", "read")
    assert type(page.failure(lambda: page.connector().publish(TEXT, stage))) is Exists
    found = page.found(TEXT, stage)
    assert found is not None
    assert [write.remote_id for write in page.shown(TEXT)] == [found.remote_id]


def test_upload_that_is_refused_time_and_again_ends(page: Stand, tmp_path: Path) -> None:
    post = samples(LinkedInConnector.capabilities, tmp_path)["image"]
    refused = {"match": {"operation": "upload"}, "fault": {"kind": "status_before", "status": 409}, "times": None}
    page.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": [refused]}))
    stage, waits = page.connector().stage(post), []
    for _step in range(2 * len(ANEW_WAITS)):
        stage = page.connector().stage(post, stored(stage))
        waits.append(stage.again_in)
    assert tuple(wait for wait in waits if wait) == ANEW_WAITS
    error = page.failure(lambda: page.connector().stage(post, stored(stage)))
    assert type(error) is Rejected
    assert "varias veces" in error.sentence


@pytest.mark.parametrize("answer", [{"status": 200, "html": True}, {"status": 202}])
def test_upload_that_was_not_confirmed_is_sent_again(page: Stand, tmp_path: Path, answer: dict[str, object]) -> None:
    post = samples(LinkedInConnector.capabilities, tmp_path)["image"]
    stage = page.connector().stage(post)
    page.fault("status_before", "upload", **answer)
    assert type(page.failure(lambda: page.connector().stage(post, stored(stage)))) is Unconfirmed
    assert page.staged(post, stored(stage)).ready


def test_duplicate_of_somebody_elses_post_is_not_ours(page: Stand) -> None:
    first = page.published(TEXT)
    second = replace(TEXT, key="delivery-2")
    stage = page.staged(second)
    error = page.failure(lambda: page.connector().publish(second, stage))
    assert isinstance(error, Duplicate)
    assert error.urn == first.remote_id
    assert page.found(second, stage) is None
    assert len(page.shown(TEXT)) == 1


def test_same_text_again_after_a_while_is_a_post_of_its_own(page: Stand) -> None:
    first = page.published(TEXT)
    page.sandbox.advance(timedelta(minutes=11))
    assert page.published(replace(TEXT, key="delivery-2")).remote_id != first.remote_id


def test_photos_that_were_used_once_are_not_taken_for_another_post(page: Stand, tmp_path: Path) -> None:
    post = samples(LinkedInConnector.capabilities, tmp_path)["images"]
    first = page.published(post)
    second = replace(post, key="delivery-2")
    stage = page.staged(second)
    assert page.found(second, stage) is None
    assert page.connector().publish(second, stage).remote_id != first.remote_id


def test_comments_all_come_once_with_replies(page: Stand) -> None:
    published = page.published(TEXT)
    said = [f"¿A qué hora, número {number}?" for number in range(120)]
    for text in said:
        page.sandbox.grow(comments=1, platform="linkedin", remote_id=published.remote_id, text=text, author="Rosa Q.")
    found: list[Comment] = []
    cursor: str | None = None
    for _page in range(5):
        part = page.connector().comments(published.remote_id, cursor)
        assert list(part.items) == sorted(part.items, key=lambda one: (one.created_at, one.id))
        found += part.items
        cursor = part.next_cursor
        if cursor is None:
            break
    assert sorted(one.text for one in found) == sorted(said)
    assert len({one.id for one in found}) == 120
    assert all(one.author_id.startswith("urn:li:person:") for one in found)


def test_comments_of_a_post_made_just_now_are_none(page: Stand) -> None:
    published = page.connector().publish(TEXT, page.staged(TEXT))
    assert page.connector().comments(published.remote_id).items == ()


def test_reply_to_a_reply_stays_under_the_first_comment(page: Stand) -> None:
    published, top = answered(page)
    first = page.connector().reply(top, "Sí (hasta las 5), #hoy")
    second = page.connector().reply(first.remote_id, "Y mañana también")
    replies = [one for one in page.connector().comments(published.remote_id).items if one.own]
    assert [(one.id, one.parent_id, one.text) for one in replies] == [
        (first.remote_id, top, "Sí (hasta las 5), #hoy"),
        (second.remote_id, top, "Y mañana también"),
    ]


def test_reply_too_often_waits_a_minute(page: Stand) -> None:
    _published, top = answered(page)
    for number in range(10):
        page.connector().reply(top, f"Respuesta {number}")
    error = page.failure(lambda: page.connector().reply(top, "Una más"))
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(minutes=1)


def test_reply_too_long_is_rejected(page: Stand) -> None:
    _published, top = answered(page)
    assert isinstance(page.failure(lambda: page.connector().reply(top, "a" * 1251)), Rejected)


def test_metrics_of_a_video_are_all_there(page: Stand, tmp_path: Path) -> None:
    published = page.published(replace(TEXT, media=(film(tmp_path, 100_000),)))
    page.sandbox.advance(timedelta(days=2))
    snapshot = page.connector().metrics(published.remote_id)
    assert snapshot.missing == ()
    assert snapshot.values["impressionCount"] > 0
    assert snapshot.values["VIDEO_VIEW"] > 0


def test_account_metrics_are_all_there(page: Stand) -> None:
    snapshot = page.connector().account_metrics()
    assert snapshot.missing == ()
    assert snapshot.values["firstDegreeSize"] > 12_000


def test_account_metrics_without_the_role_are_refused(page: Stand) -> None:
    token = page.sandbox.world.linkedin.content_token
    with pytest.raises(NotAuthorized):
        with_token(page, access_token=token).account_metrics()


def test_version_that_was_switched_off_pauses_and_says_so(page: Stand) -> None:
    stage = page.staged(TEXT)
    page.sandbox.advance(timedelta(days=400))
    error = page.failure(lambda: page.connector().publish(TEXT, stage))
    # the token has died meanwhile as well, and is looked at first
    assert isinstance(error, NotAuthorized)
    page.sandbox.reset()
    page.fault("status_before", "publish", status=426)
    assert isinstance(page.failure(lambda: page.connector().publish(TEXT, stage)), VersionRetired)
