"""Rest.li 2.0 over HTTP: raw paths and queries, methods, what may stand where (sheet section 0).

Read from the request line as it was sent: whether a colon is structure or part of a value shows only there.
"""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

from sandbox.exchange import Call
from sandbox.linkedin.errors import LinkedInError, bad_syntax, not_a_map, not_imitated, unpermitted

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
LONGEST_QUERY = 4000
"""Characters; beyond about this a query must be tunnelled ([lib]; the status 414 is ours)."""
PROTOCOL = "2.0.0"
_STRUCTURE = re.compile(r"[(),:']")
_PLAIN = re.compile(r"(?:[!-$*+\-./0-9;-~]|%[0-9A-Fa-f]{2})*")
"""ASCII without space and without the reserved `& ' ( ) , :`; a per cent sign only before two digits."""
_METHODS = {
    "GET": {"GET", "GET_ALL"},
    "BATCH_GET": {"BATCH_GET"},
    "FINDER": {"FINDER"},
    "CREATE": {"CREATE"},
    "ACTION": {"ACTION"},
    "PARTIAL_UPDATE": {"PARTIAL_UPDATE"},
    "UPDATE": {"UPDATE"},
    "DELETE": {"DELETE"},
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for: `root` is `rest` or `v2`, `path` the decoded segments below it, `method` Rest.li's."""

    method: str
    root: str
    path: tuple[str, ...]
    params: dict[str, Value]

    def only(self, *names: str) -> None:
        """Refuse parameters that are not among the names. Raises LinkedInError 403, as the platform does."""
        unknown = [name for name in self.params if name not in names]
        if unknown:
            raise unpermitted("PARAMETER", unknown)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a simple parameter. Raises LinkedInError 400 when it is missing or structured."""
        value = self.params.get(name, default)
        if value is None:
            raise LinkedInError(400, f"Parameter {name} is required", code="MISSING_FIELD")
        if not isinstance(value, str):
            raise bad_parameter(name)
        return value

    def words(self, name: str) -> list[str]:
        """Return a `List(...)` parameter of simple values, empty when it is missing."""
        value = self.params.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise bad_parameter(name)
        return [item for item in value if isinstance(item, str)]

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        value = self.params.get(name, str(default))
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
            raise bad_parameter(name)
        return int(value)


def bad_parameter(name: str) -> LinkedInError:
    """Return 400 for a parameter with an impossible value."""
    return LinkedInError(400, f"Invalid value for parameter {name}", code="INVALID_VALUE_FOR_FIELD")


def segments(target: str) -> list[str]:
    """Return the raw segments of a request target's path."""
    return target.partition("?")[0].removeprefix("/").split("/")


def raw_query(call: Call) -> str:
    """Return the query as sent: from the request line, or tunnelled in the body."""
    return call.form_text if is_tunnelled(call) else call.target.partition("?")[2]


def is_tunnelled(call: Call) -> bool:
    """Whether the request is a GET in the clothes of a POST."""
    return call.method == "POST" and "X-HTTP-Method-Override" in call.headers


def read(call: Call) -> Ask:
    """Return what is asked for. Raises LinkedInError 400, 414."""
    tunnelled = is_tunnelled(call)
    if tunnelled and call.headers["X-HTTP-Method-Override"].upper() != "GET":
        raise not_imitated("X-HTTP-Method-Override distinto de GET")
    query = raw_query(call)
    if not tunnelled and len(query) > LONGEST_QUERY:
        raise LinkedInError(414, "Request-URI Too Long")
    protocol = call.headers.get("X-Restli-Protocol-Version")
    if protocol not in {None, PROTOCOL}:
        raise LinkedInError(400, f"Rest.li protocol version {protocol} is not supported", code="ILLEGAL_ARGUMENT")
    params = _params(query, structured=protocol is not None)
    root, *path = segments(call.target)
    method = _method("GET" if tunnelled else call.method, params, call.headers.get("X-RestLi-Method", "").upper())
    return Ask(method=method, root=root, path=tuple(_key(segment) for segment in path), params=params)


def _method(http: str, params: dict[str, Value], named: str) -> str:
    if http == "GET":
        method = "FINDER" if "q" in params else "BATCH_GET" if "ids" in params else "GET"
    elif http == "POST":
        method = "ACTION" if "action" in params else "PARTIAL_UPDATE" if named == "PARTIAL_UPDATE" else "CREATE"
    else:
        method = {"DELETE": "DELETE", "PUT": "UPDATE"}.get(http, http)
    if named and named not in _METHODS.get(method, ()):
        raise LinkedInError(400, f"X-RestLi-Method {named} does not fit the request", code="ILLEGAL_ARGUMENT")
    return method


def _key(segment: str) -> str:
    if _STRUCTURE.search(segment) or not _PLAIN.fullmatch(segment):
        raise bad_syntax("path variables")
    return _decoded(segment, "path variables")


def _decoded(raw: str, where: str) -> str:
    try:
        return unquote(raw, errors="strict")
    except UnicodeDecodeError as error:
        raise bad_syntax(where) from error


def _params(query: str, *, structured: bool) -> dict[str, Value]:
    params: dict[str, Value] = {}
    for pair in query.split("&") if query else []:
        name, equals, raw = pair.partition("=")
        if not equals or not name or name in params:
            raise bad_syntax("query parameters")
        if structured:
            params[name] = _Reader(raw).whole()
        elif raw.startswith(("List(", "(")):
            # Without the header the old protocol reads these, and finds no list and no record [memory].
            raise bad_syntax(f"query parameters: {name} of Rest.li protocol 1.0.0")
        else:
            params[name] = _decoded(raw, "query parameters")
    return params


class _Reader:
    """Reads one value: a word, `List(a,b)` or `(key:value,key:value)`, nested at will."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> Value:
        value = self._value()
        if self._at != len(self._text):
            raise bad_syntax("query parameters")
        return value

    def _value(self) -> Value:
        if self._take("List("):
            return self._list()
        if self._take("("):
            return self._record()
        return self._word()

    def _take(self, mark: str) -> bool:
        found = self._text.startswith(mark, self._at)
        self._at += len(mark) if found else 0
        return found

    def _list(self) -> Value:
        items: list[Value] = []
        if self._take(")"):
            return items
        while True:
            items.append(self._value())
            if self._take(")"):
                return items
            if not self._take(","):
                raise bad_syntax("query parameters")

    def _record(self) -> Value:
        items: dict[str, Value] = {}
        while True:
            key = self._word()
            if not key or not self._take(":"):
                raise bad_syntax("query parameters")
            items[key] = self._value()
            if self._take(")"):
                return items
            if not self._take(","):
                raise bad_syntax("query parameters")

    def _word(self) -> str:
        match = _PLAIN.match(self._text, self._at)
        word = match[0] if match else ""
        self._at += len(word)
        return _decoded(word, "query parameters")


def json_body(call: Call) -> Any:
    """Return the JSON body. Raises LinkedInError: 415 for another type, 400 for what is no JSON."""
    sent = call.body is not None or call.form or call.files or call.form_text
    if call.content_type != "application/json" and sent:
        raise LinkedInError(415, f"Unsupported media type {call.content_type}", code="UNSUPPORTED_MEDIA_TYPE")
    if call.json_broken or call.json is None:
        raise not_a_map()
    return call.json
