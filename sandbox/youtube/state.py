"""What the imitated channels hold: videos, comments, captions, playlists. Mutable; lives under the sandbox's lock."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox import seeded
from sandbox.hiding import Hiding
from sandbox.media import Medium


@dataclass(slots=True)
class Channel:
    """A channel. `verified`: its phone is; `fresh`: it never had a video."""

    id: str
    title: str
    handle: str
    verified: bool
    fresh: bool
    founded_at: datetime
    banned: set[str] = field(default_factory=set)

    @property
    def uploads(self) -> str:
        """The id of the playlist of its uploads."""
        return "UU" + self.id[2:]


@dataclass(slots=True)
class Video:
    """A video. `polls`: how many more looks at its status processing takes; `ready_at`: when it ends at the latest."""

    id: str
    channel_id: str
    uploaded_at: datetime
    title: str = ""
    description: str = ""
    tags: list[str] = field(default_factory=list)
    category_id: str = ""
    default_language: str | None = None
    default_audio_language: str | None = None
    localizations: dict[str, dict[str, str]] = field(default_factory=dict)
    privacy: str = "public"
    publish_at: datetime | None = None
    license: str = "youtube"
    embeddable: bool = True
    stats_viewable: bool = True
    made_for_kids: bool | None = None
    synthetic: bool | None = None
    recording_date: str | None = None
    medium: Medium | None = None
    file_name: str = ""
    polls: int = 0
    ready_at: datetime | None = None
    failure: str | None = None
    rejection: str | None = None
    published_at: datetime | None = None
    """When it was first public."""
    thumbnail: Medium | None = None
    hiding: Hiding | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether processing has ended, well or badly."""
        return self.polls <= 0 or (self.ready_at is not None and now >= self.ready_at)

    def upload_status(self, now: datetime) -> str:
        """Return `status.uploadStatus`."""
        if not self.is_over(now):
            return "uploaded"
        return "failed" if self.failure else "rejected" if self.rejection else "processed"

    def is_visible(self, now: datetime) -> bool:
        """Whether somebody who is not the owner can watch it: public, or unlisted and known by its link."""
        return self.privacy != "private" and self.upload_status(now) == "processed"

    @property
    def takes_comments(self) -> bool:
        """Whether comments are on: they are off on what is made for kids [memory]."""
        return not self.made_for_kids


@dataclass(slots=True)
class Comment:
    """A comment; `parent_id` is its thread's. `author_id` is a channel's id. `status`: a moderation status."""

    id: str
    video_id: str
    parent_id: str | None
    author_id: str
    author_name: str
    text: str
    created_at: datetime
    updated_at: datetime
    status: str = "published"
    likes: int = 0
    hiding: Hiding | None = None


@dataclass(slots=True)
class Caption:
    """A caption track."""

    id: str
    video_id: str
    language: str
    name: str
    draft: bool
    medium: Medium
    failed: bool
    updated_at: datetime


@dataclass(slots=True)
class Playlist:
    """A playlist; `items` are pairs (item id, video id, time added), in order."""

    id: str
    channel_id: str
    title: str
    description: str
    privacy: str
    created_at: datetime
    items: list[tuple[str, str, datetime]] = field(default_factory=list)


class ChannelState:
    """All objects of all channels, by id, oldest first."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.videos: dict[str, Video] = {}
        self.comments: dict[str, Comment] = {}
        self.captions: dict[str, Caption] = {}
        self.playlists: dict[str, Playlist] = {}
        self.waiting: set[str] = set()
        """Videos that time will change: in processing, or to be published by themselves."""
        self._made = 0

    def text(self, kind: str, length: int) -> str:
        """Return new letters for an id."""
        self._made += 1
        return seeded.letters(self.seed, "youtube", kind, self._made, length=length)

    def new_video_id(self) -> str:
        """Return eleven characters, with a dash or an underscore where real ones have them, at the start too."""
        letters = self.text("video", 10)
        return ("-" + letters, letters + "_", letters[:5] + "-" + letters[5:], letters + "A")[self._made % 4]

    def new_comment_id(self, parent_id: str | None) -> str:
        """Return a thread's id, or a reply's: `<thread>.<reply>` (sheet 3.2 [memory])."""
        if parent_id is None:
            return "Ugx" + self.text("comment", 17) + "4AaABAg"
        return f"{parent_id}.{self.text('reply', 22)}"

    def videos_of(self, channel_id: str) -> list[Video]:
        """Return a channel's videos, newest upload first."""
        return [video for video in reversed(self.videos.values()) if video.channel_id == channel_id]

    def comments_of(self, video_id: str) -> list[Comment]:
        """Return a video's comments, oldest first."""
        return [comment for comment in self.comments.values() if comment.video_id == video_id]

    def replies_to(self, thread_id: str) -> list[Comment]:
        """Return a thread's replies, oldest first."""
        return [comment for comment in self.comments.values() if comment.parent_id == thread_id]

    def views(self, video: Video, at: datetime) -> int:
        """Return how often a video was started: grows from when it was public, ever more slowly."""
        if video.published_at is None or at <= video.published_at:
            return 0
        hours = (at - video.published_at) / timedelta(hours=1)
        return int((260 + 5400 * self.share("views", video.id)) * (1 - math.exp(-hours / 30)))

    def likes(self, video: Video, at: datetime) -> int:
        """Return how often a video was liked."""
        return int(self.views(video, at) * (0.02 + 0.04 * self.share("likes", video.id)))

    def share(self, *parts: Any) -> float:
        """Return a number in [0, 1) that depends on the seed and the parts."""
        return seeded.fraction(self.seed, "youtube", *parts)
