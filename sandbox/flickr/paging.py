"""Numbered pages (sheet sections 3.1 and 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.flickr import params

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; beyond the last one it is empty."""

    items: Sequence[Item]
    number: int
    size: int
    total: int

    def attributes(self, *, per_page: str = "perpage") -> dict[str, str | int]:
        """Return what the list's element says of itself."""
        pages = max(1, -(-self.total // self.size))
        return {"page": self.number, "pages": pages, per_page: self.size, "total": self.total}


def page(items: Sequence[Item], args: dict[str, str], *, most: int, usual: int) -> Page[Item]:
    """Return the page that is asked for; `per_page` above the maximum is cut to it."""
    size = params.number(args, "per_page", default=usual, most=most)
    number = params.number(args, "page", default=1)
    start = (number - 1) * size
    return Page(items[start : start + size], number, size, len(items))
