"""`vocero accounts`: the register of official accounts."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import ConnectorError, Misconfigured
from connectors.registry import CONNECTORS, connector_for
from core.accounts import Account, AccountState, Credentials, Identity
from core.errors import InvalidInput
from core.lima import shown
from core.platforms import Platform
from core.texts import _
from vocero.actions import ConnectAccount, PauseAccount, ResumeAccount
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import LARGEST_NUMBER, say, say_rows, show_json
from vocero.cli.given import given, platform_named
from vocero.cli.stopped import say_held, say_stops
from vocero.office import Office

app = orders(_("El registro de cuentas oficiales."))

AccountNumber = Annotated[
    int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la cuenta (accounts list)."))
]
_STATES = {AccountState.ACTIVE: _("En uso"), AccountState.PAUSED: _("En pausa")}


@app.command("list")
def list_accounts(context: typer.Context, as_json: AsJson = False) -> None:
    """Muestra las cuentas oficiales."""
    office = given(context).office()
    with office.database.read() as transaction:
        accounts = transaction.accounts.all()
    if as_json:
        show_json([_as_dict(account) | _reads_as_dict(office, account) for account in accounts])
        return
    if not accounts:
        say(_("No hay cuentas. Conecte la primera: vocero accounts connect"))
        return
    say_rows(
        (_("N.°"), _("Red"), _("Cuenta"), _("Identificador"), _("Estado")),
        [(str(each.id), each.platform.label, each.name, each.remote_id, _state(each)) for each in accounts],
    )
    for account in accounts:
        line = _reads_line(office, account)
        if line:
            say(line)


@app.command("connect")
def connect(
    context: typer.Context,
    network: Annotated[str, typer.Argument(metavar="RED", help=_("La red: facebook, website…"))],
    remote_id: Annotated[
        str, typer.Option("--id", metavar="ID", help=_("Identificador inmutable que la red da a la cuenta oficial."))
    ],
    address: Annotated[
        str, typer.Option("--address", metavar="DIRECCIÓN", help=_("Dirección pública; en la web, la del sitio."))
    ] = "",
    handle: Annotated[str, typer.Option("--handle", metavar="NOMBRE", help=_("Nombre corto, p. ej. INPEgob."))] = "",
    credentials: Annotated[
        Path | None,
        typer.Option(
            "--credentials",
            metavar="ARCHIVO",
            help=_("Archivo JSON con las credenciales, «-» para leerlas de la entrada."),
        ),
    ] = None,
) -> None:
    """Conecta una cuenta oficial, o le da credenciales nuevas. Las pide sin mostrarlas."""
    asked = given(context)
    office = asked.office()
    platform = platform_named(network)
    action = ConnectAccount(
        office,
        asked.who(office),
        platform=platform,
        remote_id=remote_id,
        address=address,
        handle=handle,
        credentials=_credentials(platform, credentials),
    )
    account = action.run()
    say(
        _("Cuenta {id} conectada: {name} en {network}.").format(
            id=account.id, name=account.name, network=platform.label
        )
    )
    for remark in _remarks(action.identity) if action.identity else ():
        say(_("Aviso: {remark}.").format(remark=remark))
    if account.state is AccountState.PAUSED:
        say(_("Sigue en pausa; la jefatura la reanuda con: vocero accounts resume {id}").format(id=account.id))


@app.command("check")
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Pregunta a cada red de quién es la conexión, qué permisos le faltan y cuándo vence."""
    office = given(context).office()
    with office.database.read() as transaction:
        accounts = transaction.accounts.all()
    found = [_checked(office, account) for account in accounts]
    if as_json:
        show_json([{**_as_dict(account), "ok": fine, "detail": detail} for account, fine, detail in found])
    else:
        for account, fine, detail in found:
            say(f"{'✓' if fine else '✗'} {account.platform.label} · {account.name}: {detail}")
    if not all(fine for _account, fine, _detail in found):
        raise typer.Exit(1)


@app.command("pause")
def pause(
    context: typer.Context,
    account: AccountNumber,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Motivo; queda en el registro."))] = "",
) -> None:
    """Detiene una cuenta: nada más sale por ella."""
    asked = given(context)
    office = asked.office()
    paused = PauseAccount(office, asked.who(office), account_id=account, reason=reason).run()
    say(_("{name} está en pausa.").format(name=paused.name))


@app.command("resume")
def resume(
    context: typer.Context,
    account: AccountNumber,
) -> None:
    """Vuelve a usar una cuenta. Lo que quedó en pausa se programa otra vez, uno por uno."""
    asked = given(context)
    office = asked.office()
    action = ResumeAccount(office, asked.who(office), account_id=account)
    resumed = action.run()
    say(_("{name} está en uso otra vez.").format(name=resumed.name))
    say_held(office, action.held)
    say_stops(office, covering=resumed)


def _state(account: Account) -> str:
    state = _STATES[account.state] + (f": {account.state_reason}" if account.state_reason else "")
    if account.waits_until:
        state += _(" (espera hasta {hour})").format(hour=shown(account.waits_until))
    return state


def _credentials(platform: Platform, source: Path | None) -> Credentials:
    """Read the credentials: never from the command line, where the whole machine sees them."""
    try:
        fields = connector_for(platform).credential_fields
    except Misconfigured as error:
        raise InvalidInput(
            _("Todavía no se puede conectar {network}.").format(network=platform.label), diagnostic=str(error)
        ) from error
    if source is None:
        if not sys.stdin.isatty():
            raise InvalidInput(_("Dé las credenciales con --credentials ARCHIVO, o «-» para leerlas de la entrada."))
        values = {
            field.name: typer.prompt(
                field.label, hide_input=field.secret, default=None if field.required else "", show_default=False
            )
            for field in fields
        }
        return Credentials({name: value for name, value in values.items() if value})
    try:
        text = sys.stdin.read() if str(source) == "-" else source.read_text(encoding="utf-8")
        given_values: object = json.loads(text)
    except OSError as error:
        raise InvalidInput(_("No se puede leer «{path}».").format(path=source)) from error
    except ValueError:
        given_values = None  # the text may be a secret: no cause is kept
    known = {field.name for field in fields}
    if (
        not isinstance(given_values, dict)
        or not set(given_values) <= known
        or not all(isinstance(value, str) for value in given_values.values())
    ):
        raise InvalidInput(
            _("Las credenciales deben ser un objeto JSON con: {names}.").format(names=", ".join(sorted(known)))
        )
    return Credentials(given_values)


def _checked(office: Office, account: Account) -> tuple[Account, bool, str]:
    try:
        identity = office.identify(account)
    except Misconfigured:
        return (
            account,
            False,
            _(
                "no se puede abrir: conéctela otra vez, o revise si los ajustes dejan salir hacia esa red"
                " (only_routed, routes)"
            ),
        )
    except ConnectorError as error:
        return account, False, error.sentence
    if identity.remote_id != account.remote_id:
        return account, False, _("la conexión abre otra cuenta: {found}").format(found=identity.remote_id)
    if identity.missing:
        return account, False, _("le faltan permisos: {missing}").format(missing=", ".join(identity.missing))
    expires = _(", vence el {hour}").format(hour=shown(identity.expires_at)) if identity.expires_at else ""
    if account.state is AccountState.PAUSED:
        return (
            account,
            False,
            _("está en pausa; la jefatura la reanuda con: vocero accounts resume {id}").format(id=account.id),
        )
    return account, True, "; ".join((_("es la oficial y tiene sus permisos") + expires, *_remarks(identity)))


def _remarks(identity: Identity) -> list[str]:
    """Return what somebody should know of a connection that works."""
    remarks = [_("sin permiso para {what}").format(what=what) for what in identity.lacking]
    if identity.connect_again_before is not None:
        remarks.append(
            _("su autorización termina el {hour}: conéctela otra vez antes").format(
                hour=shown(identity.connect_again_before)
            )
        )
    return remarks


def _reads_line(office: Office, account: Account) -> str:
    """Return how much the account has read for money this month, empty where reading is free."""
    if not _pays_for_reads(account):
        return ""
    ledger = office.lender.reads(account)
    if ledger.most is None:
        return _("{name}: {spent} lecturas pagadas este mes, sin límite.").format(
            name=account.name, spent=ledger.spent()
        )
    return _("{network}, {name}: {spent} de {most} lecturas pagadas este mes (read_budget).").format(
        network=account.platform.label, name=account.name, spent=ledger.spent(), most=ledger.most
    )


def _reads_as_dict(office: Office, account: Account) -> dict[str, object]:
    if not _pays_for_reads(account):
        return {}
    ledger = office.lender.reads(account)
    return {"reads": {"spent": ledger.spent(), "most": ledger.most}}


def _pays_for_reads(account: Account) -> bool:
    connector = CONNECTORS.get(account.platform)
    return connector is not None and connector.capabilities.reads_cost


def _as_dict(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "platform": account.platform,
        "handle": account.handle,
        "name": account.name,
        "remote_id": account.remote_id,
        "address": account.address,
        "state": account.state,
        "state_reason": account.state_reason,
        "waits_until": account.waits_until,
        "credentials_expire_at": account.credentials_expire_at,
        "connect_again_before": account.connect_again_before,
    }
