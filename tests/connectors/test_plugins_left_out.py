"""A plug-in that does not fit is left out and told; the office goes on without it."""

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Misconfigured
from connectors.facebook import FacebookConnector
from connectors.plugins import Connectors, NoConnector, Unfit
from connectors.registry import CONNECTORS, connector_for
from core.deliveries import DeliveryState
from core.platforms import Platform
from storage.database import Database
from tests.connectors.plugin_packages import installed, mural_installed, readme_block, registered
from tests.databases import Clock
from tests.storage.rows import an_account
from tests.vocero.desk import ActingOffice

MURAL = readme_block("mural.py")
# what the package holds, what its entry point says, why it is left out, and the detail
UNFIT: dict[str, tuple[str, str, Unfit, str]] = {
    "a syntax error": ("def", "mural = mural:MuralConnector", Unfit.BROKEN, "SyntaxError"),
    "a library that is missing": ("import no_such_library", "mural = mural:X", Unfit.BROKEN, "ModuleNotFoundError"),
    "it stops the program": ("raise SystemExit(3)", "mural = mural:X", Unfit.BROKEN, "SystemExit"),
    "no module": ("", "mural = elsewhere:X", Unfit.BROKEN, "ModuleNotFoundError"),
    "no such class": (MURAL, "mural = mural:Mural", Unfit.BROKEN, "AttributeError"),
    "a function": (MURAL, "mural = mural:_digest", Unfit.NO_CONNECTOR, "no Connector class"),
    "another class": (MURAL, "mural = mural:Unsupported", Unfit.NO_CONNECTOR, "no Connector class"),
    "find is missing": (MURAL.replace("def find(", "def look("), "mural = mural:MuralConnector",
                        Unfit.NO_CONNECTOR, "lacks find"),
    "no platform": (MURAL.replace("    platform = MURAL\n", "    platform = 'mural'\n"), "mural = mural:MuralConnector",
                    Unfit.NO_CONNECTOR, "platform"),
    "no capabilities": (MURAL.replace("    capabilities = ", "    can = "), "mural = mural:MuralConnector",
                        Unfit.NO_CONNECTOR, "capabilities"),
    "no credential fields": (MURAL.replace("    credential_fields = ", "    fields = "), "mural = mural:MuralConnector",
                             Unfit.NO_CONNECTOR, "credential_fields"),
    "another name": (MURAL, "murales = mural:MuralConnector", Unfit.MISNAMED, "mural"),
    "a platform of ours": (MURAL, "facebook = mural:MuralConnector", Unfit.TAKEN, ""),
    "a word of ours": (MURAL.replace('"tablón"', '"fb"'), "mural = mural:MuralConnector", Unfit.BROKEN, "ValueError"),
    "ours in disguise": (MURAL.replace('introduce("mural", "Mural", synonyms=("tablón",))', 'FACEBOOK'),
                         "fakebook = mural:MuralConnector", Unfit.MISNAMED, "facebook"),
}  # fmt: skip


def loaded() -> Connectors:
    return Connectors({Platform.FACEBOOK: FacebookConnector})


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_is_left_out(tmp_path: Path, case: str) -> None:
    source, point, why, detail = UNFIT[case]
    name, value = point.split(" = ")
    with installed(tmp_path, "vocero-otro", modules={"mural": source}, points={name: value}):
        connectors = loaded()
        assert connectors[Platform.FACEBOOK] is FacebookConnector
        assert set(connectors) == {Platform.FACEBOOK}
        [left_out] = connectors.left_out
        assert (left_out.name, left_out.package, left_out.why, left_out.detail) == (name, "vocero-otro", why, detail)
        assert left_out.why.sentence.endswith(".")
        assert connectors.plugins == {}


def test_a_good_one_beside_a_bad_one_comes_in(tmp_path: Path) -> None:
    points = {"mural": "mural:MuralConnector", "aaa": "elsewhere:X"}
    with installed(tmp_path, "vocero-mural", modules={"mural": MURAL}, points=points):
        connectors = loaded()
        assert set(connectors) == {Platform.FACEBOOK, Platform("mural")}
        assert [each.name for each in connectors.left_out] == ["aaa"]


def test_of_two_for_one_platform_the_first_by_package_comes_in(tmp_path: Path) -> None:
    with (
        installed(tmp_path, "a-mural", modules={"mural": MURAL}, points={"mural": "mural:MuralConnector"}),
        installed(tmp_path, "b-mural", modules={}, points={"mural": "mural:MuralConnector"}),
    ):
        connectors = loaded()
        assert connectors.plugins == {Platform("mural"): "a-mural"}
        assert [(each.package, each.why) for each in connectors.left_out] == [("b-mural", Unfit.TAKEN)]


def test_nothing_is_imported_before_it_is_asked_for(tmp_path: Path) -> None:
    source = f"from pathlib import Path\nPath({str(tmp_path / 'imported')!r}).touch()\n{MURAL}"
    with installed(tmp_path, "vocero-mural", modules={"mural": source}, points={"mural": "mural:MuralConnector"}):
        connectors = loaded()
        assert connectors[Platform.FACEBOOK] is FacebookConnector
        assert not (tmp_path / "imported").exists()
        connectors.load()
        assert (tmp_path / "imported").exists()


def test_what_was_to_go_out_is_held_when_a_plugin_broke(
    tmp_path: Path, database: Database, clock: Clock, quick_folder: Path
) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    desk = ActingOffice.open(database, clock, quick_folder)
    with mural_installed(tmp_path / "good"):
        with database.write() as transaction:
            account = an_account(transaction, Platform("mural"))
        post = desk.scheduled(account)
    with (
        installed(tmp_path / "bad", "vocero-mural", modules={"mural": "def"}, points={"mural": "mural:X"}),
        registered(),
    ):
        clock.advance(minutes=60)
        desk.office.worker(lambda _progress: None).run_once(timedelta(0))
        [delivery] = desk.deliveries(post)
        assert delivery.state is DeliveryState.HELD
        assert delivery.reason


def test_the_register_can_be_read_when_a_plugin_broke(tmp_path: Path, database: Database) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    with mural_installed(tmp_path / "good"), database.write() as transaction:
        kept = an_account(transaction, Platform("mural"))
    with (
        installed(tmp_path / "bad", "vocero-mural", modules={"mural": "def"}, points={"mural": "mural:X"}),
        registered(),
    ):
        with database.read() as transaction:
            [account] = transaction.accounts.all()
        assert (account.id, account.platform) == (kept.id, "mural")
        with pytest.raises(Misconfigured):
            connector_for(account.platform)
        with pytest.raises(NoConnector) as told:
            CONNECTORS[account.platform]
        assert "vocero doctor" in told.value.sentence
        assert account.platform not in CONNECTORS
