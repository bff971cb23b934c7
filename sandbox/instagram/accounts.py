"""The imitated accounts as a whole: state, access, what the public sees of each medium and comment."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.exchange import Call
from sandbox.facebook.errors import not_found
from sandbox.facebook.pages import Pages
from sandbox.imitation import Ground
from sandbox.instagram.access import Access, Caller
from sandbox.instagram.state import AccountState, Comment, Media
from sandbox.instagram.world import make_world
from sandbox.ledger import Face

PLATFORM = "instagram"
FILES_HOST = "scontent.cdninstagram.com"
_EXTENSION = {"image/jpeg": "jpg", "video/mp4": "mp4", "video/quicktime": "mov"}
_KINDS = {"IMAGE": "photo", "VIDEO": "video", "CAROUSEL_ALBUM": "post"}


@dataclass(slots=True)
class Visit:
    """One authenticated call."""

    call: Call
    params: dict[str, Any]
    caller: Caller

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.call.now


class Accounts:
    """All that the modules of this platform share. `pages` are the Facebook Pages that the accounts are linked to."""

    def __init__(self, ground: Ground, pages: Pages) -> None:
        self.ground = ground
        self.pages = pages
        facebook = pages.world
        self.world = make_world(
            ground.seed,
            page_id=facebook.page_id,
            page_token=facebook.page_token,
            user_token=facebook.user_token,
            other_page_token=facebook.other_page_token,
            other_page_name=facebook.other_page_name,
        )
        self.state = AccountState(ground.seed)
        self.access = Access(self.world, pages.tokens, ground.clock())
        self.usernames = {
            self.world.account_id: self.world.username,
            self.world.other_account_id: self.world.other_username,
        }

    def account_of(self, node: str, caller: Caller) -> str | None:
        """Return the account that a node of a path names: its id, or on Instagram's own host its app-scoped id."""
        if caller.by_login and node in {"me", self.world.login_scoped_id}:
            return caller.account_id if node == "me" else self.world.account_id
        return node if node in self.usernames else None

    def require_sight(self, visit: Visit, object_id: str, account_id: str) -> None:
        """Require a token that reaches the object. Raises GraphError 100/33."""
        if visit.caller.account_id != account_id:
            raise not_found(object_id, visit.call.method)

    def followers(self, account_id: str, now: datetime) -> int:
        """Return how many follow an account: the official one some thirty more a day."""
        if account_id != self.world.account_id:
            return 64
        days = (now - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() / 86_400
        return 31_400 + int(max(0.0, days) * 29)

    def permalink(self, media: Media) -> str:
        """Return the public address of a medium."""
        if media.product == "STORY":
            return f"https://www.instagram.com/stories/{self.usernames[media.account_id]}/{media.id}/"
        kind = "reel" if media.product == "REELS" else "p"
        return f"https://www.instagram.com/{kind}/{media.shortcode}/"

    def file_address(self, media: Media) -> str:
        """Return where the file of a medium is; of a carousel, its first child's."""
        shown = media.files[0]
        return f"https://{FILES_HOST}/v/{shown.id}.{_EXTENSION[shown.mime]}"

    def show(self, media: Media, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of a medium now."""
        face = None
        if not gone and media.is_live(self.ground.clock()):
            files = tuple(one.medium.sha256 for one in media.files if one.medium is not None)
            kind = "story" if media.product == "STORY" else _KINDS[media.kind]
            face = Face(kind=kind, text=media.caption, media=files)
        self.ground.ledger.show(face, platform=PLATFORM, account=media.account_id, remote_id=media.id)

    def show_comment(self, comment: Comment, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of a comment now."""
        account_id = self.state.media[comment.media_id].account_id
        face = None if gone or comment.hidden else Face("comment", comment.text)
        self.ground.ledger.show(face, platform=PLATFORM, account=account_id, remote_id=comment.id)

    def assume_comment(self, comment: Comment) -> None:
        """Note a visitor's comment as visible: nobody of the office wrote it, so it is no entry."""
        account_id = self.state.media[comment.media_id].account_id
        face = Face("comment", comment.text)
        self.ground.ledger.assume(face, platform=PLATFORM, account=account_id, remote_id=comment.id)

    def remove(self, media: Media) -> None:
        """Delete a medium with its children and comments."""
        self.show(media, gone=True)
        for comment in self.state.comments_of(media.id):
            del self.state.comments[comment.id]
        for child in media.children:
            self.state.media.pop(child.id, None)
        del self.state.media[media.id]
        self.state.stories.pop(media.id, None)

    def tick(self, now: datetime) -> None:
        """End stories, and forget the bytes of uploads that were never finished."""
        for media_id in list(self.state.stories):
            story = self.state.media[media_id]
            if not story.is_live(now):
                self.show(story)
                del self.state.stories[media_id]
        for container_id in list(self.state.uploads):
            container = self.state.containers[container_id]
            if container.status(now) == "EXPIRED":
                if container.received is not None:
                    container.received.discard()
                    container.received = None
                del self.state.uploads[container_id]
