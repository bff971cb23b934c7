"""Reads what all files of rules have in common: TOML that the office edits. What is wrong is said with file and row."""

import difflib
import hashlib
import os
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from core.errors import InvalidInput
from core.platforms import Platform
from core.texts import _

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")

W = TypeVar("W", bound=StrEnum)
R = TypeVar("R")
S = TypeVar("S", bound="DatedSet")


class BadRowError(Exception):
    """What is wrong, in Spanish, without the place."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file of rules as it was read, not yet judged."""

    path: Path
    content: Mapping[str, Any]
    sha256: str

    def rows(self, key: str, read: Callable[[Mapping[str, Any]], R]) -> tuple[R, ...]:
        """Return each row `[[key]]` as `read` makes it. Raises InvalidInput that names the row."""
        found = self.content.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(row, dict) for row in found):
            raise self.bad(_("no tiene ninguna fila [[{key}]]").format(key=key))
        made: list[R] = []
        for number, row in enumerate(found, start=1):
            name = row.get("id", row.get("name"))
            where = _("fila {number}").format(number=number) + (f", «{name[:60]}»" if isinstance(name, str) else "")
            made.append(self.judged(row, read, where=where))
        return tuple(made)

    def judged(self, row: Mapping[str, Any], read: Callable[[Mapping[str, Any]], R], *, where: str = "") -> R:
        """Return what `read` makes of the row. Raises InvalidInput."""
        try:
            return read(row)
        except BadRowError as error:
            raise self.bad(str(error), where=where) from error

    def bad(self, why: str, *, where: str = "") -> InvalidInput:
        """Return the error that says so."""
        return _bad(self.path, where, why)


class DatedSet(Protocol):
    """A set of rules of one file."""

    @property
    def version(self) -> str:
        """Its name, of which there is one."""

    @property
    def starts_on(self) -> date:
        """The first day of it."""

    @property
    def place(self) -> str:
        """The file."""

    def holds_on(self, day: date) -> bool:
        """Tell whether the set is the one to look into on that day."""


class Book(ABC, Generic[S]):
    """The sets of rules that ship and the office's own, read again when a file changes.

    Of the office's sets the one in force that day with the latest beginning applies; where there is none, that of those
    that ship. A file that is spoilt while the program runs leaves the last good sets in force; `trouble` tells.
    """

    may_be_missing: ClassVar[bool] = False  # the office's folder

    def __init__(self, shipped: Path | None = None, own: Path | None = None) -> None:
        self._folders = (own, shipped)
        self._seen: object = None
        self._sets: tuple[tuple[S, ...], ...] | None = None
        self.trouble = ""

    @abstractmethod
    def read(self, path: Path) -> S:
        """Return the set of a file. Raises InvalidInput with file, row and reason."""

    @abstractmethod
    def on(self, day: date) -> S:
        """Return the set in force that day, the empty one where there is none. Raises InvalidInput."""

    def all(self) -> tuple[S, ...]:
        """Return every set, the office's first. Raises InvalidInput."""
        return tuple(each for sets in self._read() for each in sets)

    def in_force(self, day: date) -> S | None:
        """Return the set in force that day. Raises InvalidInput."""
        for sets in self._read():
            found = [each for each in sets if each.holds_on(day)]
            if found:
                return max(found, key=lambda each: (each.starts_on, each.version))
        return None

    def _read(self) -> tuple[tuple[S, ...], ...]:
        seen = _signature(self._folders[0])  # what ships changes only with the program
        if self._sets is None or seen != self._seen:
            try:
                self._sets = tuple(self._folder(folder) for folder in self._folders)
                self.trouble = ""
            except InvalidInput as error:
                if self._sets is None:
                    raise
                self.trouble = error.sentence
            self._seen = seen
        return self._sets

    def _folder(self, folder: Path | None) -> tuple[S, ...]:
        if folder is None or (self.may_be_missing and not folder.is_dir()):
            return ()
        if not folder.is_dir():
            raise InvalidInput(_("No existe la carpeta de reglas «{folder}». Revise rules_dir.").format(folder=folder))
        sets = [self.read(path) for path in sorted(folder.glob("*.toml"))]
        versions = [each.version for each in sets]
        for each in sets:
            if versions.count(each.version) > 1:
                raise _bad(Path(each.place), "", _("hay otro archivo con la versión {v}").format(v=each.version))
        return tuple(sets)


def read_document(path: Path) -> Document:
    """Read the file. Raises InvalidInput with file, place and reason."""
    try:
        content = path.read_bytes()
        return Document(path, tomllib.loads(content.decode("utf-8")), hashlib.sha256(content).hexdigest())
    except OSError as error:
        raise InvalidInput(
            _("No se puede leer el archivo de reglas «{path}».").format(path=path), diagnostic=str(error)
        ) from error
    except UnicodeDecodeError as error:
        raise _bad(path, "", _("no es texto UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = _("línea {line}, columna {column}").format(line=place[1], column=place[2]) if place else _("al final")
        raise _bad(path, where, _("error de escritura")) from error


def refuse_unknown(row: Mapping[str, Any], known: frozenset[str]) -> None:
    """Refuse a name that nobody reads: it is most likely misspelt."""
    for name in row:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = _(" (¿quiso decir {name}?)").format(name=close[0]) if close else ""
            raise BadRowError(_("no se conoce «{name}»").format(name=name) + hint)


def word(row: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    """Return a text, empty where there is none."""
    value = row.get(key, "")
    if not isinstance(value, str):
        raise BadRowError(_("{key} debe ser un texto entre comillas").format(key=key))
    if required and not value.strip():
        raise BadRowError(_("falta {key}").format(key=key))
    return value.strip()


def words(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of texts, none of them empty."""
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise BadRowError(_("{key} debe ser una lista de textos, ninguno vacío").format(key=key))
    return tuple(each.strip() for each in value)


def whole(row: Mapping[str, Any], key: str, *, least: int, most: int) -> int | None:
    """Return a whole number, None where there is none."""
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadRowError(
            _("{key} debe ser un número entero de {least} a {most}").format(key=key, least=least, most=most)
        )
    return value


def flag(row: Mapping[str, Any], key: str, *, default: bool) -> bool:
    """Return true or false."""
    value = row.get(key, default)
    if not isinstance(value, bool):
        raise BadRowError(_("{key} debe ser true o false").format(key=key))
    return value


def new_id(row: Mapping[str, Any], taken: set[str]) -> str:
    """Return the row's id, that no other row has; it is then among those taken."""
    name = word(row, "id", required=True)
    if not _ID.fullmatch(name):
        raise BadRowError(_("id solo lleva minúsculas sin tilde, cifras y guiones"))
    if name in taken:
        raise BadRowError(_("ya hay otra fila con ese id"))
    taken.add(name)
    return name


def day(row: Mapping[str, Any], key: str) -> date:
    """Return a day that must be there."""
    found = day_or_none(row, key)
    if found is None:
        raise BadRowError(_("falta {key}, una fecha como 2026-01-31").format(key=key))
    return found


def day_or_none(row: Mapping[str, Any], key: str) -> date | None:
    """Return a day, None where there is none."""
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadRowError(_("{key} debe ser una fecha sin comillas, como 2026-01-31").format(key=key))
    return value


def span(row: Mapping[str, Any]) -> tuple[date, date | None]:
    """Return from which day the row holds, and until which."""
    starts_on, ends_on = day(row, "from"), day_or_none(row, "to")
    if ends_on is not None and ends_on < starts_on:
        raise BadRowError(_("to es anterior a from"))
    return starts_on, ends_on


def member(said: str, key: str, among: type[W]) -> W:
    """Return the member that the word means."""
    try:
        return among(said)
    except ValueError:
        sentence = _("{key} no puede ser «{word}»; puede ser: {all}")
        raise BadRowError(sentence.format(key=key, word=said[:60], all=", ".join(among))) from None


def networks(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values of the platforms that the row names."""
    found: Sequence[tuple[str, Platform | None]] = [(each, Platform.named(each)) for each in words(row, "networks")]
    for said, platform in found:
        if platform is None:
            sentence = _("no se conoce la red «{word}»; son: {all}")
            raise BadRowError(sentence.format(word=said[:60], all=", ".join(Platform)))
    return tuple(str(platform) for _said, platform in found)


def _signature(folder: Path | None) -> object:
    """Return what differs when a file of the folder was changed."""
    if folder is None or not folder.is_dir():
        return None
    with os.scandir(folder) as entries:
        known = [(entry.name, entry.stat()) for entry in entries if entry.is_file()]
    return tuple(sorted((name, found.st_mtime_ns, found.st_size) for name, found in known))


def _bad(path: Path, where: str, why: str) -> InvalidInput:
    place = f" ({where})" if where else ""
    return InvalidInput(
        _("El archivo de reglas «{path}»{place} no sirve: {why}.").format(path=path, place=place, why=why)
    )
