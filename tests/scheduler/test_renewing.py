"""Credentials that end are renewed in time, once, and kept before they are used."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import ConnectorError, NotAuthorized, OutcomeUnknown, RateLimited, TokenRefused, Unavailable
from core.accounts import Account, AccountState, Credentials
from core.capabilities import Capabilities, Operation
from core.deliveries import Delivery, DeliveryState
from core.platforms import Platform
from scheduler.delivering import Deliverer
from scheduler.renewing import Renewer
from scheduler.settling import Settler
from storage.database import Database
from tests.databases import Clock
from tests.scheduler.memory_platform import MemoryConnector, MemoryPlatform
from tests.scheduler.newsroom import Newsroom
from tests.storage.rows import SEAL

SITE = Platform.WEBSITE
CALL = timedelta(seconds=2)


class RenewedConnector(MemoryConnector):
    """One account whose tokens rotate: each can be renewed once."""

    capabilities = Capabilities(
        **{name: getattr(MemoryConnector.capabilities, name) for name in Capabilities.__dataclass_fields__}
        | {"operations": frozenset({Operation.REFRESH})}
    )

    def __init__(self, account: Account, platform: MemoryPlatform, token: str, host: "TokenHost") -> None:
        super().__init__(account, platform)
        self.token, self._host = token, host

    def refresh(self) -> Credentials | None:
        return self._host.exchange(self.token)


@dataclass
class TokenHost:
    """Gives a new token for the last one, and only for that."""

    clock: Clock
    last: str = "t0"
    asked: list[str] = field(default_factory=list)
    failure: ConnectorError | None = None
    meanwhile: Callable[[], object] = lambda: None

    def exchange(self, token: str) -> Credentials:
        self.asked.append(token)
        self.meanwhile()
        if self.failure:
            raise self.failure
        if token != self.last:
            raise NotAuthorized("used up", platform=SITE)
        self.last = f"t{len(self.asked)}"
        return Credentials({"token": self.last}, self.clock.now + timedelta(hours=2))


@dataclass
class Vault:
    """An account whose credentials end, and who renews them."""

    newsroom: Newsroom
    host: TokenHost

    def __post_init__(self) -> None:
        self.keep(Credentials({"token": "t0"}, self.newsroom.clock.now + timedelta(hours=2)))

    @property
    def account(self) -> Account:
        with self.newsroom.database.read() as transaction:
            return transaction.accounts.get(self.newsroom.account.id)

    @property
    def stored(self) -> str:
        with self.newsroom.database.read() as transaction:
            return SEAL.open(transaction.accounts.sealed_credentials(self.account.id)).get("token")

    def keep(self, credentials: Credentials) -> None:
        account = self.newsroom.account
        with self.newsroom.database.write() as transaction:
            transaction.accounts.reconnect(
                account.id,
                handle=account.handle,
                address=account.address,
                sealed_credentials=SEAL.close(credentials),
                credentials_expire_at=credentials.expires_at,
            )

    def open(self, account: Account, credentials: Credentials) -> RenewedConnector:
        return RenewedConnector(account, self.newsroom.platform, credentials.get("token"), self.host)

    def renewer(self) -> Renewer:
        return Renewer(self.newsroom.database, SEAL, self.open, CALL)


@pytest.fixture
def vault(database: Database, clock: Clock, tmp_path: Path) -> Vault:
    return Vault(Newsroom(database, clock, tmp_path), TokenHost(clock))


def test_what_holds_is_left_alone(vault: Vault) -> None:
    assert vault.renewer().renew(vault.account) is None
    vault.newsroom.clock.advance(minutes=109)
    assert vault.renewer().renew(vault.account) is None
    assert vault.host.asked == []


def test_what_ends_soon_is_renewed_once_and_kept(vault: Vault) -> None:
    vault.newsroom.clock.advance(minutes=111)
    connector = vault.renewer().renew(vault.account)
    assert isinstance(connector, RenewedConnector)
    assert (connector.token, vault.stored, vault.host.asked) == ("t1", "t1", ["t0"])
    assert vault.account.credentials_expire_at == vault.newsroom.clock.now + timedelta(hours=2)
    assert vault.renewer().renew(vault.account) is None


def test_one_that_read_the_account_before_gets_what_another_brought(vault: Vault) -> None:
    before = vault.account
    vault.newsroom.clock.advance(minutes=111)
    vault.renewer().renew(before)
    connector = vault.renewer().renew(before)
    assert isinstance(connector, RenewedConnector)
    assert (connector.token, vault.host.asked) == ("t1", ["t0"])


def test_two_at_once_ask_once(vault: Vault) -> None:
    vault.newsroom.clock.advance(minutes=111)
    first_is_there, second_waits = threading.Event(), threading.Event()

    def meanwhile() -> None:
        first_is_there.set()
        second_waits.wait(0.5)

    vault.host.meanwhile = meanwhile
    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(vault.renewer().renew(vault.account))) for _ in range(2)]
    threads[0].start()
    assert first_is_there.wait(5)
    threads[1].start()
    for thread in threads:
        thread.join(10)
    assert [getattr(connector, "token", None) for connector in got] == ["t1", "t1"]
    assert vault.host.asked == ["t0"]


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("down", platform=SITE),
        OutcomeUnknown("lost", platform=SITE),
        NotAuthorized("invalid_grant", platform=SITE),
    ],
)
def test_a_token_host_that_is_away_is_no_trouble_while_the_old_token_holds(vault: Vault, error: ConnectorError) -> None:
    vault.newsroom.clock.advance(minutes=111)
    vault.host.failure = error
    assert vault.renewer().renew(vault.account) is None
    vault.newsroom.clock.advance(minutes=10)
    with pytest.raises(type(error)):
        vault.renewer().renew(vault.account)
    vault.host.failure = None
    assert vault.renewer().renew(vault.account) is not None
    assert vault.stored == "t3"


def test_a_renewal_whose_process_died_can_be_taken_up_again(vault: Vault) -> None:
    vault.newsroom.clock.advance(minutes=111)
    with vault.newsroom.database.write() as transaction:
        until = transaction.now + CALL
        assert transaction.accounts.begin_renewal(vault.account.id, until=until, now=transaction.now)
        assert not transaction.accounts.begin_renewal(vault.account.id, until=until, now=transaction.now)
    with pytest.raises(Unavailable):
        replace(vault.renewer(), call=timedelta(seconds=0.3))._renew(vault.account, b"")
    vault.newsroom.clock.advance(seconds=3)
    assert vault.renewer().renew(vault.account) is not None
    assert vault.stored == "t1"


def test_the_worker_renews_before_it_works_and_a_refusal_pauses_the_account(vault: Vault) -> None:
    newsroom = vault.newsroom
    newsroom.schedule(in_minutes=121)
    newsroom.clock.advance(minutes=121)
    vault.host.failure = NotAuthorized("invalid_grant", platform=SITE)
    bench = replace(newsroom.bench(), renew=vault.renewer().renew)
    (claimed,) = newsroom.claim()
    Deliverer(bench, Settler(bench).settle).deliver(claimed)
    assert newsroom.desk.now(claimed).state is DeliveryState.HELD
    assert vault.account.state is AccountState.PAUSED
    assert newsroom.platform.calls == []


REFUSED = TokenRefused("not valid", platform=SITE)


def hand(vault: Vault) -> Delivery:
    """Let the worker take the delivery in hand once; return how it then stands."""
    newsroom = vault.newsroom
    bench = replace(newsroom.bench(), renew=vault.renewer().renew)
    (claimed,) = newsroom.claim()
    Deliverer(bench, Settler(bench).settle).deliver(claimed)
    return newsroom.desk.now(claimed)


@pytest.mark.parametrize("step", ["identify", "stage", "publish"])
def test_a_token_that_the_platform_refuses_is_renewed_once(vault: Vault, step: str) -> None:
    newsroom = vault.newsroom
    newsroom.schedule(in_minutes=1)
    newsroom.clock.advance(minutes=1)
    newsroom.platform.plan(step, before=REFUSED)
    waiting = hand(vault)
    assert (waiting.state, waiting.due_at) == (DeliveryState.SCHEDULED, newsroom.clock.now)
    assert (vault.host.asked, vault.stored) == (["t0"], "t1")
    assert "renovó" in waiting.reason
    assert hand(vault).state is DeliveryState.PUBLISHED
    assert len(newsroom.platform.ledger) == 1
    assert vault.account.state is AccountState.ACTIVE


def test_one_that_is_refused_again_pauses_the_account(vault: Vault) -> None:
    newsroom = vault.newsroom
    newsroom.schedule(in_minutes=1)
    newsroom.clock.advance(minutes=1)
    for _try in range(2):
        newsroom.platform.plan("publish", before=REFUSED)
    hand(vault)
    assert hand(vault).state is DeliveryState.HELD
    assert vault.account.state is AccountState.PAUSED
    assert vault.host.asked == ["t0"]
    assert newsroom.platform.ledger == []


@pytest.mark.parametrize(
    ("failure", "state", "waits"),
    [
        (Unavailable("down", platform=SITE), DeliveryState.SCHEDULED, timedelta(seconds=5)),
        (OutcomeUnknown("lost", platform=SITE), DeliveryState.SCHEDULED, timedelta(seconds=5)),
        (RateLimited("slow", platform=SITE, retry_after=timedelta(hours=1)), DeliveryState.SCHEDULED, None),
        (NotAuthorized("invalid_grant", platform=SITE), DeliveryState.HELD, None),
    ],
)
def test_a_renewal_that_fails_says_what_follows(
    vault: Vault, failure: ConnectorError, state: DeliveryState, waits: timedelta | None
) -> None:
    newsroom = vault.newsroom
    newsroom.schedule(in_minutes=1)
    newsroom.clock.advance(minutes=1)
    newsroom.platform.plan("publish", before=REFUSED)
    vault.host.failure = failure
    after = hand(vault)
    assert (after.state, after.reason) == (state, failure.sentence)
    if waits:
        assert after.due_at == newsroom.clock.now + waits
    assert (vault.account.state is AccountState.PAUSED) == isinstance(failure, NotAuthorized)


def test_a_look_whose_token_is_refused_is_taken_again_with_a_new_one(vault: Vault) -> None:
    newsroom = vault.newsroom
    newsroom.schedule(in_minutes=1)
    newsroom.clock.advance(minutes=1)
    newsroom.platform.plan("publish", after=OutcomeUnknown("lost", platform=SITE))
    newsroom.platform.plan("find", before=REFUSED)
    assert hand(vault).state is DeliveryState.UNKNOWN
    newsroom.clock.advance(seconds=11)
    waiting = hand(vault)
    assert (waiting.state, waiting.due_at, waiting.looks) == (DeliveryState.UNKNOWN, newsroom.clock.now, 0)
    assert hand(vault).state is DeliveryState.PUBLISHED
    assert len(newsroom.platform.ledger) == 1


def test_looks_whose_token_is_refused_again_and_again_come_to_an_end(vault: Vault) -> None:
    newsroom = vault.newsroom
    newsroom.schedule(in_minutes=1)
    newsroom.clock.advance(minutes=1)
    newsroom.platform.plan("publish", after=OutcomeUnknown("lost", platform=SITE))
    for _look in range(2):
        newsroom.platform.plan("find", before=REFUSED)
    hand(vault)
    newsroom.clock.advance(seconds=11)
    hand(vault)
    after = hand(vault)
    assert (after.state, after.looks) == (DeliveryState.UNKNOWN, 1)
    assert vault.account.state is AccountState.PAUSED
    assert vault.host.asked == ["t0"]
