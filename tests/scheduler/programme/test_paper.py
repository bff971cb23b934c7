from datetime import date, time, timedelta
from pathlib import Path

from pypdf import PdfReader

from core.lima import Week, to_utc
from core.platforms import Platform
from scheduler.programme.entries import CellPlace, ProgrammeCell, ProgrammeEntry, ProgrammeImage
from scheduler.programme.paper import write_grid_pdf

WEEK = Week(date(2026, 11, 30))
TYPST = '*x* #panic("no") $x^2$ `c` <b> @ref // y /* #read("grid.typ") \\u{41}'


def _entry(text: str, *, day: int = 0, hour: time = time(8)) -> ProgrammeEntry:
    return ProgrammeEntry(
        to_utc(WEEK.monday + timedelta(days=day), hour),
        (Platform.FACEBOOK, Platform.WEBSITE),
        "Reinserción y año nuevo",
        text,
        (ProgrammeImage("taller.jpg", "Una mesa"),),
        "https://www.gob.pe/inpe",
        CellPlace("", ""),
    )


def _pages(path: Path) -> list[str]:
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in PdfReader(path).pages]


def test_sheet_says_all_that_the_annex_does(tmp_path: Path) -> None:
    path = tmp_path / "semana.pdf"
    write_grid_pdf([ProgrammeCell(_entry("Hola, señor"), "Publicada", "P-0012")], week=WEEK, path=path)
    (page,) = _pages(path)
    for words in (
        "OFICINA DE PRENSA E IMAGEN INSTITUCIONAL – INPE",
        "CUADRO DE PROGRAMACIÓN SEMANAL DE REDES SOCIALES",
        "Del 30 de noviembre al 6 de diciembre de 2026",
        "Miércoles",
        "06/12/2026",
        "08:00",
        "Facebook Página web",
        "Publicada · P-0012",
        "Reinserción y año nuevo",
        "Hola, señor",
        "Imagen: taller.jpg",
        "Enlace: https://www.gob.pe/inpe",
        "V.º B.º Jefatura",
        "Página 1 de 1",
    ):
        assert words in page
    box = PdfReader(path).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)


def test_typst_in_a_text_is_text(tmp_path: Path) -> None:
    write_grid_pdf([_entry(TYPST)], week=WEEK, path=tmp_path / "a.pdf")
    (page,) = _pages(tmp_path / "a.pdf")
    assert "".join(TYPST.split()) in "".join(page.split())


def test_header_is_on_every_page(tmp_path: Path) -> None:
    entries = [_entry("Una línea de texto.\n" * 120, day=day, hour=time(8 + day)) for day in range(3)]
    write_grid_pdf(entries, week=WEEK, path=tmp_path / "a.pdf")
    pages = _pages(tmp_path / "a.pdf")
    assert len(pages) > 3
    assert all("Jueves" in page for page in pages if "Una línea" in page)
    assert all(f"Página {number} de {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert "".join(pages).count("Una línea de texto.") == 360


def test_odd_texts_break_nothing(tmp_path: Path) -> None:
    write_grid_pdf([_entry("a\x00b\ud800c\t👩🏽‍🏭 " + "x" * 500)], week=WEEK, path=tmp_path / "a.pdf")
    assert len(_pages(tmp_path / "a.pdf")) == 1


def test_empty_week_says_so(tmp_path: Path) -> None:
    write_grid_pdf([], week=WEEK, path=tmp_path / "a.pdf")
    assert "No hay publicaciones programadas en esta semana." in _pages(tmp_path / "a.pdf")[0]
