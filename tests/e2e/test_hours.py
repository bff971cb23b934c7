"""Hours, pauses and second thoughts: what came too late, was stopped or was changed is never seen."""

import threading
from datetime import timedelta

import pytest

from connectors.facebook import FacebookConnector
from core.deliveries import DeliveryState, Published, Stage
from core.posts import OutgoingPost
from tests.e2e.newsroom import ALBUM, ARTICLE, TEXT, Newsroom, Recipe
from vocero.actions import CancelPost, Change, PauseAccount, ResumeAccount, RevisePost, SchedulePost

_EITHER = pytest.mark.parametrize("recipe", [ALBUM, ARTICLE], ids=lambda recipe: recipe.name)


@_EITHER
def test_what_is_past_its_limit_is_missed_and_never_seen(recipe: Recipe, newsroom: Newsroom) -> None:
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.late_after + timedelta(seconds=1))
    newsroom.work()
    assert newsroom.delivery(delivery.id).state is DeliveryState.MISSED
    assert newsroom.delivery(delivery.id).reason
    newsroom.wait(minutes=10)
    newsroom.work()
    newsroom.prove_published()


def test_at_the_last_instant_of_its_limit_it_goes_out(newsroom: Newsroom) -> None:
    delivery = newsroom.one(TEXT, publish_at=newsroom.soon())
    newsroom.move_to(delivery.late_after)
    newsroom.work()
    newsroom.prove_all_out()


@_EITHER
def test_prepared_in_time_but_kept_back_by_the_platform_it_is_missed(recipe: Recipe, newsroom: Newsroom) -> None:
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at - timedelta(minutes=5))
    newsroom.work()
    newsroom.plant({"match": {"operation": "publish"}, "fault": {"kind": "throttle", "retry_after": 1}, "times": None})
    newsroom.move_to(delivery.publish_at)
    for _quarter in range(6):
        newsroom.work()
        newsroom.wait(minutes=15)
    newsroom.plant()
    newsroom.work()
    assert newsroom.delivery(delivery.id).state is DeliveryState.MISSED
    newsroom.prove_published()


@_EITHER
def test_prepared_ahead_it_is_not_seen_before_its_hour(recipe: Recipe, newsroom: Newsroom) -> None:
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at - timedelta(seconds=1))
    newsroom.work()
    newsroom.work()
    newsroom.prove_published()
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    newsroom.prove_all_out()


@_EITHER
def test_a_pause_between_preparing_and_publishing_holds_it(recipe: Recipe, newsroom: Newsroom) -> None:
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at - timedelta(minutes=5))
    newsroom.work()
    assert newsroom.delivery(delivery.id).state is DeliveryState.STAGING
    PauseAccount(newsroom.office, newsroom.head, account_id=delivery.account_id, reason="duelo").run()
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    assert newsroom.delivery(delivery.id).state is DeliveryState.HELD
    newsroom.prove_published()
    ResumeAccount(newsroom.office, newsroom.head, account_id=delivery.account_id).run()
    newsroom.wait(minutes=1)
    newsroom.work()
    newsroom.prove_published()
    SchedulePost(newsroom.office, newsroom.writer, post_id=delivery.post_id, at=newsroom.soon(5)).run()
    newsroom.wait(minutes=5)
    newsroom.work()
    newsroom.prove_all_out()


@_EITHER
def test_a_change_between_preparing_and_publishing_takes_it_back(recipe: Recipe, newsroom: Newsroom) -> None:
    delivery = newsroom.one(recipe, publish_at=newsroom.soon())
    newsroom.move_to(delivery.publish_at - timedelta(minutes=5))
    newsroom.work()
    RevisePost(newsroom.office, newsroom.writer, post_id=delivery.post_id, change=Change(text="Otra cosa.")).run()
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    assert newsroom.delivery(delivery.id).state is DeliveryState.CANCELLED
    newsroom.prove_published()


@pytest.mark.parametrize("act", ["change", "cancel", "pause"])
def test_a_second_thought_while_a_worker_prepares_it_stops_it(
    act: str, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = newsroom.one(ALBUM, publish_at=newsroom.soon())
    prepare = FacebookConnector.stage

    def stage(self: FacebookConnector, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        answer = prepare(self, post, stage)
        if answer.ready:
            _do(act, newsroom, delivery.post_id, delivery.account_id)
        return answer

    monkeypatch.setattr(FacebookConnector, "stage", stage)
    newsroom.move_to(delivery.publish_at)
    newsroom.work()
    wanted = DeliveryState.HELD if act == "pause" else DeliveryState.CANCELLED
    assert newsroom.delivery(delivery.id).state is wanted
    newsroom.prove_published()


def test_posts_for_the_same_instant_go_out_one_after_the_other(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_at = newsroom.soon()
    for _number in range(3):
        newsroom.one(ALBUM, publish_at=publish_at)
    in_hand: set[str] = set()
    at_once: list[int] = []
    lock = threading.Lock()
    prepare, make_public = FacebookConnector.stage, FacebookConnector.publish

    def stage(self: FacebookConnector, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        with lock:
            in_hand.add(post.key)
            at_once.append(len(in_hand))
        return prepare(self, post, stage)

    def publish(self: FacebookConnector, post: OutgoingPost, stage: Stage) -> Published:
        published = make_public(self, post, stage)
        with lock:
            in_hand.discard(post.key)
        return published

    monkeypatch.setattr(FacebookConnector, "stage", stage)
    monkeypatch.setattr(FacebookConnector, "publish", publish)
    newsroom.move_to(publish_at)
    newsroom.office.worker(lambda _progress: None).run_once(timedelta(seconds=20))  # claims as long as there is more
    assert set(at_once) == {1}
    newsroom.prove_all_out()


def _do(act: str, newsroom: Newsroom, post_id: int, account_id: int) -> None:
    office = newsroom.office
    if act == "change":
        RevisePost(office, newsroom.writer, post_id=post_id, change=Change(text="Otra cosa.")).run()
    elif act == "cancel":
        CancelPost(office, newsroom.head, post_id=post_id, reason="ya no").run()
    else:
        PauseAccount(office, newsroom.head, account_id=account_id, reason="duelo").run()
