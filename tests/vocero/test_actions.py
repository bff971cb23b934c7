"""What people do with accounts, deliveries and each other; and what every act has in common."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.accounts import AccountState, Credentials
from core.deliveries import DeliveryState, Published
from core.errors import InvalidInput, NotAllowed, NotFound
from core.people import Person, Role
from core.platforms import Platform
from policy.permissions import Act
from policy.reasons import Reason
from sandbox.server import Sandbox, SandboxServer, serve
from storage.database import Database
from storage.transaction import Transaction
from tests.databases import Clock
from tests.storage.rows import CREDENTIALS
from tests.vocero.desk import ActingOffice
from vocero.actions import (
    Action,
    AddPerson,
    ConnectAccount,
    PauseAccount,
    ResumeAccount,
    SchedulePost,
    SettleUnknown,
    add_first_person,
)
from vocero.office import Office
from vocero.settings import Settings

State = DeliveryState
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def database_kind() -> str:
    """What differs between the databases is shown in tests/storage and in test_actions_posts.py."""
    return "sqlite"


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


# ── what every act has in common ──


class Probe(Action[str]):
    """Writes down in which order an act's parts are called."""

    may = Act.PAUSE_ACCOUNT

    def __init__(
        self, office: Office, actor: Person, *, reasons: tuple[Reason, ...] = (), breaks: bool = False
    ) -> None:
        super().__init__(office, actor)
        self.reasons, self.breaks = reasons, breaks
        self.calls: list[str] = []

    def prepare(self) -> None:
        self.calls.append("prepare")

    def check(self, transaction: Transaction) -> list[Reason]:
        self.calls.append("check")
        return list(self.reasons)

    def act(self, transaction: Transaction) -> str:
        self.calls.append("act")
        self.tell(transaction, "probe:1")
        if self.breaks:
            raise RuntimeError
        return "done"


def test_an_act_asks_prepares_checks_and_does(opii: ActingOffice) -> None:
    probe = Probe(opii.office, opii.head)
    assert probe.run() == "done"
    assert probe.calls == ["prepare", "check", "act"]
    (told,) = opii.events("probe:1")
    assert (told.event.actor, told.event.role, told.event.action) == (opii.head.login, "office_head", "pause_account")


def test_who_may_not_is_refused_before_anything_is_prepared(opii: ActingOffice) -> None:
    probe = Probe(opii.office, opii.people[Role.AUDITOR])
    opii.refuses(probe, "role")
    assert probe.calls == []


def test_a_role_is_what_the_register_says_and_not_what_the_caller_does(opii: ActingOffice) -> None:
    auditor = opii.people[Role.AUDITOR]
    opii.refuses(Probe(opii.office, Person(auditor.id, "jefa", "Jefa", Role.OFFICE_HEAD)), "role")


def test_every_reason_is_told_and_nothing_is_done(opii: ActingOffice) -> None:
    probe = Probe(opii.office, opii.head, reasons=(Reason("a", "Uno."), Reason("b", "Dos.")))
    opii.refuses(probe, "a", "b")
    assert probe.calls == ["prepare", "check"]


def test_an_act_that_breaks_leaves_no_event(opii: ActingOffice) -> None:
    with pytest.raises(RuntimeError):
        Probe(opii.office, opii.head, breaks=True).run()
    assert opii.events("probe:1") == []


# ── people ──


def test_the_first_person_is_entered_once(database: Database, tmp_path: Path, clock: Clock) -> None:
    opii = ActingOffice.open(database, clock, tmp_path)
    assert add_first_person(opii.office, login="admin", name="") is None


def test_the_first_person_administers_and_is_recorded(database: Database, tmp_path: Path) -> None:
    settings = Settings(media_dir=tmp_path)
    office = Office(settings, database, None, None, settings.door())  # type: ignore[arg-type]
    first = add_first_person(office, login="admin", name=" ")
    assert first is not None
    assert (first.role, first.name) == (Role.SYSTEM_ADMIN, "admin")
    with database.read() as transaction:
        (told,) = transaction.events.of(f"person:{first.id}")
    assert (told.event.actor, told.event.after) == ("sistema", "system_admin")


def test_people_are_added_by_the_administration(opii: ActingOffice) -> None:
    admin = opii.people[Role.SYSTEM_ADMIN]
    person = AddPerson(opii.office, admin, login="ana.quispe-2", name="Ana Quispe", role=Role.AUDITOR).run()
    assert opii.office.person("ana.quispe-2") == person
    again = AddPerson(opii.office, admin, login="ana.quispe-2", name="Otra", role=Role.AUDITOR)
    opii.refuses(again, "login_taken")
    opii.refuses(AddPerson(opii.office, opii.head, login="otra", name="", role=Role.AUDITOR), "role")
    with pytest.raises(NotFound):
        opii.office.person("nadie")


@pytest.mark.parametrize("login", ["", "a", "Ana", "ana quispe", "peña", ".ana", "ana\n", "a" * 65, "ana;--", "../ana"])
def test_a_login_is_plain(opii: ActingOffice, login: str) -> None:
    with pytest.raises(InvalidInput):
        AddPerson(opii.office, opii.people[Role.SYSTEM_ADMIN], login=login, name="x", role=Role.AUDITOR)


# ── accounts ──


def test_an_account_is_paused_and_resumed_and_what_was_held_stays_held(opii: ActingOffice) -> None:
    post = opii.scheduled()
    held = opii.deliveries(post)[0]
    with opii.office.database.write() as transaction:
        transaction.deliveries.move(held, State.HELD, due_at=None)
    account = opii.site.id
    opii.refuses(PauseAccount(opii.office, opii.head, account_id=account, reason=" "), "reason_missing")
    opii.refuses(ResumeAccount(opii.office, opii.head, account_id=account), "not_paused")
    paused = PauseAccount(opii.office, opii.head, account_id=account, reason="Revisión").run()
    assert (paused.state, paused.state_reason) == (AccountState.PAUSED, "Revisión")
    opii.refuses(PauseAccount(opii.office, opii.head, account_id=account, reason="x"), "already_paused")
    opii.refuses(ResumeAccount(opii.office, opii.people[Role.SYSTEM_ADMIN], account_id=account), "role")
    resumed = ResumeAccount(opii.office, opii.head, account_id=account).run()
    assert (resumed.state, resumed.state_reason) == (AccountState.ACTIVE, "")
    assert opii.deliveries(post)[0].state is State.HELD
    events = [(each.event.before, each.event.after) for each in opii.events(f"account:{account}")]
    assert events == [("active", "paused"), ("paused", "active")]
    with pytest.raises(NotFound):
        PauseAccount(opii.office, opii.head, account_id=404, reason="x").run()


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with serve(Sandbox(seed=5)) as served:
        yield served


@pytest.fixture
def connecting(server: SandboxServer, database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    """An office whose calls reach the imitated platforms."""
    opii = ActingOffice.open(database, clock, tmp_path)
    settings = Settings(media_dir=tmp_path, routes=server.routes, only_routed=True)
    opii.office = Office(settings, database, opii.office.media, opii.office.seal, settings.door())
    return opii


def connect(opii: ActingOffice, server: SandboxServer, **changed: object) -> ConnectAccount:
    page = server.sandbox.world.facebook
    given = {
        "platform": Platform.FACEBOOK,
        "remote_id": page.page_id,
        "address": "",
        "credentials": Credentials({"page_token": page.page_token}),
    } | changed
    return ConnectAccount(opii.office, opii.people[Role.SYSTEM_ADMIN], **given)  # type: ignore[arg-type]


def test_an_account_is_connected_and_its_token_sealed(connecting: ActingOffice, server: SandboxServer) -> None:
    account = connect(connecting, server).run()
    token = server.sandbox.world.facebook.page_token
    with connecting.office.database.read() as transaction:
        sealed = transaction.accounts.sealed_credentials(account.id)
        assert transaction.accounts.find(Platform.FACEBOOK, account.remote_id) == account
    assert token.encode() not in sealed
    assert connecting.office.seal.open(sealed).get("page_token") == token
    assert connecting.office.connect(account).identify().remote_id == account.remote_id
    (told,) = connecting.events(f"account:{account.id}")
    assert token not in str(told)


def test_a_known_account_is_given_new_credentials(connecting: ActingOffice, server: SandboxServer) -> None:
    account = connect(connecting, server).run()
    with connecting.office.database.write() as transaction:
        transaction.accounts.reconnect(
            account.id, handle="vieja", address="", sealed_credentials=b"", credentials_expire_at=None
        )
    again = connect(connecting, server).run()
    assert (again.id, again.remote_id) == (account.id, account.remote_id)
    assert connecting.office.connect(again).identify().remote_id == account.remote_id
    assert [each.event.action for each in connecting.events(f"account:{account.id}")][1:] == ["reconnect_account"]


def test_a_token_of_another_account_is_not_connected(connecting: ActingOffice, server: SandboxServer) -> None:
    with pytest.raises(NotAllowed):
        connect(connecting, server, remote_id="999").run()
    with connecting.office.database.read() as transaction:
        assert transaction.accounts.find(Platform.FACEBOOK, "999") is None


def test_a_token_that_the_platform_refuses_is_not_repeated(connecting: ActingOffice, server: SandboxServer) -> None:
    with pytest.raises(NotAllowed) as told:
        connect(connecting, server, credentials=Credentials({"page_token": "EAAG-falso-123456789"})).run()
    assert "EAAG-falso" not in told.value.sentence + told.value.diagnostic


def test_missing_credentials_and_a_platform_without_connector_are_told(
    connecting: ActingOffice, server: SandboxServer
) -> None:
    for changed in ({"credentials": Credentials({})}, {"platform": Platform.X, "credentials": CREDENTIALS}):
        with pytest.raises(InvalidInput):
            connect(connecting, server, **changed).run()


# ── what nobody could find out ──


def unknown(opii: ActingOffice) -> int:
    post = opii.scheduled()
    delivery = opii.deliveries(post)[0]
    with opii.office.database.write() as transaction:
        for state in (State.STAGING, State.PUBLISHING, State.UNKNOWN):
            delivery = transaction.deliveries.move(delivery, state, due_at=None)
    return delivery.id


def test_a_person_says_that_it_is_public(opii: ActingOffice) -> None:
    number = unknown(opii)
    url = "https://www.facebook.com/inpe/posts/1"
    settled = SettleUnknown(opii.office, opii.head, delivery_id=number, url=url).run()
    assert (settled.state, settled.url) == (State.PUBLISHED, url)
    (told,) = [each for each in opii.events(f"delivery:{number}") if each.event.action == "settle_unknown"]
    assert (told.event.before, told.event.after, told.event.data["url"]) == ("unknown", "published", url)
    opii.refuses(SettleUnknown(opii.office, opii.head, delivery_id=number, url=None), "wrong_state")


def test_a_person_says_that_it_did_not_go_out_and_it_may_be_scheduled_again(opii: ActingOffice) -> None:
    number = unknown(opii)
    settled = SettleUnknown(opii.office, opii.owner, delivery_id=number, url=None).run()
    assert settled.state is State.FAILED
    (again,) = SchedulePost(opii.office, opii.head, post_id=settled.post_id).run()
    assert again.account_id == settled.account_id
    assert (again.id, again.key) != (settled.id, settled.key)


@pytest.mark.parametrize("url", ["", "www.facebook.com/1", "https://", "javascript:alert(1)", "https://a b"])
def test_an_address_must_be_one(opii: ActingOffice, url: str) -> None:
    number = unknown(opii)
    opii.refuses(SettleUnknown(opii.office, opii.head, delivery_id=number, url=url), "link_malformed")


def test_what_a_worker_found_meanwhile_is_not_overruled(opii: ActingOffice) -> None:
    number = unknown(opii)
    with opii.office.database.write() as transaction:
        delivery = transaction.deliveries.get(number)
        transaction.deliveries.move(
            delivery, State.PUBLISHED, due_at=None, published=Published("1", "https://a.example")
        )
    opii.refuses(SettleUnknown(opii.office, opii.head, delivery_id=number, url=None), "wrong_state")
