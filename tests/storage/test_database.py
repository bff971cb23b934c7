"""Opening a database, bringing it up to date, and what is said when it refuses."""

import contextlib
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from core.errors import Conflict, InvalidInput, StorageError, VoceroError
from core.people import Role
from storage import database as module
from storage.database import Database
from storage.steps import MIGRATIONS, all_steps
from storage.tables import chain, metadata, people
from tests.databases import Clock, Postgres
from tests.storage.rows import a_person

SECRET = "hunter2-clave"
only_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])
only_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"])


@contextmanager
def opened(url: str, clock: Clock | None = None) -> Iterator[Database]:
    database = Database(url, clock=clock)
    try:
        yield database
    finally:
        database.close()


# ── migrations ──


def test_migrating_makes_the_tables_once(empty_database_url: str) -> None:
    with opened(empty_database_url) as database:
        assert database.migrate()[0] == "0001"
        assert database.migrate() == []
        with database.read() as transaction:
            assert transaction.events.end() == (0, "0" * 64)


def test_the_migrated_tables_are_those_of_the_code(empty_database_url: str) -> None:
    with opened(empty_database_url) as database:
        database.migrate()
        with database._engine.connect() as connection, connection.begin():
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []


def test_the_partial_indexes_and_checks_are_those_of_the_code(empty_database_url: str, tmp_path: Path) -> None:
    """Autogenerate compares neither the condition of an index nor a check: so compare what the database says."""
    said = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        if empty_database_url.startswith("sqlite")
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
    )
    with opened(empty_database_url) as database:
        database.migrate()
        with database.write() as transaction:
            connection = transaction._connection
            migrated = [tuple(row) for row in connection.execute(text(said)) if "alembic" not in row[0]]
            connection.execute(text("DROP TABLE alembic_version"))
            metadata.drop_all(connection)
            metadata.create_all(connection)
            made = [tuple(row) for row in connection.execute(text(said))]
    assert [(name, " ".join(sql.split())) for name, sql in migrated] == [
        (name, " ".join(sql.split())) for name, sql in made
    ]


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    def migrate(_number: int) -> None:
        with opened(empty_database_url) as database:
            database.migrate()

    with ThreadPoolExecutor() as hands:
        list(hands.map(migrate, range(3)))
    with opened(empty_database_url) as database, database.read() as transaction:
        assert transaction._connection.execute(select(chain.c.number)).all() == [(0,)]


def test_a_newer_database_is_refused_and_left_alone(empty_database_url: str) -> None:
    with opened(empty_database_url) as database:
        database.migrate()
        with database.write() as transaction:
            transaction._connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StorageError, match="más nueva"):
            database.migrate()
        with database.read() as transaction:
            assert transaction._connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/a/b/vocero.db") as database:
        database.migrate()
    assert (tmp_path / "a/b/vocero.db").stat().st_size


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("")
    with opened(f"sqlite:///{tmp_path}/archivo/b/vocero.db") as database, pytest.raises(StorageError, match="carpeta"):
        database.migrate()


# ── reading and writing ──


def test_what_fails_leaves_nothing(database: Database) -> None:
    def half() -> None:
        with database.write() as transaction:
            a_person(transaction, Role.AUDITOR, "auditor")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with database.read() as transaction:
        assert transaction.people.all() == []


@only_sqlite
def test_sqlite_is_kept_safe(database: Database) -> None:
    with database.read() as transaction:
        said = [transaction._connection.execute(text(f"PRAGMA {name}")).scalar() for name in _PRAGMAS]
    assert said == list(_PRAGMAS.values())


_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@only_sqlite
def test_a_writer_takes_its_turn_at_once_and_readers_go_on(database: Database) -> None:
    with database.write() as transaction:
        a_person(transaction, Role.AUDITOR, "uno")
        with database.read() as reader:
            assert reader.people.all() == []


def test_the_database_says_what_time_it_is(database_url: str) -> None:
    with opened(database_url) as database, database.read() as transaction:
        said = transaction.now
        assert said == transaction.now  # one time for one transaction
        assert said.tzinfo is UTC
        assert abs(said - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_instant_comes_back_as_it_went_in(database: Database) -> None:
    lima = datetime(2026, 11, 23, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-5)))
    with database.write() as transaction:
        connection = transaction._connection
        connection.execute(insert(people).values(login="a", name="A", role=Role.AUDITOR, active=True, created_at=lima))
        back = connection.execute(select(people.c.created_at)).scalar_one()
    assert back == lima
    assert back.tzinfo is UTC
    assert back.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001  (that is the point)
    with pytest.raises(StatementError, match="naive"), database.write() as transaction:
        transaction.people.add(login="a", name="A", role=Role.AUDITOR, now=naive)


def test_a_word_that_is_not_of_the_enumeration_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.write() as transaction:
        transaction.people.add(login="a", name="A", role="jefe", now=transaction.now)  # type: ignore[arg-type]


# ── what is said when it refuses ──


@only_sqlite
def test_a_locked_file_is_told(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.05)
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    with opened(database_url) as database:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="ocupada") as told, database.write():
            pass
        other.execute("ROLLBACK")
        with database.write() as transaction:
            a_person(transaction, Role.AUDITOR)
    other.close()
    assert told.value.exit_code == 6


@only_sqlite
def test_a_read_only_file_can_be_read_and_says_so_when_written(database_url: str) -> None:
    path = database_url.removeprefix("sqlite:///")
    with opened(f"sqlite:///file:{path}?mode=ro&uri=true") as database:
        with database.read() as transaction:
            assert transaction.people.all() == []
        with pytest.raises(StorageError, match="solo lectura"), database.write() as transaction:
            a_person(transaction, Role.AUDITOR)


@only_sqlite
def test_a_full_disk_is_told_and_nothing_is_changed(database: Database) -> None:
    with database._engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    def fill() -> None:
        with database.write() as transaction:
            transaction._connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            for number in range(2000):
                transaction.people.add(login=f"p{number}", name="x" * 200, role=Role.AUDITOR, now=transaction.now)

    with pytest.raises(StorageError, match="espacio"):
        fill()
    with database.read() as transaction:
        assert transaction.people.all() == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8\xff\xe0" * 2000)
    with opened(f"sqlite:///{tmp_path}/foto.jpg") as database, pytest.raises(StorageError, match="no es una base"):
        database.migrate()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}") as database, pytest.raises(StorageError, match="No se puede abrir"):
        database.migrate()


def test_missing_tables_are_told_with_the_way_out(empty_database_url: str) -> None:
    with (
        opened(empty_database_url) as database,
        pytest.raises(StorageError, match="vocero init"),
        database.read() as transaction,
    ):
        transaction.people.all()


def test_a_postgresql_that_does_not_answer_is_told_without_the_password() -> None:
    with opened(f"postgresql://jefa:{SECRET}@127.0.0.1:9/vocero?password={SECRET}") as database:
        with pytest.raises(StorageError, match="No se puede conectar") as told, database.read():
            pass
        assert SECRET not in database.where
    assert_nothing_of(SECRET, told.value)


@only_postgresql
def test_a_postgresql_without_that_database_is_told(database_kind: str, postgres: Postgres) -> None:
    with (
        opened(postgres.url("nadie")) as database,
        pytest.raises(StorageError, match="No se puede conectar"),
        database.read(),
    ):
        pass


@only_postgresql
def test_a_postgresql_lock_that_lasts_is_told(database_url: str) -> None:
    with opened(database_url) as database, opened(database_url) as other, other.write() as holder:
        holder._connection.execute(text("LOCK TABLE people"))
        impatient = text("SET lock_timeout = '20ms'; SELECT 1 FROM people")
        with pytest.raises(StorageError, match="ocupada"), database.write() as transaction:
            transaction._connection.execute(impatient)


def test_connections_that_are_all_in_use_are_told(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    database._engine.pool._timeout = 0.05  # type: ignore[attr-defined]
    with database.read(), database.read(), pytest.raises(StorageError, match="ocupada"), database.read():
        pass
    database.close()


def test_the_same_row_twice_is_a_conflict(database: Database) -> None:
    for _ in range(2):
        with contextlib.suppress(Conflict), database.write() as transaction:
            a_person(transaction, Role.AUDITOR, SECRET)
    with pytest.raises(Conflict) as told, database.write() as transaction:
        a_person(transaction, Role.AUDITOR, SECRET)
    assert_nothing_of(SECRET, told.value)
    with database.read() as transaction:
        assert len(transaction.people.all()) == 1


def test_no_value_of_a_refused_row_is_told(database: Database) -> None:
    with pytest.raises(StorageError, match="rechazó") as told, database.write() as transaction:
        transaction._connection.execute(
            insert(people).values(login="x", name=SECRET, role=Role.AUDITOR, active=None, created_at=transaction.now)
        )
    assert_nothing_of(SECRET, told.value)


def assert_nothing_of(secret: str, error: VoceroError) -> None:
    """Nothing in the sentence, the diagnostic, or what a log with the whole chain of errors would show."""
    everything = "".join(traceback.format_exception(error)) + error.sentence + error.diagnostic
    assert secret not in everything
    assert "INSERT" not in everything


# ── addresses ──


@pytest.mark.parametrize(
    "url",
    [
        "vocero.db",
        "",
        "mysql://root@localhost/vocero",
        "postgresql://jefa@localhost:puerto/vocero",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_serve_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        Database(url)


def test_postgresql_without_its_component_is_told() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from core.errors import InvalidInput\n"
        "from storage.database import Database\n"
        "try:\n    Database('postgresql://localhost/vocero')\n"
        "except InvalidInput as error:\n    print(error.sentence)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "vocero[postgres]" in done.stdout


def test_the_steps_are_told_by_their_files() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert all_steps() == [step.revision for step in reversed(list(script.walk_revisions()))]
