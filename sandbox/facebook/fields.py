"""The `fields` expression: `id,attachments{media,subattachments},comments.limit(0).summary(true)`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.facebook.errors import GraphError, bad_parameter

ABSENT = object()
"""What a getter returns for a field that the platform leaves out."""

DEPRECATED = frozenset({"type", "link", "name", "caption", "description", "source", "object_id"})
"""Refused for Page posts since v3.3 with code 12 (sheet 3.1 [lib][memory])."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field, its modifiers and what is wanted inside."""

    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict)
    inside: tuple["Wanted", ...] = ()


Getter = Callable[[Wanted], Any]


def parse(expression: str) -> tuple[Wanted, ...]:
    """Return the fields of an expression. Raises GraphError 2500 on bad syntax."""
    reader = _Reader(expression)
    wanted = reader.list()
    if reader.rest():
        raise GraphError(2500, f"Syntax error \"Expected end of string instead of '{reader.rest()[:1]}'.\"")
    return wanted


def render(wanted: tuple[Wanted, ...], getters: Mapping[str, Getter], *, kind: str) -> dict[str, Any]:
    """Return the fields of a node, `id` always. Raises GraphError for a field that the kind of node has not."""
    out: dict[str, Any] = {}
    for one in wanted:
        getter = getters.get(one.name)
        if getter is None:
            if kind == "PagePost" and one.name in DEPRECATED:
                raise GraphError(
                    12,
                    "(#12) deprecate_post_aggregated_fields_for_attachement está obsoleto desde la versión v3.3",
                )
            raise bad_parameter(f"Tried accessing nonexisting field ({one.name}) on node type ({kind})")
        value = getter(one)
        if value is not ABSENT:
            out[one.name] = value
    if "id" in getters and "id" not in out:
        out["id"] = getters["id"](Wanted("id"))
    return out


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def rest(self) -> str:
        return self._text[self._at :].strip()

    def list(self) -> tuple[Wanted, ...]:
        out = []
        while True:
            name = self._word()
            if name:
                out.append(self._one(name))
            elif out or self._peek() not in {"", "}"}:
                raise GraphError(2500, 'Syntax error "Field name expected."')
            if self._peek() != ",":
                return tuple(out)
            self._at += 1

    def _one(self, name: str) -> Wanted:
        modifiers: dict[str, str] = {}
        inside: tuple[Wanted, ...] = ()
        while True:
            mark = self._peek()
            if mark == ".":
                self._at += 1
                modifier = self._word()
                modifiers[modifier] = self._argument()
            elif mark == "{":
                self._at += 1
                inside = self.list()
                if self._peek() != "}":
                    raise GraphError(2500, "Syntax error \"Expected '}'.\"")
                self._at += 1
            else:
                return Wanted(name, modifiers, inside)

    def _argument(self) -> str:
        if self._peek() != "(":
            raise GraphError(2500, "Syntax error \"Expected '('.\"")
        end = self._text.find(")", self._at)
        if end < 0:
            raise GraphError(2500, "Syntax error \"Expected ')'.\"")
        argument = self._text[self._at + 1 : end]
        self._at = end + 1
        return argument.strip()

    def _peek(self) -> str:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _word(self) -> str:
        self._peek()
        start = self._at
        while self._text[self._at : self._at + 1].isalnum() or self._text[self._at : self._at + 1] == "_":
            self._at += 1
        return self._text[start : self._at]
