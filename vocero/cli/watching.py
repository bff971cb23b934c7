"""What whoever watches a worker is told, line by line, and how a signal stops it."""

import signal
from collections.abc import Callable

import structlog
from rich.markup import escape

from core.deliveries import Delivery, DeliveryState
from core.errors import StorageError
from core.lima import shown
from core.texts import _, plural
from policy.alerts import Alert
from vocero.cli.console import err, out
from vocero.cli.shown import delivery_line
from vocero.office import Office

log = structlog.get_logger()

_MARKS = {
    DeliveryState.PUBLISHED: ("✓", "green"),
    DeliveryState.STAGING: ("…", "dim"),
    DeliveryState.SCHEDULED: ("↻", "yellow"),
    DeliveryState.UNKNOWN: ("?", "bold yellow"),
    DeliveryState.HELD: ("‖", "yellow"),
    DeliveryState.MISSED: ("✗", "bold red"),
    DeliveryState.FAILED: ("✗", "bold red"),
}


class Troubles:
    """Tells people once what the database refuses, until it refuses something else."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, error: StorageError) -> None:
        """Tell it, unless it was told last."""
        if error.sentence != self._last:
            self._last = error.sentence
            err.print(error.sentence, markup=False, style="yellow")


class Alarm:
    """Tells people of each alert once, as long as it lasts; of many at a time, the first and how many more."""

    _MOST = 5

    def __init__(self) -> None:
        self._told: set[tuple[str, str]] = set()

    def __call__(self, alerts: list[Alert]) -> None:
        """Tell what is new since the last call."""
        new = [alert for alert in alerts if alert.key not in self._told]
        self._told = {alert.key for alert in alerts}
        for alert in new:
            log.info("alert", kind=alert.kind, subject=alert.subject)
        for alert in new[: self._MOST]:
            err.print(_("⚠ Aviso: {sentence}").format(sentence=alert.sentence), markup=False, style="bold yellow")
        if len(new) > self._MOST:
            more = plural("⚠ Y {n} aviso más", "⚠ Y {n} avisos más", len(new) - self._MOST)
            err.print(_("{more}: vocero alerts").format(more=more), markup=False, style="bold yellow")


def on_signals(stop: Callable[[], None]) -> None:
    """Let SIGTERM and SIGINT stop the work cleanly."""

    def told(_number: int, _frame: object) -> None:
        stop()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)


def line(office: Office, delivery: Delivery) -> None:
    """Tell in a line what became of a delivery, and when."""
    with office.database.read() as transaction:
        account = transaction.accounts.get(delivery.account_id)
        now = transaction.now
    mark, style = _MARKS.get(delivery.state, ("·", ""))
    text = escape(f"{shown(now.replace(microsecond=0))}  {mark} {delivery_line(delivery, account)}")
    out.print(f"[{style}]{text}[/]" if style else text)
