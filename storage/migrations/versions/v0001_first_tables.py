"""The first tables: people, accounts, requests, posts, revisions, media, approvals, deliveries, attempts, events."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# a migration keeps the columns as they were made, whatever the words of an enumeration become later
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
word = sa.String(32)
instant = Instant()


def upgrade() -> None:
    """Make the tables, and the empty chain of events."""
    op.create_table(
        "accounts",
        sa.Column("id", number, nullable=False),
        sa.Column("platform", word, nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("remote_id", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("waits_until", instant, nullable=True),
        sa.Column("sealed_credentials", sa.LargeBinary(), nullable=False),
        sa.Column("credentials_expire_at", instant, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("platform", "remote_id", name=op.f("uq_accounts_platform_remote_id")),
    )
    op.create_table(
        "chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_chain_is_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain")),
    )
    op.create_table(
        "events",
        sa.Column("number", number, autoincrement=False, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("before", sa.String(length=32), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_subject"), "events", ["subject"], unique=False)
    op.create_table(
        "media",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("mime_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("duration", sa.Float(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("added_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media")),
    )
    op.create_table(
        "people",
        sa.Column("id", number, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", word, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("login", name=op.f("uq_people_login")),
    )
    op.create_table(
        "requests",
        sa.Column("id", number, nullable=False),
        sa.Column("origin", word, nullable=False),
        sa.Column("channel", word, nullable=False),
        sa.Column("event_class", word, nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("created_by", number, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("submitted_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_requests_created_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_table(
        "posts",
        sa.Column("id", number, nullable=False),
        sa.Column("request_id", number, nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("publish_at", instant, nullable=False),
        sa.Column("created_by", number, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_posts_created_by_people")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_posts_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(op.f("ix_posts_publish_at"), "posts", ["publish_at"], unique=False)
    op.create_index(op.f("ix_posts_request_id"), "posts", ["request_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", number, nullable=False),
        sa.Column("post_id", number, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", number, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("window_starts_at", instant, nullable=False),
        sa.Column("window_ends_at", instant, nullable=False),
        sa.CheckConstraint("window_starts_at < window_ends_at", name=op.f("ck_revisions_window_has_length")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_revisions_author_id_people")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_revisions_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_revisions_post_id_number")),
    )
    op.create_table(
        "approvals",
        sa.Column("id", number, nullable=False),
        sa.Column("revision_id", number, nullable=False),
        sa.Column("account_id", number, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("approver_id", number, nullable=False),
        sa.Column("decided_at", instant, nullable=False),
        sa.Column("revoked_at", instant, nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_approvals_account_id_accounts")),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_approvals_approver_id_people")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_approvals_revision_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(
        "uq_approvals_one_in_force",
        "approvals",
        ["revision_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "revision_media",
        sa.Column("revision_id", number, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_revision_media_revision_id_revisions")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_revision_media_sha256_media")),
        sa.PrimaryKeyConstraint("revision_id", "position", name=op.f("pk_revision_media")),
    )
    op.create_table(
        "targets",
        sa.Column("revision_id", number, nullable=False),
        sa.Column("account_id", number, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_targets_account_id_accounts")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_targets_revision_id_revisions")),
        sa.PrimaryKeyConstraint("revision_id", "account_id", name=op.f("pk_targets")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", number, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("post_id", number, nullable=False),
        sa.Column("revision_id", number, nullable=False),
        sa.Column("account_id", number, nullable=False),
        sa.Column("approval_id", number, nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("publish_at", instant, nullable=False),
        sa.Column("late_after", instant, nullable=False),
        sa.Column("due_at", instant, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", instant, nullable=True),
        sa.Column("stage_token", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("stage_ready", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=300), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published_at", instant, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name=op.f("ck_deliveries_lease_is_whole")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_deliveries_account_id_accounts")),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_deliveries_approval_id_approvals")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_deliveries_post_id_posts")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_deliveries_revision_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index("ix_deliveries_publish_at", "deliveries", ["publish_at"], unique=False)
    op.create_index("ix_deliveries_revision_id", "deliveries", ["revision_id"], unique=False)
    op.create_index(
        "ix_deliveries_turn",
        "deliveries",
        ["account_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL AND state IN ('publishing', 'scheduled', 'staging', 'unknown')"),
        postgresql_where=sa.text("due_at IS NOT NULL AND state IN ('publishing', 'scheduled', 'staging', 'unknown')"),
    )
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL AND state IN ('publishing', 'scheduled', 'staging', 'unknown')"),
        postgresql_where=sa.text("due_at IS NOT NULL AND state IN ('publishing', 'scheduled', 'staging', 'unknown')"),
    )
    op.create_index(
        "uq_deliveries_once_per_account",
        "deliveries",
        ["post_id", "account_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('held', 'published', 'publishing', 'scheduled', 'staging', 'taken_down', 'unknown')"
        ),
        postgresql_where=sa.text(
            "state IN ('held', 'published', 'publishing', 'scheduled', 'staging', 'taken_down', 'unknown')"
        ),
    )
    op.create_index(
        "uq_deliveries_one_in_hand",
        "deliveries",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("lease_owner IS NOT NULL"),
        postgresql_where=sa.text("lease_owner IS NOT NULL"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", number, nullable=False),
        sa.Column("delivery_id", number, nullable=False),
        sa.Column("step", word, nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("finished_at", instant, nullable=True),
        sa.Column("outcome", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id_deliveries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_delivery_id"), "attempts", ["delivery_id"], unique=False)
    op.execute("INSERT INTO chain (id, number, hash) VALUES (1, 0, '" + "0" * 64 + "')")
