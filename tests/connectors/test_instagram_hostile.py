"""An account whose answers are of no shape that the sheet knows: nothing but our own errors may come of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConnectorError, OutcomeUnknown, Rejected, Unavailable, Unsupported
from connectors.instagram import InstagramConnector
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.posts import OutgoingPost
from tests.connectors.instagram_account import (
    ACCOUNT,
    APP_SECRET,
    CONTAINER,
    MADE_AT,
    MEDIA,
    carousel_post,
    contained,
    facing,
    picture_post,
    reel_post,
    stored,
)
from tests.connectors.strange_peer import Peer, answering, misshapen

SINCE = datetime.fromtimestamp(MADE_AT, UTC)
TIME = "2026-11-23T15:05:00+0000"
PAGING = {"cursors": {"before": "a", "after": "b"}, "next": "https://graph.facebook.com/v26.0/x?after=b"}
AUTHOR = {"id": "2105", "username": "ann"}
REPLY = {"id": "12", "text": "Gracias", "timestamp": TIME, "from": AUTHOR, "parent_id": "11", "username": "ann"}
COMMENT = REPLY | {"id": "11", "parent_id": None, "hidden": False, "replies": {"data": [REPLY], "paging": PAGING}}
LISTED = {
    "id": MEDIA,
    "caption": "Hola, Perú",
    "media_type": "IMAGE",
    "permalink": "https://www.instagram.com/p/Cabc/",
    "timestamp": TIME,
    "children": {"data": [{"id": "1"}]},
}
OURS = "/v26.0/178/media"
AT_CONTAINER = f"/v26.0/{CONTAINER}"
COMMENTS = f"/v26.0/{MEDIA}/comments"
UPLOAD = f"/ig-api-upload/v26.0/{CONTAINER}"
QUOTA = "/v26.0/178/content_publishing_limit"


def insights(value: object) -> dict[str, Any]:
    return {"data": [{"name": "views", "values": [{"value": value}], "total_value": {"value": value}}]}


def walked(account: InstagramConnector, post: OutgoingPost, stage: Stage | None = None) -> None:
    for _step in range(8):
        stage = account.stage(post, stored(stage))
        if stage.ready:
            return


Call = Callable[[InstagramConnector, Path], object]
CALLS: dict[str, tuple[Call, dict[str, Any]]] = {
    "identify": (
        lambda account, _folder: account.identify(),
        {
            "/v26.0/me": {"id": "111", "instagram_business_account": {"id": "178"}},
            "/v26.0/178": {"id": "178", "username": "inpe.peru", "name": "INPE"},
            "/v26.0/debug_token": {
                "data": {
                    "is_valid": False,
                    "expires_at": 1800000000,
                    "scopes": ["instagram_basic"],
                    "granular_scopes": [{"scope": "instagram_basic", "target_ids": ["178"]}],
                    "error": {"code": 190, "subcode": 460, "message": "x"},
                }
            },
        },
    ),
    "comments": (
        lambda account, _folder: account.comments(MEDIA),
        {COMMENTS: {"data": [COMMENT], "paging": PAGING}, "/v26.0/11/replies": {"data": [REPLY]}},
    ),
    "reply": (
        lambda account, _folder: account.reply("11", "Gracias"),
        {
            "GET /v26.0/11": {"id": "11", "hidden": False, "parent_id": "10", "media": {"id": MEDIA}},
            f"/v26.0/{MEDIA}": {"permalink": "https://www.instagram.com/p/Cabc/"},
            "POST /v26.0/10/replies": {"id": "13"},
        },
    ),
    "hide": (
        lambda account, _folder: account.hide("11", hidden=True),
        {"GET /v26.0/11": {"id": "11", "hidden": False, "from": AUTHOR}, "POST /v26.0/11": {"success": True}},
    ),
    "take_down": (lambda account, _folder: account.take_down(MEDIA), {f"/v26.0/{MEDIA}": {"success": True}}),
    "metrics": (
        lambda account, _folder: account.metrics(MEDIA),
        {f"/v26.0/{MEDIA}": {"media_product_type": "REELS", "like_count": 3}, f"/v26.0/{MEDIA}/insights": insights(9)},
    ),
    "account_metrics": (
        lambda account, _folder: account.account_metrics(),
        {"/v26.0/178": {"followers_count": 5}, "/v26.0/178/insights": insights(4)},
    ),
    "find": (
        lambda account, folder: account.find(picture_post(folder), contained(picture_post(folder)), SINCE),
        {AT_CONTAINER: {"status_code": "PUBLISHED"}, OURS: {"data": [LISTED]}},
    ),
    "quota": (
        lambda account, folder: account.stage(picture_post(folder)),
        {
            QUOTA: {"data": [{"quota_usage": 1, "config": {"quota_total": 1, "quota_duration": 86400}}]},
            OURS: {"data": [{"timestamp": TIME}]},
        },
    ),
    "a carousel": (
        lambda account, folder: walked(account, carousel_post(folder)),
        {
            QUOTA: {"data": []},
            f"POST {OURS}": {"id": CONTAINER},
            AT_CONTAINER: {"status_code": "FINISHED", "status": "Error: 2207026"},
        },
    ),
    "a reel": (
        lambda account, folder: walked(account, reel_post(folder)),
        {
            QUOTA: {"data": []},
            f"POST {OURS}": {"id": CONTAINER, "uri": f"https://rupload.facebook.com{UPLOAD}"},
            AT_CONTAINER: {
                "status_code": "IN_PROGRESS",
                "video_status": {"uploading_phase": {"bytes_transfered": 0, "bytes_transferred": "0"}},
            },
            UPLOAD: {"success": True},
        },
    ),
    "an upload that is refused": (
        lambda account, folder: account.stage(reel_post(folder), contained(reel_post(folder), ready=False)),
        {
            AT_CONTAINER: {"status_code": "IN_PROGRESS"},
            UPLOAD: {"debug_info": {"retriable": False, "type": "PartialRequestError", "message": "x"}},
        },
    ),
    "a post that is public already": (
        lambda account, folder: account.stage(picture_post(folder), contained(picture_post(folder))),
        {AT_CONTAINER: {"status_code": "PUBLISHED"}, OURS: {"data": [LISTED]}},
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_answer_of_any_shape_comes_to_nothing_worse_than_our_errors(name: str, tmp_path: Path) -> None:
    call, answers = CALLS[name]
    with answering(answers) as peer:
        account = facing(peer, app_id="42", app_secret=APP_SECRET)
        for what, strange in misshapen(answers):
            peer.answers = strange
            try:
                result = call(account, tmp_path)
            except ConnectorError as error:
                if isinstance(error, Rejected) and error.sentence == Rejected.sentence:
                    raise AssertionError(f"{what}: nothing for staff to go by") from error
                continue
            except Exception as error:
                raise AssertionError(f"{what}: {error!r}") from error
            values = result.values.values() if isinstance(result, Snapshot) else ()
            assert all(isfinite(value) and value >= 0 for value in values), what
            assert isinstance(result, Stage) or "{" not in repr(result).replace("values={", ""), f"{what}: {result!r}"


def publish(peer: Peer, folder: Path) -> Published:
    post = picture_post(folder)
    return facing(peer).publish(post, contained(post))


def test_publication_is_confirmed_by_an_id_or_nobody_knows(tmp_path: Path) -> None:
    answers = {
        "/v26.0/178/media_publish": {"id": MEDIA},
        f"/v26.0/{MEDIA}": {"permalink": "https://www.instagram.com/p/Cabc/", "timestamp": TIME},
    }
    with answering(answers) as peer:
        assert publish(peer, tmp_path).url == "https://www.instagram.com/p/Cabc/"
        for what, strange in misshapen(answers):
            peer.answers = strange
            try:
                published = publish(peer, tmp_path)
            except ConnectorError as error:
                if type(error) is not OutcomeUnknown or "media_publish" not in what:
                    raise AssertionError(what) from error
            else:
                assert published.remote_id == MEDIA, what
                assert published.url in (ACCOUNT.address, "https://www.instagram.com/p/Cabc/"), what


@pytest.mark.parametrize("status", [400, 500])
def test_refused_publication_is_never_more_certain_than_the_platform(status: int, tmp_path: Path) -> None:
    error = {"code": 36003, "error_subcode": 2207009, "message": "x", "is_transient": False, "error_user_msg": "x"}
    answers: dict[str, Any] = {"/v26.0/178/media_publish": {"error": error}}
    with answering(answers, status=status) as peer:
        with pytest.raises(Rejected):
            publish(peer, tmp_path)
        for what, strange in misshapen(answers):
            peer.answers = strange
            with pytest.raises(ConnectorError) as caught:
                publish(peer, tmp_path)
            assert isinstance(caught.value, Rejected | OutcomeUnknown), what
            if isinstance(caught.value, Rejected):
                assert caught.value.code.endswith("/2207009"), what


def test_figures_that_are_none_are_missing() -> None:
    answers = {
        f"/v26.0/{MEDIA}": b'{"like_count": 1e999, "comments_count": -3}',
        f"/v26.0/{MEDIA}/insights": b'{"data": [{"name": "views", "values": [{"value": NaN}]}, '
        b'{"name": "reach", "values": [{"value": 4}]}, {"name": "invented", "values": [{"value": 4}]}]}',
    }
    with answering(answers) as peer:
        snapshot = facing(peer).metrics(MEDIA)
    assert snapshot.values == {"reach": 4}
    assert {"like_count", "comments_count", "views"} <= set(snapshot.missing)


def test_json_deeper_than_anybody_reads_is_no_answer(tmp_path: Path) -> None:
    deep = b'{"a":' * 50_000
    with answering({COMMENTS: deep, UPLOAD: deep, AT_CONTAINER: {"status_code": "IN_PROGRESS"}}) as peer:
        with pytest.raises(Unavailable):
            facing(peer).comments(MEDIA)
        post = reel_post(tmp_path)
        with pytest.raises(Unavailable):
            facing(peer).stage(post, contained(post, ready=False))


@pytest.mark.parametrize("changing", [False, True])
def test_comments_whose_pages_have_no_end_come_to_one(changing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.meta_walk.MOST_PAGES", 20)

    def endless(_method: str, query: dict[str, str]) -> object:
        after = str(int(query.get("after", "0")) + 1) if changing else "7"
        return {"data": [], "paging": {"cursors": {"after": after}, "next": "https://graph.facebook.com/"}}

    def read_all(account: InstagramConnector) -> None:
        cursor: str | None = None
        for _page in range(30):
            cursor = account.comments(MEDIA, cursor).next_cursor

    with answering({COMMENTS: endless}) as peer, pytest.raises(Unavailable):
        read_all(facing(peer))
    assert len(peer.asked) == (20 if changing else 2)


def test_replies_whose_pages_go_round_in_a_circle_are_read_once() -> None:
    answers = {COMMENTS: {"data": [COMMENT]}, "/v26.0/11/replies": {"data": [REPLY], "paging": PAGING}}
    with answering(answers) as peer:
        page = facing(peer).comments(MEDIA)
    assert [comment.id for comment in page.items] == ["11", "12"]
    assert len(peer.asked) == 2


def test_next_page_at_a_foreign_host_is_not_visited() -> None:
    paging = {"cursors": {"after": "b"}, "next": "http://127.0.0.1:9/steal?access_token=x"}
    with answering({COMMENTS: {"data": [], "paging": paging}}) as peer:
        account = facing(peer)
        first = account.comments(MEDIA)
        peer.answers = {COMMENTS: {"data": []}}
        account.comments(MEDIA, first.next_cursor)
    assert [path for _method, path, _query in peer.asked] == [COMMENTS] * 2
    assert peer.asked[1][2]["after"] == "b"


@pytest.mark.parametrize("cursor", ["", "x", "b", "page=0&since=0", "page=1&since=5", "page=2&since=0", "after=b"])
def test_cursor_that_we_did_not_make_is_our_bug(cursor: str) -> None:
    with answering({}) as peer, pytest.raises(Unsupported):
        facing(peer).comments(MEDIA, cursor)
    assert peer.asked == []


@pytest.mark.parametrize("number", ["../me", "111/../me", "", "111?fields=id", "1 2", "ñ"])
def test_number_that_no_object_has_reaches_no_address(number: str) -> None:
    with answering({}) as peer:
        account = facing(peer)
        for call in (account.take_down, account.comments, account.metrics):
            with pytest.raises(Unsupported):
                call(number)
        with pytest.raises(Unsupported):
            account.reply(number, "Hola")
        with pytest.raises(Unsupported):
            account.hide(number, hidden=True)
    assert peer.asked == []


def comments_of(*items: dict[str, Any]) -> Page[Comment]:
    with answering({COMMENTS: {"data": list(items)}}) as peer:
        return facing(peer).comments(MEDIA)


@pytest.mark.parametrize("replies", [7, [], "x", {"data": None}, {"data": [7]}, {"data": [{"id": {}}]}])
def test_replies_that_cannot_be_read_are_not_taken_for_none(replies: object) -> None:
    with pytest.raises(Unavailable):
        comments_of(COMMENT | {"replies": replies})


def test_comment_with_numbers_for_ids_is_told_apart_from_others() -> None:
    (comment,) = comments_of(COMMENT | {"from": {"id": 178, "username": 5}, "id": 11, "replies": None}).items
    assert (comment.own, comment.author_id, comment.author_name, comment.id) == (True, "178", "ann", "11")


@pytest.mark.parametrize("spoilt", [{"caption": 7}, {"timestamp": None}, {"media_type": []}])
def test_list_that_cannot_be_read_does_not_say_that_the_post_is_absent(spoilt: dict[str, Any], tmp_path: Path) -> None:
    post = picture_post(tmp_path)
    answers = {AT_CONTAINER: {"status_code": "EXPIRED"}, OURS: {"data": [LISTED | spoilt]}}
    with answering(answers) as peer, pytest.raises(Unavailable):
        facing(peer).find(post, contained(post), SINCE)


def test_list_that_goes_in_a_circle_does_not_say_that_the_post_is_absent(tmp_path: Path) -> None:
    post = picture_post(tmp_path)
    listed = {"data": [LISTED | {"caption": "otro"}], "paging": PAGING}
    with (
        answering({AT_CONTAINER: {"status_code": "EXPIRED"}, OURS: listed}) as peer,
        pytest.raises(OutcomeUnknown),
    ):
        facing(peer).find(post, contained(post), SINCE)
    assert len(peer.asked) <= 6


@pytest.mark.parametrize("username", ["../x", "a b", "ñ", 7, None, "x" * 31])
def test_address_of_an_account_is_of_a_name_that_one_can_have(username: object) -> None:
    answers = {
        "/v26.0/me": {"id": "111", "instagram_business_account": {"id": "178"}},
        "/v26.0/178": {"id": "178", "username": username},
    }
    with answering(answers) as peer:
        assert facing(peer).identify().address == ""
