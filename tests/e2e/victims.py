"""Orders for tests/e2e/victim.py, and what became of the workers."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a worker. `code`: its exit code, or the negative number of the signal that ended it."""

    stopped: bool
    code: int | None
    trace: tuple[str, ...]

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Victim:
    """A worker under way."""

    forge: "Victims"
    pid: int
    trace: Path

    def fate(self) -> Fate:
        """Wait until it has ended, or stands frozen."""
        answer = self.forge.ask({"do": "await", "pid": self.pid})
        trace = tuple(self.trace.read_text().splitlines()) if self.trace.exists() else ()
        return Fate(stopped=answer["stopped"], code=answer["code"], trace=trace)

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)


class Victims:
    """A process that has imported everything, opened nothing, and forks workers."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("VOCERO_")},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=10)

    def ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Give one order and return its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def start(
        self,
        environment: Mapping[str, str],
        trace: Path,
        *,
        instants: Sequence[datetime] = (),
        at: int | None = None,
        shape: str | None = None,
        number: int = signal.SIGKILL,
    ) -> Victim:
        """Fork a worker that works at each of the instants; without any, by the database's clock until SIGTERM."""
        order = {
            "do": "run",
            "environment": dict(environment),
            "trace": str(trace),
            "instants": [instant.isoformat() for instant in instants],
            "at": at,
            "shape": shape,
            "signal": int(number),
        }
        return Victim(self, self.ask(order)["pid"], trace)
