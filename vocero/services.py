"""What the office lends its connectors: a public place for files, and a count of the reads that are paid for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.accounts import Account
from storage.database import Database


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """One account's reads of this calendar month (UTC), kept in the database. `most`: None for no limit."""

    database: Database
    account: Account
    most: int | None

    def left(self) -> int | None:
        """Return how many objects may still be read this month."""
        return None if self.most is None else max(self.most - self.spent(), 0)

    def spent(self) -> int:
        """Return how many were read this month."""
        with self.database.read() as transaction:
            return transaction.accounts.objects_read(self.account.id, month_of(transaction.now))

    def spend(self, count: int) -> None:
        """Note that so many were read."""
        if count <= 0:
            return
        with self.database.write() as transaction:
            transaction.accounts.note_reads(self.account.id, month_of(transaction.now), count)

    def renews_in(self) -> timedelta:
        """Return the time until the month ends."""
        with self.database.read() as transaction:
            now = transaction.now.astimezone(UTC)
        month = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
        return month - now


def month_of(instant: datetime) -> str:
    """Return the calendar month, `2026-11`."""
    return instant.astimezone(UTC).strftime("%Y-%m")
