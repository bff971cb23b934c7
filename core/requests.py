"""A request: who asked for a publication, and how it reached the office (procedure.md, clauses 8.5 to 8.8)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PROCEDURE = "P-E3.01.04 v1.0"


class Origin(StrEnum):
    """From whom a request comes (8.6, 8.8)."""

    USER_AREA = "user_area"
    SENIOR_MANAGEMENT = "senior_management"
    OPII_INITIATIVE = "opii_initiative"


class Channel(StrEnum):
    """How it was coordinated (8.7)."""

    EMAIL = "email"
    IN_PERSON = "in_person"
    VIRTUAL_MEETING = "virtual_meeting"
    MOBILE = "mobile"
    LANDLINE = "landline"


class EventClass(StrEnum):
    """What kind of event it is about (8.5)."""

    INTERNAL = "internal"
    REGIONAL = "regional"
    CENTRAL = "central"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish that something be published, made under the version of the procedure that it names."""

    id: int
    origin: Origin
    channel: Channel
    event_class: EventClass
    unit: str
    procedure: str
    created_by: int
    created_at: datetime
    submitted_at: datetime | None = None
