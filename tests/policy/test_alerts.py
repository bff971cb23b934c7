"""Alerts: each kind from the facts that cause it, at its limit, and none without a cause."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.accounts import Account
from core.deliveries import Delivery, DeliveryState
from core.events import SYSTEM
from core.platforms import Platform
from core.stops import Scope, Stop
from core.workers import WorkerRun
from policy.alerts import Alert, AlertKind, Limits, Watched, check_alerts

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LIMITS = Limits()
PAGE = Account(1, Platform.FACEBOOK, "inpe", "INPE", "1234", "https://facebook.com/inpe")
ALIVE = WorkerRun(1, "prensa:7", "0.1", NOW - timedelta(hours=1), NOW)
QUIET = Watched(
    now=NOW,
    accounts={1: PAGE},
    renewed=frozenset(),
    overdue=(),
    troubled=(),
    workers=(ALIVE,),
    work_since=None,
    stops=(),
)
K = AlertKind


def delivery(state: DeliveryState, **given: Any) -> Delivery:
    return Delivery(4, "vocero-4", 9, 1, 1, 1, state, NOW - timedelta(hours=1), NOW, None, 1, **given)


def beaten(ago: timedelta, **given: Any) -> WorkerRun:
    return replace(ALIVE, **({"started_at": NOW - ago - timedelta(hours=1), "beat_at": NOW - ago} | given))


def account(**given: Any) -> dict[str, Any]:
    return {"accounts": {1: replace(PAGE, **given)}}


def opened(by: str, ago: timedelta, **scope: Any) -> dict[str, Any]:
    return {"stops": (Stop(3, Scope(**scope), "crisis", by, NOW - ago),)}


S, DAY = DeliveryState, timedelta(days=1)
TABLE: list[tuple[str, dict[str, Any], list[AlertKind]]] = [
    ("all is well", {}, []),
    ("no worker and nothing to do", {"workers": ()}, []),
    ("no worker and work", {"workers": (), "work_since": NOW - LIMITS.silence - TICK}, [K.NO_WORKER]),
    ("no worker and work that just came", {"workers": (), "work_since": NOW - LIMITS.silence}, []),
    ("a worker and old work", {"work_since": NOW - DAY}, []),
    ("a worker at the limit of silence", {"workers": (beaten(LIMITS.silence),)}, []),
    ("a silent worker", {"workers": (beaten(LIMITS.silence + TICK),)}, [K.WORKER_SILENT]),
    ("one that ended well", {"workers": (beaten(DAY, stopped_at=NOW - DAY),)}, []),
    (
        "only one that ended well, and work",
        {"workers": (beaten(DAY, stopped_at=NOW - DAY),), "work_since": NOW - DAY},
        [K.NO_WORKER],
    ),
    (
        "a silent one, and work",
        {"workers": (beaten(DAY),), "work_since": NOW - DAY},
        [K.NO_WORKER, K.WORKER_SILENT],
    ),
    (
        "a silent one that another on its machine replaced",
        {"workers": (beaten(DAY, started_at=NOW - DAY * 2), replace(ALIVE, id=2, name="prensa:8"))},
        [],
    ),
    (
        "a silent one beside another that ran already",
        {"workers": (beaten(timedelta(minutes=5)), replace(ALIVE, id=2, started_at=NOW - DAY))},
        [K.WORKER_SILENT],
    ),
    (
        "a silent one on another machine",
        {"workers": (beaten(DAY, started_at=NOW - DAY * 2), replace(ALIVE, id=2, name="otra:8"))},
        [K.WORKER_SILENT],
    ),
    ("overdue", {"overdue": (delivery(S.STAGING),)}, [K.OVERDUE]),
    ("held past its hour", {"overdue": (delivery(S.HELD, reason="Motivo."),)}, [K.OVERDUE]),
    ("failed", {"troubled": (delivery(S.FAILED),)}, [K.FAILED]),
    ("missed", {"troubled": (delivery(S.MISSED),)}, [K.MISSED]),
    ("unknown", {"troubled": (delivery(S.UNKNOWN),)}, [K.UNKNOWN]),
    ("credentials that end soon", account(credentials_expire_at=NOW + LIMITS.expiry), [K.CREDENTIALS_END]),
    ("credentials that end later", account(credentials_expire_at=NOW + LIMITS.expiry + TICK), []),
    ("credentials that ended", account(credentials_expire_at=NOW - DAY), [K.CREDENTIALS_END]),
    (
        "credentials that the program renews",
        account(credentials_expire_at=NOW - DAY) | {"renewed": frozenset({1})},
        [],
    ),
    (
        "a consent that ends, whatever is renewed",
        account(connect_again_before=NOW + DAY) | {"renewed": frozenset({1})},
        [K.CONSENT_ENDS],
    ),
    ("a consent that ends later", account(connect_again_before=NOW + LIMITS.expiry + TICK), []),
    ("an account that the program stopped", opened(SYSTEM, TICK, account_id=1), [K.ACCOUNT_PAUSED]),
    ("an account that the head stopped", opened("jefa", TICK, account_id=1), []),
    ("a stop at its limit", opened("jefa", LIMITS.stop), []),
    ("an old stop", opened("jefa", LIMITS.stop + TICK), [K.STOP_OPEN]),
    ("an old stop of an account", opened("jefa", DAY * 2, account_id=1), [K.STOP_OPEN]),
    ("an old stop of the program's", opened(SYSTEM, DAY * 2, account_id=1), [K.ACCOUNT_PAUSED]),
]


def judged(**facts: Any) -> list[Alert]:
    return check_alerts(replace(QUIET, **facts), LIMITS)


@pytest.mark.parametrize(("what", "facts", "kinds"), TABLE, ids=[row[0] for row in TABLE])
def test_each_kind_at_its_limit(what: str, facts: dict[str, Any], kinds: list[AlertKind]) -> None:
    found = judged(**facts)
    assert [alert.kind for alert in found] == kinds
    for alert in found:
        assert "{" not in alert.sentence
        assert alert.said.endswith((".", "!")), alert.said
        assert alert.way_out


def test_every_kind_is_in_the_table() -> None:
    assert {kind for _, _, kinds in TABLE for kind in kinds} == set(AlertKind)


def test_an_alert_names_what_it_is_about_and_the_way_out() -> None:
    [held] = judged(overdue=(delivery(S.HELD, reason="Hay una detención."),))
    assert held.key == ("overdue", "delivery:4")
    assert held.said == (
        "El envío 4 (publicación 9, Facebook · INPE) debía salir el lun 23/11/2026 09:00 y está «En pausa». "
        "Hay una detención."
    )
    assert "vocero posts schedule 9 --at" in held.way_out
    [unknown] = judged(troubled=(delivery(S.UNKNOWN),))
    assert "vocero unknown settle 4" in unknown.way_out
    [paused] = judged(**opened(SYSTEM, TICK, account_id=1))
    assert (paused.said, "accounts resume 1" in paused.way_out) == (
        "Vocero dejó de usar Facebook · INPE el lun 23/11/2026 09:59: crisis.",
        True,
    )
    [old] = judged(**opened("jefa", DAY * 2, platform=Platform.X))
    assert "La detención 3 (X) sigue abierta" in old.said
    assert "vocero stops lift 3" in old.way_out


def test_a_restart_of_the_same_worker_is_another_alert() -> None:
    first, second = (judged(workers=(beaten(DAY, id=number),))[0] for number in (1, 2))
    assert first.key != second.key
