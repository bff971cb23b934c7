"""What every test has: no network beyond this machine, a clock, and a fresh database of either kind."""

import ipaddress
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine

import core.platforms
from storage.database import Database
from tests.databases import KINDS, Clock, Postgres, migrated_sqlite
from tests.wordpress.fixture import real_wordpress

__all__ = ["real_wordpress"]  # one WordPress a process, for all who ask

# the same examples every time, and none kept on the disk: a run does not depend on the one before
settings.register_profile("vocero", derandomize=True, deadline=None, database=None)
settings.load_profile("vocero")

_UNIX = getattr(socket, "AF_UNIX", None)
_compiled: dict[str, tuple[Any, Any]] = {}

# whole processes, thousands of schedules, answers of any shape: `make long`; the rest is `make test`
_LONG = (
    "tests/chaos/",
    "tests/connectors/test_contract.py::test_stage_survives_a_lost_answer_at_every_step",
    "tests/connectors/test_facebook_hostile.py",
    "tests/connectors/test_instagram_hostile.py",
    "tests/connectors/test_x_strange.py",
    "tests/connectors/test_youtube_large.py",
    "tests/e2e/",
    "tests/policy/test_sequences.py",
    "tests/reliability/",
    "tests/storage/test_image_corpus.py",
    "tests/simulation/",
    "tests/storage/test_chain_bytes.py",
    "tests/vocero/test_cli_faults.py",
    "tests/vocero/test_cli_refusals.py",
    "tests/vocero/test_cli_rehearsal.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long, by its place."""
    for item in items:
        if item.nodeid.startswith(_LONG):
            item.add_marker(pytest.mark.long)


class BlockedError(Exception):
    """A test tried to leave this machine."""


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every name and address beyond loopback, in this process and for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_names(socket.getaddrinfo))
        yield


@pytest.fixture(autouse=True)
def known_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget after each test the platforms that it introduced: the next one in this process knows only ours."""
    for words in ("_known", "_labels", "_words"):
        monkeypatch.setattr(core.platforms, words, dict(getattr(core.platforms, words)))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all worker processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if folder.name.startswith("popen-") else folder


@pytest.fixture(scope="session")
def postgres(shared_folder: Path) -> Iterator[Postgres]:
    """Return the PostgreSQL server of this run, started when first asked for."""
    server = Postgres(shared_folder)
    yield server
    server.close()


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at Monday 23 November 2026, 10:00 in Lima, until it is moved."""
    return Clock()


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Return each kind of database in turn; a test may parametrise it to have only one."""
    return str(request.param)


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """Return a folder in memory where the machine has one: there no commit waits for the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="vocero-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, quick_folder: Path, shared_folder: Path
) -> Iterator[str]:
    """Return the address of a fresh database that has its tables."""
    if database_kind == "sqlite":
        path = quick_folder / "vocero.db"
        shutil.copyfile(migrated_sqlite(shared_folder), path)
        yield f"sqlite:///{path}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.emptied() as url:
            yield url


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database without any table (SQLite: not even the file)."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.database(migrated=False) as url:
            yield url


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    """Return a fresh database on the test's clock."""
    opened = Database(database_url, clock=clock)
    _share_compiled(opened._engine)
    yield opened
    opened.close()


def _share_compiled(engine: Engine) -> None:
    """Let this engine use the statements that an earlier one of its kind compiled: most of a test's time went there."""
    engine.dialect, engine._compiled_cache = _compiled.setdefault(
        engine.dialect.name, (engine.dialect, engine._compiled_cache)
    )


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guard(self: socket.socket, address: Any) -> Any:
        if self.family != _UNIX and not _is_loopback(str(address[0])):
            raise BlockedError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    return guard


def _guarded_names(getaddrinfo: Callable[..., Any]) -> Callable[..., Any]:
    def guard(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not _is_loopback(name):
            raise BlockedError(f"a test asked for the address of {name}")
        return getaddrinfo(host, *args, **kwargs)

    return guard


def _is_loopback(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
