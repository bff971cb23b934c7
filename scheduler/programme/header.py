"""Finding a grid in a sheet: its row of days, its dates, its column of hours and the week that it means."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.lima import DAYS, Week, to_lima
from core.texts import _
from scheduler.programme.entries import Problem
from scheduler.programme.fields import quoted
from scheduler.programme.moments import (
    PartialDate,
    folded,
    parse_date,
    parse_span,
    resolved_span,
)
from scheduler.programme.sheets import CellValue, Position, Sheet, cell_name

_FEWEST_DAYS = 2
_HOUR_TITLES = ("hora", "horas", "horario", "turno", "hora/fecha", "fecha/hora", "hora/dia", "hora-fecha", "horayfecha")
_LONGEST_SPAN_LINE = 200
_WEEKS_AROUND = 57


@dataclass(frozen=True, slots=True)
class Header:
    """A grid's header: where its days and hours are, and which rows are its own (`last_row` included)."""

    row: int
    days: dict[int, PartialDate]
    written_at: dict[int, Position]
    hour_column: int
    first_row: int
    last_row: int
    undated: tuple[Position, ...]
    span: tuple[PartialDate, PartialDate] | None
    span_at: Position | None
    span_text: str


@dataclass(frozen=True, slots=True)
class Dating:
    """The week that a header means, None where it contradicts itself or says nothing, and why."""

    week: Week | None
    problems: tuple[Problem, ...]


def grid_headers(sheet: Sheet) -> list[Header]:
    """Return the headers of the sheet's grids, from the top."""
    rows = dict(sheet.rows())
    found = [(row, days) for row, cells in rows.items() if (days := _day_names(cells))]
    headers = []
    previous_end = 0
    for index, (row, days) in enumerate(found):
        next_row = found[index + 1][0] if index + 1 < len(found) else max(rows) + 1
        own_rows = {number: cells for number, cells in rows.items() if row < number < next_row}
        last_row = max(own_rows, default=row)
        following = _span(dict(_reversed(own_rows)))[1]
        if index + 1 < len(found) and following:
            last_row = following[0] - 1
        above = {number: cells for number, cells in rows.items() if previous_end < number <= row}
        headers.append(_header(sheet, row=row, names=days, above=above, last_row=last_row))
        previous_end = last_row
    return headers


def _reversed(rows: dict[int, dict[int, CellValue]]) -> Iterator[tuple[int, dict[int, CellValue]]]:
    return ((number, rows[number]) for number in sorted(rows, reverse=True))


def _day_names(cells: dict[int, CellValue]) -> dict[int, PartialDate]:
    days = {
        column: written
        for column, value in cells.items()
        if isinstance(value, str) and (written := parse_date(value)) and written.weekday is not None
    }
    enough = len({written.weekday for written in days.values()}) >= _FEWEST_DAYS
    return days if enough or (days and any(_is_hour_title(value) for value in cells.values())) else {}


def _is_hour_title(value: CellValue) -> bool:
    return isinstance(value, str) and folded(value).replace(" ", "").rstrip(":") in _HOUR_TITLES


def _header(
    sheet: Sheet,
    *,
    row: int,
    names: dict[int, PartialDate],
    above: dict[int, dict[int, CellValue]],
    last_row: int,
) -> Header:
    days, written_at = {}, {}
    for column, written in names.items():
        area = sheet.area((row, column))
        for covered in range(column, area.last_column + 1):
            days[covered] = written
            written_at[covered] = (row, column)
    first_day = min(days)
    next_row = max(sheet.area((row, column)).last_row for column in names) + 1
    titles = [
        column
        for column in range(1, first_day)
        for line in (row, next_row)
        if (title := sheet.merged((line, column))) is not None and _is_hour_title(title)
    ]
    first_row = next_row
    undated = []
    titled = any(
        (title := sheet.cells.get((next_row, column))) is not None and _is_hour_title(title) for column in titles
    )
    if _is_date_row(sheet, next_row, days, titled=titled):
        first_row = next_row + 1
        for column, written in days.items():
            position = sheet.anchor((next_row, column))
            value = sheet.cells.get(position)
            dated = parse_date(value) if value is not None else None
            if value is not None and (dated is None or dated.day is None):
                undated.append(position)
            elif dated is not None:
                weekday = written.weekday if dated.weekday is None else dated.weekday
                days[column] = PartialDate(dated.day, dated.month, dated.year, weekday)
                written_at[column] = position
    span, span_at, span_text = _span(dict(_reversed(above)))
    return Header(
        row=row,
        days=days,
        written_at=written_at,
        hour_column=titles[0] if titles else first_day - 1,
        first_row=first_row,
        last_row=last_row,
        undated=tuple(undated),
        span=span,
        span_at=span_at,
        span_text=span_text,
    )


def _is_date_row(sheet: Sheet, row: int, days: dict[int, PartialDate], *, titled: bool) -> bool:
    values = [value for column in days if (value := sheet.cells.get((row, column))) is not None]
    if titled:
        # "Hora /fecha" beside the day names' second line: the annex's own layout
        return True
    return bool(values) and all(
        (written := parse_date(value)) is not None and written.day is not None for value in values
    )


def _span(
    rows: dict[int, dict[int, CellValue]],
) -> tuple[tuple[PartialDate, PartialDate] | None, Position | None, str]:
    unread: tuple[Position | None, str] = (None, "")
    for row, cells in rows.items():
        text = " ".join(_shown(value) for value in cells.values())
        plain = folded(text)
        if len(plain) > _LONGEST_SPAN_LINE:
            continue
        span = parse_span(text)
        if span:
            return span, (row, min(cells)), text
        if plain.startswith("del ") and " al " in plain:
            unread = unread if unread[0] else ((row, min(cells)), text)
    return None, *unread


def _shown(value: CellValue) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def date_header(header: Header, *, sheet: Sheet, now: datetime) -> Dating:
    """Return the week that the header means, with a problem for each contradiction."""
    today = to_lima(now).date()
    problems = [
        Problem(
            sheet.name,
            cell_name(position),
            _("no se entiende la fecha «{text}» del encabezado; escriba por ejemplo 23/11/2026").format(
                text=quoted(_shown(sheet.cells[position]))
            ),
        )
        for position in dict.fromkeys(header.undated)
    ]
    week = _week_of_span(header, sheet=sheet, today=today, problems=problems)
    if problems:
        return Dating(None, tuple(problems))
    wrong_days = _wrong_days(header, week)
    if week is None and not wrong_days:
        if not _dated(header):
            return Dating(None, (_unknown_week(header, sheet),))
        week = _week_of_days(header, today=today)
        wrong_days = [] if week else sorted(_dated(header))
    contradictions = [_contradiction(header, column, sheet=sheet, week=week) for column in wrong_days]
    # a day name merged over two columns is told once
    return Dating(None if contradictions else week, tuple(dict.fromkeys(contradictions)))


def _week_of_span(header: Header, *, sheet: Sheet, today: date, problems: list[Problem]) -> Week | None:
    if header.span_at is None:
        return None
    place = cell_name(header.span_at)
    days = resolved_span(header.span, today=today) if header.span else None
    if days is None:
        if header.span is not None or not _dated(header):
            problems.append(
                Problem(
                    sheet.name,
                    place,
                    _(
                        "no se entiende la semana «{text}»; escriba por ejemplo "
                        "«Del 30 de noviembre al 6 de diciembre de 2026»"
                    ).format(text=quoted(header.span_text)),
                )
            )
        return None
    first, last = days
    week = Week.of(first)
    if first != week.monday:
        problems.append(
            Problem(
                sheet.name,
                place,
                _("la semana debe comenzar en lunes y el {first:%d/%m/%Y} es {day}; escriba «{week}»").format(
                    first=first, day=DAYS[first.weekday()].lower(), week=week.shown()
                ),
            )
        )
    elif last not in week:
        problems.append(
            Problem(
                sheet.name,
                place,
                _("la semana va de lunes a domingo y el {last:%d/%m/%Y} queda fuera; escriba «{week}»").format(
                    last=last, week=week.shown()
                ),
            )
        )
    return week


def _dated(header: Header) -> list[int]:
    return [column for column, written in header.days.items() if written.day is not None]


def _wrong_days(header: Header, week: Week | None) -> list[int]:
    """Return the columns whose date cannot be: not in the week, or by itself not that weekday."""
    wrong = []
    for column in sorted(header.days):
        written = header.days[column]
        if week is not None:
            day = week.monday + timedelta(days=written.weekday or 0)
            if not written.fits(day):
                wrong.append(column)
        elif written.day and written.month and written.year:
            try:
                fits = written.fits(date(written.year, written.month, written.day))
            except ValueError:
                fits = False
            if not fits:
                wrong.append(column)
    return wrong


def _week_of_days(header: Header, *, today: date) -> Week | None:
    """Return the week nearest to today in which all dates of the header fall on their weekdays."""
    dated = [header.days[column] for column in _dated(header)]
    if not dated:
        return None
    anchors = {today}
    for written in dated:
        if written.year and written.month:
            anchors.add(date(written.year, written.month, 1))
    candidates = {
        Week.of(anchor + timedelta(weeks=n)) for anchor in anchors for n in range(-_WEEKS_AROUND, _WEEKS_AROUND)
    }
    fitting = (
        week
        for week in candidates
        if all(written.fits(week.monday + timedelta(days=written.weekday or 0)) for written in dated)
    )
    return min(fitting, key=lambda week: (abs(week.monday - today), week.monday < today), default=None)


def _unknown_week(header: Header, sheet: Sheet) -> Problem:
    return Problem(
        sheet.name,
        cell_name((header.row, min(header.days))),
        _(
            "no se sabe de qué semana es el cuadro; escriba encima por ejemplo "
            "«Del 30 de noviembre al 6 de diciembre de 2026»"
        ),
    )


def _contradiction(header: Header, column: int, *, sheet: Sheet, week: Week | None) -> Problem:
    position = header.written_at[column]
    text = _shown(sheet.cells.get(position, ""))
    weekday = header.days[column].weekday or 0
    if week is None:
        reason = _("la fecha «{text}» no cae en {day}; corrija la fecha o el día").format(
            text=quoted(text), day=DAYS[weekday].lower()
        )
    else:
        reason = _(
            "la fecha «{text}» no concuerda con «{week}», donde el {day} es {date:%d/%m/%Y}; corrija una de las dos"
        ).format(
            text=quoted(text),
            week=week.shown(),
            day=DAYS[weekday].lower(),
            date=week.monday + timedelta(days=weekday),
        )
    return Problem(sheet.name, cell_name(position), reason)
