"""Eventual visibility: what exists already and is not listed yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sandbox.exchange import Call


@dataclass(slots=True)
class Hiding:
    """How long a thing stays out of lists although it exists."""

    until: datetime | None = None
    reads: int = 0

    @classmethod
    def wanted(cls, call: Call) -> Self | None:
        """Return what the fault plan wants for a thing made or shown by this call."""
        seconds, reads = call.effects.hidden_seconds, call.effects.hidden_reads
        if seconds is None and reads is None:
            return None
        return cls(until=call.now + timedelta(seconds=seconds) if seconds else None, reads=reads or 0)

    def hides(self, now: datetime) -> bool:
        """Whether a list read now leaves it out; each read counts."""
        if self.reads > 0:
            self.reads -= 1
            return True
        return self.until is not None and now < self.until
