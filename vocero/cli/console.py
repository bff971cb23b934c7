"""What every command shares: the settings given, who acts, how things are shown, how errors end."""

import json
import logging
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import structlog
import typer
from rich.console import Console

from core.errors import InvalidInput, VoceroError
from core.people import Person
from core.platforms import Platform
from core.texts import _
from vocero.office import Office, open_office
from vocero.settings import Settings, load

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Given:
    """What was said before the command's name."""

    settings_file: Path | None = None
    actor: str = ""
    settings: Settings | None = field(default=None, repr=False)

    def load(self) -> Settings:
        """Return the settings, read once."""
        if self.settings is None:
            self.settings = load(self.settings_file)
            set_up_logs(self.settings.log_level)
        return self.settings

    def office(self) -> Office:
        """Return the composed application."""
        return open_office(self.load())

    def who(self, office: Office) -> Person:
        """Return who acts. Raises InvalidInput where nobody was named."""
        login = self.actor or office.settings.actor
        if not login:
            raise InvalidInput(_("Diga quién es usted: vocero --as USUARIO …, o el ajuste VOCERO_ACTOR."))
        return office.person(login)


def given(context: typer.Context) -> Given:
    """Return what was said before the command's name."""
    found = context.find_object(Given)
    if found is None:
        raise RuntimeError("the root callback did not run")
    return found


def show_json(value: Any) -> None:
    """Print for programs: one JSON document on the standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_as_json) + "\n")


def fail(error: VoceroError) -> NoReturn:
    """End with one sentence on the standard error, and the exit code of the error's kind."""
    err.print(f"[bold red]{_('Error')}:[/] ", end="")
    err.print(error.sentence, markup=False)
    if error.diagnostic:
        structlog.get_logger().debug("diagnostic", detail=error.diagnostic)
    raise SystemExit(error.exit_code)


def warn(sentence: str) -> None:
    """Print a warning on the standard error."""
    err.print(sentence, markup=False, style="yellow")


def say(sentence: str, *, style: str | None = None) -> None:
    """Print a line; nothing in it is markup."""
    out.print(sentence, markup=False, style=style)


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


def set_up_logs(level: str) -> None:
    """Send logs to the standard error. Libraries that would log addresses with tokens are kept quiet."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in ("urllib3", "requests", "alembic", "sqlalchemy", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _as_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
