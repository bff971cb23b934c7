"""`vocero rules`: the rule sets for images: which there are, what they ask, whether a file is sound, what changed."""

from pathlib import Path

from core.images import Check, Rule, RuleSet
from core.texts import _
from storage.looking import template_of
from storage.rulebooks import Rulebook, read_rules
from vocero.cli.commands import orders
from vocero.cli.rulesets import Shelf, add_commands
from vocero.office import SHIPPED_RULES
from vocero.settings import Settings

app = orders(_("Las reglas de imagen: cuáles hay y qué piden."))


def _book(settings: Settings) -> Rulebook:
    return Rulebook(SHIPPED_RULES, settings.rules_dir)


def _read(file: Path) -> RuleSet:
    """Return the rule set of a file, and its logo strips with it. Raises InvalidInput."""
    rules = read_rules(file)
    for name, _sha256 in rules.templates:
        template_of(file.parent / name)
    return rules


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


add_commands(app, Shelf("rules", _book, _read, _asked))
