"""Groups and their pools (sheet section 2.5). A pool shows a photo that is public already: no entry of the ledger."""

from datetime import UTC, datetime, timedelta

from sandbox.flickr import paging
from sandbox.flickr.documents import Element, text_of
from sandbox.flickr.errors import Failure
from sandbox.flickr.state import Group, Photo
from sandbox.flickr.stream import FARM, SERVER, Photostreams, Visit

ADMIN_DELAY = timedelta(hours=1)
"""How long an imitated admin takes to let a pending photo in."""
_SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}


def _group(streams: Photostreams, visit: Visit, *, code: int) -> Group:
    group = streams.state.groups.get(visit.args.get("group_id", ""))
    if group is None:
        raise Failure(code, "Group not found")
    return group


def remaining(group: Group, nsid: str, now: datetime) -> int | None:
    """Return how many photos a member may still add; None: as many as they like."""
    if group.limit is None:
        return None
    span = _SPANS.get(group.mode)
    added = [at for member, at in group.added if member == nsid and (span is None or now - at < span)]
    return max(0, group.limit - len(added))


def mine(streams: Photostreams, visit: Visit) -> Element:
    """Answer `groups.pools.getGroups`: both accounts are members of all groups."""
    found = paging.page(list(streams.state.groups.values()), visit.args, most=400, usual=400)
    rows = [
        Element(
            "group",
            {
                "nsid": group.nsid,
                "id": group.nsid,
                "name": group.name,
                "member": 1,
                "moderator": 0,
                "admin": 0,
                "privacy": 3,
                "photos": len(group.pool),
                "iconserver": SERVER,
                "iconfarm": FARM,
            },
        )
        for group in found.items
    ]
    return Element("groups", found.attributes(per_page="per_page"), children=rows, lists=("group",))


def info(streams: Photostreams, visit: Visit) -> Element:
    """Answer `groups.getInfo`."""
    group = _group(streams, visit, code=1)
    throttle: dict[str, str | int] = {"mode": group.mode}
    left = remaining(group, visit.nsid, visit.now)
    if left is not None and group.limit is not None:
        throttle = {"count": group.limit, "mode": group.mode, "remaining": left}
    restrictions: dict[str, str | int] = {
        "photos_ok": 1,
        "videos_ok": int(group.videos),
        "images_ok": 1,
        "screens_ok": 1,
        "art_ok": 1,
        "safe_ok": 1,
        "moderate_ok": 0,
        "restricted_ok": 0,
        "has_geo": 0,
    }
    return Element(
        "group",
        {"id": group.nsid, "nsid": group.nsid, "ispoolmoderated": int(group.moderated)},
        children=[
            text_of("name", group.name),
            text_of("description", ""),
            text_of("members", 1200),
            text_of("pool_count", len(group.pool)),
            text_of("privacy", 3),
            Element("throttle", throttle),
            Element("restrictions", restrictions),
        ],
    )


def add(streams: Photostreams, visit: Visit) -> None:
    """Answer `groups.pools.add`. Raises Failure: 3, 6 and 7 are as good as done."""
    photo = streams.state.photos.get(visit.args.get("photo_id", ""))
    if photo is None or photo.owner != visit.nsid:
        raise Failure(1, "Photo not found")
    group = _group(streams, visit, code=2)
    if photo.id in group.pool:
        raise Failure(3, "Photo already in pool")
    if photo.id in group.pending:
        raise Failure(7, "Photo already in the Pending Queue for this Pool")
    pools = sum(photo.id in {**other.pool, **other.pending} for other in streams.state.groups.values())
    if pools >= streams.accounts[photo.owner].pool_limit:
        raise Failure(4, "Photo in maximum number of pools")
    if not _fits(group, photo):
        raise Failure(8, "Content not allowed")
    if remaining(group, visit.nsid, visit.now) == 0:
        raise Failure(5, "Photo limit reached")
    if group.capacity is not None and len(group.pool) >= group.capacity:
        raise Failure(10, "Maximum number of photos in Group Pool")
    group.added.append((visit.nsid, visit.now))
    if group.moderated:
        group.pending[photo.id] = visit.now
        raise Failure(6, "Your Photo has been added to the Pending Queue for this Pool")
    group.pool[photo.id] = visit.now


def _fits(group: Group, photo: Photo) -> bool:
    """Whether the group takes it; what is private would be shown to members, so it is refused here."""
    return photo.privacy.public and photo.safety_level == 1 and (group.videos or not photo.is_video)


def remove(streams: Photostreams, visit: Visit) -> None:
    """Answer `groups.pools.remove`: its owner may."""
    group = _group(streams, visit, code=1)
    photo = streams.state.photos.get(visit.args.get("photo_id", ""))
    if photo is None or photo.owner != visit.nsid or photo.id not in {**group.pool, **group.pending}:
        raise Failure(2, "Photo not in pool")
    group.pool.pop(photo.id, None)
    group.pending.pop(photo.id, None)


def tick(streams: Photostreams, now: datetime) -> None:
    """Let the admins decide."""
    for group in streams.state.groups.values():
        for number, since in list(group.pending.items()):
            if now - since >= ADMIN_DELAY:
                del group.pending[number]
                group.pool[number] = now.astimezone(UTC)
