"""Insights (sheet section 4): one bad metric fails all; `paging` is always there; values grow with age."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sandbox import seeded
from sandbox.facebook import params
from sandbox.facebook.errors import GraphError, bad_parameter
from sandbox.facebook.pages import Pages, Visit, written
from sandbox.facebook.state import Post

PACIFIC = ZoneInfo("America/Los_Angeles")
LONGEST_SPAN = timedelta(days=90)
_PERIODS = ("day", "week", "days_28")
_SPANS = {"day": 1, "week": 7, "days_28": 28}
_REACTIONS = ("like", "love", "wow", "haha", "sorry", "anger")
_BREAKDOWNS = ("is_from_ads", "is_from_followers")

_PAGE_METRICS: dict[str, tuple[int, tuple[str, ...]]] = {
    "page_media_view": (5200, _PERIODS),
    "page_total_media_view_unique": (2600, _PERIODS),
    "page_post_engagements": (310, _PERIODS),
    "page_total_actions": (14, _PERIODS),
    "page_views_total": (190, _PERIODS),
    "page_follows": (0, ("day",)),
    "page_daily_follows": (22, ("day",)),
    "page_daily_follows_unique": (21, _PERIODS),
    "page_daily_unfollows_unique": (4, _PERIODS),
    "page_actions_post_reactions_total": (0, ("day",)),
    "page_video_views": (740, _PERIODS),
    "page_video_view_time": (9_000_000, ("day",)),
    **{f"page_actions_post_reactions_{kind}_total": (90 // (n + 1), _PERIODS) for n, kind in enumerate(_REACTIONS)},
}
"""Name: usual value of a day, and the periods it can be asked for (sheet 4.2)."""

_POST_METRICS: dict[str, Callable[[Pages, Post, datetime], Any]] = {
    "post_media_view": lambda pages, post, now: int(pages.state.reach(post, now) * 1.37),
    "post_total_media_view_unique": lambda pages, post, now: int(pages.state.reach(post, now)),
    "post_clicks": lambda pages, post, now: sum(_clicks(pages, post, now).values()),
    "post_reactions_by_type_total": lambda pages, post, now: pages.state.reactions(post, now),
    "post_video_views": lambda pages, post, now: int(pages.state.reach(post, now) * 0.31),
    "post_video_avg_time_watched": lambda pages, post, now: 7300 if pages.state.reach(post, now) > 3 else 0,
    "post_video_view_time": lambda pages, post, now: int(pages.state.reach(post, now) * 0.31) * 7300,
}
_VIDEO_ONLY = ("post_video_views", "post_video_avg_time_watched", "post_video_view_time")


def _reaction(kind: str) -> Callable[[Pages, Post, datetime], Any]:
    return lambda pages, post, now: pages.state.reactions(post, now).get(kind, 0)


def _clicks(pages: Pages, post: Post, now: datetime) -> dict[str, int]:
    reach = pages.state.reach(post, now)
    kinds = {"photo view": 0.03, "link clicks": 0.012, "other clicks": 0.02}
    counts = {kind: int(reach * share) for kind, share in kinds.items()}
    return {kind: count for kind, count in counts.items() if count}


_POST_METRICS["post_clicks_by_type"] = _clicks
_POST_METRICS.update({f"post_reactions_{kind}_total": _reaction(kind) for kind in _REACTIONS})


def followers(now: datetime) -> int:
    """Return the Page's followers: grows by some twenty a day."""
    days = (now - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() / 86_400
    return 48_200 + int(max(0.0, days) * 18)


def _asked(given: dict[str, Any], known: object) -> list[str]:
    raw = given.get("metric")
    names = [str(name) for name in raw] if isinstance(raw, list) else str(raw or "").split(",")
    names = [name.strip() for name in names if name.strip()]
    if not names:
        raise GraphError(3001, "(#3001) No se indicó ninguna métrica", subcode=1504028)
    if any(name not in known for name in names):  # type: ignore[operator]  # dicts of two value types
        raise bad_parameter("The value must be a valid insights metric")
    return names


def of_post(pages: Pages, visit: Visit, post: Post, given: dict[str, Any]) -> dict[str, Any]:
    """Answer `GET /{post-id}/insights`: lifetime values, video metrics only for videos."""
    pages.require_page(visit, post.page_id)
    names = _asked(given, _POST_METRICS)
    period = params.text(given, "period") or "lifetime"
    if period != "lifetime":
        raise bad_parameter("period debe ser lifetime para estas métricas")
    breakdown = _breakdown(given, names, {"post_media_view"})
    rows = []
    for name in names:
        if not post.published or (name in _VIDEO_ONLY and post.video is None):
            continue
        value = _POST_METRICS[name](pages, post, visit.now)
        values = [{"value": value}]
        if breakdown:
            values = [{"value": 0, breakdown: "1"}, {"value": value, breakdown: "0"}]
        rows.append(_row(post.id, name, "lifetime", values))
    return {"data": rows, "paging": _turns(visit, visit.now - timedelta(days=1), visit.now)}


def of_page(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    """Answer `GET /{page-id}/insights`: one value a day, days ending at Pacific midnight."""
    pages.require_page(visit, page_id)
    given = visit.params
    names = _asked(given, _PAGE_METRICS)
    period = params.text(given, "period") or "day"
    if any(period not in _PAGE_METRICS[name][1] for name in names):
        raise bad_parameter(f"period={period} no es válido para estas métricas")
    breakdown = _breakdown(given, names, {"page_media_view"})
    until = params.instant(given, "until") or visit.now
    since = params.instant(given, "since") or until - timedelta(days=2)
    if since > until or until - since > LONGEST_SPAN:
        raise bad_parameter("El rango entre since y until no puede pasar de 90 días")
    rows = []
    for name in names:
        values: list[dict[str, Any]] = []
        for end in _day_ends(since, min(until, visit.now)):
            value = _page_value(pages, page_id, name, period, end)
            entry = {"value": value, "end_time": written(end)}
            values += [entry | {breakdown: "0"}, entry | {"value": 0, breakdown: "1"}] if breakdown else [entry]
        rows.append(_row(page_id, name, period, values))
    return {"data": rows, "paging": _turns(visit, since, until)}


def _breakdown(given: dict[str, Any], names: list[str], allowed: set[str]) -> str:
    breakdown = params.text(given, "breakdown")
    if breakdown and (breakdown not in _BREAKDOWNS or not set(names) <= allowed):
        raise bad_parameter(f"breakdown={breakdown} no es válido para estas métricas")
    return breakdown


def _day_ends(since: datetime, until: datetime) -> list[datetime]:
    day = since.astimezone(PACIFIC).date() + timedelta(days=1)
    ends = []
    while (end := datetime(day.year, day.month, day.day, tzinfo=PACIFIC).astimezone(UTC)) <= until:
        ends.append(end)
        day += timedelta(days=1)
    return ends


def _page_value(pages: Pages, page_id: str, name: str, period: str, end: datetime) -> Any:
    if name == "page_follows":
        return followers(end)
    if name == "page_actions_post_reactions_total":
        return {
            kind: _page_value(pages, page_id, f"page_actions_post_reactions_{kind}_total", period, end)
            for kind in _REACTIONS
        }
    usual = _PAGE_METRICS[name][0]
    return sum(
        int(usual * (0.5 + seeded.fraction(pages.ground.seed, page_id, name, (end - timedelta(days=back)).date())))
        for back in range(_SPANS[period])
    )


def _row(object_id: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": name.replace("_", " ").capitalize(),
        "description": "",
        "id": f"{object_id}/insights/{name}/{period}",
    }


def _turns(visit: Visit, since: datetime, until: datetime) -> dict[str, str]:
    span = max(until - since, timedelta(days=1))
    kept = {
        name: value for name, value in visit.params.items() if name not in {"since", "until"} and isinstance(value, str)
    }
    kept["access_token"] = visit.token.text

    def address(start: datetime, end: datetime) -> str:
        query = urlencode(kept | {"since": str(int(start.timestamp())), "until": str(int(end.timestamp()))})
        return f"https://graph.facebook.com{visit.call.path}?{query}"

    return {"previous": address(since - span, since), "next": address(until, until + span)}
