"""Which node or edge a call is about, and what is done with it."""

from collections.abc import Callable
from typing import Any

from sandbox.facebook.errors import bad_parameter, bad_path, not_found, not_imitated
from sandbox.facebook.operations import place
from sandbox.instagram import (
    access,
    account_insights,
    comments,
    containers,
    insights,
    library,
    nodes,
    publishing,
)
from sandbox.instagram.accounts import Accounts, Visit

_FOREIGN_EDGES = frozenset(
    {"mentions", "subscribed_apps", "scheduled_media", "business_discovery", "live_media", "recently_searched_hashtags"}
)
"""Edges that exist, and that no publishing desk needs here."""
_FOREIGN_FIELDS = ("mentioned_media", "mentioned_comment", "business_discovery")

Action = Callable[[], Any]


def carry_out(accounts: Accounts, visit: Visit, path: str) -> Any:
    """Carry a call out. Raises GraphError."""
    endpoint, node, edge = place(path)
    if endpoint == "accounts":  # /me/accounts is the Pages'; Instagram's own host has no such edge
        endpoint, node, edge = "edge", "me", "accounts"
    if endpoint not in {"me", "node", "edge"}:
        raise bad_path(path)
    node = "me" if endpoint == "me" else node
    account_id = accounts.account_of(node, visit.caller)
    method = visit.call.method
    if edge in _FOREIGN_EDGES:
        raise not_imitated(edge)
    if account_id is not None:
        actions = _account(accounts, visit, account_id)
    elif node in accounts.state.containers:
        actions = {("GET", ""): lambda: containers.read(accounts, visit, accounts.state.containers[node])}
    elif node in accounts.state.media:
        actions = _media(accounts, visit, node)
    elif node in accounts.state.comments:
        actions = _comment(accounts, visit, node)
    else:
        raise not_found(node, method)
    action = actions.get((method, edge))
    if action is None:
        if edge:
            raise bad_parameter(f"Tried accessing nonexisting field ({edge}) on node type")
        raise not_found(node, method)
    return action()


def _account(accounts: Accounts, visit: Visit, account_id: str) -> dict[tuple[str, str], Action]:
    actions: dict[tuple[str, str], Action] = {
        ("GET", ""): lambda: _read(accounts, visit, account_id),
        ("POST", "media"): lambda: containers.create(accounts, visit, account_id),
        ("POST", "media_publish"): lambda: publishing.publish(accounts, visit, account_id),
        ("GET", "content_publishing_limit"): lambda: publishing.limit(accounts, visit, account_id),
        ("GET", "media"): lambda: library.listing(accounts, visit, account_id, stories=False),
        ("GET", "stories"): lambda: library.listing(accounts, visit, account_id, stories=True),
        ("GET", "insights"): lambda: account_insights.of_account(accounts, visit, account_id),
    }
    if not visit.caller.by_login:
        actions["GET", "tags"] = lambda: library.tags(accounts, visit, account_id)
    return actions


def _read(accounts: Accounts, visit: Visit, account_id: str) -> dict[str, Any]:
    accounts.require_sight(visit, account_id, account_id)
    visit.caller.require(access.BASIC)
    asked = nodes.wanted(visit, "id")
    for one in asked:
        if one.name in _FOREIGN_FIELDS:
            raise not_imitated(one.name)
    return nodes.account(accounts, visit, account_id, asked)


def _media(accounts: Accounts, visit: Visit, node: str) -> dict[tuple[str, str], Action]:
    media = accounts.state.media[node]
    return {
        ("GET", ""): lambda: library.read(accounts, visit, media),
        ("POST", ""): lambda: library.update(accounts, visit, media),
        ("DELETE", ""): lambda: library.delete(accounts, visit, media),
        ("GET", "children"): lambda: library.children(accounts, visit, media),
        ("GET", "comments"): lambda: comments.listing(accounts, visit, media),
        ("POST", "comments"): lambda: comments.create(accounts, visit, media),
        ("GET", "insights"): lambda: insights.of_media(accounts, visit, media),
    }


def _comment(accounts: Accounts, visit: Visit, node: str) -> dict[tuple[str, str], Action]:
    comment = accounts.state.comments[node]
    media = accounts.state.media[comment.media_id]
    return {
        ("GET", ""): lambda: comments.read(accounts, visit, comment),
        ("POST", ""): lambda: comments.update(accounts, visit, comment),
        ("DELETE", ""): lambda: comments.delete(accounts, visit, comment),
        ("GET", "replies"): lambda: comments.replies(accounts, visit, comment),
        ("POST", "replies"): lambda: comments.create(accounts, visit, media, under=comment),
    }
