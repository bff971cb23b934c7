"""Lists of photos: the account's own, search, what changed (sheet section 3.1)."""

from datetime import timedelta
from itertools import pairwise

from sandbox.flickr import growth, paging, params, photo_elements, tags
from sandbox.flickr.documents import Element
from sandbox.flickr.errors import Failure, refused
from sandbox.flickr.params import seconds
from sandbox.flickr.state import Photo
from sandbox.flickr.stream import Photostreams, Visit

SEARCH_LAG = timedelta(seconds=30)
""""Seconds to minutes" [memory]: a new photo is in the lists at once and in search only after this."""
REACHABLE = 4000
MOST_TAGS = 20
"""Tags of one search, [memory]; the sheet has the error only."""
_CRITERIA = ("user_id", "text", "tags", "machine_tags", "min_upload_date", "max_upload_date")
_SORTS = ("date-posted-desc", "date-posted-asc", "relevance")


def own(streams: Photostreams, visit: Visit) -> Element:
    """Answer `people.getPhotos`: newest upload first; private ones only for their owner."""
    account = streams.account(visit.args.get("user_id", ""), visit)
    photos = [photo for photo in streams.state.photos_of(account.nsid) if streams.sees(visit.nsid, photo)]
    return _listed(streams, visit, _in_dates(photos, visit))


def search(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.search`; lags behind the lists."""
    args = visit.args
    if not any(args.get(name) for name in _CRITERIA):
        raise Failure(3, "Parameterless searches have been disabled. Please use flickr.photos.getRecent instead.")
    wanted = [tags.normal(tag) for tag in args.get("tags", "").split(",") if tag.strip()]
    if len(wanted) > MOST_TAGS:
        raise Failure(1, "Too many tags in ALL query")
    size = params.number(args, "per_page", default=100, most=500)
    if (params.number(args, "page", default=1) - 1) * size >= REACHABLE:
        raise Failure(20, "Excessive photo offset in search")
    sort = args.get("sort", _SORTS[0])
    if sort not in _SORTS:
        raise refused(f"sort: no se imita {sort}")
    nsid = streams.account(args["user_id"], visit).nsid if args.get("user_id") else ""
    owners = [nsid] if nsid else list(streams.accounts)
    photos = [photo for owner in owners for photo in streams.state.photos_of(owner)]
    photos = [
        photo
        for photo in photos
        if streams.sees(visit.nsid, photo)
        and visit.now >= photo.uploaded_at + SEARCH_LAG
        and (nsid or photo.hidden == 1)
        and _has_words(photo, args.get("text", ""))
        and _has_tags(photo, wanted, args)
        and _has_machine_tags(photo, args)
    ]
    photos.sort(key=lambda photo: (photo.posted_at, int(photo.id)), reverse=sort != _SORTS[1])
    return _listed(streams, visit, _in_dates(photos, visit)[:REACHABLE])


def recently_updated(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.recentlyUpdated`: the caller's photos whose `lastupdate` is newer, newest first."""
    since = params.instant(visit.args, "min_date")
    if since is None:
        raise Failure(1, "Required argument missing: min_date")
    found = [(growth.updated_at(streams, photo, visit.now), photo) for photo in streams.state.photos_of(visit.nsid)]
    newer = sorted((pair for pair in found if pair[0] > since), key=lambda pair: (pair[0], pair[1].id), reverse=True)
    listed = _listed(streams, visit, [photo for _, photo in newer])
    for element in listed.children:
        element.attributes["lastupdate"] = seconds(
            growth.updated_at(streams, streams.state.photos[str(element.attributes["id"])], visit.now)
        )
    return listed


def counts(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.getCounts`: how many of the caller's photos were posted between the dates."""
    dates = sorted({int(date) for date in visit.args.get("dates", "").split(",") if date.strip().isdigit()})
    if len(dates) < 2:
        raise Failure(1, "No dates specified")
    posted = [int(photo.posted_at.timestamp()) for photo in streams.state.photos_of(visit.nsid)]
    spans = [
        Element(
            "photocount",
            {
                "count": sum(start <= at < end for at in posted),
                "fromdate": str(start),
                "todate": str(end),
            },
        )
        for start, end in pairwise(dates)
    ]
    return Element("photocounts", children=spans, lists=("photocount",))


def _listed(streams: Photostreams, visit: Visit, photos: list[Photo]) -> Element:
    extras = photo_elements.extras_of(visit.args)
    shown = [photo for photo in photos if photo.hiding is None or not photo.hiding.hides(visit.now)]
    found = paging.page(shown, visit.args, most=500, usual=100)
    return Element(
        "photos",
        found.attributes(),
        children=[photo_elements.listed(streams, photo, visit, extras) for photo in found.items],
        lists=("photo",),
    )


def _in_dates(photos: list[Photo], visit: Visit) -> list[Photo]:
    first, last = params.instant(visit.args, "min_upload_date"), params.instant(visit.args, "max_upload_date")
    return [
        photo
        for photo in photos
        if (first is None or photo.posted_at.replace(microsecond=0) >= first)
        and (last is None or photo.posted_at.replace(microsecond=0) <= last)
    ]


def _has_words(photo: Photo, text: str) -> bool:
    text_of_all = " ".join((photo.title, photo.description, *(tag.raw for tag in photo.tags))).lower()
    return all(word in text_of_all for word in text.lower().split())


def _has_tags(photo: Photo, wanted: list[str], args: dict[str, str]) -> bool:
    mode = args.get("tag_mode", "any")
    if mode not in {"any", "all"}:
        raise refused("tag_mode: debe ser any o all")
    have = {tag.text for tag in photo.tags}
    return not wanted or (all if mode == "all" else any)(tag in have for tag in wanted)


def _has_machine_tags(photo: Photo, args: dict[str, str]) -> bool:
    wanted = [one.strip() for one in args.get("machine_tags", "").split(",") if one.strip()]
    have = [tag.text for tag in photo.tags if tag.is_machine]
    found = [_matches(one, have) for one in wanted]
    return not found or (all if args.get("machine_tag_mode", "any") == "all" else any)(found)


def _matches(one: str, have: list[str]) -> bool:
    """`ns:key=value`, `ns:key=` or `ns:` alone."""
    bare = one.replace('"', "")
    return any(tag.startswith(bare) if bare.endswith(("=", ":")) else tag == bare for tag in have)
