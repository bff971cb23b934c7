"""A post's words as Flickr takes them, and Flickr's words as people read them.

Source: sheet flickr.md of 2026-11-23, sections 2.1, 3.2, 3.3 and 5. A title is plain text; a description and a comment
are limited HTML, so that `<` and `&` of an approved text are written as entities: people read the same characters.
"""

import html
import re
import unicodedata

from connectors.errors import Rejected
from core.capabilities import LinkPlace, public_text
from core.platforms import Platform
from core.posts import OutgoingPost

# [memory] (sheet section 5)
TITLE_LENGTH = 255
TAG_COUNT = 75

# a photo has no link card
LINK_PLACE = LinkPlace.APART_OR_IN_TEXT

_POST = "vocero:post="
_PARTS = "vocero:parts="
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# browsers read some names without a semicolon too: "?a=1&copy=2"
_ENTITY = re.compile(r"&(?=[#\w])")
_MENTION = re.compile(r"\s*\[https://www\.flickr\.com/(?:photos|people)/([^/\]\s]+)/?\]\s*")


def title_of(post: OutgoingPost) -> str:
    """Return the title: the post's own, or the first line of its text, cut to what Flickr takes."""
    title = post.title.strip() or next((line.strip() for line in post.text.splitlines() if line.strip()), "")
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


def description_of(post: OutgoingPost) -> str:
    """Return the text as HTML; the link stands at its end."""
    return marked_up(public_text(post.whole_text, link=post.link, has_media=True, place=LINK_PLACE))


def marked_up(text: str) -> str:
    """Return limited HTML that shows exactly this text. A lone `&` shows itself and stays."""
    return _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def plain(markup: str) -> str:
    """Return what people read in a description or comment."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts read the same: the platform may normalise Unicode and white space."""
    return _folded(one) == _folded(other)


def size_of(text: str) -> int:
    """Return how many bytes of a description the text takes."""
    return len(marked_up(text).encode())


def tags_of(post: OutgoingPost, position: int) -> str:
    """Return the tags of the part at that position (from 1), separated by blanks; ours first. Raises Rejected."""
    ours = [mark(post.key, position)]
    if len(post.media) > 1:
        ours.append(f"{_PARTS}{len(post.media)}")
    # a quote cannot stand in a tag, since it delimits them
    words = [" ".join(tag.replace('"', " ").split()) for tag in post.tags]
    theirs = [f'"{word}"' if " " in word else word for word in dict.fromkeys(words) if word]
    if len(ours) + len(theirs) > TAG_COUNT:
        raise Rejected(f"Flickr takes at most {TAG_COUNT - len(ours)} tags beside ours", platform=Platform.FLICKR)
    return " ".join((*ours, *theirs))


def mark(key: str, position: int) -> str:
    """Return the machine tag by which a part of a delivery is found again."""
    return f"{_POST}{key}-{position}"


def family_of(tags: list[str]) -> tuple[str, int]:
    """Return what the machine tags of all parts of this post begin with, and how many parts it has; "" and 1 for none.

    What is not ours, or was shown alone, has one.
    """
    own = next((tag for tag in tags if tag.startswith(_POST) and "-" in tag), "")
    count = next((tag.removeprefix(_PARTS) for tag in tags if tag.startswith(_PARTS)), "")
    return own.rpartition("-")[0] + "-" if own else "", int(count) if own and count.isdecimal() else 1


def mentioning(nsid: str, text: str) -> str:
    """Return a reply as it is written under a photo: Flickr has no threads, so it begins with whom it answers."""
    return f"[https://www.flickr.com/photos/{nsid}/] {marked_up(text)}" if nsid else marked_up(text)


def mentioned(text: str) -> tuple[str, str]:
    """Return whom a comment mentions at its beginning (NSID or alias, "" for nobody), and what follows."""
    found = _MENTION.match(text)
    return (found.group(1), text[found.end() :]) if found else ("", text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
