"""The root of the command line: options for all commands, and how every error ends."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, Exit, TyperException

from core.errors import VoceroError
from core.texts import _
from vocero.cli import accounts, audit, delivering, installing, people, posts, programme, sandbox, unknown
from vocero.cli.console import Given, err, fail
from vocero.cli.usage import explained

app = typer.Typer(
    name="vocero",
    help=_(
        "Vocero publica lo aprobado por la oficina de prensa en sus cuentas oficiales, a su hora y una sola vez. "
        "Sin configuración, `vocero run` ensaya todo en esta máquina: nada sale a internet."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(installing.init)
app.command("run")(delivering.run)
app.command("deliver")(delivering.deliver)
app.add_typer(people.app, name="people")
app.add_typer(accounts.app, name="accounts")
app.add_typer(programme.app, name="programme")
app.add_typer(posts.app, name="posts")
app.add_typer(unknown.app, name="unknown")
app.add_typer(audit.app, name="audit")
app.add_typer(sandbox.app, name="sandbox")


@app.callback()
def _root(
    context: typer.Context,
    settings: Annotated[
        Path | None, typer.Option("--settings", help=_("Archivo de ajustes (si no: vocero.toml de esta carpeta)."))
    ] = None,
    actor: Annotated[str, typer.Option("--as", metavar="USUARIO", help=_("Quién actúa (si no: VOCERO_ACTOR)."))] = "",
) -> None:
    context.obj = Given(settings, actor)


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 something is left undone, 2 and more: core/errors.py."""
    try:
        code = app(standalone_mode=False)
    except VoceroError as error:
        fail(error)
    except Exit as error:
        code = error.exit_code
    except Abort:
        err.print(_("Interrumpido; no se hizo nada más."), markup=False)
        code = 130
    except TyperException as error:
        err.print(explained(error), markup=False)
        err.print(_("Vea la ayuda con --help."), markup=False)
        code = 2
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # whoever read our output has gone; Python would complain once more while it flushes
        sys.stdout = None
        code = 141
    sys.exit(code if isinstance(code, int) else 0)
