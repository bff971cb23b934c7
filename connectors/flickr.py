"""The connector of a Flickr account. Source: sheet of 2026-11-23; for operators docs/platforms/flickr.md."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import Gone, OutcomeUnknown, Unsupported
from connectors.flickr_api import FlickrApi, Keys, content_of, inside
from connectors.flickr_comments import Comments
from connectors.flickr_figures import Figures
from connectors.flickr_photos import Photo, Photos, page_of
from connectors.flickr_stage import OPTIONS, Progress, Staging
from connectors.flickr_text import LINK_PLACE, TITLE_LENGTH, mark, size_of
from connectors.http import Door, visible_write
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import Capabilities, FileLimits, Limit, Operation, Range, Repeating
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_READ_ON = date(2026, 11, 23)
DESCRIPTION_LENGTH = Limit(63_000, "sheet section 5 [memory]: about 63 000 bytes", _READ_ON, remembered=True)
TITLE = Limit(TITLE_LENGTH, "sheet section 5 [memory]: 255", _READ_ON, remembered=True)
# the account's own limits are asked for while staging (people.getLimits [doc])
PHOTO_SIZE = Limit(200_000_000, "sheet section 5 [memory]: 200 MB", _READ_ON, remembered=True)
VIDEO_SIZE = Limit(1_000_000_000, "sheet section 5 [memory]: 1 GB", _READ_ON, remembered=True)
VIDEO_DURATION = Range(None, 600, "sheet section 5 [doc]: 10 min for Pro accounts, 3 min for free ones", _READ_ON)
ITEMS = Limit(20, "ours: each is an item of its own, shown one after another", _READ_ON)

# sheet 1.2 [doc]: each right includes the former; ours needs no more than the second
_RIGHTS = ("read", "write", "delete")
_NEEDED = "write"


class FlickrConnector(Connector):
    """The photos and videos of one account."""

    platform: ClassVar[Platform] = Platform.FLICKR
    capabilities: ClassVar[Capabilities] = Capabilities(
        platform=Platform.FLICKR,
        # setPerms on a public photo changes nothing (sheet 2.3 [doc])
        repeating=Repeating.HARMLESS,
        # nothing is hidden there, only deleted for good (sheet 3.3); tokens have no end (sheet 1.2)
        operations=frozenset(Operation) - {Operation.HIDE, Operation.REFRESH},
        text_length=DESCRIPTION_LENGTH,
        measure=size_of,
        text_unit="bytes",
        title_length=TITLE,
        link=LINK_PLACE,
        images=FileLimits(
            # others are turned into JPEG, or it is unclear (sheet section 5)
            types=frozenset({"image/jpeg", "image/png", "image/gif", "image/tiff"}),
            count=ITEMS,
            size=PHOTO_SIZE,
        ),
        videos=FileLimits(
            types=frozenset({"video/mp4", "video/quicktime"}), count=ITEMS, size=VIDEO_SIZE, duration=VIDEO_DURATION
        ),
        images_with_video=True,
        media_required=True,
        options=OPTIONS,
        staging_lead=timedelta(minutes=30),
        staging_life=None,
    )
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("api_key", _("Clave de la aplicación de Flickr (API key)"), secret=False),
        CredentialField("api_secret", _("Secreto de la aplicación de Flickr")),
        CredentialField("oauth_token", _("Token de acceso de la cuenta")),
        CredentialField("oauth_token_secret", _("Secreto del token de acceso")),
    )

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        super().__init__(account, credentials, door, services)
        keys = Keys(
            api_key=credentials.get("api_key"),
            api_secret=credentials.get("api_secret"),
            token=credentials.get("oauth_token"),
            token_secret=credentials.get("oauth_token_secret"),
        )
        self._nsid = account.remote_id
        self._api = FlickrApi(door, keys)
        self._photos = Photos(self._api, self._nsid)
        self._staging = Staging(self._api, self._photos, self._nsid)
        self._comments = Comments(self._api, self._nsid)
        self._figures = Figures(self._api, self._nsid)

    def identify(self) -> Identity:
        """Return the token's account by its NSID, and whether it may write."""
        # checkToken examines the token and not who sends it: that the secret is right shows here
        user = inside(self._api.get("flickr.test.login"), "user")
        nsid = content_of(inside(user, "id"))
        if not nsid:
            raise self._api.unreadable("the platform did not tell whose token this is")
        granted = content_of(inside(self._api.examine_token(), "oauth", "perms"))
        may_write = granted in _RIGHTS[_RIGHTS.index(_NEEDED) :]
        return Identity(
            remote_id=nsid,
            name=content_of(inside(user, "username")) or nsid,
            address=f"https://www.flickr.com/photos/{nsid}/",
            missing=() if may_write else (_NEEDED,),
        )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Do one step of flickr_stage.py."""
        return self._staging.step(post, stage)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Make the next part public; `rest` while there are more.

        A part that vanished raises OutcomeUnknown: `stage` has just seen it, so somebody removed it since, and if this
        is a repetition it may have been public before.
        """
        progress = Progress.of(post, stage)
        if not stage.ready or not progress.is_complete(post) or progress.shown >= len(progress.photos):
            raise Unsupported("publish needs a ready stage of this very post", platform=self.platform)
        with visible_write():
            try:
                self._set_public(progress.photos[progress.shown], "1")
            except Gone as error:
                raise _vanished(error) from error
        return self._published(post, progress)

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:  # noqa: ARG002  (not needed)
        """Read the part that comes next by its id, which settles it; without one, look for its machine tag.

        A part that is gone tells nothing: it may have been public until somebody removed it. Absence from the list
        tells nothing either, since lists lag behind (sheet 3.2 [memory]).
        """
        progress = Progress.of(post, stage)
        if progress.shown >= len(progress.photos):
            raise Unsupported("all parts of this post are out", platform=self.platform)
        photo_id = progress.photos[progress.shown]
        if not photo_id:
            return self._find_marked(post, progress)
        try:
            seen = self._photos.read(photo_id)
        except Gone as error:
            raise _vanished(error) from error
        if seen.is_public is None:
            raise OutcomeUnknown("the platform did not tell whether the photo is public", platform=self.platform)
        if not seen.is_public:
            return None
        return self._published(post, replace(progress, url=seen.url) if progress.shown == 0 else progress)

    def take_down(self, remote_id: str) -> None:
        """Make all parts private, which can be undone; nothing where they are so already."""
        first = self._photos.read(remote_id)
        for photo_id in self._photos.family(first):
            is_first = photo_id == first.id
            try:
                seen = first if is_first else self._photos.read(photo_id)
                if seen.is_public is not False:
                    self._set_public(photo_id, "0")
            except Gone:
                if is_first:
                    raise

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return the comments under one part, oldest first; the next page is the next part's."""
        if cursor:
            photo_id, *others = cursor.split(",")
        else:
            photo_id, *others = self._photos.family(self._public(remote_id))
        try:
            items = self._comments.under(photo_id)
        except Gone:
            if not cursor:
                raise
            items = ()  # this part was removed by hand; the others go on
        return Page(items=items, next_cursor=",".join(others) or None)

    def reply(self, comment_id: str, text: str) -> Published:
        """Write a comment that begins with a mention of the author (connectors/flickr_comments.py)."""
        return self._comments.reply(comment_id, text)

    def metrics(self, remote_id: str) -> Snapshot:
        """Return views, comments and favourites: of the whole life, and of the last whole day where Flickr has them."""
        first = self._public(remote_id)
        parts = [first]
        for photo_id in self._photos.family(first)[1:]:
            try:
                parts.append(self._photos.read(photo_id))
            except Gone:
                continue  # what is not there any more counts for nothing
        return self._figures.of_photos(parts)

    def account_metrics(self) -> Snapshot:
        """Return how much there is, and how often it was seen where the account has statistics."""
        return self._figures.of_account()

    def _set_public(self, photo_id: str, value: str) -> None:
        self._api.post("flickr.photos.setPerms", photo_id=photo_id, is_public=value, is_friend="0", is_family="0")

    def _public(self, remote_id: str) -> Photo:
        """Read a post's first part. Gone where the public does not see it any more."""
        seen = self._photos.read(remote_id)
        if seen.is_public is False:
            raise Gone("the photo is not public any more", platform=self.platform)
        return seen

    def _find_marked(self, post: OutgoingPost, progress: Progress) -> Published | None:
        tag = mark(post.key, progress.shown + 1)
        found = self._photos.marked(tag, since=progress.since).get(tag)
        if found is None or found.is_public is None:
            raise OutcomeUnknown("the list, which lags behind, does not have the photo", platform=self.platform)
        if not found.is_public:
            return None
        known = (*progress.photos[: progress.shown], found.id, *progress.photos[progress.shown + 1 :])
        return self._published(post, replace(progress, photos=known))

    def _published(self, post: OutgoingPost, progress: Progress) -> Published:
        after = replace(progress, shown=progress.shown + 1)
        first = progress.photos[0]
        return Published(
            remote_id=first,
            url=progress.url or page_of(self._nsid, first),
            rest=after.stage(ready=after.is_complete(post)) if after.shown < len(after.photos) else None,
        )


def _vanished(error: Gone) -> OutcomeUnknown:
    return OutcomeUnknown(
        "the photo is not there any more", platform=Platform.FLICKR, status=error.status, code=error.code
    )
