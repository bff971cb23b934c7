"""What comes back from a platform: comments and figures. People's data is in no repr."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `next_cursor` is None at the end. A page may be empty and still have a next one.

    `resume_cursor`, on the last page: a later pull that begins with it brings what is new since, with some overlap;
    None where the platform has no such order. What was edited, hidden or deleted meanwhile only a whole pull tells.
    """

    items: tuple[T, ...]
    next_cursor: str | None = None
    resume_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as the platform gives it now. `own`: written by the account itself."""

    id: str
    text: str = field(repr=False)
    created_at: datetime
    parent_id: str | None = None
    author_id: str = field(default="", repr=False)
    author_name: str = field(default="", repr=False)
    own: bool = False
    hidden: bool = False
    can_hide: bool = True
    url: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Figures at an instant, by the platform's own names. A figure that the platform did not give is not in it."""

    taken_at: datetime
    values: dict[str, float]
    missing: tuple[str, ...] = ()
