"""Staging a post for Instagram: one step a call, nothing visible, resumable from every answer."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors import instagram_reel
from connectors.errors import (
    ConnectorError,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.instagram_post import Progress, caption_of, fingerprint
from connectors.instagram_stage import EXPIRIES, MISSES, QUOTA_WAIT, REFUSALS
from connectors.media_hosts import Hosted, MediaHost
from core.deliveries import Stage
from core.media import OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.connectors.instagram_account import (
    CONTAINER,
    MEDIA,
    TOKEN,
    Shelf,
    carousel_post,
    connector,
    contained,
    image,
    picture_post,
    played,
    reel_post,
    staged,
    stored,
    video,
)

HOSTED = [{"url": "https://archivos.example.org/aaaaaaaa.jpg", "token": {"name": "aaaaaaaa"}}]


@pytest.fixture
def post(tmp_path: Path) -> OutgoingPost:
    return picture_post(tmp_path)


@pytest.fixture
def reel(tmp_path: Path) -> OutgoingPost:
    return reel_post(tmp_path)


def with_file(post: OutgoingPost, **more: object) -> Stage:
    """Return the stage of a post whose picture has a public address, and nothing more."""
    return contained(post, ready=False, container="", made_at=0, hosted=HOSTED, **more)


def uploading(post: OutgoingPost, **more: object) -> Stage:
    address = f"https://rupload.facebook.com/ig-api-upload/v26.0/{CONTAINER}"
    return contained(post, ready=False, address=address, **more)


def test_stage_image(post: OutgoingPost) -> None:
    shelf, stage, seen = Shelf(), None, []
    instagram = connector(shelf)
    with played("stage__image"):
        while stage is None or not stage.ready:
            stage = instagram.stage(post, stored(stage))
            seen.append((len(shelf.standing), bool(stage.token["container"]), stage.again_in > timedelta(0)))
    # put up, contained, processed, taken away, ready
    assert seen == [(1, False, False), (1, True, False), (1, True, True), (0, True, False), (0, True, False)]
    assert stage.token["container"] == CONTAINER


def test_stage_carousel_keeps_the_order_and_waits_for_every_child(tmp_path: Path) -> None:
    shelf = Shelf()
    with played("stage__carousel"):
        stage = staged(connector(shelf), carousel_post(tmp_path))
    assert stage.token["children"] == ["17889455560051441", "17889455560051442"]
    assert shelf.standing == []


def test_stage_carousel_makes_a_failed_child_anew(tmp_path: Path) -> None:
    with played("stage__carousel_child_failed"):
        stage = None
        for _step in range(5):
            stage = connector().stage(carousel_post(tmp_path), stored(stage))
    assert stage is not None
    assert (stage.token["failures"], stage.token["children"]) == (1, ["17889455560051445", "17889455560051442"])


def test_stage_reel(reel: OutgoingPost) -> None:
    with played("stage__reel"):
        assert staged(connector(), reel).token["sent"] == 11


def test_stage_reel_with_its_cover_and_outside_the_grid(reel: OutgoingPost, tmp_path: Path) -> None:
    post = replace(reel, thumbnail=image(tmp_path), options=(("instagram.share_to_feed", "false"),))
    shelf = Shelf()
    with played("stage__reel_with_cover"):
        staged(connector(shelf), post)
    assert shelf.standing == []


@pytest.mark.parametrize(("name", "steps"), [("stage__reel_in_parts", 4), ("stage__reel_offset_not_told", 4)])
def test_stage_reel_in_parts(reel: OutgoingPost, monkeypatch: pytest.MonkeyPatch, name: str, steps: int) -> None:
    monkeypatch.setattr(instagram_reel, "CHUNK", 4)
    with played(name):
        assert staged(connector(), reel, uploading(reel), steps=steps).ready


def test_stage_reel_goes_in_one_where_parts_are_thrown_away(
    reel: OutgoingPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instagram_reel, "CHUNK", 4)
    with played("stage__reel_whole_only"):
        assert staged(connector(), reel, uploading(reel)).ready


def test_stage_reel_sends_nothing_that_the_platform_has(reel: OutgoingPost) -> None:
    with played("stage__reel_has_all"):
        assert staged(connector(), reel, uploading(reel)).ready


def test_stage_reel_sends_the_token_to_the_platforms_own_host_only(reel: OutgoingPost) -> None:
    with played("stage__reel_strange_address"):
        assert staged(connector(), reel).ready


def test_stage_reel_refused_twice_is_the_content(reel: OutgoingPost) -> None:
    with played("stage__reel_refused"), pytest.raises(Rejected) as caught:
        staged(connector(), reel, uploading(reel))
    assert caught.value.code == "ProcessingFailedError"


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("reel_upload_html", Unavailable),
        ("reel_upload_empty", Unavailable),
        ("reel_upload_list", Unavailable),
        ("reel_upload_unconfirmed", Unavailable),
        ("reel_upload_lost", Unavailable),
        ("reel_upload_token", NotAuthorized),
        ("reel_wrong_offset", Unavailable),
    ],
)
def test_stage_reel_failure(reel: OutgoingPost, situation: str, expected: type[ConnectorError]) -> None:
    with played(f"stage__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().stage(reel, uploading(reel))
    assert isinstance(caught.value, expected)
    assert TOKEN not in f"{caught.value!r}{caught.value.detail}"


def test_stage_reel_whose_file_became_shorter_sends_nothing(reel: OutgoingPost) -> None:
    reel.media[0].path.write_text("moving")
    with played("stage__reel_before_a_chunk"), pytest.raises(Unavailable, match="shorter"):
        connector().stage(reel, uploading(reel))


def test_stage_reel_whose_file_is_gone_sends_nothing(reel: OutgoingPost) -> None:
    reel.media[0].path.unlink()
    with played("stage__reel_before_a_chunk"), pytest.raises(Unavailable, match="cannot be read"):
        connector().stage(reel, uploading(reel))


def test_stage_with_a_full_quota_makes_nothing(post: OutgoingPost) -> None:
    shelf = Shelf()
    with played("stage__quota_full"), pytest.raises(RateLimited) as caught:
        connector(shelf).stage(post)
    assert caught.value.retry_after == QUOTA_WAIT
    assert shelf.standing == []


def test_stage_goes_on_where_the_quota_is_not_told(post: OutgoingPost) -> None:
    with played("stage__quota_without_config"):
        stage = connector().stage(post)
        assert connector().stage(post, stored(stage)).token["container"] == CONTAINER


def test_stage_lost_answer_is_repeated_since_only_a_container_can_remain(post: OutgoingPost) -> None:
    instagram = connector()
    with played("stage__lost_answer"):
        stage = instagram.stage(post)
        with pytest.raises(Unavailable):
            instagram.stage(post, stored(stage))
        assert staged(instagram, post, stage).ready


@pytest.mark.parametrize("situation", ["html_body", "no_id"])
def test_stage_unclear_answer_is_unavailable(post: OutgoingPost, situation: str) -> None:
    instagram = connector()
    with played(f"stage__{situation}"):
        stage = instagram.stage(post)
        with pytest.raises(Unavailable):
            instagram.stage(post, stored(stage))


def test_stage_puts_a_file_up_anew_that_could_not_be_fetched(post: OutgoingPost) -> None:
    shelf = Shelf()
    with played("stage__not_fetched"):
        stage = connector(shelf).stage(post, with_file(post))
        assert (stage.token["hosted"], stage.token["refusals"], stage.again_in > timedelta(0)) == ([], 1, True)
        for _step in range(2):
            stage = connector(shelf).stage(post, stored(stage))
    assert (stage.token["container"], stage.token["refusals"]) == (CONTAINER, 0)


def test_stage_gives_up_on_a_file_that_is_never_fetched(post: OutgoingPost) -> None:
    with played("stage__never_fetched"), pytest.raises(Rejected):
        connector().stage(post, with_file(post, refusals=REFUSALS))


def test_stage_tells_operators_what_the_platform_says(post: OutgoingPost) -> None:
    with played("stage__rejected"), pytest.raises(Rejected) as caught:
        connector().stage(post, with_file(post))
    assert "La proporción no se admite" in caught.value.detail


def test_stage_makes_an_expired_container_anew(post: OutgoingPost) -> None:
    with played("stage__expired"):
        stage = connector().stage(post, contained(post))
        assert (stage.ready, stage.token["container"], stage.token["expiries"]) == (False, "", 1)
        for _step in range(2):
            stage = connector().stage(post, stored(stage))
    assert stage.token["container"] == "17889455560051445"


def test_stage_gives_up_on_containers_that_keep_expiring(post: OutgoingPost) -> None:
    with played("stage__expired_again"), pytest.raises(Unavailable, match="expired again"):
        connector().stage(post, contained(post, expiries=EXPIRIES))


def test_stage_tries_a_failed_container_once_more(post: OutgoingPost) -> None:
    with played("stage__failed"), pytest.raises(Rejected) as caught:
        staged(connector(), post, contained(post))
    assert caught.value.code == "2207082"


@pytest.mark.parametrize("situation", ["failed_for_good", "failed_in_text_only"])
def test_stage_failure_of_the_content_is_told_at_once(post: OutgoingPost, situation: str) -> None:
    with played(f"stage__{situation}"), pytest.raises(Rejected) as caught:
        connector().stage(post, contained(post))
    assert caught.value.code == "2207026"


def test_stage_container_out_of_sight_is_asked_again(post: OutgoingPost) -> None:
    with played("stage__missed"):
        missed = connector().stage(post, contained(post))
        assert (missed.ready, missed.token["misses"], missed.again_in > timedelta(0)) == (False, 1, True)
        again = connector().stage(post, stored(missed))
    assert again == contained(post)


def test_stage_container_out_of_sight_for_good_is_made_anew(post: OutgoingPost) -> None:
    with played("stage__missed_for_good"):
        stage = connector().stage(post, contained(post, misses=MISSES))
        for _step in range(2):
            stage = connector().stage(post, stored(stage))
    assert stage.token["container"] == "17889455560051445"


def test_stage_account_out_of_sight_is_not_authorized(post: OutgoingPost) -> None:
    with played("stage__account_out_of_sight"), pytest.raises(NotAuthorized):
        connector().stage(post, contained(post, misses=MISSES))


def test_stage_of_a_public_post_finds_it(post: OutgoingPost) -> None:
    with played("stage__public_already"):
        stage = connector().stage(post, contained(post))
    assert (stage.ready, stage.token["public"], stage.token["media"]) == (True, True, MEDIA)


def test_stage_of_a_public_post_that_is_not_listed_prepares_no_other(post: OutgoingPost) -> None:
    with played("stage__public_and_not_listed"):
        stage = connector().stage(post, contained(post))
    assert (stage.ready, stage.token["public"], stage.token["media"]) == (True, True, "")
    with pytest.raises(OutcomeUnknown):
        connector().publish(post, stage)


def test_stage_waits_for_a_state_that_nobody_knows(post: OutgoingPost) -> None:
    with played("stage__strange_state"):
        stage = connector().stage(post, contained(post))
    assert (stage.ready, stage.again_in > timedelta(0)) == (False, True)


def test_stage_of_what_instagram_does_not_show_is_our_bug(tmp_path: Path) -> None:
    for media in ((), (video(tmp_path), image(tmp_path))):
        with pytest.raises(Unsupported):
            connector().stage(OutgoingPost(key="delivery-1", text="Hola", media=media))


def test_stage_begins_anew_with_a_token_that_is_not_ours(post: OutgoingPost) -> None:
    strange: list[dict[str, object]] = [{}, {"content": fingerprint(post)}, {"hosted": 5}]
    for token in (*strange, contained(post).token | {"more": 1}):
        assert Progress.of(post, Stage(token=token, ready=True)) == Progress(content=fingerprint(post))


def test_digest_is_of_all_that_goes_out(post: OutgoingPost, tmp_path: Path) -> None:
    others = [
        replace(post, text="Otra"),
        replace(post, link="https://example.org"),
        replace(post, thread=("más",)),
        replace(post, media=(image(tmp_path, "b"),)),
        replace(post, media=(replace(post.media[0], alt_text="Otra"),)),
        replace(post, thumbnail=image(tmp_path, "b")),
        replace(post, options=(("instagram.share_to_feed", "false"),)),
    ]
    assert len({fingerprint(one) for one in (post, *others)}) == 8


def test_caption_holds_the_link_once(post: OutgoingPost) -> None:
    linked = replace(post, link="https://example.org/nota")
    assert caption_of(linked) == "Hola, Perú\n\nhttps://example.org/nota"
    assert caption_of(replace(linked, text="Vea https://example.org/nota")) == "Vea https://example.org/nota"


class Strange(MediaHost):
    """A host that gives an address which the platform cannot fetch."""

    def put(self, medium: OutgoingMedium, *, key: str) -> Hosted:
        return Hosted("https://ejemplo.org/señal.jpg", {})

    def remove(self, token: dict[str, str]) -> None:
        raise Rejected(platform=Platform.WEBSITE)


def test_stage_refuses_an_address_that_is_not_ascii(post: OutgoingPost) -> None:
    with played("stage__quota"), pytest.raises(Misconfigured):
        connector(Strange()).stage(post)
