"""Acts of the review: the signed checklist, submitting, the head's word, and taking it back (steps 12 and 13)."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.checklists import Point
from core.people import Person
from core.posts import Approval, Post, PostState, Revision
from core.texts import _
from policy.guards import Case, Draft, required_points
from policy.permissions import Act
from policy.procedure import APPROVING, RETURNING, SUBMITTING, check_guards
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.content import OVER, follow_posts, judged, may_be_seen, void, wrong_state
from vocero.actions.findings import told_of_rules
from vocero.actions.images import look_at_images
from vocero.digests import digests, whole_digest
from vocero.office import Office


class SignChecklist(Action[Revision]):
    """Sign that message, wording, design and video were looked at (8.9): of exactly the latest revision."""

    may = Act.SIGN_CHECKLIST

    def __init__(self, office: Office, actor: Person, *, post_id: int, points: Iterable[Point]) -> None:
        super().__init__(office, actor)
        self._post_id, self._points = post_id, frozenset(points)

    def check(self, transaction: Transaction) -> list[Reason]:
        """The post is not over, and every point that it has was looked at."""
        post = transaction.posts.hold(self._post_id)
        if post.state in (*OVER, PostState.APPROVED):
            return [wrong_state(post)]
        content = transaction.posts.latest_revision(post.id).content
        left = [point.label for point in required_points(content) if point not in self._points]
        if not left:
            return []
        sentence = _("Falta verificar: {points} (8.9). Si algo no está conforme, corríjalo primero.")
        return [Reason("point_missing", sentence.format(points=", ".join(left)))]

    def act(self, transaction: Transaction) -> Revision:
        """Sign it."""
        revision = transaction.posts.latest_revision(self._post_id)
        whole = whole_digest(digests(transaction, revision))
        points = [point for point in Point if point in self._points]
        transaction.checklists.sign(
            revision_id=revision.id, digest=whole, points=points, signed_by=self.actor.id, now=transaction.now
        )
        self.tell(
            transaction,
            f"post:{self._post_id}",
            digest=whole,
            data={"revision": str(revision.number), "points": ",".join(points)},
        )
        return revision


class SubmitPost(Action[Revision]):
    """Send a draft to the head for approval (step 12)."""

    may = Act.SUBMIT_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int) -> None:
        super().__init__(office, actor)
        self._post_id = post_id

    def prepare(self) -> None:
        """Look at the images that nobody looked at yet."""
        look_at_images(self.office, self._post_id)

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is a draft, its checklist is signed, its hour is to come, and every platform could show it."""
        post = transaction.posts.hold(self._post_id)
        if post.state not in (PostState.DRAFT, PostState.CHANGES_REQUESTED):
            return [wrong_state(post)]
        return check_guards(SUBMITTING, _case(self, transaction, post, judged(self.office, transaction, post)))

    def act(self, transaction: Transaction) -> Revision:
        """Submit it."""
        post = transaction.posts.get(self._post_id)
        revision = transaction.posts.latest_revision(post.id)
        transaction.posts.set_state(post.id, PostState.IN_REVIEW)
        transaction.requests.mark_submitted(post.request_id, transaction.now)
        self.tell(
            transaction,
            f"post:{post.id}",
            before=post.state,
            after=PostState.IN_REVIEW,
            data={"revision": str(revision.number), **told_of_rules(self.office, transaction, post)},
        )
        follow_posts(self, transaction, post.request_id, self.may)
        return revision


class ApprovePost(Action[list[Approval]]):
    """The head's word (13.1), or a delegate's, bound to what was shown: `shown` are the digests seen, by account."""

    may = Act.APPROVE_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int, shown: Mapping[int, str]) -> None:
        super().__init__(office, actor)
        self._post_id, self._shown = post_id, dict(shown)

    def prepare(self) -> None:
        """Look at the images that nobody looked at yet: an edit may have brought some."""
        look_at_images(self.office, self._post_id)

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is in review, the approver wrote no part of it, and what was shown is what there is and was checked."""
        post = transaction.posts.hold(self._post_id)
        if post.state is not PostState.IN_REVIEW:
            return [wrong_state(post)]
        draft = judged(self.office, transaction, post, displayed=self._shown)
        return check_guards(APPROVING, _case(self, transaction, post, draft))

    def act(self, transaction: Transaction) -> list[Approval]:
        """Approve every target of the latest revision."""
        post = transaction.posts.get(self._post_id)
        revision = transaction.posts.latest_revision(post.id)
        approvals = []
        images = told_of_rules(self.office, transaction, post)
        for account_id, bound in sorted(self._shown.items()):
            approvals.append(
                transaction.posts.approve(
                    revision_id=revision.id,
                    account_id=account_id,
                    digest=bound,
                    approver_id=self.actor.id,
                    role=self.actor.role,
                    delegation_id=None if self.delegation is None else self.delegation.id,
                    now=transaction.now,
                )
            )
            self.tell(
                transaction,
                f"post:{post.id}",
                before=post.state,
                after=PostState.APPROVED,
                digest=bound,
                data={"revision": str(revision.number), "account": str(account_id), **images},
            )
        transaction.posts.set_state(post.id, PostState.APPROVED)
        follow_posts(self, transaction, post.request_id, self.may)
        return approvals


class ReturnPost(Action[Post]):
    """Send a post back to be corrected (13.2): no rejection, a loop."""

    may = Act.RETURN_POST

    def __init__(self, office: Office, actor: Person, *, post_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._post_id, self._reason = post_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is in review, and there is a reason."""
        post = transaction.posts.hold(self._post_id)
        if post.state is not PostState.IN_REVIEW:
            return [wrong_state(post)]
        return check_guards(RETURNING, _case(self, transaction, post, None, reason=self._reason))

    def act(self, transaction: Transaction) -> Post:
        """Return it."""
        post = transaction.posts.get(self._post_id)
        transaction.posts.set_state(post.id, PostState.CHANGES_REQUESTED)
        self.tell(
            transaction,
            f"post:{post.id}",
            before=post.state,
            after=PostState.CHANGES_REQUESTED,
            reason=self._reason,
        )
        follow_posts(self, transaction, post.request_id, self.may, reason=self._reason)
        return transaction.posts.get(post.id)


class RevokeApproval(Action[Post]):
    """Take the head's word back: the post is in review again and nothing of it is scheduled."""

    may = Act.REVOKE_APPROVAL

    def __init__(self, office: Office, actor: Person, *, post_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._post_id, self._reason = post_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is approved, nothing of it is out, and there is a reason."""
        post = transaction.posts.hold(self._post_id)
        transaction.deliveries.hold_post(post.id)
        if post.state is not PostState.APPROVED:
            return [wrong_state(post)]
        if any(may_be_seen(delivery) for delivery in transaction.deliveries.of_post(post.id)):
            sentence = _("Ya salió, o puede haber salido, en alguna red. Lo que falta se anula: vocero posts cancel")
            return [Reason("already_out", sentence)]
        return check_guards(RETURNING, _case(self, transaction, post, None, reason=self._reason))

    def act(self, transaction: Transaction) -> Post:
        """Revoke it."""
        post = transaction.posts.get(self._post_id)
        after = void(self, transaction, post, self.may, reason=self._reason)
        self.tell(transaction, f"post:{post.id}", before=post.state, after=after, reason=self._reason)
        return transaction.posts.get(post.id)


def _case(action: Action[Any], transaction: Transaction, post: Post, draft: Draft | None, *, reason: str = "") -> Case:
    return Case(
        request=transaction.requests.get(post.request_id),
        actor=action.actor,
        now=transaction.now,
        reason=reason,
        draft=draft,
    )
