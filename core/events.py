"""The record: what happened, who did it, when; each event carries the hash of the one before.

The canonical form of an event is JSON with sorted keys, no spaces, UTF-8 without escapes, instants as ISO 8601 UTC with
microseconds; its hash is SHA-256 over the previous hash (64 hexadecimal digits; zeros for the first), a line feed, and
the canonical form. The hash does not depend on where the event is kept, so an exported record can be checked anywhere.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

FIRST = "0" * 64
SYSTEM = "sistema"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `subject` is `kind:id`; `actor` a login, or `sistema` for the program itself.

    `data` holds facts as short texts: never a post's text, a token or a visitor's data.
    """

    at: datetime
    actor: str
    role: str
    action: str
    subject: str
    before: str = ""
    after: str = ""
    digest: str = ""
    reason: str = ""
    data: dict[str, str] = field(default_factory=dict)

    def canonical(self, number: int) -> str:
        """Return the exact text that is hashed, as event `number` of the chain."""
        return json.dumps(
            {
                "number": number,
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": self.actor,
                "role": self.role,
                "action": self.action,
                "subject": self.subject,
                "before": self.before,
                "after": self.after,
                "digest": self.digest,
                "reason": self.reason,
                "data": self.data,
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )

    def chained(self, previous: str, number: int) -> str:
        """Return the event's hash after `previous`."""
        return hashlib.sha256(f"{previous}\n{self.canonical(number)}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event in its place in the chain; `number` counts from 1 without gaps."""

    number: int
    event: Event
    previous: str
    hash: str


def first_broken(chain: Iterable[RecordedEvent], end: tuple[int, str]) -> int | None:
    """Return the number of the first event that was changed, removed, inserted or reordered; None: the chain is whole.

    `chain` in the order of its numbers; `end` is the number and hash that the chain's end was last said to have.
    """
    number, last = 0, FIRST
    for recorded in chain:
        number += 1
        as_it_was = recorded.event.chained(last, number)
        if (recorded.number, recorded.previous, recorded.hash) != (number, last, as_it_was):
            return number
        last = recorded.hash
    return None if (number, last) == end else number + 1
