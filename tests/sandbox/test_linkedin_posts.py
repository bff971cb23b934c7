"""Little text, posts, duplicates, invisible posts, finder."""

import hashlib
from typing import Any

import pytest
import requests

from tests.sandbox.clients import START, Stand, image
from tests.sandbox.linkedin_client import LinkedIn, encoded, refused

NOW = int(START.timestamp() * 1000)


@pytest.fixture
def linked(stand: Stand) -> LinkedIn:
    return LinkedIn(stand)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        (r"a\_b \(c\) \#d", "a_b (c) #d"),
        (r"50 % \<neu\> C:\\x", r"50 % <neu> C:\x"),
        (r"Los! {hashtag|\#|zelt2} \(neu\)", "Los! #zelt2 (neu)"),
        (r"\|\{\}\@\[\]\(\)\<\>\#\\\*\_\~", r"|{}@[]()<>#\*_~"),
        ("Línea uno\n\n¿Qué? ¡Sí! 👏 – 10:30", "Línea uno\n\n¿Qué? ¡Sí! 👏 – 10:30"),
        ("Hola @[INPE Perú](urn:li:organization:101202303)!", "Hola INPE Perú!"),
        ("Hola @[Inpe perú](urn:li:organization:101202303)!", "Hola Inpe perú!"),
        (r"https://www.gob.pe/a\_b?c=1&d=2", "https://www.gob.pe/a_b?c=1&d=2"),
        ("Visitas (de lunes a viernes) abiertas", "Visitas "),
        ("Sede [central]", "Sede "),
        ("Uno {dos}", "Uno "),
        ("Uno <dos>", "Uno "),
        ("prensa@inpe.example", "prensa"),
        ("N# 5", "N"),
        (r"C:\x", "C:"),
        ("final \\", "final "),
        ("https://www.gob.pe/a_b", "https://www.gob.pe/a"),
        (r"{hashtag|#|feria}", ""),
        ("#feria_2026 hoy", "#feria"),
    ],
)
def test_public_reads_what_the_escapes_leave(stand: Stand, linked: LinkedIn, sent: str, seen: str) -> None:
    linked.publish(". " + sent)
    assert [write.text for write in stand.writes] == [". " + seen]


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        (r"a\_b \(c\)", r"a\_b \(c\)"),
        ("Ven a la #Feria2026 hoy", r"Ven a la {hashtag|\#|Feria2026} hoy"),
        (r"{hashtag|\#|niñez}", r"{hashtag|\#|niñez}"),
        ("@[INPE Perú](urn:li:organization:101202303)", "@[INPE Perú](urn:li:organization:101202303)"),
        ("@[Otro](urn:li:organization:101202303)", "Otro"),
        ("Hoy (mañana)", "Hoy "),
    ],
)
def test_text_comes_back_as_a_template(linked: LinkedIn, sent: str, back: str) -> None:
    assert linked.read(linked.publish(sent))["commentary"] == back


def test_post_is_created_without_a_body(stand: Stand, linked: LinkedIn) -> None:
    answer = linked.create("Hola")
    assert (answer.status_code, answer.content) == (201, b"")
    urn = answer.headers["x-restli-id"]
    assert urn.startswith("urn:li:share:")
    assert int(urn.rpartition(":")[2]) > 2**53
    (write,) = stand.writes
    assert (write.platform, write.account, write.remote_id) == ("linkedin", linked.world.organization_id, urn)
    assert (write.kind, write.text, write.visible, write.media) == ("post", "Hola", True, ())
    seen = linked.read(urn)
    assert (seen["id"], seen["author"], seen["lifecycleState"]) == (urn, linked.page, "PUBLISHED")
    assert (seen["createdAt"], seen["publishedAt"], seen["lastModifiedAt"]) == (NOW, NOW, NOW)
    page = stand.own("GET", f"/www.linkedin.com/feed/update/{urn}/")
    assert "Hola" in page.text


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"author": None}, "/author"),
        ({"commentary": None}, "/commentary"),
        ({"distribution": None}, "/distribution"),
        ({"commentary": 5}, "/commentary"),
        ({"visibility": "public"}, "/visibility"),
        ({"text": "x"}, "/text"),
        ({"isReshareDisabledByAuthor": "false"}, "/isReshareDisabledByAuthor"),
        ({"distribution": {"feedDistribution": "FEED"}}, "/distribution/feedDistribution"),
        ({"content": {"media": {"id": "urn:li:image:x", "alt": "y"}}}, "/content/media/alt"),
        ({"content": {"article": {"source": "https://inpe.example"}}}, "/content/article/title"),
    ],
)
def test_schema_is_kept(stand: Stand, linked: LinkedIn, change: dict[str, Any], place: str) -> None:
    body = {name: value for name, value in (linked.body() | change).items() if value is not None}
    answer = linked.post("/posts", body)
    assert refused(answer) == (422, None)
    assert answer.json()["message"].startswith(f"ERROR :: {place} :: ")
    assert stand.writes == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"author": "INPE"}, "INVALID_URN_TYPE"),
        ({"author": "urn:li:share:1"}, "INVALID_URN_TYPE"),
        ({"author": "urn:li:organization:x"}, "INVALID_URN_ID"),
        ({"commentary": ""}, "INVALID_VALUE_BLANK_FIELD"),
        ({"commentary": "a" * 3001}, "FIELD_LENGTH_TOO_LONG"),
        ({"lifecycleState": "DRAFT"}, "INVALID_VALUE_FOR_FIELD"),
        ({"visibility": "CONNECTIONS"}, "INVALID_VALUE_FOR_FIELD"),
        ({"content": {}}, "INVALID_VALUE_FOR_FIELD"),
        ({"content": {"media": {"id": "urn:li:image:none"}}}, "INVALID_URN_ID"),
        ({"content": {"media": {"id": "urn:li:video:none"}}}, "INVALID_VIDEO_ID"),
        ({"content": {"media": {"id": "urn:li:share:1"}}}, "INVALID_URN_TYPE"),
        ({"content": {"article": {"source": "inpe", "title": "x"}}}, "INVALID_VALUE_FOR_FIELD"),
        ({"content": {"article": {"source": "https://a.pe", "title": "x" * 401}}}, "FIELD_LENGTH_TOO_LONG"),
        ({"content": {"multiImage": {"images": []}}}, "INVALID_VALUE_FOR_FIELD"),
        ({"reshareContext": {"parent": "urn:li:share:1"}}, "INVALID_URN_ID"),
    ],
)
def test_values_are_checked(stand: Stand, linked: LinkedIn, change: dict[str, Any], code: str) -> None:
    assert refused(linked.create(**change)) == (400, code)
    assert stand.writes == []


def test_escapes_do_not_count_as_characters(linked: LinkedIn) -> None:
    assert linked.create(r"\(" * 3000).status_code == 201


def test_image_with_alternative_text(stand: Stand, linked: LinkedIn) -> None:
    urn = linked.image("red")
    content = {"media": {"id": urn, "altText": "Un taller"}}
    post = linked.publish("", content=content)
    assert post.startswith("urn:li:share:")
    assert linked.read(post)["content"] == content
    assert [(write.text, write.media) for write in stand.writes] == [("", (digest(image("red")),))]
    assert refused(linked.create("x", content={"media": {"id": urn, "altText": "a" * 4087}})) == (
        400,
        "FIELD_LENGTH_TOO_LONG",
    )


def test_many_images_keep_their_order(stand: Stand, linked: LinkedIn) -> None:
    colors = ["red", "green", "blue"]
    images = [{"id": linked.image(color), "altText": color} for color in colors]
    post = linked.publish("Tres", content={"multiImage": {"images": images}})
    assert post.startswith("urn:li:ugcPost:")
    assert stand.writes[0].media == tuple(digest(image(color)) for color in colors)
    assert refused(linked.create(content={"multiImage": {"images": images[:1]}}))[0] == 400
    assert refused(linked.create(content={"multiImage": {"images": images[:1] * 21}}))[0] == 400
    assert 'alt="green"' in stand.own("GET", "/").text


def test_link_with_its_picture(stand: Stand, linked: LinkedIn) -> None:
    article = {"source": "https://www.gob.pe/inpe", "title": "Feria", "thumbnail": linked.image("red")}
    linked.publish("Lean", content={"article": article})
    (write,) = stand.writes
    assert (write.title, write.media) == ("Feria", (digest(image("red")),))
    linked.publish("Sin imagen", content={"article": {"source": "https://www.gob.pe/inpe", "title": "Feria"}})
    assert stand.writes[1].media == ()


def test_poll(linked: LinkedIn) -> None:
    def poll(options: int, duration: str = "ONE_DAY") -> requests.Response:
        given = {"question": "¿Qué día?", "options": [{"text": f"Día {n}"} for n in range(options)]}
        return linked.create("Voten", content={"poll": given | {"settings": {"duration": duration}}})

    assert [poll(1).status_code, poll(5).status_code, poll(2, "A_YEAR").status_code] == [400, 400, 422]
    assert poll(2).status_code == 201


def test_duplicate_names_the_first_post_for_ten_minutes(stand: Stand, linked: LinkedIn) -> None:
    first = linked.publish("Hola #inpe")
    stand.advance(seconds=599)
    for again in ("Hola #inpe", r"Hola {hashtag|\#|inpe}", "Hola #inpe "):
        answer = linked.create(again)
        assert (answer.status_code, answer.json()["message"]) == (422, f"Content is a duplicate of {first}")
    assert len(stand.writes) == 1
    stand.advance(seconds=1)
    assert linked.publish("Hola #inpe") != first
    assert len(stand.writes) == 2


def test_other_content_is_no_duplicate(stand: Stand, linked: LinkedIn) -> None:
    red, again = linked.image("red"), linked.image("red")
    linked.publish("Hola")
    linked.publish("Hola", content={"media": {"id": red}})
    linked.publish("Hola", content={"media": {"id": again}})
    LinkedIn(stand, token=linked.world.other_token).publish("Hola", author=linked.world.other_organization_urn)
    assert len(stand.writes) == 4


def test_lost_answer_is_proved_by_repeating(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "drop_after"}, match={"operation": "publish"})
    with pytest.raises(requests.ConnectionError):
        linked.create("Hola")
    (write,) = stand.writes
    answer = linked.create("Hola")
    assert answer.status_code == 422
    assert answer.json()["message"].endswith(write.remote_id)


def test_gateway_timeout_after_the_post(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "status_after", "status": 504}, match={"operation": "publish"})
    assert linked.create("Hola").status_code == 504
    assert len(stand.writes) == 1


def test_image_in_processing_keeps_the_post_invisible(stand: Stand, linked: LinkedIn) -> None:
    urn = linked.upload("image", image("red"))
    post = linked.publish("Hola", content={"media": {"id": urn}})
    assert (stand.writes, linked.found()) == ([], [])
    assert refused(linked.get(f"/posts/{encoded(post)}"))[0] == 404
    assert linked.read(post)["lifecycleState"] == "PUBLISH_REQUESTED"
    assert "publishedAt" not in linked.read(post)
    stand.advance(seconds=31)
    assert linked.read(post)["lifecycleState"] == "PUBLISHED"
    assert [write.remote_id for write in stand.writes] == linked.found() == [post]


def test_failed_image_keeps_the_post_invisible_for_ever(stand: Stand, linked: LinkedIn) -> None:
    urn = linked.upload("image", image("red", form="WEBP"))
    post = linked.publish("Hola", content={"media": {"id": urn}})
    stand.advance(hours=1)
    assert linked.read(post)["lifecycleState"] == "PUBLISH_FAILED"
    assert linked.status(urn)["status"] == "PROCESSING_FAILED"
    assert refused(linked.create("Otra", content={"media": {"id": urn}})) == (400, "MEDIA_ASSET_PROCESSING_FAILED")
    assert (stand.writes, linked.found()) == ([], [])


def test_planned_processing_delays_visibility(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "processing", "polls": 2}, match={"operation": "publish"})
    post = linked.publish("Hola")
    stand.advance(hours=1)
    assert stand.writes == []
    assert [linked.read(post)["lifecycleState"] for _ in range(2)] == ["PUBLISH_REQUESTED", "PUBLISHED"]
    assert len(stand.writes) == 1


def test_planned_failure_keeps_the_post_invisible(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "processing_error"}, match={"operation": "publish"})
    post = linked.publish("Hola")
    assert linked.read(post)["lifecycleState"] == "PUBLISH_FAILED"
    assert (stand.writes, linked.found()) == ([], [])


def test_only_the_author_s_view_lists_what_is_not_published(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "processing", "polls": 3}, match={"operation": "publish"})
    post = linked.publish("Hola")
    assert linked.found("&viewContext=READER") == []
    assert linked.found("&viewContext=AUTHOR") == [post]
    assert linked.found() == [post]
    stand.plant({"kind": "processing_error"}, match={"operation": "publish"})
    failed = linked.publish("Adiós")
    assert (linked.found(), set(linked.found("&viewContext=AUTHOR"))) == ([post], {post, failed})


def test_dark_post_is_seen_by_nobody(stand: Stand, linked: LinkedIn) -> None:
    post = linked.publish("Hola", distribution={"feedDistribution": "NONE"})
    assert linked.read(post)["lifecycleState"] == "PUBLISHED"
    assert stand.writes == []


def test_media_must_be_the_author_s(stand: Stand, linked: LinkedIn) -> None:
    other = LinkedIn(stand, token=linked.world.other_token)
    other.page = linked.world.other_organization_urn
    urn = other.image()
    assert refused(linked.create(content={"media": {"id": urn}})) == (400, "INVALID_VALUE_FOR_FIELD")


def test_new_text_is_an_edit(stand: Stand, linked: LinkedIn) -> None:
    post = linked.publish("uno")
    path = f"/posts/{encoded(post)}"
    stand.advance(seconds=60)
    for _again in range(2):
        assert linked.patch(path, {"$set": {"commentary": r"dos \(2\)"}}).status_code == 204
    assert [(write.kind, write.text) for write in stand.writes] == [("post", "uno"), ("edit", "dos (2)")]
    seen = linked.read(post)
    assert (seen["commentary"], seen["lifecycleStateInfo"]) == (r"dos \(2\)", {"isEditedByAuthor": True})
    assert seen["lastModifiedAt"] == NOW + 60_000 > seen["createdAt"]
    assert refused(linked.patch(path, {"$set": {"content": {}}}))[0] == 422
    assert refused(linked.patch(path, {"$set": {}}))[0] == 422
    assert refused(linked.post(path, {"patch": {"$set": {"commentary": "x"}}})) == (405, "METHOD_NOT_ALLOWED")
    assert refused(linked.patch("/posts/urn%3Ali%3Ashare%3A1", {"$set": {"commentary": "x"}}))[0] == 404


def test_deleting_is_repeatable_and_proves_nothing(stand: Stand, linked: LinkedIn) -> None:
    post = linked.publish("Hola")
    path = f"/posts/{encoded(post)}"
    for _again in range(2):
        assert linked.delete(path).status_code == 204
    assert linked.delete("/posts/urn%3Ali%3Ashare%3A1").status_code == 204
    assert [write.visible for write in stand.writes] == [True, False]
    assert refused(linked.get(f"{path}?viewContext=AUTHOR")) == (404, "NOT_FOUND")
    assert refused(linked.delete("/posts/5"))[0] == 400
    assert linked.create("Hola").json()["message"].endswith(post)


def test_others_cannot_delete_nor_edit(stand: Stand, linked: LinkedIn) -> None:
    path = f"/posts/{encoded(linked.publish())}"
    for name in ("other_token", "reader_token", "former_token", "member_token"):
        own = LinkedIn(stand, token=getattr(linked.world, name))
        assert refused(own.delete(path)) == (403, "ACCESS_DENIED")
        assert refused(own.patch(path, {"$set": {"commentary": "x"}})) == (403, "ACCESS_DENIED")
    assert len(stand.writes) == 1


def test_finder_pages_newest_first_without_a_total(stand: Stand, linked: LinkedIn) -> None:
    posts = []
    for number in range(5):
        posts.append(linked.publish(f"texto {number}"))
        stand.advance(minutes=1)
    assert linked.found() == posts[::-1]
    path = f"/posts?q=author&author={encoded(linked.page)}&count=2&sortBy=CREATED"
    seen: list[str] = []
    while path:
        body = linked.get(path).json()
        seen += [item["id"] for item in body["elements"]]
        assert "total" not in body["paging"]
        following = [link["href"] for link in body["paging"]["links"] if link["rel"] == "next"]
        path = following[0].removeprefix("/rest") if following else ""
    assert seen == posts[::-1]
    linked.patch(f"/posts/{encoded(posts[0])}", {"$set": {"commentary": "nuevo"}})
    newest = linked.get(f"/posts?q=author&author={encoded(linked.page)}&count=1").json()["elements"]
    assert [item["id"] for item in newest] == [posts[0]]


@pytest.mark.parametrize(
    "more", ["&count=101", "&count=0", "&start=-1", "&sortBy=NEWEST", "&count=x", "&viewContext=ALL"]
)
def test_finder_bounds(linked: LinkedIn, more: str) -> None:
    path = f"/posts?q=author&author={encoded(linked.page)}{more}"
    assert refused(linked.get(path))[0] == 400


def test_finder_lags_when_planned(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "hidden_in_lists", "reads": 1}, match={"operation": "publish"})
    first = linked.publish("uno")
    assert [linked.found() for _ in range(2)] == [[], [first]]
    stand.plant({"kind": "hidden_in_lists", "seconds": 30}, match={"operation": "publish"})
    second = linked.publish("dos")
    assert (linked.found(), linked.read(second)["id"]) == ([first], second)
    stand.advance(seconds=30)
    assert set(linked.found()) == {first, second}


def test_batch_tells_what_is_missing(linked: LinkedIn) -> None:
    post = linked.publish()
    body = linked.get(f"/posts?ids=List({encoded(post)},urn%3Ali%3Ashare%3A1)").json()
    assert list(body["results"]) == [post]
    assert body["errors"]["urn:li:share:1"]["status"] == 404
    assert body["statuses"] == {}
