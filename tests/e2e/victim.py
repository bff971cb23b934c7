"""Workers that die: a process that forks one for each order, with everything imported and nothing opened.

Orders and answers are lines of JSON. `{"do": "run", …}` forks a worker, `{"do": "await", "pid": …}` says what became of
it: `{"stopped": true}` while it is frozen, else its wait status. A worker counts the boundaries it passes (before and
after every commit, before and after every HTTP call), writes each into its trace, and sends itself a signal at the one
it was told.
"""

import gc
import json
import logging
import os
import re
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
import structlog
from sqlalchemy import Connection, event

from connectors.http import DoorAdapter
from storage.database import Database
from storage.transaction import Transaction
from tests.databases import Clock
from vocero.office import open_office
from vocero.settings import load


class Boundaries:
    """Counts boundaries, and sends this process a signal at the chosen one: by number, or the first of that shape."""

    def __init__(self, trace: str, *, at: int | None, shape: str | None, number: int) -> None:
        self._trace = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._at, self._shape, self._signal = at, shape, number
        self._passed = 0
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        with self._lock:
            self._passed += 1
            os.write(self._trace, f"{name}\n".encode())
            if self._passed == self._at or (self._shape and re.fullmatch(self._shape, name)):
                os.kill(os.getpid(), self._signal)
                time.sleep(0.05)  # another thread may be the one that receives it: this one goes no further


class MortalDatabase(Database):
    """A database whose user may die before and after each commit of what it writes."""

    def __init__(self, url: str, *, clock: Callable[[], datetime] | None, boundary: Boundaries) -> None:
        super().__init__(url, clock=clock)
        self._boundary = boundary
        event.listen(self._engine, "commit", self._before)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with super().write() as transaction:
            yield transaction
        self._boundary("after commit")

    def _before(self, connection: Connection) -> None:
        if connection.get_execution_options().get("vocero_writes"):
            self._boundary("before commit")


def work(order: dict[str, Any]) -> None:
    """Be the worker of one order: at each instant of its clock in turn, or with the database's own until SIGTERM."""
    os.environ.update(order["environment"])
    settings = load()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    boundary = Boundaries(
        order["trace"], at=order.get("at"), shape=order.get("shape"), number=order.get("signal", signal.SIGKILL)
    )
    instants = [datetime.fromisoformat(instant) for instant in order.get("instants", ())]
    clock = Clock(instants[0]) if instants else None
    opened = open_office(settings, migrate=False)
    opened.database.close()
    office = replace(opened, database=MortalDatabase(settings.database_url, clock=clock, boundary=boundary))
    original = DoorAdapter.send

    def send(adapter: Any, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        call = f"{request.method} {urlsplit(request.url or '').path}"
        boundary(f"before {call}")
        try:
            return original(adapter, request, *args, **kwargs)
        finally:
            boundary(f"after {call}")

    with patch.object(DoorAdapter, "send", send):
        for instant in instants:
            assert clock is not None
            clock.now = instant
            office.worker(lambda _progress: None).run_once(timedelta(0))
        if not instants:
            worker = office.worker(lambda _progress: None)
            signal.signal(signal.SIGTERM, lambda *_: worker.stop())
            worker.run()


def main() -> None:
    """Serve orders until the standard input ends."""
    gc.freeze()  # what is imported stays shared with the forked
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "run":
            answer: dict[str, Any] = {"pid": _forked(order)}
        else:
            _pid, status = os.waitpid(order["pid"], os.WUNTRACED)
            stopped = os.WIFSTOPPED(status)
            answer = {"stopped": stopped, "code": None if stopped else os.waitstatus_to_exitcode(status)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _forked(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        work(order)
        code = 0
    except BaseException:  # noqa: BLE001  (whatever it was, it is told where the test looks)
        with open(order["trace"], "a", encoding="utf-8") as trace:  # noqa: PTH123  (an order is JSON)
            trace.write(traceback.format_exc())
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
