"""What every act of a person has in common: may they, does it hold, do it, leave a trace; all in one transaction."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from core.delegations import Delegation
from core.errors import Conflict, NotAllowed
from core.events import SYSTEM, Event
from core.people import Person
from core.texts import _
from policy.permissions import Act, Authority, roles_of
from policy.reasons import Reason, joined
from storage.deliveries import LostLease
from storage.transaction import Transaction
from vocero.office import Office

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who an event names: a login and role, what they do, and the delegation that they do it by."""

    actor: str
    role: str
    action: str
    delegation: Delegation | None = None


class Teller(ABC):
    """Who leaves events: a person by an act, or the program itself."""

    @property
    @abstractmethod
    def signature(self) -> Signature:
        """What the events are signed with."""

    def tell(
        self,
        transaction: Transaction,
        subject: str,
        *,
        action: str = "",
        before: str = "",
        after: str = "",
        digest: str = "",
        reason: str = "",
        data: dict[str, str] | None = None,
    ) -> None:
        """Leave an event."""
        signed = self.signature
        by = {} if signed.delegation is None else {"delegation": str(signed.delegation.id)}
        transaction.tell(
            Event(
                at=transaction.now,
                actor=signed.actor,
                role=signed.role,
                action=action or signed.action,
                subject=subject,
                before=before,
                after=after,
                digest=digest,
                reason=reason,
                data=(data or {}) | by,
            )
        )


class Program(Teller):
    """The program itself, which found something; `action` names what it does where the event does not."""

    def __init__(self, action: str) -> None:
        self._action = action

    @property
    def signature(self) -> Signature:
        """Nobody's but its own."""
        return Signature(SYSTEM, SYSTEM, self._action)


class Action(Teller, Generic[R]):
    """One act by one person. Command line, desk and scheduler all come through here; there is no other way in.

    `run` asks permission, lets `prepare` do what is slow (files, network) outside any transaction, then in one
    transaction asks permission again, calls `check`, `act`, and keeps what `act` told. A refusal changes nothing.
    """

    may: ClassVar[Act]

    def __init__(self, office: Office, actor: Person) -> None:
        self.office = office
        self.actor = actor
        self.delegation: Delegation | None = None  # the one that this act rests on

    def run(self) -> R:
        """Do it. Raises NotAllowed with every reason against."""
        with self.office.database.read() as transaction:
            self._refuse(self._check_actor(transaction))
        self.prepare()
        try:
            with self.office.database.write() as transaction:
                self._refuse(self._check_actor(transaction) or self.check(transaction))
                return self.act(transaction)
        except LostLease as error:
            raise Conflict(
                _("Un envío cambió en este mismo momento. Mire cómo quedó y, si hace falta, repita.")
            ) from error

    def try_out(self) -> None:
        """Change nothing; raise NotAllowed with every reason for which it would be refused now."""
        with self.office.database.write() as transaction:  # a check may hold rows
            self._refuse(self._check_actor(transaction) or self.check(transaction))

    def prepare(self) -> None:
        """Do what is slow and leaves no trace that matters if the act is then refused."""

    @abstractmethod
    def check(self, transaction: Transaction) -> list[Reason]:
        """Return every reason against; empty when it may be done."""

    @abstractmethod
    def act(self, transaction: Transaction) -> R:
        """Do it, and tell the record."""

    @property
    def signature(self) -> Signature:
        """The person's."""
        return Signature(self.actor.login, self.actor.role, str(self.may), self.delegation)

    def _check_actor(self, transaction: Transaction) -> list[Reason]:
        self.actor = transaction.people.by_id(self.actor.id)
        is_theirs = self.actor.role in roles_of(self.may)
        delegations = [] if is_theirs else transaction.delegations.of(self.actor.id)
        authority = Authority(self.actor, delegations, transaction.now)
        self.delegation = authority.delegation_for(self.may)
        return authority.check(self.may)

    @staticmethod
    def _refuse(reasons: list[Reason]) -> None:
        if reasons:
            raise NotAllowed(joined(reasons), diagnostic=", ".join(reason.code for reason in reasons))
