"""`vocero sandbox`: the imitated platforms alone."""

import json
import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InvalidInput
from core.texts import _
from sandbox.faults import FaultPlan, FaultPlanError
from sandbox.server import Sandbox, serve
from vocero.cli.console import say

app = typer.Typer(help=_("Las redes de imitación, para ensayar."), no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `serve` a command of its own, however few there are."""


@app.command("serve")
def serve_sandbox(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help=_("0: uno libre."))] = 8801,
    faults: Annotated[Path | None, typer.Option("--faults", help=_("Plan de fallas, JSON."))] = None,
    seed: Annotated[int, typer.Option("--seed", help=_("Con la misma semilla, lo mismo."))] = 0,
) -> None:
    """Imita las redes en esta máquina hasta que se detenga con Ctrl+C."""
    plan = None
    if faults is not None:
        try:
            plan = FaultPlan.parse(faults.read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidInput(_("No se puede leer «{path}».").format(path=faults)) from error
        except (ValueError, FaultPlanError) as error:
            raise InvalidInput(
                _("El plan de fallas «{path}» no sirve: {why}").format(path=faults, why=error)
            ) from error
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Sandbox(seed=seed, faults=plan) as world, serve(world, port=port) as server:
            say(_("Redes de imitación: {address}").format(address=server.address))
            say(_("Lo que el público ve: {address}/_ledger").format(address=server.address))
            say("VOCERO_ROUTES='" + json.dumps(server.routes) + "'")
            stop.wait()
    except OSError as error:
        raise InvalidInput(_("El puerto {port} está ocupado. Elija otro con --port.").format(port=port)) from error
