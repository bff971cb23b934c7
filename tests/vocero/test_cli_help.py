"""Every command explains itself, in Spanish, and fast enough to be asked."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from tests.vocero.cli_office import OfficeOnDisk
from vocero.cli.app import ORDERS, app
from vocero.cli.commands import first_line
from vocero.cli.console import out

_ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Arguments|Show this|exit|required|default|None|bool|int|str|text)\b", re.IGNORECASE
)


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield words, command
    if isinstance(command, TyperGroup):
        context = typer.Context(command)
        for name in command.list_commands(context):
            yield from _commands(command.get_command(context, name), (*words, name))


COMMANDS = {" ".join(words) or "vocero": (words, command) for words, command in _commands(typer.main.get_command(app))}


def test_the_commands_are_those_of_the_design() -> None:
    assert set(COMMANDS) >= {
        "init",
        "run",
        "deliver",
        "accounts list",
        "accounts connect",
        "accounts check",
        "accounts pause",
        "accounts resume",
        "programme import",
        "programme export",
        "audit verify",
        "unknown list",
        "unknown settle",
        "sandbox serve",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_all_its_options_are_explained(office_folder: OfficeOnDisk, name: str) -> None:
    words, command = COMMANDS[name]
    assert first_line(command.help).endswith("."), "no help, or no sentence"
    for parameter in command.params:
        assert parameter.help, f"{parameter.name} has no help"
        assert parameter.metavar or getattr(parameter, "is_flag", False), f"{parameter.name} has no metavar"
    ended = office_folder.call(*words, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert f"Uso: {' '.join(('vocero', *words))} " in ended.out
    assert not _ENGLISH.search(re.sub(r"--[a-z-]+", "", ended.out)), ended.out
    said = " ".join(ended.out.split())
    assert first_line(command.help) in said
    for parameter in command.params:
        assert " ".join(parameter.help.split()) in said


@pytest.mark.parametrize(
    "name", [name for name, (_words, command) in COMMANDS.items() if isinstance(command, TyperGroup)]
)
def test_a_group_without_a_command_lists_its_commands(office_folder: OfficeOnDisk, name: str) -> None:
    words, command = COMMANDS[name]
    ended = office_folder.call(*words)
    assert (ended.code, ended.err) == (2, "")
    assert ended.out.strip() == office_folder.call(*words, "--help").out.strip()
    for each in command.list_commands(typer.Context(command)):
        assert f"  {each} " in ended.out


@pytest.mark.parametrize("name", ORDERS)
def test_the_list_says_what_the_command_says(name: str) -> None:
    assert first_line(COMMANDS[name][1].help) == ORDERS[name].help


def test_help_needs_neither_database_nor_platforms() -> None:
    """What makes `vocero --help` fast: 0.2 s, and 1.1 s with all that is named here."""
    heavy = ("sqlalchemy", "alembic", "requests", "openpyxl", "pydantic_settings", "cryptography", "PIL", "sandbox")
    code = (
        "import sys; sys.argv = ['vocero', '--help']\n"
        "from vocero.cli import main\n"
        f"try:\n    main()\nfinally:\n    print([n for n in {heavy} if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == "[]\n"
    assert "Órdenes" in done.stdout


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_help_fits_the_terminal(office_folder: OfficeOnDisk, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr(out, "width", columns)
    for words in ((), ("posts", "edit"), ("run",)):
        shown = office_folder.call(*words, "--help").out
        lines = [line for line in shown.splitlines() if not line.startswith("Uso: ")]
        assert max(map(len, lines)) <= columns


@pytest.fixture
def office_folder(tmp_path: Path) -> OfficeOnDisk:
    """Return an empty folder: help needs no office."""
    return OfficeOnDisk(tmp_path)
