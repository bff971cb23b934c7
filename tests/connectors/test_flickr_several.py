"""Posts with several images, albums and options, from stage to taking down, over real HTTP against the sandbox."""

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import Gone, OutcomeUnknown, Rejected, Unavailable
from connectors.flickr import FlickrConnector
from connectors.flickr_api import FlickrApi, Keys
from connectors.flickr_stage import Progress
from connectors.http import Door
from core.accounts import Credentials
from core.deliveries import Published, Stage
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox import SandboxServer, Write
from tests.connectors.contract import Stand, samples, stored


@pytest.fixture
def office(server: SandboxServer) -> Stand:
    server.sandbox.reset()
    office = Stand(Platform.FLICKR, server.sandbox, server)
    office.heal()
    return office


@pytest.fixture
def several(tmp_path: Path) -> OutgoingPost:
    return samples(FlickrConnector.capabilities, tmp_path)["images"]


@pytest.fixture
def image(tmp_path: Path) -> OutgoingPost:
    return samples(FlickrConnector.capabilities, tmp_path)["image"]


def door(office: Stand) -> Door:
    return Door(routes=office.server.routes, closed=True)


def opened(office: Stand, token: str, secret: str) -> FlickrConnector:
    """Return a connector with another token."""
    values = office.credentials | {"oauth_token": token, "oauth_token_secret": secret}
    return FlickrConnector(office.account, Credentials(values), door(office))


def owner(office: Stand) -> FlickrApi:
    """Return the API as the account's owner has it, who may delete too."""
    world = office.sandbox.world.flickr
    return FlickrApi(door(office), Keys(world.api_key, world.api_secret, world.token, world.token_secret))


def shown_all(office: Stand, post: OutgoingPost, stage: Stage) -> list[Published]:
    """Publish part by part, as the worker does: each by a connector that remembers nothing."""
    parts = []
    while True:
        published = office.connector().publish(post, stage)
        parts.append(published)
        if published.rest is None:
            return parts
        stage = office.staged(post, stored(published.rest))


def digests(writes: list[Write]) -> list[str]:
    return [digest for write in writes for digest in write.media]


def uploads(office: Stand) -> int:
    return sum(entry["operation"] == "upload" for entry in office.sandbox.requests)


def test_every_image_becomes_public_once_and_in_order(office: Stand, several: OutgoingPost) -> None:
    stage = office.staged(several)
    assert office.writes() == []
    parts = shown_all(office, several, stage)
    assert len({(part.remote_id, part.url) for part in parts}) == 1
    assert digests(office.shown(several)) == [medium.medium.sha256 for medium in several.media]
    assert len(office.shown(several)) == len(parts) == 3


@pytest.mark.parametrize("lost_at", range(3))
def test_lost_answer_to_a_part_is_found_and_nothing_is_shown_twice(
    office: Stand, several: OutgoingPost, lost_at: int
) -> None:
    stage = office.staged(several)
    for part in range(3):
        if part == lost_at:
            office.fault("drop_after", "publish")
            assert type(office.failure(lambda: office.connector().publish(several, stage))) is OutcomeUnknown  # noqa: B023
            office.heal()
            found = office.found(several, stage)
            assert found is not None
            published = found
        else:
            assert office.found(several, stage) is None
            published = office.connector().publish(several, stage)
        stage = stored(published.rest) or stage
    assert published.rest is None
    assert digests(office.shown(several)) == [medium.medium.sha256 for medium in several.media]


@pytest.mark.parametrize("kind", ["drop_after", "status_after", "html", "truncated"])
def test_lost_upload_is_taken_over_and_not_made_again(office: Stand, several: OutgoingPost, kind: str) -> None:
    stage = office.connector().stage(several)
    for _part in range(2):
        before = uploads(office)
        office.fault(kind, "upload")
        assert type(office.failure(lambda: office.connector().stage(several, stored(stage)))) is Unavailable  # noqa: B023
        office.heal()
        stage = office.connector().stage(several, stored(stage))
        assert uploads(office) == before + 1
    stage = office.staged(several, stage)
    shown_all(office, several, stage)
    assert len(office.shown(several)) == 3


def test_upload_that_never_arrived_is_made_again(office: Stand, image: OutgoingPost) -> None:
    stage = office.connector().stage(image)
    office.fault("drop_before", "upload")
    assert type(office.failure(lambda: office.connector().stage(image, stored(stage)))) is Unavailable
    office.heal()
    assert office.staged(image, stored(stage)).ready


def test_lost_upload_is_found_even_where_nothing_was_stored(office: Stand, image: OutgoingPost) -> None:
    first = office.staged(image)
    assert office.staged(image).token["photos"] == first.token["photos"]
    assert uploads(office) == 1


def test_take_down_hides_every_part(office: Stand, several: OutgoingPost) -> None:
    parts = shown_all(office, several, office.staged(several))
    office.connector().take_down(parts[0].remote_id)
    assert [write.visible for write in office.writes()] == [True] * 3 + [False] * 3
    assert isinstance(office.failure(lambda: office.connector().comments(parts[0].remote_id)), Gone)
    office.connector().take_down(parts[0].remote_id)
    assert len(office.writes()) == 6


def test_comments_and_figures_are_those_of_every_part(office: Stand, several: OutgoingPost) -> None:
    stage = office.staged(several)
    remote_id = shown_all(office, several, stage)[0].remote_id
    for photo_id in Progress.of(several, stage).photos:
        office.sandbox.grow(comments=2, platform="flickr", remote_id=photo_id)
    cursor, seen = None, 0
    for _page in range(3):
        page = office.connector().comments(remote_id, cursor)
        seen, cursor = seen + len(page.items), page.next_cursor
    assert (seen, cursor) == (6, None)
    assert office.connector().metrics(remote_id).values["comments"] == 6


def test_options_and_tags_arrive(office: Stand, several: OutgoingPost) -> None:
    chosen = {"album": "Ferias 2026", "license": "11", "safety_level": "2", "content_type": "3"}
    post = replace(
        several,
        title="Feria de talleres",
        tags=("Talleres productivos", "feria", "feria", 'con "comillas"'),
        options=tuple((f"flickr.{name}", value) for name, value in chosen.items()),
    )
    stage = office.staged(post)
    assert office.writes() == []
    api = owner(office)
    for position, photo_id in enumerate(Progress.of(post, stage).photos, 1):
        photo = api.get("flickr.photos.getInfo", photo_id=photo_id)["photo"]
        assert (str(photo["license"]), photo["title"]["_content"]) == ("11", "Feria de talleres")
        assert {tag["raw"] for tag in photo["tags"]["tag"]} == {
            f"vocero:post={post.key}-{position}",
            "vocero:parts=3",
            "Talleres productivos",
            "feria",
            "con comillas",
        }
    (album,) = api.get("flickr.photosets.getList", user_id="me")["photosets"]["photoset"]
    assert (album["id"], album["title"]["_content"], int(album["photos"])) == (
        stage.token["album"],
        "Ferias 2026",
        3,
    )
    shown_all(office, post, stage)
    assert {write.title for write in office.shown(post)} == {"Feria de talleres"}


def test_second_post_goes_into_the_same_album(office: Stand, image: OutgoingPost) -> None:
    first = replace(image, options=(("flickr.album", "Ferias 2026"),))
    second = replace(first, key="contract-second")
    assert office.staged(first).token["album"] == office.staged(second).token["album"]


def test_album_is_made_once_whatever_answer_is_lost(office: Stand, several: OutgoingPost) -> None:
    post = replace(several, options=(("flickr.album", "Ferias 2026"),))
    stage = None
    for _step in range(40):
        office.fault("drop_after", "album")
        try:
            stage = office.connector().stage(post, stored(stage))
        except Unavailable:
            office.heal()
            stage = office.connector().stage(post, stored(stage))
        if stage.ready:
            break
    office.heal()
    assert stage is not None
    assert stage.ready
    api = owner(office)
    (album,) = api.get("flickr.photosets.getList", user_id="me")["photosets"]["photoset"]
    assert int(album["photos"]) == 3


def test_words_that_somebody_changed_are_mended_unseen(office: Stand, image: OutgoingPost) -> None:
    stage = office.staged(image)
    (photo_id,) = Progress.of(image, stage).photos
    api = owner(office)
    api.post("flickr.photos.setMeta", photo_id=photo_id, title="Otra cosa", description="")
    stage = office.staged(image, stored(stage))
    assert office.writes() == []
    office.connector().publish(image, stage)
    assert len(office.shown(image)) == 1


def test_what_was_deleted_meanwhile_is_uploaded_again(office: Stand, image: OutgoingPost) -> None:
    stage = office.staged(image)
    (photo_id,) = Progress.of(image, stage).photos
    owner(office).post("flickr.photos.delete", photo_id=photo_id)
    stage = office.staged(image, stored(stage))
    assert Progress.of(image, stage).photos != (photo_id,)
    office.connector().publish(image, stage)
    assert len(office.shown(image)) == 1


def test_text_with_an_address_of_ill_repute_is_the_content_s_fault(office: Stand, image: OutgoingPost) -> None:
    office.fault("status_before", "upload", code=116, message="Bad URL found", status=200)
    stage = office.connector().stage(image)
    assert isinstance(office.failure(lambda: office.connector().stage(image, stage)), Rejected)


def test_token_that_may_only_read_is_told_at_once(office: Stand) -> None:
    world = office.sandbox.world.flickr
    assert opened(office, world.read_token, world.read_token_secret).identify().missing == ("write",)


def test_token_of_another_account_is_seen(office: Stand) -> None:
    world = office.sandbox.world.flickr
    assert opened(office, world.other_token, world.other_token_secret).identify().remote_id == world.other_nsid
