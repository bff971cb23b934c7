"""Acts about delegations: who acts in the head's stead ("jefa (e)"), from when until when."""

from datetime import datetime

from core.delegations import Delegation
from core.people import Person
from core.texts import _
from policy.permissions import Act, check_delegate
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.office import Office


class GrantDelegation(Action[Delegation]):
    """Let somebody act in the head's stead for a time. Nothing that they did before it counts."""

    may = Act.GRANT_DELEGATION

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        delegate: str,
        on_behalf_of: str,
        starts_at: datetime,
        ends_at: datetime,
        legal_basis: str,
    ) -> None:
        super().__init__(office, actor)
        self._delegate, self._on_behalf_of = delegate, on_behalf_of
        self._starts_at, self._ends_at = starts_at, ends_at
        self._legal_basis = legal_basis.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """The dates are some, there is a legal basis, and the person may be the acting head."""
        delegate = transaction.people.get(self._delegate)
        head = transaction.people.get(self._on_behalf_of)
        reasons = check_delegate(delegate, on_behalf_of=head)
        if delegate.id == self.actor.id:
            reasons.append(Reason("own_grant", _("Nadie se encarga a sí mismo la jefatura.")))
        if self._ends_at <= self._starts_at:
            reasons.append(Reason("no_time", _("El encargo termina antes de comenzar.")))
        elif self._ends_at <= transaction.now:
            reasons.append(Reason("past", _("Ese encargo ya habría terminado.")))
        if not self._legal_basis:
            reasons.append(Reason("basis_missing", _("Diga el documento que lo sustenta, con --basis.")))
        return reasons

    def act(self, transaction: Transaction) -> Delegation:
        """Enter it."""
        delegation = transaction.delegations.add(
            delegate_id=transaction.people.get(self._delegate).id,
            on_behalf_of=transaction.people.get(self._on_behalf_of).id,
            starts_at=self._starts_at,
            ends_at=self._ends_at,
            legal_basis=self._legal_basis,
            granted_by=self.actor.id,
            now=transaction.now,
        )
        self.tell(
            transaction,
            f"delegation:{delegation.id}",
            after="granted",
            reason=self._legal_basis,
            data={
                "delegate": self._delegate,
                "on_behalf_of": self._on_behalf_of,
                "from": self._starts_at.isoformat(),
                "until": self._ends_at.isoformat(),
            },
        )
        return delegation


class EndDelegation(Action[Delegation]):
    """End a delegation now: nothing more is approved by it. What was approved while it held stays approved."""

    may = Act.END_DELEGATION

    def __init__(self, office: Office, actor: Person, *, delegation_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._delegation_id, self._reason = delegation_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It has not ended, and there is a reason."""
        delegation = transaction.delegations.get(self._delegation_id)
        if delegation.ended_at is not None or delegation.ends_at <= transaction.now:
            return [Reason("ended", _("Ese encargo ya terminó."))]
        return [] if self._reason else [Reason("reason_missing", _("Diga el motivo con --reason."))]

    def act(self, transaction: Transaction) -> Delegation:
        """End it."""
        delegation = transaction.delegations.end(
            self._delegation_id, by=self.actor.id, reason=self._reason, now=transaction.now
        )
        self.tell(transaction, f"delegation:{delegation.id}", before="granted", after="ended", reason=self._reason)
        return delegation
