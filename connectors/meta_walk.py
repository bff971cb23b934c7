"""Where a reading of a post's comments stands, as text that the caller keeps between two pages or two pulls."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import parse_qsl, urlencode

from connectors.errors import Unavailable, Unsupported
from connectors.meta_values import is_cursor
from core.platforms import Platform

_COUNT = re.compile(r"[0-9]{1,12}")
# Where a walk through one post's comments stops asking: a list that goes in a circle has no other end
MOST_PAGES = 1000
# Ours: a comment may be listed only after later ones are, and the order of the list is not sure
OVERLAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in a walk through a list of comments: what one of our cursors says.

    `after`: the platform's own cursor, opaque, for this walk only. `page` counts from 1. `since` (UNIX seconds, 0: from
    the beginning) is where the walk began, `newest` the latest comment that it has met.
    """

    after: str = ""
    page: int = 1
    since: int = 0
    newest: int = 0

    @classmethod
    def parse(cls, cursor: str | None, platform: Platform) -> Self:
        """Return what our cursor says. Raises Unsupported for one that is not ours."""
        if cursor is None:
            return cls()
        told = dict(parse_qsl(cursor, keep_blank_values=True))
        after = told.pop("after", "")
        numbers = {name: int(count) for name, count in told.items() if _COUNT.fullmatch(count)}
        walk = cls(after, numbers.get("page", 1), numbers.get("since", 0), numbers.get("newest", 0))
        # whatever else it says, or says twice, is not written again
        if str(walk) != cursor or walk.page < 1 or (walk.page > 1) != is_cursor(after):
            raise Unsupported("this is no cursor of ours", platform=platform)
        return walk

    def __str__(self) -> str:
        told: dict[str, object] = {"page": self.page, "since": self.since}
        if self.newest:
            told["newest"] = self.newest
        if self.after:
            told["after"] = self.after
        return urlencode(told)

    def met(self, instants: list[datetime]) -> Self:
        """Return this place, knowing what was met on its page."""
        return replace(self, newest=max([self.newest, *(int(instant.timestamp()) for instant in instants)]))

    def following(self, after: str, platform: Platform) -> str:
        """Return the cursor of the next page. Raises Unavailable where the walk has no end."""
        if after == self.after or self.page >= MOST_PAGES:
            raise Unavailable("the list of comments does not end", platform=platform)
        return str(replace(self, after=after, page=self.page + 1))

    def resumed(self) -> str:
        """Return where a later walk begins, once this one came to its end."""
        # a comment of a day to come must not hide those before it
        newest = min(self.newest, int(datetime.now(UTC).timestamp()))
        since = max(self.since, newest - int(OVERLAP.total_seconds()))
        return str(Walk(since=since))
