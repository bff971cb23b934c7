"""The site first: a placeholder in what is approved stands for the address that the post gets on the official website.

An approval binds the text with the placeholder in it. What is sent is that text with each placeholder replaced by the
address of the website's delivery of the same post and revision; nothing else differs (`with_permalink`).
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from core.deliveries import DeliveryState
from core.platforms import Platform
from core.posts import Content

PLACEHOLDER = "{enlace-web}"
# what somebody writes who means it: it would go out as it stands, so it is refused
_LIKENESS = re.compile(r"\{\s*enlaces?[\s_\-\u2010-\u2015]*web\s*\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SitePost:
    """The website's delivery of the same post and revision: where it stands, at which address (empty: not yet known).

    `site` is the address of the official website, from the register.
    """

    site: str
    state: DeliveryState
    url: str


def has_placeholder(content: Content) -> bool:
    """Tell whether the content needs the site's address: in its text, its thread, or as its link."""
    return content.link == PLACEHOLDER or any(PLACEHOLDER in message for message in (content.text, *content.thread))


def with_permalink(content: Content, url: str) -> Content:
    """Return the content with every placeholder replaced; what the address itself says is not looked at again."""
    return replace(
        content,
        text=content.text.replace(PLACEHOLDER, url),
        thread=tuple(message.replace(PLACEHOLDER, url) for message in content.thread),
        link=url if content.link == PLACEHOLDER else content.link,
    )


def copy_for(content: Content, platform: Platform) -> Content:
    """Return the content as this platform gets it: the website does not point to itself.

    There a line that holds the placeholder is left out, and so is a link that is one.
    """
    if platform is not Platform.WEBSITE or not has_placeholder(content):
        return content
    thread = tuple(_without_lines(message) for message in content.thread)
    return replace(
        content,
        text=_without_lines(content.text),
        thread=tuple(
            after for before, after in zip(content.thread, thread, strict=True) if after.strip() or not before.strip()
        ),
        link="" if content.link == PLACEHOLDER else content.link,
    )


def has_leftover(content: Content) -> bool:
    """Tell whether anything in any part of the content is the placeholder, or was meant to be."""
    words = (content.title, content.text, *content.thread, content.excerpt, content.link)
    words = (*words, *content.categories, *content.tags, *(chosen for _name, chosen in content.options))
    return any(_LIKENESS.search(_plain(word)) for word in (*words, *(a.alt_text for a in content.attachments)))


def _without_lines(message: str) -> str:
    if PLACEHOLDER not in message:
        return message
    kept: list[str] = []
    for line in message.split("\n"):
        is_blank_again = not line.strip() and bool(kept) and not kept[-1].strip()
        if PLACEHOLDER not in line and not is_blank_again:
            kept.append(line)
    return "\n".join(kept).strip("\n")


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", word) if unicodedata.category(c) != "Cf")
