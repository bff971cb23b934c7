"""`vocero wording`: the rules about words: which sets there are, what they ask, is a file sound, what changed."""

from core.findings import TextRule
from core.texts import _
from storage.textrules import read_text_rules
from vocero.cli.commands import orders
from vocero.cli.rulesets import Shelf, add_commands
from vocero.office import word_rules

app = orders(_("Las reglas de texto: cuáles hay y qué piden."))


def _asked(rule: TextRule) -> str:
    """Return what the row asks, in its own words."""
    where = ", ".join(rule.networks) or _("toda red")
    asked = [rule.check.value]
    if rule.values:
        asked.append("; ".join(rule.values))
    if rule.least:
        asked.append(f"≥ {rule.least}")
    classes = ", ".join(rule.classes)
    return " ".join(asked) + f" · {where}" + (f" · {classes}" if classes else "")


add_commands(app, Shelf("wording", word_rules, read_text_rules, _asked))
