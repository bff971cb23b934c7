"""Who may do what: one place answers, default deny (procedure.md section 2)."""

from collections.abc import Collection
from enum import StrEnum

from core.people import Person, Role
from core.texts import _
from policy.reasons import Reason


class Act(StrEnum):
    """Something that a person does."""

    IMPORT_PROGRAMME = "import_programme"
    EDIT_POST = "edit_post"
    SUBMIT_POST = "submit_post"
    APPROVE_POST = "approve_post"
    RETURN_POST = "return_post"
    SCHEDULE_POST = "schedule_post"
    CANCEL_POST = "cancel_post"
    SIGN_CONSENT = "sign_consent"
    WAIVE_RULE = "waive_rule"
    SETTLE_UNKNOWN = "settle_unknown"
    CONNECT_ACCOUNT = "connect_account"
    PAUSE_ACCOUNT = "pause_account"
    RESUME_ACCOUNT = "resume_account"
    OPEN_STOP = "open_stop"
    LIFT_STOP = "lift_stop"
    ADD_PERSON = "add_person"


_R = Role
# What is not here may nobody. Scheduling within the approved window carries out the head's disposition (13.1, 14).
_MAY: dict[Act, frozenset[Role]] = {
    Act.IMPORT_PROGRAMME: frozenset({_R.CONTENT_OWNER, _R.TEAM_LEAD, _R.OFFICE_HEAD}),
    Act.EDIT_POST: frozenset({_R.CONTENT_OWNER, _R.TEAM_LEAD, _R.OFFICE_HEAD}),
    Act.SUBMIT_POST: frozenset({_R.CONTENT_OWNER, _R.TEAM_LEAD}),
    Act.APPROVE_POST: frozenset({_R.OFFICE_HEAD}),
    Act.RETURN_POST: frozenset({_R.OFFICE_HEAD}),
    Act.SCHEDULE_POST: frozenset({_R.OFFICE_HEAD, _R.CONTENT_OWNER}),
    Act.CANCEL_POST: frozenset({_R.OFFICE_HEAD}),
    Act.SIGN_CONSENT: frozenset({_R.CONTENT_OWNER, _R.TEAM_LEAD, _R.OFFICE_HEAD}),
    Act.WAIVE_RULE: frozenset({_R.OFFICE_HEAD}),
    Act.SETTLE_UNKNOWN: frozenset({_R.OFFICE_HEAD, _R.CONTENT_OWNER}),
    Act.CONNECT_ACCOUNT: frozenset({_R.SYSTEM_ADMIN}),
    Act.PAUSE_ACCOUNT: frozenset({_R.OFFICE_HEAD, _R.SYSTEM_ADMIN}),
    Act.RESUME_ACCOUNT: frozenset({_R.OFFICE_HEAD}),
    Act.OPEN_STOP: frozenset({_R.OFFICE_HEAD}),
    Act.LIFT_STOP: frozenset({_R.OFFICE_HEAD}),
    Act.ADD_PERSON: frozenset({_R.SYSTEM_ADMIN}),
}


def check_may(person: Person, act: Act) -> list[Reason]:
    """Return why this person may not do this; empty when they may."""
    if not person.active:
        return [Reason("inactive", _("{name} ya no está en actividad.").format(name=person.name))]
    allowed = _MAY.get(act, frozenset())
    if person.role in allowed:
        return []
    return [
        Reason(
            "role",
            _("{name} ({role}) no puede hacer esto; corresponde a: {roles}.").format(
                name=person.name,
                role=person.role.label,
                roles=", ".join(sorted(role.label for role in allowed)) or _("nadie"),
            ),
        )
    ]


def check_approver(person: Person, authors: Collection[int]) -> list[Reason]:
    """Nobody approves what they wrote or edited, not even a part of it."""
    if person.id in authors:
        return [
            Reason(
                "approver_is_author",
                _("{name} escribió o corrigió parte de esta publicación; debe aprobarla otra persona.").format(
                    name=person.name
                ),
            )
        ]
    return []
