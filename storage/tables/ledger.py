"""What was done: deliveries, the calls made for them, and the record."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from core.deliveries import OCCUPYING, UNSETTLED, WORKABLE, DeliveryState, Step
from storage.tables.base import Number, metadata
from storage.tables.content import approvals, posts, revisions
from storage.tables.office import accounts
from storage.types import Instant, Word


def _among(column: str, states: frozenset[DeliveryState]) -> str:
    return f"{column} IN ({', '.join(sorted(repr(str(state)) for state in states))})"


deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("post_id", ForeignKey(posts.c.id), nullable=False),
    Column("revision_id", ForeignKey(revisions.c.id), nullable=False),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("approval_id", ForeignKey(approvals.c.id), nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("publish_at", Instant, nullable=False),
    Column("late_after", Instant, nullable=False),
    Column("due_at", Instant),
    Column("fence", Integer, nullable=False),
    Column("lease_owner", String(100)),
    Column("lease_until", Instant),
    Column("stage_token", JSON(none_as_null=True)),
    Column("stage_ready", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("follows_id", ForeignKey("deliveries.id")),
    Column("remote_id", String(300), nullable=False),
    Column("url", Text, nullable=False),
    Column("published_at", Instant),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="lease_is_whole"),
)
_OCCUPYING = text(_among("state", OCCUPYING))
_IN_HAND = text("lease_owner IS NOT NULL")
_WAITING = text(f"due_at IS NOT NULL AND {_among('state', WORKABLE)}")
_UNSETTLED = text(_among("state", UNSETTLED))
# The three promises that the database itself keeps:
# a post never has two deliveries to one account that could both go out;
Index(
    "uq_deliveries_once_per_account",
    deliveries.c.post_id,
    deliveries.c.account_id,
    unique=True,
    sqlite_where=_OCCUPYING,
    postgresql_where=_OCCUPYING,
)
# an account has at most one delivery in hand;
Index(
    "uq_deliveries_one_in_hand",
    deliveries.c.account_id,
    unique=True,
    sqlite_where=_IN_HAND,
    postgresql_where=_IN_HAND,
)
# and what is due is found without reading what is over, however much that is.
Index(
    "ix_deliveries_waiting",
    deliveries.c.due_at,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index(
    "ix_deliveries_turn",
    deliveries.c.account_id,
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
_FOLLOWING = text("follows_id IS NOT NULL")
Index("ix_deliveries_follows_id", deliveries.c.follows_id, sqlite_where=_FOLLOWING, postgresql_where=_FOLLOWING)
# And what wants somebody's eyes: all but what is out, was withdrawn or was never to go out.
Index(
    "ix_deliveries_unsettled",
    deliveries.c.publish_at,
    sqlite_where=_UNSETTLED,
    postgresql_where=_UNSETTLED,
)
Index("ix_deliveries_publish_at", deliveries.c.publish_at)
Index("ix_deliveries_revision_id", deliveries.c.revision_id)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Number, primary_key=True),
    Column("delivery_id", ForeignKey(deliveries.c.id), nullable=False, index=True),
    Column("step", Word(Step), nullable=False),
    Column("worker", String(100), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", String(100), nullable=False),
    Column("detail", Text, nullable=False),
)

# No foreign keys: the record outlives what it speaks of.
events = Table(
    "events",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("before", String(32), nullable=False),
    Column("after", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# One row: the end of the chain. Writers take it in turn, so that the chain never forks.
chain = Table(
    "chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Number, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("id = 1", name="is_one_row"),
)
