"""A request: who asked for a publication, and how it reached the office (procedure.md, clauses 8.5 to 8.8)."""

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
