"""Judges requests to Google's APIs by the discovery documents that the client library brings."""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from googleapiclient.discovery_cache import get_static_doc

_HOSTS = {"youtube.googleapis.com": ("youtube", "v3"), "youtubeanalytics.googleapis.com": ("youtubeAnalytics", "v2")}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def check_request(request: requests.PreparedRequest) -> None:
    """Raise AssertionError where the request is none that its API's document describes."""
    parts = urlsplit(request.url or "")
    assert (parts.scheme, parts.hostname) in {("https", host) for host in _HOSTS}, request.url
    if request.method == "PUT" and "upload_id" in parts.query:
        return  # the resumable protocol is outside the document
    document = _document(parts.hostname or "")
    method = _method(document, str(request.method), parts.path)
    known = document["parameters"] | method["parameters"] | {"uploadType": {"type": "string"}}
    query = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in query:
        assert name in known, f"{method['id']} has no parameter {name}"
        _check_parameter(known[name], name, value)
    for name, rule in method["parameters"].items():
        assert not rule.get("required") or name in dict(query), f"{method['id']} needs {name}"
    is_media = parts.path.startswith("/upload/")
    assert not is_media or "mediaUpload" in method
    body = _body(request)
    assert (body is not None) == ("request" in method), f"{method['id']}: a body where there should be none, or none"
    if body is not None:
        _check(document, document["schemas"][method["request"]["$ref"]], body, method["id"])
        written = set(body) - {"id", "kind"}
        assert written <= set(dict(query)["part"].split(",")), f"{method['id']} writes parts that it does not name"


@cache
def _document(host: str) -> dict[str, Any]:
    text = get_static_doc(*_HOSTS[host])  # type: ignore[no-untyped-call]  # the stubs lack it
    return dict(json.loads(text))


def _method(document: dict[str, Any], verb: str, path: str) -> dict[str, Any]:
    for resource in document["resources"].values():
        for method in resource.get("methods", {}).values():
            paths = {"/" + method["path"]}
            if "mediaUpload" in method:
                paths.add(method["mediaUpload"]["protocols"]["simple"]["path"])
            if method["httpMethod"] == verb and path in paths:
                return dict(method)
    raise AssertionError(f"no method is called by {verb} {path}")


def _check_parameter(rule: dict[str, Any], name: str, value: str) -> None:
    assert "enum" not in rule or value in rule["enum"], f"{name}={value}"
    assert rule["type"] != "integer" or re.fullmatch(r"-?\d+", value), f"{name}={value}"
    assert rule["type"] != "boolean" or value in ("true", "false"), f"{name}={value}"


def _body(request: requests.PreparedRequest) -> Any:
    content_type = request.headers.get("Content-Type", "")
    if request.body is None or not (content_type.startswith(("application/json", "multipart/related"))):
        return None
    assert isinstance(request.body, str | bytes)
    text = request.body if isinstance(request.body, str) else request.body.decode("utf-8", "replace")
    if content_type.startswith("multipart/related"):
        text = text[text.index("{") : text.index("}\r\n" if "}\r\n" in text else "}\n") + 1]
    return json.loads(text)


def _check(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> None:
    if "$ref" in schema:
        schema = document["schemas"][schema["$ref"]]
    kind: Any = _TYPES[schema["type"]]
    assert isinstance(value, kind), f"{where} is no {schema['type']}"
    assert "enum" not in schema or value in schema["enum"], f"{where}: {value}"
    if schema["type"] == "array":
        for item in value:
            _check(document, schema["items"], item, f"{where}[]")
    for name, inner in value.items() if schema["type"] == "object" else ():
        assert name in schema["properties"], f"{where} has no {name}"
        _check(document, schema["properties"][name], inner, f"{where}.{name}")
