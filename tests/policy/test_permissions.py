"""Who may do what: every act by every role, against the table of the procedure (section 2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from core.delegations import Delegation
from core.people import Person, Role
from core.posts import Approval
from policy.permissions import Act, Authority, check_approver, check_delegate, check_may, is_own, was_entitled

HEAD, OWNER, LEAD, ADMIN = Role.OFFICE_HEAD, Role.CONTENT_OWNER, Role.TEAM_LEAD, Role.SYSTEM_ADMIN
UNIT, SENIOR, DESIGNER, COMMUNITY = Role.REQUESTER, Role.SENIOR_MANAGEMENT, Role.DESIGNER, Role.COMMUNITY_AGENT
AUDITOR, PRIVACY = Role.AUDITOR, Role.PRIVACY_OFFICER
# procedure.md, section 2: what each may. The head may edit, and then may not approve that; the team lead coordinates,
# hands over and proposes slots, by importing and editing; an approved slot is carried out by its owner too.
TABLE: dict[Act, set[Role]] = {
    Act.ADD_REQUEST: {UNIT, SENIOR, HEAD, LEAD, OWNER},
    Act.SUBMIT_REQUEST: {UNIT, SENIOR, HEAD, LEAD, OWNER},
    Act.EVALUATE_REQUEST: {HEAD, LEAD},
    Act.OBSERVE_REQUEST: {HEAD, LEAD},
    Act.ESCALATE_REQUEST: {HEAD},
    Act.DECIDE_REQUEST: {HEAD, SENIOR},
    Act.RATIFY_DECISION: {SENIOR},
    Act.REJECT_REQUEST: {HEAD},
    Act.ASSIGN_REQUEST: {HEAD},
    Act.HAND_OVER_REQUEST: {LEAD},
    Act.WITHDRAW_REQUEST: {UNIT},
    Act.CANCEL_REQUEST: {HEAD},
    Act.DUPLICATE_REQUEST: {HEAD, LEAD},
    Act.CLOSE_REQUEST: {HEAD, OWNER},
    Act.GRANT_DELEGATION: {HEAD, SENIOR},
    Act.END_DELEGATION: {HEAD, SENIOR},
    Act.IMPORT_PROGRAMME: {HEAD, OWNER, LEAD},
    Act.DRAFT_POST: {HEAD, OWNER, LEAD},
    Act.EDIT_POST: {HEAD, OWNER, LEAD},
    Act.SIGN_CHECKLIST: {OWNER},
    Act.SUBMIT_POST: {OWNER},
    Act.APPROVE_POST: {HEAD},
    Act.RETURN_POST: {HEAD},
    Act.REVOKE_APPROVAL: {HEAD},
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
    Act.READ_REQUESTS: {UNIT, SENIOR, HEAD, LEAD, OWNER, DESIGNER, COMMUNITY, AUDITOR, PRIVACY},
    Act.READ_POSTS: {SENIOR, HEAD, LEAD, OWNER, DESIGNER, COMMUNITY, AUDITOR, PRIVACY},
    Act.READ_DELEGATIONS: {SENIOR, HEAD, LEAD, OWNER, DESIGNER, COMMUNITY, AUDITOR, PRIVACY, ADMIN},
    Act.READ_ACCOUNTS: {SENIOR, HEAD, LEAD, OWNER, DESIGNER, COMMUNITY, AUDITOR, PRIVACY, ADMIN},
    Act.READ_RECORD: {HEAD, AUDITOR, PRIVACY},
    Act.KEEP_CALENDAR: {ADMIN, HEAD},
    Act.END_EMBARGO: {HEAD},
    Act.CLASSIFY_POST: {OWNER, LEAD, HEAD},
    Act.SIGN_CLASSIFICATION: {HEAD},
    Act.ADD_UNOFFICIAL: {HEAD, LEAD, OWNER, COMMUNITY},
    Act.REPORT_UNOFFICIAL: {HEAD, LEAD, COMMUNITY},
    Act.CLOSE_UNOFFICIAL: {HEAD, LEAD},
    Act.EXPORT_CASE: {HEAD, AUDITOR, PRIVACY},
    Act.EXPORT_PERSONAL_DATA: {AUDITOR, PRIVACY},
}
READING = {each for each in Act if each.startswith(("read_", "export_"))}
_APPROVALS = {Act.APPROVE_POST, Act.RETURN_POST, Act.REVOKE_APPROVAL, Act.WAIVE_RULE}
_PUBLISHING = {Act.SCHEDULE_POST, Act.SETTLE_UNKNOWN}
_CONTENT = {Act.IMPORT_PROGRAMME, Act.DRAFT_POST, Act.EDIT_POST, Act.SIGN_CHECKLIST, Act.SUBMIT_POST}
# the column "may never", in the acts that there are
NEVER: dict[Role, set[Act]] = {
    UNIT: {Act.CONNECT_ACCOUNT, Act.PAUSE_ACCOUNT, Act.RESUME_ACCOUNT, Act.READ_ACCOUNTS},
    SENIOR: _APPROVALS,
    LEAD: _APPROVALS,
    OWNER: _APPROVALS,
    DESIGNER: _APPROVALS | _PUBLISHING,
    COMMUNITY: _APPROVALS | _PUBLISHING,
    AUDITOR: set(Act) - READING,
    PRIVACY: _APPROVALS | _PUBLISHING,
    ADMIN: _APPROVALS | _PUBLISHING | _CONTENT | {Act.CLASSIFY_POST, Act.SIGN_CLASSIFICATION, Act.END_EMBARGO},
}
# what the acting head does in the head's stead; not: making further delegations
DELEGABLE = {act for act, roles in TABLE.items() if HEAD in roles} - {Act.GRANT_DELEGATION, Act.END_DELEGATION}
MAY_ACT_AS_HEAD = {HEAD, LEAD, OWNER, DESIGNER, COMMUNITY}
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
FOR_ANA = Delegation(
    id=3,
    delegate_id=7,
    on_behalf_of=2,
    starts_at=NOW - HOUR,
    ends_at=NOW + HOUR,
    legal_basis="R.D. 12-2026",
    granted_by=2,
    granted_at=NOW - 2 * HOUR,
)


def person(role: Role, *, active: bool = True) -> Person:
    return Person(7, "ana", "Ana Quispe", role, active)


def test_the_table_names_every_act() -> None:
    assert set(TABLE) == set(Act)


@pytest.mark.parametrize("role", Role)
def test_who_may_and_who_may_not(role: Role) -> None:
    for act in Act:
        reasons = check_may(person(role), act)
        assert [reason.code for reason in reasons] == ([] if role in TABLE[act] else ["role"]), act
        for reason in reasons:
            assert role.label in reason.sentence
            assert all(each.label in reason.sentence for each in TABLE[act])


@pytest.mark.parametrize("role", Role)
def test_a_delegate_is_the_acting_head_and_nothing_more(role: Role) -> None:
    authority = Authority(person(role), [FOR_ANA], NOW)
    for act in Act:
        may = role in TABLE[act] or (act in DELEGABLE and role in MAY_ACT_AS_HEAD)
        assert [reason.code for reason in authority.check(act)] == ([] if may else ["role"]), act
        by = authority.delegation_for(act)
        assert by == (FOR_ANA if may and role not in TABLE[act] else None), act


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"starts_at": NOW}, True),
        ({"starts_at": NOW + timedelta(microseconds=1)}, False),
        ({"ends_at": NOW}, False),
        ({"ends_at": NOW + timedelta(microseconds=1)}, True),
        ({"granted_at": NOW + timedelta(microseconds=1)}, False),
        ({"ended_at": NOW}, False),
        ({"ended_at": NOW + timedelta(microseconds=1)}, True),
        ({"delegate_id": 8}, False),
    ],
)
def test_a_delegation_counts_between_its_dates_and_for_its_person_only(change: dict[str, object], counts: bool) -> None:
    delegation = replace(FOR_ANA, **change)  # type: ignore[arg-type]
    assert (Authority(person(LEAD), [delegation], NOW).check(Act.APPROVE_POST) == []) is counts
    approval = Approval(1, 1, 1, "ab" * 32, 7, NOW, LEAD, delegation_id=3)
    assert was_entitled(approval, delegation) is counts


def test_an_approval_rests_on_the_role_or_on_the_delegation_it_names() -> None:
    approval = Approval(1, 1, 1, "ab" * 32, 7, NOW, HEAD)
    assert was_entitled(approval, None)
    assert not was_entitled(replace(approval, role=OWNER), None)
    assert not was_entitled(replace(approval, role=OWNER, delegation_id=3), None)
    assert not was_entitled(replace(approval, role=OWNER, delegation_id=4), FOR_ANA)
    assert not was_entitled(replace(approval, role=SENIOR, delegation_id=3), FOR_ANA)


@pytest.mark.parametrize("role", Role)
def test_who_may_be_the_acting_head(role: Role) -> None:
    head = Person(2, "jefa", "Jefa", HEAD)
    codes = [reason.code for reason in check_delegate(person(role), on_behalf_of=head)]
    assert codes == ([] if role in MAY_ACT_AS_HEAD else ["delegate_role"])


def test_nobody_has_what_the_procedure_says_they_never_have() -> None:
    assert [(role, act) for role, acts in NEVER.items() for act in acts if not check_may(person(role), act)] == []


def test_who_reads_everything_writes_nothing() -> None:
    for role, act in product((AUDITOR, PRIVACY), Act):
        assert (check_may(person(role), act) == []) is (act in READING)


def test_a_unit_reads_its_own_requests_alone() -> None:
    assert is_own(person(UNIT), 7)
    assert not is_own(person(UNIT), 8)
    assert is_own(person(AUDITOR), 8)


@pytest.mark.parametrize("act", Act)
def test_who_left_may_nothing(act: Act) -> None:
    for role in Role:
        gone = Authority(person(role, active=False), [FOR_ANA], NOW)
        assert [reason.code for reason in gone.check(act)] == ["inactive"]


def test_nobody_approves_what_they_wrote() -> None:
    assert check_approver(person(HEAD), {1, 2}) == []
    assert [reason.code for reason in check_approver(person(HEAD), {1, 7})] == ["approver_is_author"]
