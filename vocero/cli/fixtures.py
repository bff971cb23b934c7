"""`vocero fixtures`: recordings of the platforms' answers, for the tests."""

from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import Misconfigured
from connectors.registry import connector_for
from core.accounts import Account
from core.errors import InvalidInput
from core.platforms import Platform
from core.texts import _, plural
from vocero.cli.commands import orders
from vocero.cli.console import LARGEST_NUMBER, say
from vocero.cli.given import given, platform_named
from vocero.office import Office
from vocero.recording import asks, paths, record, refuse_existing, save

app = orders(_("Grabaciones de las redes, para las pruebas."))

_FOLDER = Path("fixtures/http")


@app.command("record")
def record_fixtures(
    context: typer.Context,
    network: Annotated[str, typer.Argument(metavar="RED", help=_("La red: facebook, website…"))],
    posts: Annotated[
        list[str] | None,
        typer.Option("--post", metavar="ID", help=_("Publicación, por su identificador en la red; se puede repetir.")),
    ] = None,
    account: Annotated[
        int,
        typer.Option(
            "--account",
            metavar="N",
            min=0,
            max=LARGEST_NUMBER,
            help=_("Número de la cuenta, si hay varias de esa red."),
        ),
    ] = 0,
    out: Annotated[Path, typer.Option("--out", metavar="CARPETA", help=_("Dónde se escriben."))] = _FOLDER,
    mask: Annotated[
        list[str] | None,
        typer.Option("--mask", metavar="CAMPO", help=_("Campo que parece secreto y no lo es; se reemplaza.")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Solo muestra qué preguntaría; no sale nada."))] = False,
    replacing: Annotated[bool, typer.Option("--replace", help=_("Reemplaza las grabaciones que ya hay."))] = False,
) -> None:
    """Graba lo que una red responde a lecturas, sin secretos ni datos de personas.

    Solo lee: quién es la cuenta, sus cifras y, de las publicaciones dadas, cifras y comentarios. No publica nada.
    """
    office = given(context).office()
    chosen = _account(office, platform_named(network), account)
    ids = list(dict.fromkeys(posts or ()))
    try:
        planned = asks(connector_for(chosen.platform), ids)
    except Misconfigured as error:
        raise InvalidInput(
            _("No hay conector para {network}.").format(network=chosen.platform.label), diagnostic=str(error)
        ) from error
    targets = paths(out, chosen, planned)
    if dry_run:
        for ask, path in zip(planned, targets, strict=True):
            say(f"{ask.operation} {ask.post}".rstrip() + f" → {path}")
        return
    if not replacing:
        refuse_existing(targets)
    recorded = record(office, chosen, ids, masked=mask or ())
    for path in save(recorded, out, chosen, replacing=replacing):
        say(f"✓ {path}")
    for ask, why in recorded.failures:
        say(f"✗ {ask.operation} {ask.post}".rstrip() + f": {why}")
    say(plural("Se grabó {n} lectura.", "Se grabaron {n} lecturas.", len(recorded.fixtures)))
    if recorded.failures:
        raise typer.Exit(1)


def _account(office: Office, platform: Platform, number: int) -> Account:
    with office.database.read() as transaction:
        known = [each for each in transaction.accounts.all() if each.platform is platform]
    chosen = [each for each in known if number in (0, each.id)]
    if not chosen:
        raise InvalidInput(
            _("No hay ninguna cuenta de {network} con ese número. Véalas con: vocero accounts list").format(
                network=platform.label
            )
            if number
            else _("No hay ninguna cuenta de {network}. Conéctela: vocero accounts connect").format(
                network=platform.label
            )
        )
    if len(chosen) > 1:
        raise InvalidInput(
            _("Hay varias cuentas de {network}: diga cuál con --account ({numbers}).").format(
                network=platform.label, numbers=", ".join(str(each.id) for each in chosen)
            )
        )
    return chosen[0]
