"""The tables. Migrations make them (storage/migrations); a test compares the two."""

from storage.tables.base import metadata
from storage.tables.content import (
    approvals,
    checklists,
    classifications,
    image_notes,
    looks,
    media,
    originals,
    posts,
    revision_media,
    revisions,
    targets,
)
from storage.tables.ledger import attempts, chain, deliveries, events
from storage.tables.office import (
    accounts,
    decisions,
    delegations,
    electoral_periods,
    embargoes,
    non_working_days,
    people,
    reads,
    requests,
    stops,
    workers,
)
from storage.tables.unofficial import unofficial, unofficial_files, unofficial_notes

__all__ = [
    "accounts",
    "approvals",
    "attempts",
    "chain",
    "checklists",
    "classifications",
    "decisions",
    "delegations",
    "deliveries",
    "electoral_periods",
    "embargoes",
    "events",
    "image_notes",
    "looks",
    "media",
    "metadata",
    "non_working_days",
    "originals",
    "people",
    "posts",
    "reads",
    "requests",
    "revision_media",
    "revisions",
    "stops",
    "targets",
    "unofficial",
    "unofficial_files",
    "unofficial_notes",
    "workers",
]
