"""One database, SQLite or PostgreSQL: opening it, bringing it up to date, reading and writing in transactions."""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from core.errors import Conflict, InvalidInput, StorageError
from core.texts import _
from storage.steps import all_steps, current_step
from storage.transaction import Transaction

_BUSY_SECONDS = 10
_RESTED_SECONDS = 1.0


class Database:
    """What Vocero knows. Thread-safe; each `read` or `write` is one transaction on its own connection.

    `clock` replaces the database's own clock (tests and simulation). By default the database says what time it is,
    so that workers on several machines agree. `busy` is how long to wait for what another transaction holds.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime] | None = None,
        pool_size: int = 20,
        busy: timedelta | None = None,
    ) -> None:
        self._url = _parsed(url)
        self._clock = clock
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        wait = _BUSY_SECONDS if busy is None else busy.total_seconds()
        self._engine = (_sqlite if self.is_sqlite else _postgresql)(self._url, pool_size, wait)
        self._wait = wait
        # SQLite has one writer at a time; the threads of this process take turns here instead of asking it again and
        # again, in ever longer naps, whether it is free
        self._turn = threading.Lock() if self.is_sqlite else None

    @property
    def where(self) -> str:
        """Where the database is, for people: no password in it."""
        if self.is_sqlite:
            return str(self._url.database)
        return self._url.set(query={}).render_as_string(hide_password=True)  # the query may hold one too

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that only reads. Raises StorageError."""
        with self._errors(), self._engine.connect() as connection, connection.begin():
            yield Transaction(connection, self._clock)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a transaction that commits when its block ends well, and leaves nothing otherwise.

        On SQLite it takes the write lock at once, so that no transaction fails half way for want of it.
        Raises StorageError (locked, read-only, full: nothing was changed).
        """
        with (
            self._errors(),
            self._engine.connect().execution_options(vocero_writes=True) as connection,
            self._in_turn(),
            connection.begin(),
        ):
            transaction = Transaction(connection, self._clock)
            yield transaction
            transaction.record()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Wait for the other threads that write, no longer than for another process; then it is SQLite that says no."""
        mine = self._turn is not None and self._turn.acquire(timeout=self._wait)
        try:
            yield
        finally:
            if mine and self._turn is not None:
                self._turn.release()

    def migrate(self, *, create: bool = True) -> list[str]:
        """Bring the tables up to this program's version; return the names of the steps made. Raises StorageError.

        Without `create` a database that is not Vocero's yet is an error, and a missing file is not made.
        """
        if self.is_sqlite and self._url.database and not create and not Path(self._url.database).exists():
            raise StorageError(
                _(
                    "No existe la base de datos «{where}». ¿Está en la carpeta de Vocero? "
                    "Revise los ajustes, o créela con: vocero init"
                ).format(where=self.where)
            )
        if self.is_sqlite and self._url.database:
            folder = Path(self._url.database).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
                # unpublished posts and sealed credentials are nobody else's: the files beside it take its mode
                with contextlib.suppress(FileExistsError):
                    os.close(os.open(self._url.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            except OSError as error:
                raise StorageError(
                    _(
                        "No se puede crear la carpeta «{folder}» para la base de datos. Revise la ruta y los permisos."
                    ).format(folder=folder),
                    diagnostic=str(error.strerror),
                ) from error
        # first without the write lock, and without the tools for it: most commands find nothing to do
        with self._errors(), self._engine.connect() as connection, connection.begin():
            if current_step(connection) == all_steps()[-1]:
                return []
        from storage.upgrading import upgrade  # noqa: PLC0415  (Alembic and its templates: 9 MB, seldom needed)

        with self._errors(), self._engine.connect().execution_options(vocero_writes=True) as connection:
            return upgrade(connection, where=self.where, create=create)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            # not chained: PostgreSQL's own text repeats the row, and a log would show it
            raise _explained(error, self.where) from None
        except NoConnectionFree as error:
            raise StorageError(
                _("La base de datos «{where}» está ocupada: todas sus conexiones están en uso. Repita.").format(
                    where=self.where
                ),
                diagnostic=type(error).__name__,
            ) from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise InvalidInput(
            _("La dirección de la base de datos no se entiende. Ejemplo: sqlite:///var/vocero.db")
        ) from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise InvalidInput(
                _("La base de datos debe ser un archivo: en la memoria se perdería. Ejemplo: sqlite:///var/vocero.db")
            )
        return parsed.set(drivername="sqlite")
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise InvalidInput(
        _("Vocero guarda en SQLite o PostgreSQL, no en «{kind}».").format(kind=parsed.get_backend_name())
    )


def _sqlite(url: URL, pool_size: int, wait: float) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        connect_args={"timeout": wait, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: pysqlite would begin too late
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            try:
                connection.execute(f"PRAGMA {pragma}")
            except sqlite3.OperationalError:
                # a read-only file cannot change its journal; reading it still works, and writing says so itself
                if not pragma.startswith("journal_mode"):
                    raise

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("vocero_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL, pool_size: int, wait: float) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,
            connect_args={
                "connect_timeout": 10,
                "options": f"-c timezone=UTC -c lock_timeout={wait * 1000:.0f}",
                # a worker asks the same few statements all day: parsed once and not, as by default, five times
                "prepare_threshold": 1,
            },
        )
    except ModuleNotFoundError as error:
        raise InvalidInput(
            _("Falta el componente para PostgreSQL. Instálelo con: pip install 'vocero[postgres]'")
        ) from error

    # Whether the server is still there is asked of connections that have rested, and not, as SQLAlchemy's pre-ping
    # does, before every transaction: a round trip each, and there are several in a delivery.
    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: Any, _proxy: Any) -> None:
        rests_since = record.info.get("rests_since")
        if rests_since is None or time.monotonic() - rests_since < _RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # all of them are asked for anew

    return engine


def _explained(error: DBAPIError, where: str) -> StorageError | Conflict:
    """Say in one sentence what the database refused, and the way out. No SQL and no values in it."""
    # only the first line: PostgreSQL tells the values of the row in those that follow
    first = str(error.orig).partition("\n")[0]
    diagnostic = f"{type(error.orig).__name__}: {first}"
    said = first.casefold()
    if "unique constraint" in said:
        return Conflict(
            _("Otra persona hizo el mismo cambio al mismo tiempo. Mire cómo quedó y, si hace falta, repítalo."),
            diagnostic=type(error.orig).__name__,
        )
    sentences = (
        (
            ("readonly", "read-only"),
            _("La base de datos «{where}» es de solo lectura. Dé permiso de escritura a quien ejecuta Vocero."),
        ),
        (
            ("locked", "lock timeout", "lock_timeout"),
            _("La base de datos «{where}» está ocupada por otro programa. Espere un momento y repita."),
        ),
        (
            ("disk is full", "no space left", "disk full"),
            _("No queda espacio en el disco de «{where}». Libere espacio y repita."),
        ),
        (
            ("unable to open", "disk i/o error"),
            _(
                "No se puede abrir la base de datos «{where}». Revise la carpeta, los permisos y el espacio en "
                "el disco."
            ),
        ),
        (
            ("not a database", "malformed"),
            _("«{where}» no es una base de datos de Vocero, o está dañada. Restaure una copia."),
        ),
        (
            ("connection", "server closed", "refused", "timeout expired"),
            _("No se puede conectar con la base de datos «{where}». Revise que el servidor esté en marcha."),
        ),
        (
            ("no such table", '" does not exist'),
            _("La base de datos «{where}» no tiene las tablas de Vocero. Ejecute: vocero init"),
        ),
    )
    for marks, sentence in sentences:
        if any(mark in said for mark in marks):
            return StorageError(sentence.format(where=where), diagnostic=diagnostic)
    return StorageError(
        _("La base de datos «{where}» rechazó la operación. No se cambió nada.").format(where=where),
        diagnostic=diagnostic,
    )
