"""A request: who asked for a publication, how it reached the office, where it stands (procedure.md, sections 1, 3)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PROCEDURE_CODE = "P-E3.01.04"
PROCEDURE_VERSION = "1.0"
PROCEDURE = f"{PROCEDURE_CODE} v{PROCEDURE_VERSION}"  # every record carries the one under which it was made


class Origin(StrEnum):
    """From whom a request comes (8.6, 8.8)."""

    USER_AREA = "user_area"
    SENIOR_MANAGEMENT = "senior_management"
    OPII_INITIATIVE = "opii_initiative"

    @property
    def label(self) -> str:
        """The office's word."""
        return _ORIGINS[self]


class Channel(StrEnum):
    """How it was coordinated (8.7)."""

    EMAIL = "email"
    IN_PERSON = "in_person"
    VIRTUAL_MEETING = "virtual_meeting"
    MOBILE = "mobile"
    LANDLINE = "landline"

    @property
    def label(self) -> str:
        """The office's word."""
        return _CHANNELS[self]


class EventClass(StrEnum):
    """What kind of event it is about (8.5)."""

    INTERNAL = "internal"
    REGIONAL = "regional"
    CENTRAL = "central"

    @property
    def label(self) -> str:
        """The office's word."""
        return _CLASSES[self]


class Source(StrEnum):
    """Where the content comes from (8.3, 8.4)."""

    MONTHLY_PLAN = "monthly_plan"
    SENIOR_ACTIVITIES = "senior_activities"
    SPECIAL_TOPIC = "special_topic"
    EVENT_CALENDAR = "event_calendar"
    CAMPAIGN = "campaign"

    @property
    def label(self) -> str:
        """The office's word."""
        return _SOURCES[self]


class RequestState(StrEnum):
    """Where a request is in the procedure (section 3); the transitions are in policy/procedure.py."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    EVALUATING = "evaluating"
    OBSERVED = "observed"
    AWAITING_SENIOR_DECISION = "awaiting_senior_decision"
    REJECTED = "rejected"
    ASSIGNED = "assigned"
    IN_PRODUCTION = "in_production"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        """The office's word."""
        return _STATES[self]


_ORIGINS = {
    Origin.USER_AREA: "Solicitud de un área usuaria",
    Origin.SENIOR_MANAGEMENT: "Disposición de la Alta Dirección",
    Origin.OPII_INITIATIVE: "Iniciativa de OPII",
}
_CHANNELS = {
    Channel.EMAIL: "correo institucional",
    Channel.IN_PERSON: "reunión presencial",
    Channel.VIRTUAL_MEETING: "reunión virtual",
    Channel.MOBILE: "celular institucional",
    Channel.LANDLINE: "teléfono fijo institucional",
}
_CLASSES = {
    EventClass.INTERNAL: "Interna (penales, oficinas)",
    EventClass.REGIONAL: "Regional",
    EventClass.CENTRAL: "Central",
}
_SOURCES = {
    Source.MONTHLY_PLAN: "Plan mensual de actividades",
    Source.SENIOR_ACTIVITIES: "Actividades de la Alta Dirección",
    Source.SPECIAL_TOPIC: "Tema especial",
    Source.EVENT_CALENDAR: "Calendario de eventos",
    Source.CAMPAIGN: "Campaña",
}
_STATES = {
    RequestState.DRAFT: "Borrador",
    RequestState.SUBMITTED: "Solicitada",
    RequestState.EVALUATING: "En evaluación",
    RequestState.OBSERVED: "Observada",
    RequestState.AWAITING_SENIOR_DECISION: "En consulta a Alta Dirección",
    RequestState.REJECTED: "No autorizada",
    RequestState.ASSIGNED: "Designada",
    RequestState.IN_PRODUCTION: "En elaboración",
    RequestState.IN_REVIEW: "En revisión",
    RequestState.CHANGES_REQUESTED: "No conforme",
    RequestState.APPROVED: "Aprobada",
    RequestState.FOLLOWING_UP: "En seguimiento",
    RequestState.CLOSED: "Cerrada",
    RequestState.WITHDRAWN: "Desistida",
    RequestState.CANCELLED: "Anulada",
    RequestState.EXPIRED: "Vencida",
    RequestState.DUPLICATE: "Duplicada",
}


@dataclass(frozen=True, slots=True)
class Details:
    """What is told of a request when it is entered; `happens_at` is the event's own instant (aware UTC), if it has one.

    `unit` is the organisation unit that asks (clause 2), `subject` what is asked for in a line, `event` who, where and
    what, `evidence` what backs it: the number of a document, the day of a call.
    """

    origin: Origin
    channel: Channel
    event_class: EventClass
    unit: str
    source: Source | None = None
    subject: str = ""
    event: str = ""
    evidence: str = ""
    happens_at: datetime | None = None
    social_only: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish that something be published: the unit of the indicator. Instants are aware UTC.

    `submitted_at` is the first time it was submitted and never changes. `leader_id` was designated (step 5),
    `owner_id` answers for the content (step 9). `duplicate_of` names the request that it repeats.
    """

    id: int
    details: Details
    state: RequestState
    procedure: str
    created_by: int
    created_at: datetime
    submitted_at: datetime | None = None
    leader_id: int | None = None
    owner_id: int | None = None
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What Alta Dirección said of a request (steps 2 to 4): never an authorisation to publish.

    `decided_by` is who decided, in words: whoever decides verbally need be no user. `written_by` is the person who
    wrote it down. `ratify_before` is None where nothing is left to ratify, since Alta Dirección entered it itself.
    """

    id: int
    request_id: int
    accepted: bool
    decided_by: str
    decided_at: datetime
    channel: Channel
    written_by: int
    written_at: datetime
    reason: str = ""
    ratify_before: datetime | None = None
    ratified_by: int | None = None
    ratified_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        """Tell whether it waits to be ratified."""
        return self.ratify_before is not None and self.ratified_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the time to ratify it has passed."""
        return self.is_pending and self.ratify_before is not None and now > self.ratify_before
