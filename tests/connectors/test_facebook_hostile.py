"""A Page whose answers are of no shape that the sheet knows: nothing but our own errors may come of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Unavailable, Unsupported
from connectors.facebook import FacebookConnector
from connectors.http import Door
from connectors.meta import HOST
from core.accounts import Credentials
from core.feedback import Comment, Page, Snapshot
from core.posts import OutgoingPost
from tests.connectors.facebook_page import ACCOUNT, APP_SECRET, TEXT, TOKEN, drafted, image, stored, video
from tests.connectors.strange_peer import Peer, answering, misshapen

SINCE = datetime(2026, 11, 23, 15, 3, tzinfo=UTC)
TIME = "2026-11-23T15:05:00+0000"
AUTHOR = {"id": "2844", "name": "A B"}
COMMENT = {"id": "9001_501", "message": "cool", "created_time": TIME, "from": AUTHOR, "parent": {"id": "9001_500"}}
PAGING = {"cursors": {"before": "a", "after": "b"}, "next": "https://graph.facebook.com/v26.0/x?after=b"}
TARGET = {"target": {"id": "7001"}}


def facebook(peer: Peer, **credentials: str) -> FacebookConnector:
    door = Door(routes=peer.routes(HOST), closed=True)
    return FacebookConnector(ACCOUNT, Credentials({"page_token": TOKEN, **credentials}), door)


def insights(*values: Any) -> dict[str, Any]:
    return {"data": [{"name": "post_media_view", "values": list(values)}]}


READS: dict[str, tuple[Callable[[FacebookConnector], object], dict[str, Any]]] = {
    "identify": (
        lambda page: page.identify(),
        {
            "/v26.0/me": {"id": "222", "name": "Prensa"},
            "/v26.0/me/accounts": {"error": {"code": 100, "error_subcode": 33}},
            "/v26.0/debug_token": {
                "data": {
                    "type": "PAGE",
                    "is_valid": True,
                    "expires_at": 1800000000,
                    "scopes": ["read_insights"],
                    "granular_scopes": [{"scope": "read_insights", "target_ids": ["222"]}],
                }
            },
            "/v26.0/222": {"link": "https://www.facebook.com/prensa"},
        },
    ),
    "comments": (
        lambda page: page.comments("111_9001"),
        {"/v26.0/111_9001/comments": {"data": [COMMENT], "paging": PAGING}},
    ),
    "reply": (
        lambda page: page.reply("9001_501", "Gracias"),
        {"/v26.0/9001_501/comments": {"id": "9001_502", "permalink_url": "https://x.example/", "created_time": TIME}},
    ),
    "hide": (
        lambda page: page.hide("9001_501", hidden=True),
        {
            "GET /v26.0/9001_501": {"id": "9001_501", "can_hide": True, "is_hidden": False},
            "POST /v26.0/9001_501": {"success": True},
        },
    ),
    "metrics": (
        lambda page: page.metrics("111_9001"),
        {
            "/v26.0/111_9001": {"shares": {"count": 3}, "reactions": {"summary": {"total_count": 2}}},
            "/v26.0/111_9001/insights": insights({"value": {"like": 9}}),
        },
    ),
    "account_metrics": (
        lambda page: page.account_metrics(),
        {"/v26.0/111": {"followers_count": 5, "fan_count": 4}, "/v26.0/111/insights": insights({"value": 4})},
    ),
    "publish": (
        lambda page: page.publish(TEXT, drafted()),
        {"/v26.0/111_9001": {"success": True}},
    ),
    "find": (
        lambda page: page.find(TEXT, drafted(), SINCE),
        {"/v26.0/111_9001": {"id": "111_9001", "is_published": True, "permalink_url": "https://x.example/"}},
    ),
    "find in the list": (
        lambda page: page.find(TEXT, drafted(draft=""), SINCE),
        {
            "/v26.0/111/published_posts": {
                "data": [{"id": "111_1", "message": TEXT.text, "created_time": TIME}],
                "paging": PAGING,
            }
        },
    ),
    "check": (
        lambda page: page.stage(TEXT, drafted(photos=["7001"])),
        {
            "/v26.0/111_9001": {
                "id": "111_9001",
                "message": TEXT.text,
                "is_published": False,
                "permalink_url": "https://x.example/",
                "attachments": {"data": [{"subattachments": {"data": [TARGET]}}, TARGET]},
            }
        },
    ),
    "an error": (
        lambda page: page.stage(TEXT, drafted()),
        {
            "/v26.0/111_9001": {
                "error": {
                    "code": 6001,
                    "error_subcode": 1363037,
                    "message": "x",
                    "is_transient": False,
                    "error_data": {"start_offset": "3", "end_offset": "9"},
                }
            }
        },
    ),
}


def finite(snapshot: object) -> bool:
    values = snapshot.values.values() if isinstance(snapshot, Snapshot) else ()
    return all(isfinite(value) and value >= 0 for value in values)


@pytest.mark.parametrize("name", READS)
def test_answer_of_any_shape_comes_to_nothing_worse_than_our_errors(name: str) -> None:
    call, answers = READS[name]
    with answering({}) as peer:
        page = facebook(peer, app_id="42", app_secret=APP_SECRET)
        for what, strange in misshapen(answers):
            peer.answers = strange
            try:
                result = call(page)
            except ConnectorError:
                continue
            except Exception as error:
                raise AssertionError(f"{what}: {error!r}") from error
            assert finite(result), what
            assert "{" not in repr(result).replace("values={", ""), f"{what}: {result!r}"


def test_figures_that_are_none_are_missing() -> None:
    answers = {
        "/v26.0/111_9001": b'{"shares": {"count": 1e999}, "reactions": {"summary": {"total_count": -3}}, '
        b'"comments": {"summary": {"total_count": "7"}}}',
        "/v26.0/111_9001/insights": b'{"data": [{"name": "post_media_view", "values": [{"value": NaN}]}, '
        b'{"name": "post_clicks", "values": [{"value": 4}]}]}',
    }
    with answering(answers) as peer:
        snapshot = facebook(peer).metrics("111_9001")
    assert snapshot.values == {"post_clicks": 4}
    assert "post_media_view" in snapshot.missing


@pytest.mark.parametrize("minutes", ["1e999", "9" * 30, "-5", '"x"', "null", "[]"])
def test_wait_that_is_none_is_the_usual_one_or_a_day(minutes: str) -> None:
    usage = f'{{"111": [{{"estimated_time_to_regain_access": {minutes}}}]}}'
    refusal = {"error": {"code": 4, "message": "x"}}
    with (
        answering({"/v26.0/111_9001": refusal}, headers={"X-Business-Use-Case-Usage": usage}) as peer,
        pytest.raises(RateLimited) as caught,
    ):
        facebook(peer).stage(TEXT, drafted())
    assert caught.value.retry_after is not None
    assert timedelta(hours=1) <= caught.value.retry_after <= timedelta(days=1)


def test_json_deeper_than_anybody_reads_is_no_answer() -> None:
    with answering({"/v26.0/111_9001/comments": b"[" * 200_000}) as peer, pytest.raises(Unavailable):
        facebook(peer).comments("111_9001")


def test_comments_whose_pages_go_round_in_a_circle_come_to_an_end() -> None:
    answers = {"/v26.0/111_9001/comments": {"data": [COMMENT], "paging": PAGING}}
    cursor: str | None = None
    with answering(answers) as peer:
        page = facebook(peer)
        for _page in range(5):
            try:
                answer = page.comments("111_9001", cursor)
            except Unavailable:
                return
            cursor = answer.next_cursor
            assert cursor is not None
    raise AssertionError("it never ends")


def test_comments_whose_cursors_change_for_ever_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.meta_walk.MOST_PAGES", 20)

    def endless(_method: str, query: dict[str, str]) -> object:
        after = str(int(query.get("after", "0")) + 1)
        return {"data": [], "paging": {"cursors": {"after": after}, "next": "https://graph.facebook.com/"}}

    cursor: str | None = None
    with answering({"/v26.0/111_9001/comments": endless}) as peer:
        page = facebook(peer)
        for _page in range(30):
            try:
                cursor = page.comments("111_9001", cursor).next_cursor
            except Unavailable:
                return
    raise AssertionError("it never ends")


def test_next_page_at_a_foreign_host_is_not_visited() -> None:
    paging = {"cursors": {"after": "b"}, "next": "http://127.0.0.1:9/steal?access_token=x"}
    with answering({"/v26.0/111_9001/comments": {"data": [COMMENT], "paging": paging}}) as peer:
        page = facebook(peer)
        first = page.comments("111_9001")
        peer.answers = {"/v26.0/111_9001/comments": {"data": []}}
        page.comments("111_9001", first.next_cursor)
    assert [path for _method, path, _query in peer.asked] == ["/v26.0/111_9001/comments"] * 2
    assert peer.asked[1][2]["after"] == "b"


@pytest.mark.parametrize("cursor", ["x", "after=&page=1", "page=0", "since=-5", "since=x", "after=a&after=b", "MgZDZD"])
def test_cursor_that_we_did_not_make_is_our_bug(cursor: str) -> None:
    with answering({}) as peer, pytest.raises(Unsupported):
        facebook(peer).comments("111_9001", cursor)
    assert peer.asked == []


@pytest.mark.parametrize("number", ["../me", "111/../me", "", "111?fields=id", "1 2", "ñ"])
def test_number_that_no_object_has_reaches_no_address(number: str) -> None:
    with answering({}) as peer:
        page = facebook(peer)
        for call in (page.take_down, page.comments, page.metrics):
            with pytest.raises(Unsupported):
                call(number)
        with pytest.raises(Unsupported):
            page.reply(number, "Hola")
        with pytest.raises(Unsupported):
            page.hide(number, hidden=True)
    assert peer.asked == []


def test_later_reading_of_comments_begins_an_hour_before_the_newest_and_never_in_days_to_come() -> None:
    to_come = COMMENT | {"id": "9001_502", "created_time": "2999-01-01T00:00:00+0000"}
    path = "/v26.0/111_9001/comments"
    with answering({path: {"data": [COMMENT]}}) as peer:
        page = facebook(peer)
        first = page.comments("111_9001").resume_cursor
        page.comments("111_9001", first)
        assert "since" not in peer.asked[0][2]
        assert int(peer.asked[1][2]["since"]) == int((SINCE + timedelta(minutes=2, hours=-1)).timestamp())
        peer.answers = {path: {"data": []}}
        assert page.comments("111_9001", first).resume_cursor == first
        peer.answers = {path: {"data": [to_come]}}
        page.comments("111_9001", page.comments("111_9001", first).resume_cursor)
        assert int(peer.asked[-1][2]["since"]) <= datetime.now(UTC).timestamp()


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+0000", "9999-12-31T23:59:59+0000"])
def test_instant_that_not_every_time_zone_has_is_none(time: str) -> None:
    with pytest.raises(Unavailable):
        comments_of(COMMENT | {"created_time": time})


def test_text_that_no_database_keeps_comes_with_marks_for_it() -> None:
    (comment,) = comments_of(COMMENT | {"message": "a\ud800b\x00c", "from": {"id": "1", "name": "\udfff"}}).items
    assert (comment.text, comment.author_name) == ("a?b?c", "?")


@pytest.mark.parametrize("kind", ["application/json; charset=undefined", "text/html; charset=idna", "x", "a; charset="])
def test_answer_of_an_encoding_that_fails_at_everything_is_no_answer(kind: str) -> None:
    answers = {"/v26.0/111_9001": b"\xff\xfe{"}
    with answering(answers, headers={"Content-Type": kind}) as peer, pytest.raises(Unavailable):
        facebook(peer).stage(TEXT, drafted())


@pytest.mark.parametrize(
    "spoilt",
    [
        {"anew": float("inf")},
        {"video": {"id": "1", "session": 5, "start": "x", "end": None}},
        {"photos": [{}]},
        {"draft": 7},
    ],
)
def test_token_that_is_spoilt_begins_anew(spoilt: dict[str, Any]) -> None:
    with answering({"/v26.0/111/feed": {"id": "111_9002"}}) as peer:
        stage = facebook(peer).stage(TEXT, stored(drafted(**spoilt)))
    assert stage.token["draft"] == "111_9002"


def comments_of(*items: dict[str, Any]) -> Page[Comment]:
    with answering({"/v26.0/111_9001/comments": {"data": list(items)}}) as peer:
        return facebook(peer).comments("111_9001")


@pytest.mark.parametrize("parent", [None, "9001_500", [], {}, {"id": None}, {"id": {}}, 7])
def test_comment_whose_parent_is_missing_stands_by_itself(parent: object) -> None:
    (comment,) = comments_of(COMMENT | {"parent": parent}).items
    assert comment.parent_id is None


def test_comment_with_numbers_for_ids_is_told_apart_from_others() -> None:
    (comment,) = comments_of(COMMENT | {"from": {"id": 111, "name": 5}, "id": 9001501, "parent": {"id": 12}}).items
    assert (comment.own, comment.author_id, comment.id, comment.parent_id) == (True, "111", "9001501", "12")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://www.facebook.com/1", "https://evil.example/1", 7, {}])
def test_address_of_a_comment_is_one_of_the_platform_or_none(url: object) -> None:
    (comment,) = comments_of(COMMENT | {"permalink_url": url}).items
    assert comment.url == ""


@pytest.mark.parametrize("offsets", [(-4, 9), (5, 4), (0, 10**30), (11, 99), ("x", "y"), (0, 0)])
def test_chunks_are_not_read_where_the_platform_can_have_no_part(tmp_path: Path, offsets: tuple[Any, Any]) -> None:
    post = OutgoingPost(key="k", text="Hola", media=(video(tmp_path),))
    answers = {
        "/v26.0/111/videos": {
            "video_id": "8001",
            "upload_session_id": "31",
            "start_offset": offsets[0],
            "end_offset": offsets[1],
        }
    }
    with answering(answers) as peer, pytest.raises(Unavailable):
        facebook(peer).stage(post)


@pytest.mark.parametrize("how", ["next part", "wrong offset"])
def test_video_that_does_not_move_on_is_no_progress(tmp_path: Path, how: str) -> None:
    post = OutgoingPost(key="k", text="Hola", media=(video(tmp_path),))
    same = {"start_offset": "0", "end_offset": "11"}
    moved = same if how == "next part" else {"error": {"code": 6001, "error_subcode": 1363037, "error_data": same}}
    stage = drafted(post, "", video={"id": "8001", "session": "31", "start": 0, "end": 11, "finished": False})
    with answering({"/v26.0/111/videos": moved}) as peer, pytest.raises(Unavailable):
        facebook(peer).stage(post, stage)


def test_list_that_goes_in_a_circle_does_not_say_that_the_post_is_absent() -> None:
    listed = {"data": [{"id": "111_1", "message": "otro", "created_time": TIME}], "paging": PAGING}
    with answering({"/v26.0/111/published_posts": listed}) as peer, pytest.raises(OutcomeUnknown):
        facebook(peer).find(TEXT, drafted(draft=""), SINCE)
    assert len(peer.asked) <= 5


def test_photo_whose_id_is_no_id_is_not_kept(tmp_path: Path) -> None:
    post = OutgoingPost(key="k", text="Hola", media=(image(tmp_path, 1),))
    ids: tuple[Any, ...] = ({}, [], True, "../me", 1.5)
    for strange in ids:
        with answering({"/v26.0/111/photos": {"id": strange}}) as peer, pytest.raises(Unavailable):
            facebook(peer).stage(post)
