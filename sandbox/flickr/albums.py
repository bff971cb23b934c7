"""Albums, photosets in the API (sheet section 2.4). They are no entries of the ledger: their photos are."""

from sandbox import seeded
from sandbox.flickr import paging, photo_elements, texts
from sandbox.flickr.documents import Element, text_of
from sandbox.flickr.errors import Failure
from sandbox.flickr.params import seconds
from sandbox.flickr.state import Album, Photo
from sandbox.flickr.stream import FARM, SERVER, WEB_HOST, Photostreams, Visit


def _own(streams: Photostreams, visit: Visit) -> Album:
    album = streams.state.albums.get(visit.args.get("photoset_id", ""))
    if album is None or album.owner != visit.nsid:
        raise Failure(1, "Photoset not found")
    return album


def _photo(streams: Photostreams, visit: Visit, name: str = "photo_id") -> Photo:
    """Return a photo of the caller's; in an album's method 2 is "photo not found"."""
    photo = streams.state.photos.get(visit.args.get(name, ""))
    if photo is None or photo.owner != visit.nsid:
        raise Failure(2, "Photo not found")
    return photo


def create(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photosets.create`: an album needs a first photo; titles need not be unique."""
    title = visit.args.get("title", "").strip()
    if not title:
        raise Failure(1, "No title specified")
    photo = _photo(streams, visit, "primary_photo_id")
    account = streams.accounts[visit.nsid]
    own = [album for album in streams.state.albums.values() if album.owner == visit.nsid]
    if account.album_limit is not None and len(own) >= account.album_limit:
        raise Failure(3, "Can't create any more sets")
    description = visit.args.get("description", "")
    texts.check_lengths(title, description)
    texts.check_addresses(title, description)
    album = Album(
        streams.state.new_album_id(), visit.nsid, title, description, photo.id, [photo.id], visit.now, visit.now
    )
    streams.state.albums[album.id] = album
    return Element("photoset", {"id": album.id, "url": address(streams, album)})


def address(streams: Photostreams, album: Album) -> str:
    """Return the album's page."""
    return f"https://{WEB_HOST}/photos/{streams.accounts[album.owner].path_alias}/albums/{album.id}"


def add_photo(streams: Photostreams, visit: Visit) -> None:
    """Answer `photosets.addPhoto`: at the end."""
    album, photo = _own(streams, visit), _photo(streams, visit)
    if photo.id in album.photos:
        raise Failure(3, "Photo already in set")
    if len(album.photos) >= streams.accounts[visit.nsid].album_size:
        raise Failure(10, "Maximum number of photos in set")
    album.photos.append(photo.id)
    album.updated_at = visit.now


def remove_photo(streams: Photostreams, visit: Visit) -> None:
    """Answer `photosets.removePhoto`."""
    album, photo = _own(streams, visit), _photo(streams, visit)
    if photo.id not in album.photos:
        raise Failure(3, "Photo not in set")
    album.updated_at = visit.now
    streams.leave_album(album.id, photo.id)


def set_primary(streams: Photostreams, visit: Visit) -> None:
    """Answer `photosets.setPrimaryPhoto`."""
    album, photo = _own(streams, visit), _photo(streams, visit)
    if photo.id not in album.photos:
        raise Failure(2, "Photo not found")
    album.primary, album.updated_at = photo.id, visit.now


def reorder(streams: Photostreams, visit: Visit) -> None:
    """Answer `photosets.reorderPhotos`: those named first, the others after them."""
    album = _own(streams, visit)
    named = [number for number in visit.args.get("photo_ids", "").split(",") if number]
    if not named or any(number not in album.photos for number in named):
        raise Failure(2, "Photo not found")
    album.photos = list(dict.fromkeys(named + album.photos))
    album.updated_at = visit.now


def edit(streams: Photostreams, visit: Visit) -> None:
    """Answer `photosets.editMeta`: a description left out is emptied."""
    album = _own(streams, visit)
    title, description = visit.args.get("title", "").strip(), visit.args.get("description", "")
    if not title:
        raise Failure(2, "No title specified")
    texts.check_lengths(title, description)
    texts.check_addresses(title, description)
    album.title, album.description, album.updated_at = title, description, visit.now


def delete(streams: Photostreams, visit: Visit) -> None:
    """Answer `photosets.delete`: the photos stay."""
    streams.remove_album(_own(streams, visit).id)


def listing(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photosets.getList`, the latest album first; others' only with a photo that the caller may see."""
    account = streams.account(visit.args.get("user_id", "me"), visit)
    albums = [album for album in streams.state.albums.values() if album.owner == account.nsid]
    albums = [album for album in albums if _visible(streams, album, visit.nsid)]
    found = paging.page(albums[::-1], visit.args, most=500, usual=500)
    return Element(
        "photosets",
        found.attributes(),
        children=[_element(streams, album, visit) for album in found.items],
        lists=("photoset",),
    )


def _visible(streams: Photostreams, album: Album, nsid: str) -> list[Photo]:
    photos = [streams.state.photos[number] for number in album.photos]
    return [photo for photo in photos if streams.sees(nsid, photo)]


def views(streams: Photostreams, album: Album, visit: Visit) -> int:
    """Return how often the album's page was seen: grows with its age."""
    usual = 3 + seeded.number(streams.state.seed, "album views", album.id) % 12
    return int(usual * (visit.now - album.created_at).total_seconds() / 86_400)


def _element(streams: Photostreams, album: Album, visit: Visit) -> Element:
    photos = _visible(streams, album, visit.nsid)
    videos = sum(photo.is_video for photo in photos)
    primary = streams.state.photos[album.primary]
    attributes: dict[str, str | int] = {
        "id": album.id,
        "owner": album.owner,
        "username": streams.accounts[album.owner].username,
        "primary": album.primary,
        "secret": primary.secret,
        "server": SERVER,
        "farm": FARM,
        "photos": len(photos) - videos,
        "videos": videos,
        "count_photos": str(len(photos) - videos),
        "count_videos": str(videos),
        "count_views": str(views(streams, album, visit)),
        "count_comments": str(len(streams.state.comments_on(album.id))),
        "can_comment": int(bool(visit.nsid)),
        "date_create": seconds(album.created_at),
        "date_update": seconds(album.updated_at),
    }
    children = [text_of("title", album.title), text_of("description", album.description)]
    return Element("photoset", attributes, children=children)


def photos(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photosets.getPhotos`: in the album's order."""
    album = streams.state.albums.get(visit.args.get("photoset_id", ""))
    if album is None or not (seen := _visible(streams, album, visit.nsid)):
        raise Failure(1, "Photoset not found")
    if visit.args.get("user_id") and streams.account(visit.args["user_id"], visit).nsid != album.owner:
        raise Failure(1, "Photoset not found")
    extras = photo_elements.extras_of(visit.args)
    found = paging.page(seen, visit.args, most=500, usual=500)
    children = []
    for photo in found.items:
        element = photo_elements.listed(streams, photo, visit, extras)
        element.attributes["isprimary"] = int(photo.id == album.primary)
        children.append(element)
    attributes: dict[str, str | int] = {
        "id": album.id,
        "primary": album.primary,
        "owner": album.owner,
        "ownername": streams.accounts[album.owner].username,
        "title": album.title,
    }
    return Element("photoset", attributes | found.attributes(), children=children, lists=("photo",))
