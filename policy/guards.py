"""What must hold before a request goes on (procedure.md section 3): each guard a rule with its reason in Spanish.

A guard is a pure function of a case; policy/procedure.py says which guards stand at which transition.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.checklists import Point
from core.media import AttachmentRole, MediaKind
from core.people import Person, Role
from core.posts import Content
from core.requests import Channel, Decision, Origin, Request
from core.texts import _
from policy.permissions import check_approver
from policy.reasons import Reason


@dataclass(frozen=True, slots=True)
class Draft:
    """What is judged of a post's content when it is submitted, approved or returned.

    `findings` are those that block. `is_checked`: the checklist was signed for exactly this content. `is_as_shown`:
    what would be approved is what the approver was shown. `authors` wrote any of its revisions.
    """

    content: Content
    findings: tuple[Reason, ...] = ()
    is_checked: bool = False
    is_as_shown: bool = False
    authors: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """All that the guards of one act judge by; `now` is aware UTC. What an act does not speak of keeps its default.

    `person` is who is designated or gets the work; `decided_by` and `channel` tell of Alta Dirección's word; `original`
    is the request that is said to be repeated, followed by those that it repeats itself. `is_out`: the public may have
    seen a post of it; `is_waiting`: a delivery of it may still go out; `slot` is the last hour at which it could.
    """

    request: Request
    actor: Person | None
    now: datetime
    reason: str = ""
    decision: Decision | None = None
    person: Person | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    channel: Channel | None = None
    originals: Sequence[Request] = ()
    is_out: bool = False
    is_waiting: bool = False
    slot: datetime | None = None
    draft: Draft | None = None


Guard = Callable[[Case], list[Reason]]


def required_points(content: Content) -> tuple[Point, ...]:
    """Return what clause 8.9 asks to be looked at in such a content."""
    shown = [each for each in content.attachments if each.role is not AttachmentRole.CAPTIONS]
    has_video = any(each.medium.kind is MediaKind.VIDEO for each in shown)
    return (
        Point.MESSAGE,
        Point.WORDING,
        *((Point.DESIGN,) if shown else ()),
        *((Point.VIDEO,) if has_video else ()),
    )


def fields_complete(case: Case) -> list[Reason]:
    """Who asks, for what, and what it is about (8.5 to 8.8)."""
    details = case.request.details
    missing = [
        name
        for name, value in (
            (_("la unidad que solicita"), details.unit),
            (_("qué se solicita"), details.subject),
            (_("de qué se trata"), details.event),
        )
        if not value.strip()
    ]
    if not missing:
        return []
    return [Reason("field_missing", _("Falta decir: {fields}.").format(fields=", ".join(missing)))]


def origin_fits_role(case: Case) -> list[Reason]:
    """A unit asks for itself; Alta Dirección orders; the office's staff enter any of them (8.6, 8.8)."""
    allowed = {Role.REQUESTER: Origin.USER_AREA, Role.SENIOR_MANAGEMENT: Origin.SENIOR_MANAGEMENT}
    if case.actor is None or allowed.get(case.actor.role, case.request.details.origin) is case.request.details.origin:
        return []
    sentence = _("{role} no puede ingresar una solicitud con origen «{origin}».")
    origin = case.request.details.origin.label
    return [Reason("origin_of_another", sentence.format(role=case.actor.role.label, origin=origin))]


def own_request(case: Case) -> list[Reason]:
    """A unit acts on its own requests only."""
    outside = (Role.REQUESTER, Role.SENIOR_MANAGEMENT)
    if case.actor is None or case.actor.role not in outside or case.request.created_by == case.actor.id:
        return []
    return [Reason("not_own", _("La solicitud {id} es de otra persona.").format(id=case.request.id))]


def is_order(case: Case) -> list[Reason]:
    """It is an order of Alta Dirección."""
    if case.request.details.origin is Origin.SENIOR_MANAGEMENT:
        return []
    return [Reason("not_an_order", _("Solo lo que dispone la Alta Dirección se acepta al ingresar."))]


def not_an_order(case: Case) -> list[Reason]:
    """What Alta Dirección ordered is not asked of it again."""
    if case.request.details.origin is not Origin.SENIOR_MANAGEMENT:
        return []
    return [Reason("is_an_order", _("La Alta Dirección ya lo dispuso: se acepta al ingresar y se ratifica después."))]


def consulted_if_initiative(case: Case) -> list[Reason]:
    """An initiative of the office always goes to Alta Dirección first (II.2 to II.4)."""
    if case.request.details.origin is not Origin.OPII_INITIATIVE or case.decision is not None:
        return []
    return [
        Reason(
            "decision_missing",
            _("Una iniciativa de OPII se consulta antes a la Alta Dirección: vocero requests escalate {id}").format(
                id=case.request.id
            ),
        )
    ]


def decision_told(case: Case) -> list[Reason]:
    """Who of Alta Dirección decided, when, by which channel (II.2 to II.4); whoever decides here says so by acting."""
    if case.actor is not None and case.actor.role is Role.SENIOR_MANAGEMENT:
        return []
    reasons = []
    if not case.decided_by.strip():
        reasons.append(Reason("decider_missing", _("Diga quién de la Alta Dirección decidió, con --decided-by.")))
    if case.channel is None:
        reasons.append(Reason("channel_missing", _("Diga por qué medio lo comunicó, con --channel.")))
    if case.decided_at is None or case.decided_at > case.now:
        reasons.append(Reason("decision_in_future", _("Diga cuándo se decidió, con --at: una hora que ya pasó.")))
    return reasons


def reason_given(case: Case) -> list[Reason]:
    """There is a reason."""
    return [] if case.reason.strip() else [Reason("reason_missing", _("Diga el motivo con --reason."))]


def active_person(case: Case) -> list[Reason]:
    """Who gets it is in activity."""
    if case.person is not None and case.person.active:
        return []
    name = case.person.name if case.person else _("Esa persona")
    return [Reason("inactive", _("{name} ya no está en actividad.").format(name=name))]


def person_leads(case: Case) -> list[Reason]:
    """A team lead is designated (II.5)."""
    return _has_role(case, Role.TEAM_LEAD)


def person_owns(case: Case) -> list[Reason]:
    """It is handed over to who answers for the content (II.9)."""
    return _has_role(case, Role.CONTENT_OWNER)


def is_designated(case: Case) -> list[Reason]:
    """The head has designated somebody, and it is they who hand it over."""
    leader = case.request.leader_id
    if leader is None:
        sentence = _("Falta que la jefatura designe a alguien: vocero requests assign {id}")
        return [Reason("nobody_designated", sentence.format(id=case.request.id))]
    if case.actor is not None and case.actor.id != leader:
        return [Reason("another_designated", _("La jefatura designó a otra persona para esta solicitud."))]
    return []


def nothing_out(case: Case) -> list[Reason]:
    """Nothing of it is public, nor may be."""
    if not case.is_out:
        return []
    return [Reason("already_out", _("Ya salió, o puede haber salido, en alguna red."))]


def repeats_another(case: Case) -> list[Reason]:
    """It repeats another request, which does not repeat this one in turn."""
    known = {each.id for each in case.originals}
    if case.request.id in known:
        return [Reason("circular", _("Una solicitud no puede ser duplicada de sí misma, ni en cadena."))]
    if not known:
        return [Reason("original_missing", _("Diga de qué solicitud es duplicada."))]
    return []


def slot_passed(case: Case) -> list[Reason]:
    """Its hour is over."""
    if case.slot is not None and case.slot <= case.now:
        return []
    return [Reason("not_passed", _("Su hora todavía no pasa."))]


def nothing_waits(case: Case) -> list[Reason]:
    """No delivery of it may still go out."""
    return [Reason("still_waiting", _("Todavía hay envíos por salir."))] if case.is_waiting else []


def something_out(case: Case) -> list[Reason]:
    """Something of it was published."""
    return [] if case.is_out else [Reason("nothing_out", _("Nada de ella se publicó."))]


def checklist_signed(case: Case) -> list[Reason]:
    """The owner has looked at exactly this and signed (8.9)."""
    if case.draft is not None and case.draft.is_checked:
        return []
    return [
        Reason(
            "checklist_missing",
            _("Falta firmar la lista de verificación de esta versión (8.9): vocero posts checklist"),
        )
    ]


def no_blocking_finding(case: Case) -> list[Reason]:
    """No rule refuses what it says or shows."""
    return [] if case.draft is None else list(case.draft.findings)


def alt_text_on_images(case: Case) -> list[Reason]:
    """Each image says what it shows to who cannot see it."""
    if case.draft is None or any(each.code == "alt_text_missing" for each in case.draft.findings):
        return []
    bare = [
        each.medium.file_name or each.medium.sha256[:12]
        for each in case.draft.content.shown
        if each.medium.kind is MediaKind.IMAGE and not each.alt_text.strip()
    ]
    if not bare:
        return []
    return [Reason("alt_text_missing", _("Falta el texto alternativo de: {names}.").format(names=", ".join(bare)))]


def not_an_author(case: Case) -> list[Reason]:
    """Who approves wrote no part of it (8.11)."""
    if case.actor is None or case.draft is None:
        return [Reason("approver_missing", _("Falta quien apruebe."))]
    return check_approver(case.actor, case.draft.authors)


def as_shown(case: Case) -> list[Reason]:
    """What is approved is what was displayed, digest by digest."""
    if case.draft is not None and case.draft.is_as_shown:
        return []
    return [Reason("not_what_was_shown", _("El contenido cambió mientras usted lo leía. Léalo otra vez y apruebe."))]


def _has_role(case: Case, role: Role) -> list[Reason]:
    if case.person is not None and case.person.role is role:
        return []
    name = case.person.name if case.person else _("Esa persona")
    return [Reason("wrong_role", _("{name} no es {role}.").format(name=name, role=role.label.lower()))]
