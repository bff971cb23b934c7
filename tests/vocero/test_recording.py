"""`vocero fixtures record`: answers become fixtures without secrets and people, which then replay."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.base import Connector
from connectors.http import Door
from connectors.registry import CONNECTORS
from core.accounts import Account, Credentials
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox.server import SandboxServer
from tests.connectors import replay as replaying
from tests.connectors import test_fixtures as fixtures
from tests.connectors.mural_board import BOARD, TOKEN, Board, serve_board
from tests.connectors.plugin_packages import mural_installed
from tests.vocero.cli_office import OfficeOnDisk
from vocero.office import open_office
from vocero.settings import Settings

PEOPLE = ("Rosa Quispe Mamani", "Rosa", "Quispe", "rosa.quispe@correo.pe", "987 654 321", "penal de Ancón", "Ancón")
TEXT = "Soy Rosa Quispe: ¿a qué hora visito el penal de Ancón? Escriba a rosa.quispe@correo.pe o al 987 654 321 🙏"


def through(server: SandboxServer) -> dict[str, str]:
    return {"VOCERO_ROUTES": json.dumps(dict(server.routes))}


@contextmanager
def opened(office: OfficeOnDisk, server: SandboxServer, platform: Platform) -> Iterator[tuple[Account, Connector]]:
    here = open_office(
        Settings(
            database_url=f"sqlite:///{office.database}",
            secret_key_file=office.folder / "secret.key",
            media_dir=office.folder / "media",
            only_routed=True,
            routes=server.routes,
        )
    )
    with here.database.read() as transaction:
        [account] = [each for each in transaction.accounts.all() if each.platform is platform]
    yield account, here.connect(account)
    here.database.close()


def commented_post(office: OfficeOnDisk, server: SandboxServer, platform: Platform, *, comments: int = 2) -> str:
    """Publish a post, let people comment on it, and return the platform's id of it."""
    with opened(office, server, platform) as (_account, connector):
        post = OutgoingPost(key="grabacion-1", text="La feria abre el sábado.", title="Feria")
        stage = connector.stage(post)
        while not stage.ready:
            stage = connector.stage(post, stage)
        remote_id = connector.publish(post, stage).remote_id
    for _number in range(comments):
        server.sandbox.grow(
            comments=1, platform=str(platform), remote_id=remote_id, text=TEXT, author="Rosa Quispe Mamani"
        )
    return remote_id


@pytest.fixture(params=[Platform.FACEBOOK, Platform.WEBSITE])
def platform(request: pytest.FixtureRequest) -> Platform:
    found: Platform = request.param
    return found


def played(folder: Path, platform: Platform, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, dict[str, Any]]:
    """Replay a recorded fixture through a connector that knows only what the fixture gives."""
    monkeypatch.setattr(replaying, "FIXTURES", folder)
    document = yaml.safe_load((folder / platform / f"{name}.yaml").read_text("utf-8"))
    given = document["given"]
    account = Account(
        id=1, platform=platform, handle="", name="", remote_id=given["remote_id"], address=given["address"]
    )
    values = {"page_token": "made-up-page-token", "user": "redaccion", "application_password": "aaaa bbbb cccc"}
    connector = CONNECTORS[platform](account, Credentials(values), Door())
    operation = name.partition("__")[0]
    arguments = [given[each] for each in ("post", "cursor") if each in given]
    login = "cmVkYWNjaW9uOmFhYWEgYmJiYiBjY2Nj"
    with replaying.replay(str(platform), name, PAGE_TOKEN="made-up-page-token", LOGIN=login):
        return getattr(connector, operation)(*arguments), given


def test_what_is_recorded_has_nobody_in_it_and_replays(
    office: OfficeOnDisk, platforms: SandboxServer, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote_id = commented_post(office, platforms, platform)
    with opened(office, platforms, platform) as (account, connector):
        real = connector.comments(remote_id).items
        figures = connector.metrics(remote_id)
        of_account = connector.account_metrics()
        secrets = connector.credential_fields
    shown = platforms.sandbox.ledger.writes()
    ended = office.call("fixtures", "record", platform, "--post", remote_id, "--out", "salida", env=through(platforms))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[-1] == "Se grabaron 4 lecturas."
    assert platforms.sandbox.ledger.writes() == shown
    folder = office.folder / "salida"
    files = sorted((folder / platform).iterdir())
    assert [file.stem for file in files] == ["account_metrics", "comments", "identify", "metrics"]
    world = platforms.sandbox.world
    held = (world.facebook.page_token, world.website.user("editor").application_password, "Feria", "feria abre")
    for file in files:
        fixtures.test_fixture_is_well_formed(file)
        text = file.read_text("utf-8")
        assert fixtures._secrets(text) == []
        assert not [each for each in (*PEOPLE, *held) if each in text], text
        assert world.website.url.split("://", 1)[1] not in text
        assert yaml.safe_load(text)["date"] == datetime.now(UTC).date()
    assert secrets

    identity, given = played(folder, platform, "identify", monkeypatch)
    assert (identity.remote_id, identity.missing) == (given["remote_id"], ())
    page, _given = played(folder, platform, "comments", monkeypatch)
    assert [each.created_at for each in page.items] == [each.created_at for each in real]
    assert [(each.own, each.hidden, each.can_hide) for each in page.items] == [
        (each.own, each.hidden, each.can_hide) for each in real
    ]
    [name] = {each.author_name for each in page.items}
    assert len(name.split()) == 3
    assert len({each.text for each in page.items}) == 1
    assert name.split()[0] in page.items[0].text  # who is named in the text is still the one who wrote it
    assert account.remote_id not in (folder / platform / "identify.yaml").read_text("utf-8")
    assert played(folder, platform, "metrics", monkeypatch)[0].values == figures.values
    assert played(folder, platform, "account_metrics", monkeypatch)[0].values == of_account.values


def test_a_second_page_replays_too(
    office: OfficeOnDisk, platforms: SandboxServer, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote_id = commented_post(office, platforms, platform, comments=120)
    words = ("fixtures", "record", platform, "--post", remote_id, "--out", "salida")
    assert office.call(*words, env=through(platforms)).code == 0
    first, _given = played(office.folder / "salida", platform, "comments", monkeypatch)
    second, given = played(office.folder / "salida", platform, "comments__next_page", monkeypatch)
    assert first.next_cursor == given["cursor"]
    assert len(first.items) + len(second.items) == 120
    again = office.call(*words, env=through(platforms))
    assert (again.code, "Ya existe salida/" in again.err) == (2, True)
    assert office.call(*words, "--replace", env=through(platforms)).code == 0


def test_a_dry_run_asks_nobody(office: OfficeOnDisk) -> None:
    ended = office.call("fixtures", "record", "fb", "--post", "111_9001", "--post", "111_9002", "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "identify → fixtures/http/facebook/identify.yaml",
        "account_metrics → fixtures/http/facebook/account_metrics.yaml",
        "metrics 111_9001 → fixtures/http/facebook/metrics.yaml",
        "comments 111_9001 → fixtures/http/facebook/comments.yaml",
        "metrics 111_9002 → fixtures/http/facebook/metrics__post_2.yaml",
        "comments 111_9002 → fixtures/http/facebook/comments__post_2.yaml",
    ]
    assert not (office.folder / "fixtures").exists()


def test_what_a_platform_refuses_is_told_and_the_rest_recorded(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    ended = office.call("fixtures", "record", "facebook", "--post", "1_404", "--out", "salida", env=through(platforms))
    assert ended.code == 1
    assert [line[0] for line in ended.out.splitlines()] == ["✓", "✓", "✗", "✗", "S"]
    assert sorted(file.stem for file in (office.folder / "salida" / "facebook").iterdir()) == [
        "account_metrics",
        "identify",
    ]


@pytest.fixture
def board(office: OfficeOnDisk, tmp_path: Path) -> Iterator[Board]:
    """Serve the board of the example plug-in, with its account connected to the office."""
    (tmp_path / "site").mkdir()
    with mural_installed(tmp_path / "site"), serve_board() as board:
        credentials = office.folder / "mural.json"
        credentials.write_text(json.dumps({"token": TOKEN}))
        connected = office.call(
            "--as", "admin", "accounts", "connect", "mural", "--id", BOARD, "--credentials", credentials,
            env={"VOCERO_ROUTES": json.dumps(board.routes)},
        )  # fmt: skip
        assert connected.code == 0, connected.err
        yield board


# what else the board says of itself, and the place that is named
SECRET: dict[str, tuple[dict[str, object], str]] = {
    "by its name": ({"owner": {"upload_token": "abcdefgh"}}, "identify[1].owner.upload_token"),
    "by its form": ({"owner": ["x", "aB3" * 10]}, "identify[1].owner"),
    "hexadecimal": ({"seal": "0123456789abcdef" * 2}, "identify[1].seal"),
    "Meta's": ({"note": "use EAABwzLixnjYBO01 please"}, "identify[1].note"),
    "in an address": ({"next": "https://api.mural.example/v1/board?sig=1&access_token=a1"}, "identify[1].next"),
}


@pytest.mark.parametrize("case", SECRET)
def test_a_secret_that_nobody_knows_is_refused(office: OfficeOnDisk, board: Board, case: str) -> None:
    board.more, place = SECRET[case]
    ended = office.call("fixtures", "record", "mural", env={"VOCERO_ROUTES": json.dumps(board.routes)})
    assert (ended.code, ended.out) == (3, "")
    assert f"en {place}. Mírelo" in ended.err
    assert not [each for each in ("abcdefgh", "aB3", "0123456789", "EAAB") if each in ended.err]
    assert not (office.folder / "fixtures").exists()


def test_a_field_that_somebody_looked_at_is_replaced(office: OfficeOnDisk, board: Board) -> None:
    board.more = {"owner": {"upload_token": "abcdefgh"}, "echo": f"Bearer {TOKEN}", "text": "Clave: " + TOKEN}
    words = ("fixtures", "record", "mural", "--mask", "upload_token")
    ended = office.call(*words, env={"VOCERO_ROUTES": json.dumps(board.routes)})
    assert (ended.code, ended.err) == (0, "")
    recorded = (office.folder / "fixtures" / "http" / "mural" / "identify.yaml").read_text("utf-8")
    [exchange] = yaml.safe_load(recorded)["exchanges"]
    assert exchange["request"]["headers"] == {"Authorization": "Bearer <TOKEN>"}
    assert exchange["response"]["json"]["owner"] == {"upload_token": "inventado-1"}
    assert exchange["response"]["json"]["text"].endswith(": <TOKEN>")
    assert TOKEN not in recorded
    assert "abcdefgh" not in recorded


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("tiktok",), 2, "No se conoce la red"),
        (("x",), 2, "No hay ninguna cuenta de X"),
        (("facebook", "--account", "2"), 2, "con ese número"),
        (("facebook",), 2, "no dejan salir"),
    ],
)
def test_what_cannot_be_recorded_is_told(office: OfficeOnDisk, words: tuple[str, ...], code: int, says: str) -> None:
    ended = office.call("fixtures", "record", *words)
    assert (ended.code, ended.out) == (code, "")
    assert says in ended.err
    assert not (office.folder / "fixtures").exists()
