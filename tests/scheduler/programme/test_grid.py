from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from core.lima import Week, to_lima
from core.platforms import Platform
from scheduler.programme.entries import Programme

Reader = Callable[..., Programme]

DAYS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")
WEEK = {"A1": "Ficha de programación semanal de redes sociales", "A2": "Del 23 al 29 de noviembre de 2026"}
HEADER = {**{f"{column}3": day for column, day in zip("BCDEFGH", DAYS, strict=True)}, "A4": "Hora /fecha"}
POST = "[Facebook]\nHola"


def _told(programme: Programme) -> list[tuple[str, str]]:
    return [(f"{to_lima(entry.publish_at):%d/%m/%Y %H:%M:%S}", entry.place.cell) for entry in programme.entries]


def _reasons(programme: Programme) -> str:
    return "\n".join(map(str, programme.problems))


def test_annex_layout_is_read(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": time(8), "B5": POST, "A8": "3:30 p. m.", "H8": "[Web, X]\nAdiós"})
    assert _told(programme) == [("23/11/2026 08:00:00", "B5"), ("29/11/2026 15:30:00", "H8")]
    assert programme.entries[1].platforms == (Platform.WEBSITE, Platform.X)
    assert programme.entries[0].publish_at == datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert programme.week == Week(date(2026, 11, 23))
    assert programme.problems == ()


@pytest.mark.parametrize(
    "header",
    [
        {"B3": "LUNES 23", "C3": "martes 24"},
        {"B3": "Lun.", "C3": "Mar 24/11"},
        {"B3": "Lunes 23 de noviembre", "C3": "Martes 24 de noviembre de 2026"},
        {"B3": "Lunes", "C3": "Martes", "A4": "Hora /fecha", "B4": date(2026, 11, 23), "C4": "24/11"},
        {"B3": "Lunes", "C3": "Martes", "B4": 23, "C4": 24},
        {"A3": "HORA", "B3": " lunes ", "C3": "MARTES", "A1": "Del 23/11 al 29/11"},
        {"A3": "Hora", "B3": "Lunes", "C3": "Martes", "A1": "Del", "B1": date(2026, 11, 23), "C1": "al 29/11/2026"},
        {"A3": "Hora", "C3": "Martes 24"},
    ],
)
def test_header_says_the_week(read: Reader, header: Mapping[str, Any]) -> None:
    programme = read({**header, "A5": "08:00", "C5": POST})
    assert (_told(programme), _reasons(programme)) == ([("24/11/2026 08:00:00", "C5")], "")


def test_week_crosses_month_and_year(read: Reader) -> None:
    cells = {**HEADER, "A2": "Del 28/12/2026 al 03/01/2027", "B4": "28/12", "H4": "03/01", "A5": "9:00"}
    programme = read({**cells, "B5": POST, "H5": POST})
    assert _told(programme) == [("28/12/2026 09:00:00", "B5"), ("03/01/2027 09:00:00", "H5")]
    assert programme.problems == ()


@pytest.mark.parametrize(
    ("cells", "cell", "reason"),
    [
        ({"A2": "Del 24 al 30 de noviembre de 2026"}, "A2", "debe comenzar en lunes y el 24/11/2026 es martes"),
        ({"A2": "Del 23 al 30 de noviembre de 2026"}, "A2", "el 30/11/2026 queda fuera"),
        ({"A2": "Del xxx al xxxx"}, "A2", "no se entiende la semana «Del xxx al xxxx»"),
        ({"A2": "Del 31 de abril al 29 de noviembre de 2026"}, "A2", "no se entiende la semana"),
        ({"A2": None}, "B3", "no se sabe de qué semana es el cuadro"),
        ({"C4": date(2026, 11, 25)}, "C4", "«25/11/2026» no concuerda con «Del 23 al 29 de noviembre de 2026»"),
        ({"C3": "Martes 1/12"}, "C3", "donde el martes es 24/11/2026"),
        ({"A2": None, "C3": "Martes 25/11/2026"}, "C3", "la fecha «Martes 25/11/2026» no cae en martes"),
        ({"C4": "feriado"}, "C4", "no se entiende la fecha «feriado»"),
        ({"A5": "temprano"}, "A5", "no se entiende la hora «temprano»"),
        ({"A5": None}, "A5", "falta la hora de esta fila"),
        ({"B5": "=1+1"}, "B5", "la fórmula no tiene un resultado guardado"),
        ({"B5": "Hola"}, "B5", "falta la red"),
        ({"B5": "[Facebook]"}, "B5", "falta el texto"),
        ({"B5": "[Facebok]\nHola"}, "B5", "no se conoce la red «Facebok»"),
        ({"A2": "Del 9 al 15 de noviembre de 2026"}, "B5", "(lun 09/11/2026 08:00) ya pasó"),
        ({"B5": f"{POST}\n---\n[X]\n---\n[X]\nDos"}, "B5", "entrada 2: falta el texto"),
    ],
)
def test_problem_is_named_and_the_rest_is_read(read: Reader, cells: Mapping[str, Any], cell: str, reason: str) -> None:
    good = {"A6": "10:00", "C6": POST}
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": POST, **good, **cells})
    (problem,) = (problem for problem in programme.problems if reason in problem.reason)
    assert (problem.sheet, problem.cell) == ("Programa", cell)
    assert str(problem).startswith(f"hoja «Programa», celda {cell}: ")
    # a week that is in doubt yields nothing at all: a post on the wrong day is worse than none
    is_week_known = cell in ("A5", "B5")
    assert ("C6" in [entry.place.cell for entry in programme.entries]) == (
        is_week_known and "9 al 15" not in str(cells.get("A2"))
    )


def test_error_cell_is_a_problem(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": "#REF!", "C5": POST})
    assert [problem.cell for problem in programme.problems] == ["B5"]
    assert "#REF!" in programme.problems[0].reason
    assert len(programme.entries) == 1


def test_merged_hours_serve_all_their_rows(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": POST, "B6": "[X]\nDos"}, merges=("A5:A6",))
    assert _told(programme) == [("23/11/2026 08:00:00", "B5"), ("23/11/2026 08:00:00", "B6")]


def test_merged_down_is_once_at_the_first_hour(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": "08:00", "A6": "09:00", "B5": POST}, merges=("B5:B6",))
    assert _told(programme) == [("23/11/2026 08:00:00", "B5")]


def test_merged_across_is_once_each_day(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": "08:00", "C5": POST}, merges=("C5:E5",))
    assert _told(programme) == [(f"{day}/11/2026 08:00:00", "C5") for day in (24, 25, 26)]


def test_hour_line_refines_the_row(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": "[X]\nHora: 08:20:15\nUno\n---\n[X]\nDos"})
    assert _told(programme) == [("23/11/2026 08:00:00", "B5"), ("23/11/2026 08:20:15", "B5")]


def test_empty_rows_and_signatures_are_no_problem(read: Reader) -> None:
    cells = {"A5": "08:00", "A8": "19:00", "B8": POST, "C11": "V.º B.º Jefatura de la OPII", "A12": "Elaborado por"}
    programme = read({**WEEK, **HEADER, **cells})
    assert (_told(programme), _reasons(programme)) == ([("23/11/2026 19:00:00", "B8")], "")


def test_row_right_under_the_grid_without_hour_is_a_problem(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": POST, "C6": "Sin hora ni red"})
    assert {problem.cell for problem in programme.problems} == {"A6", "C6"}


def test_column_without_day_is_a_problem(read: Reader) -> None:
    cells = {**WEEK, "B3": "Lunes", "D3": "Martes", "A3": "Hora", "A5": "08:00", "C5": POST, "H5": "Observación"}
    assert "la columna no tiene día" in _reasons(read(cells))
    assert len(read(cells).problems) == 1


def test_two_weeks_on_one_sheet(read: Reader) -> None:
    second = {"A9": "Del 30 de noviembre al 6 de diciembre", "A10": "Hora", "B10": "Lunes", "C10": "Martes"}
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": POST, **second, "A11": "09:00", "C11": POST})
    assert (_told(programme), _reasons(programme)) == (
        [("23/11/2026 08:00:00", "B5"), ("01/12/2026 09:00:00", "C11")],
        "",
    )
    assert programme.week is None


def test_repeated_entry_is_a_problem(read: Reader) -> None:
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": f"{POST}\n---\n[Web, FB]\nHola\n---\n[X]\nHola"})
    assert [entry.platforms for entry in programme.entries] == [(Platform.FACEBOOK,), (Platform.X,)]
    assert "repite la entrada de la hoja «Programa», celda B5 (lun 23/11/2026 08:00" in _reasons(programme)


def test_no_column_of_hours(read: Reader) -> None:
    programme = read({"A1": "Lunes 23/11/2026", "B1": "Martes", "A2": POST})
    assert "no tiene columna de horas" in _reasons(programme)


def test_grid_without_content_is_no_problem_whatever_its_week(read: Reader) -> None:
    programme = read({**HEADER, "A2": "Del xxx al xxxx", "A5": "08:00"})
    assert (programme.entries, programme.problems) == ((), ())


def test_too_many_entries_are_cut_with_a_problem(read: Reader) -> None:
    cell = "\n---\n".join(f"[X]\nTexto {n}" for n in range(501))
    programme = read({**WEEK, **HEADER, "A5": "08:00", "B5": cell})
    assert len(programme.entries) == 500
    assert "hay más de 500 entradas" in _reasons(programme)
