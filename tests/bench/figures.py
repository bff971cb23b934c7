"""What a measurement says: a figure, what it is held against, and whether the goal is met; shown and kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its baseline of the same run.

    `ratio` is better the larger it is, or the smaller, as `goal` says in words. `more`: what else was seen, in `unit`
    where it has one.
    """

    name: str
    what: str
    unit: str
    ours: float
    baseline: float | None
    baseline_is: str
    goal: str
    met: bool
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours by the baseline."""
        return self.ours / self.baseline if self.baseline else None


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title="Vocero: measured on this machine, just now", title_justify="left")
    for heading in ("figure", "ours", "baseline", "ratio", "goal", "met"):
        table.add_column(heading, justify="right" if heading in ("ours", "baseline", "ratio") else "left")
    for each in figures:
        baseline = "–" if each.baseline is None else f"{_short(each.baseline)} {each.unit}\n{each.baseline_is}"
        table.add_row(
            f"{each.name}\n[dim]{each.what}[/]",
            f"{_short(each.ours)} {each.unit}",
            baseline,
            "–" if each.ratio is None else f"{each.ratio:.2f}",
            each.goal,
            "[green]yes[/]" if each.met else "[bold red]no[/]",
        )
    console.print(table)


def keep(figures: Sequence[Figure], folder: Path, *, machine: dict[str, Any], measured_at: datetime) -> Path:
    """Write the figures as JSON; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{measured_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.json"
    document = {
        "measured_at": measured_at.astimezone(UTC).isoformat(),
        "machine": machine,
        "figures": [asdict(each) | {"ratio": each.ratio} for each in figures],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Run:
    """How a measurement is made: quickly or well, where its files lie, and whom it tells how far it is."""

    quick: bool
    disk: Path
    memory: Path | None
    progress: Progress
    kinds: tuple[str, ...]

    @property
    def places(self) -> dict[str, Path]:
        """Where databases may lie: on the disk, where a commit waits for it, and in memory, where it does not."""
        return {"disk": self.disk} | ({} if self.memory is None else {"memory": self.memory})
