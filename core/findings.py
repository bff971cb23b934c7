"""What a rule of the office finds, and what follows from it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.texts import _


class Severity(StrEnum):
    """What follows from a finding."""

    BLOCK = "block"  # it may not go out so
    WARN = "warn"  # a person looks and decides
    FIX = "fix"  # it is put right when the file is taken in, before anybody approves it

    @property
    def label(self) -> str:
        """The office's word."""
        return _SEVERITIES[self]


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the words of a post: which part ("texto", "título"…), from which character to which, on which line.

    `start` counts from 0, `end` is not part of it; `line` counts from 1.
    """

    part: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class TextFinding:
    """What a rule found in the words of a post. `span` is None where it is about the whole."""

    rule: str
    severity: Severity
    sentence: str
    advice: str
    span: Span | None = None
    network: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way."""
        return self.severity is Severity.BLOCK


class TextCheck(StrEnum):
    """What a rule about words looks for."""

    FORBIDDEN = "forbidden"  # none of `values` as whole words
    REQUIRED = "required"  # at least one of `values` as whole words
    HASHTAGS = "hashtags"  # each of several words in CamelCase, so that it can be read out
    LINKS = "links"  # whole addresses, of none of the hosts in `values`
    ALT_TEXT = "alt_text"  # not the file's name, none of `values`, at least `least` characters


@dataclass(frozen=True, slots=True)
class TextRule:
    """One row of a set of rules about words. `networks`: values of platforms, empty for all; so are `classes`.

    It holds from `starts_on` to `ends_on`, both included, on the days of Lima. `classes` are those of events (8.5).
    `is_default`: ours, where neither the procedure nor a norm says it.
    """

    id: str
    check: TextCheck
    severity: Severity
    starts_on: date
    source: str
    read_on: date
    ends_on: date | None = None
    networks: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    least: int = 0
    why: str = ""
    is_default: bool = True

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def holds_for(self, network: str, event_class: str) -> bool:
        """Tell whether it is about this network and this class of event."""
        return (not self.networks or network in self.networks) and (not self.classes or event_class in self.classes)


@dataclass(frozen=True, slots=True)
class TextRuleSet:
    """The rules of one file: dated, versioned. The empty one asks nothing."""

    version: str = ""
    title: str = ""
    starts_on: date = date.min
    ends_on: date | None = None
    rules: tuple[TextRule, ...] = ()
    place: str = ""
    sha256: str = ""

    def holds_on(self, day: date) -> bool:
        """Tell whether the set is the one to look into on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def on(self, day: date) -> tuple[TextRule, ...]:
        """Return the rules in force that day."""
        return tuple(rule for rule in self.rules if rule.holds_on(day))


_SEVERITIES = {Severity.BLOCK: _("Impide"), Severity.WARN: _("Aviso"), Severity.FIX: _("Corregido")}
