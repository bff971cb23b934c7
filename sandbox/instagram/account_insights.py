"""Insights of an account (sheet section 4.2): silently empty without `metric_type`."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sandbox import seeded
from sandbox.facebook import params
from sandbox.facebook.errors import bad_parameter
from sandbox.facebook.pages import written
from sandbox.instagram import access, orders
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.insights import asked, unknown_error

LONGEST_SPAN = timedelta(days=30)
"""Of one call, in practice (sheet 4.2 [code])."""
HISTORY = timedelta(days=90)
"""About this long (sheet 4.2 [code])."""
FEWEST_FOLLOWERS = 100
_PRODUCTS = "media_product_type"
_TOTALS: dict[str, tuple[int, tuple[str, ...]]] = {
    "reach": (2400, (_PRODUCTS, "follow_type")),
    "views": (4100, ("follower_type", _PRODUCTS)),
    "accounts_engaged": (210, ()),
    "total_interactions": (330, (_PRODUCTS,)),
    "likes": (240, (_PRODUCTS,)),
    "comments": (28, (_PRODUCTS,)),
    "shares": (31, (_PRODUCTS,)),
    "saves": (37, (_PRODUCTS,)),
    "replies": (4, ()),
    "reposts": (6, ()),
    "follows_and_unfollows": (41, ("follow_type",)),
    "profile_links_taps": (19, ("contact_button_type",)),
}
"""Name: usual value of a day, and its breakdowns."""
_PEOPLE = ("follower_demographics", "engaged_audience_demographics")
_PEOPLE_BY = {
    "age": {"18-24": 0.17, "25-34": 0.36, "35-44": 0.27, "45-54": 0.2},
    "city": {"Lima, Lima": 0.6, "Arequipa, Arequipa": 0.4},
    "country": {"PE": 0.97, "CL": 0.03},
    "gender": {"F": 0.54, "M": 0.46},
}
_EMPTY = ("profile_views", "follower_count", "online_followers")
"""Gone from the table, still answered: empty for the first (sheet 4.3 [code]), "for some" the others, not for us."""
_ACCEPTED = (*_TOTALS, *_PEOPLE, *_EMPTY)
_VALUES = {
    _PRODUCTS: ("POST", "REEL"),
    "follow_type": ("FOLLOWER", "NON_FOLLOWER"),
    "follower_type": ("FOLLOWER", "NON_FOLLOWER"),
    "contact_button_type": ("CALL", "EMAIL"),
}


def of_account(accounts: Accounts, visit: Visit, account_id: str) -> dict[str, Any]:
    """Answer `GET /{ig}/insights`."""
    accounts.require_sight(visit, account_id, account_id)
    visit.caller.require(access.BASIC, access.INSIGHTS)
    given = visit.params
    orders.only(given, "metric", "period", "metric_type", "since", "until", "breakdown", "timeframe")
    names = asked(given, _ACCEPTED)
    since, until = _span(visit)
    kind, period = params.text(given, "metric_type"), params.text(given, "period")
    if kind not in {"", "total_value", "time_series"}:
        raise bad_parameter("metric_type debe ser total_value o time_series")
    if kind == "time_series" and names != ["reach"]:
        raise bad_parameter("metric_type=time_series solo vale para reach")
    breakdown = params.text(given, "breakdown")
    rows = []
    for name in names:
        if name in _PEOPLE:
            rows += [_people(accounts, visit, account_id, name)] if kind == "total_value" else []
            continue
        if name in _EMPTY:
            continue
        if period != "day":
            raise bad_parameter("period debe ser day para estas métricas")
        if breakdown and breakdown not in _TOTALS[name][1]:
            raise unknown_error()
        if not kind or (name == "follows_and_unfollows" and accounts.followers(account_id, until) < FEWEST_FOLLOWERS):
            continue
        days = _days(since, until)
        values = _series(accounts, account_id, days) if kind == "time_series" else {}
        if kind == "total_value":
            values = {"total_value": _total(accounts, account_id, name, days, breakdown)}
        rows.append(_row(account_id, name, "day", values))
    return {"data": rows, "paging": _turns(visit, since, until)}


def _span(visit: Visit) -> tuple[datetime, datetime]:
    until = params.instant(visit.params, "until") or visit.now
    since = params.instant(visit.params, "since") or until - timedelta(days=1)
    if since > until or until - since > LONGEST_SPAN:
        raise bad_parameter("El rango entre since y until no puede pasar de 30 días")
    if visit.now - since > HISTORY:
        raise bad_parameter("Solo hay datos de los últimos 90 días")
    return since, min(until, visit.now)


def _days(since: datetime, until: datetime) -> list[date]:
    days = max(1, (until.date() - since.date()).days)
    return [until.date() - timedelta(days=back) for back in reversed(range(days))]


def _day(accounts: Accounts, account_id: str, name: str, day: date) -> int:
    return int(_TOTALS[name][0] * (0.5 + seeded.fraction(accounts.ground.seed, account_id, name, day)))


def _series(accounts: Accounts, account_id: str, days: list[date]) -> dict[str, Any]:
    return {
        "values": [
            {
                "value": _day(accounts, account_id, "reach", day),
                # Days end at Pacific midnight, as the Pages' do: 08:00 UTC in winter.
                "end_time": written(datetime(day.year, day.month, day.day, 8, tzinfo=UTC)),
            }
            for day in days
        ]
    }


def _total(accounts: Accounts, account_id: str, name: str, days: list[date], breakdown: str) -> dict[str, Any]:
    total = sum(_day(accounts, account_id, name, day) for day in days)
    if not breakdown:
        return {"value": total}
    first, second = _VALUES[breakdown]
    results = [
        {"dimension_values": [first], "value": total * 2 // 3},
        {"dimension_values": [second], "value": total - total * 2 // 3},
    ]
    return {"value": total, "breakdowns": [{"dimension_keys": [breakdown], "results": results}]}


def _people(accounts: Accounts, visit: Visit, account_id: str, name: str) -> dict[str, Any]:
    given = visit.params
    if params.text(given, "period") != "lifetime":
        raise bad_parameter(f"period debe ser lifetime para {name}")
    if params.text(given, "timeframe") not in {"this_week", "this_month"}:
        raise bad_parameter("timeframe debe ser this_week o this_month")
    breakdown = params.text(given, "breakdown")
    if breakdown not in _PEOPLE_BY:
        raise bad_parameter("breakdown debe ser age, city, country o gender")
    whole = accounts.followers(account_id, visit.now)
    results = [{"dimension_values": [key], "value": int(whole * share)} for key, share in _PEOPLE_BY[breakdown].items()]
    total = {"breakdowns": [{"dimension_keys": [breakdown], "results": results}]}
    return _row(account_id, name, "lifetime", {"total_value": total})


def _row(account_id: str, name: str, period: str, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "period": period,
        "title": name.replace("_", " ").capitalize(),
        "description": "",
        **values,
        "id": f"{account_id}/insights/{name}/{period}",
    }


def _turns(visit: Visit, since: datetime, until: datetime) -> dict[str, str]:
    span = max(until - since, timedelta(days=1))
    kept = {
        name: value for name, value in visit.params.items() if name not in {"since", "until"} and isinstance(value, str)
    }
    kept["access_token"] = visit.caller.text

    def address(start: datetime, end: datetime) -> str:
        query = urlencode(kept | {"since": str(int(start.timestamp())), "until": str(int(end.timestamp()))})
        return f"https://{visit.call.host}{visit.call.path}?{query}"

    return {"previous": address(since - span, since), "next": address(until, until + span)}
