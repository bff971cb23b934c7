"""The seven platforms, by the names that the office and the code use."""

import unicodedata
from enum import StrEnum


class Platform(StrEnum):
    """A social network or the website; the value is what is stored and typed."""

    FACEBOOK = "facebook"
    X = "x"
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    LINKEDIN = "linkedin"
    FLICKR = "flickr"
    WEBSITE = "website"

    @property
    def label(self) -> str:
        """The name as the office writes it."""
        return _LABELS[self]

    @classmethod
    def named(cls, name: str) -> "Platform | None":
        """Return the platform that the office's word means (case, accents, spaces aside), or None."""
        return _NAMES.get(_folded(name))


_LABELS = {
    Platform.FACEBOOK: "Facebook",
    Platform.X: "X",
    Platform.INSTAGRAM: "Instagram",
    Platform.YOUTUBE: "YouTube",
    Platform.LINKEDIN: "LinkedIn",
    Platform.FLICKR: "Flickr",
    Platform.WEBSITE: "Página web",
}

# "Twitter" and "Flicker" are the procedure's own words (P-E3.01.04, clauses 1 and 9)
_SYNONYMS = {
    Platform.FACEBOOK: ("fb",),
    Platform.X: ("twitter", "tw"),
    Platform.INSTAGRAM: ("ig", "insta"),
    Platform.YOUTUBE: ("yt",),
    Platform.LINKEDIN: ("in", "li"),
    Platform.FLICKR: ("flicker",),
    Platform.WEBSITE: ("web", "pagina", "sitio web", "portal", "portal web", "wordpress"),
}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(plain.casefold().split())


_NAMES = {
    _folded(word): platform for platform in Platform for word in (platform.value, platform.label, *_SYNONYMS[platform])
}
