"""`vocero alerts`: what somebody must see to."""

import typer

from core.texts import _
from policy.alerts import Alert
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import say, show_json
from vocero.cli.given import given

app = orders(_("Los avisos."))


@app.command("alerts")
def alerts(context: typer.Context, as_json: AsJson = False) -> None:
    """Muestra lo que alguien debe atender; termina con 1 si hay algo.

    Así cron lo envía por correo. No guarda nada: un aviso dura lo que dura su causa.
    """
    found = given(context).office().alerts()
    if as_json:
        show_json([_as_dict(alert) for alert in found])
    elif not found:
        say(_("No hay avisos."))
    else:
        for alert in found:
            say(f"⚠ {alert.sentence}")
    if found:
        raise typer.Exit(1)


def _as_dict(alert: Alert) -> dict[str, object]:
    return {
        "kind": alert.kind,
        "subject": alert.subject,
        "since": alert.since,
        "said": alert.said,
        "way_out": alert.way_out,
    }
