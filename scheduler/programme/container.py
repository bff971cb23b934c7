"""Opening an .xlsx that anybody may have made: sizes, entities and damage are judged before openpyxl reads it."""

import re
import warnings
import zipfile
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from core.errors import InvalidInput
from core.texts import _
from scheduler.programme.sheets import Area, CellValue, Position, Sheet

MAX_FILE_BYTES = 20_000_000
MAX_PARTS = 2_000
MAX_XML_BYTES = 30_000_000
# a full week holds some hundred cells; Google's exports carry 26,000 empty ones a sheet
MAX_ELEMENTS = 250_000
# styles and shared texts cost openpyxl more than cells do
MAX_OTHER_ELEMENTS = 60_000
MAX_DEPTH = 64
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_MERGED_ROWS = 50_000

_CHUNK_BYTES = 65_536
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# ECMA-376 part 1, 22.9.2.19 (ST_Xstring): characters that XML cannot hold are written _xHHHH_
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def open_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the worksheets of the file in their order, hidden ones too.

    Raises InvalidInput where the file is no workbook, is too large, or was made to harm.
    """
    _check_file(path)
    try:
        with zipfile.ZipFile(path) as package:
            _check_package(package)
            # openpyxl warns about what it drops (drawings, extensions, odd dates): none of it is ours to keep
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _sheets(path, package)
    except InvalidInput:
        raise
    except Exception as error:
        raise InvalidInput(
            _(
                "El archivo «{name}» está dañado o no es un libro de Excel. "
                "Ábralo en Excel, guárdelo de nuevo como .xlsx y vuelva a intentarlo."
            ).format(name=path.name),
            diagnostic=type(error).__name__,
        ) from error


def _check_file(path: Path) -> None:
    try:
        if not path.is_file():
            raise _refused(_("No existe el archivo «{name}». Revise el nombre y la carpeta."), path)
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(512)
            encrypted = head.startswith(_OLE_MAGIC) and _ENCRYPTED in file.read(MAX_FILE_BYTES)
    except OSError as error:
        sentence = _("No se puede leer el archivo «{name}». Revise que esté cerrado y que tenga permiso.")
        raise _refused(sentence, path) from error
    if size == 0:
        raise _refused(_("El archivo «{name}» está vacío (0 bytes). Pida que se lo envíen otra vez."), path)
    if size > MAX_FILE_BYTES:
        sentence = _(
            "El archivo «{name}» pesa demasiado para ser un programa semanal (más de 20 MB). "
            "Quite las imágenes pegadas dentro y guárdelo de nuevo."
        )
        raise _refused(sentence, path)
    if not head.startswith(b"PK"):
        raise _refused(_what_it_is(head, encrypted=encrypted), path)


def _what_it_is(head: bytes, *, encrypted: bool) -> str:
    if encrypted:
        return _("El archivo «{name}» tiene contraseña. Guárdelo sin contraseña y vuelva a intentarlo.")
    if head.startswith(_OLE_MAGIC):
        return _("El archivo «{name}» es un Excel antiguo (.xls). Ábralo y guárdelo como «Libro de Excel (.xlsx)».")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _(
            "El archivo «{name}» es una página web con el nombre cambiado, no un libro de Excel. "
            "Ábralo en Excel y guárdelo como «Libro de Excel (.xlsx)»."
        )
    return _(
        "El archivo «{name}» no es un libro de Excel. "
        "Si es una lista de texto (.csv), ábrala en Excel y guárdela como «Libro de Excel (.xlsx)»."
    )


def _check_package(package: zipfile.ZipFile) -> None:
    name = Path(package.filename or "").name
    parts = package.infolist()
    too_large = _(
        "El archivo «{name}» contiene demasiados datos para ser un programa semanal. "
        "Copie solo el cuadro a un libro nuevo y guárdelo como .xlsx."
    ).format(name=name)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts if _is_xml(part)) > MAX_XML_BYTES:
        raise InvalidInput(too_large)
    elements = 0
    for part in parts:
        if part.flag_bits & 0x1:
            sentence = _("El archivo «{name}» tiene contraseña. Guárdelo sin contraseña y vuelva a intentarlo.")
            raise InvalidInput(sentence.format(name=name))
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"compression {part.compress_type} in {part.filename}")
        # the prolog is read whatever the part is called: a relationship may point anywhere
        survey = _Survey(only_prolog=not _is_xml(part), elements=elements)
        with package.open(part) as stream:
            survey.read(stream)
        own_elements, elements = survey.elements - elements, survey.elements
        is_sheet = part.filename.startswith("xl/worksheets/")
        if survey.has_doctype:
            raise InvalidInput(
                _(
                    "El archivo «{name}» contiene definiciones que Excel nunca escribe y no se abrirá por seguridad. "
                    "Copie el cuadro a un libro nuevo y guárdelo como .xlsx."
                ).format(name=name)
            )
        is_too_large = elements > MAX_ELEMENTS or (own_elements > MAX_OTHER_ELEMENTS and not is_sheet)
        if is_too_large or survey.is_too_deep:
            raise InvalidInput(too_large)


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


class _Stopped(Exception):
    pass


class _Survey:
    """One pass over a part of the package with expat, which keeps nothing: counts, and what openpyxl hides."""

    def __init__(self, *, only_prolog: bool = False, elements: int = 0) -> None:
        self.has_doctype = False
        self.is_too_deep = False
        self.elements = elements
        self.merges: list[str] = []
        self.formulas: set[Position] = set()
        self.valued: set[Position] = set()
        self.errors: dict[Position, str] = {}
        self._only_prolog = only_prolog
        self._depth = 0
        self._position = (0, 0)
        self._type = ""
        self._text: list[str] | None = None

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place only
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place only
        except _Stopped:
            pass
        except expat.ExpatError:
            # an image, or a broken part: openpyxl refuses the broken ones that matter
            if not self._only_prolog:
                raise

    def _doctype(self, *_declaration: Any) -> None:
        self.has_doctype = True
        raise _Stopped

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self._depth += 1
        self.is_too_deep = self._depth > MAX_DEPTH
        if self._only_prolog or self.is_too_deep or self.elements > MAX_ELEMENTS:
            raise _Stopped
        match tag.rpartition(":")[2]:
            case "row":
                self._position = (int(attributes.get("r", self._position[0] + 1)), 0)
            case "c":
                self._position = self._next_cell(attributes.get("r"))
                self._type = attributes.get("t", "n")
            case "f":
                self.formulas.add(self._position)
            case "v" | "t":
                self._text = []
            case "mergeCell":
                self.merges.append(attributes.get("ref", ""))

    def _next_cell(self, name: str | None) -> Position:
        if not name:
            return self._position[0], self._position[1] + 1
        column, row, _last_column, _last_row = range_boundaries(name)
        return int(row or 0), int(column or 0)

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._text is None or tag.rpartition(":")[2] not in ("v", "t"):
            return
        text = "".join(self._text)
        self._text = None
        # a formula that yields an empty text is calculated all the same: t="str"
        if text.strip() or self._type == "str":
            self.valued.add(self._position)
        if self._type == "e":
            self.errors[self._position] = text


def _sheets(path: Path, package: zipfile.ZipFile) -> tuple[Sheet, ...]:
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        sheets = []
        for worksheet in book.worksheets:
            survey = _Survey()
            # openpyxl tells nowhere else which part of the package a sheet is
            with package.open(worksheet._worksheet_path) as stream:  # type: ignore[attr-defined]  # noqa: SLF001 - see above
                survey.read(stream)
            cells: dict[Position, CellValue] = {}
            rows = worksheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
            for row, values in enumerate(rows, start=1):
                for column, value in enumerate(values, start=1):
                    if isinstance(value, str):
                        value = _ESCAPED.sub(_unescaped, value)  # noqa: PLW2901 - the same value, as people see it
                    if isinstance(value, CellValue) and value != "":
                        cells[row, column] = value
            sheets.append(
                Sheet(
                    name=worksheet.title,
                    cells=cells,
                    faults=_faults(survey),
                    merges=_merges(survey),
                    outside=min((place for place in survey.valued if not _is_inside(place)), default=None),
                )
            )
        return tuple(sheets)
    finally:
        book.close()


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _faults(survey: _Survey) -> dict[Position, str]:
    faults = {
        position: _("la fórmula no tiene un resultado guardado; escriba el valor en su lugar")
        for position in survey.formulas - survey.valued
    }
    for position, text in survey.errors.items():
        faults[position] = _("la celda muestra un error de Excel ({error}); escriba el valor correcto").format(
            error=text
        )
    return {position: reason for position, reason in faults.items() if _is_inside(position)}


def _is_inside(position: Position) -> bool:
    return position[0] <= MAX_ROWS and position[1] <= MAX_COLUMNS


def _merges(survey: _Survey) -> dict[int, tuple[Area, ...]]:
    rows: dict[int, tuple[Area, ...]] = {}
    merged_rows = 0
    for reference in survey.merges:
        first_column, first_row, last_column, last_row = (int(bound or 1) for bound in range_boundaries(reference))
        if not _is_inside((first_row, first_column)):
            continue
        area = Area(first_row, first_column, min(last_row, MAX_ROWS), min(last_column, MAX_COLUMNS))
        merged_rows += area.last_row - area.first_row + 1
        if merged_rows > MAX_MERGED_ROWS:
            raise ValueError(f"{len(survey.merges)} merged areas")
        for row in range(area.first_row, area.last_row + 1):
            rows[row] = (*rows.get(row, ()), area)
    return rows


def _refused(sentence: str, path: Path) -> InvalidInput:
    return InvalidInput(sentence.format(name=path.name))
