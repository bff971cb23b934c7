"""Which posts a command is about: named one by one, or those of a week."""

from collections.abc import Callable
from typing import Annotated

import typer

from core.errors import InvalidInput, VoceroError
from core.lima import Week
from core.posts import PostState
from core.texts import _
from vocero.cli.console import LARGEST_NUMBER, err, say
from vocero.office import Office

PostNumber = Annotated[
    int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la publicación (posts list)."))
]
Ids = Annotated[
    list[int] | None, typer.Argument(metavar="N …", min=1, max=LARGEST_NUMBER, help=_("Números de las publicaciones."))
]
InWeek = Annotated[
    str | None,
    typer.Option("--week", metavar="SEMANA", help=_("Todas las de esa semana que correspondan, p. ej. 2026-W48.")),
]


def each_of(posts: list[int], one: Callable[[int], str]) -> None:
    """Do one after the other; a refusal is told and the rest goes on, and the exit code says so."""
    failed: VoceroError | None = None
    for post in posts:
        try:
            say(one(post))
        except VoceroError as error:
            if len(posts) == 1:
                raise
            err.print(_("Publicación {id}: {why}").format(id=post, why=error.sentence), markup=False)
            failed = error
    if failed is not None:
        raise typer.Exit(failed.exit_code)


def chosen_posts(office: Office, posts: list[int] | None, week: str | None, states: set[PostState]) -> list[int]:
    """Return the posts that were named, or those of the week in one of these states. Raises InvalidInput for none."""
    if bool(posts) == (week is not None):
        raise InvalidInput(_("Diga los números de las publicaciones, o --week."))
    if posts:
        return list(dict.fromkeys(posts))
    days = Week.parse(week or "")
    with office.database.read() as transaction:
        found = [post.id for post in transaction.posts.between(*days.span()) if post.state in states]
    if not found:
        raise InvalidInput(_("En esa semana no hay ninguna publicación que corresponda."))
    return found
