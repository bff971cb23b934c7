"""What was done, as people say it: events of the record and calls to the platforms."""

from collections.abc import Mapping

import connectors.errors
from core.accounts import Account
from core.deliveries import Attempt, DeliveryState, Step
from core.events import Event
from core.lima import shown
from core.posts import PostState
from core.requests import RequestState
from core.texts import _
from policy.permissions import Act

_ACTS: dict[str, str] = {
    Act.ADD_REQUEST: _("ingresó la solicitud"),
    Act.SUBMIT_REQUEST: _("envió la solicitud"),
    Act.EVALUATE_REQUEST: _("tomó la solicitud para evaluarla"),
    Act.OBSERVE_REQUEST: _("observó la solicitud"),
    Act.ESCALATE_REQUEST: _("consultó a la Alta Dirección"),
    Act.DECIDE_REQUEST: _("anotó lo que decidió la Alta Dirección"),
    Act.RATIFY_DECISION: _("ratificó lo que decidió la Alta Dirección"),
    Act.REJECT_REQUEST: _("declaró que no procede"),
    Act.ASSIGN_REQUEST: _("designó a quien la dirige"),
    Act.HAND_OVER_REQUEST: _("la entregó a quien elabora el contenido"),
    Act.WITHDRAW_REQUEST: _("desistió de la solicitud"),
    Act.CANCEL_REQUEST: _("anuló la solicitud"),
    Act.DUPLICATE_REQUEST: _("la declaró duplicada"),
    Act.CLOSE_REQUEST: _("cerró la solicitud"),
    Act.GRANT_DELEGATION: _("encargó la jefatura"),
    Act.END_DELEGATION: _("terminó el encargo"),
    Act.IMPORT_PROGRAMME: _("importó el borrador"),
    Act.DRAFT_POST: _("escribió el borrador"),
    Act.EDIT_POST: _("corrigió"),
    Act.SIGN_CHECKLIST: _("firmó la lista de verificación"),
    Act.SUBMIT_POST: _("envió a aprobación"),
    Act.APPROVE_POST: _("aprobó"),
    Act.RETURN_POST: _("devolvió para corregir"),
    Act.REVOKE_APPROVAL: _("retiró su aprobación"),
    Act.SCHEDULE_POST: _("programó"),
    Act.CANCEL_POST: _("anuló"),
    Act.SETTLE_UNKNOWN: _("respondió por el envío"),
    Act.OPEN_STOP: _("abrió la detención"),
    Act.LIFT_STOP: _("levantó la detención"),
    Act.CLASSIFY_POST: _("clasificó para el periodo electoral"),
    Act.SIGN_CLASSIFICATION: _("firmó la clasificación electoral"),
    Act.EXPORT_CASE: _("exportó el expediente"),
    Act.EXPORT_PERSONAL_DATA: _("exportó los datos personales del expediente"),
    "approval_voided": _("dejó sin efecto la aprobación"),
    "target_removed": _("quitó una red"),
    "returned_to_review": _("la devolvió a revisión"),
    "expired": _("la dio por vencida"),
    "followed_up": _("la pasó a seguimiento"),
}
_STEPS = {
    Step.STAGE: _("preparar"),
    Step.PUBLISH: _("publicar"),
    Step.FIND: _("mirar si salió"),
}
_OUTCOMES = {
    "": _("sin respuesta: puede haber salido"),
    "published": _("está publicada"),
    "absent": _("no se encontró"),
}
_LABELS = {str(state): state.label for state in (*PostState, *DeliveryState)}
_REQUEST_LABELS = {str(state): state.label for state in RequestState}


def event_line(event: Event, accounts: Mapping[int, Account]) -> str:
    """Return one line on an event of a post or of its deliveries."""
    kind, _colon, number = event.subject.partition(":")
    after = _LABELS.get(event.after, event.after)
    if kind == "delivery" and event.action not in _ACTS:
        done = _("envío {id}: {state}").format(id=number, state=after)
    else:
        done = _ACTS.get(event.action, event.action)
        if event.action == Act.EDIT_POST and event.after != event.before:
            done += f" → {after}"
    account = accounts.get(int(event.data["account"])) if event.data.get("account", "").isdigit() else None
    where = _(" en {network}").format(network=account.platform.label) if account else ""
    if kind == "request" and event.after != event.before:
        done += f" → {_REQUEST_LABELS.get(event.after, event.after)}"
    reason = f" · {event.reason}" if event.reason else ""
    if event.data.get("delegation"):
        reason += _(" · por el encargo {id}").format(id=event.data["delegation"])
    return f"{shown(event.at.replace(microsecond=0))}  {event.actor}  {done}{where}{reason}"


def attempt_line(attempt: Attempt) -> str:
    """Return one line on a call to a platform."""
    error = getattr(connectors.errors, attempt.outcome, None) if attempt.outcome else None
    outcome = _OUTCOMES.get(attempt.outcome) or getattr(error, "sentence", attempt.outcome)
    if not attempt.outcome and attempt.step is not Step.PUBLISH:
        outcome = _("sin respuesta")  # nobody can see what a look or a preparation leaves behind
    return f"{shown(attempt.started_at.replace(microsecond=0))}  {_STEPS[attempt.step]}: {outcome}"
