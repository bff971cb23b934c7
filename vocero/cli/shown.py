"""How posts and deliveries are shown, to people and to programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.registry import CONNECTORS
from core.accounts import Account
from core.deliveries import Attempt, Delivery, DeliveryState
from core.events import RecordedEvent
from core.lima import shown
from core.media import AttachmentRole
from core.people import Person
from core.permalink import PLACEHOLDER, has_placeholder
from core.posts import Approval, Content, Post, Revision
from core.texts import _
from scheduler.facts import approved_content
from storage.transaction import Transaction
from vocero.cli.record import event_line
from vocero.digests import digests, whole_digest
from vocero.outcome import Outcome, outcome_of

_CODE_LENGTH = 8
_TO_COME = frozenset({DeliveryState.SCHEDULED, DeliveryState.STAGING})


@dataclass(frozen=True, slots=True)
class PostFile:
    """A post with all that belongs to it."""

    post: Post
    revisions: Sequence[Revision]
    digests: Mapping[int, str]
    approvals: Sequence[Approval]
    deliveries: Sequence[Delivery]
    attempts: Mapping[int, Sequence[Attempt]]
    events: Sequence[RecordedEvent]
    accounts: Mapping[int, Account]
    people: Mapping[int, Person]

    @property
    def revision(self) -> Revision:
        """The latest revision."""
        return self.revisions[0]

    def permalink_of(self, delivery: Delivery) -> str:
        """Return the site's address that stands in this delivery's text; empty while there is none, or where none."""
        return next((each.url for each in self.deliveries if each.id == delivery.follows), "")

    @property
    def outcome(self) -> Outcome | None:
        """What became of it as a whole; None where nothing was scheduled."""
        return outcome_of(self.deliveries, self.accounts)

    @property
    def code(self) -> str:
        """A short name of exactly this content for exactly these accounts: what an approver confirms."""
        return code_of(self.digests)


def code_of(bound: Mapping[int, str]) -> str:
    """Return the short name of a set of digests: 8 hexadecimal digits."""
    return whole_digest(bound)[:_CODE_LENGTH]


def read_post(transaction: Transaction, post_id: int) -> PostFile:
    """Return the post with all that belongs to it. Raises NotFound."""
    post = transaction.posts.get(post_id)
    revisions = transaction.posts.revisions(post_id)
    deliveries = transaction.deliveries.of_post(post_id)
    return PostFile(
        post=post,
        revisions=revisions,
        digests=digests(transaction, revisions[0]),
        approvals=transaction.posts.approvals(revisions[0].id),
        deliveries=deliveries,
        attempts={delivery.id: transaction.deliveries.attempts(delivery.id) for delivery in deliveries},
        events=transaction.events.of(f"post:{post_id}", *(f"delivery:{delivery.id}" for delivery in deliveries)),
        accounts={account.id: account for account in transaction.accounts.all()},
        people={person.id: person for person in transaction.people.all()},
    )


def post_row(file: PostFile) -> tuple[str, ...]:
    """Return what a list says of a post: number, hour, state, networks, first words."""
    return (
        str(file.post.id),
        shown(file.post.publish_at),
        file.outcome.sentence if file.outcome else file.post.state.label,
        ", ".join(file.accounts[target.account_id].platform.label for target in file.revision.targets),
        file.revision.content.opening,
    )


def content_lines(file: PostFile) -> list[str]:
    """Return what the public would see, line by line."""
    revision, content = file.revision, file.revision.content
    lines = [_("Publicación {id} · {state}").format(id=file.post.id, state=file.post.state.label)]
    lines.append(_("  Sale:     {hour}").format(hour=shown(file.post.publish_at)))
    names = ", ".join(_account_name(file.accounts[target.account_id]) for target in revision.targets)
    lines.append(_("  Cuentas:  {names}").format(names=names or _("ninguna")))
    author = file.people[revision.author_id].name
    lines.append(_("  Versión:  {number}, de {author}").format(number=revision.number, author=author))
    if content.title:
        lines.append(_("  Título:   {title}").format(title=content.title))
    lines.append(_("  Texto:"))
    lines.extend(f"    {line}" for line in content.text.splitlines())
    for number, message in enumerate(content.thread, 2):
        lines.append(_("  Hilo, mensaje {number}:").format(number=number))
        lines.extend(f"    {line}" for line in message.splitlines())
    for target in revision.targets:
        account = file.accounts[target.account_id]
        public = _messages(approved_content(revision, account), account)
        if public not in ((content.text,), (content.text, *content.thread)):
            for number, message in enumerate(public, 1):
                which = _(" (mensaje {number})").format(number=number) if len(public) > 1 else ""
                lines.append(_("  Texto en {name}{which}:").format(name=_account_name(account), which=which))
                lines.extend(f"    {line}" for line in message.splitlines())
    if content.link:
        lines.append(_("  Enlace:   {link}").format(link=content.link))
    if has_placeholder(content):
        lines.append(
            _("  Marca:    {mark} será la dirección que la publicación tenga en la página web").format(mark=PLACEHOLDER)
        )
    for attachment in content.attachments:
        medium = attachment.medium
        size = f"{medium.width} × {medium.height}" if medium.width else f"{medium.size} B"
        said = attachment.alt_text
        if attachment.role is AttachmentRole.THUMBNAIL:
            said = _("miniatura del video")
        elif attachment.role is AttachmentRole.CAPTIONS:
            said = _("subtítulos del video, idioma {language}").format(language=attachment.language)
        lines.append(_("  Archivo:  {name} ({size}) — {said}").format(name=medium.file_name, size=size, said=said))
    if content.tags:
        lines.append(_("  Etiquetas: {tags}").format(tags=", ".join(content.tags)))
    lines.extend(
        _("  Opción:   {name} = {chosen}").format(name=name, chosen=chosen) for name, chosen in content.options
    )
    lines.append(_("  Código:   {code}").format(code=file.code))
    return lines


def history_lines(file: PostFile) -> list[str]:
    """Return what was done with the post, line by line."""
    lines = []
    for approval in file.approvals:
        name = file.people[approval.approver_id].name
        account = _account_name(file.accounts[approval.account_id])
        lines.append(
            _("  Aprobada por {name} para {account} el {hour}").format(
                name=name, account=account, hour=shown(approval.decided_at)
            )
        )
    if file.outcome and len(file.outcome.deliveries) > 1:
        lines.append(_("  En total: {outcome}").format(outcome=file.outcome.sentence))
    for delivery in file.deliveries:
        lines.append("  " + delivery_line(delivery, file.accounts[delivery.account_id]))
        if delivery.state in _TO_COME:
            limit = shown(delivery.late_after)
            lines.append(_("    Tardanza máxima: hasta el {limit}; después no se envía").format(limit=limit))
        if permalink := file.permalink_of(delivery):
            lines.append(f"    {PLACEHOLDER} → {permalink}")
    if file.events:
        lines.append(_("  Historia:"))
    lines.extend("    " + event_line(recorded.event, file.accounts) for recorded in file.events)
    return lines


def delivery_line(delivery: Delivery, account: Account) -> str:
    """Return one line on a delivery."""
    line = _("Envío {id} · {hour} · {account} · publicación {post} · {state}").format(
        id=delivery.id,
        hour=shown(delivery.publish_at),
        account=_account_name(account),
        post=delivery.post_id,
        state=delivery.state.label,
    )
    if delivery.url:
        line += f" · {delivery.url}"
    if delivery.reason:
        line += f" · {delivery.reason}"
    return line


def delivery_as_dict(
    delivery: Delivery, account: Account, attempts: Sequence[Attempt] | None = None
) -> dict[str, object]:
    """Return a delivery for programs."""
    known: dict[str, object] = {
        "id": delivery.id,
        "post": delivery.post_id,
        "platform": account.platform,
        "account": account.remote_id,
        "state": delivery.state,
        "publish_at": delivery.publish_at,
        "due_at": delivery.due_at,
        "late_after": delivery.late_after,
        "remote_id": delivery.remote_id,
        "url": delivery.url,
        "published_at": delivery.published_at,
        "reason": delivery.reason,
        "key": delivery.key,
        "follows": delivery.follows,
    }
    if attempts is not None:
        known["attempts"] = [
            {
                "step": attempt.step,
                "started_at": attempt.started_at,
                "finished_at": attempt.finished_at,
                "outcome": attempt.outcome,
                "detail": attempt.detail,
                "worker": attempt.worker,
            }
            for attempt in attempts
        ]
    return known


def post_as_dict(file: PostFile) -> dict[str, object]:
    """Return a post with all that belongs to it, for programs."""
    content = file.revision.content
    return {
        "id": file.post.id,
        "state": file.post.state,
        "publish_at": file.post.publish_at,
        "source": file.post.source,
        "code": file.code,
        "revision": file.revision.number,
        "author": file.people[file.revision.author_id].login,
        "title": content.title,
        "text": content.text,
        "link": content.link,
        "media": [
            {
                "sha256": a.medium.sha256,
                "file_name": a.medium.file_name,
                "alt_text": a.alt_text,
                "role": a.role,
                "language": a.language,
            }
            for a in content.attachments
        ],
        "thread": content.thread,
        "tags": content.tags,
        "options": dict(content.options),
        "window": {"from": file.revision.window.starts_at, "until": file.revision.window.ends_at},
        "targets": [
            {
                "account": file.accounts[target.account_id].remote_id,
                "platform": file.accounts[target.account_id].platform,
                "text": target.text,
                "digest": file.digests[target.account_id],
            }
            for target in file.revision.targets
        ],
        "approvals": [
            {
                "account": file.accounts[approval.account_id].remote_id,
                "digest": approval.digest,
                "approver": file.people[approval.approver_id].login,
                "decided_at": approval.decided_at,
            }
            for approval in file.approvals
        ],
        "outcome": outcome_as_dict(file.outcome),
        "deliveries": [
            delivery_as_dict(each, file.accounts[each.account_id], file.attempts[each.id])
            | {"permalink": file.permalink_of(each)}
            for each in file.deliveries
        ],
    }


def outcome_as_dict(outcome: Outcome | None) -> dict[str, object] | None:
    """Return what became of a post as a whole, for programs."""
    if outcome is None:
        return None
    return {
        "published": outcome.published,
        "of": len(outcome.deliveries),
        "is_partial": outcome.is_partial,
        "sentence": outcome.sentence,
        "rest": [
            {"platform": account.platform, "account": account.remote_id, "state": delivery.state}
            for account, delivery in outcome.rest
        ],
    }


def _messages(content: Content, account: Account) -> tuple[str, ...]:
    capabilities = CONNECTORS[account.platform].capabilities
    return capabilities.messages(content.text, content.thread, link=content.link, has_media=bool(content.shown))


def _account_name(account: Account) -> str:
    return f"{account.platform.label} ({account.name})"
