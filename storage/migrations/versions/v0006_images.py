"""What images were made of, what was measured in them, and what people signed about them."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, empty: what was taken in before was not altered, and is measured when it is submitted next."""
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_originals_sha256_media")),
        sa.PrimaryKeyConstraint("sha256", "original_sha256", name=op.f("pk_originals")),
    )
    op.create_table(
        "looks",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("looked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_looks_sha256_media")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_looks")),
    )
    op.create_table(
        "image_notes",
        sa.Column("id", number, nullable=False),
        sa.Column("post_id", number, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("signed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_image_notes_post_id_posts")),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_image_notes_sha256_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_notes")),
    )
    op.create_index(op.f("ix_image_notes_post_id"), "image_notes", ["post_id"], unique=False)
