import hashlib
import threading
from typing import Any

import pytest

from tests.sandbox.clients import Rest, Stand, image, refusal

# The clock stands at 15:00 UTC, 10:00 in Lima, on 24 November 2026.


def test_draft_is_the_default_and_publishing_is_repeatable(stand: Stand, rest: Rest) -> None:
    post = rest.create()
    assert (post["status"], stand.writes) == ("draft", [])
    assert post["link"] == f"https://www.inpe.example/?p={post['id']}"
    for _again in range(2):
        shown = rest.post(f"/posts/{post['id']}", status="publish").json()
    assert shown["link"] == "https://www.inpe.example/2026/11/24/feria/"
    (write,) = stand.writes
    assert (write.platform, write.account, write.remote_id) == ("website", "www.inpe.example", str(post["id"]))
    assert (write.kind, write.title, write.text, write.visible) == ("post", "Feria", "Texto", True)


def test_threads_publishing_the_same_post_make_one_entry(stand: Stand, rest: Rest) -> None:
    number = rest.create()["id"]
    start = threading.Barrier(8)

    def publish() -> None:
        start.wait()
        Rest(Stand(stand.server)).post(f"/posts/{number}", status="publish")

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stand.writes) == 1


def test_create_answers_the_whole_post(rest: Rest) -> None:
    answer = rest.post("/posts", title="Umbau", content="<p>x</p>", slug="Umbau Ñandú", status="publish")
    body = answer.json()
    assert answer.headers["Location"] == f"https://www.inpe.example/wp-json/wp/v2/posts/{body['id']}"
    assert body["slug"] == "umbau-nandu"
    assert (body["date"], body["date_gmt"]) == ("2026-11-24T10:00:00", "2026-11-24T15:00:00")
    assert (body["meta"], body["categories"], body["tags"]) == ([], [1], [])
    assert {"generated_slug", "permalink_template", "password", "_links", "guid", "template"} <= body.keys()


@pytest.mark.parametrize(
    ("body", "code", "inner"),
    [
        ({"status": "published"}, "rest_invalid_param", "rest_not_in_enum"),
        ({"date_gmt": "tomorrow"}, "rest_invalid_param", "rest_invalid_date"),
        ({"date_gmt": "2026-13-01T00:00:00"}, "rest_invalid_param", "rest_invalid_date"),
        ({"tags": ["feria"]}, "rest_invalid_param", "rest_invalid_type"),
        ({"featured_media": "x"}, "rest_invalid_param", "rest_invalid_type"),
        ({"comment_status": "maybe"}, "rest_invalid_param", "rest_not_in_enum"),
        ({"template": "x.php"}, "rest_invalid_param", "rest_invalid_param"),
        ({"author": 999}, "rest_invalid_author", None),
        ({"id": 5}, "rest_post_exists", None),
        ({"title": "", "content": "", "excerpt": ""}, "empty_content", None),
        ({"title": 5, "content": ""}, "empty_content", None),
        ({"slug": 5}, "rest_invalid_param", "rest_invalid_type"),
        ({"sticky": True, "password": "x"}, "rest_invalid_field", None),
    ],
)
def test_bad_posts_are_refused(stand: Stand, rest: Rest, body: dict[str, Any], code: str, inner: str | None) -> None:
    answer = rest.post("/posts", **({"title": "x"} | body))
    assert refusal(answer) == (400, code)
    if inner:
        (detail,) = answer.json()["data"]["details"].values()
        assert detail["code"] == inner
    assert rest.get("/posts", status="any").json() == []


def test_broken_or_unlabelled_json(rest: Rest) -> None:
    headers = {"Content-Type": "application/json"}
    assert refusal(rest.send("POST", "/posts", data=b'{"title":', headers=headers)) == (400, "rest_invalid_json")
    assert refusal(rest.send("POST", "/posts", data=b'{"title":"x"}')) == (400, "empty_content")


def test_form_encoding_works_too(rest: Rest) -> None:
    answer = rest.send("POST", "/posts", data={"title": "x", "categories[]": ["1"], "status": "publish"})
    assert (answer.status_code, answer.json()["categories"]) == (201, [1])


def test_silent_drops(rest: Rest) -> None:
    medium = rest.medium()["id"]
    post = rest.create(featured_media=999, categories=[77], tags=[88], meta={"unregistered": 1}, unknown="x")
    assert (post["featured_media"], post["categories"], post["tags"], post["meta"]) == (0, [], [], [])
    assert rest.post(f"/posts/{post['id']}", featured_media=medium).json()["featured_media"] == medium
    assert rest.post(f"/posts/{post['id']}", featured_media=999).json()["featured_media"] == medium


def test_slugs_are_unique_drafts_included(rest: Rest) -> None:
    slugs = [rest.create(slug="feria-app-1", status=status)["slug"] for status in ("draft", "publish", "draft")]
    assert slugs == ["feria-app-1", "feria-app-1-2", "feria-app-1-3"]
    assert rest.create()["slug"] == ""
    assert len(rest.create(slug="x" * 250)["slug"]) == 200


def test_drafts_without_a_named_status_share_a_slug_until_published(rest: Rest) -> None:
    first, second = rest.create(slug="feria-app-1"), rest.create(slug="feria-app-1")
    assert first["slug"] == second["slug"] == "feria-app-1"
    assert rest.post(f"/posts/{first['id']}", status="publish").json()["slug"] == "feria-app-1-2"
    assert rest.post(f"/posts/{second['id']}", title="y").json()["slug"] == "feria-app-1"


def test_emptying_a_post_is_refused(rest: Rest) -> None:
    number = rest.create(content="")["id"]
    assert refusal(rest.post(f"/posts/{number}", title="")) == (400, "empty_content")


def test_slug_look_up(rest: Rest) -> None:
    post = rest.create(slug="feria-app-1")
    assert rest.get("/posts", slug="feria-app-1").json() == []
    found = rest.get("/posts", slug="otro,FERIA-app-1", status="any", context="edit").json()
    assert [item["id"] for item in found] == [post["id"]]
    rest.delete(f"/posts/{post['id']}")
    assert rest.get("/posts", slug="feria-app-1", status="any").json() == []
    (trashed,) = rest.get("/posts", slug="feria-app-1__trashed", status="trash").json()
    assert trashed["id"] == post["id"]


def test_trash_ladder(stand: Stand, rest: Rest) -> None:
    number = rest.create(slug="feria", status="publish")["id"]
    assert rest.delete(f"/posts/{number}").json()["slug"] == "feria__trashed"
    assert refusal(rest.delete(f"/posts/{number}")) == (410, "rest_already_trashed")
    assert refusal(Rest(stand, "").get(f"/posts/{number}")) == (401, "rest_forbidden")
    restored = rest.post(f"/posts/{number}", status="publish").json()
    assert (restored["slug"], restored["status"]) == ("feria", "publish")
    gone = rest.delete(f"/posts/{number}", force="true").json()
    assert (gone["deleted"], gone["previous"]["id"]) == (True, number)
    assert refusal(rest.get(f"/posts/{number}")) == (404, "rest_post_invalid_id")
    assert [write.visible for write in stand.writes] == [True, False, True, False]


def test_unpublishing_hides_page_and_object(stand: Stand, rest: Rest) -> None:
    post = rest.create(slug="feria", status="publish")
    page = post["link"].removeprefix("https:/")
    assert "Texto" in stand.own("GET", page).text
    moved = stand.own("GET", f"/www.inpe.example/?p={post['id']}", allow_redirects=False)
    assert (moved.status_code, moved.headers["Location"]) == (301, post["link"])
    assert rest.post(f"/posts/{post['id']}", status="draft").json()["link"].endswith(f"?p={post['id']}")
    assert stand.own("GET", page).status_code == 404
    assert refusal(Rest(stand, "").get(f"/posts/{post['id']}")) == (401, "rest_forbidden")


@pytest.mark.parametrize(
    ("sent", "status", "date_gmt"),
    [
        ({"status": "publish"}, "publish", "2026-11-24T15:00:00"),
        ({"status": "publish", "date_gmt": "2026-11-24T15:00:59"}, "publish", "2026-11-24T15:00:59"),
        ({"status": "publish", "date_gmt": "2026-11-24T15:01:00"}, "future", "2026-11-24T15:01:00"),
        ({"status": "publish", "date": "2026-11-24T11:00:00"}, "future", "2026-11-24T16:00:00"),
        ({"status": "publish", "date_gmt": "2026-11-24T11:00:00-05:00"}, "future", "2026-11-24T16:00:00"),
        ({"status": "publish", "date_gmt": "2026-11-24T16:00:00Z"}, "future", "2026-11-24T16:00:00"),
        ({"status": "future"}, "publish", "2026-11-24T15:00:00"),
        ({"status": "future", "date_gmt": "2026-11-23T15:00:00"}, "publish", "2026-11-23T15:00:00"),
        (
            {"status": "publish", "date": "2026-11-24T11:00:00", "date_gmt": "2026-11-20T00:00:00"},
            "future",
            "2026-11-24T16:00:00",
        ),
    ],
)
def test_date_rules(rest: Rest, sent: dict[str, str], status: str, date_gmt: str) -> None:
    post = rest.create(**sent)
    assert (post["status"], post["date_gmt"]) == (status, date_gmt)


def test_dated_create_has_its_date_as_modified(rest: Rest) -> None:
    post = rest.create(status="publish", date_gmt="2026-11-01T00:00:00")
    assert post["modified_gmt"] == "2026-11-01T00:00:00"
    assert rest.post(f"/posts/{post['id']}", title="y").json()["modified_gmt"] == "2026-11-24T15:00:00"


def test_leaving_future_needs_a_new_date(stand: Stand, rest: Rest) -> None:
    number = rest.create(status="publish", date_gmt="2026-11-24T18:00:00")["id"]
    assert rest.post(f"/posts/{number}", status="publish").json()["status"] == "future"
    draft = rest.post(f"/posts/{number}", status="draft").json()
    assert (draft["status"], draft["date_gmt"]) == ("draft", "2026-11-24T18:00:00")
    released = rest.post(f"/posts/{number}", status="publish", date_gmt="2026-11-24T15:00:00").json()
    assert released["status"] == "publish"
    assert len(stand.writes) == 1


def test_draft_gets_the_hour_of_publication(stand: Stand, rest: Rest) -> None:
    number = rest.create()["id"]
    stand.advance(hours=3)
    assert rest.post(f"/posts/{number}", status="publish").json()["date_gmt"] == "2026-11-24T18:00:00"


@pytest.mark.parametrize("visit", ["/www.inpe.example/", "/www.inpe.example/wp-cron.php"])
def test_scheduled_post_waits_for_a_visit(stand: Stand, rest: Rest, visit: str) -> None:
    rest.create(status="publish", date_gmt="2026-11-24T16:00:00")
    stand.advance(hours=2)
    assert stand.writes == []
    stand.own("GET", visit)
    assert len(stand.writes) == 1


def test_media_are_told_in_the_order_shown(stand: Stand, rest: Rest) -> None:
    red, teal, navy = (rest.medium(color) for color in ("red", "teal", "navy"))
    content = (
        f'<img class="wp-image-{teal["id"]}" src="{teal["source_url"]}"><p>x</p>'
        f'<img src="{navy["source_url"]}"><img src="{red["source_url"]}">'
    )
    rest.create(content=content, featured_media=red["id"], status="publish")
    expected = [hashlib.sha256(image(color)).hexdigest() for color in ("red", "teal", "navy")]
    assert list(stand.writes[0].media) == expected
    rest.delete(f"/media/{red['id']}", force="true")
    assert (stand.writes[1].kind, list(stand.writes[1].media)) == ("edit", expected[1:])


def test_rendered_is_never_what_was_sent(rest: Rest) -> None:
    content = "<!-- wp:paragraph --><p>\"Hola\" -- 'x' & y...</p><!-- /wp:paragraph --><!-- key:app-1 -->"
    post = rest.create(title='"Feria" & más', content=content)
    assert post["content"]["raw"] == content
    assert "&#8220;Hola&#8221;" in post["content"]["rendered"]
    assert "wp:paragraph" not in post["content"]["rendered"]
    assert "<!-- key:app-1 -->" in post["content"]["rendered"]
    assert post["title"]["rendered"] == "&#8220;Feria&#8221; &#038; más"
    seen = rest.get(f"/posts/{post['id']}").json()
    assert "raw" not in seen["title"]


def test_search_finds_the_key_in_the_content(stand: Stand, rest: Rest) -> None:
    post = rest.create(content="Texto <!-- key:app-77 -->", status="publish")
    found = Rest(stand, "").get("/posts", search="app-77").json()
    assert [item["id"] for item in found] == [post["id"]]
    assert Rest(stand, "").get("/posts", search="app-78").json() == []


def test_password_closes_the_content(stand: Stand, rest: Rest) -> None:
    number = rest.create(status="publish", password="llave")["id"]
    seen = Rest(stand, "").get(f"/posts/{number}").json()["content"]
    assert (seen["protected"], seen["rendered"]) == (True, "")
    assert stand.writes[0].text == ""


def test_paging_headers_and_the_end(rest: Rest) -> None:
    numbers = [rest.create(title=f"n{at}", status="publish")["id"] for at in range(5)]
    answer = rest.get("/posts", per_page=2, page=2, _fields="id,title.rendered")
    assert answer.json() == [
        {"id": number, "title": {"rendered": f"n{number - numbers[0]}"}} for number in (numbers[2], numbers[1])
    ]
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("5", "3")
    assert 'rel="prev"' in answer.headers["Link"]
    assert "page=3&" in answer.headers["Link"].rpartition(",")[2]
    assert refusal(rest.get("/posts", per_page=2, page=4)) == (400, "rest_post_invalid_page_number")
    assert rest.get("/posts", offset=10).json() == []
    head = rest.send("HEAD", "/posts")
    assert (head.headers["X-WP-Total"], head.content) == ("5", b"")


@pytest.mark.parametrize(
    "asked", [{"per_page": 101}, {"per_page": 0}, {"page": 0}, {"orderby": "luck"}, {"after": "x"}]
)
def test_bad_list_parameters(rest: Rest, asked: dict[str, object]) -> None:
    assert refusal(rest.get("/posts", **asked)) == (400, "rest_invalid_param")


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"after": "2026-11-24T15:00:00Z"}, 0),
        ({"after": "2026-11-24T14:59:59Z"}, 1),
        ({"after": "2026-11-24T09:59:59"}, 1),
        ({"after": "2026-11-24T14:59:59"}, 0),
        ({"modified_after": "2026-11-24T14:59:59Z"}, 1),
        ({"before": "2026-11-24T15:00:00Z"}, 0),
        ({"include": "999"}, 0),
        ({"status": "draft,publish"}, 1),
    ],
)
def test_filters_are_strict_and_in_site_time(rest: Rest, asked: dict[str, str], count: int) -> None:
    rest.create(status="publish")
    assert len(rest.get("/posts", **asked).json()) == count


@pytest.mark.parametrize(
    ("by", "code"), [("relevance", "no_search_term_defined"), ("include", "orderby_include_missing_include")]
)
def test_orders_that_need_another_parameter(rest: Rest, by: str, code: str) -> None:
    assert refusal(rest.get("/posts", orderby=by)) == (400, f"rest_{code}")


def test_envelope_puts_everything_in_the_body(rest: Rest) -> None:
    body = rest.get("/posts", _envelope="1").json()
    assert (body["status"], body["body"], body["headers"]["X-WP-Total"]) == (200, [], "0")


def test_terms(rest: Rest) -> None:
    made = rest.post("/tags", name="Feria productiva")
    number = made.json()["id"]
    assert (made.status_code, made.json()["slug"]) == (201, "feria-productiva")
    again = rest.post("/tags", name="feria productiva")
    assert refusal(again) == (400, "term_exists")
    assert again.json()["data"]["term_id"] == number
    assert refusal(rest.post("/tags")) == (400, "rest_missing_callback_param")
    assert [term["id"] for term in rest.get("/tags", slug="feria-productiva").json()] == [number]
    assert [term["id"] for term in rest.get("/tags", search="Feria").json()] == [number]
    assert rest.create(tags=[number])["tags"] == [number]
    assert refusal(rest.delete(f"/tags/{number}")) == (501, "rest_trash_not_supported")
    assert rest.delete(f"/tags/{number}", force="true").json()["deleted"] is True
