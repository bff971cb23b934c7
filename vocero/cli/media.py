"""`vocero media`: what the rules say of a file before it is used."""

from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InvalidInput
from core.images import Placement
from core.media import MediaKind
from core.platforms import Platform
from core.texts import _
from policy.image_case import Seen
from policy.images import check_file, unseen
from storage.looking import look_at
from storage.media import previewed
from storage.rulebooks import Rulebook
from vocero.actions.images import templates_of
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import say, show_json
from vocero.cli.findings import PictureOut, finding_as_dict, finding_lines
from vocero.cli.given import given, platform_named
from vocero.cli.moments import day_of
from vocero.drawing import draw
from vocero.office import SHIPPED_RULES

app = orders(_("Las imágenes y videos, antes de usarlos."))

_PLACEMENTS = ", ".join(f"{each} ({each.label})" for each in Placement)


@app.callback()
def _media() -> None:
    pass


@app.command("check")
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="ARCHIVO", help=_("La imagen o el video."))],
    network: Annotated[
        str | None, typer.Option("--network", metavar="RED", help=_("Para esa red (si no: para todas)."))
    ] = None,
    placement: Annotated[
        str, typer.Option("--placement", metavar="LUGAR", help=_("Dónde se verá: {all}.").format(all=_PLACEMENTS))
    ] = "feed",
    day: Annotated[
        str | None, typer.Option("--day", metavar="FECHA", help=_("Con las reglas de ese día (si no: hoy)."))
    ] = None,
    picture: PictureOut = None,
    as_json: AsJson = False,
) -> None:
    """Dice qué se corregiría al recibir un archivo y qué hallan las reglas; termina con 1 si algo impide usarlo.

    No guarda nada ni necesita una oficina instalada.
    """
    settings = given(context).load()
    rules = Rulebook(SHIPPED_RULES, settings.rules_dir).on(day_of(day))
    networks = list(Platform) if network is None else [platform_named(network)]
    preview = previewed(file)
    medium = preview.taken.medium
    look = None
    source = file if preview.data is None else preview.data
    if medium.kind is MediaKind.IMAGE:
        look = look_at(source, templates_of(rules))
    where = _placement(placement)
    in_force = rules.on(day_of(day))
    found = check_file(Seen(medium, look, preview.taken.original), in_force, [(each, where) for each in networks])
    if picture is not None and medium.kind is MediaKind.IMAGE:
        draw(source if isinstance(source, Path) else BytesIO(source), found, picture)
    if as_json:
        show_json(
            {
                "file_name": medium.file_name,
                "sha256": medium.sha256,
                "type": medium.mime_type,
                "size": medium.size,
                "width": medium.width,
                "height": medium.height,
                "frames": medium.frames,
                "duration": medium.duration,
                "rules": rules.version,
                "not_evaluated": [rule.id for rule in unseen(in_force)],
                "findings": [finding_as_dict(each) for each in found],
            }
        )
    else:
        size = f", {medium.width} × {medium.height}" if medium.width else ""
        say(
            _("{name}: {type}{size}, {bytes} bytes · reglas {version}").format(
                name=medium.file_name,
                type=medium.mime_type,
                size=size,
                bytes=medium.size,
                version=rules.version or _("ninguna"),
            )
        )
        for line in finding_lines(found) or [_("  Las reglas de imagen no hallan nada.")]:
            say(line)
        if unseen(in_force):
            say(_("  Franja institucional: no evaluada (la oficina no ha dado su plantilla)."))
    if any(each.blocks for each in found):
        raise typer.Exit(1)


def _placement(word: str) -> Placement:
    try:
        return Placement(word)
    except ValueError as error:
        raise InvalidInput(
            _("No se conoce el lugar «{word}». Son: {all}.").format(word=word[:40], all=_PLACEMENTS)
        ) from error
