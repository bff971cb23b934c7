"""Pages by `start` and `count` (sheet section 3.1)."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sandbox.linkedin import restli
from sandbox.linkedin.network import Visit

USUAL, LARGEST = 10, 100

Item = TypeVar("Item")


def bounds(visit: Visit) -> tuple[int, int]:
    """Return `start` and `count`. Raises LinkedInError 400 outside what is allowed."""
    start = visit.ask.number("start", default=0, least=0, most=999_999_999)
    return start, visit.ask.number("count", default=USUAL, least=1, most=LARGEST)


def page(visit: Visit, items: Sequence[Item], show: Callable[[Item], dict[str, Any]], *, total: bool) -> dict[str, Any]:
    """Return one page. With `total` it says how many there are in all; the platform often does not."""
    start, count = bounds(visit)
    paging: dict[str, Any] = {"start": start, "count": count, "links": []}
    if total:
        paging["total"] = len(items)
    if start > 0:
        paging["links"].append({"rel": "prev", "href": _address(visit, max(0, start - count), count)})
    if start + count < len(items):
        paging["links"].append({"rel": "next", "href": _address(visit, start + count, count)})
    return {"elements": [show(item) for item in items[start : start + count]], "paging": paging}


def _address(visit: Visit, start: int, count: int) -> str:
    kept = [pair for pair in restli.raw_query(visit.call).split("&") if not re.match(r"(start|count)=|$", pair)]
    return visit.call.target.partition("?")[0] + "?" + "&".join([*kept, f"count={count}", f"start={start}"])
