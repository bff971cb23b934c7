"""The working calendar: Peru's holidays from the file that ships, working days, the cut-off; hours and loads."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

import policy
from core.calendar import DeclaredDay
from core.platforms import Platform
from policy.calendar import QuietHours, WorkingCalendar, check_day, check_load, check_quiet, easter
from storage.holidays import read_holidays

RULES = read_holidays(Path(policy.__file__).parent / "rules" / "calendar" / "holidays-pe.toml")
PERU = WorkingCalendar(RULES)
OF_2026 = "01-01 04-02 04-03 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25"


def declared(day: date) -> DeclaredDay:
    return DeclaredDay(day, "Día no laborable", "D.S. 1", "admin", datetime(2026, 1, 1, tzinfo=UTC))


def test_there_are_sixteen_holidays() -> None:
    assert [f"{day:%m-%d}" for day, _name in PERU.holidays(2026)] == OF_2026.split()
    assert all(name for _day, name in PERU.holidays(2026))


@pytest.mark.parametrize(("year", "count"), [(2021, 12), (2022, 14), (2023, 15), (2024, 16), (2030, 16), (1991, 0)])
def test_a_holiday_begins_with_its_law(year: int, count: int) -> None:
    assert len(PERU.holidays(year)) == count


@pytest.mark.parametrize("said", ["2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2026-04-05", "2038-04-25"])
def test_easter_moves(said: str) -> None:
    """Dates of the almanac, the earliest and latest of these decades among them."""
    day = date.fromisoformat(said)
    assert easter(day.year) == day
    if day.year > 1991:
        assert PERU.holiday_on(day - timedelta(days=3)) == "Jueves Santo"
        assert PERU.holiday_on(day - timedelta(days=2)) == "Viernes Santo"
        assert not PERU.holiday_on(day)


def test_the_cut_off_of_the_worked_example() -> None:
    """Indicator 01, July 2026: 6 August is a holiday, so the fifth working day is Monday the 10th."""
    assert [PERU.nth_working_day(2026, 8, n).day for n in range(1, 6)] == [3, 4, 5, 7, 10]
    assert PERU.cut_off(2026, 7) == datetime(2026, 8, 11, 5, tzinfo=UTC)
    assert WorkingCalendar(()).cut_off(2026, 7) == datetime(2026, 8, 8, 5, tzinfo=UTC)


def test_a_declared_day_is_not_worked() -> None:
    calendar = WorkingCalendar(RULES, (declared(date(2026, 8, 7)), declared(date(2026, 8, 8))))
    assert calendar.cut_off(2026, 7) == datetime(2026, 8, 12, 5, tzinfo=UTC)
    assert PERU.is_working(date(2026, 8, 7))
    assert calendar.holiday_on(date(2026, 8, 7)) == "Día no laborable"
    assert date(2026, 8, 8) in dict(calendar.holidays(2026))


def test_the_cut_off_goes_over_the_year() -> None:
    assert PERU.cut_off(2026, 12) == datetime(2027, 1, 9, 5, tzinfo=UTC)  # 1 January and a weekend are not worked


def test_working_days_may_lie_past_the_month() -> None:
    assert PERU.nth_working_day(2026, 2, 21) == date(2026, 3, 2)
    with pytest.raises(ValueError, match="counted from 1"):
        PERU.nth_working_day(2026, 2, 0)


@pytest.mark.parametrize(
    ("hours", "clock", "quiet"),
    [
        ("22-6", "22:00", True),
        ("22-6", "21:59", False),
        ("22-6", "00:00", True),
        ("22-6", "05:59", True),
        ("22-6", "06:00", False),
        ("1-5", "01:00", True),
        ("1-5", "00:59", False),
        ("1-5", "05:00", False),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours: str, clock: str, quiet: bool) -> None:
    starts, ends = (time(int(each)) for each in hours.split("-"))
    at = datetime.fromisoformat(f"2026-11-24T{clock}-05:00")
    reasons = check_quiet(QuietHours(starts, ends), at=at)
    assert [each.code for each in reasons] == ["quiet_hours"] * quiet
    assert check_quiet(None, at=at) == []


def test_a_full_day_is_told_network_by_network() -> None:
    load = {Platform.FACEBOOK: 4, Platform.X: 3}
    platforms = [Platform.FACEBOOK, Platform.X, Platform.FACEBOOK, Platform.WEBSITE]
    [reason] = check_load(load, platforms, most=4, day=date(2026, 11, 24))
    assert "Facebook tendría 5 publicaciones el 24/11/2026" in reason.sentence


def test_a_holiday_is_told() -> None:
    [reason] = check_day(PERU, date(2026, 12, 8))
    assert "08/12/2026" in reason.sentence
    assert "Inmaculada Concepción" in reason.sentence
    assert check_day(PERU, date(2026, 12, 7)) == []
