"""The register of official accounts, as rows; their credentials stay sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from core.accounts import Account, AccountState
from core.errors import NotFound
from core.platforms import Platform
from core.texts import _
from storage.keys import new_key
from storage.tables import accounts, reads, stops

_STOPPED = (
    select(stops.c.reason)
    .where(stops.c.account_id == accounts.c.id, stops.c.lifted_at.is_(None))
    .order_by(stops.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("stopped")
)
KEPT_BACK = ("sealed_credentials", "renewing_until", "created_at")
_SHOWN = [*(c for c in accounts.c if c.name not in KEPT_BACK), _STOPPED]
# made once: SQLAlchemy then knows them again without looking at every part
_ADD = insert(accounts)
_ADD_READS = insert(reads)
_GET = select(*_SHOWN).where(accounts.c.id == bindparam("id"))
_SEALED = select(accounts.c.sealed_credentials).where(accounts.c.id == bindparam("id"))


class AccountRows:
    """The official accounts (procedure 8.1, 8.2)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        platform: Platform,
        handle: str,
        name: str,
        remote_id: str,
        address: str,
        sealed_credentials: bytes,
        credentials_expire_at: datetime | None,
        now: datetime,
        connect_again_before: datetime | None = None,
    ) -> Account:
        """Enter an account in the register. Raises Conflict where it is there already."""
        values = {"platform": platform, "handle": handle, "name": name, "remote_id": remote_id, "address": address}
        result = self._connection.execute(
            _ADD,
            {
                **values,
                "sealed_credentials": sealed_credentials,
                "credentials_expire_at": credentials_expire_at,
                "connect_again_before": connect_again_before,
                "created_at": now,
            },
        )
        return self.get(new_key(result))

    def get(self, account_id: int) -> Account:
        """Return the account. Raises NotFound."""
        row = self._connection.execute(_GET, {"id": account_id}).first()
        if row is None:
            raise NotFound(_("No existe la cuenta {id}. Véalas con: vocero accounts list").format(id=account_id))
        return account_of(row)

    def find(self, platform: Platform, remote_id: str) -> Account | None:
        """Return the account with the platform's own id, or None."""
        row = self._connection.execute(
            select(*_SHOWN).where(accounts.c.platform == platform, accounts.c.remote_id == remote_id)
        ).first()
        return None if row is None else account_of(row)

    def all(self) -> list[Account]:
        """Return the register, in the order of entry."""
        return [account_of(row) for row in self._connection.execute(select(*_SHOWN).order_by(accounts.c.id))]

    def sealed_credentials(self, account_id: int) -> bytes:
        """Return what opens the account, sealed (storage/sealing.py). Raises NotFound."""
        sealed = self._connection.execute(_SEALED, {"id": account_id}).scalar()
        if sealed is None:
            raise NotFound(_("No existe la cuenta {id}. Véalas con: vocero accounts list").format(id=account_id))
        return bytes(sealed)

    def reconnect(
        self,
        account_id: int,
        *,
        handle: str,
        address: str,
        sealed_credentials: bytes,
        credentials_expire_at: datetime | None,
        connect_again_before: datetime | None = None,
    ) -> None:
        """Replace what opens the account, and where."""
        self._connection.execute(
            update(accounts)
            .where(accounts.c.id == account_id)
            .values(
                handle=handle,
                address=address,
                sealed_credentials=sealed_credentials,
                credentials_expire_at=credentials_expire_at,
                connect_again_before=connect_again_before,
            )
        )

    def begin_renewal(self, account_id: int, *, until: datetime, now: datetime) -> bool:
        """Take the renewal of the account's credentials in hand; False where somebody else has it."""
        done = self._connection.execute(
            update(accounts)
            .where(
                accounts.c.id == account_id,
                or_(accounts.c.renewing_until.is_(None), accounts.c.renewing_until <= now),
            )
            .values(renewing_until=until)
        )
        return done.rowcount == 1

    def end_renewal(
        self,
        account_id: int,
        *,
        until: datetime,
        sealed_credentials: bytes | None = None,
        credentials_expire_at: datetime | None = None,
    ) -> None:
        """Give the renewal that was taken in hand with `until` back, with the new credentials where there are any."""
        values: dict[str, object] = {"renewing_until": None}
        if sealed_credentials is not None:
            values |= {"sealed_credentials": sealed_credentials, "credentials_expire_at": credentials_expire_at}
        self._connection.execute(
            update(accounts).where(accounts.c.id == account_id, accounts.c.renewing_until == until).values(**values)
        )

    def is_renewing(self, account_id: int, *, now: datetime) -> bool:
        """Tell whether somebody has the renewal in hand."""
        until = self._connection.execute(select(accounts.c.renewing_until).where(accounts.c.id == account_id)).scalar()
        return until is not None and until > now

    def objects_read(self, account_id: int, month: str) -> int:
        """Return how many objects were read for money in that month (`YYYY-MM`)."""
        return (
            self._connection.execute(
                select(reads.c.objects).where(reads.c.account_id == account_id, reads.c.month == month)
            ).scalar()
            or 0
        )

    def note_reads(self, account_id: int, month: str, count: int) -> None:
        """Add to what was read in that month."""
        done = self._connection.execute(
            update(reads)
            .where(reads.c.account_id == account_id, reads.c.month == month)
            .values(objects=reads.c.objects + count)
        )
        if done.rowcount == 0:
            self._connection.execute(
                _ADD_READS,
                {
                    "account_id": account_id,
                    "month": month,
                    "objects": count,
                },
            )

    def wait_until(self, account_id: int, until: datetime) -> None:
        """Let the account rest until then: the platform asked for it. Never shortens a rest."""
        self._connection.execute(
            update(accounts)
            .where(
                accounts.c.id == account_id,
                (accounts.c.waits_until.is_(None)) | (accounts.c.waits_until < until),
            )
            .values(waits_until=until)
        )


def account_of(row: Any) -> Account:
    """Return the account of a row that has `stopped` too: why its newest open stop was opened, or None."""
    return Account(
        id=row.id,
        platform=row.platform,
        handle=row.handle,
        name=row.name,
        remote_id=row.remote_id,
        address=row.address,
        state=AccountState.ACTIVE if row.stopped is None else AccountState.PAUSED,
        state_reason=row.stopped or "",
        waits_until=row.waits_until,
        credentials_expire_at=row.credentials_expire_at,
        connect_again_before=row.connect_again_before,
    )
