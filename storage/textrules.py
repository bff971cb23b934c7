"""Reads the rules about words: TOML files that the office edits, each row dated (docs/calendario-y-textos.md)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from core.findings import Severity, TextCheck, TextRule, TextRuleSet
from core.requests import EventClass
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
    whole,
    word,
    words,
)
from storage.rulefiles import day as day_of

_SET_KEYS = frozenset({"version", "title", "from", "to", "rule"})
_ROW_KEYS = frozenset(
    {"id", "check", "severity", "from", "to", "networks", "classes", "values", "least"}
    | {"source", "read", "default", "why"}
)
_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,8}")
_WITH_VALUES = frozenset({TextCheck.FORBIDDEN, TextCheck.REQUIRED})
_MOST_VALUES, _LONGEST_VALUE, _MOST_LETTERS = 1000, 300, 1000


class TextRulebook(Book[TextRuleSet]):
    """The sets of rules about words."""

    may_be_missing = True

    def read(self, path: Path) -> TextRuleSet:
        """Read it."""
        return read_text_rules(path)

    def on(self, day: date) -> TextRuleSet:
        """Return the set in force that day, the empty one where there is none. Raises InvalidInput."""
        return self.in_force(day) or TextRuleSet()


def read_text_rules(path: Path) -> TextRuleSet:
    """Return the rule set of a file. Raises InvalidInput with file, row and reason."""
    document = read_document(path)
    head = document.judged(document.content, lambda content: _set(content, document))
    taken: set[str] = set()
    return replace(head, rules=document.rows("rule", lambda row: _rule(row, taken)))


def _set(content: Mapping[str, Any], document: Document) -> TextRuleSet:
    refuse_unknown(content, _SET_KEYS)
    starts_on, ends_on = span(content)
    return TextRuleSet(
        version=word(content, "version", required=True),
        title=word(content, "title"),
        starts_on=starts_on,
        ends_on=ends_on,
        place=str(document.path),
        sha256=document.sha256,
    )


def _rule(row: Mapping[str, Any], taken: set[str]) -> TextRule:
    refuse_unknown(row, _ROW_KEYS)
    name = new_id(row, taken)
    check = member(word(row, "check", required=True), "check", TextCheck)
    severity = member(word(row, "severity", required=True), "severity", Severity)
    if severity is Severity.FIX:
        raise BadRowError(_("un texto no se corrige solo: use block o warn"))
    starts_on, ends_on = span(row)
    values = words(row, "values")
    _check_values(check, values)
    least = whole(row, "least", least=1, most=_MOST_LETTERS)
    if least is not None and check is not TextCheck.ALT_TEXT:
        raise BadRowError(_("least es solo de «alt_text»"))
    return TextRule(
        id=name,
        check=check,
        severity=severity,
        starts_on=starts_on,
        ends_on=ends_on,
        source=word(row, "source", required=True),
        read_on=day_of(row, "read"),
        networks=networks(row),
        classes=tuple(str(member(each, "classes", EventClass)) for each in words(row, "classes")),
        values=values,
        least=least or 0,
        why=word(row, "why"),
        is_default=flag(row, "default", default=True),
    )


def _check_values(check: TextCheck, values: tuple[str, ...]) -> None:
    if check in _WITH_VALUES and not values:
        raise BadRowError(_("«{check}» necesita values").format(check=check))
    if len(values) > _MOST_VALUES or any(len(each) > _LONGEST_VALUE for each in values):
        sentence = _("values lleva hasta {n} textos de hasta {length} caracteres")
        raise BadRowError(sentence.format(n=_MOST_VALUES, length=_LONGEST_VALUE))
    if check is TextCheck.LINKS:
        for each in values:
            if not _HOST.fullmatch(each):
                raise BadRowError(_("values lleva nombres como bit.ly, y «{word}» no lo es").format(word=each[:60]))
