"""The register of unofficial accounts, what was done about each, and its evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables, empty."""
    instant = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "unofficial",
        sa.Column("id", number, nullable=False),
        sa.Column("network", sa.String(40), nullable=False),
        sa.Column("handle", sa.String(200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("found_by", sa.String(200), nullable=False),
        sa.Column("found_at", instant, nullable=False),
        sa.Column("entered_by", number, nullable=False),
        sa.Column("entered_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name="fk_unofficial_entered_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_unofficial"),
    )
    op.create_table(
        "unofficial_notes",
        sa.Column("id", number, nullable=False),
        sa.Column("unofficial_id", number, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", number, nullable=False),
        sa.Column("written_at", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["unofficial_id"], ["unofficial.id"], name="fk_unofficial_notes_unofficial_id_unofficial"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name="fk_unofficial_notes_written_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_unofficial_notes"),
    )
    op.create_index("ix_unofficial_notes_unofficial_id", "unofficial_notes", ["unofficial_id"])
    op.create_table(
        "unofficial_files",
        sa.Column("note_id", number, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["unofficial_notes.id"], name="fk_unofficial_files_note_id_unofficial_notes"
        ),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name="fk_unofficial_files_sha256_media"),
        sa.PrimaryKeyConstraint("note_id", "position", name="pk_unofficial_files"),
    )
