"""What became of a post as a whole, derived from its deliveries: all of it is out, a part, or nothing yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.accounts import Account
from core.deliveries import Delivery, DeliveryState
from core.texts import _


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last delivery to each account that was not cancelled, in the accounts' order; at least one."""

    deliveries: tuple[tuple[Account, Delivery], ...]

    @property
    def published(self) -> int:
        """How many are public now."""
        return sum(delivery.state is DeliveryState.PUBLISHED for _account, delivery in self.deliveries)

    @property
    def rest(self) -> tuple[tuple[Account, Delivery], ...]:
        """Those that are not."""
        return tuple(each for each in self.deliveries if each[1].state is not DeliveryState.PUBLISHED)

    @property
    def is_partial(self) -> bool:
        """Tell whether the public sees the post on some accounts and not on others."""
        return 0 < self.published < len(self.deliveries)

    @property
    def sentence(self) -> str:
        """Say it in one line, for people: "Publicada en 2 de 3 redes; Instagram: fallida"."""
        states = {delivery.state for _account, delivery in self.deliveries}
        if len(states) == 1:
            return states.pop().label
        rest = ", ".join(f"{account.platform.label}: {delivery.state.label.lower()}" for account, delivery in self.rest)
        if not self.published:
            return rest
        return _("Publicada en {published} de {all} redes; {rest}").format(
            published=self.published, all=len(self.deliveries), rest=rest
        )


def outcome_of(deliveries: Iterable[Delivery], accounts: Mapping[int, Account]) -> Outcome | None:
    """Return what became of the post whose deliveries these are, the oldest first; None where it has none."""
    last = {each.account_id: each for each in deliveries if each.state is not DeliveryState.CANCELLED}
    if not last:
        return None
    return Outcome(tuple((accounts[number], last[number]) for number in sorted(last)))
