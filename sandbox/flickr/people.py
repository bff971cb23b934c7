"""Who calls, what the account may, who is around (sheet sections 1.2, 3.1, 4 and 5)."""

from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.flickr import files, growth, paging, texts
from sandbox.flickr.documents import Element, text_of
from sandbox.flickr.errors import Failure, refused
from sandbox.flickr.params import seconds
from sandbox.flickr.state import Account
from sandbox.flickr.stream import WEB_HOST, Photostreams, Visit

_KILO = 1024
_DISPLAY_PIXELS = "1024"
_TIMEFRAME = {"d": "days", "h": "hours"}


def _viewer(streams: Photostreams, visit: Visit) -> Account:
    return streams.accounts[visit.nsid]


def login(streams: Photostreams, visit: Visit) -> Element:
    """Answer `test.login`."""
    account = _viewer(streams, visit)
    return Element(
        "user",
        {"id": account.nsid, "path_alias": account.path_alias},
        children=[text_of("username", account.username)],
    )


def check_token(streams: Photostreams, visit: Visit) -> Element:
    """Answer `auth.oauth.checkToken`: the token is the one that signs."""
    account, token = _viewer(streams, visit), visit.viewer
    user: dict[str, str | int] = {
        "nsid": account.nsid,
        "username": account.username,
        "fullname": account.full_name,
    }
    return Element(
        "oauth",
        children=[
            text_of("token", token.text if token else ""),
            text_of("perms", token.perms if token else ""),
            Element("user", user),
        ],
    )


def info(streams: Photostreams, visit: Visit) -> Element:
    """Answer `people.getInfo`: 1 unknown, 5 deleted."""
    user = visit.args.get("user_id", "")
    person = streams.state.people.get(user)
    if person is not None and person.deleted:
        raise Failure(5, "User deleted")
    if person is None:
        account = streams.account(user, visit)
        nsid, username, real_name, alias, pro = (
            account.nsid,
            account.username,
            account.full_name,
            account.path_alias,
            account.pro,
        )
    else:
        nsid, username, real_name, alias, pro = person.nsid, person.username, "", person.path_alias, False
    photos = sum(streams.sees(visit.nsid, photo) for photo in streams.state.photos_of(nsid))
    return Element(
        "person",
        {"id": nsid, "nsid": nsid, "ispro": int(pro), "path_alias": alias},
        children=[
            text_of("username", username),
            text_of("realname", real_name),
            text_of("photosurl", f"https://{WEB_HOST}/photos/{alias}/"),
            text_of("profileurl", f"https://{WEB_HOST}/people/{alias}/"),
            Element("photos", children=[text_of("count", photos)]),
        ],
    )


def upload_status(streams: Photostreams, visit: Visit) -> Element:
    """Answer `people.getUploadStatus`: no monthly allowance, the field remains."""
    account = _viewer(streams, visit)
    photos = streams.state.photos_of(account.nsid)
    used = sum(photo.medium.size for photo in photos)
    albums = sum(album.owner == account.nsid for album in streams.state.albums.values())
    sets_left = "lots" if account.album_limit is None else str(max(0, account.album_limit - albums))
    videos = sum(photo.is_video for photo in photos)
    videos_left = "lots" if account.video_limit is None else str(max(0, account.video_limit - videos))
    return Element(
        "user",
        {"id": account.nsid, "ispro": int(account.pro)},
        children=[
            text_of("username", account.username),
            Element(
                "bandwidth",
                {
                    "maxbytes": "0",
                    "usedbytes": str(used),
                    "remainingbytes": "0",
                    "unlimited": 1,
                    "maxkb": "0",
                    "usedkb": str(used // _KILO),
                    "remainingkb": "0",
                },
            ),
            Element("filesize", {"maxbytes": str(files.LARGEST_PHOTO), "maxkb": str(files.LARGEST_PHOTO // _KILO)}),
            Element("sets", {"created": albums, "remaining": sets_left}),
            Element("videos", {"uploaded": videos, "remaining": videos_left}),
        ],
    )


def limits(streams: Photostreams, visit: Visit) -> Element:
    """Answer `people.getLimits`: pixels, bytes, seconds."""
    account = _viewer(streams, visit)
    longest = files.LONGEST_PRO if account.pro else files.LONGEST_FREE
    return Element(
        "person",
        {"nsid": account.nsid},
        children=[
            Element("photos", {"maxdisplaypx": _DISPLAY_PIXELS, "maxupload": str(files.LARGEST_PHOTO)}),
            Element("videos", {"maxduration": str(longest), "maxupload": str(files.LARGEST_VIDEO)}),
        ],
    )


def contacts(streams: Photostreams, visit: Visit) -> Element:
    """Answer `contacts.getPublicList`: `total` grows."""
    account = streams.account(visit.args.get("user_id", ""), visit)
    found = paging.page(range(growth.contacts(visit.now)), visit.args, most=1000, usual=1000)
    people: list[Element] = []
    for number in found.items:
        nsid = f"{30_000_000 + seeded.number(streams.state.seed, 'contact', account.nsid, number) % 10**7}@N06"
        people.append(Element("contact", {"nsid": nsid, "username": f"Contacto {number + 1}", "ignored": 0}))
    return Element("contacts", found.attributes(), children=people, lists=("contact",))


def activity(streams: Photostreams, visit: Visit) -> Element:
    """Answer `activity.userPhotos`: comments by others. "At most once an hour" is not enforced."""
    since = visit.now - _timeframe(visit.args.get("timeframe", ""))
    items: list[tuple[datetime, Element]] = []
    for photo in streams.state.photos_of(visit.nsid):
        events = [
            text_of(
                "event",
                texts.shown(comment.text),
                type="comment",
                commentid=comment.id,
                user=comment.author,
                username=streams.name_of(comment.author)[0],
                dateadded=seconds(comment.created_at),
            )
            for comment in streams.state.comments_on(photo.id)
            if comment.author != visit.nsid and comment.created_at >= since
        ]
        if events:
            shown = Element(
                "item",
                {"type": "photo", "id": photo.id, "owner": photo.owner, "secret": photo.secret},
                children=[
                    text_of("title", photo.title),
                    Element("activity", children=events, lists=("event",)),
                ],
            )
            items.append((photo.updated_at, shown))
    items.sort(key=lambda pair: pair[0], reverse=True)
    found = paging.page([shown for _, shown in items], visit.args, most=50, usual=10)
    return Element("items", found.attributes(), children=list(found.items), lists=("item",))


def _timeframe(text: str) -> timedelta:
    """Return `2d` or `4h` as a span; without one all that is there."""
    if not text:
        return timedelta(days=3650)
    if not text[:-1].isdigit() or text[-1] not in _TIMEFRAME:
        raise refused("timeframe: debe ser como 2d o 4h")
    return timedelta(**{_TIMEFRAME[text[-1]]: int(text[:-1])})
