"""Anexo 01 read from a workbook: every grid and every list of every sheet."""

from datetime import datetime
from pathlib import Path

from core.errors import InvalidInput
from core.lima import Week, shown, to_lima
from core.texts import _
from scheduler.programme.container import open_sheets
from scheduler.programme.entries import MAX_ENTRIES, Problem, Programme, ProgrammeEntry
from scheduler.programme.flat import read_lists
from scheduler.programme.grid import read_grids
from scheduler.programme.sheets import cell_name


def read_programme(path: Path, *, now: datetime) -> Programme:
    """Return what the workbook says; whatever is wrong with a cell is a problem and does not stop the rest.

    `now` (aware) tells the past from the future and completes dates without a year.
    Raises InvalidInput where nothing can be read: no workbook, no sheet with a grid or a list.
    """
    entries: list[ProgrammeEntry] = []
    problems: list[Problem] = []
    is_programme = False
    for sheet in open_sheets(path):
        is_grid, grid_entries, grid_problems = read_grids(sheet, now=now)
        is_list, list_entries, list_problems = read_lists(sheet, now=now)
        entries += grid_entries + list_entries
        problems += grid_problems + list_problems
        if (is_grid or is_list) and sheet.outside:
            reason = _("hay datos muy lejos del cuadro, y no se leen; bórrelos o muévalos al cuadro")
            problems.append(Problem(sheet.name, cell_name(sheet.outside), reason))
        is_programme = is_programme or is_grid or is_list
    if not is_programme:
        raise InvalidInput(
            _(
                "El archivo «{name}» no tiene un cuadro semanal (fila con Lunes … Domingo) ni una lista "
                "(columnas Fecha, Hora, Redes y Texto). Use la plantilla del programa semanal."
            ).format(name=path.name)
        )
    entries, repeated = _without_repeated(entries)
    problems += repeated
    if len(entries) > MAX_ENTRIES:
        place = entries[MAX_ENTRIES].place
        reason = _("hay más de {n} entradas en el archivo; repártalas en varios archivos").format(n=MAX_ENTRIES)
        problems.append(Problem(place.sheet, place.cell, reason))
        entries = entries[:MAX_ENTRIES]
    weeks = {Week.of(to_lima(entry.publish_at).date()) for entry in entries}
    return Programme(
        week=weeks.pop() if len(weeks) == 1 else None,
        entries=tuple(sorted(entries, key=lambda entry: entry.publish_at)),
        problems=tuple(problems),
    )


def _without_repeated(entries: list[ProgrammeEntry]) -> tuple[list[ProgrammeEntry], list[Problem]]:
    """Return the entries without those that would publish the same text twice at once, and a problem for each."""
    first: dict[tuple[datetime, str, str], ProgrammeEntry] = {}
    kept, problems = [], []
    for entry in entries:
        keys = [(entry.publish_at, entry.text, platform.value) for platform in entry.platforms]
        earlier = next((first[key] for key in keys if key in first), None)
        if earlier is None:
            first.update(dict.fromkeys(keys, entry))
            kept.append(entry)
            continue
        reason = _(
            "repite la entrada de la hoja «{sheet}», celda {cell} ({when}, la misma red y el mismo texto); borre una"
        ).format(sheet=earlier.place.sheet, cell=earlier.place.cell, when=shown(entry.publish_at))
        problems.append(Problem(entry.place.sheet, entry.place.cell, reason))
    return kept, problems
