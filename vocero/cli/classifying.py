"""`vocero posts classify`: what a post is under the electoral ban, and the head's signature under it."""

from typing import Annotated

import typer

from core.calendar import Classification, ElectoralClass
from core.errors import InvalidInput
from core.lima import shown
from core.texts import _
from vocero.actions import ClassifyPost, SignClassification
from vocero.cli.commands import AsJson
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given

_CLASSES = ", ".join(f"{each} ({each.label})" for each in ElectoralClass)


def classify(
    context: typer.Context,
    post: Annotated[
        int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la publicación (posts list)."))
    ],
    electoral_class: Annotated[
        str | None, typer.Option("--class", metavar="CLASE", help=_("Una de: {all}.").format(all=_CLASSES))
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("La justificación."))] = "",
    sign: Annotated[bool, typer.Option("--sign", help=_("La jefatura firma lo que otra persona clasificó."))] = False,
    as_json: AsJson = False,
) -> None:
    """Clasifica la última versión de una publicación para un periodo electoral, o firma su clasificación.

    Sin opciones muestra cómo está clasificada.
    """
    asked = given(context)
    office = asked.office()
    if sign and electoral_class is not None:
        raise InvalidInput(_("Diga --class o --sign: quien clasifica no firma."))
    if electoral_class is not None:
        found = ClassifyPost(
            office, asked.who(office), post_id=post, electoral_class=_class(electoral_class), justification=reason
        ).run()
    else:
        with office.database.read() as transaction:
            known = transaction.calendar.classification(transaction.posts.latest_revision(post).id)
        if sign:
            known = SignClassification(
                office, asked.who(office), post_id=post, shown=None if known is None else known.id
            ).run()
        if known is None:
            _tell_none(post, as_json=as_json)
            return
        found = known
    if as_json:
        show_json(classification_as_dict(found))
        return
    say(_("Publicación {id}: {line}").format(id=post, line=classification_line(found)))


def classification_line(found: Classification) -> str:
    """Return one line on a classification."""
    signed = _("sin firma de la jefatura")
    if found.signed_at is not None:
        signed = _("firmó {who} el {hour}").format(who=found.signed_by, hour=shown(found.signed_at))
    return _("{label} · {why} · clasificó {who} · {signed}").format(
        label=found.electoral_class.label, why=found.justification, who=found.classified_by, signed=signed
    )


def classification_as_dict(found: Classification) -> dict[str, object]:
    """Return a classification for programs."""
    return {
        "class": found.electoral_class,
        "justification": found.justification,
        "classified_by": found.classified_by,
        "classified_at": found.classified_at,
        "signed_by": found.signed_by,
        "signed_at": found.signed_at,
    }


def _tell_none(post: int, *, as_json: bool) -> None:
    if as_json:
        show_json(None)
    else:
        say(_("Publicación {id}: la última versión no está clasificada.").format(id=post))


def _class(word: str) -> ElectoralClass:
    for each in ElectoralClass:
        if word.strip().casefold() in (each, each.label.casefold()):
            return each
    raise InvalidInput(_("No existe la clase «{word}». Son: {all}.").format(word=word[:60], all=_CLASSES))
