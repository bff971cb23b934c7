"""Acts about a request until it is handed over: intake, evaluation, designation (procedure.md section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.people import Person, Role
from core.requests import Channel, Decision, Details, EventClass, Origin, Request, RequestState
from policy.guards import Case
from policy.permissions import Act
from policy.procedure import check_entry, check_order_on_entry, check_transition, transition
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.content import standings
from vocero.office import Office


@dataclass(frozen=True, slots=True)
class SeniorWord:
    """What somebody of Alta Dirección said: who, when (aware UTC), by which channel. Empty: whoever acts is they."""

    decided_by: str = ""
    decided_at: datetime | None = None
    channel: Channel | None = None


class RequestAct(Action[Request]):
    """An act that brings one request to a state, by the way that the procedure has for it."""

    target: RequestState

    def __init__(self, office: Office, actor: Person, *, request_id: int, reason: str = "") -> None:
        super().__init__(office, actor)
        self.request_id, self.reason = request_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """There is such a way, and its guards agree."""
        return check_transition(self.case(transaction), self.may, self.target)

    def act(self, transaction: Transaction) -> Request:
        """Bring it there."""
        return self.move(transaction, self.target)

    def case(self, transaction: Transaction) -> Case:
        """Return what the guards judge by. Holds the request's posts and the request until the transaction ends."""
        for post in transaction.posts.of_request(self.request_id):
            transaction.posts.hold(post.id)
            transaction.deliveries.hold_post(post.id)
        request = transaction.requests.hold(self.request_id)
        posts = standings(transaction, self.request_id)
        return Case(
            request=request,
            actor=self.actor,
            now=transaction.now,
            reason=self.reason,
            decision=next(reversed(transaction.requests.decisions(request.id)), None),
            is_out=any(post.is_out for post in posts),
            is_waiting=any(post.is_waiting for post in posts),
        )

    def move(self, transaction: Transaction, target: RequestState, *, data: Mapping[str, str] | None = None) -> Request:
        """Put the request into that state and leave the event, with what the step rests on."""
        request = transaction.requests.get(self.request_id)
        row = transition(request.state, target, self.may)
        if row is None:
            raise RuntimeError("act before check")
        transaction.requests.set_state(request.id, target)
        self.tell(
            transaction,
            f"request:{request.id}",
            before=request.state,
            after=target,
            reason=self.reason,
            data={"basis": str(row.basis), **(data or {})},
        )
        return transaction.requests.get(request.id)


class AddRequest(Action[Request]):
    """Enter a request as a draft: a unit's own, or any that the office's staff write down for somebody."""

    may = Act.ADD_REQUEST

    def __init__(self, office: Office, actor: Person, *, details: Details) -> None:
        super().__init__(office, actor)
        self._details = details

    def check(self, transaction: Transaction) -> list[Reason]:
        """Its origin is one that this person may speak for."""
        draft = Request(0, self._details, RequestState.DRAFT, "", self.actor.id, transaction.now)
        return check_entry(Case(request=draft, actor=self.actor, now=transaction.now), self.may, RequestState.DRAFT)

    def act(self, transaction: Transaction) -> Request:
        """Enter it."""
        request = transaction.requests.add(
            self._details, state=RequestState.DRAFT, created_by=self.actor.id, now=transaction.now
        )
        row = transition(None, request.state, self.may)
        data = {"origin": str(self._details.origin), "procedure": request.procedure}
        if row is not None:
            data["basis"] = str(row.basis)
        self.tell(transaction, f"request:{request.id}", after=request.state, data=data)
        return request


class SubmitRequest(RequestAct):
    """Submit it, for the first time or after an observation. An order of Alta Dirección is accepted as it enters."""

    may = Act.SUBMIT_REQUEST
    target = RequestState.SUBMITTED

    def __init__(self, office: Office, actor: Person, *, request_id: int, word: SeniorWord | None = None) -> None:
        super().__init__(office, actor, request_id=request_id)
        self._word = word or SeniorWord()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is whole, it is theirs, and of an order it is told who gave it."""
        case = with_word(self.case(transaction), self._word)
        reasons = check_transition(case, self.may, self.target)
        if not reasons and _is_order(case.request):
            reasons = check_order_on_entry(case)
        return reasons

    def act(self, transaction: Transaction) -> Request:
        """Submit it; the first instant is kept."""
        request = self.move(transaction, self.target)
        transaction.requests.mark_submitted(request.id, transaction.now)
        if _is_order(request):
            decision = write_down(self, transaction, request, self._word, accepted=True, reason="")
            return self.move(transaction, RequestState.ASSIGNED, data=told_of(decision))
        return transaction.requests.get(request.id)


class EvaluateRequest(RequestAct):
    """Take it up for evaluation, and say what class of event it is about (8.5)."""

    may = Act.EVALUATE_REQUEST
    target = RequestState.EVALUATING

    def __init__(
        self, office: Office, actor: Person, *, request_id: int, event_class: EventClass | None = None
    ) -> None:
        super().__init__(office, actor, request_id=request_id)
        self._event_class = event_class

    def act(self, transaction: Transaction) -> Request:
        """Evaluate it."""
        if self._event_class is not None:
            transaction.requests.classify(self.request_id, self._event_class)
        details = transaction.requests.get(self.request_id).details
        return self.move(transaction, self.target, data={"event_class": str(details.event_class)})


class ObserveRequest(RequestAct):
    """Send it back to be completed: an observation, no rejection."""

    may = Act.OBSERVE_REQUEST
    target = RequestState.OBSERVED


class RejectRequest(RequestAct):
    """Decline it, with the reason."""

    may = Act.REJECT_REQUEST
    target = RequestState.REJECTED


class EscalateRequest(RequestAct):
    """Take it to Alta Dirección (II.2)."""

    may = Act.ESCALATE_REQUEST
    target = RequestState.AWAITING_SENIOR_DECISION


class _GivenToSomebody(RequestAct):
    def __init__(self, office: Office, actor: Person, *, request_id: int, login: str) -> None:
        super().__init__(office, actor, request_id=request_id)
        self._login = login

    def case(self, transaction: Transaction) -> Case:
        return replace(super().case(transaction), person=transaction.people.get(self._login))


class AssignRequest(_GivenToSomebody):
    """Designate who leads it (II.5)."""

    may = Act.ASSIGN_REQUEST
    target = RequestState.ASSIGNED

    def act(self, transaction: Transaction) -> Request:
        """Designate them."""
        person = transaction.people.get(self._login)
        transaction.requests.designate(self.request_id, person.id)
        return self.move(transaction, self.target, data={"leader": person.login})


class HandOverRequest(_GivenToSomebody):
    """Hand it over to who answers for its content (II.9)."""

    may = Act.HAND_OVER_REQUEST
    target = RequestState.IN_PRODUCTION

    def act(self, transaction: Transaction) -> Request:
        """Hand it over."""
        person = transaction.people.get(self._login)
        transaction.requests.hand_over(self.request_id, person.id)
        return self.move(transaction, self.target, data={"owner": person.login})


def with_word(case: Case, word: SeniorWord) -> Case:
    """Return the case with what somebody of Alta Dirección said."""
    return replace(case, decided_by=word.decided_by, decided_at=word.decided_at, channel=word.channel)


def write_down(
    action: Action[Any], transaction: Transaction, request: Request, word: SeniorWord, *, accepted: bool, reason: str
) -> Decision:
    """Keep what Alta Dirección said; what somebody else wrote down is to be ratified in time [default]."""
    is_theirs = action.actor.role is Role.SENIOR_MANAGEMENT
    limit = transaction.now + timedelta(hours=action.office.settings.ratify_hours)
    return transaction.requests.decide(
        request.id,
        accepted=accepted,
        decided_by=action.actor.name if is_theirs else word.decided_by.strip(),
        decided_at=transaction.now if is_theirs else word.decided_at or transaction.now,
        channel=word.channel or request.details.channel,
        written_by=action.actor.id,
        reason=reason,
        ratify_before=None if is_theirs else limit,
        now=transaction.now,
    )


def told_of(decision: Decision) -> dict[str, str]:
    """Return what an event says of a decision."""
    limit = decision.ratify_before
    return {
        "decision": str(decision.id),
        "decided_by": decision.decided_by,
        "decided_at": decision.decided_at.isoformat(),
        "channel": str(decision.channel),
        "ratify_before": limit.isoformat() if limit else "",
    }


def _is_order(request: Request) -> bool:
    return request.details.origin is Origin.SENIOR_MANAGEMENT
