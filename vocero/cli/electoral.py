"""`vocero electoral`: what went out in an electoral period, for the report on state advertising."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InvalidInput, StorageError
from core.lima import to_lima
from core.texts import _
from storage.calendar import PublishedPost
from vocero.cli.calendar import period_line
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, say_rows, show_json
from vocero.cli.given import given

app = orders(_("Los periodos electorales: qué se publicó en ellos."))

_HEADINGS = (
    _("envío"),
    _("fecha"),
    _("hora"),
    _("red"),
    _("cuenta"),
    _("dirección"),
    _("publicación"),
    _("versión"),
    _("estado"),
    _("contenido"),
    _("clasificación"),
    _("justificación"),
    _("clasificó"),
    _("firmó"),
    _("firmada el"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
_FORMATS = ("table", "csv")


@app.command("list")
def list_published(
    context: typer.Context,
    period: Annotated[
        int,
        typer.Option("--period", metavar="N", min=1, max=LARGEST_NUMBER, help=_("Qué periodo (calendar list --all).")),
    ],
    as_format: Annotated[
        str, typer.Option("--format", metavar="FORMATO", help=_("table, o csv para una hoja de cálculo."))
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="ARCHIVO", help=_("Escribe el csv en un archivo nuevo."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Muestra qué salió en un periodo electoral, con su clasificación, su justificación y su firma."""
    if as_format not in _FORMATS:
        raise InvalidInput(_("El formato «{name}» no existe. Son: table, csv.").format(name=as_format[:40]))
    if out is not None and as_format != "csv":
        raise InvalidInput(_("--out sirve con --format csv."))
    office = given(context).office()
    with office.database.read() as transaction:
        found = transaction.calendar.period(period)
        published = transaction.calendar.published(*found.span())
    if as_json:
        show_json([dict(zip(_KEYS, _row(each), strict=True)) for each in published])
    elif as_format == "csv":
        _give(_as_csv(published), out)
    else:
        say(period_line(found))
        if not published:
            say(_("No salió nada en ese periodo."))
            return
        headings = (_("Salió"), _("Red"), _("Publicación"), _("Clasificación"), _("Firmó"), _("Dirección"))
        rows = [_row(each) for each in published]
        say_rows(
            headings,
            [(f"{row[1]} {row[2]}", row[3], row[6], row[10] or _("sin clasificar"), row[13], row[5]) for row in rows],
        )


_KEYS = (
    "delivery",
    "day",
    "time",
    "network",
    "account",
    "url",
    "post",
    "revision",
    "state",
    "content",
    "class",
    "justification",
    "classified_by",
    "signed_by",
    "signed_at",
)


def _row(each: PublishedPost) -> tuple[str, ...]:
    seen = to_lima(each.published_at)
    said = each.classification
    return (
        str(each.delivery_id),
        f"{seen:%Y-%m-%d}",
        f"{seen:%H:%M:%S}",
        each.platform.label,
        each.account,
        each.url,
        str(each.post_id),
        str(each.revision),
        each.state.label,
        "\n".join(part for part in (each.title, each.text) if part),
        said.electoral_class.label if said else "",
        said.justification if said else "",
        said.classified_by if said else "",
        said.signed_by if said else "",
        f"{to_lima(said.signed_at):%Y-%m-%d %H:%M:%S}" if said and said.signed_at else "",
    )


def _as_csv(published: list[PublishedPost]) -> str:
    """Return the rows under their headings; no cell begins like a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_HEADINGS)
    for each in published:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in _row(each)])
    return written.getvalue()


def _give(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8-sig", newline="") as file:  # the mark tells a spreadsheet that it is UTF-8
            file.write(text)
    except FileExistsError as error:
        raise InvalidInput(_("«{file}» ya existe. Diga otro nombre.").format(file=out)) from error
    except OSError as error:
        raise StorageError(
            _("No se puede escribir «{file}». Revise la carpeta y los permisos.").format(file=out),
            diagnostic=str(error),
        ) from error
    say(_("Escrito en {file}.").format(file=out))
