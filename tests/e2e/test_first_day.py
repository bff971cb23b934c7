"""The first day of an office, command by command, on an empty folder."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.lima import Week, to_lima
from core.platforms import Platform
from sandbox import Sandbox, serve
from scheduler.programme.annex import write_grid
from scheduler.programme.entries import CellPlace, ProgrammeEntry, ProgrammeImage
from tests.e2e.commands import Said, vocero
from tests.e2e.newsroom import facebook_credentials, until, wall_clock, website_credentials


@pytest.mark.timeout(400)  # some forty processes, one after the other
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_from_init_to_a_published_post(empty_database_url: str, tmp_path: Path, pictures: tuple[Path, ...]) -> None:
    folder = tmp_path / "oficina"
    folder.mkdir()
    with serve(Sandbox(seed=3)) as server:
        environment = {
            "VOCERO_ROUTES": json.dumps(server.routes),
            "VOCERO_ONLY_ROUTED": "true",
            "VOCERO_DATABASE_URL": empty_database_url,
        }

        def do(*arguments: str, who: str = "admin", given: str = "", code: int = 0) -> Said:
            said = vocero(environment, "--as", who, *arguments, folder=folder, given=given)
            assert said.code == code, (arguments, said)
            return said

        do("init", "--login", "admin")
        do("people", "add", "redactora", "--role", "content_owner", "--name", "Rosa")
        do("people", "add", "jefa", "--role", "office_head", "--name", "Ana")
        world = server.sandbox.world
        do(
            *("accounts", "connect", "facebook", "--id", world.facebook.page_id, "--credentials", "-"),
            given=json.dumps(facebook_credentials(server.sandbox)),
        )
        host = world.website.url.split("://", 1)[1]
        do(
            *("accounts", "connect", "website", "--id", host, "--address", world.website.url, "--credentials", "-"),
            given=json.dumps(website_credentials(server.sandbox)),
        )
        do("accounts", "check")

        publish_at = _later_today()
        workbook = _workbook(folder, publish_at, pictures[0])
        do("programme", "import", str(workbook), "--media", str(pictures[0].parent), who="redactora")
        (post,) = do("posts", "list", "--json").json()
        number = str(post["id"])
        do("posts", "approve", number, "--code", post["code"], who="jefa", code=3)  # nobody submitted it
        do("posts", "submit", number, who="redactora", code=3)  # nobody signed the checklist
        do("posts", "checklist", number, "--conforms", "message,wording,design", who="redactora")
        do("posts", "submit", number, who="redactora")
        do("posts", "approve", number, "--code", post["code"], who="redactora", code=3)  # not hers to approve
        do("posts", "approve", number, "--code", "00000000", who="jefa", code=2)  # not what she read
        do("posts", "schedule", number, who="redactora", code=3)
        do("posts", "approve", number, "--code", post["code"], who="jefa")
        sooner = wall_clock() + timedelta(seconds=10)  # a command takes a second or two, on a busy machine more
        do("posts", "schedule", number, "--at", sooner.isoformat(), who="redactora")
        assert server.sandbox.ledger.writes() == ()
        until(lambda: wall_clock() > sooner, seconds=30)
        told = do("deliver", "--json").json()
        assert [each["state"] for each in told] == ["published", "published"]

        shown = do("posts", "show", number, "--json").json()
        writes = server.sandbox.ledger.writes()
        assert {(write.platform, write.remote_id) for write in writes} == {
            (each["platform"], each["remote_id"]) for each in shown["deliveries"]
        }
        assert {write.media for write in writes} == {(shown["media"][0]["sha256"],)}
        assert len(writes) == 2
        do("deliver", who="jefa")
        assert server.sandbox.ledger.writes() == writes
        assert do("audit", "verify", "--json").json()["ok"] is True
        assert "Publicada" in do("posts", "show", number).out


def _later_today() -> datetime:
    """Return an hour that the commands before it cannot reach: of this day in Lima, as its approved window is."""
    ahead = timedelta(seconds=90)
    until(lambda: to_lima(wall_clock()).date() == to_lima(wall_clock() + ahead).date(), seconds=100)
    return wall_clock() + ahead


def _workbook(folder: Path, publish_at: datetime, picture: Path) -> Path:
    week = Week.of(to_lima(publish_at).date())
    entry = ProgrammeEntry(
        publish_at=publish_at,
        platforms=(Platform.FACEBOOK, Platform.WEBSITE),
        title="Feria del sábado",
        text="La feria «Manos que crean» abre el sábado.",
        images=(ProgrammeImage(picture.name, "Puestos de la feria"),),
        link=None,
        place=CellPlace("Programa", "B2"),
    )
    path = folder / "programa.xlsx"
    write_grid([entry], week=week, path=path)
    return path
