"""What whoever watches a worker is told, line by line, and how a signal stops it."""

import signal
from collections.abc import Callable

from rich.markup import escape

from core.deliveries import Delivery, DeliveryState
from core.errors import StorageError
from core.lima import shown
from vocero.cli.console import err, out
from vocero.cli.shown import delivery_line
from vocero.office import Office

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
