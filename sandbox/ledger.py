"""What the public could see: every visible write and every taking-down, in order.

An imitation describes what the public sees of a thing as a `Face` and hands it to `Ledger.show` after every change,
under the sandbox's lock. The ledger compares it with the last one, so repeating a write that changes nothing that
can be seen leaves no entry, and nothing visible can be forgotten.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.clock import iso


@dataclass(frozen=True, slots=True)
class Face:
    """What the public sees of one thing. `media` are SHA-256 of the received bytes, in the order shown."""

    kind: str
    text: str
    media: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One entry. `kind` is the thing's own (`post`, `photo`, `video`, `comment`) or `edit`."""

    seq: int
    at: datetime
    platform: str
    account: str
    remote_id: str
    kind: str
    text: str
    media: tuple[str, ...]
    visible: bool
    title: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as `GET /_ledger` shows it."""
        return {
            "seq": self.seq,
            "at": iso(self.at),
            "platform": self.platform,
            "account": self.account,
            "remote_id": self.remote_id,
            "kind": self.kind,
            "title": self.title,
            "text": self.text,
            "media": list(self.media),
            "visible": self.visible,
        }


class Ledger:
    """The entries, and the last face of everything that is visible now."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._writes: list[Write] = []
        self._faces: dict[tuple[str, str, str], Face] = {}

    def show(self, face: Face | None, *, platform: str, account: str, remote_id: str) -> bool:
        """Note what the public sees of a thing now; None: nothing. Returns whether that is news."""
        key = (platform, account, remote_id)
        with self._lock:
            before = self._faces.get(key)
            if face == before:
                return False
            if face is None:
                assert before is not None  # noqa: S101  # equal to `face` otherwise
                del self._faces[key]
                self._note(before, before.kind, key, visible=False)
            else:
                self._faces[key] = face
                self._note(face, "edit" if before else face.kind, key, visible=True)
            return True

    def assume(self, face: Face, *, platform: str, account: str, remote_id: str) -> None:
        """Note without an entry what somebody else, not the office, made visible (a visitor's comment)."""
        with self._lock:
            self._faces[(platform, account, remote_id)] = face

    def writes(self) -> tuple[Write, ...]:
        """Return the entries, oldest first."""
        with self._lock:
            return tuple(self._writes)

    def _note(self, face: Face, kind: str, key: tuple[str, str, str], *, visible: bool) -> None:
        platform, account, remote_id = key
        self._writes.append(
            Write(
                seq=len(self._writes) + 1,
                at=self._clock(),
                platform=platform,
                account=account,
                remote_id=remote_id,
                kind=kind,
                text=face.text,
                media=face.media,
                visible=visible,
                title=face.title,
            )
        )
