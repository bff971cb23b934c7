"""What people do with a post: who may, when, and what becomes of an approval when something changes."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.deliveries import DeliveryState
from core.errors import Conflict, InvalidInput, NotFound
from core.people import Role
from core.posts import Content, PostState
from storage.database import Database
from storage.deliveries import LostLease
from storage.transaction import Transaction
from tests.databases import Clock
from tests.storage.pictures import kept, picture
from tests.vocero.desk import ActingOffice
from vocero.actions import (
    ApprovePost,
    CancelPost,
    Change,
    ReturnPost,
    RevisePost,
    SchedulePost,
    SubmitPost,
)

State = DeliveryState
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"])
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


def states(opii: ActingOffice, post_id: int) -> list[DeliveryState]:
    return [each.state for each in opii.deliveries(opii.post(post_id))]


# ── the straight way ──


def test_a_post_goes_from_draft_to_scheduled_and_each_step_is_recorded(opii: ActingOffice) -> None:
    post = opii.scheduled()
    one, two = opii.deliveries(post)
    assert {one.account_id, two.account_id} == {opii.site.id, opii.page.id}
    assert one.publish_at == post.publish_at
    assert one.late_after == post.publish_at + timedelta(minutes=60)
    assert one.due_at == post.publish_at - timedelta(minutes=10)
    assert one.key != two.key
    told = [(each.event.action, each.event.after, each.event.actor) for each in opii.events(f"post:{post.id}")]
    assert told == [
        ("sign_checklist", "", opii.owner.login),
        ("submit_post", "in_review", opii.owner.login),
        ("approve_post", "approved", opii.head.login),
        ("approve_post", "approved", opii.head.login),
    ]
    digests = {each.event.data["account"]: each.event.digest for each in opii.events(f"post:{post.id}")[2:]}
    assert digests == {str(account): digest for account, digest in opii.shown(post).items()}
    (scheduled,) = opii.events(f"delivery:{one.id}")
    assert scheduled.event.digest == digests[str(one.account_id)]


def test_a_correction_is_a_loop(opii: ActingOffice) -> None:
    post = opii.submitted()
    ReturnPost(opii.office, opii.head, post_id=post.id, reason="Falta la fecha").run()
    assert opii.post(post.id).state is PostState.CHANGES_REQUESTED
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text="Con fecha")).run()
    assert opii.post(post.id).state is PostState.CHANGES_REQUESTED
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=post.id), "checklist_missing")
    opii.sign(post)
    SubmitPost(opii.office, opii.owner, post_id=post.id).run()
    opii.approve(post)
    assert opii.post(post.id).state is PostState.APPROVED
    assert opii.revision(post).number == 2


# ── every reason against ──


def test_who_may_not_may_not(opii: ActingOffice) -> None:
    auditor = opii.people[Role.AUDITOR]
    post = opii.submitted()
    for act in (
        SubmitPost(opii.office, auditor, post_id=post.id),
        ApprovePost(opii.office, opii.owner, post_id=post.id, shown=opii.shown(post)),
        ReturnPost(opii.office, auditor, post_id=post.id, reason="x"),
        RevisePost(opii.office, auditor, post_id=post.id, change=Change(text="x")),
        SchedulePost(opii.office, auditor, post_id=post.id),
        CancelPost(opii.office, opii.owner, post_id=post.id, reason="x"),
    ):
        opii.refuses(act, "role")


def test_submitting(opii: ActingOffice) -> None:
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=opii.submitted().id), "wrong_state")
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=opii.approved().id), "wrong_state")
    late = opii.draft(in_minutes=0)
    opii.sign(late)
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=late.id), "past")
    untitled = opii.draft(content=Content("Sin título"))
    opii.sign(untitled)
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=untitled.id), "title_missing")
    with pytest.raises(NotFound):
        SubmitPost(opii.office, opii.owner, post_id=404).run()


def test_approving(opii: ActingOffice) -> None:
    draft = opii.draft()
    opii.refuses(ApprovePost(opii.office, opii.head, post_id=draft.id, shown=opii.shown(draft)), "wrong_state")
    approved = opii.approved()
    opii.refuses(ApprovePost(opii.office, opii.head, post_id=approved.id, shown=opii.shown(approved)), "wrong_state")
    post = opii.submitted()
    shown = opii.shown(post)
    for wrong in ({}, {opii.site.id: shown[opii.site.id]}, shown | {opii.page.id: "0" * 64}, shown | {99: "0" * 64}):
        opii.refuses(ApprovePost(opii.office, opii.head, post_id=post.id, shown=wrong), "not_what_was_shown")
    opii.clock.advance(minutes=60)
    opii.refuses(ApprovePost(opii.office, opii.head, post_id=post.id, shown=shown), "past")


def test_what_changed_while_the_head_read_is_not_approved(opii: ActingOffice) -> None:
    post = opii.submitted()
    shown = opii.shown(post)
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text="Otro texto")).run()
    approval = ApprovePost(opii.office, opii.head, post_id=post.id, shown=shown)
    opii.refuses(approval, "not_what_was_shown", "checklist_missing")
    opii.sign(post)
    opii.refuses(approval, "not_what_was_shown")
    opii.approve(post)


def test_who_wrote_or_edited_any_part_may_not_approve(opii: ActingOffice) -> None:
    own = opii.draft(author=opii.head)
    opii.sign(own)
    SubmitPost(opii.office, opii.owner, post_id=own.id).run()
    opii.refuses(ApprovePost(opii.office, opii.head, post_id=own.id, shown=opii.shown(own)), "approver_is_author")
    edited = opii.submitted()
    RevisePost(opii.office, opii.head, post_id=edited.id, change=Change(title="Otro")).run()
    RevisePost(opii.office, opii.owner, post_id=edited.id, change=Change(title="Otro más")).run()
    opii.sign(edited)
    opii.refuses(ApprovePost(opii.office, opii.head, post_id=edited.id, shown=opii.shown(edited)), "approver_is_author")


def test_returning(opii: ActingOffice) -> None:
    post = opii.submitted()
    opii.refuses(ReturnPost(opii.office, opii.head, post_id=post.id, reason="  "), "reason_missing")
    opii.refuses(ReturnPost(opii.office, opii.head, post_id=opii.draft().id, reason="x"), "wrong_state")


def test_scheduling(opii: ActingOffice) -> None:
    post = opii.submitted()
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id), "not_approved")
    opii.approve(post)
    for at, code in ((post.publish_at + timedelta(hours=7), "outside_window"), (opii.clock.now, "past")):
        opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id, at=at), code)
    SchedulePost(opii.office, opii.head, post_id=post.id).run()
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id), "nothing_left")
    late = opii.approved(in_minutes=1)
    opii.clock.advance(minutes=61)
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=late.id), "past")


def test_another_hour_of_the_approved_window_needs_no_new_approval(opii: ActingOffice) -> None:
    post = opii.approved()
    at = post.publish_at + timedelta(hours=2)
    deliveries = SchedulePost(opii.office, opii.head, post_id=post.id, at=at).run()
    assert {each.publish_at for each in deliveries} == {at}
    assert opii.post(post.id).publish_at == at
    assert opii.in_force(post) == {opii.site.id, opii.page.id}


def test_what_was_held_is_released_and_what_failed_is_scheduled_anew(opii: ActingOffice) -> None:
    post = opii.scheduled()
    held, failed = opii.deliveries(post)
    with opii.office.database.write() as transaction:
        transaction.deliveries.move(held, State.HELD, due_at=None, reason="en pausa")
        transaction.deliveries.move(failed, State.FAILED, due_at=None)
    released, anew = SchedulePost(opii.office, opii.head, post_id=post.id).run()
    assert (released.id, released.key) == (held.id, held.key)
    assert anew.id != failed.id
    assert anew.key != failed.key
    assert {released.state, anew.state} == {State.SCHEDULED}


def test_cancelling(opii: ActingOffice) -> None:
    post = opii.scheduled()
    opii.refuses(CancelPost(opii.office, opii.head, post_id=post.id, reason=" "), "reason_missing")
    CancelPost(opii.office, opii.head, post_id=post.id, reason="Ya no corresponde").run()
    assert states(opii, post.id) == [State.CANCELLED] * 2
    assert opii.post(post.id).state is PostState.CANCELLED
    assert opii.in_force(post) == set()
    opii.refuses(CancelPost(opii.office, opii.head, post_id=post.id, reason="otra vez"), "wrong_state")
    opii.refuses(RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text="x")), "wrong_state")


@pytest.mark.parametrize("out", [State.PUBLISHING, State.UNKNOWN, State.PUBLISHED, State.TAKEN_DOWN])
def test_what_is_out_stays_and_only_the_rest_is_cancelled(opii: ActingOffice, out: DeliveryState) -> None:
    post = opii.scheduled()
    one, _ = opii.deliveries(post)
    put(opii, one.id, out)
    opii.refuses(RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text="x")), "already_out")
    CancelPost(opii.office, opii.head, post_id=post.id, reason="El resto no").run()
    assert states(opii, post.id) == [out, State.CANCELLED]
    assert opii.post(post.id).state is PostState.APPROVED
    opii.refuses(CancelPost(opii.office, opii.head, post_id=post.id, reason="nada"), "already_out")


def put(opii: ActingOffice, delivery_id: int, state: DeliveryState) -> None:
    from sqlalchemy import update

    from storage.tables import deliveries

    with opii.office.database.write() as transaction:
        change = update(deliveries).where(deliveries.c.id == delivery_id).values(state=state)
        transaction._connection.execute(change)


# ── what an approval binds ──

# "removing a target" is below: it voids nothing of the others
BINDING: dict[str, Callable[[ActingOffice, Path], Change]] = {
    "text": lambda opii, folder: Change(text="Otro texto"),
    "title": lambda opii, folder: Change(title="Otro título"),
    "link": lambda opii, folder: Change(link="https://www.gob.pe/inpe"),
    "an account's own text": lambda opii, folder: Change(texts={opii.page.id: "Solo aquí"}),
    "an image": lambda opii, folder: Change(images=[(kept(folder / "a.png", picture(size=(640, 480))), "Un taller")]),
    "the language": lambda opii, folder: Change(language="qu"),
    "the hour, another day": lambda opii, folder: Change(publish_at=opii.clock.now + timedelta(days=2)),
    "a text and a target": lambda opii, folder: Change(text="Otro", without_accounts=[opii.page.id]),
}


@pytest.mark.parametrize("what", BINDING)
def test_a_change_of_what_the_approval_binds_voids_it_and_unschedules(
    opii: ActingOffice, what: str, tmp_path: Path
) -> None:
    post = opii.scheduled()
    before = opii.shown(post)
    revision = RevisePost(opii.office, opii.owner, post_id=post.id, change=BINDING[what](opii, tmp_path)).run()
    assert opii.shown(post) != before
    assert (revision.number, opii.in_force(post)) == (2, set())
    assert opii.post(post.id).state is PostState.IN_REVIEW
    assert states(opii, post.id) == [State.CANCELLED] * 2
    actions = [each.event.action for each in opii.events(f"post:{post.id}")]
    assert actions[-3:] == ["approval_voided", "approval_voided", "edit_post"]
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id), "not_approved")
    opii.approve(post)
    SchedulePost(opii.office, opii.head, post_id=post.id).run()


@pytest.mark.parametrize("part", ["bytes", "alt_text", "order"])
def test_an_image_is_bound_by_its_bytes_words_and_place(opii: ActingOffice, tmp_path: Path, part: str) -> None:
    one, two = (
        kept(tmp_path / "a.png", picture(size=(640, 480))),
        kept(tmp_path / "b.png", picture(size=(640, 480), colour="red")),
    )
    post = opii.draft()
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(images=[(one, "Uno"), (two, "Dos")])).run()
    opii.sign(post)
    SubmitPost(opii.office, opii.owner, post_id=post.id).run()
    opii.approve(post)
    images = {
        "bytes": [(kept(tmp_path / "a.png", picture(size=(640, 480), colour="green")), "Uno"), (two, "Dos")],
        "alt_text": [(one, "Otro"), (two, "Dos")],
        "order": [(two, "Dos"), (one, "Uno")],
    }[part]
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(images=images)).run()
    assert opii.in_force(post) == set()
    assert opii.post(post.id).state is PostState.IN_REVIEW


def test_removing_a_target_voids_nothing_of_the_others(opii: ActingOffice) -> None:
    post = opii.scheduled()
    change = Change(without_accounts=[opii.page.id])
    revision = RevisePost(opii.office, opii.head, post_id=post.id, change=change).run()
    assert [target.account_id for target in revision.targets] == [opii.site.id]
    assert opii.post(post.id).state is PostState.APPROVED
    assert opii.in_force(post) == {opii.site.id}
    assert {each.account_id: each.state for each in opii.deliveries(post)} == {
        opii.site.id: State.SCHEDULED,
        opii.page.id: State.CANCELLED,
    }
    opii.refuses(SchedulePost(opii.office, opii.head, post_id=post.id), "nothing_left")
    assert [each.event.action for each in opii.events(f"post:{post.id}")][-2:] == ["approval_voided", "target_removed"]


def test_the_last_target_cannot_be_removed(opii: ActingOffice) -> None:
    post = opii.approved(opii.site)
    change = Change(without_accounts=[opii.site.id])
    opii.refuses(RevisePost(opii.office, opii.owner, post_id=post.id, change=change), "no_target")


def test_editing(opii: ActingOffice, tmp_path: Path) -> None:
    post = opii.draft()
    past = Change(publish_at=opii.clock.now)
    opii.refuses(RevisePost(opii.office, opii.owner, post_id=post.id, change=past), "past")
    for text in ("hola \x00", "hola \udcff"):
        opii.refuses(RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text=text)), "text_unprintable")
    change = Change(images=[(kept(tmp_path / "a.jpg", b"<html>"), "x")])
    with pytest.raises(InvalidInput):
        RevisePost(opii.office, opii.owner, post_id=post.id, change=change).run()
    assert opii.revision(post).number == 1


def test_a_text_of_its_own_stays_with_its_account(opii: ActingOffice) -> None:
    post = opii.draft(texts={opii.page.id: "Solo en la página"})
    revision = RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text="Común")).run()
    assert revision.content_for(opii.page.id).text == "Solo en la página"
    assert revision.content_for(opii.site.id).text == "Común"


# ── at the same time ──


@on_postgresql
def test_an_approval_and_an_edit_at_the_same_time_take_turns(opii: ActingOffice) -> None:
    """Else the post would be approved with a text that nobody approved, and stay so."""
    post = opii.submitted()
    shown = opii.shown(post)
    judged = threading.Event()

    class Slow(ApprovePost):
        def act(self, transaction: Transaction) -> object:  # type: ignore[override]
            judged.set()
            return super().act(transaction)

    told: list[str] = []

    def approve() -> None:
        try:
            Slow(opii.office, opii.head, post_id=post.id, shown=shown).run()
        except Exception as error:  # noqa: BLE001  (told to the test)
            told.append(str(getattr(error, "diagnostic", error)))

    class Edit(RevisePost):
        def act(self, transaction: Transaction) -> object:  # type: ignore[override]
            thread.start()
            judged.wait(0.3)  # with turns it never comes: the approval waits for us
            return super().act(transaction)

    thread = threading.Thread(target=approve)
    Edit(opii.office, opii.owner, post_id=post.id, change=Change(text="Otro")).run()
    thread.join(20)
    assert told == ["not_what_was_shown, checklist_missing"]
    assert opii.post(post.id).state is PostState.IN_REVIEW


@on_sqlite
def test_a_worker_that_was_quicker_is_told_as_a_conflict(opii: ActingOffice) -> None:
    post = opii.scheduled()

    class Overtaken(CancelPost):
        def act(self, transaction: Transaction) -> list[object]:  # type: ignore[override]
            raise LostLease("overtaken")

    with pytest.raises(Conflict):
        Overtaken(opii.office, opii.head, post_id=post.id, reason="x").run()


@on_sqlite
def test_somebody_who_left_may_do_nothing(opii: ActingOffice) -> None:
    from sqlalchemy import text

    post = opii.submitted()
    with opii.office.database.write() as transaction:
        transaction._connection.execute(text("UPDATE people SET active = FALSE"))
    opii.refuses(ReturnPost(opii.office, replace(opii.head), post_id=post.id, reason="x"), "inactive")
