"""Files that go out with a post, known by the SHA-256 of their bytes."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class MediaKind(StrEnum):
    """What a file is, by its bytes and not by its name."""

    IMAGE = "image"
    VIDEO = "video"
    CAPTIONS = "captions"


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that the office keeps.

    Width and height in pixels, size in bytes, duration in seconds; `frames` above 1 means animated.
    """

    sha256: str
    kind: MediaKind
    mime_type: str
    size: int
    width: int | None = None
    height: int | None = None
    frames: int = 1
    duration: float | None = None
    file_name: str = ""

    @property
    def extension(self) -> str:
        """The usual file ending of the type, with its dot; empty for an unknown type."""
        return EXTENSIONS.get(self.mime_type, "")


class AttachmentRole(StrEnum):
    """What a file does in a post."""

    SHOWN = "shown"  # the post's own images and video, in order
    THUMBNAIL = "thumbnail"  # the still picture of its video
    CAPTIONS = "captions"  # the subtitles of its video


@dataclass(frozen=True, slots=True)
class Attachment:
    """A medium in its place in a post, with what is said of it for those who cannot see it.

    `language` (BCP 47) is that of captions.
    """

    medium: Medium
    alt_text: str = ""
    role: AttachmentRole = AttachmentRole.SHOWN
    language: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMedium:
    """An attachment whose bytes lie at `path`, as a connector is given it."""

    medium: Medium
    alt_text: str
    path: Path = field(repr=False)
    role: AttachmentRole = AttachmentRole.SHOWN
    language: str = ""


EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "application/x-subrip": ".srt",
    "text/vtt": ".vtt",
}
