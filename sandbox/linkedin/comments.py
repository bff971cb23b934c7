"""Comments: read, answer, change, delete (sheet section 3.3). Their text is plain, never little text."""

import re
from collections.abc import Callable
from typing import Any

from sandbox import seeded
from sandbox.exchange import Answer
from sandbox.hiding import Hiding
from sandbox.linkedin import paging, restli, schema, urns
from sandbox.linkedin.errors import LinkedInError, bad_value, not_found, unpermitted
from sandbox.linkedin.network import Network, Visit, milliseconds
from sandbox.linkedin.restli import bad_parameter
from sandbox.linkedin.schema import ListOf, Record
from sandbox.linkedin.state import PUBLISHED, Comment, Post
from sandbox.linkedin.tokens import READ_COMMENTS, WRITE_COMMENTS, Right

LONGEST = 1250
_MESSAGE = Record({"text": str}, {"attributes": ListOf(dict)})
_CREATE = Record({"actor": str, "object": str, "message": _MESSAGE}, {"parentComment": str})
_PATCH = Record({"patch": Record({"message": Record({"$set": _MESSAGE})})})


def place(network: Network, visit: Visit, right: Right, *, member_scope: str = "") -> tuple[Post, Comment | None]:
    """Return the post, and the comment when the URN of the path is one's, to somebody who may see them.

    Raises LinkedInError: 403, and 404 for what is not there, not public yet, or too fresh.
    """
    text = visit.ask.path[1]
    urn = urns.parse(text, kinds=urns.THREADS, field="entity")
    thread, number = urns.comment_parts(urn) if urn.kind == "comment" else (str(urn), "")
    post = network.state.thread(thread)
    if post is None or post.lifecycle != PUBLISHED:
        visit.require_scope(right)
        raise not_found(text)
    network.require(visit, post.author, right, member_scope=member_scope)
    above = network.state.comments.get(number)
    if number and (above is None or above.activity != post.activity):
        raise not_found(text)
    return post, above


def _ripe(post: Post, visit: Visit) -> None:
    if post.comments_at is not None and visit.now < post.comments_at:
        raise not_found(visit.ask.path[1])


def read(network: Network, visit: Visit) -> Answer:
    """Answer `GET …/comments`: one level, a page, in no order that could be relied on."""
    visit.ask.only("start", "count")
    post, above = place(network, visit, READ_COMMENTS)
    _ripe(post, visit)
    paging.bounds(visit)
    found = [
        comment
        for comment in network.state.level(post, above.number if above else None)
        if above is None or above.parent is None
        if not (comment.hiding is not None and comment.hiding.hides(visit.now))
    ]
    found.sort(key=lambda comment: seeded.number(network.state.seed, "order", comment.number))
    return Answer.json(paging.page(visit, found, _shower(network, visit), total=True))


def read_one(network: Network, visit: Visit) -> Answer:
    """Answer `GET …/comments/{id}`."""
    visit.ask.only()
    post, _above = place(network, visit, READ_COMMENTS)
    _ripe(post, visit)
    return Answer.json(_shower(network, visit)(_one(network, visit, post)))


def read_many(network: Network, visit: Visit) -> Answer:
    """Answer `GET …/comments?ids=List(…)`; not in the development tier."""
    visit.ask.only("ids")
    if visit.token.app.development:
        raise visit.denied()
    post, _above = place(network, visit, READ_COMMENTS)
    _ripe(post, visit)
    ids = visit.ask.words("ids")
    if not ids or not all(re.fullmatch(r"\d{1,19}", number) for number in ids):
        raise bad_parameter("ids")
    known = {comment.number: comment for comment in network.state.comments_of(post)}
    show = _shower(network, visit)
    return Answer.json(
        {
            "results": {number: show(known[number]) for number in ids if number in known},
            "statuses": {},
            "errors": {number: not_found(number).to_json() for number in ids if number not in known},
        }
    )


def _one(network: Network, visit: Visit, post: Post) -> Comment:
    number = visit.ask.path[3]
    comment = network.state.comments.get(number)
    if comment is None or comment.activity != post.activity:
        raise not_found(number)
    return comment


def create(network: Network, visit: Visit) -> Answer:
    """Answer `POST …/comments`: 201, the bare number in a header, the comment as body."""
    visit.ask.only()
    sent = restli.json_body(visit.call)
    if isinstance(sent, dict) and "content" in sent:
        raise unpermitted("REQUEST_BODY", ["content"])
    given = schema.body(sent, _CREATE)
    post, above = place(network, visit, WRITE_COMMENTS, member_scope="w_member_social")
    actor = str(urns.parse(given["actor"], kinds=urns.AUTHORS, field="actor"))
    network.require(visit, actor, WRITE_COMMENTS, member_scope="w_member_social")
    _check_object(given["object"], post)
    parent = _parent(network, given, post, above)
    text = _text(given["message"]["text"])
    _ripe(post, visit)
    if post.comments_state == "CLOSED":  # the sheet knows no text for it
        raise LinkedInError(403, "Comments are disabled on this post", code="ACCESS_DENIED", service=100)
    network.quotas.charge_comment(visit.token, visit.now)
    comment = Comment(
        number=network.state.new_number("comment"),
        activity=post.activity,
        parent=parent,
        actor=actor,
        text=text,
        attributes=given["message"].get("attributes", []),
        created_at=visit.now,
        modified_at=visit.now,
        hiding=Hiding.wanted(visit.call),
    )
    network.state.comments[comment.number] = comment
    network.show_comment(post, comment)
    answer = Answer.json(_shower(network, visit)(comment), status=201)
    answer.headers["x-restli-id"] = comment.number
    return answer


def _check_object(text: str, post: Post) -> None:
    urn = str(urns.parse(text, kinds=("activity", *urns.POSTS), field="object"))
    if urn not in {post.activity, post.urn}:
        raise bad_value("INVALID_URN_ID", "/object is not the post that is commented on")


def _parent(network: Network, given: dict[str, Any], post: Post, above: Comment | None) -> str | None:
    """Return the number of the top-level comment that is answered; a reply's reply moves up to it."""
    if "parentComment" not in given:
        if above is not None:
            raise bad_value("MISSING_FIELD", "/parentComment is required to answer a comment")
        return None
    urn = urns.parse(given["parentComment"], kinds=("comment",), field="parentComment")
    thread, number = urns.comment_parts(urn)
    parent = network.state.comments.get(number)
    if parent is None or parent.activity != post.activity or thread not in {post.activity, post.urn}:
        raise bad_value("INVALID_URN_ID", f"/parentComment {urn} does not exist")
    if above is not None and parent is not above:
        raise bad_value("INVALID_URN_ID", "/parentComment is not the comment of the path")
    return parent.parent or parent.number


def _text(text: str) -> str:
    if not text.strip():
        raise bad_value("INVALID_VALUE_BLANK_FIELD", "/message/text is blank")
    if len(text) > LONGEST:
        raise bad_value("FIELD_LENGTH_TOO_LONG", f"/message/text is longer than {LONGEST} characters")
    return text


def update(network: Network, visit: Visit) -> Answer:
    """Answer a PARTIAL_UPDATE of `…/comments/{id}`: one's own words."""
    visit.ask.only("actor")
    post, _above = place(network, visit, WRITE_COMMENTS, member_scope="w_member_social")
    comment = _one(network, visit, post)
    sent = schema.body(restli.json_body(visit.call), _PATCH)
    if visit.ask.text("actor", comment.actor) != comment.actor or comment.actor != post.author:
        raise visit.denied()
    message = sent["patch"]["message"]["$set"]
    comment.text = _text(message["text"])
    comment.attributes = message.get("attributes", [])
    comment.modified_at = visit.now
    network.show_comment(post, comment)
    return Answer(204, b"", "application/json")


def delete(network: Network, visit: Visit) -> Answer:
    """Answer `DELETE …/comments/{id}?actor=…`: the page's administrators may delete anybody's [memory].

    Strict: a comment that is gone is 404; that repeated deleting is 204 is known of posts only.
    """
    visit.ask.only("actor")
    post, _above = place(network, visit, WRITE_COMMENTS, member_scope="w_member_social")
    actor = str(urns.parse(visit.ask.text("actor"), kinds=urns.AUTHORS, field="actor"))
    network.require(visit, actor, WRITE_COMMENTS, member_scope="w_member_social")
    comment = _one(network, visit, post)
    if actor not in {comment.actor, post.author}:
        raise visit.denied()
    forget(network, post, comment)
    return Answer(204, b"", "application/json")


def forget(network: Network, post: Post, comment: Comment) -> None:
    """Remove a comment with its replies, for the public too."""
    for gone in network.state.forget_comment(comment):
        network.show_comment(post, gone, gone=True)


def _shower(network: Network, visit: Visit) -> Callable[[Comment], dict[str, Any]]:
    caller = visit.token.person_urn

    def show(comment: Comment) -> dict[str, Any]:
        replies = sum(other.parent == comment.number for other in network.state.comments.values())
        likes = sum(kind == "LIKE" for kind in comment.reactions.values())
        item: dict[str, Any] = {
            "id": comment.number,
            "commentUrn": comment.urn,
            "actor": comment.actor,
            "object": comment.activity,
            "message": {"attributes": comment.attributes, "text": comment.text},
            "created": {"actor": comment.actor, "time": milliseconds(comment.created_at)},
            "lastModified": {"actor": comment.actor, "time": milliseconds(comment.modified_at)},
            "likesSummary": {
                "totalLikes": likes,
                "likedByCurrentUser": caller in comment.reactions,
                "selectedLikes": [],
                "aggregatedTotalLikes": likes,
            },
            "commentsSummary": {
                "totalFirstLevelComments": replies,
                "aggregatedTotalComments": replies,
                "selectedComments": [],
            },
        }
        if comment.parent is not None:
            item["parentComment"] = f"urn:li:comment:({comment.activity},{comment.parent})"
        return item

    return show
