"""What Vocero writes, it reads back whole, whatever the texts hold; and no program evaluates any of it."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.errors import InvalidInput, StorageError
from core.lima import Week, to_utc
from core.platforms import Platform
from scheduler.programme.annex import write_grid
from scheduler.programme.entries import CellPlace, ProgrammeCaptions, ProgrammeCell, ProgrammeEntry, ProgrammeImage
from scheduler.programme.fields import clean, without_outer_blank_lines
from scheduler.programme.listing import write_flat
from scheduler.programme.workbook import read_programme

WEEK = Week(date(2026, 12, 28))
NOWHERE = CellPlace("", "")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

TRICKY_LINES = st.sampled_from(
    [
        "=1+1",
        '=HYPERLINK("https://malo.pe")',
        "+51",
        "-1",
        "@SUM(A1)",
        "\tx",
        "---",
        "—————",
        "[Facebook]",
        "  [x] y",
        "\\",
        "\\[x]",
        "» Publicada",
        "Hora: 10:00",
        "Título: x",
        "TITULO : x",
        "Imagen: a.jpg | b",
        "Enlace: https://x.pe",
        "Redes: X",
        "Texto: x",
        "Lunes",
        "Del 1 al 7 de mayo",
        "_x000D_",
        "_x005F_x0041_",
        "👩🏽‍🏭 🇵🇪 1️⃣",
        "<b>&amp;</b>",
        "'",
        "#REF!",
        "TRUE",
        "",
        "   ",
    ]
)
ANY_LINE = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=30)
TEXTS = (
    st.lists(TRICKY_LINES | ANY_LINE, min_size=1, max_size=6)
    .map("\n".join)
    .map(clean)
    .map(without_outer_blank_lines)
    .filter(bool)
)
PLAIN = ANY_LINE.map(clean).map(lambda text: " ".join(text.split())).filter(bool)
FILE_NAMES = st.from_regex(r"[\wñáé=+@ -]{1,12}\.(jpg|PNG)", fullmatch=True).map(clean).map(str.strip)
TAGS = PLAIN.map(lambda tag: " ".join(tag.translate(str.maketrans("", "", ",;#")).split())).filter(bool)
IMAGES = st.lists(st.builds(ProgrammeImage, FILE_NAMES, PLAIN | st.just("=x; y | z")), max_size=3).map(tuple)
ENTRIES = st.builds(
    ProgrammeEntry,
    publish_at=st.integers(0, 7 * 86_400 - 1).map(
        lambda seconds: to_utc(WEEK.monday, time()) + timedelta(seconds=seconds)
    )
    | st.sampled_from([to_utc(WEEK.monday, time(8)), to_utc(WEEK.sunday, time(23, 59, 59))]),
    platforms=st.lists(st.sampled_from(list(Platform)), min_size=1, unique=True).map(tuple),
    title=st.none() | PLAIN,
    text=TEXTS,
    images=IMAGES,
    link=st.none() | st.sampled_from(["https://www.gob.pe/inpe?a=1&b=2#c", "http://x.pe"]),
    place=st.just(NOWHERE),
    thread=st.lists(TEXTS, max_size=2).map(tuple),
    tags=st.lists(TAGS, max_size=3, unique=True).map(tuple),
    thumbnail=st.none() | FILE_NAMES,
    captions=st.lists(st.builds(ProgrammeCaptions, FILE_NAMES, st.sampled_from(["es", "qu", "es-PE"])), max_size=2).map(
        tuple
    ),
    options=st.dictionaries(st.sampled_from(["flickr.license", "youtube.category"]), PLAIN, max_size=2).map(
        lambda chosen: tuple(
            sorted((name, value.replace(";", "")) for name, value in chosen.items() if value.strip(";"))
        )
    ),
)


def _told_apart(entries: list[ProgrammeEntry]) -> list[ProgrammeEntry]:
    """Return the entries in order, without those that a reader would call repeated."""
    seen: set[tuple[datetime, str]] = set()
    kept = []
    for entry in sorted(entries, key=lambda entry: entry.publish_at):
        if (entry.publish_at, entry.text) not in seen:
            seen.add((entry.publish_at, entry.text))
            kept.append(entry)
    return kept


def _read(path: Path) -> list[ProgrammeEntry]:
    programme = read_programme(path, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert programme.problems == ()
    return [replace(entry, place=NOWHERE) for entry in programme.entries]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programme")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=st.lists(ENTRIES, min_size=1, max_size=5), state=st.none() | PLAIN, code=st.none() | PLAIN)
def test_written_programme_is_read_back_whole(
    folder: Path, entries: list[ProgrammeEntry], state: str | None, code: str | None
) -> None:
    entries = _told_apart(entries)
    cells = [ProgrammeCell(entry, state, code) for entry in entries]
    write_grid(cells, week=WEEK, path=folder / "grid.xlsx")
    assert _read(folder / "grid.xlsx") == entries
    write_flat(cells, path=folder / "flat.xlsx")
    assert _read(folder / "flat.xlsx") == entries
    for name in ("grid.xlsx", "flat.xlsx"):
        with zipfile.ZipFile(folder / name) as package:
            sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))
        assert sheet.find(f".//{MAIN}f") is None
        assert {cell.get("t") for cell in sheet.iter(f"{MAIN}c") if len(cell)} <= {"inlineStr", "n"}


def _entry(text: str, *, hour: time = time(8), day: date = WEEK.monday) -> ProgrammeEntry:
    return ProgrammeEntry(to_utc(day, hour), (Platform.X,), None, text, (), None, NOWHERE)


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", " ="])
def test_formula_like_text_is_marked_as_text(tmp_path: Path, beginning: str) -> None:
    write_flat([_entry(f"{beginning}cmd|' /C calc'!A0")], path=tmp_path / "a.xlsx")
    cell = load_workbook(tmp_path / "a.xlsx").worksheets[0]["E2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_what_xml_cannot_hold_breaks_no_file(tmp_path: Path) -> None:
    write_grid([_entry("a\x00b\x1fc\ud800d\ufffee")], week=WEEK, path=tmp_path / "a.xlsx")
    assert [entry.text for entry in _read(tmp_path / "a.xlsx")] == ["a\ufffdb\ufffdc\ufffdd\ufffde"]


def test_seconds_survive_and_hours_are_in_order(tmp_path: Path) -> None:
    entries = [_entry(str(n), hour=time(8, 20, 15 - n)) for n in range(3)]
    write_grid(entries, week=WEEK, path=tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [sheet.cell(row, 1).value for row in (6, 7, 8)] == [time(8, 20, 13), time(8, 20, 14), time(8, 20, 15)]
    assert sheet["A6"].number_format == "hh:mm:ss"


def test_grid_looks_like_the_annex(tmp_path: Path) -> None:
    write_grid([_entry("Hola")], week=WEEK, path=tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        "CUADRO DE PROGRAMACIÓN SEMANAL DE REDES SOCIALES",
        "Ficha de programación semanal de redes sociales",
        "Del 28 de diciembre de 2026 al 3 de enero de 2027",
    ]
    assert [sheet.cell(4, column).value for column in range(2, 9)] == [
        "Lunes",
        "Martes",
        "Miércoles",
        "Jueves",
        "Viernes",
        "Sábado",
        "Domingo",
    ]
    assert sheet["A5"].value == "Hora /fecha"
    assert sheet["H5"].value == datetime.combine(date(2027, 1, 3), time())
    assert sheet.freeze_panes == "B6"
    assert sheet.print_title_rows == "$4:$5"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_day_too_long_for_a_cell_takes_more_rows(tmp_path: Path) -> None:
    entries = [_entry(sign * 20_000) for sign in "abc"]
    write_grid(entries, week=WEEK, path=tmp_path / "a.xlsx")
    assert _read(tmp_path / "a.xlsx") == entries


@pytest.mark.parametrize("write", [lambda e, p: write_grid(e, week=WEEK, path=p), lambda e, p: write_flat(e, path=p)])
def test_entry_too_long_for_a_cell_is_refused_and_leaves_the_old_file(
    tmp_path: Path, write: Callable[[list[ProgrammeEntry], Path], None]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(InvalidInput, match="demasiado largo para una celda"):
        write([_entry("😀" * 20_000)], path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"No se pudo escribir «a\.xlsx»"):
        write_grid([], week=WEEK, path=tmp_path / "no" / "a.xlsx")


def test_entry_outside_the_week_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2027-01-04 is not in week 2026-W53"):
        write_grid([_entry("Hola", day=date(2027, 1, 4))], week=WEEK, path=tmp_path / "a.xlsx")
