"""Bodies against their shape: what is missing, unknown or of the wrong type is refused with 400 and its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sandbox.exchange import Call
from sandbox.x.errors import XError, invalid_about


@dataclass(frozen=True, slots=True)
class Text:
    """A string; lengths in code points."""

    pattern: str = ""
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one kind of thing."""

    item: "Kind"
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields and no others."""

    fields: Mapping[str, "Kind"]
    required: frozenset[str] = field(default_factory=frozenset)


Kind: TypeAlias = Text | Whole | Choice | ListOf | Record | type
ID = Text(r"[0-9]{1,19}")


def checked(call: Call, record: Record) -> dict[str, Any]:
    """Return the JSON body of a call. Raises XError 400 invalid-request."""
    if call.content_type != "application/json" or call.json_broken or not isinstance(call.json, dict):
        raise _bad("$", "is not a JSON object")
    check(call.json, record)
    return call.json


def check(value: Any, kind: Kind, path: str = "$") -> None:
    """Check a value. Raises XError 400 invalid-request."""
    if isinstance(kind, Record):
        _record(value, kind, path)
    elif isinstance(kind, ListOf):
        _list(value, kind, path)
    elif isinstance(kind, Text):
        _text(value, kind, path)
    elif isinstance(kind, Whole):
        if isinstance(value, bool) or not isinstance(value, int):
            raise _bad(path, f"{_name(value)} found, integer expected")
        if not kind.least <= value <= kind.most:
            raise _bad(path, f"must be between {kind.least} and {kind.most}")
    elif isinstance(kind, Choice):
        if value not in kind.words:
            raise _bad(path, f"does not have a value in the enumeration [{', '.join(kind.words)}]")
    elif not isinstance(value, kind):
        raise _bad(path, f"{_name(value)} found, {_name(kind())} expected")


def _list(value: Any, kind: ListOf, path: str) -> None:
    if not isinstance(value, list):
        raise _bad(path, f"{_name(value)} found, array expected")
    _size(len(value), kind.least, kind.most, path, "items in the array")
    for index, item in enumerate(value):
        check(item, kind.item, f"{path}[{index}]")


def _text(value: Any, kind: Text, path: str) -> None:
    if not isinstance(value, str):
        raise _bad(path, f"{_name(value)} found, string expected")
    _size(len(value), kind.least, kind.most, path, "characters long")
    if kind.pattern and not re.fullmatch(kind.pattern, value, re.ASCII):
        raise _bad(path, f"does not match the regex pattern ^{kind.pattern}$")


def _record(value: Any, record: Record, path: str) -> None:
    if not isinstance(value, dict):
        raise _bad(path, f"{_name(value)} found, object expected")
    for name in sorted(record.required - value.keys()):
        raise _bad(f"{path}.{name}", "is missing but it is required")
    for name, item in value.items():
        if name not in record.fields:
            raise _bad(
                f"{path}.{name}", "is not defined in the schema and the schema does not allow additional properties"
            )
        check(item, record.fields[name], f"{path}.{name}")


def _size(size: int, least: int, most: int | None, path: str, what: str) -> None:
    if size < least:
        raise _bad(path, f"must be at least {least} {what}")
    if most is not None and size > most:
        raise _bad(path, f"must be at most {most} {what}")


def _name(value: Any) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (str, "string"),
        (int, "integer"),
        (float, "number"),
        (list, "array"),
        (dict, "object"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _bad(path: str, what: str) -> XError:
    return invalid_about(f"[{path}: {what}]", {})
