"""What a busy press office approves: posts of every kind, and what the public should see of each on every platform.

What is expected is written here from the platforms' ways, not taken from the connectors.
"""

import html
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.media import Attachment, AttachmentRole, MediaKind
from core.platforms import Platform
from core.posts import Content
from sandbox.ledger import Write
from tests.e2e.newsroom import Newsroom

_SAMPLE = Path(__file__).parents[2] / "fixtures" / "sample_week"
_PICTURES = ("taller-carpinteria.jpg", "salud.jpg", "cita-en-linea.jpg")
_FILM, _STILL = "recorrido-taller.mp4", "miniatura-taller.jpg"
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
P = Platform
_WRITTEN = (P.FACEBOOK, P.X, P.LINKEDIN, P.WEBSITE)
_SHOWN = (*_WRITTEN, P.INSTAGRAM, P.FLICKR)
_TITLED = (P.WEBSITE, P.FLICKR, P.YOUTUBE)
# where there is no card for a link, or none beside files, it stands under the text
_LINK_ALWAYS, _LINK_BESIDE_FILES = (P.X, P.WEBSITE), (P.FACEBOOK, P.INSTAGRAM, P.LINKEDIN, P.FLICKR, P.YOUTUBE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of post, and where it goes."""

    name: str
    platforms: tuple[Platform, ...]
    pictures: int = 0
    is_film: bool = False
    has_link: bool = False
    thread: int = 0


TEXT = Kind("text", _WRITTEN)
LINK = Kind("link", _WRITTEN, has_link=True)
PICTURE = Kind("picture", _SHOWN, pictures=1, has_link=True)
SEVERAL = Kind("several", _SHOWN, pictures=3)
THREAD = Kind("thread", _WRITTEN, thread=2)
FILM = Kind("film", (P.FACEBOOK, P.X, P.INSTAGRAM, P.YOUTUBE, P.LINKEDIN, P.FLICKR), is_film=True)
# where a film is ready at once; elsewhere a connector first waits for many seconds
SHORT_FILM = Kind("film", (P.X, P.YOUTUBE), is_film=True)
EVERYTHING = (TEXT, PICTURE, THREAD, SEVERAL, LINK, FILM)
IN_A_HURRY = (TEXT, PICTURE, THREAD, SHORT_FILM, SEVERAL, LINK)


@dataclass(frozen=True, slots=True)
class Face:
    """What the public sees of one thing: words folded into one line, files in order."""

    platform: Platform
    kind: str
    title: str
    text: str
    media: tuple[str, ...]


def write_programme(
    newsroom: Newsroom, kinds: tuple[Kind, ...], *, deliveries: int, over: timedelta
) -> dict[int, Content]:
    """Let the office write, approve and schedule; return what was approved by post.

    The newsroom's clock stands in the past, so that half of the posts are due when it is done; the others come due
    evenly within `over`.
    """
    approved: dict[int, Content] = {}
    start = newsroom.now() + timedelta(minutes=10)
    pace = over / max(deliveries, 1)
    left = deliveries
    for number, kind in zip(itertools.count(1), itertools.cycle(kinds), strict=False):
        content = _content(newsroom, number, kind)
        publish_at = start + (pace * (deliveries - left) if number % 2 else timedelta(0))
        post = newsroom.draft_of(content, kind.platforms[:left], publish_at=publish_at)
        left -= len(newsroom.carry(post))
        approved[post.id] = content
        if not left:
            return approved
    raise AssertionError("unreachable")


def faces(platform: Platform, content: Content) -> tuple[Face, ...]:
    """Return what the public should see of it there, in order."""
    files = tuple(each.medium.sha256 for each in content.shown)
    is_film = any(each.medium.kind is MediaKind.VIDEO for each in content.shown)
    words: tuple[str, ...] = (content.text,) if platform is P.X else ("\n\n".join((content.text, *content.thread)),)
    if content.link and (platform in _LINK_ALWAYS or (files and platform in _LINK_BESIDE_FILES)):
        words = (f"{words[0]}\n\n{content.link}", *words[1:])
    if platform is P.X:
        words = (*words, *content.thread)
    title = content.title if platform in _TITLED else ""
    if platform is P.LINKEDIN and (is_film or (content.link and not files)):
        title = content.title  # of the card, or of the film
    if platform is P.FLICKR:  # a photo each, with the same words
        return tuple(
            Face(platform, "video" if is_film else "photo", title, _folded(words[0]), (file,)) for file in files
        )
    kind = _kind(platform, len(files), is_film=is_film)
    first = Face(platform, kind, title, _folded(words[0]), files)
    return (first, *(Face(platform, kind, "", _folded(text), ()) for text in words[1:]))


def seen(write: Write) -> Face:
    """Return the same of an entry of the sandbox's ledger."""
    platform = Platform(write.platform)
    text = html.unescape(_MARKUP.sub(" ", write.text)) if platform is P.WEBSITE else write.text
    return Face(platform, write.kind, html.unescape(write.title or ""), _folded(text), write.media)


def _kind(platform: Platform, files: int, *, is_film: bool) -> str:
    if platform is P.YOUTUBE or (is_film and platform in (P.FACEBOOK, P.INSTAGRAM)):
        return "video"
    return "photo" if files == 1 and platform in (P.FACEBOOK, P.INSTAGRAM) else "post"


def _content(newsroom: Newsroom, number: int, kind: Kind) -> Content:
    name = kind.name if kind.is_film else f"<{kind.name}>"  # YouTube takes no angle brackets
    return Content(
        text=f"Aviso {number}: la feria «Manos que crean» abre el sábado & el domingo.\n\n¡Los esperamos! ñandú {name}",
        title=f"Aviso {number} de la feria",
        link=f"https://www.gob.pe/inpe/aviso-{number}" if kind.has_link else "",
        attachments=tuple(_attachments(newsroom, number, kind)),
        thread=tuple(f"Aviso {number}, parte {part}: más detalles." for part in range(2, kind.thread + 2)),
    )


def _attachments(newsroom: Newsroom, number: int, kind: Kind) -> Iterator[Attachment]:
    add = newsroom.office.media.add
    for place in range(kind.pictures):
        yield Attachment(add(_SAMPLE / _PICTURES[(number + place) % len(_PICTURES)]), f"Imagen {place + 1}")
    if kind.is_film:
        yield Attachment(add(_SAMPLE / _FILM), "La cámara recorre un taller")
        yield Attachment(add(_SAMPLE / _STILL), "", AttachmentRole.THUMBNAIL)


def _folded(text: str) -> str:
    return " ".join(text.split())
