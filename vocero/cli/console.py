"""How things are shown and asked, and how errors end. Light: the help of the command line needs nothing else."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console

from core.errors import VoceroError
from core.texts import _

LARGEST_NUMBER = 999_999_999  # of a post, an account, a delivery: far below what the databases can count to

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said before the command's name."""

    settings_file: Path | None = None
    actor: str = ""


def show_json(value: Any) -> None:
    """Print for programs: one JSON document on the standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_as_json) + "\n")


def fail(error: VoceroError) -> int:
    """Say the error in one line on the standard error, and return the exit code of its kind."""
    err.print(f"[bold red]{_('Error')}:[/] ", end="")
    err.print(" ".join(error.sentence.split()), markup=False)
    # whoever set up logs has loaded it; the help need not wait for it (a third of its time)
    structlog = sys.modules.get("structlog")
    if error.diagnostic and structlog is not None and structlog.is_configured():
        structlog.get_logger().debug("diagnostic", detail=error.diagnostic)
    return error.exit_code


def say(sentence: str, *, style: str | None = None) -> None:
    """Print a line; nothing in it is markup."""
    out.print(sentence, markup=False, style=style)


def say_rows(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print rows under headings, in columns as wide as they need: nothing is cut, and a pipe gets whole lines."""
    widths = [max(map(cell_len, column)) for column in zip(headings, *rows, strict=True)]
    for row, style in ((headings, "bold"), *((row, None) for row in rows)):
        cells = (set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True))
        say("  ".join(cells).rstrip(), style=style)


def confirmed(question: str) -> bool:
    """Ask for a yes ("s", "sí"); anything else is a no."""
    answer: str = typer.prompt(f"{question} [s/N]", default="n", show_default=False)
    return answer.strip().casefold() in ("s", "si", "sí")


def _as_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
