"""What stands in an answer of Meta, read as what it should be: instants, ids, texts, figures, addresses.

What is of another shape is nothing ("" or None), never an exception: who needs it says what its absence means.
"""

import re
import unicodedata
from datetime import UTC, datetime
from math import isfinite
from urllib.parse import urlsplit

# sheets facebook.md 0 and instagram.md 0: digits, those of a Page's things joined by "_"; nothing that an address knows
ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_CURSOR = re.compile(r"[!-~]{1,2000}")
_WHOLE = re.compile(r"[0-9]{1,15}")
# Facebook's first year; and the last one that every time zone has
_FIRST_YEAR, _LAST_YEAR = 2004, 9998


def ident(value: object) -> str:
    """Return an id, which Meta may write as a text or as a number; "" where there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = value if isinstance(value, str) else str(value) if 0 <= value < 10**40 else ""
    return text if ID.fullmatch(text) else ""


def text_of(value: object) -> str:
    """Return a text, "" for anything else. What JSON can write and no database keeps becomes a question mark."""
    return value.encode(errors="replace").decode().replace("\0", "?") if isinstance(value, str) else ""


def part_of(answer: object, *names: str) -> object:
    """Return what stands at that path of objects, None where it breaks off."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def figure(value: object) -> float | None:
    """Return a count: a number that is finite and not negative, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) and number >= 0 else None


def whole(value: object) -> int | None:
    """Return a number of bytes, which Meta writes as a number or as text; None for anything else."""
    text = "" if isinstance(value, bool) or not isinstance(value, str | int) else str(value)
    return int(text) if _WHOLE.fullmatch(text) else None


def address_at(value: object, domain: str) -> str:
    """Return an https address at that domain or below it, "" for anything else."""
    text = text_of(value)
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    is_there = parts.scheme == "https" and (host == domain or host.endswith(f".{domain}"))
    return text if is_there and text.isprintable() and " " not in text else ""


def parse_time(text: object) -> datetime | None:
    """Return an instant as Meta writes it (`2026-09-05T14:33:01+0000`), None where there is none."""
    try:
        return _likely(datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC))
    except (ValueError, OverflowError, RecursionError):
        return None


def instant_of(seconds: int) -> datetime | None:
    """Return the instant of UNIX seconds, None for 0 and for what no calendar holds."""
    try:
        return _likely(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _likely(instant: datetime) -> datetime | None:
    return instant if _FIRST_YEAR <= instant.year <= _LAST_YEAR else None


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts read the same: the platform may normalise Unicode and white space."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_cursor(text: str) -> bool:
    """Tell whether a text can be a place in a list of the platform's, and be sent back as it is."""
    return _CURSOR.fullmatch(text) is not None


def cursor_in(answer: object) -> str:
    """Return the platform's cursor to what follows, "" where it gives none that can be sent back."""
    cursor = part_of(answer, "paging", "cursors", "after")
    return cursor if isinstance(cursor, str) and is_cursor(cursor) else ""
