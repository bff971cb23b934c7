"""`vocero posts`: what the office wants to publish, from draft to its hour."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InvalidInput, VoceroError
from core.lima import Week
from core.posts import PostState
from core.texts import _
from vocero.actions import ApprovePost, CancelPost, Change, ReturnPost, RevisePost, SchedulePost, SubmitPost
from vocero.actions.images import findings, look_at_images
from vocero.cli import findings as finding_commands
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, confirmed, err, say, say_rows, show_json
from vocero.cli.findings import finding_as_dict, finding_lines
from vocero.cli.given import given, instant_of, platform_named
from vocero.cli.shown import PostFile, content_lines, delivery_line, history_lines, post_as_dict, post_row, read_post
from vocero.cli.stopped import say_stops
from vocero.office import Office
from vocero.settings import MOST_LATENESS

app = orders(_("Las publicaciones: del borrador a su hora."))

_STATES = ", ".join(f"{state} ({state.label})" for state in PostState)
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


app.command("findings")(finding_commands.show_findings)
app.command("sign")(finding_commands.sign)


@app.command("list")
def list_posts(
    context: typer.Context,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="ESTADO", help=_("Solo las que están así: {states}.").format(states=_STATES)),
    ] = None,
    week: InWeek = None,
    as_json: AsJson = False,
) -> None:
    """Muestra las publicaciones por su hora."""
    office = given(context).office()
    known = _state(state)
    with office.database.read() as transaction:
        if week is None:
            posts = transaction.posts.all(known)
        else:
            posts = [p for p in transaction.posts.between(*Week.parse(week).span()) if known in (None, p.state)]
        files = [read_post(transaction, post.id) for post in posts]
    if as_json:
        show_json([post_as_dict(file) for file in files])
        return
    if not files:
        narrowed = known is not None or week is not None
        say(_("No hay ninguna así.") if narrowed else _("No hay publicaciones. Impórtelas: vocero programme import"))
        return
    say_rows((_("N.°"), _("Sale"), _("Estado"), _("Redes"), _("Comienza")), [post_row(file) for file in files])


@app.command("show")
def show(
    context: typer.Context,
    post: PostNumber,
    as_json: AsJson = False,
) -> None:
    """Muestra una publicación entera: qué dice, quién la aprobó, qué pasó con ella."""
    office = given(context).office()
    with office.database.read() as transaction:
        file = read_post(transaction, post)
        found = findings(office, transaction, file.post)
    if as_json:
        show_json(post_as_dict(file) | {"findings": [finding_as_dict(each) for each in found]})
        return
    for line in content_lines(file) + finding_lines(found) + history_lines(file):
        say(line)


@app.command("edit")
def edit(
    context: typer.Context,
    post: PostNumber,
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXTO", help=_("Texto nuevo; «-» para leerlo de la entrada."))
    ] = None,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXTO", help=_("Título nuevo, para la página web; vacío para quitarlo.")),
    ] = None,
    link: Annotated[
        str | None, typer.Option("--link", metavar="ENLACE", help=_("Enlace nuevo; vacío para quitarlo."))
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="FECHA", help=_("Hora nueva: 2026-11-24 08:30."))] = None,
    image: Annotated[
        list[str] | None,
        typer.Option("--image", metavar="ARCHIVO=TEXTO", help=_("Reemplaza las imágenes; con su texto alternativo.")),
    ] = None,
    text_for: Annotated[
        list[str] | None, typer.Option("--text-for", metavar="RED=TEXTO", help=_("Texto propio para una red."))
    ] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="RED", help=_("Quita una red."))] = None,
    thread: Annotated[
        list[str] | None,
        typer.Option("--thread", metavar="TEXTO", help=_("Mensajes que siguen al texto (hilo); vacío para quitarlos.")),
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="ETIQUETA", help=_("Reemplaza las etiquetas; vacío las quita."))
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="RED.OPCIÓN=VALOR", help=_("Opción de una red; sin valor para quitarla.")),
    ] = None,
) -> None:
    """Corrige una publicación: hace una versión nueva. Si estaba aprobada, vuelve a revisión."""
    asked = given(context)
    office = asked.office()
    with office.database.read() as transaction:
        file = read_post(transaction, post)
    change = Change(
        text=sys.stdin.read() if text == "-" else text,
        title=title,
        link=link,
        publish_at=None if at is None else instant_of(at),
        images=None if image is None else [_image(each) for each in image],
        texts={_target(file, word): own for word, own in (_pair(each, "--text-for") for each in text_for or [])}
        or None,
        without_accounts=tuple(_target(file, word) for word in remove or ()),
        thread=None if thread is None else [message for message in thread if message],
        tags=None if tag is None else [word for word in tag if word],
        options=dict(_pair(each, "--option") for each in option or ()) or None,
    )
    if change == Change():
        raise InvalidInput(_("Diga qué cambia: --text, --title, --link, --at, --image… Vea: posts edit --help"))
    revision = RevisePost(office, asked.who(office), post_id=post, change=change).run()
    say(_("Publicación {id}: versión {number}.").format(id=post, number=revision.number))
    with office.database.read() as transaction:
        still_approved = transaction.posts.get(post).state is PostState.APPROVED
    if file.post.state is PostState.APPROVED and not still_approved:
        say(_("La aprobación anterior quedó sin efecto; está otra vez en revisión y sin programar."))


@app.command("submit")
def submit(context: typer.Context, posts: Ids = None, week: InWeek = None) -> None:
    """Envía borradores a la jefatura para su aprobación."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)

    def one(post: int) -> str:
        SubmitPost(office, who, post_id=post).run()
        return _("Publicación {id}: en revisión.").format(id=post)

    _each(_chosen(office, posts, week, {PostState.DRAFT, PostState.CHANGES_REQUESTED}), one)


@app.command("approve")
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
    chosen = _chosen(office, posts, week, {PostState.IN_REVIEW})
    if code is not None and len(chosen) != 1:
        raise InvalidInput(_("--code sirve para una sola publicación."))

    def one(post: int) -> str:
        look_at_images(office, post)
        with office.database.read() as transaction:
            file = read_post(transaction, post)
            found = findings(office, transaction, file.post)
        for line in content_lines(file) + finding_lines(found):
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

    _each(chosen, one)


@app.command("return")
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


@app.command("schedule")
def schedule(
    context: typer.Context,
    posts: Ids = None,
    week: InWeek = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="FECHA", help=_("Otra hora del tiempo aprobado: 2026-11-24 08:30."))
    ] = None,
    late_after: Annotated[
        int | None,
        typer.Option(
            "--late-after",
            metavar="MINUTOS",
            min=1,
            max=MOST_LATENESS,
            help=_("Tardanza máxima de estos envíos; después no se envían (si no se dice: la de los ajustes)."),
        ),
    ] = None,
) -> None:
    """Programa lo aprobado en cada una de sus cuentas; también lo que quedó en pausa."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)
    instant = None if at is None else instant_of(at)
    lateness = None if late_after is None else timedelta(minutes=late_after)

    def one(post: int) -> str:
        action = SchedulePost(office, who, post_id=post, at=instant, lateness=lateness)
        deliveries = action.run()
        with office.database.read() as transaction:
            lines = [delivery_line(each, transaction.accounts.get(each.account_id)) for each in deliveries]
        lines.extend(_("  Atención: {warning}").format(warning=warning.sentence) for warning in action.warnings)
        return "\n".join(lines)

    chosen = _chosen(office, posts, week, {PostState.APPROVED})
    say_stops(office)
    _each(chosen, one)


@app.command("cancel")
def cancel(
    context: typer.Context,
    post: PostNumber,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Motivo; queda en el registro."))] = "",
) -> None:
    """Anula lo que todavía no salió."""
    asked = given(context)
    office = asked.office()
    taken = CancelPost(office, asked.who(office), post_id=post, reason=reason).run()
    say(_("Publicación {id}: anulada; envíos retirados del programa: {n}.").format(id=post, n=len(taken)))
    with office.database.read() as transaction:
        file = read_post(transaction, post)
    if file.post.state is not PostState.CANCELLED:
        say(_("Lo que ya salió sigue publicado:"))
        for delivery in file.deliveries:
            say("  " + delivery_line(delivery, file.accounts[delivery.account_id]))


def _each(posts: list[int], one: Callable[[int], str]) -> None:
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


def _chosen(office: Office, posts: list[int] | None, week: str | None, states: set[PostState]) -> list[int]:
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


def _confirmed(post: int) -> bool:
    if not sys.stdin.isatty():
        raise InvalidInput(_("Para aprobar sin que se le pregunte: --code CÓDIGO (lo da posts show), o --yes."))
    return confirmed(_("¿Aprueba la publicación {id} tal como se muestra?").format(id=post))


def _state(word: str | None) -> PostState | None:
    if word is None:
        return None
    try:
        return next(each for each in PostState if word.casefold() in (each, each.label.casefold()))
    except StopIteration:
        raise InvalidInput(_("No existe el estado «{word}». Son: {all}.").format(word=word[:60], all=_STATES)) from None


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InvalidInput(_("Escriba {option} así: NOMBRE=TEXTO.").format(option=option))
    return name, value


def _image(text: str) -> tuple[Path, str]:
    path, alt_text = _pair(text, "--image")
    return Path(path), alt_text


def _target(file: PostFile, word: str) -> int:
    platform = platform_named(word)
    for target in file.revision.targets:
        if file.accounts[target.account_id].platform is platform:
            return target.account_id
    raise InvalidInput(_("La publicación no va a {network}.").format(network=platform.label))
