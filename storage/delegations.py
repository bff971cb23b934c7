"""Delegations, as rows: entered and ended, never changed otherwise."""

from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from core.delegations import Delegation
from core.errors import NotFound
from core.texts import _
from storage.keys import new_key
from storage.tables import delegations

# made once: SQLAlchemy then knows them again without looking at every part
_ADD = insert(delegations)
_GET = select(delegations).where(delegations.c.id == bindparam("id"))
_OF = select(delegations).where(delegations.c.delegate_id == bindparam("delegate")).order_by(delegations.c.id)


class DelegationRows:
    """Who acts, or acted, in the head's stead."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        delegate_id: int,
        on_behalf_of: int,
        starts_at: datetime,
        ends_at: datetime,
        legal_basis: str,
        granted_by: int,
        now: datetime,
    ) -> Delegation:
        """Enter a delegation."""
        result = self._connection.execute(
            _ADD,
            {
                "delegate_id": delegate_id,
                "on_behalf_of": on_behalf_of,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "legal_basis": legal_basis,
                "granted_by": granted_by,
                "granted_at": now,
                "ended_at": None,
                "ended_by": None,
                "ended_reason": "",
            },
        )
        return self.get(new_key(result))

    def get(self, delegation_id: int) -> Delegation:
        """Return the delegation. Raises NotFound."""
        row = self._connection.execute(_GET, {"id": delegation_id}).first()
        if row is None:
            sentence = _("No existe el encargo {id}. Véalos con: vocero delegations list")
            raise NotFound(sentence.format(id=delegation_id))
        return _delegation(row)

    def of(self, delegate_id: int) -> list[Delegation]:
        """Return every delegation that this person was given."""
        return [_delegation(row) for row in self._connection.execute(_OF, {"delegate": delegate_id})]

    def all(self) -> list[Delegation]:
        """Return every delegation that there was, oldest first."""
        return [_delegation(row) for row in self._connection.execute(select(delegations).order_by(delegations.c.id))]

    def end(self, delegation_id: int, *, by: int, reason: str, now: datetime) -> Delegation:
        """End it now; one that was ended stays as it was."""
        self._connection.execute(
            update(delegations)
            .where(delegations.c.id == delegation_id, delegations.c.ended_at.is_(None))
            .values(ended_at=now, ended_by=by, ended_reason=reason)
        )
        return self.get(delegation_id)


def _delegation(row: Row[tuple[object, ...]]) -> Delegation:
    return Delegation(
        id=row.id,
        delegate_id=row.delegate_id,
        on_behalf_of=row.on_behalf_of,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        legal_basis=row.legal_basis,
        granted_by=row.granted_by,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        ended_reason=row.ended_reason,
    )
