"""The interface of a connector: what a platform must be able to do for Vocero, and what it promises."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NoReturn

from connectors.errors import Misconfigured, Unsupported
from connectors.http import Door
from connectors.media_hosts import MediaHost
from connectors.read_budget import ReadBudget, Unlimited
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import ApiVersion, Capabilities, Operation
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost


@dataclass(frozen=True, slots=True)
class Services:
    """What the office lends a connector beyond the door.

    `media_host`: gives files a public address, for platforms that fetch them (`capabilities.needs_public_media`).
    `read_budget`: counts what is read where reading is paid for (`capabilities.reads_cost`).
    """

    media_host: MediaHost | None = None
    read_budget: ReadBudget = Unlimited()  # noqa: RUF009  (it keeps nothing)


NO_SERVICES = Services()


class Connector(ABC):
    """One official account on one platform.

    Keeps nothing between calls; never sleeps, retries or touches the database. Everything slow or repeatable happens
    in `stage`; `publish` is one visible write. Every failure is one of `connectors.errors`; nothing else escapes.
    """

    platform: ClassVar[Platform]
    capabilities: ClassVar[Capabilities]
    credential_fields: ClassVar[tuple[CredentialField, ...]]
    api_versions: ClassVar[tuple[ApiVersion, ...]] = ()
    renew_before: ClassVar[timedelta] = timedelta(minutes=10)  # so long before their end credentials are renewed

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        """Open the account. Raises Misconfigured where a required credential is missing; calls nobody."""
        lacking = [f.name for f in self.credential_fields if f.required and not credentials.get(f.name)]
        if lacking:
            raise Misconfigured(f"{account.platform} needs {', '.join(lacking)}")
        self.account = account
        self.services = services

    @abstractmethod
    def identify(self) -> Identity:
        """Return whose token this really is; policy compares it with the official register."""

    @abstractmethod
    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Prepare all that nobody can see: uploads, containers, hidden drafts.

        Called again with its own last answer until `ready`. One call does one step (a file, a chunk, a look at the
        processing), so that little is lost when the process dies; the caller stores the answer each time. Called with
        a ready stage it checks that what was prepared is still there and unseen, and prepares anew what is gone.
        """

    @abstractmethod
    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Make the one visible write.

        A lost answer raises OutcomeUnknown; `capabilities.repeating` says what a second call would do. A post that
        needs several (a thread) makes one a call, and answers with `rest`; the caller stores it before the next.
        """

    @abstractmethod
    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        """Look whether the post is public. None: it certainly is not.

        Raises OutcomeUnknown where the platform cannot tell, Unavailable where it did not answer. Of a thread it looks
        for the part that `stage` says is next: found, it answers as `publish` would have; else None.
        """

    def tidy(self, stage: Stage) -> None:  # noqa: B027  (most leave nothing behind)
        """Take away what `stage` left elsewhere, once the delivery is over and nobody needs it. May be repeated."""

    def take_down(self, remote_id: str) -> None:
        """Take a published post from public view. Gone where it is not there any more."""
        self._unsupported(Operation.TAKE_DOWN)

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return one page of the post's comments and replies, oldest first where the platform can.

        `cursor`: the `next_cursor` of the page before, or the `resume_cursor` that an earlier pull ended with.
        """
        self._unsupported(Operation.COMMENTS)

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer a comment, in public: a visible write, as `publish`."""
        self._unsupported(Operation.REPLY)

    def hide(self, comment_id: str, hidden: bool) -> None:  # noqa: FBT001  (the design's own signature)
        """Hide a comment from the public, or show it again."""
        self._unsupported(Operation.HIDE)

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the post's figures now. Absent is absent, never 0."""
        self._unsupported(Operation.METRICS)

    def account_metrics(self) -> Snapshot:
        """Return the account's figures now. Absent is absent, never 0."""
        self._unsupported(Operation.ACCOUNT_METRICS)

    def refresh(self) -> Credentials | None:
        """Return renewed credentials, or None where they cannot be renewed (no refresh token was given).

        Whether it is time is the caller's to know (`renew_before`, or a TokenRefused). The caller stores them before
        anything uses them, and lets nobody else renew at the same time. NotAuthorized only where the platform says
        that a person must connect again; a lost answer is OutcomeUnknown where the old ones may be dead now (they
        rotate), else Unavailable.
        """
        self._unsupported(Operation.REFRESH)

    def _unsupported(self, operation: Operation) -> NoReturn:
        raise Unsupported(f"{self.platform} cannot {operation}", platform=self.platform)
