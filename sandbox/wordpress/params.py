"""Parameters of a REST call: JSON, form and query, read and checked as WordPress does before any permission."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from sandbox.exchange import Call
from sandbox.wordpress.errors import RestError, invalid
from sandbox.wordpress.users import User

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")


@dataclass(slots=True)
class Visit:
    """One REST call: who, what, with which parameters. `method` is the one after `_method` and its header."""

    call: Call
    method: str
    user: User | None
    params: dict[str, Any]

    def can(self, capability: str) -> bool:
        """Whether the caller has that capability; nobody has none."""
        return self.user is not None and self.user.can(capability)

    @property
    def user_id(self) -> int:
        """The caller's id, 0 for nobody."""
        return self.user.id if self.user else 0

    def refusal(self, code: str) -> RestError:
        """Return that error: 401 for nobody, 403 for somebody."""
        return RestError(code, 403 if self.user else 401)

    def context(self) -> str:
        """Return `context`: view, embed or edit."""
        return choice(self.params, "context", ("view", "embed", "edit"), default="view")


def read(call: Call) -> dict[str, Any]:
    """Return all parameters: JSON before form before query. Raises RestError for broken JSON."""
    if call.json_broken:
        raise RestError("rest_invalid_json", 400)
    params = _php(call.query)
    params.update(_php(call.form))
    if isinstance(call.json, dict):
        params.update(call.json)
    return params


def _php(pairs: MultiDict[str, str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in pairs.items(multi=True):
        match = _KEY.fullmatch(name)
        if match is None:
            out[name] = value
            continue
        inner = match[2][1:-1]
        if inner == "" or inner.isdigit():
            held = out.setdefault(match[1], [])
            if isinstance(held, list):
                held.append(value)
        else:
            held = out.setdefault(match[1], {})
            if isinstance(held, dict):
                held[inner] = value
    return out


def raw(value: Any) -> str | None:
    """Return what `title` and `content` take: a text or an object's `raw`; anything else is ignored silently."""
    if isinstance(value, dict):
        value = value.get("raw")
    return value if isinstance(value, str) else None


def text(params: Mapping[str, Any], name: str) -> str:
    """Return a text, or the `raw` of an object. Raises RestError for anything else."""
    found = raw(params[name])
    if found is None:
        raise invalid(name)
    return found


def number(params: Mapping[str, Any], name: str) -> int:
    """Return a whole number."""
    return _whole(params[name], name)


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value).strip()):
        raise invalid(name)
    return int(str(value).strip())


def numbers(params: Mapping[str, Any], name: str) -> list[int]:
    """Return whole numbers: a list, or a text with commas."""
    value = params[name]
    parts = value if isinstance(value, list) else [part for part in str(value).split(",") if part.strip()]
    return [_whole(part, name) for part in parts]


def words(params: Mapping[str, Any], name: str) -> list[str]:
    """Return texts: a list, or one text with commas."""
    value = params[name]
    parts = value if isinstance(value, list) else str(value).split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def flag(params: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    """Return a boolean."""
    value = params.get(name, default)
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "1"}:
        return True
    if str(value).lower() in {"false", "0", ""}:
        return False
    raise invalid(name)


def choice(params: Mapping[str, Any], name: str, known: tuple[str, ...], *, default: str) -> str:
    """Return one of the known words."""
    value = params.get(name, default)
    if value not in known:
        raise invalid(name, "rest_not_in_enum")
    return str(value)
