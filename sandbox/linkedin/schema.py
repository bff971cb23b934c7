"""Bodies against their schema: what is missing, unknown or of the wrong type is refused with 422 and its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sandbox.linkedin.errors import bad_field, not_a_map


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some symbols."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one kind of thing."""

    item: "Kind"


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields and no others."""

    required: Mapping[str, "Kind"]
    optional: Mapping[str, "Kind"] = field(default_factory=dict)


Kind: TypeAlias = type | Choice | ListOf | Record
_NAMES: dict[object, str] = {str: "String", bool: "Boolean", int: "Long", dict: "Map"}


def body(sent: Any, record: Record) -> dict[str, Any]:
    """Return the body, checked. Raises LinkedInError: 400 for no object at all, 422 for a bad field."""
    if not isinstance(sent, dict):
        raise not_a_map()
    _record(sent, record, "")
    return sent


def _record(value: Any, record: Record, path: str) -> None:
    if not isinstance(value, dict):
        raise bad_field(path, "record type is not backed by a DataMap")
    for name in record.required:
        if value.get(name) is None:
            raise bad_field(f"{path}/{name}", "field is required but not found and has no default value")
    known = {**record.required, **record.optional}
    for name, item in value.items():
        if name not in known:
            raise bad_field(f"{path}/{name}", "unrecognized field found but not allowed")
        _check(item, known[name], f"{path}/{name}")


def _check(value: Any, kind: Kind, path: str) -> None:
    if isinstance(kind, Record):
        _record(value, kind, path)
    elif isinstance(kind, ListOf):
        if not isinstance(value, list):
            raise bad_field(path, "array type is not backed by a DataList")
        for index, item in enumerate(value):
            _check(item, kind.item, f"{path}/{index}")
    elif isinstance(kind, Choice):
        if value not in kind.symbols:
            raise bad_field(path, f'"{value}" is not an enum symbol')
    elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise bad_field(path, f"{value!r} cannot be coerced to {_NAMES[kind]}")
