"""A worksheet as plain values: what its cells hold, which are merged, which cannot be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openpyxl.utils import get_column_letter

CellValue = str | int | float | bool | datetime | date | time | timedelta
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of merged cells; rows and columns count from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __contains__(self, position: Position) -> bool:
        row, column = position
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: `cells` holds only what is not empty, `faults` a Spanish reason for what has no value.

    `merges` holds, for each row, the merged areas that it crosses.
    `outside` is the first cell that says something beyond the rows and columns that are read, if any does.
    """

    name: str
    cells: dict[Position, CellValue]
    faults: dict[Position, str]
    merges: dict[int, tuple[Area, ...]]
    outside: Position | None = None

    def rows(self) -> Iterator[tuple[int, dict[int, CellValue]]]:
        """Yield each row that holds something, from the top, as its number and its cells by column."""
        rows: dict[int, dict[int, CellValue]] = {}
        for (row, column), value in self.cells.items():
            rows.setdefault(row, {})[column] = value
        for number in sorted(rows):
            yield number, dict(sorted(rows[number].items()))

    def area(self, position: Position) -> Area:
        """Return the merged area that holds the position, or the cell alone."""
        for area in self.merges.get(position[0], ()):
            if position in area:
                return area
        return Area(*position, *position)

    def anchor(self, position: Position) -> Position:
        """Return the cell that speaks for the position: the first one of its merged area."""
        area = self.area(position)
        return area.first_row, area.first_column

    def merged(self, position: Position) -> CellValue | None:
        """Return the value shown at the position, that of its merged area."""
        return self.cells.get(self.anchor(position))


def cell_name(position: Position) -> str:
    """Return the name that people see, `C7`."""
    row, column = position
    return f"{get_column_letter(column)}{row}"
