"""Statistics of a GMT day: Pro only, 28 days back (sheet section 4)."""

import re
from datetime import UTC, date, datetime

from sandbox import seeded
from sandbox.flickr import albums, growth, paging
from sandbox.flickr.documents import Element
from sandbox.flickr.errors import Failure, refused
from sandbox.flickr.growth import Day
from sandbox.flickr.state import Photo
from sandbox.flickr.stream import FARM, SERVER, Photostreams, Visit

_DOMAINS = (("www.google.com", 0.4), ("www.facebook.com", 0.25), ("www.inpe.example", 0.15))
"""Shares of a photo's views; the rest comes from Flickr itself and is no referrer here."""
_SORTS = ("views", "comments", "favorites")


def _day(streams: Photostreams, visit: Visit) -> Day:
    """Return the day that is asked for: one of the last 28, today among them."""
    account = streams.accounts[visit.nsid]
    if not (account.pro and account.stats):
        raise Failure(1, "User does not have stats")
    text = visit.args.get("date", "")
    try:
        if re.fullmatch(r"\d{9,11}", text):
            asked = datetime.fromtimestamp(int(text), UTC).date()
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            asked = date.fromisoformat(text)
        else:
            raise Failure(3, "Invalid date")
    except ValueError as error:
        raise Failure(3, "Invalid date") from error
    if not 0 <= (visit.now.astimezone(UTC).date() - asked).days < growth.WINDOW_DAYS:
        raise Failure(2, "No stats for that date")
    return Day(asked)


def _of_day(streams: Photostreams, photo: Photo, day: Day, now: datetime) -> dict[str, int]:
    end = min(day.end, now)
    comments = [c for c in streams.state.comments_on(photo.id) if day.start <= c.created_at < day.end]
    return {
        "views": growth.views(streams, photo, end) - growth.views(streams, photo, day.start),
        "comments": len(comments),
        "favorites": growth.favorites(streams, photo, end) - growth.favorites(streams, photo, day.start),
    }


def _own_photo(streams: Photostreams, visit: Visit) -> Photo:
    photo = streams.state.photos.get(visit.args.get("photo_id", ""))
    if photo is None or photo.owner != visit.nsid:
        raise Failure(4, "Photo not found")
    return photo


def of_photo(streams: Photostreams, visit: Visit) -> Element:
    """Answer `stats.getPhotoStats`. A day before the upload has no stats."""
    day = _day(streams, visit)
    photo = _own_photo(streams, visit)
    if day.end <= photo.uploaded_at:
        raise Failure(2, "No stats for that date")
    return Element("stats", _texts(_of_day(streams, photo, day, visit.now)))


def _texts(numbers: dict[str, int]) -> dict[str, str | int]:
    return {name: str(number) for name, number in numbers.items()}


def total_views(streams: Photostreams, visit: Visit) -> Element:
    """Answer `stats.getTotalViews`: of a day, or without date of all time."""
    photos = streams.state.photos_of(visit.nsid)
    own = [album for album in streams.state.albums.values() if album.owner == visit.nsid]
    if visit.args.get("date"):
        day = _day(streams, visit)
        counts = {
            "photos": sum(_of_day(streams, photo, day, visit.now)["views"] for photo in photos),
            "photostream": growth.stream_views(streams, visit.nsid, _until(day, visit)),
            "sets": sum(_album_views(streams, album.id, day) for album in own),
        }
    else:
        account = streams.accounts[visit.nsid]
        if not (account.pro and account.stats):
            raise Failure(1, "User does not have stats")
        counts = {
            "photos": sum(growth.views(streams, photo, visit.now) for photo in photos),
            "photostream": 21_000 + int(visit.now.timestamp() - 1_767_225_600) // 1_500,
            "sets": sum(albums.views(streams, album, visit) for album in own),
        }
    counts |= {"collections": 0, "galleries": 0}
    parts = {"total": sum(counts.values()), **counts}
    return Element("stats", children=[Element(name, {"views": str(count)}) for name, count in parts.items()])


def _until(day: Day, visit: Visit) -> datetime:
    """Return the last instant of the day, or now where it is still going on."""
    return min(visit.now, day.end - datetime.resolution)


def _album_views(streams: Photostreams, album_id: str, day: Day) -> int:
    return 2 + seeded.number(streams.state.seed, "album day", album_id, day.date) % 12


def of_stream(streams: Photostreams, visit: Visit) -> Element:
    """Answer `stats.getPhotostreamStats`."""
    day = _day(streams, visit)
    return Element("stats", {"views": str(growth.stream_views(streams, visit.nsid, _until(day, visit)))})


def of_album(streams: Photostreams, visit: Visit) -> Element:
    """Answer `stats.getPhotosetStats`."""
    day = _day(streams, visit)
    album = streams.state.albums.get(visit.args.get("photoset_id", ""))
    if album is None or album.owner != visit.nsid:
        raise Failure(4, "Photoset not found")
    comments = [c for c in streams.state.comments_on(album.id) if day.start <= c.created_at < day.end]
    return Element("stats", {"views": str(_album_views(streams, album.id, day)), "comments": str(len(comments))})


def popular(streams: Photostreams, visit: Visit) -> Element:
    """Answer `stats.getPopularPhotos`, of a day or of all time."""
    sort = visit.args.get("sort", "views")
    if sort not in _SORTS:
        raise refused("sort: debe ser views, comments o favorites")
    day = _day(streams, visit) if visit.args.get("date") else None
    rows = []
    for photo in streams.state.photos_of(visit.nsid):
        numbers = {
            "views": growth.views(streams, photo, visit.now),
            "comments": len(streams.state.comments_on(photo.id)),
            "favorites": growth.favorites(streams, photo, visit.now),
        }
        if day is not None:
            numbers = _of_day(streams, photo, day, visit.now)
        rows.append((numbers, photo))
    rows.sort(key=lambda row: row[0][sort], reverse=True)
    found = paging.page(rows, visit.args, most=100, usual=25)
    children = [
        Element(
            "photo",
            {
                "id": photo.id,
                "owner": photo.owner,
                "secret": photo.secret,
                "server": SERVER,
                "farm": FARM,
                "title": photo.title,
                "ispublic": int(photo.privacy.public),
            },
            children=[Element("stats", _texts(numbers))],
        )
        for numbers, photo in found.items
    ]
    return Element("photos", found.attributes(), children=children, lists=("photo",))


def domains(streams: Photostreams, visit: Visit) -> Element:
    """Answer `stats.getPhotoDomains`."""
    counts = _domain_counts(streams, visit)
    found = paging.page(list(counts.items()), visit.args, most=100, usual=25)
    rows = [Element("domain", {"name": name, "views": str(count)}) for name, count in found.items]
    return Element("domains", found.attributes(), children=rows, lists=("domain",))


def referrers(streams: Photostreams, visit: Visit) -> Element:
    """Answer `stats.getPhotoReferrers`: one address for each domain."""
    name = visit.args.get("domain", "")
    count = _domain_counts(streams, visit).get(name, 0)
    rows = [Element("referrer", {"url": f"https://{name}/", "views": str(count)})] if count else []
    found = paging.page(rows, visit.args, most=100, usual=25)
    attributes: dict[str, str | int] = {"name": name}
    return Element("domain", attributes | found.attributes(), children=list(found.items), lists=("referrer",))


def _domain_counts(streams: Photostreams, visit: Visit) -> dict[str, int]:
    day = _day(streams, visit)
    own = streams.state.photos_of(visit.nsid)
    photos = [_own_photo(streams, visit)] if visit.args.get("photo_id") else own
    views = sum(_of_day(streams, photo, day, visit.now)["views"] for photo in photos)
    return {name: int(views * share) for name, share in _DOMAINS if int(views * share)}
