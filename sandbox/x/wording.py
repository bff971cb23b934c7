"""What X makes of a text: t.co, escaping, mentions in front of replies, entities (sheet sections 2.1 and 3.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from sandbox.x.weight import Address, addresses

SHORT_TEXT = 280
"""Of a longer post `text` shows about this many signs (sheet 3)."""
MENTION = re.compile(r"(?<![\w@/.])[@＠](\w{1,15})(?![\w@])", re.ASCII)
_UNFINISHED = re.compile(r"&\w{0,4}$")
"""Half of an HTML escape, where a text was cut."""
_HASHTAG = re.compile(r"(?<![\w&/#])[#＃](\w*[^\W\d_]\w*)")
_CASHTAG = re.compile(r"(?<![\w$&])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?![\w$])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Appendage:
    """The link at the end of a post with media: one t.co for all, one entity for each media key."""

    url: str
    expanded_url: str
    display_url: str
    media_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as the API gives it, HTML-escaped, and what is in it. `long` and `long_entities` of long posts only."""

    text: str
    entities: dict[str, Any]
    long: str = ""
    long_entities: dict[str, Any] = field(default_factory=dict)


def mentions(text: str) -> list[str]:
    """Return the names mentioned, without @, in order."""
    return MENTION.findall(text)


def cashtags(text: str) -> list[str]:
    """Return the cashtags, without $."""
    return _CASHTAG.findall(text)


def compose(
    text: str, *, prefix: Sequence[str], codes: Sequence[str], appendage: Appendage | None, is_long: bool
) -> Wording:
    """Return the wording. `prefix`: names put in front of a reply; `codes`: the t.co address of each web address."""
    whole, links = _rewritten(text, prefix, codes)
    if not is_long:
        shown, tail = _with_appendage(whole, appendage)
        return Wording(shown, _entities(shown, links + tail))
    cut = SHORT_TEXT - 1
    for link in links:  # an address is shown whole or not at all
        if link["start"] < cut < link["end"]:
            cut = link["start"]
    shown, tail = _with_appendage(_UNFINISHED.sub("", whole[:cut]) + "…", appendage)
    kept = [link for link in links if link["end"] <= cut]
    return Wording(shown, _entities(shown, kept + tail), whole, _entities(whole, links))


def _rewritten(text: str, prefix: Sequence[str], codes: Sequence[str]) -> tuple[str, list[dict[str, Any]]]:
    out = "".join(f"@{name} " for name in prefix)
    links: list[dict[str, Any]] = []
    at = 0
    for address, code in zip(addresses(text), codes, strict=True):
        out += _escaped(text[at : address.start])
        links.append(_link(address, code, len(out)))
        out += code
        at = address.end
    return out + _escaped(text[at:]), links


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _link(address: Address, code: str, start: int) -> dict[str, Any]:
    return {
        "start": start,
        "end": start + len(code),
        "url": code,
        "expanded_url": address.target,
        "display_url": address.shown,
    }


def _with_appendage(text: str, appendage: Appendage | None) -> tuple[str, list[dict[str, Any]]]:
    if appendage is None:
        return text, []
    shown = f"{text} {appendage.url}" if text else appendage.url
    return shown, [
        {
            "start": len(shown) - len(appendage.url),
            "end": len(shown),
            "url": appendage.url,
            "expanded_url": appendage.expanded_url,
            "display_url": appendage.display_url,
            "media_key": key,
        }
        for key in appendage.media_keys
    ]


def _entities(text: str, links: list[dict[str, Any]]) -> dict[str, Any]:
    blank = text
    for link in links:
        blank = blank[: link["start"]] + " " * (link["end"] - link["start"]) + blank[link["end"] :]
    found: dict[str, Any] = {"urls": links}
    for kind, pattern, key in (
        ("mentions", MENTION, "username"),
        ("hashtags", _HASHTAG, "tag"),
        ("cashtags", _CASHTAG, "tag"),
    ):
        found[kind] = [{"start": match.start(), "end": match.end(), key: match[1]} for match in pattern.finditer(blank)]
    return {kind: items for kind, items in found.items() if items}
