"""Reads rule sets: TOML files that the office edits, each row dated. What is wrong is said with file and row."""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from core.findings import Severity
from core.images import Check, Placement, Rule, RuleSet
from core.media import EXTENSIONS, MediaKind
from core.texts import _
from storage.rulefiles import (
    BadRowError,
    Book,
    Document,
    flag,
    member,
    networks,
    new_id,
    read_document,
    refuse_unknown,
    span,
    word,
    words,
)
from storage.rulefiles import day as day_of

_SET_KEYS = frozenset({"version", "title", "from", "to", "rule"})
_ROW_KEYS = frozenset(
    {"id", "check", "severity", "from", "to", "networks", "placements", "kinds", "least", "most", "values"}
    | {"template", "source", "read", "default", "why"}
)
_PIXELS = re.compile(r"[1-9]\d{0,5}x[1-9]\d{0,5}")
_MARGINS = re.compile(r"\d{1,6},\d{1,6},\d{1,6},\d{1,6}")
_PLACES = ("top", "bottom", "left", "right")
_WITH_BOUNDS = frozenset(
    {Check.SHORT_SIDE, Check.LONG_SIDE, Check.RATIO, Check.BYTES, Check.FRAMES, Check.DURATION, Check.SHARPNESS}
    | {Check.CONTRAST, Check.FACES, Check.STRIP, Check.STRIP_WIDTH, Check.STRIP_CLEAR, Check.STRIP_SHAPE}
)
_WITH_VALUES = frozenset({Check.SIZE, Check.TYPES, Check.SAFE_AREA, Check.STRIP_PLACE})
_FIXED = frozenset({Check.COLOUR, Check.ORIENTATION, Check.METADATA})


class Rulebook(Book[RuleSet]):
    """The sets of rules for images."""

    def read(self, path: Path) -> RuleSet:
        """Read it."""
        return read_rules(path)

    def on(self, day: date) -> RuleSet:
        """Return the set in force that day, the empty one where there is none. Raises InvalidInput."""
        return self.in_force(day) or RuleSet()


def read_rules(path: Path) -> RuleSet:
    """Return the rule set of a file. Raises InvalidInput with file, row and reason."""
    document = read_document(path)
    head = document.judged(document.content, lambda content: _set(content, document))
    taken: set[str] = set()
    rules = document.rows("rule", lambda row: _rule(row, path.parent, taken=taken))
    if len({rule.template for rule in rules if rule.template}) > 1:
        raise document.bad(_("nombra más de una franja; deje una por archivo"))
    return replace(head, rules=rules)


def _set(content: Mapping[str, Any], document: Document) -> RuleSet:
    refuse_unknown(content, _SET_KEYS)
    starts_on, ends_on = span(content)
    return RuleSet(
        version=word(content, "version", required=True),
        title=word(content, "title"),
        starts_on=starts_on,
        ends_on=ends_on,
        place=str(document.path),
        sha256=document.sha256,
    )


def _rule(row: Mapping[str, Any], folder: Path, *, taken: set[str]) -> Rule:
    refuse_unknown(row, _ROW_KEYS)
    name = new_id(row, taken)
    check = member(word(row, "check", required=True), "check", Check)
    severity = member(word(row, "severity", required=True), "severity", Severity)
    starts_on, ends_on = span(row)
    least, most = _number(row, "least"), _number(row, "most")
    values = words(row, "values")
    _check_bounds(check, severity, least, most)
    _check_values(check, values)
    template, sha256 = _template(row, check, folder)
    return Rule(
        id=name,
        check=check,
        severity=severity,
        starts_on=starts_on,
        ends_on=ends_on,
        source=word(row, "source", required=True),
        read_on=day_of(row, "read"),
        networks=networks(row),
        placements=tuple(member(each, "placements", Placement) for each in words(row, "placements")),
        kinds=tuple(str(member(each, "kinds", MediaKind)) for each in words(row, "kinds")) or (MediaKind.IMAGE,),
        least=least,
        most=most,
        values=values,
        template=template,
        template_sha256=sha256,
        why=word(row, "why"),
        is_default=flag(row, "default", default=True),
    )


def _check_bounds(check: Check, severity: Severity, least: float | None, most: float | None) -> None:
    if check in _FIXED:
        if severity is Severity.WARN:
            raise BadRowError(_("«{check}» solo puede ser fix o block").format(check=check))
    elif severity is Severity.FIX:
        raise BadRowError(_("«{check}» no se puede corregir sola: use block o warn").format(check=check))
    if check in _WITH_BOUNDS and least is None and most is None:
        raise BadRowError(_("«{check}» necesita least, most o ambos").format(check=check))
    if check not in _WITH_BOUNDS and (least is not None or most is not None):
        raise BadRowError(_("«{check}» no lleva least ni most").format(check=check))
    if least is not None and most is not None and least > most:
        raise BadRowError(_("least es mayor que most"))
    if check is Check.STRIP and least is None:
        raise BadRowError(_("«strip» necesita least, entre 0 y 1"))


def _check_values(check: Check, values: tuple[str, ...]) -> None:
    if (check in _WITH_VALUES) is not bool(values):
        need = _("«{check}» necesita values") if check in _WITH_VALUES else _("«{check}» no lleva values")
        raise BadRowError(need.format(check=check))
    if check is Check.SIZE and not all(_PIXELS.fullmatch(each) for each in values):
        raise BadRowError(_("values lleva tamaños como 1080x1350"))
    if check is Check.TYPES and not set(values) <= set(EXTENSIONS):
        raise BadRowError(_("values lleva tipos como image/jpeg; hay: {all}").format(all=", ".join(sorted(EXTENSIONS))))
    if check is Check.STRIP_PLACE and not set(values) <= set(_PLACES):
        raise BadRowError(_("values lleva top, bottom, left o right"))
    if check is Check.SAFE_AREA and not (
        len(values) == 2 and _PIXELS.fullmatch(values[0]) and _MARGINS.fullmatch(values[1])
    ):
        raise BadRowError(_('values lleva un tamaño y cuatro márgenes: ["1080x1920", "250,0,250,0"]'))


def _template(row: Mapping[str, Any], check: Check, folder: Path) -> tuple[str, str]:
    name = word(row, "template")
    if not name:
        return "", ""
    if check is not Check.STRIP:
        raise BadRowError(_("template es solo de «strip»"))
    path = folder / name
    if Path(name).name != name or not path.is_file():
        raise BadRowError(_("no existe la franja «{name}» al lado del archivo").format(name=name))
    return name, hashlib.sha256(path.read_bytes()).hexdigest()


def _number(row: Mapping[str, Any], key: str) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise BadRowError(_("{key} debe ser un número de cero o más").format(key=key))
    return value
