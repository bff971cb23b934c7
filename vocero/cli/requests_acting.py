"""What the commands about requests have in common: their options, trying an act out, telling what became of it."""

from typing import Annotated, Any

import typer

from core.lima import shown
from core.requests import Channel, EventClass, Request
from core.texts import _
from vocero.actions import RequestAct, SeniorWord
from vocero.cli.console import LARGEST_NUMBER, say, show_json
from vocero.cli.given import given, instant_of, word_of
from vocero.cli.requests_shown import read_request, request_as_dict


def words_of(kind: Any) -> str:
    """Return the words of a vocabulary with what people call them."""
    return ", ".join(f"{word} ({word.label})" for word in kind)


RequestNumber = Annotated[
    int, typer.Argument(metavar="N", min=1, max=LARGEST_NUMBER, help=_("Número de la solicitud (requests list)."))
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXTO", help=_("Motivo; queda en el registro."))]
DecidedBy = Annotated[
    str, typer.Option("--decided-by", metavar="NOMBRE", help=_("Quién de la Alta Dirección lo dispuso."))
]
DecidedAt = Annotated[
    str | None, typer.Option("--at", metavar="FECHA", help=_("Cuándo lo dispuso: 2026-11-24 08:30 (hora de Lima)."))
]
ByChannel = Annotated[
    str | None, typer.Option("--channel", metavar="MEDIO", help=_("Medio (8.7): {all}.").format(all=words_of(Channel)))
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Solo dice si se podría; no cambia nada."))]
ByClass = Annotated[
    str | None,
    typer.Option("--class", metavar="CLASE", help=_("Clasificación (8.5): {all}.").format(all=words_of(EventClass))),
]


def word_told(decided_by: str, at: str | None, channel: str | None) -> SeniorWord:
    """Return what was typed of what Alta Dirección said. Raises InvalidInput."""
    return SeniorWord(
        decided_by=decided_by,
        decided_at=None if at is None else instant_of(at),
        channel=None if channel is None else word_of(Channel, channel, "--channel"),
    )


def do(context: typer.Context, act: RequestAct, dry_run: bool, *, as_json: bool) -> None:  # noqa: FBT001  (as the flag)
    """Do the act and tell what became of the request, or only whether it could be done."""
    if dry_run:
        act.try_out()
        if as_json:
            show_json({"request": act.request_id, "would": act.target})
        else:
            say(_("Se podría: quedaría «{state}». No se cambió nada.").format(state=act.target.label))
        return
    told(context, act.run(), as_json=as_json)


def told(context: typer.Context, request: Request, *, as_json: bool) -> None:
    """Tell where a request is, and what is left to be ratified."""
    office = given(context).office()
    with office.database.read() as transaction:
        file = read_request(transaction, request.id)
    if as_json:
        show_json(request_as_dict(file))
        return
    say(_("Solicitud {id}: {state}.").format(id=request.id, state=request.state.label.lower()))
    for decision in file.decisions:
        if decision.is_pending and decision.ratify_before is not None:
            limit = shown(decision.ratify_before)
            say(_("  Por ratificar por la Alta Dirección hasta el {limit}.").format(limit=limit))
