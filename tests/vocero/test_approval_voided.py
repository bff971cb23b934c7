"""What voids an approval, at once and at sending. The first three are failures that were measured in other systems."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core.deliveries import Delivery, DeliveryState
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.people import Role
from core.posts import Content, Post, PostState
from core.requests import RequestState
from policy.reasons import Reason
from scheduler.delivering import Deliverer
from scheduler.settling import Settler
from scheduler.workbench import Timing, Workbench
from storage.database import Database
from storage.tables import accounts, approvals, revisions
from tests.databases import Clock
from tests.policy.procedure_office import ProcedureOffice
from tests.scheduler.memory_platform import DuplicatingConnector, MemoryPlatform, connect_to
from vocero.actions import Change, EndDelegation, RevisePost, RevokeApproval, SchedulePost, catch_up

State = DeliveryState
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ProcedureOffice:
    return ProcedureOffice.open(database, clock, tmp_path)


def send(opii: ProcedureOffice) -> MemoryPlatform:
    """Let the worker take up whatever is due, on the real claim and through the real gate."""
    platform = MemoryPlatform(opii.clock)
    opii.clock.advance(minutes=61)
    bench = Workbench(
        database=opii.office.database,
        media=opii.office.media,
        connect=connect_to(platform, DuplicatingConnector),
        worker="a",
        rules=opii.office.rules.on,
        words=opii.office.words.on,
        timing=Timing(),
        stopping=lambda: False,
        report=lambda _progress: None,
    )
    with opii.office.database.write() as transaction:
        claimed: list[Delivery] = transaction.deliveries.claim(
            worker="a", lease=timedelta(minutes=3), limit=8, now=transaction.now
        )
    for delivery in claimed:
        Deliverer(bench, Settler(bench).settle).deliver(delivery)
    return platform


def behind_their_back(opii: ProcedureOffice, statement: object) -> None:
    with opii.office.database.write() as transaction:
        transaction._connection.execute(statement)  # type: ignore[call-overload]


def test_scheduling_an_unreviewed_post(opii: ProcedureOffice) -> None:
    for post in (opii.draft(), opii.submitted()):
        for person in opii.people.values():
            codes = ["not_approved"] if person.role in (Role.OFFICE_HEAD, Role.CONTENT_OWNER) else ["role"]
            opii.refuses(SchedulePost(opii.office, person, post_id=post.id), *codes)
        assert opii.deliveries(post) == []
    assert send(opii).ledger == []


def test_editing_after_approval(opii: ProcedureOffice) -> None:
    post = opii.scheduled()
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text="Otra cosa")).run()
    assert opii.post(post.id).state is PostState.IN_REVIEW
    assert opii.in_force(post) == set()
    assert {each.state for each in opii.deliveries(post)} == {State.CANCELLED}
    assert send(opii).ledger == []


def test_a_per_network_override_after_approval(opii: ProcedureOffice) -> None:
    post = opii.scheduled()
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(texts={opii.page.id: "Solo aquí"})).run()
    assert opii.post(post.id).state is PostState.IN_REVIEW
    assert opii.in_force(post) == set(), "of no network: the revision is another"
    assert {each.state for each in opii.deliveries(post)} == {State.CANCELLED}
    assert send(opii).ledger == []


FILM = Medium("cd" * 32, MediaKind.VIDEO, "video/mp4", 5000, 1080, 1080, duration=10, file_name="film.mp4")


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        Change(alt_texts={1: "Otra descripción"}),
        Change(language="qu"),
        Change(captions=[(Path("x.srt"), "qu")]),
    ],
    ids=["alt text", "language", "captions"],
)
def test_words_for_who_cannot_see_or_hear_are_bound_too(opii: ProcedureOffice, change: Change, tmp_path: Path) -> None:
    post = opii.scheduled(opii.page, content=Content("Mire", attachments=(Attachment(FILM, "Un taller"),)))
    if change.captions:
        path = tmp_path / "x.srt"
        path.write_text("1\n00:00:01,000 --> 00:00:02,000\nHola\n", encoding="utf-8")
        change = Change(captions=[(path, "qu")])
    revision = RevisePost(opii.office, opii.owner, post_id=post.id, change=change).run()
    (shown,) = revision.content.shown
    said = [each.language for each in revision.content.attachments if each.role is AttachmentRole.CAPTIONS]
    assert (shown.alt_text, revision.content.language, said) != ("Un taller", "es", [])
    assert opii.in_force(post) == set()
    assert opii.post(post.id).state is PostState.IN_REVIEW


@on_sqlite
def test_an_image_that_is_not_there_cannot_be_described(opii: ProcedureOffice) -> None:
    post = opii.draft()
    change = Change(alt_texts={1: "x"})
    opii.refuses(RevisePost(opii.office, opii.owner, post_id=post.id, change=change), "no_such_image")


def test_a_revoked_approval_unschedules_and_returns_to_review(opii: ProcedureOffice) -> None:
    post = opii.scheduled()
    RevokeApproval(opii.office, opii.head, post_id=post.id, reason="Cambió el lugar").run()
    assert opii.post(post.id).state is PostState.IN_REVIEW
    assert opii.request(post.request_id).state is RequestState.IN_REVIEW
    assert {each.state for each in opii.deliveries(post)} == {State.CANCELLED}
    assert send(opii).ledger == []


def _new_rule(opii: ProcedureOffice, post: Post, patch: pytest.MonkeyPatch) -> None:
    rule = Reason("slogan", "El lema ya no está vigente.")
    patch.setattr("vocero.actions.content.check_copies", lambda _copies: [rule])


def _other_account(opii: ProcedureOffice, post: Post, patch: pytest.MonkeyPatch) -> None:
    behind_their_back(opii, update(accounts).where(accounts.c.id == opii.site.id).values(remote_id="otra.example"))


def _other_text(opii: ProcedureOffice, post: Post, patch: pytest.MonkeyPatch) -> None:
    behind_their_back(opii, update(revisions).where(revisions.c.post_id == post.id).values(text="Otro"))


def _other_window(opii: ProcedureOffice, post: Post, patch: pytest.MonkeyPatch) -> None:
    ends_at = post.publish_at - timedelta(minutes=1)
    behind_their_back(opii, update(revisions).where(revisions.c.post_id == post.id).values(window_ends_at=ends_at))


def _nobody_entitled(opii: ProcedureOffice, post: Post, patch: pytest.MonkeyPatch) -> None:
    behind_their_back(opii, update(approvals).values(role=Role.TEAM_LEAD))


LATER: dict[str, Callable[[ProcedureOffice, Post, pytest.MonkeyPatch], None]] = {
    "a new blocking rule": _new_rule,
    "another account": _other_account,
    "another text": _other_text,
    "a slot outside the window": _other_window,
    "an approver who was not entitled": _nobody_entitled,
}


@on_sqlite
@pytest.mark.parametrize("what", LATER)
def test_what_would_not_pass_any_more_returns_to_review(
    opii: ProcedureOffice, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    post = opii.scheduled()
    assert catch_up(opii.office) == []
    LATER[what](opii, post, monkeypatch)
    (found,) = catch_up(opii.office, dry_run=True)
    assert {each.state for each in opii.deliveries(post)} == {State.SCHEDULED}
    assert catch_up(opii.office) == [found]
    assert (found.subject, found.after) == (f"post:{post.id}", "in_review")
    assert opii.post(post.id).state is PostState.IN_REVIEW
    assert opii.request(post.request_id).state is RequestState.IN_REVIEW
    assert {each.state for each in opii.deliveries(post)} == {State.CANCELLED}
    assert opii.in_force(post) == set()
    assert catch_up(opii.office) == []


@on_sqlite
@pytest.mark.parametrize("what", [each for each in LATER if each != "a new blocking rule"])
def test_the_gate_asks_all_of_it_again_at_sending(
    opii: ProcedureOffice, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    post = opii.scheduled(opii.site)
    LATER[what](opii, post, monkeypatch)
    assert send(opii).ledger == []
    (delivery,) = opii.deliveries(post)
    assert delivery.state is State.HELD


@on_sqlite
def test_a_delegates_approval_is_judged_again_by_the_dates(opii: ProcedureOffice) -> None:
    """What was decided while the delegation held goes out; one entered later (behind everybody's back) holds it."""
    delegate = opii.somebody(Role.TEAM_LEAD)
    delegation = opii.granting(delegate).run()
    kept, lost = opii.submitted(opii.site), opii.submitted(opii.page)
    for post in (kept, lost):
        opii.approve(post, by=delegate)
        SchedulePost(opii.office, opii.head, post_id=post.id).run()
    opii.clock.advance(minutes=1)
    EndDelegation(opii.office, opii.head, delegation_id=delegation.id, reason="Volvió").run()
    second = opii.granting(delegate).run()
    behind_their_back(
        opii, update(approvals).where(approvals.c.account_id == opii.page.id).values(delegation_id=second.id)
    )
    assert [write.account for write in send(opii).ledger] == [opii.site.official_id]
    (held,) = opii.deliveries(lost)
    assert held.state is State.HELD
    assert "encargo" in held.reason
    assert {each.state for each in opii.deliveries(kept)} == {State.PUBLISHED}
