"""Indicator 01: the worked example of the procedure (section 4), each row by name, and where its edges are."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lima import to_utc
from monitoring.indicator import Authorisation, Indicator, Month, RequestLife, cut_off, indicator, restated

JULY = Month(2026, 7)
HOLIDAYS = {date(2026, 7, 28), date(2026, 7, 29), date(2026, 8, 6)}


def lima(month: int, day: int, hour: time = time(10)) -> datetime:
    return to_utc(date(2026, month, day), hour)


def approved(month: int, day: int, *, until: datetime | None = None) -> tuple[Authorisation, ...]:
    return (Authorisation(lima(month, day), until),)


EXAMPLE: dict[str, tuple[RequestLife, int, int]] = {
    "1 unit: sent 2 July, approved 3 July": (RequestLife(1, lima(7, 2), approved(7, 3)), 1, 1),
    "2 unit: rejected": (RequestLife(2, lima(7, 5)), 1, 0),
    "3 unit: sent 31 July 23:30 in Lima, approved 1 August": (
        RequestLife(3, datetime(2026, 8, 1, 4, 30, tzinfo=UTC), approved(8, 1)),
        1,
        1,
    ),
    "4 initiative: approved 17 July, publishing failed": (RequestLife(4, lima(7, 15), approved(7, 17)), 1, 1),
    "5 order: approved, text changed, not re-approved": (
        RequestLife(5, lima(7, 8), approved(7, 9, until=lima(7, 10))),
        1,
        0,
    ),
    "6 unit: withdrawn": (RequestLife(6, lima(7, 12)), 1, 0),
    "7 unit: duplicate of 1": (RequestLife(7, lima(7, 3), duplicate_at=lima(7, 4)), 0, 0),
    "8 unit: draft 30 July, sent 1 August": (RequestLife(8, lima(8, 1)), 0, 0),
    "9 unit: sent 28 June, approved 2 July": (RequestLife(9, lima(6, 28), approved(7, 2)), 0, 0),
    "10 unit: pending, approved 12 August": (RequestLife(10, lima(7, 20), approved(8, 12)), 1, 0),
}
# around the month: the strategy wants naive bounds
SUMMER = st.datetimes(
    datetime(2026, 6, 20),  # noqa: DTZ001
    datetime(2026, 8, 20),  # noqa: DTZ001
    timezones=st.just(UTC),
)
LIVES = [life for life, _requested, _authorised in EXAMPLE.values()]


@pytest.mark.parametrize("name", EXAMPLE)
def test_each_request_of_the_worked_example(name: str) -> None:
    life, requested, authorised = EXAMPLE[name]
    july = indicator(JULY, [life], holidays=HOLIDAYS)
    assert (len(july.requested), len(july.authorised)) == (requested, authorised)


def test_the_worked_example_of_july_2026() -> None:
    july = indicator(JULY, LIVES, holidays=HOLIDAYS)
    assert july.known_at == lima(8, 11, time.min), "Monday 10 August, its end: the 6th is a holiday"
    assert (len(july.requested), len(july.authorised), july.rate) == (7, 3, Decimal("42.86"))
    later = restated(JULY, LIVES, at=lima(8, 13))
    assert (len(later.authorised), later.rate) == (4, Decimal("57.14"))
    assert indicator(JULY, LIVES, holidays=HOLIDAYS) == july, "frozen: what came later changes nothing"


def test_what_is_of_another_month_counts_there() -> None:
    assert indicator(Month(2026, 6), LIVES, holidays=HOLIDAYS).requested == {9}
    assert indicator(Month(2026, 8), LIVES, holidays=HOLIDAYS).requested == {8}


@pytest.mark.parametrize(
    ("month", "holidays", "end"),
    [
        (JULY, HOLIDAYS, datetime(2026, 8, 11, 5, tzinfo=UTC)),
        (JULY, (), datetime(2026, 8, 8, 5, tzinfo=UTC)),
        (Month(2026, 12), (), datetime(2027, 1, 8, 5, tzinfo=UTC)),
        (Month(2026, 12), {date(2027, 1, 1)}, datetime(2027, 1, 9, 5, tzinfo=UTC)),
        (Month(2026, 10), {date(2026, 11, 1)}, datetime(2026, 11, 7, 5, tzinfo=UTC)),  # a holiday on a Sunday
    ],
)
def test_the_cut_off_is_the_end_of_the_fifth_working_day(month: Month, holidays: set[date], end: datetime) -> None:
    assert cut_off(month, holidays) == end


def test_a_month_without_requests_has_no_rate() -> None:
    nothing = indicator(JULY, [RequestLife(1, None), EXAMPLE["7 unit: duplicate of 1"][0]], holidays=HOLIDAYS)
    assert (nothing.requested, nothing.rate) == (frozenset(), None)


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"authorisations": (Authorisation(cut_off(JULY, HOLIDAYS)),)}, False),
        ({"authorisations": (Authorisation(cut_off(JULY, HOLIDAYS) - timedelta(microseconds=1)),)}, True),
        ({"authorisations": approved(7, 9, until=cut_off(JULY, HOLIDAYS))}, True),
        ({"authorisations": (*approved(7, 9, until=lima(7, 10)), *approved(7, 11))}, True),
        ({"published_at": lima(7, 9), "authorisations": approved(7, 8, until=lima(7, 20))}, True),
        ({"published_at": lima(8, 20)}, False),
    ],
)
def test_what_holds_at_the_cut_off(change: dict[str, object], counts: bool) -> None:
    life = replace(RequestLife(1, lima(7, 8)), **change)  # type: ignore[arg-type]
    assert (indicator(JULY, [life], holidays=HOLIDAYS).authorised == {1}) is counts


def test_halves_are_rounded_up() -> None:
    figure = Indicator(JULY, lima(8, 1), frozenset(range(800)), frozenset({1}))  # 0.125 %
    assert figure.rate == Decimal("0.13")


@given(
    st.lists(
        st.builds(
            RequestLife,
            id=st.integers(),
            submitted_at=st.none() | SUMMER,
            authorisations=st.lists(
                st.builds(
                    Authorisation,
                    SUMMER,
                ),
                max_size=2,
            ).map(tuple),
        ),
        unique_by=lambda life: life.id,
        max_size=8,
    )
)
def test_a_rate_is_a_share_and_a_restated_one_is_no_lower_without_revocations(lives: list[RequestLife]) -> None:
    frozen = indicator(JULY, lives, holidays=HOLIDAYS)
    later = restated(JULY, lives, at=lima(12, 1))
    assert frozen.authorised <= frozen.requested
    assert (frozen.rate is None) is (not frozen.requested)
    assert frozen.rate is None or 0 <= frozen.rate <= 100
    assert later.requested == frozen.requested
    assert later.authorised >= frozen.authorised
