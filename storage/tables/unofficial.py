"""Accounts that use the institution's name without being its own (8.12)."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from core.unofficial import UnofficialState
from storage.tables.base import Number, metadata
from storage.tables.content import media
from storage.tables.office import people
from storage.types import Instant, Word

# Accounts that use the institution's name without being its own, what was done about each, and its evidence.
unofficial = Table(
    "unofficial",
    metadata,
    Column("id", Number, primary_key=True),
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
    Column("id", Number, primary_key=True),
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
