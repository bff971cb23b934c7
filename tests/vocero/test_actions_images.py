"""Images in the procedure: looked at when submitted, told to who approves, signed for, and judged again at the gate."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import InvalidInput
from core.images import NoteKind
from core.people import Role
from core.posts import PostState
from scheduler.workbench import Workbench
from storage.database import Database
from storage.rulebooks import Rulebook
from tests.databases import Clock
from tests.storage.drawn import as_png, face, strip
from tests.storage.image_cases import FAMILIES, case
from tests.storage.pictures import kept, picture
from tests.storage.test_looking import paper
from tests.storage.test_rulebooks import ROW, written
from tests.vocero.desk import ActingOffice
from vocero.actions import ApprovePost, Change, RevisePost, SignConsent, SubmitPost, WaiveRule
from vocero.actions.images import findings
from vocero.office import SHIPPED_RULES

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])  # the rows: tests/storage/test_looks.py, on both


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return kept(tmp_path / "personas.png", as_png(face(paper((1080, 1080), 150), (500, 500), 200)))


def with_image(opii: ActingOffice, path: Path) -> int:
    post = opii.draft(opii.page)
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(images=[(path, "Un taller")])).run()
    opii.sign(post)
    return post.id


def own_rules(opii: ActingOffice, folder: Path) -> ActingOffice:
    object.__setattr__(opii.office, "rules", Rulebook(SHIPPED_RULES, folder))
    return opii


def found(opii: ActingOffice, post: int) -> list[str]:
    with opii.office.database.read() as transaction:
        return [each.rule for each in findings(opii.office, transaction, transaction.posts.get(post)) if each.blocks]


def test_an_image_that_cannot_be_seen_is_not_submitted(opii: ActingOffice, tmp_path: Path) -> None:
    post = with_image(opii, kept(tmp_path / "a.png", picture(size=(319, 900))))
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=post), "image_rule")


def test_a_face_asks_for_a_signed_consent(opii: ActingOffice, people: Path) -> None:
    post = with_image(opii, people)
    submit = SubmitPost(opii.office, opii.owner, post_id=post)
    opii.refuses(submit, "image_rule")
    sign = SignConsent(opii.office, opii.owner, post_id=post, rule="rostros", reason="Autorización del 3 de noviembre")
    opii.refuses(SignConsent(opii.office, opii.people[Role.DESIGNER], post_id=post, rule="rostros", reason="x"), "role")
    opii.refuses(SignConsent(opii.office, opii.owner, post_id=post, rule="rostros", reason=" "), "reason_missing")
    opii.refuses(SignConsent(opii.office, opii.owner, post_id=post, rule="franja", reason="x"), "no_finding")
    opii.refuses(WaiveRule(opii.office, opii.head, post_id=post, rule="rostros", reason="x"), "not_lifted")
    assert [note.kind for note in sign.run()] == [NoteKind.CONSENT]
    submit.run()
    told = opii.events(f"post:{post}")
    assert (told[-2].event.action, told[-2].event.reason) == ("image.consent", "Autorización del 3 de noviembre")
    assert "rostros (firmado)" in told[-1].event.data["findings"]
    assert told[-1].event.data["rules"] == "2026-01"
    opii.approve(opii.post(post))


def test_a_new_image_asks_for_a_consent_of_its_own(opii: ActingOffice, people: Path, tmp_path: Path) -> None:
    post = with_image(opii, people)
    SignConsent(opii.office, opii.owner, post_id=post, rule="rostros", reason="Autorización").run()
    other = kept(tmp_path / "otra.png", as_png(face(paper((1080, 1080), 140), (600, 500), 210)))
    RevisePost(opii.office, opii.owner, post_id=post, change=Change(images=[(other, "Otro")])).run()
    opii.sign(opii.post(post))
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=post), "image_rule")


def test_an_edit_of_what_is_approved_is_looked_at_before_it_is_approved_again(opii: ActingOffice, people: Path) -> None:
    post = opii.approved(opii.page)
    RevisePost(opii.office, opii.owner, post_id=post.id, change=Change(images=[(people, "Un taller")])).run()
    assert opii.post(post.id).state is PostState.IN_REVIEW
    opii.sign(post)
    opii.refuses(ApprovePost(opii.office, opii.head, post_id=post.id, shown=opii.shown(post)), "image_rule")


def test_the_head_alone_waives_the_strip(opii: ActingOffice, tmp_path: Path) -> None:
    text = ROW.replace('"bytes"', '"strip"').replace("most = 900", 'least = 0.7\ntemplate = "franja.png"')
    written(tmp_path / "reglas", text=text)
    kept(tmp_path / "reglas" / "franja.png", as_png(strip()))
    own_rules(opii, tmp_path / "reglas")
    bare, logo = paper(), paper()
    logo.paste(strip(600), (100, 60))
    good = with_image(opii, kept(tmp_path / "con.png", as_png(logo)))
    SubmitPost(opii.office, opii.owner, post_id=good).run()
    post = with_image(opii, kept(tmp_path / "sin.png", as_png(bare)))
    opii.refuses(SubmitPost(opii.office, opii.owner, post_id=post), "image_rule")
    opii.refuses(WaiveRule(opii.office, opii.owner, post_id=post, rule="peso", reason="Duelo"), "role")
    opii.refuses(SignConsent(opii.office, opii.owner, post_id=post, rule="peso", reason="Duelo"), "not_lifted")
    WaiveRule(opii.office, opii.head, post_id=post, rule="peso", reason="Duelo nacional: sin franja").run()
    SubmitPost(opii.office, opii.owner, post_id=post).run()


def test_a_new_rule_is_heeded_without_looking_again(opii: ActingOffice, tmp_path: Path) -> None:
    post = with_image(opii, kept(tmp_path / "a.png", picture(size=(1080, 1080))))
    SubmitPost(opii.office, opii.owner, post_id=post).run()
    assert found(opii, post) == []
    written(tmp_path / "reglas", text=ROW)
    own_rules(opii, tmp_path / "reglas")
    assert found(opii, post) == ["peso"]
    opii.refuses(ApprovePost(opii.office, opii.head, post_id=post, shown=opii.shown(opii.post(post))), "image_rule")


def test_a_new_strip_bars_until_the_image_is_looked_at_again(opii: ActingOffice, tmp_path: Path) -> None:
    logo = paper()
    logo.paste(strip(600), (100, 60))
    post = with_image(opii, kept(tmp_path / "con.png", as_png(logo)))
    SubmitPost(opii.office, opii.owner, post_id=post).run()
    text = ROW.replace('"bytes"', '"strip"').replace("most = 900", 'least = 0.7\ntemplate = "franja.png"')
    written(tmp_path / "reglas", text=text)
    kept(tmp_path / "reglas" / "franja.png", as_png(strip()))
    own_rules(opii, tmp_path / "reglas")
    assert found(opii, post) == ["peso"]
    opii.approve(opii.post(post))  # who approves has it looked at
    assert found(opii, post) == []


def test_what_was_done_to_an_image_is_told_to_who_approves(opii: ActingOffice, tmp_path: Path) -> None:
    located = next(
        each for each in map(case, range(9 * FAMILIES)) if each.family == "turned" and each.name != "foto.webp"
    )
    post = with_image(opii, kept(tmp_path / located.name, located.data))
    with opii.office.database.read() as transaction:
        said = [each.sentence for each in findings(opii.office, transaction, transaction.posts.get(post))]
        digest = transaction.posts.latest_revision(post).content.attachments[0].medium.sha256
        original = transaction.looks.originals([digest])[digest]
    assert any("se enderezó" in each for each in said)
    assert opii.office.media.original(original.sha256).read_bytes() == located.data


def test_a_worker_is_given_the_offices_rules(opii: ActingOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def spy(**everything: Any) -> Workbench:
        given.update(everything)
        return Workbench(**everything)

    monkeypatch.setattr("vocero.office.Workbench", spy)
    opii.office.worker(lambda _progress: None)
    assert given["rules"] == opii.office.rules.on


def test_rules_that_cannot_be_read_stop_a_worker_before_it_begins(opii: ActingOffice, tmp_path: Path) -> None:
    kept(tmp_path / "a.toml", b"version = ")
    own_rules(opii, tmp_path)
    with pytest.raises(InvalidInput, match="no sirve"):
        opii.office.worker(lambda _progress: None)
