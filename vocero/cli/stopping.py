"""`vocero stop`: everything, a platform or an account, at once."""

from typing import Annotated

import typer

from core.deliveries import Delivery
from core.errors import InvalidInput
from core.stops import Scope
from core.texts import _, plural
from vocero.actions import OpenStop
from vocero.actions.stops import Effect, effect_of
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given, platform_named
from vocero.cli.shown import delivery_as_dict, delivery_line
from vocero.cli.stopped import stop_as_dict, stop_line
from vocero.office import Office

app = orders(_("Detener lo que sale."))


@app.command("stop")
def stop(
    context: typer.Context,
    platform: Annotated[
        str | None, typer.Option("--platform", metavar="RED", help=_("Solo esta red: facebook, x, website…"))
    ] = None,
    account: Annotated[
        int | None,
        typer.Option("--account", metavar="N", min=1, max=LARGEST_NUMBER, help=_("Solo esta cuenta (accounts list).")),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Motivo; queda en el registro."))] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Solo muestra qué retendría en las próximas 24 horas; no detiene."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Detiene todo, una red o una cuenta: nada más sale por ahí.

    Lo que ya comenzó a salir termina. Se levanta con «vocero stops lift».
    """
    if platform is not None and account is not None:
        raise InvalidInput(_("Diga --platform o --account, no ambos."))
    asked = given(context)
    office = asked.office()
    scope = Scope(None if platform is None else platform_named(platform), account)
    if dry_run:
        with office.database.read() as transaction:
            if account is not None:
                transaction.accounts.get(account)
            effect = effect_of(transaction, scope)
        _tell(office, effect, as_json=as_json, also={"stop": None})
        return
    opened = OpenStop(office, asked.who(office), scope=scope, reason=reason).run()
    with office.database.read() as transaction:
        effect = effect_of(transaction, scope)
        accounts = {each.id: each for each in transaction.accounts.all()}
    if not as_json:
        say(stop_line(opened, accounts), style="bold")
    _tell(office, effect, as_json=as_json, also={"stop": stop_as_dict(opened)})
    if not as_json:
        say(_("Se levanta con: vocero stops lift {id} --reason …").format(id=opened.id))


def _tell(office: Office, effect: Effect, *, as_json: bool, also: dict[str, object]) -> None:
    with office.database.read() as transaction:
        accounts = {account.id: account for account in transaction.accounts.all()}

    def told(deliveries: tuple[Delivery, ...]) -> list[dict[str, object]]:
        return [delivery_as_dict(each, accounts[each.account_id]) for each in deliveries]

    if as_json:
        show_json(also | {"holds": told(effect.held), "begun": told(effect.begun)})
        return
    say(
        plural(
            "Retiene {n} envío de las próximas 24 horas.",
            "Retiene {n} envíos de las próximas 24 horas.",
            len(effect.held),
        )
    )
    for delivery in effect.held:
        say("  " + delivery_line(delivery, accounts[delivery.account_id]))
    if effect.begun:
        say(_("Ya habían comenzado a salir; terminan, o se averigua si salieron:"))
    for delivery in effect.begun:
        say("  " + delivery_line(delivery, accounts[delivery.account_id]))
