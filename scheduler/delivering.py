"""One claimed delivery, carried as far as it goes: gate, stage, gate again, intent, the visible write, result.

Each step commits before the next begins, so that a process may die anywhere: the next claim goes on from the row.
Who runs this does not matter; the ledger makes a second hand harmless. What happens to a write that may have landed
is in scheduler/settling.py.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import structlog

from connectors.errors import ConnectorError, Misconfigured, OutcomeUnknown, TokenRefused, Unavailable
from core.capabilities import Repeating
from core.deliveries import Delivery, DeliveryState, Stage, Step
from core.errors import StorageError
from core.lima import shown
from core.texts import _
from policy.gate import check_gate
from scheduler.facts import content_of
from scheduler.following import await_site, past_limit, reason_to_wait, sent_of
from scheduler.quotas import wait_for_quota
from scheduler.retry import Decision, Then, decide
from scheduler.workbench import PART, Progress, Work, Workbench, held_by, outcome_of
from storage.deliveries import LostLease
from storage.transaction import Transaction

log = structlog.get_logger()

State = DeliveryState
_COMMIT = timedelta(seconds=1)  # so long a commit may take, and the write after it still counts as begun in time
NOT_WRITTEN = "not_written"  # the outcome of an intent that was given up before its call
_OVER = frozenset({State.PUBLISHED, State.FAILED, State.MISSED, State.CANCELLED})


class Deliverer:
    """Carries one claimed delivery as far as it goes now. Thread-safe; never raises for a platform's failure."""

    def __init__(self, bench: Workbench, settle: Callable[[Work], Delivery]) -> None:
        self._bench = bench
        self._settle = settle

    def deliver(self, delivery: Delivery) -> None:
        """Do what is next for the delivery, and report what became of it."""
        try:
            after = self._deliver(delivery)
        except LostLease:
            log.info("delivery_taken_over", delivery=delivery.id, worker=self._bench.worker)
        except StorageError as error:
            # the row is as it was; when the lease ends somebody goes on from there
            log.warning("delivery_storage_error", delivery=delivery.id, error=error.diagnostic or error.sentence)
        else:
            log.info("delivery_moved", delivery=delivery.id, before=delivery.state, after=after.state)
            self._bench.report(Progress(after, delivery.state))

    def _deliver(self, delivery: Delivery) -> Delivery:
        may_be_out = delivery.state in (State.PUBLISHING, State.UNKNOWN)
        try:
            work = self._bench.read(delivery)
            after = self._settle(work) if may_be_out else self._carry(work)
        except Misconfigured as error:
            log.error("connector_misconfigured", delivery=delivery.id, error=str(error))  # noqa: TRY400  (no traceback: it says all)
            reason = _("La cuenta no está bien conectada. Pida a la administración técnica que la conecte otra vez.")
            with self._bench.database.write() as transaction:
                # what may have gone out is a person's to look at; the rest simply waits
                state = State.UNKNOWN if may_be_out else State.HELD
                current = transaction.deliveries.get(delivery.id)
                if current.fence != delivery.fence:
                    raise LostLease("another worker has it") from error
                return self._bench.move(transaction, current, state, due_at=None, reason=reason)
        self._tidy(work, after)
        return after

    def _carry(self, work: Work) -> Delivery:
        held_since = self._bench.clock.monotonic()
        refused = self._refused(work, State.STAGING)
        if isinstance(refused, Delivery):
            return refused
        delivery, stage = refused
        identity: str | None = None
        began_with = stage
        checked, kept = False, True
        try:
            work = self._bench.renewed(work)
            if stage is None or not stage.ready:
                identity = work.connector.identify().remote_id
                if identity != work.account.remote_id:
                    return self._hold(work, delivery, identity)
            while not (checked and stage is not None and stage.ready):
                if self._bench.stopping():
                    return self._put_back(delivery)
                held_since = self._held(delivery, held_since)
                with self._bench.heartbeat(delivery):
                    stage = work.connector.stage(work.post, stage)
                checked = True
                held_since = self._bench.clock.monotonic()
                # without files nothing happens between this answer and the intent: one commit keeps both
                kept = not stage.ready or bool(work.post.files)
                if kept:
                    delivery = self._keep(delivery, stage)
                if not stage.ready and stage.again_in:
                    work = self._bench.look_again(work)
                    return self._damaged(work, delivery) or self._rest(delivery, stage)
        except ConnectorError as error:
            return self._after(work, delivery, error, Step.STAGE)
        except (LostLease, StorageError, Misconfigured):
            raise
        except Exception as error:
            log.exception("connector_bug", delivery=delivery.id, step="stage")
            wrapped = Unavailable(f"{type(error).__name__} in the connector", platform=work.account.platform)
            return self._after(work, delivery, wrapped, Step.STAGE)
        if stage != began_with:  # files were read just now: they must still be the approved ones
            work = self._bench.look_again(work)
        return self._damaged(work, delivery) or self._publish(work, delivery, stage, kept=kept)

    @staticmethod
    def _tidy(work: Work, after: Delivery) -> None:
        """Let the connector take away what lies elsewhere; what it cannot take away harms nobody."""
        if after.state not in _OVER or after.stage is None:
            return
        try:
            work.connector.tidy(after.stage)
        except Exception as error:  # noqa: BLE001  (the delivery is over and kept: nothing may change that any more)
            log.warning("not_tidied", delivery=after.id, error=type(error).__name__)

    def _refused(self, work: Work, state: DeliveryState) -> Delivery | tuple[Delivery, Stage | None]:
        """Pass the lateness limit, the gate and the daily quotas; return it as refused, or as moved."""
        delivery = work.delivery
        with self._bench.database.write() as transaction:
            if transaction.now > delivery.late_after:
                return self._miss(transaction, delivery)
            waits = await_site(self._bench, transaction, work)
            if waits is not None:
                return waits
            facts = self._bench.gather(transaction, work)
            reasons = check_gate(facts)
            if reasons:
                return self._bench.hold(transaction, delivery, reasons, facts.stops)
            room = wait_for_quota(
                transaction,
                delivery,
                work.account,
                content_of(work.post),
                capabilities=work.connector.capabilities,
            )
            if room is not None:
                due_at = min(room[0], past_limit(delivery.late_after))
                return self._bench.move(transaction, delivery, State.SCHEDULED, due_at=due_at, reason=room[1])
            return (
                self._bench.move(transaction, delivery, state, due_at=delivery.due_at, keep_lease=True),
                delivery.stage,
            )

    def _miss(self, transaction: Transaction, delivery: Delivery) -> Delivery:
        late = _("Debía salir el {hour} y se pasó el límite de tardanza; no se envió.").format(
            hour=shown(delivery.publish_at)
        )
        reason = f"{late} {reason_to_wait(transaction, delivery) or delivery.reason}".strip()
        return self._bench.move(transaction, delivery, State.MISSED, due_at=None, reason=reason)

    def _hold(self, work: Work, delivery: Delivery, identity: str) -> Delivery:
        with self._bench.database.write() as transaction:
            facts = self._bench.gather(transaction, work, identity)
            return self._bench.hold(transaction, delivery, check_gate(facts), facts.stops)

    def _damaged(self, work: Work, delivery: Delivery) -> Delivery | None:
        """Hold what was prepared from files that are not the approved ones, and forget it: it would outlive them.

        Whoever puts the files right and schedules it again must not publish the draft that was made of the wrong ones.
        """
        if not work.damaged_media:
            return None
        with self._bench.database.write() as transaction:
            facts = self._bench.gather(transaction, work)
            if not delivery.is_begun:  # else the token says which messages are out; the files went with the first
                transaction.deliveries.forget_stage(delivery)
            return self._bench.hold(transaction, delivery, check_gate(facts), facts.stops)

    def _put_back(self, delivery: Delivery) -> Delivery:
        with self._bench.database.write() as transaction:
            return self._bench.move(transaction, delivery, State.STAGING, due_at=delivery.due_at)

    def _keep(self, delivery: Delivery, stage: Stage) -> Delivery:
        with self._bench.database.write() as transaction:
            until = transaction.now + self._bench.timing.lease
            return transaction.deliveries.keep_stage(delivery, stage, lease_until=until)

    def _held(self, delivery: Delivery, since: float) -> float:
        """Return since when the lease surely holds for one more call (monotonic seconds). Raises LostLease.

        Of a process that was frozen, a successor may have published the post: writing its draft again would undo that.
        """
        if self._bench.may_still_write(since):
            return since
        since = self._bench.clock.monotonic()
        with self._bench.database.write() as transaction:
            transaction.deliveries.extend(delivery, until=transaction.now + self._bench.timing.lease)
        return since

    def _rest(self, delivery: Delivery, stage: Stage) -> Delivery:
        with self._bench.database.write() as transaction:
            due_at = transaction.now + stage.again_in
            return self._bench.move(transaction, delivery, State.STAGING, due_at=due_at)

    def _publish(self, work: Work, delivery: Delivery, stage: Stage, *, kept: bool) -> Delivery:
        """Rest until its hour; then the gate, the intent, the visible write. `kept`: the stage is stored already."""
        bench = self._bench
        claimed = bench.clock.monotonic()
        with bench.database.write() as transaction:
            if not kept:
                until = transaction.now + bench.timing.lease
                delivery = transaction.deliveries.keep_stage(delivery, stage, lease_until=until)
            if transaction.now < delivery.publish_at:
                return bench.move(transaction, delivery, State.STAGING, due_at=delivery.publish_at)
            if transaction.now > delivery.late_after:
                return self._miss(transaction, delivery)
            transaction.stops.hold()  # a stop comes before this intent, and is seen, or after it
            facts = bench.gather(transaction, work)
            reasons = check_gate(facts)
            if reasons:
                return bench.hold(transaction, delivery, reasons, facts.stops)
            delivery = bench.move(
                transaction,
                delivery,
                State.PUBLISHING,
                due_at=delivery.due_at,
                keep_lease=True,
                digest=facts.digest,
                data=sent_of(facts),
            )
            attempt = transaction.deliveries.begin(delivery, Step.PUBLISH, worker=bench.worker, now=transaction.now)
            in_time = delivery.late_after - transaction.now
        if not bench.may_still_write(claimed):
            raise LostLease("the process was frozen past its lease")
        since = timedelta(seconds=bench.clock.monotonic() - claimed)
        if since > in_time + _COMMIT:  # frozen past the limit, and still ours
            with bench.database.write() as transaction:
                transaction.deliveries.end(attempt, outcome=NOT_WRITTEN, detail="", now=transaction.now)
                return self._miss(transaction, delivery)
        try:
            published = work.connector.publish(work.post, stage)
        except ConnectorError as error:
            return self._after(work, delivery, error, Step.PUBLISH, attempt)
        except Exception as error:
            log.exception("connector_bug", delivery=delivery.id, step="publish")
            unknown = OutcomeUnknown(f"{type(error).__name__} in the connector", platform=work.account.platform)
            return self._after(work, delivery, unknown, Step.PUBLISH, attempt)
        with bench.database.write() as transaction:
            transaction.deliveries.end(attempt, outcome=outcome_of(published), detail="", now=transaction.now)
            return bench.published(transaction, delivery, published, digest=facts.digest)

    def _after(
        self, work: Work, delivery: Delivery, error: ConnectorError, step: Step, attempt: int | None = None
    ) -> Delivery:
        bench = self._bench
        decision, reason = self._decide(work, error, step)
        log.info("delivery_step_failed", delivery=delivery.id, step=step, error=str(error), then=decision.then)
        with bench.database.write() as transaction:
            now = transaction.now
            if attempt is None:
                attempt = transaction.deliveries.begin(delivery, step, worker=bench.worker, now=now)
            detail = f"{error} {error.detail}".strip()
            transaction.deliveries.end(attempt, outcome=type(error).__name__, detail=detail, now=now)
            doubtful = step is Step.PUBLISH and self._is_doubtful(transaction, work, delivery)
            if doubtful:  # a refusal of this write says nothing of the one before
                decision = replace(decision, then=Then.SETTLE)
            if decision.account_waits:
                transaction.accounts.wait_until(work.account.id, now + decision.wait)
            stop = bench.pause_account(transaction, work.account, reason) if decision.account_stops else None
            match decision.then:
                case Then.FAIL:
                    return bench.move(transaction, delivery, State.FAILED, due_at=None, reason=reason)
                case Then.HOLD:
                    data = held_by(stop) if stop else {}
                    return bench.move(transaction, delivery, State.HELD, due_at=None, reason=reason, data=data)
                case Then.SETTLE:
                    looks = delivery.looks if doubtful else 0  # so that the looks come to an end, and a person's turn
                    wait = bench.timing.patience.next_look(looks)
                    due_at = None if wait is None else now + max(wait, decision.wait)
                    return bench.move(transaction, delivery, State.UNKNOWN, due_at=due_at, reason=reason, looks=looks)
                case Then.PREPARE_ANEW if delivery.is_begun:
                    return bench.move(transaction, delivery, State.FAILED, due_at=None, reason=reason)
                case Then.RETRY | Then.PREPARE_ANEW:
                    if decision.then is Then.PREPARE_ANEW:
                        transaction.deliveries.forget_stage(delivery)
                    # never past the lateness limit: there it is found to be missed, at once
                    due_at = min(now + decision.wait, past_limit(delivery.late_after))
                    return bench.move(
                        transaction, delivery, State.SCHEDULED, due_at=due_at, reason=reason, tries=delivery.tries + 1
                    )

    def _decide(self, work: Work, error: ConnectorError, step: Step) -> tuple[Decision, str]:
        """Say what follows and why, in words for staff; what can be renewed is renewed first."""
        patience, tries = self._bench.timing.patience, work.delivery.tries
        if not isinstance(error, TokenRefused):
            return decide(error, step=step, tries=tries, patience=patience), error.sentence
        obstacle = self._bench.renew_refused(work, error)
        if obstacle is None:
            return Decision(Then.RETRY), _("La conexión con la red se renovó; se intenta otra vez.")
        # whatever the renewal came to, the refusal is certain: nothing was written
        return decide(obstacle, step=Step.STAGE, tries=tries, patience=patience), obstacle.sentence

    @staticmethod
    def _is_doubtful(transaction: Transaction, work: Work, delivery: Delivery) -> bool:
        """Tell whether an earlier write of this same part may still be on its way, although nobody saw it.

        Where writing again is harmless the look at the prepared part has settled that; elsewhere lists may lag.
        """
        if work.connector.capabilities.repeating is Repeating.HARMLESS:
            return False
        for attempt in reversed(transaction.deliveries.attempts(delivery.id)):
            if attempt.outcome == PART:
                return False
            if attempt.step is Step.FIND:
                return True
        return False
