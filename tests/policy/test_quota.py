"""A day's quota: whether a plan fits, and when there is room again, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.registry import CONNECTORS
from core.capabilities import Load, Quota, Use, each_message
from core.platforms import Platform
from policy.quota import check_plan, day_of, frees_at, why_wait
from tests.policy.facts import most

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)  # in Lima; 09:00 in Los Angeles
ROLLING = Quota(most(3), "publicaciones")
PACIFIC = Quota(most(3), "videos", "America/Los_Angeles")
H = timedelta(hours=1)


def uses(*hours: float, messages: int = 1) -> list[Use]:
    return [Use(NOON + hour * H, Load(messages=messages), is_spent=True) for hour in hours]


@pytest.mark.parametrize(
    ("quota", "spent", "free"),
    [
        (ROLLING, uses(), None),
        (ROLLING, uses(-2, -1), None),
        (ROLLING, uses(-3, -2, -1), 21),
        (ROLLING, uses(-1, -3, -2), 21),  # in whatever order
        (ROLLING, uses(-24, -2, -1), None),  # a day old to the instant: out of the window
        (ROLLING, uses(-23.5, -2, -1), 0.5),
        (ROLLING, uses(-4, -3, -2, -1), 21),  # one too many already: two have to leave
        (PACIFIC, uses(-8, -2, -1), 15),  # 01:00 there; midnight there is 03:00 in Lima
        (PACIFIC, uses(-10, -2, -1), None),  # 23:00 there, the day before
        (PACIFIC, uses(-8, -2), None),
    ],
)
def test_when_there_is_room_again(quota: Quota, spent: list[Use], free: float | None) -> None:
    assert frees_at(quota, spent, cost=1, now=NOON) == (None if free is None else NOON + free * H)


@pytest.mark.parametrize("quota", [ROLLING, PACIFIC])
def test_what_never_fits_waits_for_the_next_day_and_no_loop(quota: Quota) -> None:
    until = frees_at(quota, [], cost=4, now=NOON)
    assert until is not None
    assert timedelta(hours=1) < until - NOON <= timedelta(hours=24)


@pytest.mark.parametrize(
    ("quota", "planned", "codes"),
    [
        (ROLLING, uses(1, 2), []),
        (ROLLING, uses(1, 2, 3), ["quota_exceeded"]),
        (ROLLING, uses(-23, -12, 5), []),  # never four in any 24 hours
        (ROLLING, uses(-23, -12, 0.5), ["quota_exceeded"]),
        (ROLLING, uses(-1, 1, 23.5), []),  # the first is gone when the last comes
        (ROLLING, uses(0, 0, 0), ["quota_exceeded"]),
        (PACIFIC, uses(-8, -2), []),
        (PACIFIC, uses(-8, -2, 14.9), ["quota_exceeded"]),
        (PACIFIC, uses(-10, -2, 15), []),
        (Quota(most(3), "publicaciones", certain=False), uses(1, 2, 3), ["quota_near"]),
        (Quota(most(3), "mensajes", cost=each_message), uses(1, messages=2), []),
        (Quota(most(3), "mensajes", cost=each_message), uses(1, messages=3), ["quota_exceeded"]),
    ],
)
def test_whether_a_plan_fits(quota: Quota, planned: list[Use], codes: list[str]) -> None:
    reasons = check_plan(quota, planned, Use(NOON, Load()), account="INPE")
    assert [reason.code for reason in reasons] == codes
    assert all("INPE" in reason.sentence and "admite 3" in reason.sentence for reason in reasons)


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime(2026, 3, 8, 20, tzinfo=UTC), 23), (datetime(2026, 11, 1, 20, tzinfo=UTC), 25)]
)
def test_a_day_on_which_clocks_change_is_a_day(day: datetime, hours: int) -> None:
    start, end = day_of(PACIFIC, day)
    assert end - start == hours * H
    assert start <= day < end


def test_why_it_waits_is_said() -> None:
    assert why_wait(PACIFIC, NOON + 15 * H) == (
        "La red ya no admite más videos por hoy (3). Espera hasta el mar 24/11/2026 03:00."
    )


def test_each_quota_has_its_source_and_can_be_met_by_an_ordinary_post() -> None:
    named = {platform: connector.capabilities.quotas for platform, connector in CONNECTORS.items()}
    assert {platform for platform, quotas in named.items() if quotas} == {
        Platform.X, Platform.INSTAGRAM, Platform.YOUTUBE, Platform.LINKEDIN,
    }  # fmt: skip
    for quotas in named.values():
        for quota in quotas:
            assert quota.most.source
            assert 0 < quota.cost(Load(files=1, captions=1, thumbnails=1)) <= quota.most.value


def test_captions_are_what_empties_youtubes_day() -> None:
    _inserts, units = CONNECTORS[Platform.YOUTUBE].capabilities.quotas
    assert units.cost(Load(files=1)) == 60
    assert units.cost(Load(files=1, captions=2, thumbnails=1)) == 1010
