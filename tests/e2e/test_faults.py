"""Answers get lost, platforms fail, throttle and stall: the ledger stays what was approved."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.accounts import AccountState, Credentials
from core.deliveries import DeliveryState, Step
from core.platforms import Platform
from tests.databases import Clock
from tests.e2e.newsroom import (
    ALBUM,
    ARTICLE,
    BOTH,
    IMPATIENT,
    TEXT,
    Newsroom,
    Recipe,
    facebook_credentials,
    open_newsroom,
    wall_clock,
)
from vocero.actions import ConnectAccount, ResumeAccount, SchedulePost

_STEPS = {
    ALBUM: ("identify", "photo", "feed", "read", "publish"),
    ARTICLE: ("index", "me", "media", "create", "list", "publish"),
}
# what a platform does is the same to both databases, but the visible write is worth both
_OPERATIONS = [
    pytest.param(kind, recipe, step, id=f"{kind}-{recipe.name}-{step}")
    for kind, steps_of in (("sqlite", _STEPS), ("postgresql", dict.fromkeys(_STEPS, ("publish",))))
    for recipe, steps in steps_of.items()
    for step in steps
]
_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop_after"},
    {"kind": "drop_before"},
    {"kind": "status_before", "status": 500},
    {"kind": "status_after", "status": 500},
    {"kind": "status_after", "status": 503, "html": True},
    {"kind": "html"},
    {"kind": "truncated", "how": "length"},
    {"kind": "truncated", "how": "body"},
)
_EITHER = pytest.mark.parametrize("recipe", [TEXT, ARTICLE], ids=lambda recipe: recipe.name)
_ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.mark.parametrize(("database_kind", "recipe", "operation"), _OPERATIONS)
def test_a_fault_in_one_step_costs_nothing_but_time(recipe: Recipe, operation: str, newsroom: Newsroom) -> None:
    for fault in _FAULTS:
        newsroom.plant({"match": {"operation": operation}, "fault": fault})
        before = newsroom.struck()
        delivery = newsroom.one(recipe, publish_at=newsroom.soon())
        newsroom.move_to(delivery.publish_at)
        newsroom.work()
        newsroom.finish()
        assert newsroom.struck() == before + 1, fault
        assert newsroom.delivery(delivery.id).state is DeliveryState.PUBLISHED, (fault, newsroom.attempts(delivery.id))
        newsroom.prove()
    newsroom.prove_all_out()


@_EITHER
def test_an_answer_lost_is_looked_for_and_found(recipe: Recipe, newsroom: Newsroom) -> None:
    newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "drop_after"}})
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    assert newsroom.delivery(delivery.id).state is DeliveryState.UNKNOWN
    newsroom.finish()
    story = [(each.step, each.outcome) for each in newsroom.attempts(delivery.id)]
    assert story == [(Step.PUBLISH, "OutcomeUnknown"), (Step.FIND, "published")]
    newsroom.prove_all_out()


@_EITHER
def test_a_write_lost_twice_before_it_landed_goes_out_once(recipe: Recipe, newsroom: Newsroom) -> None:
    newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "drop_before"}, "times": 2})
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    newsroom.finish()
    story = [(each.step, each.outcome) for each in newsroom.attempts(delivery.id)]
    lost = [(Step.PUBLISH, "OutcomeUnknown"), (Step.FIND, "absent"), (Step.FIND, "absent")]
    assert story == [*lost, *lost, (Step.PUBLISH, "published")]
    newsroom.prove_all_out()


@_ON_SQLITE
@_EITHER
def test_an_answer_that_comes_too_late_is_a_lost_one(
    recipe: Recipe, database_url: str, tmp_path: Path, pictures: tuple[Path, ...]
) -> None:
    clock = Clock(wall_clock())
    with open_newsroom(database_url, tmp_path, clock=clock, pictures=pictures, settings=IMPATIENT) as newsroom:
        newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "slow", "seconds": 1.3, "when": "after"}})
        delivery = newsroom.one(recipe, publish_at=newsroom.soon())
        newsroom.move_to(delivery.publish_at)
        newsroom.work()
        assert newsroom.delivery(delivery.id).state is DeliveryState.UNKNOWN
        newsroom.finish()
        newsroom.prove_all_out()


@pytest.mark.parametrize("operation", ["identify", "feed", "publish"])
def test_a_throttled_account_waits_and_the_other_goes_on(operation: str, newsroom: Newsroom) -> None:
    newsroom.plant(
        {"match": {"platform": "facebook", "operation": operation}, "fault": {"kind": "throttle", "minutes": 5}}
    )
    publish_at = newsroom.soon()
    deliveries = newsroom.schedule(BOTH, publish_at=publish_at)
    later = newsroom.one(TEXT, publish_at=publish_at)
    by_account = {each.account_id: each.id for each in deliveries}
    website = by_account[newsroom.accounts[Platform.WEBSITE].id]
    newsroom.move_to(publish_at)
    for _turn in range(3):
        newsroom.work()
        newsroom.wait(seconds=30)
    newsroom.prove_published(website)
    newsroom.wait(minutes=5)
    newsroom.finish()
    newsroom.prove_all_out()
    assert newsroom.delivery(later.id).state is DeliveryState.PUBLISHED


@pytest.mark.parametrize("operation", ["identify", "publish"])
def test_a_dead_token_pauses_the_account_and_holds_what_would_use_it(operation: str, newsroom: Newsroom) -> None:
    publish_at = newsroom.soon()
    first, second = (newsroom.one(TEXT, publish_at=publish_at) for _ in range(2))
    article = newsroom.one(ARTICLE, publish_at=publish_at)
    newsroom.plant(
        {"match": {"platform": "facebook", "operation": operation}, "fault": {"kind": "expired_token"}, "times": None}
    )
    newsroom.move_to(publish_at)
    for _turn in range(3):
        newsroom.work()
    with newsroom.office.database.read() as transaction:
        account = transaction.accounts.get(first.account_id)
    assert account.state is AccountState.PAUSED
    assert account.state_reason
    for each in (first, second):
        assert newsroom.delivery(each.id).state is DeliveryState.HELD
        assert newsroom.delivery(each.id).reason
    newsroom.prove_published(article.id)

    newsroom.plant()
    with newsroom.office.database.read() as transaction:
        admin = transaction.people.get("admin")
    ConnectAccount(
        newsroom.office,
        admin,
        platform=Platform.FACEBOOK,
        remote_id=account.remote_id,
        address="",
        credentials=Credentials(facebook_credentials(newsroom.sandbox)),
    ).run()
    newsroom.work()
    newsroom.prove_published(article.id)  # a mended token alone sets nothing free
    ResumeAccount(newsroom.office, newsroom.head, account_id=account.id).run()
    newsroom.work()
    newsroom.prove_published(article.id)  # nor does the end of the pause
    SchedulePost(newsroom.office, newsroom.writer, post_id=second.post_id).run()
    newsroom.work()
    newsroom.prove_published(article.id, second.id)
    SchedulePost(newsroom.office, newsroom.writer, post_id=first.post_id).run()
    newsroom.finish()
    newsroom.prove_all_out()


@_EITHER
def test_refused_content_fails_and_is_never_seen(recipe: Recipe, newsroom: Newsroom) -> None:
    operation = "feed" if recipe is TEXT else "create"
    code: int | str = 1609008 if recipe is TEXT else "rest_invalid_param"
    newsroom.plant(
        {
            "match": {"operation": operation},
            "fault": {"kind": "status_before", "status": 400, "code": code},
            "times": None,
        }
    )
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    assert newsroom.delivery(delivery.id).state is DeliveryState.FAILED
    newsroom.wait(minutes=5)
    newsroom.work()
    newsroom.prove_published()


@_ON_SQLITE
@pytest.mark.parametrize("seed", range(4))
def test_hostile_platforms_show_every_post_once(
    seed: int, database_url: str, tmp_path: Path, pictures: tuple[Path, ...]
) -> None:
    kinds: tuple[dict[str, Any], ...] = (*_FAULTS, {"kind": "throttle", "minutes": 1, "retry_after": 20})
    clock = Clock(wall_clock())
    # one thing at a time: with the same seed the same calls are struck
    with open_newsroom(database_url, tmp_path, clock=clock, pictures=pictures, settings={"in_hand": "1"}) as newsroom:
        newsroom.plant(*({"fault": kind, "times": None, "probability": 0.03} for kind in kinds), seed=seed)
        publish_at = newsroom.soon()
        for recipe in (TEXT, ALBUM, ARTICLE, BOTH) * 2:
            newsroom.schedule(recipe, publish_at=publish_at)
        newsroom.move_to(publish_at)
        newsroom.finish(turns=500, step=timedelta(seconds=4))
        assert newsroom.struck() > 10
        newsroom.prove_all_out()
        newsroom.prove_record()


@_ON_SQLITE
def test_drafts_with_photos_whose_answers_keep_being_lost_do_not_strand_the_post(newsroom: Newsroom) -> None:
    """Each lost draft holds the photos: they are uploaded again as often as it takes, within the lateness limit."""
    newsroom.plant({"match": {"operation": "feed"}, "fault": {"kind": "drop_after"}, "times": 5})
    delivery = newsroom.one(ALBUM, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    newsroom.finish(turns=30)
    assert newsroom.delivery(delivery.id).state is DeliveryState.PUBLISHED
    newsroom.prove_all_out()
