"""The platforms, by the names that the office and the code use: seven of our own, and those that plug-ins introduce."""

import re
import unicodedata
from collections.abc import Iterator
from typing import ClassVar


class _Known(type):
    """Lets one write `for platform in Platform`."""

    def __iter__(cls) -> "Iterator[Platform]":
        return iter(list(_known.values()))

    def __len__(cls) -> int:
        return len(_known)


class Platform(str, metaclass=_Known):
    """A social network or the website; the value is what is stored and typed.

    One object per value, so `is` compares. `Platform("…")` raises ValueError for one that nobody introduced.
    """

    __slots__ = ()

    FACEBOOK: ClassVar["Platform"]
    X: ClassVar["Platform"]
    INSTAGRAM: ClassVar["Platform"]
    YOUTUBE: ClassVar["Platform"]
    LINKEDIN: ClassVar["Platform"]
    FLICKR: ClassVar["Platform"]
    WEBSITE: ClassVar["Platform"]

    def __new__(cls, value: str) -> "Platform":
        """Return the one object of that platform."""
        try:
            return _known[str(value)]
        except KeyError:
            raise ValueError(f"{value!r} is no known platform") from None

    def __repr__(self) -> str:
        return f"<Platform: {str(self)!r}>"

    @property
    def value(self) -> str:
        """What is stored."""
        return str(self)

    @property
    def label(self) -> str:
        """The name as the office writes it."""
        return _labels[self]

    @classmethod
    def named(cls, name: str) -> "Platform | None":
        """Return the platform that the office's word means (case, accents, spaces aside), or None."""
        return _words.get(_folded(name))

    @classmethod
    def introduce(cls, value: str, label: str, *, synonyms: tuple[str, ...] = ()) -> "Platform":
        """Make a platform known; a plug-in calls this once, when it is loaded.

        `value`: 1 to 32 of [a-z0-9_], a letter first. Raises ValueError for another form, or a word already taken.
        """
        if not _VALUE.fullmatch(value):
            raise ValueError(f"{value!r} cannot name a platform")
        platform = str.__new__(cls, value)
        if value in _known:
            if _labels[_known[value]] == label:
                return _known[value]
            raise ValueError(f"{value!r} is a platform already")
        words = {_folded(word) for word in (value, label, *synonyms)}
        taken = words & set(_words)
        if taken:
            raise ValueError(f"{sorted(taken)} already mean another platform")
        _known[value] = platform
        _labels[platform] = label
        _words.update(dict.fromkeys(words, platform))
        return platform


_VALUE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_known: dict[str, Platform] = {}
_labels: dict[Platform, str] = {}
_words: dict[str, Platform] = {}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(plain.casefold().split())


# "Twitter" and "Flicker" are the procedure's own words (P-E3.01.04, clauses 1 and 9)
Platform.FACEBOOK = Platform.introduce("facebook", "Facebook", synonyms=("fb",))
Platform.X = Platform.introduce("x", "X", synonyms=("twitter", "tw"))
Platform.INSTAGRAM = Platform.introduce("instagram", "Instagram", synonyms=("ig", "insta"))
Platform.YOUTUBE = Platform.introduce("youtube", "YouTube", synonyms=("yt",))
Platform.LINKEDIN = Platform.introduce("linkedin", "LinkedIn", synonyms=("in", "li"))
Platform.FLICKR = Platform.introduce("flickr", "Flickr", synonyms=("flicker",))
Platform.WEBSITE = Platform.introduce(
    "website", "Página web", synonyms=("web", "pagina", "sitio web", "portal", "portal web", "wordpress")
)
