"""An office with its people and accounts, for acts: everything real but the platforms, which no act here calls."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from core.accounts import Account
from core.checklists import Point
from core.deliveries import Delivery
from core.errors import NotAllowed
from core.events import RecordedEvent, first_broken
from core.people import Person, Role
from core.platforms import Platform
from core.posts import Approval, Content, Post, Revision
from storage.database import Database
from storage.media import MediaStore
from tests.databases import Clock
from tests.storage.rows import SEAL, a_person, a_post, an_account
from vocero.actions import Action, ApprovePost, SchedulePost, SignChecklist, SubmitPost, digests
from vocero.office import Office
from vocero.settings import Settings


@dataclass
class ActingOffice:
    """The office, who is in it, and shortcuts through the procedure."""

    office: Office
    clock: Clock
    people: dict[Role, Person]
    site: Account
    page: Account

    @classmethod
    def open(cls, database: Database, clock: Clock, folder: Path) -> Self:
        settings = Settings(media_dir=folder / "media")
        office = Office(
            settings=settings,
            database=database,
            media=MediaStore(settings.media_dir),
            seal=SEAL,
            door=settings.door(),
        )
        with database.write() as transaction:
            people = {role: a_person(transaction, role) for role in Role}
            site = an_account(transaction, Platform.WEBSITE)
            page = an_account(transaction, Platform.FACEBOOK, remote_id="1234")
        return cls(office, clock, people, site, page)

    @property
    def head(self) -> Person:
        return self.people[Role.OFFICE_HEAD]

    @property
    def owner(self) -> Person:
        return self.people[Role.CONTENT_OWNER]

    def draft(
        self,
        *accounts: Account,
        in_minutes: float = 60,
        content: Content | None = None,
        author: Person | None = None,
        texts: dict[int, str] | None = None,
    ) -> Post:
        publish_at = self.clock.now + timedelta(minutes=in_minutes)
        with self.office.database.write() as transaction:
            post, _ = a_post(
                transaction,
                author=author or self.owner,
                accounts=accounts or (self.site, self.page),
                publish_at=publish_at,
                content=content,
                texts=texts,
            )
        return post

    def submitted(self, *accounts: Account, **given: Any) -> Post:
        post = self.draft(*accounts, **given)
        self.sign(post)
        SubmitPost(self.office, self.owner, post_id=post.id).run()
        return self.post(post.id)

    def sign(self, post: Post) -> None:
        """Sign the checklist of the latest revision, every point of it."""
        SignChecklist(self.office, self.owner, post_id=post.id, points=Point).run()

    def is_signed(self, post: Post) -> bool:
        with self.office.database.read() as transaction:
            return bool(transaction.checklists.of(transaction.posts.latest_revision(post.id).id))

    def approve(self, post: Post, by: Person | None = None) -> list[Approval]:
        if not self.is_signed(post):
            self.sign(post)  # an edit in review voids the signature
        return ApprovePost(self.office, by or self.head, post_id=post.id, shown=self.shown(post)).run()

    def approved(self, *accounts: Account, **given: Any) -> Post:
        post = self.submitted(*accounts, **given)
        self.approve(post)
        return self.post(post.id)

    def scheduled(self, *accounts: Account, **given: Any) -> Post:
        post = self.approved(*accounts, **given)
        SchedulePost(self.office, self.head, post_id=post.id).run()
        return post

    def shown(self, post: Post) -> dict[int, str]:
        with self.office.database.read() as transaction:
            return digests(transaction, transaction.posts.latest_revision(post.id))

    def post(self, post_id: int) -> Post:
        with self.office.database.read() as transaction:
            return transaction.posts.get(post_id)

    def revision(self, post: Post) -> Revision:
        with self.office.database.read() as transaction:
            return transaction.posts.latest_revision(post.id)

    def in_force(self, post: Post) -> set[int]:
        """Return the accounts for which the latest revision is approved."""
        with self.office.database.read() as transaction:
            revision = transaction.posts.latest_revision(post.id)
            return {approval.account_id for approval in transaction.posts.approvals(revision.id)}

    def deliveries(self, post: Post) -> list[Delivery]:
        with self.office.database.read() as transaction:
            return transaction.deliveries.of_post(post.id)

    def events(self, subject: str) -> list[RecordedEvent]:
        with self.office.database.read() as transaction:
            assert first_broken(transaction.events.all(), transaction.events.end()) is None
            return transaction.events.of(subject)

    def refuses(self, action: Action[Any], *codes: str) -> None:
        """The act is refused for exactly these reasons, and nothing at all is changed."""
        with self.office.database.read() as transaction:
            before = (transaction.events.end(), transaction.posts.all(), transaction.accounts.all())
        with pytest.raises(NotAllowed) as told:
            action.run()
        assert told.value.diagnostic.split(", ") == list(codes)
        assert told.value.sentence
        with self.office.database.read() as transaction:
            assert before == (transaction.events.end(), transaction.posts.all(), transaction.accounts.all())
