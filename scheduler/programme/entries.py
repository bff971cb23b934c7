"""What a weekly programme says: its entries, where each one stands, and what is wrong with a cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from core.lima import Week, to_lima
from core.platforms import Platform
from core.texts import _

MAX_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where something stands in a workbook: the sheet's name and the cell, `C7`."""

    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class ProgrammeImage:
    """An image of an entry: the bare name of a file in the media folder, and its alternative text."""

    file_name: str
    alt_text: str


@dataclass(frozen=True, slots=True)
class ProgrammeCaptions:
    """A captions file of an entry's video, and its language (BCP 47)."""

    file_name: str
    language: str


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """A post that the office wants at an instant (aware UTC, whole seconds) on one or more platforms.

    The text is NFC, with line feeds for line ends and no blank lines around it; `thread` are the messages after it.
    Title and tags are for the platforms that have them; `options` are pairs (`platform.name`, value).
    """

    publish_at: datetime
    platforms: tuple[Platform, ...]
    title: str | None
    text: str
    images: tuple[ProgrammeImage, ...]
    link: str | None
    place: CellPlace
    thread: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    thumbnail: str | None = None
    captions: tuple[ProgrammeCaptions, ...] = ()
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeCell:
    """An entry as it is shown to people, with its state and its code; importing ignores both."""

    entry: ProgrammeEntry
    state_label: str | None = None
    code: str | None = None

    @property
    def hour(self) -> time:
        """The hour in Lima, to the second."""
        return to_lima(self.entry.publish_at).time().replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell cannot be imported, in a Spanish sentence with the way out."""

    sheet: str
    cell: str
    reason: str

    def __str__(self) -> str:
        return _("hoja «{sheet}», celda {cell}: {reason}").format(sheet=self.sheet, cell=self.cell, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Programme:
    """What a workbook holds: good entries by instant, problems in reading order.

    The week is None where the entries belong to several weeks or there are none.
    """

    week: Week | None
    entries: tuple[ProgrammeEntry, ...]
    problems: tuple[Problem, ...]


def in_order(entries: Iterable[ProgrammeEntry | ProgrammeCell]) -> list[ProgrammeCell]:
    """Return the entries by instant, each with what people are told of it."""
    cells = (entry if isinstance(entry, ProgrammeCell) else ProgrammeCell(entry) for entry in entries)
    return sorted(cells, key=lambda cell: cell.entry.publish_at)
