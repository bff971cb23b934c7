"""Parameters of a Graph call, from the query, a form, or a JSON body, read as the Graph reads them."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from sandbox.exchange import Call
from sandbox.facebook.errors import GraphError, bad_parameter

_INDEXED = re.compile(r"attached_media\[(\d+)\]")


def read(call: Call) -> dict[str, Any]:
    """Return all parameters, the body's before the query's."""
    if call.json_broken:
        raise GraphError(100, "(#100) El cuerpo no es JSON válido")
    params: dict[str, Any] = dict(call.query.items())
    params.update(call.form.items())
    if isinstance(call.json, dict):
        params.update(call.json)
    return params


def text(params: dict[str, Any], *names: str) -> str:
    """Return the first parameter of those names that is there, as text."""
    for name in names:
        value = params.get(name)
        if value is None:
            continue
        if isinstance(value, dict | list):
            raise bad_parameter(f"El parámetro {name} debe ser un texto")
        return str(value)
    return ""


def flag(params: dict[str, Any], name: str, *, default: bool) -> bool:
    """Return a boolean. `False` with a capital, Python's, is refused: the Graph knows true, false, 1, 0."""
    value = params.get(name)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    if value in {"true", "1", 1}:
        return True
    if value in {"false", "0", 0}:
        return False
    raise bad_parameter(f"El parámetro {name} debe ser un valor booleano")


def number(params: dict[str, Any], name: str, *, default: int | None = None) -> int:
    """Return a whole number, not negative."""
    value = params.get(name, default)
    if value is None or isinstance(value, bool) or not re.fullmatch(r"\d{1,19}", str(value)):
        raise bad_parameter(f"El parámetro {name} debe ser un número entero")
    return int(str(value))


def instant(params: dict[str, Any], name: str) -> datetime | None:
    """Return a time given as UNIX seconds or ISO 8601."""
    value = str(params.get(name, "")).strip()
    if not value:
        return None
    try:
        if value.isdigit():
            return datetime.fromtimestamp(int(value), UTC)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError) as error:
        raise bad_parameter(f"El parámetro {name} no es una fecha") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def attached_media(params: dict[str, Any]) -> list[str]:
    """Return the ids of `attached_media`, indexed keys or one JSON array (sheet 2.3)."""
    indexed = sorted((int(match[1]), name) for name in params if (match := _INDEXED.fullmatch(name)))
    items = [_decoded(params[name]) for _, name in indexed]
    if "attached_media" in params:
        whole = _decoded(params["attached_media"])
        if not isinstance(whole, list):
            raise bad_parameter("El parámetro attached_media debe ser una lista")
        items += [_decoded(item) for item in whole]
    ids = []
    for item in items:
        media_id = item.get("media_fbid") if isinstance(item, dict) else None
        if not isinstance(media_id, str | int) or isinstance(media_id, bool):
            raise bad_parameter("El parámetro attached_media debe tener media_fbid en cada elemento")
        ids.append(str(media_id))
    return ids


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise bad_parameter("El parámetro attached_media no es JSON válido") from error
