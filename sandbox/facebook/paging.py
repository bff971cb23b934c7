"""Lists with opaque cursors; `paging.next` is absolute and holds the token (sheet 3.1)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandbox.exchange import Call
from sandbox.facebook import params as given
from sandbox.facebook.errors import bad_parameter

LARGEST = 100
DEFAULT = 25

Item = TypeVar("Item")


def cursor(key: str) -> str:
    """Return the cursor of the item with that key."""
    return base64.urlsafe_b64encode(f"QVFI:{key}".encode()).decode().rstrip("=") + "ZD"


def limit_of(params: dict[str, Any]) -> int:
    """Return `limit`. Raises GraphError 100 above the maximum."""
    limit = given.number(params, "limit", default=DEFAULT)
    if limit > LARGEST:
        raise bad_parameter("El parámetro limit debe ser menor o igual a 100")
    return limit


def page(
    items: Sequence[Item],
    *,
    key: Callable[[Item], str],
    show: Callable[[Item], dict[str, Any]],
    call: Call,
    params: dict[str, Any],
    token: str,
) -> dict[str, Any]:
    """Return `data` and `paging` of one page of the items. `key` names an item in cursors."""
    limit = limit_of(params)
    start, stop = _window([key(item) for item in items], params, limit)
    shown = items[start:stop]
    answer: dict[str, Any] = {"data": [show(item) for item in shown]}
    if not shown:
        return answer
    first, last = cursor(key(shown[0])), cursor(key(shown[-1]))
    paging: dict[str, Any] = {"cursors": {"before": first, "after": last}}
    if stop < len(items):
        paging["next"] = _address(call, params, token, limit, after=last)
    if start > 0:
        paging["previous"] = _address(call, params, token, limit, before=first)
    answer["paging"] = paging
    return answer


def _window(keys: list[str], params: dict[str, Any], limit: int) -> tuple[int, int]:
    if after := params.get("after"):
        start = _place(keys, str(after)) + 1
        return start, start + limit
    if before := params.get("before"):
        stop = _place(keys, str(before))
        return max(0, stop - limit), stop
    return 0, limit


def _place(keys: list[str], text: str) -> int:
    try:
        bare = text.removesuffix("ZD")
        key = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)).decode().removeprefix("QVFI:")
        return keys.index(key)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise bad_parameter("El cursor no es válido") from error


def _address(call: Call, params: dict[str, Any], token: str, limit: int, **turn: str) -> str:
    left_out = {"after", "before", "limit", "access_token", "pretty", "debug"}
    kept = {name: value for name, value in params.items() if name not in left_out and isinstance(value, str)}
    query = {"access_token": token, **kept, "limit": limit, **turn}
    return f"https://{call.host}{call.path}?{urlencode(query)}"
