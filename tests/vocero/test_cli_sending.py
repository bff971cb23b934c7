"""First steps through the command line, and sending once."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.server import SandboxServer
from tests.vocero.cli_office import SCHEDULED, OfficeOnDisk, through

WRITER, HEAD = ("--as", "redactora"), ("--as", "jefa")


def test_an_office_is_set_up_once(tmp_path: Path) -> None:
    new = OfficeOnDisk(tmp_path)
    first = new.run("init", "--login", "ana")
    assert first.code == 0, first
    assert "Primera persona: ana (Administración técnica)." in first.out
    lines = (tmp_path / "vocero.toml").read_text(encoding="utf-8").splitlines()
    assert all(not line or line.startswith("#") for line in lines), "each setting is commented out"
    settings = (tmp_path / "vocero.toml").read_bytes()
    again = new.call("init", "--login", "eva")
    assert again.code == 0
    assert "«vocero.toml» ya existe y no se toca." in again.out
    assert "Ya hay personas registradas" in again.out
    assert (tmp_path / "vocero.toml").read_bytes() == settings
    assert [person["login"] for person in new.call("people", "list", "--json").json] == ["ana"]
    assert new.call("--as", "ana", "people", "add", "luz", "--role", "office_head").code == 0


def test_the_settings_that_init_explains_can_be_used(tmp_path: Path) -> None:
    new = OfficeOnDisk(tmp_path)
    assert new.call("init", "--login", "ana").code == 0
    file = tmp_path / "vocero.toml"
    text = re.sub(r"^#([a-z_]+ = )", r"\1", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    without = ("secret_key = ", "ca_bundle = ", "proxy = ")
    file.write_text("\n".join(line for line in text.splitlines() if not line.startswith(without)), encoding="utf-8")
    assert new.call("people", "list").code == 0


def test_an_init_that_is_refused_writes_nothing(tmp_path: Path) -> None:
    refused = OfficeOnDisk(tmp_path).call("init", "--login", "La Jefa")
    assert refused.code == 2
    assert "no sirve como usuario" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_due_is_sent_once(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    environment = through(platforms)
    assert office.call("deliver", env=environment).out == "No toca enviar nada ahora.\n"
    soon = (datetime.now(UTC) + timedelta(seconds=20)).isoformat()
    assert office.call(*WRITER, "posts", "edit", "1", "--at", soon).code == 0
    assert office.call(*WRITER, "posts", "checklist", "1", "--conforms", "message,wording,design").code == 0
    assert office.call(*WRITER, "posts", "submit", "1").code == 0
    assert office.call(*HEAD, "posts", "approve", "1", "--yes").code == 0
    assert office.call(*HEAD, "posts", "schedule", "1").code == 0
    past = "(SELECT min(created_at) FROM posts)"  # instead of waiting for the hour
    office.write_sql(f"UPDATE deliveries SET publish_at = {past}, due_at = {past} WHERE post_id = 1")
    coming = office.call("deliver", "--dry-run", "--json", env=environment).json
    assert [delivery["state"] for delivery in coming] == ["scheduled", "scheduled"]
    assert platforms.sandbox.ledger.writes() == ()
    done = office.run("deliver", env=environment)
    assert (done.code, done.err) == (0, ""), done
    assert sorted(line.partition(" · ")[0][-9:] for line in done.out.splitlines() if "✓" in line) == [
        "✓ Envío 3",
        "✓ Envío 4",
    ]
    writes = platforms.sandbox.ledger.writes()
    assert sorted(write.platform for write in writes if write.visible) == ["facebook", "website"]
    again = office.call("deliver", "--json", env=environment)
    assert (again.code, again.json) == (0, [])
    assert platforms.sandbox.ledger.writes() == writes
    assert "· Publicada · http" in office.call("posts", "show", "1").out


def test_what_could_not_be_sent_is_told_by_the_exit_code(office: OfficeOnDisk) -> None:
    past = "(SELECT min(created_at) FROM posts)"
    office.write_sql(f"UPDATE deliveries SET publish_at = {past}, due_at = {past} WHERE id = 1")
    done = office.call("deliver", "--patience", "0")
    assert done.code == 1
    assert "‖ Envío 1" in done.out
    assert "En pausa" in done.out


@pytest.mark.parametrize("command", [("posts", "list"), ("people", "list"), ("accounts", "list"), ("audit", "verify")])
def test_reading_changes_nothing(office: OfficeOnDisk, command: tuple[str, ...]) -> None:
    before = office.trace()
    assert office.call(*command).code == 0
    assert office.trace() == before


def test_what_waits_for_a_person_is_told_every_time(office: OfficeOnDisk) -> None:
    """A monitor that reads exit codes must not turn green because the news is old."""
    past = "(SELECT min(created_at) FROM posts)"
    office.write_sql(f"UPDATE deliveries SET publish_at = {past}, due_at = NULL, state = 'held' WHERE id = 1")
    for _time in range(2):
        done = office.call("deliver", "--patience", "0")
        assert done.code == 1
        assert "‖ Envío 1" in done.out
        assert "1 envío espera a una persona." in done.out


def test_nothing_is_scheduled_on_a_paused_account(office: OfficeOnDisk) -> None:
    for account in ("1", "2"):
        office.call(*HEAD, "accounts", "pause", account, "--reason", "revisión")
    office.write_sql("UPDATE deliveries SET state = 'held', due_at = NULL WHERE id = 1")
    refused = office.call(*HEAD, "posts", "schedule", str(SCHEDULED))
    assert refused.code == 3
    assert "está en pausa. Primero: vocero accounts resume" in refused.err
