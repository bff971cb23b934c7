"""Fresh databases to measure on, as durable as an office's own: nothing is turned off that makes a commit last."""

import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.databases import Postgres, migrated_sqlite


class DurablePostgres(Postgres):
    """The server of the tests, but with PostgreSQL's own settings: each commit waits until it is on the disk."""

    def _tune(self) -> None:
        return


@contextmanager
def server(kind: str, place: Path) -> Iterator["Ground"]:
    """Yield where databases of that kind are made, in the folder; take all of it away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="vocero-bench-", dir=place))
    folder.chmod(0o755)  # run by the superuser, PostgreSQL works as another user
    usual = tempfile.tempdir
    tempfile.tempdir = str(folder)  # that is where the server's files go
    postgres = None
    try:
        postgres = DurablePostgres(folder) if kind == "postgresql" else None
        yield Ground(folder, postgres)
    finally:
        tempfile.tempdir = usual
        if postgres is not None:
            postgres.close()
        shutil.rmtree(folder, ignore_errors=True)


class Ground:
    """Where databases are made."""

    def __init__(self, folder: Path, postgres: Postgres | None) -> None:
        self._folder = folder
        self._postgres = postgres

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Yield the address of a fresh database."""
        if self._postgres is not None:
            with self._postgres.database(migrated=migrated) as url:
                yield url
            return
        path = self._folder / f"{uuid.uuid4().hex}.db"
        if migrated:
            shutil.copyfile(migrated_sqlite(self._folder), path)
        yield f"sqlite:///{path}"
        for each in self._folder.glob(f"{path.name}*"):
            each.unlink()


def cost_of_a_sync(place: Path) -> float:
    """Return how long the disk takes to say that a page is kept: milliseconds, the median of fifty."""
    took = []
    handle, name = tempfile.mkstemp(dir=place)
    try:
        for _ in range(50):
            os.write(handle, bytes(4096))
            began = time.perf_counter()
            os.fsync(handle)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(handle)
        Path(name).unlink()
    return median(took)
