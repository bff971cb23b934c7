"""How long it takes to find one changed byte in a record of 100,000 events, beside hashing the same bytes alone."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from core.chain import Verdict
from core.events import Event
from storage.database import Database
from tests.bench.figures import Figure, Run
from tests.bench.grounds import server
from tests.databases import unguarded

_GOAL = 2.0  # seconds
_BATCH = 5_000


def record(run: Run) -> Iterator[Figure]:
    """Judge the record, in a process that is warm and as the whole command."""
    size = 10_000 if run.quick else 100_000
    for kind in run.kinds:
        with server(kind, run.disk) as ground, ground.database() as url:
            changed = size * 2 // 3
            bytes_alone = _fill(url, run, size)
            _change(url, changed)
            ours, theirs, command = [], [], []
            for _ in range(1 if run.quick else 5):
                took, verdict = _judge(url)
                if [(each.first, each.last) for each in verdict.damages] != [(changed, changed)]:
                    raise AssertionError(f"not found, or not alone: {verdict.damages}")
                ours.append(took)
                theirs.append(bytes_alone())
                command.append(_command(url, run.disk))
            more: dict[str, object] = {"whole command": median(command), "events": size}
            yield Figure(
                f"record {kind}",
                f"one changed event found and named in {size:,}; the whole command: {median(command):.2f} s",
                "s",
                median(ours),
                median(theirs),
                "SHA-256 of the same bytes alone",
                f"≤ {_GOAL:.0f} s",
                median(ours) <= _GOAL,
                more,
            )


def _fill(url: str, run: Run, size: int) -> "_Hashing":
    database = Database(url)
    task = run.progress.add_task(f"{size:,} events", total=size)
    texts = []
    now = datetime.now(UTC)
    last = "0" * 64
    for begins in range(1, size + 1, _BATCH):
        with database.write() as transaction:
            for number in range(begins, min(begins + _BATCH, size + 1)):
                event = _event(now, number)
                transaction.tell(event)
                texts.append(f"{last}\n{event.canonical(number)}".encode())
                last = event.chained(last, number)
        run.progress.advance(task, _BATCH)
    database.close()
    return _Hashing(texts)


class _Hashing:
    """The baseline: what nobody who checks the chain can do without."""

    def __init__(self, texts: list[bytes]) -> None:
        self._texts = texts

    def __call__(self) -> float:
        began = time.perf_counter()
        for text in self._texts:
            hashlib.sha256(text).hexdigest()
        return time.perf_counter() - began


def _event(now: datetime, number: int) -> Event:
    return Event(
        at=now + timedelta(milliseconds=number),
        actor=("jefa", "redactora", "sistema")[number % 3],
        role="office_head",
        action=("approve_post", "deliver")[number % 2],
        subject=f"delivery:{number}",
        before="in_review",
        after="approved",
        digest=f"{number:064x}" if number % 2 else "",
        reason="Está bien «así»." if number % 5 == 0 else "",
        data={"account": str(number % 9), "revision": str(number)},
    )


def _change(url: str, number: int) -> None:
    database = Database(url)
    with database.write() as transaction, unguarded(transaction._connection):
        transaction._connection.exec_driver_sql(f"UPDATE events SET actor = 'jefb' WHERE number = {number}")
    database.close()


def _judge(url: str) -> tuple[float, Verdict]:
    database = Database(url)
    try:
        began = time.perf_counter()
        with database.read() as transaction:
            verdict = transaction.chain.verify()
        return time.perf_counter() - began, verdict
    finally:
        database.close()


def _command(url: str, folder: Path) -> float:
    environment = {"VOCERO_DATABASE_URL": url, "VOCERO_SECRET_KEY": "A" * 43 + "=", "PATH": "/usr/bin:/bin"}
    began = time.perf_counter()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("vocero")), "audit", "verify"],
        env=environment,
        cwd=folder,
        capture_output=True,
        check=False,
    )
    took = time.perf_counter() - began
    if done.returncode != 1:
        raise AssertionError(done.stderr.decode())
    return took
