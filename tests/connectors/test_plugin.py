"""The example plug-in of connectors/README.md: installed, put to the contract of every connector, and at work."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from connectors.base import Connector
from connectors.plugins import Connectors
from connectors.registry import CONNECTORS
from core.accounts import Account, Credentials
from core.capabilities import Operation
from core.deliveries import DeliveryState
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox import Write
from scheduler.workbench import Progress
from storage.database import Database
from tests.connectors import test_contract as contract
from tests.connectors.contract import Stand, Subject
from tests.connectors.mural_board import BOARD, TOKEN, Board, Fault, serve_board
from tests.connectors.plugin_packages import mural_installed
from tests.connectors.test_contract import (
    test_connector_shows_no_secret,
    test_find_tells_public_from_hidden,
    test_identify_names_the_account,
    test_identify_with_a_wrong_credential_is_not_authorized,
    test_identify_with_an_expired_credential_is_not_authorized,
    test_missing_credential_is_misconfigured,
    test_nobody_there_is_unavailable,
    test_publish_again_does_what_repeating_declares,
    test_publish_lost_answer_is_unknown_and_can_be_settled,
    test_publish_refused_by_the_server_can_be_settled,
    test_publish_throttled_waits,
    test_publish_with_an_expired_credential_is_not_authorized,
    test_publish_without_preparation_writes_nothing,
    test_stage_goes_on_from_every_answer,
    test_stage_is_invisible_and_publish_shows_it_once,
    test_stage_of_a_public_post_shows_nothing_more,
    test_stage_of_a_ready_post_changes_nothing,
    test_stage_survives_a_lost_answer_at_every_step,
    test_unsupported_operation_is_refused_without_a_call,
)
from tests.connectors.test_contract_feedback import (
    test_take_down_hides_the_post_and_may_be_repeated,
    test_take_down_lost_answer_can_be_repeated,
)
from tests.databases import Clock
from tests.vocero.desk import ActingOffice
from vocero.actions import ConnectAccount

# named here, so that pytest finds them in this module with the board behind them
CONTRACT = (
    test_connector_shows_no_secret,
    test_find_tells_public_from_hidden,
    test_identify_names_the_account,
    test_identify_with_a_wrong_credential_is_not_authorized,
    test_identify_with_an_expired_credential_is_not_authorized,
    test_missing_credential_is_misconfigured,
    test_nobody_there_is_unavailable,
    test_publish_again_does_what_repeating_declares,
    test_publish_lost_answer_is_unknown_and_can_be_settled,
    test_publish_refused_by_the_server_can_be_settled,
    test_publish_throttled_waits,
    test_publish_with_an_expired_credential_is_not_authorized,
    test_publish_without_preparation_writes_nothing,
    test_stage_goes_on_from_every_answer,
    test_stage_is_invisible_and_publish_shows_it_once,
    test_stage_of_a_public_post_shows_nothing_more,
    test_stage_of_a_ready_post_changes_nothing,
    test_stage_survives_a_lost_answer_at_every_step,
    test_take_down_hides_the_post_and_may_be_repeated,
    test_take_down_lost_answer_can_be_repeated,
    test_unsupported_operation_is_refused_without_a_call,
)


@dataclass(frozen=True, slots=True)
class BoardStand(Stand):
    """The contract's view of the board: `server` has the routes, and the faults are the board's own."""

    board: Board

    @property
    def subject(self) -> Subject:
        return Subject(
            account=lambda _world: an_account(),
            credentials=lambda _world: {"token": TOKEN},
            spoilt="token",
        )

    @property
    def account(self) -> Account:
        return an_account()

    @property
    def credentials(self) -> dict[str, str]:
        return {"token": TOKEN}

    def fault(self, kind: str, operation: str | None = None, **settings: object) -> None:
        self.board.faults = [Fault(kind, operation, dict(settings))]

    def heal(self) -> None:
        self.board.faults = []

    def writes(self) -> list[Write]:
        return list(self.board.writes)


def an_account() -> Account:
    return Account(
        id=1,
        platform=Platform("mural"),
        handle="inpe",
        name="Mural de la sede central",
        remote_id=BOARD,
        address=f"https://mural.example/{BOARD}",
    )


@pytest.fixture(scope="module")
def connectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connectors]:
    with mural_installed(tmp_path_factory.mktemp("site")) as known:
        yield known


@pytest.fixture(scope="module")
def running() -> Iterator[Board]:
    with serve_board() as board:
        yield board


@pytest.fixture
def board(running: Board) -> Board:
    running.notices.clear()
    running.writes.clear()
    running.faults.clear()
    return running


@pytest.fixture
def stand(connectors: Connectors, board: Board) -> BoardStand:
    assert Platform("mural") in connectors
    return BoardStand(
        platform=Platform("mural"), sandbox=cast(Any, SimpleNamespace(world=None)), server=cast(Any, board), board=board
    )


@pytest.fixture
def text() -> OutgoingPost:
    return OutgoingPost(
        key="contract-text",
        text="Visita guiada por la plaza: ñandú & «más»: 3 < 5.",
        link="https://www.example.org/nota",
    )


@pytest.fixture
def post(text: OutgoingPost) -> OutgoingPost:
    return text


def test_the_plugin_is_known_by_its_words(connectors: Connectors) -> None:
    platform = Platform("mural")
    assert (platform.label, Platform.named("Tablón"), Platform.named("MURAL")) == ("Mural", platform, platform)
    assert connectors.plugins == {platform: "vocero-mural"}
    assert connectors.left_out == ()
    assert set(CONNECTORS) > {Platform.FACEBOOK, platform}


@pytest.mark.parametrize("operation", Operation)
def test_the_plugin_is_declared_as_every_connector(connectors: Connectors, operation: Operation) -> None:
    connector: type[Connector] = connectors[Platform("mural")]
    contract.test_capabilities_and_methods_agree(connector, operation)
    contract.test_capabilities_are_of_their_platform_and_every_limit_has_source_and_date(connector)
    contract.test_capabilities_leave_time_to_prepare(connector)
    contract.test_credential_fields_are_named_for_people(connector)


def test_the_plugin_at_work(
    connectors: Connectors, board: Board, database: Database, clock: Clock, quick_folder: Any
) -> None:
    """Connected through the act, approved, scheduled, delivered: nothing in the house knows this platform's name."""
    desk = ActingOffice.open(database, clock, quick_folder)
    desk.office = replace(desk.office, door=replace(desk.office.door, routes=board.routes, closed=True))
    account = ConnectAccount(
        desk.office,
        next(person for role, person in desk.people.items() if role == "system_admin"),
        platform=Platform("mural"),
        remote_id=BOARD,
        address=f"https://mural.example/{BOARD}",
        credentials=Credentials({"token": TOKEN}),
    ).run()
    assert account.name == "Mural de la sede central"
    post = desk.scheduled(account)
    clock.advance(minutes=60)
    board.faults = [Fault("drop_after", "stage", {}), Fault("drop_after", "publish", {})]
    seen: list[Progress] = []
    for _pass in range(6):
        desk.office.worker(seen.append).run_once(timedelta(0))  # as cron does: each time another process
        clock.advance(minutes=1)
    [delivery] = desk.deliveries(post)
    assert (delivery.state, delivery.url) == (
        DeliveryState.PUBLISHED,
        f"https://mural.example/{BOARD}/{delivery.key}",
    )
    assert board.faults == []
    assert [(write.text, write.visible) for write in board.writes] == [("Jornada de salud en el penal.", True)]
