"""The record, as rows: append-only and chained (core/events.py)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from core.events import Event, RecordedEvent
from storage.tables import chain, events

# made once: SQLAlchemy then knows them again without looking at every part
_END = select(chain.c.number, chain.c.hash)
_END_HELD = _END.with_for_update()
_ADD = insert(events)
_MOVE_END = update(chain).values(number=bindparam("number"), hash=bindparam("hash"))


class EventRows:
    """The chain of events. There is no way to change or remove one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, new: Sequence[Event]) -> None:
        """Chain the events after the last one. Holds the chain's end until the transaction ends."""
        end = self._connection.execute(_END_HELD).one()
        number, last = end.number, end.hash
        rows = []
        for event in new:
            number += 1
            previous, last = last, event.chained(last, number)
            rows.append(
                {
                    "number": number,
                    "at": event.at,
                    "actor": event.actor,
                    "role": event.role,
                    "action": event.action,
                    "subject": event.subject,
                    "before": event.before,
                    "after": event.after,
                    "digest": event.digest,
                    "reason": event.reason,
                    "data": event.data,
                    "previous": previous,
                    "hash": last,
                }
            )
        self._connection.execute(_ADD, rows)
        self._connection.execute(_MOVE_END, {"number": number, "hash": last})

    def of(self, *subjects: str) -> list[RecordedEvent]:
        """Return the events of these subjects (`kind:id`), oldest first."""
        found = self._connection.execute(select(events).where(events.c.subject.in_(subjects)).order_by(events.c.number))
        return [_recorded(row) for row in found]

    def search(
        self,
        *,
        subject: str = "",
        actor: str = "",
        action: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int,
    ) -> list[RecordedEvent]:
        """Return the newest events that fit, oldest first. Empty: any; `until` itself is not included."""
        query = select(events).order_by(events.c.number.desc()).limit(limit)
        for column, value in ((events.c.subject, subject), (events.c.actor, actor), (events.c.action, action)):
            if value:
                query = query.where(column == value)
        if since is not None:
            query = query.where(events.c.at >= since)
        if until is not None:
            query = query.where(events.c.at < until)
        return [_recorded(row) for row in self._connection.execute(query)][::-1]

    def get(self, number: int) -> RecordedEvent | None:
        """Return the event of that number; None where there is none."""
        row = self._connection.execute(select(events).where(events.c.number == number)).first()
        return None if row is None else _recorded(row)

    def all(self) -> Iterator[RecordedEvent]:
        """Yield the whole chain, oldest first, a thousand rows at a time."""
        query = select(events).order_by(events.c.number).execution_options(yield_per=1000)
        with self._connection.execute(query) as found:  # closed also where the reader stops half way
            for row in found:
                yield _recorded(row)

    def end(self) -> tuple[int, str]:
        """Return the number and hash of the chain's end."""
        end = self._connection.execute(_END).one()
        return end.number, end.hash


def _recorded(row: Row[tuple[object, ...]]) -> RecordedEvent:
    return RecordedEvent(
        number=row.number,
        event=Event(
            at=row.at,
            actor=row.actor,
            role=row.role,
            action=row.action,
            subject=row.subject,
            before=row.before,
            after=row.after,
            digest=row.digest,
            reason=row.reason,
            data=row.data,
        ),
        previous=row.previous,
        hash=row.hash,
    )
