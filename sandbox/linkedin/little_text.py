"""Little text, the format of a post's commentary (sheet section 2.2): what it shows, and how it reads back.

The platform refuses nothing here: a reserved character that is neither escaped nor part of a hashtag or mention
silently ends the visible text. Strict where reports differ: any of the fifteen ends it, in addresses too.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

RESERVED = frozenset("|{}@[]()<>#\\*_~")
_WORD = r"(?:\\[|{}@\[\]()<>#\\*_~]|[^|{}@\[\]()<>#\\*_~])+"
_HASHTAG_TEMPLATE = re.compile(rf"\{{hashtag\|\\#\|({_WORD})\}}")
_HASHTAG = re.compile(r"#([^\W_]+)")
_MENTION = re.compile(rf"@\[({_WORD})\]\((urn:li:(?:organization|person):[A-Za-z0-9_-]+)\)")


@dataclass(frozen=True, slots=True)
class LittleText:
    """What readers see, and the template that the API gives back."""

    visible: str
    template: str


def escape(text: str) -> str:
    """Return the text with a backslash before every reserved character."""
    return "".join("\\" + letter if letter in RESERVED else letter for letter in text)


def _plain(escaped: str) -> str:
    return re.sub(r"\\(.)", r"\1", escaped, flags=re.DOTALL)


def read(text: str, name_of: Callable[[str], str | None]) -> LittleText:
    """Return what the platform makes of a commentary. `name_of` gives the current name behind a URN."""
    visible: list[str] = []
    template: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and text[at + 1 : at + 2] in RESERVED:
            visible.append(text[at + 1])
            template.append(text[at : at + 2])
            at += 2
        elif letter not in RESERVED:
            visible.append(letter)
            template.append(letter)
            at += 1
        elif match := _HASHTAG_TEMPLATE.match(text, at) or _HASHTAG.match(text, at):
            visible.append("#" + _plain(match[1]))
            template.append(rf"{{hashtag|\#|{match[1]}}}")
            at = match.end()
        elif match := _MENTION.match(text, at):
            name = _plain(match[1])
            visible.append(name)
            template.append(match[0] if name_of(match[2]) == name else escape(name))
            at = match.end()
        else:
            break
    return LittleText("".join(visible), "".join(template))
