"""X's OpenAPI document, and whether a request is one that it describes.

The document is X's and is not kept here: `VOCERO_X_OPENAPI` names it, else it lies beside the repository
(`../shared/contracts/`). It knows the new spelling only, and we send the old one, as X's own pages do: what was renamed
is translated first (sheet of 2026-11-23, 7.1).
"""

import json
import os
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft4Validator

from connectors.http import Exchange

FILE = "x-openapi-2.167.json"
# fields that became expansions keep their names, but for this one
_RENAMED = {
    "referenced_tweets": "referenced_posts",
    "referenced_tweets.id": "referenced_posts",
    "note_tweet": "note_post",
}
_HOSTS = {"api.twitter.com", "api.x.com"}


def document_file() -> Path:
    """Return where the document should be."""
    named = os.environ.get("VOCERO_X_OPENAPI")
    return Path(named) if named else Path(__file__).parents[3] / "shared" / "contracts" / FILE


class Document:
    """The document, read."""

    def __init__(self, file: Path) -> None:
        self._tree: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    def faults(self, exchange: Exchange) -> list[str]:
        """Return all in which the request differs from the document; empty when it is as described."""
        parts = urlsplit(exchange.url)
        if parts.hostname not in _HOSTS:
            return [f"another host: {parts.hostname}"]
        found = self._operation(exchange.method.lower(), parts.path)
        if found is None:
            return [f"no such operation: {exchange.method} {parts.path}"]
        operation, values = found
        known = [self._resolved(parameter) for parameter in operation.get("parameters", ())]
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return [
            *self._query_faults(known, query),
            *(fault for one in known if one["in"] == "path" for fault in self._of(one["schema"], values[one["name"]])),
            *self._body_faults(operation, exchange),
        ]

    def _operation(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
        # a literal path goes before one with a part left open
        for template in sorted(self._tree["paths"], key=lambda one: one.count("{")):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            match = re.fullmatch(pattern, path)
            if match and method in self._tree["paths"][template]:
                return self._tree["paths"][template][method], match.groupdict()
        return None

    def _query_faults(self, known: list[dict[str, Any]], query: dict[str, str]) -> Iterator[str]:
        schemas = {one["name"]: one["schema"] for one in known if one["in"] == "query"}
        for name, value in _translated(query).items():
            if name not in schemas:
                yield f"no such parameter: {name}"
                continue
            yield from (f"{name}: {fault}" for fault in self._of(schemas[name], value))
        for one in known:
            if one["in"] == "query" and one.get("required") and one["name"] not in query:
                yield f"parameter missing: {one['name']}"

    def _body_faults(self, operation: dict[str, Any], exchange: Exchange) -> list[str]:
        described = operation.get("requestBody")
        if not exchange.sent:
            return ["a body is missing"] if described and described.get("required") else []
        if described is None:
            return ["a body that the document does not know"]
        kind = exchange.sent_headers.get("Content-Type", "")
        content = described["content"].get(kind.split(";")[0])
        if content is None:
            return [f"a body of another kind: {kind}"]
        is_json = "json" in kind
        body = json.loads(exchange.sent) if is_json else _form(kind, exchange.sent)
        return self._of(content["schema"], body, typed=is_json)

    def _of(self, schema: dict[str, Any], value: Any, *, typed: bool = False) -> list[str]:
        whole = self._resolved(schema)
        if not typed:
            value = _typed(whole, value)
        return [error.message for error in Draft4Validator(whole).iter_errors(value)]

    def _resolved(self, node: Any) -> Any:
        """Return a part of the document with what it refers to in place."""
        if isinstance(node, list):
            return [self._resolved(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            target: Any = self._tree
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[unquote(step)]
            return self._resolved(target)
        return {name: self._resolved(one) for name, one in node.items()}


def _translated(query: dict[str, str]) -> dict[str, str]:
    """Return a query in the new spelling: author and parents are expansions there, no fields."""
    fields = {_RENAMED.get(one, one) for one in query.get("tweet.fields", "").split(",") if one}
    expansions = {_RENAMED.get(one, one) for one in query.get("expansions", "").split(",") if one}
    moved = {"author_id", "in_reply_to_user_id", "referenced_posts"}
    expansions |= fields & moved
    new = {name: value for name, value in query.items() if name not in ("tweet.fields", "expansions")}
    if fields - moved:
        new["post.fields"] = ",".join(sorted(fields - moved))
    if expansions:
        new["expansions"] = ",".join(sorted(expansions))
    return new


def _typed(schema: dict[str, Any], value: Any) -> Any:
    """Return what travelled as text in the type that is described."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {name: _typed(properties.get(name, {}), one) for name, one in value.items()}
    if schema.get("type") == "array":
        return [_typed(schema["items"], one) for one in str(value).split(",")]
    if schema.get("type") == "integer" and str(value).lstrip("-").isdecimal():
        return int(value)
    return value


def _form(kind: str, body: bytes) -> dict[str, str]:
    parsed: Message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in parsed.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            name = str(part.get_param("name", header="Content-Disposition"))
            found[name] = payload.decode("latin-1")
    return found
