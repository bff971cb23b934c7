"""`vocero init`: the first steps on a new machine."""

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InvalidInput, StorageError
from core.texts import _
from vocero.actions import add_first_person
from vocero.actions.people import valid_login
from vocero.cli.commands import orders
from vocero.cli.console import say
from vocero.cli.given import set_up_logs
from vocero.office import open_office
from vocero.settings import FILE_NAME, Settings, load

app = orders(_("Los primeros pasos."))


@app.command("init")
def init(
    context: typer.Context,
    login: Annotated[str, typer.Option("--login", metavar="USUARIO", help=_("Usuario de la primera persona."))] = "",
    name: Annotated[str, typer.Option("--name", metavar="NOMBRE", help=_("Su nombre."))] = "",
    file: Annotated[
        Path, typer.Option("--file", metavar="ARCHIVO", help=_("Archivo de ajustes que se escribe."))
    ] = Path(FILE_NAME),
) -> None:
    """Escribe un archivo de ajustes comentado, crea la base de datos y agrega a la primera persona."""
    login = valid_login(login or _own_login())  # before anything is written
    if not file.exists():
        load()  # a bad variable of the environment, too
    if file.exists():
        say(_("«{file}» ya existe y no se toca.").format(file=file))
    else:
        try:
            # it may come to hold a password: only its owner reads it
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
                opened.write(_commented_settings())
        except OSError as error:
            raise StorageError(
                _("No se puede escribir «{file}». Revise los permisos de la carpeta.").format(file=file)
            ) from error
        say(_("Ajustes en «{file}»: cada uno está explicado ahí.").format(file=file))
    settings = load(file)
    set_up_logs(settings.log_level)
    office = open_office(settings)
    context.call_on_close(office.database.close)
    say(_("Base de datos lista: {where}").format(where=office.database.where))
    say(
        _("Clave de las credenciales: {path}. Guarde una copia aparte: sin ella no se abren las cuentas.").format(
            path=settings.secret_key_file
        )
    )
    person = add_first_person(office, login=login, name=name)
    if person is None:
        say(_("Ya hay personas registradas: vocero people list"))
    else:
        say(_("Primera persona: {login} ({role}).").format(login=person.login, role=person.role.label))
        say(_("Siga con: vocero --as {login} people add …, y luego accounts connect …").format(login=person.login))


def _own_login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise InvalidInput(_("Diga quién es la primera persona con --login.")) from error


def _commented_settings() -> str:
    lines = [
        "# " + _("Ajustes de Vocero. Quite el «#» de lo que quiera cambiar."),
        "# " + _("Cada uno puede darse también como variable de entorno: VOCERO_ y el nombre en mayúsculas."),
        "",
    ]
    for name, field in Settings.model_fields.items():
        lines.append(f"# {field.description}")
        lines.append(f"#{name} = {_as_toml(field.get_default(call_default_factory=True))}")
        lines.append("")
    return "\n".join(lines)


def _as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(str(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{}"
    return f'"{value if value is not None else ""}"'
