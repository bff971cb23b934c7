"""Comments on photos and albums: flat, oldest first, the same words swallowed (sheet section 3.3)."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.flickr import params, texts
from sandbox.flickr.documents import Element, text_of
from sandbox.flickr.errors import Failure, no_rights
from sandbox.flickr.params import seconds
from sandbox.flickr.state import Comment
from sandbox.flickr.stream import FARM, SERVER, WEB_HOST, Photostreams, Visit

BURST, BURST_SPAN = 20, timedelta(minutes=1)
"""More new comments than this within the span are "too fast": the sheet has the error 9, not the measure."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is commented on."""

    id: str
    owner: str
    open: bool
    """Whether everybody may comment."""


def photo_thing(streams: Photostreams, visit: Visit) -> Thing:
    """Return the photo that the arguments name. Raises Failure 1, for somebody's private one too."""
    photo = streams.photo(visit, visit.args.get("photo_id", ""))
    return Thing(photo.id, photo.owner, photo.perm_comment == 3)


def album_thing(streams: Photostreams, visit: Visit) -> Thing:
    """Return the album that the arguments name. Raises Failure 1."""
    album = streams.state.albums.get(visit.args.get("photoset_id", ""))
    if album is None or not any(streams.sees(visit.nsid, streams.state.photos[number]) for number in album.photos):
        raise Failure(1, "Photoset not found")
    return Thing(album.id, album.owner, open=True)


def listing_of_photo(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.comments.getList`."""
    return _listing(streams, visit, photo_thing(streams, visit), "photo_id")


def listing_of_album(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photosets.comments.getList`."""
    return _listing(streams, visit, album_thing(streams, visit), "photoset_id")


def _listing(streams: Photostreams, visit: Visit, thing: Thing, name: str) -> Element:
    """All in one answer; `page` and `per_page` count only where they are sent."""
    since, until = params.instant(visit.args, "min_comment_date"), params.instant(visit.args, "max_comment_date")
    found = [
        comment
        for comment in streams.state.comments_on(thing.id)
        if (since is None or comment.created_at.replace(microsecond=0) >= since)
        and (until is None or comment.created_at.replace(microsecond=0) <= until)
    ]
    if "per_page" in visit.args or "page" in visit.args:
        size = params.number(visit.args, "per_page", default=100)
        start = (params.number(visit.args, "page", default=1) - 1) * size
        found = found[start : start + size]
    shown = [_element(streams, comment) for comment in found]
    return Element("comments", {name: thing.id}, children=shown, lists=("comment",))


def _element(streams: Photostreams, comment: Comment) -> Element:
    username, real_name, alias = streams.name_of(comment.author)
    person = streams.state.people.get(comment.author)
    return text_of(
        "comment",
        texts.shown(comment.text),
        id=comment.id,
        author=comment.author,
        author_is_deleted=int(person is not None and person.deleted),
        authorname=username,
        iconserver=SERVER,
        iconfarm=FARM,
        datecreate=seconds(comment.created_at),
        permalink=_permalink(streams, comment),
        path_alias=alias,
        realname=real_name,
    )


def _permalink(streams: Photostreams, comment: Comment) -> str:
    alias = streams.accounts[comment.owner].path_alias
    folder = "albums/" if comment.thing in streams.state.albums else ""
    return f"https://{WEB_HOST}/photos/{alias}/{folder}{comment.thing}/#comment{comment.id.rpartition('-')[2]}"


def add_to_photo(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photos.comments.addComment`."""
    return _add(streams, visit, photo_thing(streams, visit))


def add_to_album(streams: Photostreams, visit: Visit) -> Element:
    """Answer `photosets.comments.addComment`."""
    return _add(streams, visit, album_thing(streams, visit))


def _add(streams: Photostreams, visit: Visit, thing: Thing) -> Element:
    """The same text again by the same member gives the first comment: nothing is added (trap 14)."""
    text = _text(visit)
    if not thing.open and thing.owner != visit.nsid:
        raise Failure(99, "User not logged in / Insufficient permissions")
    first = same(streams, thing.id, visit.nsid, text)
    if first is not None:
        return _element(streams, first)
    fresh = [
        comment
        for comment in streams.state.comments.values()
        if comment.author == visit.nsid and visit.now - comment.created_at < BURST_SPAN
    ]
    if len(fresh) >= BURST:
        raise Failure(9, "User is posting comments too fast.")
    comment = Comment(
        id=streams.state.new_part_id(thing.owner, thing.id),
        thing=thing.id,
        owner=thing.owner,
        author=visit.nsid,
        text=text,
        created_at=visit.now,
        account=visit.nsid,
    )
    streams.state.comments[comment.id] = comment
    touch(streams, comment, visit)
    streams.show_comment(comment)
    return _element(streams, comment)


def same(streams: Photostreams, thing: str, author: str, text: str) -> Comment | None:
    """Return the member's comment of that text, if there is one."""
    found = (comment for comment in streams.state.comments_on(thing) if comment.author == author)
    return next((comment for comment in found if comment.text == text), None)


def _text(visit: Visit) -> str:
    text = visit.args.get("comment_text", "").strip()
    if not text:
        raise Failure(8, "Blank comment")
    texts.check_addresses(text)
    return text


def _found(streams: Photostreams, visit: Visit, *, of_album: bool) -> Comment:
    comment = streams.state.comments.get(visit.args.get("comment_id", ""))
    if comment is None or (comment.thing in streams.state.albums) is not of_album:
        raise Failure(2, "Comment not found")
    photo = streams.state.photos.get(comment.thing)
    if photo is not None and not streams.sees(visit.nsid, photo):
        raise Failure(2, "Comment not found")
    return comment


def edit(streams: Photostreams, visit: Visit, *, of_album: bool = False) -> None:
    """Answer `editComment`: the writer's own only."""
    comment = _found(streams, visit, of_album=of_album)
    if comment.author != visit.nsid:
        raise Failure(99, "User not logged in / Insufficient permissions")
    comment.text = _text(visit)
    touch(streams, comment, visit)
    streams.show_comment(comment)


def delete(streams: Photostreams, visit: Visit, *, of_album: bool = False) -> None:
    """Answer `deleteComment`: the writer's own, and everybody's on one's own photo; a write token will do."""
    comment = _found(streams, visit, of_album=of_album)
    if visit.nsid not in {comment.author, comment.owner}:
        raise no_rights("owner", "none")
    touch(streams, comment, visit)
    streams.show_comment(comment, gone=True)
    del streams.state.comments[comment.id]


def touch(streams: Photostreams, comment: Comment, visit: Visit) -> None:
    """Note that the photo changed: comments count for `lastupdate`."""
    photo = streams.state.photos.get(comment.thing)
    if photo is not None:
        photo.updated_at = visit.now
