"""Acts that stop what goes out, everywhere or in part, and lift such a stop again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from core.deliveries import Delivery, DeliveryState
from core.people import Person
from core.stops import Scope, Stop
from core.texts import _
from policy.permissions import Act
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.office import Office

_AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a stop means for the deliveries of the coming 24 hours: it holds some, and comes too late for others.

    `begun`: their visible write has begun; it comes to its end, or is found out about.
    """

    held: tuple[Delivery, ...]
    begun: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Lifted:
    """What became of a stop: the deliveries it held, which stay so, and the stops that are still open."""

    stop: Stop
    held: tuple[Delivery, ...]
    still_open: tuple[Stop, ...]


class OpenStop(Action[Stop]):
    """Stop everything, a platform or an account: from the commit on nothing begins its visible write there.

    The same stop again changes nothing. What has begun ends; whether something went out is still found out.
    """

    may = Act.OPEN_STOP

    def __init__(self, office: Office, actor: Person, *, scope: Scope, reason: str) -> None:
        super().__init__(office, actor)
        self._scope, self._reason = scope, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """There is a reason, and the account is one of ours."""
        if self._scope.account_id is not None:
            transaction.accounts.get(self._scope.account_id)
        return [] if self._reason else [Reason("reason_missing", _("Diga el motivo con --reason."))]

    def act(self, transaction: Transaction) -> Stop:
        """Open it, or return the one that says the same."""
        for stop in transaction.stops.opened():
            if (stop.scope, stop.reason) == (self._scope, self._reason):
                return stop
        stop = transaction.stops.open(self._scope, reason=self._reason, by=self.actor.login, now=transaction.now)
        data = _scope_as_data(self._scope)
        self.tell(transaction, f"stop:{stop.id}", after="open", reason=self._reason, data=data)
        return stop


class LiftStop(Action[Lifted]):
    """Lift a stop. It releases nothing: what it held is scheduled again by a person, item by item.

    Lifted again it only says once more what it held.
    """

    may = Act.LIFT_STOP

    def __init__(self, office: Office, actor: Person, *, stop_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._stop_id, self._reason = stop_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """There is such a stop, and a reason."""
        transaction.stops.get(self._stop_id)
        return [] if self._reason else [Reason("reason_missing", _("Diga por qué se levanta con --reason."))]

    def act(self, transaction: Transaction) -> Lifted:
        """Lift it; return what it held."""
        stop = transaction.stops.get(self._stop_id)
        if stop.is_open:
            stop = transaction.stops.lift(stop, reason=self._reason, by=self.actor.login, now=transaction.now)
            data = _scope_as_data(stop.scope)
            subject = f"stop:{stop.id}"
            self.tell(transaction, subject, before="open", after="lifted", reason=self._reason, data=data)
        return Lifted(stop, tuple(held_by(transaction, {stop.id})), tuple(transaction.stops.opened()))


def effect_of(transaction: Transaction, scope: Scope) -> Effect:
    """Return what a stop of that scope would mean, or means, now."""
    accounts = {account.id: account for account in transaction.accounts.all()}
    until = transaction.now + _AHEAD
    coming = [each for each in transaction.deliveries.coming(until) if accounts[each.account_id] in scope]
    begun = [each for each in coming if each.state in (DeliveryState.PUBLISHING, DeliveryState.UNKNOWN)]
    return Effect(tuple(each for each in coming if each not in begun), tuple(begun))


def held_by(transaction: Transaction, stops: Collection[int]) -> list[Delivery]:
    """Return, by hour, the deliveries that these stops held and that wait for a person still."""
    held = {f"delivery:{each.id}": each for each in transaction.deliveries.in_state(DeliveryState.HELD)}
    holding: dict[str, str] = {}
    for recorded in transaction.events.of(*held):
        if recorded.event.after == DeliveryState.HELD:  # the last time is what counts
            holding[recorded.event.subject] = recorded.event.data.get("stops", "")
    numbers = {str(number) for number in stops}
    return [each for subject, each in held.items() if numbers & set(holding.get(subject, "").split(","))]


def _scope_as_data(scope: Scope) -> dict[str, str]:
    if scope.platform is not None:
        return {"platform": str(scope.platform)}
    return {} if scope.account_id is None else {"account": str(scope.account_id)}
