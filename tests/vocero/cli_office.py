"""An office on the disk for the tests of the command line, made once and copied, and ways to give it commands."""

import contextlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.accounts import Credentials
from core.checklists import Point
from core.lima import Week, to_lima, to_utc
from core.people import Person, Role
from core.platforms import Platform
from sandbox import Sandbox, serve
from sandbox.server import SandboxServer
from scheduler.programme.annex import write_grid
from scheduler.programme.entries import CellPlace, ProgrammeCell, ProgrammeEntry, ProgrammeImage
from vocero.actions import (
    AddPerson,
    ApprovePost,
    ConnectAccount,
    ImportProgramme,
    ReturnPost,
    SchedulePost,
    SignChecklist,
    SubmitPost,
    add_first_person,
    digests,
)
from vocero.actions.images import look_at_images
from vocero.cli import main
from vocero.office import Office, open_office
from vocero.settings import Settings

SEED = 11
DRAFT, IN_REVIEW, APPROVED, SCHEDULED, RETURNED = 1, 2, 3, 4, 5
NEVER = 999
PROGRAM = (sys.executable, "-c", "from vocero.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, for programs."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class OfficeOnDisk:
    """A folder with settings, database, key, media and images."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "vocero.db"

    @property
    def key(self) -> str:
        """The key of the credentials: no output may show it."""
        return (self.folder / "secret.key").read_text(encoding="ascii").strip()

    def run(
        self, *words: str | Path, env: Mapping[str, str] | None = None, stdin: str = "", timeout: float = 60
    ) -> Ended:
        """Give a command to the real program, in a process of its own."""
        done = subprocess.run(
            [*PROGRAM, *map(str, words)],
            cwd=self.folder,
            env=clean_environment(env),
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def call(self, *words: str | Path, env: Mapping[str, str] | None = None, stdin: str = "") -> Ended:
        """Give a command to the same `main` in this process: no second start of Python."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name in [name for name in os.environ if name.startswith("VOCERO_")]:
                patch.delenv(name)
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["vocero", *map(str, words)])
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
                main()
        code = ended.value.code
        assert isinstance(code, int)
        return Ended(code, out.getvalue(), err.getvalue())

    def trace(self) -> tuple[list[str], list[str]]:
        """Return all that is kept: every row of every table, and every file of the media folder."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            rows = list(connection.iterdump())
        media = self.folder / "media"
        return rows, sorted(str(path.relative_to(media)) for path in media.rglob("*"))

    def write_sql(self, statement: str, *values: object) -> None:
        """Change the database behind everybody's back."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement, values)


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without settings, for a terminal of 200 columns."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOCERO_")}
    return {**kept, "COLUMNS": "200", "PYTHONUTF8": "1", **(more or {})}


def first_slot() -> datetime:
    """Return an hour of next week's Tuesday: whatever day it is, the posts' week is to come."""
    monday = Week.of(to_lima(datetime.now(UTC)).date()).monday + timedelta(days=7)
    return to_utc(monday + timedelta(days=1), time(9))


def week_of_posts() -> Week:
    """Return the week in which all posts of the office fall."""
    return Week.of(to_lima(first_slot()).date())


def entry(number: int, *, text: str = "", images: tuple[str, ...] = (), minutes: int = 0) -> ProgrammeEntry:
    """Return an entry for both networks, `number` hours after the first slot."""
    return ProgrammeEntry(
        publish_at=first_slot() + timedelta(hours=number, minutes=minutes),
        platforms=(Platform.FACEBOOK, Platform.WEBSITE),
        title=f"Título {number}",
        text=text or f"Texto de la publicación {number}.",
        images=tuple(ProgrammeImage(name, f"Lo que se ve en {name}") for name in images),
        link=None,
        place=CellPlace("", ""),
    )


def write_workbook(path: Path, *entries: ProgrammeEntry) -> Path:
    """Write a programme for the posts' week."""
    write_grid([ProgrammeCell(each) for each in entries], week=week_of_posts(), path=path)
    return path


@contextlib.contextmanager
def serving(port: int = 0) -> Iterator[SandboxServer]:
    """Serve the imitated platforms that the office's credentials belong to."""
    with serve(Sandbox(seed=SEED), port=port) as server:
        yield server


def through(server: SandboxServer) -> dict[str, str]:
    """Return the environment that sends the platforms' traffic to their imitations."""
    return {"VOCERO_ROUTES": json.dumps(dict(server.routes))}


def make_office(folder: Path) -> None:
    """Make an office: four people, two accounts, a post in each state, a good workbook and an image."""
    folder.mkdir()
    (folder / "imagenes").mkdir()
    Image.new("RGB", (600, 400), "teal").save(folder / "imagenes" / "taller.jpg")
    write_workbook(folder / "semana.xlsx", entry(20, images=("taller.jpg",)), entry(21))
    (folder / "vocero.toml").write_text(
        'database_url = "sqlite:///vocero.db"\nmedia_dir = "media"\nsecret_key_file = "secret.key"\n'
        "only_routed = true\n",
        encoding="utf-8",
    )
    with serving() as server:
        office = open_office(
            Settings(
                database_url=f"sqlite:///{folder / 'vocero.db'}",
                media_dir=folder / "media",
                secret_key_file=folder / "secret.key",
                only_routed=True,
                routes=server.routes,
            )
        )
        try:
            _fill(office, folder, server)
        finally:
            office.database.close()


def _fill(office: Office, folder: Path, server: SandboxServer) -> None:
    admin = add_first_person(office, login="admin", name="Administración")
    assert admin is not None
    roles = {"redactora": Role.CONTENT_OWNER, "jefa": Role.OFFICE_HEAD, "auditora": Role.AUDITOR}
    people = {login: AddPerson(office, admin, login=login, name="", role=role).run() for login, role in roles.items()}
    for platform, remote_id, address, values in _credentials(server):
        ConnectAccount(
            office,
            admin,
            platform=platform,
            remote_id=remote_id,
            address=address,
            credentials=Credentials(values),
        ).run()
    first = write_workbook(folder / "primera.xlsx", *(entry(n, images=("taller.jpg",) * (n == 1)) for n in range(1, 6)))
    imported = ImportProgramme(
        office, people["redactora"], file=first, media_dir=folder / "imagenes", partial=False, dry_run=False
    ).run()
    assert [post.id for post in imported.posts] == [1, 2, 3, 4, 5], imported.problems
    SignChecklist(office, people["redactora"], post_id=DRAFT, points=Point).run()
    look_at_images(office, DRAFT)  # what is seen is kept whatever becomes of an act: no refusal should find it undone
    for post in (IN_REVIEW, APPROVED, SCHEDULED, RETURNED):
        SignChecklist(office, people["redactora"], post_id=post, points=Point).run()
        SubmitPost(office, people["redactora"], post_id=post).run()
    ReturnPost(office, people["jefa"], post_id=RETURNED, reason="Falta la fecha.").run()
    for post in (APPROVED, SCHEDULED):
        _approve(office, people["jefa"], post)
    SchedulePost(office, people["jefa"], post_id=SCHEDULED).run()


def _credentials(server: SandboxServer) -> list[tuple[Platform, str, str, dict[str, str]]]:
    world = server.sandbox.world
    editor = world.website.user("editor")
    return [
        (Platform.FACEBOOK, world.facebook.page_id, "", {"page_token": world.facebook.page_token}),
        (
            Platform.WEBSITE,
            world.website.url.split("://", 1)[1],
            world.website.url,
            {"user": editor.login, "application_password": editor.application_password},
        ),
    ]


def _approve(office: Office, head: Person, post: int) -> None:
    with office.database.read() as transaction:
        shown = digests(transaction, transaction.posts.latest_revision(post))
    ApprovePost(office, head, post_id=post, shown=shown).run()


def copied(template: Path, folder: Path) -> OfficeOnDisk:
    """Return a copy of the office that a test may spoil."""
    shutil.copytree(template, folder)
    return OfficeOnDisk(folder)
