"""A worker is killed between every two steps of a delivery; whoever comes next finishes it: once, and as approved."""

import itertools
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from core.deliveries import DeliveryState, Step
from tests.e2e.newsroom import ALBUM, ARTICLE, LEASE, TEXT, Newsroom, Recipe, until
from tests.e2e.victims import Fate, Victims

_MOST = 120  # boundaries of one delivery: more means that something goes round in circles


@pytest.mark.parametrize(
    ("recipe", "ahead"),
    [
        pytest.param(TEXT, False, id="facebook-text"),
        pytest.param(ALBUM, True, id="facebook-two-images-prepared-ahead"),
        pytest.param(ARTICLE, True, id="website-gallery-prepared-ahead"),
    ],
)
def test_killed_at_each_boundary_a_post_goes_out_once(
    recipe: Recipe, ahead: bool, newsroom: Newsroom, victims: Victims, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    for at in itertools.count(1):
        fate = _killed_at(at, recipe, newsroom, victims, trace, ahead=ahead)
        if not fate.was_killed:
            break
    assert fate.code == 0, fate
    assert 15 < at < _MOST, fate.trace
    _covers_what_matters(fate)


def _killed_at(at: int, recipe: Recipe, newsroom: Newsroom, victims: Victims, trace: Path, *, ahead: bool) -> Fate:
    since = newsroom.last_request()
    publish_at = newsroom.soon()
    delivery = newsroom.one(recipe, publish_at=publish_at)
    instants = [publish_at + timedelta(seconds=1)]
    if ahead:
        instants.insert(0, publish_at - timedelta(minutes=5))
    environment = newsroom.environment | {"VOCERO_IN_HAND": "1"}
    fate = victims.start(environment, trace, instants=instants, at=at).fate()
    newsroom.move_to(instants[-1] + LEASE + timedelta(seconds=1))
    where = f"killed at boundary {at}: {fate.trace[-1]}"
    for _turn in range(5):
        newsroom.work()
        if newsroom.is_over(delivery.id):
            break
        newsroom.wait(seconds=LEASE.total_seconds() + 1)
    after = newsroom.delivery(delivery.id)
    assert after.state is DeliveryState.PUBLISHED, (where, after, newsroom.attempts(delivery.id))
    newsroom.prove_all_out()
    _tells_the_story(newsroom, delivery.id, fate, where, since=since)
    return fate


def _tells_the_story(newsroom: Newsroom, delivery_id: int, fate: Fate, where: str, *, since: int) -> None:
    """Every visible write was announced by an intent; a killed one has no end, and was looked for before the next."""
    told = [each for each in newsroom.attempts(delivery_id) if each.step in (Step.PUBLISH, Step.FIND)]
    intents = [each for each in told if each.step is Step.PUBLISH]
    writes = newsroom.requests("publish", since=since)
    assert 1 <= len(writes) <= len(intents) <= 2, where
    assert told[-1].outcome == "published", where
    assert [each.finished_at is None for each in told] == [True] * (len(told) > 1) + [False] * max(len(told) - 1, 1), (
        where
    )
    if len(intents) == 2:
        assert [each.outcome for each in told] == ["", "absent", "absent", "published"], where
    if not fate.was_killed:
        assert len(writes) == 1, where


def _covers_what_matters(fate: Fate) -> None:
    """The undisturbed run passed commits and calls on both sides of the visible write."""
    last_call = max(n for n, name in enumerate(fate.trace) if name.startswith("before POST"))
    assert fate.trace[last_call - 2 : last_call] == ("before commit", "after commit")  # the intent
    assert fate.trace[last_call + 1].startswith("after POST")
    assert fate.trace[last_call + 2 :][:2] == ("before commit", "after commit")  # the result


@pytest.mark.parametrize("recipe", [TEXT, ARTICLE], ids=lambda recipe: recipe.name)
def test_killed_while_the_platform_still_works_on_the_write(
    recipe: Recipe, newsroom: Newsroom, victims: Victims, tmp_path: Path
) -> None:
    """The write of the dead worker lands after its successor's."""
    publish_at = newsroom.soon()
    delivery = newsroom.one(recipe, publish_at=publish_at)
    newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "slow", "seconds": 0.6, "when": "before"}})
    newsroom.move_to(publish_at)
    victim = victims.start(newsroom.environment, tmp_path / "trace", instants=[publish_at])
    _until_asked(newsroom, "publish")
    victim.signal(signal.SIGKILL)
    assert victim.fate().was_killed
    assert newsroom.seen() == []
    newsroom.wait(seconds=LEASE.total_seconds() + 1)
    newsroom.finish(step=timedelta(seconds=1))
    newsroom.prove_published(delivery.id)
    _until_answered(newsroom, "publish", 2)
    newsroom.prove_all_out()


@pytest.mark.parametrize("recipe", [TEXT, ARTICLE], ids=lambda recipe: recipe.name)
def test_a_lost_answer_and_then_a_kill_before_the_result_is_kept(
    recipe: Recipe, newsroom: Newsroom, victims: Victims, tmp_path: Path
) -> None:
    publish_at = newsroom.soon()
    delivery = newsroom.one(recipe, publish_at=publish_at)
    newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "drop_after"}})
    newsroom.move_to(publish_at)
    dry = victims.start(newsroom.environment, tmp_path / "trace", instants=[publish_at])
    _until_asked(newsroom, "publish")
    assert dry.fate().code == 0
    assert newsroom.delivery(delivery.id).state is DeliveryState.UNKNOWN
    newsroom.wait(seconds=1)
    # the worker that looks for it dies before it has noted what it found
    fate = victims.start(
        newsroom.environment, tmp_path / "trace", instants=[newsroom.now()], shape="after GET .*"
    ).fate()
    assert fate.was_killed
    newsroom.finish()
    newsroom.prove_all_out()
    assert len(newsroom.requests("publish")) == 1


def _until_asked(newsroom: Newsroom, operation: str) -> None:
    until(lambda: bool(newsroom.requests(operation)))


def _until_answered(newsroom: Newsroom, operation: str, count: int) -> None:
    until(lambda: len([each for each in newsroom.requests(operation) if each["status"]]) >= count)
