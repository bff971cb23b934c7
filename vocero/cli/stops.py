"""`vocero stops`: what is stopped, and its end."""

from typing import Annotated

import typer

from core.texts import _
from vocero.actions import LiftStop
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given
from vocero.cli.shown import delivery_as_dict
from vocero.cli.stopped import say_held, say_stops, stop_as_dict, stop_line

app = orders(_("Las detenciones: cuáles hay y cómo se levantan."))


@app.command("list")
def list_stops(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=_("También las que ya se levantaron."))] = False,
    as_json: AsJson = False,
) -> None:
    """Muestra las detenciones abiertas; la pausa de una cuenta es una de ellas."""
    office = given(context).office()
    with office.database.read() as transaction:
        stops = transaction.stops.all() if every else transaction.stops.opened()
        accounts = {account.id: account for account in transaction.accounts.all()}
    if as_json:
        show_json([stop_as_dict(stop) for stop in stops])
        return
    if not stops:
        say(_("No hubo ninguna detención.") if every else _("No hay ninguna detención abierta."))
    for stop in stops:
        say(stop_line(stop, accounts))


@app.command("lift")
def lift(
    context: typer.Context,
    stop: Annotated[
        int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la detención (stops list)."))
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXTO", help=_("Por qué se levanta; queda en el registro."))
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Levanta una detención. No suelta nada: muestra qué retuvo, y cada envío se programa otra vez."""
    asked = given(context)
    office = asked.office()
    lifted = LiftStop(office, asked.who(office), stop_id=stop, reason=reason).run()
    with office.database.read() as transaction:
        accounts = {account.id: account for account in transaction.accounts.all()}
    if as_json:
        held = [delivery_as_dict(each, accounts[each.account_id]) for each in lifted.held]
        still_open = [stop_as_dict(each) for each in lifted.still_open]
        show_json({"stop": stop_as_dict(lifted.stop), "held": held, "still_open": still_open})
        return
    say(stop_line(lifted.stop, accounts))
    say_held(office, lifted.held)
    say_stops(office)
