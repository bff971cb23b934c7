"""`vocero run` and `vocero deliver`: the worker, for good or once."""

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from core.deliveries import Delivery, DeliveryState
from core.errors import StorageError
from core.lima import shown
from core.texts import _, plural
from scheduler.workbench import Progress
from scheduler.worker import Worker
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import err, out, say, show_json
from vocero.cli.given import Given, given
from vocero.cli.shown import delivery_as_dict, delivery_line
from vocero.desk.app import desk
from vocero.desk.server import DeskServer
from vocero.office import Office
from vocero.rehearsal import Rehearsal
from vocero.settings import FILE_NAME, FILE_VARIABLE, PREFIX

_MARKS = {
    DeliveryState.PUBLISHED: ("✓", "green"),
    DeliveryState.STAGING: ("…", "dim"),
    DeliveryState.SCHEDULED: ("↻", "yellow"),
    DeliveryState.UNKNOWN: ("?", "bold yellow"),
    DeliveryState.HELD: ("‖", "yellow"),
    DeliveryState.MISSED: ("✗", "bold red"),
    DeliveryState.FAILED: ("✗", "bold red"),
}

app = orders(_("El trabajo de enviar."))


@app.command("run")
def run(
    context: typer.Context,
    rehearsal: Annotated[
        bool | None,
        typer.Option("--rehearsal/--real", help=_("De verdad, o ensayo en esta máquina (si no: según los ajustes).")),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--folder", metavar="CARPETA", help=_("Carpeta del ensayo; se vacía."))
    ] = Path("var/ensayo"),
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help=_("Puerto de las redes de imitación."))
    ] = 8801,
) -> None:
    """Envía lo programado a su hora, hasta que se detenga con Ctrl+C.

    Sin configuración ensaya: redes de imitación y una semana de muestra; nada sale de esta máquina.
    """
    asked = given(context)
    if rehearsal is None:
        rehearsal = not _is_configured(asked)
    if rehearsal:
        asked.load()
        with Rehearsal(folder, port=port) as prepared:
            worker = _worker(prepared.office)
            prepared.play(say)
            _work(worker)
        return
    office = asked.office()
    worker = _worker(office)
    _tell_coming(office)
    with _desk(office):
        _work(worker)


def _desk(office: Office) -> AbstractContextManager[object]:
    """Return the desk's server where something is served from this machine, else nothing."""
    settings = office.settings
    if settings.media_host != "desk":
        return nullcontext()
    app = desk(office.database, office.media, office.lender.signer())
    return DeskServer(app, host=settings.desk_address, port=settings.desk_port)


@app.command("deliver")
def deliver(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Solo muestra qué saldría; no envía nada."))] = False,
    patience: Annotated[
        int,
        typer.Option(
            "--patience", metavar="SEGUNDOS", min=0, help=_("Cuánto espera a lo que no salió al primer intento.")
        ),
    ] = 30,
    as_json: AsJson = False,
) -> None:
    """Envía una vez todo lo que toca y termina (para cron).

    Una línea por envío. Termina con 0 si no queda nada por hacer, con 1 si algo quedó.
    """
    office = given(context).office()
    if dry_run:
        with office.database.read() as transaction:
            undone = transaction.deliveries.undone(transaction.now)
        _show(office, undone, as_json=as_json)
        return
    moved: dict[int, Delivery] = {}

    def report(progress: Progress) -> None:
        moved[progress.delivery.id] = progress.delivery
        if not as_json:
            _line(office, progress.delivery)

    worker = office.worker(report, _Troubles())
    _on_signals(worker.stop)
    undone = worker.run_once(timedelta(seconds=patience))
    with office.database.read() as transaction:
        held = transaction.deliveries.in_state(DeliveryState.HELD, DeliveryState.UNKNOWN)
        waiting = [each for each in held if each.due_at is None and each.publish_at <= transaction.now]
    if as_json:
        _show(office, list(moved.values()), as_json=True)
    else:
        for delivery in waiting:
            if delivery.id not in moved:
                _line(office, delivery)
        if undone:
            say(plural("Queda {n} envío por hacer.", "Quedan {n} envíos por hacer.", len(undone)))
        if waiting:
            say(plural("{n} envío espera a una persona.", "{n} envíos esperan a una persona.", len(waiting)))
        if not moved and not undone and not waiting:
            say(_("No toca enviar nada ahora."))
    bad = {DeliveryState.FAILED, DeliveryState.MISSED}
    if undone or waiting or any(delivery.state in bad for delivery in moved.values()):
        raise typer.Exit(1)


class _Troubles:
    """Tells people once what the database refuses, until it refuses something else."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, error: StorageError) -> None:
        if error.sentence != self._last:
            self._last = error.sentence
            err.print(error.sentence, markup=False, style="yellow")


def _worker(office: Office) -> Worker:
    """Return the worker, which from here on a signal stops cleanly, even before it runs."""
    worker = office.worker(lambda progress: _line(office, progress.delivery), _Troubles())
    _on_signals(worker.stop)
    return worker


def _work(worker: Worker) -> None:
    worker.run()
    say(_("Detenido. Lo que falta sigue en su lugar."))


def _on_signals(stop: Callable[[], None]) -> None:
    def told(_number: int, _frame: object) -> None:
        stop()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)


def _line(office: Office, delivery: Delivery) -> None:
    with office.database.read() as transaction:
        account = transaction.accounts.get(delivery.account_id)
        now = transaction.now
    mark, style = _MARKS.get(delivery.state, ("·", ""))
    text = escape(f"{shown(now.replace(microsecond=0))}  {mark} {delivery_line(delivery, account)}")
    out.print(f"[{style}]{text}[/]" if style else text)


def _show(office: Office, deliveries: list[Delivery], *, as_json: bool) -> None:
    with office.database.read() as transaction:
        accounts = {account.id: account for account in transaction.accounts.all()}
    if as_json:
        show_json([delivery_as_dict(each, accounts[each.account_id]) for each in deliveries])
        return
    for each in deliveries:
        say(delivery_line(each, accounts[each.account_id]))
    if not deliveries:
        say(_("No toca enviar nada ahora."))


def _tell_coming(office: Office) -> None:
    with office.database.read() as transaction:
        coming = transaction.deliveries.coming(transaction.now + timedelta(days=1))
        accounts = {account.id: account for account in transaction.accounts.all()}
    say(_("Vocero está en marcha con {where}. Se detiene con Ctrl+C.").format(where=office.database.where))
    say(_("Sale en las próximas 24 horas:") if coming else _("No hay nada programado para las próximas 24 horas."))
    for each in coming:
        say("  " + delivery_line(each, accounts[each.account_id]))


def _is_configured(asked: Given) -> bool:
    named = asked.said.settings_file is not None or FILE_VARIABLE in os.environ or Path(FILE_NAME).exists()
    return named or any(name.startswith(PREFIX) for name in os.environ)
