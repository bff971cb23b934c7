"""`vocero audit show` and `vocero audit digest`: what the record holds, and what an approval binds."""

import hashlib
import re
import sys
from datetime import UTC
from typing import Annotated

import typer

from core.errors import InvalidInput
from core.events import RecordedEvent
from core.lima import shown
from core.posts import Revision
from core.texts import _, plural
from storage.transaction import Transaction
from vocero.cli.commands import AsJson
from vocero.cli.console import say, say_rows, show_json
from vocero.cli.given import given, instant_of, platform_named
from vocero.digests import Bound, bound

_MOST = 100_000
_NUMBERED = re.compile(r"(?:(post|version|delivery|approval):)?(\d{1,9})", re.ASCII)


def show(
    context: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="ASUNTO",
            help=_("Sobre qué: post:12 (o solo 12), delivery:7, account:1, person:3, stop:2."),
        ),
    ] = "",
    actor: Annotated[
        str,
        typer.Option("--actor", metavar="USUARIO", help=_("Solo lo que hizo esa persona («sistema»: el programa).")),
    ] = "",
    action: Annotated[
        str, typer.Option("--action", metavar="ACTO", help=_("Solo ese acto, p. ej. approve_post."))
    ] = "",
    since: Annotated[
        str | None, typer.Option("--since", metavar="FECHA", help=_("Desde esa hora: 2026-11-24 08:30 (hora de Lima)."))
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="FECHA", help=_("Antes de esa hora."))] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=_MOST, help=_("Cuántos sucesos, los más nuevos."))
    ] = 50,
    as_json: AsJson = False,
) -> None:
    """Busca en el registro: qué se hizo, quién y cuándo."""
    office = given(context).office()
    with office.database.read() as transaction:
        found = transaction.events.search(
            subject=f"post:{subject}" if subject.isdecimal() else subject,
            actor=actor,
            action=action,
            since=None if since is None else instant_of(since),
            until=None if until is None else instant_of(until),
            limit=limit,
        )
    if as_json:
        show_json([event_as_dict(each) for each in found])
        return
    if not found:
        say(_("No hay ningún suceso así."))
        return
    headings = (_("N.°"), _("Hora"), _("Quién"), _("Acto"), _("Asunto"), _("Cambio"), _("Motivo"))
    say_rows(headings, [_row(each) for each in found])
    if len(found) == limit:
        said = plural("Solo el más nuevo.", "Solo los {n} más nuevos; más con --limit.", limit)
        say(said)


def digest(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="N",
            help=_("Publicación 12 (su última versión), o version:30, approval:5, delivery:7."),
        ),
    ],
    account: Annotated[
        str, typer.Option("--account", metavar="CUENTA", help=_("Solo esa cuenta: su número o su red (fb, x…)."))
    ] = "",
    raw: Annotated[
        bool,
        typer.Option("--raw", help=_("Solo el texto exacto, sin nada más: su sha256sum es la huella.")),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Muestra el texto exacto que una aprobación fija, y su huella: se puede rehacer a mano."""
    office = given(context).office()
    with office.database.read() as transaction:
        revision, only = _meant(transaction, what)
        found = [each for each in bound(transaction, revision) if only in (None, each.account.id)]
    if account:
        found = [each for each in found if _is_meant(each, account)]
    if not found:
        raise InvalidInput(_("Esa versión no va a esa cuenta. Vea a cuáles va sin --account."))
    if raw:
        if len(found) != 1:
            raise InvalidInput(
                _("Va a varias cuentas; elija una con --account: {all}.").format(
                    all=", ".join(str(each.account.id) for each in found)
                )
            )
        sys.stdout.write(found[0].text)  # no line feed: every byte counts
        return
    if as_json:
        show_json([_bound_as_dict(revision, each) for each in found])
        return
    for each in found:
        say(
            _("Publicación {post}, versión {number}, {network} ({account})").format(
                post=revision.post_id,
                number=revision.number,
                network=each.account.platform.label,
                account=each.account.name,
            ),
            style="bold",
        )
        say(each.text)
        say(_("Huella: {digest}").format(digest=each.digest))
        say(_approved(each))


def event_as_dict(recorded: RecordedEvent) -> dict[str, object]:
    """Return an event with its place in the chain: enough to work out its hash again."""
    event = recorded.event
    return {
        "number": recorded.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),  # as it is hashed
        "actor": event.actor,
        "role": event.role,
        "action": event.action,
        "subject": event.subject,
        "before": event.before,
        "after": event.after,
        "digest": event.digest,
        "reason": event.reason,
        "data": event.data,
        "previous": recorded.previous,
        "hash": recorded.hash,
    }


def _row(recorded: RecordedEvent) -> tuple[str, ...]:
    event = recorded.event
    change = " → ".join(filter(None, (event.before, event.after)))
    hour = shown(event.at.replace(microsecond=0))
    return (
        str(recorded.number),
        hour,
        event.actor,
        event.action,
        event.subject,
        change,
        " ".join(event.reason.split()),
    )


def _meant(transaction: Transaction, what: str) -> tuple[Revision, int | None]:
    """Return the revision meant, and the account where only one is. Raises InvalidInput, NotFound."""
    match = _NUMBERED.fullmatch(what.strip().casefold())
    if match is None:
        raise InvalidInput(
            _("«{what}» no se entiende: diga 12, version:30, approval:5 o delivery:7.").format(what=what[:40])
        )
    kind, number = match[1], int(match[2])
    if kind == "version":
        return transaction.posts.revision(number), None
    if kind == "approval":
        approval = transaction.posts.approval(number)
        return transaction.posts.revision(approval.revision_id), approval.account_id
    if kind == "delivery":
        delivery = transaction.deliveries.get(number)
        return transaction.posts.revision(delivery.revision_id), delivery.account_id
    return transaction.posts.latest_revision(transaction.posts.get(number).id), None


def _is_meant(each: Bound, account: str) -> bool:
    if account.isdecimal():
        return each.account.id == int(account)
    return each.account.platform is platform_named(account)


def _approved(each: Bound) -> str:
    if each.approval is None:
        return _("Sin aprobación en vigor.")
    if each.approval.digest == each.digest:
        return _("Es la que se aprobó.")
    return _("NO es la que se aprobó: {digest}").format(digest=each.approval.digest)


def _bound_as_dict(revision: Revision, each: Bound) -> dict[str, object]:
    exact = each.text.encode()
    return {
        "post": revision.post_id,
        "revision": revision.id,
        "number": revision.number,
        "account": each.account.id,
        "official_id": each.account.official_id,
        "text": each.text,
        "digest": hashlib.sha256(exact).hexdigest(),
        "approved": None if each.approval is None else each.approval.digest,
    }
