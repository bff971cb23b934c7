"""The office's clock and week."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.errors import InvalidInput
from core.lima import Week, shown, to_lima, to_utc


def test_lima_is_five_hours_behind_all_year() -> None:
    for day in (date(2026, 1, 15), date(2026, 7, 15)):
        assert to_utc(day, time(19, 30)) == datetime(day.year, day.month, day.day + 1, 0, 30, tzinfo=UTC)
        assert to_lima(to_utc(day, time(19, 30))).hour == 19


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 11, 24, 20, 4, tzinfo=UTC), "mar 24/11/2026 15:04"),
        (datetime(2027, 1, 1, 4, 59, 30, tzinfo=UTC), "jue 31/12/2026 23:59:30"),
        (datetime(2026, 11, 28, 5, 0, 0, 900, tzinfo=UTC), "sáb 28/11/2026 00:00"),
    ],
)
def test_an_instant_is_shown_as_people_here_write_it(instant: datetime, text: str) -> None:
    assert shown(instant) == text


@pytest.mark.parametrize(
    ("name", "monday"),
    [
        ("2026-W48", date(2026, 11, 23)),
        ("2026-W53", date(2026, 12, 28)),
        ("2027-W01", date(2027, 1, 4)),
        ("2026-W01", date(2025, 12, 29)),
        ("2026w5", date(2026, 1, 26)),
        (" 2026W48 ", date(2026, 11, 23)),
    ],
)
def test_a_week_is_named_as_iso_8601_does(name: str, monday: date) -> None:
    week = Week.parse(name)
    assert week.monday == monday
    assert Week.parse(week.name) == week


@pytest.mark.parametrize("name", ["", "2026", "2026-48", "2026-W00", "2026-W54", "2027-W53", "26-W48", "2026-W48-1"])
def test_what_is_no_week_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="2026-W48"):
        Week.parse(name)


def test_a_week_crosses_months_and_years() -> None:
    week = Week.of(date(2027, 1, 3))
    assert week == Week(date(2026, 12, 28))
    assert week.name == "2026-W53"
    assert list(week.days()) == [date(2026, 12, 28) + timedelta(days=n) for n in range(7)]
    assert week.sunday == date(2027, 1, 3)
    assert date(2027, 1, 3) in week
    assert date(2027, 1, 4) not in week
    assert date(2026, 12, 27) not in week


@pytest.mark.parametrize(
    ("monday", "text"),
    [
        (date(2026, 11, 23), "Del 23 al 29 de noviembre de 2026"),
        (date(2026, 9, 28), "Del 28 de setiembre al 4 de octubre de 2026"),
        (date(2026, 12, 28), "Del 28 de diciembre de 2026 al 3 de enero de 2027"),
    ],
)
def test_a_week_is_shown_by_what_differs(monday: date, text: str) -> None:
    assert Week(monday).shown() == text


def test_a_week_begins_on_a_monday() -> None:
    with pytest.raises(ValueError, match="Monday"):
        Week(date(2026, 11, 24))


def test_a_week_spans_its_seven_days_in_lima() -> None:
    starts_at, ends_at = Week.parse("2026-W48").span()
    assert starts_at == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert ends_at == datetime(2026, 11, 30, 5, tzinfo=UTC)
