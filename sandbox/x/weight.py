"""How X counts a text: weights, addresses, emoji (sheet section 5.1, twitter-text configuration v3)."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST, LONGEST_PREMIUM = 280, 25_000
ADDRESS_WEIGHT = 23
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count 1; all others 2."""
FORBIDDEN = frozenset("\ufffe\ufeff\uffff")

_COUNTRIES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt bw by bz ca cc "
    "cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb "
    "gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke "
    "kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu "
    "mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw "
    "sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua "
    "ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
_GENERIC = (
    "academy aero agency app art asia bank bar best bio biz blog careers cat center city cloud club coach com "
    "community company consulting coop courses dev digital directory edu education email energy engineering events "
    "expert express farm fashion finance financial fitness foundation fun gallery global gov group guide guru health "
    "help host house info ink institute int international jobs lat law lawyer legal life link live lol love ltd market "
    "marketing media mil mobi money movie museum name net network news ngo one ong online org page partners photo "
    "photography photos plus post press pro radio red rest restaurant review reviews rocks run sale school science "
    "services shop show site social software solutions space store studio style support systems team tech tel tips "
    "today tools top tours town toys trade training travel tube university video vip watch web website wiki win work "
    "works world xyz yoga zone"
)
"""The usual ones, not all: a word with another end counts as words do unless it begins with http(s)."""
_ENDS = frozenset(f"{_COUNTRIES} {_GENERIC}".split())
_RESERVED = frozenset({"example", "invalid", "localhost", "test", "local", "internal", "onion", "lan"})
"""Ends that nobody can register: no addresses to X, whatever stands before them."""

_PATH = r"[\w!*';:=+,.$/%#\[\]\-–~@|&]"
_ADDRESS = re.compile(
    r"(?<![\w@$#＠＃.\-/])"
    r"(?P<scheme>https?://)?"
    r"(?P<host>(?:[A-Za-z0-9À-ÿ](?:[\w\-]*[A-Za-z0-9À-ÿ])?\.)+[A-Za-z]{2,24})(?![\w@]|-[\w])"
    r"(?P<port>:\d{1,5})?"
    rf"(?P<path>/(?:{_PATH}|\({_PATH}*\))*)?"
    rf"(?P<query>\?(?:{_PATH}|[?()])*)?",
    re.IGNORECASE,
)
_LAST_OF_PATH = re.compile(r"[\w=+\-/#)]")
_LAST_OF_QUERY = re.compile(r"[\w&=#/\-]")

_PICTURE = (
    "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_ONE = f"(?:{_PICTURE}|[©®](?=\ufe0f))(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?(?:[\U000e0020-\U000e007f]+)?"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE})*")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in a text, at code points `start` to `end`; `target` is where it leads."""

    start: int
    end: int
    text: str

    @property
    def target(self) -> str:
        """The address with a scheme."""
        return self.text if re.match(r"https?://", self.text, re.IGNORECASE) else f"http://{self.text}"

    @property
    def shown(self) -> str:
        """The address as the public reads it: no scheme, cut."""
        bare = re.sub(r"^https?://(www\.)?", "", self.text, flags=re.IGNORECASE)
        return bare if len(bare) <= 27 else bare[:26] + "…"


def addresses(text: str) -> list[Address]:
    """Return the addresses in a text, in order."""
    found = []
    for match in _ADDRESS.finditer(text):
        end = _end_of_host(match)
        if end is None:
            continue
        if end == match.end("host"):
            end = _end(match)
        found.append(Address(match.start(), end, text[match.start() : end]))
    return found


def _end_of_host(match: re.Match[str]) -> int | None:
    """Return where the host ends: behind its last label that can end one. None when it is no host."""
    labels = match["host"].split(".")
    if match["scheme"]:
        known = labels[-1].lower() not in _RESERVED
        return match.end("host") if known else None
    if not match["host"].isascii():
        return None
    for count in range(len(labels), 1, -1):
        if labels[count - 1].lower() in _ENDS:
            return match.start("host") + len(".".join(labels[:count]))
    return None


def _end(match: re.Match[str]) -> int:
    """Return where path and query end: never in the punctuation of the sentence around."""
    if match["query"]:
        query = match["query"]
        while len(query) > 1 and not _LAST_OF_QUERY.fullmatch(query[-1]):
            query = query[:-1]
        return match.start("query") + len(query)
    if match["path"]:
        path = match["path"]
        while not _LAST_OF_PATH.fullmatch(path[-1]):
            path = path[:-1]
        return match.start("path") + len(path)
    return match.end("port") if match["port"] else match.end("host")


def weight(text: str) -> int:
    """Return the weighted length: NFC, a line end 1, an address 23, an emoji 2, other code points 1 or 2."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    total, at = 0, 0
    for address in [*addresses(text), None]:
        stop = address.start if address else len(text)
        total += _plain(text[at:stop]) + (ADDRESS_WEIGHT if address else 0)
        at = address.end if address else stop
    return total


def _plain(text: str) -> int:
    emoji = len(_EMOJI.findall(text))
    rest = _EMOJI.sub("", text)
    return 2 * emoji + sum(1 if any(low <= ord(sign) <= high for low, high in _LIGHT) else 2 for sign in rest)
