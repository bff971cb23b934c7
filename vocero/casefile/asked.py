"""The request behind a post, as a case file tells it: who asked, what was decided, whom it repeats."""

from core.requests import Decision, Request
from storage.transaction import Transaction
from vocero.casefile.reserving import Names
from vocero.casefile.words import maybe_utc, utc


def asked(transaction: Transaction, request_id: int, names: Names) -> list[dict[str, object]]:
    """Return the request and those that it repeats, each with what Alta Dirección said of it."""
    return [_request(transaction, each, names) for each in transaction.requests.originals(request_id)]


def _request(transaction: Transaction, request: Request, names: Names) -> dict[str, object]:
    details = request.details
    return {
        "id": request.id,
        "state": str(request.state),
        "state_label": request.state.label,
        "procedure": request.procedure,
        "origin": str(details.origin),
        "origin_label": details.origin.label,
        "channel": str(details.channel),
        "channel_label": details.channel.label,
        "event_class": str(details.event_class),
        "event_class_label": details.event_class.label,
        "unit": details.unit,
        "source": None if details.source is None else str(details.source),
        "subject": names.told(details.subject),
        "event": names.own(details.event),
        "evidence": names.own(details.evidence),
        "happens_at": maybe_utc(details.happens_at),
        "social_only": details.social_only,
        "created_by": names.of(request.created_by),
        "created_at": utc(request.created_at),
        "submitted_at": maybe_utc(request.submitted_at),
        "leader": names.maybe(request.leader_id),
        "owner": names.maybe(request.owner_id),
        "duplicate_of": request.duplicate_of,
        "decisions": [_decision(each, names) for each in transaction.requests.decisions(request.id)],
    }


def _decision(decision: Decision, names: Names) -> dict[str, object]:
    return {
        "id": decision.id,
        "accepted": decision.accepted,
        "decided_by": names.told(decision.decided_by),
        "decided_at": utc(decision.decided_at),
        "channel": str(decision.channel),
        "channel_label": decision.channel.label,
        "written_by": names.of(decision.written_by),
        "written_at": utc(decision.written_at),
        "reason": names.told(decision.reason),
        "ratify_before": maybe_utc(decision.ratify_before),
        "ratified_by": names.maybe(decision.ratified_by),
        "ratified_at": maybe_utc(decision.ratified_at),
    }
