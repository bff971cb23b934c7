"""What a post says, and the form in which a connector is given it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from core.media import Attachment, AttachmentRole, OutgoingMedium
from core.people import Role

_OPENING_LENGTH = 60
_ROLES = tuple(AttachmentRole)


@dataclass(frozen=True, slots=True)
class Content:
    """All that the public will see of a post on one account. Never changed: a change makes a new revision.

    `title`, `excerpt`, `categories` and `tags` are used where the platform has them. `thread`: the messages that
    follow the text where the platform has threads; elsewhere they are further paragraphs of it. `options`: pairs
    (`platform.name`, value) of what only one platform asks (core/capabilities.py, Option), sorted.
    """

    text: str
    title: str = ""
    link: str = ""
    language: str = "es"
    attachments: tuple[Attachment, ...] = ()
    excerpt: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        # the order within a role is the writer's; the roles and the options have no order, so they get one
        object.__setattr__(self, "attachments", tuple(sorted(self.attachments, key=lambda a: _ROLES.index(a.role))))
        object.__setattr__(self, "options", tuple(sorted(self.options)))

    @property
    def shown(self) -> tuple[Attachment, ...]:
        """The images and video that the post itself shows."""
        return tuple(each for each in self.attachments if each.role is AttachmentRole.SHOWN)

    @property
    def opening(self) -> str:
        """What a list shows of it: the title, or the first line of the text, in at most 60 characters."""
        first = self.title or next(iter(self.text.splitlines()), "")
        return first if len(first) <= _OPENING_LENGTH else first[: _OPENING_LENGTH - 1] + "…"


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
    (a slug, a machine tag) so that it can be found again. `media` are the images and video that the post itself shows.
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
    thread: tuple[str, ...] = field(default=(), repr=False)
    options: tuple[tuple[str, str], ...] = ()
    thumbnail: OutgoingMedium | None = None
    captions: tuple[OutgoingMedium, ...] = ()

    def option(self, platform: str, name: str, default: str = "") -> str:
        """Return what was chosen for that option of that platform."""
        return dict(self.options).get(f"{platform}.{name}", default)

    @property
    def whole_text(self) -> str:
        """The text with its thread as further paragraphs, for a platform without threads."""
        return "\n\n".join((self.text, *self.thread))

    @property
    def files(self) -> tuple[OutgoingMedium, ...]:
        """Every file that goes out with it."""
        return (*self.media, *((self.thumbnail,) if self.thumbnail else ()), *self.captions)


class PostState(StrEnum):
    """Where a post's content is between its first words and its approval (procedure.md section 3)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """The office's word."""
        return _LABELS[self]


_LABELS = {
    PostState.DRAFT: "Borrador",
    PostState.IN_REVIEW: "En revisión",
    PostState.CHANGES_REQUESTED: "No conforme",
    PostState.APPROVED: "Aprobada",
    PostState.CANCELLED: "Anulada",
    PostState.EXPIRED: "Vencida",
}


@dataclass(frozen=True, slots=True)
class Target:
    """An account that a revision is meant for; `text` replaces the common text there, and is bound like it."""

    account_id: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable state of a post: what it says, where, and in which time. A change makes the next number."""

    id: int
    post_id: int
    number: int
    author_id: int
    content: Content
    targets: tuple[Target, ...]
    window: Window
    created_at: datetime

    def content_for(self, account_id: int) -> Content:
        """Return what the public of this account would see. Raises KeyError where the account is no target."""
        for target in self.targets:
            if target.account_id == account_id:
                return self.content if target.text is None else replace(self.content, text=target.text)
        raise KeyError(account_id)


@dataclass(frozen=True, slots=True)
class Post:
    """One entry of the programme: its slot (`publish_at`, aware UTC), its state and where it came from."""

    id: int
    request_id: int
    state: PostState
    publish_at: datetime
    created_by: int
    created_at: datetime
    source: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """The head's word for one revision on one account, bound to a digest (core/digest.py).

    `role` is what the approver was when they decided; a delegate's approval names the delegation that it rests on.
    """

    id: int
    revision_id: int
    account_id: int
    digest: str
    approver_id: int
    decided_at: datetime
    role: Role
    delegation_id: int | None = None
    revoked_at: datetime | None = None
    revoked_reason: str = ""
