"""The office's clock and week: America/Lima, weeks from Monday. Used at the edges; inside, instants are UTC."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import InvalidInput
from core.texts import _

LIMA = ZoneInfo("America/Lima")
DAYS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def to_utc(day: date, hour: time) -> datetime:
    """Return the instant (aware, UTC) of an hour of a day in Lima."""
    return datetime.combine(day, hour, LIMA).astimezone(UTC)


def to_lima(instant: datetime) -> datetime:
    """Return the instant as Lima's clock shows it."""
    return instant.astimezone(LIMA)


def shown(instant: datetime) -> str:
    """Return the instant as people here write it: "mar 24/11/2026 15:04", with seconds only where there are any."""
    local = to_lima(instant)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{DAYS[local.weekday()][:3].lower()} {local:%d/%m/%Y} {clock}"


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week from Monday to Sunday, by its Monday."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise ValueError(f"{self.monday} is not a Monday")

    @classmethod
    def of(cls, day: date) -> "Week":
        """Return the week that holds the day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Return the week of an ISO 8601 week name, `2026-W48`. Raises InvalidInput."""
        match = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text.strip())
        try:
            if match:
                return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError:
            pass
        raise InvalidInput(
            _("«{text}» no es una semana. Escríbala como 2026-W48 (año y número de semana).").format(text=text)
        )

    @property
    def name(self) -> str:
        """The ISO 8601 name, `2026-W48`."""
        year, number, _weekday = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    def days(self) -> Iterator[date]:
        """Yield the seven days, Monday first."""
        return (self.monday + timedelta(days=n) for n in range(7))

    def span(self) -> tuple[datetime, datetime]:
        """Return the instants (aware, UTC) at which the week starts and ends in Lima; the end is not part of it."""
        return to_utc(self.monday, time()), to_utc(self.monday + timedelta(days=7), time())

    def __contains__(self, day: date) -> bool:
        return self.monday <= day <= self.sunday

    def shown(self) -> str:
        """Return "Del 28 de setiembre al 4 de octubre de 2026", naming what differs between the two ends."""
        first, last = self.monday, self.sunday
        end = f"{last.day} de {MONTHS[last.month - 1]} de {last.year}"
        start = f"{first.day}"
        if (first.month, first.year) != (last.month, last.year):
            start += f" de {MONTHS[first.month - 1]}"
        if first.year != last.year:
            start += f" de {first.year}"
        return f"Del {start} al {end}"
