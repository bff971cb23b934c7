"""Credentials that end: renewed in time, by one process at a time, and kept before anybody uses them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from connectors.base import Connector
from connectors.errors import ConnectorError, Unavailable
from core.accounts import Account, Credentials
from core.capabilities import Operation
from core.events import SYSTEM, Event
from scheduler.clock import SYSTEM_CLOCK, Clock
from storage.database import Database
from storage.sealing import Seal

log = structlog.get_logger()

_GLANCE = timedelta(seconds=0.2)  # between looks at a renewal that somebody else has in hand


@dataclass(frozen=True, slots=True)
class Renewer:
    """Renews what opens an account, by the clock or since the platform refused it.

    `call`: how long a renewal may last at the most.
    """

    database: Database
    seal: Seal
    open: Callable[[Account, Credentials], Connector]
    call: timedelta
    clock: Clock = SYSTEM_CLOCK

    def renew(self, account: Account, *, refused: bool = False) -> Connector | None:
        """Return the account opened with new credentials where its own end soon, or were refused; else None.

        A platform that cannot renew them, or will not, is no trouble for this work while the old ones hold. Raises
        ConnectorError when they do not: NotAuthorized only by the platform's own word.
        """
        if account.credentials_expire_at is None and not refused:
            return None  # as it was read a moment ago, with the post: most never end, and need no second look
        with self.database.read() as transaction:
            now = transaction.now
            ends_at = transaction.accounts.get(account.id).credentials_expire_at
            if ends_at is None and not refused:
                return None
            sealed = transaction.accounts.sealed_credentials(account.id)
        connector = self.open(account, self.seal.open(sealed))
        if Operation.REFRESH not in connector.capabilities.operations:
            return None
        if refused or ends_at is None:
            return self._renew(account, sealed)
        if ends_at - now > connector.renew_before:
            return None if ends_at == account.credentials_expire_at else connector
        try:
            return self._renew(account, sealed)
        except ConnectorError as error:
            log.warning("credentials_not_renewed", account=account.id, error=str(error))
            if now < ends_at:
                return None
            raise

    def _renew(self, account: Account, seen: bytes) -> Connector | None:
        """Renew under a claim. `seen`: the sealed credentials that were found too old."""
        with self.database.write() as transaction:
            until = transaction.now + self.call * 2
            mine = transaction.accounts.begin_renewal(account.id, until=until, now=transaction.now)
        if not mine:
            return self._of_another(account)
        renewed = None
        try:
            # between our look and our turn somebody may have done it: only what is stored now may be used up
            with self.database.read() as transaction:
                sealed = transaction.accounts.sealed_credentials(account.id)
            connector = self.open(account, self.seal.open(sealed))
            if sealed != seen:
                return connector
            renewed = connector.refresh()
        finally:
            self._end(account, until, renewed)
        return None if renewed is None else self.open(account, renewed)

    def _of_another(self, account: Account) -> Connector:
        """Wait for whoever renews it, and open what that brought."""
        gives_up_at = self.clock.monotonic() + self.call.total_seconds()
        while self.clock.monotonic() < gives_up_at:
            self.clock.sleep(_GLANCE)
            with self.database.read() as transaction:
                if not transaction.accounts.is_renewing(account.id, now=transaction.now):
                    return self.open(account, self.seal.open(transaction.accounts.sealed_credentials(account.id)))
        raise Unavailable("another process is renewing the credentials", platform=account.platform)

    def _end(self, account: Account, until: datetime, renewed: Credentials | None) -> None:
        with self.database.write() as transaction:
            transaction.accounts.end_renewal(
                account.id,
                until=until,
                sealed_credentials=None if renewed is None else self.seal.close(renewed),
                credentials_expire_at=None if renewed is None else renewed.expires_at,
            )
            if renewed is not None:
                transaction.tell(
                    Event(
                        at=transaction.now,
                        actor=SYSTEM,
                        role="worker",
                        action="account.credentials_renewed",
                        subject=f"account:{account.id}",
                    )
                )
