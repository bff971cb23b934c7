"""What seven platforms need: threads, options, thumbnails, captions, renewed credentials, reads that are paid for."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns, each with what the rows of before mean, and the table of reads."""
    with op.batch_alter_table("revisions") as table:
        table.add_column(sa.Column("thread", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("revision_media") as table:
        table.add_column(sa.Column("role", sa.String(length=32), nullable=False, server_default="shown"))
        table.add_column(sa.Column("language", sa.String(length=16), nullable=False, server_default=""))
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("renewing_until", Instant(), nullable=True))
    op.create_table(
        "reads",
        sa.Column("account_id", number, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reads_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", "month", name=op.f("pk_reads")),
    )
