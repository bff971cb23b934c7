"""The checklist of clause 8.9: what the content's owner looked at before submitting it, signed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Point(StrEnum):
    """What is looked at (8.9)."""

    MESSAGE = "message"
    WORDING = "wording"
    DESIGN = "design"
    VIDEO = "video"

    @property
    def label(self) -> str:
        """The office's word."""
        return _LABELS[self]


_LABELS = {
    Point.MESSAGE: "mensaje",
    Point.WORDING: "redacción",
    Point.DESIGN: "diseño",
    Point.VIDEO: "video",
}


@dataclass(frozen=True, slots=True)
class Checklist:
    """One signature under one revision: `digest` names exactly what was looked at, so an edit voids it."""

    id: int
    revision_id: int
    digest: str
    points: tuple[Point, ...]
    signed_by: int
    signed_at: datetime
