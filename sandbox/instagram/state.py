"""What the imitated accounts hold: containers, media, comments. Mutable; lives under the sandbox's lock."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.hiding import Hiding
from sandbox.media import Incoming, Medium

CONTAINER_LIFE = timedelta(hours=24)
STORY_LIFE = timedelta(hours=24)
_FIRST_ID = 17_900_000_000_000_017
"""Containers, media and comments: opaque numbers of 17 digits, as in the sheet's examples."""
_SHORT = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(slots=True)
class Container:
    """Something prepared, that nobody sees. `kind`: IMAGE, VIDEO (carousel child), REELS, STORIES or CAROUSEL.

    `polls` is how many more status reads processing takes, `ready_at` when it is over at the latest.
    """

    id: str
    account_id: str
    kind: str
    created_at: datetime
    is_child: bool = False
    is_picture: bool = False
    caption: str = ""
    alt_text: str = ""
    share_to_feed: bool = True
    children: tuple["Container", ...] = ()
    medium: Medium | None = None
    mime: str = ""
    resumable: bool = False
    size: int = 0
    received: Incoming | None = None
    polls: int = 0
    ready_at: datetime | None = None
    error: int | None = None
    error_told: bool = False
    media_id: str | None = None
    lag: Hiding | None = None
    """How long it still reads FINISHED although it is published."""

    @property
    def is_handed_over(self) -> bool:
        """Whether all bytes are here, or will never be."""
        return self.medium is not None or bool(self.children) or (self.error is not None and not self.resumable)

    def status(self, now: datetime) -> str:
        """Return the true `status_code`."""
        if self.media_id is not None:
            return "PUBLISHED"
        over = self.polls <= 0 or (self.ready_at is not None and now >= self.ready_at)
        if self.is_handed_over and over and self.error is not None:
            return "ERROR"
        if now - self.created_at >= CONTAINER_LIFE:
            return "EXPIRED"
        return "FINISHED" if self.is_handed_over and over else "IN_PROGRESS"


@dataclass(slots=True)
class Media:
    """A published thing. `kind`: IMAGE, VIDEO, CAROUSEL_ALBUM; `product`: FEED, REELS, STORY."""

    id: str
    account_id: str
    kind: str
    product: str
    caption: str
    alt_text: str
    medium: Medium | None
    mime: str
    created_at: datetime
    parent_id: str | None = None
    children: tuple["Media", ...] = ()
    share_to_feed: bool = True
    takes_comments: bool = True
    hiding: Hiding | None = None

    @property
    def shortcode(self) -> str:
        """The part of the web address; it is not the id."""
        number, letters = int(self.id), ""
        while number:
            number, rest = divmod(number, 64)
            letters = _SHORT[rest] + letters
        return "D" + letters

    @property
    def files(self) -> tuple["Media", ...]:
        """What is shown, in order: the children of a carousel, else itself."""
        return self.children or (self,)

    def is_live(self, now: datetime) -> bool:
        """Whether the public can see it: stories only for a day."""
        return self.product != "STORY" or now - self.created_at < STORY_LIFE


@dataclass(slots=True)
class Comment:
    """A comment. `parent_id` is the top-level comment's; `by_account` the office's own."""

    id: str
    media_id: str
    parent_id: str | None
    author_id: str
    username: str
    text: str
    created_at: datetime
    by_account: bool
    hidden: bool = False


@dataclass(slots=True)
class AccountState:
    """All objects of all imitated accounts, by id, oldest first."""

    seed: int
    containers: dict[str, Container] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    published: list[tuple[str, datetime]] = field(default_factory=list)
    """Account and time of every publication; what was deleted later still counts."""
    stories: dict[str, None] = field(default_factory=dict)
    """Stories that have not ended yet."""
    uploads: dict[str, None] = field(default_factory=dict)
    """Containers with an unfinished upload."""
    _made: int = 0

    def new_id(self) -> str:
        """Return a new number for a container, a medium or a comment."""
        self._made += 1
        return str(_FIRST_ID + self._made * 1_000_003 + seeded.number(self.seed, "instagram id", self._made) % 900_000)

    def of_account(self, account_id: str) -> list[Media]:
        """Return an account's media, newest first, without the children of carousels."""
        return [one for one in reversed(self.media.values()) if one.account_id == account_id and one.parent_id is None]

    def comments_of(self, media_id: str) -> list[Comment]:
        """Return all comments of a medium, both levels, oldest first."""
        return [comment for comment in self.comments.values() if comment.media_id == media_id]

    def replies_to(self, comment_id: str) -> list[Comment]:
        """Return the replies, oldest first."""
        return [comment for comment in self.comments.values() if comment.parent_id == comment_id]

    def reach(self, media: Media, now: datetime) -> float:
        """Return how many people a medium has reached: grows with age, saturating in about two days."""
        hours = max(0.0, (now - media.created_at).total_seconds() / 3600)
        most = 1300 + 5200 * seeded.fraction(self.seed, "instagram reach", media.id)
        return most * (1 - math.exp(-hours / 12))

    def share(self, media: Media, what: str, usual: float, now: datetime) -> int:
        """Return how many of those reached did something that `usual` of them do."""
        return int(self.reach(media, now) * usual * (0.6 + 0.8 * seeded.fraction(self.seed, what, media.id)))
