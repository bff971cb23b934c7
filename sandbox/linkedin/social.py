"""Sums of reactions and comments, closing the comments, reacting (sheet sections 2.6 and 3.3)."""

from collections import Counter

from sandbox.exchange import Answer
from sandbox.linkedin import comments, figures, restli, schema, urns
from sandbox.linkedin.errors import bad_value, not_found
from sandbox.linkedin.network import Network, Visit
from sandbox.linkedin.schema import Choice, Record
from sandbox.linkedin.tokens import READ_COMMENTS, WRITE_COMMENTS

_REACTIONS = ("LIKE", "PRAISE", "EMPATHY", "INTEREST", "APPRECIATION", "ENTERTAINMENT")
"""LIKE is on the sheet, the others [memory]."""
_REACT = Record({"root": str, "reactionType": Choice(_REACTIONS)})
_PATCH = Record({"patch": Record({"$set": Record({"commentsState": Choice(("OPEN", "CLOSED"))})})})


def summary(network: Network, visit: Visit) -> Answer:
    """Answer `GET /rest/socialActions/{urn}`."""
    visit.ask.only()
    post, above = comments.place(network, visit, READ_COMMENTS)
    reactions = above.reactions if above else post.reactions
    likes = sum(kind == "LIKE" for kind in reactions.values())
    if above is None:
        likes = figures.of_post(network.state, post, visit.now).likes
    level = network.state.level(post, above.number if above else None)
    every = level if above else network.state.comments_of(post)
    return Answer.json(
        {
            "target": above.urn if above else post.urn,
            "likesSummary": {
                "totalLikes": likes,
                "aggregatedTotalLikes": likes,
                "likedByCurrentUser": visit.token.person_urn in reactions,
                "selectedLikes": [],
            },
            "commentsSummary": {
                "totalFirstLevelComments": len(level),
                "aggregatedTotalComments": len(every),
                "selectedComments": [],
            },
        }
    )


def metadata(network: Network, visit: Visit) -> Answer:
    """Answer `GET /rest/socialMetadata/{urn}`."""
    visit.ask.only()
    post, above = comments.place(network, visit, READ_COMMENTS)
    counts = Counter((above or post).reactions.values())
    if above is None:
        counts["LIKE"] = figures.of_post(network.state, post, visit.now).likes
    level = network.state.level(post, above.number if above else None)
    every = level if above else network.state.comments_of(post)
    return Answer.json(
        {
            "entity": above.urn if above else post.urn,
            "commentSummary": {"count": len(every), "topLevelCount": len(level)},
            "reactionSummaries": {
                kind: {"reactionType": kind, "count": count} for kind, count in counts.items() if count
            },
            "commentsState": post.comments_state,
        }
    )


def moderate(network: Network, visit: Visit) -> Answer:
    """Answer a PARTIAL_UPDATE of `/rest/socialMetadata/{urn}`: closing deletes what was written [memory]."""
    visit.ask.only("actor")
    post, above = comments.place(network, visit, WRITE_COMMENTS, member_scope="w_member_social")
    actor = str(urns.parse(visit.ask.text("actor"), kinds=urns.AUTHORS, field="actor"))
    if above is not None:
        raise bad_value("INVALID_URN_TYPE", "/entity must be a post")
    if actor != post.author:
        raise visit.denied()
    sent = schema.body(restli.json_body(visit.call), _PATCH)
    post.comments_state = sent["patch"]["$set"]["commentsState"]
    if post.comments_state == "CLOSED":
        for comment in network.state.level(post, None):
            comments.forget(network, post, comment)
    return Answer(204, b"", "application/json")


def react(network: Network, visit: Visit) -> Answer:
    """Answer `POST /rest/reactions?actor={urn}`: one reaction for each actor."""
    visit.ask.only("actor")
    given = schema.body(restli.json_body(visit.call), _REACT)
    actor = str(urns.parse(visit.ask.text("actor"), kinds=urns.AUTHORS, field="actor"))
    network.require(visit, actor, WRITE_COMMENTS, member_scope="w_member_social")
    root = urns.parse(given["root"], kinds=urns.THREADS, field="root")
    thread, number = urns.comment_parts(root) if root.kind == "comment" else (str(root), "")
    post = network.state.thread(thread)
    comment = network.state.comments.get(number)
    if post is None or not post.is_visible or (number and (comment is None or comment.activity != post.activity)):
        raise not_found(str(root))
    (comment or post).reactions[actor] = given["reactionType"]
    answer = Answer(201, b"", "application/json")
    answer.headers["x-restli-id"] = f"urn:li:reaction:({actor},{root})"
    return answer
