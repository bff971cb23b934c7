"""The calendar in the acts of people: who keeps it, what it refuses and warns of, and what the record says of it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.calendar import ElectoralClass, ElectoralPeriod, Embargo
from core.deliveries import DeliveryState
from core.errors import NotFound
from core.lima import to_lima
from core.people import Role
from core.posts import Content, Post
from storage.database import Database
from storage.textrules import TextRulebook
from tests.databases import Clock
from tests.vocero.desk import ActingOffice
from vocero.actions import (
    Change,
    ClassifyPost,
    DeclareDay,
    EndEmbargo,
    EndPeriod,
    EnterEmbargo,
    EnterPeriod,
    RevisePost,
    SchedulePost,
    SignClassification,
    SubmitPost,
    WithdrawDay,
)

HOUR = timedelta(hours=1)
NIGHT = timedelta(hours=13)  # after the clock's 10:00: 23:00 in Lima


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


def embargo(opii: ActingOffice, **more: Any) -> EnterEmbargo:
    given: dict[str, Any] = {
        "starts_at": opii.clock.now,
        "ends_at": opii.clock.now + 4 * HOUR,
        "reason": "Traslado",
    } | more
    return EnterEmbargo(opii.office, opii.people[Role.SYSTEM_ADMIN], **given)


def period(opii: ActingOffice, **more: Any) -> EnterPeriod:
    today = to_lima(opii.clock.now).date()
    given: dict[str, Any] = {"name": "Elecciones", "starts_on": today, "ends_on": None, "basis": "D.S. 1"} | more
    return EnterPeriod(opii.office, opii.people[Role.SYSTEM_ADMIN], **given)


def classify(opii: ActingOffice, post: Post, *, by: Role = Role.CONTENT_OWNER, why: str = "Salud") -> ClassifyPost:
    kind = ElectoralClass.PUBLIC_UTILITY
    return ClassifyPost(opii.office, opii.people[by], post_id=post.id, electoral_class=kind, justification=why)


def sign(opii: ActingOffice, post: Post, **more: Any) -> SignClassification:
    return SignClassification(opii.office, opii.head, post_id=post.id, **more)


def schedule(opii: ActingOffice, post: Post) -> SchedulePost:
    return SchedulePost(opii.office, opii.head, post_id=post.id)


def test_a_day_is_declared_and_withdrawn_and_told(opii: ActingOffice) -> None:
    day, admin = date(2026, 12, 24), opii.people[Role.SYSTEM_ADMIN]
    opii.refuses(DeclareDay(opii.office, opii.owner, day=day, name="Puente", source="D.S. 1"), "role")
    opii.refuses(DeclareDay(opii.office, admin, day=day, name=" ", source=""), "name_missing", "basis_missing")
    opii.refuses(WithdrawDay(opii.office, admin, day=day, reason="x"), "day_not_declared")
    DeclareDay(opii.office, admin, day=day, name="Puente", source="D.S. 1").run()
    with opii.office.database.read() as transaction:
        assert opii.office.working_calendar(transaction).holiday_on(day) == "Puente"
    opii.refuses(WithdrawDay(opii.office, admin, day=day, reason=" "), "reason_missing")
    WithdrawDay(opii.office, opii.head, day=day, reason="error").run()
    told = [(each.event.action, each.event.reason) for each in opii.events("day:2026-12-24")]
    assert told == [("day_declared", "D.S. 1"), ("day_withdrawn", "error")]


def test_an_embargo_is_entered_by_an_admin_and_ended_by_the_head(opii: ActingOffice) -> None:
    opii.refuses(embargo(opii, reason=" "), "reason_missing")
    opii.refuses(embargo(opii, unit="Penal", account_id=opii.site.id), "two_scopes")
    opii.refuses(embargo(opii, ends_at=opii.clock.now), "ends_early")
    opii.refuses(embargo(opii, starts_at=opii.clock.now - 2 * HOUR, ends_at=opii.clock.now - HOUR), "ends_early")
    with pytest.raises(NotFound):
        embargo(opii, account_id=404).run()
    entered = embargo(opii, unit="  Penal  de Lurín ").run()
    assert entered.unit == "Penal de Lurín"
    opii.refuses(EndEmbargo(opii.office, opii.people[Role.SYSTEM_ADMIN], embargo_id=entered.id, reason="x"), "role")
    opii.refuses(EndEmbargo(opii.office, opii.head, embargo_id=entered.id, reason=""), "reason_missing")
    ended: Embargo = EndEmbargo(opii.office, opii.head, embargo_id=entered.id, reason="pasó").run()
    assert ended.ends_at == opii.clock.now
    opii.refuses(EndEmbargo(opii.office, opii.head, embargo_id=entered.id, reason="x"), "already_over")
    told = [(each.event.action, each.event.after) for each in opii.events(f"embargo:{entered.id}")]
    assert told == [("embargo_entered", "open"), ("embargo_ended", "ended")]


def test_nothing_is_scheduled_into_an_embargo(opii: ActingOffice) -> None:
    post = opii.approved(opii.site, opii.page)
    entered = embargo(opii, account_id=opii.page.id).run()
    opii.refuses(schedule(opii, post), "embargoed")
    other = opii.approved(opii.site)
    assert len(schedule(opii, other).run()) == 1
    EndEmbargo(opii.office, opii.head, embargo_id=entered.id, reason="pasó").run()
    assert len(schedule(opii, post).run()) == 2
    embargo(opii, unit="OFICINA REGIONAL LIMA").run()
    opii.refuses(schedule(opii, opii.approved(opii.site)), "embargoed")
    assert {each.state for each in opii.deliveries(post)} == {DeliveryState.SCHEDULED}  # the gate's to hold


def test_in_an_electoral_period_a_post_needs_a_classification_and_a_signature(opii: ActingOffice) -> None:
    opened: ElectoralPeriod = period(opii).run()
    period(opii, name="Revocatoria").run()
    post = opii.approved(opii.site)
    opii.refuses(schedule(opii, post), "not_classified")
    opii.refuses(sign(opii, post), "not_classified")
    opii.refuses(classify(opii, post, why=" "), "reason_missing")
    opii.refuses(classify(opii, post, by=Role.DESIGNER), "role")
    first = classify(opii, post).run()
    opii.refuses(schedule(opii, post), "classification_unsigned")
    opii.refuses(SignClassification(opii.office, opii.people[Role.TEAM_LEAD], post_id=post.id), "role")
    second = classify(opii, post, why="Campaña de vacunación").run()
    opii.refuses(sign(opii, post, shown=first.id), "not_what_was_shown")
    signed = sign(opii, post, shown=second.id).run()
    assert (signed.signed_by, signed.justification) == (opii.head.login, "Campaña de vacunación")
    opii.refuses(sign(opii, post), "already_signed")
    assert len(schedule(opii, post).run()) == 1
    told = [each.event.action for each in opii.events(f"post:{post.id}") if "classif" in each.event.action]
    assert told == ["classify_post", "classify_post", "sign_classification"]
    assert opened.ends_on is None


def test_nobody_signs_what_they_classified(opii: ActingOffice) -> None:
    post = opii.approved(opii.site)
    classify(opii, post, by=Role.OFFICE_HEAD).run()
    opii.refuses(sign(opii, post), "signs_own")


def test_a_signature_is_bound_to_its_revision(opii: ActingOffice) -> None:
    period(opii).run()
    post = opii.approved(opii.site)
    classify(opii, post).run()
    sign(opii, post).run()
    schedule(opii, post).run()
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(text="Otra cosa.")).run()
    opii.approve(opii.post(post.id))
    opii.refuses(schedule(opii, post), "not_classified")


def test_a_period_ends_when_somebody_says_so(opii: ActingOffice) -> None:
    today = to_lima(opii.clock.now).date()
    admin = opii.people[Role.SYSTEM_ADMIN]
    opii.refuses(period(opii, ends_on=today - timedelta(days=1)), "ends_early")
    opii.refuses(period(opii, name="", basis=""), "name_missing", "basis_missing")
    opened = period(opii, starts_on=today - timedelta(days=9)).run()
    post = opii.approved(opii.site)
    opii.refuses(schedule(opii, post), "not_classified")
    early = EndPeriod(opii.office, admin, period_id=opened.id, ends_on=today - timedelta(days=10), reason="x")
    opii.refuses(early, "ends_early")
    opii.refuses(EndPeriod(opii.office, admin, period_id=opened.id, ends_on=today, reason=""), "reason_missing")
    EndPeriod(opii.office, admin, period_id=opened.id, ends_on=today, reason="Res. 1").run()
    opii.refuses(schedule(opii, post), "not_classified")  # its last day still belongs to it
    EndPeriod(opii.office, admin, period_id=opened.id, ends_on=today - timedelta(days=1), reason="Res. 2").run()
    assert len(schedule(opii, post).run()) == 1
    told = [(each.event.before, each.event.after) for each in opii.events(f"electoral_period:{opened.id}")]
    yesterday = str(today - timedelta(days=1))
    assert told == [("", "open"), ("open", str(today)), (str(today), yesterday)]


def test_what_is_to_be_thought_of_is_told_at_scheduling(opii: ActingOffice) -> None:
    opii.clock.advance(NIGHT)
    DeclareDay(opii.office, opii.head, day=to_lima(opii.clock.now).date(), name="Puente", source="D.S.").run()
    many = [opii.approved(opii.site, opii.page, in_minutes=10) for _ in range(4)]
    posts = [*many, opii.approved(opii.site, in_minutes=10)]
    act = schedule(opii, posts[-1])
    assert len(act.run()) == 1
    assert [each.code for each in act.warnings] == ["holiday", "day_is_full", "quiet_hours"]
    assert "tendría 5 publicaciones" in act.warnings[1].sentence
    strict = replace(opii.office, settings=opii.office.settings.model_copy(update={"quiet_hours_refuse": True}))
    opii.refuses(SchedulePost(strict, opii.head, post_id=posts[0].id), "quiet_hours")


def test_what_a_rule_bars_is_neither_submitted_nor_approved(opii: ActingOffice, tmp_path: Path) -> None:
    draft = opii.draft(opii.site, content=Content("Lorem ipsum", title="Hoy"))
    opii.sign(draft)
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=draft.id), "text_rule")
    own = opii.draft(opii.site, texts={opii.site.id: "texto de prueba"})
    opii.sign(own)
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=own.id), "text_rule")
    warned = opii.submitted(opii.site, content=Content("Los presos tejen", title="Hoy"))
    [event] = [each.event for each in opii.events(f"post:{warned.id}") if each.event.action == "submit_post"]
    assert (event.data["text_rules"], event.data["text_findings"]) == ("2026-01", "trato-digno")
    (tmp_path / "v1.toml").write_text(
        'version = "1"\nfrom = 2026-01-01\n[[rule]]\nid = "a"\ncheck = "forbidden"\nseverity = "block"\n'
        'values = ["presos"]\nfrom = 2026-11-01\nsource = "s"\nread = 2026-11-01\n',
        encoding="utf-8",
    )
    strict = replace(opii, office=replace(opii.office, words=TextRulebook(None, tmp_path)))
    with pytest.raises(Exception, match="Dice «presos»"):
        strict.approve(warned)
