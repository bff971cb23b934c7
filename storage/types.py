"""Column types that both databases keep alike."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

from core.platforms import Platform

E = TypeVar("E", bound=str)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, to the microsecond. A naive one is refused: it would mean a different time elsewhere."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps it as text that sorts."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive instant: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Word(TypeDecorator[Any]):
    """A word of a closed vocabulary (a string enumeration, the platforms), stored as its value."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002  (SQLAlchemy's)
        """Refuse a word that is not of the vocabulary."""
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any | None:  # noqa: ARG002  (SQLAlchemy's)
        """Return the member."""
        return None if value is None else self.words(value)


class PlatformWord(Word):
    """A platform. What a plug-in that is not there any more left behind is still read, under its own name."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(Platform)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Platform | None:  # noqa: ARG002  (SQLAlchemy's)
        """Return the platform."""
        if value is None:
            return None
        try:
            return Platform(value)
        except ValueError:
            return Platform.introduce(value, value)
