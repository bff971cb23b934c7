"""Comments written, edited, deleted and moderated (sheet 3.3)."""

from typing import Any

from sandbox.hiding import Hiding
from sandbox.youtube import comment_json, metadata
from sandbox.youtube.channels import Channels, Visit
from sandbox.youtube.comment_lists import comments_off
from sandbox.youtube.errors import ApiError, bad_metadata, forbidden, not_found
from sandbox.youtube.state import Comment, Video

LONGEST = 10_000
"""Characters (sheet 3.3 [memory])."""
MOST_IDS = 50
_DOMAIN = "youtube.comment"


def reply(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer comments.insert: a reply under a thread's top comment, and only there."""
    visit.own_channel()
    snippet = _object(visit.body(), "snippet")
    parent_id = metadata.text(snippet, "parentId", "snippet")
    if not parent_id:
        raise bad_metadata("parentIdMissing", "The parentId is missing.", "snippet.parentId", domain=_DOMAIN)
    words = _words(snippet)
    top = channels.state.comments.get(parent_id)
    if top is None or top.status == "rejected" or not _reaches(channels, visit, top):
        text = "The specified parent comment could not be found."
        raise not_found("parentCommentNotFound", text, domain=_DOMAIN, location="body.snippet.parentId")
    if top.parent_id is not None:
        text = "The API user is not able to insert a comment in reply to the comment identified by the parentId."
        raise bad_metadata("operationNotSupported", text, "snippet.parentId", domain=_DOMAIN)
    if top.status != "published":
        text = "The specified parent comment is private."
        raise bad_metadata("parentCommentIsPrivate", text, "snippet.parentId", domain=_DOMAIN)
    return comment_json.comment(channels, visit, _add(channels, visit, top.video_id, words, parent_id=top.id))


def start_thread(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer commentThreads.insert: a new comment under a video."""
    visit.own_channel()
    snippet = _object(visit.body(), "snippet")
    channel_id, video_id = (metadata.text(snippet, key, "snippet") for key in ("channelId", "videoId"))
    if not channel_id or not video_id:
        text = "Each inserted comment must be linked to a channel or video."
        raise bad_metadata("channelOrVideoIdMissing", text, "snippet", domain="youtube.commentThread")
    words = _words(_object(_object(snippet, "topLevelComment"), "snippet"))
    video = channels.seen_video(visit, video_id, location="body.snippet.videoId")
    if video.channel_id != channel_id:
        text = "The channel is not the one of the video."
        raise bad_metadata("invalidCommentMetadata", text, "snippet.channelId", domain="youtube.commentThread")
    return comment_json.thread(channels, visit, _add(channels, visit, video.id, words, parent_id=None))


def update(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer comments.update: the caller's own."""
    body = visit.body()
    words = _words(_object(body, "snippet"))
    comment = _own(channels, visit, metadata.text(body, "id", "comment") or "", location="body.id")
    comment.text, comment.updated_at = words, visit.now
    channels.show_comment(comment)
    return comment_json.comment(channels, visit, comment)


def delete(channels: Channels, visit: Visit) -> None:
    """Answer comments.delete: the caller's own; the replies of a thread go with it."""
    channels.forget_comment(_own(channels, visit, visit.params["id"], location="id"))


def moderate(channels: Channels, visit: Visit) -> None:
    """Answer comments.setModerationStatus for the owner of the videos. All or nothing."""
    channel_id = visit.own_channel()
    status, ids = visit.params["moderationStatus"], visit.params["id"]
    if status == "likelySpam":  # the enum lists it (sheet 3.3)
        raise ApiError(400, "operationNotSupported", "The status cannot be set.", domain=_DOMAIN)
    if visit.params["banAuthor"] and status != "rejected":
        text = "The banAuthor parameter can only be used with the moderation status rejected."
        raise ApiError(400, "banWithoutReject", text, domain=_DOMAIN, location="banAuthor")
    if len(ids) > MOST_IDS:
        raise ApiError(400, "badRequest", f"The request specifies more than {MOST_IDS} ids.", location="id")
    found = []
    for comment_id in ids:
        comment = channels.state.comments.get(comment_id)
        if comment is None or not _reaches(channels, visit, comment):
            raise _missing("id")
        if comment_json.video_of(channels, comment).channel_id != channel_id:
            raise forbidden("The comment cannot be moderated due to insufficient permissions.", domain=_DOMAIN)
        if comment.status == "rejected" and status != "rejected":
            # Cannot be brought back [doc]; the sheet does not say with which words. Rejecting again is no news.
            raise ApiError(400, "processingFailure", "The comment was rejected before.", domain=_DOMAIN, location="id")
        found.append(comment)
    for comment in found:
        comment.status = status
        for one in (comment, *channels.state.replies_to(comment.id)):
            channels.show_comment(one)
        if visit.params["banAuthor"]:
            channels.channels[channel_id].banned.add(comment.author_id)


def _add(channels: Channels, visit: Visit, video_id: str, words: str, *, parent_id: str | None) -> Comment:
    video: Video = channels.state.videos[video_id]
    if not video.takes_comments:
        raise comments_off()
    channel = channels.channels[visit.own_channel()]
    # Identical repeated comments "may be held as spam" [memory]: here they stand twice, for that is what hurts.
    comment = Comment(
        id=channels.state.new_comment_id(parent_id),
        video_id=video_id,
        parent_id=parent_id,
        author_id=channel.id,
        author_name=channel.handle,
        text=words,
        created_at=visit.now,
        updated_at=visit.now,
        hiding=Hiding.wanted(visit.call),
    )
    channels.state.comments[comment.id] = comment
    channels.show_comment(comment)
    return comment


def _object(part: dict[str, Any], key: str) -> dict[str, Any]:
    value = part.get(key)
    return value if isinstance(value, dict) else {}


def _words(snippet: dict[str, Any]) -> str:
    words = metadata.text(snippet, "textOriginal", "snippet") or ""
    if not words.strip():
        text = "The text of the comment is missing."
        raise bad_metadata("commentTextRequired", text, "snippet.textOriginal", domain=_DOMAIN)
    if len(words) > LONGEST:
        text = "The text of the comment is too long."
        raise bad_metadata("commentTextTooLong", text, "snippet.textOriginal", domain=_DOMAIN)
    return words


def _reaches(channels: Channels, visit: Visit, comment: Comment) -> bool:
    video = comment_json.video_of(channels, comment)
    return video.channel_id == visit.channel_id or channels.sees_comment(comment)


def _own(channels: Channels, visit: Visit, comment_id: str, *, location: str) -> Comment:
    channel_id = visit.own_channel()
    comment = channels.state.comments.get(comment_id)
    if comment is None or not _reaches(channels, visit, comment):
        raise _missing(location)
    if comment.author_id != channel_id:
        raise forbidden("The comment can only be changed by its author.", domain=_DOMAIN)
    return comment


def _missing(location: str) -> ApiError:
    text = "One or more of the specified comments cannot be found."
    return not_found("commentNotFound", text, domain=_DOMAIN, location=location)
