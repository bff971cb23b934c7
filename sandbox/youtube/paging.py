"""Lists: items, page information, opaque page tokens that fit only the query they came from."""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sandbox.youtube.channels import Visit, etag
from sandbox.youtube.errors import ApiError

_Item = TypeVar("_Item")


def page(
    kind: str,
    items: Sequence[_Item],
    *,
    key: Callable[[_Item], str],
    show: Callable[[_Item], dict[str, Any]],
    visit: Visit,
    size: int,
    total: int | None = None,
) -> dict[str, Any]:
    """Return one page of a list answer. `total` None: only what is on this page is counted."""
    mark = _query_mark(visit)
    start = _start([key(item) for item in items], visit.params.get("pageToken"), mark)
    shown = items[start : start + size]
    rendered = [show(item) for item in shown]
    answer: dict[str, Any] = {"kind": kind, "etag": etag(kind, json.dumps(rendered, sort_keys=True))}
    if start + size < len(items) and shown:
        answer["nextPageToken"] = _token(mark, start + size, key(shown[-1]))
    counted = len(shown) if total is None else total
    answer["pageInfo"] = {"totalResults": counted, "resultsPerPage": size}
    answer["items"] = rendered
    return answer


def _query_mark(visit: Visit) -> str:
    asked = {name: value for name, value in visit.params.items() if name not in {"pageToken", "maxResults"}}
    text = json.dumps([visit.method.name, visit.channel_id, asked], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _token(mark: str, index: int, last: str) -> str:
    return base64.urlsafe_b64encode(f"{mark}|{index}|{last}".encode()).decode()


def _start(keys: list[str], token: str | None, mark: str) -> int:
    if token is None:
        return 0
    try:
        found, index, last = base64.urlsafe_b64decode(token).decode().split("|", 2)
        place = int(index)
    except ValueError as error:
        raise _bad_token() from error
    if found != mark:
        raise _bad_token()
    # Newer things may have pushed the last page down meanwhile: go on after what was seen last.
    return keys.index(last) + 1 if last in keys else place


def _bad_token() -> ApiError:
    text = "The request specifies an invalid page token."
    return ApiError(400, "invalidPageToken", text, domain="youtube.parameter", location="pageToken")
