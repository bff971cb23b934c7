"""The X connector over real HTTP: both ways to sign in, threads, lagging lists, broken uploads, rotating tokens."""

import dataclasses
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from connectors.errors import (
    ConnectorError,
    NotAuthorized,
    OutcomeUnknown,
    Rejected,
    Unavailable,
)
from connectors.x_errors import NoCredits
from connectors.x_upload import CHUNK
from core.deliveries import Stage
from core.media import MediaKind, OutgoingMedium
from core.posts import OutgoingPost
from sandbox import Sandbox, SandboxServer, serve
from tests.connectors.x_office import captions, stored
from tests.connectors.x_stand import TEXT, THREAD, Office, film, image, medium

__all__ = ["film", "image"]


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with serve(Sandbox(seed=7)) as running:
        yield running


@pytest.fixture
def office(server: SandboxServer) -> Office:
    server.sandbox.reset()
    office = Office(server)
    office.heal()
    return office


def test_signed_requests_do_all_that_bearing_ones_do(office: Office, image: OutgoingMedium) -> None:
    post = dataclasses.replace(TEXT, media=(image,))
    assert office.x(office.signed).identify().remote_id == office.world.user_id
    stage: Stage | None = None
    while stage is None or not stage.ready:
        stage = office.x(office.signed).stage(post, stored(stage))
    published = office.x(office.signed).publish(post, stage)
    assert office.x(office.signed).find(post, stage, datetime.now(UTC) - timedelta(minutes=2)) is not None
    assert office.x(office.signed).comments(published.remote_id).items == ()
    assert office.x(office.signed).metrics(published.remote_id).values
    office.x(office.signed).take_down(published.remote_id)
    assert [(one.visible, list(one.media)) for one in office.writes()] == [
        (True, [image.medium.sha256]),
        (False, [image.medium.sha256]),
    ]


def test_signed_with_a_wrong_secret_is_not_authorized(office: Office) -> None:
    with pytest.raises(NotAuthorized):
        office.x(office.signed | {"access_token_secret": "wrong" * 8}).identify()


def test_signed_read_only_token_lacks_the_right_to_write(office: Office) -> None:
    world = office.world
    readonly = {
        "access_token": world.readonly_access_token,
        "access_token_secret": world.readonly_access_token_secret,
    }
    assert office.x(office.signed | readonly).identify().missing == ("tweet.write",)
    with pytest.raises(NotAuthorized):
        office.x(office.signed | readonly).publish(TEXT, office.staged(TEXT))


@pytest.mark.parametrize("way", ["signed", "bearing"])
def test_no_secret_is_in_any_log(office: Office, caplog: pytest.LogCaptureFixture, way: str) -> None:
    credentials = getattr(office, way)
    caplog.set_level(logging.DEBUG)
    x = office.x(credentials)
    x.publish(TEXT, x.stage(TEXT))
    office.fault("expired_token")
    with pytest.raises(ConnectorError):
        x.identify()
    for name, secret in credentials.items():
        assert secret not in caplog.text or name == "client_id"


def test_token_of_another_account_is_told_apart(office: Office) -> None:
    assert (
        office.x(office.bearing | {"access_token": office.world.other_token}).identify().remote_id
        == office.world.other_user_id
    )


def test_account_without_credits_needs_a_person(office: Office) -> None:
    with pytest.raises(NoCredits):
        office.x(office.bearing | {"access_token": office.world.penniless_token}).stage(TEXT)


def test_thread_goes_out_one_message_a_call(office: Office) -> None:
    stage = office.staged(THREAD)
    parts = []
    for _message in range(3):
        published = office.x().publish(THREAD, office.staged(THREAD, stored(stage)))
        parts.append(published)
        stage = published.rest or stage
    assert [one.rest is None for one in parts] == [False, False, True]
    assert len({one.remote_id for one in parts}) == 1
    texts = [one.text or "" for one in office.writes()]
    assert [text.split()[0] for text in texts] == ["Primero", "Segundo", "Tercero"]
    assert office.x().comments(parts[0].remote_id).items == ()


def test_thread_that_broke_off_goes_on_after_looking(office: Office) -> None:
    began = datetime.now(UTC) - timedelta(minutes=2)
    first = office.published(THREAD)
    assert first.rest is not None
    assert office.x().find(THREAD, first.rest, began) is None
    office.fault("drop_after", "reply")
    with pytest.raises(OutcomeUnknown):
        office.x().publish(THREAD, first.rest)
    second = office.x().find(THREAD, first.rest, began)
    assert second is not None
    assert second.rest is not None
    assert second.remote_id == first.remote_id
    office.x().publish(THREAD, office.staged(THREAD, second.rest))
    assert len(office.writes()) == 3


def test_taking_a_thread_down_takes_all_of_it(office: Office) -> None:
    published = office.published(THREAD)
    root = published.remote_id
    office.sandbox.grow(comments=1, platform="x", remote_id=root, text="¿Atienden hoy?", author="Rosa Q.")
    while published.rest is not None:
        published = office.x().publish(THREAD, published.rest)
    (comment,) = office.x().comments(root).items
    office.x().reply(comment.id, "Sí, hasta las 5")
    office.x().take_down(root)
    hidden = [one.text for one in office.writes() if not one.visible]
    assert len(hidden) == 3
    # what answers a person stays
    assert office.writes()[3].visible


def test_find_trusts_no_list_that_may_lag(office: Office) -> None:
    stage = office.staged(TEXT)
    office.fault("hidden_in_lists", "publish", seconds=30, reads=0)
    began = datetime.now(UTC)
    published = office.x().publish(TEXT, stage)
    with pytest.raises(OutcomeUnknown):
        office.x().find(TEXT, stage, began)
    office.sandbox.advance(timedelta(seconds=31))
    found = office.x().find(TEXT, stage, began)
    assert found is not None
    assert found.remote_id == published.remote_id


def test_duplicate_after_a_lost_answer_is_never_called_refused(office: Office) -> None:
    stage = office.staged(TEXT)
    office.fault("hidden_in_lists", "publish", seconds=30, reads=0)
    published = office.x().publish(TEXT, stage)
    with pytest.raises(OutcomeUnknown):
        office.x().publish(TEXT, stage)
    office.sandbox.advance(timedelta(seconds=31))
    assert office.x().publish(TEXT, stage).remote_id == published.remote_id
    assert len(office.writes()) == 1


def test_duplicate_of_an_older_post_is_refused(office: Office) -> None:
    office.published(TEXT)
    office.sandbox.advance(timedelta(hours=1))
    stage = office.x().stage(TEXT)
    # its preparation began by the platform's clock, too
    later = dataclasses.replace(stage, token=stage.token | {"seen": "", "began_at": _in(timedelta(hours=1))})
    with pytest.raises(Rejected) as caught:
        office.x().publish(TEXT, later)
    assert caught.value.code == "duplicate"


def _in(wait: timedelta) -> str:
    return (datetime.now(UTC) + wait).isoformat()


@pytest.mark.parametrize("manner", ["post_spelling", "tweet_spelling", "mixed_spelling", "empty_history"])
def test_both_spellings_are_read(office: Office, manner: str) -> None:
    office.fault("manner", name=manner, times=None)
    began = datetime.now(UTC) - timedelta(minutes=2)
    stage = office.staged(THREAD)
    first = office.x().publish(THREAD, stage)
    assert first.rest is not None
    second = office.x().publish(THREAD, first.rest)
    assert second.rest is not None
    assert office.x().find(THREAD, first.rest, began) is not None
    office.sandbox.grow(comments=1, platform="x", remote_id=first.remote_id, text="¿Hoy?", author="Rosa Q.")
    assert [one.text for one in office.x().comments(first.remote_id).items] == ["¿Hoy?"]
    assert {"retweet_count", "impression_count"} <= set(office.x().metrics(first.remote_id).values)
    assert "tweet_count" in office.x().account_metrics().values


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
@pytest.mark.parametrize("at", range(3))
def test_broken_upload_sends_one_chunk_again_at_most(office: Office, film: OutgoingMedium, kind: str, at: int) -> None:
    post = dataclasses.replace(TEXT, media=(film,))
    office.fault(kind, "append", after=at)
    stage: Stage | None = None
    failures = 0
    while stage is None or not stage.ready:
        try:
            stage = office.x().stage(post, stored(stage))
        except Unavailable:
            failures += 1
    assert failures == 1
    # one of the calls had no answer and is not among these
    assert len(office.asked("/append")) == 3
    assert len(office.asked("/initialize")) == 1
    office.x().publish(post, stage)
    assert [list(one.media) for one in office.writes()] == [[film.medium.sha256]]


def test_no_chunk_is_larger_than_the_platform_takes(office: Office, film: OutgoingMedium) -> None:
    office.staged(dataclasses.replace(TEXT, media=(film,)))
    assert max(len(one.sent) for one in office.asked("/append")) < CHUNK + 2000


def test_no_chunk_outlives_its_call(office: Office, film: OutgoingMedium) -> None:
    x = office.x()
    post = dataclasses.replace(TEXT, media=(film,))
    x.stage(post, x.stage(post))
    assert len(office.asked("/append")) == 1
    answer = x._api._last()
    assert answer is not None
    assert answer.request.body is None


def test_lost_finish_is_not_a_second_upload(office: Office, film: OutgoingMedium) -> None:
    post = dataclasses.replace(TEXT, media=(film,))
    office.fault("drop_after", "finalize")
    stage: Stage | None = None
    while stage is None or not stage.ready:
        try:
            stage = office.x().stage(post, stored(stage))
        except Unavailable:
            office.heal()
    assert len(office.asked("/initialize")) == 1
    office.x().publish(post, stage)


def test_film_that_cannot_be_processed_is_refused(office: Office, film: OutgoingMedium) -> None:
    office.fault("processing_error", "finalize")
    with pytest.raises(Rejected):
        office.staged(dataclasses.replace(TEXT, media=(film,)))


def test_captions_are_bound_to_the_film(office: Office, film: OutgoingMedium, tmp_path: Path) -> None:
    post = dataclasses.replace(TEXT, media=(film,), captions=(captions(tmp_path),))
    office.published(post)
    (bound,) = office.asked("/media/subtitles")
    assert json.loads(bound.sent)["subtitles"]["language_code"] == "ES"


def test_moving_gif_goes_out(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "bandera.gif"
    frames = [Image.new("P", (64, 48), number) for number in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    gif = medium(path, MediaKind.IMAGE, "image/gif", "Una bandera", frames=3)
    office.published(dataclasses.replace(TEXT, media=(gif,)))
    assert [list(one.media) for one in office.writes()] == [[gif.medium.sha256]]


def test_files_that_died_are_uploaded_anew(office: Office, image: OutgoingMedium) -> None:
    post = dataclasses.replace(TEXT, media=(image,))
    stage = office.staged(post)
    office.sandbox.advance(timedelta(hours=25))
    # by then the bearer token is dead, too
    again = office.staged(post, stage, office.signed)
    assert again.token["files"] != stage.token["files"]
    office.x(office.signed).publish(post, again)


def test_upload_without_its_scope_is_not_authorized(office: Office, image: OutgoingMedium) -> None:
    with pytest.raises(NotAuthorized):
        office.x(office.bearing | {"access_token": office.world.no_media_token}).stage(
            dataclasses.replace(TEXT, media=(image,))
        )


def test_hiding_is_in_the_ledger(office: Office) -> None:
    published = office.published(TEXT)
    office.sandbox.grow(comments=1, platform="x", remote_id=published.remote_id, text="¿Hoy?", author="Rosa Q.")
    (comment,) = office.x().comments(published.remote_id).items
    for hidden in (True, True, False):
        office.x().hide(comment.id, hidden)
    assert [one.visible for one in office.writes() if one.remote_id == comment.id] == [False, True]
    with pytest.raises(NotAuthorized):
        office.x(office.bearing | {"access_token": office.world.no_moderation_token}).hide(comment.id, True)


def test_reply_to_a_stranger_is_refused(office: Office) -> None:
    with pytest.raises((Rejected, ConnectorError)) as caught:
        office.x().reply("1", "Hola")
    assert isinstance(caught.value, Rejected)


def test_reply_again_after_a_lost_answer_is_the_same_reply(office: Office) -> None:
    published = office.published(TEXT)
    office.sandbox.grow(comments=1, platform="x", remote_id=published.remote_id, text="¿Hoy?", author="Rosa Q.")
    (comment,) = office.x().comments(published.remote_id).items
    office.fault("drop_after", "reply")
    with pytest.raises(OutcomeUnknown):
        office.x().reply(comment.id, "Sí, hasta las 5")
    again = office.x().reply(comment.id, "Sí, hasta las 5")
    assert [one.remote_id for one in office.writes()][1:] == [again.remote_id]


def test_refresh_uses_the_refresh_token_up(office: Office) -> None:
    renewed = office.x().refresh()
    assert renewed is not None
    assert renewed.get("refresh_token") != office.world.refresh_token
    assert office.x(renewed.values).identify().remote_id == office.world.user_id
    with pytest.raises(NotAuthorized):
        office.x().refresh()
    assert office.x(renewed.values).refresh() is not None


def test_refresh_of_a_native_application_has_no_secret(office: Office) -> None:
    world = office.world
    native = {
        "access_token": world.public_token,
        "client_id": world.public_client_id,
        "refresh_token": world.public_refresh_token,
    }
    assert office.x(native).refresh() is not None


def test_refresh_whose_answer_is_lost_may_have_happened(office: Office) -> None:
    office.fault("drop_after", "token")
    with pytest.raises(OutcomeUnknown):
        office.x().refresh()
    # and so it had
    with pytest.raises(NotAuthorized):
        office.x().refresh()


def test_expired_token_and_a_good_refresh_token(office: Office) -> None:
    world = office.world
    expired = {"access_token": world.expired_token, "refresh_token": world.expired_refresh_token}
    with pytest.raises(NotAuthorized):
        office.x(office.bearing | expired).identify()
    assert office.x(office.bearing | expired).refresh() is not None


def test_text_that_is_too_long_is_refused(office: Office) -> None:
    post = OutgoingPost(key="delivery-1", text="á" * 281)
    with pytest.raises(Rejected):
        office.published(post)
    assert office.writes() == []
