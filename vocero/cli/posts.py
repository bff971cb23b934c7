"""`vocero posts`: what the office wants to publish, from draft to its hour."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InvalidInput
from core.lima import Week
from core.posts import Content, PostState
from core.texts import _
from vocero.actions import CancelPost, Change, DraftPost, RevisePost, SchedulePost
from vocero.actions.images import findings
from vocero.cli import classifying, reviewing, wording
from vocero.cli import findings as finding_commands
from vocero.cli.chosen import Ids, InWeek, PostNumber, chosen_posts, each_of
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, say_rows, show_json
from vocero.cli.findings import finding_as_dict, finding_lines
from vocero.cli.given import given, instant_of, platform_named
from vocero.cli.shown import PostFile, content_lines, delivery_line, history_lines, post_as_dict, post_row, read_post
from vocero.cli.stopped import say_stops
from vocero.settings import MOST_LATENESS

app = orders(_("Las publicaciones: del borrador a su hora."))

_STATES = ", ".join(f"{state} ({state.label})" for state in PostState)


app.command("findings")(finding_commands.show_findings)
app.command("sign")(finding_commands.sign)
app.command("check-links")(wording.check_links)
app.command("classify")(classifying.classify)


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
        aside = wording.aside_of(office, transaction, file)
    if as_json:
        every = [*map(finding_as_dict, found), *map(wording.text_finding_as_dict, aside.words)]
        said = aside.classification and classifying.classification_as_dict(aside.classification)
        show_json(post_as_dict(file) | {"findings": every, "classification": said})
        return
    for line in content_lines(file) + finding_lines(found) + aside.lines + history_lines(file):
        say(line)


@app.command("add")
def add(
    context: typer.Context,
    request: Annotated[
        int,
        typer.Option("--request", metavar="N", min=1, max=LARGEST_NUMBER, help=_("Solicitud a la que pertenece.")),
    ],
    network: Annotated[list[str], typer.Option("--network", metavar="RED", help=_("Red a la que va; se repite."))],
    at: Annotated[str, typer.Option("--at", metavar="FECHA", help=_("Su hora: 2026-11-24 08:30 (hora de Lima)."))],
    text: Annotated[str, typer.Option("--text", metavar="TEXTO", help=_("El texto; «-» para leerlo de la entrada."))],
    title: Annotated[str, typer.Option("--title", metavar="TEXTO", help=_("Título, para la página web."))] = "",
    link: Annotated[str, typer.Option("--link", metavar="ENLACE", help=_("Enlace."))] = "",
    language: Annotated[str, typer.Option("--language", metavar="IDIOMA", help=_("Idioma: es, qu, ay…"))] = "es",
) -> None:
    """Escribe el borrador de una publicación de una solicitud; sus imágenes se ponen con «posts edit»."""
    asked = given(context)
    office = asked.office()
    content = Content(text=sys.stdin.read() if text == "-" else text, title=title, link=link, language=language)
    post = DraftPost(
        office,
        asked.who(office),
        request_id=request,
        publish_at=instant_of(at),
        content=content,
        platforms=[platform_named(word) for word in network],
    ).run()
    say(_("Publicación {id}: borrador de la solicitud {request}.").format(id=post.id, request=request))


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
    alt: Annotated[
        list[str] | None,
        typer.Option("--alt", metavar="LUGAR=TEXTO", help=_("Texto alternativo nuevo de una imagen: 1, 2…")),
    ] = None,
    captions: Annotated[
        list[str] | None,
        typer.Option("--captions", metavar="ARCHIVO=IDIOMA", help=_("Reemplaza los subtítulos del video.")),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="IDIOMA", help=_("Idioma nuevo: es, qu, ay…"))
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
        alt_texts=dict(_placed(each) for each in alt or ()) or None,
        captions=None if captions is None else [_image(each, "--captions") for each in captions],
        language=language,
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


app.command("checklist")(reviewing.checklist)
app.command("submit")(reviewing.submit)
app.command("approve")(reviewing.approve)
app.command("return")(reviewing.send_back)
app.command("revoke")(reviewing.revoke)


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

    chosen = chosen_posts(office, posts, week, {PostState.APPROVED})
    say_stops(office)
    each_of(chosen, one)


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


def _image(text: str, option: str = "--image") -> tuple[Path, str]:
    path, said = _pair(text, option)
    return Path(path), said


def _placed(text: str) -> tuple[int, str]:
    place, said = _pair(text, "--alt")
    if not place.strip().isdecimal():
        raise InvalidInput(_("Escriba --alt así: LUGAR=TEXTO, con el lugar de la imagen (1, 2…)."))
    return int(place), said


def _target(file: PostFile, word: str) -> int:
    platform = platform_named(word)
    for target in file.revision.targets:
        if file.accounts[target.account_id].platform is platform:
            return target.account_id
    raise InvalidInput(_("La publicación no va a {network}.").format(network=platform.label))
