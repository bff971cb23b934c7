from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from core.lima import Week, to_lima
from core.media import MediaKind
from core.platforms import Platform
from scheduler.programme.annex import write_grid
from scheduler.programme.entries import CellPlace, ProgrammeEntry
from scheduler.programme.images import resolve_image
from scheduler.programme.listing import write_flat
from scheduler.programme.sample import load_sample
from scheduler.programme.workbook import read_programme
from storage.inspection import inspected

SAMPLE = Path(__file__).parents[3] / "fixtures" / "sample_week"
DATA = SAMPLE / "sample_week.json"
# a Monday, a Friday evening, and a minute before the year ends (all in Lima)
STARTS = [
    datetime(2026, 11, 23, 14, tzinfo=UTC),
    datetime(2026, 11, 28, 1, 30, 20, 5, tzinfo=UTC),
    datetime(2027, 1, 1, 4, 59, tzinfo=UTC),
]
NOWHERE = CellPlace("", "")


@pytest.mark.parametrize("start", STARTS)
def test_sample_survives_the_list_with_all_its_images(tmp_path: Path, start: datetime) -> None:
    entries = load_sample(DATA, start=start)
    write_flat(entries, path=tmp_path / "semana.xlsx")
    programme = read_programme(tmp_path / "semana.xlsx", now=start)
    assert programme.problems == ()
    assert all(resolve_image(SAMPLE, image.file_name) for entry in programme.entries for image in entry.images)
    assert [replace(entry, place=NOWHERE) for entry in programme.entries] == [
        replace(entry, place=NOWHERE) for entry in entries
    ]


@pytest.mark.parametrize("start", STARTS)
def test_sample_survives_the_grids_of_its_weeks(tmp_path: Path, start: datetime) -> None:
    entries = load_sample(DATA, start=start)
    read: list[ProgrammeEntry] = []
    for week in sorted({Week.of(to_lima(entry.publish_at).date()) for entry in entries}):
        own = [entry for entry in entries if to_lima(entry.publish_at).date() in week]
        write_grid(own, week=week, path=tmp_path / "semana.xlsx")
        programme = read_programme(tmp_path / "semana.xlsx", now=start)
        assert programme.problems == ()
        read += programme.entries
    assert [entry.text for entry in read] == [entry.text for entry in entries]


@pytest.mark.parametrize("start", STARTS)
def test_sample_falls_after_its_start(start: datetime) -> None:
    entries = load_sample(DATA, start=start)
    waits = [entry.publish_at - start for entry in entries]
    soon = [20, 24, 28, 35, 40, 50, 120, 300]
    assert [round(wait.total_seconds()) for wait in waits[:8]] == pytest.approx(soon, abs=1)
    assert all(timedelta(minutes=10) <= wait <= timedelta(days=8) for wait in waits[8:])
    assert {platform for entry in entries for platform in entry.platforms} == set(Platform)
    assert all(entry.title for entry in entries if Platform.WEBSITE in entry.platforms)


def test_images_are_small_plain_and_all_used() -> None:
    entries = load_sample(DATA, start=STARTS[0])
    used = {image.file_name for entry in entries for image in entry.images} - {"recorrido-taller.mp4"}
    used |= {entry.thumbnail for entry in entries if entry.thumbnail}
    files = {file.name: file for file in SAMPLE.iterdir() if file.suffix in (".jpg", ".png")}
    assert used == files.keys()
    for file in files.values():
        assert file.stat().st_size < 60_000
        with Image.open(file) as image:
            assert image.size in ((1200, 630), (1080, 1350), (1280, 720))
            assert not image.getexif()


def test_the_film_is_short_and_upright_and_has_its_captions() -> None:
    film = inspected(SAMPLE / "recorrido-taller.mp4")
    assert (film.kind, film.width, film.height, film.duration) == (MediaKind.VIDEO, 720, 1280, 6.0)
    assert film.size < 200_000
    assert inspected(SAMPLE / "recorrido-taller.srt").mime_type == "application/x-subrip"
