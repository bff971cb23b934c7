"""`vocero requests`: what was asked of the office, from intake to its end."""

from typing import Annotated

import typer

from core.errors import InvalidInput
from core.requests import Channel, Details, EventClass, Origin, RequestState, Source
from core.texts import _
from policy.permissions import Act, is_own
from vocero.actions import (
    AddRequest,
    AssignRequest,
    CancelRequest,
    CloseRequest,
    DecideRequest,
    DuplicateRequest,
    EscalateRequest,
    EvaluateRequest,
    HandOverRequest,
    ObserveRequest,
    RatifyDecision,
    RejectRequest,
    SubmitRequest,
    WithdrawRequest,
)
from vocero.actions.reading import may_read
from vocero.actions.upkeep import catch_up
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, say_rows, show_json
from vocero.cli.given import given, instant_of, word_of
from vocero.cli.requests_acting import (
    ByChannel,
    ByClass,
    DecidedAt,
    DecidedBy,
    DryRun,
    Reason,
    RequestNumber,
    do,
    told,
    word_told,
    words_of,
)
from vocero.cli.requests_shown import read_request, request_as_dict, request_lines, request_row

app = orders(_("Las solicitudes: quién pidió qué, y en qué van."))
_STATES = words_of(RequestState)
_CLASSES = words_of(EventClass)


@app.command("add")
def add(
    context: typer.Context,
    origin: Annotated[
        str, typer.Option("--origin", metavar="ORIGEN", help=_("Origen (8.6): {all}.").format(all=words_of(Origin)))
    ],
    channel: Annotated[
        str, typer.Option("--channel", metavar="MEDIO", help=_("Medio (8.7): {all}.").format(all=words_of(Channel)))
    ],
    unit: Annotated[str, typer.Option("--unit", metavar="TEXTO", help=_("Unidad que solicita."))],
    subject: Annotated[str, typer.Option("--subject", metavar="TEXTO", help=_("Qué se solicita, en una línea."))],
    event: Annotated[str, typer.Option("--event", metavar="TEXTO", help=_("De qué se trata: quién, qué, dónde."))] = "",
    event_class: Annotated[
        str,
        typer.Option(
            "--class", metavar="CLASE", help=_("Clasificación (8.5): {all}.").format(all=words_of(EventClass))
        ),
    ] = EventClass.CENTRAL.value,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="FUENTE", help=_("Fuente (8.3, 8.4): {all}.").format(all=words_of(Source))),
    ] = None,
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="TEXTO", help=_("Sustento: número de documento, fecha de la llamada."))
    ] = "",
    when: Annotated[
        str | None, typer.Option("--when", metavar="FECHA", help=_("Cuándo es el evento: 2026-11-24 08:30."))
    ] = None,
    social_only: Annotated[bool, typer.Option("--social-only", help=_("Solo para redes sociales (8.15)."))] = False,
    as_json: AsJson = False,
) -> None:
    """Ingresa una solicitud en borrador, propia o de otra área.

    Una orden verbal de la Alta Dirección se ingresa igual; al enviarla (requests submit) se dice quién la dio.
    """
    asked = given(context)
    office = asked.office()
    details = Details(
        origin=word_of(Origin, origin, "--origin"),
        channel=word_of(Channel, channel, "--channel"),
        event_class=word_of(EventClass, event_class, "--class"),
        unit=unit.strip(),
        source=None if source is None else word_of(Source, source, "--source"),
        subject=subject.strip(),
        event=event.strip(),
        evidence=evidence.strip(),
        happens_at=None if when is None else instant_of(when),
        social_only=social_only,
    )
    request = AddRequest(office, asked.who(office), details=details).run()
    told(context, request, as_json=as_json)


@app.command("list")
def list_requests(
    context: typer.Context,
    state: Annotated[
        str | None,
        typer.Option(
            "--state", metavar="ESTADO", help=_("Solo las que están así: {all}.").format(all=words_of(RequestState))
        ),
    ] = None,
    unratified: Annotated[
        bool, typer.Option("--unratified", help=_("Solo las que esperan que la Alta Dirección ratifique."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Muestra las solicitudes; un área usuaria ve las suyas."""
    asked = given(context)
    office = asked.office()
    who = may_read(office, asked.who(office), Act.READ_REQUESTS)
    states = None if state is None else [word_of(RequestState, state, "--state")]
    with office.database.read() as transaction:
        waiting = {decision.request_id for decision in transaction.requests.unratified()}
        found = [
            read_request(transaction, each.id)
            for each in transaction.requests.all(states)
            if is_own(who, each.created_by) and (not unratified or each.id in waiting)
        ]
    if as_json:
        show_json([request_as_dict(file) for file in found])
        return
    if not found:
        say(_("No hay ninguna solicitud así."))
        return
    headings = (_("N.°"), _("Estado"), _("Origen"), _("Unidad"), _("Qué se solicita"))
    say_rows(headings, [request_row(file) for file in found])


@app.command("show")
def show(context: typer.Context, request: RequestNumber, as_json: AsJson = False) -> None:
    """Muestra una solicitud entera: qué pide, quién decidió qué, y su historia."""
    asked = given(context)
    office = asked.office()
    who = may_read(office, asked.who(office), Act.READ_REQUESTS)
    with office.database.read() as transaction:
        file = read_request(transaction, request)
    if not is_own(who, file.request.created_by):
        raise InvalidInput(_("La solicitud {id} es de otra persona.").format(id=request))
    if as_json:
        show_json(request_as_dict(file))
        return
    for line in request_lines(file):
        say(line)


@app.command("submit")
def submit(
    context: typer.Context,
    request: RequestNumber,
    decided_by: DecidedBy = "",
    at: DecidedAt = None,
    channel: ByChannel = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Envía una solicitud, o la envía otra vez tras una observación.

    De una orden verbal se dice quién la dio, cuándo y por qué medio; queda designada y por ratificar.
    """
    asked = given(context)
    office = asked.office()
    word = word_told(decided_by, at, channel)
    do(context, SubmitRequest(office, asked.who(office), request_id=request, word=word), dry_run, as_json=as_json)


@app.command("evaluate")
def evaluate(
    context: typer.Context,
    request: RequestNumber,
    event_class: ByClass = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Toma una solicitud para evaluarla y la clasifica."""
    asked = given(context)
    office = asked.office()
    known = None if event_class is None else word_of(EventClass, event_class, "--class")
    act = EvaluateRequest(office, asked.who(office), request_id=request, event_class=known)
    do(context, act, dry_run, as_json=as_json)


@app.command("observe")
def observe(
    context: typer.Context,
    request: RequestNumber,
    reason: Reason = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Devuelve una solicitud para que se complete."""
    asked = given(context)
    office = asked.office()
    do(context, ObserveRequest(office, asked.who(office), request_id=request, reason=reason), dry_run, as_json=as_json)


@app.command("reject")
def reject(
    context: typer.Context,
    request: RequestNumber,
    reason: Reason = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Declara que una solicitud no procede."""
    asked = given(context)
    office = asked.office()
    do(context, RejectRequest(office, asked.who(office), request_id=request, reason=reason), dry_run, as_json=as_json)


@app.command("escalate")
def escalate(context: typer.Context, request: RequestNumber, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Consulta una solicitud a la Alta Dirección."""
    asked = given(context)
    office = asked.office()
    do(context, EscalateRequest(office, asked.who(office), request_id=request), dry_run, as_json=as_json)


@app.command("decide")
def decide(
    context: typer.Context,
    request: RequestNumber,
    accept: Annotated[
        bool | None, typer.Option("--accept/--reject", help=_("Qué se decidió: se acepta, o no (4.1, 4.2)."))
    ] = None,
    reason: Reason = "",
    decided_by: DecidedBy = "",
    at: DecidedAt = None,
    channel: ByChannel = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Decide una consulta: la Alta Dirección, o la jefatura anota lo que dijo.

    Lo anotado por la jefatura queda por ratificar. Aceptar la propuesta no autoriza ninguna publicación (8.11).
    """
    if accept is None:
        raise InvalidInput(_("Diga qué se decidió: --accept o --reject."))
    asked = given(context)
    office = asked.office()
    act = DecideRequest(
        office,
        asked.who(office),
        request_id=request,
        accepted=accept,
        reason=reason,
        word=word_told(decided_by, at, channel),
    )
    do(context, act, dry_run, as_json=as_json)


@app.command("ratify")
def ratify(context: typer.Context, request: RequestNumber, as_json: AsJson = False) -> None:
    """Ratifica lo que se anotó en nombre de la Alta Dirección."""
    asked = given(context)
    office = asked.office()
    decision = RatifyDecision(office, asked.who(office), request_id=request).run()
    with office.database.read() as transaction:
        found = transaction.requests.get(decision.request_id)
    told(context, found, as_json=as_json)


@app.command("assign")
def assign(
    context: typer.Context,
    request: RequestNumber,
    to: Annotated[str, typer.Option("--to", metavar="USUARIO", help=_("Responsable del equipo que se designa."))],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Designa a quien dirige el trabajo de una solicitud."""
    asked = given(context)
    office = asked.office()
    do(context, AssignRequest(office, asked.who(office), request_id=request, login=to), dry_run, as_json=as_json)


@app.command("hand-over")
def hand_over(
    context: typer.Context,
    request: RequestNumber,
    to: Annotated[str, typer.Option("--to", metavar="USUARIO", help=_("Responsable del contenido que la recibe."))],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Entrega una solicitud a quien responde por el contenido."""
    asked = given(context)
    office = asked.office()
    do(context, HandOverRequest(office, asked.who(office), request_id=request, login=to), dry_run, as_json=as_json)


@app.command("withdraw")
def withdraw(
    context: typer.Context,
    request: RequestNumber,
    reason: Reason = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Desiste de una solicitud que todavía no se publicó."""
    asked = given(context)
    office = asked.office()
    do(context, WithdrawRequest(office, asked.who(office), request_id=request, reason=reason), dry_run, as_json=as_json)


@app.command("cancel")
def cancel(
    context: typer.Context,
    request: RequestNumber,
    reason: Reason = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Anula una solicitud que todavía no se publicó, con sus publicaciones."""
    asked = given(context)
    office = asked.office()
    do(context, CancelRequest(office, asked.who(office), request_id=request, reason=reason), dry_run, as_json=as_json)


@app.command("duplicate")
def duplicate(
    context: typer.Context,
    request: RequestNumber,
    of: Annotated[
        int, typer.Option("--of", metavar="N", min=1, max=LARGEST_NUMBER, help=_("La solicitud que esta repite."))
    ],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Declara que una solicitud repite otra; deja de contar."""
    asked = given(context)
    office = asked.office()
    do(context, DuplicateRequest(office, asked.who(office), request_id=request, of=of), dry_run, as_json=as_json)


@app.command("close")
def close(context: typer.Context, request: RequestNumber, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Cierra una solicitud publicada cuyo seguimiento terminó."""
    asked = given(context)
    office = asked.office()
    do(context, CloseRequest(office, asked.who(office), request_id=request), dry_run, as_json=as_json)


@app.command("catch-up")
def bring_up_to_date(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Solo muestra qué cambiaría."))] = False,
    as_json: AsJson = False,
) -> None:
    """Vence lo que pasó sin aprobarse y devuelve a revisión lo aprobado que ya no pasaría.

    «vocero run» y «vocero deliver» lo hacen solos.
    """
    office = given(context).office()
    found = catch_up(office, dry_run=dry_run)
    if as_json:
        show_json([{"subject": each.subject, "after": each.after, "reason": each.reason} for each in found])
        return
    for each in found:
        say(f"{each.subject} → {each.after} · {each.reason}")
    if not found:
        say(_("Todo está al día."))
