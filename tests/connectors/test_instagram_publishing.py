"""Publishing on Instagram and finding out, over real HTTP against the sandbox: nothing twice, nothing lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.errors import (
    Blocked,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from connectors.instagram_errors import SpamGuard
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.contract import Stand, stored
from tests.connectors.instagram_stand import (
    files_on_the_site,
    found,
    picture,
    plan,
    posts,
    reel,
    requests_of,
    stand,
    walked,
)

__all__ = ["picture", "posts", "reel", "stand"]  # fixtures


def test_publish_stopped_by_the_spam_guard_is_unknown_and_found(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    stand.fault("status_after", "publish", status=400, code=4, subcode=2207051)
    error = stand.failure(lambda: stand.connector().publish(picture, stage))
    assert type(error) is SpamGuard
    assert isinstance(error, OutcomeUnknown)
    assert found(stand, picture, stage) is not None
    assert len(stand.shown(picture)) == 1


def test_publish_stopped_by_the_spam_guard_and_not_live_is_absent(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    stand.fault("status_before", "publish", status=400, code=4, subcode=2207051)
    stand.failure(lambda: stand.connector().publish(picture, stage))
    assert found(stand, picture, stage) is None


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"subcode": 2207001}, OutcomeUnknown),
        ({"code": 9, "subcode": 2207042}, RateLimited),
        ({"code": 9007, "subcode": 2207027}, Unavailable),
        ({"code": 24, "subcode": 2207008}, Unavailable),
        ({"code": 25, "subcode": 2207050}, Blocked),
        ({"code": 368}, Blocked),
        ({"code": 36003, "subcode": 2207009}, Rejected),
        ({"code": 100}, OutcomeUnknown),
        ({"code": 1}, OutcomeUnknown),
        ({"code": 7777777}, OutcomeUnknown),
    ],
)
def test_publish_refusal_says_what_must_happen_next(
    stand: Stand, picture: OutgoingPost, fault: dict[str, object], expected: type[ConnectorError]
) -> None:
    stage = stand.staged(picture)
    stand.fault("status_before", "publish", status=400, **fault)
    error = stand.failure(lambda: stand.connector().publish(picture, stage))
    assert type(error) is expected
    assert not stand.shown(picture)


def test_publishing_again_yields_the_first_post(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    first = stand.connector().publish(picture, stage)
    assert stand.connector().publish(picture, stage) == first
    assert len(stand.shown(picture)) == 1


def test_publish_early_is_not_ready_and_nothing_is_out(stand: Stand, picture: OutgoingPost) -> None:
    stage = walked(stand, picture, lambda stage: bool(stage.token["container"]))
    error = stand.failure(lambda: stand.connector().publish(picture, replace(stage, ready=True)))
    assert (type(error), error.code) == (Unavailable, "9007/2207027")


def test_publish_does_not_fail_because_the_permalink_is_not_told(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    plan(
        stand,
        {"match": {"platform": "instagram", "operation": "read"}, "fault": {"kind": "drop_before"}, "times": None},
    )
    published = stand.connector().publish(picture, stage)
    assert published.url == stand.account.address
    assert len(stand.shown(picture)) == 1


def test_stage_sees_that_it_is_public_already_and_nothing_is_written(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    stand.fault("drop_after", "publish")
    stand.failure(lambda: stand.connector().publish(picture, stage))
    again = stand.connector().stage(picture, stored(stage))
    assert (again.ready, again.token["public"]) == (True, True)
    writes = len(requests_of(stand, "publish"))
    published = stand.connector().publish(picture, again)
    assert published.url.startswith("https://www.instagram.com/")
    assert len(requests_of(stand, "publish")) == writes


def lost_and_lagging(stand: Stand, picture: OutgoingPost, stage: Stage, **hidden: object) -> None:
    publishing = {"platform": "instagram", "operation": "publish"}
    plan(
        stand,
        {"match": publishing, "fault": {"kind": "hidden_in_lists", **hidden}, "times": 1},
        {"match": publishing, "fault": {"kind": "drop_after"}, "times": 1},
    )
    assert type(stand.failure(lambda: stand.connector().publish(picture, stage))) is OutcomeUnknown


def test_platform_that_lags_behind_itself_shows_the_post_once(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    lost_and_lagging(stand, picture, stage, seconds=3600)
    # neither the container nor the list knows of it: the engine will publish once more
    assert found(stand, picture, stage) is None
    again = stand.connector().stage(picture, stored(stage))
    assert (again.ready, again.token["public"]) == (True, False)
    error = stand.failure(lambda: stand.connector().publish(picture, again))
    assert isinstance(error, OutcomeUnknown | Unavailable)
    assert len(stand.shown(picture)) == 1
    stand.sandbox.advance(timedelta(hours=2))
    assert found(stand, picture, stage) is not None


def test_published_container_that_is_not_listed_yet_is_unknown(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    lost_and_lagging(stand, picture, stage, reads=1)
    stand.connector().stage(picture, stored(stage))  # takes the container's own lag away, and not the list's
    assert type(stand.failure(lambda: found(stand, picture, stage))) is OutcomeUnknown
    assert found(stand, picture, stage) is not None


def test_container_known_as_published_is_never_published_again(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    lost_and_lagging(stand, picture, stage, reads=1)
    stand.connector().stage(picture, stored(stage))
    again = stand.connector().stage(picture, stored(stage))
    assert (again.ready, again.token["public"], again.token["media"]) == (True, True, "")
    before = len(requests_of(stand, "publish"))
    assert type(stand.failure(lambda: stand.connector().publish(picture, again))) is OutcomeUnknown
    assert len(requests_of(stand, "publish")) == before == 1


def test_find_does_not_take_another_post_for_it(stand: Stand, posts: dict[str, OutgoingPost]) -> None:
    picture, carousel = posts["image"], replace(posts["images"], text=posts["image"].text)
    stage = stand.staged(picture)
    stand.published(carousel)  # the same words, another kind
    assert found(stand, picture, stage) is None
    stand.published(replace(picture, text="Otro texto"))
    assert found(stand, picture, stage) is None


def test_find_does_not_choose_between_two_of_the_same(stand: Stand, picture: OutgoingPost) -> None:
    stage = stand.staged(picture)
    for number in range(2):
        stand.published(replace(picture, key=f"other-{number}"))
    assert type(stand.failure(lambda: found(stand, picture, stage))) is OutcomeUnknown


def test_quota_is_asked_before_anything_is_made(stand: Stand, picture: OutgoingPost) -> None:
    quota = 0
    while True:
        post = replace(picture, text=f"Aviso {quota}", key=f"quota-{quota}")
        try:
            stand.published(post)
        except RateLimited as error:
            wait = error.retry_after
            break
        quota += 1
        assert quota <= 100
    assert wait is not None
    assert timedelta(hours=23) < wait <= timedelta(hours=24)
    assert len(requests_of(stand, "container")) == quota
    assert files_on_the_site(stand) == []
    stand.sandbox.advance(timedelta(hours=25))
    assert stand.staged(picture).ready
