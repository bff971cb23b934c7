"""Views and favourites: grow while the public can see a photo; the same seed, the same numbers (sheet section 4)."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sandbox import seeded
from sandbox.flickr.state import Photo
from sandbox.flickr.stream import Photostreams

WINDOW_DAYS = 28
_FIRST_CONTACTS = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Day:
    """A GMT day."""

    date: date

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.date, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first instant of the next day."""
        return self.start + timedelta(days=1)


def _hours(photo: Photo, at: datetime) -> float:
    """Return for how long the public could see a photo until then."""
    seen = timedelta()
    for start, end in photo.exposure:
        seen += max(timedelta(), min(at, end or at) - start)
    return seen.total_seconds() / 3600


def views(streams: Photostreams, photo: Photo, at: datetime) -> int:
    """Return a photo's views until then, never falling: a fast beginning, then some every day."""
    share = seeded.fraction(streams.state.seed, "views", photo.id)
    hours = _hours(photo, at)
    return int((60 + 400 * share) * (1 - math.exp(-hours / 30)) + hours * (0.05 + 0.2 * share))


def favorites(streams: Photostreams, photo: Photo, at: datetime) -> int:
    """Return a photo's favourites until then."""
    share = 0.015 + 0.03 * seeded.fraction(streams.state.seed, "favorites", photo.id)
    return int(views(streams, photo, at) * share)


def favorite_date(streams: Photostreams, photo: Photo, count: int, now: datetime) -> datetime:
    """Return when the favourite of that number (from 1) was given, to the second."""
    first = photo.exposure[0][0]
    low, high = 0, int((now - first).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if favorites(streams, photo, first + timedelta(seconds=middle)) >= count:
            high = middle
        else:
            low = middle + 1
    return first + timedelta(seconds=low)


def updated_at(streams: Photostreams, photo: Photo, now: datetime) -> datetime:
    """Return a photo's `lastupdate`: comments, tags and favourites count too (sheet 3.1)."""
    count = favorites(streams, photo, now)
    return max(photo.updated_at, favorite_date(streams, photo, count, now)) if count else photo.updated_at


def contacts(now: datetime) -> int:
    """Return the account's contacts: one more every other day."""
    return 318 + int(max(0.0, (now - _FIRST_CONTACTS).total_seconds()) / 172_800)


def stream_views(streams: Photostreams, nsid: str, until: datetime) -> int:
    """Return the visits of an account's photostream page on that day until then."""
    day = Day(until.date())
    usual = 40 + seeded.number(streams.state.seed, "stream", nsid, day.date) % 60
    return int(usual * min(1.0, (until - day.start) / timedelta(days=1)))
