"""Figures of a video and of the channel: the Data API's counts, and Analytics where the connection has its scope.

Nothing of Analytics may cost the counts: what it refuses or does not answer is listed as missing. Source: sheet of
2026-11-23, section 4. `views` and `viewCount` differ: see docs/platforms/youtube.md.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError, Gone, Rejected
from connectors.youtube_api import Answer, Api, inside, instant_at, number_at
from connectors.youtube_errors import PACIFIC
from core.feedback import Snapshot
from core.platforms import Platform

VIDEO_COUNTS = ("viewCount", "likeCount", "commentCount")
CHANNEL_COUNTS = ("viewCount", "subscriberCount", "videoCount")
VIDEO_METRICS = (
    "views",
    "engagedViews",
    "estimatedMinutesWatched",
    "averageViewDuration",
    "averageViewPercentage",
    "likes",
    "dislikes",
    "comments",
    "shares",
    "subscribersGained",
    "subscribersLost",
    "videosAddedToPlaylists",
)
CHANNEL_METRICS = VIDEO_METRICS
DAYS_BACK = 7  # the last two or three days are absent or change later (sheet 4.2 [doc])


def video_snapshot(api: Api, video_id: str) -> Snapshot:
    """Return the counts of now, and Analytics' sums since the video was uploaded. Gone where there is no such video."""
    found = api.items(api.data.videos().list(part="snippet,statistics", id=video_id))
    if not found:
        raise Gone("the video is not there any more", platform=Platform.YOUTUBE)
    uploaded_at = instant_at(found[0], "snippet", "publishedAt")
    today = datetime.now(UTC).astimezone(PACIFIC).date()
    since = uploaded_at.astimezone(PACIFIC).date() if uploaded_at else today - timedelta(days=DAYS_BACK)
    figures = _report(api, VIDEO_METRICS, since=min(since, today), until=today, filters=f"video=={video_id}")
    return _snapshot(_counts(found[0], VIDEO_COUNTS) | figures, VIDEO_COUNTS + VIDEO_METRICS)


def channel_snapshot(api: Api) -> Snapshot:
    """Return the channel's counts of now, and the last day that Analytics has of the past week (Pacific days)."""
    found = api.items(api.data.channels().list(part="statistics", mine=True))
    if not found:
        raise Gone("there is no channel any more", platform=Platform.YOUTUBE)
    counts = _counts(found[0], CHANNEL_COUNTS)
    if inside(found[0], "statistics", "hiddenSubscriberCount") is True:
        counts.pop("subscriberCount", None)
    today = datetime.now(UTC).astimezone(PACIFIC).date()
    since = today - timedelta(days=DAYS_BACK)
    figures = _report(api, CHANNEL_METRICS, since=since, until=today, dimensions="day", sort="day")
    return _snapshot(counts | figures, CHANNEL_COUNTS + CHANNEL_METRICS)


def _report(api: Api, metrics: tuple[str, ...], *, since: date, until: date, **more: str) -> dict[str, float]:
    """Ask for all; where the combination is refused, for each alone. What is refused alone is simply not there."""
    request = api.analytics.reports().query(
        ids="channel==MINE",
        startDate=since.isoformat(),
        endDate=until.isoformat(),
        metrics=",".join(metrics),
        **more,
    )
    try:
        return _last_row(api.call(request), metrics)
    except Rejected as error:
        if len(metrics) == 1 or error.status != 400:
            return {}
    except ConnectorError:
        return {}
    figures: dict[str, float] = {}
    for metric in metrics:
        figures |= _report(api, (metric,), since=since, until=until, **more)
    return figures


def _last_row(answer: Answer, metrics: tuple[str, ...]) -> dict[str, float]:
    """Read by the headers, not by position; rows may be missing (sheet 4.2 [doc])."""
    headers, rows = answer.get("columnHeaders"), answer.get("rows")
    names = [inside(header, "name") for header in headers] if isinstance(headers, list) else []
    listed = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    if not listed:
        return {}
    if "day" in names:
        listed.sort(key=lambda row: str(dict(zip(names, row, strict=False)).get("day")))
    values: dict[Any, Any] = dict(zip(names, listed[-1], strict=False))
    return _numbers(values, metrics)


def _counts(item: Answer, names: tuple[str, ...]) -> dict[str, float]:
    return _numbers(inside(item, "statistics"), names)


def _numbers(values: object, names: tuple[str, ...]) -> dict[str, float]:
    found = {name: number_at(values, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _snapshot(values: dict[str, float], wanted: tuple[str, ...]) -> Snapshot:
    missing = tuple(name for name in wanted if name not in values)
    return Snapshot(taken_at=datetime.now(UTC), values=values, missing=missing)
