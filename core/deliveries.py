"""The states of a delivery, and how one becomes another. The table is mirrored in docs/architecture.md (tested)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where an approved revision is on its way to one account."""

    SCHEDULED = "scheduled"
    STAGING = "staging"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    UNKNOWN = "unknown"
    HELD = "held"
    MISSED = "missed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TAKEN_DOWN = "taken_down"

    @property
    def label(self) -> str:
        """The office's word."""
        return _LABELS[self]


_LABELS = {
    DeliveryState.SCHEDULED: "Programada",
    DeliveryState.STAGING: "Preparando",
    DeliveryState.PUBLISHING: "Publicando",
    DeliveryState.PUBLISHED: "Publicada",
    DeliveryState.UNKNOWN: "Resultado incierto",
    DeliveryState.HELD: "En pausa",
    DeliveryState.MISSED: "No enviada a tiempo",
    DeliveryState.FAILED: "Fallida",
    DeliveryState.CANCELLED: "Anulada",
    DeliveryState.TAKEN_DOWN: "Retirada",
}

_S = DeliveryState
# A visible write happens only in PUBLISHING. From there and from UNKNOWN nothing leads to CANCELLED: the public may see
# the post, and only the platform's clear refusal, a look at it or a person can say that it does not.
TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    _S.SCHEDULED: frozenset({_S.STAGING, _S.HELD, _S.MISSED, _S.FAILED, _S.CANCELLED}),
    _S.STAGING: frozenset({_S.SCHEDULED, _S.PUBLISHING, _S.HELD, _S.MISSED, _S.FAILED, _S.CANCELLED}),
    _S.PUBLISHING: frozenset({_S.PUBLISHED, _S.UNKNOWN, _S.SCHEDULED, _S.HELD, _S.MISSED, _S.FAILED}),
    _S.UNKNOWN: frozenset({_S.PUBLISHED, _S.SCHEDULED, _S.HELD, _S.MISSED, _S.FAILED}),
    _S.HELD: frozenset({_S.SCHEDULED, _S.CANCELLED, _S.MISSED, _S.PUBLISHED}),
    _S.PUBLISHED: frozenset({_S.TAKEN_DOWN}),
    _S.MISSED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.TAKEN_DOWN: frozenset(),
}

# A worker takes up only these; the rest wait for a person or are over.
WORKABLE = frozenset({_S.SCHEDULED, _S.STAGING, _S.PUBLISHING, _S.UNKNOWN})
# Of these a post may have at most one per account, ever (a partial unique index): a second one could go out twice.
OCCUPYING = frozenset(DeliveryState) - {_S.MISSED, _S.FAILED, _S.CANCELLED}
# These may want somebody's eyes: on their way still, or ended otherwise than the office wanted.
UNSETTLED = frozenset(DeliveryState) - {_S.PUBLISHED, _S.CANCELLED, _S.TAKEN_DOWN}


def may_become(before: DeliveryState, after: DeliveryState) -> bool:
    """Tell whether the table has this transition."""
    return after in TRANSITIONS[before]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a connector has prepared so far that nobody can see.

    `token` is JSON, opaque to the caller, who stores it after every answer and hands it back; `again_in` says when
    to call again while not `ready`.
    """

    token: dict[str, object] = field(repr=False)
    ready: bool
    again_in: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Published:
    """What the public can see: the platform's id and where people find it.

    `rest`: set when only a part of the post is out (the first messages of a thread): the stage with which the next
    part is published, by one visible write more. `remote_id` and `url` are always those of the first part.
    """

    remote_id: str
    url: str
    published_at: datetime | None = None
    rest: Stage | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An approved revision on its way to one account. The row behind it is the only truth; instants are aware UTC.

    `publish_at` is the hour the office chose; `due_at` when a worker should next take it up (None: a person's turn,
    or over); `late_after` the last instant at which the visible write may start. `fence` grows with every claim: a
    worker's word counts only under the number it was given. `tries` counts failures since the last progress,
    `looks` how often the platform was asked whether the post is there. `follows`: the website's delivery of the
    same post, whose address this one needs (core/permalink.py).
    """

    id: int
    key: str
    post_id: int
    revision_id: int
    account_id: int
    approval_id: int
    state: DeliveryState
    publish_at: datetime
    late_after: datetime
    due_at: datetime | None
    fence: int
    lease_until: datetime | None = None
    stage: Stage | None = None
    tries: int = 0
    looks: int = 0
    follows: int | None = None
    remote_id: str = ""
    url: str = ""
    published_at: datetime | None = None
    reason: str = ""

    @property
    def is_begun(self) -> bool:
        """Tell whether a part of it (the first messages of a thread) is public and the rest is not yet.

        Such a one is never cancelled, failed or missed: the public sees it, and a person says what becomes of it.
        """
        return bool(self.remote_id) and self.state not in (DeliveryState.PUBLISHED, DeliveryState.TAKEN_DOWN)


class Step(StrEnum):
    """What a worker was doing with a delivery."""

    STAGE = "stage"
    PUBLISH = "publish"
    FIND = "find"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to a platform. A publish attempt without `finished_at` is an intent: it may have landed."""

    id: int
    delivery_id: int
    step: Step
    worker: str
    fence: int
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = ""
    detail: str = ""
