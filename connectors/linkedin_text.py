r"""Little text, the form in which LinkedIn takes and gives back what a post says.

Sheet of 2026-11-23, section 2.2. A reserved character that is not escaped cuts the text there, silently, after a 201.
Hashtags come back as `{hashtag|\#|word}` and escapes stay, so nothing is compared before it is read. Comments are not
little text: their words travel as they are.
"""

import re
import unicodedata

# the fifteen of the documentation [doc]
RESERVED = frozenset("|{}@[]()<>#\\*_~")

_URN = r"urn:li:(?:organization:[0-9]+|person:[A-Za-z0-9_-]+)"
_ADDRESS = r"https?://\S+"
_MENTION = rf"@\[(?P<name>[^\[\]()\n]+)\]\((?P<urn>{_URN})\)"
# A word with a letter in it. Where an underscore follows, nobody knows how far the platform takes the hashtag to go,
# so there it stays text. In addresses and in "C#7" there is none.
_HASHTAG = r"(?<![\w#&/])#(?P<tag>(?=\d*[^\W\d_])[^\W_]+)(?!\w)"
_SPECIAL = re.compile(rf"(?P<address>{_ADDRESS})|{_MENTION}|{_HASHTAG}")

_TEMPLATE = re.compile(
    rf"\{{hashtag\|\\?#\|(?P<tag>(?:\\.|[^|{{}}\\])*)\}}"
    rf"|@\[(?P<name>(?:\\.|[^\]\\])*)\]\({_URN}\)"
    r"|\\(?P<character>[|{}@\[\]()<>#\\*_~])"
)


def escaped(text: str) -> str:
    """Return the text with every reserved character meant literally. One pass: two would escape the escapes."""
    return "".join(f"\\{character}" if character in RESERVED else character for character in text)


def little_text(text: str, *, hashtags: bool = True) -> str:
    """Return the text as `commentary`: `#word` a hashtag unless told otherwise, `@[Name](urn:li:…)` a mention."""
    parts = []
    end = 0
    for match in _SPECIAL.finditer(text):
        parts += [escaped(text[end : match.start()]), _special(match, hashtags=hashtags)]
        end = match.end()
    return "".join([*parts, escaped(text[end:])])


def _special(match: re.Match[str], *, hashtags: bool) -> str:
    if match["name"]:
        return f"@[{escaped(match['name'])}]({match['urn']})"
    if match["tag"] and hashtags:
        return rf"{{hashtag|\#|{match['tag']}}}"
    return escaped(match[0])


def readable(template: str) -> str:
    """Return what people read of a commentary, ours or as the platform gives it back."""
    return _TEMPLATE.sub(_shown, template)


def _shown(match: re.Match[str]) -> str:
    if match["character"]:
        return match["character"]
    if match["name"] is not None:
        return readable(match["name"])
    return "#" + readable(match["tag"])


def length(text: str) -> int:
    """Count what people will see: a mention shows its name only."""
    return len(readable(little_text(text)))


def same_text(one: str, other: str) -> bool:
    """Tell whether two commentaries read the same: the platform may normalise Unicode and white space."""
    return _plain(readable(one)) == _plain(readable(other))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
