"""What somebody must hear of although nobody asked: facts in, alerts out; pure.

Alerts are worked out anew each time and kept nowhere, so that none outlives its cause.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.accounts import Account
from core.deliveries import Delivery, DeliveryState
from core.events import SYSTEM
from core.lima import shown
from core.stops import Stop
from core.texts import _
from core.workers import WorkerRun


class AlertKind(StrEnum):
    """What an alert is about; for programs."""

    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    FAILED = "failed"
    MISSED = "missed"
    WORKER_SILENT = "worker_silent"
    NO_WORKER = "no_worker"
    CREDENTIALS_END = "credentials_end"
    CONSENT_ENDS = "consent_ends"
    ACCOUNT_PAUSED = "account_paused"
    STOP_OPEN = "stop_open"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to see to. `subject` is `kind:id`; `since` when it began, aware UTC; the rest is Spanish for people."""

    kind: AlertKind
    subject: str
    since: datetime
    said: str
    way_out: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same alert as a minute ago."""
        return self.kind, self.subject

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.said} {self.way_out}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is too long. All are [default]: ours, no source."""

    overdue: timedelta = timedelta(minutes=10)
    silence: timedelta = timedelta(seconds=60)
    expiry: timedelta = timedelta(days=14)
    stop: timedelta = timedelta(hours=24)
    trouble: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Watched:
    """All that alerts follow from.

    `overdue` and `troubled` are deliveries (storage/neglected.py); `work_since`: when the oldest work that no worker
    has in hand came due, None: there is none; `stops` are the open ones; `renewed` holds the numbers of the accounts
    whose credentials the program renews itself: when those end is no matter.
    """

    now: datetime
    accounts: Mapping[int, Account]
    renewed: frozenset[int]
    overdue: tuple[Delivery, ...]
    troubled: tuple[Delivery, ...]
    workers: tuple[WorkerRun, ...]
    work_since: datetime | None
    stops: tuple[Stop, ...]


def check_alerts(watched: Watched, limits: Limits) -> list[Alert]:
    """Return every alert, the most urgent kinds first."""
    return [
        *_of_workers(watched, limits),
        *_of_stops(watched, limits),
        *(_overdue(each, watched) for each in watched.overdue),
        *(_trouble(each, watched) for each in watched.troubled),
        *_of_credentials(watched, limits),
    ]


def _of_workers(watched: Watched, limits: Limits) -> list[Alert]:
    found = []
    alive = [run for run in watched.workers if run.is_alive(watched.now, silence=limits.silence)]
    if not alive and watched.work_since is not None and watched.now - watched.work_since > limits.silence:
        said = _("Hay envíos que tocan desde el {hour} y ningún proceso que los haga.")
        way_out = _("Inicie uno: vocero run")
        found.append(
            Alert(
                AlertKind.NO_WORKER,
                "worker:none",
                watched.work_since,
                said.format(hour=_hour(watched.work_since)),
                way_out,
            )
        )
    for run in watched.workers:
        if run.stopped_at is None and run not in alive and not _is_replaced(run, watched.workers):
            said = _("El proceso {name} no da señales desde el {hour} y no se detuvo en orden.")
            way_out = _("Revise esa máquina e inícielo otra vez: vocero run")
            found.append(
                Alert(
                    AlertKind.WORKER_SILENT,
                    f"worker:{run.id}",
                    run.beat_at,
                    said.format(name=run.name, hour=_hour(run.beat_at)),
                    way_out,
                )
            )
    return found


def _is_replaced(silent: WorkerRun, workers: tuple[WorkerRun, ...]) -> bool:
    """Tell whether somebody has started another one on that machine since: then it was seen to."""
    return any(run.host == silent.host and run.started_at > silent.beat_at for run in workers)


def _hour(instant: datetime) -> str:
    return shown(instant.replace(second=0, microsecond=0))


def _of_stops(watched: Watched, limits: Limits) -> list[Alert]:
    found = []
    for stop in watched.stops:
        account = watched.accounts.get(stop.scope.account_id or 0)
        values = {
            "id": stop.id,
            "hour": _hour(stop.opened_at),
            "reason": stop.reason.rstrip(".") or _("sin motivo anotado"),
            "scope": stop.scope.named(account),
            "account": stop.scope.account_id,
        }
        if stop.opened_by == SYSTEM and stop.scope.account_id is not None:
            said = _("Vocero dejó de usar {scope} el {hour}: {reason}.")
            way_out = _("Arregle la conexión y la jefatura la reanuda: vocero accounts resume {account}")
            kind = AlertKind.ACCOUNT_PAUSED
        elif watched.now - stop.opened_at > limits.stop:
            said = _("La detención {id} ({scope}) sigue abierta desde el {hour}: {reason}.")
            way_out = _("Si ya no hace falta, la jefatura la levanta: vocero stops lift {id} --reason …")
            kind = AlertKind.STOP_OPEN
        else:
            continue
        found.append(Alert(kind, f"stop:{stop.id}", stop.opened_at, said.format(**values), way_out.format(**values)))
    return found


def _overdue(delivery: Delivery, watched: Watched) -> Alert:
    said = _("El {delivery} debía salir el {hour} y está «{state}».{why}")
    way_out = _("Véalo: vocero posts show {post}")
    if delivery.state is DeliveryState.HELD:
        way_out = _("Prográmelo otra vez (vocero posts schedule {post} --at …) o anúlelo (vocero posts cancel {post}).")
    return _about(delivery, AlertKind.OVERDUE, said, way_out, watched)


def _trouble(delivery: Delivery, watched: Watched) -> Alert:
    if delivery.state is DeliveryState.UNKNOWN:
        said = _("No se sabe si salió el {delivery} (era para el {hour}).")
        way_out = _("Mire la cuenta y responda: vocero unknown settle {id}; lo averiguado: vocero unknown show {id}")
        return _about(delivery, AlertKind.UNKNOWN, said, way_out, watched)
    if delivery.state is DeliveryState.MISSED:
        said = _("El {delivery}, del {hour}, no salió a tiempo.{why}")
        way_out = _("Dele otra hora: vocero posts schedule {post} --at …")
        return _about(delivery, AlertKind.MISSED, said, way_out, watched)
    said = _("El {delivery}, del {hour}, falló.{why}")
    way_out = _("Corríjalo (vocero posts edit {post} …) o prográmelo otra vez (vocero posts schedule {post} --at …).")
    return _about(delivery, AlertKind.FAILED, said, way_out, watched)


def _about(delivery: Delivery, kind: AlertKind, said: str, way_out: str, watched: Watched) -> Alert:
    account = watched.accounts[delivery.account_id]
    named = _("envío {id} (publicación {post}, {account})").format(
        id=delivery.id, post=delivery.post_id, account=f"{account.platform.label} · {account.name}"
    )
    values = {
        "delivery": named,
        "hour": _hour(delivery.publish_at),
        "state": delivery.state.label,
        "why": f" {delivery.reason}" if delivery.reason else "",
        "id": delivery.id,
        "post": delivery.post_id,
    }
    return Alert(kind, f"delivery:{delivery.id}", delivery.publish_at, said.format(**values), way_out.format(**values))


def _of_credentials(watched: Watched, limits: Limits) -> list[Alert]:
    found = []
    for account in watched.accounts.values():
        ends = (
            (
                AlertKind.CREDENTIALS_END,
                None if account.id in watched.renewed else account.credentials_expire_at,
                _("La conexión de {account} venció el {hour}."),
                _("La conexión de {account} vence el {hour}."),
            ),
            (
                AlertKind.CONSENT_ENDS,
                account.connect_again_before,
                _("La autorización de {account} terminó el {hour}."),
                _("La autorización de {account} termina el {hour}."),
            ),
        )
        for kind, ends_at, over, soon in ends:
            if ends_at is None or ends_at - watched.now > limits.expiry:
                continue
            said = (over if ends_at <= watched.now else soon).format(
                account=f"{account.platform.label} · {account.name}", hour=_hour(ends_at)
            )
            way_out = _("Conéctela otra vez: vocero accounts connect")
            found.append(Alert(kind, f"account:{account.id}", ends_at, said, way_out))
    return found
