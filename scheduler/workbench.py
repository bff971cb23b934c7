"""What every step of a delivery works with, and how a step puts its result into the ledger."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Protocol

import structlog

from connectors.base import Connector
from connectors.errors import ConnectorError, TokenRefused
from core.accounts import Account, AccountState
from core.deliveries import Delivery, DeliveryState, Published
from core.errors import StorageError
from core.events import SYSTEM, Event
from core.findings import TextRuleSet
from core.images import RuleSet
from core.permalink import SitePost
from core.posts import OutgoingPost
from core.stops import Scope, Stop
from core.texts import _
from policy.gate import Facts
from policy.reasons import Reason, joined
from scheduler.clock import SYSTEM_CLOCK, Clock
from scheduler.facts import damaged, gather, outgoing, site_of
from scheduler.retry import Patience
from storage.database import Database
from storage.deliveries import LostLease
from storage.media import MediaStore
from storage.transaction import Transaction

log = structlog.get_logger()

PART = "part"  # the outcome of a write after which more is to come
# a token refused again so soon after it was renewed is no matter of age: a person must look
_RENEWED_LATELY = timedelta(minutes=10)


class Renew(Protocol):
    """Renews the credentials of an account where they end soon, or where the platform `refused` them."""

    def __call__(self, account: Account, *, refused: bool = False) -> Connector | None:
        """Return it opened with new ones, None where there are none. Raises what the platform answered."""


def _keep(account: Account, *, refused: bool = False) -> Connector | None:
    del account, refused
    return None


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a claim holds (`lease`) and how long one call to a platform may last at the most (`call`)."""

    lease: timedelta = timedelta(seconds=180)
    call: timedelta = timedelta(seconds=75)
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        if self.lease <= self.call:
            raise ValueError("a lease must outlive a call")


@dataclass(frozen=True, slots=True)
class Progress:
    """One line for whoever watches: what became of which delivery."""

    delivery: Delivery
    before: DeliveryState


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed delivery with all that its steps need, read once."""

    delivery: Delivery
    account: Account
    post: OutgoingPost
    connector: Connector
    damaged_media: tuple[str, ...]
    site: SitePost | None = None


@dataclass(frozen=True, slots=True)
class Workbench:
    """What every step works with. `connect` opens an account; `stopping` tells that the process wants to end."""

    database: Database
    media: MediaStore
    connect: Callable[[Account], Connector]
    worker: str
    rules: Callable[[date], RuleSet]
    words: Callable[[date], TextRuleSet]
    timing: Timing = field(default_factory=Timing)
    stopping: Callable[[], bool] = lambda: False
    report: Callable[[Progress], None] = lambda _progress: None
    renew: Renew = _keep
    clock: Clock = SYSTEM_CLOCK

    def renewed(self, work: Work) -> Work:
        """Return the work with a connection that holds. Raises ConnectorError."""
        connector = self.renew(work.account)
        return work if connector is None else replace(work, connector=connector)

    def renew_refused(self, work: Work, refusal: TokenRefused) -> ConnectorError | None:
        """Renew what the platform does not take any more; return what stands in the way, None when it is done."""
        with self.database.read() as transaction:
            since = transaction.now - _RENEWED_LATELY
            attempts = transaction.deliveries.attempts(work.delivery.id)
        if any(a.outcome == TokenRefused.__name__ and (a.finished_at or a.started_at) > since for a in attempts):
            return refusal
        try:
            renewed = self.renew(work.account, refused=True)
        except ConnectorError as error:
            return error
        return refusal if renewed is None else None

    def read(self, delivery: Delivery) -> Work:
        """Read all that the steps need; the files are hashed here, outside any transaction that writes."""
        with self.database.read() as transaction:
            account = transaction.accounts.get(delivery.account_id)
            revision = transaction.posts.revision(delivery.revision_id)
            site = site_of(transaction, delivery)
        post = outgoing(revision, delivery, self.media, account=account, site=site)
        return Work(
            delivery=delivery,
            account=account,
            post=post,
            connector=self.connect(account),
            damaged_media=damaged(post.files, self.media),
            site=site,
        )

    def look_again(self, work: Work) -> Work:
        """Hash the files anew: what lies on a disk may have been changed since it was read."""
        return replace(work, damaged_media=damaged(work.post.files, self.media))

    def gather(self, transaction: Transaction, work: Work, identity: str | None = None) -> Facts:
        """Return the gate's facts as of now."""
        return gather(
            transaction,
            work.delivery,
            work.post,
            capabilities=work.connector.capabilities,
            damaged_media=work.damaged_media,
            identity=identity,
            rules=self.rules,
            words=self.words,
        )

    def move(
        self,
        transaction: Transaction,
        delivery: Delivery,
        state: DeliveryState,
        *,
        due_at: datetime | None,
        keep_lease: bool = False,
        reason: str = "",
        digest: str = "",
        published: Published | None = None,
        tries: int | None = None,
        looks: int | None = None,
        data: Mapping[str, str] = MappingProxyType({}),
    ) -> Delivery:
        """Put the delivery into a state, and leave an event where that is a transition. Raises LostLease.

        `data`: what the event says besides.
        Of one that the public sees a part of, no failure may say that it did not go out: a person decides.
        """
        if delivery.is_begun and state in (DeliveryState.FAILED, DeliveryState.MISSED):
            state, due_at = DeliveryState.HELD, None
            reason = _("Ya se ve una parte ({url}) y el resto no salió. {reason}").format(
                url=delivery.url, reason=reason
            )
        moved = transaction.deliveries.move(
            delivery,
            state,
            due_at=due_at,
            keep_lease_until=transaction.now + self.timing.lease if keep_lease else None,
            reason=reason,
            published=published,
            tries=tries,
            looks=looks,
        )
        if state is not delivery.state:
            known = {"post": str(delivery.post_id), "account": str(delivery.account_id), "worker": self.worker}
            if published is not None:
                known |= {"remote_id": published.remote_id, "url": published.url}
            transaction.tell(
                Event(
                    at=transaction.now,
                    actor=SYSTEM,
                    role="worker",
                    action=f"delivery.{state}",
                    subject=f"delivery:{delivery.id}",
                    before=delivery.state,
                    after=state,
                    digest=digest,
                    reason=reason,
                    data=known | dict(data),
                )
            )
        return moved

    def hold(
        self, transaction: Transaction, delivery: Delivery, reasons: Sequence[Reason], stops: Sequence[Stop]
    ) -> Delivery:
        """Hold what the gate refused; the event says which of these stops, if any, hold it. Raises LostLease."""
        account = transaction.accounts.get(delivery.account_id)
        return self.move(
            transaction,
            delivery,
            DeliveryState.HELD,
            due_at=None,
            reason=joined(reasons),
            data=held_by(*(stop for stop in stops if account in stop.scope)),
        )

    def published(
        self, transaction: Transaction, delivery: Delivery, published: Published, *, digest: str = ""
    ) -> Delivery:
        """Note what the public sees now; where that is only a part, the next one takes the ordinary way at once."""
        if published.rest is None:
            return self.move(
                transaction, delivery, DeliveryState.PUBLISHED, due_at=None, published=published, digest=digest
            )
        transaction.deliveries.keep_stage(delivery, published.rest, lease_until=transaction.now + self.timing.lease)
        return self.move(
            transaction,
            delivery,
            DeliveryState.SCHEDULED,
            due_at=transaction.now,
            published=published,
            digest=digest,
            tries=0,
            looks=0,
        )

    def pause_account(self, transaction: Transaction, account: Account, reason: str) -> Stop:
        """Stop using an account whose connection is gone, until a person mends it; return the stop that does it."""
        open_already = [stop for stop in transaction.stops.opened() if stop.scope.account_id == account.id]
        if open_already:
            return open_already[-1]
        stop = transaction.stops.open(Scope(account_id=account.id), reason=reason, by=SYSTEM, now=transaction.now)
        transaction.tell(
            Event(
                at=transaction.now,
                actor=SYSTEM,
                role="worker",
                action="account.paused",
                subject=f"account:{account.id}",
                before=AccountState.ACTIVE,
                after=AccountState.PAUSED,
                reason=reason,
                data={"stop": str(stop.id)},
            )
        )
        return stop

    def heartbeat(self, delivery: Delivery) -> AbstractContextManager[None]:
        """Lengthen the lease again and again while a long call (the upload of a film) runs.

        Where somebody else has the delivery by then, the next commit under its fence says so.
        """

        def beat() -> bool:
            try:
                with self.database.write() as transaction:
                    transaction.deliveries.extend(delivery, until=transaction.now + self.timing.lease)
            except LostLease:
                return False
            except StorageError as error:
                log.warning("heartbeat_missed", delivery=delivery.id, error=error.diagnostic or error.sentence)
            return True

        return self.clock.meanwhile(self.timing.lease / 3, beat, name=f"heartbeat-{delivery.id}")

    def may_still_write(self, claimed: float) -> bool:
        """Tell whether the lease taken at `claimed` (monotonic seconds) outlives one more call.

        A process that was frozen and wakes finds that it does not, and leaves the write to its successor.
        """
        return self.clock.monotonic() - claimed + self.timing.call.total_seconds() < self.timing.lease.total_seconds()


def held_by(*stops: Stop) -> dict[str, str]:
    """Return what the event of a held delivery says of the stops that hold it."""
    return {"stops": ",".join(str(stop.id) for stop in stops)} if stops else {}


def outcome_of(published: Published) -> str:
    """Return what an attempt is noted with: all of it is out, or a part."""
    return "published" if published.rest is None else PART
