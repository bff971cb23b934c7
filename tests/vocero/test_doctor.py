"""`vocero doctor` on a real office: what is wrong is found, nothing is changed, and the exit code says it."""

import json
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from sandbox.server import SandboxServer
from storage.database import Database
from storage.schema import SchemaReader
from tests.connectors.plugin_packages import readme_block
from tests.vocero.cli_office import Ended, OfficeOnDisk

NEVER_CREATED = "otra.db"


def found(ended: Ended, verdict: str) -> dict[str, str]:
    """Return check → what is said, of one verdict."""
    return {each["check"]: each["said"] for each in ended.json["findings"] if each["verdict"] == verdict}


def through(server: SandboxServer) -> dict[str, str]:
    return {"VOCERO_ROUTES": json.dumps(dict(server.routes))}


def test_a_healthy_office(office: OfficeOnDisk) -> None:
    before = office.trace()
    ended = office.call("doctor")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert {line[0] for line in lines} == {"✓", "⚠"}
    [warned] = [line for line in lines if line[0] == "⚠"]
    assert warned.startswith(
        "⚠ Salida a internet: sin desvíos. Lo demás no sale (only_routed). Para publicar de verdad"
    )
    told = office.call("doctor", "--json")
    assert (told.code, told.json["ok"]) == (0, True)
    assert len(told.json["findings"]) == len(lines)
    checks = {each["check"] for each in told.json["findings"]}
    assert checks >= {"settings", "routes", "media", "migrations", "record", "clock", "account", "api_version"}
    assert set(told.json["findings"][0]) == {"check", "verdict", "subject", "said", "way_out"}
    assert office.trace() == before
    assert office.key not in ended.out + told.out


def test_online_asks_the_platforms(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    ended = office.call("doctor", "--online", "--json", env=through(platforms))
    assert ended.code == 0, ended.out
    online = [each for each in ended.json["findings"] if each["check"] == "online"]
    assert [each["verdict"] for each in online] == ["ok", "ok"]
    assert found(ended, "ok")["time"] == "la de esta máquina es la de las redes."
    assert not platforms.sandbox.ledger.writes()


def test_online_tells_an_account_that_does_not_answer(office: OfficeOnDisk) -> None:
    ended = office.call("doctor", "--online")
    assert ended.code == 1
    wrong = [line for line in ended.out.splitlines() if line[0] == "✗"]
    assert len(wrong) == 2
    assert all("no se puede abrir" in line and "only_routed" in line for line in wrong)


@pytest.mark.parametrize(
    ("environment", "check", "says"),
    [
        ({"VOCERO_READ_SECONDS": "mucho"}, "settings", "read_seconds"),
        ({"VOCERO_DATABASE_URL": f"sqlite:///{NEVER_CREATED}"}, "database", "No existe la base de datos"),
        ({"VOCERO_DATABASE_URL": "sqlite:///semana.xlsx"}, "database", "no es una base de datos"),
        ({"VOCERO_DATABASE_URL": "mysql://u:clave-secreta@h/d"}, "database", "SQLite o PostgreSQL"),
        ({"VOCERO_SECRET_KEY_FILE": "otra.key"}, "key", "No existe la clave"),
        ({"VOCERO_SECRET_KEY": "clave-secreta"}, "key", "no es una clave válida"),
        ({"VOCERO_SECRET_KEY": Fernet.generate_key().decode()}, "credentials", "no abre las credenciales"),
        ({"VOCERO_MEDIA_DIR": "semana.xlsx"}, "media", "no se puede escribir"),
    ],
)
def test_what_stops_work_is_an_error(office: OfficeOnDisk, environment: dict[str, str], check: str, says: str) -> None:
    before = office.trace()
    ended = office.call("doctor", "--json", env=environment)
    assert (ended.code, ended.json["ok"], ended.err) == (1, False, "")
    assert says in found(ended, "error")[check]
    assert "clave-secreta" not in ended.out
    assert office.trace() == before
    assert not (office.folder / NEVER_CREATED).exists()
    assert not (office.folder / "otra.key").exists()


def test_a_database_without_tables_and_one_that_is_newer(office: OfficeOnDisk) -> None:
    (office.folder / "vacia.db").touch()
    empty = office.call("doctor", "--json", env={"VOCERO_DATABASE_URL": "sqlite:///vacia.db"})
    assert (empty.code, list(found(empty, "error"))) == (1, ["migrations"])
    office.write_sql("UPDATE alembic_version SET version_num = '9999'")
    newer = office.call("doctor", "--json")
    assert (newer.code, "más nueva" in found(newer, "error")["migrations"]) == (1, True)


def test_tables_are_read_on_both_databases(database_url: str, empty_database_url: str) -> None:
    migrated = SchemaReader(database_url)
    assert migrated.schema().missing == 0
    migrated.close()
    if empty_database_url.startswith("sqlite"):
        Path(empty_database_url.removeprefix("sqlite:///")).touch()
    empty = SchemaReader(empty_database_url)
    steps = empty.schema()
    assert steps.step is None
    database = Database(empty_database_url)
    assert steps.missing == len(database.migrate())
    database.close()
    assert empty.schema().missing == 0
    empty.close()


def test_accounts_that_are_paused_or_end_soon(office: OfficeOnDisk) -> None:
    soon = (datetime.now(UTC) + timedelta(days=6)).replace(tzinfo=None)
    office.write_sql("UPDATE accounts SET credentials_expire_at = ? WHERE id = 1", str(soon))
    office.call("--as", "jefa", "accounts", "pause", "2", "--reason", "robo")
    ended = office.call("doctor")
    assert ended.code == 0
    warned = [line for line in ended.out.splitlines() if line[0] == "⚠"]
    assert any("su conexión vence el" in line for line in warned)
    assert any("está en pausa (robo)" in line and "vocero accounts resume 2" in line for line in warned)


@pytest.mark.parametrize(
    ("source", "code", "says"),
    [
        (readme_block("mural.py"), 0, "✓ Complemento: Mural (vocero-mural)."),
        ("def", 0, "⚠ Complemento mural (vocero-mural): no se pudo cargar [SyntaxError]."),
    ],
)
def test_plugins_are_told(office: OfficeOnDisk, tmp_path: Path, source: str, code: int, says: str) -> None:
    site = tmp_path / "site"
    (site / "vocero_mural-1.0.0.dist-info").mkdir(parents=True)
    (site / "mural.py").write_text(source, encoding="utf-8")
    (site / "vocero_mural-1.0.0.dist-info" / "METADATA").write_text("Name: vocero-mural\nVersion: 1.0.0\n")
    (site / "vocero_mural-1.0.0.dist-info" / "entry_points.txt").write_text(
        "[vocero.connectors]\nmural = mural:MuralConnector\n"
    )
    here = Path(__file__).parents[2]
    ended = office.run("doctor", env={"PYTHONPATH": os.pathsep.join([str(site), str(here), *sys.path[:1]])})
    assert ended.code == code, ended.out + ended.err
    assert says in ended.out


def test_an_account_of_a_network_that_nobody_knows_any_more(office: OfficeOnDisk) -> None:
    office.write_sql("UPDATE accounts SET platform = 'mural' WHERE id = 1")
    ended = office.call("doctor", "--json")
    assert ended.code == 1
    assert set(found(ended, "error")) == {"account"}


def test_a_media_folder_that_is_not_there_yet(office: OfficeOnDisk) -> None:
    shutil.rmtree(office.folder / "media")
    ended = office.call("doctor", "--json")
    assert ended.code == 0
    assert "se creará" in found(ended, "ok")["media"]
    assert not (office.folder / "media").exists()
