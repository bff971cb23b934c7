"""What the program itself does to the procedure as time passes: no person acts, and each step leaves its event.

- What nobody approved before its hour expires, and so does what was approved and never scheduled in its time.
- What was approved and would not pass any more (a new rule, another account behind the name, an approver who was not
  entitled) is in review again, and its deliveries are unscheduled. The gate asks all of it once more at sending.
- What is out and has nothing on its way is followed up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core.posts import Post, PostState
from core.requests import RequestState
from core.texts import _
from policy.guards import Case
from policy.permissions import was_entitled
from policy.procedure import check_guards, transition
from policy.reasons import Reason, joined
from storage.deliveries import LostLease
from storage.transaction import Transaction
from vocero.actions.base import Program
from vocero.actions.content import blockers, end_post, follow_posts, standing_of, void
from vocero.actions.images import look_at_images
from vocero.digests import digests
from vocero.office import Office

_AHEAD = timedelta(hours=24)  # what goes out later is looked at when its day comes, and by the gate


@dataclass(frozen=True, slots=True)
class Found:
    """Something that time brought: what it is about (`post:N`, `request:N`), where it went, and why."""

    subject: str
    after: str
    reason: str


def catch_up(office: Office, *, dry_run: bool = False) -> list[Found]:
    """Do all of it for what is due now; return what was done, or would be. Raises StorageError."""
    with office.database.read() as transaction:
        now = transaction.now
        late = [post.id for post in transaction.posts.in_review_before(now)]
        ahead = [post.id for post in transaction.posts.approved_until(now, now + _AHEAD)]
        unscheduled = [post.id for post in transaction.posts.unscheduled_before(now)]
        out = [each.id for each in transaction.requests.all({RequestState.APPROVED})]
        if dry_run:
            return [
                *_found(office, transaction, late, _expired),
                *_found(office, transaction, unscheduled, _expired),
                *_found(office, transaction, ahead, _voided),
            ]
    for post in ahead:
        look_at_images(office, post)  # with the strips of today: what is not looked at would be found wanting
    done = [_apply(office, post, _expire) for post in (*late, *unscheduled)]
    done += [_apply(office, post, _void_stale) for post in ahead]
    done += [_apply(office, request, _follow_up) for request in out]
    return [each for each in done if each is not None]


def _found(
    office: Office,
    transaction: Transaction,
    posts: list[int],
    judge: Callable[[Office, Transaction, Post], Found | None],
) -> list[Found]:
    found = (judge(office, transaction, transaction.posts.get(post)) for post in posts)
    return [each for each in found if each is not None]


def _apply(office: Office, number: int, step: Callable[[Office, Transaction, int], Found | None]) -> Found | None:
    try:
        with office.database.write() as transaction:
            return step(office, transaction, number)
    except LostLease:
        return None  # a worker was quicker; the next time round it is seen as it then is


def _expired(office: Office, transaction: Transaction, post: Post) -> Found | None:
    """Judge whether it expires, by the guards of the procedure."""
    del office
    deliveries = transaction.deliveries.of_post(post.id)
    standing = standing_of(post, deliveries)
    row = transition(RequestState(post.state), RequestState.EXPIRED, None)
    if row is None or (post.state is PostState.APPROVED and deliveries):
        return None
    window = transaction.posts.latest_revision(post.id).window
    case = Case(
        request=transaction.requests.get(post.request_id),
        actor=None,
        now=transaction.now,
        is_out=standing.is_out,
        is_waiting=standing.is_waiting,
        slot=post.publish_at if post.state is PostState.IN_REVIEW else window.ends_at,
    )
    if check_guards(row.guards, case):
        return None
    reason = (
        _("su hora pasó sin aprobación")
        if post.state is PostState.IN_REVIEW
        else _("su tiempo aprobado pasó sin que se programara")
    )
    return Found(f"post:{post.id}", PostState.EXPIRED, reason)


def _expire(office: Office, transaction: Transaction, post_id: int) -> Found | None:
    post = transaction.posts.hold(post_id)
    transaction.deliveries.hold_post(post_id)
    found = _expired(office, transaction, post)
    if found is not None:
        program = Program("expired")
        end_post(program, transaction, post, reason=found.reason, state=PostState.EXPIRED)
        follow_posts(program, transaction, post.request_id, None, reason=found.reason)
    return found


def _voided(office: Office, transaction: Transaction, post: Post) -> Found | None:
    deliveries = transaction.deliveries.of_post(post.id)
    if post.state is not PostState.APPROVED or standing_of(post, deliveries).is_out:
        return None
    reasons = _against_approval(office, transaction, post)
    if not reasons:
        return None
    return Found(f"post:{post.id}", PostState.IN_REVIEW, joined(reasons))


def _against_approval(office: Office, transaction: Transaction, post: Post) -> list[Reason]:
    revisions = transaction.posts.revisions(post.id)
    revision = revisions[0]
    bound = digests(transaction, revision)
    authors = {each.author_id for each in revisions}
    reasons = [each for each in blockers(office, transaction, post, revision) if each.code != "past"]
    if post.publish_at not in revision.window:
        reasons.append(Reason("outside_window", _("Su hora está fuera del tiempo aprobado.")))
    approvals = transaction.posts.approvals(revision.id)
    if {each.account_id: each.digest for each in approvals} != bound:
        reasons.append(Reason("changed_after_approval", _("El contenido o la cuenta no son los que se aprobaron.")))
    for approval in approvals:
        by = approval.delegation_id
        delegation = None if by is None else transaction.delegations.get(by)
        if approval.approver_id in authors or not was_entitled(approval, delegation):
            reasons.append(Reason("approver_not_entitled", _("Quien aprobó no podía hacerlo.")))
    return list(dict.fromkeys(reasons))


def _void_stale(office: Office, transaction: Transaction, post_id: int) -> Found | None:
    post = transaction.posts.hold(post_id)
    transaction.deliveries.hold_post(post_id)
    found = _voided(office, transaction, post)
    if found is not None:
        program = Program("approval_voided")
        after = void(program, transaction, post, None, reason=found.reason)
        program.tell(
            transaction,
            f"post:{post.id}",
            action="returned_to_review",
            before=post.state,
            after=after,
            reason=found.reason,
        )
    return found


def _follow_up(office: Office, transaction: Transaction, request_id: int) -> Found | None:
    del office
    before = transaction.requests.get(request_id)
    after = follow_posts(Program("followed_up"), transaction, request_id, None)
    if after.state is before.state:
        return None
    return Found(f"request:{request_id}", after.state, "")
