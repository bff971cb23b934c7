"""Paths of the Graph API, and what each request asks for, by name, for fault rules."""

import re

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from sandbox.exchange import Call
from sandbox.facebook import params
from sandbox.facebook.errors import GraphError
from sandbox.facebook.pages import FILES_HOST, Pages

OPERATIONS = frozenset(
    {
        "identify",
        "exchange",
        "feed",
        "photo",
        "video",
        "video_status",
        "publish",
        "edit",
        "delete",
        "read",
        "list",
        "comments",
        "reply",
        "hide",
        "like",
        "insights",
        "file",
    }
)
_VERSION = re.compile(r"/(v\d+\.\d+)(?=/|$)")
_PATHS = Map(
    [
        Rule("/", endpoint="ids"),
        Rule("/me", endpoint="me"),
        Rule("/me/accounts", endpoint="accounts"),
        Rule("/debug_token", endpoint="debug"),
        Rule("/oauth/access_token", endpoint="exchange"),
        Rule("/<node>", endpoint="node"),
        Rule("/<node>/<edge>", endpoint="edge"),
    ],
    strict_slashes=False,
    redirect_defaults=False,
).bind("graph.facebook.com")
_READ_EDGES = {"insights": "insights", "comments": "comments"}
_WRITTEN_EDGES = {"feed": "feed", "photos": "photo", "videos": "video", "comments": "reply", "likes": "like"}
_CHANGES = (("is_published", "publish"), ("published", "publish"), ("is_hidden", "hide"), ("message", "edit"))


def split(path: str) -> tuple[str, str]:
    """Return the version ("" without one) and the rest of a path."""
    match = _VERSION.match(path)
    return (match[1], path[match.end() :] or "/") if match else ("", path)


def place(path: str) -> tuple[str, str, str]:
    """Return endpoint, node and edge of a path without version; three times "" for an impossible one."""
    try:
        endpoint, found = _PATHS.match(path, method="GET")
    except HTTPException:
        return "", "", ""
    return str(endpoint), found.get("node", ""), found.get("edge", "")


def name(pages: Pages, call: Call) -> str:
    """Return the operation, "" for none."""
    if call.host == FILES_HOST:
        return "file"
    endpoint, node, edge = place(split(call.path)[1])
    if endpoint in {"me", "accounts", "debug", "exchange"}:
        return "exchange" if endpoint == "exchange" else "identify"
    if endpoint == "edge":
        if call.method == "GET":
            return _READ_EDGES.get(edge, "list")
        return _WRITTEN_EDGES.get(edge, "") if call.method == "POST" else "like" if edge == "likes" else ""
    if endpoint != "node":
        return "read"
    if call.method == "GET":
        kinds = ((pages.names, "identify"), (pages.state.videos, "video_status"))
        return next((operation for known, operation in kinds if node in known), "read")
    return "delete" if call.method == "DELETE" else _change(call)


def _change(call: Call) -> str:
    try:
        given = params.read(call)
    except GraphError:
        return ""
    return next((operation for key, operation in _CHANGES if key in given), "edit")
