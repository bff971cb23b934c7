"""Sentences for people: Spanish of Peru in the source, through gettext, so that another language is a catalogue."""

import gettext
from pathlib import Path

_LOCALES = Path(__file__).parent / "locales"
_CATALOGUE = gettext.translation("vocero", localedir=_LOCALES, fallback=True)


def _(sentence: str) -> str:
    """Return the sentence in the language of the process; the Spanish source where no catalogue has it."""
    return _CATALOGUE.gettext(sentence)


def plural(one: str, many: str, count: int) -> str:
    """Return `one` or `many` for the count, translated, with `{n}` filled in."""
    return _CATALOGUE.ngettext(one, many, count).format(n=count)
