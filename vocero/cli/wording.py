"""What the rules find in the words of a post, and `vocero posts check-links`: whether its links answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from connectors.links import LinkAnswer, LinkChecker
from core.calendar import Classification
from core.findings import TextFinding
from core.permalink import PLACEHOLDER
from core.texts import _
from policy.words import addresses_of, in_order, shown_place
from scheduler.facts import approved_content
from storage.transaction import Transaction
from vocero.actions.words import words_of
from vocero.cli.classifying import classification_line
from vocero.cli.commands import AsJson
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given
from vocero.cli.shown import PostFile
from vocero.office import Office

PostNumber = Annotated[
    int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la publicación (posts list)."))
]


def check_links(context: typer.Context, post: PostNumber, as_json: AsJson = False) -> None:
    """Abre los enlaces de una publicación y dice cuáles responden; termina con 1 si alguno no.

    No cambia nada ni decide si sale. No abre direcciones de redes privadas, ni sigue a quien lleve a una.
    """
    office = given(context).office()
    with office.database.read() as transaction:
        revision = transaction.posts.latest_revision(post)
        copies = [approved_content(revision, transaction.accounts.get(each.account_id)) for each in revision.targets]
    written = [each.written for copy in copies for each in addresses_of(copy) if each.is_whole]
    checker = LinkChecker(office.door)
    answers = [checker.ask(each) for each in dict.fromkeys(written) if PLACEHOLDER not in each]
    if as_json:
        show_json([_answer_as_dict(each) for each in answers])
    else:
        for answer in answers:
            say(_answer_line(answer))
        if not answers:
            say(_("No tiene enlaces."))
    if not all(answer.is_alive for answer in answers):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Aside:
    """What is to be known of a post beside its content: what is found in its words, how it is classified."""

    words: tuple[TextFinding, ...]
    classification: Classification | None

    @property
    def lines(self) -> list[str]:
        """For people."""
        lines = text_finding_lines(self.words)
        if self.classification is not None:
            lines.append(_("  Periodo electoral: {line}").format(line=classification_line(self.classification)))
        return lines


def aside_of(office: Office, transaction: Transaction, file: PostFile) -> Aside:
    """Return what is to be known of the post's latest revision."""
    return Aside(words_of(office, transaction, file.post), transaction.calendar.classification(file.revision.id))


def text_finding_lines(found: Sequence[TextFinding]) -> list[str]:
    """Return what was found, line by line: what stands in the way first."""
    lines = []
    for each in in_order(found):
        lines.append(f"  [{each.severity.label}] {each.sentence} {each.advice}")
        where = f" · {shown_place(each.span)}" if each.span else ""
        lines.append(_("      regla {rule}").format(rule=each.rule) + where)
    return lines


def text_finding_as_dict(finding: TextFinding) -> dict[str, object]:
    """Return a finding for programs."""
    span = finding.span
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "blocks": finding.blocks,
        "network": finding.network,
        "span": None if span is None else {"part": span.part, "start": span.start, "end": span.end, "line": span.line},
        "sentence": finding.sentence,
        "advice": finding.advice,
    }


def _answer_line(answer: LinkAnswer) -> str:
    mark = _("responde") if answer.is_alive else _("NO")
    line = f"  {answer.address} · {mark}: {answer.sentence}"
    return line + (f" → {answer.ends_at}" if answer.ends_at != answer.address else "")


def _answer_as_dict(answer: LinkAnswer) -> dict[str, object]:
    return {
        "address": answer.address,
        "alive": answer.is_alive,
        "status": answer.status,
        "ends_at": answer.ends_at,
        "sentence": answer.sentence,
    }
