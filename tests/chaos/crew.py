"""Processes of `vocero run` over one database, killed at random and started again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# what a log tells only of a mistake of ours
_MISTAKES = ("Traceback", "connector_bug", "delivery_crashed", "connector_misconfigured")
_BEGINS_WITHIN = 60  # seconds


@dataclass(slots=True)
class Crew:
    """The workers. `kills`: how many may die at the most, `gap`: seconds of work between two deaths, on average."""

    environment: Mapping[str, str]
    folder: Path
    chance: random.Random
    kills: int
    gap: float
    lists_lag: float | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0
    _logs: list[Path] = field(default_factory=list)
    _next: float | None = None

    def begin(self, count: int) -> None:
        """Start so many workers."""
        self.workers = [self._start() for _number in range(count)]

    def strike(self) -> None:
        """Kill one and start another in its place, when its time has come. A worker that ended by itself is a fault."""
        for worker in self.workers:
            if worker.poll() is not None:
                raise AssertionError(f"a worker ended by itself with {worker.returncode}:\n{self.mistakes()}")
        if self.killed >= self.kills or not self._is_time():
            return
        place = self.chance.randrange(len(self.workers))
        self.workers[place].send_signal(signal.SIGKILL)
        self.workers[place].wait(timeout=10)
        self.killed += 1
        self.workers[place] = self._start()
        self._next = None

    def end(self) -> list[int]:
        """Ask all to stop; return their exit codes."""
        begun_at = time.monotonic()
        while not all(log.stat().st_size for log in self._logs) and time.monotonic() - begun_at < _BEGINS_WITHIN:
            time.sleep(0.1)  # one that is only just starting would die of the signal, and drain nothing
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        try:
            return [worker.wait(timeout=60) for worker in self.workers]
        finally:
            for worker in self.workers:
                worker.kill()  # does nothing to one that has ended
                worker.wait(timeout=10)

    def mistakes(self) -> str:
        """Return what the workers' logs tell of mistakes of ours, with the lines around."""
        told = []
        for path in sorted(self.folder.glob("worker-*.log")):
            lines = path.read_text(errors="replace").splitlines()
            places = [n for n, line in enumerate(lines) if any(mark in line for mark in _MISTAKES)]
            told += [f"{path.name}:{n + 1}: {line}" for place in places[:3] for n, line in _around(lines, place)]
        return "\n".join(told)

    def _start(self) -> "subprocess.Popen[bytes]":
        self._logs.append(self.folder / f"worker-{len(self._logs) + 1}.log")
        plain = {name: value for name, value in os.environ.items() if not name.startswith("VOCERO_")}
        own = {"NO_COLOR": "1", "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}
        with self._logs[-1].open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-c", _program(self.lists_lag), "run"],
                env={**plain, **self.environment, **own},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _is_time(self) -> bool:
        """Tell whether the next one dies now: so long after all are at work, however long a busy machine took."""
        if self._next is None and all(log.stat().st_size for log in self._logs):
            self._next = time.monotonic() + self.gap * (0.25 + self.chance.expovariate(4 / 3))
        return self._next is not None and time.monotonic() >= self._next


def _around(lines: list[str], place: int) -> list[tuple[int, str]]:
    return list(enumerate(lines))[place : place + 30]


def _program(lists_lag: float | None) -> str:
    """Return `vocero`; with a lag, in a world where X's lists show after so many seconds what there is."""
    world = "import connectors.x_posts as x; from datetime import timedelta; x.LISTS_LAG = timedelta(seconds={}); "
    return ("" if lists_lag is None else world.format(lists_lag)) + "from vocero.cli import main; main()"
