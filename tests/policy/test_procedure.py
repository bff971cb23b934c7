"""The office's procedure, case by case: each guard violated once, by the real act on the real storage.

Every case is a sentence that begins with who; it is refused for exactly the reasons named, and changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.checklists import Point
from core.deliveries import DeliveryState
from core.errors import NotFound
from core.media import Attachment, MediaKind, Medium
from core.people import Person, Role
from core.platforms import Platform
from core.posts import Content, PostState
from core.requests import PROCEDURE, Details, EventClass, Request, RequestState
from policy.guards import Case, Draft, alt_text_on_images, required_points
from policy.procedure import (
    FINAL,
    TRANSITIONS,
    WITH_POSTS,
    Basis,
    PostStanding,
    check_transition,
    state_of,
    transition,
)
from storage.database import Database
from tests.databases import Clock, migrated_sqlite
from tests.policy.procedure_office import CONTENT, INITIATIVE, ORDER, ProcedureOffice
from tests.storage.rows import DETAILS
from vocero.actions import (
    Action,
    AddRequest,
    ApprovePost,
    AssignRequest,
    CancelPost,
    CancelRequest,
    CloseRequest,
    DecideRequest,
    DuplicateRequest,
    EndDelegation,
    EscalateRequest,
    EvaluateRequest,
    HandOverRequest,
    ObserveRequest,
    RatifyDecision,
    RejectRequest,
    ReturnPost,
    RevokeApproval,
    SchedulePost,
    SignChecklist,
    SubmitPost,
    SubmitRequest,
    WithdrawRequest,
    catch_up,
)

S = RequestState


@pytest.fixture(scope="module")
def opii(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcedureOffice]:
    """One office for all cases: none of them changes what another begins with."""
    folder = tmp_path_factory.mktemp("procedure")
    path = folder / "vocero.db"
    path.write_bytes(migrated_sqlite(folder).read_bytes())
    clock = Clock()
    database = Database(f"sqlite:///{path}", clock=clock)
    yield ProcedureOffice.open(database, clock, folder)
    database.close()


def _published(o: ProcedureOffice) -> Request:
    """Return a request of which one post is out."""
    from sqlalchemy import update

    from storage.tables import deliveries, requests

    post = o.scheduled()
    with o.office.database.write() as transaction:
        connection = transaction._connection
        out = update(deliveries).where(deliveries.c.post_id == post.id).values(state=DeliveryState.PUBLISHED)
        connection.execute(out)
        mine = update(requests).where(requests.c.id == post.request_id).values(created_by=o.unit.id)
        connection.execute(mine)
        return transaction.requests.get(post.request_id)


def _duplicate(o: ProcedureOffice, of: int) -> Request:
    return DuplicateRequest(o.office, o.lead, request_id=o.sent().id, of=of).run()


def _circle(o: ProcedureOffice) -> Action[Any]:
    first = o.sent()
    return DuplicateRequest(o.office, o.lead, request_id=first.id, of=_duplicate(o, first.id).id)


def _submitting(o: ProcedureOffice, *, signed: bool = True, **given: Any) -> Action[Any]:
    post = o.draft(**given)
    if signed:
        o.sign(post)
    return SubmitPost(o.office, o.owner, post_id=post.id)


def _approving(o: ProcedureOffice, by: Person, **given: Any) -> Action[Any]:
    post = o.submitted(**given)
    return ApprovePost(o.office, by, post_id=post.id, shown=o.shown(post))


def _of_head(o: ProcedureOffice) -> Action[Any]:
    post = o.draft(author=o.head)
    o.sign(post)
    SubmitPost(o.office, o.owner, post_id=post.id).run()
    return ApprovePost(o.office, o.head, post_id=post.id, shown=o.shown(post))


def _of_delegate(o: ProcedureOffice) -> Action[Any]:
    delegate = o.somebody(Role.CONTENT_OWNER)
    o.granting(delegate).run()
    post = o.draft(author=delegate)
    o.sign(post)
    SubmitPost(o.office, o.owner, post_id=post.id).run()
    return ApprovePost(o.office, delegate, post_id=post.id, shown=o.shown(post))


def _too_early(o: ProcedureOffice) -> Action[Any]:
    delegate = o.somebody(Role.TEAM_LEAD)
    o.granting(delegate, starts_at=o.clock.now + timedelta(minutes=1)).run()
    return _approving(o, delegate)


def _ended(o: ProcedureOffice) -> Action[Any]:
    delegate = o.somebody(Role.TEAM_LEAD)
    delegation = o.granting(delegate).run()
    EndDelegation(o.office, o.senior, delegation_id=delegation.id, reason="Volvió la titular").run()
    return _approving(o, delegate)


def _ended_twice(o: ProcedureOffice) -> Action[Any]:
    delegation = o.granting(o.somebody(Role.TEAM_LEAD)).run()
    EndDelegation(o.office, o.senior, delegation_id=delegation.id, reason="Volvió").run()
    return EndDelegation(o.office, o.senior, delegation_id=delegation.id, reason="Otra vez")


def _by_delegate(o: ProcedureOffice) -> Action[Any]:
    delegate = o.somebody(Role.TEAM_LEAD)
    o.granting(delegate).run()
    return o.granting(o.somebody(Role.TEAM_LEAD), delegate)


def _revoked(o: ProcedureOffice) -> Action[Any]:
    post = o.approved()
    RevokeApproval(o.office, o.head, post_id=post.id, reason="Cambió el dato").run()
    return SchedulePost(o.office, o.head, post_id=post.id)


def _out(o: ProcedureOffice, act: type[RevokeApproval]) -> Action[Any]:
    request = _published(o)
    with o.office.database.read() as transaction:
        (post,) = transaction.posts.of_request(request.id)
    return act(o.office, o.head, post_id=post.id, reason="x")


def _video(o: ProcedureOffice) -> Action[Any]:
    film = Medium("cd" * 32, MediaKind.VIDEO, "video/mp4", 5000, 1080, 1080, duration=10, file_name="film.mp4")
    post = o.draft(o.page, content=Content("Mire", attachments=(Attachment(film, "Un taller"),)))
    return SignChecklist(o.office, o.owner, post_id=post.id, points=set(Point) - {Point.VIDEO})


# the act, and the reasons for which it is refused
CASES: dict[str, tuple[Callable[[ProcedureOffice], Action[Any]], list[str]]] = {
    # ── intake ──
    "a designer enters a request": (lambda o: AddRequest(o.office, o.people[Role.DESIGNER], details=DETAILS), ["role"]),
    "an auditor enters a request": (lambda o: AddRequest(o.office, o.people[Role.AUDITOR], details=DETAILS), ["role"]),
    "a unit enters an initiative of the office": (
        lambda o: AddRequest(o.office, o.unit, details=replace(DETAILS, origin=INITIATIVE)),
        ["origin_of_another"],
    ),
    "a unit enters an order": (
        lambda o: AddRequest(o.office, o.unit, details=replace(DETAILS, origin=ORDER)),
        ["origin_of_another"],
    ),
    "Alta Dirección enters a unit's request": (
        lambda o: AddRequest(o.office, o.senior, details=DETAILS),
        ["origin_of_another"],
    ),
    "a unit submits without saying what": (
        lambda o: SubmitRequest(o.office, o.unit, request_id=o.added(subject="").id),
        ["field_missing"],
    ),
    "a unit submits without saying who asks": (
        lambda o: SubmitRequest(o.office, o.unit, request_id=o.added(unit=" ").id),
        ["field_missing"],
    ),
    "a unit submits without saying what it is about": (
        lambda o: SubmitRequest(o.office, o.unit, request_id=o.added(event="").id),
        ["field_missing"],
    ),
    "a unit submits another's request": (
        lambda o: SubmitRequest(o.office, o.somebody(Role.REQUESTER), request_id=o.added().id),
        ["not_own"],
    ),
    "a unit submits twice": (lambda o: SubmitRequest(o.office, o.unit, request_id=o.sent().id), ["wrong_state"]),
    "staff submit an order without saying who gave it": (
        lambda o: SubmitRequest(
            o.office, o.owner, request_id=o.added(o.owner, origin=ORDER).id, word=o.word(decided_by=" ")
        ),
        ["decider_missing"],
    ),
    "staff submit an order without its channel": (
        lambda o: SubmitRequest(
            o.office, o.owner, request_id=o.added(o.owner, origin=ORDER).id, word=o.word(channel=None)
        ),
        ["channel_missing"],
    ),
    "staff submit an order that is still to be given": (
        lambda o: SubmitRequest(
            o.office,
            o.owner,
            request_id=o.added(o.owner, origin=ORDER).id,
            word=o.word(decided_at=o.clock.now + timedelta(minutes=1)),
        ),
        ["decision_in_future"],
    ),
    "staff submit an order and tell nothing of it": (
        lambda o: SubmitRequest(o.office, o.owner, request_id=o.added(o.owner, origin=ORDER).id),
        ["decider_missing", "channel_missing", "decision_in_future"],
    ),
    # ── evaluation ──
    "the content owner evaluates": (
        lambda o: EvaluateRequest(o.office, o.owner, request_id=o.sent().id),
        ["role"],
    ),
    "the head evaluates a draft": (
        lambda o: EvaluateRequest(o.office, o.head, request_id=o.added().id),
        ["wrong_state"],
    ),
    "the lead observes without a reason": (
        lambda o: ObserveRequest(o.office, o.lead, request_id=o.evaluating().id, reason=" "),
        ["reason_missing"],
    ),
    "the lead observes what nobody evaluates": (
        lambda o: ObserveRequest(o.office, o.lead, request_id=o.sent().id, reason="Falta"),
        ["wrong_state"],
    ),
    "the lead rejects": (
        lambda o: RejectRequest(o.office, o.lead, request_id=o.evaluating().id, reason="No"),
        ["role"],
    ),
    "the head rejects without a reason": (
        lambda o: RejectRequest(o.office, o.head, request_id=o.evaluating().id),
        ["reason_missing"],
    ),
    "the head rejects before evaluating": (
        lambda o: RejectRequest(o.office, o.head, request_id=o.sent().id, reason="No"),
        ["wrong_state"],
    ),
    # ── Alta Dirección ──
    "the lead escalates": (
        lambda o: EscalateRequest(o.office, o.lead, request_id=o.evaluating().id),
        ["role"],
    ),
    "the head escalates an order": (
        lambda o: EscalateRequest(o.office, o.head, request_id=o.in_state(S.EVALUATING, origin=ORDER).id),
        ["is_an_order"],
    ),
    "the head escalates what nobody evaluated": (
        lambda o: EscalateRequest(o.office, o.head, request_id=o.sent().id),
        ["wrong_state"],
    ),
    "the head assigns an initiative that was not consulted": (
        lambda o: AssignRequest(
            o.office, o.head, request_id=o.evaluating(o.owner, origin=INITIATIVE).id, login=o.lead.login
        ),
        ["decision_missing"],
    ),
    "the lead decides for Alta Dirección": (
        lambda o: DecideRequest(o.office, o.lead, request_id=o.escalated().id, accepted=True, word=o.word()),
        ["role"],
    ),
    "the head writes down a decision of nobody": (
        lambda o: DecideRequest(
            o.office, o.head, request_id=o.escalated().id, accepted=True, word=o.word(decided_by="")
        ),
        ["decider_missing"],
    ),
    "the head writes down a decision without its channel": (
        lambda o: DecideRequest(
            o.office, o.head, request_id=o.escalated().id, accepted=True, word=o.word(channel=None)
        ),
        ["channel_missing"],
    ),
    "the head writes down a decision to come": (
        lambda o: DecideRequest(
            o.office,
            o.head,
            request_id=o.escalated().id,
            accepted=True,
            word=o.word(decided_at=o.clock.now + timedelta(hours=1)),
        ),
        ["decision_in_future"],
    ),
    "Alta Dirección rejects without a reason": (
        lambda o: DecideRequest(o.office, o.senior, request_id=o.escalated().id, accepted=False),
        ["reason_missing"],
    ),
    "Alta Dirección decides what it was not asked": (
        lambda o: DecideRequest(o.office, o.senior, request_id=o.evaluating().id, accepted=True),
        ["wrong_state"],
    ),
    "the head ratifies what the head wrote down": (
        lambda o: RatifyDecision(o.office, o.head, request_id=o.noted().id),
        ["role"],
    ),
    "Alta Dirección ratifies what it decided itself": (
        lambda o: RatifyDecision(o.office, o.senior, request_id=o.accepted().id),
        ["nothing_to_ratify"],
    ),
    # ── designation and hand-over ──
    "the lead designates": (
        lambda o: AssignRequest(o.office, o.lead, request_id=o.accepted().id, login=o.lead.login),
        ["role"],
    ),
    "the head designates the content owner to lead": (
        lambda o: AssignRequest(o.office, o.head, request_id=o.accepted().id, login=o.owner.login),
        ["wrong_role"],
    ),
    "the head designates somebody who left": (
        lambda o: AssignRequest(
            o.office, o.head, request_id=o.accepted().id, login=o.somebody(Role.TEAM_LEAD, active=False).login
        ),
        ["inactive"],
    ),
    "the head designates for what was only sent": (
        lambda o: AssignRequest(o.office, o.head, request_id=o.sent().id, login=o.lead.login),
        ["wrong_state"],
    ),
    "the lead hands over what the head gave to nobody": (
        lambda o: HandOverRequest(o.office, o.lead, request_id=o.accepted().id, login=o.owner.login),
        ["nobody_designated"],
    ),
    "another lead hands it over": (
        lambda o: HandOverRequest(
            o.office, o.somebody(Role.TEAM_LEAD), request_id=o.designated().id, login=o.owner.login
        ),
        ["another_designated"],
    ),
    "the lead hands it over to a designer": (
        lambda o: HandOverRequest(o.office, o.lead, request_id=o.designated().id, login=o.people[Role.DESIGNER].login),
        ["wrong_role"],
    ),
    "the lead hands it over to an owner who left": (
        lambda o: HandOverRequest(
            o.office,
            o.lead,
            request_id=o.designated().id,
            login=o.somebody(Role.CONTENT_OWNER, active=False).login,
        ),
        ["inactive"],
    ),
    "the head hands it over": (
        lambda o: HandOverRequest(o.office, o.head, request_id=o.designated().id, login=o.owner.login),
        ["role"],
    ),
    # ── content ──
    "the owner writes for what was not handed over": (lambda o: o.drafting(o.designated()), ["wrong_state"]),
    "the owner writes for an hour that is over": (
        lambda o: o.drafting(o.handed_over(), publish_at=o.clock.now),
        ["past"],
    ),
    "the owner writes for no network": (lambda o: o.drafting(o.handed_over(), platforms=[]), ["no_target"]),
    "the owner writes for a network without an account": (
        lambda o: o.drafting(o.handed_over(), platforms=[Platform.YOUTUBE]),
        ["no_account"],
    ),
    "the owner writes for the website what is for social networks only": (
        lambda o: o.drafting(o.handed_over(social_only=True)),
        ["social_only"],
    ),
    "the lead signs the checklist": (
        lambda o: SignChecklist(o.office, o.lead, post_id=o.draft().id, points=Point),
        ["role"],
    ),
    "the owner signs half of the checklist": (
        lambda o: SignChecklist(o.office, o.owner, post_id=o.draft().id, points=[Point.MESSAGE]),
        ["point_missing"],
    ),
    "the owner signs for a film that was not looked at": (_video, ["point_missing"]),
    "the owner signs under what is approved": (
        lambda o: SignChecklist(o.office, o.owner, post_id=o.approved().id, points=Point),
        ["wrong_state"],
    ),
    "the owner submits without the checklist": (lambda o: _submitting(o, signed=False), ["checklist_missing"]),
    "the owner submits what a network cannot show": (
        lambda o: _submitting(o, content=Content("Sin título")),
        ["title_missing"],
    ),
    "the owner submits what is late": (lambda o: _submitting(o, in_minutes=0), ["past"]),
    "the lead submits": (lambda o: SubmitPost(o.office, o.lead, post_id=o.draft().id), ["role"]),
    "the owner submits what is in review": (
        lambda o: SubmitPost(o.office, o.owner, post_id=o.submitted().id),
        ["wrong_state"],
    ),
    # ── the head's word ──
    "Alta Dirección approves content": (lambda o: _approving(o, o.senior), ["role"]),
    "the lead approves": (lambda o: _approving(o, o.lead), ["role"]),
    "the owner approves": (lambda o: _approving(o, o.owner), ["role"]),
    "technical administration approves": (lambda o: _approving(o, o.people[Role.SYSTEM_ADMIN]), ["role"]),
    "the head approves what the head wrote": (_of_head, ["approver_is_author"]),
    "a delegate approves what the delegate wrote": (_of_delegate, ["approver_is_author"]),
    "a delegate approves before the delegation begins": (_too_early, ["role"]),
    "a delegate approves after the delegation was ended": (_ended, ["role"]),
    "the head approves something else than was shown": (
        lambda o: ApprovePost(o.office, o.head, post_id=o.submitted().id, shown={}),
        ["not_what_was_shown"],
    ),
    "the head approves a draft": (
        lambda o: ApprovePost(o.office, o.head, post_id=o.draft().id, shown={}),
        ["wrong_state"],
    ),
    "the head returns without a reason": (
        lambda o: ReturnPost(o.office, o.head, post_id=o.submitted().id, reason=""),
        ["reason_missing"],
    ),
    "the head revokes without a reason": (
        lambda o: RevokeApproval(o.office, o.head, post_id=o.approved().id, reason=""),
        ["reason_missing"],
    ),
    "the head revokes what nobody approved": (
        lambda o: RevokeApproval(o.office, o.head, post_id=o.submitted().id, reason="x"),
        ["wrong_state"],
    ),
    "the head revokes what is out": (lambda o: _out(o, RevokeApproval), ["already_out"]),
    "the owner schedules what nobody reviewed": (
        lambda o: SchedulePost(o.office, o.owner, post_id=o.draft().id),
        ["not_approved"],
    ),
    "the head schedules what was revoked": (_revoked, ["not_approved"]),
    # ── ends ──
    "a unit withdraws without a reason": (
        lambda o: WithdrawRequest(o.office, o.unit, request_id=o.sent().id),
        ["reason_missing"],
    ),
    "a unit withdraws another's request": (
        lambda o: WithdrawRequest(o.office, o.somebody(Role.REQUESTER), request_id=o.sent().id, reason="x"),
        ["not_own"],
    ),
    "a unit withdraws what is out": (
        lambda o: WithdrawRequest(o.office, o.unit, request_id=_published(o).id, reason="x"),
        ["already_out"],
    ),
    "the lead cancels": (
        lambda o: CancelRequest(o.office, o.lead, request_id=o.sent().id, reason="x"),
        ["role"],
    ),
    "the head cancels without a reason": (
        lambda o: CancelRequest(o.office, o.head, request_id=o.sent().id),
        ["reason_missing"],
    ),
    "the head cancels what is out": (
        lambda o: CancelRequest(o.office, o.head, request_id=_published(o).id, reason="x"),
        ["already_out"],
    ),
    "the head cancels what was rejected": (
        lambda o: CancelRequest(o.office, o.head, request_id=o.in_state(S.REJECTED).id, reason="x"),
        ["wrong_state"],
    ),
    "the lead calls a request a duplicate of itself": (
        lambda o: DuplicateRequest(o.office, o.lead, request_id=(one := o.sent()).id, of=one.id),
        ["circular"],
    ),
    "the lead closes a circle of duplicates": (_circle, ["circular"]),
    "the lead calls it a duplicate of a duplicate": (
        lambda o: DuplicateRequest(o.office, o.lead, request_id=o.sent().id, of=_duplicate(o, o.sent().id).id),
        ["original_is_duplicate"],
    ),
    "the lead calls what is out a duplicate": (
        lambda o: DuplicateRequest(o.office, o.lead, request_id=_published(o).id, of=o.sent().id),
        ["already_out"],
    ),
    "the owner calls it a duplicate": (
        lambda o: DuplicateRequest(o.office, o.owner, request_id=o.sent().id, of=o.sent().id),
        ["role"],
    ),
    "the owner closes what is not followed up": (
        lambda o: CloseRequest(o.office, o.owner, request_id=o.in_state(S.APPROVED).id),
        ["wrong_state"],
    ),
    # ── delegations ──
    "technical administration delegates": (
        lambda o: o.granting(o.lead, o.people[Role.SYSTEM_ADMIN]),
        ["role"],
    ),
    "a delegate delegates further": (_by_delegate, ["role"]),
    "the head delegates to the auditor": (lambda o: o.granting(o.people[Role.AUDITOR]), ["delegate_role"]),
    "Alta Dirección delegates to itself": (
        lambda o: o.granting(o.senior),
        ["delegate_role", "own_grant"],
    ),
    "somebody is delegated for who is no head": (
        lambda o: o.granting(o.owner, on_behalf_of=o.lead.login),
        ["not_the_head"],
    ),
    "a delegation names no document": (lambda o: o.granting(o.lead, legal_basis=" "), ["basis_missing"]),
    "a delegation ends before it begins": (
        lambda o: o.granting(o.lead, ends_at=o.clock.now - timedelta(days=1)),
        ["no_time"],
    ),
    "a delegation is over when it is entered": (
        lambda o: o.granting(
            o.lead, starts_at=o.clock.now - timedelta(days=2), ends_at=o.clock.now - timedelta(days=1)
        ),
        ["past"],
    ),
    "somebody who left is delegated": (
        lambda o: o.granting(o.somebody(Role.TEAM_LEAD, active=False)),
        ["inactive"],
    ),
    "a delegation is ended twice": (_ended_twice, ["ended"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_guard_refuses(opii: ProcedureOffice, case: str) -> None:
    act, codes = CASES[case]
    opii.refuses(act(opii), *codes)


def test_the_cases_are_as_many_as_promised() -> None:
    assert len(CASES) >= 60


# ── the straight ways ──


def _story(opii: ProcedureOffice, request: Request) -> list[tuple[str, str]]:
    return [(each.event.actor, each.event.after) for each in opii.events(f"request:{request.id}")]


def test_an_initiative_goes_through_alta_direccion_to_its_owner(opii: ProcedureOffice) -> None:
    request = opii.handed_over()
    owner, lead, head, senior = (each.login for each in (opii.owner, opii.lead, opii.head, opii.senior))
    assert _story(opii, request) == [
        (owner, "draft"),
        (owner, "submitted"),
        (lead, "evaluating"),
        (head, "awaiting_senior_decision"),
        (senior, "assigned"),
        (head, "assigned"),
        (lead, "in_production"),
    ]
    assert (request.leader_id, request.owner_id) == (opii.lead.id, opii.owner.id)
    assert request.procedure == PROCEDURE == "P-E3.01.04 v1.0"


def test_a_units_request_needs_no_consultation(opii: ProcedureOffice) -> None:
    request = opii.evaluating()
    assert AssignRequest(opii.office, opii.head, request_id=request.id, login=opii.lead.login).run().state is S.ASSIGNED


def test_what_is_reconstructed_is_marked_in_the_record(opii: ProcedureOffice) -> None:
    request = opii.handed_over()
    marks = {each.event.after: each.event.data["basis"] for each in opii.events(f"request:{request.id}")}
    assert marks["submitted"] == marks["evaluating"] == "reconstructed"
    assert marks["awaiting_senior_decision"] == marks["in_production"] == "text"
    assert Basis.RECONSTRUCTED.label == "reconstruido"


def test_an_observation_is_a_loop_and_the_first_submission_is_kept(opii: ProcedureOffice) -> None:
    request = opii.observed()
    first = request.submitted_at
    opii.clock.advance(seconds=1)
    again = SubmitRequest(opii.office, opii.unit, request_id=request.id).run()
    assert (again.state, again.submitted_at) == (S.SUBMITTED, first)


def test_a_verbal_order_is_accepted_on_entry_and_ratified(opii: ProcedureOffice) -> None:
    request = opii.sent(opii.owner, origin=ORDER)
    assert (request.state, request.submitted_at) == (S.ASSIGNED, opii.clock.now)
    with opii.office.database.read() as transaction:
        (decision,) = transaction.requests.decisions(request.id)
        assert decision in transaction.requests.unratified()
    assert (decision.accepted, decision.decided_by, decision.channel) == (True, "Presidencia del INPE", "mobile")
    assert (decision.written_by, decision.ratify_before) == (opii.owner.id, opii.clock.now + timedelta(hours=24))
    assert not decision.is_overdue(opii.clock.now + timedelta(hours=24))
    assert decision.is_overdue(opii.clock.now + timedelta(hours=24, microseconds=1))
    ratified = RatifyDecision(opii.office, opii.senior, request_id=request.id).run()
    assert (ratified.ratified_by, ratified.ratified_at) == (opii.senior.id, opii.clock.now)
    opii.refuses(RatifyDecision(opii.office, opii.senior, request_id=request.id), "nothing_to_ratify")


def test_an_order_that_alta_direccion_enters_itself_needs_no_ratification(opii: ProcedureOffice) -> None:
    request = opii.sent(opii.senior, origin=ORDER)
    with opii.office.database.read() as transaction:
        (decision,) = transaction.requests.decisions(request.id)
    assert (request.state, decision.is_pending, decision.decided_by) == (S.ASSIGNED, False, opii.senior.name)


def test_what_the_head_wrote_down_waits_to_be_ratified(opii: ProcedureOffice) -> None:
    request = opii.noted()
    with opii.office.database.read() as transaction:
        (decision,) = transaction.requests.decisions(request.id)
    assert (request.state, decision.is_pending, decision.written_by) == (S.ASSIGNED, True, opii.head.id)


def test_a_request_follows_its_posts(opii: ProcedureOffice) -> None:
    post = opii.drafted()
    number = post.request_id
    opii.sign(post)
    SubmitPost(opii.office, opii.owner, post_id=post.id).run()
    assert opii.request(number).state is S.IN_REVIEW
    ReturnPost(opii.office, opii.head, post_id=post.id, reason="Falta la fecha").run()
    assert opii.request(number).state is S.CHANGES_REQUESTED
    SubmitPost(opii.office, opii.owner, post_id=post.id).run()
    opii.approve(post)
    assert opii.request(number).state is S.APPROVED
    second = opii.drafted(opii.request(number))
    assert opii.request(number).state is S.IN_PRODUCTION, "the least advanced counts"
    CancelPost(opii.office, opii.head, post_id=second.id, reason="Basta una").run()
    assert opii.request(number).state is S.APPROVED
    CancelPost(opii.office, opii.head, post_id=post.id, reason="Ya no").run()
    assert opii.request(number).state is S.CANCELLED


def test_what_is_published_is_followed_up_and_closed(opii: ProcedureOffice) -> None:
    request = _published(opii)
    catch_up(opii.office)
    assert opii.request(request.id).state is S.FOLLOWING_UP
    assert CloseRequest(opii.office, opii.owner, request_id=request.id).run().state is S.CLOSED


def test_a_duplicate_is_linked_and_its_posts_end(opii: ProcedureOffice) -> None:
    original, post = opii.sent(), opii.scheduled()
    duplicate = DuplicateRequest(opii.office, opii.lead, request_id=post.request_id, of=original.id).run()
    assert (duplicate.state, duplicate.duplicate_of) == (S.DUPLICATE, original.id)
    assert opii.post(post.id).state is PostState.CANCELLED
    assert {each.state for each in opii.deliveries(post)} == {DeliveryState.CANCELLED}
    with pytest.raises(NotFound):
        DuplicateRequest(opii.office, opii.lead, request_id=opii.sent().id, of=99_999).run()


def test_a_unit_withdraws_what_is_scheduled_and_nothing_goes_out(opii: ProcedureOffice) -> None:
    request = opii.in_state(S.IN_PRODUCTION, opii.unit)
    post = opii.drafted(request)
    opii.sign(post)
    SubmitPost(opii.office, opii.owner, post_id=post.id).run()
    opii.approve(post)
    SchedulePost(opii.office, opii.head, post_id=post.id).run()
    assert (
        WithdrawRequest(opii.office, opii.unit, request_id=request.id, reason="Se canceló").run().state is S.WITHDRAWN
    )
    assert {each.state for each in opii.deliveries(post)} == {DeliveryState.CANCELLED}
    assert opii.in_force(post) == set()


def test_a_delegate_approves_in_the_heads_stead_and_the_record_says_so(opii: ProcedureOffice) -> None:
    delegate = opii.somebody(Role.TEAM_LEAD)
    delegation = opii.granting(delegate).run()
    post = opii.submitted()
    for approval in opii.approve(post, by=delegate):
        assert (approval.delegation_id, approval.role) == (delegation.id, Role.TEAM_LEAD)
    told = [each.event for each in opii.events(f"post:{post.id}") if each.event.action == "approve_post"]
    assert {(each.role, each.data["delegation"]) for each in told} == {("team_lead", str(delegation.id))}
    EndDelegation(opii.office, opii.head, delegation_id=delegation.id, reason="Volvió").run()
    assert opii.in_force(post), "what was approved while it held stays approved"


# ── what time does ──


@pytest.fixture
def late(database_url: str, tmp_path: Path) -> Iterator[ProcedureOffice]:
    clock = Clock()
    database = Database(database_url, clock=clock)
    yield ProcedureOffice.open(database, clock, tmp_path)
    database.close()


def test_what_nobody_approved_in_time_expires(late: ProcedureOffice) -> None:
    waiting, draft, approved, scheduled = late.submitted(), late.draft(), late.approved(), late.scheduled()
    late.clock.advance(minutes=60, microseconds=-1)
    assert catch_up(late.office) == []
    late.clock.advance(microseconds=1)
    tried = catch_up(late.office, dry_run=True)
    assert [each.subject for each in tried] == [f"post:{waiting.id}"]
    assert late.post(waiting.id).state is PostState.IN_REVIEW
    assert catch_up(late.office) == tried
    assert late.post(waiting.id).state is PostState.EXPIRED
    assert late.request(waiting.request_id).state is S.EXPIRED
    late.clock.advance(hours=6)  # the approved time is over too
    catch_up(late.office)
    states = [late.post(each.id).state for each in (draft, approved, scheduled)]
    assert states == [PostState.DRAFT, PostState.EXPIRED, PostState.APPROVED]
    (*_before, told) = late.events(f"request:{waiting.request_id}")
    assert (told.event.actor, told.event.after) == ("sistema", "expired")
    late.refuses(SchedulePost(late.office, late.head, post_id=approved.id), "not_approved")


# ── the table itself ──


def test_every_way_stands_once_and_has_somebody_to_go_it() -> None:
    ways = [(each.source, each.target, each.act) for each in TRANSITIONS]
    assert len(set(ways)) == len(ways)
    assert [each for each in TRANSITIONS if each.act is not None and not each.who] == []


def test_every_state_is_reached_and_the_ends_are_those_of_the_procedure() -> None:
    assert {each.target for each in TRANSITIONS} == set(RequestState)
    assert {S.REJECTED, S.CLOSED, S.WITHDRAWN, S.CANCELLED, S.EXPIRED, S.DUPLICATE} == FINAL


def test_nobody_but_the_head_brings_a_request_to_approved_by_an_act_of_approval() -> None:
    approving = [each for each in TRANSITIONS if (each.source, each.target) == (S.IN_REVIEW, S.APPROVED)]
    by_people = {role for each in approving for role in each.who}
    assert by_people == {Role.OFFICE_HEAD}


@pytest.mark.parametrize(
    ("posts", "state"),
    [
        ([], S.IN_PRODUCTION),
        ([PostStanding(PostState.DRAFT), PostStanding(PostState.APPROVED)], S.IN_PRODUCTION),
        ([PostStanding(PostState.IN_REVIEW), PostStanding(PostState.CHANGES_REQUESTED)], S.CHANGES_REQUESTED),
        ([PostStanding(PostState.APPROVED, is_out=True, is_waiting=True)], S.APPROVED),
        ([PostStanding(PostState.APPROVED, is_out=True)], S.FOLLOWING_UP),
        ([PostStanding(PostState.CANCELLED), PostStanding(PostState.IN_REVIEW)], S.IN_REVIEW),
        ([PostStanding(PostState.CANCELLED)], S.CANCELLED),
        ([PostStanding(PostState.CANCELLED), PostStanding(PostState.EXPIRED)], S.EXPIRED),
    ],
)
def test_where_its_posts_put_a_request(posts: list[PostStanding], state: RequestState) -> None:
    assert state_of(S.IN_PRODUCTION, posts) is state
    for other in set(RequestState) - set(WITH_POSTS):
        assert state_of(other, posts) is other


def test_a_way_that_the_table_lacks_is_refused() -> None:
    assert transition(S.DRAFT, S.APPROVED, None) is None
    request = Request(1, DETAILS, S.DRAFT, PROCEDURE, 1, Clock().now)
    case = Case(request=request, actor=None, now=Clock().now)
    assert [each.code for each in check_transition(case, None, S.APPROVED)] == ["wrong_state"]


def test_each_image_says_what_it_shows() -> None:
    """Platforms that do not ask for it do not free us of it."""
    image = Medium("ab" * 32, MediaKind.IMAGE, "image/png", 10, 1, 1, file_name="foto.png")
    request = Request(1, DETAILS, S.IN_PRODUCTION, PROCEDURE, 1, Clock().now)
    for alt_text, codes in (("Un taller", []), (" ", ["alt_text_missing"])):
        content = replace(CONTENT, attachments=(Attachment(image, alt_text),))
        case = Case(request=request, actor=None, now=Clock().now, draft=Draft(content))
        assert [each.code for each in alt_text_on_images(case)] == codes
        assert required_points(content) == (Point.MESSAGE, Point.WORDING, Point.DESIGN)


def test_a_class_given_in_the_evaluation_is_kept(opii: ProcedureOffice) -> None:
    request = opii.sent()
    EvaluateRequest(opii.office, opii.head, request_id=request.id, event_class=EventClass.INTERNAL).run()
    details: Details = opii.request(request.id).details
    assert details.event_class is EventClass.INTERNAL
