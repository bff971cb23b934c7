"""`vocero unknown`: what nobody could find out, and a person's word on it."""

from typing import Annotated

import typer

from core.deliveries import DeliveryState
from core.errors import InvalidInput
from core.lima import shown
from core.texts import _
from vocero.actions import SettleUnknown
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given
from vocero.cli.record import attempt_line
from vocero.cli.shown import delivery_as_dict, delivery_line

app = orders(_("Los resultados inciertos."))

DeliveryNumber = Annotated[
    int, typer.Argument(metavar="ENVÍO", min=1, max=LARGEST_NUMBER, help=_("Número del envío (unknown list)."))
]


@app.command("list")
def list_unknown(context: typer.Context, as_json: AsJson = False) -> None:
    """Muestra los envíos de los que no se sabe si salieron, y qué se averiguó."""
    office = given(context).office()
    with office.database.read() as transaction:
        deliveries = transaction.deliveries.in_state(DeliveryState.UNKNOWN)
        accounts = {account.id: account for account in transaction.accounts.all()}
        attempts = {delivery.id: transaction.deliveries.attempts(delivery.id) for delivery in deliveries}
    if as_json:
        show_json([delivery_as_dict(d, accounts[d.account_id], attempts[d.id]) for d in deliveries])
        return
    if not deliveries:
        say(_("No hay resultados inciertos."))
    for delivery in deliveries:
        say(delivery_line(delivery, accounts[delivery.account_id]))
        for attempt in attempts[delivery.id]:
            say("      " + attempt_line(attempt))


@app.command("show")
def show(
    context: typer.Context,
    delivery: DeliveryNumber,
    as_json: AsJson = False,
) -> None:
    """Muestra un envío con cada intento y cada mirada, qué respondió la red y qué sigue."""
    office = given(context).office()
    with office.database.read() as transaction:
        found = transaction.deliveries.get(delivery)
        account = transaction.accounts.get(found.account_id)
        attempts = transaction.deliveries.attempts(found.id)
    if as_json:
        show_json(delivery_as_dict(found, account, attempts) | {"looks": found.looks})
        return
    say(delivery_line(found, account))
    for attempt in attempts:
        say("  " + attempt_line(attempt))
        if attempt.detail:
            say(f"      {attempt.detail}")
    if found.state is not DeliveryState.UNKNOWN:
        return
    if found.due_at is None:
        say(_("Toca a una persona. Mire la cuenta y responda:"))
        say(_("  vocero unknown settle {id} --published URL").format(id=found.id))
        say(_("  vocero unknown settle {id} --absent").format(id=found.id))
    else:
        say(_("Se mirará otra vez: {hour}").format(hour=shown(found.due_at)))


@app.command("settle")
def settle(
    context: typer.Context,
    delivery: DeliveryNumber,
    published: Annotated[str | None, typer.Option("--published", metavar="URL", help=_("Está publicada aquí."))] = None,
    absent: Annotated[bool, typer.Option("--absent", help=_("No salió."))] = False,
) -> None:
    """Responde por un envío incierto, después de mirar la cuenta."""
    if absent == (published is not None):
        raise InvalidInput(_("Diga una de las dos: --published URL, o --absent."))
    asked = given(context)
    office = asked.office()
    settled = SettleUnknown(office, asked.who(office), delivery_id=delivery, url=published).run()
    say(_("El envío {id} queda «{state}».").format(id=settled.id, state=settled.state.label))
    if absent:
        say(_("Si todavía debe salir: vocero posts schedule {id} --at …").format(id=settled.post_id))
