"""Reading the annex's grid: days across, hours down, several entries in a cell, merged cells."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from core.lima import Week, to_utc
from core.texts import _
from scheduler.programme.entries import CellPlace, Problem, ProgrammeEntry
from scheduler.programme.fields import Draft, Fault, quoted, settled
from scheduler.programme.header import Header, date_header, grid_headers
from scheduler.programme.moments import parse_hour
from scheduler.programme.notation import names_networks, read_cell
from scheduler.programme.sheets import Position, Sheet, cell_name


def read_grids(sheet: Sheet, *, now: datetime) -> tuple[bool, list[ProgrammeEntry], list[Problem]]:
    """Return whether the sheet holds a grid, the entries of all its grids, and their problems."""
    headers = grid_headers(sheet)
    entries: list[ProgrammeEntry] = []
    problems: list[Problem] = []
    for header in headers:
        reading = _GridReading(sheet, header, now=now)
        reading.read()
        entries += reading.entries
        problems += reading.problems
    return bool(headers), entries, problems


class _GridReading:
    """One grid while it is being read."""

    def __init__(self, sheet: Sheet, header: Header, *, now: datetime) -> None:
        self.entries: list[ProgrammeEntry] = []
        # a dict for its order: a cell merged across days would tell the same several times
        self.problems: dict[Problem, None] = {}
        self._sheet = sheet
        self._header = header
        self._now = now
        self._week: Week | None = None
        self._told_rows: set[int] = set()

    def read(self) -> None:
        header_faults = [
            position
            for position in sorted(self._sheet.faults)
            if position[0] <= self._header.last_row and position in self._header.written_at.values()
        ]
        for position in header_faults:
            self._problem(position, self._sheet.faults[position])
        cells = list(self._content())
        if not cells:
            return
        if not header_faults:
            dating = date_header(self._header, sheet=self._sheet, now=self._now)
            self.problems.update(dict.fromkeys(dating.problems))
            self._week = dating.week
        for position in cells:
            self._read_cell(position)

    def _content(self) -> Iterator[Position]:
        """Yield the cells of the grid that say something or cannot be read, row by row."""
        header = self._header
        last_row = self._last_row()
        inside = range(min(header.days), max(header.days) + 1)
        positions = self._sheet.cells.keys() | self._sheet.faults.keys()
        for position in sorted(positions):
            row, column = position
            if not header.first_row <= row <= last_row or column not in inside:
                continue
            if position in self._sheet.faults:
                self._problem(position, self._sheet.faults[position])
            elif column not in header.days:
                self._problem(position, _("la columna no tiene día en el encabezado; escriba el día o borre la celda"))
            elif str(self._sheet.cells[position]).strip():
                yield position

    def _last_row(self) -> int:
        """Return the grid's last row: what follows an empty row without hour or networks is a signature or a note."""
        header = self._header
        rows = [(row, cells) for row, cells in self._sheet.rows() if header.first_row <= row <= header.last_row]
        last_row = header.first_row
        for row, cells in rows:
            place = self._sheet.anchor((row, header.hour_column))
            hour = self._sheet.cells.get(place)
            is_entry = (
                place in self._sheet.faults
                or (hour is not None and parse_hour(hour) is not None)
                or any(names_networks(str(value)) for column, value in cells.items() if column in header.days)
            )
            if is_entry or row <= last_row + 1:
                last_row = row
        return last_row

    def _read_cell(self, position: Position) -> None:
        try:
            drafts = read_cell(str(self._sheet.cells[position]))
        except Fault as fault:
            self._problem(position, str(fault))
            return
        hour = self._hour(position, needed=any(draft.hour is None for draft in drafts))
        place = CellPlace(self._sheet.name, cell_name(position))
        for number, draft in enumerate(drafts, start=1):
            label = _("entrada {n}: ").format(n=number) if len(drafts) > 1 else ""
            for day in self._days(position):
                self._settle(draft, day=day, hour=draft.hour or hour, place=place, label=label)

    def _settle(self, draft: Draft, *, day: date | None, hour: time | None, place: CellPlace, label: str) -> None:
        publish_at = to_utc(day, hour) if day is not None and hour is not None else None
        result = settled(draft, publish_at=publish_at, place=place, now=self._now, label=label)
        if isinstance(result, ProgrammeEntry):
            self.entries.append(result)
        else:
            self.problems.update(dict.fromkeys(result))

    def _days(self, position: Position) -> list[date | None]:
        """Return the days that the cell stands for: merged across days it is repeated once each day."""
        if self._week is None:
            return [None]
        area = self._sheet.area(position)
        weekdays = {
            self._header.days[column].weekday or 0
            for column in range(area.first_column, area.last_column + 1)
            if column in self._header.days
        }
        return [self._week.monday + timedelta(days=weekday) for weekday in sorted(weekdays)]

    def _hour(self, position: Position, *, needed: bool) -> time | None:
        """Return the hour of the cell's first row; where it is needed and missing, a problem is told once a row."""
        row = position[0]
        place = (row, self._header.hour_column)
        if self._header.hour_column < 1:
            if needed:
                self._problem(position, _("el cuadro no tiene columna de horas a la izquierda de los días; agréguela"))
            return None
        anchor = self._sheet.anchor(place)
        value = self._sheet.cells.get(anchor)
        hour = parse_hour(value) if value is not None else None
        if hour is not None or not needed or row in self._told_rows:
            return hour
        self._told_rows.add(row)
        if anchor in self._sheet.faults:
            self._problem(anchor, self._sheet.faults[anchor])
        elif value is None:
            self._problem(place, _("falta la hora de esta fila; escriba por ejemplo 08:00"))
        else:
            self._problem(
                anchor,
                _("no se entiende la hora «{hour}»; escriba por ejemplo 08:00 o 3:30 p. m.").format(
                    hour=quoted(str(value))
                ),
            )
        return None

    def _problem(self, position: Position, reason: str) -> None:
        self.problems[Problem(self._sheet.name, cell_name(position), reason)] = None
