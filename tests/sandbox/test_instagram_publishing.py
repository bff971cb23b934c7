"""Containers and the visible write."""

import hashlib
import threading
from collections.abc import Iterator

import pytest
import requests

from sandbox import FaultPlan
from tests.sandbox.clients import START, Stand, error, video
from tests.sandbox.instagram_client import Insta, jpeg, shelf


@pytest.fixture
def insta(stand: Stand) -> Iterator[Insta]:
    with shelf() as files:
        yield Insta(stand, files)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_image_goes_through_three_steps(stand: Stand, insta: Insta) -> None:
    number = insta.picture("red", caption="Hola #feria", alt_text="Una feria")
    first = insta.get(f"/{number}", fields="status_code,status").json()
    assert first == {
        "status_code": "IN_PROGRESS",
        "status": "In progress: Media is still being processed.",
        "id": number,
    }
    assert insta.get(f"/{number}", fields="status_code").json() == {"status_code": "FINISHED", "id": number}
    assert stand.writes == []
    made = insta.publish(number).json()
    assert made.keys() == {"id"}
    assert made["id"] != number
    assert insta.status(number) == "PUBLISHED"
    read = insta.get(f"/{made['id']}", fields="id,permalink,shortcode,timestamp,caption,alt_text").json()
    assert read["permalink"] == f"https://www.instagram.com/p/{read['shortcode']}/"
    assert (read["caption"], read["alt_text"]) == ("Hola #feria", "Una feria")
    assert read["timestamp"] == START.strftime("%Y-%m-%dT%H:%M:%S+0000")
    (write,) = stand.writes
    assert (write.platform, write.account, write.remote_id) == ("instagram", insta.account, made["id"])
    assert (write.kind, write.text, write.visible) == ("photo", "Hola #feria", True)
    assert write.media == (digest(jpeg("red")),)


def test_unfinished_container_cannot_be_published(stand: Stand, insta: Insta) -> None:
    number = insta.picture()
    refusal = insta.publish(number)
    assert error(refusal) == (400, 9007, 2207027)
    assert refusal.json()["error"]["message"] == "Media ID is not available"
    assert stand.writes == []
    assert insta.publish(insta.ready(number)).status_code == 200


def test_container_is_finished_after_a_while_without_looking(stand: Stand, insta: Insta) -> None:
    number = insta.picture()
    stand.advance(seconds=11)
    assert insta.publish(number).status_code == 200


def test_container_is_published_once(stand: Stand, insta: Insta) -> None:
    number = insta.ready(insta.picture())
    assert insta.publish(number).status_code == 200
    for _again in range(3):
        assert insta.publish(number).status_code == 400
    assert len(stand.writes) == len(insta.listed()) == 1


def test_threads_publishing_one_container_make_one_post(stand: Stand, insta: Insta) -> None:
    number = insta.ready(insta.picture())
    start = threading.Barrier(8)
    codes: list[int] = []

    def publish() -> None:
        start.wait()
        codes.append(Insta(Stand(stand.server, requests.Session()), insta.shelf).publish(number).status_code)

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] + [400] * 7
    assert len(stand.writes) == 1


@pytest.mark.parametrize("number", ["17999999999999999", "5", "nothing"])
def test_unknown_container_is_missing(insta: Insta, number: str) -> None:
    assert error(insta.publish(number)) == (400, 24, 2207008)


def test_same_picture_and_caption_may_be_posted_twice(stand: Stand, insta: Insta) -> None:
    assert insta.posted(caption="Hola") != insta.posted(caption="Hola")
    assert len(stand.writes) == 2


def test_container_expires_after_a_day(stand: Stand, insta: Insta) -> None:
    number = insta.ready(insta.picture())
    stand.advance(hours=23, minutes=59)
    assert insta.status(number) == "FINISHED"
    stand.advance(minutes=1)
    assert insta.status(number) == "EXPIRED"
    assert error(insta.publish(number)) == (400, 24, 2207008)


def test_quota_is_counted_where_it_is_used(stand: Stand, insta: Insta) -> None:
    edge = f"/{insta.account}/content_publishing_limit"
    assert insta.get(edge).json() == {"data": [{"quota_usage": 0}]}
    numbers = [insta.ready(insta.picture()) for _ in range(51)]
    for number in numbers[:50]:
        assert insta.publish(number).status_code == 200
    asked = insta.get(edge, fields="quota_usage,config").json()
    assert asked == {"data": [{"quota_usage": 50, "config": {"quota_total": 50, "quota_duration": 86400}}]}
    refusal = insta.publish(numbers[50])
    assert error(refusal) == (400, 9, 2207042)
    assert len(stand.writes) == 50
    assert error(insta.get(edge, since=int(START.timestamp()) - 90_000)) == (400, 100, None)
    stand.advance(hours=24)
    assert insta.get(edge).json() == {"data": [{"quota_usage": 0}]}
    assert insta.posted()


def test_four_hundred_containers_a_day(insta: Insta) -> None:
    url = insta.shelf.put(jpeg())
    for _one in range(400):
        assert insta.create(image_url=url).status_code == 200
    assert error(insta.create(image_url=url))[1] == 4


def test_carousel_keeps_its_order_and_counts_once(stand: Stand, insta: Insta) -> None:
    colors = ("red", "navy", "teal")
    children = [insta.ready(insta.picture(color, is_carousel_item="true", alt_text=color)) for color in colors]
    clip = insta.container(
        media_type="VIDEO", is_carousel_item="true", video_url=insta.shelf.put(video(), "clip.mp4"), caption="no"
    )
    order = [children[2], insta.ready(clip), children[0], children[1]]
    parent = insta.container(media_type="CAROUSEL", children=",".join(order), caption="Cuatro")
    assert insta.status(parent) == "IN_PROGRESS"
    media = insta.publish(insta.ready(parent)).json()["id"]
    (write,) = stand.writes
    expected = (jpeg("teal"), video(), jpeg("red"), jpeg("navy"))
    assert (write.kind, write.text) == ("post", "Cuatro")
    assert write.media == tuple(digest(data) for data in expected)
    assert insta.listed() == [media]
    shown = insta.get(f"/{media}", fields="media_type,children{id,media_type,alt_text,caption,permalink}").json()
    parts = shown["children"]["data"]
    assert shown["media_type"] == "CAROUSEL_ALBUM"
    assert [part["media_type"] for part in parts] == ["IMAGE", "VIDEO", "IMAGE", "IMAGE"]
    assert all("permalink" not in part and "caption" not in part for part in parts)
    assert parts[0]["alt_text"] == "teal"
    assert insta.get(f"/{insta.account}/content_publishing_limit").json()["data"][0]["quota_usage"] == 1
    assert error(insta.get(f"/{parts[0]['id']}/insights", metric="views"))[1] == 100


def test_children_as_a_json_array(insta: Insta) -> None:
    children = [insta.ready(insta.picture(color, is_carousel_item="true")) for color in ("red", "navy")]
    body = {"media_type": "CAROUSEL", "children": children, "access_token": insta.token}
    answer = insta.stand.own("POST", f"/graph.facebook.com/v26.0/{insta.account}/media", json=body)
    assert answer.status_code == 200, answer.text
    assert insta.container(media_type="CAROUSEL", children=f'["{children[0]}", "{children[1]}"]')


@pytest.mark.parametrize("count", [1, 11])
def test_carousel_has_two_to_ten(insta: Insta, count: int) -> None:
    children = ",".join(insta.ready(insta.picture(is_carousel_item="true")) for _ in range(count))
    assert error(insta.create(media_type="CAROUSEL", children=children)) == (400, 100, 2207028)


def test_children_must_be_finished_and_children(stand: Stand, insta: Insta) -> None:
    done = insta.ready(insta.picture(is_carousel_item="true"))
    waiting = insta.picture(is_carousel_item="true")
    single = insta.ready(insta.picture())

    def refused(other: str) -> tuple[int, int, int | None]:
        return error(insta.create(media_type="CAROUSEL", children=f"{done},{other}"))

    assert refused(waiting) == (400, 9007, 2207027)
    assert refused(single) == (400, 100, None)
    assert refused(done) == (400, 100, None)
    assert refused("17999999999999999") == (400, 24, 2207008)
    assert error(insta.publish(done)) == (400, 100, None)
    stand.advance(hours=24)
    assert refused(insta.ready(insta.picture(is_carousel_item="true"))) == (400, 24, 2207008)


def test_reel_reads_back_as_a_video(stand: Stand, insta: Insta) -> None:
    url = insta.shelf.put(video(), "reel.mp4")
    cover = insta.shelf.put(jpeg("navy", size=(90, 160)), "cover.jpg")
    number = insta.container(
        media_type="REELS", video_url=url, caption="Mire", share_to_feed="true", cover_url=cover, thumb_offset="1500"
    )
    assert [insta.status(number) for _ in range(3)] == ["IN_PROGRESS", "IN_PROGRESS", "FINISHED"]
    media = insta.publish(number).json()["id"]
    read = insta.get(f"/{media}", fields="media_type,media_product_type,permalink").json()
    assert (read["media_type"], read["media_product_type"]) == ("VIDEO", "REELS")
    assert read["permalink"].startswith("https://www.instagram.com/reel/")
    (write,) = stand.writes
    assert (write.kind, write.media) == ("video", (digest(video()),))


def test_story_has_no_caption_and_lasts_a_day(stand: Stand, insta: Insta) -> None:
    url = insta.shelf.put(jpeg(size=(90, 160)))
    number = insta.ready(insta.container(media_type="STORIES", image_url=url, caption="no se ve"))
    media = insta.publish(number).json()["id"]
    assert (insta.listed(), insta.listed("stories")) == ([], [media])
    stand.advance(hours=24)
    assert insta.listed("stories") == []
    assert [(write.kind, write.text, write.visible) for write in stand.writes] == [
        ("story", "", True),
        ("story", "", False),
    ]


LONG = "a" * 2200


@pytest.mark.parametrize(
    ("caption", "fits"),
    [
        (LONG, True),
        (LONG + "a", False),
        ("ñ" * 2200, True),
        (" ".join(f"#t{n}" for n in range(30)), True),
        (" ".join(f"#t{n}" for n in range(31)), False),
        (" ".join(f"@u.{n}" for n in range(20)), True),
        (" ".join(f"@u.{n}" for n in range(21)), False),
        (" ".join(f"prensa{n}@inpe.example" for n in range(21)), True),
    ],
    ids=["2200", "2201", "2200 letters", "30 hashtags", "31 hashtags", "20 mentions", "21 mentions", "e-mails"],
)
def test_caption_has_limits(insta: Insta, caption: str, fits: bool) -> None:
    answer = insta.create(image_url=insta.shelf.put(jpeg()), caption=caption)
    assert answer.status_code == 200 if fits else error(answer) == (400, 36004, 2207010)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"media_type": "IMAGE"}, (400, 100, 2207023)),
        ({"media_type": "PHOTO"}, (400, 100, 2207023)),
        ({"media_type": "VIDEO", "video_url": "V"}, (400, 100, 2207023)),
        ({"video_url": "V"}, (400, 100, None)),
        ({"media_type": "REELS", "image_url": "I"}, (400, 100, None)),
        ({"media_type": "REELS", "video_url": "V", "upload_type": "resumable"}, (400, 100, None)),
        ({"media_type": "REELS", "upload_type": "Resumable"}, (400, 100, None)),
        ({"media_type": "REELS", "video_url": "V", "alt_text": "a"}, (400, 100, None)),
        ({"media_type": "REELS", "video_url": "V", "is_carousel_item": "true"}, (400, 100, None)),
        ({"media_type": "REELS", "video_url": "V", "thumb_offset": "-1"}, (400, 1, 2207057)),
        ({"media_type": "STORIES", "image_url": "I", "video_url": "V"}, (400, 100, None)),
        ({"upload_type": "resumable"}, (400, 100, None)),
        ({}, (400, 100, None)),
        ({"image_url": "I", "alt_text": "a" * 1001}, (400, 100, None)),
        ({"image_url": "I", "is_carousel_item": "True"}, (400, 100, None)),
        ({"image_url": "I", "scheduled_publish_time": "1800000000"}, (400, 100, None)),
        ({"image_url": "I", "published": "false"}, (400, 100, None)),
        ({"image_url": "I", "share_to_feed": "true"}, (400, 100, None)),
        ({"image_url": "I", "collaborators": '["a", "b", "c", "d"]'}, (400, 100, None)),
        ({"image_url": "I", "collaborators": '["a"]', "is_carousel_item": "true"}, (400, 100, None)),
        ({"image_url": "I", "location_id": "111222333444555"}, (400, 100, None)),
        ({"image_url": "I", "user_tags": "ann"}, (400, 100, None)),
        ({"image_url": "I", "user_tags": '[{"username": "ann"}]'}, (400, 100, 2207036)),
        ({"image_url": "I", "user_tags": '[{"username": "ann", "x": 1.5, "y": 0}]'}, (400, 100, 2207036)),
        ({"image_url": "I", "user_tags": str([{"username": "a", "x": 0, "y": 0}] * 21).replace("'", '"')}, None),
    ],
)
def test_wrong_orders_are_refused(insta: Insta, data: dict[str, str], expected: object) -> None:
    urls = {"I": insta.shelf.put(jpeg()), "V": insta.shelf.put(video(), "a.mp4")}
    sent = {name: urls.get(value, value) for name, value in data.items()}
    assert error(insta.create(**sent)) == (expected or (400, 100, 2207040))
    assert insta.shelf.asked == []


def test_tags_with_a_place_are_taken(insta: Insta) -> None:
    assert insta.picture(user_tags='[{"username": "ann", "x": 0.5, "y": 1.0}]', collaborators='["a", "b", "c"]')


def test_publishing_takes_one_parameter(insta: Insta) -> None:
    number = insta.ready(insta.picture())
    edge = f"/{insta.account}/media_publish"
    assert error(insta.post(edge)) == (400, 100, None)
    assert error(insta.post(edge, creation_id=number, caption="Hola")) == (400, 100, None)
    assert insta.post(edge, creation_id=number, fields="permalink").json().keys() == {"id"}


def test_publish_carried_out_without_an_answer(stand: Stand, insta: Insta) -> None:
    number = insta.ready(insta.picture())
    stand.plant({"kind": "drop_after"}, match={"platform": "instagram", "operation": "publish"})
    with pytest.raises(requests.ConnectionError):
        insta.publish(number)
    assert insta.status(number) == "PUBLISHED"
    assert len(insta.listed()) == len(stand.writes) == 1


def test_spam_guard_although_the_post_is_live(stand: Stand, insta: Insta) -> None:
    number = insta.ready(insta.picture())
    stand.plant({"kind": "status_after", "status": 400, "subcode": 2207051}, match={"operation": "publish"})
    assert error(insta.publish(number)) == (400, 4, 2207051)
    assert len(stand.writes) == 1


def test_container_read_fails_once_although_it_works(stand: Stand, insta: Insta) -> None:
    number = insta.picture()
    fault = {"kind": "status_before", "status": 400, "code": 100, "subcode": 33}
    stand.plant(fault, match={"operation": "container_status"})
    assert error(insta.get(f"/{number}", fields="status_code")) == (400, 100, 33)
    assert insta.publish(insta.ready(number)).status_code == 200


def test_slow_processing(stand: Stand, insta: Insta) -> None:
    stand.plant({"kind": "processing", "polls": 12}, match={"operation": "container"})
    number = insta.picture()
    for _minute in range(12):
        stand.advance(minutes=1)
        assert insta.status(number) == "IN_PROGRESS"
    assert insta.status(number) == "FINISHED"


def test_failed_processing_tells_in_a_sentence(stand: Stand, insta: Insta) -> None:
    stand.plant({"kind": "processing_error", "subcode": 2207076}, match={"operation": "container"})
    number = insta.picture()
    assert insta.status(number) == "IN_PROGRESS"
    text = "Error: Media upload has failed with error code 2207076"
    first = insta.get(f"/{number}", fields="status_code,status").json()
    assert first == {"status": text, "id": number}
    again = insta.get(f"/{number}", fields="status_code,status").json()
    assert again == {"status_code": "ERROR", "status": text, "id": number}
    assert insta.publish(number).status_code == 400
    assert stand.writes == []


def test_publication_shows_late_in_lists_and_in_its_container(stand: Stand, insta: Insta) -> None:
    number = insta.ready(insta.picture())
    rules = [
        {"match": {"operation": "publish"}, "fault": {"kind": "drop_after"}},
        {"match": {"operation": "publish"}, "fault": {"kind": "hidden_in_lists", "seconds": 40}},
    ]
    stand.sandbox.plant(FaultPlan.parse({"rules": rules}))
    with pytest.raises(requests.ConnectionError):
        insta.publish(number)
    assert (insta.status(number), insta.listed()) == ("FINISHED", [])
    assert insta.publish(number).status_code == 400
    stand.advance(seconds=41)
    assert (insta.status(number), len(insta.listed())) == ("PUBLISHED", 1)
    assert len(stand.writes) == 1
