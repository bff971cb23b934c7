"""Figures: what the platform gives, by its own names; one that fails costs only itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Gone
from connectors.youtube_metrics import CHANNEL_COUNTS, VIDEO_COUNTS, VIDEO_METRICS
from core.feedback import Snapshot
from tests.connectors.youtube_channel import Channel, channel, spoken, video, youtube_server

__all__ = ["channel", "youtube_server"]


@pytest.fixture
def video_id(channel: Channel, tmp_path: Path) -> str:
    published = channel.published(spoken(video(tmp_path)))
    channel.sandbox.grow(comments=2, platform="youtube", remote_id=published.remote_id)
    return published.remote_id


def test_metrics_hold_the_counts_of_now(channel: Channel, video_id: str) -> None:
    snapshot = channel.connector().metrics(video_id)
    assert set(VIDEO_COUNTS) <= set(snapshot.values)
    assert snapshot.values["commentCount"] == 2
    assert set(snapshot.values) | set(snapshot.missing) == {*VIDEO_COUNTS, *VIDEO_METRICS}


def test_metrics_ask_analytics_once_for_all(channel: Channel, video_id: str) -> None:
    channel.sent.clear()
    channel.connector().metrics(video_id)
    assert channel.calls() == ["GET /videos", "GET /v2/reports"]
    assert channel.query("/v2/reports")["filters"] == f"video=={video_id}"


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("drop_before", {}), ("html", {}), ("truncated", {"how": "body"}), ("status_before", {"status": 503})],
)
def test_metrics_without_analytics_keep_the_counts(
    channel: Channel, video_id: str, kind: str, settings: dict[str, Any]
) -> None:
    channel.fault(kind, "analytics", times=None, **settings)
    assert_counts_alone(channel.connector().metrics(video_id))


def test_metrics_without_the_scope_keep_the_counts(channel: Channel, video_id: str) -> None:
    connector = channel.connector()
    channel.fault("status_before", "analytics", times=None, status=403)
    assert_counts_alone(connector.metrics(video_id))


def test_metrics_one_refused_name_costs_only_itself(
    channel: Channel, video_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.youtube_metrics.VIDEO_METRICS", (*VIDEO_METRICS, "retiredMetric"))
    channel.sandbox.advance(timedelta(days=5))
    token = channel.connector(access_token="").refresh()
    assert token is not None
    snapshot = channel.connector(access_token=token.get("access_token")).metrics(video_id)
    assert "retiredMetric" in snapshot.missing
    assert set(VIDEO_COUNTS) <= set(snapshot.values)


def test_metrics_of_no_video_are_gone(channel: Channel) -> None:
    with pytest.raises(Gone):
        channel.connector().metrics("A" * 11)


def test_account_metrics_hold_the_channel_s_counts(channel: Channel, video_id: str) -> None:
    snapshot = channel.connector().account_metrics()
    assert set(CHANNEL_COUNTS) <= set(snapshot.values)
    assert channel.query("/v2/reports")["dimensions"] == "day"


def assert_counts_alone(snapshot: Snapshot) -> None:
    assert set(snapshot.values) == set(VIDEO_COUNTS)
    assert set(snapshot.missing) == set(VIDEO_METRICS)
