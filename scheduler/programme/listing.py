"""The programme written as a list: one row an entry, for offices that prefer it to the grid."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.lima import to_lima
from scheduler.programme.cells import BORDER, TEXT, WRAPPED, head, height, put_text, set_print
from scheduler.programme.entries import ProgrammeCell, ProgrammeEntry, in_order
from scheduler.programme.fields import write_thread
from scheduler.programme.files import write_whole

LIST_COLUMNS = (
    ("Fecha", 13),
    ("Hora", 11),
    ("Redes", 22),
    ("Título", 30),
    ("Texto", 70),
    ("Imágenes", 24),
    ("Textos alternativos", 40),
    ("Enlace", 32),
    ("Hilo", 40),
    ("Etiquetas", 24),
    ("Miniatura", 20),
    ("Subtítulos", 20),
    ("Opciones", 28),
    ("Estado", 16),
    ("Código", 16),
)


def write_flat(entries: Iterable[ProgrammeEntry | ProgrammeCell], *, path: Path) -> None:
    """Write the entries as a list, one row each, as an .xlsx that `read_programme` reads back whole."""
    book = Workbook()
    fill_list(book.worksheets[0], in_order(entries))
    write_whole(path, book.save)


def fill_list(sheet: Worksheet, cells: Sequence[ProgrammeCell]) -> None:
    """Write the list into an empty sheet."""
    sheet.title = "Lista"
    head(sheet, 1, [name for name, _width in LIST_COLUMNS])
    for row, cell in enumerate(cells, start=2):
        entry = cell.entry
        local = to_lima(entry.publish_at)
        sheet.cell(row, 1, local.date()).number_format = "dd/mm/yyyy"
        sheet.cell(row, 2, cell.hour).number_format = "hh:mm:ss" if local.second else "hh:mm"
        texts = (
            ", ".join(platform.label for platform in entry.platforms),
            entry.title or "",
            entry.text,
            "\n".join(image.file_name for image in entry.images),
            "\n".join(image.alt_text for image in entry.images),
            entry.link or "",
            write_thread(entry.thread),
            ", ".join(entry.tags),
            entry.thumbnail or "",
            "\n".join(f"{each.file_name} | {each.language}" for each in entry.captions),
            "\n".join(f"{name} = {chosen}" for name, chosen in entry.options),
            cell.state_label or "",
            cell.code or "",
        )
        for column, text in enumerate(texts, start=3):
            put_text(sheet.cell(row, column), text)
        for column in range(1, len(LIST_COLUMNS) + 1):
            target = sheet.cell(row, column)
            target.alignment, target.border, target.font = WRAPPED, BORDER, TEXT
        widths = [width for _name, width in LIST_COLUMNS[2:]]
        sheet.row_dimensions[row].height = height(list(zip(texts, widths, strict=True)))
    for column, (_name, width) in enumerate(LIST_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    set_print(sheet, repeated="1:1")
