"""Reads the holidays that hold every year: a dated file that ships, or the office's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.calendar import HolidayRule
from core.texts import _
from storage.rulefiles import BadRowError, day, read_document, refuse_unknown, span, whole, word

_SET_KEYS = frozenset({"version", "title", "from", "to", "holiday"})
_ROW_KEYS = frozenset({"name", "month", "day", "from_easter", "from", "to", "source", "read"})
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FAR = 70  # days from Easter: Corpus Christi is 60 after it


def read_holidays(path: Path) -> tuple[HolidayRule, ...]:
    """Return the holidays of a file. Raises InvalidInput with file, row and reason."""
    document = read_document(path)
    document.judged(document.content, lambda content: refuse_unknown(content, _SET_KEYS))
    return document.rows("holiday", _holiday)


def _holiday(row: Mapping[str, Any]) -> HolidayRule:
    refuse_unknown(row, _ROW_KEYS)
    month = whole(row, "month", least=1, most=12)
    number = whole(row, "day", least=1, most=31)
    from_easter = whole(row, "from_easter", least=-_FAR, most=_FAR)
    given = [each is not None for each in (month, number, from_easter)]
    if given not in ([True, True, False], [False, False, True]):
        raise BadRowError(_("lleva month y day, o from_easter"))
    if month and number and number > _DAYS[month - 1]:
        raise BadRowError(_("ese mes no tiene tantos días"))
    starts_on, ends_on = span(row)
    return HolidayRule(
        name=word(row, "name", required=True),
        starts_on=starts_on,
        source=word(row, "source", required=True),
        read_on=day(row, "read"),
        ends_on=ends_on,
        month=month or 0,
        day=number or 0,
        from_easter=from_easter,
    )
