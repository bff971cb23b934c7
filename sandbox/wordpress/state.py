"""What the site holds: posts, media, terms, comments. Mutable; lives under the sandbox's lock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.hiding import Hiding
from sandbox.media import Medium


@dataclass(slots=True)
class Article:
    """A post. `floating`: a draft whose date nobody chose; it gets the time of publication."""

    id: int
    author: int
    date: datetime
    modified: datetime
    title: str = ""
    content: str = ""
    excerpt: str = ""
    slug: str = ""
    status: str = "draft"
    floating: bool = True
    password: str = ""
    featured_media: int = 0
    comment_status: str = "open"
    ping_status: str = "open"
    sticky: bool = False
    format: str = "standard"
    categories: list[int] = field(default_factory=lambda: [1])
    tags: list[int] = field(default_factory=list)
    slug_before_trash: str = ""
    hiding: Hiding | None = None


@dataclass(slots=True)
class Attachment:
    """An uploaded file. `file` is its place below `wp-content/uploads`."""

    id: int
    author: int
    date: datetime
    modified: datetime
    medium: Medium
    file: str
    mime: str
    slug: str
    title: str
    alt_text: str = ""
    caption: str = ""
    description: str = ""
    width: int = 0
    height: int = 0
    sizes: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    original: str = ""
    post: int = 0


@dataclass(slots=True)
class Term:
    """A category or a tag."""

    id: int
    taxonomy: str
    name: str
    slug: str
    description: str = ""


@dataclass(slots=True)
class Remark:
    """A comment. `status`: approved, hold, spam or trash; `author` 0 is a visitor."""

    id: int
    post: int
    parent: int
    author: int
    author_name: str
    author_email: str
    content: str
    date: datetime
    status: str


class SiteState:
    """All objects of the site, by id, oldest first. Posts and media share one count of ids."""

    def __init__(self) -> None:
        self.articles: dict[int, Article] = {}
        self.attachments: dict[int, Attachment] = {}
        self.terms: dict[int, Term] = {1: Term(1, "category", "Allgemein", "allgemein")}
        self.remarks: dict[int, Remark] = {}
        self._objects = 4
        self._remarks = 0

    def new_id(self) -> int:
        """Return a new id for a post or a file."""
        self._objects += 1
        return self._objects

    def new_term_id(self) -> int:
        """Return a new id for a term."""
        return max(self.terms) + 1

    def new_remark_id(self) -> int:
        """Return a new id for a comment."""
        self._remarks += 1
        return self._remarks

    def unique_slug(self, wanted: str, *, own_id: int) -> str:
        """Return the slug, or with -2, -3…, that no other post has; drafts count, and for a file other files."""
        taken = {article.slug for article in self.articles.values() if article.id != own_id}
        if own_id not in self.articles:
            taken |= {file.slug for file in self.attachments.values()}
        return numbered(wanted, taken)

    def categories(self, wanted: list[int]) -> list[int]:
        """Return those that exist; unknown ones are dropped silently."""
        return [number for number in wanted if self._is(number, "category")]

    def tags(self, wanted: list[int]) -> list[int]:
        """Return those that exist; unknown ones are dropped silently."""
        return [number for number in wanted if self._is(number, "post_tag")]

    def _is(self, number: int, taxonomy: str) -> bool:
        return number in self.terms and self.terms[number].taxonomy == taxonomy


def numbered(wanted: str, taken: set[str]) -> str:
    """Return the slug, or with the first free number from 2 on."""
    if not wanted or wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


FLOOD = timedelta(seconds=15)
