"""What a platform accepts and can do, as facts with their source; the judging is `policy/`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.platforms import Platform


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that the platform sets. `remembered`: no document at hand confirms it."""

    value: int
    source: str
    read_on: date
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What a post asks of a platform, as quotas count it: messages, files that it shows, captions, thumbnails."""

    messages: int = 1
    files: int = 0
    captions: int = 0
    thumbnails: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """A delivery's share of a quota: when, of what. `is_spent`: it was begun; else it is only planned."""

    at: datetime
    load: Load
    is_spent: bool = False
    delivery_id: int | None = None


def one_post(load: Load) -> int:
    """Return what a post costs where posts are counted."""
    del load
    return 1


def each_message(load: Load) -> int:
    """Return what a post costs where the messages of a thread are counted."""
    return load.messages


@dataclass(frozen=True, slots=True)
class Quota:
    """The most that a platform takes of us in a day; `cost` is what one post takes of it, `unit` what people call it.

    `zone`: its calendar day there (IANA name); empty: any 24 hours. `shared`: by all our accounts on the platform.
    `certain`: beyond it the platform refuses, so nothing is sent into it; else it is only warned of, since the true
    figure is asked live while a post is prepared, or hangs on a contract.
    """

    most: Limit
    unit: str
    zone: str = ""
    cost: Callable[[Load], int] = one_post
    shared: bool = False
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that the platform sets; None: no bound on that side."""

    least: float | None
    most: float | None
    source: str
    read_on: date
    remembered: bool = False

    def __contains__(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Option:
    """What only this platform asks of a post. `name` and `values` are stored; the labels are for people.

    Without `values` any text of at most 200 characters will do. `default` is what the connector takes where nothing
    was chosen, and what the office is shown.
    """

    name: str
    label: str
    values: tuple[tuple[str, str], ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """A version of a platform's API. `ends_on`: the day after which the platform answers it no more.

    None while it has announced none, or where its API has no versions.
    """

    name: str
    released_on: date
    ends_on: date | None
    source: str = ""


class Repeating(StrEnum):
    """What happens when the visible write is made a second time."""

    HARMLESS = "harmless"  # the same thing stays public, once
    REFUSED = "refused"  # the platform refuses and names the first one
    DUPLICATES = "duplicates"  # a second post may appear: look first, always


class LinkPlace(StrEnum):
    """Where a post's link stands on a platform."""

    NOWHERE = "nowhere"
    APART = "apart"  # a card or a line of its own: the text stays as written
    APART_OR_IN_TEXT = "apart_or_in_text"  # the same, but beside images or video it joins the text
    IN_TEXT = "in_text"  # always in the text, and counted with it


class Operation(StrEnum):
    """What a connector can do beyond publishing."""

    TAKE_DOWN = "take_down"
    COMMENTS = "comments"
    REPLY = "reply"
    HIDE = "hide"
    METRICS = "metrics"
    ACCOUNT_METRICS = "account_metrics"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What the platform takes of one kind of file; None: no limit known.

    Bytes, pixels (width × height), `ratio` (width / height), `width` and `height` (pixels), `duration` (seconds).
    `frames`: how many pictures an image that moves may have, `frame_pixels`: pixels × frames. `animation`: what counts
    for an image that moves instead of all this; such a one goes alone.
    """

    types: frozenset[str]
    count: Limit
    size: Limit | None = None
    pixels: Limit | None = None
    ratio: Range | None = None
    width: Range | None = None
    height: Range | None = None
    duration: Range | None = None
    least_size: Limit | None = None
    alt_text_length: Limit | None = None
    animated: bool = False
    frames: Limit | None = None
    frame_pixels: Limit | None = None
    animation: "FileLimits | None" = None


def summed_length(tags: tuple[str, ...]) -> int:
    """Return how many code points the tags have together."""
    return sum(map(len, tags))


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one platform accepts, and how our writes to it behave.

    `staging_lead`: how long before its hour a post is prepared; `staging_life`: how long the platform keeps what
    was prepared (None: for good). `measure` counts a text as the platform does (by default Unicode code points), for
    `text_length` and every message of a thread; `text_unit` says for people what is counted. `thread`: how many
    messages may follow the first (None: the platform has no threads). `media_required`: a text alone is no post there.
    `forbidden`: characters that neither title nor text may hold. `tags_length`: of all tags together, as `tags_measure`
    counts them. `reads_cost`: every object read is paid for, so reading is planned.
    """

    platform: Platform
    repeating: Repeating
    operations: frozenset[Operation]
    text_length: Limit
    title_required: bool = False
    title_length: Limit | None = None
    link: LinkPlace = LinkPlace.APART
    images: FileLimits | None = None
    videos: FileLimits | None = None
    images_with_video: bool = False
    thumbnail: FileLimits | None = None
    captions: FileLimits | None = None
    text_required: bool = True
    media_required: bool = False
    measure: Callable[[str], int] = len
    text_unit: str = "caracteres"
    title_measure: Callable[[str], int] = len
    forbidden: str = ""
    hashtags: Limit | None = None
    mentions: Limit | None = None
    tags_length: Limit | None = None
    tags_measure: Callable[[tuple[str, ...]], int] = summed_length
    thread: Limit | None = None
    options: tuple[Option, ...] = ()
    quotas: tuple[Quota, ...] = ()
    needs_public_media: bool = False
    reads_cost: bool = False

    def messages(self, text: str, thread: tuple[str, ...], *, link: str, has_media: bool) -> tuple[str, ...]:
        """Return the messages as the public reads them: one, or a thread where the platform has threads."""
        if self.thread is None:
            text, thread = "\n\n".join((text, *thread)), ()
        return (public_text(text, link=link, has_media=has_media, place=self.link), *thread)

    staging_lead: timedelta = timedelta(minutes=10)
    staging_life: timedelta | None = None


def public_text(text: str, *, link: str, has_media: bool, place: LinkPlace) -> str:
    """Return the text as the public reads it: preview, limits and connector all take it from here."""
    in_text = place is LinkPlace.IN_TEXT or (place is LinkPlace.APART_OR_IN_TEXT and has_media)
    joins = in_text and bool(link) and link not in text
    return f"{text}\n\n{link}".strip() if joins else text
