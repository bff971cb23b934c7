"""A stop ("detención"): while it is open nothing begins its visible write, everywhere, on a platform or an account."""

from dataclasses import dataclass
from datetime import datetime

from core.accounts import Account
from core.platforms import Platform
from core.texts import _


@dataclass(frozen=True, slots=True)
class Scope:
    """What a stop covers: an account, else a platform, else everything."""

    platform: Platform | None = None
    account_id: int | None = None

    def __post_init__(self) -> None:
        if self.platform is not None and self.account_id is not None:
            raise ValueError("a stop covers a platform or an account, not both")

    def __contains__(self, account: Account) -> bool:
        return self.account_id in (None, account.id) and self.platform in (None, account.platform)

    def named(self, account: Account | None) -> str:
        """Return what people call it; `account` is the one that it names."""
        if self.account_id is None:
            return _("todo") if self.platform is None else self.platform.label
        if account is None:
            return _("cuenta {id}").format(id=self.account_id)
        return f"{account.platform.label} · {account.name}"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop, open until it is lifted. The pause of an account is a stop that covers it. Instants are aware UTC.

    `opened_by` and `lifted_by` are logins, or `sistema` where the program stopped an account that it may not use.
    """

    id: int
    scope: Scope
    reason: str
    opened_by: str
    opened_at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None
    lifted_reason: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether it still holds."""
        return self.lifted_at is None
