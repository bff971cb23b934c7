"""What the imitated LinkedIn holds: media, posts, comments. Mutable; lives under the sandbox's lock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox import seeded
from sandbox.hiding import Hiding
from sandbox.media import Incoming, Medium

WAITING_UPLOAD, PROCESSING, AVAILABLE, PROCESSING_FAILED = (
    "WAITING_UPLOAD",
    "PROCESSING",
    "AVAILABLE",
    "PROCESSING_FAILED",
)
PUBLISHED, PUBLISH_REQUESTED, PUBLISH_FAILED = "PUBLISHED", "PUBLISH_REQUESTED", "PUBLISH_FAILED"

COMMENTS_LAG = timedelta(seconds=5)
"""The comments of a fresh post are not found for some seconds (sheet 3.3 [code]); how many is ours."""

_FIRST_NUMBER = 7_398_000_000_000_000_000
"""Beyond 2**53: who reads ids as JavaScript numbers shall notice."""


@dataclass(slots=True)
class Part:
    """One address of an upload. Bytes `first` to `last`, both included; `last` None: as many as come."""

    number: int
    first: int = 0
    last: int | None = None
    etag: str | None = None
    parked: Incoming | None = None
    """Its bytes, while an earlier part is still missing."""


@dataclass(slots=True)
class Asset:
    """An image, a video or a document. `polls` is how many more looks it takes, `ready_at` the latest moment."""

    urn: str
    kind: str
    owner: str
    created_at: datetime
    expires_at: datetime
    signature: str
    parts: list[Part]
    size: int | None = None
    upload_token: str = ""
    extras: tuple[str, ...] = ()
    """Further addresses that were asked for: thumbnail, captions."""
    whole: Incoming | None = None
    """The parts so far without a gap, from the first on."""
    joined: int = 0
    """How many parts `whole` holds."""
    medium: Medium | None = None
    trouble: str | None = None
    polls: int = 0
    ready_at: datetime | None = None
    wanted_polls: int | None = None

    @property
    def key(self) -> str:
        """The last part of the URN."""
        return self.urn.rpartition(":")[2]

    def status(self, now: datetime) -> str:
        """Return where the asset is on its way."""
        if self.medium is None:
            return WAITING_UPLOAD
        over = self.polls <= 0 or (self.ready_at is not None and now >= self.ready_at)
        if not over:
            return PROCESSING
        return PROCESSING_FAILED if self.trouble else AVAILABLE


@dataclass(slots=True)
class Post:
    """A post. `commentary` is the template that reads give back, `visible` what readers see."""

    urn: str
    activity: str
    author: str
    commentary: str
    visible: str
    visibility: str
    distribution: dict[str, Any]
    content: dict[str, Any]
    assets: list[Asset]
    title: str | None
    reshare: dict[str, Any] | None
    locked: bool
    created_at: datetime
    modified_at: datetime
    lifecycle: str = PUBLISH_REQUESTED
    published_at: datetime | None = None
    edited: bool = False
    polls: int = 0
    is_doomed: bool = False
    """Whether the platform will fail to show it, although it took it (trap 14)."""
    hiding: Hiding | None = None
    comments_at: datetime | None = None
    """When its comments can be asked for."""
    comments_state: str = "OPEN"
    reactions: dict[str, str] = field(default_factory=dict)
    """Reactions made through the API: actor to kind."""

    @property
    def dark(self) -> bool:
        """Whether it stays out of the feed: nobody comes across it."""
        return bool(self.distribution["feedDistribution"] == "NONE")

    @property
    def is_visible(self) -> bool:
        """Whether the public sees it."""
        return self.lifecycle == PUBLISHED and not self.dark


@dataclass(slots=True)
class Comment:
    """A comment; `parent` is the number of the top-level comment it answers, None at the top."""

    number: str
    activity: str
    parent: str | None
    actor: str
    text: str
    attributes: list[Any]
    created_at: datetime
    modified_at: datetime
    hiding: Hiding | None = None
    reactions: dict[str, str] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        """The comment's URN: keyed to the activity, which is not the number of the post."""
        return f"urn:li:comment:({self.activity},{self.number})"


class LinkedInState:
    """All objects by URN, oldest first; comments by number."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.assets: dict[str, Asset] = {}
        self.uploads: dict[str, Asset] = {}
        """Assets by the key that is in their upload addresses."""
        self.posts: dict[str, Post] = {}
        self.comments: dict[str, Comment] = {}
        self.waiting: set[str] = set()
        """Posts that are not public yet and may become so."""
        self.accepted: list[tuple[datetime, str, str]] = []
        """When which body was taken as which post, for the duplicate detector; oldest first."""
        self._made = 0

    def new_number(self, what: str) -> str:
        """Return a new number."""
        self._made += 1
        return str(_FIRST_NUMBER + self._made * 4_000_037 + seeded.number(self.seed, what, self._made) % 4_000_000)

    def new_key(self, what: str) -> str:
        """Return a new opaque key of media."""
        self._made += 1
        return "D4E" + seeded.letters(self.seed, what, self._made, length=15)

    def thread(self, urn: str) -> Post | None:
        """Return the post behind a share, ugcPost or activity URN."""
        found = self.posts.get(urn)
        return found or next((post for post in self.posts.values() if post.activity == urn), None)

    def comments_of(self, post: Post) -> list[Comment]:
        """Return all comments of a post, both levels, oldest first."""
        return [comment for comment in self.comments.values() if comment.activity == post.activity]

    def level(self, post: Post, parent: str | None) -> list[Comment]:
        """Return the first-level comments of a post, or the replies to one of them."""
        return [comment for comment in self.comments_of(post) if comment.parent == parent]

    def forget_comment(self, comment: Comment) -> list[Comment]:
        """Remove a comment with its replies, and return them."""
        gone = [comment, *(other for other in self.comments.values() if other.parent == comment.number)]
        for one in gone:
            self.comments.pop(one.number, None)
        return gone
