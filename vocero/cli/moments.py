"""Hours and words as people type them."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from core.errors import InvalidInput
from core.lima import to_utc
from core.texts import _

_LAST_YEAR = 2999  # later ones are slips, and some of them no clock can hold
W = TypeVar("W", bound=StrEnum)


def instant_of(text: str) -> datetime:
    """Return the instant: "2026-11-24 08:30" in Lima, or any ISO 8601 with its zone. Raises InvalidInput."""
    try:
        moment = datetime.fromisoformat(text.strip())
        instant = to_utc(moment.date(), moment.time()) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or instant.year > _LAST_YEAR:
        raise InvalidInput(
            _("«{text}» no es una hora. Escríbala así: 2026-11-24 08:30 (hora de Lima).").format(text=text)
        )
    return instant


def word_of(kind: type[W], text: str, option: str) -> W:
    """Return the word of a closed vocabulary, by its code or its label. Raises InvalidInput that names all."""
    for word in kind:
        if text.strip().casefold() in (word.value, str(getattr(word, "label", "")).casefold()):
            return word
    raise InvalidInput(
        _("«{text}» no sirve para {option}. Son: {all}.").format(text=text[:60], option=option, all=", ".join(kind))
    )
