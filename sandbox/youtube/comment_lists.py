"""commentThreads.list and comments.list (sheet 3.2)."""

import json
from typing import Any

from sandbox.youtube import comment_json, paging, params
from sandbox.youtube.channels import Channels, Visit, etag
from sandbox.youtube.errors import (
    ApiError,
    bad_request,
    forbidden,
    incompatible,
    not_found,
    not_imitated,
    video_not_found,
)
from sandbox.youtube.state import Comment, Video

USUAL, MOST_IDS = 20, 50
_LISTABLE = ("published", "heldForReview", "likelySpam")
_NOT_WITH_ID = ("maxResults", "moderationStatus", "order", "searchTerms", "pageToken")


def threads(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer commentThreads.list, newest thread first; late replies do not move a thread up."""
    given = visit.params
    by = params.one_filter(given, ("videoId", "allThreadsRelatedToChannelId", "channelId", "id"))
    if by == "channelId":
        raise not_imitated("commentThreads.list con channelId")
    if by == "id":
        return _by_id(channels, visit, given["id"], whole_threads=True)
    status = given.get("moderationStatus", "published")
    if status not in _LISTABLE:
        raise bad_request("Valid values: published, heldForReview, likelySpam", location="moderationStatus")
    videos = _videos(channels, visit, by)
    if status != "published" and any(video.channel_id != visit.channel_id for video in videos):
        raise forbidden(
            "One or more of the requested comment threads cannot be retrieved due to insufficient permissions.",
            domain="youtube.commentThread",
        )
    words = given.get("searchTerms", "").lower()
    found = [
        comment
        for video in videos
        for comment in channels.state.comments_of(video.id)
        if comment.parent_id is None
        and _belongs(channels, comment, status)
        and words in comment.text.lower()
        and not (comment.hiding is not None and comment.hiding.hides(visit.now))
    ]
    # Made later is newer: two of the same second keep their order, as they would with finer times.
    numbers = {comment_id: number for number, comment_id in enumerate(channels.state.comments)}
    found.sort(key=lambda comment: numbers[comment.id], reverse=True)
    if given.get("order") == "relevance":
        found.sort(key=lambda comment: len(channels.state.replies_to(comment.id)) + comment.likes, reverse=True)
    return paging.page(
        "youtube#commentThreadListResponse",
        found,
        key=lambda comment: comment.id,
        show=lambda comment: comment_json.thread(channels, visit, comment, status=status),
        visit=visit,
        size=given.get("maxResults", USUAL),
    )


def _videos(channels: Channels, visit: Visit, by: str) -> list[Video]:
    if by == "videoId":
        video = channels.state.videos.get(visit.params["videoId"])
        if video is None or not (video.channel_id == visit.channel_id or video.is_visible(visit.now)):
            raise video_not_found("videoId")
        if not video.takes_comments:
            raise comments_off()
        return [video]
    channel_id = visit.params["allThreadsRelatedToChannelId"]
    if channel_id not in channels.channels:
        raise not_found("channelNotFound", "Channel not found.", domain="youtube.commentThread", location=by)
    own = channel_id == visit.channel_id
    return [
        video
        for video in channels.state.videos_of(channel_id)
        if video.takes_comments and (own or (video.privacy == "public" and video.is_visible(visit.now)))
    ]


def comments_off() -> ApiError:
    """Return 403 commentsDisabled."""
    text = (
        "The video identified by the <code><a href='/youtube/v3/docs/commentThreads/list#videoId'>videoId</a></code> "
        "parameter has disabled comments."
    )
    return ApiError(403, "commentsDisabled", text, domain="youtube.commentThread", location="videoId")


def _belongs(channels: Channels, top: Comment, status: str) -> bool:
    if top.status == status:
        return True
    # A held reply under a published comment can be found only in its thread; the sheet is silent.
    held = status != "published" and top.status == "published"
    return held and any(reply.status == status for reply in channels.state.replies_to(top.id))


def replies(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer comments.list: the replies to a comment, newest first, or comments by id."""
    given = visit.params
    by = params.one_filter(given, ("parentId", "id"))
    if by == "id":
        return _by_id(channels, visit, given["id"], whole_threads=False)
    top = channels.state.comments.get(given["parentId"])
    if top is None or top.parent_id is not None or not _may_see(channels, visit, top):
        text = "The specified parent comment could not be found."
        raise not_found("commentNotFound", text, domain="youtube.comment", location="parentId")
    found = [
        reply
        for reply in reversed(channels.state.replies_to(top.id))
        if reply.status == "published" and not (reply.hiding is not None and reply.hiding.hides(visit.now))
    ]
    return paging.page(
        "youtube#commentListResponse",
        found,
        key=lambda reply: reply.id,
        show=lambda reply: comment_json.comment(channels, visit, reply, whole=False),
        visit=visit,
        size=given.get("maxResults", USUAL),
    )


def _by_id(channels: Channels, visit: Visit, ids: list[str], *, whole_threads: bool) -> dict[str, Any]:
    wrong = [name for name in _NOT_WITH_ID if name in visit.params]
    if wrong:
        raise incompatible(f"id, {wrong[0]}")
    if len(ids) > MOST_IDS:
        raise bad_request(f"The request specifies more than {MOST_IDS} ids.", location="id")
    found = [
        comment
        for comment_id in dict.fromkeys(ids)
        if (comment := channels.state.comments.get(comment_id)) and _may_see(channels, visit, comment)
    ]
    if whole_threads:
        items = [comment_json.thread(channels, visit, one, by_id=True) for one in found if one.parent_id is None]
    else:
        items = [comment_json.comment(channels, visit, one, by_id=True, whole=False) for one in found]
    kind = f"youtube#comment{'Thread' if whole_threads else ''}ListResponse"
    return {
        "kind": kind,
        "etag": etag(kind, json.dumps(items, sort_keys=True)),
        "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
        "items": items,
    }


def _may_see(channels: Channels, visit: Visit, comment: Comment) -> bool:
    # What was rejected is gone, for the owner too (sheet 3.3: it cannot be brought back).
    above = channels.state.comments.get(comment.parent_id) if comment.parent_id else None
    if "rejected" in {comment.status, above.status if above else ""}:
        return False
    if channels.state.videos[comment.video_id].channel_id == visit.channel_id:
        return True
    return channels.sees_comment(comment)
