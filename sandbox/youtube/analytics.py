"""Analytics reports (sheet section 4.2): Pacific days, the last ones absent, impossible questions refused."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sandbox.youtube.channels import Channels, Visit
from sandbox.youtube.errors import ApiError, bad_request, forbidden, missing_parameter, not_imitated
from sandbox.youtube.quota import PACIFIC
from sandbox.youtube.state import Video

LAG = timedelta(days=2)
"""The last two or three days are absent (sheet 4.2 [doc])."""
MOST_VIDEOS = 200
"""Rows with the dimension video (sheet 4.2 [memory])."""
_INTEGERS = (
    *("views", "engagedViews", "estimatedMinutesWatched", "averageViewDuration", "likes", "dislikes", "comments"),
    *("shares", "subscribersGained", "subscribersLost", "videosAddedToPlaylists"),
)
_FLOATS = ("averageViewPercentage",)
_MONEY = ("estimatedRevenue", "estimatedAdRevenue", "grossRevenue", "cpm")
_SHARES: dict[str, dict[str, float]] = {
    "country": {"PE": 0.86, "US": 0.05, "ES": 0.03, "CL": 0.03, "AR": 0.03},
    "insightTrafficSourceType": {"YT_SEARCH": 0.3, "EXT_URL": 0.35, "RELATED_VIDEO": 0.2, "YT_CHANNEL": 0.15},
    "deviceType": {"MOBILE": 0.71, "DESKTOP": 0.22, "TV": 0.05, "TABLET": 0.02},
    "subscribedStatus": {"UNSUBSCRIBED": 0.64, "SUBSCRIBED": 0.36},
}
_PEOPLE: dict[str, dict[str, float]] = {
    "ageGroup": {
        "age18-24": 14.0,
        "age25-34": 31.5,
        "age35-44": 27.5,
        "age45-54": 17.0,
        "age55-64": 7.0,
        "age65-": 3.0,
    },
    "gender": {"female": 54.5, "male": 45.5},
}
_NOT_MADE = ("operatingSystem", "creatorContentType", "liveOrOnDemand", "sharingService", "elapsedVideoTimeRatio")
_FILTERS = {"video", "country"}


@dataclass(frozen=True, slots=True)
class Question:
    """A report as it was asked for, checked. `until` is exclusive, midnight Pacific."""

    since: date
    last: date
    metrics: list[str]
    dimensions: list[str]
    videos: list[str] | None
    country: str | None


def report(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer reports.query."""
    channel_id = visit.own_channel()
    question = _read(visit, channel_id)
    dimension_type = {"columnType": "DIMENSION", "dataType": "STRING"}
    headers = [{"name": name, **dimension_type} for name in question.dimensions]
    for name in question.metrics:
        kind = "FLOAT" if name in (*_FLOATS, "viewerPercentage") else "INTEGER"
        headers.append({"name": name, "columnType": "METRIC", "dataType": kind})
    rows = _sorted(_rows(channels, channel_id, question, visit.now), question, visit.params.get("sort"))
    start = visit.params.get("startIndex", 1) - 1
    most = visit.params.get("maxResults")
    return {
        "kind": "youtubeAnalytics#resultTable",
        "columnHeaders": headers,
        "rows": rows[start:] if most is None else rows[start : start + most],
    }


def _unsupported() -> ApiError:
    return bad_request("The query is not supported. Check the documentation for supported queries.")


def _read(visit: Visit, channel_id: str) -> Question:
    given = visit.params
    for name in ("ids", "startDate", "endDate", "metrics"):
        if name not in given:
            raise missing_parameter(name)
    if given.get("startIndex") == 0 or given.get("maxResults") == 0:
        raise bad_request("Values must be at least 1.")
    whose = re.fullmatch(r"(\w+)==([\w+-]+)", given["ids"])
    if whose is None or whose[1] not in {"channel", "contentOwner"}:
        raise bad_request("The value of ids is invalid.", location="ids")
    if whose[1] == "contentOwner" or whose[2] not in {"MINE", channel_id}:
        raise forbidden("Forbidden")
    since, last = (_day(given[name], name) for name in ("startDate", "endDate"))
    if last < since:
        raise bad_request("The end date is before the start date.", location="endDate")
    metrics = given["metrics"].split(",")
    dimensions = given["dimensions"].split(",") if given.get("dimensions") else []
    _check_names(metrics, dimensions)
    videos, country = _filters(given.get("filters", ""))
    if "video" in dimensions and ("sort" not in given or given.get("maxResults", MOST_VIDEOS + 1) > MOST_VIDEOS):
        # Top videos: sort and maxResults are required, the latter at most 200 [memory].
        raise _unsupported()
    return Question(since, last, metrics, dimensions, videos, country)


def _day(text: str, name: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise bad_request(
        f"Invalid value '{text}'. Values must match the following regular expression: "
        "'[0-9]{4}-[0-9]{2}-[0-9]{2}'",
        location=name,
    )


def _check_names(metrics: list[str], dimensions: list[str]) -> None:
    if any(name in _MONEY for name in metrics):
        raise forbidden("Forbidden")  # no scope for money, and no monetised channel
    for name in dimensions:
        if name in _NOT_MADE:
            raise not_imitated(f"dimensions={name}")
    people = bool(dimensions) and set(dimensions) <= set(_PEOPLE)
    plain = set(metrics) <= {*_INTEGERS, *_FLOATS}
    single = dimensions in ([], ["day"], ["month"], ["video"], *([name] for name in _SHARES))
    if len(set(metrics)) != len(metrics) or len(set(dimensions)) != len(dimensions):
        raise _unsupported()
    if not (people and metrics == ["viewerPercentage"]) and not (single and plain):
        raise _unsupported()


def _filters(text: str) -> tuple[list[str] | None, str | None]:
    found: dict[str, str] = {}
    for one in text.split(";") if text else ():
        name, equal, value = one.partition("==")
        if not equal or not value or name not in _FILTERS or name in found:
            raise _unsupported()
        found[name] = value
    videos = found["video"].split(",") if "video" in found else None
    return videos, found.get("country")


def _rows(channels: Channels, channel_id: str, question: Question, now: datetime) -> list[list[Any]]:
    known = min(question.last, (now - LAG).astimezone(PACIFIC).date() - timedelta(days=1))
    days = [question.since + timedelta(days=n) for n in range((known - question.since).days + 1)]
    videos = [
        video
        for video in channels.state.videos_of(channel_id)
        if question.videos is None or video.id in question.videos
    ]
    older = question.videos is None and not channels.channels[channel_id].fresh
    counts = _Counts(channels, videos, older=older, country=question.country)
    if set(question.dimensions) & set(_PEOPLE):
        return _people(question) if counts.total(days)["views"] else []
    groups: list[tuple[list[Any], dict[str, float]]]
    if question.dimensions == ["day"]:
        groups = [([day.isoformat()], counts.total([day])) for day in days]
    elif question.dimensions == ["month"]:
        months = sorted({day.strftime("%Y-%m") for day in days})
        groups = [([m], counts.total([day for day in days if day.strftime("%Y-%m") == m])) for m in months]
    elif question.dimensions == ["video"]:
        groups = [
            ([video.id], _Counts(channels, [video], older=False, country=question.country).total(days))
            for video in videos
        ]
    elif question.dimensions:
        shares = _SHARES[question.dimensions[0]]
        whole = counts.total(days)
        groups = [([name], {key: value * share for key, value in whole.items()}) for name, share in shares.items()]
    else:
        groups = [([], counts.total(days))]
    return [[*names, *(_value(one, sums) for one in question.metrics)] for names, sums in groups if sums["views"] >= 1]


def _people(question: Question) -> list[list[Any]]:
    rows: list[list[Any]] = [[100.0]]
    for name in reversed(question.dimensions):
        rows = [
            [kind, *row[:-1], round(row[-1] * share / 100, 1)] for kind, share in _PEOPLE[name].items() for row in rows
        ]
    return rows


def _value(name: str, sums: dict[str, float]) -> int | float:
    if name == "averageViewDuration":
        return int(sums["estimatedMinutesWatched"] * 60 / sums["views"])
    if name == "averageViewPercentage":
        return round(35 + 20 * sums["likes"] / sums["views"], 2)
    return int(sums[name])


def _sorted(rows: list[list[Any]], question: Question, sort: str | None) -> list[list[Any]]:
    names = [*question.dimensions, *question.metrics]
    for one in reversed(sort.split(",") if sort else []):
        name = one.removeprefix("-")
        if name not in names:
            raise _unsupported()
        place = names.index(name)
        rows.sort(key=lambda row: row[place], reverse=one.startswith("-"))
    return rows


@dataclass(slots=True)
class _Counts:
    """What happened to some videos; `older`: and to those the channel had before the sandbox began."""

    channels: Channels
    videos: list[Video]
    older: bool
    country: str | None

    def total(self, days: list[date]) -> dict[str, float]:
        views = sum(self._views(day) for day in days)
        if self.country is not None:
            views *= _SHARES["country"].get(self.country, 0.0)
        rates = {
            "engagedViews": 0.71,
            "estimatedMinutesWatched": 1.35,
            "likes": 0.04,
            "dislikes": 0.001,
            "comments": 0.004,
            "shares": 0.012,
            "subscribersGained": 0.006,
            "subscribersLost": 0.001,
            "videosAddedToPlaylists": 0.003,
        }
        return {"views": views, **{name: views * rate for name, rate in rates.items()}}

    def _views(self, day: date) -> float:
        state = self.channels.state
        start, end = _midnight(day), _midnight(day + timedelta(days=1))
        views = float(sum(state.views(video, end) - state.views(video, start) for video in self.videos))
        if self.older:
            views += int(380 + 240 * state.share("older videos", day.isoformat()))
        return views


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PACIFIC).astimezone(UTC)
