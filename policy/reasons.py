"""Why something may not be: what every judgement answers with."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against. `code` is for programs and stays; `sentence` is for people: Spanish, with the way out."""

    code: str
    sentence: str


def joined(reasons: Sequence[Reason]) -> str:
    """Return the sentences as one text."""
    return " ".join(reason.sentence for reason in reasons)
