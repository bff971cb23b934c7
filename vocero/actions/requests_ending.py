"""How a request ends before or after publication: withdrawn, cancelled, a duplicate, closed."""

from dataclasses import replace
from typing import ClassVar

from core.people import Person
from core.posts import PostState
from core.requests import Request, RequestState
from core.texts import _
from policy.guards import Case
from policy.permissions import Act
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.content import OVER, end_post
from vocero.actions.requests import RequestAct
from vocero.office import Office


class _Ending(RequestAct):
    """An end before publication: its posts end with it."""

    posts_become: ClassVar[PostState] = PostState.CANCELLED

    def act(self, transaction: Transaction) -> Request:
        reason = self.reason or RequestState(self.target).label
        for post in transaction.posts.of_request(self.request_id):
            if post.state not in OVER:
                end_post(self, transaction, post, reason=reason, state=self.posts_become)
        return self.move(transaction, self.target)


class WithdrawRequest(_Ending):
    """The unit takes its wish back."""

    may = Act.WITHDRAW_REQUEST
    target = RequestState.WITHDRAWN


class CancelRequest(_Ending):
    """The head cancels what is not published."""

    may = Act.CANCEL_REQUEST
    target = RequestState.CANCELLED


class DuplicateRequest(_Ending):
    """Say that it repeats another request: it counts no more, and is linked to that one."""

    may = Act.DUPLICATE_REQUEST
    target = RequestState.DUPLICATE

    def __init__(self, office: Office, actor: Person, *, request_id: int, of: int) -> None:
        super().__init__(office, actor, request_id=request_id)
        self._of = of

    def check(self, transaction: Transaction) -> list[Reason]:
        """The other exists, and is none that repeats this one."""
        reasons = super().check(transaction)
        original = transaction.requests.get(self._of)
        if not reasons and original.state is RequestState.DUPLICATE:
            sentence = _("La solicitud {id} ya es duplicada de la {of}: diga esa.")
            reasons = [Reason("original_is_duplicate", sentence.format(id=original.id, of=original.duplicate_of))]
        return reasons

    def case(self, transaction: Transaction) -> Case:
        """Return the case with the chain of what it repeats."""
        transaction.requests.hold(self._of)
        return replace(super().case(transaction), originals=transaction.requests.originals(self._of))

    def act(self, transaction: Transaction) -> Request:
        """Link it."""
        self.reason = _("duplicada de la solicitud {id}").format(id=self._of)
        transaction.requests.link_duplicate(self.request_id, self._of)
        return super().act(transaction)


class CloseRequest(RequestAct):
    """End the follow-up."""

    may = Act.CLOSE_REQUEST
    target = RequestState.CLOSED
