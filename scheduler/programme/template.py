"""An empty programme for the office to fill: the grid, the list and how to write in them."""

from datetime import time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from core.lima import Week
from core.platforms import Platform
from core.texts import _
from scheduler.programme.annex import fill_grid
from scheduler.programme.cells import INK, WRAPPED, put_text, set_print
from scheduler.programme.files import write_whole
from scheduler.programme.listing import fill_list

_EMPTY_HOURS = tuple(time(hour) for hour in (8, 10, 12, 15, 17, 19))
_WIDTH = 110


def write_template(path: Path, week: Week) -> None:
    """Write an empty workbook for the week: sheets "Programa", "Lista" and "Instrucciones"."""
    book = Workbook()
    fill_grid(book.worksheets[0], (), week=week, empty_hours=_EMPTY_HOURS)
    fill_list(book.create_sheet(), ())
    _fill_instructions(book.create_sheet("Instrucciones"))
    write_whole(path, book.save)


def _fill_instructions(sheet: Worksheet) -> None:
    lines = (
        (_("Cómo llenar el programa semanal"), True),
        (_("Use la hoja «Programa» o la hoja «Lista»; no escriba la misma publicación en las dos."), False),
        (_("Todo entra como borrador: nada se publica sin la aprobación de la jefatura."), False),
        ("", False),
        (_("En la hoja «Programa», cada publicación se escribe así dentro de su celda:"), True),
        (_("[Facebook, Web]"), False),
        (_("Título: Nuevo taller de carpintería (solo para la página web; puede faltar)"), False),
        (_("El texto, tal como se publicará, en las líneas que necesite."), False),
        (_("Imagen: taller.jpg | Describa en una frase lo que se ve"), False),
        (_("Enlace: https://www.gob.pe/inpe"), False),
        (_("Hilo: (en su propia línea; lo que sigue es el mensaje siguiente del hilo en X)"), False),
        (_("Miniatura: portada.jpg · Subtítulos: charla.srt | es (solo si hay video)"), False),
        (_("Etiquetas: salud, talleres · Opción: flickr.license = 11"), False),
        ("", False),
        (_("Varias publicaciones en una celda: sepárelas con una línea de tres guiones (---)."), False),
        (_("Otra hora que la de la fila: escriba antes del texto una línea «Hora: 08:20»."), False),
        (_("Si una línea del texto comienza con [ o con «Hora:», ponga antes una barra: \\["), False),
        (_("Celdas combinadas hacia abajo: una vez, a la primera hora. Hacia el lado: una vez cada día."), False),
        ("", False),
        (_("En la hoja «Lista», una fila por publicación. Varias imágenes: una por línea o con ;"), True),
        (_("Cada imagen lleva su texto alternativo, en el mismo orden."), False),
        ("", False),
        (_("Redes: {names}").format(names=", ".join(platform.label for platform in Platform)), False),
    )
    for row, (text, is_heading) in enumerate(lines, start=1):
        cell = sheet.cell(row, 1)
        put_text(cell, text)
        cell.alignment = WRAPPED
        cell.font = Font(bold=is_heading, color=INK)
    sheet.column_dimensions["A"].width = _WIDTH
    set_print(sheet, repeated="1:1")
