"""Reading the list: one row an entry, its columns named in a header row, in any order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from core.lima import DAYS, to_lima, to_utc
from core.platforms import Platform
from core.texts import _
from scheduler.programme.entries import CellPlace, Problem, ProgrammeEntry, ProgrammeImage
from scheduler.programme.fields import (
    Draft,
    Fault,
    clean,
    one_line,
    quoted,
    read_captions,
    read_file_name,
    read_image,
    read_link,
    read_option,
    read_platforms,
    read_tags,
    read_thread,
    settled,
    without_outer_blank_lines,
)
from scheduler.programme.moments import PartialDate, folded, parse_date, parse_hour, resolved
from scheduler.programme.sheets import CellValue, Position, Sheet, cell_name

T = TypeVar("T")

_TITLES = {
    "fecha": ("fecha", "dia", "fecha de publicacion"),
    "hora": ("hora", "hora de publicacion"),
    "redes": ("redes", "red", "red social", "redes sociales", "plataforma", "plataformas"),
    "titulo": ("titulo", "titular"),
    "texto": ("texto", "copy", "mensaje", "contenido", "publicacion", "texto para redes sociales"),
    "imagenes": ("imagenes", "imagen", "archivos de imagen", "archivos", "archivo", "foto", "fotos"),
    "alternativos": (
        "textos alternativos",
        "texto alternativo",
        "texto alterno",
        "textos alternos",
        "descripcion de imagen",
        "descripcion de imagenes",
        "alt",
    ),
    "enlace": ("enlace", "enlaces", "link", "url"),
    "hilo": ("hilo", "mensajes del hilo"),
    "etiquetas": ("etiquetas", "tags"),
    "miniatura": ("miniatura", "portada"),
    "subtitulos": ("subtitulos", "archivo de subtitulos"),
    "opciones": ("opciones", "opcion"),
}
_COLUMN_NAMES = {title: name for name, titles in _TITLES.items() for title in titles}
_SHARED_DOWN = ("fecha", "hora", "redes")


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    last_row: int
    columns: dict[str, int]


def read_lists(sheet: Sheet, *, now: datetime) -> tuple[bool, list[ProgrammeEntry], list[Problem]]:
    """Return whether the sheet holds a list, the entries of all its lists, and their problems."""
    headers = _headers(sheet)
    entries: list[ProgrammeEntry] = []
    problems: list[Problem] = []
    for header in headers:
        for row in range(header.row + 1, header.last_row + 1):
            reading = _RowReading(sheet, header, row=row)
            if reading.is_empty():
                continue
            result = reading.read(now=now)
            if isinstance(result, ProgrammeEntry):
                entries.append(result)
            else:
                problems += result
    return bool(headers), entries, problems


def _headers(sheet: Sheet) -> list[_Header]:
    rows = dict(sheet.rows())
    found = []
    for row, cells in rows.items():
        columns: dict[str, int] = {}
        for column, value in cells.items():
            name = _COLUMN_NAMES.get(folded(value).rstrip(":*")) if isinstance(value, str) else None
            if name:
                columns.setdefault(name, column)
        if {"fecha", "texto"} <= columns.keys() and columns.keys() & {"hora", "redes"}:
            found.append((row, columns))
    last_row = max((row for row, _column in sheet.cells.keys() | sheet.faults.keys()), default=0)
    headers = []
    for row, columns in reversed(found):
        headers.append(_Header(row, last_row, columns))
        last_row = row - 1
    return headers[::-1]


class _RowReading:
    """One row of a list while it is being read."""

    def __init__(self, sheet: Sheet, header: _Header, *, row: int) -> None:
        self._sheet = sheet
        self._columns = header.columns
        self._row = row
        self._problems: list[Problem] = []

    def is_empty(self) -> bool:
        positions = [(self._row, column) for column in self._columns.values()]
        return not any(
            position in self._sheet.faults or str(self._sheet.cells.get(position, "")).strip() for position in positions
        )

    def read(self, *, now: datetime) -> ProgrammeEntry | list[Problem]:
        for name in self._columns:
            position = self._position(name)
            if position in self._sheet.faults:
                self._tell(name, self._sheet.faults[position])
        if self._problems:
            return self._problems
        publish_at = self._publish_at(now=now)
        draft = Draft(
            platforms=self._platforms(),
            has_unknown_platform=True,  # a missing network is told at its own column
            title=one_line(self._text("titulo")) or None,
            text=without_outer_blank_lines(self._text("texto")),
            images=self._images(),
            link=self._link(),
            thread=self._thread(),
            tags=read_tags(self._text("etiquetas")),
            thumbnail=self._thumbnail(),
            captions=self._each("subtitulos", read_captions),
            options=dict(self._each("opciones", read_option)),
        )
        place = CellPlace(self._sheet.name, cell_name(self._position("texto")))
        result = settled(draft, publish_at=publish_at, place=place, now=now)
        if isinstance(result, list):
            self._problems += result
        return self._problems or result

    def _position(self, name: str) -> Position:
        position = (self._row, self._columns[name])
        return self._sheet.anchor(position) if name in _SHARED_DOWN else position

    def _value(self, name: str) -> CellValue | None:
        return self._sheet.cells.get(self._position(name)) if name in self._columns else None

    def _text(self, name: str) -> str:
        try:
            return clean(str(value)) if (value := self._value(name)) is not None else ""
        except Fault as fault:
            self._tell(name, str(fault))
            return ""

    def _tell(self, name: str, reason: str) -> None:
        # a column that the list does not have is told at the text
        known = name if name in self._columns else "texto"
        self._problems.append(Problem(self._sheet.name, cell_name(self._position(known)), reason))

    def _publish_at(self, *, now: datetime) -> datetime | None:
        day = self._day(today=to_lima(now).date())
        hour = self._hour()
        return to_utc(day, hour) if day is not None and hour is not None else None

    def _day(self, *, today: date) -> date | None:
        value = self._value("fecha")
        if value is None:
            self._tell("fecha", _("falta la fecha; escriba por ejemplo 23/11/2026"))
            return None
        written = parse_date(value)
        day = resolved(written, today=today) if written and written.month else None
        if day is None:
            self._tell("fecha", _wrong_date(value, written))
        return day

    def _hour(self) -> time | None:
        value = self._value("hora")
        if value is None and "hora" not in self._columns:
            dated = self._value("fecha")
            value = dated if isinstance(dated, datetime) and dated.time() != time() else None
        if value is None:
            self._tell("hora", _("falta la hora; escriba por ejemplo 08:00"))
            return None
        hour = parse_hour(value)
        if hour is None:
            self._tell(
                "hora",
                _("no se entiende la hora «{hour}»; escriba por ejemplo 08:00 o 3:30 p. m.").format(
                    hour=quoted(str(value))
                ),
            )
        return hour

    def _platforms(self) -> tuple[Platform, ...]:
        try:
            platforms = read_platforms(self._text("redes"))
        except Fault as fault:
            self._tell("redes", str(fault))
            return ()
        if not platforms:
            self._tell("redes", _("falta la red; escriba por ejemplo «Facebook, Web»"))
        return platforms

    def _images(self) -> list[ProgrammeImage]:
        names = _separated(self._text("imagenes"))
        described = self._text("alternativos")
        alt_texts = [described] if len(names) == 1 and "\n" not in described.strip() else _separated(described)
        if len(names) != len(alt_texts) and (alt_texts or len(names) > 1):
            self._tell(
                "alternativos",
                _(
                    "hay {images} imágenes y {alt_texts} textos alternativos; escriba uno por imagen, "
                    "en el mismo orden y separados por punto y coma o por líneas"
                ).format(images=len(names), alt_texts=len(alt_texts)),
            )
            return []
        images = []
        for name, alt_text in zip(names, alt_texts or [""] * len(names), strict=True):
            try:
                images.append(read_image(name, alt_text))
            except Fault as fault:
                self._tell("imagenes", str(fault))
        return images

    def _thread(self) -> list[str]:
        try:
            return read_thread(self._text("hilo"))
        except Fault as fault:
            self._tell("hilo", str(fault))
            return []

    def _thumbnail(self) -> str | None:
        names = self._each("miniatura", read_file_name)
        if len(names) > 1:
            self._tell("miniatura", _("hay más de una miniatura; deje una"))
        return names[0] if names else None

    def _each(self, name: str, read: Callable[[str], T]) -> list[T]:
        found = []
        for part in _separated(self._text(name)):
            try:
                found.append(read(part))
            except Fault as fault:
                self._tell(name, str(fault))
        return found

    def _link(self) -> str | None:
        text = self._text("enlace").strip()
        try:
            return read_link(text) if text else None
        except Fault as fault:
            self._tell("enlace", str(fault))
            return None


def _separated(text: str) -> list[str]:
    """Return the parts of a cell: its lines where it has several, else what stands between semicolons."""
    separator = "\n" if "\n" in text.strip() else ";"
    return [part.strip() for part in text.split(separator) if part.strip()]


def _wrong_date(value: CellValue, written: PartialDate | None) -> str:
    text = quoted(str(value))
    if written is not None and written.weekday is not None and written.day and written.month:
        return _("la fecha «{date}» no cae en {day}; corrija la fecha o el día").format(
            date=text, day=DAYS[written.weekday].lower()
        )
    return _("no se entiende la fecha «{date}»; escriba por ejemplo 23/11/2026").format(date=text)
