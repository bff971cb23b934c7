"""What Alta Dirección says of a request, and its ratification (steps 2 to 4)."""

from core.people import Person
from core.requests import Decision, Request, RequestState
from core.texts import _
from policy.guards import Case
from policy.permissions import Act
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.requests import RequestAct, SeniorWord, told_of, with_word, write_down
from vocero.office import Office


class DecideRequest(RequestAct):
    """Accept or reject a proposal: Alta Dirección itself, or the head writes down what was said, to be ratified.

    It authorises no publication (8.11): the content is approved later, by the head.
    """

    may = Act.DECIDE_REQUEST

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        request_id: int,
        accepted: bool,
        reason: str = "",
        word: SeniorWord | None = None,
    ) -> None:
        super().__init__(office, actor, request_id=request_id, reason=reason)
        self._accepted, self._word = accepted, word or SeniorWord()
        self.target = RequestState.ASSIGNED if accepted else RequestState.REJECTED

    def case(self, transaction: Transaction) -> Case:
        """Return the case with what was said."""
        return with_word(super().case(transaction), self._word)

    def act(self, transaction: Transaction) -> Request:
        """Keep it."""
        request = transaction.requests.get(self.request_id)
        decision = write_down(self, transaction, request, self._word, accepted=self._accepted, reason=self.reason)
        return self.move(transaction, self.target, data=told_of(decision))


class RatifyDecision(Action[Decision]):
    """Alta Dirección ratifies what was written down in its name; late is said to be late, and counts all the same."""

    may = Act.RATIFY_DECISION

    def __init__(self, office: Office, actor: Person, *, request_id: int) -> None:
        super().__init__(office, actor)
        self._request_id = request_id

    def check(self, transaction: Transaction) -> list[Reason]:
        """Something waits to be ratified."""
        transaction.requests.hold(self._request_id)
        if self._pending(transaction) is None:
            return [Reason("nothing_to_ratify", _("Esa solicitud no tiene ninguna decisión por ratificar."))]
        return []

    def act(self, transaction: Transaction) -> Decision:
        """Ratify it."""
        pending = self._pending(transaction)
        if pending is None:
            raise RuntimeError("act before check")
        transaction.requests.ratify(pending.id, by=self.actor.id, now=transaction.now)
        late = "yes" if pending.is_overdue(transaction.now) else "no"
        self.tell(transaction, f"request:{self._request_id}", data={"decision": str(pending.id), "late": late})
        return next(each for each in transaction.requests.decisions(self._request_id) if each.id == pending.id)

    def _pending(self, transaction: Transaction) -> Decision | None:
        return next((each for each in transaction.requests.decisions(self._request_id) if each.is_pending), None)
