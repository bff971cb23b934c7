"""URNs: which kinds there are and how their keys look (sheet section 0)."""

import re
from dataclasses import dataclass

from sandbox.linkedin.errors import bad_value

_KEYS = {
    "organization": r"\d{1,19}",
    "person": r"[A-Za-z0-9_-]+",
    "share": r"\d{1,19}",
    "ugcPost": r"\d{1,19}",
    "activity": r"\d{1,19}",
    "image": r"[A-Za-z0-9_-]+",
    "video": r"[A-Za-z0-9_-]+",
    "document": r"[A-Za-z0-9_-]+",
    "comment": r"\(urn:li:(?:activity|share|ugcPost):\d{1,19},\d{1,19}\)",
}
AUTHORS = ("organization", "person")
POSTS = ("share", "ugcPost")
THREADS = ("share", "ugcPost", "activity", "comment")


@dataclass(frozen=True, slots=True)
class Urn:
    """A parsed URN."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"urn:li:{self.kind}:{self.key}"


def parse(text: object, *, kinds: tuple[str, ...], field: str) -> Urn:
    """Return the URN of one of the kinds. Raises LinkedInError 400 that names the field."""
    match = re.fullmatch(r"urn:li:([A-Za-z]+):(.+)", text, re.DOTALL) if isinstance(text, str) else None
    if match is None or match[1] not in kinds:
        raise bad_value("INVALID_URN_TYPE", f"/{field} must be a URN of type {' or '.join(kinds)}")
    if not re.fullmatch(_KEYS[match[1]], match[2]):
        raise bad_value("INVALID_URN_ID", f"/{field} has an invalid id")
    return Urn(match[1], match[2])


def comment_parts(urn: Urn) -> tuple[str, str]:
    """Return the thread's URN and the number of a comment URN."""
    thread, _, number = urn.key[1:-1].rpartition(",")
    return thread, number
