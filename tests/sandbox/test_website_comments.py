from typing import Any

import pytest

from tests.sandbox.clients import Rest, Stand, refusal


def said(stand: Stand, rest: Rest) -> tuple[int, int, int]:
    """Return a post, a visitor's comment that is held, and the office's own."""
    post = int(rest.create(status="publish")["id"])
    (held,) = stand.sandbox.grow(text="¿A qué hora?", author="Rosa Quispe")
    own = rest.post("/comments", post=post, content="Bienvenidos").json()
    return post, int(held.removeprefix("comment-")), own["id"]


def ids(rest: Rest, **params: Any) -> list[int]:
    return [item["id"] for item in rest.get("/comments", **params).json()]


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("approve", "own"),
        ("1", "own"),
        ("hold", "held"),
        ("0", "held"),
        ("all", "both"),
        ("any", "both"),
        ("approved", "none"),
        ("approve,hold", "none"),
        ("nonsense", "none"),
        ("spam", "none"),
    ],
)
def test_filter_words(stand: Stand, rest: Rest, word: str, shown: str) -> None:
    _post, held, own = said(stand, rest)
    expected = {"own": [own], "held": [held], "both": [own, held], "none": []}[shown]
    assert ids(rest, status=word) == expected


def test_item_words_and_moderation(stand: Stand, rest: Rest) -> None:
    _post, held, own = said(stand, rest)
    assert rest.get(f"/comments/{held}").json()["status"] == "hold"
    assert rest.post(f"/comments/{held}", status="nonsense").json()["status"] == "hold"
    assert rest.post(f"/comments/{held}", status="approve").json()["status"] == "approved"
    assert sorted(ids(Rest(stand, ""))) == sorted([held, own])
    for word in ("spam", "trash", "approved"):
        assert rest.post(f"/comments/{held}", status=word).json()["status"] == word
    moved = [(w.remote_id, w.visible) for w in stand.writes if w.remote_id == f"comment-{held}"]
    assert moved == [(f"comment-{held}", True), (f"comment-{held}", False), (f"comment-{held}", True)]


def test_known_visitor_is_not_held(stand: Stand, rest: Rest) -> None:
    _post, held, _own = said(stand, rest)
    rest.post(f"/comments/{held}", status="approved")
    (again,) = stand.sandbox.grow(text="Gracias", author="Rosa Quispe")
    assert rest.get(f"/comments/{again.removeprefix('comment-')}").json()["status"] == "approved"


def test_reply_and_orphan_parent(stand: Stand, rest: Rest) -> None:
    post, held, _own = said(stand, rest)
    reply = rest.post("/comments", post=post, parent=held, content="A las nueve")
    assert (reply.status_code, reply.json()["status"], reply.json()["parent"]) == (201, "approved", held)
    orphan = rest.post("/comments", post=post, parent=999, content="Huérfano")
    assert (orphan.status_code, orphan.json()["parent"]) == (201, 999)
    assert [w.text for w in stand.writes if w.kind == "comment"] == ["Bienvenidos", "A las nueve", "Huérfano"]


def test_duplicate_is_proof_that_the_first_worked(stand: Stand, rest: Rest) -> None:
    post, *_ = said(stand, rest)
    assert refusal(rest.post("/comments", post=post, content="Bienvenidos")) == (409, "comment_duplicate")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"content": ""}, (400, "rest_comment_content_invalid")),
        ({"content": "a" * 65_526}, (400, "comment_content_column_length")),
        ({"content": "x", "post": 999}, (403, "rest_comment_invalid_post_id")),
        ({"content": "x", "post": "draft"}, (403, "rest_comment_draft_post")),
        ({"content": "x", "post": "closed"}, (403, "rest_comment_closed")),
    ],
)
def test_bad_comments_are_refused(rest: Rest, body: dict[str, Any], expected: object) -> None:
    posts = {"draft": rest.create()["id"], "closed": rest.create(status="publish", comment_status="closed")["id"]}
    open_one = rest.create(status="publish")["id"]
    sent = {"post": open_one} | body
    sent["post"] = posts.get(sent["post"], sent["post"])
    assert refusal(rest.post("/comments", **sent)) == expected


@pytest.mark.parametrize("role", ["author", "contributor", "subscriber"])
def test_lower_roles_are_held_and_slowed(stand: Stand, rest: Rest, role: str) -> None:
    post = rest.create(status="publish")["id"]
    lower = Rest(stand, role)
    assert lower.post("/comments", post=post, content="uno").json()["status"] == "hold"
    assert refusal(lower.post("/comments", post=post, content="dos")) == (400, "comment_flood")
    stand.advance(seconds=15)
    assert lower.post("/comments", post=post, content="dos").status_code == 201
    assert refusal(lower.post("/comments/1", status="approved")) == (403, "rest_cannot_edit")


def test_nobody_may_not_comment(stand: Stand, rest: Rest) -> None:
    post = rest.create(status="publish")["id"]
    nobody = Rest(stand, "")
    assert refusal(nobody.post("/comments", post=post, content="x")) == (401, "rest_comment_login_required")


def test_rights_to_see_held_comments(stand: Stand, rest: Rest) -> None:
    _post, held, _own = said(stand, rest)
    author = Rest(stand, "author")
    answer = author.get("/comments", status="hold")
    assert (answer.json(), answer.headers["X-WP-Total"]) == ([], "1")
    assert refusal(author.get("/comments", status="hold", context="edit")) == (403, "rest_forbidden_context")
    assert refusal(Rest(stand, "subscriber").get("/comments", status="hold")) == (403, "rest_forbidden_param")
    assert refusal(Rest(stand, "").get("/comments", status="hold")) == (401, "rest_forbidden_param")
    assert refusal(Rest(stand, "").get(f"/comments/{held}")) == (401, "rest_cannot_read")


def test_item_shows_mail_and_raw_to_editors_only(stand: Stand, rest: Rest) -> None:
    _post, held, _own = said(stand, rest)
    edit = rest.get(f"/comments/{held}", context="edit").json()
    assert (edit["author"], edit["author_name"], edit["content"]["raw"]) == (0, "Rosa Quispe", "¿A qué hora?")
    assert edit["author_email"].endswith(".example")
    assert "author_email" not in rest.get(f"/comments/{held}").json()


def test_editors_html_is_kept_and_authors_is_filtered(stand: Stand, rest: Rest) -> None:
    post = rest.create(status="publish")["id"]
    text = "<script>x</script>Hola"
    assert "<script>" in rest.post("/comments", post=post, content=text).json()["content"]["rendered"]
    assert "<script>" not in Rest(stand, "author").post("/comments", post=post, content=text).text


def test_deletion_ladder(stand: Stand, rest: Rest) -> None:
    _post, _held, own = said(stand, rest)
    assert rest.delete(f"/comments/{own}").json()["status"] == "trash"
    assert refusal(rest.delete(f"/comments/{own}")) == (410, "rest_already_trashed")
    assert rest.delete(f"/comments/{own}", force="true").json()["deleted"] is True
    assert refusal(rest.get(f"/comments/{own}")) == (404, "rest_comment_invalid_id")
    assert stand.writes[-1].visible is False


def test_paging_past_the_end_is_empty(stand: Stand, rest: Rest) -> None:
    post, *_ = said(stand, rest)
    answer = rest.get("/comments", page=9)
    assert (answer.status_code, answer.json()) == (200, [])
    assert rest.send("HEAD", "/comments", params={"post": post}).headers["X-WP-Total"] == "1"


def test_incremental_filter_is_strict(stand: Stand, rest: Rest) -> None:
    _post, held, own = said(stand, rest)
    assert ids(rest, status="any", after="2026-11-24T15:00:00Z") == []
    assert ids(rest, status="any", after="2026-11-24T14:59:59Z", orderby="date_gmt", order="asc") == [held, own]
