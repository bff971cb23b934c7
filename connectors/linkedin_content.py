"""What a post is on LinkedIn: its text, what it carries, and whether one that the platform shows is the same.

Sheet of 2026-11-23, sections 2.1 and 3.1.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date

from connectors.linkedin_api import Thing
from connectors.linkedin_text import little_text, same_text
from core.capabilities import Limit, LinkPlace, Option, public_text
from core.media import MediaKind, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_READ_ON = date(2026, 11, 23)
TITLE_LENGTH = Limit(400, "sheet section 5 [doc]: title of an article card", _READ_ON)
# no document at hand confirms it; an excerpt that is longer is cut here, since nobody else looks at its length
DESCRIPTION_LENGTH = Limit(4086, "sheet section 5 [memory]: description of an article card", _READ_ON, remembered=True)

# beside images or a video there is no card, so there the link joins the text
LINK_PLACE = LinkPlace.APART_OR_IN_TEXT
HASHTAGS = Option(
    "hashtags",
    _("Palabras con # del texto"),
    values=(("links", _("Como etiquetas enlazadas")), ("text", _("Como texto simple"))),
    default="links",
)
# of `lifecycleState` (sheet 3.1 [doc]): the only one that means visible, and those that never become so by themselves
PUBLISHED = "PUBLISHED"
PUBLISH_FAILED = "PUBLISH_FAILED"
DRAFT = "DRAFT"

_POST_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")


def text_of(post: OutgoingPost) -> str:
    """Return the text as people will read it, but for its mentions."""
    return public_text(post.whole_text, link=post.link, has_media=bool(post.media), place=LINK_PLACE)


def commentary_of(post: OutgoingPost) -> str:
    """Return the text as it is sent."""
    chosen = post.option(Platform.LINKEDIN, HASHTAGS.name, HASHTAGS.default)
    return little_text(text_of(post), hashtags=chosen != "text")


def video_of(post: OutgoingPost) -> OutgoingMedium | None:
    """Return the post's video, None where it has none."""
    return next((medium for medium in post.media if medium.medium.kind is MediaKind.VIDEO), None)


def files_of(post: OutgoingPost) -> tuple[OutgoingMedium, ...]:
    """Return what has to be uploaded, in order. A video's own thumbnail goes with it and is not here."""
    if post.media:
        return post.media
    return (post.thumbnail,) if post.thumbnail and post.link else ()


def fingerprint(post: OutgoingPost) -> str:
    """Return a digest of all that goes to this platform."""
    media = [[medium.medium.sha256, medium.alt_text] for medium in post.media]
    thumbnail = post.thumbnail.medium.sha256 if post.thumbnail else ""
    said = [post.title, commentary_of(post), post.link, post.excerpt, media, thumbnail]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def body_of(post: OutgoingPost, author: str, uploads: Sequence[str]) -> dict[str, object]:
    """Return the body of `POST /rest/posts`. `uploads`: the URNs of `files_of`, in their order."""
    carried = _content_of(post, uploads)
    return {
        "author": author,
        "commentary": commentary_of(post),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        **({"content": carried} if carried else {}),
        "lifecycleState": PUBLISHED,
        "isReshareDisabledByAuthor": False,
    }


def _content_of(post: OutgoingPost, uploads: Sequence[str]) -> dict[str, object]:
    if len(post.media) > 1:
        images = [_described(urn, medium) for urn, medium in zip(uploads, post.media, strict=True)]
        return {"multiImage": {"images": images}}
    if post.media:
        titled = {"title": post.title} if post.title and video_of(post) else {}
        return {"media": _described(uploads[0], post.media[0]) | titled}
    if not post.link:
        return {}
    # nothing is read from the address: a card without title is bare (sheet trap 9)
    article = {
        "source": post.link,
        "title": _cut(post.title.strip() or _first_line(post.text) or post.link, TITLE_LENGTH),
        "description": _cut(post.excerpt.strip(), DESCRIPTION_LENGTH),
        "thumbnail": uploads[0] if uploads else "",
    }
    return {"article": {name: value for name, value in article.items() if value}}


def _described(urn: str, medium: OutgoingMedium) -> dict[str, str]:
    return {"id": urn} | ({"altText": medium.alt_text} if medium.alt_text else {})


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _cut(text: str, limit: Limit) -> str:
    return text if len(text) <= limit.value else text[: limit.value - 1].rstrip() + "…"


def is_same(seen: Thing, post: OutgoingPost, author: str, uploads: Sequence[str]) -> bool:
    """Tell whether a post that the platform shows is this one.

    With files their URNs prove it, which nobody else's post can carry, whatever somebody made of the text since.
    Without, author, text and card have to be the same; when it was made is for the caller to look at.
    """
    if seen.text("author") != author:
        return False
    if uploads:
        return _carried(seen) == list(uploads)
    card = seen.text("content", "article", "source").rstrip("/")
    return (
        not _carried(seen)
        and same_text(seen.text("commentary"), commentary_of(post))
        and (card == post.link.rstrip("/") or not post.link)
    )


def _carried(seen: Thing) -> list[str]:
    """Return the URNs of the files that a post shows."""
    images = seen.get("content", "multiImage", "images")
    if isinstance(images, list):
        return [Thing(image).text("id") if isinstance(image, dict) else "" for image in images]
    urns = (seen.text("content", "media", "id"), seen.text("content", "article", "thumbnail"))
    return [urn for urn in urns if urn]


def post_urn(text: str) -> str:
    """Return the post's URN in a text that should be one, empty where it is none."""
    match = _POST_URN.fullmatch(text.strip())
    return match[0] if match else ""


def address_of(urn: str) -> str:
    """Return where people find a post (sheet section 0 [code])."""
    return f"https://www.linkedin.com/feed/update/{urn}/"
