"""`vocero doctor`: what is well and what is not in this installation."""

from collections.abc import Iterable
from typing import Annotated

import typer

from core.errors import VoceroError
from core.texts import _
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import say, show_json
from vocero.cli.given import Given, given, set_up_logs
from vocero.diagnosis import Finding, Verdict, failed
from vocero.doctor import examine, plugins

app = orders(_("Revisa la instalación."))

_STYLES = {Verdict.FINE: None, Verdict.WARNING: "yellow", Verdict.ERROR: "bold red"}


@app.command("doctor")
def doctor(
    context: typer.Context,
    online: Annotated[
        bool, typer.Option("--online", help=_("Pregunta además a cada red de quién es la conexión, y la hora."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Revisa ajustes, base de datos, disco, cuentas, versiones de las redes, reloj y complementos.

    Una línea por revisión: ✓ bien, ⚠ conviene mirarlo, ✗ impide trabajar. Termina con 1 si hay alguna ✗.
    """
    found = []
    for finding in _findings(given(context), online=online):
        found.append(finding)
        if not as_json:
            say(_line(finding), style=_STYLES[finding.verdict])
    is_well = all(finding.verdict is not Verdict.ERROR for finding in found)
    if as_json:
        show_json({"ok": is_well, "findings": [_as_dict(finding) for finding in found]})
    if not is_well:
        raise typer.Exit(1)


def _findings(asked: Given, *, online: bool) -> Iterable[Finding]:
    try:
        settings = asked.load()
    except VoceroError as error:
        set_up_logs("WARNING")
        return [failed("settings", _("Ajustes"), error), *plugins()]
    return examine(settings, online=online)


def _line(finding: Finding) -> str:
    line = f"{finding.verdict.mark} {finding.subject}: {finding.said}"
    return f"{line} {finding.way_out}" if finding.way_out else line


def _as_dict(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "verdict": finding.verdict,
        "subject": finding.subject,
        "said": finding.said,
        "way_out": finding.way_out,
    }
