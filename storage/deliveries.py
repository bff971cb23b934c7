"""Deliveries and their attempts, as rows. A worker's word counts only under the fence that its claim gave it."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Update,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from core.deliveries import WORKABLE, Delivery, DeliveryState, Published, Stage, may_become
from core.errors import NotFound
from core.texts import _
from storage.attempts import AttemptRows
from storage.keys import new_key
from storage.tables import accounts, deliveries

_WORKABLE = tuple(sorted(WORKABLE))


class LostLease(Exception):
    """Another worker has taken the delivery over: what this one wanted to write counts no more."""


class DeliveryRows(AttemptRows):
    """The ledger of deliveries and of what was tried for them."""

    def add(
        self,
        *,
        key: str,
        post_id: int,
        revision_id: int,
        account_id: int,
        approval_id: int,
        publish_at: datetime,
        late_after: datetime,
        due_at: datetime,
        now: datetime,
        follows: int | None = None,
    ) -> Delivery:
        """Schedule a delivery. Raises Conflict where the post has one for this account that may go out or has."""
        result = self._connection.execute(
            _ADD,
            {
                "key": key,
                "post_id": post_id,
                "revision_id": revision_id,
                "account_id": account_id,
                "approval_id": approval_id,
                "state": DeliveryState.SCHEDULED,
                "publish_at": publish_at,
                "late_after": late_after,
                "due_at": due_at,
                "fence": 0,
                "stage_ready": False,
                "tries": 0,
                "looks": 0,
                "follows_id": follows,
                "remote_id": "",
                "url": "",
                "reason": "",
                "created_at": now,
            },
        )
        return self.get(new_key(result))

    def get(self, delivery_id: int) -> Delivery:
        """Return the delivery. Raises NotFound."""
        row = self._connection.execute(_GET, {"id": delivery_id}).first()
        if row is None:
            raise NotFound(_("No existe el envío {id}. Los hay en: vocero posts show N").format(id=delivery_id))
        return delivery_of(row)

    def find(self, key: str) -> Delivery | None:
        """Return the delivery of that key, or None."""
        row = self._connection.execute(select(deliveries).where(deliveries.c.key == key)).first()
        return None if row is None else delivery_of(row)

    def of_post(self, post_id: int) -> list[Delivery]:
        """Return all deliveries of the post, oldest first."""
        found = self._connection.execute(_OF_POST, {"post": post_id})
        return [delivery_of(row) for row in found]

    def hold_post(self, post_id: int) -> None:
        """Let no worker move a delivery of the post until this transaction ends.

        On SQLite a transaction that writes is alone anyway; on PostgreSQL a worker could else commit its intent between
        a look at the deliveries and what is done because of it.
        """
        self._connection.execute(_HOLD_POST, {"post": post_id})

    def in_state(self, *states: DeliveryState) -> list[Delivery]:
        """Return the deliveries in these states, by hour."""
        found = self._connection.execute(
            select(deliveries).where(deliveries.c.state.in_(states)).order_by(deliveries.c.publish_at, deliveries.c.id)
        )
        return [delivery_of(row) for row in found]

    def hold(self, delivery_id: int) -> Delivery:
        """Return the delivery, and let nobody change it until this transaction ends. Raises NotFound.

        Whoever decides to wait for it does so before or after it moves, never in between, and misses no wake-up.
        """
        self._connection.execute(
            select(deliveries.c.id).where(deliveries.c.id == delivery_id).with_for_update(read=True)
        )
        return self.get(delivery_id)

    def claim(self, *, worker: str, lease: timedelta, limit: int, now: datetime) -> list[Delivery]:
        """Take up what is due: at most one delivery per account, the longest due first, each under a new fence.

        One statement. Reads `due_at`, state and lease, and whether the account rests; nothing else. What is past its
        lateness limit is taken up although its account rests: nothing is asked of the platform for it any more. Raises
        Conflict where two workers met on one account: the caller claims again.
        """
        values = {"now": now, "limit": limit, "worker": worker, "until": now + lease}
        claimed = self._connection.execute(_CLAIM, values)
        return sorted((delivery_of(row) for row in claimed), key=lambda d: (d.publish_at, d.id))

    def next_due(self) -> datetime | None:
        """Return when there is next something to take up: a due time, or the end of a lease. None: nothing waits."""
        free = self._connection.execute(_NEXT_FREE).scalar()
        held = self._connection.execute(_NEXT_LEASE_END).scalar()
        return min((instant for instant in (free, held) if instant is not None), default=None)

    def undone(self, now: datetime) -> list[Delivery]:
        """Return what should have gone out by now and still waits for a worker, by hour."""
        found = self._connection.execute(
            select(deliveries)
            .where(_is_workable(deliveries), deliveries.c.due_at.is_not(None), deliveries.c.publish_at <= now)
            .order_by(deliveries.c.publish_at, deliveries.c.id)
        )
        return [delivery_of(row) for row in found]

    def coming(self, until: datetime) -> list[Delivery]:
        """Return what waits to go out until then, by hour."""
        found = self._connection.execute(
            select(deliveries)
            .where(_is_workable(deliveries), deliveries.c.publish_at <= until)
            .order_by(deliveries.c.publish_at, deliveries.c.id)
        )
        return [delivery_of(row) for row in found]

    def extend(self, delivery: Delivery, *, until: datetime) -> None:
        """Lengthen the lease. Raises LostLease."""
        self._write(delivery, lease_until=until)

    def keep_stage(self, delivery: Delivery, stage: Stage, *, lease_until: datetime) -> Delivery:
        """Store what a connector has prepared, and lengthen the lease; return it as it then is. Raises LostLease.

        New work is progress, after which failures count from nothing; a look that all is still there is none.
        """
        before = delivery.stage
        is_progress = before is None or (before.token, before.ready) != (stage.token, stage.ready)
        return self._write(
            delivery,
            stage_token=stage.token,
            stage_ready=stage.ready,
            tries=0 if is_progress else delivery.tries,
            lease_until=lease_until,
        )

    def forget_stage(self, delivery: Delivery) -> None:
        """Drop what was prepared: it is not there any more. Raises LostLease."""
        self._write(delivery, stage_token=None, stage_ready=False)

    def move(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        due_at: datetime | None,
        keep_lease_until: datetime | None = None,
        reason: str = "",
        published: Published | None = None,
        tries: int | None = None,
        looks: int | None = None,
    ) -> Delivery:
        """Put the delivery into a state under its fence; gives the lease back unless it is to be kept.

        Raises LostLease where another worker (or person) has moved it meanwhile, ValueError for a transition that
        the table does not have (core/deliveries.py).
        """
        if state is not delivery.state and not may_become(delivery.state, state):
            raise ValueError(f"{delivery.state} never becomes {state}")
        values: dict[str, object] = {"state": state, "due_at": due_at, "reason": reason}
        if keep_lease_until is None:
            values |= {"lease_owner": None, "lease_until": None}
        else:
            values |= {"lease_until": keep_lease_until}
        values |= _shown(published)
        if tries is not None:
            values["tries"] = tries
        if looks is not None:
            values["looks"] = looks
        moved = self._write(delivery, **values)
        self._wake_followers(delivery, state)
        return moved

    def take_back(
        self, delivery: Delivery, state: DeliveryState, *, reason: str, published: Published | None = None
    ) -> Delivery:
        """Move a delivery by a person's word, whoever has it in hand: the fence grows, so that a worker's word is void.

        Raises LostLease where it was moved meanwhile, ValueError for a transition that the table does not have.
        """
        if not may_become(delivery.state, state):
            raise ValueError(f"{delivery.state} never becomes {state}")
        taken = self._write(
            delivery,
            state=state,
            due_at=None,
            reason=reason,
            fence=delivery.fence + 1,
            lease_owner=None,
            lease_until=None,
            **_shown(published),
        )
        self._wake_followers(delivery, state)
        return taken

    def release(
        self,
        delivery: Delivery,
        *,
        publish_at: datetime,
        late_after: datetime,
        due_at: datetime,
        follows: int | None = None,
    ) -> Delivery:
        """Schedule a held delivery again, by a person's word. Raises LostLease where it was moved meanwhile."""
        if not may_become(delivery.state, DeliveryState.SCHEDULED):
            raise ValueError(f"{delivery.state} never becomes {DeliveryState.SCHEDULED}")
        return self._write(
            delivery,
            state=DeliveryState.SCHEDULED,
            publish_at=publish_at,
            late_after=late_after,
            due_at=due_at,
            follows_id=follows,
            reason="",
            tries=0,
            fence=delivery.fence + 1,
        )

    def _wake_followers(self, delivery: Delivery, state: DeliveryState) -> None:
        """Let those that wait for this one be taken up: once it is out at their own hour, if it will not be at once.

        They wait with a due time past their lateness limit (scheduler/following.py).
        """
        if state is delivery.state or state in WORKABLE or state is DeliveryState.TAKEN_DOWN:
            return
        self._connection.execute(_WAKE[state is DeliveryState.PUBLISHED], {"first": delivery.id})

    def _write(self, delivery: Delivery, **values: object) -> Delivery:
        """Change the row under its fence; return the delivery as it then is. Raises LostLease."""
        ours = {"its_id": delivery.id, "its_fence": delivery.fence, "its_state": delivery.state}
        new = {f"new_{name}": value for name, value in values.items()}
        row = self._connection.execute(_change(tuple(values)), ours | new).first()
        if row is None:
            raise LostLease(f"delivery {delivery.id} is not ours under fence {delivery.fence}")
        return delivery_of(row)


def _shown(published: Published | None) -> dict[str, object]:
    if published is None:
        return {}
    return {"remote_id": published.remote_id, "url": published.url, "published_at": published.published_at}


def _is_workable(table: FromClause) -> ColumnElement[bool]:
    # the words themselves and no parameters: only then do both databases see that the partial indexes apply
    return table.c.state.in_([literal_column(f"'{state}'", table.c.state.type) for state in _WORKABLE])


def _claimable(table: FromClause) -> ColumnElement[bool]:
    now = bindparam("now", type_=deliveries.c.due_at.type)
    return and_(
        _is_workable(table),
        table.c.due_at.is_not(None),
        table.c.due_at <= now,
        or_(table.c.lease_owner.is_(None), table.c.lease_until <= now),
    )


def _may_be_touched(table: FromClause) -> ColumnElement[bool]:
    """Tell whether its account does not rest, or it has only to be found missed."""
    now: BindParameter[datetime] = bindparam("now")
    is_missed = and_(table.c.late_after < now, table.c.state.in_((DeliveryState.SCHEDULED, DeliveryState.STAGING)))
    return or_(accounts.c.waits_until.is_(None), accounts.c.waits_until <= now, is_missed)


def _claim() -> ReturningUpdate[Any]:
    other = deliveries.alias("other")
    first = deliveries.alias("first")
    due = (
        select(deliveries.c.id)
        .join(accounts, accounts.c.id == deliveries.c.account_id)
        .where(
            _claimable(deliveries),
            _may_be_touched(deliveries),
            ~exists().where(
                other.c.account_id == deliveries.c.account_id,
                other.c.lease_owner.is_not(None),
                other.c.id != deliveries.c.id,
            ),
            ~exists().where(
                # one whose lease ran out still has its account: it goes before what has come in since
                deliveries.c.lease_owner.is_(None),
                first.c.account_id == deliveries.c.account_id,
                _claimable(first),
                _may_be_touched(first),
                or_(
                    first.c.due_at < deliveries.c.due_at,
                    and_(first.c.due_at == deliveries.c.due_at, first.c.id < deliveries.c.id),
                ),
            ),
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(bindparam("limit", type_=Integer()))
        .with_for_update(skip_locked=True, key_share=True, of=[deliveries, accounts])
        .cte("due")  # worked out once: PostgreSQL may run a plain subquery again for each row, past the limit
    )
    return (
        update(deliveries)
        .where(deliveries.c.id.in_(select(due.c.id)))
        .values(lease_owner=bindparam("worker"), lease_until=bindparam("until"), fence=deliveries.c.fence + 1)
        .returning(*deliveries.c)
    )


def _wake(due_at: Column[datetime]) -> Update:
    return (
        update(deliveries)
        .where(
            deliveries.c.follows_id == bindparam("first"),
            deliveries.c.state == DeliveryState.SCHEDULED,
            deliveries.c.due_at > deliveries.c.late_after,
        )
        .values(due_at=due_at)
    )


@cache
def _change(names: tuple[str, ...]) -> ReturningUpdate[Any]:
    """Return the statement that changes those columns of one delivery, if it is still as its writer knows it."""
    return (
        update(deliveries)
        .where(
            deliveries.c.id == bindparam("its_id"),
            deliveries.c.fence == bindparam("its_fence"),
            deliveries.c.state == bindparam("its_state"),
        )
        .values({name: bindparam(f"new_{name}") for name in names})
        .returning(*deliveries.c)
    )


# made once: SQLAlchemy then knows them again without looking at every part
_ADD = insert(deliveries)
_CLAIM = _claim()
_WAKE = {True: _wake(deliveries.c.publish_at), False: _wake(deliveries.c.created_at)}
_GET = select(deliveries).where(deliveries.c.id == bindparam("id"))
_OF_POST = select(deliveries).where(deliveries.c.post_id == bindparam("post")).order_by(deliveries.c.id)
_HOLD_POST = (
    select(deliveries.c.id)
    .where(deliveries.c.post_id == bindparam("post"))
    .order_by(deliveries.c.id)
    .with_for_update(key_share=True)
)
_NEXT_FREE = (
    select(deliveries.c.due_at)
    .where(_is_workable(deliveries), deliveries.c.due_at.is_not(None), deliveries.c.lease_owner.is_(None))
    .order_by(deliveries.c.due_at)
    .limit(1)
)
_NEXT_LEASE_END = select(func.min(deliveries.c.lease_until)).where(deliveries.c.lease_owner.is_not(None))


def delivery_of(row: Row[tuple[object, ...]]) -> Delivery:
    """Return the delivery that the row is."""
    return Delivery(
        id=row.id,
        key=row.key,
        post_id=row.post_id,
        revision_id=row.revision_id,
        account_id=row.account_id,
        approval_id=row.approval_id,
        state=row.state,
        publish_at=row.publish_at,
        late_after=row.late_after,
        due_at=row.due_at,
        fence=row.fence,
        lease_until=row.lease_until,
        stage=None if row.stage_token is None else Stage(row.stage_token, row.stage_ready),
        tries=row.tries,
        looks=row.looks,
        follows=row.follows_id,
        remote_id=row.remote_id,
        url=row.url,
        published_at=row.published_at,
        reason=row.reason,
    )
