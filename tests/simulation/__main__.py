"""The long run, and the replay of one seed: `make simulate SEEDS=10000`, `make simulate SEED=123 DB=sqlite`."""

import argparse
import multiprocessing
import sys
import tempfile
from contextlib import ExitStack
from multiprocessing.util import Finalize
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.databases import KINDS, Postgres
from tests.simulation.mutations import MUTATIONS
from tests.simulation.world import Simulation, Verdict, simulations

_PIECE = 25
_open: dict[str, Simulation] = {}
_folder = Path()


def main() -> int:
    """Run what was asked for; 0 when nothing was broken, 1 otherwise."""
    given = _arguments()
    kinds = KINDS if given.db == "both" else (given.db,)
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="vocero-sim-", dir=_memory()) as folder, ExitStack() as stack:
        if "postgresql" in kinds:
            stack.callback(Postgres(Path(folder)).close)  # it lives until the last of all has ended
        if given.mutation:
            stack.enter_context(MUTATIONS[given.mutation]())
        if given.seed is not None:
            return _replay(kinds, given.seed, Path(folder))
        return _run(kinds, range(given.first, given.first + given.seeds), given.jobs, Path(folder), console)


def _run(kinds: tuple[str, ...], seeds: range, jobs: int, folder: Path, console: Console) -> int:
    pieces = [(kind, start, min(start + _PIECE, seeds.stop)) for start in seeds[::_PIECE] for kind in kinds]
    failed: list[tuple[str, Verdict]] = []
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with (
        Progress(*columns, console=console) as progress,
        multiprocessing.get_context("fork").Pool(jobs, _begin, (folder,)) as pool,
    ):
        task = progress.add_task("schedules", total=len(seeds) * len(kinds))
        for kind, count, broken in pool.imap_unordered(_piece, pieces):
            progress.advance(task, count)
            for verdict in broken:
                failed.append((kind, verdict))
                console.print(f"[red]seed {verdict.seed} on {kind}[/red]: {verdict.broken[0]}", highlight=False)
        pool.close()
        pool.join()
    for kind, verdict in failed:
        print(f"make simulate SEED={verdict.seed} DB={kind}  # {verdict.broken[0]}")
    print(f"{len(seeds)} schedules on {' and '.join(kinds)}: {len(failed)} violations")
    return 1 if failed else 0


def _replay(kinds: tuple[str, ...], seed: int, folder: Path) -> int:
    is_broken = False
    for kind in kinds:
        with simulations(kind, folder, folder) as simulation:
            verdict = simulation.run(seed)
        print(*verdict.trace, sep="\n")
        print(f"seed {seed} on {kind}:", *(verdict.broken or ("all holds",)), sep="\n  ")
        is_broken = is_broken or bool(verdict.broken)
    return 1 if is_broken else 0


def _begin(folder: Path) -> None:
    global _folder  # noqa: PLW0603  (of this process of the pool)
    _folder = folder


def _piece(piece: tuple[str, int, int]) -> tuple[str, int, list[Verdict]]:
    kind, first, last = piece
    if kind not in _open:
        stack = ExitStack()
        mine = _folder / str(multiprocessing.current_process().pid)
        mine.mkdir(exist_ok=True)
        _open[kind] = stack.enter_context(simulations(kind, mine, _folder))
        Finalize(None, stack.close, exitpriority=10)
    verdicts = [_open[kind].run(seed) for seed in range(first, last)]
    return kind, last - first, [verdict for verdict in verdicts if verdict.broken]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many schedules")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="replay this one, and print its schedule")
    parser.add_argument("--db", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--mutation", choices=sorted(MUTATIONS), help="plant this bug")
    return parser.parse_args()


def _memory() -> str | None:
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
