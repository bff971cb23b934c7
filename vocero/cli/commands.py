"""Commands and groups of them as the office meets them: with help in Spanish, read only when they are called."""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from core.errors import InvalidInput
from core.texts import _
from vocero.cli.console import out

AsJson = Annotated[bool, typer.Option("--json", help=_("Para programas."))]


@dataclass(frozen=True, slots=True)
class Order:
    """A command known by name: the module that holds it, and what its line in the list says."""

    module: str
    help: str


class Command(TyperCommand):
    """A command with help in Spanish."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help."""
        del formatter  # it holds text only, as Typer's own help does not either
        _show_help(self, ctx, _("[OPCIONES]"), *(_argument_name(each) for each in _arguments(self, ctx)))


class Group(TyperGroup):
    """A group of commands with help in Spanish."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help, and the commands in it."""
        del formatter
        _show_help(self, ctx, _("[OPCIONES]"), _("ORDEN …"))
        _show_rows(_("Órdenes"), [(Text(name, "bold"), Text(line)) for name, line in self.lines(ctx)])

    def lines(self, ctx: Any) -> list[tuple[str, str]]:
        """Return each command and the first sentence of its help."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [(name, first_line(command.help)) for name, command in commands if command is not None]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command meant. Raises InvalidInput that names those nearest to it."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            close = difflib.get_close_matches(name, self.list_commands(ctx))
            meant = " " + _("¿Quiso decir {names}?").format(names=", ".join(close)) if close else ""
            raise InvalidInput(
                _("No existe la orden «{name}».").format(name=name[:60])
                + meant
                + " "
                + _("Vea cuáles hay con: {command} --help").format(command=ctx.command_path)
            )
        return super().resolve_command(ctx, args)


def orders(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return _Orders(
        help=help_text,
        cls=Group,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def root_of(known: dict[str, Order]) -> type[Group]:
    """Return the class of a root that reads a command's module only to run it, and lists all without reading any."""

    class Root(Group):
        def list_commands(self, ctx: Any) -> list[str]:
            del ctx
            return list(known)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            del ctx
            order = known.get(cmd_name)
            if order is None:
                return None
            group = typer.main.get_group(import_module(order.module).app)
            return group.commands.get(cmd_name, group)

        def lines(self, ctx: Any) -> list[tuple[str, str]]:
            del ctx
            return [(name, order.help) for name, order in known.items()]

    return Root


def first_line(help_text: str | None) -> str:
    """Return the first paragraph of a help text as one line."""
    return " ".join((help_text or "").strip().split("\n\n")[0].split())


class _Orders(typer.Typer):
    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        return super().command(name, **{"cls": Command, **settings})


def _show_help(command: Any, ctx: Any, *pieces: str) -> None:
    out.print(Text.assemble((_("Uso: "), "yellow"), (ctx.command_path, "bold"), " ", " ".join(pieces)))
    for paragraph in (command.help or "").strip().split("\n\n"):
        out.print()
        out.print(Text(" ".join(paragraph.split())), soft_wrap=False)
    arguments = _arguments(command, ctx)
    _show_rows(_("Argumentos"), [(Text(_argument_name(each), "bold"), _explained(each)) for each in arguments])
    options = [each for each in command.get_params(ctx) if each.param_type_name == "option" and each.name != "help"]
    rows = [(_option_name(each), _explained(each)) for each in options]
    _show_rows(_("Opciones"), [*rows, (Text("-h, --help", "bold"), Text(_("Muestra esta ayuda.")))])


def _show_rows(title: str, rows: Iterable[tuple[Text, Text]]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, sentence in rows:
        table.add_row(Text("  ") + name, sentence)
    if table.row_count:
        out.print()
        out.print(Text(title, "yellow"))
        out.print(table, soft_wrap=False)


def _arguments(command: Any, ctx: Any) -> list[Any]:
    return [each for each in command.get_params(ctx) if each.param_type_name == "argument"]


def _argument_name(argument: Any) -> str:
    name = str(argument.metavar or argument.name.upper())
    return name if argument.required else f"[{name}]"


def _option_name(option: Any) -> Text:
    name = Text(", ".join(sorted([*option.opts, *option.secondary_opts], key=len)), "bold")
    return name if option.is_flag else name + Text(f" {option.metavar}", "not bold")


def _explained(parameter: Any) -> Text:
    said = Text(parameter.help or "")
    if parameter.required:
        said.append(" " + _("(obligatorio)"), "dim")
    elif parameter.default not in (None, "", False) and not getattr(parameter, "multiple", False):
        said.append(" " + _("(si no se dice: {default})").format(default=parameter.default), "dim")
    return said
