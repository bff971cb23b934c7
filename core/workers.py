"""A worker as the ledger knows it: when it began, when it was last heard of, whether it ended in good order."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class WorkerRun:
    """One run of one worker process. `name` is `host:process`; `beat_at` is its last sign of life; aware UTC."""

    id: int
    name: str
    version: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None = None

    @property
    def host(self) -> str:
        """The machine it runs on."""
        return self.name.rpartition(":")[0]

    def is_alive(self, now: datetime, *, silence: timedelta) -> bool:
        """Tell whether it was heard of lately and did not end."""
        return self.stopped_at is None and now - self.beat_at <= silence
