"""Query parameters, checked as strictly as the discovery document describes them (sheet 7.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from sandbox.exchange import Call
from sandbox.youtube.errors import ApiError, bad_request, incompatible, missing_parameter

GLOBAL = frozenset(
    {
        *("$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser"),
        *("uploadType", "upload_protocol"),
    }
)
_WHOLE = re.compile(r"\d{1,10}")


@dataclass(frozen=True, slots=True)
class Param:
    """One query parameter. `kind`: string, integer or boolean; `low` and `high` bound integers."""

    kind: str = "string"
    required: bool = False
    repeated: bool = False
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    default: Any = None


def method_of(call: Call) -> str:
    """Return the HTTP method that is meant: a GET with a long query comes as a POST that says so."""
    return call.headers.get("X-HTTP-Method-Override", call.method).upper()


def given(call: Call) -> MultiDict[str, str]:
    """Return the query, or the form that stands in for it."""
    if call.method == "POST" and method_of(call) == "GET":
        both = MultiDict(call.query)
        both.update(call.form)
        return both
    return call.query


def read(sent: MultiDict[str, str], known: Mapping[str, Param]) -> dict[str, Any]:
    """Return the parameters by name: lists where they repeat, defaults where they are left out. Raises ApiError."""
    for name in sent:
        if name not in known and name not in GLOBAL:
            text = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
            raise ApiError(400, "unexpectedParameter", text, domain="youtube.parameter", location=name)
    out: dict[str, Any] = {}
    for name, param in known.items():
        values = sent.getlist(name)
        if param.repeated:
            values = [part.strip() for value in values for part in value.split(",") if part.strip()]
        if not any(values):
            if param.required:
                raise missing_parameter(name)
            if param.default is not None:
                out[name] = param.default
            continue
        if len(values) > 1 and not param.repeated:
            raise bad_request(f"Parameter {name} was given more than once", location=name)
        out[name] = values if param.repeated else _value(name, values[0], param)
    return out


def _value(name: str, text: str, param: Param) -> Any:
    if param.choices and text not in param.choices:
        raise bad_request(f"Invalid value '{text}'. Allowed values: [{', '.join(param.choices)}]", location=name)
    if param.kind == "boolean":
        if text not in {"true", "false"}:
            raise bad_request(f"Invalid value '{text}'. Allowed values: [true, false]", location=name)
        return text == "true"
    if param.kind == "integer":
        number = int(text) if _WHOLE.fullmatch(text) else -1
        low, high = param.low or 0, param.high
        if number < low or (high is not None and number > high):
            raise bad_request(
                f"Invalid value '{text}'. Values must be within the range: [{low}, {high}]", location=name
            )
        return number
    return text


def one_filter(params: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return which of these filters was given. Raises ApiError when it is none or more than one."""
    chosen = [name for name in names if params.get(name) not in (None, False)]
    if not chosen:
        raise missing_parameter(",".join(names), f"No filter selected. Expected one of: {', '.join(names)}")
    if len(chosen) > 1:
        raise incompatible(", ".join(chosen))
    return chosen[0]
