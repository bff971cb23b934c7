"""`vocero rules`: the rule sets for images: which there are, what they ask, whether a file is sound, what changed."""

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from core.errors import NotFound
from core.images import Check, Rule, RuleSet
from core.texts import _
from storage.looking import template_of
from storage.rulebooks import Rulebook, read_rules
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import say, say_rows, show_json
from vocero.cli.given import given, platform_named
from vocero.cli.media import day_of
from vocero.office import SHIPPED_RULES

app = orders(_("Las reglas de imagen: cuáles hay y qué piden."))


@app.command("list")
def list_rules(context: typer.Context, as_json: AsJson = False) -> None:
    """Muestra los conjuntos de reglas, los de la oficina primero, y cuál vale hoy."""
    book = _book(context)
    today = book.on(day_of(None))
    sets = book.all()
    if as_json:
        show_json([_set_as_dict(each) | {"in_force": each == today} for each in sets])
        return
    say_rows(
        (_("Versión"), _("Desde"), _("Hasta"), _("Reglas"), _("Vale hoy"), _("Archivo")),
        [
            (
                each.version,
                str(each.starts_on),
                str(each.ends_on or ""),
                str(len(each.rules)),
                _("sí") if each == today else "",
                each.place,
            )
            for each in sets
        ],
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
    book = _book(context)
    chosen = book.on(day_of(day)) if version is None else _named(book, version)
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
        say(f"  [{rule.severity.label}] {rule.id}: {_asked(rule)}")
        mark = " [default]" if rule.is_default else ""
        since = _("desde {day}").format(day=rule.starts_on)
        until = " " + _("hasta {day}").format(day=rule.ends_on) if rule.ends_on else ""
        say(f"      {since}{until} · {rule.source} ({rule.read_on}){mark}")


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="ARCHIVO", help=_("El archivo de reglas."))],
) -> None:
    """Revisa un archivo de reglas antes de ponerlo en uso."""
    rules = read_rules(file)
    for name, _sha256 in rules.templates:
        template_of(file.parent / name)
    say(_("{file}: sirve. Versión {version}, {n} reglas.").format(file=file, version=rules.version, n=len(rules.rules)))


@app.command("diff")
def diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="A", help=_("Una versión o un archivo."))],
    after: Annotated[str, typer.Argument(metavar="B", help=_("La otra."))],
) -> None:
    """Muestra en qué se diferencian dos conjuntos de reglas; termina con 1 si en algo."""
    book = _book(context)
    old, new = ({rule.id: rule for rule in _named(book, each).rules} for each in (before, after))
    lines = [f"- {name}: {_asked(rule)}" for name, rule in old.items() if name not in new]
    lines += [f"+ {name}: {_asked(rule)}" for name, rule in new.items() if name not in old]
    for name in old.keys() & new.keys():
        lines += [
            f"~ {name}: {each.name} {_plain(getattr(old[name], each.name))} → {_plain(getattr(new[name], each.name))}"
            for each in fields(Rule)
            if getattr(old[name], each.name) != getattr(new[name], each.name)
        ]
    for line in sorted(lines, key=lambda each: each[2:]):
        say(line)
    if not lines:
        say(_("Piden lo mismo."))
        return
    raise typer.Exit(1)


def _book(context: typer.Context) -> Rulebook:
    return Rulebook(SHIPPED_RULES, given(context).load().rules_dir)


def _named(book: Rulebook, word: str) -> RuleSet:
    """Return the set of that version, else of that file. Raises NotFound, InvalidInput."""
    for each in book.all():
        if each.version == word:
            return each
    if Path(word).is_file():
        return read_rules(Path(word))
    raise NotFound(
        _("No hay reglas de la versión «{word}», ni un archivo así. Vea: vocero rules list").format(word=word[:200])
    )


def _asked(rule: Rule) -> str:
    """Return what the row asks, in its own words."""
    where = ", ".join(rule.networks) or _("toda red")
    places = ", ".join(rule.placements)
    asked = [rule.check.value]
    if rule.values:
        asked.append("; ".join(rule.values))
    if rule.least is not None:
        asked.append(f"≥ {rule.least:g}")
    if rule.most is not None:
        asked.append(f"≤ {rule.most:g}")
    if rule.check is Check.STRIP:
        asked.append(rule.template or _("no evaluada: falta la plantilla"))
    return " ".join(asked) + f" · {where}" + (f" · {places}" if places else "")


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)


def _set_as_dict(each: RuleSet) -> dict[str, object]:
    return {
        "version": each.version,
        "title": each.title,
        "from": each.starts_on.isoformat(),
        "to": each.ends_on and each.ends_on.isoformat(),
        "file": each.place,
        "sha256": each.sha256,
    }


def _rule_as_dict(rule: Rule) -> dict[str, object]:
    return {
        each.name: str(value) if isinstance(value := getattr(rule, each.name), date) else value for each in fields(Rule)
    }
