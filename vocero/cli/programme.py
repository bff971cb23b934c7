"""`vocero programme`: the weekly programme (Anexo 01) in and out."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from core.errors import InvalidInput, StorageError
from core.lima import Week, shown
from core.texts import _, plural
from scheduler.programme.annex import write_grid
from scheduler.programme.paper import write_grid_pdf
from scheduler.programme.template import write_template
from vocero.actions import Imported, ImportProgramme
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, err, say, show_json
from vocero.cli.given import given
from vocero.programme import cells_of

app = orders(_("El programa semanal (Anexo 01)."))


@app.command("import")
def import_programme(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="SEMANA.xlsx", help=_("El programa llenado."))],
    media: Annotated[
        Path | None, typer.Option("--media", metavar="CARPETA", help=_("Carpeta de las imágenes."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Solo revisa; no guarda nada."))] = False,
    partial: Annotated[bool, typer.Option("--partial", help=_("Importa lo bueno aunque haya filas malas."))] = False,
    request: Annotated[
        int | None,
        typer.Option(
            "--request",
            metavar="N",
            min=1,
            max=LARGEST_NUMBER,
            help=_("Solicitud a la que pertenecen todas las entradas (si no: cada una tiene la suya)."),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Lee el programa y hace borradores; nunca programa ni publica nada."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(_("Leyendo el programa"), total=None)
        result = ImportProgramme(
            office,
            who,
            file=file,
            media_dir=media,
            partial=partial,
            dry_run=dry_run,
            request_id=request,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        ).run()
    if as_json:
        show_json(
            {
                "entries": result.entries,
                "posts": [{"id": p.id, "publish_at": p.publish_at, "source": p.source} for p in result.posts],
                "problems": [{"sheet": p.sheet, "cell": p.cell, "reason": p.reason} for p in result.problems],
            }
        )
    else:
        _tell(result, dry_run=dry_run)
    if result.problems and not partial:
        raise typer.Exit(InvalidInput.exit_code)


@app.command("export")
def export(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", metavar="SEMANA", help=_("Semana, p. ej. 2026-W48."))],
    formats: Annotated[str, typer.Option("--format", metavar="FORMATO", help=_("xlsx, pdf o los dos."))] = "xlsx,pdf",
    folder: Annotated[Path, typer.Option("--out", metavar="CARPETA", help=_("Carpeta donde se escribe."))] = Path(),
) -> None:
    """Escribe el programa de una semana como lo pide el Anexo 01."""
    days = Week.parse(week)
    wanted = {word.strip().lower() for word in formats.split(",") if word.strip()}
    if not wanted or not wanted <= {"xlsx", "pdf"}:
        raise InvalidInput(_("El formato «{format}» no existe. Use: xlsx, pdf o xlsx,pdf.").format(format=formats))
    office = given(context).office()
    with office.database.read() as transaction:
        cells = cells_of(transaction, days)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            _("No se puede escribir en «{folder}». Revise los permisos y el disco.").format(folder=folder),
            diagnostic=str(error),
        ) from error
    for kind, write in (("xlsx", write_grid), ("pdf", write_grid_pdf)):
        if kind in wanted:
            path = folder / f"programa-{days.name}.{kind}"
            write(cells, week=days, path=path)
            say(str(path))


@app.command("template")
def template(
    path: Annotated[Path, typer.Argument(metavar="ARCHIVO.xlsx", help=_("Archivo nuevo que se escribe."))],
    week: Annotated[str, typer.Option("--week", metavar="SEMANA", help=_("Semana, p. ej. 2026-W48."))],
) -> None:
    """Escribe un Anexo 01 vacío, con su lista y sus instrucciones."""
    if path.exists():
        raise InvalidInput(_("«{path}» ya existe; elija otro nombre.").format(path=path))
    write_template(path, Week.parse(week))
    say(str(path))


def _tell(result: Imported, *, dry_run: bool) -> None:
    for problem in result.problems:
        err.print(f"✗ {problem}", markup=False)
    for post in result.posts:
        say(
            _("✓ Borrador {id} · {hour} · {source}").format(id=post.id, hour=shown(post.publish_at), source=post.source)
        )
    if result.problems and not result.posts:
        err.print(
            plural(
                "Hay {n} problema; no se importó nada. Corríjalo y repita.",
                "Hay {n} problemas; no se importó nada. Corríjalos y repita, o importe lo bueno con --partial.",
                len(result.problems),
            ),
            markup=False,
        )
    elif dry_run:
        say(plural("{n} entrada, sin problemas.", "{n} entradas, sin problemas.", result.entries))
    else:
        say(plural("Se hizo {n} borrador.", "Se hicieron {n} borradores.", len(result.posts)))
