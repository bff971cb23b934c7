"""Photos as lists and `getInfo` show them (sheet section 3.1)."""

from collections.abc import Callable

from sandbox.flickr import growth
from sandbox.flickr.documents import Element, text_of
from sandbox.flickr.errors import refused
from sandbox.flickr.params import seconds
from sandbox.flickr.state import Photo
from sandbox.flickr.stream import FARM, SERVER, SIZES, Photostreams, Visit

Value = str | int
_ADDRESSES = {"url_sq": "s", "url_t": "t", "url_s": "m", "url_q": "q", "url_m": "", "url_n": "n"} | {
    "url_z": "z",
    "url_c": "c",
    "url_l": "b",
    "url_o": "o",
}
_SIZES = SIZES | {"t": 100}
"""Extras beyond the sheet's url_sq, url_m, url_l, url_o are [memory]."""

_FIXED: dict[str, Callable[[Photostreams, Photo, Visit], dict[str, Value]]] = {
    "license": lambda _s, p, _v: {"license": p.license},
    "date_upload": lambda _s, p, _v: {"dateupload": seconds(p.posted_at)},
    "date_taken": lambda _s, p, _v: {"datetaken": p.taken, "datetakengranularity": p.taken_granularity},
    "last_update": lambda s, p, v: {"lastupdate": seconds(growth.updated_at(s, p, v.now))},
    "tags": lambda _s, p, _v: {"tags": " ".join(tag.text for tag in p.tags)},
    "machine_tags": lambda _s, p, _v: {"machine_tags": " ".join(tag.text for tag in p.tags if tag.is_machine)},
    "views": lambda s, p, v: {"views": str(growth.views(s, p, v.now))},
    "media": lambda _s, p, _v: {"media": p.kind.media},
    "path_alias": lambda s, p, _v: {"pathalias": s.accounts[p.owner].path_alias},
    "owner_name": lambda s, p, _v: {"ownername": s.accounts[p.owner].username},
    "count_comments": lambda s, p, _v: {"count_comments": str(len(s.state.comments_on(p.id)))},
    "count_faves": lambda s, p, v: {"count_faves": str(growth.favorites(s, p, v.now))},
}


def extras_of(args: dict[str, str]) -> list[str]:
    """Return the `extras` asked for. Unknown ones are refused: the real one leaves them out without a word."""
    names = [name.strip() for name in args.get("extras", "").split(",") if name.strip()]
    for name in names:
        if name not in _FIXED and name not in _ADDRESSES and name not in {"description", "original_format"}:
            raise refused(f"extras desconocido: {name}")
    return names


def listed(streams: Photostreams, photo: Photo, visit: Visit, extras: list[str]) -> Element:
    """Return a photo as lists show it, with the extras."""
    element = Element(
        "photo",
        {
            "id": photo.id,
            "owner": photo.owner,
            "secret": photo.secret,
            "server": SERVER,
            "farm": FARM,
            "title": photo.title,
            "ispublic": int(photo.privacy.public),
            "isfriend": int(photo.privacy.friends),
            "isfamily": int(photo.privacy.family),
        },
    )
    own = photo.owner == visit.nsid
    for name in extras:
        if name == "description":
            element.children.append(text_of("description", photo.description))
        elif name == "original_format" and own:
            element.attributes |= {"originalsecret": photo.original_secret, "originalformat": photo.kind.ending}
        elif name in _ADDRESSES and (name != "url_o" or own):
            element.attributes |= _address(streams, photo, name)
        elif name in _FIXED:
            element.attributes |= _FIXED[name](streams, photo, visit)
    return element


def _address(streams: Photostreams, photo: Photo, extra: str) -> dict[str, Value]:
    """Return an image's address and pixels; sizes beyond the original's are not there."""
    size, ending = _ADDRESSES[extra], extra.removeprefix("url_")
    longest = max(photo.kind.width, photo.kind.height)
    if photo.is_video or (size != "o" and _SIZES[size] > longest and size not in {"s", "q"}):
        return {}
    ratio = 1.0 if size == "o" else min(1.0, _SIZES[size] / longest)
    return {
        extra: streams.file(photo, size),
        f"height_{ending}": max(1, round(photo.kind.height * ratio)),
        f"width_{ending}": max(1, round(photo.kind.width * ratio)),
    }


def info(streams: Photostreams, photo: Photo, visit: Visit) -> Element:
    """Return a photo as `photos.getInfo` shows it."""
    own = photo.owner == visit.nsid
    owner = streams.accounts[photo.owner]
    comments = len(streams.state.comments_on(photo.id))
    attributes: dict[str, Value] = {
        "id": photo.id,
        "secret": photo.secret,
        "server": SERVER,
        "farm": FARM,
        "dateuploaded": seconds(photo.uploaded_at),
        "isfavorite": 0,
        "license": photo.license,
        "safety_level": str(photo.safety_level - 1),  # 0 safe, 1 moderate, 2 restricted on the reading side [memory]
        "rotation": 0,
    }
    if own:
        attributes |= {"originalsecret": photo.original_secret, "originalformat": photo.kind.ending}
    attributes |= {"views": str(growth.views(streams, photo, visit.now)), "media": photo.kind.media}
    can_comment = own or photo.perm_comment == 3
    children = [
        Element(
            "owner",
            {
                "nsid": owner.nsid,
                "username": owner.username,
                "realname": owner.full_name,
                "path_alias": owner.path_alias,
            },
        ),
        text_of("title", photo.title),
        text_of("description", photo.description),
        Element(
            "visibility",
            {
                "ispublic": int(photo.privacy.public),
                "isfriend": int(photo.privacy.friends),
                "isfamily": int(photo.privacy.family),
            },
        ),
        Element(
            "dates",
            {
                "posted": seconds(photo.posted_at),
                "taken": photo.taken,
                "takengranularity": photo.taken_granularity,
                "lastupdate": seconds(growth.updated_at(streams, photo, visit.now)),
            },
        ),
        Element("editability", {"cancomment": int(can_comment), "canaddmeta": int(own)}),
        Element("publiceditability", {"cancomment": int(photo.perm_comment == 3), "canaddmeta": 0}),
        Element("usage", {"candownload": 1, "canblog": int(own), "canprint": int(own), "canshare": 1}),
        text_of("comments", comments),
        Element("notes", lists=("note",)),
        Element("people", {"haspeople": 0}),
        _tags(photo, streams),
        Element("urls", children=[text_of("url", streams.page(photo), type="photopage")], lists=("url",)),
    ]
    if own:
        permissions = {"permcomment": photo.perm_comment, "permaddmeta": photo.perm_addmeta}
        children.insert(5, Element("permissions", dict(permissions)))
    if photo.is_video:
        children.append(_video(photo, visit))
    return Element("photo", attributes, children=children)


def _tags(photo: Photo, streams: Photostreams) -> Element:
    tags = [
        text_of(
            "tag",
            tag.text,
            id=tag.id,
            author=tag.author,
            authorname=streams.name_of(tag.author)[0],
            raw=tag.raw,
            machine_tag=int(tag.is_machine),
        )
        for tag in photo.tags
    ]
    return Element("tags", children=tags, lists=("tag",))


def _video(photo: Photo, visit: Visit) -> Element:
    ready = photo.is_ready(visit.now)
    return Element(
        "video",
        {
            "ready": int(ready),
            "failed": int(photo.failed),
            "pending": int(not ready and not photo.failed),
            "duration": str(round(photo.kind.seconds)),
        },
    )
