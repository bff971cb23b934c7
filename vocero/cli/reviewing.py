"""The review of posts on the command line: checklist, submission, the head's word (vocero/cli/posts.py lists them)."""

import sys
from typing import Annotated

import typer

from core.checklists import Point
from core.errors import InvalidInput
from core.posts import PostState
from core.texts import _
from policy.guards import required_points
from vocero.actions import ApprovePost, ReturnPost, RevokeApproval, SignChecklist, SubmitPost
from vocero.actions.images import findings, look_at_images
from vocero.cli.chosen import Ids, InWeek, PostNumber, chosen_posts, each_of
from vocero.cli.commands import AsJson
from vocero.cli.console import confirmed, say, show_json
from vocero.cli.findings import finding_lines
from vocero.cli.given import given, word_of
from vocero.cli.shown import content_lines, read_post
from vocero.cli.wording import aside_of

_POINTS = ", ".join(f"{point} ({point.label})" for point in Point)


def checklist(
    context: typer.Context,
    posts: Ids = None,
    week: InWeek = None,
    conforms: Annotated[
        str,
        typer.Option(
            "--conforms",
            metavar="PUNTOS",
            help=_("Qué se verificó y está conforme, con comas: {points}. Sin esto solo se muestra.").format(
                points=_POINTS
            ),
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Firma la lista de verificación (8.9) de lo que se muestra; sin --conforms, muestra quién la firmó."""
    asked = given(context)
    office = asked.office()
    chosen = chosen_posts(office, posts, week, {PostState.DRAFT, PostState.CHANGES_REQUESTED, PostState.IN_REVIEW})
    if not conforms:
        with office.database.read() as transaction:
            files = [read_post(transaction, post) for post in chosen]
            signed = {file.post.id: transaction.checklists.of(file.revision.id) for file in files}
        if as_json:
            show_json(
                [
                    {
                        "post": file.post.id,
                        "revision": file.revision.number,
                        "required": required_points(file.revision.content),
                        "signed": [
                            {
                                "by": file.people[each.signed_by].login,
                                "at": each.signed_at,
                                "digest": each.digest,
                                "points": each.points,
                            }
                            for each in signed[file.post.id]
                        ],
                    }
                    for file in files
                ]
            )
            return
        for file in files:
            points = ", ".join(point.label for point in required_points(file.revision.content))
            names = ", ".join(file.people[each.signed_by].name for each in signed[file.post.id])
            say(
                _("Publicación {id}, versión {number}: {points}. Firmada por: {names}.").format(
                    id=file.post.id, number=file.revision.number, points=points, names=names or _("nadie")
                )
            )
        return
    who = asked.who(office)
    given_points = [word_of(Point, word, "--conforms") for word in conforms.split(",") if word.strip()]

    def one(post: int) -> str:
        revision = SignChecklist(office, who, post_id=post, points=given_points).run()
        return _("Publicación {id}: lista de verificación firmada, versión {number}.").format(
            id=post, number=revision.number
        )

    each_of(chosen, one)


def submit(context: typer.Context, posts: Ids = None, week: InWeek = None) -> None:
    """Envía borradores a la jefatura para su aprobación."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)

    def one(post: int) -> str:
        SubmitPost(office, who, post_id=post).run()
        return _("Publicación {id}: en revisión.").format(id=post)

    each_of(chosen_posts(office, posts, week, {PostState.DRAFT, PostState.CHANGES_REQUESTED}), one)


def approve(
    context: typer.Context,
    posts: Ids = None,
    week: InWeek = None,
    code: Annotated[
        str | None,
        typer.Option(
            "--code", metavar="CÓDIGO", help=_("Código de lo que se leyó (posts show); aprueba solo si es el mismo.")
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Aprueba lo que se muestra, sin preguntar."))] = False,
) -> None:
    """Aprueba exactamente lo que se muestra. Solo la jefatura, y no lo que ella misma escribió."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)
    chosen = chosen_posts(office, posts, week, {PostState.IN_REVIEW})
    if code is not None and len(chosen) != 1:
        raise InvalidInput(_("--code sirve para una sola publicación."))

    def one(post: int) -> str:
        look_at_images(office, post)
        with office.database.read() as transaction:
            file = read_post(transaction, post)
            found = findings(office, transaction, file.post)
            aside = aside_of(office, transaction, file)
        for line in content_lines(file) + finding_lines(found) + aside.lines:
            say(line)
        if code is not None and code != file.code:
            raise InvalidInput(
                _("El código de la publicación {id} es ahora {code}: cambió. Léala otra vez.").format(
                    id=post, code=file.code
                )
            )
        if code is None and not yes and not _confirmed(post):
            return _("Publicación {id}: no se aprobó.").format(id=post)
        ApprovePost(office, who, post_id=post, shown=file.digests).run()
        return _("Publicación {id}: aprobada.").format(id=post)

    each_of(chosen, one)


def send_back(
    context: typer.Context,
    post: PostNumber,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Qué hay que corregir."))] = "",
) -> None:
    """Devuelve una publicación para que se corrija (no conforme)."""
    asked = given(context)
    office = asked.office()
    ReturnPost(office, asked.who(office), post_id=post, reason=reason).run()
    say(_("Publicación {id}: devuelta para corregir.").format(id=post))


def revoke(
    context: typer.Context,
    post: PostNumber,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Motivo; queda en el registro."))] = "",
) -> None:
    """Deja sin efecto una aprobación: vuelve a revisión y sale del programa."""
    asked = given(context)
    office = asked.office()
    RevokeApproval(office, asked.who(office), post_id=post, reason=reason).run()
    say(_("Publicación {id}: la aprobación quedó sin efecto; está otra vez en revisión.").format(id=post))


def _confirmed(post: int) -> bool:
    if not sys.stdin.isatty():
        raise InvalidInput(_("Para aprobar sin que se le pregunte: --code CÓDIGO (lo da posts show), o --yes."))
    return confirmed(_("¿Aprueba la publicación {id} tal como se muestra?").format(id=post))
