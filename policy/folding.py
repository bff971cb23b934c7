"""Words as people take them for the same: without accents, capitals, odd letter forms and signs that nobody sees."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable; `places[n]` is where the n-th character of it stands in the original."""

    text: str
    places: tuple[int, ...]

    def find(self, phrase: str) -> list[tuple[int, int]]:
        """Return where the phrase (folded too) stands as whole words: pairs of places in the original, end excluded."""
        found: list[tuple[int, int]] = []
        start = self.text.find(phrase) if phrase else -1
        while start >= 0:
            end = start + len(phrase)
            if self._is_edge(start, phrase[0], before=True) and self._is_edge(end, phrase[-1], before=False):
                found.append((self.places[start], self.places[end - 1] + 1))
            start = self.text.find(phrase, start + 1)
        return found

    def _is_edge(self, place: int, own: str, *, before: bool) -> bool:
        """Tell whether no word goes on across this place; a sign at the phrase's end is an edge by itself."""
        if not _is_of_word(own):
            return True
        other = self.text[place - 1 : place] if before else self.text[place : place + 1]
        return not other or not _is_of_word(other)


@lru_cache(maxsize=512)
def folded(text: str) -> Folded:
    """Return the text without accents (ñ is a letter of its own and stays), capitals, and with single spaces."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character == _TILDE and letters and letters[-1] == "n":
            letters[-1] = "ñ"
            continue
        plain = _plain(character)
        if plain == " " and letters and letters[-1] == " ":
            continue
        letters.extend(plain)
        places.extend([place] * len(plain))
    return Folded("".join(letters), tuple(places))


def phrase(text: str) -> str:
    """Return a phrase to look for."""
    return folded(text.strip()).text


_TILDE = "\N{COMBINING TILDE}"


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in "ñÑ":
        return "ñ"
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cf":
        return ""
    taken_apart = unicodedata.normalize("NFKD", character)
    kept = "".join(each for each in taken_apart if not unicodedata.combining(each)).casefold()
    return " " if kept and kept.isspace() else kept


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"
