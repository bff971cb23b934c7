"""The imitated Flickr as a whole: state, keys, who sees what, and what the ledger hears of it."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.exchange import Call
from sandbox.flickr import files, texts
from sandbox.flickr.errors import Failure, no_photo
from sandbox.flickr.state import Account, Comment, FlickrState, Group, Photo, short_id
from sandbox.flickr.tokens import Token, TokenRegister
from sandbox.flickr.world import make_world
from sandbox.imitation import Ground
from sandbox.ledger import Face

PLATFORM = "flickr"
API_HOST = "api.flickr.com"
UPLOAD_HOST = "up.flickr.com"
WEB_HOST = "www.flickr.com"
SHORT_HOST = "flic.kr"
FILES_HOST = "live.staticflickr.com"
SERVER, FARM = "65535", 66
SIZES = {"s": 75, "q": 150, "m": 240, "n": 320, "": 500, "z": 640, "c": 800, "b": 1024}
"""Suffix of a file's address and its longest side in pixels (sheet section 0; those not named there [memory])."""
FREE_ITEMS, FREE_PRIVATE = 1000, 50
"""Free account (sheet section 5 [doc])."""
PRO_POOLS = 60
"""Pools a photo of a Pro may be in [memory]."""


@dataclass(slots=True)
class Visit:
    """One call of a method. `viewer`: whose token signed it, None for nobody."""

    call: Call
    args: dict[str, str]
    viewer: Token | None

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.call.now

    @property
    def nsid(self) -> str:
        """Whose token it is, "" for nobody."""
        return self.viewer.nsid if self.viewer else ""


class Photostreams:
    """All that the modules of this platform share."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.world = make_world(ground.seed)
        self.state = FlickrState(ground.seed)
        self.tokens = TokenRegister(ground.seed, self.world)
        world = self.world
        official = Account(
            world.nsid, world.username, world.full_name, world.path_alias, pro=True, stats=True, pool_limit=PRO_POOLS
        )
        other = Account(
            world.other_nsid,
            world.other_username,
            world.other_full_name,
            world.other_path_alias,
            pro=False,
            stats=False,
            item_limit=FREE_ITEMS,
            private_limit=FREE_PRIVATE,
        )
        self.accounts = {account.nsid: account for account in (official, other)}
        for group in (
            Group(world.open_group, "Perú en imágenes"),
            Group(world.moderated_group, "Fotografía institucional", moderated=True),
            Group(world.throttled_group, "Una foto al día", limit=1, mode="day"),
            Group(world.photo_group, "Solo fotos", videos=False),
        ):
            self.state.groups[group.nsid] = group

    def account(self, user: str, visit: Visit) -> Account:
        """Return the account that `user_id` means; `me` is the token's owner. Raises Failure 1."""
        found = self.accounts.get(visit.nsid if user == "me" else user)
        if found is None:
            raise Failure(1, "User not found")
        return found

    def sees(self, nsid: str, photo: Photo) -> bool:
        """Whether an account may see a photo; nobody of this world is anybody's friend."""
        return photo.owner == nsid or photo.privacy.public

    def photo(self, visit: Visit, photo_id: str) -> Photo:
        """Return a photo that the caller may see. Raises Failure 1 for others: private is "not found"."""
        photo = self.state.photos.get(photo_id)
        if photo is None or not self.sees(visit.nsid, photo):
            raise no_photo()
        return photo

    def own_photo(self, visit: Visit, photo_id: str) -> Photo:
        """Return a photo of the caller's. Raises Failure 1, or 2 for a visible one of somebody else."""
        photo = self.photo(visit, photo_id)
        if photo.owner != visit.nsid:
            raise Failure(2, "Permission denied")
        return photo

    def name_of(self, nsid: str) -> tuple[str, str, str]:
        """Return user name, real name and path alias of an account or a visitor."""
        account = self.accounts.get(nsid)
        if account is not None:
            return account.username, account.full_name, account.path_alias
        person = self.state.people[nsid]
        return person.username, "", person.path_alias

    def page(self, photo: Photo) -> str:
        """Return the photo's page."""
        return f"https://{WEB_HOST}/photos/{self.accounts[photo.owner].path_alias}/{photo.id}/"

    def short_page(self, photo: Photo) -> str:
        """Return the short address of the page."""
        return f"https://{SHORT_HOST}/p/{short_id(photo.id)}"

    def file(self, photo: Photo, size: str) -> str:
        """Return the address of an image file; size `o` is the original."""
        if size == "o":
            return f"https://{FILES_HOST}/{SERVER}/{photo.id}_{photo.original_secret}_o.{photo.kind.ending}"
        ending = f"_{size}" if size else ""
        return f"https://{FILES_HOST}/{SERVER}/{photo.id}_{photo.secret}{ending}.jpg"

    def show(self, photo: Photo, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of the photo now, and note since when."""
        now = self.ground.clock()
        visible = not gone and photo.is_public(now)
        shown = bool(photo.exposure) and photo.exposure[-1][1] is None
        if visible and not shown:
            photo.exposure.append((now, None))
        elif shown and not visible:
            photo.exposure[-1] = (photo.exposure[-1][0], now)
        face = None
        if visible:
            face = Face(photo.kind.media, texts.plain(photo.description), (photo.medium.sha256,), photo.title)
        news = self.ground.ledger.show(face, platform=PLATFORM, account=photo.owner, remote_id=photo.id)
        if news and visible:
            for comment in self.state.comments_on(photo.id):
                self.show_comment(comment)

    def show_comment(self, comment: Comment, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of a comment now; a visitor's own coming is no entry."""
        ledger, key = self.ground.ledger, {"account": comment.account, "remote_id": comment.id}
        if gone:
            ledger.show(None, platform=PLATFORM, **key)
            return
        photo = self.state.photos.get(comment.thing)
        if photo is not None and not photo.is_public(self.ground.clock()):
            return
        face = Face("comment", texts.plain(comment.text))
        if comment.author == comment.account:
            ledger.show(face, platform=PLATFORM, **key)
        else:
            ledger.assume(face, platform=PLATFORM, **key)

    def remove(self, photo: Photo) -> None:
        """Delete a photo with its comments, from its albums and pools; an album that is empty then goes too."""
        self.show(photo, gone=True)
        state = self.state
        for comment in state.comments_on(photo.id):
            del state.comments[comment.id]
        for group in state.groups.values():
            group.pool.pop(photo.id, None)
            group.pending.pop(photo.id, None)
        for album_id in list(state.albums):
            self.leave_album(album_id, photo.id)
        state.processing.discard(photo.id)
        del state.photos[photo.id]

    def leave_album(self, album_id: str, photo_id: str) -> None:
        """Take a photo out of an album; with the last photo the album goes ([memory], sheet 2.4)."""
        album = self.state.albums[album_id]
        if photo_id not in album.photos:
            return
        album.photos.remove(photo_id)
        if not album.photos:
            self.remove_album(album_id)
        elif album.primary == photo_id:
            album.primary = album.photos[0]

    def remove_album(self, album_id: str) -> None:
        """Delete an album with its comments; its photos stay."""
        for comment in self.state.comments_on(album_id):
            self.show_comment(comment, gone=True)
            del self.state.comments[comment.id]
        del self.state.albums[album_id]

    def finish_videos(self, now: datetime) -> None:
        """Show the videos that time has finished."""
        for photo_id in sorted(self.state.processing):
            photo = self.state.photos[photo_id]
            if photo.processing.is_over(now):
                self.settle_video(photo)

    def settle_video(self, photo: Photo) -> None:
        """Decide a video whose processing is over: too long ones fail (trap 17)."""
        self.state.processing.discard(photo.id)
        photo.failed = self.too_long(photo)
        self.show(photo)

    def too_long(self, photo: Photo) -> bool:
        """Whether a video lasts longer than its account may."""
        pro = self.accounts[photo.owner].pro
        return photo.kind.seconds > (files.LONGEST_PRO if pro else files.LONGEST_FREE)
