"""The people of the procedure and what they are (procedure.md section 2)."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the procedure."""

    REQUESTER = "requester"
    SENIOR_MANAGEMENT = "senior_management"
    OFFICE_HEAD = "office_head"
    TEAM_LEAD = "team_lead"
    CONTENT_OWNER = "content_owner"
    DESIGNER = "designer"
    COMMUNITY_AGENT = "community_agent"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"
    SYSTEM_ADMIN = "system_admin"

    @property
    def label(self) -> str:
        """The office's word."""
        return _LABELS[self]


_LABELS = {
    Role.REQUESTER: "Área usuaria",
    Role.SENIOR_MANAGEMENT: "Alta Dirección",
    Role.OFFICE_HEAD: "Jefatura de OPII",
    Role.TEAM_LEAD: "Responsable del equipo",
    Role.CONTENT_OWNER: "Responsable del contenido",
    Role.DESIGNER: "Diseño / audiovisual",
    Role.COMMUNITY_AGENT: "Gestión de comunidad",
    Role.AUDITOR: "Auditoría",
    Role.PRIVACY_OFFICER: "Oficial de datos personales",
    Role.SYSTEM_ADMIN: "Administración técnica",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts; `login` is what they type."""

    id: int
    login: str
    name: str
    role: Role
    active: bool = True
