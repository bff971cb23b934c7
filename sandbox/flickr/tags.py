"""Tags: blank-separated, quoted phrases, normal form and raw spelling, machine tags (sheet 2.1 and 3.2)."""

import re
from dataclasses import dataclass

MOST = 75
"""Tags of one photo (sheet section 5 [memory])."""
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_MACHINE = re.compile(r"[A-Za-z][A-Za-z0-9_]*:[A-Za-z][A-Za-z0-9_]*=.+", re.DOTALL)
_PHRASED_VALUE = re.compile(r'([A-Za-z][A-Za-z0-9_]*:[A-Za-z][A-Za-z0-9_]*=)"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: `raw` as it was written, `text` its normal form."""

    id: str
    author: str
    raw: str
    text: str

    @property
    def is_machine(self) -> bool:
        """Whether it is `ns:key=value`."""
        return is_machine(self.raw)


def is_machine(raw: str) -> bool:
    """Whether a raw tag is a machine tag."""
    return _MACHINE.fullmatch(raw) is not None


def normal(raw: str) -> str:
    """Return the normal form: lower-case letters and digits only; machine tags stay as they are."""
    if is_machine(raw):
        return raw
    return "".join(letter for letter in raw.lower() if letter.isalnum())


def split(text: str) -> list[str]:
    """Return the raw tags of a field: words, and phrases in double quotes; each normal form once.

    Commas separate nothing: what they do is not documented (sheet trap 4), and here they stick to their word.
    """
    out: dict[str, str] = {}
    for quoted, word in _WORD.findall(_PHRASED_VALUE.sub(r'"\1\2"', text)):
        raw = (quoted or word).strip()
        if normal(raw):
            out.setdefault(normal(raw), raw)
    return list(out.values())
