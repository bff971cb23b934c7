"""Where a platform that takes no bytes can fetch a file: a public address for a while, and only after approval."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from core.media import OutgoingMedium


@dataclass(frozen=True, slots=True)
class Hosted:
    """A file under a public address. `token` is JSON: what `remove` needs; the caller stores it."""

    url: str
    token: dict[str, str]


class MediaHost(ABC):
    """Gives files a public address. Every failure is one of `connectors.errors`; keeps nothing between calls."""

    @abstractmethod
    def put(self, medium: OutgoingMedium, *, key: str) -> Hosted:
        """Make the file fetchable by the platform. `key` is the delivery's; the same file and key may be put again."""

    @abstractmethod
    def remove(self, token: dict[str, str]) -> None:
        """Take the file away again. What is gone already is no error."""
