"""A text as X reads it: what is an address in it, how much it weighs, whether two of them read the same.

The rules are those of twitter-text, configuration 3 (sheet of 2026-11-23, 5.1 [code][lib]), written anew on the
standard library; they agree with the public conformance cases. An address weighs 23 whatever its length, and `name.tld`
is one without `https://` as well; an emoji weighs 2; code points of the western scripts 1, all others 2; after NFC.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from connectors.x_domains import LATIN, LONGEST_OTHER, OTHER
from connectors.x_emoji import SEQUENCE

URL_WEIGHT = 23
EMOJI_WEIGHT = 2
# sheet 5.1 [code]
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
# what no post may hold (sheet 5.1 [lib])
UNPOSTABLE = re.compile("[\ufffe\ufeff\uffff]")

_LONGEST_ADDRESS = 4096
_LONGEST_LABEL = 63
_LONGEST_SHORT_NAME = 40

_SPACES = r"\t-\r\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_MARKS = r"!#$%&'()*+,./:;<=>?@\[\\\]^{|}~"
_INVALID = r"\ufffe\ufeff\uffff"
_ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb"
    r"\u0300-\u036f\u1e00-\u1eff"
    # the other case of some of them
    r"\u0260\u0269\u0275\u0280\u0283\u0288\u028a\u028c\u0292\u0399\u03b9\u1fbe\u2c65\u2c66\u2c7e\u2c7f"
)
_CYRILLIC = r"\u0400-\u04ff\u1c80-\u1c87"

# a label of a domain: neither - nor _ at its ends; a possessive run, since only a dot may follow
_LABEL = re.compile(rf"(?![_-])[^{_MARKS}{_SPACES}{_INVALID}{_DIRECTIONS}]++(?<![_-])\.")
_PLAIN_LABELS = re.compile(rf"(?:[A-Za-z0-9{_ACCENTED}-]++\.)+")
_NO_BEFORE = re.compile(rf"[A-Za-z0-9@＠$#＃{_INVALID}]")
_NO_BEFORE_BARE = re.compile(r"[-_./]")
_SCHEME = re.compile(r"https?://", re.IGNORECASE | re.ASCII)
_LETTERS = re.compile(r"[A-Za-z]+")
_PUNYCODE = re.compile(r"xn--[-0-9a-z]+", re.IGNORECASE | re.ASCII)
_NO_END = re.compile(r"[0-9A-Za-z@+-]")

_IN_PATH = rf"[A-Za-z0-9{_CYRILLIC}{_ACCENTED}!*';:=+,.$/%#\[\]\u2013_~@|&-]"
_IN_BRACKETS = rf"\((?:{_IN_PATH}+|{_IN_PATH}*\({_IN_PATH}+\){_IN_PATH}*)\)"
_END_OF_PATH = rf"[A-Za-z0-9{_CYRILLIC}{_ACCENTED}+=_#/-]"
_QUERY = r"\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[A-Za-z0-9_&=#/-]"
_PATH = rf"/(?:{_IN_PATH}*(?:{_IN_BRACKETS}{_IN_PATH}*)*{_END_OF_PATH}|{_IN_BRACKETS}|@{_IN_PATH}+/)*"
_REST = re.compile(rf"(?::[0-9]+)?(?P<path>{_PATH})?(?:{_QUERY})?")
_SHORT = re.compile(rf"https?://t\.co/(?P<name>[a-z0-9]+)(?:{_QUERY})?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in a text: `text[start:end]`."""

    start: int
    end: int
    has_scheme: bool


def weight(text: str) -> int:
    """Return how much of the 280 a text takes."""
    text = unicodedata.normalize("NFC", text)
    jumps = {address.start: address.end for address in addresses(text)}
    total = place = 0
    while place < len(text):
        if place in jumps:
            total += URL_WEIGHT
            place = jumps[place]
        elif emoji := SEQUENCE.match(text, place):
            total += EMOJI_WEIGHT
            place = emoji.end()
        else:
            total += 1 if any(first <= ord(text[place]) <= last for first, last in _LIGHT) else 2
            place += 1
    return total


def addresses(text: str) -> Iterator[Address]:
    """Give the addresses in the order of the text."""
    search = _Search(text)
    place = 0
    while text.find(".", place) >= 0:
        found = search.at(place)
        if found is None:
            place += 1
            continue
        start, scheme_end, domain_end, rest = found
        place = rest.end()
        if not _is_possible(text[start:place], text[scheme_end:domain_end], has_scheme=scheme_end > start):
            continue
        if scheme_end > start:
            yield from _with_scheme(text, start, place)
        elif start == 0 or not _NO_BEFORE_BARE.match(text[start - 1]):
            yield from _bare(text[start:domain_end], start, place if rest["path"] else domain_end)


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts read the same: Unicode form, signs that nobody sees, white space, addresses' spelling."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    text = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")
    pieces, place = [], 0
    for address in addresses(text):
        pieces += [text[place : address.start], _bare_address(text[address.start : address.end])]
        place = address.end
    return " ".join("".join((*pieces, text[place:])).split())


def _bare_address(address: str) -> str:
    """Return an address without what X may do to it: scheme, slash after the domain, small letters, escapes."""
    address = _SCHEME.sub("", address, count=1)
    domain, slash, path = address.partition("/")
    return domain.lower() + (slash + unicodedata.normalize("NFC", unquote(path)) if path else "")


class _Search:
    """Looks for what reads like an address; remembers what it saw of domains, lest a row of dots take for ever."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: dict[int, int] = {}

    def at(self, place: int) -> tuple[int, int, int, re.Match[str]] | None:
        """Return start, end of the scheme, end of the domain, and the rest of an address after the sign at `place`."""
        starts = [] if _NO_BEFORE.match(self._text, place) else [place + 1]
        for start in (*starts, 0) if place == 0 else starts:
            scheme = _SCHEME.match(self._text, start)
            domain_start = scheme.end() if scheme else start
            end = self._domain_end(domain_start)
            rest = _REST.match(self._text, end) if end else None
            if rest:
                return start, domain_start, end, rest
        return None

    def _domain_end(self, start: int) -> int:
        """Return where the domain that begins there ends, with as many labels as can be; 0 where none does."""
        labels = []
        place = start
        while place not in self._ends and (label := _LABEL.match(self._text, place)):
            labels.append(label)
            place = label.end()
        end = self._ends.get(place, 0)
        for label in reversed(labels):
            # an underscore may stand in what precedes the name, not in the name itself
            if not end and "_" not in label.group():
                end = _top_level_end(self._text, label.end())
            self._ends[label.start()] = end
        return end


def _top_level_end(text: str, start: int) -> int:
    """Return where the top-level domain that begins there ends; 0 where none does."""
    letters = _LETTERS.match(text, start)
    ends = [letters.end()] if letters and letters.group().lower() in LATIN else []
    longest = text[start : start + LONGEST_OTHER].lower()
    if not longest.isascii():
        ends += [start + length for length in range(len(longest), 0, -1) if longest[:length] in OTHER]
    for end in ends:
        if not _NO_END.match(text, end):
            return end
    punycode = _PUNYCODE.match(text, start)
    return punycode.end() if punycode else 0


def _is_possible(address: str, domain: str, *, has_scheme: bool) -> bool:
    """Tell whether the parts are not longer than names may be."""
    if domain.startswith("xn--") and not any(_plain_domains(domain)):
        return False
    if any(not 0 < _encoded_length(label) <= _LONGEST_LABEL for label in domain.split(".")):
        return False
    # the length counts in UTF-16, and the scheme once more
    scheme = len("https://") if not has_scheme else address.index("//") + 2
    return scheme + len(address.encode("utf-16-le", "surrogatepass")) // 2 <= _LONGEST_ADDRESS


def _encoded_length(label: str) -> int:
    if label.isascii():
        return len(label)
    try:
        return len("xn--") + len(label.encode("punycode"))
    except UnicodeError:
        return 0


def _with_scheme(text: str, start: int, end: int) -> Iterator[Address]:
    short = _SHORT.match(text, start, end)
    if short is None:
        yield Address(start, end, has_scheme=True)
    elif len(short["name"]) <= _LONGEST_SHORT_NAME:
        yield Address(start, short.end(), has_scheme=True)


def _bare(domain: str, offset: int, end: int) -> Iterator[Address]:
    """Give the addresses in what was taken for one domain: without a scheme other scripts only surround them."""
    found = list(_plain_domains(domain))
    for number, (first, last) in enumerate(found):
        tail = end - offset - len(domain) if number == len(found) - 1 else 0
        yield Address(offset + first, offset + last + tail, has_scheme=False)


def _plain_domains(domain: str) -> Iterator[tuple[int, int]]:
    place = 0
    while labels := _PLAIN_LABELS.search(domain, place):
        dots = [at for at in range(labels.start(), labels.end()) if domain[at] == "."]
        end = next((end for dot in reversed(dots) if (end := _top_level_end(domain, dot + 1))), 0)
        if end:
            yield labels.start(), end
        place = max(end, labels.end())
