"""Takes people and secrets out of recorded exchanges: by default everything is replaced, the shape kept.

What stays: numbers that count, times, truth values, the names of fields, and the words that the connector's own code
knows (names of metrics, states, fields), since those are the platform's and no person's. All else becomes made up, the
same thing always the same way, so that what belongs together in a recording still does. A credential that we hold
becomes `<ITS_NAME>`; one that we do not know is refused: then nothing may be written.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit

_SECRET_NAME = re.compile(
    r"(?i)token|secret|passw|signature(?!_method)|proof|api_?key|authori[sz]ation$|cookie|session_?id|credential|assertion|jwt"
)
_CURSOR_NAME = re.compile(r"(?i)(next|prev|previous|page|pagination|sync)_?(page_?)?token|.*cursors?|after|before|etag")
_ID_NAME = re.compile(r"(?i)(.*_)?(id|ids|urn|nsid|guid)|.*[a-z](Id|Ids|Urn)|urn|parent|post|author|actor|object")
_COUNT_NAME = re.compile(
    r"(?i).*(count|total|value|views?|likes?|size|width|height|duration|time|date|_at|since|until)s?"
)
_PREFIXED = re.compile(
    r"\bEAA[A-Za-z0-9]{8,}|\bya29\.[\w-]{8,}|\beyJ[\w-]{8,}\.[\w-]{4,}|\bAIza[\w-]{12,}|(?i:bearer) (?!<)\S{12,}"
)
# letters of both cases and digits, or nothing but hexadecimal ones
_LONG = re.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+/=.~|-]{24,}|(?=.*\d)[0-9a-z]{32,}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?Z|[+-]\d\d:?\d\d)?)?|(?:\d\d?:){1,2}\d\d")
_LETTER_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PHONE = re.compile(r"\+?\(?\d[\d .()/-]{6,}\d")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://[^\s\"'<>]+")
_CHUNK = re.compile(r"[\w.$-]+")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"<!--.*?-->|<[^<>]*>|&\w+;|&#\d+;|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s\"'<>]+", re.DOTALL)
_FIELD = re.compile(r"[A-Za-z_@$#][\w@.$:-]*")
_SYLLABLES = tuple(consonant + vowel for consonant in "bcdfglmnprstvz" for vowel in "aeiou")
_ANYBODYS = frozenset({"true", "false", "null", "http", "https"})
_CONTENT = frozenset({"value", "_content", "$"})  # says what the field around it is called
_LONG_RUN = 5  # digits: shorter ones count, number pages or name a version


class Scrubber:
    """Makes up things for one recording. `refused` lists where something secret-looking stood that nobody knows.

    `secrets`: what we hold → its name; `known`: the same for what is no secret, but stands in a login; `words`: those
    of the connector's code; `hosts`: the platform's own; `own_host`: where the account's site is, "" where it has none;
    `own`: what names the account; `masked`: fields that somebody looked at and wants replaced though they look secret.
    """

    def __init__(
        self,
        *,
        secrets: Mapping[str, str],
        known: Mapping[str, str] | None = None,
        words: Iterable[str],
        hosts: Iterable[str] = (),
        own_host: str = "",
        own: Iterable[str] = (),
        masked: Iterable[str] = (),
    ) -> None:
        self._names = {form: f"<{name}>" for secret, name in secrets.items() for form in _forms(secret)}
        if own_host:
            self._names[own_host] = "www.oficina.example"
        self._known = dict(known or {})
        self._words = {*_ANYBODYS, *words}
        self._hosts = set(hosts)
        self._own_host = own_host
        self._own = {each.casefold() for each in own if each}
        self._masked = set(masked)
        self._made_up: dict[str, str] = {}
        self._made_words: dict[str, str] = {}
        self._computed: dict[str, str] = {}
        self.replaced: set[str] = set()
        self.refused: list[str] = []

    def learn(self, url: str, form: str = "") -> None:
        """Take in what a request says: it is the connector's own words, save what names the account."""
        parts = urlsplit(url)
        if parts.hostname and parts.hostname != self._own_host:
            self._hosts.add(parts.hostname)
        values = [value for _name, value in (*parse_qsl(parts.query), *parse_qsl(form)) if value not in self._names]
        for text in (*re.split(r"/|%[0-9A-Fa-f]{2}", parts.path), *values):
            for chunk in _CHUNK.findall(text):
                if re.fullmatch(r"[A-Za-z][A-Za-z_.-]*|v\d+(\.\d+)?", chunk) and chunk.casefold() not in self._own:
                    self._words.add(chunk)

    def address(self, url: str) -> str:
        """Return a request's address without its query."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{self._names.get(parts.netloc, parts.netloc)}{self._path(parts.path)}"

    def query(self, url: str) -> dict[str, Any]:
        """Return a request's query, as `form`."""
        return self.form(urlsplit(url).query)

    def form(self, encoded: str) -> dict[str, Any]:
        """Return what a request gives by names: what is secret has a name, also what the connector computed."""
        grouped: dict[str, list[str]] = {}
        for name, value in parse_qsl(encoded, keep_blank_values=True):
            if value in self._known:
                made_up = f"<{self._known[value]}>"
            elif _is_secret(name) and value not in self._names:
                made_up = self._computed_name(name, value)
            else:
                made_up = self.text(value, name=name)
            grouped.setdefault(name, []).append(made_up)
        return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}

    def header(self, value: str) -> str | None:
        """Return an Authorization header with names for what is in it, None where it holds anything else."""
        scheme, _space, rest = value.partition(" ")
        named = self._split(rest, lambda piece: piece)
        for value_of, its_name in self._known.items():
            named = named.replace(value_of, f"<{its_name}>")
        return f"{scheme} {named}" if re.fullmatch(r"(<\w+>[:|]?)+", named) else None

    def value(self, value: Any, *, name: str = "", place: str = "") -> Any:
        """Return a JSON value made up; `place` says where it stands."""
        if isinstance(value, Mapping):
            return {
                self._field(key): self.value(
                    inner, name=name if key in _CONTENT else key, place=f"{place}.{key}" if place else key
                )
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self.value(inner, name=name, place=place) for inner in value]
        if isinstance(value, bool) or value is None or isinstance(value, float):
            return value
        if isinstance(value, int):
            return int(self._number(str(value), name))
        text = _writable(str(value))
        if name not in self._masked and self._is_refused(text, name):
            self.refused.append(place)
            return ""
        return self.text(text, name=name)

    def text(self, text: str, *, name: str = "") -> str:
        """Return a text made up, by what it looks like and the name of its field."""
        is_address = _URL.fullmatch(text) is not None
        made_up = self._url(text) if is_address else self._split(text, lambda piece: self._piece(piece, name))
        if made_up != text and not _NUMBER.fullmatch(text):
            self.replaced.add(text)
        return made_up

    def prose(self, text: str) -> str:
        """Return a text for people made up: each word another, tags without their attributes."""
        kept: list[str] = []
        end = 0
        for match in _PIECE.finditer(text):
            kept += [self._words_of(text[end : match.start()]), self._mark(match[0])]
            end = match.end()
        return "".join([*kept, self._words_of(text[end:])])

    def _split(self, text: str, scrub: Callable[[str], str]) -> str:
        if not self._names:
            return scrub(text)
        known = "|".join(re.escape(form) for form in sorted(self._names, key=len, reverse=True))
        pieces = re.split(f"({known})", text)
        return "".join(self._names[piece] if n % 2 else scrub(piece) for n, piece in enumerate(pieces))

    def _piece(self, text: str, name: str) -> str:
        if text in self._made_up:
            return self._made_up[text]
        if not text.strip() or _DATE.fullmatch(text) or _LETTER_DATE.fullmatch(text):
            return text
        if _NUMBER.fullmatch(text):
            return self._number(text, name)
        if name in self._masked:
            return self._made(text, "inventado-{n}")
        if _CURSOR_NAME.fullmatch(name):
            return text if text in self._words else self._made(text, "cursor-{n}")
        if address := _ip(text):
            return self._made(text, address)
        if _PHONE.fullmatch(text) and not re.search(r"\d{4}-\d\d-\d\d", text):
            return re.sub(r"\d", "7", text)
        if re.search(r"[\s<>&@]", text):
            return self.prose(text)
        return _CHUNK.sub(lambda match: self._chunk(match[0]), text)

    def _chunk(self, chunk: str) -> str:
        if chunk in self._words:
            return chunk
        if "." in chunk or "$" in chunk:
            return re.sub(r"[^.$]+", lambda match: self._token(match[0]), chunk)
        return self._token(chunk)

    def _token(self, token: str) -> str:
        if token in self._words:
            return token
        has_both = re.search(r"\d", token) and re.search(r"[^\W\d_]", token)
        if has_both and not re.fullmatch(r"(?:[^\W\d_]+-)*\d{1,4}(?:-[^\W\d_]+)*", token):
            return self._atom(token)
        return _RUN.sub(lambda match: self._run(match[0]), token)

    def _run(self, run: str) -> str:
        if run.isdecimal():
            return self._digits(run) if len(run) >= _LONG_RUN else run
        return run if run in self._words else self._word(run)

    def _words_of(self, text: str) -> str:
        return _WORD.sub(lambda match: self._word_of(match[0]), text)

    def _word_of(self, word: str) -> str:
        if word.isdecimal():
            return self._digits(word) if len(word) >= _LONG_RUN else "7" * len(word)
        return self._word(word) if word.isalpha() else self._atom(word)

    def _atom(self, token: str) -> str:
        return self._made(token, f"x{{n:0{max(1, min(len(token), 12) - 1)}}}")

    def _word(self, word: str) -> str:
        if len(word) == 1:
            return "a" if word.islower() else "A"
        key = word.casefold()
        if key not in self._made_words:
            n = len(self._made_words)
            made = _SYLLABLES[n % 70] + _SYLLABLES[n // 70 % 70]
            self._made_words[key] = made if n < 70 * 70 else made + _SYLLABLES[n // 4900 % 70]
        made = self._made_words[key]
        return made.upper() if word.isupper() else made.capitalize() if word[0].isupper() else made

    def _digits(self, run: str) -> str:
        return self._made(run, f"9{{n:0{len(run) - 1}}}")[: len(run)]

    def _number(self, text: str, name: str) -> str:
        if text in self._made_up:
            return self._made_up[text]
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        is_id = _ID_NAME.fullmatch(name) or (len(digits) >= 7 and not _COUNT_NAME.fullmatch(name))
        return sign + self._digits(digits) if is_id and digits.isdecimal() and len(digits) >= _LONG_RUN else text

    def _made(self, text: str, shape: str) -> str:
        if text not in self._made_up:
            self._made_up[text] = shape.format(n=len(self._made_up) + 1)
        return self._made_up[text]

    def _mark(self, piece: str) -> str:
        if piece.startswith("<"):
            tag = re.match(r"</?([A-Za-z][A-Za-z0-9]{0,9})\b", piece)
            block = re.fullmatch(r"<!-- /?wp:[a-z/]+ -->", piece)
            return piece if block else f"{tag[0]}>" if tag else "<!-- -->"
        if piece.startswith("&"):
            return piece
        if _EMAIL.fullmatch(piece):
            return self._made(piece, "persona-{n}@correo.example")
        return self._url(piece)

    def _url(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.hostname not in {*self._hosts, self._own_host} or parts.username:
            return self._made(url, "https://enlace-{n}.example/")
        query = urlencode([(name, self.text(value, name=name)) for name, value in parse_qsl(parts.query)], safe="<>")
        return self.address(url) + (f"?{query}" if query else "")

    def _path(self, path: str) -> str:
        pieces = re.split(r"(/|%[0-9A-Fa-f]{2})", path)
        return "".join(piece if n % 2 else self.text(piece) for n, piece in enumerate(pieces))

    def _field(self, name: str) -> str:
        name = _writable(name)
        is_plain = _FIELD.fullmatch(name) and not re.search(r"\d{5}", name) and not _EMAIL.search(name)
        return name if is_plain and name not in self._names else self.text(name)

    def _is_refused(self, text: str, name: str) -> bool:
        bare = self._split(text, lambda piece: piece)
        if _PREFIXED.search(bare):
            return True
        if _is_secret(name):
            return len(re.sub(r"<\w+>", "", bare)) >= 8
        if _URL.fullmatch(bare):
            parts = urlsplit(bare)
            return parts.hostname in self._hosts and any(
                _is_secret(key) and not re.fullmatch(r"<\w+>", value) for key, value in parse_qsl(parts.query)
            )
        if _CURSOR_NAME.fullmatch(name) or _ID_NAME.fullmatch(name) or text in self._words:
            return False
        return _LONG.fullmatch(bare) is not None and _DATE.fullmatch(bare) is None

    def _computed_name(self, name: str, value: str) -> str:
        """Return the name of what the connector computed from a secret: another value, another name."""
        if value not in self._computed:
            base = re.sub(r"\W", "_", name).upper()
            taken = sum(1 for each in self._computed.values() if each.startswith(f"<{base}"))
            self._computed[value] = f"<{base}_{taken + 1}>" if taken else f"<{base}>"
        return self._computed[value]

    def left(self, text: str) -> list[str]:
        """Return what a finished document still has of what was to be replaced: names of kinds, not the things."""
        found = [name for form, name in self._names.items() if form in text]
        found += ["e-mail" for match in _EMAIL.finditer(text) if not match[0].endswith(".example")]
        found += ["token" for _match in _PREFIXED.finditer(text)]
        found += ["text" for each in self.replaced if len(each) >= 12 and " " in each and each in text]
        return found


def _writable(text: str) -> str:
    """Return the text without halves of characters, which JSON may hold and no file can."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_secret(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _CURSOR_NAME.fullmatch(name)


def _forms(secret: str) -> set[str]:
    return {secret, secret.replace(" ", ""), quote(secret, safe=""), quote_plus(secret)} if len(secret) >= 4 else set()


def _ip(text: str) -> str:
    try:
        return "192.0.2.{n}" if ipaddress.ip_address(text).version == 4 else "2001:db8::{n}"
    except ValueError:
        return ""
