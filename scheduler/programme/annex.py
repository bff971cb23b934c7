"""Anexo 01 written as a workbook: the grid as the annex shows it, days across and hours down."""

from collections.abc import Iterable, Sequence
from datetime import time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.lima import DAYS, Week, to_lima
from scheduler.programme.cells import (
    BORDER,
    CENTRED,
    INK,
    MAX_CELL_UNITS,
    TEXT,
    TOP_CENTRED,
    WRAPPED,
    head,
    height,
    put_text,
    set_print,
    style_heading,
    units,
)
from scheduler.programme.entries import ProgrammeCell, ProgrammeEntry, in_order
from scheduler.programme.files import write_whole
from scheduler.programme.notation import write_cell, write_entry

TITLE = "CUADRO DE PROGRAMACIÓN SEMANAL DE REDES SOCIALES"
SUBTITLE = "Ficha de programación semanal de redes sociales"

_DAY_WIDTH = 31
_HOUR_WIDTH = 11


def write_grid(entries: Iterable[ProgrammeEntry | ProgrammeCell], *, week: Week, path: Path) -> None:
    """Write the week's grid as an .xlsx that `read_programme` reads back whole.

    Raises InvalidInput where an entry is too long for a cell, ValueError where one is outside the week.
    """
    cells = as_cells(entries, week=week)
    book = Workbook()
    fill_grid(book.worksheets[0], cells, week=week)
    write_whole(path, book.save)


def as_cells(entries: Iterable[ProgrammeEntry | ProgrammeCell], *, week: Week) -> list[ProgrammeCell]:
    """Return the entries by instant, each with what people are told of it. Raises ValueError outside the week."""
    cells = in_order(entries)
    for cell in cells:
        day = to_lima(cell.entry.publish_at).date()
        if day not in week:
            raise ValueError(f"{day} is not in week {week.name}")
    return cells


def fill_grid(
    sheet: Worksheet, cells: Sequence[ProgrammeCell], *, week: Week, empty_hours: Sequence[time] = ()
) -> None:
    """Write the grid into an empty sheet, with rows for `empty_hours` too."""
    sheet.title = "Programa"
    for row, (text, size) in enumerate(((TITLE, 14), (SUBTITLE, 11), (week.shown(), 11)), start=1):
        put_text(sheet.cell(row, 1), text)
        sheet.cell(row, 1).font = Font(bold=True, size=size, color=INK)
        sheet.cell(row, 1).alignment = CENTRED
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=8)
    sheet.row_dimensions[1].height = 24
    head(sheet, 4, ("", *DAYS))
    head(sheet, 5, ("Hora /fecha",))
    for column, day in enumerate(week.days(), start=2):
        date_cell = sheet.cell(5, column, day)
        date_cell.number_format = "dd/mm/yyyy"
        style_heading(date_cell)
    row = 6
    for hour in sorted({cell.hour for cell in cells} | set(empty_hours)):
        row += _fill_hour(sheet, row, hour, [cell for cell in cells if cell.hour == hour])
    sheet.column_dimensions["A"].width = _HOUR_WIDTH
    for column in range(2, 9):
        sheet.column_dimensions[get_column_letter(column)].width = _DAY_WIDTH
    sheet.freeze_panes = "B6"
    set_print(sheet, repeated="4:5")


def _fill_hour(sheet: Worksheet, row: int, hour: time, cells: Sequence[ProgrammeCell]) -> int:
    """Fill the rows of an hour and return how many: one, or more where a cell would not hold a day's entries."""
    columns = {day: [""] for day in range(2, 9)}
    for cell in cells:
        column = columns[to_lima(cell.entry.publish_at).weekday() + 2]
        written = write_entry(cell)
        together = write_cell([column[-1], written]) if column[-1] else written
        if units(together) > MAX_CELL_UNITS:
            column.append(written)
        else:
            column[-1] = together
    rows = max(map(len, columns.values()))
    for line in range(rows):
        hour_cell = sheet.cell(row + line, 1, hour)
        hour_cell.number_format = "hh:mm:ss" if hour.second else "hh:mm"
        hour_cell.font = Font(bold=True, color=INK)
        hour_cell.alignment, hour_cell.border = TOP_CENTRED, BORDER
        texts = [texts[line] if line < len(texts) else "" for texts in columns.values()]
        for column_number, text in enumerate(texts, start=2):
            target = sheet.cell(row + line, column_number)
            target.alignment, target.border, target.font = WRAPPED, BORDER, TEXT
            put_text(target, text)
        sheet.row_dimensions[row + line].height = height([(text, _DAY_WIDTH) for text in texts])
    return rows
