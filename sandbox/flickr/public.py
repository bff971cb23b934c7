"""What the public sees: photo pages, short addresses, image files; and what visitors do there."""

import re
import shutil
from html import escape
from pathlib import Path

from PIL import Image

from sandbox.exchange import Answer, Call
from sandbox.flickr import comments, login, texts
from sandbox.flickr.state import Comment, Photo, short_id
from sandbox.flickr.stream import FILES_HOST, SERVER, SHORT_HOST, SIZES, Photostreams
from sandbox.imitation import Card
from sandbox.media import Medium

_PAGE = re.compile(r"/photos/([^/]+)/(\d+)(/?)")
_ALBUM = re.compile(r"/photos/([^/]+)/albums/(\d+)/?")
_STREAM = re.compile(r"/photos/([^/]+)/?")
_FILE = re.compile(rf"/{SERVER}/(\d+)_([0-9a-f]+)(?:_(\w))?\.(\w+)")


def answer(streams: Photostreams, call: Call) -> Answer:
    """Answer a visitor of the public hosts."""
    if call.method not in {"GET", "HEAD"}:
        return _missing()
    if call.host == FILES_HOST:
        return _file(streams, call)
    if call.host == SHORT_HOST:
        return _short(streams, call)
    if call.path == "/":
        return login.home()
    if match := _PAGE.fullmatch(call.path):
        return _photo_page(streams, call, match[1], match[2], slash=bool(match[3]))
    if match := _ALBUM.fullmatch(call.path):
        return _album_page(streams, call, match[1], match[2])
    if match := _STREAM.fullmatch(call.path):
        nsid = _member(streams, match[1])
        return _list(streams, call, streams.state.photos_of(nsid)) if nsid else _missing()
    return _missing()


def _member(streams: Photostreams, name: str) -> str:
    found = (a.nsid for a in streams.accounts.values() if name in {a.nsid, a.path_alias})
    return next(found, "")


def _photo_page(streams: Photostreams, call: Call, member: str, number: str, *, slash: bool) -> Answer:
    photo = streams.state.photos.get(number)
    if photo is None or photo.owner != _member(streams, member) or not photo.is_public(call.now):
        return _missing()
    if not slash:
        return _moved(streams.page(photo))
    said = "".join(
        f"<li id='comment-{escape(comment.id)}'><b>{escape(streams.name_of(comment.author)[0])}</b> "
        f"{texts.shown(comment.text)}</li>"
        for comment in streams.state.comments_on(photo.id)
    )
    return _page(
        photo.title,
        f"<p class='description'>{texts.shown(photo.description)}</p>"
        f"<img src='{escape(streams.file(photo, 'b'))}' alt='{escape(photo.title)}'><ol>{said}</ol>",
    )


def _album_page(streams: Photostreams, call: Call, member: str, number: str) -> Answer:
    album = streams.state.albums.get(number)
    if album is None or album.owner != _member(streams, member):
        return _missing()
    return _list(streams, call, [streams.state.photos[one] for one in album.photos])


def _list(streams: Photostreams, call: Call, photos: list[Photo]) -> Answer:
    rows = "".join(
        f"<li><a href='{escape(streams.page(photo))}'>{escape(photo.title)}</a></li>"
        for photo in photos
        if photo.is_public(call.now)
    )
    return _page("Fotos", f"<ul>{rows}</ul>")


def _short(streams: Photostreams, call: Call) -> Answer:
    code = call.path.removeprefix("/p/")
    photo = next((photo for photo in streams.state.photos.values() if short_id(photo.id) == code), None)
    return _moved(streams.page(photo)) if photo is not None and photo.is_public(call.now) else _missing()


def _moved(address: str) -> Answer:
    moved = Answer.html("", status=301)
    moved.headers["Location"] = address
    return moved


def _page(title: str, body: str) -> Answer:
    return Answer.html(
        f"<!DOCTYPE html><html lang='es'><head><meta charset='utf-8'><title>{escape(title)} | Flickr</title></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )


def _missing() -> Answer:
    page = _page("Esta foto no está disponible", "")
    page.status = 404
    return page


def photo_at(streams: Photostreams, path: str) -> tuple[Photo, str] | None:
    """Return the photo behind an address of the file host, and the size. Whoever knows the secret may see it."""
    match = _FILE.fullmatch(path)
    photo = streams.state.photos.get(match[1]) if match else None
    if match is None or photo is None or photo.is_video:
        return None
    size = match[3] or ""
    address = streams.file(photo, size) if size == "o" or size in SIZES else ""
    return (photo, size) if address == f"https://{FILES_HOST}{path}" else None


def original_at(streams: Photostreams, host: str, path: str) -> Medium | None:
    """Return the received file behind an address of the file host."""
    found = photo_at(streams, path) if host == FILES_HOST else None
    return found[0].medium if found else None


def _file(streams: Photostreams, call: Call) -> Answer:
    found = photo_at(streams, call.path)
    if found is None:
        return Answer(404, b"Not found", "text/plain")
    photo, size = found
    if size == "o":
        return Answer(200, photo.medium.path, photo.kind.mime)
    target = streams.ground.store.derived(f"flickr/{photo.medium.sha256}/{size}")
    return Answer(200, _smaller(photo.medium.path, target, SIZES[size]), "image/jpeg")


def _smaller(source: Path, target: Path, longest: int) -> Path:
    """Return the image as a JPEG of at most that side, made on first use."""
    if not target.exists():
        with Image.open(source) as image:
            small = image.convert("RGB")
            small.thumbnail((longest, longest))
            half_made = target.with_suffix(".part")
            small.save(half_made, format="JPEG")
        shutil.move(half_made, target)
    return target


def cards(streams: Photostreams, title: str) -> list[Card]:
    """Return the public photos, the newest first."""
    now = streams.ground.clock()
    photos = [photo for nsid in streams.accounts for photo in streams.state.photos_of(nsid) if photo.is_public(now)]
    photos.sort(key=lambda photo: (photo.posted_at, int(photo.id)), reverse=True)
    return [
        Card(
            platform=title,
            account=streams.accounts[photo.owner].username,
            at=photo.posted_at,
            title=photo.title or None,
            text=texts.plain(photo.description),
            link=streams.page(photo),
            media=((photo.medium.sha256, photo.title),),
            comments=len(streams.state.comments_on(photo.id)),
        )
        for photo in photos
    ]


def add_comment(streams: Photostreams, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
    """Let a visitor comment on a public photo; `remote_id` may be a photo or a comment on it: there are no threads."""
    now, state = streams.ground.clock(), streams.state
    above = state.comments.get(remote_id or "")
    wanted = above.thing if above else remote_id
    photos = [photo for photo in state.photos.values() if photo.is_public(now) and photo.perm_comment == 3]
    photos = [photo for photo in photos if wanted is None or photo.id == wanted]
    if not photos:
        return None
    photo, person = photos[pick % len(photos)], state.person(author)
    if (first := comments.same(streams, photo.id, person.nsid, text)) is not None:
        return first.id
    comment = Comment(
        id=state.new_part_id(photo.owner, photo.id),
        thing=photo.id,
        owner=photo.owner,
        author=person.nsid,
        text=text,
        created_at=now,
        account=photo.owner,
    )
    state.comments[comment.id] = comment
    photo.updated_at = now
    streams.show_comment(comment)
    return comment.id
