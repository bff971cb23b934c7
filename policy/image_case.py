"""One file before one rule, in one place: what every check is given, and how bounds are said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.images import Box, Finding, Look, NoteKind, Original, Placement, Rule
from core.media import Medium
from core.platforms import Platform
from core.texts import _
from policy.sentences import number


@dataclass(frozen=True, slots=True)
class Seen:
    """A file with all that is known of it. `look`: None where nobody has looked yet, or it is no image."""

    medium: Medium
    look: Look | None = None
    original: Original | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.medium.file_name or self.medium.sha256[:12]


@dataclass(frozen=True, slots=True)
class Case:
    """One file before one rule, in one place."""

    seen: Seen
    rule: Rule
    network: str
    placement: Placement

    @property
    def where(self) -> str:
        """Return the place as people call it."""
        if self.is_everywhere:
            return _("las redes")
        return f"{Platform(self.network).label} ({self.placement.label})"

    @property
    def is_everywhere(self) -> bool:
        """Tell whether the rule holds alike in all places."""
        return not self.rule.networks and not self.rule.placements

    def found(
        self, sentence: str, advice: str, *, box: Box | None = None, lifted_by: NoteKind | None = None
    ) -> Finding:
        """Return a finding of this rule in this place."""
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity,
            sentence=sentence,
            advice=self.rule.why or advice,
            box=box,
            network="" if self.is_everywhere else self.network,
            placement=None if self.is_everywhere else self.placement,
            file_name=self.seen.name,
            sha256=self.seen.medium.sha256,
            lifted_by=lifted_by,
        )


def within(value: float, rule: Rule) -> bool:
    """Tell whether the value is between the rule's bounds."""
    return (rule.least is None or value >= rule.least) and (rule.most is None or value <= rule.most)


def pixels(written: str) -> tuple[int, int]:
    """Return width and height of a size written as 1080x1350."""
    width, height = written.split("x")
    return int(width), int(height)


def between(rule: Rule, unit: str) -> str:
    """Return the rule's bounds as people say them."""
    if rule.least is not None and rule.most is not None:
        return _("entre {least} y {most}{unit}").format(least=number(rule.least), most=number(rule.most), unit=unit)
    if rule.most is not None:
        return _("hasta {most}{unit}").format(most=number(rule.most), unit=unit)
    return _("desde {least}{unit}").format(least=number(rule.least or 0), unit=unit)


Judge = Callable[[Case], Iterator[Finding]]
