"""An office whose requests are brought where a case begins, each step by the real act on the real storage."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.people import Person, Role
from core.platforms import Platform
from core.posts import Content, Post
from core.requests import Channel, Details, Origin, Request, RequestState
from tests.storage.rows import DETAILS, a_person, a_request
from tests.vocero.desk import ActingOffice
from vocero.actions import (
    AddRequest,
    AssignRequest,
    DecideRequest,
    DraftPost,
    EscalateRequest,
    EvaluateRequest,
    GrantDelegation,
    HandOverRequest,
    ObserveRequest,
    SeniorWord,
    SubmitRequest,
)

INITIATIVE, ORDER = Origin.OPII_INITIATIVE, Origin.SENIOR_MANAGEMENT
CONTENT = Content("Jornada de salud en el penal.", title="Jornada de salud")


class ProcedureOffice(ActingOffice):
    """Shortcuts to every state of a request."""

    @property
    def unit(self) -> Person:
        return self.people[Role.REQUESTER]

    @property
    def lead(self) -> Person:
        return self.people[Role.TEAM_LEAD]

    @property
    def senior(self) -> Person:
        return self.people[Role.SENIOR_MANAGEMENT]

    def somebody(self, role: Role, *, active: bool = True) -> Person:
        with self.office.database.write() as transaction:
            person = a_person(transaction, role)
            if not active:
                from sqlalchemy import update

                from storage.tables import people

                transaction._connection.execute(update(people).where(people.c.id == person.id).values(active=False))
        return replace(person, active=active)

    def in_state(self, state: RequestState, by: Person | None = None, **details: Any) -> Request:
        """Put a request straight into a state."""
        with self.office.database.write() as transaction:
            return a_request(transaction, by or self.unit, state=state, **details)

    def request(self, request_id: int) -> Request:
        with self.office.database.read() as transaction:
            return transaction.requests.get(request_id)

    def word(self, **changes: Any) -> SeniorWord:
        return replace(
            SeniorWord("Presidencia del INPE", self.clock.now - timedelta(hours=1), Channel.MOBILE), **changes
        )

    def added(self, by: Person | None = None, **details: Any) -> Request:
        whole: Details = replace(DETAILS, **details)
        return AddRequest(self.office, by or self.unit, details=whole).run()

    def sent(self, by: Person | None = None, **details: Any) -> Request:
        by = by or self.unit
        return SubmitRequest(self.office, by, request_id=self.added(by, **details).id, word=self.word()).run()

    def evaluating(self, by: Person | None = None, **details: Any) -> Request:
        return EvaluateRequest(self.office, self.lead, request_id=self.sent(by, **details).id).run()

    def observed(self) -> Request:
        request = self.evaluating()
        return ObserveRequest(self.office, self.lead, request_id=request.id, reason="Falta el lugar").run()

    def escalated(self) -> Request:
        request = self.evaluating(self.owner, origin=INITIATIVE)
        return EscalateRequest(self.office, self.head, request_id=request.id).run()

    def accepted(self) -> Request:
        return DecideRequest(self.office, self.senior, request_id=self.escalated().id, accepted=True).run()

    def noted(self) -> Request:
        """Accepted by word of mouth: the head wrote it down."""
        act = DecideRequest(self.office, self.head, request_id=self.escalated().id, accepted=True, word=self.word())
        return act.run()

    def designated(self) -> Request:
        request = self.accepted()
        return AssignRequest(self.office, self.head, request_id=request.id, login=self.lead.login).run()

    def handed_over(self, **details: Any) -> Request:
        if details:
            return self.in_state(RequestState.IN_PRODUCTION, **details)
        request = self.designated()
        return HandOverRequest(self.office, self.lead, request_id=request.id, login=self.owner.login).run()

    def drafting(self, request: Request, **changes: Any) -> DraftPost:
        given: dict[str, Any] = {
            "publish_at": self.clock.now + timedelta(hours=1),
            "content": CONTENT,
            "platforms": [Platform.WEBSITE, Platform.FACEBOOK],
        }
        return DraftPost(self.office, self.owner, request_id=request.id, **(given | changes))

    def drafted(self, request: Request | None = None) -> Post:
        return self.drafting(request or self.handed_over()).run()

    def granting(self, delegate: Person, by: Person | None = None, **changes: Any) -> GrantDelegation:
        given: dict[str, Any] = {
            "delegate": delegate.login,
            "on_behalf_of": self.head.login,
            "starts_at": self.clock.now,
            "ends_at": self.clock.now + timedelta(days=5),
            "legal_basis": "Resolución 12-2026",
        }
        return GrantDelegation(self.office, by or self.senior, **(given | changes))
