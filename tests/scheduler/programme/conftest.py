"""Awkward workbooks, made by openpyxl as an office's hands would make them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from scheduler.programme.entries import Programme
from scheduler.programme.workbook import read_programme

Cells = Mapping[str, Any]
Reader = Callable[..., Programme]

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Return Friday 20 November 2026, 10:00 in Lima."""
    return NOW


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Return a function that writes cells into a workbook and reads the programme back."""

    def reader(cells: Cells, *, merges: tuple[str, ...] = (), now: datetime = NOW) -> Programme:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = "Programa"
        for name, value in cells.items():
            sheet[name] = value
        for merge in merges:
            sheet.merge_cells(merge)
        path = tmp_path / "semana.xlsx"
        book.save(path)
        return read_programme(path, now=now)

    return reader
