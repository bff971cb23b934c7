"""Preparing a video unseen: words, thumbnail, captions, playlist, processing; mended where it was changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from connectors.errors import NotAuthorized, RateLimited, Rejected, Unavailable, Unsupported
from connectors.http import Door
from connectors.youtube import YouTubeConnector
from connectors.youtube_post import Wanted, status_for, tags_length
from connectors.youtube_stage import ANEW_LIMIT, LOOKS, MEND_LIMIT, Progress
from core.accounts import Credentials
from core.deliveries import Stage
from core.media import AttachmentRole, MediaKind, OutgoingMedium
from core.posts import OutgoingPost
from tests.connectors.youtube_channel import Channel, account, channel, outgoing, spoken, stored, video, youtube_server

__all__ = ["channel", "youtube_server"]

SRT = "1\n00:00:00,000 --> 00:00:02,000\nBuenos días, señora.\n"


@pytest.fixture
def post(tmp_path: Path) -> OutgoingPost:
    return spoken(video(tmp_path))


def captions(folder: Path, language: str) -> OutgoingMedium:
    path = folder / f"{language}.srt"
    path.write_text(SRT, encoding="utf-8")
    medium = outgoing(path, MediaKind.CAPTIONS, "application/x-subrip", AttachmentRole.CAPTIONS)
    return replace(medium, language=language)


def thumbnail(folder: Path) -> OutgoingMedium:
    path = folder / "still.png"
    Image.new("RGB", (1280, 720), "teal").save(path)
    return outgoing(path, MediaKind.IMAGE, "image/png", AttachmentRole.THUMBNAIL)


def uploaded(channel: Channel, post: OutgoingPost) -> Stage:
    """Return the stage at which the video is there and nothing more was done."""
    stage: Stage | None = None
    while stage is None or not stage.token["video"]:
        stage = channel.step(post, stage)
    return stage


def test_stage_gives_the_video_all_that_the_post_says(channel: Channel, tmp_path: Path) -> None:
    post = spoken(
        video(tmp_path),
        tags=("feria", "Piura norte"),
        link="https://www.inpe.example/nota",
        thread=("Segundo párrafo",),
        options=(("youtube.category", "27"), ("youtube.made_for_kids", "yes"), ("youtube.notify_subscribers", "no")),
    )
    stage = channel.staged(post)
    seen = channel.seen(str(stage.token["video"]))
    assert seen["snippet"]["title"] == "Feria de Piura"
    assert seen["snippet"]["description"] == "Ñandúes & artesanía\n\nSegundo párrafo\n\nhttps://www.inpe.example/nota"
    assert sorted(seen["snippet"]["tags"]) == ["Piura norte", "feria"]
    assert (seen["snippet"]["categoryId"], seen["snippet"]["defaultLanguage"]) == ("27", "es")
    assert (seen["status"]["privacyStatus"], seen["status"]["selfDeclaredMadeForKids"]) == ("private", True)
    assert channel.query("/upload/youtube/v3/videos")["notifySubscribers"] == "false"
    assert channel.writes() == []


def test_stage_takes_what_the_office_is_shown_where_nothing_was_chosen(channel: Channel, post: OutgoingPost) -> None:
    seen = channel.seen(str(channel.staged(post).token["video"]))
    assert (seen["snippet"]["categoryId"], seen["status"]["selfDeclaredMadeForKids"]) == ("22", False)
    assert channel.query("/upload/youtube/v3/videos")["notifySubscribers"] == "true"


@pytest.mark.parametrize("category", ["22", "24", "25", "26", "27", "29"])
def test_stage_every_category_that_is_offered_is_taken(channel: Channel, post: OutgoingPost, category: str) -> None:
    assert channel.step(replace(post, options=(("youtube.category", category),))).token["session"]


def test_stage_attaches_thumbnail_captions_and_playlist_one_write_a_call(channel: Channel, tmp_path: Path) -> None:
    playlist = channel.ask(
        "POST", "playlists", part="snippet,status", body={"snippet": {"title": "Ferias"}, "status": {}}
    )["id"]
    post = spoken(
        video(tmp_path),
        thumbnail=thumbnail(tmp_path),
        captions=(captions(tmp_path, "es"), captions(tmp_path, "qu")),
        options=(("youtube.playlist", playlist),),
    )
    stages = channel.stages(post)
    done = [(s.token["thumbnail"], s.token["captions"], s.token["playlist"], s.ready) for s in stages[-5:]]
    assert done == [
        (True, 0, False, False),
        (True, 1, False, False),
        (True, 2, False, False),
        (True, 2, True, False),
        (True, 2, True, True),
    ]
    video_id = stages[-1].token["video"]
    tracks = channel.ask("GET", "captions", part="snippet", videoId=video_id)["items"]
    assert sorted(track["snippet"]["language"] for track in tracks) == ["es", "qu"]
    listed = channel.ask("GET", "playlistItems", part="contentDetails", playlistId=playlist)["items"]
    assert [item["contentDetails"]["videoId"] for item in listed] == [video_id]
    assert channel.writes() == []


@pytest.mark.parametrize("lost", ["thumbnail", "captions", "playlist_item"])
def test_stage_lost_answer_attaches_nothing_twice(channel: Channel, tmp_path: Path, lost: str) -> None:
    playlist = channel.ask(
        "POST", "playlists", part="snippet,status", body={"snippet": {"title": "Ferias"}, "status": {}}
    )["id"]
    post = spoken(
        video(tmp_path),
        thumbnail=thumbnail(tmp_path),
        captions=(captions(tmp_path, "es"),),
        options=(("youtube.playlist", playlist),),
    )
    path = {"thumbnail": "thumbnails/set", "captions": "v3/captions", "playlist_item": "v3/playlistItems"}[lost]
    rule = {"match": {"platform": "youtube", "method": "POST", "path": path}, "fault": {"kind": "drop_after"}}
    channel.plant([rule | {"times": 1}])
    stage, failures = None, 0
    while stage is None or not stage.ready:
        try:
            stage = channel.step(post, stage)
        except Unavailable:
            failures += 1
    assert failures == 1
    video_id = stage.token["video"]
    assert len(channel.ask("GET", "captions", part="snippet", videoId=video_id)["items"]) == 1
    assert len(channel.ask("GET", "playlistItems", part="contentDetails", playlistId=playlist)["items"]) == 1


def test_stage_thumbnail_of_an_unverified_channel_is_rejected(channel: Channel, tmp_path: Path) -> None:
    post = spoken(video(tmp_path), thumbnail=thumbnail(tmp_path))
    connector = channel.connector(access_token=channel.world.other_access_token)
    with pytest.raises(Rejected) as caught:
        staged_by(connector, post)
    assert caught.value.code == "forbidden"


def staged_by(connector: YouTubeConnector, post: OutgoingPost) -> Stage:
    stage: Stage | None = None
    while stage is None or not stage.ready:
        stage = connector.stage(post, stored(stage))
    return stage


def test_stage_unknown_playlist_is_rejected(channel: Channel, post: OutgoingPost) -> None:
    with pytest.raises(Rejected, match="playlist"):
        channel.staged(replace(post, options=(("youtube.playlist", "PLnobody"),)))


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "ñ" * 101},
        {"title": "3 < 5"},
        {"text": "5 > 3"},
        {"text": "ñ" * 2501},
        {"tags": ("t" * 251, "u" * 249)},
    ],
)
def test_stage_refuses_what_the_platform_would_before_it_costs_an_upload(
    channel: Channel, post: OutgoingPost, change: dict[str, Any]
) -> None:
    with pytest.raises(Rejected):
        channel.step(replace(post, **change))
    assert channel.sent == []


def test_stage_limits_are_exact(channel: Channel, post: OutgoingPost) -> None:
    longest = replace(post, title="ñ" * 100, text="ñ" * 2500, tags=("t" * 251, "u" * 248))
    assert channel.step(longest).token["session"]


@pytest.mark.parametrize(
    ("tags", "length"), [((), 0), (("uno",), 3), (("uno", "dos"), 7), (("en Lima",), 9), (("en Lima", "b"), 11)]
)
def test_tags_are_counted_as_the_platform_does(tags: tuple[str, ...], length: int) -> None:
    assert tags_length(tags) == length


def test_stage_two_captions_of_a_language_are_refused_at_once(channel: Channel, tmp_path: Path) -> None:
    post = spoken(video(tmp_path), captions=(captions(tmp_path, "es"), replace(captions(tmp_path, "x"), language="ES")))
    with pytest.raises(Rejected, match="same language"):
        channel.step(post)
    assert channel.sent == []


def test_stage_without_exactly_one_video_is_our_bug(channel: Channel, post: OutgoingPost) -> None:
    for media in ((), post.media * 2):
        with pytest.raises(Unsupported):
            channel.step(replace(post, media=media))


def test_stage_waits_while_the_video_is_processed(channel: Channel, post: OutgoingPost) -> None:
    channel.plant([{"match": {"platform": "youtube"}, "fault": {"kind": "processing", "polls": 3}}])
    waits = [stage.again_in for stage in channel.stages(post)]
    assert sum(wait > timedelta(0) for wait in waits) >= 3
    assert max(waits) <= timedelta(minutes=2)


@pytest.mark.parametrize(
    ("head", "code"), [("sandbox-failed-codec", "codec"), ("sandbox-rejected-copyright", "copyright")]
)
def test_stage_video_that_the_platform_does_not_take_is_rejected(
    channel: Channel, tmp_path: Path, head: str, code: str
) -> None:
    with pytest.raises(Rejected) as caught:
        channel.staged(spoken(video(tmp_path, head=head.encode() + b"\n")))
    assert caught.value.code == code


def change(channel: Channel, video_id: str, part: str, values: dict[str, object]) -> None:
    """Edit a part of the video as somebody at the platform's own desk would."""
    now = channel.seen(video_id)[part]
    channel.ask("PUT", "videos", part=part, body={"id": video_id, part: now | values})


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("snippet", {"title": "Otra cosa"}),
        ("snippet", {"description": "Otra"}),
        ("snippet", {"tags": ["otra"]}),
        ("snippet", {"categoryId": "24"}),
        ("status", {"selfDeclaredMadeForKids": True}),
        ("status", {"privacyStatus": "unlisted"}),
        ("status", {"publishAt": "2099-01-01T00:00:00Z"}),
    ],
)
def test_stage_mends_what_somebody_changed(
    channel: Channel, post: OutgoingPost, part: str, values: dict[str, object]
) -> None:
    stage = channel.staged(post)
    video_id = str(stage.token["video"])
    change(channel, video_id, part, values)
    again = channel.staged(post, stage)
    seen = channel.seen(video_id)
    assert again.token["mended"] == 1
    assert Wanted.of(post).differences(seen) == ()
    assert seen["status"]["privacyStatus"] == "private"
    assert "publishAt" not in seen["status"]


def test_stage_keeps_what_the_post_does_not_decide_when_it_mends(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    video_id = str(stage.token["video"])
    change(channel, video_id, "snippet", {"title": "Otra", "defaultAudioLanguage": "qu"})
    change(channel, video_id, "status", {"embeddable": False, "license": "creativeCommon"})
    channel.staged(post, stage)
    seen = channel.seen(video_id)
    assert (seen["status"]["embeddable"], seen["status"]["license"]) == (False, "creativeCommon")
    assert seen["snippet"]["defaultAudioLanguage"] == "qu"


def test_stage_gives_up_where_the_platform_keeps_another_text(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    for _edit in range(MEND_LIMIT):
        change(channel, str(stage.token["video"]), "snippet", {"title": "Otra cosa"})
        stage = channel.staged(post, stage)
    change(channel, str(stage.token["video"]), "snippet", {"title": "Otra cosa"})
    with pytest.raises(Rejected, match="title"):
        channel.step(post, stage)


def test_stage_writes_nothing_to_what_somebody_made_public(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    change(channel, str(stage.token["video"]), "status", {"privacyStatus": "public"})
    change(channel, str(stage.token["video"]), "snippet", {"title": "Otra cosa"})
    channel.sent.clear()
    assert channel.staged(post, stage).ready
    assert channel.calls() == ["GET /videos"]


def test_stage_of_a_ready_video_asks_once(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    channel.sent.clear()
    assert channel.step(post, stage).token == stage.token
    assert channel.calls() == ["GET /videos"]


def test_stage_prepares_anew_a_video_that_somebody_deleted(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    gone = str(stage.token["video"])
    channel.ask("DELETE", "videos", id=gone)
    answers = channel.stages(post, stage)
    assert [answer.again_in > timedelta(0) for answer in answers[: LOOKS - 1]] == [True] * (LOOKS - 1)
    assert answers[-1].token["anew"] == 1
    assert channel.uploads() == [answers[-1].token["video"]] != [gone]


def test_stage_stops_preparing_anew(channel: Channel, post: OutgoingPost) -> None:
    token = Progress.of(post, None).stage().token | {"video": "A" * 11, "anew": ANEW_LIMIT, "looks": LOOKS}
    with pytest.raises(Unavailable, match="not there"):
        channel.step(post, Stage(token=token, ready=True))


@pytest.mark.parametrize("status", [404, 410])
def test_stage_session_lost_before_the_end_starts_anew(channel: Channel, post: OutgoingPost, status: int) -> None:
    first = channel.step(post)
    channel.fault("status_before", "upload_probe", status=status, times=LOOKS)
    answers = channel.stages(post, first)
    assert answers[-1].token["anew"] == 1
    assert channel.uploads() == [answers[-1].token["video"]]


def test_stage_session_lost_after_the_last_byte_finds_the_video(channel: Channel, post: OutgoingPost) -> None:
    first = channel.step(post)
    channel.fault("drop_after", "upload_last")
    with pytest.raises(Unavailable):
        channel.step(post, first)
    channel.fault("status_before", "upload_probe", status=404)
    (there,) = channel.uploads()
    stage = channel.staged(post, first)
    assert (stage.token["video"], stage.token["anew"]) == (there, 0)
    assert channel.uploads() == [there]


def test_stage_takes_no_older_video_of_the_same_words_for_its_own(channel: Channel, post: OutgoingPost) -> None:
    other = channel.staged(post).token["video"]
    channel.sandbox.advance(timedelta(seconds=5))
    late = replace(post, key="entrega-2")
    first = channel.step(late)
    session = first.token["session"]
    assert isinstance(session, dict)
    # the platform's clock tells when the session began: what was uploaded before is another delivery's
    session["started"] = "2099-01-01T00:00:00+00:00"
    channel.fault("status_before", "upload_probe", status=404, times=LOOKS)
    stage = channel.staged(late, first)
    assert stage.token["video"] != other


def test_stage_of_another_text_begins_anew(channel: Channel, post: OutgoingPost) -> None:
    stage = channel.staged(post)
    other = channel.step(replace(post, text="Otra cosa"), stage)
    assert (other.token["video"], other.ready) == ("", False)


def test_stage_long_video_needs_a_verified_channel(channel: Channel, tmp_path: Path) -> None:
    post = spoken(video(tmp_path, duration=20 * 60.0))
    assert channel.step(post).token["session"]
    assert "GET /channels" in channel.calls()
    with pytest.raises(Rejected, match="verified"):
        channel.connector(access_token=channel.world.other_access_token).stage(post)


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [(403, timedelta(0), timedelta(hours=25, minutes=1)), (400, timedelta(hours=24), timedelta(hours=24))],
)
def test_stage_empty_bucket_waits(
    channel: Channel, post: OutgoingPost, code: int, least: timedelta, most: timedelta
) -> None:
    channel.plant([{"match": {"platform": "youtube"}, "fault": {"kind": "throttle", "code": code}, "times": 1}])
    with pytest.raises(RateLimited) as caught:
        channel.step(post)
    assert caught.value.retry_after is not None
    assert least <= caught.value.retry_after <= most
    assert channel.step(post).token["session"]


@pytest.mark.parametrize("left", [timedelta(hours=-1), timedelta(seconds=30)])
def test_stage_token_that_ends_in_a_long_upload_is_renewed_for_the_moment(
    channel: Channel, post: OutgoingPost, left: timedelta
) -> None:
    # the caller renews between jobs; one upload may last longer than the hour of an access token
    given = channel.credentials | {"access_token": channel.world.expired_access_token}
    credentials = Credentials(given, expires_at=datetime.now(UTC) + left)
    door = Door(routes=channel.server.routes, closed=True)
    connector = YouTubeConnector(account(channel.world.channel_id), credentials, door)
    assert staged_by(connector, post).ready


def test_stage_without_the_right_to_upload_is_not_authorized(channel: Channel, post: OutgoingPost) -> None:
    with pytest.raises(NotAuthorized):
        channel.connector(access_token=channel.world.expired_access_token).stage(post)


def test_stage_unreadable_file_is_unavailable_and_tells_no_folder(channel: Channel, post: OutgoingPost) -> None:
    post.media[0].path.unlink()
    with pytest.raises(Unavailable) as caught:
        channel.step(post)
    assert str(post.media[0].path) not in str(caught.value) + caught.value.detail


@pytest.mark.parametrize("status", [None, {}, "private", {"embeddable": False}])
def test_what_was_not_read_is_not_written(status: object) -> None:
    """An update erases what it leaves out, so a video whose status was not told stays as it is."""
    with pytest.raises(Unavailable):
        status_for({"status": status}, "public")
    assert status_for({"status": {"privacyStatus": "private", "embeddable": False}}, "public") == {
        "privacyStatus": "public",
        "embeddable": False,
    }
