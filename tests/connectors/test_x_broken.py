"""X breaks off at every step, over real HTTP: what is out stays out once, and what is not goes on."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Exists, Rejected, TokenRefused, Unavailable
from core.deliveries import Stage
from core.media import OutgoingMedium
from sandbox import Sandbox, SandboxServer, serve
from tests.connectors.x_office import captions, stored
from tests.connectors.x_stand import TEXT, THREAD, Office, film, image

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


def test_token_that_dies_in_the_middle_of_a_thread_is_renewed_and_the_thread_goes_on(office: Office) -> None:
    stage = office.published(THREAD).rest
    assert stage is not None
    office.fault("expired_token", "reply")
    with pytest.raises(TokenRefused):
        office.x().publish(THREAD, stage)
    renewed = office.x().refresh()
    assert renewed is not None
    x = office.x(renewed.values)
    rest = x.publish(THREAD, stage).rest
    assert rest is not None
    assert x.publish(THREAD, rest).rest is None
    assert len(office.writes()) == 3


def test_thread_whose_last_message_was_deleted_says_where_it_stands(office: Office) -> None:
    first = office.published(THREAD)
    assert first.rest is not None
    office.x().take_down(first.remote_id)
    with pytest.raises(Rejected) as caught:
        office.x().publish(THREAD, first.rest)
    assert "1 de 3" in caught.value.sentence
    assert len([one for one in office.writes() if one.visible]) == 1


def test_two_workers_with_one_post_publish_it_once(office: Office, image: OutgoingMedium) -> None:
    post = dataclasses.replace(TEXT, media=(image,))
    one, other = office.staged(post), office.staged(post)
    assert office.x().publish(post, one).remote_id == office.x().publish(post, other).remote_id
    assert len(office.writes()) == 1


def test_files_that_died_between_staging_and_publishing_are_prepared_anew(
    office: Office, image: OutgoingMedium
) -> None:
    post = dataclasses.replace(TEXT, media=(image,))
    stage = office.staged(post)
    office.sandbox.advance(timedelta(hours=25))
    with pytest.raises(Unavailable):
        office.x(office.signed).publish(post, stage)
    again = office.staged(post, stage, office.signed)
    assert again.token["anew"] == 1
    office.x(office.signed).publish(post, again)
    assert len(office.writes()) == 1


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "html"])
@pytest.mark.parametrize(
    "operation", ["upload", "metadata", "initialize", "append", "finalize", "upload_status", "subtitles"]
)
def test_preparing_survives_a_lost_answer_at_every_call(
    office: Office, image: OutgoingMedium, film: OutgoingMedium, tmp_path: Path, kind: str, operation: str
) -> None:
    filmed = dataclasses.replace(TEXT, text="Un video", media=(film,), captions=(captions(tmp_path),))
    for post in (dataclasses.replace(TEXT, media=(image,)), filmed):
        office.fault(kind, operation)
        stage: Stage | None = None
        failures = 0
        while stage is None or not stage.ready:
            try:
                stage = office.x().stage(post, stored(stage))
            except Unavailable:
                failures += 1
                assert failures == 1
        office.x().publish(post, stage)
    assert [list(one.media) for one in office.writes()] == [[image.medium.sha256], [film.medium.sha256]]


@pytest.mark.parametrize(("author", "expected"), [("Rosa Q.", Rejected), ("Pedro P.", None)])
def test_the_same_answer_to_the_same_person_is_refused_in_words_for_staff(
    office: Office, author: str, expected: type[Rejected] | None
) -> None:
    remote_id = office.published(TEXT).remote_id
    for name, text in (("Rosa Q.", "¿Hoy?"), (author, "¿Y mañana?")):
        office.sandbox.grow(comments=1, platform="x", remote_id=remote_id, text=text, author=name)
    one, other = office.x().comments(remote_id).items
    office.x().reply(one.id, "Sí")
    if expected is None:
        office.x().reply(other.id, "Sí")
        return
    with pytest.raises(expected) as caught:
        office.x().reply(other.id, "Sí")
    assert "otras palabras" in caught.value.sentence


def test_an_answer_that_was_lost_and_is_not_listed_yet_is_never_called_refused(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    for name in ("Rosa Q.", "Pedro P."):
        office.sandbox.grow(comments=1, platform="x", remote_id=remote_id, text=f"¿Hoy? {name}", author=name)
    one, other = office.x().comments(remote_id).items
    office.x().reply(one.id, "Sí")
    office.fault("hidden_in_lists", "reply", seconds=30, reads=0)
    office.x().reply(other.id, "Sí")
    with pytest.raises(Exists):
        office.x().reply(other.id, "Sí")
