"""The commands that every kind of rules has: which sets there are, what they ask, is a file sound, what changed."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from core.errors import NotFound
from core.findings import TextRuleSet
from core.images import RuleSet
from core.texts import _
from storage.rulefiles import Book
from vocero.cli.commands import AsJson
from vocero.cli.console import say, say_rows, show_json
from vocero.cli.given import given, platform_named
from vocero.cli.moments import day_of
from vocero.settings import Settings

AnySet = RuleSet | TextRuleSet


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of rules. `name` is that of the commands; `asked` says what a row asks; `read` reads a file."""

    name: str
    book: Callable[[Settings], Book[Any]]
    read: Callable[[Path], AnySet]
    asked: Callable[[Any], str]

    def named(self, book: Book[Any], word: str) -> AnySet:
        """Return the set of that version, else of that file. Raises NotFound, InvalidInput."""
        sets: tuple[AnySet, ...] = book.all()
        for each in sets:
            if each.version == word:
                return each
        if Path(word).is_file():
            return self.read(Path(word))
        sentence = _("No hay reglas de la versión «{word}», ni un archivo así. Vea: vocero {name} list")
        raise NotFound(sentence.format(word=word[:200], name=self.name))


def add_commands(app: typer.Typer, shelf: Shelf) -> None:
    """Give the group `list`, `show`, `check` and `diff`."""

    @app.command("list")
    def list_rules(context: typer.Context, as_json: AsJson = False) -> None:
        """Muestra los conjuntos de reglas, los de la oficina primero, y cuál vale hoy."""
        book = shelf.book(given(context).load())
        today, sets = book.on(day_of(None)), book.all()
        if as_json:
            show_json([_set_as_dict(each) | {"in_force": each == today} for each in sets])
        else:
            say_rows(
                (_("Versión"), _("Desde"), _("Hasta"), _("Reglas"), _("Vale hoy"), _("Archivo")),
                [_set_row(each, is_in_force=each == today) for each in sets],
            )

    @app.command("show")
    def show(
        context: typer.Context,
        version: Annotated[
            str | None, typer.Argument(metavar="VERSIÓN", help=_("Una versión o un archivo (si no: la que vale)."))
        ] = None,
        day: Annotated[
            str | None, typer.Option("--day", metavar="FECHA", help=_("Con las reglas de ese día (si no: hoy)."))
        ] = None,
        network: Annotated[str | None, typer.Option("--network", metavar="RED", help=_("Solo las de esa red."))] = None,
        as_json: AsJson = False,
    ) -> None:
        """Muestra qué piden las reglas, fila por fila, con su fuente y su fecha."""
        book = shelf.book(given(context).load())
        chosen: AnySet = book.on(day_of(day)) if version is None else shelf.named(book, version)
        wanted = None if network is None else str(platform_named(network))
        rules = [
            rule
            for rule in (chosen.rules if version is not None and day is None else chosen.on(day_of(day)))
            if wanted is None or not rule.networks or wanted in rule.networks
        ]
        if as_json:
            show_json(_set_as_dict(chosen) | {"rules": [_rule_as_dict(rule) for rule in rules]})
            return
        say(f"{chosen.version}: {chosen.title} ({chosen.place})")
        for rule in rules:
            say(f"  [{rule.severity.label}] {rule.id}: {shelf.asked(rule)}")
            mark = " [default]" if rule.is_default else ""
            since = _("desde {day}").format(day=rule.starts_on)
            until = " " + _("hasta {day}").format(day=rule.ends_on) if rule.ends_on else ""
            say(f"      {since}{until} · {rule.source} ({rule.read_on}){mark}")

    @app.command("check")
    def check(
        file: Annotated[Path, typer.Argument(metavar="ARCHIVO", help=_("El archivo de reglas."))],
    ) -> None:
        """Revisa un archivo de reglas antes de ponerlo en uso."""
        rules = shelf.read(file)
        sentence = _("{file}: sirve. Versión {version}, {n} reglas.")
        say(sentence.format(file=file, version=rules.version, n=len(rules.rules)))

    @app.command("diff")
    def diff(
        context: typer.Context,
        before: Annotated[str, typer.Argument(metavar="A", help=_("Una versión o un archivo."))],
        after: Annotated[str, typer.Argument(metavar="B", help=_("La otra."))],
    ) -> None:
        """Muestra en qué se diferencian dos conjuntos de reglas; termina con 1 si en algo."""
        book = shelf.book(given(context).load())
        lines = _changes(shelf, shelf.named(book, before), shelf.named(book, after))
        for line in lines:
            say(line)
        if lines:
            raise typer.Exit(1)
        say(_("Piden lo mismo."))


def _changes(shelf: Shelf, before: AnySet, after: AnySet) -> list[str]:
    old: dict[str, Any] = {rule.id: rule for rule in before.rules}
    new: dict[str, Any] = {rule.id: rule for rule in after.rules}
    lines = [f"- {name}: {shelf.asked(rule)}" for name, rule in old.items() if name not in new]
    lines += [f"+ {name}: {shelf.asked(rule)}" for name, rule in new.items() if name not in old]
    for name in old.keys() & new.keys():
        lines += [
            f"~ {name}: {each.name} {_plain(getattr(old[name], each.name))} → {_plain(getattr(new[name], each.name))}"
            for each in fields(old[name])
            if getattr(old[name], each.name) != getattr(new[name], each.name)
        ]
    return sorted(lines, key=lambda each: each[2:])


def _set_row(each: AnySet, *, is_in_force: bool) -> tuple[str, ...]:
    return (
        each.version,
        str(each.starts_on),
        str(each.ends_on or ""),
        str(len(each.rules)),
        _("sí") if is_in_force else "",
        each.place,
    )


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)


def _set_as_dict(each: AnySet) -> dict[str, object]:
    return {
        "version": each.version,
        "title": each.title,
        "from": each.starts_on.isoformat(),
        "to": each.ends_on and each.ends_on.isoformat(),
        "file": each.place,
        "sha256": each.sha256,
    }


def _rule_as_dict(rule: Any) -> dict[str, object]:
    return {
        each.name: str(value) if isinstance(value := getattr(rule, each.name), date) else value for each in fields(rule)
    }
