"""`vocero run`: the worker and the desk for good, or a rehearsal of everything."""

import os
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from core.texts import _
from policy.alerts import Alert
from scheduler.worker import Worker
from vocero.actions.upkeep import catch_up
from vocero.cli.commands import orders
from vocero.cli.console import say
from vocero.cli.given import Given, given
from vocero.cli.shown import delivery_line
from vocero.cli.stopped import say_stops
from vocero.cli.watching import Alarm, Troubles, line, on_signals
from vocero.desk.app import desk
from vocero.desk.server import DeskServer
from vocero.office import Office
from vocero.rehearsal import Rehearsal
from vocero.settings import FILE_NAME, FILE_VARIABLE, PREFIX

app = orders(_("El trabajo de enviar, mientras no se detenga."))


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


def _worker(office: Office) -> Worker:
    """Return the worker, which from here on a signal stops cleanly, even before it runs."""
    alarm = Alarm()

    def look(alerts: list[Alert]) -> None:
        alarm(alerts)
        catch_up(office)  # what time does to the procedure: expiry, approvals that would not pass any more

    worker = office.worker(lambda progress: line(office, progress.delivery), Troubles(), look)
    on_signals(worker.stop)
    return worker


def _work(worker: Worker) -> None:
    worker.run()
    say(_("Detenido. Lo que falta sigue en su lugar."))


def _tell_coming(office: Office) -> None:
    with office.database.read() as transaction:
        coming = transaction.deliveries.coming(transaction.now + timedelta(days=1))
        accounts = {account.id: account for account in transaction.accounts.all()}
    say(_("Vocero está en marcha con {where}. Se detiene con Ctrl+C.").format(where=office.database.where))
    say_stops(office)
    say(_("Sale en las próximas 24 horas:") if coming else _("No hay nada programado para las próximas 24 horas."))
    for each in coming:
        say("  " + delivery_line(each, accounts[each.account_id]))


def _is_configured(asked: Given) -> bool:
    named = asked.said.settings_file is not None or FILE_VARIABLE in os.environ or Path(FILE_NAME).exists()
    return named or any(name.startswith(PREFIX) for name in os.environ)
