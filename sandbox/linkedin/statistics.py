"""Statistics (sheet section 4): what nobody saw is left out, totals of followers are elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.exchange import Answer
from sandbox.linkedin import figures, urns
from sandbox.linkedin.errors import LinkedInError, bad_value, not_found
from sandbox.linkedin.network import Network, Visit, milliseconds
from sandbox.linkedin.restli import bad_parameter
from sandbox.linkedin.tokens import ADMINISTER, COUNT_FOLLOWERS, READ

LONGEST_PAST = timedelta(days=366)
"""Series reach back twelve months."""
VIEWS_LAG = timedelta(hours=48)
_STEPS = {"DAY": timedelta(days=1), "WEEK": timedelta(days=7), "MONTH": timedelta(days=30)}
_FACETS = ("Geo", "Function", "Industry", "Seniority", "StaffCountRange")
_VIDEO_TYPES = {"VIDEO_VIEW": 0.33, "VIEWER": 0.24, "TIME_WATCHED": 2600.0, "TIME_WATCHED_FOR_VIDEO_VIEWS": 2100.0}


def _organization(network: Network, visit: Visit, name: str) -> str:
    if visit.ask.text("q") != name:
        raise bad_parameter("q")
    urn = str(urns.parse(visit.ask.text(name), kinds=("organization",), field=name))
    network.require(visit, urn, ADMINISTER)
    return urn


def _list(elements: list[dict[str, Any]]) -> Answer:
    return Answer.json({"elements": elements, "paging": {"start": 0, "count": 10, "links": []}})


def shares(network: Network, visit: Visit) -> Answer:
    """Answer `organizationalEntityShareStatistics`: the page's total, its series, or totals of posts."""
    visit.ask.only("q", "organizationalEntity", "shares", "ugcPosts", "timeIntervals", "start", "count")
    urn = _organization(network, visit, "organizationalEntity")
    state, ask = network.state, visit.ask
    if "shares" not in ask.params and "ugcPosts" not in ask.params:
        if "timeIntervals" not in ask.params:
            total = figures.of_page(state, urn, visit.now)
            return _list([{"organizationalEntity": urn, "totalShareStatistics": total.to_json()}])
        return _list([_interval(network, urn, *span) for span in _intervals(visit)])
    if "timeIntervals" in ask.params:
        raise bad_value("ILLEGAL_ARGUMENT", "There are no time intervals for single posts")
    elements = []
    for parameter, kind in (("shares", "share"), ("ugcPosts", "ugcPost")):
        for text in ask.words(parameter):
            post = state.posts.get(str(urns.parse(text, kinds=(kind,), field=parameter)))
            if post is None or post.author != urn:
                continue
            counted = figures.of_post(state, post, visit.now)
            if counted.any():
                row = {"organizationalEntity": urn, kind: post.urn, "totalShareStatistics": counted.to_json()}
                elements.append(row)
    return _list(elements)


def _interval(network: Network, urn: str, start: datetime, end: datetime) -> dict[str, Any]:
    gained = figures.of_page(network.state, urn, end).plus(figures.of_page(network.state, urn, start), times=-1)
    return {"organizationalEntity": urn, "timeRange": _range(start, end), "totalShareStatistics": gained.to_json()}


def _range(start: datetime, end: datetime) -> dict[str, int]:
    return {"start": milliseconds(start), "end": milliseconds(end)}


def _intervals(visit: Visit) -> list[tuple[datetime, datetime]]:
    """Return the intervals of `timeIntervals=(timeRange:(start:ms,end:ms),timeGranularityType:DAY)`."""
    given = visit.ask.params["timeIntervals"]
    span = given.get("timeRange") if isinstance(given, dict) else None
    if not isinstance(given, dict) or given.keys() != {"timeRange", "timeGranularityType"}:
        raise bad_parameter("timeIntervals")
    step = _STEPS.get(str(given["timeGranularityType"]))
    if step is None or not isinstance(span, dict) or span.keys() != {"start", "end"}:
        raise bad_parameter("timeIntervals")
    start, end = _instant(span["start"]), min(_instant(span["end"]), visit.now)
    if start >= end or visit.now - start > LONGEST_PAST:
        raise bad_parameter("timeIntervals")
    found = []
    while start < end:
        found.append((start, min(start + step, end)))
        start += step
    return found


def _instant(text: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise bad_parameter("timeIntervals") from error


def followers(network: Network, visit: Visit) -> Answer:
    """Answer `organizationalEntityFollowerStatistics`: facets, or gains of intervals; never a total."""
    visit.ask.only("q", "organizationalEntity", "timeIntervals", "start", "count")
    urn = _organization(network, visit, "organizationalEntity")
    if "timeIntervals" not in visit.ask.params:
        many = figures.followers(visit.now)
        facets = {
            f"followerCountsBy{facet}": [
                {"followerCounts": {"organicFollowerCount": many // 2, "paidFollowerCount": 0}}
            ]
            for facet in _FACETS
        }
        return _list([{"organizationalEntity": urn} | facets])
    rows = []
    for start, end in _intervals(visit):
        gained = figures.followers(end) - figures.followers(start)
        gains = {"organicFollowerGain": gained, "paidFollowerGain": 0}
        rows.append({"organizationalEntity": urn, "timeRange": _range(start, end), "followerGains": gains})
    return _list(rows)


def size(network: Network, visit: Visit) -> Answer:
    """Answer `networkSizes/{urn}`: the total of followers."""
    visit.ask.only("edgeType")
    urn = str(urns.parse(visit.ask.path[1], kinds=("organization",), field="id"))
    if visit.ask.text("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
        raise bad_parameter("edgeType")
    network.require(visit, urn, COUNT_FOLLOWERS)
    return Answer.json({"firstDegreeSize": figures.followers(visit.now)})


def views(network: Network, visit: Visit) -> Answer:
    """Answer `organizationPageStatistics`: two days late."""
    visit.ask.only("q", "organization", "start", "count")
    urn = _organization(network, visit, "organization")
    many = figures.page_views(visit.now - VIEWS_LAG)
    kinds = {"allPageViews": many, "overviewPageViews": many * 2 // 3, "aboutPageViews": many // 5}
    counted = {kind: {"pageViews": value} for kind, value in kinds.items()}
    return _list([{"organization": urn, "totalPageStatistics": {"views": counted}}])


def video(network: Network, visit: Visit) -> Answer:
    """Answer `videoAnalytics` of a post with a video."""
    visit.ask.only("q", "entity", "type", "aggregation")
    kind, aggregation = visit.ask.text("type"), visit.ask.text("aggregation", "ALL")
    if visit.ask.text("q") != "entity" or kind not in _VIDEO_TYPES or aggregation not in {"ALL", "DAY", "WEEK"}:
        raise bad_parameter("type")
    urn = str(urns.parse(visit.ask.text("entity"), kinds=("ugcPost",), field="entity"))
    post = network.state.posts.get(urn)
    if post is None or post.published_at is None:
        visit.require_scope(READ)
        raise not_found(urn)
    network.require(visit, post.author, READ)
    if not post.assets or post.assets[0].kind != "video":
        raise LinkedInError(400, f"{urn} has no video", code="INVALID_VIDEO_ID")

    def value(at: datetime) -> int:
        return int(figures.of_post(network.state, post, at).readers * _VIDEO_TYPES[kind])

    return _list(_video_rows(post.published_at, visit.now, aggregation, value))


def _video_rows(
    start: datetime, now: datetime, aggregation: str, value: Callable[[datetime], int]
) -> list[dict[str, Any]]:
    if aggregation == "ALL":
        return [{"value": value(now), "timeRange": _range(start, now)}]
    rows = []
    while start < now:
        end = min(start + _STEPS[aggregation], now)
        rows.append({"value": value(end) - value(start), "timeRange": _range(start, end)})
        start = end
    return rows
