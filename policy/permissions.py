"""Who may do what: one place answers, default deny (procedure.md section 2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.delegations import Delegation
from core.people import Person, Role
from core.posts import Approval
from core.texts import _
from policy.reasons import Reason


class Act(StrEnum):
    """Something that a person does."""

    ADD_REQUEST = "add_request"
    SUBMIT_REQUEST = "submit_request"
    EVALUATE_REQUEST = "evaluate_request"
    OBSERVE_REQUEST = "observe_request"
    ESCALATE_REQUEST = "escalate_request"
    DECIDE_REQUEST = "decide_request"
    RATIFY_DECISION = "ratify_decision"
    REJECT_REQUEST = "reject_request"
    ASSIGN_REQUEST = "assign_request"
    HAND_OVER_REQUEST = "hand_over_request"
    WITHDRAW_REQUEST = "withdraw_request"
    CANCEL_REQUEST = "cancel_request"
    DUPLICATE_REQUEST = "duplicate_request"
    CLOSE_REQUEST = "close_request"
    GRANT_DELEGATION = "grant_delegation"
    END_DELEGATION = "end_delegation"
    IMPORT_PROGRAMME = "import_programme"
    DRAFT_POST = "draft_post"
    EDIT_POST = "edit_post"
    SIGN_CHECKLIST = "sign_checklist"
    SUBMIT_POST = "submit_post"
    APPROVE_POST = "approve_post"
    RETURN_POST = "return_post"
    REVOKE_APPROVAL = "revoke_approval"
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
    READ_REQUESTS = "read_requests"
    READ_POSTS = "read_posts"
    READ_DELEGATIONS = "read_delegations"
    READ_ACCOUNTS = "read_accounts"
    READ_RECORD = "read_record"
    KEEP_CALENDAR = "keep_calendar"
    END_EMBARGO = "end_embargo"
    CLASSIFY_POST = "classify_post"
    SIGN_CLASSIFICATION = "sign_classification"
    ADD_UNOFFICIAL = "add_unofficial"
    REPORT_UNOFFICIAL = "report_unofficial"
    CLOSE_UNOFFICIAL = "close_unofficial"
    EXPORT_CASE = "export_case"
    EXPORT_PERSONAL_DATA = "export_personal_data"


_R = Role
_STAFF = frozenset({_R.OFFICE_HEAD, _R.TEAM_LEAD, _R.CONTENT_OWNER})
_DESK = _STAFF | {_R.DESIGNER, _R.COMMUNITY_AGENT}
_READERS = frozenset({_R.AUDITOR, _R.PRIVACY_OFFICER})
# What is not here may nobody. Scheduling within the approved window carries out the head's disposition (13.1, 14).
# A requester reads their own requests only (`is_own`), and never an account.
_MAY: dict[Act, frozenset[Role]] = {
    Act.ADD_REQUEST: _STAFF | {_R.REQUESTER, _R.SENIOR_MANAGEMENT},
    Act.SUBMIT_REQUEST: _STAFF | {_R.REQUESTER, _R.SENIOR_MANAGEMENT},
    Act.EVALUATE_REQUEST: frozenset({_R.OFFICE_HEAD, _R.TEAM_LEAD}),
    Act.OBSERVE_REQUEST: frozenset({_R.OFFICE_HEAD, _R.TEAM_LEAD}),
    Act.ESCALATE_REQUEST: frozenset({_R.OFFICE_HEAD}),
    Act.DECIDE_REQUEST: frozenset({_R.OFFICE_HEAD, _R.SENIOR_MANAGEMENT}),
    Act.RATIFY_DECISION: frozenset({_R.SENIOR_MANAGEMENT}),
    Act.REJECT_REQUEST: frozenset({_R.OFFICE_HEAD}),
    Act.ASSIGN_REQUEST: frozenset({_R.OFFICE_HEAD}),
    Act.HAND_OVER_REQUEST: frozenset({_R.TEAM_LEAD}),
    Act.WITHDRAW_REQUEST: frozenset({_R.REQUESTER}),
    Act.CANCEL_REQUEST: frozenset({_R.OFFICE_HEAD}),
    Act.DUPLICATE_REQUEST: frozenset({_R.OFFICE_HEAD, _R.TEAM_LEAD}),
    Act.CLOSE_REQUEST: frozenset({_R.OFFICE_HEAD, _R.CONTENT_OWNER}),
    Act.GRANT_DELEGATION: frozenset({_R.OFFICE_HEAD, _R.SENIOR_MANAGEMENT}),
    Act.END_DELEGATION: frozenset({_R.OFFICE_HEAD, _R.SENIOR_MANAGEMENT}),
    Act.IMPORT_PROGRAMME: _STAFF,
    Act.DRAFT_POST: _STAFF,
    Act.EDIT_POST: _STAFF,
    Act.SIGN_CHECKLIST: frozenset({_R.CONTENT_OWNER}),
    Act.SUBMIT_POST: frozenset({_R.CONTENT_OWNER}),
    Act.APPROVE_POST: frozenset({_R.OFFICE_HEAD}),
    Act.RETURN_POST: frozenset({_R.OFFICE_HEAD}),
    Act.REVOKE_APPROVAL: frozenset({_R.OFFICE_HEAD}),
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
    Act.READ_REQUESTS: _DESK | _READERS | {_R.REQUESTER, _R.SENIOR_MANAGEMENT},
    Act.READ_POSTS: _DESK | _READERS | {_R.SENIOR_MANAGEMENT},
    Act.READ_DELEGATIONS: _DESK | _READERS | {_R.SENIOR_MANAGEMENT, _R.SYSTEM_ADMIN},
    Act.READ_ACCOUNTS: _DESK | _READERS | {_R.SENIOR_MANAGEMENT, _R.SYSTEM_ADMIN},
    Act.READ_RECORD: _READERS | {_R.OFFICE_HEAD},
    Act.KEEP_CALENDAR: frozenset({_R.SYSTEM_ADMIN, _R.OFFICE_HEAD}),
    Act.END_EMBARGO: frozenset({_R.OFFICE_HEAD}),
    Act.CLASSIFY_POST: frozenset({_R.CONTENT_OWNER, _R.TEAM_LEAD, _R.OFFICE_HEAD}),
    Act.SIGN_CLASSIFICATION: frozenset({_R.OFFICE_HEAD}),
    Act.ADD_UNOFFICIAL: _STAFF | {_R.COMMUNITY_AGENT},
    Act.REPORT_UNOFFICIAL: frozenset({_R.OFFICE_HEAD, _R.TEAM_LEAD, _R.COMMUNITY_AGENT}),
    Act.CLOSE_UNOFFICIAL: frozenset({_R.OFFICE_HEAD, _R.TEAM_LEAD}),
    Act.EXPORT_CASE: _READERS | {_R.OFFICE_HEAD},
    Act.EXPORT_PERSONAL_DATA: _READERS,
}
# A delegate is the acting head in all but making further delegations.
_OF_THE_HEAD = frozenset(act for act, roles in _MAY.items() if _R.OFFICE_HEAD in roles) - {
    Act.GRANT_DELEGATION,
    Act.END_DELEGATION,
}
# Whose role may never approve content cannot be made to by a delegation: Alta Dirección (8.11), who reads, who keeps
# the machine, who asks.
_MAY_ACT_AS_HEAD = _DESK


@dataclass(frozen=True, slots=True)
class Authority:
    """What one person may do at one instant: by their role, or in the head's stead by a delegation then in force."""

    person: Person
    delegations: Sequence[Delegation] = ()
    at: datetime | None = None

    def check(self, act: Act) -> list[Reason]:
        """Return why they may not do this; empty when they may."""
        if not self.person.active:
            return [Reason("inactive", _("{name} ya no está en actividad.").format(name=self.person.name))]
        allowed = roles_of(act)
        if self.person.role in allowed or self.delegation_for(act) is not None:
            return []
        return [
            Reason(
                "role",
                _("{name} ({role}) no puede hacer esto; corresponde a: {roles}.").format(
                    name=self.person.name,
                    role=self.person.role.label,
                    roles=", ".join(sorted(role.label for role in allowed)) or _("nadie"),
                ),
            )
        ]

    def delegation_for(self, act: Act) -> Delegation | None:
        """Return the delegation that this act rests on; None where their own role suffices, or nothing does."""
        if self.person.role in roles_of(act) or act not in _OF_THE_HEAD or self.at is None:
            return None
        if self.person.role not in _MAY_ACT_AS_HEAD:
            return None
        for delegation in self.delegations:
            if delegation.delegate_id == self.person.id and delegation.is_in_force(self.at):
                return delegation
        return None


def roles_of(act: Act) -> frozenset[Role]:
    """Return the roles that may do this by themselves."""
    return _MAY.get(act, frozenset())


def check_may(person: Person, act: Act) -> list[Reason]:
    """Return why this person's role does not let them do this; empty when it does."""
    return Authority(person).check(act)


def check_delegate(person: Person, *, on_behalf_of: Person) -> list[Reason]:
    """Somebody of the office, in activity, for the head and not for themselves."""
    reasons = []
    if not person.active:
        reasons.append(Reason("inactive", _("{name} ya no está en actividad.").format(name=person.name)))
    if person.role not in _MAY_ACT_AS_HEAD:
        sentence = _("{name} ({role}) no puede ser encargada o encargado de la jefatura.")
        reasons.append(Reason("delegate_role", sentence.format(name=person.name, role=person.role.label)))
    if on_behalf_of.role is not Role.OFFICE_HEAD:
        sentence = _("{name} no es la jefatura de OPII: solo la jefatura se encarga.")
        reasons.append(Reason("not_the_head", sentence.format(name=on_behalf_of.name)))
    if person.id == on_behalf_of.id:
        reasons.append(Reason("own_delegate", _("Nadie se encarga de su propio puesto.")))
    return reasons


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


def was_entitled(approval: Approval, delegation: Delegation | None) -> bool:
    """Tell whether the approver might decide when they did: as the head, or by a delegation in force at that instant.

    `delegation` is the one that the approval names, as it now stands in the ledger.
    """
    if approval.delegation_id is None:
        return approval.role is Role.OFFICE_HEAD
    return (
        delegation is not None
        and delegation.id == approval.delegation_id
        and delegation.delegate_id == approval.approver_id
        and approval.role in _MAY_ACT_AS_HEAD
        and delegation.is_in_force(approval.decided_at)
    )


def is_own(person: Person, created_by: int) -> bool:
    """Tell whether a request is one that this person may look at: a requester sees their own alone."""
    return person.role is not Role.REQUESTER or created_by == person.id
