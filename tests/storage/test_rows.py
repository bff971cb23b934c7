"""People, accounts, posts, revisions and approvals: what is entered comes back, and what must not be is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.accounts import AccountState
from core.errors import Conflict, NotFound, StorageError
from core.media import Attachment, MediaKind, Medium
from core.people import Role
from core.platforms import Platform
from core.posts import Content, PostState, Target
from storage.database import Database
from tests.databases import Clock
from tests.storage.rows import CREDENTIALS, SEAL, Desk, a_person, a_post, a_stop, a_window, an_account, an_approval

PICTURE = Medium("ab" * 32, MediaKind.IMAGE, "image/png", 5_000_000_000, 640, 480, 1, None, "foto.png")
FILM = Medium("cd" * 32, MediaKind.VIDEO, "video/mp4", 9, None, None, 1, 12.5, "film.mp4")
CONTENT = Content(
    text="Texto con «comillas», ñ, 👩🏽‍⚖️ y\nsaltos",
    title="Título",
    link="https://www.gob.pe/inpe",
    language="qu",
    attachments=(Attachment(FILM, ""), Attachment(PICTURE, "Un taller"), Attachment(PICTURE, "Otra vez")),
    excerpt="Resumen",
    categories=("Noticias", "Salud"),
    tags=("penal",),
)


def test_people(database: Database) -> None:
    with database.write() as transaction:
        head = a_person(transaction, Role.OFFICE_HEAD, "jefa")
        auditor = a_person(transaction, Role.AUDITOR, "auditor")
        assert transaction.people.get("jefa") == head
        assert transaction.people.by_id(auditor.id) == auditor
        assert transaction.people.all() == [auditor, head]
        with pytest.raises(NotFound, match="jefe"):
            transaction.people.get("jefe")
        with pytest.raises(NotFound):
            transaction.people.by_id(99)


def test_accounts(database: Database, clock: Clock) -> None:
    with database.write() as transaction:
        site = an_account(transaction, remote_id="inpe.example")
        page = an_account(transaction, Platform.FACEBOOK, remote_id="inpe.example")
        assert transaction.accounts.all() == [site, page]
        assert transaction.accounts.find(Platform.FACEBOOK, "inpe.example") == page
        assert transaction.accounts.find(Platform.X, "inpe.example") is None
        assert SEAL.open(transaction.accounts.sealed_credentials(site.id)) == CREDENTIALS

        a_stop(transaction, "token vencido", account_id=site.id)
        transaction.accounts.wait_until(site.id, clock.now)
        transaction.accounts.reconnect(
            site.id,
            handle="Nueva",
            address="https://nueva.example",
            sealed_credentials=b"otra",
            credentials_expire_at=clock.now,
        )
        assert transaction.accounts.get(site.id) == replace(
            site,
            handle="Nueva",
            address="https://nueva.example",
            state=AccountState.PAUSED,
            state_reason="token vencido",
            waits_until=clock.now,
            credentials_expire_at=clock.now,
        )
        assert transaction.accounts.sealed_credentials(site.id) == b"otra"
        assert transaction.accounts.get(page.id) == page
        for ask in (transaction.accounts.get, transaction.accounts.sealed_credentials):
            with pytest.raises(NotFound):
                ask(99)
    with pytest.raises(Conflict), database.write() as transaction:
        an_account(transaction, remote_id="inpe.example")


def test_a_revision_comes_back_whole_and_in_order(desk: Desk, clock: Clock) -> None:
    one, two = desk.account(), desk.account()
    with desk.database.write() as transaction:
        transaction.media.add(FILM, now=clock.now)
        post, revision = a_post(
            transaction,
            author=desk.owner,
            accounts=(two, one),
            publish_at=clock.now,
            content=CONTENT,
            texts={two.id: "Otro texto"},
        )
    with desk.database.read() as transaction:
        assert transaction.posts.get(post.id) == post
        assert transaction.posts.latest_revision(post.id) == revision
        assert transaction.posts.revision(revision.id) == revision
    assert revision.content == CONTENT
    assert revision.window == a_window(clock.now)
    assert revision.targets == (Target(one.id, None), Target(two.id, "Otro texto"))
    assert revision.content_for(two.id).text == "Otro texto"
    assert revision.content_for(one.id) == CONTENT
    with pytest.raises(KeyError):
        revision.content_for(99)


def test_revisions_are_numbered_and_the_newest_is_the_latest(desk: Desk, clock: Clock) -> None:
    account = desk.account()
    with desk.database.write() as transaction:
        post, first = a_post(transaction, author=desk.owner, accounts=(account,), publish_at=clock.now)
        second = transaction.posts.revise(
            post.id,
            author_id=desk.head.id,
            content=replace(first.content, text="Corregido"),
            for_accounts=[Target(account.id)],
            window=a_window(clock.now),
            now=clock.now,
        )
        assert (first.number, second.number) == (1, 2)
        assert transaction.posts.revisions(post.id) == [second, first]
        assert transaction.posts.latest_revision(post.id) == second


def test_a_post_without_content_or_that_nobody_has_is_not_found(desk: Desk, clock: Clock) -> None:
    with desk.database.write() as transaction:
        for ask in (
            transaction.posts.get,
            transaction.posts.latest_revision,
            transaction.posts.revision,
            transaction.posts.approval,
        ):
            with pytest.raises(NotFound):
                ask(99)


def test_posts_are_listed_by_slot_and_state(desk: Desk, clock: Clock) -> None:
    with desk.database.write() as transaction:
        made = [
            a_post(transaction, author=desk.owner, accounts=(), publish_at=clock.now + timedelta(hours=hour))[0]
            for hour in (2, 1, 3)
        ]
        transaction.posts.set_state(made[0].id, PostState.APPROVED)
        transaction.posts.set_slot(made[1].id, clock.now + timedelta(hours=5))
        listed = [post.id for post in transaction.posts.all()]
        assert listed == [made[0].id, made[2].id, made[1].id]
        assert [post.id for post in transaction.posts.all(PostState.APPROVED)] == [made[0].id]
        some = transaction.posts.between(clock.now + timedelta(hours=2), clock.now + timedelta(hours=5))
        assert [post.id for post in some] == [made[0].id, made[2].id]


def test_only_the_first_submission_is_kept(desk: Desk, clock: Clock) -> None:
    with desk.database.write() as transaction:
        post, _ = a_post(transaction, author=desk.owner, accounts=(), publish_at=clock.now)
        first = clock.now
        for _ in range(2):
            transaction.requests.mark_submitted(post.request_id, clock.now)
            clock.advance(hours=1)
        said = transaction._connection.execute(text("SELECT submitted_at, procedure FROM requests")).one()
    assert str(said.submitted_at).startswith(f"{first:%Y-%m-%d %H:%M:%S}")
    assert said.procedure == "P-E3.01.04 v1.0"


def test_one_approval_is_in_force_and_a_revoked_one_stays_to_be_seen(desk: Desk, clock: Clock) -> None:
    account, other = desk.account(), desk.account()
    with desk.database.write() as transaction:
        post, revision = a_post(transaction, author=desk.owner, accounts=(account, other), publish_at=clock.now)
        first = an_approval(transaction, revision, account, desk.head)
        an_approval(transaction, revision, other, desk.head)
    with pytest.raises(Conflict), desk.database.write() as transaction:
        an_approval(transaction, revision, account, desk.head)
    with desk.database.write() as transaction:
        assert len(transaction.posts.approvals(revision.id)) == 2
        taken = transaction.posts.revoke_approvals(post.id, reason="se cambió", now=clock.now)
        assert first in taken
        assert transaction.posts.approvals(revision.id) == []
        assert transaction.posts.approval(first.id) == replace(first, revoked_at=clock.now, revoked_reason="se cambió")
        again = an_approval(transaction, revision, account, desk.head)
        assert transaction.posts.approvals(revision.id) == [again]
        assert transaction.posts.revoke_approvals(99, reason="", now=clock.now) == []


def test_what_a_row_speaks_of_must_be_there(desk: Desk, clock: Clock) -> None:
    def speak() -> None:
        with desk.database.write() as transaction:
            post, _ = a_post(transaction, author=desk.owner, accounts=(), publish_at=clock.now)
            transaction.posts.revise(
                post.id,
                author_id=desk.owner.id,
                content=Content("x"),
                for_accounts=[Target(99)],
                window=a_window(clock.now),
                now=clock.now,
            )

    with pytest.raises(StorageError):
        speak()
    with desk.database.read() as transaction:
        assert transaction.posts.all() == []
