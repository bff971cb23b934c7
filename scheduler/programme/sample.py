"""The sample week of rehearsal: posts whose instants are relative to a start."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from core.lima import to_lima, to_utc
from core.platforms import Platform
from scheduler.programme.entries import CellPlace, ProgrammeCaptions, ProgrammeEntry, ProgrammeImage
from scheduler.programme.moments import parse_date

# the entries told in seconds come first
_EARLIEST_SLOT = timedelta(minutes=10)


def load_sample(path: Path, *, start: datetime) -> tuple[ProgrammeEntry, ...]:
    """Return the entries of a `sample_week.json`, by instant, as they fall after `start` (aware).

    The format is told in `fixtures/sample_week/README.md`. Raises OSError or ValueError where it is not so.
    """
    sample = json.loads(path.read_text("utf-8"))
    whole = start.replace(microsecond=0) + timedelta(seconds=bool(start.microsecond))
    entries = (
        ProgrammeEntry(
            publish_at=_instant(said, start=whole),
            platforms=tuple(Platform(name) for name in said["platforms"]),
            title=said["title"],
            text=said["text"],
            images=tuple(ProgrammeImage(image["file_name"], image["alt_text"]) for image in said["images"]),
            link=said["link"],
            place=CellPlace(path.name, str(number)),
            thread=tuple(said.get("thread", ())),
            tags=tuple(said.get("tags", ())),
            thumbnail=said.get("thumbnail"),
            captions=tuple(ProgrammeCaptions(one["file_name"], one["language"]) for one in said.get("captions", ())),
            options=tuple(sorted(said.get("options", {}).items())),
        )
        for number, said in enumerate(sample["entries"], start=1)
    )
    return tuple(sorted(entries, key=lambda entry: entry.publish_at))


def _instant(said: dict[str, Any], *, start: datetime) -> datetime:
    if "after_seconds" in said:
        return (start + timedelta(seconds=said["after_seconds"])).astimezone(UTC)
    written = parse_date(said["weekday"])
    if written is None or written.weekday is None:
        raise ValueError(f"{said['weekday']!r} is no weekday")
    earliest = start + _EARLIEST_SLOT
    day = to_lima(earliest).date()
    while day.weekday() != written.weekday or to_utc(day, time.fromisoformat(said["hour"])) < earliest:
        day += timedelta(days=1)
    return to_utc(day, time.fromisoformat(said["hour"]))
