"""Looks an installed office over: gathers the facts that diagnosis.py judges. Changes nothing.

The one exception is said: `online` renews credentials that are about to end, as every other call to a platform does.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from connectors.errors import ConnectorError, Misconfigured
from connectors.http import Exchange
from connectors.registry import CONNECTORS
from core.accounts import Account
from core.capabilities import Operation
from core.errors import StorageError, VoceroError
from core.lima import to_lima
from core.texts import _
from storage.schema import SchemaReader
from vocero.diagnosis import (
    Finding,
    Folder,
    Verdict,
    failed,
    judge_account,
    judge_chain,
    judge_clock,
    judge_identity,
    judge_media,
    judge_plugins,
    judge_routes,
    judge_schema,
    judge_stops,
    judge_time_of_platforms,
    judge_versions,
    named,
)
from vocero.office import Office, open_office
from vocero.settings import Settings


def examine(settings: Settings, *, online: bool = False) -> Iterator[Finding]:
    """Yield a finding for each check, as it is made. `online` asks every platform whose connection each account is."""
    yield Finding("settings", Verdict.FINE, _("Ajustes"), _("se entienden."))
    yield judge_routes(settings.routes, only_routed=settings.only_routed)
    yield from plugins()
    yield judge_media(_folder(settings.media_dir))
    try:
        database = SchemaReader(settings.database_url, pool_size=1, busy=timedelta(seconds=settings.busy_seconds))
    except VoceroError as error:
        yield failed("database", _("Base de datos"), error)
        return
    with ExitStack() as closing:
        closing.callback(database.close)
        yield from _database(database)
        try:
            accounts = _accounts(database)
        except VoceroError:
            return  # said above
        office = _opened(settings)
        if isinstance(office, Office):
            closing.callback(office.database.close)
        else:
            yield failed("key", _("Clave"), office)
        if accounts is None:
            yield _unreadable_register()
            return
        yield from _each(accounts, office, database)
        if online and isinstance(office, Office):
            yield from _online(office, [each for each in accounts if each.platform in CONNECTORS])


def plugins() -> Iterator[Finding]:
    """Yield what plug-ins there are, and which were left out."""
    yield from judge_plugins(CONNECTORS.plugins, CONNECTORS.left_out)


def _database(database: SchemaReader) -> Iterator[Finding]:
    try:
        schema = database.schema()
        yield judge_schema(database.where, schema)
        if schema.step is None:
            return
        before = datetime.now(UTC)
        with database.read() as transaction:
            now = transaction.now
            number, _last = transaction.events.end()
        middle = before + (datetime.now(UTC) - before) / 2
    except VoceroError as error:
        yield failed("database", _("Base de datos"), error)
        return
    yield judge_chain(number)
    if not schema.missing:  # before, there may be no table of them
        with database.read() as transaction:
            yield judge_stops(transaction.stops.opened())
    yield judge_clock(now - middle)


def _accounts(database: SchemaReader) -> list[Account] | None:
    """Return the register, None where it holds a platform that nobody introduced. Raises StorageError."""
    database.schema()  # a missing file is not made
    with database.read() as transaction:
        try:
            return transaction.accounts.all()
        except (ValueError, LookupError):
            return None


def _unreadable_register() -> Finding:
    return Finding(
        "account",
        Verdict.ERROR,
        _("Cuentas"),
        _("el registro tiene una cuenta de una red que ya nadie conoce."),
        _("Instale otra vez el complemento de esa red."),
    )


def _opened(settings: Settings) -> Office | VoceroError:
    try:
        return open_office(settings, migrate=False, create=False)
    except VoceroError as error:
        return error


def _each(accounts: list[Account], office: Office | VoceroError, database: SchemaReader) -> Iterator[Finding]:
    if not accounts:
        yield Finding(
            "account", Verdict.WARNING, _("Cuentas"), _("no hay ninguna."), _("Conéctela: vocero accounts connect")
        )
    with database.read() as transaction:
        now = transaction.now
    for account in accounts:
        connector = CONNECTORS.get(account.platform)
        sealed = _sealed(office, account) if isinstance(office, Office) and connector else None
        yield from judge_account(
            account,
            now=now,
            has_connector=connector is not None,
            renews=connector is not None and Operation.REFRESH in connector.capabilities.operations,
            sealed=sealed,
        )
    for platform in dict.fromkeys(account.platform for account in accounts):
        connector = CONNECTORS.get(platform)
        if connector is not None:
            yield from judge_versions(platform, connector.api_versions, today=to_lima(now).date())


def _sealed(office: Office, account: Account) -> VoceroError | None:
    try:
        with office.database.read() as transaction:
            sealed = transaction.accounts.sealed_credentials(account.id)
        office.seal.open(sealed)
    except VoceroError as error:
        return error
    return None


def _online(office: Office, accounts: list[Account]) -> Iterator[Finding]:
    clock = _ClockOfPlatforms()
    witnessed = replace(office, door=replace(office.door, witness=clock.hear))
    for account in accounts:
        yield _identified(witnessed, account)
    if accounts:
        yield judge_time_of_platforms(clock.difference)


def _identified(office: Office, account: Account) -> Finding:
    subject = named(account)
    try:
        return judge_identity(account, office.identify(account))
    except Misconfigured:
        return Finding(
            "online",
            Verdict.ERROR,
            subject,
            _("no se puede abrir: faltan datos de conexión, o los ajustes no dejan salir hacia esa red."),
            _("Revise routes y only_routed, o conéctela otra vez: vocero accounts connect"),
        )
    except ConnectorError as error:
        return Finding("online", Verdict.ERROR, subject, error.sentence)
    except StorageError as error:
        return failed("online", subject, error)


class _ClockOfPlatforms:
    """Keeps the smallest difference: an answer that a proxy kept is only older."""

    def __init__(self) -> None:
        self.difference: timedelta | None = None

    def hear(self, exchange: Exchange) -> None:
        try:
            said = parsedate_to_datetime(exchange.headers.get("Date", ""))
        except (TypeError, ValueError):
            return
        difference = (said if said.tzinfo else said.replace(tzinfo=UTC)) - datetime.now(UTC)
        if self.difference is None or abs(difference) < abs(self.difference):
            self.difference = difference


def _folder(path: Path) -> Folder:
    """Return what the disk shows; a folder that is not there is looked at in the one that it would be made in."""
    there = next((each for each in (path, *path.absolute().parents) if each.exists()), path)
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        free = None
    return Folder(path, exists=path.is_dir(), writable=_is_writable(there, exists=path.exists()), free=free)


def _is_writable(folder: Path, *, exists: bool) -> bool:
    if not exists:
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    try:
        with tempfile.TemporaryFile(dir=folder):  # a right that the disk says to have may still not be there
            return True
    except OSError:
        return False
