"""`vocero people`: who works here."""

from typing import Annotated

import typer

from core.errors import InvalidInput
from core.people import Role
from core.texts import _
from vocero.actions import AddPerson
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import say, say_rows, show_json
from vocero.cli.given import given

app = orders(_("Las personas de la oficina y su papel."))


@app.command("list")
def list_people(context: typer.Context, as_json: AsJson = False) -> None:
    """Muestra quiénes son."""
    office = given(context).office()
    with office.database.read() as transaction:
        people = transaction.people.all()
    if as_json:
        show_json([{"login": p.login, "name": p.name, "role": p.role, "active": p.active} for p in people])
        return
    say_rows(
        (_("Usuario"), _("Nombre"), _("Papel")), [(person.login, person.name, person.role.label) for person in people]
    )


@app.command("add")
def add(
    context: typer.Context,
    login: Annotated[
        str, typer.Argument(metavar="USUARIO", help=_("Lo que escribirá en --as: minúsculas, sin espacios."))
    ],
    role: Annotated[
        str, typer.Option("--role", metavar="PAPEL", help=", ".join(f"{role} ({role.label})" for role in Role))
    ],
    name: Annotated[str, typer.Option("--name", metavar="NOMBRE", help=_("Nombre y apellidos."))] = "",
) -> None:
    """Agrega a una persona con su papel."""
    asked = given(context)
    office = asked.office()
    try:
        known = Role(role)
    except ValueError:
        raise InvalidInput(
            _("No existe el papel «{role}». Son: {all}.").format(role=role[:60], all=", ".join(Role))
        ) from None
    person = AddPerson(office, asked.who(office), login=login, name=name, role=known).run()
    say(_("Se agregó a {name} ({role}).").format(name=person.name, role=person.role.label))
