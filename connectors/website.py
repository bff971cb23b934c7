"""The institution's own website: WordPress over its REST API.

Facts and their confidence: sheet website.md, 2026-11-23 ([ran] on WordPress 6.1.9). What stands where and why:
docs/platforms/website.md.
"""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import (
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.http import Door, visible_write
from connectors.wordpress_api import Api, Style, Thing
from connectors.wordpress_draft import POSTS, Progress, content_of, look_up, was_public
from connectors.wordpress_errors import NOT_JSON
from connectors.wordpress_markup import escaped, plain
from connectors.wordpress_staging import Staging
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import Capabilities, FileLimits, Limit, Operation, Repeating
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_READ_ON = date(2026, 11, 23)
_COMMENTS = "/wp/v2/comments"
_COMMENTS_A_PAGE = "100"
_ME = "/wp/v2/users/me"

# WordPress gives a site no id. We pin it by the host and path of its public address (`home`), which an owner can
# change: then identify() differs from the register, and a person has to look, which is what a moved site deserves.
PINNED_BY = "home"

# The capabilities that our work needs (sheet 1.3); an editor has them all
RIGHTS = (
    "edit_posts",
    "publish_posts",
    "edit_published_posts",
    "delete_published_posts",
    "upload_files",
    "manage_categories",
    "moderate_comments",
)


class WebsiteConnector(Connector):
    """The posts and comments of one WordPress site."""

    platform = Platform.WEBSITE
    capabilities = Capabilities(
        platform=Platform.WEBSITE,
        repeating=Repeating.HARMLESS,
        operations=frozenset(Operation) - {Operation.REFRESH},
        # WordPress sets no limit; 3 MB passed [ran], and a code point takes up to four bytes
        text_length=Limit(750_000, "sheet website.md 5: 3 MB passed; WordPress names no limit", _READ_ON),
        title_required=True,
        title_length=Limit(250, "ours: WordPress names no limit, lists and search engines cut far earlier", _READ_ON),
        images=FileLimits(
            types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
            count=Limit(50, "ours: WordPress names no limit", _READ_ON),
            animated=True,
        ),
        videos=FileLimits(
            types=frozenset({"video/mp4"}),
            count=Limit(5, "ours: WordPress names no limit", _READ_ON),
        ),
        images_with_video=True,
        staging_lead=timedelta(minutes=10),
        staging_life=None,
    )
    credential_fields = (
        CredentialField("user", _("Usuario de WordPress"), secret=False),
        CredentialField("application_password", _("Contraseña de aplicación (no la de ingreso)")),
    )

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        super().__init__(account, credentials, door, services)
        self._api = Api(account.address, credentials, door)

    def identify(self) -> Identity:
        """Return the site and the rights of our user, as `users/me` and the index say."""
        # a wrong password is no error anywhere else: the site answers as to a visitor (sheet 7.1)
        me = self._api.get(_ME, context="edit")
        index = self._api.get("/", _fields="name,home,url")
        granted = me.fields.get("capabilities")
        rights = granted if isinstance(granted, dict) else {}
        home = index.text(PINNED_BY)
        return Identity(
            remote_id=_pin(home),
            name=f"{index.text('name')} ({me.text('name')})",
            address=home,
            missing=tuple(right for right in RIGHTS if not rights.get(right)),
        )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Upload, name terms, write the draft and compare it; one write a call (connectors/wordpress_staging.py)."""
        return Staging(self._api, post, stage).step()

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Make the draft public. Unavailable where it is gone or was dated meanwhile: to be staged again."""
        progress = Progress.of(stage, post)
        if not stage.ready or progress.post_id is None:
            raise Unsupported("publish needs a ready stage", platform=self.platform)
        self._api.style = progress.style or Style.PRETTY
        # The whole content goes along: should somebody have edited the draft since, what becomes public in this one
        # write is what was approved. No date: an undated draft gets the moment of its publishing, by the site's clock.
        approved = content_of(post, progress) | {"status": "publish"}
        try:
            with visible_write():
                answer = self._api.post(f"{POSTS}/{progress.post_id}", approved)
                status, published = answer.text("status"), _published(answer)
        except Gone as error:
            raise Unavailable(
                "the draft is gone; it must be prepared anew",
                platform=self.platform,
                status=error.status,
                code=error.code,
            ) from error
        if status == "future":
            raise Unavailable("the site put it off: the draft bore a date", platform=self.platform, code=status)
        if status != "publish":
            raise Rejected(f"the site made it '{status}' instead of publishing it", platform=self.platform, code=status)
        return published

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:  # noqa: ARG002  (not needed)
        """Look by id and by slug, also into the trash. OutcomeUnknown where somebody withdrew it on the site."""
        progress = Progress.of(stage, post)
        self._api.style = progress.style
        try:
            posts = self._found(post, progress.post_id)
            public = [one for one in posts if one.text("status") == "publish"]
            if public:
                return _published(public[0])
            withdrawn = [one for one in posts if one.text("status") == "trash" and was_public(one)]
        except Unavailable as error:
            if error.code != NOT_JSON:
                raise
            raise OutcomeUnknown(
                "the site answered with a page instead of data", platform=self.platform, status=error.status
            ) from error
        if withdrawn:
            raise OutcomeUnknown(
                "it had been public, and somebody withdrew it on the site", platform=self.platform, code="withdrawn"
            )
        return None

    def take_down(self, remote_id: str) -> None:
        """Move the post into the trash, or make it a draft where the site has none. Nothing where it is not public."""
        path = f"{POSTS}/{_number(remote_id)}"
        # looked at first: as a visitor we would be told 401 for what is already in the trash
        if self._api.get(path, context="edit").text("status") not in ("publish", "future"):
            return
        try:
            self._api.delete(path)
        except Gone as error:
            if error.code != "rest_already_trashed":
                raise
        except Unsupported:
            # the site keeps no trash, and deleting for good would destroy what may have to be shown later
            self._api.post(path, {"status": "draft"})

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return approved and held comments, oldest first; the cursor is a page number. Needs moderate_comments."""
        page = int(cursor) if cursor else 1
        if page == 1:
            self._must_be_there(remote_id)  # of a post that is gone, the list is empty and no error
        me = self._api.get(_ME, context="edit").number("id")
        listing = self._api.list(
            _COMMENTS,
            post=remote_id,
            status="all",  # approved and held; the word is not that of a comment's `status` (sheet 7.10)
            context="edit",
            orderby="date_gmt",
            order="asc",
            per_page=_COMMENTS_A_PAGE,
            page=str(page),
        )
        more = listing.pages is not None and page < listing.pages
        return Page(
            items=tuple(_comment(one, me) for one in listing.things),
            next_cursor=str(page + 1) if more else None,
        )

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer in public; a duplicate is an earlier call's reply. NotAuthorized where it waits for moderation."""
        parent = self._api.get(f"{_COMMENTS}/{_number(comment_id)}", context="edit")
        # an editor's comments are not filtered (sheet 7.18)
        content = escaped(text.strip())
        answer = {"post": parent.number("post"), "parent": parent.number("id"), "content": content}
        try:
            with visible_write():
                written = self._api.post(_COMMENTS, answer)
                return _visible_reply(written)
        except Rejected as error:
            if error.code != "comment_duplicate":
                raise
            return self._earlier_reply(parent, content, error)

    def hide(self, comment_id: str, hidden: bool) -> None:  # noqa: FBT001  (the design's own signature)
        """Hold a comment back, or approve it."""
        path = f"{_COMMENTS}/{_number(comment_id)}"
        wanted = "hold" if hidden else "approved"
        now = self._api.get(path, context="edit").text("status")
        if now == wanted or (hidden and now in ("spam", "trash")):
            return
        after = self._api.post(path, {"status": wanted}).text("status")
        if after != wanted:  # a word that the site does not know changes nothing, and is no error (sheet 3.2)
            raise Rejected(f"the comment stays '{after}'", platform=self.platform, code=after)

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the number of approved comments: WordPress itself counts nothing else."""
        self._must_be_there(remote_id)
        # approved ones only: no other status is asked for
        comments = self._api.list(_COMMENTS, post=remote_id, per_page="1").total
        return _snapshot({"comments": comments}, absent=("views",))

    def account_metrics(self) -> Snapshot:
        """Return how many posts are public and how many files the media library has."""
        posts = self._api.list(POSTS, context="edit", per_page="1").total
        media = self._api.list("/wp/v2/media", context="edit", per_page="1").total
        return _snapshot({"posts": posts, "media": media}, absent=("views", "visitors"))

    def _must_be_there(self, remote_id: str) -> None:
        """Raise Gone where the post was deleted or lies in the trash."""
        if self._api.get(f"{POSTS}/{_number(remote_id)}", context="edit").text("status") == "trash":
            raise Gone("the post is in the trash", platform=self.platform, code="trash")

    def _found(self, post: OutgoingPost, known: int | None) -> list[Thing]:
        """Return this delivery's posts; the one that we know is enough where it is public."""
        if known is None:
            return look_up(self._api, post)
        try:
            ours = self._api.get(f"{POSTS}/{known}", context="edit")
        except Gone:
            return look_up(self._api, post)
        return [ours] if ours.text("status") == "publish" else [ours, *look_up(self._api, post)]

    def _earlier_reply(self, parent: Thing, content: str, error: ConnectorError) -> Published:
        """Return the reply that made the site call this one a duplicate."""
        me = self._api.get(_ME, context="edit").number("id")
        replies = self._api.list(
            _COMMENTS,
            post=str(parent.number("post")),
            parent=str(parent.number("id")),
            author=str(me),
            status="all",
            context="edit",
            per_page="100",
        )
        for reply in replies.things:
            if reply.text("content", "raw") == content:
                return _visible_reply(reply)
        raise OutcomeUnknown(
            "the site calls the reply a duplicate, but shows no earlier one",
            platform=self.platform,
            status=error.status,
            code=error.code,
        ) from error


def _published(post: Thing) -> Published:
    return Published(remote_id=str(post.number("id")), url=post.text("link"), published_at=post.instant("date_gmt"))


def _visible_reply(comment: Thing) -> Published:
    if comment.text("status") != "approved":
        raise NotAuthorized(
            "the reply waits for moderation: our user lacks moderate_comments",
            platform=Platform.WEBSITE,
            code=comment.text("status"),
        )
    return _published(comment)


def _comment(thing: Thing, me: int) -> Comment:
    parent, author = thing.number("parent"), thing.number("author")
    return Comment(
        id=str(thing.number("id")),
        text=plain(thing.text("content", "raw")),
        created_at=thing.instant("date_gmt"),
        parent_id=str(parent) if parent else None,
        author_id=str(author) if author else "",
        author_name=thing.text("author_name"),
        own=author == me,
        hidden=thing.text("status") != "approved",
        url=thing.text("link"),
    )


def _snapshot(figures: dict[str, int | None], *, absent: tuple[str, ...]) -> Snapshot:
    return Snapshot(
        taken_at=datetime.now(UTC),
        values={name: float(value) for name, value in figures.items() if value is not None},
        missing=(*absent, *(name for name, value in figures.items() if value is None)),
    )


def _pin(home: str) -> str:
    parts = urlsplit(home)
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _number(remote_id: str) -> int:
    if not remote_id.isdecimal():
        raise Gone("no such id on a WordPress site", platform=Platform.WEBSITE)
    return int(remote_id)
