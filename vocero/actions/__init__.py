"""What people do, one class an act: `check`, then `act`, then the record. Every door of the house leads here."""

from vocero.actions.accounts import ConnectAccount, PauseAccount, ResumeAccount
from vocero.actions.base import Action
from vocero.actions.deliveries import SchedulePost, SettleUnknown
from vocero.actions.images import SignConsent, WaiveRule
from vocero.actions.people import AddPerson, add_first_person
from vocero.actions.posts import ApprovePost, CancelPost, Change, ReturnPost, RevisePost, SubmitPost
from vocero.actions.programme import Imported, ImportProgramme
from vocero.actions.stops import Lifted, LiftStop, OpenStop
from vocero.digests import digests

__all__ = [
    "Action",
    "AddPerson",
    "ApprovePost",
    "CancelPost",
    "Change",
    "ConnectAccount",
    "ImportProgramme",
    "Imported",
    "LiftStop",
    "Lifted",
    "OpenStop",
    "PauseAccount",
    "ResumeAccount",
    "ReturnPost",
    "RevisePost",
    "SchedulePost",
    "SettleUnknown",
    "SignConsent",
    "SubmitPost",
    "WaiveRule",
    "add_first_person",
    "digests",
]
