"""Where a reading of comments stands, as text that the caller keeps: `Page.next_cursor` and `Page.resume_cursor`.

The platform takes no "since", and a late reply moves no thread up (sheet 3.2 [doc][memory]), so a cursor carries what a
later reading needs: the instant from which things are new, and how many replies each long thread had. Threads stand in
it by a digest; no person and no text does.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.errors import Unsupported
from core.platforms import Platform

PUBLISHED, HELD, SPAM = "published", "heldForReview", "likelySpam"
LISTS = (PUBLISHED, HELD, SPAM)
OVERLAP = timedelta(hours=1)  # ours: lists lag, and two clocks differ
REMEMBERED = 200  # long threads, so that a cursor stays under some 5 kB; the others are opened at every reading


@dataclass(frozen=True, slots=True)
class Cursor:
    """One place in a reading. Instants are aware UTC.

    `since`: what is older was brought by an earlier reading, None: nothing was. `started_at`: of this reading, by our
    clock. `newest_at`: of all that it has met. `counts`: replies by thread, of those that hold more than their listing
    shows.
    """

    started_at: datetime
    listing: str = PUBLISHED
    page_token: str = field(default="", repr=False)
    since: datetime | None = None
    newest_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str | None) -> "Cursor":
        """Return the place that a cursor names, the beginning for None. Unsupported where we did not write it."""
        now = datetime.now(UTC)
        if text is None:
            return cls(now)
        try:
            told = json.loads(text)
            counts = told["counts"]
            place = cls(
                started_at=_instant(told["started_at"]) or now,
                listing=told["listing"],
                page_token=told["page_token"],
                since=_instant(told["since"]),
                newest_at=_instant(told["newest_at"]),
                counts=counts,
            )
            fits = (
                place.listing in LISTS
                and isinstance(place.page_token, str)
                and isinstance(counts, dict)
                and all(type(count) is int for count in counts.values())
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            fits = False
        if not fits:
            raise Unsupported("the cursor is none that this connector gave", platform=Platform.YOUTUBE)
        return place

    def is_new(self, changed_at: datetime) -> bool:
        """Tell whether what was written or edited then is to be brought."""
        return self.since is None or changed_at >= self.since

    def has_grown(self, thread_id: str, count: int) -> bool:
        """Tell whether a long thread may hold replies that were not brought yet."""
        return self.since is None or self.counts.get(_key(thread_id)) != count

    def following(self, page_token: str, newest_at: datetime | None, counts: Mapping[str, int]) -> "Cursor | None":
        """Return the place after this page, with what was met on it; None at the end of the last list."""
        met = self.met(newest_at, counts)
        if page_token:
            return _at(met, self.listing, page_token)
        lists = LISTS[LISTS.index(self.listing) + 1 :]
        return _at(met, lists[0], "") if lists else None

    def met(self, newest_at: datetime | None, counts: Mapping[str, int]) -> "Cursor":
        """Return this place, knowing what was met: the newest instant, and the long threads' replies by thread id."""
        known = {_key(thread_id): count for thread_id, count in counts.items()}
        kept = {key: count for key, count in self.counts.items() if key not in known} | known
        instants = [instant for instant in (self.newest_at, newest_at) if instant]
        return Cursor(
            started_at=self.started_at,
            listing=self.listing,
            page_token=self.page_token,
            since=self.since,
            newest_at=max(instants, default=None),
            counts=dict(list(kept.items())[-REMEMBERED:]),
        )

    def resumed(self, *, is_whole: bool = True) -> str:
        """Return where a later reading begins. `is_whole`: this one came to its end, so older things are known.

        What it missed was written after it began; that is no earlier than the newest thing it met less the time that it
        took. Only a length of time is taken from our clock, which may be wrong.
        """
        since = self.since
        if is_whole and self.newest_at is not None:
            taken = max(datetime.now(UTC) - self.started_at, timedelta(0))
            mark = self.newest_at - taken - OVERLAP
            since = max(mark, since) if since else mark
        return _text(asdict(Cursor(self.started_at, since=since, counts=self.counts)) | {"started_at": None})

    def __str__(self) -> str:
        return _text(asdict(self))


def _at(cursor: Cursor, listing: str, page_token: str) -> Cursor:
    return Cursor(cursor.started_at, listing, page_token, cursor.since, cursor.newest_at, cursor.counts)


def _text(told: Mapping[str, object]) -> str:
    return json.dumps(told, default=lambda instant: instant.isoformat(), separators=(",", ":"))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(UTC)


def _key(thread_id: str) -> str:
    return hashlib.sha256(thread_id.encode()).hexdigest()[:12]
