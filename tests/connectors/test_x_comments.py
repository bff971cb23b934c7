"""Pulling replies from X: everything once, then only what is new; lists that lag, break off or go round."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.base import Services
from connectors.errors import RateLimited, Unavailable, Unsupported
from connectors.http import Door
from connectors.read_budget import BudgetSpent
from connectors.x import XConnector
from connectors.x_api import HOST
from connectors.x_comments import OVERLAP, Place
from connectors.x_reading import id_at
from core.accounts import Credentials
from core.feedback import Comment
from sandbox import Sandbox, SandboxServer, serve
from tests.connectors.strange_peer import Peer, Query, answering
from tests.connectors.x_office import ACCOUNT, TOKEN, Purse
from tests.connectors.x_stand import TEXT, Office

SEARCH, MENTIONS = "/2/tweets/search/recent", f"/2/users/{ACCOUNT.remote_id}/mentions"


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with serve(Sandbox(seed=7)) as running:
        yield running


@pytest.fixture
def office(server: SandboxServer) -> Office:
    server.sandbox.reset()
    office = Office(server)
    office.heal()
    return office


def say(office: Office, remote_id: str, *texts: str) -> None:
    for text in texts:
        office.sandbox.grow(comments=1, platform="x", remote_id=remote_id, text=text, author="Rosa Q.")


def pulled(x: XConnector, remote_id: str, cursor: str | None = None) -> tuple[list[Comment], str]:
    """Return all of a pull, and where the next one begins."""
    found: list[Comment] = []
    for _page in range(20):
        page = x.comments(remote_id, cursor)
        found += page.items
        if page.next_cursor is None:
            assert page.resume_cursor is not None
            return found, page.resume_cursor
        assert page.resume_cursor is None
        cursor = page.next_cursor
    raise AssertionError("the comments never end")


def asked(office: Office, path: str) -> list[dict[str, str]]:
    """Return what was asked for there, query by query."""
    queries = [urlsplit(one.url).query for one in office.exchanges if urlsplit(one.url).path == path]
    return [{name: values[0] for name, values in parse_qs(query).items()} for query in queries]


@pytest.fixture
def no_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    # what the tests say is a moment old; as if it were old enough not to be read again
    monkeypatch.setattr("connectors.x_comments.OVERLAP", timedelta(days=-1))


def test_a_later_pull_brings_only_what_is_new(office: Office, no_overlap: None) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, *map(str, range(120)))
    first, cursor = pulled(office.x(), remote_id)
    assert [one.text for one in first] == [str(number) for number in range(120)]
    say(office, remote_id, "nuevo")
    second, cursor = pulled(office.x(), remote_id, cursor)
    assert [one.text for one in second] == ["nuevo"]
    assert pulled(office.x(), remote_id, cursor)[0] == []
    say(office, remote_id, "otro")
    assert [one.text for one in pulled(office.x(), remote_id, cursor)[0]] == ["otro"]


def test_a_later_pull_of_a_quiet_post_reads_nothing(office: Office, no_overlap: None) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, "uno", "dos")
    _first, cursor = pulled(office.x(), remote_id)
    purse = Purse(100)
    assert pulled(office.x(services=Services(read_budget=purse)), remote_id, cursor)[0] == []
    assert sum(purse.spent) == 0


def test_what_was_written_shortly_before_a_pull_is_read_again(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, "uno")
    _first, cursor = pulled(office.x(), remote_id)
    assert [one.text for one in pulled(office.x(), remote_id, cursor)[0]] == ["uno"]


def test_a_reply_that_the_search_found_late_is_not_lost(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, "uno")
    office.fault("manner", "search", name="search_lag", times=None)
    first, cursor = pulled(office.x(), remote_id)
    assert first == []
    office.heal()
    assert [one.text for one in pulled(office.x(), remote_id, cursor)[0]] == ["uno"]


def test_a_pull_that_is_throttled_in_the_middle_goes_on_there(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, *map(str, range(120)))
    office.fault("throttle", "search", after=1)
    page = office.x().comments(remote_id)
    assert (len(page.items), page.resume_cursor) == (100, None)
    rest, _cursor = pulled(office.x(), remote_id, page.next_cursor)
    assert [one.text for one in (*rest, *page.items)] == [str(number) for number in range(120)]


def test_a_pull_that_ran_out_of_budget_goes_on_next_month(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, *map(str, range(40)))
    # the post itself; then pages of at least ten, with their people and parents
    page = office.x(services=Services(read_budget=Purse(20))).comments(remote_id)
    assert page.next_cursor is not None
    assert 10 <= len(page.items) < 40
    with pytest.raises(BudgetSpent):
        office.x(services=Services(read_budget=Purse(0))).comments(remote_id, page.next_cursor)
    rest, _cursor = pulled(office.x(), remote_id, page.next_cursor)
    assert sorted(int(one.text) for one in (*rest, *page.items)) == list(range(40))


def test_where_the_first_page_fails_nothing_is_told(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    office.fault("throttle", "search")
    with pytest.raises(RateLimited):
        office.x().comments(remote_id)


@pytest.mark.parametrize(("age", "reaches"), [(timedelta(days=6), True), (timedelta(days=8), False)])
def test_what_the_search_does_not_reach_is_looked_for_in_the_mentions(
    office: Office, age: timedelta, reaches: bool
) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, "uno")
    looked_at = datetime.now(UTC) - age
    place = Place(post=remote_id, since=str(id_at(looked_at)), looked_at=int(looked_at.timestamp()))
    found, cursor = pulled(office.x(), remote_id, place.cursor)
    assert [one.text for one in found] == ["uno"]
    (search,) = asked(office, SEARCH)
    # an older id would be refused
    assert search.get("since_id") == (place.since if reaches else None)
    mentions = asked(office, f"/2/users/{office.world.user_id}/mentions")
    assert len(mentions) == (not reaches)
    if mentions:
        assert mentions[0]["since_id"] == place.since
        until = datetime.fromisoformat(mentions[0]["end_time"])
        assert timedelta(0) < until - (datetime.now(UTC) - timedelta(days=7)) < timedelta(hours=3)
    # the next one has been there
    assert not Place.parse(cursor, remote_id).until
    assert abs(Place.parse(cursor, remote_id).looked_at - (datetime.now(UTC) - OVERLAP).timestamp()) < 60


def test_a_post_that_was_quiet_for_weeks_is_still_only_searched(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    say(office, remote_id, "uno")
    long_ago = datetime.now(UTC) - timedelta(days=30)
    place = Place(post=remote_id, since=str(id_at(long_ago)), looked_at=int(datetime.now(UTC).timestamp()) - 3600)
    assert [one.text for one in pulled(office.x(), remote_id, place.cursor)[0]] == ["uno"]
    assert [set(one) & {"since_id", "end_time"} for one in asked(office, SEARCH)] == [set()]
    assert asked(office, f"/2/users/{office.world.user_id}/mentions") == []


SPOILT: tuple[dict[str, Any], ...] = (
    {"post": "18"},
    {"post": None},
    {"source": "everything"},
    {"source": []},
    {"token": 7},
    {"token": "x" * 1001},
    {"since": "1 OR 2"},
    {"newest": "-1"},
    {"lowest": "1" * 20},
    {"until": "then"},
    {"looked_at": True},
    {"looked_at": -1},
    {"looked_at": 10**400},
    {"looked_at": "9"},
)
GOOD = Place(post="17", token="t", since="16", newest="18", lowest="17", looked_at=9)


def test_a_cursor_comes_back_as_it_went() -> None:
    assert Place.parse(GOOD.cursor, "17") == GOOD


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "search:",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"post":"17","more":1}',
        *(json.dumps(json.loads(GOOD.cursor) | spoilt) for spoilt in SPOILT),
    ],
)
def test_a_cursor_that_no_page_gave_is_our_bug(office: Office, cursor: str) -> None:
    with pytest.raises(Unsupported):
        office.x().comments("17", cursor)
    assert office.exchanges == []


def test_a_token_is_never_spliced_into_an_address(office: Office) -> None:
    remote_id = office.published(TEXT).remote_id
    office.exchanges.clear()
    place = dataclasses.replace(GOOD, post=remote_id, token="x&query=from:rosa#")
    with pytest.raises(Exception, match="refuses it"):
        office.x().comments(remote_id, place.cursor)
    (query,) = asked(office, SEARCH)
    assert (query["next_token"], query["query"]) == (place.token, f"conversation_id:{remote_id}")


def peer_x(peer: Peer, **services: Any) -> XConnector:
    return XConnector(
        ACCOUNT, Credentials({"access_token": TOKEN}), Door(routes=peer.routes(HOST), closed=True), Services(**services)
    )


ROOT = str(id_at(datetime.now(UTC) - timedelta(hours=5)))


def reply(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(int(ROOT) + number), "text": f"{number}", "author_id": "888", "conversation_id": ROOT} | more


def listing(*numbers: int, token: str = "") -> dict[str, Any]:
    meta = {"result_count": len(numbers)} | ({"next_token": token} if token else {})
    return {"data": [reply(number) for number in numbers], "meta": meta} if numbers else {"meta": meta}


def with_search(answer: Callable[[str, Query], Any]) -> dict[str, Any]:
    return {f"/2/tweets/{ROOT}": {"data": {"id": ROOT, "text": "Uno"}}, SEARCH: answer}


def test_a_list_that_leads_to_itself_ends() -> None:
    with answering(with_search(lambda _method, _query: listing(3, 2, token="same"))) as peer:
        page = peer_x(peer).comments(ROOT)
    assert [one.text for one in page.items] == ["2", "3"]
    assert (page.next_cursor, page.resume_cursor) == (None, None)
    assert len(peer.asked) == 3


@pytest.mark.parametrize("numbers", [(3, 2), ()])
def test_a_list_that_goes_round_in_a_larger_circle_ends(numbers: tuple[int, ...]) -> None:
    def turn(_method: str, query: Query) -> Any:
        return listing(*numbers, token="b" if query.get("next_token") == "a" else "a")

    calls, cursor = 0, None
    with answering(with_search(turn)) as peer:
        while calls == 0 or cursor is not None:
            page = peer_x(peer).comments(ROOT, cursor)
            calls, cursor = calls + 1, page.next_cursor
            assert calls < 4
    assert page.resume_cursor is None


def test_a_later_pull_that_goes_round_begins_where_it_did() -> None:
    place = Place(post=ROOT, since=ROOT, looked_at=int(datetime.now(UTC).timestamp()) - 60)
    with answering(with_search(lambda _method, _query: listing(3, token="same"))) as peer:
        page = peer_x(peer).comments(ROOT, place.cursor)
    assert page.resume_cursor == place.cursor


def test_the_next_pull_begins_behind_what_was_seen_and_not_behind_what_may_still_come() -> None:
    late = int(id_at(datetime.now(UTC) - timedelta(minutes=1))) - int(ROOT)
    with answering(with_search(lambda _method, _query: listing(7))) as peer:
        page = peer_x(peer).comments(ROOT)
        assert Place.parse(page.resume_cursor or "", ROOT).since == str(int(ROOT) + 7)
    with answering(with_search(lambda _method, _query: listing(late, 7))) as peer:
        page = peer_x(peer).comments(ROOT)
    since = int(Place.parse(page.resume_cursor or "", ROOT).since)
    edge = id_at(datetime.now(UTC) - OVERLAP)
    assert id_at(datetime.now(UTC) - OVERLAP - timedelta(minutes=1)) < since <= edge


def test_a_pull_that_brings_nothing_does_not_move_its_beginning() -> None:
    with answering(with_search(lambda _method, _query: listing())) as peer:
        page = peer_x(peer).comments(ROOT)
        assert Place.parse(page.resume_cursor or "", ROOT).since == ROOT
        place = Place(post=ROOT, since=str(int(ROOT) + 9), looked_at=int(datetime.now(UTC).timestamp()))
        page = peer_x(peer).comments(ROOT, place.cursor)
    assert Place.parse(page.resume_cursor or "", ROOT).since == place.since


def test_a_reply_without_its_time_has_that_of_its_id() -> None:
    with answering(with_search(lambda _method, _query: listing(7))) as peer:
        (comment,) = peer_x(peer).comments(ROOT).items
    assert abs(comment.created_at - (datetime.now(UTC) - timedelta(hours=5))) < timedelta(minutes=5)


def test_ids_that_are_numbers_are_ids() -> None:
    item = reply(7) | {"id": int(ROOT) + 7, "author_id": 777, "conversation_id": int(ROOT)}
    item["referenced_tweets"] = [{"type": "replied_to", "id": int(ROOT) + 1}]
    answer = {"data": [item], "includes": {"users": [{"id": 777, "name": "Prensa", "username": "inpe"}]}, "meta": {}}
    with answering(with_search(lambda _method, _query: answer)) as peer:
        (comment,) = peer_x(peer).comments(ROOT).items
    assert (comment.id, comment.own, comment.author_name) == (str(int(ROOT) + 7), True, "Prensa")
    assert comment.parent_id == str(int(ROOT) + 1)


def test_what_was_paid_for_is_handed_on_where_a_later_page_fails() -> None:
    def fail(_method: str, query: Query) -> Any:
        return b"<html>" if "next_token" in query else listing(3, 2, token="a")

    with answering(with_search(fail)) as peer:
        page = peer_x(peer).comments(ROOT)
        assert [one.text for one in page.items] == ["2", "3"]
        with pytest.raises(Unavailable):
            peer_x(peer).comments(ROOT, page.next_cursor)
