"""The office's procedure: a request's details and state, decisions of Alta Dirección, delegations, checklists."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
word = sa.String(length=32)


def upgrade() -> None:
    """Make the tables; give each request the state that its post has brought it to, and each approval its role."""
    _make_tables()
    # not in a batch, and in SQL where a column points elsewhere: SQLite would make the table anew, and rows point at it
    op.add_column("requests", sa.Column("state", word, nullable=False, server_default="in_production"))
    op.add_column("requests", sa.Column("source", word, nullable=True))
    for name in ("subject", "event", "evidence"):
        op.add_column("requests", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("requests", sa.Column("happens_at", Instant(), nullable=True))
    op.add_column("requests", sa.Column("social_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, table in (("leader_id", "people"), ("owner_id", "people"), ("duplicate_of", "requests")):
        _add_pointer("requests", name, table)
    op.create_index("ix_requests_state", "requests", ["state"], unique=False)
    # until now only the head approved
    op.add_column("approvals", sa.Column("role", word, nullable=False, server_default="office_head"))
    _add_pointer("approvals", "delegation_id", "delegations")
    _carry_states_over()


def _make_tables() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", number, nullable=False),
        sa.Column("request_id", number, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("channel", word, nullable=False),
        sa.Column("written_by", number, nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ratify_before", Instant(), nullable=True),
        sa.Column("ratified_by", number, nullable=True),
        sa.Column("ratified_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_decisions_request_id_requests")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_decisions_written_by_people")),
        sa.ForeignKeyConstraint(["ratified_by"], ["people.id"], name=op.f("fk_decisions_ratified_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_request_id"), "decisions", ["request_id"], unique=False)
    op.create_table(
        "delegations",
        sa.Column("id", number, nullable=False),
        sa.Column("delegate_id", number, nullable=False),
        sa.Column("on_behalf_of", number, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("granted_by", number, nullable=False),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", number, nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_delegations_has_length")),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_delegations_{name}_people"))
            for name in ("delegate_id", "on_behalf_of", "granted_by", "ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index(op.f("ix_delegations_delegate_id"), "delegations", ["delegate_id"], unique=False)
    op.create_table(
        "checklists",
        sa.Column("id", number, nullable=False),
        sa.Column("revision_id", number, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("signed_by", number, nullable=False),
        sa.Column("signed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_checklists_revision_id_revisions")),
        sa.ForeignKeyConstraint(["signed_by"], ["people.id"], name=op.f("fk_checklists_signed_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
    )
    op.create_index(op.f("ix_checklists_revision_id"), "checklists", ["revision_id"], unique=False)


def _add_pointer(table: str, name: str, to: str) -> None:
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind} CONSTRAINT fk_{table}_{name}_{to} REFERENCES {to} (id)")


def _carry_states_over() -> None:
    """A request had one post until now; what is out and has nothing on its way is followed up."""
    op.execute(
        """
        UPDATE requests SET state = (
            SELECT CASE
                WHEN posts.state = 'draft' THEN 'in_production'
                WHEN posts.state = 'approved'
                    AND EXISTS (
                        SELECT 1 FROM deliveries
                        WHERE deliveries.post_id = posts.id AND deliveries.state = 'published'
                    )
                    AND NOT EXISTS (
                        SELECT 1 FROM deliveries
                        WHERE deliveries.post_id = posts.id
                        AND deliveries.state IN ('scheduled', 'staging', 'publishing', 'unknown', 'held')
                    )
                    THEN 'following_up'
                ELSE posts.state
            END
            FROM posts WHERE posts.request_id = requests.id ORDER BY posts.id LIMIT 1
        )
        WHERE EXISTS (SELECT 1 FROM posts WHERE posts.request_id = requests.id)
        """
    )
