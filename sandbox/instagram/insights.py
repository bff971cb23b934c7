"""Insights of a medium (sheet section 4.1): what each product has, three ways of refusing, nothing for a while."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.facebook import params
from sandbox.facebook.errors import GraphError, bad_parameter, not_found
from sandbox.instagram import access, orders
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.state import AccountState, Media

FEED, REELS, STORY = "FEED", "REELS", "STORY"
NOTHING_YET = timedelta(minutes=5)
"""Data may lag up to 48 h and is then missing, not 0 (sheet 4.1 [doc]); the imitation lags this long."""
FEWEST_VIEWERS = 5
ACCEPTED = (
    *("comments", "crossposted_views", "facebook_views", "follows", "ig_reels_avg_watch_time"),
    *("ig_reels_video_view_total_time", "impressions", "likes", "link_clicks", "navigation", "profile_activity"),
    *("profile_visits", "reach", "reels_skip_rate", "replies", "reposts", "saved", "shares", "total_comments"),
    *("total_interactions", "total_likes", "total_views", "views"),
)
"""The SDK's enumeration (sheet 4.1 [lib])."""
_NOT_SERVED = frozenset({"impressions"})
"""Retired for all versions on 2025-04-21, still in the enumeration."""
_NOT_BY_LOGIN = frozenset({"facebook_views", "total_likes", "total_comments", "total_views", "link_clicks", "reposts"})
_ONLY_IF_SHARED = frozenset({"crossposted_views", "facebook_views"})
"""Refused for media that are not shared to Facebook, which none here is."""

Value = Callable[[AccountState, Media, datetime], int]


@dataclass(frozen=True, slots=True)
class _Metric:
    products: tuple[str, ...]
    value: Value
    breakdown: str = ""
    dimension: str = ""


def _share(what: str, usual: float) -> Value:
    return lambda state, media, now: state.share(media, what, usual, now)


def _said(state: AccountState, media: Media, _now: datetime) -> int:
    return sum(not comment.hidden for comment in state.comments_of(media.id))


def _views(state: AccountState, media: Media, now: datetime) -> int:
    return int(state.reach(media, now) * 1.4)


_LIKES, _SAVED, _SHARES = _share("likes", 0.052), _share("saved", 0.009), _share("shares", 0.007)


def _interactions(state: AccountState, media: Media, now: datetime) -> int:
    return sum(count(state, media, now) for count in (_LIKES, _said, _SAVED, _SHARES))


_ALL, _POSTS = (FEED, REELS, STORY), (FEED, REELS)
_METRICS: dict[str, _Metric] = {
    "views": _Metric(_ALL, _views),
    "reach": _Metric(_ALL, lambda state, media, now: int(state.reach(media, now))),
    "likes": _Metric(_POSTS, _LIKES),
    "comments": _Metric(_POSTS, _said),
    "saved": _Metric(_POSTS, _SAVED),
    "shares": _Metric(_ALL, _SHARES),
    "total_interactions": _Metric(_ALL, _interactions),
    "reposts": _Metric(_ALL, _share("reposts", 0.002)),
    "follows": _Metric((FEED, STORY), _share("follows", 0.003)),
    "profile_visits": _Metric((FEED, STORY), _share("visits", 0.02)),
    "profile_activity": _Metric((FEED, STORY), _share("activity", 0.004), "action_type", "email"),
    "ig_reels_avg_watch_time": _Metric((REELS,), lambda state, media, now: 8200 if state.reach(media, now) > 3 else 0),
    "ig_reels_video_view_total_time": _Metric((REELS,), lambda state, media, now: _views(state, media, now) * 8200),
    "reels_skip_rate": _Metric((REELS,), lambda _state, _media, _now: 37),
    "crossposted_views": _Metric((REELS,), _views),
    "facebook_views": _Metric(_ALL, _views),
    "total_likes": _Metric(_POSTS, _LIKES),
    "total_comments": _Metric(_POSTS, _said),
    "total_views": _Metric(_ALL, _views),
    "navigation": _Metric((STORY,), _share("navigation", 0.8), "story_navigation_action_type", "tap_forward"),
    "replies": _Metric((STORY,), _share("replies", 0.004)),
    "link_clicks": _Metric((STORY,), _share("clicks", 0.01)),
}


def asked(given: dict[str, Any], accepted: tuple[str, ...]) -> list[str]:
    """Return the metrics asked for. Raises GraphError when there is none, or one that is no metric at all."""
    raw = given.get("metric")
    names = [str(name) for name in raw] if isinstance(raw, list) else str(raw or "").split(",")
    names = [name.strip() for name in names if name.strip()]
    if not names:
        raise GraphError(3001, "(#3001) No se indicó ninguna métrica", subcode=1504028)
    for number, name in enumerate(names):
        if name not in accepted:
            raise bad_parameter(f"metric[{number}] must be one of the following values: {', '.join(accepted)}")
    return names


def unknown_error() -> GraphError:
    """Return what a breakdown brings on a metric that has it not."""
    return GraphError(1, "An unknown error has occurred.", status=500)


def of_media(accounts: Accounts, visit: Visit, media: Media) -> dict[str, Any]:
    """Answer `GET /{media}/insights`: lifetime values; one metric that is not served fails all."""
    accounts.require_sight(visit, media.id, media.account_id)
    visit.caller.require(access.BASIC, access.INSIGHTS)
    given = visit.params
    orders.only(given, "metric", "period", "breakdown")
    if media.parent_id is not None or not media.is_live(visit.now):
        raise not_found(media.id, "GET")  # no insights of children, of stories only while they live
    names = asked(given, ACCEPTED)
    for name in names:
        _check(name, media, by_login=visit.caller.by_login)
    if (params.text(given, "period") or "lifetime") != "lifetime":
        raise bad_parameter("period debe ser lifetime para estas métricas")
    breakdown = params.text(given, "breakdown")
    if breakdown and any(_METRICS[name].breakdown != breakdown for name in names):
        raise unknown_error()
    if media.product == STORY and accounts.state.reach(media, visit.now) < FEWEST_VIEWERS:
        raise GraphError(10, "(#10) Not enough viewers for the media to show insights")
    if media.product != STORY and visit.now - media.created_at < NOTHING_YET:
        return {"data": []}
    return {"data": [_row(accounts, visit, media, name, breakdown) for name in names]}


def _check(name: str, media: Media, *, by_login: bool) -> None:
    """Refuse a metric in one of three ways. The sheet tells the cases, not the words: these are made up."""
    if name in _NOT_SERVED:
        raise bad_parameter(f"The {name} metric is no longer supported by the media insights endpoint")
    if by_login and name in _NOT_BY_LOGIN:
        raise bad_parameter(f"The {name} metric is not available on this endpoint with Instagram Login")
    if media.product not in _METRICS[name].products:
        raise bad_parameter(f"The Media Insights API does not support the {name} metric for this media product type")
    if name in _ONLY_IF_SHARED:
        raise bad_parameter(f"The {name} metric needs media that is shared to Facebook")


def _row(accounts: Accounts, visit: Visit, media: Media, name: str, breakdown: str) -> dict[str, Any]:
    metric = _METRICS[name]
    value = metric.value(accounts.state, media, visit.now)
    row: dict[str, Any] = {
        "name": name,
        "period": "lifetime",
        "values": [{"value": value}],
        "title": name.replace("_", " ").capitalize(),
        "description": "",
        "id": f"{media.id}/insights/{name}/lifetime",
    }
    if breakdown:
        results = [{"dimension_values": [metric.dimension], "value": value}] if value else []
        row["total_value"] = {"value": value, "breakdowns": [{"dimension_keys": [breakdown], "results": results}]}
    return row
