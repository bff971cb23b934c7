"""`vocero calendar`: what the days hold, and what is entered: days without work, embargoes, electoral periods."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import typer

from core.accounts import Account
from core.calendar import ElectoralPeriod, Embargo
from core.lima import DAYS, Week, to_lima, to_utc
from core.platforms import Platform
from core.texts import _, plural
from policy.calendar import WorkingCalendar, scope_of, span_of
from storage.transaction import Transaction
from vocero.actions import DeclareDay, EndEmbargo, EndPeriod, EnterEmbargo, EnterPeriod, WithdrawDay
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given
from vocero.cli.moments import day_of, edge_of

app = orders(_("El calendario: feriados, embargos de seguridad, periodos electorales y la carga de cada día."))

ADay = Annotated[str, typer.Argument(metavar="FECHA", help=_("El día, p. ej. 2026-12-24."))]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Motivo; queda en el registro."))]
Basis = Annotated[str, typer.Option("--basis", metavar="TEXTO", help=_("La norma o el documento que lo dispone."))]
Name = Annotated[str, typer.Option("--name", metavar="TEXTO", help=_("Cómo se llama."))]
Number = Annotated[int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Su número (calendar list)."))]


@app.command("show")
def show(
    context: typer.Context,
    week: Annotated[
        str | None, typer.Option("--week", metavar="SEMANA", help=_("Qué semana, p. ej. 2026-W48 (si no: esta)."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Muestra cada día de una semana: si se trabaja, qué lo impide y cuántas publicaciones tiene cada red."""
    office = given(context).office()
    chosen = Week.of(to_lima(datetime.now(UTC)).date()) if week is None else Week.parse(week)
    with office.database.read() as transaction:
        working = office.working_calendar(transaction)
        accounts = {account.id: account for account in transaction.accounts.all()}
        barring, periods = transaction.calendar.embargoes(), transaction.calendar.periods()
        loads = {day: _load(transaction, day) for day in chosen.days()}
    touching = {day: [each for each in barring if _touches(each, day)] for day in chosen.days()}
    opened = {day: [each for each in periods if each.holds_at(to_utc(day, time()))] for day in chosen.days()}
    if as_json:
        show_json(
            {
                "week": chosen.name,
                "quiet_hours": office.settings.quiet_hours,
                "days": [
                    {
                        "day": str(day),
                        "working": working.is_working(day),
                        "holiday": working.holiday_on(day),
                        "load": {str(network): count for network, count in loads[day].items()},
                        "embargoes": [each.id for each in touching[day]],
                        "electoral_periods": [each.id for each in opened[day]],
                    }
                    for day in chosen.days()
                ],
            }
        )
        return
    say(f"{chosen.name} · {chosen.shown()}")
    for day in chosen.days():
        say(_day_line(day, working, loads[day], most=office.settings.day_load))
        for embargo in touching[day]:
            say("    " + embargo_line(embargo, accounts))
        for period in opened[day]:
            say("    " + period_line(period))
    say(_("Horas de silencio: {hours}").format(hours=office.settings.quiet_hours or _("ninguna")))


@app.command("list")
def list_entries(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=_("También lo que ya terminó."))] = False,
    as_json: AsJson = False,
) -> None:
    """Muestra los embargos, los periodos electorales y los días declarados, con su número."""
    office = given(context).office()
    with office.database.read() as transaction:
        accounts = {account.id: account for account in transaction.accounts.all()}
        now = None if every else transaction.now
        barring, periods = transaction.calendar.embargoes(now=now), transaction.calendar.periods(now=now)
        today = to_lima(transaction.now).date()
        declared = [each for each in transaction.calendar.declared_days() if every or each.day >= today]
    if as_json:
        days = [{"day": str(each.day), "name": each.name, "basis": each.source} for each in declared]
        show_json(
            {
                "embargoes": [embargo_as_dict(each) for each in barring],
                "electoral_periods": [period_as_dict(each) for each in periods],
                "declared_days": days,
            }
        )
        return
    for embargo in barring:
        say(embargo_line(embargo, accounts))
    for period in periods:
        say(period_line(period))
    for each in declared:
        say(
            _("Día no laborable {day:%d/%m/%Y}: {name} · {source}").format(
                day=each.day, name=each.name, source=each.source
            )
        )
    if not (barring or periods or declared):
        say(_("No hay embargos, periodos electorales ni días declarados."))


@app.command("add-holiday")
def add_holiday(context: typer.Context, day: ADay, name: Name = "", basis: Basis = "") -> None:
    """Declara un día no laborable, además de los feriados nacionales."""
    asked = given(context)
    office = asked.office()
    declared = day_of(day)
    DeclareDay(office, asked.who(office), day=declared, name=name, source=basis).run()
    say(_("El {day:%d/%m/%Y} no se trabaja: {name}.").format(day=declared, name=name.strip()))


@app.command("remove-holiday")
def remove_holiday(context: typer.Context, day: ADay, reason: Reason = "") -> None:
    """Quita un día no laborable que se declaró por error."""
    asked = given(context)
    office = asked.office()
    WithdrawDay(office, asked.who(office), day=day_of(day), reason=reason).run()
    say(_("El {day:%d/%m/%Y} ya no está declarado.").format(day=day_of(day)))


@app.command("add-embargo")
def add_embargo(
    context: typer.Context,
    starts: Annotated[
        str | None, typer.Option("--from", metavar="FECHA", help=_("Desde cuándo: 2026-11-24 08:30 (si no: ahora)."))
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="FECHA", help=_("Hasta cuándo; un día entra entero (si no: hasta que se termine).")
        ),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIDAD", help=_("Solo lo que pidió esa unidad, como en la solicitud."))
    ] = "",
    account: Annotated[
        int | None,
        typer.Option("--account", metavar="N", min=1, max=LARGEST_NUMBER, help=_("Solo esa cuenta (accounts list).")),
    ] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Pone un embargo de seguridad: en ese tiempo no sale nada (o nada de esa unidad, o de esa cuenta)."""
    asked = given(context)
    office = asked.office()
    embargo = EnterEmbargo(
        office,
        asked.who(office),
        starts_at=datetime.now(UTC).replace(microsecond=0) if starts is None else edge_of(starts, ends=False),
        ends_at=None if until is None else edge_of(until, ends=True),
        unit=unit,
        account_id=account,
        reason=reason,
    ).run()
    with office.database.read() as transaction:
        accounts = {each.id: each for each in transaction.accounts.all()}
    _tell_embargo(embargo, accounts, as_json=as_json)


@app.command("end-embargo")
def end_embargo(context: typer.Context, number: Number, reason: Reason = "", as_json: AsJson = False) -> None:
    """Termina un embargo ahora. No suelta nada: lo que retuvo se programa otra vez, uno por uno."""
    asked = given(context)
    office = asked.office()
    embargo = EndEmbargo(office, asked.who(office), embargo_id=number, reason=reason).run()
    with office.database.read() as transaction:
        accounts = {each.id: each for each in transaction.accounts.all()}
    _tell_embargo(embargo, accounts, as_json=as_json)


@app.command("add-electoral-period")
def add_electoral_period(
    context: typer.Context,
    name: Name = "",
    starts: Annotated[
        str | None, typer.Option("--from", metavar="FECHA", help=_("El día de la convocatoria (si no: hoy)."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="FECHA", help=_("El último día (si no: sigue abierto)."))
    ] = None,
    basis: Basis = "",
    as_json: AsJson = False,
) -> None:
    """Abre un periodo electoral: desde entonces cada publicación se clasifica, se justifica y se firma."""
    asked = given(context)
    office = asked.office()
    period = EnterPeriod(
        office,
        asked.who(office),
        name=name,
        starts_on=day_of(starts),
        ends_on=None if until is None else day_of(until),
        basis=basis,
    ).run()
    _tell_period(period, as_json=as_json)


@app.command("end-electoral-period")
def end_electoral_period(
    context: typer.Context,
    number: Number,
    on: Annotated[str | None, typer.Option("--on", metavar="FECHA", help=_("El último día (si no: hoy)."))] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Dice qué día termina un periodo electoral, y qué lo dispone; ese día todavía cuenta."""
    asked = given(context)
    office = asked.office()
    period = EndPeriod(office, asked.who(office), period_id=number, ends_on=day_of(on), reason=reason).run()
    _tell_period(period, as_json=as_json)


def embargo_line(embargo: Embargo, accounts: Mapping[int, Account]) -> str:
    """Return one line on an embargo."""
    account = accounts.get(embargo.account_id or 0)
    line = _("Embargo {id} ({scope}), {span}: {why}").format(
        id=embargo.id, scope=scope_of(embargo, account), span=span_of(embargo), why=embargo.reason
    )
    if embargo.ended_by:
        line += _(" · lo terminó {who}: {why}").format(who=embargo.ended_by, why=embargo.ended_reason)
    return line


def period_line(period: ElectoralPeriod) -> str:
    """Return one line on an electoral period."""
    until = _("hasta el {day:%d/%m/%Y}").format(day=period.ends_on) if period.ends_on else _("abierto")
    return _("Periodo electoral {id} ({name}), desde el {day:%d/%m/%Y}, {until} · {basis}").format(
        id=period.id, name=period.name, day=period.starts_on, until=until, basis=period.basis
    )


def embargo_as_dict(embargo: Embargo) -> dict[str, object]:
    """Return an embargo for programs."""
    return {
        "id": embargo.id,
        "from": embargo.starts_at,
        "until": embargo.ends_at,
        "unit": embargo.unit,
        "account": embargo.account_id,
        "reason": embargo.reason,
        "entered_by": embargo.entered_by,
        "ended_by": embargo.ended_by,
        "ended_reason": embargo.ended_reason,
    }


def period_as_dict(period: ElectoralPeriod) -> dict[str, object]:
    """Return an electoral period for programs."""
    return {
        "id": period.id,
        "name": period.name,
        "from": str(period.starts_on),
        "until": period.ends_on and str(period.ends_on),
        "basis": period.basis,
        "entered_by": period.entered_by,
        "ended_by": period.ended_by,
        "ended_reason": period.ended_reason,
    }


def _tell_embargo(embargo: Embargo, accounts: Mapping[int, Account], *, as_json: bool) -> None:
    if as_json:
        show_json(embargo_as_dict(embargo))
    else:
        say(embargo_line(embargo, accounts))


def _tell_period(period: ElectoralPeriod, *, as_json: bool) -> None:
    if as_json:
        show_json(period_as_dict(period))
    else:
        say(period_line(period))


def _load(transaction: Transaction, day: date) -> dict[Platform, int]:
    return transaction.calendar.load(to_utc(day, time()), to_utc(day + timedelta(days=1), time()))


def _touches(embargo: Embargo, day: date) -> bool:
    starts_at, ends_at = to_utc(day, time()), to_utc(day + timedelta(days=1), time())
    return embargo.starts_at < ends_at and (embargo.ends_at is None or starts_at < embargo.ends_at)


def _day_line(day: date, working: WorkingCalendar, load: Mapping[Platform, int], *, most: int) -> str:
    line = f"  {DAYS[day.weekday()]} {day:%d/%m}"
    if holiday := working.holiday_on(day):
        line += " · " + _("no se trabaja: {name}").format(name=holiday)
    parts = [f"{network.label} {count}" + (" (!)" if count > most else "") for network, count in load.items()]
    count = sum(load.values())
    total = plural("{n} publicación", "{n} publicaciones", count)
    return line + (f" · {', '.join(parts)}" if parts else f" · {total}")
