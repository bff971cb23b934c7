"""The YouTube connector's own behaviour, against the sandbox over real HTTP; every request is checked by discovery."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Gone, Misconfigured, NotAuthorized, OutcomeUnknown, Rejected, Unavailable, Unsupported
from connectors.http import Door
from connectors.youtube import YouTubeConnector
from connectors.youtube_api import Api
from connectors.youtube_stage import Progress
from core.accounts import Credentials
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.youtube_channel import Channel, account, channel, spoken, video, youtube_server

__all__ = ["channel", "youtube_server"]

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def post(tmp_path: Path) -> OutgoingPost:
    return spoken(video(tmp_path), tags=("feria",))


def change(channel: Channel, video_id: str, **status: object) -> None:
    now = channel.seen(video_id)["status"]
    channel.ask("PUT", "videos", part="status", body={"id": video_id, "status": now | status})


def test_publish_changes_the_privacy_and_nothing_else(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    video_id = str(stage.token["video"])
    change(channel, video_id, embeddable=False, publicStatsViewable=False, license="creativeCommon")
    change(channel, video_id, containsSyntheticMedia=True)
    before = channel.seen(video_id)
    published = channel.connector().publish(post, stage)
    after = channel.seen(video_id)
    assert published.url == f"https://www.youtube.com/watch?v={video_id}"
    assert channel.body("PUT", "/videos") == {
        "id": video_id,
        "status": {
            "privacyStatus": "public",
            "license": "creativeCommon",
            "embeddable": False,
            "publicStatsViewable": False,
            "selfDeclaredMadeForKids": False,
            "containsSyntheticMedia": True,
        },
    }
    assert after["status"] == before["status"] | {"privacyStatus": "public"}
    assert {k: v for k, v in after["snippet"].items() if k != "publishedAt"} == {
        k: v for k, v in before["snippet"].items() if k != "publishedAt"
    }


def test_publish_again_writes_nothing(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    channel.connector().publish(post, stage)
    channel.sent.clear()
    channel.connector().publish(post, stage)
    assert channel.calls() == ["GET /videos"]


def test_publish_takes_the_hour_of_somebody_else_away(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    change(channel, str(stage.token["video"]), publishAt="2099-01-01T00:00:00Z")
    channel.connector().publish(post, stage)
    assert channel.seen(str(stage.token["video"]))["status"]["privacyStatus"] == "public"


def test_publish_a_video_that_says_something_else_writes_nothing(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    video_id = str(stage.token["video"])
    snippet = channel.seen(video_id)["snippet"] | {"title": "Otra cosa"}
    channel.ask("PUT", "videos", part="snippet", body={"id": video_id, "snippet": snippet})
    with pytest.raises(Unavailable, match="title"):
        channel.connector().publish(post, stage)
    assert channel.writes() == []


def test_publish_without_a_ready_stage_of_this_post_is_our_bug(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    for other, given in ((replace(post, text="Otra"), stage), (post, replace(stage, ready=False))):
        with pytest.raises(Unsupported):
            channel.connector().publish(other, given)


def test_publish_a_video_that_vanished_is_unknown(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    channel.ask("DELETE", "videos", id=stage.token["video"])
    with pytest.raises(OutcomeUnknown):
        channel.connector().publish(post, stage)
    with pytest.raises(OutcomeUnknown):
        channel.connector().find(post, stage, NOW)


def test_find_unlisted_is_a_person_s_matter(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    change(channel, str(stage.token["video"]), privacyStatus="unlisted")
    with pytest.raises(OutcomeUnknown, match="neither"):
        channel.connector().find(post, stage, NOW)


def test_find_without_a_video_looks_among_the_public_uploads(channel: Channel, post: OutgoingPost) -> None:
    since = datetime.now(UTC)
    nothing = Stage(token={}, ready=True)
    with pytest.raises(OutcomeUnknown):
        channel.connector().find(post, nothing, since)
    published = channel.published(post)
    found = channel.connector().find(post, nothing, since)
    assert found is not None
    assert found.remote_id == published.remote_id
    with pytest.raises(OutcomeUnknown):
        channel.connector().find(replace(post, title="Otra"), nothing, since)
    with pytest.raises(OutcomeUnknown):
        channel.connector().find(post, nothing, since + timedelta(days=1))


def test_take_down_keeps_the_video_and_all_its_settings(channel: Channel, post: OutgoingPost) -> None:
    published = channel.published(post)
    change(channel, published.remote_id, license="creativeCommon", containsSyntheticMedia=True)
    before = channel.seen(published.remote_id)["status"]
    channel.connector().take_down(published.remote_id)
    assert channel.seen(published.remote_id)["status"] == before | {"privacyStatus": "private"}
    assert not channel.writes()[-1].visible
    channel.ask("DELETE", "videos", id=published.remote_id)
    with pytest.raises(Gone):
        channel.connector().take_down(published.remote_id)


def test_identify_names_channel_and_address(channel: Channel) -> None:
    identity = channel.connector().identify()
    assert (identity.name, identity.missing, identity.expires_at) == ("INPE Perú", (), None)
    assert identity.address == "https://www.youtube.com/@inpeperu"


def test_identify_lists_a_missing_permission(channel: Channel) -> None:
    world = channel.world
    connector = channel.connector(
        access_token=world.upload_only_access_token, refresh_token=world.upload_only_refresh_token
    )
    assert connector.identify().missing == ("youtube.force-ssl",)
    # the scopes that `refresh` kept need no second question
    stored = channel.connector(scope="https://www.googleapis.com/auth/youtube")
    assert stored.identify().missing == ("youtube.force-ssl",)


def test_identify_an_account_without_a_channel_keeps_its_token(channel: Channel) -> None:
    connector = channel.connector(
        access_token=channel.world.no_channel_access_token, refresh_token=channel.world.no_channel_refresh_token
    )
    with pytest.raises(Rejected) as caught:
        connector.identify()
    assert caught.value.code == "youtubeSignupRequired"


def test_identify_without_an_access_token_fetches_one(channel: Channel) -> None:
    assert channel.connector(access_token="").identify().remote_id == channel.world.channel_id


def test_refresh_gives_a_token_that_works_with_its_end_and_its_scopes(channel: Channel) -> None:
    renewed = channel.connector(access_token="").refresh()
    assert renewed is not None
    assert renewed.expires_at is not None
    assert timedelta(minutes=55) < renewed.expires_at - datetime.now(UTC) <= timedelta(hours=1)
    assert renewed.get("refresh_token") == channel.world.refresh_token
    assert "youtube.force-ssl" in renewed.get("scope")
    connector = YouTubeConnector(
        account(channel.world.channel_id), renewed, Door(routes=channel.server.routes, closed=True)
    )
    assert connector.identify().missing == ()
    assert connector.refresh() is None


def test_refresh_is_due_before_the_end(channel: Channel) -> None:
    for left, is_due in ((timedelta(minutes=9), True), (timedelta(minutes=11), False)):
        credentials = Credentials(channel.credentials, expires_at=datetime.now(UTC) + left)
        door = Door(routes=channel.server.routes, closed=True)
        connector = YouTubeConnector(account(channel.world.channel_id), credentials, door)
        assert (connector.refresh() is not None) == is_due


def test_refresh_with_a_dead_token_is_not_authorized(channel: Channel) -> None:
    with pytest.raises(NotAuthorized) as caught:
        channel.connector(refresh_token=channel.world.dead_refresh_token).refresh()
    assert caught.value.code == "invalid_grant"
    assert channel.world.dead_refresh_token not in str(caught.value) + caught.value.detail


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("drop_before", {}),
        ("drop_after", {}),
        ("status_before", {"status": 503}),
        ("status_before", {"status": 503, "html": True}),
        ("html", {}),
        ("truncated", {"how": "body"}),
        ("truncated", {"how": "length"}),
    ],
)
def test_refresh_trouble_at_the_token_host_tells_nothing_of_the_token(
    channel: Channel, kind: str, settings: dict[str, Any]
) -> None:
    channel.fault(kind, "token", **settings)
    with pytest.raises(Unavailable) as caught:
        channel.connector().refresh()
    told = str(caught.value) + caught.value.detail
    assert "ya29" not in told
    assert channel.connector().refresh() is not None


def test_wrong_client_is_not_authorized(channel: Channel) -> None:
    with pytest.raises(NotAuthorized):
        channel.connector(client_secret="GOCSPX-" + "x" * 28).refresh()


def test_access_token_that_no_header_takes_is_misconfigured(channel: Channel) -> None:
    with pytest.raises(Misconfigured):
        channel.connector(access_token="ya29\r\nX-Other: 1")


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("https://www.googleapis.com/upload/s?upload_id=A", "https://www.googleapis.com/upload/s?upload_id=A"),
        ("/upload/s?upload_id=A", "https://youtube.googleapis.com/upload/s?upload_id=A"),
        ("http://127.0.0.1:9/yt/upload/s?upload_id=A", "https://youtube.googleapis.com/upload/s?upload_id=A"),
        ("http://127.0.0.1:9/www/upload/s?upload_id=A", "https://www.googleapis.com/upload/s?upload_id=A"),
        ("http://127.0.0.1:9/else?upload_id=A", "http://127.0.0.1:9/else?upload_id=A"),
    ],
)
def test_session_address_is_the_platform_s_own(location: str, address: str) -> None:
    api = Api(Door(routes=ROUTES), Credentials({"access_token": "ya29.x"}))
    assert api.session_url(location) == address
    api.upload_http(address)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/upload",
        "http://youtube.googleapis.com/upload",
        "https://googleapis.com.evil.example/upload",
        "http://127.0.0.1:10/upload",
    ],
)
def test_session_at_a_foreign_address_gets_no_token(location: str) -> None:
    api = Api(Door(routes=ROUTES), Credentials({"access_token": "ya29.x"}))
    with pytest.raises(Unavailable, match="foreign"):
        api.upload_http(api.session_url(location))


ROUTES = {
    "https://youtube.googleapis.com": "http://127.0.0.1:9/yt",
    "https://www.googleapis.com": "http://127.0.0.1:9/www",
    "https://graph.facebook.com": "http://127.0.0.1:10",
}


def test_progress_shows_no_session_in_its_repr(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.step(post)
    progress = Progress.of(post, stage)
    assert progress.session is not None
    for shown in (repr(progress), repr(progress.session), repr(stage)):
        assert "upload_id" not in shown


def test_description_is_counted_in_bytes() -> None:
    capabilities = YouTubeConnector.capabilities
    assert capabilities.measure("ñandú") == 7
    assert "bytes" in capabilities.text_unit
    assert capabilities.media_required
