"""The look of a written workbook, and texts that stay texts whatever they begin with."""

import re
from collections.abc import Sequence

from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import InvalidInput
from core.texts import _

OFFICE = "OFICINA DE PRENSA E IMAGEN INSTITUCIONAL – INPE"
INK = "1F2A44"
# what Excel stores in one cell, counted in UTF-16 units: Microsoft's "Excel specifications and limits" [memory]
MAX_CELL_UNITS = 32_767
# the tallest row that Excel shows: the same page [memory]
_MAX_ROW_POINTS = 409
_POINTS_A_LINE = 13.5
# A4: ECMA-376 part 1, 18.3.1.63
_A4 = 9

_LINE = Side(style="thin", color="9AA5BD")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
TEXT = Font(size=10)
TOP_CENTRED = Alignment(horizontal="center", vertical="top")
_HEADING = PatternFill("solid", start_color="E8ECF4")

# XML 1.0, production 2: what no XML file can hold
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# ECMA-376 part 1, 22.9.2.19: a text that looks like an escape must itself be escaped
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def put_text(cell: Cell | MergedCell, text: str) -> None:
    """Put the text into the cell as text, whatever it begins with: no program evaluates it as a formula.

    Raises InvalidInput where it is too long for a cell.
    """
    if not text:
        return
    if units(text) > MAX_CELL_UNITS:
        raise InvalidInput(
            _("Hay un texto demasiado largo para una celda de Excel (más de 32 767 signos); acórtelo o exporte en PDF.")
        )
    cell.value = _stored(text)
    cell.data_type = "s"
    # Excel's own mark for "typed with an apostrophe": the text stays text when somebody edits the cell
    cell.quotePrefix = text.lstrip()[:1] in tuple("=+-@|%") or text[0] in "\t\r"


def head(sheet: Worksheet, row: int, titles: Sequence[str]) -> None:
    """Write a row of headings from the first column on."""
    for column, title in enumerate(titles, start=1):
        put_text(sheet.cell(row, column), title)
        style_heading(sheet.cell(row, column))


def style_heading(cell: Cell | MergedCell) -> None:
    """Give the cell the look of a heading."""
    cell.font = Font(bold=True, color=INK)
    cell.fill, cell.border, cell.alignment = _HEADING, BORDER, CENTRED


def units(text: str) -> int:
    """Return how much of a cell's room the text takes, in UTF-16 units as it will be stored."""
    return len(_stored(text).encode("utf-16-le")) // 2


def _stored(text: str) -> str:
    return _LIKE_AN_ESCAPE.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))


def height(texts: Sequence[tuple[str, int]]) -> float:
    """Return the points a row needs for its texts, each with its column's width in characters."""
    lines = max((sum(1 + len(line) // width for line in text.split("\n")) for text, width in texts if text), default=2)
    return min(_MAX_ROW_POINTS, max(2, lines) * _POINTS_A_LINE + 4)


def set_print(sheet: Worksheet, *, repeated: str) -> None:
    """Print on A4 landscape, as wide as the page, the rows `4:5` repeated on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = repeated
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddHeader = HeaderFooterItem(center=_HeaderFooterPart(OFFICE))
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("P-E3.01.04 · Anexo N° 01"), right=_HeaderFooterPart("Página &P de &N")
    )
