"""Requests and what Alta Dirección said of them, as rows."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from core.errors import NotFound
from core.requests import PROCEDURE, Channel, Decision, Details, EventClass, Request, RequestState
from core.texts import _
from storage.keys import new_key
from storage.tables import decisions, requests

# made once: SQLAlchemy then knows them again without looking at every part
_ADD = insert(requests)
_GET = select(requests).where(requests.c.id == bindparam("id"))
_HOLD = select(requests.c.id).where(requests.c.id == bindparam("id")).with_for_update(key_share=True)
_ADD_DECISION = insert(decisions)
_DECISIONS = select(decisions).where(decisions.c.request_id == bindparam("request")).order_by(decisions.c.id)


class RequestRows:
    """What was asked of the office."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, details: Details, *, state: RequestState, created_by: int, now: datetime) -> Request:
        """Enter a request under the procedure in force."""
        result = self._connection.execute(
            _ADD,
            {
                "origin": details.origin,
                "channel": details.channel,
                "event_class": details.event_class,
                "unit": details.unit,
                "source": details.source,
                "subject": details.subject,
                "event": details.event,
                "evidence": details.evidence,
                "happens_at": details.happens_at,
                "social_only": details.social_only,
                "procedure": PROCEDURE,
                "state": state,
                "created_by": created_by,
                "created_at": now,
                "submitted_at": None,
                "leader_id": None,
                "owner_id": None,
                "duplicate_of": None,
            },
        )
        return self.get(new_key(result))

    def get(self, request_id: int) -> Request:
        """Return the request. Raises NotFound."""
        row = self._connection.execute(_GET, {"id": request_id}).first()
        if row is None:
            raise NotFound(_("No existe la solicitud {id}. Véalas con: vocero requests list").format(id=request_id))
        return _request(row)

    def hold(self, request_id: int) -> Request:
        """Return the request, and let nobody else change it until this transaction ends. Raises NotFound."""
        self._connection.execute(_HOLD, {"id": request_id})
        return self.get(request_id)

    def all(self, states: Collection[RequestState] | None = None) -> list[Request]:
        """Return the requests (in these states), oldest first."""
        query = select(requests).order_by(requests.c.id)
        if states is not None:
            query = query.where(requests.c.state.in_(states))
        return [_request(row) for row in self._connection.execute(query)]

    def mark_submitted(self, request_id: int, now: datetime) -> None:
        """Keep the first instant at which the request was submitted; later ones change nothing."""
        self._connection.execute(
            update(requests)
            .where(requests.c.id == request_id, requests.c.submitted_at.is_(None))
            .values(submitted_at=now)
        )

    def set_state(self, request_id: int, state: RequestState) -> None:
        """Put the request into a state; the caller has judged that it may."""
        self._set(request_id, state=state)

    def classify(self, request_id: int, event_class: EventClass) -> None:
        """Give it another class (8.5)."""
        self._set(request_id, event_class=event_class)

    def designate(self, request_id: int, leader_id: int) -> None:
        """Name who leads it."""
        self._set(request_id, leader_id=leader_id)

    def hand_over(self, request_id: int, owner_id: int) -> None:
        """Name who answers for its content."""
        self._set(request_id, owner_id=owner_id)

    def link_duplicate(self, request_id: int, of: int) -> None:
        """Say which request it repeats."""
        self._set(request_id, duplicate_of=of)

    def originals(self, request_id: int) -> list[Request]:
        """Return that request and those that it repeats, one after the other; a circle ends where it closes."""
        chain: list[Request] = []
        following: int | None = request_id
        while following is not None and following not in {each.id for each in chain}:
            chain.append(self.get(following))
            following = chain[-1].duplicate_of
        return chain

    def decide(
        self,
        request_id: int,
        *,
        accepted: bool,
        decided_by: str,
        decided_at: datetime,
        channel: Channel,
        written_by: int,
        reason: str,
        ratify_before: datetime | None,
        now: datetime,
    ) -> Decision:
        """Keep what Alta Dirección said."""
        result = self._connection.execute(
            _ADD_DECISION,
            {
                "request_id": request_id,
                "accepted": accepted,
                "decided_by": decided_by,
                "decided_at": decided_at,
                "channel": channel,
                "written_by": written_by,
                "written_at": now,
                "reason": reason,
                "ratify_before": ratify_before,
                "ratified_by": None,
                "ratified_at": None,
            },
        )
        number = new_key(result)
        return next(each for each in self.decisions(request_id) if each.id == number)

    def decisions(self, request_id: int) -> list[Decision]:
        """Return what Alta Dirección said of the request, oldest first."""
        return [_decision(row) for row in self._connection.execute(_DECISIONS, {"request": request_id})]

    def unratified(self) -> list[Decision]:
        """Return the decisions that wait to be ratified, by their time limit."""
        waiting = (decisions.c.ratify_before.is_not(None)) & (decisions.c.ratified_at.is_(None))
        found = self._connection.execute(select(decisions).where(waiting).order_by(decisions.c.ratify_before))
        return [_decision(row) for row in found]

    def ratify(self, decision_id: int, *, by: int, now: datetime) -> None:
        """Keep that Alta Dirección ratified it; a second time changes nothing."""
        self._connection.execute(
            update(decisions)
            .where(decisions.c.id == decision_id, decisions.c.ratified_at.is_(None))
            .values(ratified_by=by, ratified_at=now)
        )

    def _set(self, request_id: int, **values: Any) -> None:
        self._connection.execute(update(requests).where(requests.c.id == request_id).values(**values))


def _request(row: Row[tuple[object, ...]]) -> Request:
    return Request(
        id=row.id,
        details=Details(
            origin=row.origin,
            channel=row.channel,
            event_class=row.event_class,
            unit=row.unit,
            source=row.source,
            subject=row.subject,
            event=row.event,
            evidence=row.evidence,
            happens_at=row.happens_at,
            social_only=row.social_only,
        ),
        state=row.state,
        procedure=row.procedure,
        created_by=row.created_by,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        leader_id=row.leader_id,
        owner_id=row.owner_id,
        duplicate_of=row.duplicate_of,
    )


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(
        id=row.id,
        request_id=row.request_id,
        accepted=row.accepted,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        channel=row.channel,
        written_by=row.written_by,
        written_at=row.written_at,
        reason=row.reason,
        ratify_before=row.ratify_before,
        ratified_by=row.ratified_by,
        ratified_at=row.ratified_at,
    )
