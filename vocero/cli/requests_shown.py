"""How a request is shown, to people and to programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.accounts import Account
from core.events import RecordedEvent
from core.lima import shown
from core.people import Person
from core.posts import Post
from core.requests import Decision, Request
from core.texts import _
from policy.procedure import Basis
from storage.transaction import Transaction
from vocero.cli.record import event_line


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request with all that belongs to it."""

    request: Request
    decisions: Sequence[Decision]
    posts: Sequence[Post]
    events: Sequence[RecordedEvent]
    people: Mapping[int, Person]
    accounts: Mapping[int, Account]

    @property
    def unratified(self) -> Decision | None:
        """The decision that waits to be ratified, if one does."""
        return next((each for each in self.decisions if each.is_pending), None)


def read_request(transaction: Transaction, request_id: int) -> RequestFile:
    """Return the request with all that belongs to it. Raises NotFound."""
    return RequestFile(
        request=transaction.requests.get(request_id),
        decisions=transaction.requests.decisions(request_id),
        posts=transaction.posts.of_request(request_id),
        events=transaction.events.of(f"request:{request_id}"),
        people={person.id: person for person in transaction.people.all()},
        accounts={account.id: account for account in transaction.accounts.all()},
    )


def request_row(file: RequestFile) -> tuple[str, ...]:
    """Return what a list says of a request."""
    details = file.request.details
    state = file.request.state.label
    if file.unratified:
        state += _(" (por ratificar)")
    return (str(file.request.id), state, details.origin.label, details.unit, details.subject)


def request_lines(file: RequestFile) -> list[str]:
    """Return all of a request, line by line; steps that the office's text lacks are marked as reconstructed."""
    request, details = file.request, file.request.details
    lines = [
        _("Solicitud {id} · {state} · {procedure}").format(
            id=request.id, state=request.state.label, procedure=request.procedure
        )
    ]
    told = (
        (_("Solicita"), details.subject),
        (_("Trata de"), details.event),
        (_("Unidad"), details.unit),
        (_("Origen"), details.origin.label),
        (_("Medio"), details.channel.label),
        (_("Clase"), details.event_class.label),
        (_("Fuente"), details.source.label if details.source else ""),
        (_("Sustento"), details.evidence),
        (_("Evento"), shown(details.happens_at) if details.happens_at else ""),
        (_("Alcance"), _("solo redes sociales") if details.social_only else ""),
        (_("Enviada"), shown(request.submitted_at) if request.submitted_at else _("todavía no")),
        (_("Designada a"), _name(file, request.leader_id)),
        (_("A cargo de"), _name(file, request.owner_id)),
        (_("Duplica la"), str(request.duplicate_of or "")),
        (_("Publicaciones"), ", ".join(f"{post.id} ({post.state.label.lower()})" for post in file.posts)),
    )
    lines += [f"  {name + ':':<15}{value}" for name, value in told if value]
    lines += ["  " + _decision_line(file, decision) for decision in file.decisions]
    if file.events:
        lines.append(_("  Historia:"))
    for recorded in file.events:
        basis = recorded.event.data.get("basis", "")
        mark = Basis(basis).label if basis in tuple(Basis) else ""
        line = event_line(recorded.event, file.accounts)
        lines.append(f"    {line}" + (f"  [{mark}]" if mark else ""))
    return lines


def request_as_dict(file: RequestFile) -> dict[str, object]:
    """Return a request for programs."""
    request, details = file.request, file.request.details
    return {
        "id": request.id,
        "state": request.state,
        "procedure": request.procedure,
        "origin": details.origin,
        "channel": details.channel,
        "class": details.event_class,
        "source": details.source,
        "unit": details.unit,
        "subject": details.subject,
        "event": details.event,
        "evidence": details.evidence,
        "happens_at": details.happens_at,
        "social_only": details.social_only,
        "created_by": _login(file, request.created_by),
        "created_at": request.created_at,
        "submitted_at": request.submitted_at,
        "leader": _login(file, request.leader_id),
        "owner": _login(file, request.owner_id),
        "duplicate_of": request.duplicate_of,
        "posts": [{"id": post.id, "state": post.state} for post in file.posts],
        "decisions": [
            {
                "accepted": each.accepted,
                "decided_by": each.decided_by,
                "decided_at": each.decided_at,
                "channel": each.channel,
                "written_by": _login(file, each.written_by),
                "reason": each.reason,
                "ratify_before": each.ratify_before,
                "ratified_at": each.ratified_at,
                "ratified_by": _login(file, each.ratified_by),
            }
            for each in file.decisions
        ],
        "history": [
            {
                "at": each.event.at,
                "actor": each.event.actor,
                "action": each.event.action,
                "before": each.event.before,
                "after": each.event.after,
                "reason": each.event.reason,
                "basis": each.event.data.get("basis", ""),
                "delegation": each.event.data.get("delegation", ""),
            }
            for each in file.events
        ],
    }


def _decision_line(file: RequestFile, decision: Decision) -> str:
    said = _("aceptó") if decision.accepted else _("no aceptó")
    line = _("Alta Dirección: {who} {said} el {hour} por {channel}; lo anotó {writer}").format(
        who=decision.decided_by,
        said=said,
        hour=shown(decision.decided_at),
        channel=decision.channel.label,
        writer=_name(file, decision.written_by),
    )
    if decision.ratified_at:
        line += _("; ratificado el {hour}").format(hour=shown(decision.ratified_at))
    elif decision.ratify_before:
        line += _("; por ratificar hasta el {hour}").format(hour=shown(decision.ratify_before))
    return line


def _name(file: RequestFile, person_id: int | None) -> str:
    return "" if person_id is None else file.people[person_id].name


def _login(file: RequestFile, person_id: int | None) -> str | None:
    return None if person_id is None else file.people[person_id].login
