"""A delivery may follow the website's: its copy carries the address that the post gets there."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FOLLOWING = sa.text("follows_id IS NOT NULL")


def upgrade() -> None:
    """Add the column, empty for all that there is, and its index."""
    # said in SQL: on SQLite Alembic would make the table anew, which the attempts that point to its rows forbid
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE deliveries ADD COLUMN follows_id {number} "
        "CONSTRAINT fk_deliveries_follows_id_deliveries REFERENCES deliveries (id)"
    )
    op.create_index(
        "ix_deliveries_follows_id",
        "deliveries",
        ["follows_id"],
        unique=False,
        sqlite_where=_FOLLOWING,
        postgresql_where=_FOLLOWING,
    )
