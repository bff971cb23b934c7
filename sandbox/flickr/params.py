"""Arguments of a method: all are texts. What Flickr would quietly ignore is refused here."""

import re
from datetime import UTC, datetime

from sandbox.exchange import Call
from sandbox.flickr.errors import Failure, refused

COMMON = frozenset({"method", "api_key", "format", "nojsoncallback", "jsoncallback"})
_PAGE = 1


def read(call: Call) -> dict[str, str]:
    """Return all parameters but oauth_*, the body's before the query's."""
    given = dict(call.query.items()) | dict(call.form.items())
    return {name: value for name, value in given.items() if not name.startswith("oauth_")}


def check_names(args: dict[str, str], known: frozenset[str]) -> None:
    """Refuse arguments nobody knows: the real one ignores them, and a typo in `is_public` costs a publication."""
    unknown = sorted(set(args) - known - COMMON)
    if unknown:
        raise refused(f"argumento desconocido: {unknown[0]}")


def flag(args: dict[str, str], name: str, *, default: bool) -> bool:
    """Return a 0/1."""
    value = args.get(name)
    if value is None:
        return default
    if value not in {"0", "1"}:
        raise refused(f"{name}: debe ser 0 o 1")
    return value == "1"


def choice(args: dict[str, str], name: str, allowed: range, *, default: int) -> int:
    """Return a whole number of a range."""
    value = args.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"\d{1,2}", value) or int(value) not in allowed:
        raise refused(f"{name}: debe ser de {allowed[0]} a {allowed[-1]}")
    return int(value)


def number(args: dict[str, str], name: str, *, default: int, most: int | None = None) -> int:
    """Return a whole number from 1; above `most` it is cut, as the page sizes are."""
    value = args.get(name, "")
    if not value:
        return default
    if not re.fullmatch(r"\d{1,9}", value) or int(value) < _PAGE:
        raise refused(f"{name}: debe ser un número entero desde 1")
    return int(value) if most is None else min(int(value), most)


def instant(args: dict[str, str], name: str) -> datetime | None:
    """Return a time given as UNIX seconds, or as `YYYY-MM-DD HH:MM:SS` (UTC here)."""
    value = args.get(name, "").strip()
    if not value:
        return None
    try:
        if re.fullmatch(r"\d{1,11}", value):
            return datetime.fromtimestamp(int(value), UTC)
        return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise refused(f"{name}: no es una fecha") from error


def required(args: dict[str, str], *names: str, code: int = 2) -> None:
    """Require arguments, empty ones included. The code of a missing second argument is each method's own."""
    missing = [name for name in names if name not in args]
    if missing:
        raise Failure(code, f"Required arguments missing: {', '.join(missing)}")


def seconds(instant: datetime) -> str:
    """Return UNIX seconds as Flickr gives them."""
    return str(int(instant.timestamp()))
