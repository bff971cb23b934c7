"""The YouTube connector's own behaviour, against the sandbox over real HTTP; every request is checked by discovery."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import responses

from connectors.errors import (
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    TokenRefused,
    Unavailable,
    Unsupported,
)
from connectors.http import Door
from connectors.youtube import YouTubeConnector
from connectors.youtube_api import Api
from connectors.youtube_stage import Progress
from connectors.youtube_token import TOKEN_URL, Grant, consent_end, fetch_grant
from core.accounts import Credentials
from core.deliveries import Stage
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.posts import Content, OutgoingPost
from policy.content import check_content
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
    with pytest.raises(NotAuthorized) as caught:
        connector.identify()
    assert caught.value.code == "youtubeSignupRequired"
    assert "no tiene un canal de YouTube" in caught.value.sentence
    assert not isinstance(caught.value, TokenRefused)  # a new token would not help


def test_identify_tells_when_a_consent_of_an_app_in_testing_ends(channel: Channel) -> None:
    connector = channel.connector(access_token="", refresh_token=channel.world.testing_refresh_token)
    ends_at = connector.identify().connect_again_before
    assert ends_at is not None
    assert timedelta(days=6, hours=23) < ends_at - datetime.now(UTC) <= timedelta(days=7)
    # it stays known without another question, also where a later renewal does not tell it
    kept = connector.refresh()
    assert kept is not None
    told = Grant("ya29.x", datetime.now(UTC), kept.get("scope")).added_to(kept)
    again = channel.connector(**told.values | {"access_token": channel.world.access_token}).identify()
    assert again.connect_again_before is not None
    assert abs(again.connect_again_before - ends_at) < timedelta(seconds=5)
    # the end was the replaced token's
    replaced = Grant("ya29.x", datetime.now(UTC), kept.get("scope"), "1//other").added_to(kept)
    assert consent_end(replaced) is None


@pytest.mark.parametrize("told", [None, "soon", [], True, 1e300, 10**30, "-5"])
def test_an_end_of_the_consent_that_makes_no_sense_costs_nothing(channel: Channel, told: object) -> None:
    answer = {"access_token": "ya29.x", "expires_in": 3599, "scope": "a", "refresh_token_expires_in": told}
    with responses.RequestsMock() as mock:
        mock.add("POST", TOKEN_URL, json=answer)
        grant = fetch_grant(Door(), Credentials(channel.credentials))
    assert grant.consent_ends_at is None or grant.consent_ends_at < datetime.now(UTC)


def test_identify_tells_what_does_not_work_without_the_analytics_scope(channel: Channel) -> None:
    force_ssl = "https://www.googleapis.com/auth/youtube.force-ssl"
    without = channel.connector(scope=force_ssl).identify()
    assert without.missing == ()
    assert [("Analytics" in what, "yt-analytics.readonly" in what) for what in without.lacking] == [(True, True)]
    whole = channel.connector(scope=f"{force_ssl} https://www.googleapis.com/auth/yt-analytics.readonly")
    assert whole.identify().lacking == ()


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


def test_refresh_renews_whenever_it_is_asked(channel: Channel) -> None:
    """Whether it is time is the caller's to know: a token may be refused long before its end."""
    for left in (timedelta(minutes=-5), timedelta(minutes=11), timedelta(days=1)):
        credentials = Credentials(channel.credentials, expires_at=datetime.now(UTC) + left)
        door = Door(routes=channel.server.routes, closed=True)
        renewed = YouTubeConnector(account(channel.world.channel_id), credentials, door).refresh()
        assert renewed is not None
        assert renewed.get("access_token") != credentials.get("access_token")


def test_a_token_that_is_refused_is_told_apart_from_a_right_that_lacks(channel: Channel) -> None:
    with pytest.raises(TokenRefused):
        channel.connector(access_token=channel.world.expired_access_token).identify()
    narrow = channel.connector(
        access_token=channel.world.upload_only_access_token, refresh_token=channel.world.upload_only_refresh_token
    )
    with pytest.raises(NotAuthorized) as caught:
        narrow.hide("Ugx" + "a" * 20, hidden=True)
    assert not isinstance(caught.value, TokenRefused)
    assert "deje marcados todos los permisos" in caught.value.sentence


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
    ],
)
@pytest.mark.parametrize("closed", [True, False])
def test_session_address_is_the_platform_s_own(location: str, address: str, closed: bool) -> None:
    api = Api(Door(routes=ROUTES, closed=closed), Credentials({"access_token": "ya29.x"}))
    assert api.session_url(location) == address
    api.upload_http(address)


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


def test_policy_refuses_what_the_platform_would_before_anybody_approves_it() -> None:
    film = Attachment(Medium("0" * 64, MediaKind.VIDEO, "video/mp4", 4))
    words = Attachment(Medium("1" * 64, MediaKind.CAPTIONS, "text/vtt", 4), role=AttachmentRole.CAPTIONS, language="es")
    fine = Content("Hola", title="Hola", attachments=(film, words), tags=("t" * 251, "u u" + "u" * 243))
    assert check_content(fine, YouTubeConnector.capabilities) == []
    # two words go in quotes, and a comma stands between: 251 + 1 + 246 + 2
    longer = replace(fine, tags=("t" * 251, "u u" + "u" * 244))
    assert [r.code for r in check_content(longer, YouTubeConnector.capabilities)] == ["tags_too_long"]
    twice = replace(fine, attachments=(film, words, replace(words, language="ES")))
    assert [r.code for r in check_content(twice, YouTubeConnector.capabilities)] == ["captions_language_twice"]
