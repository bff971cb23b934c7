"""A delegation: somebody acts in the head's stead between two dates ("jefa (e)", encargada)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who acts for whom, by what legal basis, from when (included) until when (not): aware UTC.

    What was done outside its dates, before it was entered or after it was ended never counts.
    """

    id: int
    delegate_id: int
    on_behalf_of: int
    starts_at: datetime
    ends_at: datetime
    legal_basis: str
    granted_by: int
    granted_at: datetime
    ended_at: datetime | None = None
    ended_by: int | None = None
    ended_reason: str = ""

    def is_in_force(self, at: datetime) -> bool:
        """Tell whether it held at that instant."""
        begins = max(self.starts_at, self.granted_at)
        return begins <= at < self.ends_at and (self.ended_at is None or at < self.ended_at)
