"""What a post says, and the form in which a connector is given it."""

from dataclasses import dataclass, field
from datetime import datetime

from core.media import Attachment, OutgoingMedium


@dataclass(frozen=True, slots=True)
class Content:
    """All that the public will see of a post on one account. Never changed: a change makes a new revision.

    `title`, `excerpt`, `categories` and `tags` are used where the platform has them (the website).
    """

    text: str
    title: str = ""
    link: str = ""
    language: str = "es"
    attachments: tuple[Attachment, ...] = ()
    excerpt: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which an approved post may go out: aware UTC instants, `starts_at` included, `ends_at` not."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a window needs aware instants")
        if self.starts_at >= self.ends_at:
            raise ValueError("a window ends after it starts")

    def __contains__(self, instant: datetime) -> bool:
        return self.starts_at <= instant < self.ends_at


@dataclass(frozen=True, slots=True)
class OutgoingPost:
    """One approved post for one account, as a connector is given it.

    `key` is the delivery's own, unique for ever, made of [a-z0-9-]: it marks what we put on the platform
    (a slug, a machine tag) so that it can be found again.
    """

    key: str
    text: str = field(repr=False)
    title: str = field(default="", repr=False)
    link: str = ""
    language: str = "es"
    media: tuple[OutgoingMedium, ...] = ()
    excerpt: str = field(default="", repr=False)
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
