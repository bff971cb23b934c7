"""The imitated channels as a whole: state, tokens, quota, and what the public sees of each video and comment."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox import seeded
from sandbox.exchange import Call
from sandbox.imitation import Ground
from sandbox.ledger import Face
from sandbox.youtube.errors import dead_token, no_channel, video_not_found, wrong_type
from sandbox.youtube.methods import Method
from sandbox.youtube.quota import Quota
from sandbox.youtube.state import Channel, ChannelState, Comment, Video
from sandbox.youtube.tokens import Grant, TokenRegister
from sandbox.youtube.world import make_world

PLATFORM = "youtube"


@dataclass(slots=True)
class Visit:
    """One call to one method. `grant` None: an API key's."""

    call: Call
    method: Method
    params: dict[str, Any]
    grant: Grant | None

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.call.now

    @property
    def channel_id(self) -> str | None:
        """The caller's channel."""
        return self.grant.channel_id if self.grant else None

    @property
    def parts(self) -> list[str]:
        """The parts that the caller wants."""
        return list(self.params.get("part", ()))

    def own_channel(self) -> str:
        """Return the caller's channel. Raises ApiError for an account without one, or a mere API key."""
        if self.grant is None:
            raise dead_token()
        if self.grant.channel_id is None:
            raise no_channel()
        return self.grant.channel_id

    def body(self) -> dict[str, Any]:
        """Return the JSON body. Raises ApiError."""
        if self.call.json_broken or not isinstance(self.call.json, dict | None):
            raise wrong_type("body")
        return self.call.json or {}


def written(instant: datetime) -> str:
    """Return a time as the API writes it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def etag(*parts: object) -> str:
    """Return a tag that changes with the parts."""
    return seeded.letters(0, "etag", *parts, length=27)


class Channels:
    """All that the modules of this platform share."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.world = make_world(ground.seed)
        self.state = ChannelState(ground.seed)
        self.tokens = TokenRegister(self.world, ground.seed, ground.clock())
        self.quota = Quota(self.world.project_number)
        world = self.world
        self.channels = {
            channel.id: channel
            for channel in (
                Channel(
                    id=world.channel_id,
                    title=world.channel_title,
                    handle=world.channel_handle,
                    verified=True,
                    fresh=False,
                    founded_at=datetime(2013, 5, 14, 16, 20, tzinfo=UTC),
                ),
                Channel(
                    id=world.other_channel_id,
                    title=world.other_channel_title,
                    handle="@noticiasinpe",
                    verified=False,
                    fresh=True,
                    founded_at=datetime(2026, 11, 2, 3, 5, tzinfo=UTC),
                ),
            )
        }

    def seen_video(self, visit: Visit, video_id: str, *, location: str = "id") -> Video:
        """Return a video that the caller may see. Raises ApiError videoNotFound."""
        video = self.state.videos.get(video_id)
        if video is None or not (video.channel_id == visit.channel_id or video.is_visible(visit.now)):
            raise video_not_found(location)
        return video

    def show(self, video: Video, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of the video now, and of the channel's own comments there."""
        now = self.ground.clock()
        face = None
        if not gone and video.is_visible(now) and video.medium is not None:
            face = Face("video", video.description, (video.medium.sha256,), video.title)
            if video.privacy == "public":
                video.published_at = video.published_at or now
        news = self.ground.ledger.show(face, platform=PLATFORM, account=video.channel_id, remote_id=video.id)
        if news and face is not None:
            for comment in self.state.comments_of(video.id):
                if comment.author_id == video.channel_id:  # written while nobody saw the video
                    self.show_comment(comment)

    def sees_comment(self, comment: Comment) -> bool:
        """Whether the public sees the comment."""
        above = self.state.comments.get(comment.parent_id) if comment.parent_id else None
        shown = comment.status == "published" and (above is None or above.status == "published")
        return shown and self.state.videos[comment.video_id].is_visible(self.ground.clock())

    def show_comment(self, comment: Comment, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of a comment now."""
        channel_id = self.state.videos[comment.video_id].channel_id
        face = None if gone or not self.sees_comment(comment) else Face("comment", comment.text)
        self.ground.ledger.show(face, platform=PLATFORM, account=channel_id, remote_id=comment.id)

    def assume_comment(self, comment: Comment) -> None:
        """Note a visitor's comment as visible: nobody of the office wrote it, so it is no entry."""
        channel_id = self.state.videos[comment.video_id].channel_id
        face = Face("comment", comment.text)
        self.ground.ledger.assume(face, platform=PLATFORM, account=channel_id, remote_id=comment.id)

    def forget_comment(self, comment: Comment) -> None:
        """Remove a comment, and the replies of a thread."""
        for gone in (*self.state.replies_to(comment.id), comment):
            self.show_comment(gone, gone=True)
            del self.state.comments[gone.id]

    def remove(self, video: Video) -> None:
        """Delete a video with all that hangs on it."""
        self.show(video, gone=True)
        state = self.state
        for comment in state.comments_of(video.id):
            del state.comments[comment.id]
        for caption in [one for one in state.captions.values() if one.video_id == video.id]:
            del state.captions[caption.id]
        for playlist in state.playlists.values():
            playlist.items = [item for item in playlist.items if item[1] != video.id]
        state.waiting.discard(video.id)
        del state.videos[video.id]

    def tick(self, now: datetime) -> None:
        """Finish processing, publish what was scheduled."""
        for video_id in sorted(self.state.waiting):
            video = self.state.videos[video_id]
            if video.publish_at is not None and now >= video.publish_at:
                video.privacy, video.publish_at = "public", None
            self.show(video)
            if video.is_over(now) and video.publish_at is None:
                self.state.waiting.discard(video_id)
