"""The connector of a LinkedIn page. Source: sheet of 2026-11-23; for operators docs/platforms/linkedin.md."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar
from urllib.parse import unquote

from connectors import linkedin_sentences as say
from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import (
    ConnectorError,
    Exists,
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    Rejected,
    Unsupported,
)
from connectors.http import Door, visible_write
from connectors.linkedin_api import API_VERSION, Api, Thing, key
from connectors.linkedin_content import (
    DRAFT,
    HASHTAGS,
    LINK_PLACE,
    PUBLISH_FAILED,
    PUBLISHED,
    TITLE_LENGTH,
    address_of,
    body_of,
    is_same,
    post_urn,
)
from connectors.linkedin_errors import Duplicate, unreadable
from connectors.linkedin_feedback import Feedback, has_more
from connectors.linkedin_login import Login
from connectors.linkedin_stage import POSTS_A_PAGE, Progress, Staging, latest_posts
from connectors.linkedin_text import length
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import ApiVersion, Capabilities, FileLimits, Limit, Operation, Quota, Range, Repeating
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_READ_ON = date(2026, 11, 23)
TEXT_LENGTH = Limit(3000, "sheet section 5 [doc][code]: visible characters", _READ_ON)
IMAGES = FileLimits(
    types=frozenset({"image/jpeg", "image/png", "image/gif"}),
    count=Limit(20, "sheet sections 2.1 and 5 [doc]: 2 to 20 in a multiImage", _READ_ON),
    pixels=Limit(36_152_319, "sheet section 5 [doc]: fewer than 36,152,320", _READ_ON),
    alt_text_length=Limit(4086, "sheet section 5 [doc]", _READ_ON),
    animated=True,
)
VIDEOS = FileLimits(
    types=frozenset({"video/mp4"}),
    count=Limit(1, "sheet section 2.1 [doc]: content.media holds one", _READ_ON),
    # the narrower of two readings: one schema says 5 GB
    size=Limit(500_000_000, "sheet section 5 [doc]: 500 MB", _READ_ON),
    least_size=Limit(76_800, "sheet section 5 [doc]: 75 KB", _READ_ON),
    duration=Range(3, 30 * 60, "sheet section 5 [doc]: 3 s to 30 min", _READ_ON),
    alt_text_length=Limit(4086, "sheet section 5 [doc]", _READ_ON),
)
THUMBNAIL = FileLimits(
    types=frozenset({"image/jpeg", "image/png"}),
    count=Limit(1, "sheet sections 2.1 and 2.4 [doc]: one of a card or a video", _READ_ON),
    pixels=IMAGES.pixels,
)

# sheet 1.5. Comments have scopes of their own in newer applications, and both pairs do
# four calls without files; three more a file: begun, sent, looked at (linkedin_upload.py)
DAILY_CALLS = Quota(
    Limit(
        100,
        "sheet section 5 [doc]: a member's a day in the development tier; the standard tier's is not told",
        _READ_ON,
    ),
    unit=_("llamadas"),
    zone="UTC",
    cost=lambda load: 4 + 3 * (load.files + load.thumbnails + load.captions),
    certain=False,
)
SCOPES = (
    ("w_organization_social",),
    ("r_organization_social",),
    ("rw_organization_admin", "r_organization_admin"),
)
# statistics are the administrator's only (sheet 1.5 [doc])
ADMINISTRATOR = "ADMINISTRATOR"

_SKEW = timedelta(minutes=2)  # between the platform's clock and ours
_LISTS_READ = 10


class LinkedInConnector(Connector):
    """One organization page, through the token of a member who administers it."""

    platform: ClassVar[Platform] = Platform.LINKEDIN
    capabilities: ClassVar[Capabilities] = Capabilities(
        platform=Platform.LINKEDIN,
        # for about ten minutes, naming the first post (sheet 3.2 [code]); later it would make another
        repeating=Repeating.REFUSED,
        operations=frozenset(Operation) - {Operation.HIDE},  # comments can be deleted there, not hidden
        text_length=TEXT_LENGTH,
        title_length=TITLE_LENGTH,
        link=LINK_PLACE,
        images=IMAGES,
        videos=VIDEOS,
        thumbnail=THUMBNAIL,
        measure=length,
        text_unit="caracteres visibles",
        options=(HASHTAGS,),
        quotas=(DAILY_CALLS,),
        staging_lead=timedelta(minutes=15),
        staging_life=None,  # the sheet names no end; what is gone is noticed and uploaded again
    )
    api_versions: ClassVar[tuple[ApiVersion, ...]] = (API_VERSION,)
    renew_before: ClassVar[timedelta] = timedelta(days=7)  # of sixty
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("access_token", _("Token de acceso (dura 60 días)")),
        CredentialField("refresh_token", _("Token de renovación (dura un año)"), required=False),
        CredentialField("client_id", _("Identificador de la aplicación (client ID)"), secret=False, required=False),
        CredentialField("client_secret", _("Clave secreta de la aplicación (client secret)"), required=False),
    )

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        super().__init__(account, credentials, door, services)
        number = account.remote_id.rpartition(":")[2]
        if not (number.isascii() and number.isdecimal()):
            raise Misconfigured("a LinkedIn page is known by its number, such as 101202303")
        self._page = f"urn:li:organization:{number}"
        self._api = Api(door, credentials)
        self._login = Login(door, credentials)
        self._staging = Staging(self._api, self._page)
        self._feedback = Feedback(self._api, self._page)

    def identify(self) -> Identity:
        """Return the page. NotAuthorized where the member has no role on it: the token speaks for no page by itself.

        With the application's id and secret also the scopes that are missing, and when the token ends.
        """
        roles = self._roles().get(self._page)
        if not roles:
            raise NotAuthorized("the member has no role on the page", platform=self.platform, sentence=say.NO_ROLE)
        missing = () if ADMINISTRATOR in roles else (ADMINISTRATOR,)
        expires_at = None
        if self._login.is_possible:
            facts = self._login.examine()
            missing = (*(names[0] for names in SCOPES if not facts.scopes & set(names)), *missing)
            expires_at = facts.expires_at
        name, address = self._named(self._page.rpartition(":")[2])
        return Identity(
            remote_id=self.account.remote_id, name=name, address=address, missing=missing, expires_at=expires_at
        )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Do one step of linkedin_stage.py."""
        return self._staging.step(post, stage)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Create the post, and look at it once: a 201 does not say that it is visible (sheet trap 14).

        Published only where the platform says so. Exists where it took the post and does not show it yet, or does not
        let it be read; Rejected where it took it and could not show it.
        """
        progress = Progress.of(post, stage)
        if not progress.is_complete(post):
            raise Unsupported("this very post is not prepared", platform=self.platform, sentence=say.OUR_MISTAKE)
        try:
            with visible_write():
                created = self._api.create("posts", body_of(post, self._page, progress.urns))
                urn = post_urn(unquote(created.id))
                if not urn:
                    raise unreadable("name of the post")
        except Duplicate as refusal:
            return self._first(post, progress, refusal)
        return self._shown(self._taken(urn), urn)

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        """Look for the post in the page's list, which tells its author of posts that nobody sees yet as well.

        One that was taken and is not visible yet is Exists; one that failed to appear is not public. A new post may
        be missing for seconds (sheet 3.2), which is why the caller looks twice where repeating is not harmless; and
        if it still repeats, the duplicate refusal names the first.
        """
        progress = Progress.of(post, stage)
        unsure: Thing | None = None
        for seen in self._listed(since - _SKEW):
            if seen.text("id") in (progress.earlier or ()) or not self._is_ours(seen, post, progress):
                continue
            state = seen.text("lifecycleState")
            if state == PUBLISHED:
                return self._shown(seen, seen.text("id"))
            if state not in (PUBLISH_FAILED, DRAFT):  # a draft is somebody's who writes the same: we make none
                unsure = unsure or seen
        if unsure is None:
            return None
        urn = unsure.text("id")
        seen = self._taken(urn)
        return None if seen.text("lifecycleState") == PUBLISH_FAILED else self._shown(seen, urn)

    def take_down(self, remote_id: str) -> None:
        """Delete the post. The platform says yes as well where it is gone already (sheet 2.6)."""
        self._api.delete(f"posts/{key(remote_id)}")

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return up to 50 comments with their replies. The authors are opaque ids: the platform tells no names.

        `resume_cursor` is always None: the platform has no order to begin in, so every pull reads all of them.
        """
        return self._feedback.comments(remote_id, cursor)

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer as the page. Not repeatable: a second call makes a second reply."""
        return self._feedback.reply(comment_id, text)

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the post's figures by the platform's names. What its statistics leave out is 0 there (trap 11)."""
        return self._feedback.post_figures(remote_id)

    def account_metrics(self) -> Snapshot:
        """Return the page's figures and followers."""
        return self._feedback.page_figures()

    def refresh(self) -> Credentials | None:
        """Return a new access token for 60 days; None where the application was given no refresh token.

        The year from the person's consent goes on running: after it the host's refusal is NotAuthorized.
        """
        return self._login.renewed()

    def _first(self, post: OutgoingPost, progress: Progress, refusal: Duplicate) -> Published:
        """Return the post that made the platform call ours a duplicate, where it is ours: then this is a repetition.

        Rejected where it said the same before ours was prepared. Where it cannot be read, or says something else,
        nobody knows, and a person looks.
        """
        if refusal.urn in (progress.earlier or ()):
            raise refusal
        seen = self._taken(refusal.urn)
        if seen.text("id") in (progress.earlier or ()):
            raise refusal
        if not self._is_ours(seen, post, progress):
            raise Exists(
                f"the platform names {refusal.urn} as the first, which reads otherwise",
                platform=self.platform,
                code=refusal.code,
                sentence=say.HAS_IT,
            )
        # of the URNs that name one post, the one that comments and figures are asked with (trap 13)
        return self._shown(seen, post_urn(seen.text("id")) or refusal.urn)

    def _is_ours(self, seen: Thing, post: OutgoingPost, progress: Progress) -> bool:
        return is_same(seen, post, self._page, progress.urns)

    def _taken(self, urn: str) -> Thing:
        """Read a post that the platform says it has, as its author. Exists where it cannot be read."""
        try:
            return self._api.get(f"posts/{key(urn)}", "viewContext=AUTHOR")
        except ConnectorError as error:
            raise Exists(
                f"the platform has {urn}, which cannot be read",
                platform=self.platform,
                status=error.status,
                code=error.code,
                detail=error.detail,
                sentence=say.NOT_SHOWN_YET,
            ) from error

    def _shown(self, seen: Thing, urn: str) -> Published:
        """Return a post that the platform has as published, where it says that it is visible."""
        state = seen.text("lifecycleState")
        if state == PUBLISH_FAILED:
            raise Rejected(
                "the platform took the post and could not show it",
                platform=self.platform,
                code=state,
                sentence=say.NEVER_SHOWN,
            )
        if state != PUBLISHED:
            raise Exists(
                "the post is taken and not visible yet",
                platform=self.platform,
                code=state or "no lifecycleState",
                sentence=say.NOT_SHOWN_YET,
            )
        at = seen.instant("publishedAt") or seen.instant("createdAt")
        return Published(remote_id=urn, url=address_of(urn), published_at=at)

    def _listed(self, after: datetime) -> Iterator[Thing]:
        """Yield the page's posts since then. OutcomeUnknown where there are more than anybody reads."""
        start = 0
        for _page in range(_LISTS_READ):
            answer = latest_posts(self._api, self._page, start)
            elements = answer.things("elements")
            recent = [seen for seen in elements if (seen.instant("createdAt") or after) >= after]
            yield from recent
            if len(recent) < len(elements) or not has_more(answer, POSTS_A_PAGE):
                return
            start += len(elements)
        raise OutcomeUnknown("the list is too long to be sure", platform=self.platform)

    def _roles(self) -> dict[str, set[str]]:
        """Return the member's roles by page."""
        found: dict[str, set[str]] = {}
        start = 0
        for _page in range(_LISTS_READ):
            answer = self._api.get("organizationAcls", f"q=roleAssignee&state=APPROVED&start={start}&count=100")
            elements = answer.things("elements")
            for seen in elements:
                # older versions call it organizationTarget (sheet 1.5)
                page = seen.text("organization") or seen.text("organizationTarget")
                if page and seen.text("state") in ("", "APPROVED"):
                    found.setdefault(page, set()).add(seen.text("role"))
            if not has_more(answer, 100):
                break
            start += len(elements)
        return found

    def _named(self, number: str) -> tuple[str, str]:
        """Return the page's name and address, where the member's role lets them be read."""
        try:
            seen = self._api.get(f"organizations/{number}")
        except (Gone, NotAuthorized) as error:
            if error.status == 401:
                raise
            return f"LinkedIn {number}", f"https://www.linkedin.com/company/{number}"
        vanity = seen.text("vanityName") or number
        return seen.text("localizedName") or f"LinkedIn {number}", f"https://www.linkedin.com/company/{vanity}"
