"""`vocero audit`: the record."""

import typer

from core.events import first_broken
from core.texts import _
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import say, show_json
from vocero.cli.given import given

app = orders(_("El registro de lo hecho."))


@app.command("verify")
def verify(context: typer.Context, as_json: AsJson = False) -> None:
    """Comprueba que nadie cambió, quitó ni añadió nada en el registro."""
    office = given(context).office()
    with office.database.read() as transaction:
        number, last = transaction.events.end()
        broken = first_broken(transaction.events.all(), (number, last))
    if as_json:
        show_json({"ok": broken is None, "events": number, "hash": last, "broken_at": broken})
    elif broken is not None:
        say(_("El registro NO está íntegro: falla en el suceso {n}.").format(n=broken), style="bold red")
    else:
        say(_("Registro íntegro: {n} sucesos; huella final {hash}.").format(n=number, hash=last))
    if broken is not None:
        raise typer.Exit(1)
