"""The connector of an Instagram professional account, through the Facebook Page that it is linked to.

Source: sheet instagram.md of 2026-11-23, its FB-Login variant; for operators docs/platforms/instagram.md.
"""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import ClassVar

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import ConnectorError, Gone, NotAuthorized, OutcomeUnknown, Rejected, Unavailable, Unsupported
from connectors.http import Door, visible_write
from connectors.instagram_errors import is_final, meaning_of, sentence_of
from connectors.instagram_feedback import Feedback
from connectors.instagram_post import LINK_PLACE, SHARE_TO_FEED, Progress
from connectors.instagram_sentences import NO_BUSINESS
from connectors.instagram_stage import SITE, Staging, code_of
from connectors.meta import API_VERSION, Answer, Graph
from connectors.meta_sentences import PAGE_TOKEN
from connectors.meta_token import examine_token
from connectors.meta_values import address_at, ident, parse_time, part_of, text_of
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import ApiVersion, Capabilities, FileLimits, Limit, Operation, Quota, Range, Repeating
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_READ_ON = date(2026, 11, 23)
_IMAGE_SIZE = Limit(8 * 1024 * 1024, "sheet section 5 [doc]: 8 MB, 8 MiB in the error's text", _READ_ON)
# how many is read live while a post is prepared (instagram_stage.py); these are for planning
LEAST_DAILY_POSTS = Quota(
    Limit(50, "sheet 2.4 [doc][code]: the reference pages and the sample answer of the live figure", _READ_ON),
    unit=_("publicaciones"),
    certain=False,
)
MOST_DAILY_POSTS = Quota(Limit(100, "sheet 2.4 [doc]: the guide", _READ_ON), unit=_("publicaciones"))
_ONE = Limit(1, "sheet section 2.3 [doc]: a reel has one video and one cover", _READ_ON)

# sheet 1: FB-Login
SCOPES = (
    "instagram_basic",
    "pages_show_list",
    "pages_read_engagement",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "instagram_manage_contents",
)


_USERNAME = re.compile(r"[A-Za-z0-9._]{1,30}")


class InstagramConnector(Connector):
    """One professional account, through the token of its Page. `account.remote_id`: the Instagram account's id."""

    platform: ClassVar[Platform] = Platform.INSTAGRAM
    capabilities: ClassVar[Capabilities] = Capabilities(
        platform=Platform.INSTAGRAM,
        # A container makes one post, and publishing it again is refused: but only [memory] says so, a finished one
        # proves nothing right after a lost answer, and one that expired is made anew. So: look, and look twice.
        repeating=Repeating.DUPLICATES,
        operations=frozenset(Operation) - {Operation.REFRESH},  # a Page's token has no end date
        text_length=Limit(2200, "sheet section 5 [doc]", _READ_ON),
        link=LINK_PLACE,
        images=FileLimits(
            types=frozenset({"image/jpeg"}),
            count=Limit(10, "sheet section 5 [doc]: 2 to 10 in a carousel", _READ_ON),
            size=_IMAGE_SIZE,
            ratio=Range(0.8, 1.91, "sheet section 5 [doc]: 4:5 to 1.91:1", _READ_ON),
            # no width: outside 320 to 1440 px the platform rescales, and refuses nothing
            alt_text_length=Limit(1000, "sheet section 5 [doc]", _READ_ON),
        ),
        videos=FileLimits(
            types=frozenset({"video/mp4", "video/quicktime"}),
            count=_ONE,
            size=Limit(300_000_000, "sheet section 5 [doc]: 300 MB; older texts say 1 GB", _READ_ON),
            ratio=Range(0.01, 10, "sheet section 5 [doc]", _READ_ON),
            width=Range(None, 1920, "sheet section 5 [doc]", _READ_ON),
            duration=Range(3, 900, "sheet section 5 [doc]: 3 s to 15 min", _READ_ON),
        ),
        thumbnail=FileLimits(types=frozenset({"image/jpeg"}), count=_ONE, size=_IMAGE_SIZE),
        text_required=False,
        media_required=True,
        hashtags=Limit(30, "sheet section 5 [doc]", _READ_ON),
        mentions=Limit(20, "sheet section 5 [doc]", _READ_ON),
        options=(SHARE_TO_FEED,),
        quotas=(LEAST_DAILY_POSTS, MOST_DAILY_POSTS),
        needs_public_media=True,
        # videos take 8 to 15 minutes to process in the field (sheet 2.1 [code])
        staging_lead=timedelta(minutes=30),
        staging_life=timedelta(hours=24),  # a container's (sheet 2.4 [doc])
    )
    api_versions: ClassVar[tuple[ApiVersion, ...]] = (API_VERSION,)
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("page_token", _("Token de acceso de la página de Facebook vinculada")),
        CredentialField("app_id", _("Identificador de la aplicación de Meta"), secret=False, required=False),
        CredentialField("app_secret", _("Clave secreta de la aplicación de Meta"), required=False),
    )

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        super().__init__(account, credentials, door, services)
        self._credentials = credentials
        self._door = door
        self._graph = Graph(
            door,
            self.platform,
            credentials.get("page_token"),
            home=account.remote_id,
            app_secret=credentials.get("app_secret"),
            meaning=meaning_of,
            sentence=sentence_of,
        )
        self._staging = Staging(self._graph, account.remote_id, services.media_host)
        self._feedback = Feedback(self._graph, account)

    def identify(self) -> Identity:
        """Return the Instagram account of the token's Page.

        Raises NotAuthorized for a person's token and for a Page without a professional account.
        """
        try:
            page = self._graph.get("me", fields="id,instagram_business_account{id}")
        except Rejected as error:
            # a person has no such field
            raise NotAuthorized(
                "this is not a Page's token",
                platform=self.platform,
                status=error.status,
                code=error.code,
                sentence=PAGE_TOKEN,
            ) from error
        if not page.get("instagram_business_account"):
            raise NotAuthorized(
                "the Page has no professional Instagram account", platform=self.platform, sentence=NO_BUSINESS
            )
        remote_id = ident(part_of(page, "instagram_business_account", "id"))
        if not remote_id:
            raise self._graph.unreadable("the Page's account has no id")
        try:
            seen = self._graph.get(remote_id, fields="id,username,name")
        except Gone as error:
            raise NotAuthorized(
                "the account is not visible to this token", platform=self.platform, code=error.code
            ) from error
        username = text_of(seen.get("username"))
        facts = examine_token(
            self._door,
            self.platform,
            self._credentials,
            page_id=ident(page.get("id")),
            linked=frozenset({remote_id}),
        )
        return Identity(
            remote_id=remote_id,
            name=text_of(seen.get("name")) or username,
            address=f"https://www.{SITE}/{username}/" if _USERNAME.fullmatch(username) else "",
            missing=facts.missing(SCOPES) if facts else (),
            expires_at=facts.expires_at if facts else None,
        )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Do one step of instagram_stage.py."""
        return self._staging.step(post, stage)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Publish the container. Where `stage` saw it public already, nothing is written.

        What a refusal means is asked of the container: one that is published was published by us, before.
        """
        progress = Progress.of(post, stage)
        if progress.media:
            return self._published(progress.media, {"permalink": progress.url})
        if not stage.ready or not progress.container:
            raise Unsupported("there is no container of this very post to publish", platform=self.platform)
        if progress.public:
            raise OutcomeUnknown("it is published, and not in the account's list yet", platform=self.platform)
        try:
            with visible_write():
                answer = self._graph.post(
                    f"{self.account.remote_id}/media_publish", {"creation_id": progress.container}
                )
                media = self._graph.id_in(answer)
        except (Rejected, Gone, Unavailable) as error:
            return self._refused(post, progress, error)
        return self._published(media, self._told(media))

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        """Ask the container, then look for the post among the account's newest media.

        A published container that is not listed yet cannot be told apart by its id: OutcomeUnknown. So is a container
        that cannot be seen and no post in the list.
        """
        progress = Progress.of(post, stage)
        state = self._state(progress)
        seen = self._staging.find(post, progress, since)
        if seen is not None:
            return self._published(self._graph.id_in(seen), seen)
        if state == "PUBLISHED":
            raise OutcomeUnknown("it is published, and not in the account's list yet", platform=self.platform)
        if not state:
            raise OutcomeUnknown("the platform shows neither the container nor the post", platform=self.platform)
        return None

    def tidy(self, stage: Stage) -> None:
        """Take away the files that are still under a public address for this stage.

        For a delivery that is over. May be repeated; raises what the media host raises.
        """
        for name in ("hosted", "left"):
            listed = stage.token.get(name)
            for one in listed if isinstance(listed, list) else ():
                token = part_of(one, "token")
                if self.services.media_host is not None and isinstance(token, dict):
                    self.services.media_host.remove(token)

    def take_down(self, remote_id: str) -> None:
        """Delete the media. A lost answer is safe to repeat: the second time it is Gone."""
        self._graph.delete(remote_id)

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return up to 50 comments, newest first (the platform knows no other order), each with its replies."""
        return self._feedback.comments(remote_id, cursor)

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer as the account. Not repeatable: a second call makes a second reply."""
        return self._feedback.reply(comment_id, text)

    def hide(self, comment_id: str, hidden: bool) -> None:  # noqa: FBT001  (the design's own signature)
        """Hide or show. Rejected where the comment is our own."""
        self._feedback.hide(comment_id, hidden=hidden)

    def metrics(self, remote_id: str) -> Snapshot:
        """Return what the media shows, and its insights; those come up to 48 h late."""
        return self._feedback.metrics(remote_id)

    def account_metrics(self) -> Snapshot:
        """Return the account's followers now, and its last 24 hours."""
        return self._feedback.account_metrics()

    def _refused(self, post: OutgoingPost, progress: Progress, error: ConnectorError) -> Published:
        """Say what a refused publication means; the first one where the container is published already."""
        if not error.code:  # nothing was sent, or nothing was said
            raise error
        try:
            state = code_of(self._staging.state(progress.container))
        except ConnectorError:
            state = ""
        if state == "PUBLISHED":
            seen = None
            with suppress(ConnectorError):
                seen = self._staging.find(post, progress, None)
            if seen is not None:
                return self._published(self._graph.id_in(seen), seen)
        if state != "PUBLISHED" and is_final(error.code):
            raise error
        raise OutcomeUnknown(
            "the platform refused, in words that do not say that the post is not public",
            platform=self.platform,
            status=error.status,
            code=error.code,
            detail=error.detail,
        ) from error

    def _state(self, progress: Progress) -> str:
        """Return the container's state, empty where it does not tell."""
        if not progress.container:
            return ""
        try:
            return code_of(self._staging.state(progress.container))
        except Gone:
            self._graph.check_home()
            return ""

    def _told(self, media: str) -> Answer:
        """Return where the new post is, if the platform tells: it is public in any case."""
        try:
            return self._graph.get(media, fields="id,permalink,shortcode,timestamp")
        except ConnectorError:
            return {}

    def _published(self, media: str, seen: Answer) -> Published:
        return Published(
            remote_id=media,
            url=address_at(seen.get("permalink"), SITE) or self.account.address,
            published_at=parse_time(seen.get("timestamp")),
        )
