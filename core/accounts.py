"""Official accounts, and who a token really speaks for."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.platforms import Platform


class AccountState(StrEnum):
    """Whether an account is in use."""

    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Account:
    """An official account, pinned by the platform's own immutable id (procedure 8.1, 8.2).

    `address` is where people find it; for the website also where its API lives. `state` follows from the stops that
    cover this account alone; `state_reason` is the latest one's. `waits_until`: the platform asked us to do nothing
    before that instant. `credentials_expire_at`: when what opens it ends, None: not by itself.
    `connect_again_before`: when a person's consent ends, which nothing renews; None: no end is known.
    """

    id: int
    platform: Platform
    handle: str
    name: str
    remote_id: str
    address: str
    state: AccountState = AccountState.ACTIVE
    state_reason: str = ""
    waits_until: datetime | None = None
    credentials_expire_at: datetime | None = None
    connect_again_before: datetime | None = None

    @property
    def official_id(self) -> str:
        """`platform:remote id`: what an approval binds."""
        return f"{self.platform}:{self.remote_id}"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token really speaks for, as the platform says. `missing` names the rights it lacks for our work.

    `lacking` says for people what does not work for want of a right that the rest can do without.
    `connect_again_before`: when a person's consent ends, which nothing renews; None: no end is known.
    """

    remote_id: str
    name: str
    address: str = ""
    missing: tuple[str, ...] = ()
    expires_at: datetime | None = None
    lacking: tuple[str, ...] = ()
    connect_again_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens an account. Its values are in no repr and no log."""

    values: dict[str, str] = field(repr=False)
    expires_at: datetime | None = None

    def get(self, name: str) -> str:
        """Return the value of that name, empty when it was not given."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class CredentialField:
    """A value that somebody must give to connect an account; `label` is for people."""

    name: str
    label: str
    secret: bool = True
    required: bool = True
