"""Finding out about a write that may have landed: the platform is asked, and only its own word counts (`find`).

It is there: published. It is not, and a second, later look agrees: the delivery goes the ordinary way once more
(prepared part checked, gate, lateness limit). It cannot tell: again later, then a person's turn.

No error proves here that the post is not public. Asking comes first even where repeating is harmless: somebody may have
withdrawn the post meanwhile, and a repeated write would bring it back.
"""

from datetime import timedelta

import structlog

from connectors.errors import ConnectorError, Exists, NotAuthorized, OutcomeUnknown, RateLimited, TokenRefused
from core.deliveries import Delivery, DeliveryState, Published, Stage, Step
from core.errors import StorageError
from core.texts import _
from policy.gate import check_gate
from scheduler.workbench import PART, Work, Workbench, outcome_of
from storage.deliveries import LostLease
from storage.transaction import Transaction

log = structlog.get_logger()

State = DeliveryState
ABSENT = "absent"


class Settler:
    """Settles one claimed delivery whose visible write was begun and whose result nobody committed."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def settle(self, work: Work) -> Delivery:
        """Look once; return the delivery as it then stands."""
        if work.delivery.stage is None:
            return self._undecided(work, work.delivery, OutcomeUnknown("no stage", platform=work.account.platform))
        return self._look(work, work.delivery.stage)

    def _look(self, work: Work, stage: Stage) -> Delivery:
        bench, delivery = self._bench, work.delivery
        with bench.database.write() as transaction:
            transaction.deliveries.extend(delivery, until=transaction.now + bench.timing.lease)
            begun = [a for a in transaction.deliveries.attempts(delivery.id) if a.step is Step.PUBLISH]
            since = begun[0].started_at if begun else delivery.publish_at
            attempt = transaction.deliveries.begin(delivery, Step.FIND, worker=bench.worker, now=transaction.now)
        try:
            work = bench.renewed(work)
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
            outcome = outcome_of(published)
            transaction.deliveries.end(attempt, outcome=outcome, detail=published.url, now=transaction.now)
            return self._bench.published(transaction, delivery, published)

    def _absent(self, work: Work, delivery: Delivery, attempt: int) -> Delivery:
        bench = self._bench
        with bench.database.write() as transaction:
            now = transaction.now
            transaction.deliveries.end(attempt, outcome=ABSENT, detail="", now=now)
            is_late = now > delivery.late_after
            facts = bench.gather(transaction, work)
            reasons = check_gate(facts)
            if not self._is_confirmed(transaction, delivery):
                return self._look_later(transaction, delivery, _("La red no la muestra todavía; se mirará otra vez."))
            if is_late:
                reason = _("La red confirmó que no salió, y ya se pasó el límite de tardanza; no se envió.")
                return bench.move(transaction, delivery, State.MISSED, due_at=None, reason=reason)
            if reasons:
                return bench.hold(transaction, delivery, reasons, facts.stops)
            reason = _("La red confirmó que no salió; se intenta otra vez.")
            return bench.move(
                transaction, delivery, State.SCHEDULED, due_at=now, reason=reason, tries=delivery.tries + 1
            )

    def _undecided(self, work: Work, delivery: Delivery, error: ConnectorError, attempt: int | None = None) -> Delivery:
        """Keep what is not known as unknown: the next look later, or a person's turn."""
        bench = self._bench
        log.info("delivery_undecided", delivery=delivery.id, looks=delivery.looks, error=str(error))
        obstacle = bench.renew_refused(work, error) if isinstance(error, TokenRefused) else error
        with bench.database.write() as transaction:
            now = transaction.now
            if attempt is not None:
                detail = f"{error} {error.detail}".strip()
                transaction.deliveries.end(attempt, outcome=type(error).__name__, detail=detail, now=now)
            if obstacle is None:
                reason = _("La conexión con la red se renovó; se mira otra vez.")
                return bench.move(transaction, delivery, State.UNKNOWN, due_at=now, reason=reason)
            rest = timedelta(0)
            if isinstance(obstacle, NotAuthorized):
                bench.pause_account(transaction, work.account, obstacle.sentence)
            if isinstance(obstacle, RateLimited):
                rest = obstacle.retry_after or bench.timing.patience.rate_limit_wait
                transaction.accounts.wait_until(work.account.id, now + rest)
            return self._look_later(transaction, delivery, obstacle.sentence, at_least=rest)

    def _look_later(
        self, transaction: Transaction, delivery: Delivery, reason: str, *, at_least: timedelta = timedelta(0)
    ) -> Delivery:
        looks = delivery.looks + 1
        wait = self._bench.timing.patience.next_look(looks)
        if at_least:
            wait = max(wait or at_least, at_least)
        if wait is None:
            reason = _("No se pudo saber si salió. Mire la cuenta y responda con: vocero unknown settle {id}").format(
                id=delivery.id
            )
        due_at = None if wait is None else transaction.now + wait
        return self._bench.move(transaction, delivery, State.UNKNOWN, due_at=due_at, reason=reason, looks=looks)

    @staticmethod
    def _is_confirmed(transaction: Transaction, delivery: Delivery) -> bool:
        """Tell whether more than one look since the last write said that it is not there.

        A write that we gave up waiting for may still be on its way: a single look is not enough to say that it did not
        go out. Not even where a second write would be harmless, for there may be none: what is scheduled again can be
        cancelled, held or refused. Where the platform said that it has the post already, no look is enough.
        """
        absences, is_since = 0, True
        for attempt in reversed(transaction.deliveries.attempts(delivery.id)):
            if attempt.outcome == PART:
                break
            if attempt.outcome == Exists.__name__:
                return False
            is_since = is_since and attempt.step is not Step.PUBLISH
            absences += is_since and attempt.outcome == ABSENT
        return absences > 1


def _as_unknown(work: Work, error: Exception) -> OutcomeUnknown:
    return OutcomeUnknown(f"{type(error).__name__} in the connector", platform=work.account.platform)
