"""Images in the acts of people: taken in, looked at, judged by the rules of the day, and what is signed about them."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from core.images import Finding, Note, NoteKind, RuleSet
from core.lima import to_lima
from core.media import MediaKind
from core.people import Person
from core.posts import Post
from core.texts import _
from policy.permissions import Act
from policy.reasons import Reason
from scheduler.facts import image_findings
from storage.looking import Template, look_at, template_of
from storage.media import Taken
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.office import Office


def enter(transaction: Transaction, files: Iterable[Taken]) -> None:
    """Enter files that were taken in, and what they were made of."""
    for taken in files:
        transaction.media.add(taken.medium, now=transaction.now)
        if taken.original is not None:
            transaction.looks.add_original(taken.medium.sha256, taken.original, now=transaction.now)


def rules_for(office: Office, post: Post) -> RuleSet:
    """Return the rule set of the day on which the post is to go out. Raises InvalidInput."""
    return office.rules.on(to_lima(post.publish_at).date())


def templates_of(rules: RuleSet) -> list[Template]:
    """Return the logo strips that the rule set names. Raises InvalidInput."""
    return [template_of(Path(rules.place).parent / name) for name, _sha256 in rules.templates]


def look_at_images(office: Office, post_id: int) -> None:
    """Look at those images of the post's latest revision that nobody looked at with today's logo strips.

    What is seen is a fact of the bytes: it is kept whatever becomes of the act that wanted it.
    """
    with office.database.read() as transaction:
        post = transaction.posts.get(post_id)
        rules = rules_for(office, post)
        media = [each.medium for each in transaction.posts.latest_revision(post_id).content.attachments]
        images = {medium.sha256 for medium in media if medium.kind is MediaKind.IMAGE}
        looks = transaction.looks.of(images)
    wanted = tuple(sha256 for _name, sha256 in rules.templates)
    missing = sorted(
        each for each in images if each not in looks or (wanted and set(looks[each].templates) != set(wanted))
    )
    # bytes that are not those of their digest any more are the gate's to refuse
    missing = [each for each in missing if office.media.is_intact(each)]
    if not missing:
        return
    templates = templates_of(rules)
    seen = {sha256: look_at(office.media.path(sha256), templates) for sha256 in missing}
    with office.database.write() as transaction:
        for sha256, look in seen.items():
            transaction.looks.add(sha256, look, now=transaction.now)


def findings(office: Office, transaction: Transaction, post: Post) -> tuple[Finding, ...]:
    """Return what the rules of the post's day find in its latest revision, on all its targets."""
    revision = transaction.posts.latest_revision(post.id)
    accounts = [transaction.accounts.get(target.account_id) for target in revision.targets]
    return image_findings(transaction, revision, accounts, office.rules.on, day=to_lima(post.publish_at).date())


def told(office: Office, transaction: Transaction, post: Post) -> dict[str, str]:
    """Return what the record keeps of the findings: the rule set, and which rules found something."""
    found = findings(office, transaction, post)
    if not found:
        return {}
    version = rules_for(office, post).version
    rules = dict.fromkeys(each.rule + (" (firmado)" if each.note else "") for each in found)
    return {"rules": version, "findings": ", ".join(rules)}


class SignConsent(Action[list[Note]]):
    """Sign that who is seen consents, or that nobody is: what a finding of faces asks for."""

    may = Act.SIGN_CONSENT
    kind: ClassVar = NoteKind.CONSENT

    def __init__(self, office: Office, actor: Person, *, post_id: int, rule: str, reason: str) -> None:
        super().__init__(office, actor)
        self._post_id, self._rule, self._reason = post_id, rule, reason.strip()

    def prepare(self) -> None:
        """Look at the images that nobody looked at yet."""
        look_at_images(self.office, self._post_id)

    def check(self, transaction: Transaction) -> list[Reason]:
        """There is a reason, and a finding of that rule that this person may lift."""
        if not self._reason:
            return [Reason("reason_missing", _("Diga el motivo con --reason."))]
        post = transaction.posts.hold(self._post_id)
        found = [each for each in findings(self.office, transaction, post) if each.rule == self._rule]
        if not found:
            return [
                Reason("no_finding", _("La regla «{rule}» no halló nada que firmar.").format(rule=self._rule[:100]))
            ]
        if any(each.lifted_by is not self.kind for each in found):
            return [
                Reason(
                    "not_lifted",
                    _("Lo que halló la regla «{rule}» no se levanta así: hay que corregir el archivo.").format(
                        rule=self._rule
                    ),
                )
            ]
        return []

    def act(self, transaction: Transaction) -> list[Note]:
        """Sign it for each image that has the finding."""
        post = transaction.posts.get(self._post_id)
        found = [each for each in findings(self.office, transaction, post) if each.rule == self._rule]
        notes = []
        for sha256 in dict.fromkeys(finding.sha256 for finding in found):
            note = Note(post.id, sha256, self._rule, self.kind, self._reason, self.actor.login)
            transaction.looks.sign(note, now=transaction.now)
            notes.append(note)
            self.tell(
                transaction,
                f"post:{post.id}",
                action=f"image.{note.kind}",
                digest=sha256,
                reason=self._reason,
                data={"rule": self._rule, "rules": rules_for(self.office, post).version},
            )
        return notes


class WaiveRule(SignConsent):
    """The head lets an image go out against a rule that can be waived."""

    may = Act.WAIVE_RULE
    kind = NoteKind.WAIVER
