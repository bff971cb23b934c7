"""Signed checklists, as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select

from core.checklists import Checklist, Point
from storage.tables import checklists

_ADD = insert(checklists)
_OF = select(checklists).where(checklists.c.revision_id == bindparam("revision")).order_by(checklists.c.id)


class ChecklistRows:
    """Who signed that they looked at what (8.9). A signature is never changed or removed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sign(self, *, revision_id: int, digest: str, points: Sequence[Point], signed_by: int, now: datetime) -> None:
        """Keep a signature."""
        self._connection.execute(
            _ADD,
            {
                "revision_id": revision_id,
                "digest": digest,
                "points": list(points),
                "signed_by": signed_by,
                "signed_at": now,
            },
        )

    def of(self, revision_id: int) -> list[Checklist]:
        """Return the signatures under a revision, oldest first."""
        return [_checklist(row) for row in self._connection.execute(_OF, {"revision": revision_id})]


def _checklist(row: Row[tuple[object, ...]]) -> Checklist:
    return Checklist(
        id=row.id,
        revision_id=row.revision_id,
        digest=row.digest,
        points=tuple(Point(point) for point in row.points),
        signed_by=row.signed_by,
        signed_at=row.signed_at,
    )
