"""What a case file tells: read from the ledger in one transaction, never credentials nor what was only prepared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from connectors.redaction import redacted
from core.accounts import Account
from core.deliveries import Attempt, Delivery
from core.digest import canonical
from core.events import FIRST, RecordedEvent
from core.media import Medium
from core.posts import Approval, Content, Revision
from scheduler.facts import approved_content
from storage.transaction import Transaction
from vocero.casefile.asked import asked
from vocero.casefile.reserving import Names
from vocero.casefile.words import maybe_utc, utc
from vocero.cli.audited import event_as_dict
from vocero.cli.record import event_line
from vocero.cli.shown import PostFile, read_post

FORMAT = "vocero-expediente-1"


@dataclass(frozen=True, slots=True)
class Case:
    """A post's case: the document as plain JSON values, and the files that belong to it, by digest.

    `timeline`: what happened, in sentences. `is_whole`: with the personal data of third parties.
    """

    post_id: int
    record: Mapping[str, object] = field(repr=False)
    media: tuple[Medium, ...]
    timeline: tuple[str, ...] = field(repr=False)
    is_whole: bool


def read_case(transaction: Transaction, post_id: int, *, whole: bool) -> Case:
    """Return the case as the ledger now tells it. Raises NotFound."""
    file = read_post(transaction, post_id)
    names = Names(file.people.values(), whole=whole)
    requests = asked(transaction, file.post.request_id, names)
    approvals = transaction.posts.every_approval(post_id)
    events = transaction.events.of(
        f"post:{post_id}",
        *(f"delivery:{delivery.id}" for delivery in file.deliveries),
        *(f"request:{request['id']}" for request in requests),
    )
    delegations = {each.delegation_id for each in approvals if each.delegation_id is not None}
    delegations |= {int(each.event.data["delegation"]) for each in events if "delegation" in each.event.data}
    by_number = {each.number: each for each in events}
    by_number |= {each.number: each for each in transaction.events.of(*(f"delegation:{each}" for each in delegations))}
    events = [by_number[number] for number in sorted(by_number)]
    media = _media(file.revisions)
    number, head = transaction.events.end()
    last = transaction.events.get(number)
    record = {
        "format": FORMAT,
        "personal_data": "whole" if whole else "reserved",
        "chain": {
            "number": number,
            "hash": head,
            "first": FIRST,
            "at": None if last is None else utc(last.event.at),
        },
        "requests": requests,
        "post": {
            "id": post_id,
            "request": file.post.request_id,
            "state": str(file.post.state),
            "state_label": file.post.state.label,
            "outcome": None if file.outcome is None else file.outcome.sentence,
            "publish_at": utc(file.post.publish_at),
            "created_by": names.of(file.post.created_by),
            "created_at": utc(file.post.created_at),
            "source": names.told(file.post.source),
        },
        "revisions": [_revision(transaction, each, names) for each in reversed(file.revisions)],
        "approvals": [_approval(each, file, names) for each in approvals],
        "image_notes": [
            {
                "sha256": note.sha256,
                "rule": note.rule,
                "kind": str(note.kind),
                "reason": names.told(note.reason),
                "author": names.of_login(note.author),
            }
            for note in transaction.looks.notes(post_id)
        ],
        "delegations": [_delegation(transaction, each, names) for each in sorted(delegations)],
        "deliveries": [_delivery(each, file.attempts[each.id]) for each in file.deliveries],
        "accounts": [_account(each) for each in _accounts(file, approvals)],
        "media": [_medium(each) for each in media],
        "events": [event_as_dict(each) | names.event(each) for each in events],
    }
    record["people"] = names.all()  # last: everybody who was named
    return Case(post_id, record, media, tuple(_timeline(events, file, names)), whole)


def _media(revisions: Iterable[Revision]) -> tuple[Medium, ...]:
    found = {each.medium.sha256: each.medium for revision in revisions for each in revision.content.attachments}
    return tuple(found[sha256] for sha256 in sorted(found))


def _accounts(file: PostFile, approvals: Iterable[Approval]) -> list[Account]:
    numbers = {target.account_id for revision in file.revisions for target in revision.targets}
    numbers |= {each.account_id for each in approvals} | {each.account_id for each in file.deliveries}
    return [file.accounts[number] for number in sorted(numbers)]


def _account(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "official_id": account.official_id,
        "network": account.platform.label,
        "name": account.name,
        "handle": account.handle,
        "address": account.address,
    }


def name_in_case(medium: Medium) -> str:
    """Return the name that a file has in the case file: its digest, with the usual ending of its type."""
    return f"media/{medium.sha256}{medium.extension}"


def _medium(medium: Medium) -> dict[str, object]:
    return {
        "sha256": medium.sha256,
        "file": name_in_case(medium),
        "file_name": medium.file_name,
        "kind": str(medium.kind),
        "type": medium.mime_type,
        "size": medium.size,
        "width": medium.width,
        "height": medium.height,
    }


def _content(content: Content) -> dict[str, object]:
    return {
        "title": content.title,
        "text": content.text,
        "thread": list(content.thread),
        "link": content.link,
        "language": content.language,
        "excerpt": content.excerpt,
        "categories": list(content.categories),
        "tags": list(content.tags),
        "options": dict(content.options),
        "media": [
            {
                "sha256": each.medium.sha256,
                "alt_text": each.alt_text,
                "role": str(each.role),
                "language": each.language,
            }
            for each in content.attachments
        ],
    }


def _revision(transaction: Transaction, revision: Revision, names: Names) -> dict[str, object]:
    return _content(revision.content) | {
        "id": revision.id,
        "number": revision.number,
        "author": names.of(revision.author_id),
        "created_at": utc(revision.created_at),
        "window": {"from": utc(revision.window.starts_at), "until": utc(revision.window.ends_at)},
        "targets": [{"account": target.account_id, "text": target.text} for target in revision.targets],
        "checklists": [
            {
                "id": each.id,
                "points": [str(point) for point in each.points],
                "points_label": ", ".join(point.label for point in each.points),
                "digest": each.digest,
                "signed_by": names.of(each.signed_by),
                "signed_at": utc(each.signed_at),
            }
            for each in transaction.checklists.of(revision.id)
        ],
    }


def _approval(approval: Approval, file: PostFile, names: Names) -> dict[str, object]:
    revision = next(each for each in file.revisions if each.id == approval.revision_id)
    account = file.accounts[approval.account_id]
    text = canonical(approved_content(revision, account), official_id=account.official_id, window=revision.window)
    return {
        "id": approval.id,
        "revision": approval.revision_id,
        "account": approval.account_id,
        "digest": approval.digest,
        "bound": json.loads(text),
        # of an account that was left out again its own text is not kept
        "is_target": any(target.account_id == account.id for target in revision.targets),
        "approver": names.of(approval.approver_id),
        "role": str(approval.role),
        "role_label": approval.role.label,
        "delegation": approval.delegation_id,
        "decided_at": utc(approval.decided_at),
        "revoked_at": maybe_utc(approval.revoked_at),
        "revoked_reason": names.told(approval.revoked_reason),
    }


def _delegation(transaction: Transaction, number: int, names: Names) -> dict[str, object]:
    each = transaction.delegations.get(number)
    return {
        "id": each.id,
        "delegate": names.of(each.delegate_id),
        "on_behalf_of": names.of(each.on_behalf_of),
        "starts_at": utc(each.starts_at),
        "ends_at": utc(each.ends_at),
        "legal_basis": names.told(each.legal_basis),
        "granted_by": names.of(each.granted_by),
        "granted_at": utc(each.granted_at),
        "ended_at": maybe_utc(each.ended_at),
        "ended_by": names.maybe(each.ended_by),
        "ended_reason": names.told(each.ended_reason),
    }


def _delivery(delivery: Delivery, attempts: Sequence[Attempt]) -> dict[str, object]:
    """Tell a delivery, but not its stage, which may hold secret upload addresses, nor the worker's machine."""
    return {
        "id": delivery.id,
        "key": delivery.key,
        "revision": delivery.revision_id,
        "approval": delivery.approval_id,
        "account": delivery.account_id,
        "state": str(delivery.state),
        "state_label": delivery.state.label,
        "publish_at": utc(delivery.publish_at),
        "late_after": utc(delivery.late_after),
        "published_at": maybe_utc(delivery.published_at),
        "remote_id": delivery.remote_id,
        "url": redacted(delivery.url),
        "reason": redacted(delivery.reason),
        "follows": delivery.follows,
        "attempts": [
            {
                "id": each.id,
                "step": str(each.step),
                "started_at": utc(each.started_at),
                "finished_at": maybe_utc(each.finished_at),
                "outcome": each.outcome,
                "detail": redacted(each.detail),
            }
            for each in attempts
        ],
    }


def _timeline(events: Iterable[RecordedEvent], file: PostFile, names: Names) -> Iterable[str]:
    for recorded in events:
        known = names.event(recorded)
        event = replace(recorded.event, actor=known["actor"], reason=known["reason"])
        yield f"{recorded.number}\t{event_line(event, file.accounts)}"
