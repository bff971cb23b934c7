"""`python -m tests.chaos`: seven hostile platforms, workers that are killed; is the ledger what was approved?"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.chaos.run import Order, Outcome, run_chaos
from tests.databases import KINDS, Postgres, migrated_sqlite

_PACE = 10  # seconds between lines where they do not replace each other


def main() -> int:
    """Run it, print what came of it, and return 0 when the ledger equals the approvals."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7, help="fixes programme, faults and kills; not who comes first")
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    parser.add_argument("--kills", type=int, default=None, help="default: one for every 25 deliveries")
    parser.add_argument(
        "--minutes", type=float, default=45, help="how long it may last; ten are enough for a machine at rest"
    )
    parser.add_argument("--keep", action="store_true", help="keep the folder: database, ledger and workers' logs")
    asked = parser.parse_args()
    kills = max(2, asked.deliveries // 25) if asked.kills is None else asked.kills
    order = Order(
        deliveries=asked.deliveries,
        seed=asked.seed,
        kills=kills,
        over=timedelta(seconds=asked.deliveries * 0.1),
        at_most=timedelta(minutes=asked.minutes),
    )
    # in memory where there is some: processes die here, the machine does not, and no commit need wait for a disk
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="vocero-chaos-", dir=memory if memory.is_dir() else None))
    print(f"{asked.deliveries} deliveries, seed {asked.seed}, {kills} kills at most, {asked.database}", flush=True)
    with _database(asked.database, folder) as url:
        outcome = run_chaos(order, url, folder, _Progress())
    _summary(outcome)
    if outcome.wrong or asked.keep:
        print(f"kept: {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    if outcome.wrong:
        print(f"again: make chaos DELIVERIES={asked.deliveries} SEED={asked.seed} DATABASE={asked.database}")
    return 1 if outcome.wrong else 0


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        path = folder / "vocero.db"
        shutil.copy(migrated_sqlite(folder), path)
        yield f"sqlite:///{path}"
        return
    server = Postgres(folder)
    try:
        with server.emptied() as url:
            yield url
    finally:
        server.close()


class _Progress:
    """One line that changes on a terminal; elsewhere a line every ten seconds."""

    def __init__(self) -> None:
        self._told_at = self._began = time.monotonic()

    def __call__(self, states: Counter[str], killed: int) -> None:
        now = time.monotonic()
        is_terminal = sys.stdout.isatty()
        if not is_terminal and now - self._told_at < _PACE:
            return
        self._told_at = now
        told = " · ".join(f"{state} {count}" for state, count in sorted(states.items()))
        print(
            f"{now - self._began:4.0f} s  {told} · killed {killed}".ljust(110),
            end="\r" if is_terminal else "\n",
            flush=True,
        )


def _summary(outcome: Outcome) -> None:
    faults = ", ".join(f"{kind} {count}" for kind, count in outcome.struck.most_common() if count)
    print(f"\n{outcome.seconds:.0f} s ({outcome.cpu_seconds:.0f} s of computing); {outcome.requests} requests")
    print(f"faults: {sum(outcome.struck.values())} ({faults})")
    print(f"workers killed: {outcome.killed}; accounts connected again: {outcome.reconnected}; ", end="")
    print(f"released by a person: {outcome.released}; settled by a person: {outcome.settled}")
    print("states: " + ", ".join(f"{state} {count}" for state, count in outcome.states.most_common()))
    print(f"entries in the ledger: {outcome.writes}")
    for each in outcome.wrong:
        print(f"WRONG: {each}")
    print(f"violations: {len(outcome.wrong)}")


if __name__ == "__main__":
    sys.exit(main())
