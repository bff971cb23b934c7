"""What acts about a post's content have in common: what is judged of it, and what is taken back when it changes."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import structlog

from core.deliveries import Delivery, DeliveryState
from core.lima import shown
from core.platforms import Platform
from core.posts import Approval, Content, Post, PostState, Revision, Target
from core.requests import Request
from core.texts import _
from policy.guards import Draft
from policy.permissions import Act
from policy.procedure import PostStanding, state_of, transition
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Teller
from vocero.actions.copies import check_copies
from vocero.actions.findings import check_rules
from vocero.digests import digests, whole_digest
from vocero.office import Office

log = structlog.get_logger()

# once a delivery is here the public may have seen it, and what it says may not change under it
_OUT = frozenset({DeliveryState.PUBLISHING, DeliveryState.UNKNOWN, DeliveryState.PUBLISHED, DeliveryState.TAKEN_DOWN})
_WAITING = frozenset({DeliveryState.SCHEDULED, DeliveryState.STAGING, DeliveryState.HELD})
_IN_DOUBT = frozenset({DeliveryState.PUBLISHING, DeliveryState.UNKNOWN})
OVER = (PostState.CANCELLED, PostState.EXPIRED)


def may_be_seen(delivery: Delivery) -> bool:
    """Tell whether the public may have seen something of it."""
    return delivery.is_begun or delivery.state in _OUT


def waits(delivery: Delivery) -> bool:
    """Tell whether it may still be taken back whole."""
    return delivery.state in _WAITING and not delivery.is_begun


def standing_of(post: Post, deliveries: Collection[Delivery]) -> PostStanding:
    """Return where the post stands, for its request."""
    return PostStanding(
        post.state,
        is_out=any(may_be_seen(each) for each in deliveries),
        is_waiting=any(each.state in _WAITING | _IN_DOUBT for each in deliveries),
    )


def standings(transaction: Transaction, request_id: int) -> list[PostStanding]:
    """Return where each post of the request stands."""
    return [
        standing_of(post, transaction.deliveries.of_post(post.id)) for post in transaction.posts.of_request(request_id)
    ]


def follow_posts(
    teller: Teller, transaction: Transaction, request_id: int, act: Act | None, *, reason: str = ""
) -> Request:
    """Put the request where its posts have brought it, by a way that the procedure knows; return it.

    Where there is none, rows were changed by other hands: the request stays where it is, and the act on the post, which
    may be a withdrawal in haste, goes on.
    """
    request = transaction.requests.hold(request_id)
    after = state_of(request.state, standings(transaction, request_id))
    if after is request.state:
        return request
    row = transition(request.state, after, act)
    if row is None:
        log.warning("request_left_behind", request=request_id, state=request.state, posts=after)
        return request
    transaction.requests.set_state(request_id, after)
    teller.tell(
        transaction,
        f"request:{request_id}",
        before=request.state,
        after=after,
        reason=reason,
        data={"basis": str(row.basis)},
    )
    return replace(request, state=after)


def judged(office: Office, transaction: Transaction, post: Post, *, displayed: dict[int, str] | None = None) -> Draft:
    """Return what the guards judge of the latest revision; `displayed` are the digests that somebody was shown."""
    revisions = transaction.posts.revisions(post.id)
    latest = revisions[0]
    bound = digests(transaction, latest)
    whole = whole_digest(bound)
    return Draft(
        content=latest.content,
        findings=tuple(blockers(office, transaction, post, latest)),
        is_checked=any(each.digest == whole for each in transaction.checklists.of(latest.id)),
        is_as_shown=displayed == bound,
        authors=frozenset(revision.author_id for revision in revisions),
    )


def blockers(office: Office, transaction: Transaction, post: Post, revision: Revision) -> list[Reason]:
    """Return what blocks the revision: why it could not go out as it is. Every rule about content is asked here."""
    reasons: list[Reason] = []
    if post.publish_at <= transaction.now:
        reasons.append(past(post))
    if not revision.targets:
        reasons.append(no_target())
    request = transaction.requests.get(post.request_id)
    reasons += check_social_only(transaction, request, revision.targets)
    reasons += check_copies(copies_of(transaction, revision.content, revision.targets))
    return [*reasons, *check_rules(office, transaction, post)]


def check_social_only(transaction: Transaction, request: Request, targets: Collection[Target]) -> list[Reason]:
    """What goes to social networks only does not go to the website (8.15)."""
    if not request.details.social_only:
        return []
    if all(transaction.accounts.get(each.account_id).platform is not Platform.WEBSITE for each in targets):
        return []
    return [Reason("social_only", _("Esta solicitud es solo para redes sociales: quite la página web."))]


def copies_of(
    transaction: Transaction, content: Content, targets: Sequence[Target]
) -> Iterator[tuple[Platform, Content]]:
    """Yield what each target says, with its platform."""
    for target in targets:
        own = content if target.text is None else replace(content, text=target.text)
        yield transaction.accounts.get(target.account_id).platform, own


def void(teller: Teller, transaction: Transaction, post: Post, act: Act | None, *, reason: str) -> PostState:
    """Take back every approval of the post and its deliveries that wait; what was approved is in review again.

    Return the post's state afterwards.
    """
    for approval in transaction.posts.revoke_approvals(post.id, reason=reason, now=transaction.now):
        tell_voided(teller, transaction, post, approval, reason)
    take_back(teller, transaction, post, reason=reason)
    after = PostState.IN_REVIEW if post.state is PostState.APPROVED else post.state
    transaction.posts.set_state(post.id, after)
    follow_posts(teller, transaction, post.request_id, act, reason=reason)
    return after


def end_post(
    teller: Teller, transaction: Transaction, post: Post, *, reason: str, state: PostState = PostState.CANCELLED
) -> list[Delivery]:
    """Take back what has not gone out; a post of which nothing has is over. Return the deliveries taken back."""
    taken = take_back(teller, transaction, post, reason=reason)
    if not any(may_be_seen(delivery) for delivery in transaction.deliveries.of_post(post.id)):
        transaction.posts.set_state(post.id, state)
        for approval in transaction.posts.revoke_approvals(post.id, reason=reason, now=transaction.now):
            tell_voided(teller, transaction, post, approval, reason)
        teller.tell(transaction, f"post:{post.id}", before=post.state, after=state, reason=reason)
    return taken


def tell_voided(teller: Teller, transaction: Transaction, post: Post, approval: Approval, reason: str) -> None:
    """Leave an event of an approval that counts no more."""
    teller.tell(
        transaction,
        f"post:{post.id}",
        action="approval_voided",
        digest=approval.digest,
        reason=reason,
        data={"account": str(approval.account_id)},
    )


def take_back(
    teller: Teller, transaction: Transaction, post: Post, *, reason: str, only: int | None = None
) -> list[Delivery]:
    """Cancel the deliveries of the post that wait (`only`: to that account).

    A worker that holds one finds that it may not write any more.
    """
    taken = []
    for delivery in transaction.deliveries.of_post(post.id):
        if waits(delivery) and only in (None, delivery.account_id):
            taken.append(transaction.deliveries.take_back(delivery, DeliveryState.CANCELLED, reason=reason))
            teller.tell(
                transaction,
                f"delivery:{delivery.id}",
                action="delivery.cancelled",
                before=delivery.state,
                after=DeliveryState.CANCELLED,
                reason=reason,
                data={"post": str(post.id), "account": str(delivery.account_id)},
            )
    return taken


def no_target() -> Reason:
    """Return the reason that a post without any account has against it."""
    return Reason("no_target", _("La publicación no tiene ninguna red: al menos una debe quedar."))


def past(post: Post) -> Reason:
    """Return the reason that a post whose hour is over has against it."""
    return Reason(
        "past",
        _("Su hora ({hour}) ya pasó. Póngale otra con: vocero posts edit --at").format(hour=shown(post.publish_at)),
    )


def wrong_state(post: Post) -> Reason:
    """Return the reason that a post has against an act that does not fit its state."""
    return Reason(
        "wrong_state",
        _("La publicación {id} está «{state}»: no corresponde hacer eso ahora. Véala: vocero posts show {id}").format(
            id=post.id, state=post.state.label
        ),
    )
