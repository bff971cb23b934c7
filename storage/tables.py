"""The tables. Migrations make them (storage/migrations); a test compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.calendar import ElectoralClass
from core.deliveries import OCCUPYING, UNSETTLED, WORKABLE, DeliveryState, Step
from core.images import NoteKind
from core.media import AttachmentRole, MediaKind
from core.people import Role
from core.posts import PostState
from core.requests import Channel, EventClass, Origin, RequestState, Source
from core.unofficial import UnofficialState
from storage.types import Instant, PlatformWord, Word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# PostgreSQL counts past 2^31; SQLite numbers its rows only where the column is plain INTEGER
_Number = BigInteger().with_variant(Integer(), "sqlite")


def _among(column: str, states: frozenset[DeliveryState]) -> str:
    return f"{column} IN ({', '.join(sorted(repr(str(state)) for state in states))})"


people = Table(
    "people",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("platform", PlatformWord(), nullable=False),
    Column("handle", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("remote_id", String(200), nullable=False),
    Column("address", String(500), nullable=False),
    Column("waits_until", Instant),
    Column("sealed_credentials", LargeBinary, nullable=False),
    Column("credentials_expire_at", Instant),
    Column("renewing_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("connect_again_before", Instant),
    UniqueConstraint("platform", "remote_id"),
)

# What was read where reading is paid for: objects of a calendar month (UTC), by account.
reads = Table(
    "reads",
    metadata,
    Column("account_id", ForeignKey(accounts.c.id), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("objects", Integer, nullable=False),
)

# What is stopped: an account, a platform, or (neither) everything. The pause of an account is nothing else.
stops = Table(
    "stops",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("platform", PlatformWord()),
    Column("account_id", ForeignKey(accounts.c.id)),
    Column("reason", Text, nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("lifted_by", String(64), nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_reason", Text, nullable=False),
    CheckConstraint("platform IS NULL OR account_id IS NULL", name="has_one_scope"),
)
_OPEN = text("lifted_at IS NULL")
Index("ix_stops_open", stops.c.id, sqlite_where=_OPEN, postgresql_where=_OPEN)

# One row for each run of a worker process; old ones are removed.
workers = Table(
    "workers",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("version", String(40), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("stopped_at", Instant),
)

requests = Table(
    "requests",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("origin", Word(Origin), nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("event_class", Word(EventClass), nullable=False),
    Column("unit", String(200), nullable=False),
    Column("procedure", String(40), nullable=False),
    Column("created_by", ForeignKey(people.c.id), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("state", Word(RequestState), nullable=False),
    Column("source", Word(Source)),
    Column("subject", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("happens_at", Instant),
    Column("social_only", Boolean, nullable=False),
    Column("leader_id", ForeignKey(people.c.id)),
    Column("owner_id", ForeignKey(people.c.id)),
    Column("duplicate_of", ForeignKey("requests.id")),
)
Index("ix_requests_state", requests.c.state)

# What Alta Dirección said, by whose hand it was written down, and whether it was ratified.
decisions = Table(
    "decisions",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("request_id", ForeignKey(requests.c.id), nullable=False, index=True),
    Column("accepted", Boolean, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("written_by", ForeignKey(people.c.id), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ratify_before", Instant),
    Column("ratified_by", ForeignKey(people.c.id)),
    Column("ratified_at", Instant),
)

# Who acts in the head's stead, and when.
delegations = Table(
    "delegations",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("delegate_id", ForeignKey(people.c.id), nullable=False, index=True),
    Column("on_behalf_of", ForeignKey(people.c.id), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("granted_by", ForeignKey(people.c.id), nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", ForeignKey(people.c.id)),
    Column("ended_reason", Text, nullable=False),
    CheckConstraint("starts_at < ends_at", name="has_length"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", _Number, primary_key=True),
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
    Column("id", _Number, primary_key=True),
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
    Column("id", _Number, primary_key=True),
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
    Column("id", _Number, primary_key=True),
    Column("revision_id", ForeignKey(revisions.c.id), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("points", JSON, nullable=False),
    Column("signed_by", ForeignKey(people.c.id), nullable=False),
    Column("signed_at", Instant, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", _Number, primary_key=True),
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

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Number, primary_key=True),
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

# Days on which nobody works, beside the holidays of every year (policy/rules/calendar).
non_working_days = Table(
    "non_working_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("source", Text, nullable=False),
    Column("declared_by", String(64), nullable=False),
    Column("declared_at", Instant, nullable=False),
)

# A time in which nothing goes out of a unit, to an account or (neither) at all.
embargoes = Table(
    "embargoes",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("unit", String(200), nullable=False),
    Column("account_id", ForeignKey(accounts.c.id)),
    Column("reason", Text, nullable=False),
    Column("entered_by", String(64), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("ended_by", String(64), nullable=False),
    Column("ended_at", Instant),
    Column("ended_reason", Text, nullable=False),
    CheckConstraint("account_id IS NULL OR unit = ''", name="has_one_scope"),
)

electoral_periods = Table(
    "electoral_periods",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("basis", Text, nullable=False),
    Column("entered_by", String(64), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("ended_by", String(64), nullable=False),
    Column("ended_at", Instant),
    Column("ended_reason", Text, nullable=False),
)

# What a revision was said to be under the ban of state advertising; of several the last counts.
classifications = Table(
    "classifications",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("revision_id", ForeignKey(revisions.c.id), nullable=False, index=True),
    Column("electoral_class", Word(ElectoralClass), nullable=False),
    Column("justification", Text, nullable=False),
    Column("classified_by", String(64), nullable=False),
    Column("classified_at", Instant, nullable=False),
    Column("signed_by", String(64), nullable=False),
    Column("signed_at", Instant),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("delivery_id", ForeignKey(deliveries.c.id), nullable=False, index=True),
    Column("step", Word(Step), nullable=False),
    Column("worker", String(100), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", String(100), nullable=False),
    Column("detail", Text, nullable=False),
)

# Accounts that use the institution's name without being its own, what was done about each, and its evidence.
unofficial = Table(
    "unofficial",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("network", String(40), nullable=False),
    Column("handle", String(200), nullable=False),
    Column("url", Text, nullable=False),
    Column("state", Word(UnofficialState), nullable=False),
    Column("found_by", String(200), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("entered_by", ForeignKey(people.c.id), nullable=False),
    Column("entered_at", Instant, nullable=False),
)

unofficial_notes = Table(
    "unofficial_notes",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("unofficial_id", ForeignKey(unofficial.c.id), nullable=False, index=True),
    Column("state", Word(UnofficialState), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_by", ForeignKey(people.c.id), nullable=False),
    Column("written_at", Instant, nullable=False),
)

unofficial_files = Table(
    "unofficial_files",
    metadata,
    Column("note_id", ForeignKey(unofficial_notes.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", ForeignKey(media.c.sha256), nullable=False),
)

# No foreign keys: the record outlives what it speaks of.
events = Table(
    "events",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
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
    Column("number", _Number, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("id = 1", name="is_one_row"),
)
