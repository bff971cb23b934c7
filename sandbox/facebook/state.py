"""What a Facebook Page holds: posts, photos, videos, comments. Mutable; lives under the sandbox's lock."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.hiding import Hiding
from sandbox.media import Incoming, Medium

PHOTO_LIFE = timedelta(hours=24)
"""Unpublished photos that no post uses are dropped after about this (sheet 2.3 [doc])."""

_FIRST_ID = 122_000_000_000_000_017
"""Beyond 2**53: who reads ids as JavaScript numbers shall notice."""


@dataclass(slots=True)
class Photo:
    """A photo; `post_id` once a post shows it."""

    id: str
    page_id: str
    medium: Medium
    mime: str
    width: int
    height: int
    created_at: datetime
    caption: str
    alt_text: str
    published: bool
    temporary: bool = False
    post_id: str | None = None


@dataclass(slots=True)
class Video:
    """A video; `polls` is how many more status reads it takes to be ready, `ready_at` when it is at the latest."""

    id: str
    page_id: str
    created_at: datetime
    size: int
    title: str = ""
    description: str = ""
    published: bool = True
    medium: Medium | None = None
    mime: str = ""
    session_id: str | None = None
    received: Incoming | None = None
    finished: bool = False
    failed: bool = False
    polls: int = 0
    ready_at: datetime | None = None
    post_id: str | None = None
    scheduled_at: datetime | None = None

    def is_ready(self, now: datetime) -> bool:
        """Whether processing is over and went well."""
        over = self.polls <= 0 or (self.ready_at is not None and now >= self.ready_at)
        return self.finished and not self.failed and over


@dataclass(slots=True)
class Post:
    """A Page post, held back while `published` is false."""

    id: str
    page_id: str
    message: str
    link: str
    created_at: datetime
    updated_at: datetime
    published: bool
    status_type: str
    photos: list[Photo] = field(default_factory=list)
    video: Video | None = None
    scheduled_at: datetime | None = None
    published_at: datetime | None = None
    hiding: Hiding | None = None

    @property
    def story(self) -> str:
        """The part of the id after the Page's."""
        return self.id.partition("_")[2]


@dataclass(slots=True)
class Comment:
    """A comment; `parent_id` is another comment's, `by_page` the office's own."""

    id: str
    post_id: str
    parent_id: str | None
    author_id: str
    author_name: str
    message: str
    created_at: datetime
    by_page: bool
    hidden: bool = False
    likes: int = 0
    liked_by_page: bool = False


class PageState:
    """All objects of all imitated Pages, by id, oldest first."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.posts: dict[str, Post] = {}
        self.photos: dict[str, Photo] = {}
        self.videos: dict[str, Video] = {}
        self.comments: dict[str, Comment] = {}
        self.waiting: set[str] = set()
        """Posts that time will change: scheduled, or with a video in processing."""
        self.loose: dict[str, None] = {}
        """Photos that may be dropped, oldest first."""
        self._made = 0
        self._comment_number = 500

    def new_id(self) -> str:
        """Return a new number for a photo, a video or a story."""
        self._made += 1
        return str(_FIRST_ID + self._made * 1009 + seeded.number(self.seed, "id", self._made) % 1000)

    def new_comment_id(self, post: Post) -> str:
        """Return a new comment id: keyed to the story, not to a parent comment."""
        self._comment_number += 1
        return f"{post.story}_{self._comment_number}"

    def comments_of(self, post_id: str) -> list[Comment]:
        """Return all comments of a post, all levels, oldest first."""
        return [comment for comment in self.comments.values() if comment.post_id == post_id]

    def replies_to(self, comment_id: str) -> list[Comment]:
        """Return the direct replies, oldest first."""
        return [comment for comment in self.comments.values() if comment.parent_id == comment_id]

    def forget_comment(self, comment: Comment) -> list[Comment]:
        """Remove a comment with its replies, and return them."""
        gone = [comment]
        for reply in self.replies_to(comment.id):
            gone += self.forget_comment(reply)
        self.comments.pop(comment.id, None)
        return gone

    def reach(self, post: Post, now: datetime) -> float:
        """Return how many people a post has reached: grows with age, saturating in about two days."""
        if not post.published or post.published_at is None:
            return 0.0
        hours = max(0.0, (now - post.published_at).total_seconds() / 3600)
        return (900 + 4200 * seeded.fraction(self.seed, "reach", post.id)) * (1 - math.exp(-hours / 14))

    def reactions(self, post: Post, now: datetime) -> dict[str, int]:
        """Return the reactions by kind, without the kinds nobody chose."""
        shares = {"like": 0.031, "love": 0.008, "wow": 0.002, "haha": 0.0015, "sorry": 0.001, "anger": 0.0008}
        reach = self.reach(post, now)
        counts = {
            kind: int(reach * share * (0.6 + 0.8 * seeded.fraction(self.seed, kind, post.id)))
            for kind, share in shares.items()
        }
        return {kind: count for kind, count in counts.items() if count}

    def share_count(self, post: Post, now: datetime) -> int:
        """Return how often the post was shared."""
        return int(self.reach(post, now) * 0.006 * (0.5 + seeded.fraction(self.seed, "shares", post.id)))
