"""Finding out about a write that may have landed: repeat it where that is harmless, else look, else ask a person.

No error proves here that the post is not public; only the platform's own word does (`find`).
"""

import time
from datetime import timedelta

import structlog

from connectors.errors import ConnectorError, NotAuthorized, OutcomeUnknown, RateLimited
from core.capabilities import Repeating
from core.deliveries import Delivery, DeliveryState, Published, Stage, Step
from core.errors import StorageError
from core.texts import _
from policy.gate import check_gate
from policy.reasons import joined
from scheduler.workbench import Work, Workbench
from storage.deliveries import LostLease

log = structlog.get_logger()

State = DeliveryState


class Settler:
    """Settles one claimed delivery whose visible write was begun and whose result nobody committed."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def settle(self, work: Work) -> Delivery:
        """Repeat or look once; return the delivery as it then stands."""
        stage = work.delivery.stage
        if stage is None:
            return self._undecided(work, work.delivery, OutcomeUnknown("no stage", platform=work.account.platform))
        if work.connector.capabilities.repeating is Repeating.HARMLESS:
            return self._repeat(work, stage)
        return self._look(work, work.delivery, stage)

    def _repeat(self, work: Work, stage: Stage) -> Delivery:
        bench = self._bench
        claimed = time.monotonic()
        with bench.database.write() as transaction:
            facts = bench.gather(transaction, work)
            may_repeat = transaction.now <= work.delivery.late_after and not check_gate(facts)
            if may_repeat:
                delivery = bench.move(
                    transaction,
                    work.delivery,
                    State.PUBLISHING,
                    due_at=work.delivery.due_at,
                    keep_lease=True,
                    digest=facts.digest,
                )
                attempt = transaction.deliveries.begin(delivery, Step.PUBLISH, worker=bench.worker, now=transaction.now)
        if not may_repeat:
            return self._look(work, work.delivery, stage)
        if not bench.may_still_write(claimed):
            raise LostLease("the process was frozen past its lease")
        try:
            published = work.connector.publish(work.post, stage)
        except ConnectorError as error:
            return self._undecided(work, delivery, error, attempt)
        except Exception as error:
            log.exception("connector_bug", delivery=delivery.id, step="publish")
            return self._undecided(work, delivery, _as_unknown(work, error), attempt)
        return self._found(delivery, published, attempt)

    def _look(self, work: Work, delivery: Delivery, stage: Stage) -> Delivery:
        bench = self._bench
        with bench.database.write() as transaction:
            transaction.deliveries.extend(delivery, until=transaction.now + bench.timing.lease)
            begun = [a for a in transaction.deliveries.attempts(delivery.id) if a.step is Step.PUBLISH]
            since = begun[0].started_at if begun else delivery.publish_at
            attempt = transaction.deliveries.begin(delivery, Step.FIND, worker=bench.worker, now=transaction.now)
        try:
            published = work.connector.find(work.post, stage, since)
        except ConnectorError as error:
            return self._undecided(work, delivery, error, attempt)
        except (StorageError, LostLease):
            raise
        except Exception as error:
            log.exception("connector_bug", delivery=delivery.id, step="find")
            return self._undecided(work, delivery, _as_unknown(work, error), attempt)
        if published is not None:
            return self._found(delivery, published, attempt)
        return self._absent(work, delivery, attempt)

    def _found(self, delivery: Delivery, published: Published, attempt: int) -> Delivery:
        with self._bench.database.write() as transaction:
            transaction.deliveries.end(attempt, outcome="published", detail=published.url, now=transaction.now)
            return self._bench.move(transaction, delivery, State.PUBLISHED, due_at=None, published=published)

    def _absent(self, work: Work, delivery: Delivery, attempt: int) -> Delivery:
        bench = self._bench
        with bench.database.write() as transaction:
            now = transaction.now
            transaction.deliveries.end(attempt, outcome="absent", detail="", now=now)
            if now > delivery.late_after:
                reason = _("La red confirmó que no salió, y ya se pasó el límite de tardanza; no se envió.")
                return bench.move(transaction, delivery, State.MISSED, due_at=None, reason=reason)
            reasons = check_gate(bench.gather(transaction, work))
            if reasons:
                return bench.move(transaction, delivery, State.HELD, due_at=None, reason=joined(reasons))
            reason = _("La red confirmó que no salió; se intenta otra vez.")
            return bench.move(
                transaction, delivery, State.SCHEDULED, due_at=now, reason=reason, tries=delivery.tries + 1
            )

    def _undecided(self, work: Work, delivery: Delivery, error: ConnectorError, attempt: int | None = None) -> Delivery:
        """Keep what is not known as unknown: the next look later, or a person's turn."""
        bench = self._bench
        log.info("delivery_undecided", delivery=delivery.id, looks=delivery.looks, error=str(error))
        with bench.database.write() as transaction:
            now = transaction.now
            if attempt is not None:
                detail = f"{error} {error.detail}".strip()
                transaction.deliveries.end(attempt, outcome=type(error).__name__, detail=detail, now=now)
            looks = delivery.looks + 1
            wait = bench.timing.patience.next_look(looks)
            if isinstance(error, NotAuthorized):
                bench.pause_account(transaction, work.account, error.sentence)
            if isinstance(error, RateLimited):
                rest = error.retry_after or bench.timing.patience.rate_limit_wait
                transaction.accounts.wait_until(work.account.id, now + rest)
                wait = max(wait or timedelta(0), rest)
            reason = error.sentence
            if wait is None:
                reason = _(
                    "No se pudo saber si salió. Mire la cuenta y responda con: vocero unknown settle {id}"
                ).format(id=delivery.id)
            return bench.move(
                transaction,
                delivery,
                State.UNKNOWN,
                due_at=None if wait is None else now + wait,
                reason=reason,
                looks=looks,
            )


def _as_unknown(work: Work, error: Exception) -> OutcomeUnknown:
    return OutcomeUnknown(f"{type(error).__name__} in the connector", platform=work.account.platform)
