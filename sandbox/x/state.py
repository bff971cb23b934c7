"""What X holds: people, posts, attachments. Mutable; lives under the sandbox's lock."""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sandbox import seeded
from sandbox.hiding import Hiding
from sandbox.media import Medium
from sandbox.x.wording import Wording

EPOCH_MILLISECONDS = 1_288_834_974_657
"""Of snowflake ids (sheet 2.1 [memory])."""


@dataclass(slots=True)
class Person:
    """An account. `office`: one of those with tokens; `premium`: may write long posts and edit them."""

    id: str
    username: str
    name: str
    created_at: datetime
    office: bool = False
    premium: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, animation or video in a post. `kind`: photo, animated_gif or video."""

    media_key: str
    kind: str
    medium: Medium
    mime: str
    width: int
    height: int
    duration_ms: int
    alt_text: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll."""

    id: str
    options: tuple[str, ...]
    minutes: int
    end_at: datetime


@dataclass(slots=True)
class Post:
    """A post. `text` is what was written; `wording` what the API makes of it; `history` all ids, the oldest first."""

    id: str
    author_id: str
    text: str
    wording: Wording
    created_at: datetime
    conversation_id: str
    mentioned: frozenset[str]
    """Usernames in small letters, those put in front of a reply included."""
    has_link: bool = False
    reply_to: str | None = None
    reply_to_user: str | None = None
    quotes: str | None = None
    attachments: tuple[Attachment, ...] = ()
    poll: Poll | None = None
    reply_settings: str = "everyone"
    paid_partnership: bool = False
    history: tuple[str, ...] = ()
    superseded: bool = False
    """An edited version took its place."""
    hidden: bool = False
    """A reply that the author of the conversation hid."""
    hiding: Hiding | None = None


@dataclass(slots=True)
class Network:
    """All people and posts, the oldest first."""

    seed: int
    people: dict[str, Person] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    _last_id: int = 0

    def new_id(self, now: datetime) -> str:
        """Return a new snowflake: grows with time, never twice."""
        milliseconds = int(now.timestamp() * 1000) - EPOCH_MILLISECONDS
        made = (milliseconds << 22) + seeded.number(self.seed, "snowflake", self._last_id) % 4096
        self._last_id = max(made, self._last_id + 1 + made % 7)
        return str(self._last_id)

    def person(self, name: str, now: datetime) -> Person:
        """Return the visitor of that name, who comes to be when first seen."""
        for person in self.people.values():
            if person.name == name:
                return person
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        base = re.sub(r"\W", "", plain)[:11] or "visita"
        taken = {person.username.lower() for person in self.people.values()}
        username = next(choice for number in range(10_000) if (choice := f"{base}{number or ''}").lower() not in taken)
        person_id = str(1_300_000_000_000_000_000 + seeded.number(self.seed, "x visitor", name) % 10**17)
        person = Person(person_id, username, name, created_at=now - timedelta(days=900))
        self.people[person.id] = person
        return person

    def by_username(self, username: str) -> Person | None:
        """Return the person of that username, case ignored."""
        return next((p for p in self.people.values() if p.username.lower() == username.lower()), None)

    def visible(self) -> list[Post]:
        """Return all posts that lists may hold, the newest first: current versions, of nobody protected."""
        return [
            post
            for post in sorted(self.posts.values(), key=lambda post: int(post.id), reverse=True)
            if not post.superseded and not self.people[post.author_id].protected
        ]

    def replies_to(self, post_id: str) -> list[Post]:
        """Return the direct replies."""
        return [post for post in self.posts.values() if post.reply_to == post_id and not post.superseded]

    def quotes_of(self, post_id: str) -> list[Post]:
        """Return the posts that quote it."""
        return [post for post in self.posts.values() if post.quotes == post_id and not post.superseded]

    def root_author(self, post: Post) -> str | None:
        """Return who began the conversation, None when that post is gone."""
        root = self.posts.get(post.conversation_id)
        return root.author_id if root else None

    def reach(self, post: Post, now: datetime) -> float:
        """Return how often a post was seen: grows with age, saturating in about a day."""
        hours = max(0.0, (now - post.created_at).total_seconds() / 3600)
        return (600 + 5200 * seeded.fraction(self.seed, "x reach", post.history[0])) * (1 - math.exp(-hours / 7))

    def share(self, post: Post, what: str, part: float, now: datetime) -> int:
        """Return how many of those who saw the post did something."""
        spread = 0.5 + seeded.fraction(self.seed, "x", what, post.history[0])
        return int(self.reach(post, now) * part * spread)


def instant(moment: datetime) -> str:
    """Return a time as X writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
