"""Preparing posts for Instagram over real HTTP against the sandbox: files, containers, uploads, and what goes wrong."""

import tracemalloc
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from connectors import instagram_reel
from connectors.base import NO_SERVICES, Services
from connectors.errors import (
    ConnectorError,
    Misconfigured,
    NotAuthorized,
    Rejected,
    Unavailable,
)
from connectors.http import Door
from connectors.instagram import InstagramConnector
from connectors.instagram_stage import EXPIRIES, NotHosted
from connectors.media_hosts.s3 import Bucket, S3MediaHost
from core.accounts import Credentials
from core.deliveries import Stage
from core.media import AttachmentRole, MediaKind
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.connectors.bucket import ACCESS_KEY, REGION, SECRET_KEY, bucket
from tests.connectors.contract import Stand, _medium, stored
from tests.connectors.instagram_stand import (
    files_on_the_site,
    picture,
    plan,
    posts,
    reel,
    requests_of,
    stand,
    walked,
)

__all__ = ["picture", "posts", "reel", "stand"]  # fixtures


def test_identify_tells_of_another_account(stand: Stand) -> None:
    world = stand.sandbox.world.instagram
    door = Door(routes=stand.server.routes, closed=True)
    other = InstagramConnector(stand.account, Credentials({"page_token": world.other_page_token}), door)
    assert other.identify().remote_id == world.other_account_id != stand.account.remote_id


def test_identify_refuses_a_persons_token(stand: Stand) -> None:
    world = stand.sandbox.world.instagram
    door = Door(routes=stand.server.routes, closed=True)
    person = InstagramConnector(stand.account, Credentials({"page_token": world.user_token}), door)
    with pytest.raises(NotAuthorized):
        person.identify()


def test_identify_with_the_app_names_missing_rights(stand: Stand) -> None:
    facebook, world = stand.sandbox.world.facebook, stand.sandbox.world.instagram
    values = {"app_id": facebook.app_id, "app_secret": facebook.app_secret, "page_token": world.narrow_page_token}
    door = Door(routes=stand.server.routes, closed=True)
    identity = InstagramConnector(stand.account, Credentials(values), door).identify()
    assert identity.remote_id == stand.account.remote_id
    assert {"instagram_content_publish", "instagram_manage_comments"} <= set(identity.missing)
    assert "instagram_basic" not in identity.missing


def test_lacking_right_to_publish_pauses_the_account(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    values = {"page_token": stand.sandbox.world.instagram.narrow_page_token}
    narrow = InstagramConnector(stand.account, Credentials(values), Door(routes=stand.server.routes, closed=True))
    with pytest.raises(NotAuthorized):
        narrow.publish(picture, stage)
    assert not stand.writes()


def test_files_are_public_only_until_the_platform_has_them(stand: Stand, posts: dict[str, OutgoingPost]) -> None:
    most = 0
    stage = None
    while stage is None or not stage.ready:
        stage = stand.connector().stage(posts["images"], stored(stage))
        most = max(most, len(files_on_the_site(stand)))
    assert most == 3
    assert files_on_the_site(stand) == []
    assert stage.token["hosted"] == stage.token["left"] == []
    stand.connector().publish(posts["images"], stage)
    (write,) = stand.shown(posts["images"])
    assert list(write.media) == [medium.medium.sha256 for medium in posts["images"].media]


def test_hosted_file_has_a_name_that_tells_nothing(stand: Stand, picture: OutgoingPost) -> None:
    walked(stand, picture, lambda stage: bool(stage.token["hosted"]))
    (file,) = files_on_the_site(stand)
    url = str(file["source_url"])
    assert picture.key not in url
    assert picture.media[0].medium.sha256[:12] not in url


def test_file_that_cannot_be_taken_away_does_not_stop_the_post_and_is_kept_for_later(
    stand: Stand, picture: OutgoingPost
) -> None:
    plan(stand, {"match": {"platform": "website", "method": "DELETE"}, "fault": {"kind": "status_before"}, "times": 1})
    stage = stand.staged(picture)
    stand.heal()
    assert len(stage.token["left"]) == len(files_on_the_site(stand)) == 1  # type: ignore[arg-type]
    connector = stand.connector()
    assert isinstance(connector, InstagramConnector)
    connector.publish(picture, stage)
    for _again in range(2):
        connector.tidy(stage)
    assert files_on_the_site(stand) == []


def test_failing_media_host_is_not_the_accounts_fault(stand: Stand, picture: OutgoingPost) -> None:
    # a revoked password would pause Instagram, if the website's error came through as it is
    plan(stand, {"match": {"platform": "website"}, "fault": {"kind": "expired_token"}, "times": None})
    error = stand.failure(lambda: stand.connector().stage(picture))
    assert type(error) is NotHosted
    assert isinstance(error, Unavailable)
    assert error.platform is Platform.INSTAGRAM


def test_platform_fetches_the_very_bytes_from_a_bucket(stand: Stand, posts: dict[str, OutgoingPost]) -> None:
    post, door = posts["images"], Door(routes=stand.server.routes, closed=False)
    with bucket() as shelf:
        settings = Bucket(shelf.address, REGION, ACCESS_KEY, SECRET_KEY)
        host = S3MediaHost(settings, door, platform=Platform.INSTAGRAM)
        lent = Services(media_host=host)
        instagram = InstagramConnector(stand.account, Credentials(stand.credentials), door, lent)
        stage = None
        while stage is None or not stage.ready:
            stage = instagram.stage(post, stored(stage))
        assert shelf.objects == {}
    instagram.publish(post, stage)
    (write,) = stand.shown(post)
    assert list(write.media) == [medium.medium.sha256 for medium in post.media]


def test_without_a_media_host_images_are_misconfigured_and_reels_are_not(
    stand: Stand, picture: OutgoingPost, reel: OutgoingPost
) -> None:
    door = Door(routes=stand.server.routes, closed=True)
    alone = InstagramConnector(stand.account, Credentials(stand.credentials), door, NO_SERVICES)
    with pytest.raises(Misconfigured):
        alone.stage(picture)
    assert alone.stage(reel).token["container"]


def test_reel_with_a_cover(stand: Stand, reel: OutgoingPost, tmp_path: Path) -> None:
    path = tmp_path / "cover.jpg"
    Image.new("RGB", (540, 960), "teal").save(path)
    cover = replace(_medium(path, MediaKind.IMAGE, "image/jpeg", "Portada"), role=AttachmentRole.THUMBNAIL)
    post = replace(reel, thumbnail=cover, options=(("instagram.share_to_feed", "false"),))
    stage = stand.staged(post)
    assert files_on_the_site(stand) == []
    stand.connector().publish(post, stage)
    assert len(stand.shown(post)) == 1


def test_token_never_publishes_another_text(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    other = replace(picture, text="Otra cosa")
    with pytest.raises(ConnectorError):
        stand.connector().publish(other, stage)
    assert not stand.writes()
    again = stand.staged(other, stored(stage))
    assert again.token["container"] != stage.token["container"]


def test_expired_container_is_made_anew(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    stand.sandbox.advance(timedelta(hours=25))
    again = stand.staged(picture, stored(stage))
    assert (again.token["container"] != stage.token["container"], again.token["expiries"]) == (True, 1)
    stand.connector().publish(picture, again)
    assert len(stand.shown(picture)) == 1


def test_container_that_keeps_expiring_is_given_up(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    for _time in range(EXPIRIES):
        stand.sandbox.advance(timedelta(hours=25))
        stage = stand.staged(picture, stored(stage))
    stand.sandbox.advance(timedelta(hours=25))
    with pytest.raises(Unavailable):
        stand.staged(picture, stored(stage))


def test_container_read_that_says_not_there_is_asked_again(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    stand.fault("status_before", "container_status", status=400, code=100, subcode=33)
    missed = stand.connector().stage(picture, stored(stage))
    assert (missed.ready, missed.again_in > timedelta(0)) == (False, True)
    again = stand.connector().stage(picture, stored(missed))
    assert again.ready
    assert again.token == stage.token


def test_processing_failure_gets_one_new_container(stand: Stand, reel: OutgoingPost) -> None:
    stand.fault("processing_error", "upload", subcode=2207082)
    stage = stand.staged(reel)
    assert stage.token["failures"] == 1
    stand.connector().publish(reel, stage)
    assert len(stand.shown(reel)) == 1


def test_processing_failure_twice_is_the_content(stand: Stand, reel: OutgoingPost) -> None:
    plan(
        stand,
        {
            "match": {"platform": "instagram", "operation": "upload"},
            "fault": {"kind": "processing_error", "subcode": 2207082},
            "times": 2,
        },
    )
    with pytest.raises(Rejected) as caught:
        stand.staged(reel)
    assert caught.value.code == "2207082"


def test_slow_processing_is_waited_for(stand: Stand, reel: OutgoingPost) -> None:
    stand.fault("processing", "upload", polls=9)
    answers = stand.stages(reel)
    assert sum(answer.again_in >= timedelta(seconds=5) for answer in answers) >= 8


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((799, 1000), Rejected), ((800, 1000), None), ((1910, 1000), None), ((1920, 1000), Rejected)],
)
def test_ratio_is_judged_by_the_platform_and_told_as_content(
    stand: Stand, picture: OutgoingPost, tmp_path: Path, size: tuple[int, int], wanted: type[ConnectorError] | None
) -> None:
    path = tmp_path / "odd.jpg"
    Image.new("RGB", size, "maroon").save(path)
    post = replace(picture, media=(_medium(path, MediaKind.IMAGE, "image/jpeg", "Rara"),))
    ratio = InstagramConnector.capabilities.images
    assert ratio is not None
    assert ratio.ratio is not None
    assert (size[0] / size[1] in ratio.ratio) == (wanted is None)
    if wanted is None:
        assert stand.staged(post).ready
    else:
        with pytest.raises(wanted) as caught:
            stand.staged(post)
        assert caught.value.code == "36003/2207009"


def test_address_that_cannot_be_fetched_is_put_up_anew(stand: Stand, picture: OutgoingPost) -> None:
    stage = walked(stand, picture, lambda stage: bool(stage.token["hosted"]))
    host = stand.connector().services.media_host
    assert host is not None
    host.remove(stage.token["hosted"][0]["token"])  # type: ignore[index]
    refused = stand.connector().stage(picture, stored(stage))
    assert (refused.token["refusals"], refused.again_in > timedelta(0)) == (1, True)
    assert stand.staged(picture, stored(refused)).ready


def test_address_that_is_never_fetched_is_rejected_after_some_tries(stand: Stand, picture: OutgoingPost) -> None:
    plan(
        stand,
        {
            "match": {"platform": "instagram", "operation": "container"},
            "fault": {"kind": "status_before", "status": 400, "code": 9004, "subcode": 2207052},
            "times": None,
        },
    )
    with pytest.raises(Rejected) as caught:
        stand.staged(picture)
    assert caught.value.code == "9004/2207052"
    assert len(requests_of(stand, "container")) == 4


def test_upload_goes_in_chunks_each_after_a_look(
    stand: Stand, reel: OutgoingPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instagram_reel, "CHUNK", 1000)
    stage = stand.staged(reel)
    assert len(requests_of(stand, "upload")) == 5  # 4032 bytes
    stand.connector().publish(reel, stage)
    (write,) = stand.shown(reel)
    assert list(write.media) == [reel.media[0].medium.sha256]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_upload_broken_off_sends_at_most_one_chunk_again(
    stand: Stand, reel: OutgoingPost, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(instagram_reel, "CHUNK", 1000)
    stage = walked(stand, reel, lambda stage: stage.token["sent"] == 2000)
    before = len(requests_of(stand, "upload"))
    stand.fault(kind, "upload")
    assert type(stand.failure(lambda: stand.connector().stage(reel, stored(stage)))) is Unavailable
    stand.heal()
    stage = stand.staged(reel, stored(stage))
    sent = len(requests_of(stand, "upload")) - before
    assert sent <= 4  # three chunks were left
    stand.connector().publish(reel, stage)
    (write,) = stand.shown(reel)
    assert list(write.media) == [reel.media[0].medium.sha256]


def test_upload_goes_on_from_a_token_of_long_ago(
    stand: Stand, reel: OutgoingPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after SIGKILL: what the platform has counts, and not what we remember."""
    monkeypatch.setattr(instagram_reel, "CHUNK", 1000)
    old = walked(stand, reel, lambda stage: bool(stage.token["container"]))
    stage: Stage = old
    for _chunk in range(3):
        stage = stand.connector().stage(reel, stored(stage))
    before = len(requests_of(stand, "upload"))
    again = stand.staged(reel, stored(old))
    assert len(requests_of(stand, "upload")) - before <= 2 + 1
    assert again.token["container"] == old.token["container"]


def test_upload_holds_no_more_than_a_chunk_in_memory(stand: Stand, reel: OutgoingPost, tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        file.write(reel.media[0].path.read_bytes())
        file.truncate(60_000_000)
    post = replace(reel, media=(_medium(path, MediaKind.VIDEO, "video/mp4", ""),))
    stage = walked(stand, post, lambda stage: bool(stage.token["container"]))
    tracemalloc.start()
    try:
        stage = stand.staged(post, stored(stage))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert stage.ready
    # the sandbox, which streams to its disk, is counted too
    assert peak < 3 * instagram_reel.CHUNK
