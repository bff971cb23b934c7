"""An act and a worker's step about one delivery at the same time, on PostgreSQL: one after the other, never mixed.

On SQLite a transaction that writes is alone. In each case the worker's commit comes between what the act judges and
what it does: it has to wait, and is then told that the delivery is not its own any more.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.deliveries import Delivery, DeliveryState
from core.posts import PostState
from scheduler.workbench import Workbench
from storage.database import Database
from storage.deliveries import LostLease
from storage.transaction import Transaction
from tests.databases import Clock
from tests.vocero.desk import ActingOffice
from vocero.actions import Action, CancelPost, Change, RevisePost, SettleUnknown

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"])
State = DeliveryState
WAITS = 0.3  # seconds: long enough for a step that need not wait


@pytest.fixture
def opii(database: Database, clock: Clock, tmp_path: Path) -> ActingOffice:
    return ActingOffice.open(database, clock, tmp_path)


@pytest.fixture
def bench(opii: ActingOffice) -> Workbench:
    return Workbench(
        opii.office.database,
        opii.office.media,
        opii.office.connect,
        "a worker",
        opii.office.rules.on,
        opii.office.words.on,
    )


def test_a_post_is_cancelled_before_a_worker_begins_or_not_at_all(opii: ActingOffice, bench: Workbench) -> None:
    delivery = in_hand(opii, bench, State.STAGING)
    act = between(CancelPost, lambda: move(bench, delivery, State.PUBLISHING))
    act(opii.office, opii.head, post_id=delivery.post_id, reason="ya no").run()
    assert act.worker() == "LostLease"
    assert opii.post(delivery.post_id).state is PostState.CANCELLED
    assert current(opii, delivery).state is State.CANCELLED


def test_a_post_is_edited_before_a_worker_begins_or_not_at_all(opii: ActingOffice, bench: Workbench) -> None:
    delivery = in_hand(opii, bench, State.STAGING)
    act = between(RevisePost, lambda: move(bench, delivery, State.PUBLISHING))
    act(opii.office, opii.owner, post_id=delivery.post_id, change=Change(text="Otro")).run()
    assert act.worker() == "LostLease"
    assert opii.post(delivery.post_id).state is not PostState.APPROVED
    assert current(opii, delivery).state is State.CANCELLED


def test_what_a_person_settles_a_worker_does_not_settle_meanwhile(opii: ActingOffice, bench: Workbench) -> None:
    delivery = in_hand(opii, bench, State.STAGING, State.PUBLISHING, State.UNKNOWN)
    act = between(SettleUnknown, lambda: move(bench, delivery, State.PUBLISHED))
    act(opii.office, opii.head, delivery_id=delivery.id, url=None).run()
    assert act.worker() == "LostLease"
    assert current(opii, delivery).state is State.FAILED


def in_hand(opii: ActingOffice, bench: Workbench, *states: DeliveryState) -> Delivery:
    """Return a claimed delivery that went through these states."""
    opii.scheduled(opii.site)
    opii.clock.advance(hours=2)
    with opii.office.database.write() as transaction:
        (delivery,) = transaction.deliveries.claim(
            worker=bench.worker, lease=timedelta(minutes=3), limit=1, now=transaction.now
        )
    for state in states:
        delivery = move(bench, delivery, state)
    return delivery


def move(bench: Workbench, delivery: Delivery, state: DeliveryState) -> Delivery:
    with bench.database.write() as transaction:
        return bench.move(transaction, delivery, state, due_at=delivery.due_at, keep_lease=True)


def between(kind: type[Action[Any]], step: Callable[[], object]) -> Any:
    """Return the act with a worker's step begun between its check and its deed."""
    told: list[str] = []

    def work() -> None:
        try:
            step()
        except LostLease as error:
            told.append(type(error).__name__)
        else:
            told.append("done")

    thread = threading.Thread(target=work)

    class Overtaken(kind):  # type: ignore[misc, valid-type]
        def act(self, transaction: Transaction) -> Any:
            if thread.ident is None:
                thread.start()
                thread.join(WAITS)
            return super().act(transaction)

        @staticmethod
        def worker() -> str:
            thread.join(20)
            return told[0]

    return Overtaken


def current(opii: ActingOffice, delivery: Delivery) -> Delivery:
    with opii.office.database.read() as transaction:
        return transaction.deliveries.get(delivery.id)
