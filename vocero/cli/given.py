"""What a command works with: the settings, the composed application, who acts."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import structlog
import typer

from connectors.redaction import redacted
from core.errors import InvalidInput
from core.lima import to_utc
from core.people import Person
from core.platforms import Platform
from core.texts import _
from vocero.cli.console import Said
from vocero.office import Office, open_office
from vocero.settings import Settings, load

_LAST_YEAR = 2999  # later ones are slips, and some of them no clock can hold

W = TypeVar("W", bound=StrEnum)


@dataclass(slots=True)
class Given:
    """What was said before the command's name, and what follows from it."""

    said: Said
    context: typer.Context
    settings: Settings | None = field(default=None, repr=False)

    def load(self) -> Settings:
        """Return the settings, read once."""
        if self.settings is None:
            self.settings = load(self.said.settings_file)
            set_up_logs(self.settings.log_level)
        return self.settings

    def office(self) -> Office:
        """Return the composed application; it is closed when the command ends."""
        office = open_office(self.load(), create=False)
        self.context.call_on_close(office.database.close)
        return office

    def who(self, office: Office) -> Person:
        """Return who acts. Raises InvalidInput where nobody was named."""
        login = self.said.actor or office.settings.actor
        if not login:
            raise InvalidInput(_("Diga quién es usted: vocero --as USUARIO …, o el ajuste VOCERO_ACTOR."))
        return office.person(login)


def given(context: typer.Context) -> Given:
    """Return what was said before the command's name."""
    said = context.find_object(Said)
    if said is None:
        raise RuntimeError("the root callback did not run")
    return Given(said, context)


def platform_named(word: str) -> Platform:
    """Return the platform that the word means. Raises InvalidInput that names those there are."""
    platform = Platform.named(word)
    if platform is None:
        raise InvalidInput(
            _("No se conoce la red «{word}». Son: {all}.").format(
                word=word[:60], all=", ".join(each.label for each in Platform)
            )
        )
    return platform


def instant_of(text: str) -> datetime:
    """Return the instant that was typed, by Lima's clock unless it says another. Raises InvalidInput."""
    try:
        moment = datetime.fromisoformat(text.strip())
        instant = to_utc(moment.date(), moment.time()) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or instant.year > _LAST_YEAR:
        raise InvalidInput(
            _("«{text}» no es una hora. Escríbala así: 2026-11-24 08:30 (hora de Lima).").format(text=text)
        )
    return instant


def word_of(kind: type[W], text: str, option: str) -> W:
    """Return the word of a closed vocabulary, by its code or its label. Raises InvalidInput that names all."""
    for word in kind:
        if text.strip().casefold() in (word.value, str(getattr(word, "label", "")).casefold()):
            return word
    raise InvalidInput(
        _("«{text}» no sirve para {option}. Son: {all}.").format(text=text[:60], option=option, all=", ".join(kind))
    )


def set_up_logs(level: str) -> None:
    """Send logs to the standard error. Libraries that would log addresses with tokens are kept quiet."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in ("urllib3", "requests", "alembic", "sqlalchemy", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Take out of a log line whatever looks like a credential: an unforeseen error's text may repeat one."""
    return {name: redacted(value) if isinstance(value, str) else value for name, value in event.items()}
