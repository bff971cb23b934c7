"""Whatever people leave in the cells, reading ends in entries and problems, never in a crash."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.lima import to_utc
from scheduler.programme.workbook import read_programme

NOW = to_utc(date(2026, 11, 20), time(10))
WORDS = [
    *("Lunes", "Martes 24", "Miércoles 31/02", "Jueves 24/11/2026", "Domingo", "Hora", "Hora /fecha"),
    *("Fecha", "Texto", "Redes", "Imágenes", "Textos alternativos", "Enlace"),
    *("Del 23 al 29 de noviembre", "Del 31/12 al 6/1", "Del 29 de febrero al 6 de marzo", "Del", "al"),
    *("[X] a", "[X]\nHola\n---\n[Web]\nImagen: a|b", "=1+1", "#REF!", "08:00", "8 - 10 pm", "25:00", " ", "\u2028"),
]
VALUES = (
    st.sampled_from(WORDS)
    | st.sampled_from([8, 0.5, 31, 46349, -1, 1e300, True])
    | st.sampled_from([date(2026, 11, 23), date(9999, 12, 31), time(8), timedelta(hours=9), timedelta(days=-1)])
    | st.datetimes(datetime.combine(date(1900, 1, 1), time()), datetime.combine(date(9999, 12, 31), time()))
)
CELLS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), VALUES), min_size=1, max_size=50)
MERGES = st.lists(st.tuples(*[st.integers(1, 9)] * 2, *[st.integers(0, 4)] * 2), max_size=3)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programme") / "semana.xlsx"


@settings(max_examples=150, deadline=None)
@given(cells=CELLS, merges=MERGES)
def test_any_cells_are_read(
    path: Path, cells: Sequence[tuple[int, int, object]], merges: Sequence[tuple[int, ...]]
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    # so that the file is always a programme, however odd
    listed = [(20, 1, "Fecha"), (20, 2, "Hora"), (20, 3, "Texto")]
    for row, column, value in [*cells, *listed]:
        sheet.cell(row, column).value = value  # type: ignore[assignment]  # whatever Excel can hold
    for row, column, height, width in merges:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row + height, end_column=column + width)
    book.save(path)
    programme = read_programme(path, now=NOW)
    assert all(entry.publish_at > NOW and entry.text and entry.platforms for entry in programme.entries)
    assert all(problem.reason and problem.cell for problem in programme.problems)
