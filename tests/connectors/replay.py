"""Plays recorded or documented HTTP exchanges back to a connector, strictly and in order.

A fixture is `fixtures/http/<platform>/<operation>[__<situation>].yaml`:

    origin: documented        # recorded: from the real platform; documented: from its manual; constructed: ours
    source: sheet facebook.md 2.6 [code]      # where the shapes come from
    date: 2026-11-23          # when that was read or recorded
    exchanges:                # in the order in which the connector must make them; all of them, and no other
      - request:
          method: POST
          url: https://graph.facebook.com/v26.0/111_9001   # without the query
          query: {fields: "id"}                  # exact; left out: none. A repeated name has a list
          headers: {Authorization: Bearer <PAGE_TOKEN>}    # these at least, names in any case
          form: {is_published: "true"}           # exact; a body is form, json, multipart, body, or nothing
          json: {title: "…"}                     # exact
          multipart: {published: "false", source: {filename: one.jpg, type: image/jpeg, content: "…"}}   # exact
          body: "…"                              # exact raw body (UTF-8), for anything else
        response:
          status: 200
          headers: {X-App-Usage: "…"}
          json: {success: true}                  # or `text: "<html>…"` with its Content-Type, or neither: an empty body
      - request: {…}
        response: {failure: lost}                # lost: no answer in time; reset: connection broken after sending;
                                                 # refused: nothing was sent; truncated: the body breaks off half-way

`<NAME>` stands for a value that the test gives (`replay(…, PAGE_TOKEN="…")`), so that no credential is ever in a file.
What differs stops the test with both sides, and nothing in the code under test can swallow that.

    with replay("facebook", "publish__lost_answer", PAGE_TOKEN=TOKEN), pytest.raises(OutcomeUnknown):
        connector.publish(post, stage)
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import responses
import yaml
from responses.registries import FirstMatchRegistry
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "http"
ANYWHERE = re.compile("")
JSON_TYPE = "application/json; charset=UTF-8"


@contextmanager
def replay(platform: str, name: str, **values: str) -> Iterator[None]:
    """Answer every HTTP request inside from the fixture. Fails on a difference, an extra call and a missing one."""
    with responses.RequestsMock(registry=_Script, assert_all_requests_are_fired=False) as mock:
        script = mock.get_registry()
        assert isinstance(script, _Script)
        script.begin(load(platform, name, **values), f"{platform}/{name}")
        try:
            yield
        finally:
            script.raise_difference()
    script.raise_unplayed()


def load(platform: str, name: str, **values: str) -> dict[str, Any]:
    """Return the fixture with its placeholders filled in."""
    text = (FIXTURES / platform / f"{name}.yaml").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"<{key}>", value)
    document = parsed(text)
    assert isinstance(document, dict), f"{platform}/{name} is not a mapping"
    return document


def parsed(text: str) -> Any:
    """Return what a YAML text holds; as `safe_load`, by libyaml where PyYAML was built with it."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class _Script(FirstMatchRegistry):
    """The exchanges still to come. `responses` asks it for the answer to every request."""

    def begin(self, document: dict[str, Any], name: str) -> None:
        """Play this fixture from its first exchange."""
        self._name = name
        self._coming = list(document["exchanges"])
        self._played = 0
        self._difference = ""

    def find(self, request: requests.PreparedRequest) -> tuple[responses.BaseResponse | None, list[str]]:
        """Return the next answer, if this is the request that it belongs to."""
        if not self._coming:
            self._differ("no further request", _shown(described(request)))
        exchange = self._coming.pop(0)
        expected, real = expectation(exchange["request"]), described(request)
        wanted_headers = {k.lower(): v for k, v in exchange["request"].get("headers", {}).items()}
        real_headers = {k.lower(): v for k, v in request.headers.items() if k.lower() in wanted_headers}
        if (expected, wanted_headers) != (real, real_headers):
            self._differ(_shown(expected | {"headers": wanted_headers}), _shown(real | {"headers": real_headers}))
        self._played += 1
        return _answer(exchange["response"], request), []

    def raise_difference(self) -> None:
        """Repeat the first difference, in case that something caught it."""
        if self._difference:
            raise AssertionError(self._difference)

    def raise_unplayed(self) -> None:
        """Fail where the connector asked for less than the fixture has."""
        if self._coming:
            missing = _shown(expectation(self._coming[0]["request"]))
            raise AssertionError(f"{self._name}: after {self._played} requests this one never came:\n{missing}")

    def _differ(self, expected: str, real: str) -> None:
        if not self._difference:
            self._difference = f"{self._name}: request {self._played + 1} differs\nexpected:\n{expected}\nreal:\n{real}"
        raise AssertionError(self._difference)


def expectation(request: dict[str, Any]) -> dict[str, Any]:
    """Return what the fixture expects, in the form of `described`."""
    kinds = [kind for kind in ("form", "json", "multipart", "body") if kind in request]
    assert len(kinds) <= 1, f"a request has one body, this one has {kinds}"
    return {
        "method": request["method"],
        "url": request["url"],
        "query": request.get("query", {}),
        **({kinds[0]: request[kinds[0]]} if kinds else {}),
    }


def described(request: requests.PreparedRequest) -> dict[str, Any]:
    """Return a request as a fixture writes it: method, url, query and body, the body by its Content-Type."""
    parts = urlsplit(request.url or "")
    description: dict[str, Any] = {
        "method": request.method,
        "url": f"{parts.scheme}://{parts.netloc}{parts.path}",
        "query": _mapping(parse_qsl(parts.query, keep_blank_values=True)),
    }
    body = _bytes(request.body)
    if not body:
        return description
    content_type = request.headers.get("Content-Type", "")
    readers: dict[str, tuple[str, Callable[[], Any]]] = {
        "application/x-www-form-urlencoded": (
            "form",
            lambda: _mapping(parse_qsl(body.decode(), keep_blank_values=True)),
        ),
        "application/json": ("json", lambda: json.loads(body)),
        "multipart/form-data": ("multipart", lambda: _parts(content_type, body)),
    }
    kind, read = readers.get(
        content_type.split(";")[0].strip().lower(),
        ("body", lambda: body.decode("utf-8", "backslashreplace")),
    )
    return description | {kind: read()}


def _parts(content_type: str, body: bytes) -> dict[str, Any]:
    parsed: Message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    found: list[tuple[str, Any]] = []
    for part in parsed.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        content = payload.decode("utf-8", "backslashreplace")
        name = str(part.get_param("name", header="Content-Disposition"))
        if part.get_filename() is None:
            found.append((name, content))
        else:
            found.append((name, {"filename": part.get_filename(), "type": part.get_content_type(), "content": content}))
    return _mapping(found)


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    grouped: dict[str, list[Any]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    return bytes(body.read()) if hasattr(body, "read") else b"".join(body)


def _answer(answer: Mapping[str, Any], request: requests.PreparedRequest) -> responses.Response:
    failure = answer.get("failure", "")
    body: str | Exception
    if failure in ("lost", "reset", "refused"):
        body = _failure(failure, request)
    else:
        body = json.dumps(answer["json"], ensure_ascii=False) if "json" in answer else answer.get("text", "")
    headers = {str(k): str(v) for k, v in answer.get("headers", {}).items()}
    content_type = headers.pop("Content-Type", JSON_TYPE if "json" in answer else None)
    if failure == "truncated":
        assert isinstance(body, str)
        headers["Content-Length"] = str(len(body.encode()))
        body = body[: len(body) // 2]
    return responses.Response(
        request.method or "",
        ANYWHERE,
        body=body,
        status=answer.get("status", 200),
        headers=headers,
        content_type=content_type,
    )


def _failure(failure: str, request: requests.PreparedRequest) -> Exception:
    url = request.url or ""
    if failure == "lost":
        return requests.ReadTimeout(f"Read timed out: {url}", request=request)
    if failure == "reset":
        broken = ProtocolError("Connection aborted.", ConnectionResetError(104, "Connection reset by peer"))
        return requests.ConnectionError(broken, request=request)
    refused = NewConnectionError(HTTPConnection(urlsplit(url).hostname or ""), "Connection refused")
    return requests.ConnectionError(MaxRetryError(None, url, refused), request=request)  # type: ignore[arg-type]


def _shown(value: dict[str, Any]) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=True))
