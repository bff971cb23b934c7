"""`vocero unofficial`: accounts that use the institution's name without being its own."""

from pathlib import Path
from typing import Annotated, Any

import typer

from core.lima import shown
from core.texts import _, plural
from core.unofficial import Unofficial, UnofficialState
from policy.permissions import Act
from vocero.actions.reading import may_read
from vocero.actions.unofficial import AddUnofficial, CloseUnofficial, ReportUnofficial
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given, instant_of
from vocero.office import Office

app = orders(_("El registro de cuentas no oficiales que usan el nombre de la institución."))

_Number = Annotated[
    int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Su número en el registro (unofficial list)."))
]
_Note = Annotated[
    str, typer.Option("--note", metavar="TEXTO", help=_("Qué se vio o qué se hizo; queda en el registro."))
]
_Evidence = Annotated[
    list[Path] | None,
    typer.Option(
        "--evidence", metavar="ARCHIVO", help=_("Imagen o video que lo prueba; se guarda tal como está. Repetible.")
    ),
]


@app.command("add")
def add(
    context: typer.Context,
    network: Annotated[str, typer.Argument(metavar="RED", help=_("La red: facebook, x, TikTok, Telegram…"))],
    url: Annotated[str, typer.Argument(metavar="DIRECCIÓN", help=_("La dirección de la cuenta."))] = "",
    handle: Annotated[
        str, typer.Option("--handle", metavar="NOMBRE", help=_("El nombre de la cuenta, p. ej. @inpe_noticias."))
    ] = "",
    found_by: Annotated[
        str, typer.Option("--found-by", metavar="QUIÉN", help=_("Quién la encontró (si no: usted)."))
    ] = "",
    found_at: Annotated[
        str | None,
        typer.Option("--found-at", metavar="FECHA", help=_("Cuándo: 2026-11-24 08:30 (si no: ahora).")),
    ] = None,
    note: _Note = "",
    evidence: _Evidence = None,
    as_json: AsJson = False,
) -> None:
    """Anota una cuenta no oficial que alguien encontró; una cuenta oficial se rechaza."""
    asked = given(context)
    office = asked.office()
    added = AddUnofficial(
        office,
        asked.who(office),
        network=network,
        url=url,
        handle=handle,
        found_by=found_by,
        found_at=None if found_at is None else instant_of(found_at),
        note=note,
        evidence=evidence or (),
    ).run()
    _tell(office, added, as_json=as_json)


@app.command("list")
def list_unofficial(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=_("También las que ya se cerraron."))] = False,
    as_json: AsJson = False,
) -> None:
    """Muestra las cuentas no oficiales que siguen abiertas."""
    asked = given(context)
    office = asked.office()
    may_read(office, asked.who(office), Act.READ_ACCOUNTS)
    states = frozenset(UnofficialState) - (frozenset() if every else {UnofficialState.CLOSED})
    with office.database.read() as transaction:
        found = transaction.unofficial.all(states)
    if as_json:
        show_json([_as_dict(office, each) for each in found])
        return
    if not found:
        say(_("No hay ninguna cuenta no oficial anotada.") if every else _("No hay ninguna cuenta no oficial abierta."))
    for each in found:
        say(_line(each))


@app.command("show")
def show(context: typer.Context, number: _Number, as_json: AsJson = False) -> None:
    """Muestra una cuenta no oficial: quién la encontró, qué se hizo y las pruebas."""
    asked = given(context)
    office = asked.office()
    may_read(office, asked.who(office), Act.READ_ACCOUNTS)
    with office.database.read() as transaction:
        found = transaction.unofficial.get(number)
    _tell(office, found, as_json=as_json)


@app.command("report")
def report(
    context: typer.Context, number: _Number, note: _Note = "", evidence: _Evidence = None, as_json: AsJson = False
) -> None:
    """Anota que se denunció ante su red o ante una autoridad; sirve otra vez para cada denuncia más."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)
    told = ReportUnofficial(office, who, number=number, note=note, evidence=evidence or ()).run()
    _tell(office, told, as_json=as_json)


@app.command("close")
def close(
    context: typer.Context, number: _Number, note: _Note = "", evidence: _Evidence = None, as_json: AsJson = False
) -> None:
    """Cierra el caso y dice cómo terminó; si la cuenta vuelve a aparecer, se anota como nueva."""
    asked = given(context)
    office = asked.office()
    who = asked.who(office)
    told = CloseUnofficial(office, who, number=number, note=note, evidence=evidence or ()).run()
    _tell(office, told, as_json=as_json)


def _line(each: Unofficial) -> str:
    return " · ".join(
        part
        for part in (
            _("Cuenta no oficial {id}").format(id=each.id),
            each.network_label,
            each.handle,
            each.url,
            each.state.label,
            _("la encontró {who} el {when}").format(
                who=each.found_by, when=shown(each.found_at.replace(microsecond=0))
            ),
        )
        if part
    )


def _tell(office: Office, each: Unofficial, *, as_json: bool) -> None:
    if as_json:
        show_json(_as_dict(office, each))
        return
    say(_line(each), style="bold")
    with office.database.read() as transaction:
        names = {person.id: person.name for person in transaction.people.all()}
    for note in each.notes:
        files = plural(" ({n} archivo)", " ({n} archivos)", len(note.files)) if note.files else ""
        when = shown(note.at.replace(microsecond=0))
        say(f"  {when} · {note.state.label} · {names[note.by]}{files}: {note.text or '—'}")
        for medium in note.files:
            say(f"    {medium.sha256}  {medium.file_name}")


def _as_dict(office: Office, each: Unofficial) -> dict[str, Any]:
    with office.database.read() as transaction:
        logins = {person.id: person.login for person in transaction.people.all()}
    return {
        "id": each.id,
        "network": each.network,
        "handle": each.handle,
        "url": each.url,
        "state": each.state,
        "found_by": each.found_by,
        "found_at": each.found_at,
        "entered_by": logins[each.entered_by],
        "entered_at": each.entered_at,
        "notes": [
            {
                "state": note.state,
                "text": note.text,
                "by": logins[note.by],
                "at": note.at,
                "files": [{"sha256": medium.sha256, "file_name": medium.file_name} for medium in note.files],
            }
            for note in each.notes
        ],
    }
