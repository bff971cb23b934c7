"""Where a delivery stands: all that the gate asks of the ledger, in one statement and so as of one instant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, Connection, bindparam, exists, select

from core.accounts import Account
from core.errors import NotFound
from core.posts import Approval, PostState
from core.stops import Stop
from core.texts import _
from storage.accounts import KEPT_BACK, account_of
from storage.posts import approval_of
from storage.stops import stop_of
from storage.tables import accounts, approvals, deliveries, posts, revisions, stops, targets


@dataclass(frozen=True, slots=True)
class Standing:
    """What may change under a delivery at any time; its revision never does. `stops`: all that are open."""

    post_state: PostState
    is_latest_revision: bool
    is_target: bool
    approver_is_author: bool
    account: Account
    approval: Approval
    stops: tuple[Stop, ...]


class StandingRows:
    """Reads where deliveries stand; it writes nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, delivery_id: int) -> Standing:
        """Return where the delivery stands. Raises NotFound."""
        rows = self._connection.execute(_STANDING, {"id": delivery_id}).all()
        if not rows:
            raise NotFound(_("No existe el envío {id}. Los hay en: vocero posts show N").format(id=delivery_id))
        return _standing(rows)


_shown = [column for column in accounts.c if column.name not in KEPT_BACK]
_ACCOUNT = slice(4, 4 + len(_shown))
_APPROVAL = slice(_ACCOUNT.stop, _ACCOUNT.stop + len(approvals.c))
_STOP = slice(_APPROVAL.stop, _APPROVAL.stop + len(stops.c))
_newer = revisions.alias("newer")
_written = revisions.alias("written")
# made once: SQLAlchemy then knows it again without looking at every part
_STANDING = (
    select(
        posts.c.state,
        ~exists().where(_newer.c.post_id == posts.c.id, _newer.c.number > revisions.c.number),
        exists().where(targets.c.revision_id == revisions.c.id, targets.c.account_id == accounts.c.id),
        exists().where(_written.c.post_id == posts.c.id, _written.c.author_id == approvals.c.approver_id),
        *_shown,
        *approvals.c,
        *stops.c,
    )
    .select_from(
        deliveries.join(posts, posts.c.id == deliveries.c.post_id)
        .join(revisions, revisions.c.id == deliveries.c.revision_id)
        .join(accounts, accounts.c.id == deliveries.c.account_id)
        .join(approvals, approvals.c.id == deliveries.c.approval_id)
        .outerjoin(stops, stops.c.lifted_at.is_(None))
    )
    .where(deliveries.c.id == bindparam("id"))
    .order_by(stops.c.id)
)


def _standing(rows: Sequence[Any]) -> Standing:
    """Read the rows, one a stop; where there is none, one without it."""
    first = rows[0]
    account = _part(first, _ACCOUNT, _shown)
    found = [_part(row, _STOP, stops.c) for row in rows]
    opened = tuple(stop_of(stop) for stop in found if stop.id is not None)
    pauses = [stop.reason for stop in opened if stop.scope.account_id == account.id]
    account.stopped = pauses[-1] if pauses else None
    return Standing(
        post_state=first[0],
        is_latest_revision=bool(first[1]),
        is_target=bool(first[2]),
        approver_is_author=bool(first[3]),
        account=account_of(account),
        approval=approval_of(_part(first, _APPROVAL, approvals.c)),
        stops=opened,
    )


def _part(row: Any, where: slice, columns: Iterable[Column[Any]]) -> Any:
    """Return those columns of the row under their names, as a row of their own table."""
    return SimpleNamespace(**dict(zip((column.name for column in columns), row[where], strict=True)))
