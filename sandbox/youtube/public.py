"""What the public sees of the channels, and what visitors do there."""

import re

from sandbox import seeded
from sandbox.imitation import Card
from sandbox.youtube import video_json
from sandbox.youtube.channels import Channels
from sandbox.youtube.state import Comment, Video

_LINK = re.compile(r"https?://")


def cards(channels: Channels, title: str) -> list[Card]:
    """Return the public videos, the newest first; unlisted ones are on no page."""
    visible = _public(channels)
    visible.sort(key=lambda video: video.published_at or video.uploaded_at, reverse=True)
    return [
        Card(
            platform=title,
            account=channels.channels[video.channel_id].title,
            at=video.published_at or video.uploaded_at,
            title=video.title,
            text=video.description,
            link=f"https://www.youtube.com/watch?v={video.id}",
            media=((video.medium.sha256, video.title),) if video.medium else (),
            comments=video_json.comment_count(channels, video),
        )
        for video in visible
    ]


def _public(channels: Channels) -> list[Video]:
    now = channels.ground.clock()
    return [one for one in channels.state.videos.values() if one.privacy == "public" and one.is_visible(now)]


def add_comment(channels: Channels, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
    """Let a visitor comment; `remote_id` is a video or a comment. Links make it held, or likely spam."""
    state, now = channels.state, channels.ground.clock()
    above = state.comments.get(remote_id or "")
    wanted = above.video_id if above else remote_id
    visible = [one for one in _public(channels) if one.takes_comments and wanted in {None, one.id}]
    if not visible or (above is not None and not channels.sees_comment(above)):
        return None
    video = visible[pick % len(visible)]
    parent_id = (above.parent_id or above.id) if above else None
    author_id = "UC" + seeded.letters(channels.ground.seed, "youtube", "visitor", author, length=22)
    links = len(_LINK.findall(text))
    comment = Comment(
        id=state.new_comment_id(parent_id),
        video_id=video.id,
        parent_id=parent_id,
        author_id=author_id,
        author_name="@" + re.sub(r"\W+", "", author.lower()),
        text=text,
        created_at=now,
        updated_at=now,
        status=("published", "heldForReview", "likelySpam")[min(links, 2)],
    )
    if author_id in channels.channels[video.channel_id].banned:
        comment.status = "rejected"
    state.comments[comment.id] = comment
    if comment.status == "published":
        channels.assume_comment(comment)
    return comment.id
