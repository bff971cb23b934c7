"""`vocero deliver`: the worker, once."""

from datetime import timedelta
from typing import Annotated

import typer

from core.deliveries import Delivery, DeliveryState
from core.texts import _, plural
from scheduler.workbench import Progress
from vocero.actions.upkeep import catch_up
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import say, show_json
from vocero.cli.given import given
from vocero.cli.shown import delivery_as_dict, delivery_line
from vocero.cli.watching import Troubles, line, on_signals
from vocero.office import Office

app = orders(_("El trabajo de enviar."))


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
            line(office, progress.delivery)

    catch_up(office)
    worker = office.worker(report, Troubles())
    on_signals(worker.stop)
    undone = worker.run_once(timedelta(seconds=patience))
    with office.database.read() as transaction:
        held = transaction.deliveries.in_state(DeliveryState.HELD, DeliveryState.UNKNOWN)
        waiting = [each for each in held if each.due_at is None and each.publish_at <= transaction.now]
    if as_json:
        _show(office, list(moved.values()), as_json=True)
    else:
        for delivery in waiting:
            if delivery.id not in moved:
                line(office, delivery)
        if undone:
            say(plural("Queda {n} envío por hacer.", "Quedan {n} envíos por hacer.", len(undone)))
        if waiting:
            say(plural("{n} envío espera a una persona.", "{n} envíos esperan a una persona.", len(waiting)))
        if not moved and not undone and not waiting:
            say(_("No toca enviar nada ahora."))
    bad = {DeliveryState.FAILED, DeliveryState.MISSED}
    if undone or waiting or any(delivery.state in bad for delivery in moved.values()):
        raise typer.Exit(1)


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
