"""What Flickr counts of a post and of the account. Source: sheet flickr.md of 2026-11-23, section 4.

Lifetime counts need no special right. The daily statistics need a Pro account that has switched them on; their days
are GMT days and reach back 28, so the figures are those of the last whole day. Where there are none they are missing.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from connectors.errors import Gone, Rejected
from connectors.flickr_api import Answer, FlickrApi, inside, number
from connectors.flickr_errors import PHOTO_STATS
from connectors.flickr_photos import Photo
from core.feedback import Snapshot

DAILY = ("views", "comments", "favorites")
ACCOUNT_VIEWS = ("total", "photos", "photostream", "sets", "collections")


class Figures:
    """Reads the counts of one account."""

    def __init__(self, api: FlickrApi, nsid: str) -> None:
        self._api = api
        self._nsid = nsid

    def of_photos(self, photos: Sequence[Photo]) -> Snapshot:
        """Return the counts of a post: of its parts together, and only where each of them has the figure."""
        each = [self._of_photo(photo) for photo in photos]
        figures = {
            name: sum(value for value in (one[name] for one in each) if value is not None)
            if all(one[name] is not None for one in each)
            else None
            for name in each[0]
        }
        return _snapshot(figures)

    def of_account(self) -> Snapshot:
        """Return how many photos and albums there are, and how often all of it was seen."""
        photos = self._asked(lambda: self._api.get("flickr.people.getPhotos", user_id="me", per_page="1"))
        albums = self._asked(lambda: self._api.get("flickr.photosets.getList", user_id=self._nsid, per_page="1"))
        views = self._asked(lambda: self._api.get("flickr.stats.getTotalViews"))
        figures = {
            "photos": number(inside(photos, "photos", "total")),
            "albums": number(inside(albums, "photosets", "total")),
            **{f"views.{name}": number(inside(views, "stats", name, "views")) for name in ACCOUNT_VIEWS},
        }
        return _snapshot(figures)

    def _of_photo(self, photo: Photo) -> dict[str, int | None]:
        faves = self._asked(lambda: self._api.get("flickr.photos.getFavorites", photo_id=photo.id, per_page="1"))
        day = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
        daily = self._asked(lambda: self._api.get(PHOTO_STATS, photo_id=photo.id, date=day))
        return {
            "views": photo.views,
            "comments": photo.comments,
            "favorites": number(inside(faves, "photo", "total")),
            **{f"daily.{name}": number(inside(daily, "stats", name)) for name in DAILY},
        }

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        """Return the answer, an empty one where the platform has none: one refused figure must not lose the rest."""
        try:
            return ask()
        except (Rejected, Gone):
            return {}


def _snapshot(figures: dict[str, int | None]) -> Snapshot:
    return Snapshot(
        taken_at=datetime.now(UTC),
        values={name: float(value) for name, value in figures.items() if value is not None},
        missing=tuple(name for name, value in figures.items() if value is None),
    )
