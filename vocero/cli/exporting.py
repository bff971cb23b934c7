"""`vocero audit export`: a post's case file."""

from pathlib import Path
from typing import Annotated

import typer

from core.texts import _, plural
from vocero.cli.commands import AsJson
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given


def export(
    context: typer.Context,
    post: Annotated[
        int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la publicación (posts list)."))
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="CARPETA", help=_("La carpeta que se hace; si existe, debe estar vacía."))
    ],
    zipped: Annotated[bool, typer.Option("--zip", help=_("Un solo archivo .zip en vez de la carpeta."))] = False,
    personal: Annotated[
        bool,
        typer.Option(
            "--with-personal-data",
            help=_("Con los datos personales de terceros: solo quien puede verlos, y queda anotado."),
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Solo muestra qué se escribiría; no escribe nada."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Escribe el expediente de una publicación: todo lo que consta de ella, que se comprueba sin Vocero."""
    from vocero.actions.cases import ExportCase, ExportWholeCase  # noqa: PLC0415  (typst: only who exports needs it)

    asked = given(context)
    office = asked.office()
    kind = ExportWholeCase if personal else ExportCase
    export_case = kind(office, asked.who(office), post_id=post, out=out, zipped=zipped)
    if dry_run:
        files = export_case.files()
        if as_json:
            show_json({"place": None, "digest": None, "files": _files(files), "lacking": []})
            return
        say(_("Se escribiría (no se escribió nada):"))
        _say_files(files)
        return
    packed = export_case.run()
    if as_json:
        show_json(
            {
                "place": packed.place,
                "digest": packed.digest,
                "files": _files(packed.files),
                "lacking": list(packed.lacking),
            }
        )
        return
    say(_("Expediente de la publicación {post}: {path}").format(post=post, path=packed.place))
    _say_files(packed.files)
    for name in packed.lacking:
        say(_("Falta «{name}»: la oficina ya no lo tiene íntegro.").format(name=name), style="bold red")
    say(_("Huella del expediente: {digest}").format(digest=packed.digest))
    say(_("Se comprueba con: python3 verificar.py (léase LEAME.txt)"))


def _files(files: list[tuple[str, int]] | tuple[tuple[str, int], ...]) -> list[dict[str, object]]:
    return [{"name": name, "size": size} for name, size in files]


def _say_files(files: list[tuple[str, int]] | tuple[tuple[str, int], ...]) -> None:
    for name, size in files:
        say(f"  {size:>12}  {name}")
    said = plural("{n} archivo", "{n} archivos", len(files))
    say(_("  {size:>12}  en total, {files}").format(size=sum(size for _name, size in files), files=said))
