"""The calls made for deliveries, as rows."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from core.deliveries import Attempt, Delivery, Step
from storage.keys import new_key
from storage.tables import attempts

# made once: SQLAlchemy then knows them again without looking at every part
_BEGIN = insert(attempts)
_OF = select(attempts).where(attempts.c.delivery_id == bindparam("delivery")).order_by(attempts.c.id)
_END = (
    update(attempts)
    .where(attempts.c.id == bindparam("attempt"), attempts.c.finished_at.is_(None))
    .values(finished_at=bindparam("at"), outcome=bindparam("how"), detail=bindparam("said"))
)


class AttemptRows:
    """What was tried, and what came of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, delivery: Delivery, step: Step, *, worker: str, now: datetime) -> int:
        """Note that a call to the platform is about to be made; return the attempt's number."""
        result = self._connection.execute(
            _BEGIN,
            {
                "delivery_id": delivery.id,
                "step": step,
                "worker": worker,
                "fence": delivery.fence,
                "started_at": now,
                "finished_at": None,
                "outcome": "",
                "detail": "",
            },
        )
        return new_key(result)

    def end(self, attempt_id: int, *, outcome: str, detail: str, now: datetime) -> None:
        """Note how the call ended."""
        self._connection.execute(_END, {"attempt": attempt_id, "at": now, "how": outcome, "said": detail})

    def attempts(self, delivery_id: int) -> list[Attempt]:
        """Return the calls made for the delivery, oldest first."""
        found = self._connection.execute(_OF, {"delivery": delivery_id})
        return [
            Attempt(
                id=row.id,
                delivery_id=row.delivery_id,
                step=row.step,
                worker=row.worker,
                fence=row.fence,
                started_at=row.started_at,
                finished_at=row.finished_at,
                outcome=row.outcome,
                detail=row.detail,
            )
            for row in found
        ]
