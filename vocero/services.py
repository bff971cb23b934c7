"""What the office lends its connectors: a public place for files, and a count of the reads that are paid for."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from connectors.base import Services
from connectors.errors import Misconfigured, Unavailable
from connectors.media_hosts import Hosted, MediaHost
from connectors.media_hosts.s3 import Bucket, S3MediaHost
from connectors.media_hosts.website import WebsiteMediaHost
from connectors.registry import CONNECTORS
from core.accounts import Account, AccountState
from core.media import OutgoingMedium
from core.platforms import Platform
from storage.database import Database
from storage.sealing import Seal
from vocero.desk.links import DeskHost, LinkSigner
from vocero.settings import Settings


@dataclass(frozen=True, slots=True)
class Lender:
    """Knows what each account's connector is lent."""

    settings: Settings
    database: Database
    seal: Seal

    def services(self, account: Account) -> Services:
        """Return what this account's connector needs, and nothing that it does not. Raises Misconfigured."""
        connector = CONNECTORS.get(account.platform)
        if connector is None:
            return Services()
        capabilities = connector.capabilities
        services = Services(media_host=self._media_host(account.platform) if capabilities.needs_public_media else None)
        return replace(services, read_budget=self.reads(account)) if capabilities.reads_cost else services

    def reads(self, account: Account) -> "ReadLedger":
        """Return the count of what the account reads for money."""
        return ReadLedger(self.database, account, self.settings.read_budget or None)

    def signer(self) -> LinkSigner:
        """Return what signs our own addresses."""
        return LinkSigner(self.seal.derived("media links"))

    def _media_host(self, platform: Platform) -> MediaHost | None:
        settings = self.settings
        match settings.media_host:
            case "bucket":
                bucket = Bucket(
                    address=settings.bucket_address,
                    region=settings.bucket_region,
                    access_key=settings.bucket_access_key,
                    secret_key=settings.bucket_secret_key.get_secret_value(),
                    public_address=settings.bucket_public_address,
                )
                return S3MediaHost(bucket, settings.door(), platform=platform)
            case "desk":
                return DeskHost(settings.public_url, self.signer(), self._now)
            case "website":
                return self._website()
        return None

    def _website(self) -> MediaHost | None:
        with self.database.read() as transaction:
            sites = [account for account in transaction.accounts.all() if account.platform is Platform.WEBSITE]
            in_use = [account for account in sites if account.state is AccountState.ACTIVE]
            if not in_use:
                return _PausedHost() if sites else None
            if len(in_use) > 1:
                raise Misconfigured("several websites are in use: say media_host = bucket or desk")
            credentials = self.seal.open(transaction.accounts.sealed_credentials(in_use[0].id))
        return WebsiteMediaHost(in_use[0].address, credentials, self.settings.door())

    def _now(self) -> datetime:
        with self.database.read() as transaction:
            return transaction.now


class _PausedHost(MediaHost):
    """The website lends no room while its account is paused; what has been fetched from it goes on without."""

    def put(self, medium: OutgoingMedium, *, key: str) -> Hosted:
        """Raise Unavailable: the file waits for the website, within the post's lateness limit."""
        del medium, key
        raise Unavailable("the account of the website is paused", platform=Platform.WEBSITE)

    def remove(self, token: dict[str, str]) -> None:
        """Raise Unavailable."""
        del token
        raise Unavailable("the account of the website is paused", platform=Platform.WEBSITE)


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
