"""The calendar: days without work, security embargoes, electoral periods and what posts were classified as in them."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "non_working_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(length=64), nullable=False),
        sa.Column("declared_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_non_working_days")),
    )
    op.create_table(
        "embargoes",
        sa.Column("id", number, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("account_id", number, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("account_id IS NULL OR unit = ''", name=op.f("ck_embargoes_has_one_scope")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_embargoes_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embargoes")),
    )
    op.create_table(
        "electoral_periods",
        sa.Column("id", number, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electoral_periods")),
    )
    op.create_table(
        "classifications",
        sa.Column("id", number, nullable=False),
        sa.Column("revision_id", number, nullable=False),
        sa.Column("electoral_class", sa.String(length=32), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("classified_by", sa.String(length=64), nullable=False),
        sa.Column("classified_at", Instant(), nullable=False),
        sa.Column("signed_by", sa.String(length=64), nullable=False),
        sa.Column("signed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_classifications_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classifications")),
    )
    op.create_index(op.f("ix_classifications_revision_id"), "classifications", ["revision_id"], unique=False)
