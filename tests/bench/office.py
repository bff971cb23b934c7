"""A whole office whose only platform does nothing, and as many approved deliveries as a measurement needs.

Everything else is the product: settings, worker, executor, ledger, seal, gate, record.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from cryptography.fernet import Fernet
from sqlalchemy import Table, insert, select

from connectors.base import Connector
from connectors.registry import CONNECTORS
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import Capabilities, Limit, Repeating
from core.deliveries import DeliveryState, Published, Stage
from core.digest import digest
from core.people import Role
from core.platforms import Platform
from core.posts import OutgoingPost, PostState
from scheduler.workbench import Progress
from storage.tables import approvals, deliveries, posts, revisions, targets
from storage.transaction import Transaction
from tests.storage.rows import a_person, a_post, a_window, an_account
from vocero.office import Office, open_office
from vocero.settings import Settings

NOWHERE = Platform.introduce("nowhere", "Ninguna parte")
KEY = Fernet.generate_key().decode()
_LATENESS = timedelta(minutes=60)


class IdleConnector(Connector):
    """An account on a platform that takes everything and does nothing. `begun`: told of each visible write."""

    platform = NOWHERE
    capabilities = Capabilities(
        platform=NOWHERE,
        repeating=Repeating.HARMLESS,
        operations=frozenset(),
        text_length=Limit(500, "there is no such platform", date(2026, 11, 30)),
        staging_lead=timedelta(minutes=10),
    )
    credential_fields = (CredentialField("token", "Clave"),)
    takes: ClassVar[float] = 0.0  # seconds, for the visible write
    begun: ClassVar[Callable[[str], object]] = lambda _key: None

    def identify(self) -> Identity:
        return Identity(remote_id=self.account.remote_id, name=self.account.name)

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        return stage or Stage({"draft": post.key}, ready=True)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        type(self).begun(post.key)
        if self.takes:
            time.sleep(self.takes)
        return Published(post.key, f"https://nowhere.example/{post.key}")

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        return None


CONNECTORS._known[NOWHERE] = IdleConnector


@contextmanager
def office(url: str, folder: Path, *, in_hand: int = 8) -> Iterator[Office]:
    """Yield an office on that database."""
    opened = open_office(Settings(database_url=url, secret_key=KEY, media_dir=folder / "media", in_hand=in_hand))  # type: ignore[arg-type]
    try:
        yield opened
    finally:
        opened.database.close()


def now_of(office: Office) -> datetime:
    """Return the time by the database's clock."""
    with office.database.read() as transaction:
        return transaction.now


def schedule(office: Office, hours: Sequence[datetime], *, accounts: int, lead: timedelta = timedelta(0)) -> list[str]:
    """Write, approve and schedule a post for each hour, the accounts in turn; return the deliveries' keys.

    All rows of a kind in one statement: what is measured begins with the first claim.
    """
    keys = [f"vocero-bench-{number}" for number in range(len(hours))]
    with office.database.write() as transaction:
        connection, now = transaction._connection, transaction.now
        owner, head = a_person(transaction, Role.CONTENT_OWNER), a_person(transaction, Role.OFFICE_HEAD)
        register = [_account(office, transaction) for _ in range(accounts)]
        _post, revision = a_post(transaction, author=owner, accounts=(register[0],), publish_at=now)
        window = a_window(hours[len(hours) // 2])
        bound = {each.id: digest(revision.content, official_id=each.official_id, window=window) for each in register}
        post_like, revision_like = (
            dict(connection.execute(select(table)).mappings().one()) for table in (posts, revisions)
        )
        revision_like |= {"window_starts_at": window.starts_at, "window_ends_at": window.ends_at}
        ids = range(2, len(hours) + 2)
        turn = [register[number % accounts].id for number in range(len(hours))]
        approved = {"approver_id": head.id, "decided_at": now, "revoked_at": None, "revoked_reason": ""}
        waiting = {"state": DeliveryState.SCHEDULED, "fence": 0, "stage_ready": False, "tries": 0, "looks": 0}
        waiting |= {"remote_id": "", "url": "", "reason": "", "created_at": now}
        rows: dict[Table, list[dict[str, Any]]] = {
            table: [] for table in (posts, revisions, targets, approvals, deliveries)
        }
        for number, hour, account, key in zip(ids, hours, turn, keys, strict=True):
            mine = {"revision_id": number, "account_id": account}
            rows[posts].append(post_like | {"id": number, "publish_at": hour, "state": PostState.APPROVED})
            rows[revisions].append(revision_like | {"id": number, "post_id": number})
            rows[targets].append(mine | {"text": None})
            rows[approvals].append(approved | mine | {"id": number, "digest": bound[account]})
            rows[deliveries].append(
                waiting
                | mine
                | {
                    "key": key,
                    "post_id": number,
                    "approval_id": number,
                    "publish_at": hour,
                    "late_after": hour + _LATENESS,
                    "due_at": hour - lead,
                }
            )
        for table, values in rows.items():
            connection.execute(insert(table), values)
    return keys


def _account(office: Office, transaction: Transaction) -> Account:
    account = an_account(transaction, NOWHERE)
    transaction.accounts.reconnect(
        account.id,
        handle=account.handle,
        address=account.address,
        sealed_credentials=office.seal.close(Credentials({"token": "none"})),
        credentials_expire_at=None,
    )
    return account


def carry_out(office: Office, keys: Sequence[str]) -> float:
    """Run the office's worker until all of it is published; return the seconds that it took."""
    left = set(keys)
    ended = 0.0

    def told(progress: Progress) -> None:
        nonlocal ended
        if progress.delivery.state is DeliveryState.PUBLISHED:
            left.discard(progress.delivery.key)
            if not left:
                ended = time.perf_counter()
                worker.stop()
        elif progress.delivery.state is not DeliveryState.STAGING:
            worker.stop()

    worker = office.worker(told)
    began = time.perf_counter()
    worker.run()
    if left:
        raise RuntimeError(f"{len(left)} of {len(keys)} deliveries did not go out")
    return ended - began
