"""Titles, descriptions and comments: limited HTML, entities, what the public reads (sheet 2.1, 3.3, 6.2)."""

import html
import re
from urllib.parse import urlsplit

from sandbox.flickr.errors import Failure, refused

LONGEST_TITLE = 255
LONGEST_DESCRIPTION = 63_000
"""Bytes of UTF-8, the strict reading of a [memory] fact (sheet section 5)."""
_TAG = re.compile(r"(</?(?:a|b|i|em|strong|blockquote)\b[^<>]*>)", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LOOSE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\]]+", re.IGNORECASE)


def plain(text: str) -> str:
    """Return what the public reads of limited HTML: tags are not read, entities are letters."""
    return html.unescape(_ANY_TAG.sub("", text))


def shown(text: str) -> str:
    """Return a comment as the API gives it: HTML entities, and the tags that are allowed."""
    return "".join(part if _TAG.fullmatch(part) else _entities(part) for part in _TAG.split(text))


def _entities(text: str) -> str:
    bare = _LOOSE_AMPERSAND.sub("&amp;", text)
    return bare.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def check_addresses(*texts: str) -> None:
    """Refuse addresses of the abuse list: here every host that ends in `.invalid`. Raises Failure 116."""
    for text in texts:
        for address in _ADDRESS.findall(text):
            if (urlsplit(address).hostname or "").endswith(".invalid"):
                raise Failure(116, "Bad URL found")


def check_lengths(title: str, description: str) -> None:
    """Refuse what is too long; what Flickr does then is unknown."""
    if len(title.encode()) > LONGEST_TITLE:
        raise refused(f"title: más de {LONGEST_TITLE} bytes")
    if len(description.encode()) > LONGEST_DESCRIPTION:
        raise refused(f"description: más de {LONGEST_DESCRIPTION} bytes")
