"""The sandbox's clock: another clock, moved forward on request."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """Return now, aware, UTC."""
    return datetime.now(UTC)


def iso(instant: datetime) -> str:
    """Return ISO 8601 in UTC with milliseconds and Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class MovableClock:
    """A clock that runs with `base` and can be moved forward, never back."""

    def __init__(self, base: Callable[[], datetime]) -> None:
        self._base = base
        self._ahead = timedelta()
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Return now, aware, UTC."""
        with self._lock:
            return self._base().astimezone(UTC) + self._ahead

    @property
    def ahead(self) -> timedelta:
        """How far it has been moved."""
        with self._lock:
            return self._ahead

    def advance(self, step: timedelta) -> None:
        """Move forward by `step`. Raises ValueError when it is negative."""
        if step < timedelta():
            raise ValueError("el reloj del ensayo solo avanza")
        with self._lock:
            self._ahead += step

    def reset(self) -> None:
        """Run with the base clock again."""
        with self._lock:
            self._ahead = timedelta()
