"""One photo: read, describe, show or hide, license, delete (sheet sections 2.3, 3.1, 4)."""

import re
from datetime import timedelta

from sandbox.flickr import drafts, growth, paging, params, photo_elements, tags, texts
from sandbox.flickr.documents import Element, text_of
from sandbox.flickr.errors import Failure, refused
from sandbox.flickr.params import seconds
from sandbox.flickr.state import Photo, Privacy
from sandbox.flickr.stream import Photostreams, Visit
from sandbox.flickr.uploads import new_tag
from sandbox.hiding import Hiding

LICENSES: dict[str, tuple[str, str]] = {
    "0": ("All Rights Reserved", ""),
    "1": ("CC BY-NC-SA 2.0", "https://creativecommons.org/licenses/by-nc-sa/2.0/"),
    "2": ("CC BY-NC 2.0", "https://creativecommons.org/licenses/by-nc/2.0/"),
    "3": ("CC BY-NC-ND 2.0", "https://creativecommons.org/licenses/by-nc-nd/2.0/"),
    "4": ("CC BY 2.0", "https://creativecommons.org/licenses/by/2.0/"),
    "5": ("CC BY-SA 2.0", "https://creativecommons.org/licenses/by-sa/2.0/"),
    "6": ("CC BY-ND 2.0", "https://creativecommons.org/licenses/by-nd/2.0/"),
    "7": ("No known copyright restrictions", "https://www.flickr.com/commons/usage/"),
    "8": ("United States Government Work", "http://www.usa.gov/copyright.shtml"),
    "9": ("Public Domain Dedication (CC0)", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "10": ("Public Domain Mark", "https://creativecommons.org/publicdomain/mark/1.0/"),
    "11": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "12": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "13": ("CC BY-ND 4.0", "https://creativecommons.org/licenses/by-nd/4.0/"),
    "14": ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "15": ("CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
    "16": ("CC BY-NC-ND 4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
}
"""Recorded 2025 (sheet 2.3 [rec])."""
_UNSETTABLE = frozenset({"1", "2", "3", "4", "5", "6", "7"})
"""7 cannot be set; "new choices are 4.0 since 2025-06-18", read strictly: the 2.0 ones are no longer given."""
_GRANULARITIES = range(9)


def _own(streams: Photostreams, visit: Visit) -> Photo:
    return streams.own_photo(visit, visit.args.get("photo_id", ""))


def info(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.getInfo`. Each look moves a video's processing on by one."""
    photo = streams.photo(visit, visit.args.get("photo_id", ""))
    element = photo_elements.info(streams, photo, visit)
    if photo.id in streams.state.processing:
        photo.processing.look()
        streams.finish_videos(visit.now)
    return element


def set_meta(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.setMeta`: both are required, both overwrite."""
    photo = _own(streams, visit)
    params.required(visit.args, "title", "description")
    title, description = visit.args["title"], visit.args["description"]
    texts.check_lengths(title, description)
    texts.check_addresses(title, description)
    photo.title, photo.description = title, description
    _changed(streams, photo, visit)


def set_tags(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.setTags`: replaces all; a tag that stays keeps its id."""
    photo = _own(streams, visit)
    params.required(visit.args, "tags")
    _keep_tags(streams, visit, photo, tags.split(visit.args["tags"]))


def add_tags(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.addTags`."""
    photo = _own(streams, visit)
    params.required(visit.args, "tags")
    old = [tag.raw for tag in photo.tags]
    have = {tag.text for tag in photo.tags}
    _keep_tags(
        streams, visit, photo, old + [raw for raw in tags.split(visit.args["tags"]) if tags.normal(raw) not in have]
    )


def _keep_tags(streams: Photostreams, visit: Visit, photo: Photo, raw: list[str]) -> None:
    if len(raw) > tags.MOST:
        raise Failure(2, "Maximum number of tags reached")
    have = {tag.text: tag for tag in photo.tags}
    photo.tags = [have.get(tags.normal(one)) or new_tag(streams, photo, visit.nsid, one) for one in raw]
    _changed(streams, photo, visit)


def remove_tag(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.removeTag`: by the tag's id; 1 when it is on no photo of the caller's."""
    for photo in streams.state.photos_of(visit.nsid):
        kept = [tag for tag in photo.tags if tag.id != visit.args.get("tag_id")]
        if len(kept) < len(photo.tags):
            photo.tags = kept
            _changed(streams, photo, visit)
            return
    raise Failure(1, "Tag not found")


def set_perms(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.setPerms`: another privacy, other secrets, other file addresses (trap 16)."""
    photo, args = _own(streams, visit), visit.args
    params.required(args, "is_public", "is_friend", "is_family")
    privacy = Privacy(*(params.flag(args, name, default=False) for name in ("is_public", "is_friend", "is_family")))
    perm_comment = params.choice(args, "perm_comment", range(4), default=photo.perm_comment)
    perm_addmeta = params.choice(args, "perm_addmeta", range(4), default=photo.perm_addmeta)
    limit = streams.accounts[photo.owner].private_limit
    if photo.privacy.public and not privacy.public and limit is not None:
        private = sum(not other.privacy.public for other in streams.state.photos_of(photo.owner))
        if private >= limit:  # the sheet has the cap, not the code
            raise Failure(2, "Permission denied")
    if privacy.public and not photo.privacy.public:
        photo.hiding = Hiding.wanted(visit.call)
    if privacy != photo.privacy:
        photo.secret_number += 1
        photo.secret, photo.original_secret = streams.state.secrets(photo.id, photo.secret_number)
    photo.privacy, photo.perm_comment, photo.perm_addmeta = privacy, perm_comment, perm_addmeta
    _changed(streams, photo, visit)
    return text_of("photoid", photo.id, secret=photo.secret, originalsecret=photo.original_secret)


def licenses(_streams: Photostreams, _visit: Visit) -> Element:
    """Answer `photos.licenses.getInfo`."""
    found = [Element("license", {"id": number, "name": name, "url": url}) for number, (name, url) in LICENSES.items()]
    return Element("licenses", children=found, lists=("license",))


def set_license(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.licenses.setLicense`."""
    photo = _own(streams, visit)
    number = visit.args.get("license_id", "")
    if number not in LICENSES or number in _UNSETTABLE:
        raise Failure(2, "License not found")
    photo.license = number
    _changed(streams, photo, visit)


def set_safety(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.setSafetyLevel`: the level, or whether it is hidden from searches (0 shown, 1 hidden)."""
    photo = _own(streams, visit)
    level = params.choice(visit.args, "safety_level", range(1, 4), default=photo.safety_level)
    drafts.check_safety(streams.accounts[photo.owner], level)
    photo.hidden = 2 if params.flag(visit.args, "hidden", default=photo.hidden == 2) else 1
    photo.safety_level = level
    _changed(streams, photo, visit)


def set_content(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.setContentType`."""
    photo = _own(streams, visit)
    params.required(visit.args, "content_type")
    photo.content_type = params.choice(visit.args, "content_type", range(1, 4), default=1)
    _changed(streams, photo, visit)


def set_dates(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.setDates`: the date posted moves the photo in the lists."""
    photo, args = _own(streams, visit), visit.args
    if not {"date_posted", "date_taken", "date_taken_granularity"} & args.keys():
        raise Failure(2, "Not enough arguments")
    posted = params.instant(args, "date_posted")
    if posted is not None and posted > visit.now + timedelta(seconds=1):
        raise refused("date_posted: en el futuro; Flickr no programa")
    taken = args.get("date_taken", photo.taken)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", taken):
        raise refused("date_taken: debe ser YYYY-MM-DD HH:MM:SS")
    granularity = params.choice(args, "date_taken_granularity", _GRANULARITIES, default=photo.taken_granularity)
    photo.posted_at = posted or photo.posted_at
    photo.taken, photo.taken_granularity = taken, granularity
    _changed(streams, photo, visit)


def delete(streams: Photostreams, visit: Visit) -> None:
    """Answer `photos.delete`."""
    streams.remove(_own(streams, visit))


def favorites(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.getFavorites`: newest first; `total` is the count."""
    photo = streams.photo(visit, visit.args.get("photo_id", ""))
    numbers = range(growth.favorites(streams, photo, visit.now), 0, -1)
    found = paging.page(numbers, visit.args, most=50, usual=10)
    people = [
        (
            streams.state.person(f"Visitante {number} de {photo.id}"),
            growth.favorite_date(streams, photo, number, visit.now),
        )
        for number in found.items
    ]
    named: dict[str, str | int] = {"id": photo.id, "secret": photo.secret}
    return Element(
        "photo",
        named | found.attributes(),
        children=[
            Element("person", {"nsid": person.nsid, "username": person.username, "favedate": seconds(at)})
            for person, at in people
        ],
        lists=("person",),
    )


def _changed(streams: Photostreams, photo: Photo, visit: Visit) -> None:
    photo.updated_at = visit.now
    streams.show(photo)
