"""What a platform accepts and can do, as facts with their source; the judging is `policy/`."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.platforms import Platform


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that the platform sets. `remembered`: no document at hand confirms it."""

    value: int
    source: str
    read_on: date
    remembered: bool = False


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
    """What the platform takes of one kind of file. Bytes and pixels (width × height); None: no limit known."""

    types: frozenset[str]
    count: Limit
    size: Limit | None = None
    pixels: Limit | None = None
    alt_text_length: Limit | None = None
    animated: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one platform accepts, and how our writes to it behave.

    `staging_lead`: how long before its hour a post is prepared; `staging_life`: how long the platform keeps what
    was prepared (None: for good). Text lengths are counted in Unicode code points.
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
    staging_lead: timedelta = timedelta(minutes=10)
    staging_life: timedelta | None = None


def public_text(text: str, *, link: str, has_media: bool, place: LinkPlace) -> str:
    """Return the text as the public reads it: preview, limits and connector all take it from here."""
    joins = place is LinkPlace.APART_OR_IN_TEXT and has_media and bool(link) and link not in text
    return f"{text}\n\n{link}".strip() if joins else text
