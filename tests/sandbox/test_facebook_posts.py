import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.clients import START, Graph, Stand, animation, error, image, media_json


def test_held_back_post_is_seen_by_nobody_until_published(stand: Stand, graph: Graph) -> None:
    post = graph.feed("Hola", published="false")
    assert stand.writes == []
    assert graph.listed("feed") == [post]
    assert graph.listed("published_posts") == graph.listed("posts") == []
    for _again in range(3):
        assert graph.post(f"/{post}", is_published="true").json() == {"success": True}
    assert graph.listed("published_posts") == [post]
    (write,) = stand.writes
    assert (write.platform, write.account, write.remote_id) == ("facebook", graph.page, post)
    assert (write.kind, write.text, write.visible) == ("post", "Hola", True)


def test_threads_publishing_the_same_post_make_one_entry(stand: Stand, graph: Graph) -> None:
    post = graph.feed("Hola", published="false")
    start = threading.Barrier(12)
    codes: list[int] = []

    def publish() -> None:
        start.wait()
        codes.append(Graph(Stand(stand.server)).post(f"/{post}", is_published="true").status_code)

    threads = [threading.Thread(target=publish) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 12
    assert [write.seq for write in stand.writes] == [1]


def test_creating_twice_makes_two_entries(stand: Stand, graph: Graph) -> None:
    assert graph.feed("Hola") != graph.feed("Hola")
    assert [write.kind for write in stand.writes] == ["post", "post"]


@pytest.mark.parametrize("encoding", ["indexed", "json text", "json body"])
def test_photos_are_shown_in_the_order_attached(stand: Stand, graph: Graph, encoding: str) -> None:
    colors = ("red", "teal", "navy")
    ids = [graph.photo(color, published="false", alt_text_custom=color)["id"] for color in colors]
    ids.reverse()
    items: Any = [{"media_fbid": number} for number in ids]
    if encoding == "json body":
        answer = graph.send("POST", f"/{graph.page}/feed", json={"message": "Hola", "attached_media": items})
    elif encoding == "json text":
        answer = graph.post(f"/{graph.page}/feed", message="Hola", attached_media=json.dumps(items))
    else:
        indexed = {f"attached_media[{at}]": json.dumps(item) for at, item in enumerate(items)}
        answer = graph.post(f"/{graph.page}/feed", message="Hola", **indexed)
    post = answer.json()["id"]
    expected = tuple(hashlib.sha256(image(color)).hexdigest() for color in reversed(colors))
    assert stand.writes[0].media == expected
    fields = "attachments{media_type,subattachments{media_type,target}}"
    album = graph.get(f"/{post}", fields=fields).json()["attachments"]["data"][0]
    assert album["media_type"] == "album"
    assert [part["target"]["id"] for part in album["subattachments"]["data"]] == ids


def test_single_photo_attachment_has_its_source(stand: Stand, graph: Graph) -> None:
    post = graph.feed(attached_media=media_json(graph.photo("red", published="false")["id"]))
    (part,) = graph.get(f"/{post}", fields="attachments{media,media_type}").json()["attachments"]["data"]
    assert part["media_type"] == "photo"
    source = part["media"]["image"]["src"]
    assert source.startswith("https://scontent.xx.fbcdn.net/")
    assert stand.own("GET", source.removeprefix("https:/")).content == image("red")


def test_photo_published_at_once_is_a_post(stand: Stand, graph: Graph) -> None:
    made = graph.photo("red", caption="Pie de foto")
    assert set(made) == {"id", "post_id"}
    assert graph.listed("published_posts") == [made["post_id"]]
    (write,) = stand.writes
    assert (write.kind, write.text) == ("photo", "Pie de foto")
    assert error(graph.send("DELETE", f"/{made['id']}")) == (400, 100, 33)


def test_unpublished_photo_has_no_post_and_dies_after_a_day(stand: Stand, graph: Graph) -> None:
    loose, used = graph.photo("red", published="false"), graph.photo("navy", published="false")
    assert set(loose) == {"id"}
    assert "page_story_id" in graph.get(f"/{loose['id']}", fields="page_story_id").json()
    draft = graph.feed(published="false", attached_media=media_json(used["id"]))
    stand.advance(hours=23, minutes=59)
    assert graph.get(f"/{loose['id']}").status_code == 200
    stand.advance(minutes=2)
    assert error(graph.get(f"/{loose['id']}")) == (400, 100, 33)
    assert error(graph.post(f"/{graph.page}/feed", attached_media=media_json(loose["id"]))) == (400, 100, 33)
    assert graph.post(f"/{draft}", is_published="true").status_code == 200
    assert len(stand.writes[0].media) == 1


def test_photo_belongs_to_one_post(graph: Graph) -> None:
    attached = media_json(graph.photo(published="false")["id"])
    graph.feed("uno", published="false", attached_media=attached)
    assert error(graph.post(f"/{graph.page}/feed", message="dos", attached_media=attached)) == (400, 100, 1366051)


@pytest.mark.parametrize(
    "data",
    [b"no picture", image()[:60], animation(), image(form="WEBP"), image() + b"\0" * (10 * 1024 * 1024)],
    ids=["text", "cut", "animated", "webp", "over 10 MB"],
)
def test_bad_photos_are_refused(stand: Stand, graph: Graph, data: bytes) -> None:
    answer = graph.post(f"/{graph.page}/photos", {"source": ("a.jpg", data, "image/jpeg")})
    assert error(answer) == (400, 100, 1366046)
    assert stand.writes == []


def test_photo_by_address_must_be_reachable(stand: Stand, graph: Graph) -> None:
    assert error(graph.post(f"/{graph.page}/photos", url="https://elsewhere.example/a.png")) == (400, 100, 2061006)
    assert error(graph.post(f"/{graph.page}/photos")) == (400, 100, None)
    source = graph.photo("red", published="false")["id"]
    address = graph.get(f"/{source}", fields="images").json()["images"][0]["source"]
    assert graph.post(f"/{graph.page}/photos", url=address).status_code == 200
    assert stand.writes[0].media == (hashlib.sha256(image("red")).hexdigest(),)


def seconds_ahead(seconds: int) -> str:
    return str(int(START.timestamp()) + seconds)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"message": " "}, (400, 100, None)),
        ({"message": "a" * 63_207}, (400, 100, None)),
        ({"message": "x", "published": "False"}, (400, 100, None)),
        ({"link": "no address"}, (400, 100, 2061006)),
        ({"link": "https://www.facebook.com/inpe"}, (400, 100, 1609008)),
        ({"link": "https://gone.invalid/a"}, (400, 1609005, None)),
        ({"attached_media": "media_fbid"}, (400, 100, None)),
        ({"attached_media": media_json("404")}, (400, 100, 33)),
        ({"message": "x", "scheduled_publish_time": seconds_ahead(3600)}, (400, 100, None)),
        ({"message": "x", "published": "false", "scheduled_publish_time": seconds_ahead(599)}, (400, 100, None)),
        ({"message": "x", "published": "false", "scheduled_publish_time": seconds_ahead(31 * 86400)}, (400, 100, None)),
        ({"message": "x", "published": "false", "unpublished_content_type": "SCHEDULED"}, (400, 100, None)),
        ({"message": "x", "targeting": "{}"}, (501, 100, None)),
    ],
)
def test_bad_posts_are_refused(stand: Stand, graph: Graph, data: dict[str, str], expected: object) -> None:
    assert error(graph.post(f"/{graph.page}/feed", **data)) == expected
    assert graph.listed("feed") == []


def test_scheduled_post_appears_by_itself(stand: Stand, graph: Graph) -> None:
    post = graph.feed(published="false", scheduled_publish_time=seconds_ahead(900))
    assert graph.listed("scheduled_posts") == [post]
    assert graph.get(f"/{post}", fields="scheduled_publish_time").json()["scheduled_publish_time"]
    stand.advance(minutes=14)
    assert stand.writes == []
    stand.advance(minutes=1)
    assert [write.remote_id for write in stand.writes] == [post]
    assert graph.listed("scheduled_posts") == []


def test_scheduled_post_can_go_out_early_once(stand: Stand, graph: Graph) -> None:
    post = graph.feed(published="false", scheduled_publish_time=seconds_ahead(900))
    graph.post(f"/{post}", is_published="true")
    stand.advance(hours=1)
    assert len(stand.writes) == 1


def test_new_text_is_an_edit_only_where_it_can_be_seen(stand: Stand, graph: Graph) -> None:
    hidden, shown = graph.feed("uno", published="false"), graph.feed("dos")
    graph.post(f"/{hidden}", message="uno corregido")
    graph.post(f"/{shown}", message="dos corregido")
    graph.post(f"/{shown}", message="dos corregido")
    assert [(write.kind, write.text) for write in stand.writes] == [("post", "dos"), ("edit", "dos corregido")]
    assert error(graph.post(f"/{shown}")) == (400, 100, None)
    assert error(graph.post(f"/{shown}", is_published="false")) == (400, 100, None)


def test_deleted_post_is_gone(stand: Stand, graph: Graph) -> None:
    draft, post = graph.feed("borrador", published="false"), graph.feed("Hola")
    assert graph.send("DELETE", f"/{draft}").json() == graph.send("DELETE", f"/{post}").json() == {"success": True}
    assert error(graph.send("DELETE", f"/{post}")) == (400, 100, 33)
    assert error(graph.get(f"/{post}")) == (400, 100, 33)
    assert [(write.text, write.visible) for write in stand.writes] == [("Hola", True), ("Hola", False)]


def test_read_after_write_answers_the_fields(graph: Graph) -> None:
    fields = "id,permalink_url,created_time,is_published"
    made = graph.send("POST", f"/{graph.page}/feed", params={"fields": fields}, data={"message": "Hola"}).json()
    assert set(made) == set(fields.split(","))
    assert made["created_time"] == "2026-11-24T15:00:00+0000"
    assert made["permalink_url"].startswith("https://www.facebook.com/")
    assert int(made["id"].partition("_")[2]) > 2**53


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("nothing", 100),
        ("type", 12),
        ("object_id", 12),
        ("attachments{nothing}", 100),
        ("id,,message", 2500),
        ("a{", 2500),
    ],
)
def test_unknown_and_dead_fields_are_refused(graph: Graph, fields: str, code: int) -> None:
    post = graph.feed()
    assert error(graph.get(f"/{post}", fields=fields))[:2] == (400, code)


def test_counts_come_in_one_call(stand: Stand, graph: Graph) -> None:
    post = graph.feed()
    stand.sandbox.grow(comments=3)
    fields = "shares,reactions.summary(true).limit(0),comments.summary(true).limit(0)"
    fresh = graph.get(f"/{post}", fields=fields).json()
    assert "shares" not in fresh
    assert fresh["comments"]["summary"]["total_count"] == 3
    assert fresh["comments"]["data"] == []
    stand.advance(days=3)
    later = graph.get(f"/{post}", fields=fields).json()
    assert later["shares"]["count"] > 0
    assert later["reactions"]["summary"]["total_count"] > 0


def walk(graph: Graph, follow: Callable[[str], str]) -> list[str]:
    found: list[str] = []
    answer = graph.get(f"/{graph.page}/published_posts", limit=2, fields="id")
    while True:
        found += [item["id"] for item in answer.json()["data"]]
        address = answer.json()["paging"].get("next")
        if address is None:
            return found
        answer = graph.stand.own("GET", follow(address))


def test_paging_walks_all_posts_once_newest_first(graph: Graph) -> None:
    posts = [graph.feed(f"texto {number}") for number in range(5)]
    assert walk(graph, lambda address: address.removeprefix("https:/")) == posts[::-1]


def test_next_is_absolute_and_holds_the_token(graph: Graph) -> None:
    for number in range(3):
        graph.feed(str(number))
    paging = graph.get(f"/{graph.page}/feed", limit=1, pretty=0).json()["paging"]
    parts = urlsplit(paging["next"])
    assert (parts.scheme, parts.netloc) == ("https", "graph.facebook.com")
    query = parse_qs(parts.query)
    assert query["access_token"] == [graph.token]
    assert query["after"] == [paging["cursors"]["after"]]
    last = graph.get(f"/{graph.page}/feed", limit=100).json()
    assert "next" not in last["paging"]


@pytest.mark.parametrize("edge", ["published_posts", "feed"])
def test_limit_above_a_hundred_is_refused(graph: Graph, edge: str) -> None:
    assert error(graph.get(f"/{graph.page}/{edge}", limit=101)) == (400, 100, None)
    assert graph.get(f"/{graph.page}/{edge}", limit=100).json() == {"data": []}


def test_since_and_until_bound_the_list(stand: Stand, graph: Graph) -> None:
    old = graph.feed("antes")
    stand.advance(hours=2)
    new = graph.feed("después")
    border = seconds_ahead(3600)
    assert graph.listed("published_posts", since=border) == [new]
    assert graph.listed("published_posts", until=border) == [old]
