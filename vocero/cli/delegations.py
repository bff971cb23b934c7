"""`vocero delegations`: who acts in the head's stead ("jefa (e)"), and when."""

from datetime import datetime, time, timedelta
from typing import Annotated

import typer

from core.delegations import Delegation
from core.lima import shown, to_lima, to_utc
from core.people import Person
from core.texts import _
from policy.permissions import Act
from vocero.actions import EndDelegation, GrantDelegation
from vocero.actions.reading import may_read
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given, instant_of
from vocero.office import Office

app = orders(_("Los encargos de la jefatura: quién, de cuándo a cuándo."))


@app.command("add")
def add(
    context: typer.Context,
    delegate: Annotated[str, typer.Argument(metavar="USUARIO", help=_("Quién queda encargada o encargado."))],
    on_behalf_of: Annotated[str, typer.Option("--for", metavar="USUARIO", help=_("La jefatura titular."))],
    from_day: Annotated[str, typer.Option("--from", metavar="FECHA", help=_("Desde: 2026-12-01, o con hora de Lima."))],
    until: Annotated[
        str, typer.Option("--until", metavar="FECHA", help=_("Hasta: ese día entero, o esa hora de Lima."))
    ],
    basis: Annotated[str, typer.Option("--basis", metavar="DOCUMENTO", help=_("Documento que lo sustenta."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Solo dice si se podría; no cambia nada."))] = False,
    as_json: AsJson = False,
) -> None:
    """Encarga la jefatura a alguien por un tiempo; lo ya hecho fuera de esas fechas no cuenta."""
    asked = given(context)
    office = asked.office()
    act = GrantDelegation(
        office,
        asked.who(office),
        delegate=delegate,
        on_behalf_of=on_behalf_of,
        starts_at=instant_of(from_day),
        ends_at=_end_of(until),
        legal_basis=basis,
    )
    if dry_run:
        act.try_out()
        say(_("Se podría. No se cambió nada."))
        return
    _show(office, [act.run()], as_json=as_json)


@app.command("list")
def list_delegations(context: typer.Context, as_json: AsJson = False) -> None:
    """Muestra los encargos que hubo y hay."""
    asked = given(context)
    office = asked.office()
    may_read(office, asked.who(office), Act.READ_DELEGATIONS)
    with office.database.read() as transaction:
        delegations = transaction.delegations.all()
    _show(office, delegations, as_json=as_json)
    if not delegations and not as_json:
        say(_("No hubo ningún encargo."))


@app.command("end")
def end(
    context: typer.Context,
    delegation: Annotated[
        int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número del encargo (delegations list)."))
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Motivo; queda en el registro."))] = "",
    as_json: AsJson = False,
) -> None:
    """Termina un encargo desde este momento; lo aprobado mientras valía sigue aprobado."""
    asked = given(context)
    office = asked.office()
    _show(
        office,
        [EndDelegation(office, asked.who(office), delegation_id=delegation, reason=reason).run()],
        as_json=as_json,
    )


def _end_of(text: str) -> datetime:
    """Return the instant; of a day alone, its end."""
    instant = instant_of(text)
    day = to_lima(instant).date()
    return to_utc(day + timedelta(days=1), time.min) if text.strip() == day.isoformat() else instant


def _show(office: Office, delegations: list[Delegation], *, as_json: bool) -> None:
    with office.database.read() as transaction:
        people = {person.id: person for person in transaction.people.all()}
        now = transaction.now
    if as_json:
        show_json([_as_dict(each, people, now) for each in delegations])
        return
    for each in delegations:
        say(
            _("Encargo {id} · {delegate} por {head} · del {start} al {end} · {basis} · {state}").format(
                id=each.id,
                delegate=people[each.delegate_id].name,
                head=people[each.on_behalf_of].name,
                start=shown(each.starts_at),
                end=shown(each.ends_at),
                basis=each.legal_basis,
                state=_state(each, now),
            )
        )


def _state(delegation: Delegation, now: datetime) -> str:
    if delegation.ended_at is not None:
        return _("terminado el {hour}: {why}").format(hour=shown(delegation.ended_at), why=delegation.ended_reason)
    if delegation.is_in_force(now):
        return _("vigente")
    return _("todavía no comienza") if now < delegation.starts_at else _("vencido")


def _as_dict(delegation: Delegation, people: dict[int, Person], now: datetime) -> dict[str, object]:
    ended_by = delegation.ended_by
    return {
        "id": delegation.id,
        "delegate": people[delegation.delegate_id].login,
        "for": people[delegation.on_behalf_of].login,
        "from": delegation.starts_at,
        "until": delegation.ends_at,
        "basis": delegation.legal_basis,
        "granted_by": people[delegation.granted_by].login,
        "granted_at": delegation.granted_at,
        "ended_at": delegation.ended_at,
        "ended_by": None if ended_by is None else people[ended_by].login,
        "ended_reason": delegation.ended_reason,
        "in_force": delegation.is_in_force(now),
    }
