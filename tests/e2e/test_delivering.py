"""`vocero deliver` from cron, `vocero run` as a service, `vocero unknown settle` by a person: real processes."""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.deliveries import DeliveryState, Step
from core.platforms import Platform
from tests.databases import Clock
from tests.e2e.commands import vocero, working
from tests.e2e.newsroom import ALBUM, ARTICLE, BOTH, TEXT, Newsroom, open_newsroom, until, wall_clock

_QUICK = ("--patience", "5")


@pytest.fixture
def newsroom(database_url: str, tmp_path: Path, pictures: tuple[Path, ...]) -> Iterator[Newsroom]:
    """An office whose posts were written ten minutes ago: the commands live by the real clock."""
    clock = Clock(wall_clock() - timedelta(minutes=10))
    with open_newsroom(database_url, tmp_path, clock=clock, pictures=pictures) as opened:
        yield opened
        opened.prove_record()


def test_deliver_tells_each_delivery_in_a_line_and_leaves_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    first = newsroom.schedule(BOTH, publish_at=newsroom.soon(1))
    second = newsroom.schedule(TEXT, publish_at=newsroom.soon(1))
    shown = vocero(newsroom.environment, "deliver", "--dry-run", folder=tmp_path)
    assert shown.code == 0
    assert len(shown.lines) == 3
    assert {each.state for each in newsroom.deliveries()} == {DeliveryState.SCHEDULED}
    assert newsroom.seen() == []

    done = vocero(newsroom.environment, "deliver", *_QUICK, folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert len(done.lines) == 3
    for delivery in (*first, *second):
        (line,) = [line for line in done.lines if f"Envío {delivery.id} " in line]
        assert "Publicada" in line
        assert newsroom.delivery(delivery.id).url in line
    newsroom.prove_all_out()

    again = vocero(newsroom.environment, "deliver", folder=tmp_path)
    assert again.code == 0
    assert again.lines == ["No toca enviar nada ahora."]
    newsroom.prove_all_out()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_deliver_for_programs(newsroom: Newsroom, tmp_path: Path) -> None:
    deliveries = newsroom.schedule(BOTH, publish_at=newsroom.soon(1))
    done = vocero(newsroom.environment, "deliver", *_QUICK, "--json", folder=tmp_path)
    assert done.code == 0
    told = {each["id"]: each for each in done.json()}
    for delivery in deliveries:
        now = newsroom.delivery(delivery.id)
        assert told[delivery.id]["state"] == "published"
        assert told[delivery.id]["remote_id"] == now.remote_id
    newsroom.prove_all_out()


def test_deliver_says_by_its_exit_code_that_something_is_left(newsroom: Newsroom, tmp_path: Path) -> None:
    dead = {"fault": {"kind": "status_before", "status": 500}, "times": None}
    newsroom.plant({"match": {"platform": "facebook"}, **dead})
    newsroom.schedule(BOTH, publish_at=newsroom.soon(1))
    done = vocero(newsroom.environment, "deliver", "--patience", "1", folder=tmp_path)
    assert done.code == 1
    assert "Queda 1 envío por hacer." in done.out
    newsroom.prove()
    newsroom.plant()
    time.sleep(0.3)
    assert vocero(newsroom.environment, "deliver", *_QUICK, folder=tmp_path).code == 0
    newsroom.prove_all_out()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_deliver_says_that_it_came_too_late(newsroom: Newsroom, tmp_path: Path) -> None:
    assert newsroom.clock is not None
    newsroom.clock.now -= timedelta(minutes=60)
    delivery = newsroom.one(TEXT, publish_at=newsroom.soon(1))
    done = vocero(newsroom.environment, "deliver", *_QUICK, folder=tmp_path)
    assert done.code == 1
    assert newsroom.delivery(delivery.id).state is DeliveryState.MISSED
    assert len([line for line in done.lines if "No enviada a tiempo" in line]) == 1
    newsroom.prove_published()


@pytest.mark.parametrize("recipe", [TEXT, ARTICLE], ids=lambda recipe: recipe.name)
def test_told_to_stop_while_it_publishes_it_finishes_the_write(
    recipe: object, newsroom: Newsroom, tmp_path: Path
) -> None:
    delivery = newsroom.one(TEXT if recipe is TEXT else ARTICLE, publish_at=newsroom.soon(1))
    newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "slow", "seconds": 0.7, "when": "before"}})
    with working(newsroom.environment, "run", folder=tmp_path) as process:
        until(lambda: bool(newsroom.requests("publish")), seconds=60)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert "Publicada" in out
    assert newsroom.delivery(delivery.id).state is DeliveryState.PUBLISHED
    newsroom.prove_all_out()


def test_told_to_stop_while_it_prepares_it_puts_the_delivery_back(newsroom: Newsroom, tmp_path: Path) -> None:
    delivery = newsroom.one(ALBUM, publish_at=newsroom.soon(1))
    newsroom.plant({"match": {"operation": "photo"}, "fault": {"kind": "slow", "seconds": 0.7, "when": "before"}})
    with working(newsroom.environment, "run", folder=tmp_path) as process:
        until(lambda: bool(newsroom.requests("photo")), seconds=60)
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    after = newsroom.delivery(delivery.id)
    assert (after.state, after.lease_until) == (DeliveryState.STAGING, None)
    assert after.stage is not None
    assert newsroom.seen() == []
    done = vocero(newsroom.environment, "deliver", *_QUICK, folder=tmp_path)  # at once: no lease to wait for
    assert done.code == 0
    assert len(newsroom.requests("photo")) == 2
    newsroom.prove_all_out()


def test_told_to_stop_with_much_to_do_it_finishes_what_it_began_and_begins_nothing(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    for recipe in (TEXT, ARTICLE) * 6:
        newsroom.one(recipe, publish_at=newsroom.soon(1))
    slow = {"kind": "slow", "seconds": 0.4, "when": "before"}
    newsroom.plant({"match": {"operation": "publish"}, "fault": slow, "times": None})
    with working(newsroom.environment, "run", folder=tmp_path) as process:
        until(lambda: len(newsroom.requests("publish")) >= 3, seconds=60)
        process.send_signal(signal.SIGTERM)
        _said, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")

    asked = len(newsroom.requests("publish"))
    # one more may have been announced in each account before the signal came
    assert 3 <= asked <= 3 + 2 * len(newsroom.accounts)
    deliveries = newsroom.deliveries()
    published = [each for each in deliveries if each.state is DeliveryState.PUBLISHED]
    assert len(published) == asked
    waiting = {DeliveryState.SCHEDULED, DeliveryState.STAGING}
    rest = [each for each in deliveries if each not in published]
    assert rest
    assert {each.state for each in rest} <= waiting, rest
    assert {each.lease_until for each in rest} == {None}  # nobody has to wait for the end of a lease
    attempts = [attempt for each in deliveries for attempt in newsroom.attempts(each.id)]
    assert all(attempt.finished_at for attempt in attempts)
    assert {attempt.step for attempt in attempts} == {Step.PUBLISH}
    newsroom.prove_published(*(each.id for each in published))

    newsroom.plant()
    newsroom.move_to(wall_clock())
    newsroom.work()
    newsroom.finish()
    newsroom.prove_all_out()


@pytest.mark.parametrize("is_out", [True, False], ids=["it-is-out", "it-is-not"])
@pytest.mark.parametrize("platform", [Platform.FACEBOOK, Platform.WEBSITE])
def test_what_nobody_could_find_out_is_settled_by_a_person(
    platform: Platform, is_out: bool, newsroom: Newsroom, tmp_path: Path
) -> None:
    recipe = TEXT if platform is Platform.FACEBOOK else ARTICLE
    delivery = newsroom.one(recipe, publish_at=newsroom.soon(5))
    first = {"kind": "drop_after"} if is_out else {"kind": "drop_before"}
    newsroom.plant({"match": {"operation": "publish"}, "fault": first})
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    newsroom.plant({"fault": {"kind": "drop_before"}, "times": None})
    looked = 0
    while (now := newsroom.delivery(delivery.id)).due_at is not None:
        assert now.state is DeliveryState.UNKNOWN
        assert newsroom.clock is not None
        assert now.due_at > newsroom.clock.now
        newsroom.move_to(now.due_at)
        newsroom.work()
        looked += 1
    assert looked == 3  # as often as VOCERO_LOOKS_SECONDS says; now it waits for a person
    newsroom.wait(minutes=5)
    newsroom.work()
    assert newsroom.delivery(delivery.id) == now
    newsroom.plant()

    listed = vocero(newsroom.environment, "unknown", "list", "--json", folder=tmp_path).json()
    assert [each["id"] for each in listed] == [delivery.id]
    answer = ("--published", "https://www.example.org/aviso") if is_out else ("--absent",)
    settled = vocero(
        newsroom.environment, "--as", "jefa", "unknown", "settle", str(delivery.id), *answer, folder=tmp_path
    )
    assert settled.code == 0, settled.err
    state = newsroom.delivery(delivery.id).state
    assert state is (DeliveryState.PUBLISHED if is_out else DeliveryState.FAILED)
    newsroom.work()
    assert len(newsroom.seen()) == int(is_out)
