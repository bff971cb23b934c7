"""An approved text as WordPress blocks, and a comment's HTML as plain text.

Block markup: sheet website.md 7.19; shapes checked against WordPress 6.1, which keeps them byte for byte for an editor
and for an author (whose HTML is filtered).
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from core.media import MediaKind

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_AFTER_ADDRESS = ".,;:!?)»”’'"


@dataclass(frozen=True, slots=True)
class Illustration:
    """A file of the site's media library in its place in the text."""

    kind: MediaKind
    id: int
    url: str
    alt_text: str = field(repr=False)


def blocks(text: str, link: str, illustrations: Sequence[Illustration]) -> str:
    """Return the post's content: its paragraphs, its link, its pictures and films."""
    parts = [_paragraph(_linked(paragraph)) for paragraph in _paragraphs(text)]
    if link:
        parts.append(_paragraph(_anchor(link) if _ADDRESS.fullmatch(link) else _text(link)))
    images = [one for one in illustrations if one.kind is MediaKind.IMAGE]
    if len(images) == 1:
        parts.append(_image(images[0]))
    elif images:
        parts.append(_gallery(images))
    parts.extend(_video(one) for one in illustrations if one.kind is MediaKind.VIDEO)
    return "\n\n".join(parts)


def escaped(text: str) -> str:
    """Return the text as HTML that shows exactly these characters, for a title, an excerpt or a comment."""
    return html.escape(text, quote=False)


def plain(markup: str) -> str:
    """Return what people read in a comment's HTML."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.text()


def _paragraphs(text: str) -> Iterable[str]:
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return (part.strip() for part in re.split(r"\n[ \t]*\n", unified) if part.strip())


def _linked(paragraph: str) -> str:
    # A bare address would be dead text, and one that is alone in its paragraph WordPress may turn into a player
    pieces: list[str] = []
    position = 0
    for match in _ADDRESS.finditer(paragraph):
        address = match[0].rstrip(_AFTER_ADDRESS)
        pieces += (_text(paragraph[position : match.start()]), _anchor(address))
        position = match.start() + len(address)
    pieces.append(_text(paragraph[position:]))
    return "".join(pieces).replace("\n", "<br>")


def _text(text: str) -> str:
    # "[" opens a shortcode, which WordPress would carry out; so written, the filter for authors leaves it alone
    return escaped(text).replace("[", "&#091;")


def _attribute(value: str) -> str:
    return _text(value).replace('"', "&quot;")


def _anchor(address: str) -> str:
    return f'<a href="{_attribute(address)}">{_text(address)}</a>'


def _paragraph(inner: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{inner}</p>\n<!-- /wp:paragraph -->"


def _image(image: Illustration) -> str:
    return (
        f'<!-- wp:image {{"id":{image.id},"sizeSlug":"full","linkDestination":"none"}} -->\n'
        f'<figure class="wp-block-image size-full"><img src="{_attribute(image.url)}"'
        f' alt="{_attribute(image.alt_text)}" class="wp-image-{image.id}" /></figure>\n'
        "<!-- /wp:image -->"
    )


def _gallery(images: Sequence[Illustration]) -> str:
    inner = "\n\n".join(_image(image) for image in images)
    return (
        '<!-- wp:gallery {"linkTo":"none"} -->\n'
        '<figure class="wp-block-gallery has-nested-images columns-default is-cropped">'
        f"{inner}</figure>\n<!-- /wp:gallery -->"
    )


def _video(video: Illustration) -> str:
    # The alternative text of a film is its caption: the player has no place for it that a screen reader reads
    caption = f'<figcaption class="wp-element-caption">{_text(video.alt_text)}</figcaption>' if video.alt_text else ""
    return (
        f'<!-- wp:video {{"id":{video.id}}} -->\n'
        f'<figure class="wp-block-video"><video controls src="{_attribute(video.url)}"></video>{caption}</figure>\n'
        "<!-- /wp:video -->"
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the base's)
        if tag == "br":
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "div", "li", "blockquote"):
            self._pieces.append("\n\n")

    def text(self) -> str:
        joined = "".join(self._pieces)
        return re.sub(r"\n{3,}", "\n\n", joined).strip()
