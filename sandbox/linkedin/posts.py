"""Posts: create, change, delete, read, find (sheet sections 2.1, 2.6, 3.1)."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sandbox.exchange import Answer
from sandbox.hiding import Hiding
from sandbox.linkedin import content, little_text, paging, restli, schema, urns
from sandbox.linkedin.errors import LinkedInError, bad_field, bad_value, not_found, not_imitated
from sandbox.linkedin.network import Network, Visit, milliseconds
from sandbox.linkedin.restli import bad_parameter
from sandbox.linkedin.schema import Choice, ListOf, Record
from sandbox.linkedin.state import PUBLISHED, Post
from sandbox.linkedin.tokens import PUBLISH, READ

LONGEST_TEXT = 3000
"""Visible characters (sheet section 5)."""
DUPLICATE_WINDOW = timedelta(seconds=600)

_CREATE = Record(
    {
        "author": str,
        "commentary": str,
        "visibility": Choice(("PUBLIC", "CONNECTIONS", "LOGGED_IN", "CONTAINER")),
        "distribution": Record(
            {"feedDistribution": Choice(("MAIN_FEED", "NONE"))},
            {"targetEntities": ListOf(dict), "thirdPartyDistributionChannels": ListOf(str)},
        ),
        "lifecycleState": Choice(("PUBLISHED", "DRAFT", "PUBLISH_REQUESTED", "PUBLISH_FAILED")),
    },
    {"content": content.CONTENT, "isReshareDisabledByAuthor": bool, "reshareContext": Record({"parent": str})},
)
_CHANGES = Record(
    {},
    {
        "commentary": str,
        "contentCallToActionLabel": str,
        "contentLandingPage": str,
        "lifecycleState": Choice(("PUBLISHED", "DRAFT")),
        "adContext": dict,
    },
)


def create(network: Network, visit: Visit) -> Answer:
    """Answer `POST /rest/posts`: 201 without a body; the URN is in a header only."""
    visit.ask.only()
    given = schema.body(restli.json_body(visit.call), _CREATE)
    author = str(urns.parse(given["author"], kinds=urns.AUTHORS, field="author"))
    network.require(visit, author, PUBLISH, member_scope="w_member_social")
    _check_settings(given, author)
    text = _text(network, given["commentary"])
    carried = content.Content((), None)
    if "content" in given:
        carried = content.check(network, given["content"], author, visit.now)
    reshare = _reshare(network, given)
    if not text.visible.strip() and "content" not in given and reshare is None:
        raise bad_value("INVALID_VALUE_BLANK_FIELD", "/commentary is blank")
    mark = _fingerprint([author, text.template.strip(), given.get("content"), reshare])
    _refuse_duplicate(network, mark, visit.now)
    polls = visit.call.effects.processing_polls
    post = Post(
        urn=_new_urn(network, given),
        activity=f"urn:li:activity:{network.state.new_number('activity')}",
        author=author,
        commentary=text.template,
        visible=text.visible,
        visibility=given["visibility"],
        distribution=given["distribution"],
        content=given.get("content", {}),
        assets=list(carried.assets),
        title=carried.title,
        reshare=reshare,
        locked=given.get("isReshareDisabledByAuthor", False),
        created_at=visit.now,
        modified_at=visit.now,
        polls=polls or 0,
        is_doomed=visit.call.effects.processing_error is not None,
        hiding=Hiding.wanted(visit.call),
    )
    network.state.posts[post.urn] = post
    network.state.waiting.add(post.urn)
    network.state.accepted.append((visit.now, mark, post.urn))
    network.settle(post, visit.now)
    return Answer(201, b"", "application/json", {"x-restli-id": post.urn})


def _check_settings(given: dict[str, Any], author: str) -> None:
    if given["lifecycleState"] != PUBLISHED:  # one library sends DRAFT, the documentation says not on create
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/lifecycleState must be PUBLISHED")
    members_only = given["visibility"] in {"CONNECTIONS", "CONTAINER"}
    if given["visibility"] == "CONTAINER" or (members_only and author.startswith("urn:li:organization:")):
        raise bad_value("INVALID_VALUE_FOR_FIELD", f"/visibility {given['visibility']} does not fit the author")
    if given["distribution"].get("targetEntities") or given["distribution"].get("thirdPartyDistributionChannels"):
        raise not_imitated("publicaciones dirigidas a una parte del público")


def _text(network: Network, commentary: str) -> little_text.LittleText:
    text = little_text.read(commentary, network.name_of)
    if len(text.visible) > LONGEST_TEXT:
        raise bad_value("FIELD_LENGTH_TOO_LONG", f"/commentary is longer than {LONGEST_TEXT} characters")
    return text


def _reshare(network: Network, given: dict[str, Any]) -> dict[str, Any] | None:
    if "reshareContext" not in given:
        return None
    parent = str(urns.parse(given["reshareContext"]["parent"], kinds=urns.POSTS, field="reshareContext/parent"))
    above = network.state.posts.get(parent)
    if above is None or not above.is_visible or above.locked:
        raise bad_value("INVALID_URN_ID", f"/reshareContext/parent {parent} cannot be shared")
    return {"parent": parent}


def _new_urn(network: Network, given: dict[str, Any]) -> str:
    carried = given.get("content", {})
    moving = str(carried.get("media", {}).get("id", "")).startswith("urn:li:video:")
    kind = "ugcPost" if moving or "multiImage" in carried else "share"
    return f"urn:li:{kind}:{network.state.new_number('post')}"


def _fingerprint(facts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _refuse_duplicate(network: Network, fingerprint: str, now: datetime) -> None:
    """Refuse what was taken in the last minutes, also where it was deleted or never appeared: nobody says otherwise."""
    accepted = network.state.accepted
    while accepted and now - accepted[0][0] >= DUPLICATE_WINDOW:
        accepted.pop(0)
    for _at, known, urn in accepted:
        if known == fingerprint:
            raise LinkedInError(422, f"Content is a duplicate of {urn}")


def update(network: Network, visit: Visit) -> Answer:
    """Answer a PARTIAL_UPDATE of `/rest/posts/{urn}`: new text; media cannot be exchanged."""
    visit.ask.only()
    post = _mine(network, visit)
    sent = schema.body(restli.json_body(visit.call), Record({"patch": Record({"$set": dict})}))
    changes = sent["patch"]["$set"]
    schema.body(changes, _CHANGES)
    if not changes:
        raise bad_field("/patch/$set", "no field is set")
    for name in changes:
        if name not in {"commentary", "lifecycleState"}:
            raise not_imitated(f"cambio de {name}")
    if changes.get("lifecycleState", PUBLISHED) != PUBLISHED:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/lifecycleState cannot leave PUBLISHED")
    if "commentary" in changes:
        text = _text(network, changes["commentary"])
        if not text.visible.strip() and not post.content and post.reshare is None:
            raise bad_value("INVALID_VALUE_BLANK_FIELD", "/commentary is blank")
        post.edited = post.edited or text.template != post.commentary
        post.commentary, post.visible = text.template, text.visible
        post.modified_at = visit.now
        network.show(post)
    return Answer(204, b"", "application/json")


def _mine(network: Network, visit: Visit) -> Post:
    urn = str(urns.parse(visit.ask.path[1], kinds=urns.POSTS, field="id"))
    post = network.state.posts.get(urn)
    if post is None:
        raise not_found(urn)
    network.require(visit, post.author, PUBLISH, member_scope="w_member_social")
    return post


def delete(network: Network, visit: Visit) -> Answer:
    """Answer `DELETE /rest/posts/{urn}`: 204 for what is gone or never was, too."""
    visit.ask.only()
    urn = str(urns.parse(visit.ask.path[1], kinds=urns.POSTS, field="id"))
    post = network.state.posts.get(urn)
    if post is not None:
        network.require(visit, post.author, PUBLISH, member_scope="w_member_social")
        network.remove(post)
    elif not {"w_organization_social", "w_member_social"} & set(visit.token.scopes):
        raise visit.denied()
    return Answer(204, b"", "application/json")


def read(network: Network, visit: Visit) -> Answer:
    """Answer `GET /rest/posts/{urn}`; only the author's view shows what is not published."""
    visit.ask.only("viewContext")
    urn = str(urns.parse(visit.ask.path[1], kinds=urns.POSTS, field="id"))
    post = _seen(network, visit, urn)
    if post is None:
        raise not_found(urn)
    return Answer.json(_show(post))


def read_many(network: Network, visit: Visit) -> Answer:
    """Answer a BATCH_GET of posts; not in the development tier."""
    visit.ask.only("ids", "viewContext")
    if visit.token.app.development:
        raise visit.denied()
    results: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    ids = visit.ask.words("ids")
    if not ids:
        raise bad_parameter("ids")
    for text in ids:
        urn = str(urns.parse(text, kinds=urns.POSTS, field="ids"))
        post = _seen(network, visit, urn)
        if post is None:
            missing[urn] = not_found(urn).to_json()
        else:
            results[urn] = _show(post)
    return Answer.json({"results": results, "statuses": {}, "errors": missing})


def _seen(network: Network, visit: Visit, urn: str) -> Post | None:
    view = _view(visit)
    post = network.state.posts.get(urn)
    if post is None:
        visit.require_scope(READ)
        return None
    network.require(visit, post.author, READ)
    _look(network, post, visit.now)
    return post if _is_in(view, post) else None


def _view(visit: Visit) -> str:
    view = visit.ask.text("viewContext", "READER")
    if view not in {"READER", "AUTHOR"}:
        raise bad_parameter("viewContext")
    return view


def _is_in(view: str, post: Post) -> bool:
    return view == "AUTHOR" or post.lifecycle == PUBLISHED


def _look(network: Network, post: Post, now: datetime) -> None:
    if post.polls > 0:
        post.polls -= 1
        network.settle(post, now)


def find(network: Network, visit: Visit) -> Answer:
    """Answer the finder `q=author`: newest first; how many there are in all is not said.

    Published posts, in the author's view all (the sheet names the views of single posts only; that the finder takes
    them too is from public clients, read 2026-11-24 [code]).
    """
    visit.ask.only("q", "author", "start", "count", "sortBy", "viewContext")
    if visit.ask.text("q") != "author":
        raise bad_parameter("q")
    author = str(urns.parse(visit.ask.text("author"), kinds=urns.AUTHORS, field="author"))
    network.require(visit, author, READ)
    order, view = visit.ask.text("sortBy", "LAST_MODIFIED"), _view(visit)
    if order not in {"LAST_MODIFIED", "CREATED"}:
        raise bad_parameter("sortBy")
    paging.bounds(visit)
    mine = [post for post in reversed(network.state.posts.values()) if post.author == author]
    for post in mine:
        _look(network, post, visit.now)
    shown = [post for post in mine if _is_in(view, post) and not _hidden(post, visit.now)]
    shown.sort(key=lambda post: post.created_at if order == "CREATED" else post.modified_at, reverse=True)
    return Answer.json(paging.page(visit, shown, _show, total=False))


def _hidden(post: Post, now: datetime) -> bool:
    return post.hiding is not None and post.hiding.hides(now)


def _show(post: Post) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": post.urn,
        "author": post.author,
        "commentary": post.commentary,
        "visibility": post.visibility,
        "lifecycleState": post.lifecycle,
        "lifecycleStateInfo": {"isEditedByAuthor": post.edited},
        "distribution": {"targetEntities": [], "thirdPartyDistributionChannels": []} | post.distribution,
        "isReshareDisabledByAuthor": post.locked,
        "createdAt": milliseconds(post.created_at),
        "lastModifiedAt": milliseconds(post.modified_at),
    }
    if post.content:
        item["content"] = post.content
    if post.reshare is not None:
        item["reshareContext"] = post.reshare
    if post.published_at is not None:
        item["publishedAt"] = milliseconds(post.published_at)
    return item
