"""What people do, one class an act: `check`, then `act`, then the record. Every door of the house leads here."""

from vocero.actions.accounts import ConnectAccount, PauseAccount, ResumeAccount
from vocero.actions.base import Action
from vocero.actions.calendar import (
    ClassifyPost,
    DeclareDay,
    EndEmbargo,
    EndPeriod,
    EnterEmbargo,
    EnterPeriod,
    SignClassification,
    WithdrawDay,
)
from vocero.actions.delegations import EndDelegation, GrantDelegation
from vocero.actions.deliveries import SchedulePost, SettleUnknown
from vocero.actions.drafting import DraftPost
from vocero.actions.images import SignConsent, WaiveRule
from vocero.actions.people import AddPerson, add_first_person
from vocero.actions.posts import CancelPost, Change, RevisePost
from vocero.actions.programme import Imported, ImportProgramme
from vocero.actions.requests import (
    AddRequest,
    AssignRequest,
    EscalateRequest,
    EvaluateRequest,
    HandOverRequest,
    ObserveRequest,
    RejectRequest,
    RequestAct,
    SeniorWord,
    SubmitRequest,
)
from vocero.actions.requests_deciding import DecideRequest, RatifyDecision
from vocero.actions.requests_ending import CancelRequest, CloseRequest, DuplicateRequest, WithdrawRequest
from vocero.actions.review import ApprovePost, ReturnPost, RevokeApproval, SignChecklist, SubmitPost
from vocero.actions.stops import Lifted, LiftStop, OpenStop
from vocero.actions.upkeep import Found, catch_up
from vocero.digests import digests

__all__ = [
    "Action",
    "AddPerson",
    "AddRequest",
    "ApprovePost",
    "AssignRequest",
    "CancelPost",
    "CancelRequest",
    "Change",
    "ClassifyPost",
    "CloseRequest",
    "ConnectAccount",
    "DecideRequest",
    "DeclareDay",
    "DraftPost",
    "DuplicateRequest",
    "EndDelegation",
    "EndEmbargo",
    "EndPeriod",
    "EnterEmbargo",
    "EnterPeriod",
    "EscalateRequest",
    "EvaluateRequest",
    "Found",
    "GrantDelegation",
    "HandOverRequest",
    "ImportProgramme",
    "Imported",
    "LiftStop",
    "Lifted",
    "ObserveRequest",
    "OpenStop",
    "PauseAccount",
    "RatifyDecision",
    "RejectRequest",
    "RequestAct",
    "ResumeAccount",
    "ReturnPost",
    "RevisePost",
    "RevokeApproval",
    "SchedulePost",
    "SeniorWord",
    "SettleUnknown",
    "SignChecklist",
    "SignClassification",
    "SignConsent",
    "SubmitPost",
    "SubmitRequest",
    "WaiveRule",
    "WithdrawDay",
    "WithdrawRequest",
    "add_first_person",
    "catch_up",
    "digests",
]
