"""Hours, dates and weeks as people type them: "8:30 a. m.", "Lunes 23", "Del 28/12/2026 al 03/01/2027"."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.lima import DAYS, MONTHS
from scheduler.programme.sheets import CellValue

_CLOCK = r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})(?:\s*[:.m']\s*(\d{2})\s*s?)?)?\s*(?:h|hs|hrs?|horas?)?\.?\s*(am|pm|md)?"
_HOUR = re.compile(rf"(?:a las? )?{_CLOCK}\.?")
_HOURS = re.compile(rf"(?:de |a las? )?{_CLOCK}\s*(?:-|–|—|/|\ba\b|\bhasta\b)\s*(?:las? )?{_CLOCK}\.?")
_MERIDIEM = re.compile(r"(?<=[\d\s])([ap])\s*\.?\s*m\b\.?")
_NOON = re.compile(r"(?<=\d)\s*m\b\.?$")
_SPAN = re.compile(r"\bdel?\b:?\s+(?P<first>.+?)\s+\bal?\b:?\s+(?P<last>.+)$")
_WORD = re.compile(r"[a-z]+")
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?\b")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00:00)?")
_WORDS = re.compile(
    r"(\d{1,2})(?:e?ro)?(?:\s*(?:de\s+|[/.-])?\s*([a-z]{3,})\.?)?(?:[\s,/-]*(?:del?\s+)?(\d{4}|\d{2}))?"
)
_REMARK = re.compile(r"\s*\(.*\)$")

_DAYS_A_YEAR = 366


def folded(text: str) -> str:
    """Return the text without accents, case and repeated spaces, for comparing."""
    plain = unicodedata.normalize("NFKD", text.replace("º", "").replace("°", ""))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().split())


_DAY_WORDS = {word[:length]: number for number, word in enumerate(map(folded, DAYS)) for length in (2, 3, 4, len(word))}
_MONTH_NAMES = [*enumerate(map(folded, MONTHS), start=1), (9, "septiembre")]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which people wrote only a part; the weekday counts from Monday, 0."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None

    def fits(self, day: date) -> bool:
        """Return whether the date agrees with all that was written."""
        return all(
            written in (None, actual)
            for written, actual in (
                (self.day, day.day),
                (self.month, day.month),
                (self.year, day.year),
                (self.weekday, day.weekday()),
            )
        )


def parse_hour(value: CellValue) -> time | None:
    """Return the hour that a cell means, to the second; of a range its first; None where it is no hour."""
    if isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return (value + timedelta(milliseconds=500)).time().replace(microsecond=0)
    if isinstance(value, time):
        return parse_hour(datetime.combine(date.min, value.replace(tzinfo=None)))
    if isinstance(value, timedelta):
        return (
            parse_hour(datetime.combine(date.min, time()) + value) if timedelta() <= value < timedelta(days=1) else None
        )
    if isinstance(value, int | float):
        if 0 <= value < 1:
            return parse_hour(timedelta(days=value))
        return time(int(value)) if value == int(value) and value < 24 and value > 0 else None
    return _hour_of_text(value) if isinstance(value, str) else None


def _hour_of_text(text: str) -> time | None:
    plain = _MERIDIEM.sub(r"\1m", folded(text))
    plain = _NOON.sub("md", plain) if not plain.endswith(("am", "pm")) else plain
    if plain in ("mediodia", "al mediodia"):
        return time(12)
    if match := _HOUR.fullmatch(plain):
        hour, minute, second, meridiem = match.groups()
        return _clock(hour, minute, second, meridiem)
    if not (match := _HOURS.fullmatch(plain)):
        return None
    hour, minute, second, meridiem, last_hour, last_minute, last_second, last_meridiem = match.groups()
    end = _clock(last_hour, last_minute, last_second, last_meridiem)
    if end is None:
        return None
    # "3 - 5 pm" begins at 15:00, "11 - 1 pm" at 11:00
    shared = _clock(hour, minute, second, meridiem or last_meridiem)
    return shared if shared is not None and shared < end else _clock(hour, minute, second, meridiem)


def _clock(hour: str, minute: str | None, second: str | None, meridiem: str | None) -> time | None:
    number = int(hour)
    if meridiem in ("am", "pm", "md") and number == 0:
        return None
    if meridiem == "am" and number <= 12:
        number %= 12
    elif meridiem == "pm" and number <= 12:
        number = number % 12 + 12
    elif meridiem == "am" or (meridiem == "md" and number != 12):
        return None
    try:
        return time(number, int(minute or 0), int(second or 0))
    except ValueError:
        return None


def parse_date(value: CellValue) -> PartialDate | None:
    """Return what a cell says of a date ("23", "23/11", "lunes 23 de noviembre de 2026"), or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, datetime | date):
        return PartialDate(value.day, value.month, value.year)
    if isinstance(value, int | float):
        return PartialDate(int(value)) if value == int(value) and 1 <= value <= 31 else None
    if not isinstance(value, str):
        return None
    plain = _REMARK.sub("", folded(value))
    weekday = None
    if (match := _WORD.match(plain)) and match[0] in _DAY_WORDS:
        weekday = _DAY_WORDS[match[0]]
        plain = plain[match.end() :].lstrip(" ,.:-/")
        if not plain:
            return PartialDate(weekday=weekday)
    return _numbered_date(plain, weekday)


def _numbered_date(plain: str, weekday: int | None) -> PartialDate | None:
    if match := _ISO.fullmatch(plain):
        year, month, day = map(int, match.groups())
    elif match := _NUMBERS.fullmatch(plain):
        day, month = int(match[1]), int(match[2])
        year = _full_year(match[3])
    elif match := _WORDS.fullmatch(plain):
        day, year = int(match[1]), _full_year(match[3])
        month = _month_named(match[2])
        if match[2] and not month:
            return None
        if year and not month:
            return None
    else:
        return None
    if not 1 <= day <= 31 or (month and not 1 <= month <= 12) or (year and not 2000 <= year <= 2100):
        return None
    return PartialDate(day, month or None, year or None, weekday)


def _full_year(digits: str | None) -> int:
    if not digits:
        return 0
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month_named(word: str | None) -> int:
    found = {number for number, name in _MONTH_NAMES if word and name.startswith(word)}
    if word == "sept":
        return 9
    return found.pop() if len(found) == 1 else 0


def parse_span(text: str) -> tuple[PartialDate, PartialDate] | None:
    """Return the two ends of a "Del … al …" line, as written; None where it is no such line."""
    match = _SPAN.search(folded(text))
    if not match:
        return None
    first, last = parse_date(match["first"].strip(" ,.")), parse_date(match["last"].strip(" ,."))
    if first is None or last is None or first.day is None or last.day is None:
        return None
    return first, last


def resolved(written: PartialDate, *, today: date) -> date | None:
    """Return the day nearest to today that agrees with what was written, within a year; None if none does."""
    if written.day is None:
        return None
    if written.year is not None and written.month is not None:
        try:
            day = date(written.year, written.month, written.day)
        except ValueError:
            return None
        return day if written.fits(day) else None
    days = (today + timedelta(days=n) for n in range(-_DAYS_A_YEAR, _DAYS_A_YEAR + 1))
    return min(
        (day for day in days if written.fits(day)), key=lambda day: (abs(day - today), day < today), default=None
    )


def resolved_span(span: tuple[PartialDate, PartialDate], *, today: date) -> tuple[date, date] | None:
    """Return the two days of a "Del … al …" line, each end completing the other; None if they cannot be."""
    first, last = span
    end_month = last.month or first.month
    for year in (last.year, first.year, first.year and first.year + 1):
        if year is not None and end_month is not None:
            pair = _ending(first, PartialDate(last.day, end_month, year))
            if pair:
                return pair
    if last.year or first.year or end_month is None:
        return None
    pairs = [
        pair
        for year in (today.year - 1, today.year, today.year + 1)
        if (pair := _ending(first, PartialDate(last.day, end_month, year)))
    ]
    return min(pairs, key=lambda pair: abs(pair[0] - today), default=None)


def _ending(first: PartialDate, last: PartialDate) -> tuple[date, date] | None:
    try:
        end = date(last.year or 0, last.month or 0, last.day or 0)
    except ValueError:
        return None
    starts = (end - timedelta(days=n) for n in range(60))
    start = next((day for day in starts if first.fits(day)), None)
    return (start, end) if start else None
