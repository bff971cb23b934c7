"""The YouTube connector against documented and constructed exchanges: strict about every request."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import youtube_upload
from connectors.errors import (
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
)
from connectors.http import Door
from connectors.youtube import YouTubeConnector
from connectors.youtube_errors import PACIFIC, until_midnight
from connectors.youtube_stage import Progress
from core.accounts import Credentials
from core.deliveries import Stage
from core.media import MediaKind
from core.posts import OutgoingPost
from tests.connectors.replay import replay
from tests.connectors.youtube_channel import PIECE, account, outgoing, stored

VIDEO = "dQw4-abc_12"
UPLOAD_ID = "ABPtcPo" + "u" * 60
VALUES = {
    "CLIENT_ID": "400500600700-x.apps.googleusercontent.com",
    "CLIENT_SECRET": "GOCSPX-" + "s" * 28,
    "REFRESH_TOKEN": "1//0h" + "r" * 60,
    "ACCESS_TOKEN": "ya29.a0" + "t" * 60,
}
NEW = {"NEW_TOKEN": "ya29.a0" + "n" * 60, "NEW_REFRESH": "1//0n" + "n" * 60}
SESSION = f"https://youtube.googleapis.com/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status&upload_id={UPLOAD_ID}"
SIZE = 400_000


def connector(**more: str) -> YouTubeConnector:
    values = {name.lower(): value for name, value in VALUES.items()} | more
    return YouTubeConnector(account("UC111"), Credentials(values), Door())


@contextmanager
def played(name: str) -> Iterator[None]:
    today = datetime.now(UTC).astimezone(PACIFIC).date()
    chunks = {"CHUNK_ONE": "x" * PIECE, "CHUNK_TWO": "y" * (SIZE - PIECE)}
    days = {"TODAY": today.isoformat(), "WEEK_AGO": (today - timedelta(days=7)).isoformat()}
    with replay("youtube", name, UPLOAD_ID=UPLOAD_ID, **VALUES, **NEW, **chunks, **days):
        yield


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutgoingPost:
    monkeypatch.setattr(youtube_upload, "CHUNK", PIECE)
    path = tmp_path / "clip.mp4"
    path.write_text("x" * PIECE + "y" * (SIZE - PIECE))
    media = (outgoing(path, MediaKind.VIDEO, "video/mp4"),)
    return OutgoingPost(
        key="entrega-1", title="Feria de Piura", text="Ñandúes & artesanía", tags=("feria",), media=media
    )


def begun(post: OutgoingPost, sent: int = 0) -> Stage:
    session = {"url": SESSION, "started": "2026-11-24T15:00:00+00:00", "size": SIZE, "sent": sent}
    return Stage(Progress.of(post, None).stage().token | {"session": session}, ready=False)


def ready(post: OutgoingPost) -> Stage:
    return Stage(Progress.of(post, None).stage().token | {"video": VIDEO}, ready=True)


def failure(error: ConnectorError) -> ConnectorError:
    told = f"{error!r}{error}{error.detail}"
    assert not any(secret in told for secret in (*VALUES.values(), *NEW.values(), UPLOAD_ID))
    return error


def test_identify() -> None:
    with played("identify"):
        identity = connector().identify()
    assert (identity.remote_id, identity.name, identity.missing) == ("UC111", "INPE", ())
    assert identity.address == "https://www.youtube.com/@inpeperu"


def test_identify_names_the_missing_scope() -> None:
    with played("identify__missing_scope"):
        assert connector().identify().missing == ("youtube.force-ssl",)


@pytest.mark.parametrize(
    ("situation", "kind"),
    [("no_channel", NotAuthorized), ("signup_required", NotAuthorized), ("invalid_token", TokenRefused)],
)
def test_identify_fails(situation: str, kind: type[ConnectorError]) -> None:
    with played(f"identify__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().identify()
    assert type(failure(caught.value)) is kind


def test_stage_from_the_first_call_to_ready(post: OutgoingPost) -> None:
    stage, waits = None, []
    with played("stage"):
        while stage is None or not stage.ready:
            stage = connector().stage(post, stored(stage))
            waits.append(stage.again_in)
    assert stage.token["video"] == VIDEO
    assert waits == [timedelta(0)] * 3 + [timedelta(seconds=45), timedelta(0)]


def test_stage_lost_last_answer_is_given_by_the_probe(post: OutgoingPost) -> None:
    with played("stage__lost_last_answer"):
        with pytest.raises(Unavailable) as caught:
            connector().stage(post, begun(post, PIECE))
        assert connector().stage(post, begun(post, PIECE)).token["video"] == VIDEO
    failure(caught.value)


def test_stage_interrupted_goes_on_where_the_platform_is(post: OutgoingPost) -> None:
    with played("stage__interrupted"):
        with pytest.raises(Unavailable):
            connector().stage(post, begun(post))
        assert connector().stage(post, begun(post)).token["video"] == VIDEO


def test_stage_session_lost_looks_in_the_uploads_first(post: OutgoingPost) -> None:
    with played("stage__session_lost_video_there"):
        assert connector().stage(post, begun(post, PIECE)).token["video"] == VIDEO


def test_stage_session_lost_takes_no_other_file(post: OutgoingPost) -> None:
    with played("stage__session_lost_other_file"):
        stage = connector().stage(post, begun(post, PIECE))
    assert (stage.token["video"], stage.token["looks"]) == ("", 1)
    assert stage.again_in > timedelta(0)


@pytest.mark.parametrize(
    ("situation", "kind"),
    [
        ("no_location", Unavailable),
        ("uploads_of_the_day_used_up", RateLimited),
        ("upload_limit_exceeded", RateLimited),
        ("invalid_title", Rejected),
        ("html_body", Unavailable),
    ],
)
def test_stage_start_fails(post: OutgoingPost, situation: str, kind: type[ConnectorError]) -> None:
    with played(f"stage__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().stage(post)
    error = failure(caught.value)
    assert type(error) is kind
    if isinstance(error, RateLimited):
        daily = abs((error.retry_after or timedelta(0)) - until_midnight(datetime.now(UTC))) < timedelta(seconds=5)
        assert daily == (situation == "uploads_of_the_day_used_up")


def test_stage_lost_start_begins_another_session(post: OutgoingPost) -> None:
    with played("stage__lost_answer"):
        with pytest.raises(Unavailable):
            connector().stage(post)
        session = connector().stage(post).token["session"]
    assert isinstance(session, dict)
    assert (session["url"], session["started"]) == (SESSION, "2026-11-24T15:00:00+00:00")


def test_publish(post: OutgoingPost) -> None:
    with played("publish"):
        published = connector().publish(post, ready(post))
    assert (published.remote_id, published.url) == (VIDEO, f"https://www.youtube.com/watch?v={VIDEO}")


def test_publish_again(post: OutgoingPost) -> None:
    with played("publish__again"):
        assert connector().publish(post, ready(post)).remote_id == VIDEO


@pytest.mark.parametrize(
    ("situation", "kind"),
    [
        ("lost_answer", OutcomeUnknown),
        ("reset", OutcomeUnknown),
        ("refused", Unavailable),
        ("html_body", OutcomeUnknown),
        ("empty_body", OutcomeUnknown),
        ("truncated", OutcomeUnknown),
        ("broken_json", OutcomeUnknown),
        ("kept_private", Rejected),
        ("token_expired", TokenRefused),
        ("permission_missing", NotAuthorized),
        ("quota_exceeded", RateLimited),
        ("throttled", RateLimited),
        ("forbidden_privacy", Rejected),
        ("gone", OutcomeUnknown),
        ("vanished", OutcomeUnknown),
        ("changed", Unavailable),
        ("service_unavailable", OutcomeUnknown),
    ],
)
def test_publish_fails(post: OutgoingPost, situation: str, kind: type[ConnectorError]) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(post, ready(post))
    error = failure(caught.value)
    assert type(error) is kind
    if situation == "throttled":
        assert isinstance(error, RateLimited)
        assert error.retry_after == timedelta(minutes=7)


def test_find(post: OutgoingPost) -> None:
    since = datetime.now(UTC)
    with played("find__published"):
        found = connector().find(post, ready(post), since)
    assert found is not None
    assert found.remote_id == VIDEO
    with played("find__not_published"):
        assert connector().find(post, ready(post), since) is None


@pytest.mark.parametrize(
    ("situation", "kind"),
    [("gone", OutcomeUnknown), ("unlisted", OutcomeUnknown), ("withdrawn", OutcomeUnknown), ("no_answer", Unavailable)],
)
def test_find_cannot_tell(post: OutgoingPost, situation: str, kind: type[ConnectorError]) -> None:
    with played(f"find__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().find(post, ready(post), datetime.now(UTC))
    assert type(failure(caught.value)) is kind


def test_take_down() -> None:
    with played("take_down"):
        connector().take_down(VIDEO)
    with played("take_down__again"):
        connector().take_down(VIDEO)


@pytest.mark.parametrize(
    ("situation", "kind"),
    [("gone", Gone), ("gone_meanwhile", Gone), ("lost_answer", Unavailable), ("not_confirmed", Unavailable)],
)
def test_take_down_fails(situation: str, kind: type[ConnectorError]) -> None:
    with played(f"take_down__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().take_down(VIDEO)
    assert type(failure(caught.value)) is kind


def test_refresh() -> None:
    with played("refresh"):
        renewed = connector().refresh()
    assert renewed is not None
    assert renewed.values == {name.lower(): value for name, value in VALUES.items()} | {
        "access_token": NEW["NEW_TOKEN"],
        "scope": "https://www.googleapis.com/auth/youtube.force-ssl "
        "https://www.googleapis.com/auth/yt-analytics.readonly",
    }
    assert renewed.expires_at is not None
    assert renewed.expires_at.utcoffset() == timedelta(0)


def test_refresh_keeps_a_replaced_refresh_token() -> None:
    with played("refresh__replaced"):
        renewed = connector().refresh()
    assert renewed is not None
    assert renewed.get("refresh_token") == NEW["NEW_REFRESH"]


@pytest.mark.parametrize(
    ("situation", "kind"),
    [
        ("dead", NotAuthorized),
        ("wrong_client", NotAuthorized),
        ("unavailable", Unavailable),
        ("lost_answer", Unavailable),
    ],
)
def test_refresh_fails(situation: str, kind: type[ConnectorError]) -> None:
    with played(f"refresh__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().refresh()
    assert type(failure(caught.value)) is kind


def test_session_that_was_stored_is_readable_json(post: OutgoingPost) -> None:
    assert json.loads(json.dumps(begun(post).token)) == Progress.of(post, begun(post)).stage().token
