"""The site first: a copy that carries the site's address waits until the website's own delivery is out.

It waits with a due time past its lateness limit, so that nobody takes it up before; what becomes of the website's
delivery wakes it (storage/deliveries.py), and where nothing does it is found to be missed.
"""

from datetime import datetime, timedelta

from core.deliveries import Delivery, DeliveryState
from core.digest import digest
from policy.gate import Facts
from policy.permalink import Turn, turn_of, why_not
from scheduler.facts import site_of
from scheduler.workbench import Work, Workbench
from storage.transaction import Transaction


def past_limit(late_after: datetime) -> datetime:
    """Return the first instant at which a delivery is missed."""
    return late_after + timedelta(milliseconds=1)


def await_site(bench: Workbench, transaction: Transaction, work: Work) -> Delivery | None:
    """Let the delivery wait for the website's, or hold it where that will not come; None: it may go on."""
    delivery = work.delivery
    if delivery.follows is None:
        return None
    transaction.deliveries.hold(delivery.follows)
    site = site_of(transaction, delivery)
    match turn_of(site):
        case Turn.HOLD:
            return bench.move(transaction, delivery, DeliveryState.HELD, due_at=None, reason=why_not(site))
        case Turn.WAIT:
            due_at = past_limit(delivery.late_after)
            return bench.move(transaction, delivery, DeliveryState.SCHEDULED, due_at=due_at, reason=why_not(site))
        case Turn.GO if site != work.site:  # it came out after this was read: read it again
            return bench.move(transaction, delivery, DeliveryState.SCHEDULED, due_at=transaction.now)
    return None


def reason_to_wait(transaction: Transaction, delivery: Delivery) -> str:
    """Return why the website's delivery kept this one from going out; empty where it did not."""
    if delivery.follows is None:
        return ""
    site = site_of(transaction, delivery)
    return "" if turn_of(site) is Turn.GO else why_not(site)


def sent_of(facts: Facts) -> dict[str, str]:
    """Return what the record keeps of a copy with the address in it: that address, and the digest of it."""
    if facts.site is None or facts.content == facts.approved:
        return {}
    sent = digest(facts.content, official_id=facts.account.official_id, window=facts.window)
    return {"permalink": facts.site.url, "sent_digest": sent}
