"""The root of the command line: its commands, options for all of them, and how every error ends."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, Exit, TyperException

from core.errors import InvalidInput, VoceroError
from core.texts import _
from vocero.cli.commands import Order, orders, root_of
from vocero.cli.console import Said, err, fail
from vocero.cli.usage import explained

ORDERS = {
    "init": Order(
        "vocero.cli.installing",
        _("Escribe un archivo de ajustes comentado, crea la base de datos y agrega a la primera persona."),
    ),
    "run": Order("vocero.cli.running", _("Envía lo programado a su hora, hasta que se detenga con Ctrl+C.")),
    "deliver": Order("vocero.cli.delivering", _("Envía una vez todo lo que toca y termina (para cron).")),
    "people": Order("vocero.cli.people", _("Las personas de la oficina y su papel.")),
    "accounts": Order("vocero.cli.accounts", _("El registro de cuentas oficiales.")),
    "programme": Order("vocero.cli.programme", _("El programa semanal (Anexo 01).")),
    "requests": Order("vocero.cli.requests", _("Las solicitudes: quién pidió qué, y en qué van.")),
    "delegations": Order("vocero.cli.delegations", _("Los encargos de la jefatura: quién, de cuándo a cuándo.")),
    "media": Order("vocero.cli.media", _("Las imágenes y videos, antes de usarlos.")),
    "rules": Order("vocero.cli.rules", _("Las reglas de imagen: cuáles hay y qué piden.")),
    "wording": Order("vocero.cli.textrules", _("Las reglas de texto: cuáles hay y qué piden.")),
    "calendar": Order(
        "vocero.cli.calendar",
        _("El calendario: feriados, embargos de seguridad, periodos electorales y la carga de cada día."),
    ),
    "electoral": Order("vocero.cli.electoral", _("Los periodos electorales: qué se publicó en ellos.")),
    "posts": Order("vocero.cli.posts", _("Las publicaciones: del borrador a su hora.")),
    "stop": Order("vocero.cli.stopping", _("Detiene todo, una red o una cuenta: nada más sale por ahí.")),
    "stops": Order("vocero.cli.stops", _("Las detenciones: cuáles hay y cómo se levantan.")),
    "alerts": Order("vocero.cli.alerts", _("Muestra lo que alguien debe atender; termina con 1 si hay algo.")),
    "unknown": Order("vocero.cli.unknown", _("Los resultados inciertos.")),
    "unofficial": Order(
        "vocero.cli.unofficial", _("El registro de cuentas no oficiales que usan el nombre de la institución.")
    ),
    "audit": Order("vocero.cli.audit", _("El registro de lo hecho.")),
    "doctor": Order(
        "vocero.cli.doctor",
        _("Revisa ajustes, base de datos, disco, cuentas, versiones de las redes, reloj y complementos."),
    ),
    "fixtures": Order("vocero.cli.fixtures", _("Grabaciones de las redes, para las pruebas.")),
    "sandbox": Order("vocero.cli.sandbox", _("Las redes de imitación, para ensayar.")),
}
INTERRUPTED = 130
PIPE_CLOSED = 141

app = orders(
    _(
        "Vocero publica lo aprobado por la oficina de prensa en sus cuentas oficiales, a su hora y una sola vez. "
        "Sin configuración, «vocero run» ensaya todo en esta máquina: nada sale a internet."
    )
)


@app.callback(cls=root_of(ORDERS))
def _root(
    context: typer.Context,
    settings: Annotated[
        Path | None,
        typer.Option(
            "--settings", metavar="ARCHIVO", help=_("Archivo de ajustes (si no: vocero.toml de esta carpeta).")
        ),
    ] = None,
    actor: Annotated[str, typer.Option("--as", metavar="USUARIO", help=_("Quién actúa (si no: VOCERO_ACTOR)."))] = "",
) -> None:
    context.obj = Said(settings, actor)


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 something is left undone, 2 to 6: core/errors.py, 130 interrupted."""
    try:
        code = _run()
        sys.stdout.flush()  # here, where a reader that has gone can still be told from an error of ours
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python flushes once more when it ends
        code = PIPE_CLOSED
    sys.exit(code)


def _run() -> int:
    try:
        _refuse_undecodable(sys.argv[1:])
        code = app(standalone_mode=False, prog_name="vocero")
    except VoceroError as error:
        return fail(error)
    except Exit as error:
        code = error.exit_code
    except (Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except TyperException as error:
        sentence = explained(error)
        # without any argument the help was shown instead
        return fail(InvalidInput(sentence)) if sentence else InvalidInput.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:
        # its text may repeat a token or somebody's words: only who asks for the detail sees it
        if os.environ.get("VOCERO_LOG_LEVEL", "").upper() == "DEBUG":
            raise
        return fail(_unexpected(error))
    if code == INTERRUPTED:
        err.print("\n" + _("Interrumpido; no se hizo nada más."), markup=False)
    return code if isinstance(code, int) else 0


def _unexpected(error: Exception) -> VoceroError:
    return VoceroError(
        _(
            "Algo inesperado falló ({kind}). Lo que ya se hizo está guardado. "
            "Repita con VOCERO_LOG_LEVEL=DEBUG para ver el detalle y envíelo a quien mantiene Vocero."
        ).format(kind=type(error).__name__)
    )


def _refuse_undecodable(arguments: list[str]) -> None:
    """Refuse bytes that are no text of this terminal: they could be neither stored nor hashed."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise InvalidInput(
                _("Un argumento tiene caracteres que no se pueden leer. Use UTF-8 en la terminal y repita.")
            ) from None
