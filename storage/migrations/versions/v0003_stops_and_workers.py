"""Stops (an account's pause becomes one), runs of workers, the end of a consent, and the index of what is unsettled."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
unsettled = sa.text("state IN ('failed', 'held', 'missed', 'publishing', 'scheduled', 'staging', 'unknown')")
still_open = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    """Make the tables, and a stop of each pause that there is."""
    stops = op.create_table(
        "stops",
        sa.Column("id", number, nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=True),
        sa.Column("account_id", number, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("lifted_by", sa.String(length=64), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("platform IS NULL OR account_id IS NULL", name=op.f("ck_stops_has_one_scope")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_stops_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
    )
    op.create_index(
        "ix_stops_open",
        "stops",
        ["id"],
        unique=False,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "workers",
        sa.Column("id", number, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_index(
        "ix_deliveries_unsettled",
        "deliveries",
        ["publish_at"],
        unique=False,
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )
    _carry_pauses_over(stops)
    # not in a batch: SQLite would make the table anew, and other rows point at it
    op.drop_column("accounts", "state")
    op.drop_column("accounts", "state_reason")
    op.add_column("accounts", sa.Column("connect_again_before", Instant(), nullable=True))


def _carry_pauses_over(stops: sa.Table) -> None:
    accounts = sa.table("accounts", sa.column("id"), sa.column("state"), sa.column("state_reason"))
    events = sa.table(
        "events",
        sa.column("number"),
        sa.column("subject"),
        sa.column("after"),
        sa.column("actor"),
        sa.column("at", Instant()),
    )
    connection = op.get_bind()
    for account in connection.execute(sa.select(accounts).where(accounts.c.state == "paused")).all():
        told = connection.execute(
            sa.select(events.c.actor, events.c.at)
            .where(events.c.subject == f"account:{account.id}", events.c.after == "paused")
            .order_by(events.c.number.desc())
        ).first()
        connection.execute(
            stops.insert().values(
                account_id=account.id,
                reason=account.state_reason,
                opened_by=told.actor if told else "sistema",
                opened_at=told.at if told else datetime.now(UTC),
                lifted_by="",
                lifted_reason="",
            )
        )
