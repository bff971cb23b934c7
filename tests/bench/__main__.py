"""`python -m tests.bench`: measures, prints a table, and keeps it as JSON. Run by `make bench`."""

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.bench.claims import claims
from tests.bench.figures import Figure, Run, keep, show
from tests.bench.grounds import cost_of_a_sync
from tests.bench.image import image
from tests.bench.lateness import lateness
from tests.bench.processes import help_time, idle
from tests.bench.record import record
from tests.bench.throughput import busy_platform, idle_platform
from tests.databases import KINDS
from vocero.cli.given import set_up_logs

MEASUREMENTS: dict[str, Callable[[Run], Iterator[Figure]]] = {
    "help": help_time,
    "idle": idle,
    "deliveries": idle_platform,
    "deliveries-20ms": busy_platform,
    "lateness": lateness,
    "claims": claims,
    "record": record,
    "image": image,
}
_MEMORY = Path("/dev/shm")


def main() -> int:
    """Measure what was asked for. 0: every goal is met, 1: one is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", choices=MEASUREMENTS, help=", ".join(MEASUREMENTS))
    parser.add_argument("--database", metavar="KIND", action="append", choices=KINDS, help=", ".join(KINDS))
    parser.add_argument("--quick", action="store_true", help="few rounds: to see that it works, not to compare")
    parser.add_argument("--folder", metavar="DIR", type=Path, default=Path("/var/tmp"), help="on the disk to measure")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("var/bench"), help="where the JSON goes")
    asked = parser.parse_args()
    set_up_logs("WARNING")
    console = Console()
    measured_at = datetime.now(UTC)
    figures: list[Figure] = []
    with Progress(console=console, transient=True) as progress:
        run = Run(
            quick=asked.quick,
            disk=asked.folder,
            memory=_MEMORY if _MEMORY.is_dir() else None,
            progress=progress,
            kinds=tuple(asked.database or KINDS),
        )
        machine = _machine(run)
        for name in asked.only or MEASUREMENTS:
            for figure in MEASUREMENTS[name](run):
                figures.append(figure)
                console.print(f"{figure.name}: {figure.ours:.4g} {figure.unit}", highlight=False)
    show(figures, console)
    path = keep(figures, asked.out, machine=machine, measured_at=measured_at)
    console.print(f"Kept as {path}", highlight=False)
    return 0 if all(figure.met for figure in figures) else 1


def _machine(run: Run) -> dict[str, object]:
    """Say what class of machine it is: neither its name nor any path."""
    return {
        "cores": os.cpu_count(),
        "load before": os.getloadavg()[0],
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "sqlalchemy": version("sqlalchemy"),
        "apscheduler": version("apscheduler"),
        "quick": run.quick,
        "sync of a page, ms": cost_of_a_sync(run.disk),
    }


if __name__ == "__main__":
    sys.exit(main())
