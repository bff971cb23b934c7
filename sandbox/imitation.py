"""What an imitated platform must be able to do; one subclass a platform, listed in `platforms.py`."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from sandbox.exchange import Answer, Call
from sandbox.faults import Fault
from sandbox.fetching import Wish
from sandbox.ledger import Ledger
from sandbox.media import MediaStore, Medium


@dataclass(frozen=True, slots=True)
class Ground:
    """What all imitations stand on. `fetch` gives the file that a public URL of an imitated host shows.

    `standing` gives the imitations that stand already: while one is built, those before it in `platforms.py`.
    """

    seed: int
    clock: Callable[[], datetime]
    ledger: Ledger
    store: MediaStore
    fetch: Callable[[str], Medium | None]
    standing: Callable[[], tuple["Imitation", ...]]

    def neighbour(self, kind: type["Neighbour"]) -> "Neighbour":
        """Return the imitation of that kind, for platforms of the same house."""
        return next(imitation for imitation in self.standing() if isinstance(imitation, kind))


@dataclass(frozen=True, slots=True)
class Card:
    """A visible post as the sandbox's own page shows it. `media` are pairs (SHA-256, alternative text)."""

    platform: str
    account: str
    at: datetime
    title: str | None
    text: str
    link: str
    media: tuple[tuple[str, str], ...]
    comments: int


class Imitation(ABC):
    """One platform's state and behaviour. All methods run under the sandbox's lock, one request at a time."""

    name: ClassVar[str]
    title: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    operations: ClassVar[frozenset[str]]
    manners: ClassVar[frozenset[str]] = frozenset()
    """Other ways in which the platform is known to answer, for the fault plan's `manner`."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    @abstractmethod
    def operation(self, call: Call) -> str:
        """Return the name of what the request asks for, for fault rules; "" when it has none."""

    @abstractmethod
    def answer(self, call: Call) -> Answer:
        """Carry the request out."""

    @abstractmethod
    def failure(self, call: Call, fault: Fault) -> Answer:
        """Return the platform's own error for a planned `status_*` fault."""

    @abstractmethod
    def throttled(self, call: Call, fault: Fault) -> Answer:
        """Return the platform's own way of saying "too many"."""

    @abstractmethod
    def cards(self) -> list[Card]:
        """Return what is visible now, newest first."""

    @abstractmethod
    def add_comment(self, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
        """Let a visitor comment on that post, or on the one that `pick` falls on; returns the comment's id."""

    @abstractmethod
    def describe(self) -> Any:
        """Return the platform's part of the world, a frozen dataclass."""

    def tick(self, now: datetime) -> None:  # noqa: B027  # most platforms do nothing by themselves
        """Do what the platform does by itself when time passes."""

    def claims(self, call: Call) -> bool:  # noqa: ARG002  # part of the interface
        """Whether a request to a host that another platform had first is about this platform."""
        return False

    def wishes(self, call: Call) -> tuple[Wish, ...]:  # noqa: ARG002  # part of the interface
        """Return the files that must be downloaded before `answer`: the lock is not held meanwhile."""
        return ()

    def interrupted(self, call: Call) -> None:  # noqa: B027  # most platforms forget it
        """Take what a client sent that went away in the middle of a body."""

    def public_file(self, host: str, path: str) -> Medium | None:  # noqa: ARG002  # part of the interface
        """Return the file that a public URL shows, when it is one of this platform."""
        return None


Neighbour = TypeVar("Neighbour", bound=Imitation)
