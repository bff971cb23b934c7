"""Everything put together once: what each command, worker and page works with."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import policy
from connectors.base import Connector
from connectors.errors import Misconfigured, TokenRefused
from connectors.http import Door
from connectors.registry import CONNECTORS, open_connector
from core.accounts import Account, Credentials, Identity
from core.capabilities import Operation
from core.errors import StorageError
from core.people import Person
from policy.alerts import Alert
from policy.calendar import WorkingCalendar
from scheduler.alerting import alerts
from scheduler.delivering import Deliverer
from scheduler.pulse import Pulse
from scheduler.renewing import Renewer
from scheduler.settling import Settler
from scheduler.workbench import Progress, Workbench
from scheduler.worker import Worker
from storage.database import Database
from storage.holidays import read_holidays
from storage.media import MediaStore
from storage.rulebooks import Rulebook
from storage.sealing import Seal, key_from
from storage.textrules import TextRulebook
from storage.transaction import Transaction
from vocero.services import Lender
from vocero.settings import Settings

SHIPPED_RULES = Path(policy.__file__).parent / "rules"
HOLIDAYS = "holidays-pe.toml"


@dataclass(frozen=True, slots=True)
class Office:
    """The composed application."""

    settings: Settings
    database: Database
    media: MediaStore
    seal: Seal = field(repr=False)
    door: Door = field(repr=False)
    rules: Rulebook = field(default_factory=lambda: Rulebook(SHIPPED_RULES), repr=False)
    words: TextRulebook = field(default_factory=lambda: TextRulebook(SHIPPED_RULES / "texts"), repr=False)

    def connect(self, account: Account) -> Connector:
        """Return the account's connector, with its credentials unsealed. Raises StorageError for another key."""
        return self._open(account, self.seal.open(self._sealed(account)))

    @property
    def lender(self) -> Lender:
        """What the connectors are lent."""
        return Lender(self.settings, self.database, self.seal)

    def _open(self, account: Account, credentials: Credentials) -> Connector:
        return open_connector(account, credentials, self.door, self.lender.services(account))

    def _connect_to_deliver(self, account: Account) -> Connector:
        """Return the account's connector; a key that does not open it holds the delivery, as any bad connection."""
        sealed = self._sealed(account)
        try:
            credentials = self.seal.open(sealed)
        except StorageError as error:
            raise Misconfigured("another key sealed the credentials") from error
        return self._open(account, credentials)

    def renewer(self) -> Renewer:
        """Return who renews what opens an account."""
        return Renewer(self.database, self.seal, self._open, self.settings.timing().call)

    def identify(self, account: Account) -> Identity:
        """Ask the platform whose credentials these are, renewed where they are too old. Raises ConnectorError."""
        connector = self.renewer().renew(account) or self.connect(account)
        try:
            return connector.identify()
        except TokenRefused:
            renewed = self.renewer().renew(account, refused=True)
            if renewed is None:
                raise
            return renewed.identify()

    def _sealed(self, account: Account) -> bytes:
        with self.database.read() as transaction:
            return transaction.accounts.sealed_credentials(account.id)

    def person(self, login: str) -> Person:
        """Return who acts. Raises NotFound."""
        with self.database.read() as transaction:
            return transaction.people.get(login)

    def alerts(self) -> list[Alert]:
        """Return what somebody must hear of, as of now. Raises StorageError."""
        with self.database.read() as transaction:
            return alerts(transaction, self.settings.limits(), renews=_renews)

    def working_calendar(self, transaction: Transaction) -> WorkingCalendar:
        """Return which days are worked: the holidays of the file, and the days that were declared."""
        own = self.settings.rules_dir and self.settings.rules_dir / "calendar" / HOLIDAYS
        rules = read_holidays(own if own and own.is_file() else SHIPPED_RULES / "calendar" / HOLIDAYS)
        return WorkingCalendar(rules, transaction.calendar.declared_days())

    def worker(
        self,
        report: Callable[[Progress], None],
        trouble: Callable[[StorageError], None] = lambda _error: None,
        alarm: Callable[[list[Alert]], None] | None = None,
    ) -> Worker:
        """Return a worker of this process, not yet running. `trouble` is told what the database refuses.

        `alarm` is told every minute what alerts there are; None: this worker does not look round.
        """
        self.rules.all()  # rules that cannot be read stop a worker before it begins, not at its first post
        self.words.all()
        name = f"{socket.gethostname()}:{os.getpid()}"
        timing = self.settings.timing()
        holder: list[Worker] = []
        bench = Workbench(
            database=self.database,
            media=self.media,
            connect=self._connect_to_deliver,
            worker=name,
            timing=timing,
            stopping=lambda: bool(holder) and holder[0].is_stopping(),
            report=report,
            renew=self.renewer().renew,
            rules=self.rules.on,
            words=self.words.on,
        )
        deliverer = Deliverer(bench, Settler(bench).settle)
        worker = Worker(
            self.database,
            deliverer.deliver,
            name=name,
            timing=timing,
            in_hand=self.settings.in_hand,
            trouble=trouble,
            pulse=Pulse(
                self.database,
                name=name,
                version=version("vocero"),
                every=timedelta(seconds=self.settings.beat_seconds),
                look=(lambda: None) if alarm is None else (lambda: alarm(self.alerts())),
            ),
        )
        holder.append(worker)
        return worker


def _renews(account: Account) -> bool:
    connector = CONNECTORS.get(account.platform)
    return connector is not None and Operation.REFRESH in connector.capabilities.operations


def word_rules(settings: Settings) -> TextRulebook:
    """Return the rules about words: the office's own where it has any, else those that ship."""
    return TextRulebook(SHIPPED_RULES / "texts", settings.rules_dir and settings.rules_dir / "texts")


def open_office(settings: Settings, *, migrate: bool = True, create: bool = True) -> Office:
    """Open everything, and bring the tables up to date. Raises VoceroError with the way out.

    Without `create` what is not there stays so: a mistyped path must not become a new, empty office that sends nothing.
    """
    CONNECTORS.load()
    database = Database(
        settings.database_url,
        pool_size=settings.in_hand + 4,
        busy=timedelta(seconds=settings.busy_seconds),
    )
    if migrate:
        database.migrate(create=create)
    key = (
        settings.secret_key.get_secret_value()
        if settings.secret_key
        else key_from(settings.secret_key_file, create=create)
    )
    return Office(
        settings=settings,
        database=database,
        media=MediaStore(settings.media_dir),
        seal=Seal(key),
        door=settings.door(),
        rules=Rulebook(SHIPPED_RULES, settings.rules_dir),
        words=word_rules(settings),
    )
