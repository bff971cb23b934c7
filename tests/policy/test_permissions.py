"""Who may do what: every act by every role, against the table of the procedure (section 2)."""

from itertools import product

import pytest

from core.people import Person, Role
from policy.permissions import Act, check_approver, check_may

HEAD, OWNER, LEAD, ADMIN = Role.OFFICE_HEAD, Role.CONTENT_OWNER, Role.TEAM_LEAD, Role.SYSTEM_ADMIN
# procedure.md, section 2: what each may. The head may edit, and then may not approve that; the team lead coordinates
# and proposes slots, by importing, editing and submitting; an approved slot is carried out by its owner too.
TABLE: dict[Act, set[Role]] = {
    Act.IMPORT_PROGRAMME: {HEAD, OWNER, LEAD},
    Act.EDIT_POST: {HEAD, OWNER, LEAD},
    Act.SUBMIT_POST: {OWNER, LEAD},
    Act.APPROVE_POST: {HEAD},
    Act.RETURN_POST: {HEAD},
    Act.SCHEDULE_POST: {HEAD, OWNER},
    Act.CANCEL_POST: {HEAD},
    Act.SIGN_CONSENT: {HEAD, OWNER, LEAD},
    Act.WAIVE_RULE: {HEAD},
    Act.SETTLE_UNKNOWN: {HEAD, OWNER},
    Act.CONNECT_ACCOUNT: {ADMIN},
    Act.PAUSE_ACCOUNT: {HEAD, ADMIN},
    Act.RESUME_ACCOUNT: {HEAD},
    Act.OPEN_STOP: {HEAD},
    Act.LIFT_STOP: {HEAD},
    Act.ADD_PERSON: {ADMIN},
}
# the column "may never", in the acts that there are
NEVER: dict[Role, set[Act]] = {
    Role.REQUESTER: {Act.CONNECT_ACCOUNT, Act.PAUSE_ACCOUNT, Act.RESUME_ACCOUNT},
    Role.SENIOR_MANAGEMENT: {Act.APPROVE_POST},
    LEAD: {Act.APPROVE_POST, Act.WAIVE_RULE},
    OWNER: {Act.APPROVE_POST, Act.WAIVE_RULE},
    Role.DESIGNER: {Act.APPROVE_POST, Act.SCHEDULE_POST, Act.SETTLE_UNKNOWN},
    Role.COMMUNITY_AGENT: {Act.SCHEDULE_POST, Act.APPROVE_POST},
    Role.AUDITOR: set(Act),
    Role.PRIVACY_OFFICER: {Act.SCHEDULE_POST, Act.APPROVE_POST},
    ADMIN: {Act.EDIT_POST, Act.SUBMIT_POST, Act.APPROVE_POST, Act.IMPORT_PROGRAMME, Act.SCHEDULE_POST},
}


def person(role: Role, *, active: bool = True) -> Person:
    return Person(7, "ana", "Ana Quispe", role, active)


def test_the_table_names_every_act() -> None:
    assert set(TABLE) == set(Act)


@pytest.mark.parametrize(("act", "role"), list(product(Act, Role)))
def test_who_may_and_who_may_not(act: Act, role: Role) -> None:
    reasons = check_may(person(role), act)
    assert [reason.code for reason in reasons] == ([] if role in TABLE[act] else ["role"])
    for reason in reasons:
        assert role.label in reason.sentence
        assert all(each.label in reason.sentence for each in TABLE[act])


def test_nobody_has_what_the_procedure_says_they_never_have() -> None:
    assert [(role, act) for role, acts in NEVER.items() for act in acts if not check_may(person(role), act)] == []


@pytest.mark.parametrize("act", Act)
def test_who_left_may_nothing(act: Act) -> None:
    for role in TABLE[act]:
        assert [reason.code for reason in check_may(person(role, active=False), act)] == ["inactive"]


def test_nobody_approves_what_they_wrote() -> None:
    assert check_approver(person(HEAD), {1, 2}) == []
    assert [reason.code for reason in check_approver(person(HEAD), {1, 7})] == ["approver_is_author"]
