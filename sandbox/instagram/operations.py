"""What each request asks for, by name, for fault rules; and which requests to a shared host are Instagram's."""

import re

from sandbox.exchange import Call
from sandbox.facebook.operations import place, split
from sandbox.instagram.access import LOGIN_HOST
from sandbox.instagram.accounts import FILES_HOST, Accounts

TOKEN_HOST = "api.instagram.com"  # noqa: S105  # a host, no secret
UPLOAD_HOST = "rupload.facebook.com"
OPERATIONS = frozenset(
    {
        "identify",
        "exchange",
        "container",
        "container_status",
        "upload",
        "publish",
        "quota",
        "edit",
        "delete",
        "read",
        "list",
        "comments",
        "reply",
        "hide",
        "insights",
        "file",
    }
)
_OWN_ID = re.compile(r"17[89]\d{14}")
"""Instagram's numbers, unlike those of the imitated Pages."""
_READ_EDGES = {
    "insights": "insights",
    "comments": "comments",
    "replies": "comments",
    "content_publishing_limit": "quota",
}
_WRITTEN_EDGES = {"media": "container", "media_publish": "publish", "comments": "reply", "replies": "reply"}
_TOKEN_PATHS = frozenset({"/access_token", "/refresh_access_token"})


def claims(call: Call) -> bool:
    """Whether a call to graph.facebook.com or rupload.facebook.com is about Instagram."""
    if call.host == UPLOAD_HOST:
        return call.path.startswith("/ig-api-upload/")
    endpoint, node, _edge = place(split(call.path)[1])
    return endpoint in {"node", "edge"} and _OWN_ID.fullmatch(node) is not None


def is_exchange(call: Call) -> bool:
    """Whether a call to Instagram's own hosts asks for a token."""
    return call.host == TOKEN_HOST or (call.host == LOGIN_HOST and split(call.path)[1] in _TOKEN_PATHS)


def name(accounts: Accounts, call: Call) -> str:
    """Return the operation, "" for none."""
    fixed = {FILES_HOST: "file", UPLOAD_HOST: "upload"}.get(call.host)
    if fixed or is_exchange(call):
        return fixed or "exchange"
    endpoint, node, edge = place(split(call.path)[1])
    if endpoint == "edge":
        if call.method == "GET":
            return _READ_EDGES.get(edge, "list")
        return _WRITTEN_EDGES.get(edge, "") if call.method == "POST" else ""
    if endpoint not in {"node", "me"}:
        return "read"
    if call.method == "GET":
        is_account = endpoint == "me" or node in {*accounts.usernames, accounts.world.login_scoped_id}
        return "identify" if is_account else "container_status" if node in accounts.state.containers else "read"
    if call.method == "DELETE":
        return "delete"
    return "hide" if "hide" in call.query else "edit"
