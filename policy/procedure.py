"""The office's procedure as one table: from where to where, by which act, under which guards (procedure.md section 3).

Who may do an act is in policy/permissions.py, and a guard's rule in policy/guards.py. An act of None is the program's
own. From the hand-over on a request follows its posts (`state_of`): those rows say which moves that can be.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from core.people import Role
from core.posts import PostState
from core.requests import RequestState
from core.texts import _
from policy import guards as g
from policy.guards import Case, Guard
from policy.permissions import Act, roles_of
from policy.reasons import Reason

S = RequestState


class Basis(StrEnum):
    """What a transition rests on."""

    TEXT = "text"  # the office's procedure says it
    RECONSTRUCTED = "reconstructed"  # steps I.1 to I.14, which the scan lacks: ours, until the office confirms
    DEFAULT = "default"  # the text is silent: our choice

    @property
    def label(self) -> str:
        """What people see beside it; nothing where the text itself says it."""
        return {"reconstructed": _("reconstruido"), "default": _("por defecto"), "text": ""}[self]


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on. `source` is None on entry; `clause` names the step of the office's text."""

    source: RequestState | None
    target: RequestState
    act: Act | None
    guards: tuple[Guard, ...]
    basis: Basis
    clause: str = ""

    @property
    def who(self) -> frozenset[Role]:
        """The roles that may do it by themselves; empty: the program."""
        return frozenset() if self.act is None else roles_of(self.act)


TEXT, RECONSTRUCTED, DEFAULT = Basis.TEXT, Basis.RECONSTRUCTED, Basis.DEFAULT
# until here a unit may still take its wish back, and the head may cancel it
UNPUBLISHED = (
    S.DRAFT,
    S.SUBMITTED,
    S.EVALUATING,
    S.OBSERVED,
    S.AWAITING_SENIOR_DECISION,
    S.ASSIGNED,
    S.IN_PRODUCTION,
    S.IN_REVIEW,
    S.CHANGES_REQUESTED,
    S.APPROVED,
)
# it has posts and follows them, in the order of how far the least advanced is
WITH_POSTS = (S.IN_PRODUCTION, S.CHANGES_REQUESTED, S.IN_REVIEW, S.APPROVED, S.FOLLOWING_UP)

SUBMITTING = (g.checklist_signed, g.no_blocking_finding, g.alt_text_on_images)
APPROVING = (g.not_an_author, g.as_shown, *SUBMITTING)
RETURNING = (g.reason_given,)


def _intake() -> list[Transition]:
    fields = (g.fields_complete, g.origin_fits_role, g.own_request)
    return [
        Transition(None, S.DRAFT, Act.ADD_REQUEST, (g.origin_fits_role,), RECONSTRUCTED, "I.1–I.14"),
        Transition(S.DRAFT, S.SUBMITTED, Act.SUBMIT_REQUEST, fields, RECONSTRUCTED, "I.1–I.14"),
        # a verbal order is accepted on entry
        Transition(S.SUBMITTED, S.ASSIGNED, Act.SUBMIT_REQUEST, (g.is_order, g.decision_told), TEXT, "8.6, II.4.1"),
        Transition(S.SUBMITTED, S.EVALUATING, Act.EVALUATE_REQUEST, (), RECONSTRUCTED, "I.1–I.14, 8.5"),
        Transition(S.EVALUATING, S.OBSERVED, Act.OBSERVE_REQUEST, (g.reason_given,), RECONSTRUCTED, "I.1–I.14"),
        Transition(S.OBSERVED, S.SUBMITTED, Act.SUBMIT_REQUEST, fields, RECONSTRUCTED, "I.1–I.14"),
        Transition(S.EVALUATING, S.REJECTED, Act.REJECT_REQUEST, (g.reason_given,), RECONSTRUCTED, "I.1–I.14"),
        Transition(S.EVALUATING, S.AWAITING_SENIOR_DECISION, Act.ESCALATE_REQUEST, (g.not_an_order,), TEXT, "II.2"),
        Transition(
            S.AWAITING_SENIOR_DECISION, S.ASSIGNED, Act.DECIDE_REQUEST, (g.decision_told,), TEXT, "II.3, II.4.1"
        ),
        Transition(
            S.AWAITING_SENIOR_DECISION,
            S.REJECTED,
            Act.DECIDE_REQUEST,
            (g.decision_told, g.reason_given),
            TEXT,
            "II.3, II.4.2",
        ),
        Transition(
            S.EVALUATING,
            S.ASSIGNED,
            Act.ASSIGN_REQUEST,
            (g.consulted_if_initiative, g.active_person, g.person_leads),
            RECONSTRUCTED,
            "I.1–I.14",
        ),
        Transition(S.ASSIGNED, S.ASSIGNED, Act.ASSIGN_REQUEST, (g.active_person, g.person_leads), TEXT, "II.5"),
        Transition(
            S.ASSIGNED,
            S.IN_PRODUCTION,
            Act.HAND_OVER_REQUEST,
            (g.is_designated, g.active_person, g.person_owns),
            TEXT,
            "II.6–II.9",
        ),
        # the week's programme is the head's already: its entries begin where a request is handed over
        Transition(None, S.IN_PRODUCTION, Act.IMPORT_PROGRAMME, (), DEFAULT, "Anexo 01"),
    ]


def _content() -> list[Transition]:
    """Return how a request follows its posts: the guards are those of the act on the post."""
    before = {state: WITH_POSTS[:n] for n, state in enumerate(WITH_POSTS)}
    after = {state: WITH_POSTS[n + 1 :] for n, state in enumerate(WITH_POSTS)}
    rows = [Transition(each, S.IN_PRODUCTION, Act.DRAFT_POST, (), TEXT, "II.10") for each in after[S.IN_PRODUCTION]]
    rows += [
        Transition(S.IN_PRODUCTION, S.CHANGES_REQUESTED, Act.SUBMIT_POST, SUBMITTING, TEXT, "II.12"),
        Transition(S.IN_PRODUCTION, S.IN_REVIEW, Act.SUBMIT_POST, SUBMITTING, TEXT, "II.12"),
        Transition(S.CHANGES_REQUESTED, S.IN_REVIEW, Act.SUBMIT_POST, SUBMITTING, TEXT, "II.12"),
        Transition(S.IN_REVIEW, S.CHANGES_REQUESTED, Act.RETURN_POST, RETURNING, TEXT, "II.13.2"),
        Transition(S.IN_REVIEW, S.APPROVED, Act.APPROVE_POST, APPROVING, TEXT, "I.15, II.13.1"),
        Transition(S.APPROVED, S.FOLLOWING_UP, None, (g.something_out, g.nothing_waits), TEXT, "I.17, II.15"),
        Transition(S.FOLLOWING_UP, S.APPROVED, Act.SCHEDULE_POST, (), DEFAULT),
        Transition(S.FOLLOWING_UP, S.CLOSED, Act.CLOSE_REQUEST, (g.nothing_waits,), DEFAULT),
    ]
    # what voids an approval: an edit, the head's word, a check that fails where it passed before
    for act in (Act.EDIT_POST, Act.REVOKE_APPROVAL, None):
        rows += [Transition(each, S.IN_REVIEW, act, (), TEXT, "8.11") for each in after[S.IN_REVIEW]]
    # a post that is cancelled or expires leaves the rest, which may be further
    for act in (Act.CANCEL_POST, None):
        rows += [
            Transition(each, further, act, (), DEFAULT)
            for each in before[S.FOLLOWING_UP]
            for further in after[each]
            if (each, further, act) != (S.APPROVED, S.FOLLOWING_UP, None)
        ]
    return rows


def _exits() -> list[Transition]:
    rows = [
        Transition(
            each, S.WITHDRAWN, Act.WITHDRAW_REQUEST, (g.own_request, g.reason_given, g.nothing_out), RECONSTRUCTED
        )
        for each in UNPUBLISHED
    ]
    for act in (Act.CANCEL_REQUEST, Act.CANCEL_POST):
        rows += [
            Transition(each, S.CANCELLED, act, (g.reason_given, g.nothing_out), DEFAULT)
            for each in UNPUBLISHED
            if act is Act.CANCEL_REQUEST or each in WITH_POSTS
        ]
    rows += [
        Transition(each, S.DUPLICATE, Act.DUPLICATE_REQUEST, (g.repeats_another, g.nothing_out), DEFAULT)
        for each in UNPUBLISHED
        if each is not S.DRAFT
    ]
    rows += [Transition(each, S.EXPIRED, Act.CANCEL_POST, (), DEFAULT) for each in WITH_POSTS if each in UNPUBLISHED]
    # the slot of what nobody approved, or of what nobody scheduled
    rows += [
        Transition(each, S.EXPIRED, None, (g.slot_passed, g.nothing_out, g.nothing_waits), DEFAULT)
        for each in (S.IN_REVIEW, S.APPROVED)
    ]
    return rows


TRANSITIONS: tuple[Transition, ...] = (*_intake(), *_content(), *_exits())
FINAL = frozenset(RequestState) - {each.source for each in TRANSITIONS}


def transition(source: RequestState | None, target: RequestState, act: Act | None) -> Transition | None:
    """Return the row, or None where there is no such way."""
    for each in TRANSITIONS:
        if (each.source, each.target, each.act) == (source, target, act):
            return each
    return None


def check_transition(case: Case, act: Act | None, target: RequestState) -> list[Reason]:
    """Return why the request may not go there by that act: there is no such way, or a guard is against it."""
    row = transition(case.request.state, target, act)
    if row is None:
        return [
            Reason(
                "wrong_state",
                _("La solicitud {id} está «{state}»: no corresponde hacer eso ahora.").format(
                    id=case.request.id, state=case.request.state.label
                ),
            )
        ]
    return check_guards(row.guards, case)


def check_guards(guards: Iterable[Guard], case: Case) -> list[Reason]:
    """Return every reason that the guards have, each once."""
    return list(dict.fromkeys(reason for guard in guards for reason in guard(case)))


def check_entry(case: Case, act: Act, target: RequestState) -> list[Reason]:
    """Return why a request may not be entered so."""
    row = transition(None, target, act)
    return [Reason("wrong_state", _("Así no se ingresa."))] if row is None else check_guards(row.guards, case)


def check_order_on_entry(case: Case) -> list[Reason]:
    """Return why an order may not be submitted and accepted in one go."""
    submitted = replace(case, request=replace(case.request, state=S.SUBMITTED))
    return check_transition(submitted, Act.SUBMIT_REQUEST, S.ASSIGNED)


@dataclass(frozen=True, slots=True)
class PostStanding:
    """Where one post of a request stands. `is_out`: the public may have seen it; `is_waiting`: some may yet go out."""

    state: PostState
    is_out: bool = False
    is_waiting: bool = False


_FOLLOWED = {
    PostState.DRAFT: S.IN_PRODUCTION,
    PostState.CHANGES_REQUESTED: S.CHANGES_REQUESTED,
    PostState.IN_REVIEW: S.IN_REVIEW,
}


def state_of(request: RequestState, posts: Iterable[PostStanding]) -> RequestState:
    """Return the state in which its posts put a request: that of the least advanced that is not over.

    A request that has no posts yet, or is over, stays where it is.
    """
    standing = list(posts)
    if request not in WITH_POSTS or not standing:
        return request
    over = (PostState.CANCELLED, PostState.EXPIRED)
    going_on = [each for each in standing if each.state not in over]
    if not going_on:
        expired = any(each.state is PostState.EXPIRED for each in standing)
        return S.EXPIRED if expired else S.CANCELLED
    return min((_followed(each) for each in going_on), key=WITH_POSTS.index)


def _followed(post: PostStanding) -> RequestState:
    if post.state is not PostState.APPROVED:
        return _FOLLOWED[post.state]
    return S.FOLLOWING_UP if post.is_out and not post.is_waiting else S.APPROVED
