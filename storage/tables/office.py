"""The office: its people, its accounts and what is stopped, what was asked of it, and its calendar."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.people import Role
from core.requests import Channel, EventClass, Origin, RequestState, Source
from storage.tables.base import Number, metadata
from storage.types import Instant, PlatformWord, Word

people = Table(
    "people",
    metadata,
    Column("id", Number, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Number, primary_key=True),
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
    Column("id", Number, primary_key=True),
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
    Column("id", Number, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("version", String(40), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("stopped_at", Instant),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Number, primary_key=True),
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
    Column("id", Number, primary_key=True),
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
    Column("id", Number, primary_key=True),
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
    Column("id", Number, primary_key=True),
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
    Column("id", Number, primary_key=True),
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
