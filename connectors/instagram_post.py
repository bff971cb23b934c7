"""What a post is on Instagram, how far it is prepared, and how it is recognised among what the platform lists."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from connectors.errors import Unsupported
from connectors.media_hosts import Hosted
from connectors.meta import Answer
from connectors.meta_values import instant_of, parse_time, part_of, same_text, text_of
from core.capabilities import LinkPlace, Option, public_text
from core.deliveries import Stage
from core.media import MediaKind, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

# Instagram makes no address in a caption a link; written out, people can at least copy it
LINK_PLACE = LinkPlace.APART_OR_IN_TEXT
SHARE_TO_FEED = Option(
    "share_to_feed",
    _("Mostrar el reel también en la cuadrícula del perfil"),
    values=(("true", _("Sí")), ("false", _("No"))),
    default="true",
)
# Between the platform's clock and ours. Also what lets a post count that bears its container's time: the sheet does not
# say which of the two instants `timestamp` is.
SKEW = timedelta(minutes=5)


class Kind(StrEnum):
    """What a post becomes; the value is the `media_type` with which it reads back (sheet 3.1)."""

    IMAGE = "IMAGE"
    CAROUSEL = "CAROUSEL_ALBUM"
    REEL = "VIDEO"

    @classmethod
    def of(cls, post: OutgoingPost) -> "Kind":
        """Return the kind that the post's files make. Raises Unsupported where the platform has none."""
        videos = sum(medium.medium.kind is MediaKind.VIDEO for medium in post.media)
        if not post.media or (videos and len(post.media) > 1):
            raise Unsupported("one image, 2 to 10 images, or one video", platform=Platform.INSTAGRAM)
        if videos:
            return cls.REEL
        return cls.IMAGE if len(post.media) == 1 else cls.CAROUSEL


@dataclass(frozen=True, slots=True)
class Progress:
    """What is prepared so far: the meaning of a stage's token.

    `content` is a digest of what the post says, so that a token can never publish another text. `hosted`: files under a
    public address, in the order of `pictures`; `left`: hosted ones that could not be taken away again. `children`: a
    carousel's containers, of which so many are `finished`. `container` is what `publish` publishes, made at `made_at`
    (UNIX seconds); `sent`: the reel's bytes that the platform has, `address` where they go, `stalled` the offset at
    which it refused a part. `misses`, `refusals`, `failures`, `expiries` count what went wrong. `public`: the container
    is published, as the media `media` at `url` where that was found.
    """

    content: str
    hosted: tuple[Hosted, ...] = ()
    left: tuple[Hosted, ...] = ()
    children: tuple[str, ...] = ()
    finished: int = 0
    container: str = ""
    made_at: int = 0
    address: str = ""
    sent: int = 0
    stalled: int = -1
    misses: int = 0
    refusals: int = 0
    failures: int = 0
    expiries: int = 0
    public: bool = False
    media: str = ""
    url: str = ""

    @classmethod
    def of(cls, post: OutgoingPost, stage: Stage | None) -> "Progress":
        """Return how far this post has come; at the beginning where the token is another's or not readable."""
        beginning = cls(content=fingerprint(post))
        try:
            token: Any = dict(stage.token) if stage else {}
            if token["content"] != beginning.content:
                return beginning
            listed = {
                "hosted": tuple(Hosted(**one) for one in token["hosted"]),
                "left": tuple(Hosted(**one) for one in token["left"]),
                "children": tuple(token["children"]),
            }
            told = replace(beginning, **(token | listed))
        except (KeyError, TypeError):
            return beginning
        kinds = {field.name: type(field.default) for field in fields(cls) if field.name != "content"}
        is_sound = all(type(getattr(told, name)) is kind for name, kind in kinds.items())
        hosted = (*told.hosted, *told.left)
        is_sound = is_sound and all(isinstance(text, str) for text in (*told.children, *(one.url for one in hosted)))
        return told if is_sound and all(isinstance(one.token, dict) for one in hosted) else beginning

    def stage(self, *, ready: bool = False, again_in: timedelta = timedelta(0)) -> Stage:
        """Return this as the caller stores it."""
        token = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return Stage(token=token, ready=ready, again_in=again_in)

    def anew(self) -> "Progress":
        """Return a fresh start that keeps the hosted files and the counts."""
        return Progress(
            content=self.content,
            hosted=self.hosted,
            left=self.left,
            refusals=self.refusals,
            failures=self.failures,
            expiries=self.expiries,
        )


def pictures(post: OutgoingPost) -> tuple[OutgoingMedium, ...]:
    """Return the files that the platform fetches from a public address: images, or a reel's cover."""
    if Kind.of(post) is not Kind.REEL:
        return post.media
    return (post.thumbnail,) if post.thumbnail else ()


def caption_of(post: OutgoingPost) -> str:
    """Return the text as it goes out."""
    return public_text(post.whole_text, link=post.link, has_media=bool(post.media), place=LINK_PLACE)


def fingerprint(post: OutgoingPost) -> str:
    """Return a digest of all that goes to this platform."""
    cover = post.thumbnail.medium.sha256 if post.thumbnail else ""
    media = [[medium.medium.sha256, medium.alt_text] for medium in post.media]
    chosen = post.option(Platform.INSTAGRAM, SHARE_TO_FEED.name, SHARE_TO_FEED.default)
    said = json.dumps([post.whole_text, post.link, media, cover, chosen], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def is_ours(item: Answer, post: OutgoingPost, *, not_before: datetime) -> bool:
    """Tell whether a media object of the account's list is this post, by all that the platform gives back of it."""
    at = parse_time(item.get("timestamp"))
    kind = Kind.of(post)
    listed = part_of(item, "children", "data")
    if kind is Kind.CAROUSEL and isinstance(listed, list) and len(listed) != len(post.media):
        return False
    return (
        at is not None
        and at >= not_before
        and item.get("media_type") == kind.value
        and same_text(text_of(item.get("caption")), caption_of(post))
    )


def is_telling(item: Answer) -> bool:
    """Tell whether a media object of the account's list says all by which it is recognised."""
    has_text = isinstance(item.get("caption"), str | None)
    return has_text and parse_time(item.get("timestamp")) is not None and isinstance(item.get("media_type"), str)


def window_start(progress: Progress, since: datetime | None) -> datetime:
    """Return from when on a listed media can be this post."""
    return min(instant for instant in (instant_of(progress.made_at), since, datetime.now(UTC)) if instant) - SKEW
