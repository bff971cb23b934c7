"""Planted bugs: each takes one safeguard out of the engine, and the simulation must notice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import update

from connectors.errors import Exists, OutcomeUnknown
from core.deliveries import Delivery, Step
from policy.gate import Facts, check_gate
from policy.reasons import Reason
from scheduler import delivering, settling, workbench
from scheduler.delivering import Deliverer
from scheduler.retry import Decision, Then, decide
from scheduler.settling import Settler
from scheduler.workbench import Workbench
from storage.deliveries import DeliveryRows
from storage.tables import deliveries

Mutation = Callable[[], Any]
MUTATIONS: dict[str, Mutation] = {}


def _planted(mutation: Callable[[], Iterator[None]]) -> Mutation:
    made = contextmanager(mutation)
    MUTATIONS[mutation.__name__] = made
    return made


@_planted
def retry_after_a_timeout() -> Iterator[None]:
    """A lost answer is taken for a failure, and the post is sent again."""

    def hasty(error: Any, *, step: Step, tries: int, patience: Any) -> Decision:
        decision = decide(error, step=step, tries=tries, patience=patience)
        return replace(decision, then=Then.RETRY) if type(error) is OutcomeUnknown else decision

    with patch.object(delivering, "decide", hasty):
        yield


@_planted
def result_before_the_call() -> Iterator[None]:
    """The row says published before anything was sent."""
    publish = Deliverer._publish

    def early(self: Deliverer, work: Any, delivery: Delivery, stage: Any, *, kept: bool) -> Delivery:
        connector, bench = work.connector, self._bench
        call = connector.publish

        def tell_first(post: Any, prepared: Any) -> Any:
            with bench.database.write() as transaction:
                transaction._connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id == delivery.id)
                    .values(state="published", due_at=None, lease_owner=None, lease_until=None)
                )
            return call(post, prepared)

        connector.publish = tell_first
        return publish(self, work, delivery, stage, kept=kept)

    with patch.object(Deliverer, "_publish", early):
        yield


@_planted
def no_fencing() -> Iterator[None]:
    """Whoever wakes writes into the row, whatever became of it."""

    def careless(self: DeliveryRows, delivery: Delivery, **values: object) -> Any:
        self._connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(**values))
        return self.get(delivery.id)

    with patch.object(DeliveryRows, "_write", careless):
        yield


@_planted
def no_second_gate() -> Iterator[None]:
    """The gate is passed before preparing, and not again before the write."""
    publish, check = Deliverer._publish, check_gate
    is_last = ContextVar("is_last", default=False)  # each task has a context of its own

    def blind(self: Deliverer, work: Any, delivery: Delivery, stage: Any, *, kept: bool) -> Delivery:
        is_last.set(True)
        try:
            return publish(self, work, delivery, stage, kept=kept)
        finally:
            is_last.set(False)

    def seldom(facts: Facts) -> list[Reason]:
        return [] if is_last.get() else check(facts)

    with patch.object(Deliverer, "_publish", blind), patch.object(delivering, "check_gate", seldom):
        yield


@_planted
def no_gate() -> Iterator[None]:
    """Nothing is ever asked."""
    with patch.object(delivering, "check_gate", lambda _facts: []):
        yield


@_planted
def may_always_write() -> Iterator[None]:
    """A worker that was frozen does not ask whether its lease still holds."""
    with patch.object(Workbench, "may_still_write", lambda *_given, **_named: True):
        yield


@_planted
def lateness_ignored() -> Iterator[None]:
    """What is late goes out all the same."""
    never = datetime(2100, 1, 1, tzinfo=UTC)
    refused, publish = Deliverer._refused, Deliverer._publish

    def late_refused(self: Deliverer, work: Any, state: Any) -> Any:
        return refused(self, replace(work, delivery=replace(work.delivery, late_after=never)), state)

    def late_publish(self: Deliverer, work: Any, delivery: Delivery, stage: Any, *, kept: bool) -> Delivery:
        known = delivery if kept else self._keep(delivery, stage)
        return publish(self, work, replace(known, late_after=never), stage, kept=True)

    with (
        patch.object(Deliverer, "_refused", late_refused),
        patch.object(Deliverer, "_publish", late_publish),
        patch.object(delivering, "_COMMIT", timedelta(days=1)),  # asked once more, just before the call
    ):
        yield


@_planted
def hour_ignored() -> Iterator[None]:
    """What is prepared goes out at once."""
    publish = Deliverer._publish

    def early(self: Deliverer, work: Any, delivery: Delivery, stage: Any, *, kept: bool) -> Delivery:
        known = delivery if kept else self._keep(delivery, stage)
        return publish(self, work, replace(known, publish_at=datetime(2000, 1, 1, tzinfo=UTC)), stage, kept=True)

    with patch.object(Deliverer, "_publish", early):
        yield


@_planted
def one_look_is_enough() -> Iterator[None]:
    """A single look that does not see it counts as proof that it did not go out."""
    with patch.object(Settler, "_is_confirmed", staticmethod(lambda *_given: True)):
        yield


@_planted
def no_look() -> Iterator[None]:
    """What may have gone out is taken for absent, without asking the platform."""

    def unasked(self: Settler, work: Any, stage: Any) -> Delivery:
        bench, delivery = self._bench, work.delivery
        with bench.database.write() as transaction:
            attempt = transaction.deliveries.begin(delivery, Step.FIND, worker=bench.worker, now=transaction.now)
        return self._absent(work, delivery, attempt)

    with patch.object(Settler, "_look", unasked):
        yield


@_planted
def no_look_is_believed() -> Iterator[None]:
    """However often the platform says that it is not there, a person is asked."""
    with patch.object(Settler, "_is_confirmed", staticmethod(lambda *_given: False)):
        yield


@_planted
def a_refusal_is_proof() -> Iterator[None]:
    """A refusal of the second write is believed about the first."""
    with patch.object(Deliverer, "_is_doubtful", staticmethod(lambda *_given: False)):
        yield


@_planted
def exists_is_forgotten() -> Iterator[None]:
    """That the platform said it has the post already is not remembered."""

    class Unheard(Exists):
        pass

    with patch.object(settling, "Exists", Unheard):
        yield


@_planted
def altered_files_pass() -> Iterator[None]:
    """Files are not compared with their digests."""
    with patch.object(workbench, "damaged", lambda *_given: ()):
        yield


@_planted
def no_asking_before_a_step() -> Iterator[None]:
    """A worker that was frozen goes on preparing what another has in hand."""
    with patch.object(Deliverer, "_held", lambda _self, _delivery, since: since):
        yield


@_planted
def silent_transitions() -> Iterator[None]:
    """What became of a delivery is not recorded."""
    from storage.transaction import Transaction

    with patch.object(Transaction, "record", lambda self: self._told.clear()):
        yield
