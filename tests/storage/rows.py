"""Rows to begin a test with: people, accounts, posts on their way, each made by the ledger's own verbs."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet

from core.accounts import Account, Credentials
from core.deliveries import Delivery, DeliveryState
from core.digest import digest
from core.media import Attachment
from core.people import Person, Role
from core.permalink import copy_for
from core.platforms import Platform
from core.posts import Approval, Content, Post, PostState, Revision, Target, Window
from core.requests import Channel, Details, EventClass, Origin, Request, RequestState
from core.stops import Scope, Stop
from storage.database import Database
from storage.sealing import Seal
from storage.transaction import Transaction

SEAL = Seal(Fernet.generate_key().decode())
CREDENTIALS = Credentials({"user": "prensa", "application_password": "abcd efgh ijkl"})
LATENESS = timedelta(minutes=60)
_numbers = itertools.count(1)


def a_person(transaction: Transaction, role: Role, login: str = "") -> Person:
    login = login or f"{role.value.replace('_', '')}{next(_numbers)}"
    return transaction.people.add(login=login, name=login.title(), role=role, now=transaction.now)


def an_account(
    transaction: Transaction, platform: Platform = Platform.WEBSITE, *, remote_id: str = "", address: str = ""
) -> Account:
    number = next(_numbers)
    remote_id = remote_id or f"site-{number}.example"
    return transaction.accounts.add(
        platform=platform,
        handle=f"opii{number}",
        name=f"INPE {platform.label} {number}",
        remote_id=remote_id,
        address=address or f"https://{remote_id}",
        sealed_credentials=SEAL.close(CREDENTIALS),
        credentials_expire_at=None,
        now=transaction.now,
    )


def a_stop(transaction: Transaction, reason: str = "crisis", **scope: Any) -> Stop:
    return transaction.stops.open(Scope(**scope), reason=reason, by="jefa", now=transaction.now)


def a_window(publish_at: datetime) -> Window:
    return Window(publish_at - timedelta(hours=6), publish_at + timedelta(hours=6))


DETAILS = Details(
    origin=Origin.USER_AREA,
    channel=Channel.EMAIL,
    event_class=EventClass.REGIONAL,
    unit="Oficina Regional Lima",
    subject="Feria productiva",
    event="Feria en el establecimiento penitenciario, con autoridades.",
)


def a_request(
    transaction: Transaction, creator: Person, *, state: RequestState = RequestState.DRAFT, **changes: Any
) -> Request:
    return transaction.requests.add(
        replace(DETAILS, **changes), state=state, created_by=creator.id, now=transaction.now
    )


def a_post(
    transaction: Transaction,
    *,
    author: Person,
    accounts: tuple[Account, ...],
    publish_at: datetime,
    content: Content | None = None,
    texts: dict[int, str] | None = None,
) -> tuple[Post, Revision]:
    now = transaction.now
    content = content or Content(text="Jornada de salud en el penal.", title="Jornada de salud")
    for attachment in content.attachments:
        transaction.media.add(attachment.medium, now=now)
    request = a_request(transaction, author, state=RequestState.IN_PRODUCTION)
    post = transaction.posts.add(
        request_id=request.id, publish_at=publish_at, created_by=author.id, source="prueba", now=now
    )
    revision = transaction.posts.revise(
        post.id,
        author_id=author.id,
        content=content,
        for_accounts=[Target(account.id, (texts or {}).get(account.id)) for account in accounts],
        window=a_window(publish_at),
        now=now,
    )
    return post, revision


def an_approval(transaction: Transaction, revision: Revision, account: Account, approver: Person) -> Approval:
    bound = digest(
        copy_for(revision.content_for(account.id), account.platform),
        official_id=account.official_id,
        window=revision.window,
    )  # fmt: skip
    return transaction.posts.approve(
        revision_id=revision.id,
        account_id=account.id,
        digest=bound,
        approver_id=approver.id,
        role=approver.role,
        now=transaction.now,
    )


def a_delivery(
    transaction: Transaction,
    post: Post,
    approval: Approval,
    *,
    publish_at: datetime | None = None,
    due_at: datetime | None = None,
    follows: int | None = None,
) -> Delivery:
    publish_at = publish_at or post.publish_at
    return transaction.deliveries.add(
        key=f"vocero-{next(_numbers):08d}",
        post_id=post.id,
        revision_id=approval.revision_id,
        account_id=approval.account_id,
        approval_id=approval.id,
        publish_at=publish_at,
        late_after=publish_at + LATENESS,
        due_at=due_at or publish_at,
        now=transaction.now,
        follows=follows,
    )


@dataclass
class Desk:
    """An office at work: its people and accounts, and posts put on their way with one call."""

    database: Database
    head: Person
    owner: Person
    attachments: tuple[Attachment, ...] = ()
    posts: dict[int, Post] = field(default_factory=dict)

    @classmethod
    def of(cls, database: Database) -> "Desk":
        with database.write() as transaction:
            return cls(
                database,
                head=a_person(transaction, Role.OFFICE_HEAD),
                owner=a_person(transaction, Role.CONTENT_OWNER),
            )

    def account(self, platform: Platform = Platform.WEBSITE, **values: str) -> Account:
        with self.database.write() as transaction:
            return an_account(transaction, platform, **values)

    def delivery(
        self,
        account: Account,
        *,
        publish_at: datetime,
        due_at: datetime | None = None,
        content: Content | None = None,
    ) -> Delivery:
        """Write, approve and schedule one post for one account."""
        with self.database.write() as transaction:
            post, revision = a_post(
                transaction, author=self.owner, accounts=(account,), publish_at=publish_at, content=content
            )
            approval = an_approval(transaction, revision, account, self.head)
            transaction.posts.set_state(post.id, PostState.APPROVED)
            self.posts[post.id] = replace(post, state=PostState.APPROVED)
            return a_delivery(transaction, post, approval, due_at=due_at)

    def now(self, delivery: Delivery) -> Delivery:
        """Return the delivery as it now stands."""
        with self.database.read() as transaction:
            return transaction.deliveries.get(delivery.id)

    def put(self, delivery: Delivery, state: DeliveryState, **values: object) -> Delivery:
        """Put a row straight into a state, past the table of transitions: to begin a test there."""
        from sqlalchemy import update

        from storage.tables import deliveries

        with self.database.write() as transaction:
            connection = transaction._connection
            connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(state=state, **values))
            return transaction.deliveries.get(delivery.id)
