"""What was measured in images, what they were made of, and what people signed about them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from core.images import Box, Change, Look, Note, Original, StripMatch
from storage.tables import image_notes, looks, originals


class LookRows:
    """All that is known of images beside their size."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, sha256: str, look: Look, *, now: datetime) -> None:
        """Enter what was measured in the image; it takes the place of what was measured before."""
        self._connection.execute(delete(looks).where(looks.c.sha256 == sha256))
        self._connection.execute(insert(looks).values(sha256=sha256, measured=_as_json(look), looked_at=now))

    def of(self, digests: Collection[str]) -> dict[str, Look]:
        """Return what was measured in these images, by their digest; what was not is left out."""
        rows = self._connection.execute(select(looks).where(looks.c.sha256.in_(digests))) if digests else ()
        return {row.sha256: _look(row.measured) for row in rows}

    def add_original(self, sha256: str, original: Original, *, now: datetime) -> None:
        """Enter what the file was made of; once for each original."""
        known = select(originals.c.sha256).where(
            originals.c.sha256 == sha256, originals.c.original_sha256 == original.sha256
        )
        if self._connection.execute(known).first() is None:
            self._connection.execute(
                insert(originals).values(
                    sha256=sha256,
                    original_sha256=original.sha256,
                    size=original.size,
                    changes=list(original.changes),
                    taken_at=now,
                )
            )

    def originals(self, digests: Collection[str]) -> dict[str, Original]:
        """Return what these files were made of, the newest where there are several; by the digest of the file."""
        if not digests:
            return {}
        rows = self._connection.execute(
            select(originals).where(originals.c.sha256.in_(digests)).order_by(originals.c.taken_at)
        )
        return {
            row.sha256: Original(row.original_sha256, row.size, tuple(Change(each) for each in row.changes))
            for row in rows
        }

    def sign(self, note: Note, *, now: datetime) -> None:
        """Enter what a person signed."""
        self._connection.execute(
            insert(image_notes).values(
                post_id=note.post_id,
                sha256=note.sha256,
                rule=note.rule,
                kind=note.kind,
                reason=note.reason,
                author=note.author,
                signed_at=now,
            )
        )

    def notes(self, post_id: int) -> tuple[Note, ...]:
        """Return what was signed about the images of a post, the oldest first."""
        rows = self._connection.execute(
            select(image_notes).where(image_notes.c.post_id == post_id).order_by(image_notes.c.id)
        )
        return tuple(Note(row.post_id, row.sha256, row.rule, row.kind, row.reason, row.author) for row in rows)


def _as_json(look: Look) -> dict[str, Any]:
    strip = look.strip
    return {
        "size": [look.width, look.height],
        "sharpness": round(look.sharpness, 2),
        "contrast": round(look.contrast, 4),
        "faces": [_corners(face) for face in look.faces],
        "templates": list(look.templates),
        "strip": None
        if strip is None
        else {
            "template": strip.template,
            "score": round(strip.score, 4),
            "box": _corners(strip.box),
            "stretch": round(strip.stretch, 4),
            "clear": round(strip.clear, 4),
        },
        "detail": [round(each, 4) for each in look.detail],
    }


def _corners(box: Box) -> list[int]:
    return [box.left, box.top, box.width, box.height]


def _look(kept: dict[str, Any]) -> Look:
    strip = kept["strip"]
    return Look(
        width=kept["size"][0],
        height=kept["size"][1],
        sharpness=kept["sharpness"],
        contrast=kept["contrast"],
        faces=tuple(Box(*face) for face in kept["faces"]),
        templates=tuple(kept["templates"]),
        strip=None
        if strip is None
        else StripMatch(strip["template"], strip["score"], Box(*strip["box"]), strip["stretch"], strip["clear"]),
        detail=tuple(kept["detail"]),
    )
