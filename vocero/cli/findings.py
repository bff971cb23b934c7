"""`vocero posts findings` and `posts sign`: what the rules found in a post, and what people sign about its images."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InvalidInput
from core.images import Box, Finding, NoteKind
from core.texts import _
from vocero.actions import SignConsent, WaiveRule
from vocero.actions.images import findings, look_at_images, rules_for
from vocero.actions.words import words_of
from vocero.cli.commands import AsJson
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given
from vocero.cli.wording import text_finding_as_dict, text_finding_lines
from vocero.drawing import draw

PostNumber = Annotated[
    int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la publicación (posts list)."))
]
PictureOut = Annotated[
    Path | None,
    typer.Option("--picture", metavar="SALIDA.png", help=_("Dibuja los hallazgos sobre la imagen, en ese archivo.")),
]


def show_findings(
    context: typer.Context, post: PostNumber, picture: PictureOut = None, as_json: AsJson = False
) -> None:
    """Muestra lo que las reglas hallan en imágenes y textos de una publicación; termina con 1 si algo impide que salga.

    Con varias imágenes, --picture escribe un archivo por cada una: SALIDA-1.png, SALIDA-2.png…
    """
    office = given(context).office()
    look_at_images(office, post)
    with office.database.read() as transaction:
        known = transaction.posts.get(post)
        media = [each.medium for each in transaction.posts.latest_revision(post).content.attachments]
        found = findings(office, transaction, known)
        wording = words_of(office, transaction, known)
    if picture is not None:
        images = [medium for medium in media if any(each.sha256 == medium.sha256 and each.box for each in found)]
        for number, medium in enumerate(images, 1):
            target = picture if len(images) == 1 else picture.with_stem(f"{picture.stem}-{number}")
            draw(office.media.path(medium.sha256), [each for each in found if each.sha256 == medium.sha256], target)
    if as_json:
        show_json([*map(finding_as_dict, found), *map(text_finding_as_dict, wording)])
    else:
        for line in finding_lines(found) or [_("Las reglas de imagen no hallan nada.")]:
            say(line)
        for line in text_finding_lines(wording) or [_("Las reglas de texto no hallan nada.")]:
            say(line)
        for rule in rules_for(office, known).rules:
            if rule.check == "strip" and not rule.template:
                say(_("  Franja institucional: no evaluada (la oficina no ha dado su plantilla)."))
    if any(each.blocks for each in found) or any(each.blocks for each in wording):
        raise typer.Exit(1)


def sign(
    context: typer.Context,
    post: PostNumber,
    rule: Annotated[str, typer.Option("--rule", metavar="REGLA", help=_("La regla que pide la firma."))],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXTO", help=_("Qué consentimiento hay, o por qué se exceptúa."))
    ] = "",
) -> None:
    """Firma lo que una regla de imagen pide: el consentimiento de quien sale, o la excepción de la jefatura."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)
    look_at_images(office, post)
    with office.database.read() as transaction:
        found = findings(office, transaction, transaction.posts.get(post))
    kinds = {each.lifted_by for each in found if each.rule == rule}
    if not kinds:
        raise InvalidInput(
            _("La regla «{rule}» no halló nada en la publicación {id}. Vea: vocero posts findings {id}").format(
                rule=rule[:100], id=post
            )
        )
    act = WaiveRule if NoteKind.WAIVER in kinds else SignConsent
    notes = act(office, who, post_id=post, rule=rule, reason=reason).run()
    say(_("Publicación {id}: firmado para {n} imagen(es).").format(id=post, n=len(notes)))


def finding_lines(found: Sequence[Finding]) -> list[str]:
    """Return what was found, line by line: what stands in the way first."""
    order = ("block", "warn", "fix")
    lines = []
    for each in sorted(found, key=lambda finding: (not finding.blocks, order.index(finding.severity))):
        lines.append(f"  [{each.severity.label}] {each.sentence} {each.advice}")
        where = f" · {_place(each.box)}" if each.box else ""
        lines.append(_("      regla {rule}").format(rule=each.rule) + where)
        if each.note:
            lines.append(_("      Firmado por {who}: {reason}").format(who=each.note.author, reason=each.note.reason))
    return lines


def finding_as_dict(finding: Finding) -> dict[str, object]:
    """Return a finding for programs."""
    box, note = finding.box, finding.note
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "blocks": finding.blocks,
        "file_name": finding.file_name,
        "sha256": finding.sha256,
        "network": finding.network,
        "placement": finding.placement,
        "box": None if box is None else {"left": box.left, "top": box.top, "width": box.width, "height": box.height},
        "sentence": finding.sentence,
        "advice": finding.advice,
        "lifted_by": finding.lifted_by,
        "note": None if note is None else {"author": note.author, "reason": note.reason},
    }


def _place(box: Box) -> str:
    return _("en x {left}, y {top}, de {width} × {height} píxeles").format(
        left=box.left, top=box.top, width=box.width, height=box.height
    )
