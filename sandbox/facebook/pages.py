"""The imitated Pages as a whole: state, tokens, and what the public sees of each post and comment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.exchange import Call
from sandbox.facebook.errors import needs_page_token, no_permission, not_found
from sandbox.facebook.fields import Wanted
from sandbox.facebook.state import PHOTO_LIFE, Comment, PageState, Photo, Post
from sandbox.facebook.tokens import Token, TokenRegister, make_world
from sandbox.imitation import Ground
from sandbox.ledger import Face

PLATFORM = "facebook"
FILES_HOST = "scontent.xx.fbcdn.net"
_PUBLIC_NUMBER = {"111222333444555": "100064111222333", "999888777666555": "100064999888777"}
"""New-experience Pages show another number in permalinks than their id (sheet section 0)."""


@dataclass(slots=True)
class Visit:
    """One authenticated call."""

    call: Call
    params: dict[str, Any]
    token: Token

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.call.now


def written(instant: datetime) -> str:
    """Return a time as the read side writes it: no colon in the offset."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S+0000")


class Pages:
    """All that the modules of this platform share."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.world = make_world(ground.seed)
        self.state = PageState(ground.seed)
        self.tokens = TokenRegister(self.world, ground.clock())
        self.instagram: dict[str, Callable[[Token, Wanted], Any]] = {}
        """How the field `instagram_business_account` reads, by Page id: that platform fills it in."""
        self.names = {
            self.world.page_id: self.world.page_name,
            self.world.other_page_id: self.world.other_page_name,
        }

    def may_see(self, token: Token, page_id: str) -> bool:
        """Whether a token reaches that Page's things."""
        if token.is_page:
            return token.owner_id == page_id
        return token.kind == "USER" and page_id == self.world.page_id

    def require_page(self, visit: Visit, page_id: str) -> None:
        """Require the Page's own token, as new-experience Pages do. Raises GraphError."""
        if not visit.token.is_page:
            raise needs_page_token()
        if visit.token.owner_id != page_id:
            raise no_permission()

    def require_sight(self, visit: Visit, object_id: str, page_id: str) -> None:
        """Require a token that reaches the object. Raises GraphError 100/33."""
        if not self.may_see(visit.token, page_id):
            raise not_found(object_id, visit.call.method)

    def permalink(self, post: Post) -> str:
        """Return the public address of a post."""
        return f"https://www.facebook.com/{_PUBLIC_NUMBER[post.page_id]}/posts/{post.story}"

    def photo_address(self, photo: Photo) -> str:
        """Return where the photo's file is."""
        return f"https://{FILES_HOST}/v/{photo.id}_n.{photo.mime.partition('/')[2]}"

    def new_post(self, page_id: str, *, now: datetime, message: str, status_type: str, published: bool) -> Post:
        """Add a post, not yet shown to anybody."""
        post = Post(
            id=f"{page_id}_{self.state.new_id()}",
            page_id=page_id,
            message=message,
            link="",
            created_at=now,
            updated_at=now,
            published=published,
            status_type=status_type,
            published_at=now if published else None,
        )
        self.state.posts[post.id] = post
        return post

    def publish(self, post: Post, now: datetime) -> None:
        """Show a post; already shown, nothing changes."""
        if not post.published:
            post.published = True
            post.scheduled_at = None
            post.published_at = now
            for comment in self.state.comments_of(post.id):
                self.show_comment(comment)
        for photo in post.photos:
            photo.published = True
        if post.video is not None:
            post.video.published = True
            post.video.scheduled_at = None

    def is_visible(self, post: Post, now: datetime) -> bool:
        """Whether the public sees the post."""
        return post.published and (post.video is None or post.video.is_ready(now))

    def show(self, post: Post, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of the post now."""
        now = self.ground.clock()
        face = None
        remote_id = post.id
        media: list[str] = [photo.medium.sha256 for photo in post.photos]
        kind = "photo" if post.status_type == "added_photos" and len(media) == 1 else "post"
        if post.video is not None:
            kind, remote_id = "video", post.video.id
            media = [post.video.medium.sha256] if post.video.medium else []
        if not gone and self.is_visible(post, now):
            face = Face(kind=kind, text=post.message, media=tuple(media))
        self.ground.ledger.show(face, platform=PLATFORM, account=post.page_id, remote_id=remote_id)

    def show_photo(self, photo: Photo, *, gone: bool = False) -> None:
        """Tell the ledger about a photo that stands in the album without a post."""
        face = None if gone or not photo.published else Face("photo", photo.caption, (photo.medium.sha256,))
        self.ground.ledger.show(face, platform=PLATFORM, account=photo.page_id, remote_id=photo.id)

    def show_comment(self, comment: Comment, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of a comment now."""
        page_id = self.state.posts[comment.post_id].page_id
        face = None if gone or comment.hidden else Face("comment", comment.message)
        self.ground.ledger.show(face, platform=PLATFORM, account=page_id, remote_id=comment.id)

    def assume_comment(self, comment: Comment) -> None:
        """Note a visitor's comment as visible: nobody of the office wrote it, so it is no entry."""
        page_id = self.state.posts[comment.post_id].page_id
        face = Face("comment", comment.message)
        self.ground.ledger.assume(face, platform=PLATFORM, account=page_id, remote_id=comment.id)

    def remove(self, post: Post) -> None:
        """Delete a post with its photos, video and comments."""
        self.show(post, gone=True)
        for comment in self.state.comments_of(post.id):
            del self.state.comments[comment.id]
        for photo in post.photos:
            self.state.photos.pop(photo.id, None)
        if post.video is not None:
            self.state.videos.pop(post.video.id, None)
        del self.state.posts[post.id]

    def tick(self, now: datetime) -> None:
        """Drop old unpublished photos, finish videos, publish what was scheduled."""
        for photo_id in list(self.state.loose):
            photo = self.state.photos.get(photo_id)
            kept = photo is None or photo.published or photo.post_id is not None
            if photo is not None and not kept:
                if now - photo.created_at < PHOTO_LIFE:
                    break
                del self.state.photos[photo_id]
            del self.state.loose[photo_id]
        for post_id in sorted(self.state.waiting):
            post = self.state.posts.get(post_id)
            if post is not None and post.scheduled_at is not None and now >= post.scheduled_at:
                self.publish(post, now)
            if post is not None:
                self.show(post)
            if post is None or (post.scheduled_at is None and not _in_processing(post, now)):
                self.state.waiting.discard(post_id)


def _in_processing(post: Post, now: datetime) -> bool:
    return post.video is not None and not post.video.failed and not post.video.is_ready(now)
