"""A signal may come between any two lines of the worker's loop; it must end, and not wait for itself."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from scheduler import worker as looping
from scheduler.workbench import Timing
from scheduler.worker import Worker
from storage.database import Database

_LINES = 40
_FILES = {Path(looping.__file__).name, "threading.py", "queue.py"}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_told_to_stop_at_any_line_the_loop_ends(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "_turn", lambda _self: timedelta(milliseconds=1))
    for line in range(1, _LINES + 1):
        worker = Worker(database, lambda _delivery: None, name="prueba", timing=Timing())
        before = sys.gettrace()
        sys.settrace(_after(line, worker.stop))
        try:
            worker.run()
        finally:
            sys.settrace(before)
        assert worker.is_stopping()


def _after(lines: int, do: Callable[[], None]) -> Any:
    """Return a tracer that breaks in, as a signal does, before that many lines of the loop have run."""
    left = lines

    def local(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                sys.settrace(None)
                do()
        return local

    def tracer(frame: FrameType, _event: str, _argument: object) -> Any:
        return local if Path(frame.f_code.co_filename).name in _FILES else None

    return tracer
