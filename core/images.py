"""What is known of an image beyond its size, the rules it is judged by, and what is found."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.findings import Severity
from core.texts import _


class Placement(StrEnum):
    """Where on a network an image is seen."""

    FEED = "feed"
    STORY = "story"
    COVER = "cover"
    LINK_CARD = "link_card"
    THUMBNAIL = "thumbnail"

    @property
    def label(self) -> str:
        """The office's word."""
        return _PLACEMENTS[self]


class Check(StrEnum):
    """What a rule measures. The first eight hold of video too, as far as its file tells."""

    SIZE = "size"  # recommended pixels, `values` as 1080x1350: at least one of them, in size and in shape
    SHORT_SIDE = "short_side"  # pixels
    LONG_SIDE = "long_side"  # pixels
    RATIO = "ratio"  # width by height
    BYTES = "bytes"
    TYPES = "types"  # `values`: what the file really is
    FRAMES = "frames"
    DURATION = "duration"  # seconds
    COLOUR = "colour"  # 8-bit sRGB
    ORIENTATION = "orientation"  # upright without a note that says how to turn it
    METADATA = "metadata"  # nothing beside the picture
    SHARPNESS = "sharpness"
    CONTRAST = "contrast"
    FACES = "faces"  # how many before a consent is asked for
    STRIP = "strip"  # the institution's logo strip: how sure one must be that it is there, 0 to 1
    STRIP_WIDTH = "strip_width"  # its width by the image's
    STRIP_PLACE = "strip_place"  # `values`: top, bottom, left, right
    STRIP_CLEAR = "strip_clear"  # how much of the space around it is free, 0 to 1
    STRIP_SHAPE = "strip_shape"  # its height by the height it should have
    SAFE_AREA = "safe_area"  # `values` as 1080x1920 and top,right,bottom,left in its pixels


class Change(StrEnum):
    """Something that was done to an image when it was taken in."""

    TURNED = "turned"
    TO_SRGB = "to_srgb"
    FROM_CMYK = "from_cmyk"
    TO_EIGHT_BITS = "to_eight_bits"
    ENCODED_ANEW = "encoded_anew"
    LOCATION = "location"
    METADATA = "metadata"
    EMBEDDED_PICTURE = "embedded_picture"
    TRAILING_BYTES = "trailing_bytes"
    PROFILE = "profile"  # one that says nothing new, or that does not fit
    OTHER_NAME = "other_name"  # nothing was changed: its name says another type than its bytes


class NoteKind(StrEnum):
    """What a person signs about an image of a post."""

    CONSENT = "consent"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of an image, in its own pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column to its right."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class StripMatch:
    """Where a template was found best: `score` from 0 to 1."""

    template: str
    score: float
    box: Box
    stretch: float = 1.0  # the height it has by the height it should have at this width
    clear: float = 1.0  # how much of the space around it is of one colour, from 0 to 1


@dataclass(frozen=True, slots=True)
class Look:
    """What was measured in the pixels of an image, once; whether that is well is for the rules of the day to say.

    `sharpness`: variance of the Laplacian at 1000 pixels of width or less; `contrast`: from the 2nd to the 98th
    percentile of luma, 0 to 1; `detail`: how busy each of 32 rows is, 0 to 1. `templates`: the logo strips it was
    compared with, by SHA-256.
    """

    width: int
    height: int
    sharpness: float
    contrast: float
    faces: tuple[Box, ...] = ()
    templates: tuple[str, ...] = ()
    strip: StripMatch | None = None
    detail: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a rule set. `networks`: values of platforms, empty for all; so are `placements`.

    It holds from `starts_on` to `ends_on`, both included, on the days of Lima. `is_default`: ours, where neither the
    procedure nor a platform says it. `template` is a file beside the rule set.
    """

    id: str
    check: Check
    severity: Severity
    starts_on: date
    source: str
    read_on: date
    ends_on: date | None = None
    networks: tuple[str, ...] = ()
    placements: tuple[Placement, ...] = ()
    kinds: tuple[str, ...] = ("image",)
    least: float | None = None
    most: float | None = None
    values: tuple[str, ...] = ()
    template: str = ""
    template_sha256: str = ""
    why: str = ""
    is_default: bool = True

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def holds_for(self, network: str, placement: Placement, kind: str) -> bool:
        """Tell whether it is about this place and this kind of file."""
        return (
            (not self.networks or network in self.networks)
            and (not self.placements or placement in self.placements)
            and kind in self.kinds
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one file: dated, versioned. The empty one asks nothing."""

    version: str = ""
    title: str = ""
    starts_on: date = date.min
    ends_on: date | None = None
    rules: tuple[Rule, ...] = ()
    place: str = field(default="", compare=False)
    sha256: str = ""

    def holds_on(self, day: date) -> bool:
        """Tell whether the set is the one to look into on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def on(self, day: date) -> tuple[Rule, ...]:
        """Return the rules in force that day."""
        return tuple(rule for rule in self.rules if rule.holds_on(day))

    @property
    def templates(self) -> tuple[tuple[str, str], ...]:
        """Each logo strip that a rule names: its file and the SHA-256 of that."""
        named = {(rule.template, rule.template_sha256) for rule in self.rules if rule.template}
        return tuple(sorted(named))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in an image. `lifted_by`: what a person could sign against it; `note`: what one has signed."""

    rule: str
    severity: Severity
    sentence: str
    advice: str
    box: Box | None = None
    network: str = ""
    placement: Placement | None = None
    file_name: str = ""
    sha256: str = ""
    lifted_by: NoteKind | None = None
    note: "Note | None" = None

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way."""
        return self.severity is Severity.BLOCK and self.note is None


@dataclass(frozen=True, slots=True)
class Note:
    """What a person signed about one image of a post, for one rule."""

    post_id: int
    sha256: str
    rule: str
    kind: NoteKind
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class Original:
    """The file that an image was made of when it was taken in, and what was done."""

    sha256: str
    size: int
    changes: tuple[Change, ...]


_PLACEMENTS = {
    Placement.FEED: _("publicación"),
    Placement.STORY: _("historia"),
    Placement.COVER: _("portada"),
    Placement.LINK_CARD: _("tarjeta de enlace"),
    Placement.THUMBNAIL: _("miniatura"),
}
