"""What every act of a person has in common: may they, does it hold, do it, leave a trace; all in one transaction."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from core.errors import Conflict, NotAllowed
from core.events import Event
from core.people import Person
from core.texts import _
from policy.permissions import Act, check_may
from policy.reasons import Reason, joined
from storage.deliveries import LostLease
from storage.transaction import Transaction
from vocero.office import Office

R = TypeVar("R")


class Action(ABC, Generic[R]):
    """One act by one person. Command line, desk and scheduler all come through here; there is no other way in.

    `run` asks permission, lets `prepare` do what is slow (files, network) outside any transaction, then in one
    transaction asks permission again, calls `check`, `act`, and keeps what `act` told. A refusal changes nothing.
    """

    may: ClassVar[Act]

    def __init__(self, office: Office, actor: Person) -> None:
        self.office = office
        self.actor = actor

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

    def prepare(self) -> None:
        """Do what is slow and leaves no trace that matters if the act is then refused."""

    @abstractmethod
    def check(self, transaction: Transaction) -> list[Reason]:
        """Return every reason against; empty when it may be done."""

    @abstractmethod
    def act(self, transaction: Transaction) -> R:
        """Do it, and tell the record."""

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
        """Leave an event of this act."""
        transaction.tell(
            Event(
                at=transaction.now,
                actor=self.actor.login,
                role=self.actor.role,
                action=action or str(self.may),
                subject=subject,
                before=before,
                after=after,
                digest=digest,
                reason=reason,
                data=data or {},
            )
        )

    def _check_actor(self, transaction: Transaction) -> list[Reason]:
        self.actor = transaction.people.by_id(self.actor.id)
        return check_may(self.actor, self.may)

    @staticmethod
    def _refuse(reasons: list[Reason]) -> None:
        if reasons:
            raise NotAllowed(joined(reasons), diagnostic=", ".join(reason.code for reason in reasons))
