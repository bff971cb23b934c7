"""GET /2/tweets/analytics and /2/usage/tweets (sheet sections 1.3 and 4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.x import figures, params, post_json
from sandbox.x.errors import address, invalid_about
from sandbox.x.state import Post, instant
from sandbox.x.visit import Visit

_STEPS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}
_OF_PUBLIC = {
    "impressions": "impression_count",
    "likes": "like_count",
    "replies": "reply_count",
    "retweets": "repost_count",
    "quote_tweets": "quote_count",
    "bookmarks": "bookmark_count",
}
_OF_PRIVATE = {
    "engagements": "engagements",
    "url_clicks": "url_link_clicks",
    "user_profile_clicks": "user_profile_clicks",
}
_ZERO = (
    *("app_install_attempts", "app_opens", "detail_expands", "email_tweet", "follows", "hashtag_clicks"),
    *("media_views", "permalink_clicks", "shares", "unfollows", "unlikes"),
)
METRICS = frozenset({*_OF_PUBLIC, *_OF_PRIVATE, *_ZERO})
_FIELDS = METRICS | {"id", "timestamp", "timestamped_metrics"}
LARGEST_ANSWER = 2000
"""Buckets; ours, to keep answers small."""


def of_posts(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/tweets/analytics: own posts only."""
    params.only(visit, ("ids", "start_time", "end_time", "granularity", "analytics.fields"))
    start, end = _needed(visit, "start_time"), _needed(visit, "end_time")
    if start >= end:
        raise params.bad("start_time", visit.call.query["start_time"], "is not before `end_time`")
    granularity = params.choice(visit, "granularity", default="total", words=(*_STEPS, "total"))
    asked = visit.call.query.get("analytics.fields", ",".join(sorted(METRICS))).split(",")
    for name in asked:
        if name not in _FIELDS:
            raise params.bad("analytics.fields", name, f"is not one of [{','.join(sorted(_FIELDS))}]")
    spans = _spans(start, end, _STEPS.get(granularity))
    data, errors = [], []
    for post_id in params.ids(visit):
        post = visit.network.posts.get(post_id)
        if post is None:
            errors.append(post_json.missing(visit, post_id, "ids"))
        elif not visit.is_own(post):
            errors.append(_foreign(visit, post_id))
        else:
            rows = [
                {"timestamp": instant(first), "metrics": _between(visit, post, first, last, asked)}
                for first, last in spans
            ]
            data.append({"id": post_id, "timestamped_metrics": rows})
    return {name: rows for name, rows in (("data", data), ("errors", errors)) if rows}


def usage(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/usage/tweets."""
    params.only(visit, ("days", "usage.fields"))
    days = params.number(visit, "days", default=7, least=1, most=90)
    whole = visit.desk.purse.usage(visit.now, days=days)
    asked = visit.call.query.get("usage.fields")
    if asked is None:
        return {"data": whole}
    for name in asked.split(","):
        if name not in {*whole, "daily_client_app_usage"}:
            raise params.bad("usage.fields", name, f"is not one of [{','.join(sorted(whole))}]")
    return {"data": {name: whole[name] for name in asked.split(",") if name in whole}}


def _needed(visit: Visit, name: str) -> datetime:
    moment = params.instant(visit, name)
    if moment is None:
        raise invalid_about(f"The `{name}` query parameter can not be empty", {name: [""]})
    return moment


def _spans(start: datetime, end: datetime, step: timedelta | None) -> list[tuple[datetime, datetime]]:
    if step is None:
        return [(start, end)]
    if (end - start) / step > LARGEST_ANSWER:
        raise invalid_about("The time range is too long for this granularity", {"start_time": [instant(start)]})
    spans = []
    while start < end:
        spans.append((start, min(end, start + step)))
        start += step
    return spans


def _between(visit: Visit, post: Post, start: datetime, end: datetime, asked: list[str]) -> dict[str, int]:
    before, after = _until(visit, post, start), _until(visit, post, end)
    return {name: max(0, after[name] - before[name]) for name in asked if name in METRICS and name in after}


def _until(visit: Visit, post: Post, moment: datetime) -> dict[str, int]:
    moment = min(moment.astimezone(UTC), visit.now)
    if moment <= post.created_at:
        return dict.fromkeys(METRICS, 0)
    public = figures.of_post(visit.network, post, moment)
    private = figures.private(visit.network, post, "non_public_metrics", moment)
    values = {name: public[key] for name, key in _OF_PUBLIC.items()}
    values |= {name: private.get(key, 0) for name, key in _OF_PRIVATE.items()}
    return values | dict.fromkeys(_ZERO, 0)


def _foreign(visit: Visit, post_id: str) -> dict[str, Any]:
    return {
        "value": post_id,
        "resource_id": post_id,
        "resource_type": visit.spelling.tweet,
        "parameter": "ids",
        "section": "data",
        "title": "Authorization Error",
        "detail": f"Sorry, you are not authorized to see the analytics of the Tweet with ids: [{post_id}].",
        "type": address("not-authorized-for-resource", visit.spelling.host),
    }
