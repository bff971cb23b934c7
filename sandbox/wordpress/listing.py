"""Lists: paging, its headers, `_fields` (sheet section 3.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandbox.wordpress import params
from sandbox.wordpress.errors import RestError, invalid

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer before `_fields` and `_envelope`."""

    data: Any
    status: int = 200
    headers: Mapping[str, str] | None = None


def window(found: Sequence[Item], given: Mapping[str, Any], *, beyond: bool) -> tuple[list[Item], dict[str, str]]:
    """Return the asked page and its headers. `beyond`: a page after the last is an error (posts, media)."""
    size = params.number(given, "per_page") if "per_page" in given else 10
    page = params.number(given, "page") if "page" in given else 1
    if not 1 <= size <= 100:
        raise invalid("per_page", "rest_out_of_bounds")
    if page < 1:
        raise invalid("page", "rest_out_of_bounds")
    pages = -(-len(found) // size)
    if "offset" in given:
        start = max(0, params.number(given, "offset"))
        if start >= len(found):
            found, pages = [], 0
    else:
        start = (page - 1) * size
        if beyond and page > pages and found:
            raise RestError("rest_post_invalid_page_number", 400)
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
    return list(found[start : start + size]), headers


def links(address: str, given: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """Return the `Link` header of a page: prev and next, absolute."""
    page = int(str(given.get("page", 1)))
    pages = int(headers["X-WP-TotalPages"])
    turns = []
    if page > 1:
        turns.append((min(page - 1, pages), "prev"))
    if page < pages:
        turns.append((page + 1, "next"))
    query = {key: value for key, value in given.items() if isinstance(value, str) and key != "rest_route"}
    text = ", ".join(f'<{address}?{urlencode(query | {"page": number})}>; rel="{name}"' for number, name in turns)
    return {"Link": text} if text else {}


def only(data: Any, wanted: list[str]) -> Any:
    """Return the data with nothing but the wanted fields; `title.raw` picks inside."""
    if isinstance(data, list):
        return [only(item, wanted) for item in data]
    if not isinstance(data, dict) or not wanted:
        return data
    out: dict[str, Any] = {}
    for path in wanted:
        _pick(data, out, path.split("."))
    return out


def _pick(source: Mapping[str, Any], target: dict[str, Any], path: list[str]) -> None:
    head, rest = path[0], path[1:]
    if head not in source:
        return
    if not rest:
        target[head] = source[head]
    elif isinstance(source[head], dict):
        _pick(source[head], target.setdefault(head, {}), rest)
