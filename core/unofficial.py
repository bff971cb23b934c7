"""Unofficial accounts: those that use the institution's name without being its own (procedure 8.12)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from core.media import Medium
from core.platforms import Platform


class UnofficialState(StrEnum):
    """What the office has done about an unofficial account."""

    FOUND = "found"
    REPORTED = "reported"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The office's word."""
        return _LABELS[self]


_LABELS = {
    UnofficialState.FOUND: "Detectada",
    UnofficialState.REPORTED: "Denunciada",
    UnofficialState.CLOSED: "Cerrada",
}


@dataclass(frozen=True, slots=True)
class UnofficialNote:
    """What was found or done, when, by whom (`by`: a person's id), its evidence; `state` is the one after it."""

    id: int
    state: UnofficialState
    text: str
    by: int
    at: datetime
    files: tuple[Medium, ...] = ()


@dataclass(frozen=True, slots=True)
class Unofficial:
    """An account that uses the institution's name. Instants are aware UTC.

    `network` is a platform's value where it is one of ours, else the word that was typed (TikTok, Telegram).
    `found_by` is who saw it, in words: it need be no user; `entered_by` is a person's id.
    """

    id: int
    network: str
    handle: str
    url: str
    state: UnofficialState
    found_by: str
    found_at: datetime
    entered_by: int
    entered_at: datetime
    notes: tuple[UnofficialNote, ...] = ()

    @property
    def network_label(self) -> str:
        """The network's name as the office writes it."""
        platform = Platform.named(self.network)
        return self.network if platform is None else platform.label


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads, whatever form it is written in; `number` is the account's id where the query has it."""

    host: str
    path: tuple[str, ...]
    number: str = ""

    def __contains__(self, other: "Place") -> bool:
        """Tell whether the other address is this one or lies below it."""
        if self.host != other.host or (self.number and self.number != other.number):
            return False
        return other.path[: len(self.path)] == self.path

    def names(self, remote_id: str) -> bool:
        """Tell whether the address names an account by that id."""
        wanted = remote_id.casefold()
        return bool(wanted) and (self.number == wanted or wanted in self.path)


# the same site under another name, or made for small screens
_PREFIXES = ("www.", "m.", "mobile.", "web.")
_SAME = {"fb.com": "facebook.com", "twitter.com": "x.com"}


def place_of(url: str) -> Place | None:
    """Return where a web address leads; None where it is none."""
    typed = url.strip()
    if any(letter.isspace() for letter in typed):
        return None
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host = (parts.hostname or "").rstrip(".")
        _port = parts.port
        number = parse_qs(parts.query).get("id", [""])[0].casefold()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "." not in host or parts.username is not None:
        return None
    for prefix in _PREFIXES:
        if host.startswith(prefix) and "." in host.removeprefix(prefix):
            host = host.removeprefix(prefix)
            break
    path = tuple(piece.casefold().removeprefix("@") for piece in parts.path.split("/") if piece)
    return Place(_SAME.get(host, host), path, number)
