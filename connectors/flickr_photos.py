"""What Flickr says of photos and videos (it calls both photos): one alone, and all of ours since an instant.

Source: sheet flickr.md of 2026-11-23, sections 3.1 and 3.2.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.errors import Gone, NotAuthorized, OutcomeUnknown
from connectors.flickr_api import Answer, FlickrApi, content_of, inside, listed, number
from connectors.flickr_text import family_of
from core.platforms import Platform

PER_PAGE = "500"
_LISTS_READ = 20
# all parts of one post are uploaded within this time, unless it was held back for longer
_FAMILY_SPAN = timedelta(days=60)
_SKEW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo or video as its owner sees it; what an answer does not tell is None."""

    id: str
    is_public: bool | None
    title: str | None = None
    description: str | None = None
    license: str | None = None
    url: str = ""
    tags: tuple[str, ...] = ()
    uploaded_at: datetime | None = None
    views: int | None = None
    comments: int | None = None
    is_pending: bool = False
    has_failed: bool = False


class Photos:
    """The photos of one account."""

    def __init__(self, api: FlickrApi, nsid: str) -> None:
        self._api = api
        self._nsid = nsid

    def read(self, photo_id: str) -> Photo:
        """Read one (photos.getInfo). Gone where it is not there; NotAuthorized where only the token cannot see it."""
        if not photo_id.isdecimal():
            raise Gone("no such id on Flickr", platform=Platform.FLICKR)
        try:
            seen = inside(self._api.get("flickr.photos.getInfo", photo_id=photo_id), "photo")
        except Gone:
            self.check_owner()
            raise
        if not isinstance(seen, dict) or str(seen.get("id", photo_id)) != photo_id:
            raise self._api.unreadable("the answer names another photo, or none")
        return _photo(photo_id, seen, self._nsid)

    def check_owner(self) -> None:
        """Ask who we are: a private photo of another account is "not found" (trap 13). Raises NotAuthorized."""
        user = content_of(inside(self._api.get("flickr.test.login"), "user", "id"))
        if user != self._nsid:
            raise NotAuthorized("the token is another account's", platform=Platform.FLICKR)

    def marked(self, beginning: str, *, since: int, until: int | None = None) -> dict[str, Photo]:
        """Return our photos by their machine tag that begins so; of twins the oldest.

        `since` and `until` bound the instant of the upload (UNIX seconds). Listings lag less than searches [memory].
        """
        found: dict[str, Photo] = {}
        bounds = {"min_upload_date": str(since)} | ({"max_upload_date": str(until)} if until else {})
        for page in range(1, _LISTS_READ + 1):
            answer = self._api.get(
                "flickr.people.getPhotos",
                user_id="me",
                extras="machine_tags,tags,date_upload",
                per_page=PER_PAGE,
                page=str(page),
                **bounds,
            )
            if not isinstance(inside(answer, "photos", "photo"), list):
                raise self._api.unreadable("the answer has no list of photos")
            # newest first: an older one takes the place of its twin
            for item in listed(answer, "photos", "photo"):
                for tag in f"{item.get('machine_tags', '')} {item.get('tags', '')}".lower().split():
                    if tag.startswith(beginning) and str(item.get("id", "")).isdecimal():
                        found[tag] = Photo(str(item["id"]), _flag(item.get("ispublic")))
            if page >= (number(inside(answer, "photos", "pages")) or 0):
                return found
        raise OutcomeUnknown("the account has more uploads than are looked through", platform=Platform.FLICKR)

    def family(self, first: Photo) -> tuple[str, ...]:
        """Return the ids of all parts of the post whose first part this is, in their order; often it alone."""
        beginning, count = family_of(list(first.tags))
        if count < 2 or first.uploaded_at is None:
            return (first.id,)
        found = self.marked(
            beginning,
            since=int((first.uploaded_at - _SKEW).timestamp()),
            until=int((first.uploaded_at + _FAMILY_SPAN).timestamp()),
        )
        others = (found.get(f"{beginning}{position}") for position in range(1, count + 1))
        return (first.id, *(photo.id for photo in others if photo and photo.id != first.id))


def instant(value: object) -> datetime | None:
    """Return an instant given as UNIX seconds."""
    seconds = number(value)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def page_of(nsid: str, photo_id: str) -> str:
    """Return the address of a photo's page; the account's NSID never changes, its alias may."""
    return f"https://www.flickr.com/photos/{nsid}/{photo_id}/"


def _photo(photo_id: str, seen: Answer, nsid: str) -> Photo:
    tags = (content_of(tag.get("raw")) or content_of(tag) for tag in listed(seen, "tags", "tag"))
    pages = (content_of(url) for url in listed(seen, "urls", "url"))
    video = seen.get("video") if isinstance(seen.get("video"), dict) else {}
    return Photo(
        id=photo_id,
        is_public=_flag(inside(seen, "visibility", "ispublic")),
        title=content_of(seen["title"]) if "title" in seen else None,
        description=content_of(seen["description"]) if "description" in seen else None,
        license=content_of(seen["license"]) if "license" in seen else None,
        url=next((page for page in pages if page.startswith("https://www.flickr.com/")), page_of(nsid, photo_id)),
        tags=tuple(tag.lower() for tag in tags),
        uploaded_at=instant(seen.get("dateuploaded")),
        views=number(seen.get("views")),
        comments=number(content_of(seen.get("comments"))),
        # a child that only a video has while it is processed [memory] (sheet 3.1)
        is_pending=_flag(inside(video, "pending")) is True or _flag(inside(video, "ready")) is False,
        has_failed=_flag(inside(video, "failed")) is True,
    )


def _flag(value: object) -> bool | None:
    return {"1": True, "0": False}.get(str(value))
