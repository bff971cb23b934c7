"""What is to be published: posts, their revisions and files, what was judged, signed and approved of them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.calendar import ElectoralClass
from core.images import NoteKind
from core.media import AttachmentRole, MediaKind
from core.people import Role
from core.posts import PostState
from storage.tables.base import Number, metadata
from storage.tables.office import accounts, delegations, people, requests
from storage.types import Instant, Word

posts = Table(
    "posts",
    metadata,
    Column("id", Number, primary_key=True),
    Column("request_id", ForeignKey(requests.c.id), nullable=False, index=True),
    Column("state", Word(PostState), nullable=False),
    Column("publish_at", Instant, nullable=False, index=True),
    Column("created_by", ForeignKey(people.c.id), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("source", Text, nullable=False),
)

media = Table(
    "media",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("kind", Word(MediaKind), nullable=False),
    Column("mime_type", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("frames", Integer, nullable=False),
    Column("duration", Float),
    Column("file_name", String(255), nullable=False),
    Column("added_at", Instant, nullable=False),
)

# What an image or film was made of when it was taken in, and what was done to it.
originals = Table(
    "originals",
    metadata,
    Column("sha256", ForeignKey(media.c.sha256), primary_key=True),
    Column("original_sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("taken_at", Instant, nullable=False),
)

# What was measured in the pixels of an image. Written anew when there are other logo strips to look for.
looks = Table(
    "looks",
    metadata,
    Column("sha256", ForeignKey(media.c.sha256), primary_key=True),
    Column("measured", JSON, nullable=False),
    Column("looked_at", Instant, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Number, primary_key=True),
    Column("post_id", ForeignKey(posts.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("author_id", ForeignKey(people.c.id), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("thread", JSON, nullable=False),
    Column("options", JSON, nullable=False),
    Column("window_starts_at", Instant, nullable=False),
    Column("window_ends_at", Instant, nullable=False),
    UniqueConstraint("post_id", "number"),
    CheckConstraint("window_starts_at < window_ends_at", name="window_has_length"),
)

revision_media = Table(
    "revision_media",
    metadata,
    Column("revision_id", ForeignKey(revisions.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", ForeignKey(media.c.sha256), nullable=False),
    Column("alt_text", Text, nullable=False),
    Column("role", Word(AttachmentRole), nullable=False),
    Column("language", String(16), nullable=False),
)

# What a person signed about an image of a post. A later one takes the place of an earlier: only the newest counts.
image_notes = Table(
    "image_notes",
    metadata,
    Column("id", Number, primary_key=True),
    Column("post_id", ForeignKey(posts.c.id), nullable=False, index=True),
    Column("sha256", ForeignKey(media.c.sha256), nullable=False),
    Column("rule", String(100), nullable=False),
    Column("kind", Word(NoteKind), nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", String(64), nullable=False),
    Column("signed_at", Instant, nullable=False),
)

targets = Table(
    "targets",
    metadata,
    Column("revision_id", ForeignKey(revisions.c.id), primary_key=True),
    Column("account_id", ForeignKey(accounts.c.id), primary_key=True),
    Column("text", Text),
)

# The checklist of clause 8.9, signed for exactly one content.
checklists = Table(
    "checklists",
    metadata,
    Column("id", Number, primary_key=True),
    Column("revision_id", ForeignKey(revisions.c.id), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("points", JSON, nullable=False),
    Column("signed_by", ForeignKey(people.c.id), nullable=False),
    Column("signed_at", Instant, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("revision_id", ForeignKey(revisions.c.id), nullable=False),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("approver_id", ForeignKey(people.c.id), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_reason", Text, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("delegation_id", ForeignKey(delegations.c.id)),
)
Index(
    "uq_approvals_one_in_force",
    approvals.c.revision_id,
    approvals.c.account_id,
    unique=True,
    sqlite_where=text("revoked_at IS NULL"),
    postgresql_where=text("revoked_at IS NULL"),
)

# What a revision was said to be under the ban of state advertising; of several the last counts.
classifications = Table(
    "classifications",
    metadata,
    Column("id", Number, primary_key=True),
    Column("revision_id", ForeignKey(revisions.c.id), nullable=False, index=True),
    Column("electoral_class", Word(ElectoralClass), nullable=False),
    Column("justification", Text, nullable=False),
    Column("classified_by", String(64), nullable=False),
    Column("classified_at", Instant, nullable=False),
    Column("signed_by", String(64), nullable=False),
    Column("signed_at", Instant),
)
