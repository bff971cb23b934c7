"""Rehearsal ("modo ensayo"): imitated platforms, an embedded database and a sample week, all on this machine.

Everything goes the real way: real HTTP, the real acts of three people, the real worker. Only the hosts are others, and
the door lets nothing out that has no route to them.
"""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from core.checklists import Point
from core.deliveries import Delivery
from core.errors import InvalidInput, StorageError
from core.lima import Week, shown, to_lima
from core.people import Person, Role
from core.posts import Post
from core.texts import _
from sandbox.server import Sandbox, SandboxServer, serve
from scheduler.programme.annex import write_grid
from scheduler.programme.sample import load_sample
from vocero.actions import (
    AddPerson,
    ApprovePost,
    ConnectAccount,
    ImportProgramme,
    SchedulePost,
    SignChecklist,
    SubmitPost,
    add_first_person,
    digests,
)
from vocero.imitated import imitated_accounts
from vocero.office import Office, open_office
from vocero.settings import Settings

SAMPLE_WEEK = Path(__file__).resolve().parent.parent / "fixtures" / "sample_week"
_MARK = ".ensayo"


class Rehearsal:
    """A rehearsal in a folder of its own, named after the port: whoever holds the port owns the folder."""

    def __init__(self, folder: Path, *, port: int) -> None:
        if not SAMPLE_WEEK.is_dir():  # it is no part of an installed package
            raise InvalidInput(
                _("Falta la semana de muestra ({folder}). Ensaye desde la carpeta del proyecto: make run").format(
                    folder=SAMPLE_WEEK
                )
            )
        self._stack = ExitStack()
        try:
            self._server = self._serve(port)
            self._folder = folder / str(self._server.address.rsplit(":", 1)[1])
            self._empty()
            self.office = self._open()
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def play(self, say: Callable[[str], None]) -> None:
        """Let three people take the sample week from its workbook to its hours, and tell what happens."""
        writer, head = self._people_and_accounts()
        say(_("MODO ENSAYO: redes de imitación en esta máquina; nada sale a internet."))
        say("")
        say(_("  Lo que vería el público:   {address}/").format(address=self._server.address))
        say(_("  El libro de la imitación:  {address}/_ledger").format(address=self._server.address))
        say(_("  Base de datos:             {path}").format(path=self._folder / "vocero.db"))
        deliveries: list[Delivery] = []
        for workbook in self._workbooks():
            say(_("  Programa de la semana:     {path}").format(path=workbook))
            posts = self._imported(workbook, writer)
            for post in posts:
                deliveries.extend(self._through(post, writer, head))
        say("")
        say(
            _("{writer} importó {posts} entradas; {head} las aprobó; quedan {n} envíos programados:").format(
                writer=writer.name,
                posts=len({delivery.post_id for delivery in deliveries}),
                head=head.name,
                n=len(deliveries),
            )
        )
        with self.office.database.read() as transaction:
            accounts = {account.id: account for account in transaction.accounts.all()}
            for delivery in sorted(deliveries, key=lambda each: each.publish_at):
                content = transaction.posts.revision(delivery.revision_id).content
                network = accounts[delivery.account_id].platform.label
                say(f"  {shown(delivery.publish_at):<24} {network:<12} {content.opening}")
        say("")
        say(_("Los primeros salen en menos de un minuto. Se detiene con Ctrl+C."))
        say(
            _("Para mirar mientras tanto: VOCERO_SETTINGS={path} .venv/bin/vocero posts list").format(
                path=self._folder / "vocero.toml"
            )
        )
        say("")

    def _serve(self, port: int) -> SandboxServer:
        try:
            server = serve(Sandbox(), port=port)
        except OSError:
            server = serve(Sandbox(), port=0)  # somebody rehearses there already
        return self._stack.enter_context(server)

    def _empty(self) -> None:
        try:
            if self._folder.exists():
                if any(self._folder.iterdir()) and not (self._folder / _MARK).exists():
                    raise InvalidInput(
                        _("«{folder}» tiene archivos que no son de un ensayo. Elija otra carpeta con --folder.").format(
                            folder=self._folder
                        )
                    )
                shutil.rmtree(self._folder)
            self._folder.mkdir(parents=True)
            (self._folder / _MARK).touch()
        except OSError as error:
            raise StorageError(
                _("No se puede preparar la carpeta del ensayo «{folder}». Revise los permisos y el disco.").format(
                    folder=self._folder
                ),
                diagnostic=str(error),
            ) from error

    def _open(self) -> Office:
        values = {
            "database_url": f"sqlite:///{self._folder}/vocero.db",
            "media_dir": str(self._folder / "media"),
            "secret_key_file": str(self._folder / "secret.key"),
        }
        lines = [f'{name} = "{value}"' for name, value in values.items()]
        lines += ["only_routed = true", "", "[routes]"]
        lines += [f'"{source}" = "{target}"' for source, target in self._server.routes.items()]
        (self._folder / "vocero.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        office = open_office(
            Settings(
                database_url=values["database_url"],
                media_dir=Path(values["media_dir"]),
                secret_key_file=Path(values["secret_key_file"]),
                only_routed=True,
                routes=self._server.routes,
            )
        )
        self._stack.callback(office.database.close)
        return office

    def _people_and_accounts(self) -> tuple[Person, Person]:
        office = self.office
        admin = add_first_person(office, login="admin", name=_("Administración técnica"))
        if admin is None:
            raise RuntimeError("a rehearsal starts with an empty database")
        writer = AddPerson(office, admin, login="redactora", name="Rosa Quispe", role=Role.CONTENT_OWNER).run()
        head = AddPerson(office, admin, login="jefa", name="Ana Flores", role=Role.OFFICE_HEAD).run()
        for account in imitated_accounts(self._server.sandbox.world):
            ConnectAccount(
                office,
                admin,
                platform=account.platform,
                remote_id=account.remote_id,
                address=account.address,
                credentials=account.credentials,
            ).run()
        return writer, head

    def _workbooks(self) -> list[Path]:
        """Write the sample week as the office would: a grid for each week that it touches."""
        entries = load_sample(SAMPLE_WEEK / "sample_week.json", start=datetime.now(UTC) + timedelta(seconds=2))
        weeks = sorted({Week.of(to_lima(entry.publish_at).date()) for entry in entries})
        paths = []
        for week in weeks:
            path = self._folder / f"programa-{week.name}.xlsx"
            write_grid([entry for entry in entries if to_lima(entry.publish_at).date() in week], week=week, path=path)
            paths.append(path)
        return paths

    def _imported(self, workbook: Path, writer: Person) -> tuple[Post, ...]:
        imported = ImportProgramme(
            self.office, writer, file=workbook, media_dir=SAMPLE_WEEK, partial=False, dry_run=False
        ).run()
        if imported.problems:
            raise InvalidInput("; ".join(str(problem) for problem in imported.problems))
        return imported.posts

    def _through(self, post: Post, writer: Person, head: Person) -> list[Delivery]:
        SignChecklist(self.office, writer, post_id=post.id, points=Point).run()
        SubmitPost(self.office, writer, post_id=post.id).run()
        with self.office.database.read() as transaction:
            displayed = digests(transaction, transaction.posts.latest_revision(post.id))
        ApprovePost(self.office, head, post_id=post.id, shown=displayed).run()
        return SchedulePost(self.office, head, post_id=post.id).run()
