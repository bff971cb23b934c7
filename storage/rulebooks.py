"""Reads rule sets: TOML files that the office edits, each row dated. What is wrong is said with file and row."""

import difflib
import hashlib
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from core.errors import InvalidInput
from core.images import Check, Placement, Rule, RuleSet, Severity
from core.media import EXTENSIONS, MediaKind
from core.platforms import Platform
from core.texts import _

_SET_KEYS = frozenset({"version", "title", "from", "to", "rule"})
_ROW_KEYS = frozenset(
    {"id", "check", "severity", "from", "to", "networks", "placements", "kinds", "least", "most", "values"}
    | {"template", "source", "read", "default", "why"}
)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_PIXELS = re.compile(r"[1-9]\d{0,5}x[1-9]\d{0,5}")
_MARGINS = re.compile(r"\d{1,6},\d{1,6},\d{1,6},\d{1,6}")
_PLACES = ("top", "bottom", "left", "right")
_WITH_BOUNDS = frozenset(
    {Check.SHORT_SIDE, Check.LONG_SIDE, Check.RATIO, Check.BYTES, Check.FRAMES, Check.DURATION, Check.SHARPNESS}
    | {Check.CONTRAST, Check.FACES, Check.STRIP, Check.STRIP_WIDTH, Check.STRIP_CLEAR, Check.STRIP_SHAPE}
)
_WITH_VALUES = frozenset({Check.SIZE, Check.TYPES, Check.SAFE_AREA, Check.STRIP_PLACE})
_FIXED = frozenset({Check.COLOUR, Check.ORIENTATION, Check.METADATA})

W = TypeVar("W", bound=StrEnum)


class _BadError(Exception):
    """What is wrong, in Spanish, without the place."""


class Rulebook:
    """The rule sets that ship and the office's own, read again when a file changes.

    Of the office's sets the one in force that day with the latest beginning applies; where there is none, that of those
    that ship. A file that is spoilt while the program runs leaves the last good sets in force; `trouble` tells.
    """

    def __init__(self, shipped: Path | None = None, own: Path | None = None) -> None:
        self._folders = (own, shipped)
        self._seen: object = None
        self._sets: tuple[tuple[RuleSet, ...], ...] | None = None
        self.trouble = ""

    def on(self, day: date) -> RuleSet:
        """Return the set in force that day, the empty one where there is none. Raises InvalidInput."""
        for sets in self._read():
            in_force = [each for each in sets if each.holds_on(day)]
            if in_force:
                return max(in_force, key=lambda each: (each.starts_on, each.version))
        return RuleSet()

    def all(self) -> tuple[RuleSet, ...]:
        """Return every set, the office's first. Raises InvalidInput."""
        return tuple(each for sets in self._read() for each in sets)

    def _read(self) -> tuple[tuple[RuleSet, ...], ...]:
        seen = tuple(_signature(folder) for folder in self._folders)
        if self._sets is None or seen != self._seen:
            try:
                self._sets = tuple(_folder(folder) for folder in self._folders)
                self.trouble = ""
            except InvalidInput as error:
                if self._sets is None:
                    raise
                self.trouble = error.sentence
            self._seen = seen
        return self._sets


def read_rules(path: Path) -> RuleSet:
    """Return the rule set of a file. Raises InvalidInput with file, row and reason."""
    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode("utf-8"))
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
    try:
        rows = _rows(document)
        starts_on = _day(document, "from", required=True)
        ends_on = _day(document, "to")
        _check_days(starts_on, ends_on)
        version, title = _word(document, "version", required=True), _word(document, "title")
    except _BadError as error:
        raise _bad(path, "", str(error)) from error
    rules: list[Rule] = []
    for number, row in enumerate(rows, start=1):
        name = row.get("id")
        where = _("fila {number}").format(number=number) + (f", «{name}»" if isinstance(name, str) else "")
        try:
            rules.append(_rule(row, path.parent, taken={rule.id for rule in rules}))
        except _BadError as error:
            raise _bad(path, where, str(error)) from error
    templates = {rule.template for rule in rules if rule.template}
    if len(templates) > 1:
        raise _bad(path, "", _("nombra más de una franja; deje una por archivo"))
    return RuleSet(
        version=version,
        title=title,
        starts_on=starts_on or date.min,
        ends_on=ends_on,
        rules=tuple(rules),
        place=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _bad(path: Path, where: str, why: str) -> InvalidInput:
    place = f" ({where})" if where else ""
    return InvalidInput(
        _("El archivo de reglas «{path}»{place} no sirve: {why}.").format(path=path, place=place, why=why)
    )


def _signature(folder: Path | None) -> object:
    if folder is None or not folder.is_dir():
        return None
    known = [(path.name, path.stat()) for path in folder.iterdir()]
    return tuple(sorted((name, found.st_mtime_ns, found.st_size) for name, found in known))


def _folder(folder: Path | None) -> tuple[RuleSet, ...]:
    if folder is None:
        return ()
    if not folder.is_dir():
        raise InvalidInput(_("No existe la carpeta de reglas «{folder}». Revise rules_dir.").format(folder=folder))
    sets = [read_rules(path) for path in sorted(folder.glob("*.toml"))]
    versions = [each.version for each in sets]
    for each in sets:
        if versions.count(each.version) > 1:
            raise _bad(Path(each.place), "", _("hay otro archivo con la versión {v}").format(v=each.version))
    return tuple(sets)


def _rows(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    _refuse_unknown(document, _SET_KEYS)
    rows = document.get("rule")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _BadError(_("no tiene ninguna fila [[rule]]"))
    return rows


def _rule(row: Mapping[str, Any], folder: Path, *, taken: set[str]) -> Rule:
    _refuse_unknown(row, _ROW_KEYS)
    name = _word(row, "id", required=True)
    if not _ID.fullmatch(name):
        raise _BadError(_("id solo lleva minúsculas sin tilde, cifras y guiones"))
    if name in taken:
        raise _BadError(_("ya hay otra fila con ese id"))
    check = _choice(row, "check", Check)
    severity = _choice(row, "severity", Severity)
    starts_on, ends_on = _day(row, "from", required=True), _day(row, "to")
    _check_days(starts_on, ends_on)
    least, most = _number(row, "least"), _number(row, "most")
    values = _words(row, "values")
    _check_bounds(check, severity, least, most)
    _check_values(check, values)
    template, sha256 = _template(row, check, folder)
    return Rule(
        id=name,
        check=check,
        severity=severity,
        starts_on=starts_on or date.min,
        ends_on=ends_on,
        source=_word(row, "source", required=True),
        read_on=_day(row, "read", required=True) or date.min,
        networks=tuple(_network(word) for word in _words(row, "networks")),
        placements=tuple(_member(word, "placements", Placement) for word in _words(row, "placements")),
        kinds=tuple(str(_member(word, "kinds", MediaKind)) for word in _words(row, "kinds")) or (MediaKind.IMAGE,),
        least=least,
        most=most,
        values=values,
        template=template,
        template_sha256=sha256,
        why=_word(row, "why"),
        is_default=_flag(row, "default"),
    )


def _check_bounds(check: Check, severity: Severity, least: float | None, most: float | None) -> None:
    if check in _FIXED:
        if severity is Severity.WARN:
            raise _BadError(_("«{check}» solo puede ser fix o block").format(check=check))
    elif severity is Severity.FIX:
        raise _BadError(_("«{check}» no se puede corregir sola: use block o warn").format(check=check))
    if check in _WITH_BOUNDS and least is None and most is None:
        raise _BadError(_("«{check}» necesita least, most o ambos").format(check=check))
    if check not in _WITH_BOUNDS and (least is not None or most is not None):
        raise _BadError(_("«{check}» no lleva least ni most").format(check=check))
    if least is not None and most is not None and least > most:
        raise _BadError(_("least es mayor que most"))
    if check is Check.STRIP and least is None:
        raise _BadError(_("«strip» necesita least, entre 0 y 1"))


def _check_values(check: Check, values: tuple[str, ...]) -> None:
    if (check in _WITH_VALUES) is not bool(values):
        need = _("«{check}» necesita values") if check in _WITH_VALUES else _("«{check}» no lleva values")
        raise _BadError(need.format(check=check))
    if check is Check.SIZE and not all(_PIXELS.fullmatch(each) for each in values):
        raise _BadError(_("values lleva tamaños como 1080x1350"))
    if check is Check.TYPES and not set(values) <= set(EXTENSIONS):
        raise _BadError(_("values lleva tipos como image/jpeg; hay: {all}").format(all=", ".join(sorted(EXTENSIONS))))
    if check is Check.STRIP_PLACE and not set(values) <= set(_PLACES):
        raise _BadError(_("values lleva top, bottom, left o right"))
    if check is Check.SAFE_AREA and not (
        len(values) == 2 and _PIXELS.fullmatch(values[0]) and _MARGINS.fullmatch(values[1])
    ):
        raise _BadError(_('values lleva un tamaño y cuatro márgenes: ["1080x1920", "250,0,250,0"]'))


def _template(row: Mapping[str, Any], check: Check, folder: Path) -> tuple[str, str]:
    name = _word(row, "template")
    if not name:
        return "", ""
    if check is not Check.STRIP:
        raise _BadError(_("template es solo de «strip»"))
    path = folder / name
    if Path(name).name != name or not path.is_file():
        raise _BadError(_("no existe la franja «{name}» al lado del archivo").format(name=name))
    return name, hashlib.sha256(path.read_bytes()).hexdigest()


def _refuse_unknown(row: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in row:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = _(" (¿quiso decir {name}?)").format(name=close[0]) if close else ""
            raise _BadError(_("no se conoce «{name}»").format(name=name) + hint)


def _word(row: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise _BadError(_("{key} debe ser un texto entre comillas").format(key=key))
    if required and not value.strip():
        raise _BadError(_("falta {key}").format(key=key))
    return value.strip()


def _words(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _BadError(_("{key} debe ser una lista de textos").format(key=key))
    return tuple(value)


def _number(row: Mapping[str, Any], key: str) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise _BadError(_("{key} debe ser un número de cero o más").format(key=key))
    return value


def _flag(row: Mapping[str, Any], key: str) -> bool:
    value = row.get(key, True)
    if not isinstance(value, bool):
        raise _BadError(_("{key} debe ser true o false").format(key=key))
    return value


def _day(row: Mapping[str, Any], key: str, *, required: bool = False) -> date | None:
    value = row.get(key)
    if value is None:
        if required:
            raise _BadError(_("falta {key}, una fecha como 2026-01-31").format(key=key))
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _BadError(_("{key} debe ser una fecha sin comillas, como 2026-01-31").format(key=key))
    return value


def _check_days(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise _BadError(_("to es anterior a from"))


def _choice(row: Mapping[str, Any], key: str, words: type[W]) -> W:
    return _member(_word(row, key, required=True), key, words)


def _member(word: str, key: str, words: type[W]) -> W:
    try:
        return words(word)
    except ValueError:
        known = ", ".join(words)
        raise _BadError(
            _("{key} no puede ser «{word}»; puede ser: {all}").format(key=key, word=word[:60], all=known)
        ) from None


def _network(word: str) -> str:
    platform = Platform.named(word)
    if platform is None:
        known = ", ".join(Platform)
        raise _BadError(_("no se conoce la red «{word}»; son: {all}").format(word=word[:60], all=known))
    return str(platform)
