"""Files that anybody may send: each is refused in one sentence, at once, and nothing hangs."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from core.errors import InvalidInput
from core.lima import Week
from scheduler.programme.template import write_template
from scheduler.programme.workbook import read_programme

pytestmark = pytest.mark.timeout(20)

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ja">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)).replace("&a0;", "&a;")
    + f"]><worksheet {NAMESPACE}><sheetData>"
    + "<row><c t='inlineStr'><is><t>&a9;</t></is></c></row></sheetData></worksheet>"
)
GRID = {"A1": "Del 23 al 29 de noviembre de 2026", "A2": "Hora", "B2": "Lunes", "C2": "Martes", "A3": "08:00"}


def _book(cells: dict[str, str]) -> bytes:
    book = Workbook()
    for name, value in cells.items():
        book.worksheets[0][name] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _with_part(workbook: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for part in [*names, *([name] if name not in names else [])]:
            content = old.read(part) if part in names else b""
            new.writestr(part, change(content) if part == name else content)
    return stream.getvalue()


def _bomb() -> bytes:
    return _with_part(_book(GRID), SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 200_000_000))


def _many_cells() -> bytes:
    row = b"<row>" + b"<c><v>1</v></c>" * 500 + b"</row>"
    return _with_part(_book(GRID), SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + row * 800))


def _deep() -> bytes:
    return _with_part(_book(GRID), SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b"<a>" * 300_000))


def _encrypted_zip() -> bytes:
    content = bytearray(_book(GRID))
    for match in re.finditer(b"PK\x01\x02", bytes(content)):
        content[match.start() + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", "está vacío (0 bytes)"),
        (lambda: b"PK\x03\x04 basura", "está dañado"),
        (lambda: _book(GRID)[:-600], "está dañado"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel antiguo (.xls)"),
        (
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "tiene contraseña",
        ),
        (_encrypted_zip, "tiene contraseña"),
        (lambda: b"Fecha;Hora;Texto\n", "no es un libro de Excel. Si es una lista de texto (.csv)"),
        (lambda: b"\xef\xbb\xbf <html><table></table>", "es una página web con el nombre cambiado"),
        (lambda: bytes(21_000_000), "pesa demasiado"),
        (_bomb, "contiene demasiados datos"),
        (_many_cells, "contiene demasiados datos"),
        (_deep, "contiene demasiados datos"),
        (lambda: _with_part(_book(GRID), SHEET, lambda _xml: BILLION_LAUGHS.encode()), "por seguridad"),
        (lambda: _with_part(_book(GRID), SHEET, lambda _xml: BILLION_LAUGHS.encode("utf-16")), "por seguridad"),
        (
            lambda: _with_part(_book(GRID), "xl/media/logo.png", lambda _png: BILLION_LAUGHS.encode()),
            "por seguridad",
        ),
        (lambda: _with_part(_book(GRID), SHEET, lambda xml: xml[:-40]), "está dañado"),
        (lambda: _with_part(_book(GRID), "xl/workbook.xml", lambda _xml: b"<a/>"), "no tiene un cuadro semanal"),
        (lambda: _book({}), "no tiene un cuadro semanal"),
        (lambda: _book({"A1": "Instrucciones", "A2": "Del lunes al domingo"}), "no tiene un cuadro semanal"),
    ],
)
def test_unreadable_file_is_refused_in_one_sentence(
    tmp_path: Path, now: datetime, make: Callable[[], bytes], reason: str
) -> None:
    path = tmp_path / "semana.xlsx"
    path.write_bytes(make())
    with pytest.raises(InvalidInput) as refused:
        read_programme(path, now=now)
    assert reason in refused.value.sentence
    assert "«semana.xlsx»" in refused.value.sentence
    assert str(tmp_path) not in refused.value.sentence


def test_missing_file_and_folder_are_refused(tmp_path: Path, now: datetime) -> None:
    for path in (tmp_path / "no-esta.xlsx", tmp_path):
        with pytest.raises(InvalidInput, match="No existe el archivo"):
            read_programme(path, now=now)


@pytest.mark.parametrize(
    "change",
    [
        # what a careless hand leaves behind: a size that is a lie, a cell at the very end, a merge of the whole sheet
        lambda xml: re.sub(rb"<dimension[^>]*>", b'<dimension ref="A1:XFD1048576"/>', xml),
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'),
        lambda xml: xml.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="J9:XFD1048576"/></mergeCells>'
        ),
    ],
)
def test_immense_sheet_is_read_at_once(tmp_path: Path, now: datetime, change: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "semana.xlsx"
    path.write_bytes(_with_part(_book({**GRID, "B3": "[X]\nHola"}), SHEET, change))
    programme = read_programme(path, now=now)
    assert [entry.text for entry in programme.entries] == ["Hola"]
    assert programme.problems == ()


def test_data_far_outside_is_a_problem(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "semana.xlsx"
    path.write_bytes(_book({**GRID, "B3": "[X]\nHola", "B900000": "[X]\nPerdida"}))
    programme = read_programme(path, now=now)
    assert [entry.text for entry in programme.entries] == ["Hola"]
    (problem,) = programme.problems
    assert problem.cell == "B900000"
    assert "hay datos muy lejos del cuadro" in problem.reason


def test_formula_with_a_saved_result_is_its_result(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "semana.xlsx"
    workbook = _book({**GRID, "B3": "=A9"})
    path.write_bytes(
        _with_part(
            workbook,
            SHEET,
            lambda xml: re.sub(
                rb'<c r="B3"[^>]*><f>A9</f><v ?/></c>', b'<c r="B3" t="str"><f>A9</f><v>[X]\nHola</v></c>', xml
            ),
        )
    )
    programme = read_programme(path, now=now)
    assert [entry.text for entry in programme.entries] == ["Hola"]


def test_hidden_sheets_with_a_grid_are_read_and_notes_are_not(tmp_path: Path, now: datetime) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "Notas: [X] esto no es una entrada"
    for title, monday, state in (("S48", 23, "visible"), ("S49", 30, "hidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for name, value in {
            **GRID,
            "A1": f"Del {monday}/11/2026 al {monday + 6 if monday == 23 else 6}/{11 if monday == 23 else 12}/2026",
            "C3": f"[X]\n{title}",
        }.items():
            sheet[name] = value
    path = tmp_path / "semana.xlsx"
    book.save(path)
    programme = read_programme(path, now=now)
    assert [(entry.text, entry.place.sheet) for entry in programme.entries] == [("S48", "S48"), ("S49", "S49")]
    assert programme.problems == ()


def test_template_reads_as_an_empty_programme(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "plantilla.xlsx"
    write_template(path, Week.of(now.date()))
    programme = read_programme(path, now=now)
    assert (programme.entries, programme.problems) == ((), ())
