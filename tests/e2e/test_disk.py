"""The disk is full, or the database may not be written, while posts go out: nothing is sent that cannot be noted."""

import errno
import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import Clock, Postgres, migrated_sqlite
from tests.e2e.newsroom import ARTICLE, TEXT, Newsroom, open_newsroom, until, wall_clock
from tests.e2e.victims import Victims

_SHORT = {
    "connect_seconds": "0.5",
    "read_seconds": "4",
    "call_seconds": "4.5",
    "lease_seconds": "5.5",
    "looks_seconds": "0.1,0.2,0.4,1,2,3,4,5,5,5",
}
_SIZE = 3 << 20


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """Yield a disk of three megabytes: only an administrator's test can have a real one."""
    disk = folder / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"a small disk needs the right to mount one: {made.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_lets_nothing_out_that_cannot_be_noted(
    tmp_path: Path, shared_folder: Path, pictures: tuple[Path, ...], victims: Victims
) -> None:
    with _small_disk(tmp_path) as disk:
        shutil.copy(migrated_sqlite(shared_folder), disk / "vocero.db")
        filler = disk / "filler"
        _interrupted(
            f"sqlite:///{disk / 'vocero.db'}",
            tmp_path,
            pictures,
            victims,
            refuse=lambda: _fill(filler),
            allow=filler.unlink,
        )


def _fill(path: Path) -> None:
    """Write until the disk says that there is no space left."""
    with path.open("wb", buffering=0) as file, pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        file.writelines(itertools.repeat(bytes(1 << 12), _SIZE))


def test_a_database_file_made_read_only_lets_nothing_out_that_cannot_be_noted(
    tmp_path: Path, shared_folder: Path, pictures: tuple[Path, ...], victims: Victims
) -> None:
    path = tmp_path / "vocero.db"
    shutil.copy(migrated_sqlite(shared_folder), path)

    def change(sign: str) -> None:
        # permissions do not bind an administrator, nor a file that is open: this does. Not the index that the processes
        # share in their memory (-shm): to one that writes there the system sends SIGBUS, and no program outlives that
        files = [str(each) for each in (path, tmp_path / "vocero.db-wal") if each.exists()]
        subprocess.run(["chattr", f"{sign}i", *files], check=True)

    if subprocess.run(["chattr", "+i", str(path)], capture_output=True, check=False).returncode:
        pytest.skip("to make an open file read-only needs an administrator, and a file system that knows chattr +i")
    change("-")
    _interrupted(
        f"sqlite:///{path}", tmp_path, pictures, victims, refuse=lambda: change("+"), allow=lambda: change("-")
    )


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server that nobody else uses, and that keeps what it committed when it is killed."""
    server = Postgres(tmp_path_factory.mktemp("own-postgres"), survives=True)
    yield server
    server.close()


def test_a_server_that_turns_read_only_lets_nothing_out_that_cannot_be_noted(
    own_postgres: Postgres, tmp_path: Path, pictures: tuple[Path, ...], victims: Victims
) -> None:
    setting = "default_transaction_read_only = {}"
    with own_postgres.emptied() as url:
        _interrupted(
            url,
            tmp_path,
            pictures,
            victims,
            refuse=lambda: own_postgres.set(setting.format("on")),
            allow=lambda: own_postgres.set(setting.format("off")),
        )


def test_a_server_that_is_killed_under_load_and_started_again_loses_and_repeats_nothing(
    own_postgres: Postgres, tmp_path: Path, pictures: tuple[Path, ...], victims: Victims
) -> None:
    with own_postgres.emptied() as url:
        _interrupted(url, tmp_path, pictures, victims, refuse=own_postgres.kill, allow=own_postgres.start_again)


def _interrupted(
    url: str,
    folder: Path,
    pictures: tuple[Path, ...],
    victims: Victims,
    *,
    refuse: Callable[[], None],
    allow: Callable[[], None],
) -> None:
    """Let two workers deliver. Between a visible write and its answer the database begins to refuse, later no more."""
    clock = Clock(wall_clock() - timedelta(minutes=10))
    with open_newsroom(url, folder, clock=clock, pictures=pictures, settings=_SHORT) as newsroom:
        for recipe in (TEXT, ARTICLE) * 4:
            newsroom.one(recipe, publish_at=newsroom.soon(1))
        newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "slow", "seconds": 60, "when": "after"}})
        workers = [victims.start(newsroom.environment, folder / f"trace-{n}") for n in range(2)]
        refused = False
        try:
            until(lambda: bool(newsroom.seen()), seconds=30)
            refuse()
            refused = True
            _answer_now(newsroom)
            until(lambda: _is_quiet(newsroom), seconds=30)
            # each of the two accounts may have had one write announced when the database went
            assert 1 <= len(newsroom.requests("publish")) <= len(newsroom.accounts)
            allow()
            refused = False
            until(lambda: all(newsroom.is_over(number) for number in newsroom.approved), seconds=60)
        finally:
            if refused:
                allow()
            for worker in workers:
                worker.signal(signal.SIGTERM)
            fates = [worker.fate() for worker in workers]
        assert [fate.code for fate in fates] == [0, 0], [fate.trace[-30:] for fate in fates]
        newsroom.prove_all_out()
        newsroom.prove_record()
        told = [[each.outcome for each in newsroom.attempts(number)] for number in newsroom.approved]
        assert ["", "published"] in told  # of one the result could not be kept: it was looked for, and found


def _answer_now(newsroom: Newsroom) -> None:
    """Let the platform give the answer that it holds back."""
    newsroom.sandbox.closing.set()
    newsroom.sandbox.closing.clear()


def _is_quiet(newsroom: Newsroom) -> bool:
    """Tell whether every request is answered, and no new one came since a moment ago."""
    before = newsroom.last_request()
    time.sleep(0.5)
    with newsroom.sandbox.lock:
        return newsroom.last_request() == before and all(each["status"] for each in newsroom.sandbox.requests)
