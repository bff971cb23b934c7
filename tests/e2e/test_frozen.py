"""A worker is frozen past its lease, another takes over, and the first one wakes: it writes nothing more."""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.deliveries import Delivery, Step
from tests.databases import Clock
from tests.e2e.newsroom import ARTICLE, LEASE, TEXT, Newsroom, Recipe, open_newsroom, wall_clock
from tests.e2e.victims import Fate, Victims

# a lease of 60 s, and a call that takes up to 54.4 + 5 s: so long may it have been away and still write
_MARGIN = 0.6
_CALL = {"call_seconds": "54.4"}


@pytest.fixture
def newsroom(database_url: str, tmp_path: Path, pictures: tuple[Path, ...]) -> Iterator[Newsroom]:
    """An office whose leases hardly outlive a call."""
    with open_newsroom(database_url, tmp_path, clock=Clock(wall_clock()), pictures=pictures, settings=_CALL) as opened:
        yield opened
        opened.prove_record()


@pytest.mark.parametrize("recipe", [TEXT, ARTICLE], ids=lambda recipe: recipe.name)
def test_frozen_after_its_intent_it_leaves_the_write_to_its_successor(
    recipe: Recipe, newsroom: Newsroom, victims: Victims, tmp_path: Path
) -> None:
    trace = _undisturbed(recipe, newsroom, victims, tmp_path)
    intent = _last(trace, "before POST") - 1
    assert trace[intent] == "after commit"
    delivery = _prepared(recipe, newsroom)
    fate, requests = _frozen_while_another_finishes(intent + 1, newsroom, victims, tmp_path)
    assert fate.code == 0
    assert _calls(fate.trace[intent + 1 :]) == []
    assert newsroom.last_request() == requests
    outcomes = [each.outcome for each in newsroom.attempts(delivery.id) if each.step is Step.PUBLISH]
    assert outcomes == ["", "published"]
    newsroom.prove_all_out()


def test_frozen_while_preparing_it_does_not_touch_the_platform_again(
    newsroom: Newsroom, victims: Victims, tmp_path: Path
) -> None:
    trace = _undisturbed(ARTICLE, newsroom, victims, tmp_path)
    gate = next(n for n, name in enumerate(trace) if name.startswith("before GET")) - 1
    assert trace[gate] == "after commit"
    _prepared(ARTICLE, newsroom)
    fate, requests = _frozen_while_another_finishes(gate + 1, newsroom, victims, tmp_path)
    assert fate.code == 0
    assert _calls(fate.trace[gate + 1 :]) == []
    assert newsroom.last_request() == requests
    newsroom.prove_all_out()


def test_frozen_it_does_not_write_in_the_place_of_one_that_prepares_the_same(
    newsroom: Newsroom, victims: Victims, tmp_path: Path
) -> None:
    trace = _undisturbed(TEXT, newsroom, victims, tmp_path)
    gate = next(n for n, name in enumerate(trace) if name.startswith("before GET")) - 1
    _prepared(TEXT, newsroom)
    environment = newsroom.environment | {"VOCERO_IN_HAND": "1"}
    both = []
    for name in ("first", "second"):  # the same state in both hands; only the fence tells them apart
        victim = victims.start(
            environment, tmp_path / name, instants=[newsroom.now()], at=gate + 1, number=signal.SIGSTOP
        )
        assert victim.fate().stopped
        both.append(victim)
        newsroom.wait(seconds=LEASE.total_seconds() + 1)
    time.sleep(_MARGIN + 0.1)
    first, second = both
    requests = newsroom.last_request()
    first.signal(signal.SIGCONT)
    assert first.fate().code == 0
    assert newsroom.last_request() == requests
    second.signal(signal.SIGCONT)
    assert second.fate().code == 0
    newsroom.prove_all_out()


def test_frozen_for_a_moment_it_goes_on(newsroom: Newsroom, victims: Victims, tmp_path: Path) -> None:
    delivery = newsroom.one(ARTICLE, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at)
    victim = victims.start(
        newsroom.environment, tmp_path / "trace", instants=[newsroom.now()], at=4, number=signal.SIGSTOP
    )
    assert victim.fate().stopped
    time.sleep(_MARGIN)  # nobody came meanwhile: it asks, and may
    victim.signal(signal.SIGCONT)
    assert victim.fate().code == 0
    newsroom.prove_all_out()


def _frozen_while_another_finishes(at: int, newsroom: Newsroom, victims: Victims, folder: Path) -> tuple[Fate, int]:
    """Return the frozen one's fate, and the number of the last request before it woke."""
    environment = newsroom.environment | {"VOCERO_IN_HAND": "1"}
    victim = victims.start(environment, folder / "trace", instants=[newsroom.now()], at=at, number=signal.SIGSTOP)
    assert victim.fate().stopped
    frozen_at = time.monotonic()
    newsroom.wait(seconds=LEASE.total_seconds() + 1)
    newsroom.finish(step=timedelta(seconds=1))
    newsroom.prove_all_out()
    requests = newsroom.last_request()
    # the worker's own clock cannot be moved from outside: it must really have been away
    time.sleep(max(_MARGIN + 0.1 - (time.monotonic() - frozen_at), 0))
    victim.signal(signal.SIGCONT)
    return victim.fate(), requests


def _prepared(recipe: Recipe, newsroom: Newsroom) -> Delivery:
    """Return a delivery that is prepared, at its hour."""
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at - timedelta(minutes=5))
    newsroom.work()
    newsroom.move_to(delivery.publish_at)
    return delivery


def _undisturbed(recipe: Recipe, newsroom: Newsroom, victims: Victims, folder: Path) -> tuple[str, ...]:
    """Return the boundaries that a worker passes with a prepared post."""
    _prepared(recipe, newsroom)
    environment = newsroom.environment | {"VOCERO_IN_HAND": "1"}
    fate = victims.start(environment, folder / "undisturbed", instants=[newsroom.now()]).fate()
    assert fate.code == 0
    return fate.trace


def _last(trace: tuple[str, ...], start: str) -> int:
    return max(n for n, name in enumerate(trace) if name.startswith(start))


def _calls(trace: tuple[str, ...]) -> list[str]:
    return [name for name in trace if name.startswith("before ") and name != "before commit"]
