"""Partial answers: `fields=items(id,snippet/title),nextPageToken`."""

import re
from typing import Any

from sandbox.youtube.errors import bad_request

Mask = dict[str, Any]
_TOKEN = re.compile(r"[A-Za-z0-9_.:\-]+|\*|[(),/]")


def parse(text: str) -> Mask:
    """Return the mask as a tree; an empty branch takes all. Raises ApiError."""
    tokens = _TOKEN.findall(text.replace(" ", ""))
    if "".join(tokens) != text.replace(" ", "") or not tokens:
        raise _bad(text)
    mask, rest = _list(tokens, text)
    if rest:
        raise _bad(text)
    return mask


def _list(tokens: list[str], text: str) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while True:
        branch = mask
        while True:
            if not tokens or tokens[0] in {"(", ")", ",", "/"}:
                raise _bad(text)
            branch = branch.setdefault(tokens[0], {})
            tokens = tokens[1:]
            if tokens[:1] != ["/"]:
                break
            tokens = tokens[1:]
        if tokens[:1] == ["("]:
            below, tokens = _list(tokens[1:], text)
            if tokens[:1] != [")"]:
                raise _bad(text)
            branch.update(below)
            tokens = tokens[1:]
        if tokens[:1] != [","]:
            return mask, tokens
        tokens = tokens[1:]


def apply(mask: Mask, value: Any) -> Any:
    """Return what the mask leaves of an answer."""
    if not mask:
        return value
    if isinstance(value, list):
        return [apply(mask, one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: apply(mask[key] if key in mask else mask["*"], one)
        for key, one in value.items()
        if key in mask or "*" in mask
    }


def _bad(text: str) -> Exception:
    return bad_request(f"Invalid field selection {text}", location="fields")
