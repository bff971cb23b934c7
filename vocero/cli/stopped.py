"""How stops are shown, to people and to programs."""

from collections.abc import Mapping, Sequence

from core.accounts import Account
from core.deliveries import Delivery
from core.lima import shown
from core.stops import Stop
from core.texts import _
from vocero.cli.console import say
from vocero.cli.shown import delivery_line
from vocero.office import Office


def stop_line(stop: Stop, accounts: Mapping[int, Account]) -> str:
    """Return one line on a stop."""
    line = _("Detención {id} · {scope} · desde el {hour}, por {who}: {reason}").format(
        id=stop.id,
        scope=stop.scope.named(accounts.get(stop.scope.account_id or 0)),
        hour=shown(stop.opened_at.replace(microsecond=0)),
        who=stop.opened_by,
        reason=stop.reason,
    )
    if stop.lifted_at is not None:
        line += _(" · levantada el {hour} por {who}").format(
            hour=shown(stop.lifted_at.replace(microsecond=0)), who=stop.lifted_by
        )
        line += f": {stop.lifted_reason}" if stop.lifted_reason else ""
    return line


def stop_as_dict(stop: Stop) -> dict[str, object]:
    """Return a stop for programs."""
    return {
        "id": stop.id,
        "platform": stop.scope.platform,
        "account": stop.scope.account_id,
        "reason": stop.reason,
        "opened_by": stop.opened_by,
        "opened_at": stop.opened_at,
        "lifted_by": stop.lifted_by or None,
        "lifted_at": stop.lifted_at,
        "lifted_reason": stop.lifted_reason or None,
    }


def say_stops(office: Office, *, covering: Account | None = None) -> None:
    """Tell which stops are open (only those that cover an account); nothing where there are none."""
    with office.database.read() as transaction:
        stops = [stop for stop in transaction.stops.opened() if covering is None or covering in stop.scope]
        accounts = {account.id: account for account in transaction.accounts.all()}
    if stops:
        say(_("⚠ Hay detenciones abiertas; lo que cubren no sale (vocero stops list):"), style="bold yellow")
    for stop in stops:
        say("  " + stop_line(stop, accounts), style="yellow")


def say_held(office: Office, held: Sequence[Delivery]) -> None:
    """Tell what a stop held that is lifted now, each with the way on."""
    if not held:
        say(_("Nada quedó en pausa por ella."))
        return
    with office.database.read() as transaction:
        accounts = {account.id: account for account in transaction.accounts.all()}
        now = transaction.now
    say(_("Quedó en pausa; cada una se programa otra vez, o se anula:"))
    for delivery in held:
        say("  " + delivery_line(delivery, accounts[delivery.account_id]))
        at = " --at …" if delivery.late_after <= now else ""
        say(_("    vocero posts schedule {post}{at}").format(post=delivery.post_id, at=at))
