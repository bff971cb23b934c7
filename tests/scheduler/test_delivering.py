"""One delivery on its way: gate, stage, gate again, one visible write, result; and each thing that may come between."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core.deliveries import Delivery, DeliveryState
from core.media import Attachment
from core.platforms import Platform
from core.posts import Content, PostState
from scheduler.workbench import Timing
from storage.database import Database
from tests.databases import Clock
from tests.scheduler.newsroom import Newsroom
from tests.storage.pictures import kept, picture
from tests.storage.rows import a_stop

State = DeliveryState
SITE = Platform.WEBSITE


def with_picture(newsroom: Newsroom, folder: Path) -> Content:
    medium = newsroom.media.add(kept(folder / "foto.png", picture()))
    return Content("Con foto", attachments=(Attachment(medium, "Una foto"),))


# ── the straight way ──


def test_what_is_due_goes_out_once_and_is_recorded(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    done = newsroom.turn()
    assert done.state is State.PUBLISHED
    (write,) = newsroom.platform.visible()
    assert (write.key, write.text, write.account) == (
        delivery.key,
        "Jornada de salud en el penal.",
        newsroom.account.official_id,
    )
    assert (done.remote_id, done.url) == ("1", f"{newsroom.account.address}/1")
    assert done.published_at == newsroom.clock.now
    assert (done.lease_until, done.due_at) == (None, None)
    assert newsroom.story(delivery) == ["staging", "publishing", "published"]
    assert newsroom.outcomes(delivery) == [("publish", "published")]
    assert newsroom.platform.calls == ["identify", "stage", "publish"]
    assert [(each.before, each.delivery.state) for each in newsroom.reports] == [(State.SCHEDULED, State.PUBLISHED)]
    assert newsroom.claim() == []


def test_the_record_names_the_digest_that_went_out(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    newsroom.turn()
    with newsroom.database.read() as transaction:
        approved = transaction.posts.approval(delivery.approval_id).digest
        digests = {each.event.after: each.event.digest for each in transaction.events.of(f"delivery:{delivery.id}")}
    assert digests == {"staging": "", "publishing": approved, "published": approved}


def test_it_is_prepared_ahead_and_goes_out_at_its_minute(newsroom: Newsroom) -> None:
    newsroom.schedule(in_minutes=30)
    assert newsroom.claim() == []
    newsroom.clock.advance(minutes=20)
    ready = newsroom.turn()
    assert (ready.state, ready.due_at, ready.lease_until) == (State.STAGING, ready.publish_at, None)
    assert ready.stage is not None
    assert ready.stage.ready
    assert newsroom.platform.visible() == []
    newsroom.clock.advance(minutes=10, microseconds=-1)
    assert newsroom.claim() == []
    newsroom.clock.advance(microseconds=1)
    assert newsroom.turn().state is State.PUBLISHED
    assert newsroom.platform.visible()[0].at == ready.publish_at
    # a ready stage is looked at once more, and whose account it is need not be asked again
    assert newsroom.platform.calls == ["identify", "stage", "stage", "publish"]


def test_each_step_of_staging_is_kept_and_waited_for(newsroom: Newsroom) -> None:
    newsroom.schedule(in_minutes=10)
    newsroom.platform.steps_to_stage = 3
    newsroom.platform.staging_wait = timedelta(seconds=30)
    for done in (1, 2):
        resting = newsroom.turn()
        assert resting.stage is not None
        assert (resting.stage.token["done"], resting.stage.ready) == (done, False)
        assert resting.due_at == newsroom.clock.now + timedelta(seconds=30)
        assert newsroom.claim() == []
        newsroom.clock.advance(seconds=30)
    assert newsroom.run(State.PUBLISHED).state is State.PUBLISHED


def test_a_death_while_staging_goes_on_from_the_last_step(newsroom: Newsroom) -> None:
    newsroom.schedule()
    newsroom.platform.steps_to_stage = 3
    newsroom.platform.plan("stage")
    newsroom.platform.plan("stage", before=_Death())
    with pytest.raises(_Death):
        newsroom.turn()
    newsroom.clock.advance(newsroom.timing.lease)
    assert newsroom.turn("b").state is State.PUBLISHED
    assert newsroom.platform.calls.count("stage") == 4  # one, the death, and the two that were left
    assert len(newsroom.platform.visible()) == 1


class _Death(BaseException):
    """The process is killed: nothing may catch it."""


# ── what the gate refuses ──


def test_a_paused_account_holds(newsroom: Newsroom) -> None:
    newsroom.schedule()
    with newsroom.database.write() as transaction:
        a_stop(transaction, "mantenimiento", account_id=newsroom.account.id)
    held = newsroom.turn()
    assert held.state is State.HELD
    assert "mantenimiento" in held.reason
    assert (newsroom.platform.calls, held.due_at) == ([], None)


def test_another_account_behind_the_token_holds(newsroom: Newsroom) -> None:
    newsroom.schedule()
    newsroom.platform.owner = "otra-pagina"
    held = newsroom.turn()
    assert held.state is State.HELD
    assert "otra-pagina" in held.reason
    assert newsroom.platform.calls == ["identify"]


@pytest.mark.parametrize("state", [state for state in PostState if state is not PostState.APPROVED])
def test_a_post_that_is_not_approved_is_held(newsroom: Newsroom, state: PostState) -> None:
    delivery = newsroom.schedule()
    with newsroom.database.write() as transaction:
        transaction.posts.set_state(delivery.post_id, state)
    assert newsroom.turn().state is State.HELD
    assert newsroom.platform.calls == []


def revoke(newsroom: Newsroom, post_id: int) -> None:
    with newsroom.database.write() as transaction:
        transaction.posts.revoke_approvals(post_id, reason="la jefa la retiró", now=transaction.now)


def test_an_approval_revoked_after_staging_holds_at_the_write(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    newsroom.platform.plan("stage", after=lambda: revoke(newsroom, delivery.post_id))
    held = newsroom.turn()
    assert (held.state, newsroom.platform.visible()) == (State.HELD, [])
    assert "la jefa la retiró" in held.reason
    assert newsroom.story(delivery) == ["staging", "held"]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE revisions SET text = 'Otra cosa'",
        "UPDATE revisions SET title = 'Otra cosa'",
        "UPDATE targets SET text = 'Otra cosa'",
        "UPDATE revisions SET language = 'en'",
        "UPDATE accounts SET remote_id = 'otra.example'",
        "DELETE FROM targets",
        "UPDATE approvals SET digest = 'ab'",
        "UPDATE revisions SET author_id = (SELECT approver_id FROM approvals)",
    ],
)
@pytest.mark.parametrize("when", ["before", "between"])
def test_what_was_tampered_with_in_the_database_is_held(newsroom: Newsroom, tampering: str, when: str) -> None:
    newsroom.schedule()

    def tamper() -> None:
        with newsroom.database.write() as transaction:
            transaction._connection.execute(text(tampering))

    if when == "before":
        tamper()
    else:
        newsroom.platform.plan("stage", after=tamper)
    assert newsroom.turn().state is State.HELD
    assert newsroom.platform.visible() == []


@pytest.mark.parametrize("when", ["before", "between", "ahead"])
def test_a_file_that_changed_on_the_disk_is_held(newsroom: Newsroom, tmp_path: Path, when: str) -> None:
    content = with_picture(newsroom, tmp_path)
    path = newsroom.media.path(content.attachments[0].medium.sha256)
    newsroom.schedule(content=content, in_minutes=5 if when == "ahead" else 0)

    def tamper() -> None:
        path.chmod(0o600)
        path.write_bytes(picture(colour="red"))

    if when == "before":
        tamper()
    elif when == "between":
        newsroom.platform.plan("stage", before=tamper)
    else:
        assert newsroom.turn().state is State.STAGING
        tamper()
        newsroom.clock.advance(minutes=5)
    held = newsroom.turn()
    assert held.state is State.HELD
    assert "foto.png" in held.reason
    assert newsroom.platform.visible() == []


def test_what_was_prepared_from_an_altered_file_is_forgotten(newsroom: Newsroom, tmp_path: Path) -> None:
    """Else the draft made of the wrong file would go out once the file is put right and the post scheduled again."""
    newsroom.schedule(content=with_picture(newsroom, tmp_path), in_minutes=5)
    (path,) = [each for each in (newsroom.folder / "media").rglob("*") if each.is_file()]
    good = path.read_bytes()

    def alter() -> None:
        path.chmod(0o600)
        path.write_bytes(picture(colour="red"))

    newsroom.platform.plan("stage", before=alter)
    held = newsroom.turn()
    assert (held.state, held.stage) == (State.HELD, None)
    path.write_bytes(good)
    now = newsroom.clock.now
    with newsroom.database.write() as transaction:
        transaction.deliveries.release(held, publish_at=now, late_after=now + timedelta(hours=1), due_at=now)
    assert newsroom.run(State.PUBLISHED).state is State.PUBLISHED


def test_a_picture_goes_out_with_its_post(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.schedule(content=with_picture(newsroom, tmp_path))
    assert newsroom.turn().state is State.PUBLISHED


def test_what_the_platform_cannot_show_is_held_before_anything_is_prepared(newsroom: Newsroom) -> None:
    newsroom.schedule(content=Content("x" * 501))
    held = newsroom.turn()
    assert (held.state, newsroom.platform.calls) == (State.HELD, [])
    assert "Le sobran: 1" in held.reason


def test_past_the_approved_window_nothing_goes_out(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule()
    with newsroom.database.write() as transaction:
        connection = transaction._connection
        connection.execute(text("UPDATE deliveries SET late_after = :late"), {"late": "2027-01-01 00:00:00.000000+00"})
    newsroom.clock.advance(hours=6)
    assert newsroom.turn().state is State.HELD
    assert newsroom.story(delivery) == ["held"]


# ── too late ──


@pytest.mark.parametrize(("minutes", "state"), [(60, State.PUBLISHED), (60.0001, State.MISSED)])
def test_past_its_lateness_limit_it_is_missed_and_never_sent(newsroom: Newsroom, minutes: float, state: State) -> None:
    newsroom.schedule()
    newsroom.clock.advance(minutes=minutes)
    done = newsroom.turn()
    assert done.state is state
    assert bool(newsroom.platform.visible()) is (state is State.PUBLISHED)
    if state is State.MISSED:
        assert "límite de tardanza" in done.reason
        assert newsroom.platform.calls == []


def test_staging_that_takes_past_the_limit_is_missed_too(newsroom: Newsroom) -> None:
    newsroom.schedule()
    newsroom.platform.plan("stage", after=lambda: newsroom.clock.advance(hours=2))
    assert newsroom.turn().state is State.MISSED
    assert newsroom.platform.visible() == []


def test_a_call_longer_than_the_lease_keeps_it(database: Database, clock: Clock, tmp_path: Path) -> None:
    lease = timedelta(seconds=0.6)
    newsroom = Newsroom(database, clock, tmp_path, timing=Timing(lease=lease, call=timedelta(seconds=0.1)))
    newsroom.schedule()
    stolen: list[Delivery] = []

    def upload() -> None:
        for _part in range(4):
            before = newsroom.all()[0].lease_until
            clock.advance(seconds=0.5)
            gives_up_at = time.monotonic() + 10
            while newsroom.all()[0].lease_until == before:
                assert time.monotonic() < gives_up_at, "no heartbeat"
                time.sleep(0.01)
            stolen.extend(newsroom.claim("b"))

    newsroom.platform.plan("stage", after=upload)
    assert newsroom.turn().state is State.PUBLISHED
    assert stolen == []
    assert len(newsroom.platform.visible()) == 1
