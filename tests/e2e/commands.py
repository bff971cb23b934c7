"""The command line as people and cron run it: a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MAIN = "from vocero.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def json(self) -> Any:
        return json.loads(self.out)


def vocero(environment: Mapping[str, str], *arguments: str, folder: Path, given: str = "") -> Said:
    """Run `vocero` to its end."""
    done = subprocess.run(
        [sys.executable, "-c", _MAIN, *arguments],
        env=_environment(environment),
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def start_vocero(environment: Mapping[str, str], *arguments: str, folder: Path) -> "subprocess.Popen[str]":
    """Start `vocero` and return its process."""
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, *arguments],
        env=_environment(environment),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def working(environment: Mapping[str, str], *arguments: str, folder: Path) -> "Iterator[subprocess.Popen[str]]":
    """Have `vocero` at work; what a failed test leaves running would do the next one's work."""
    with start_vocero(environment, *arguments, folder=folder) as process:
        try:
            yield process
        finally:
            process.kill()  # does nothing to one that has ended


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("VOCERO_")}
    return {**plain, "COLUMNS": "200", "NO_COLOR": "1", **own}
