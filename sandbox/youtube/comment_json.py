"""Comments and threads as the API shows them (sheet 3.2)."""

import json
from html import escape
from typing import Any

from sandbox.youtube.channels import Channels, Visit, etag, written
from sandbox.youtube.state import Comment, Video

MOST_REPLIES = 5
"""A thread carries only some of its replies (sheet 3.2 [doc]); this many is [memory]."""


def comment(
    channels: Channels, visit: Visit, one: Comment, *, by_id: bool = False, whole: bool = True
) -> dict[str, Any]:
    """Return a comment. `by_id`: without its moderation status; `whole`: with the snippet though no part says so."""
    shown: dict[str, Any] = {"kind": "youtube#comment", "etag": etag(one.id, one.text, one.status), "id": one.id}
    if not whole and "snippet" not in visit.parts:
        return shown
    video = channels.state.videos[one.video_id]
    plain = visit.params.get("textFormat") == "plainText"
    snippet: dict[str, Any] = {
        "authorDisplayName": one.author_name,
        "authorProfileImageUrl": f"https://yt3.ggpht.com/ytc/{one.author_id[2:]}=s48-c-k-c0x00ffffff-no-rj",
        "authorChannelUrl": f"http://www.youtube.com/{one.author_name}",
        "authorChannelId": {"value": one.author_id},
        "channelId": video.channel_id,
        "videoId": one.video_id,
        "textDisplay": one.text if plain else escape(one.text, quote=True).replace("\n", "<br>"),
        "canRate": True,
        "viewerRating": "none",
        "likeCount": one.likes,
        "publishedAt": written(one.created_at),
        "updatedAt": written(one.updated_at),
    }
    if one.author_id == visit.channel_id:
        snippet["textOriginal"] = one.text
    if one.parent_id is not None:
        snippet["parentId"] = one.parent_id
    if one.status != "published" and video.channel_id == visit.channel_id and not by_id:
        snippet["moderationStatus"] = one.status
    return {**shown, "snippet": snippet}


def thread(
    channels: Channels, visit: Visit, top: Comment, *, by_id: bool = False, status: str = "published"
) -> dict[str, Any]:
    """Return a thread with the newest of its replies of that moderation status."""
    replies = channels.state.replies_to(top.id)
    published = [reply for reply in replies if reply.status == "published"]
    carried = [reply for reply in replies if reply.status == status and not _is_hidden(reply, visit)]
    parts: dict[str, Any] = {
        "snippet": {
            "channelId": video_of(channels, top).channel_id,
            "videoId": top.video_id,
            "topLevelComment": comment(channels, visit, top, by_id=by_id),
            "canReply": video_of(channels, top).takes_comments,
            "totalReplyCount": len(published),
            "isPublic": top.status == "published",
        }
    }
    if carried:
        newest = carried[: -MOST_REPLIES - 1 : -1]
        parts["replies"] = {"comments": [comment(channels, visit, reply, by_id=by_id) for reply in newest]}
    shown = {part: value for part, value in parts.items() if part in visit.parts}
    kind = "youtube#commentThread"
    return {"kind": kind, "etag": etag(kind, json.dumps(shown, sort_keys=True)), "id": top.id, **shown}


def video_of(channels: Channels, one: Comment) -> Video:
    """Return the video that a comment stands under."""
    return channels.state.videos[one.video_id]


def _is_hidden(one: Comment, visit: Visit) -> bool:
    return one.hiding is not None and one.hiding.hides(visit.now)
