"""Deliveries that want somebody's eyes: found through one partial index, however much is over."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, or_, select

from core.deliveries import OCCUPYING, UNSETTLED, Delivery, DeliveryState
from core.posts import PostState
from storage.deliveries import delivery_of
from storage.tables import deliveries, posts

_S = DeliveryState
_UNSETTLED = tuple(sorted(UNSETTLED))
_OCCUPYING = tuple(sorted(OCCUPYING))


class NeglectedRows:
    """Looks at the ledger of deliveries for what did not end as the office wanted. Changes nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def overdue(self, before: datetime) -> list[Delivery]:
        """Return, by hour, those whose hour was then or earlier and of which nothing final is known.

        Without those that `troubled` returns.
        """
        return self._found(
            deliveries.c.publish_at <= before,
            deliveries.c.state.not_in((_S.FAILED, _S.MISSED)),
            ~_waits_for_a_word(),
        )

    def troubled(self, since: datetime) -> list[Delivery]:
        """Return, by hour, what failed or was missed whose hour is later than `since`, and what only a person can tell.

        Without those that somebody has seen to: by scheduling the post for the account again, or by cancelling it.
        """
        again = deliveries.alias("again")
        is_again = exists().where(
            again.c.post_id == deliveries.c.post_id,
            again.c.account_id == deliveries.c.account_id,
            # the words themselves: so the partial index of what occupies a post serves
            again.c.state.in_(_literally(_OCCUPYING)),
        )
        is_cancelled = exists().where(
            posts.c.id == deliveries.c.post_id, posts.c.state.in_((PostState.CANCELLED, PostState.EXPIRED))
        )
        ended_badly = and_(
            deliveries.c.state.in_((_S.FAILED, _S.MISSED)),
            deliveries.c.publish_at > since,
            ~is_again,
            ~is_cancelled,
        )
        return self._found(or_(_waits_for_a_word(), ended_badly))

    def _found(self, *conditions: ColumnElement[bool]) -> list[Delivery]:
        found = self._connection.execute(
            select(deliveries)
            .where(deliveries.c.state.in_(_literally(_UNSETTLED)), *conditions)
            .order_by(deliveries.c.publish_at, deliveries.c.id)
        )
        return [delivery_of(row) for row in found]


def _waits_for_a_word() -> ColumnElement[bool]:
    return and_(deliveries.c.state == _S.UNKNOWN, deliveries.c.due_at.is_(None))


def _literally(states: tuple[DeliveryState, ...]) -> ColumnElement[object]:
    return bindparam(None, states, type_=deliveries.c.state.type, expanding=True, literal_execute=True)
