"""`vocero sandbox`: the imitated platforms alone."""

from pathlib import Path
from typing import Annotated

import typer

from core.texts import _
from sandbox.command import DEFAULT_PORT, run
from vocero.cli.commands import orders

app = orders(_("Las redes de imitación, para ensayar."))


@app.command("serve")
def serve(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help=_("Puerto; 0: uno libre."))
    ] = DEFAULT_PORT,
    faults: Annotated[Path | None, typer.Option("--faults", metavar="ARCHIVO", help=_("Plan de fallas, JSON."))] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=_("Con la misma semilla, lo mismo."))] = 0,
) -> None:
    """Imita las redes en esta máquina hasta que se detenga con Ctrl+C."""
    raise typer.Exit(run(port=port, faults=faults, seed=seed))
