"""What people answered on a real WordPress: read, answered once, held back and shown again; figures."""

import html

import pytest

from connectors.errors import Gone, NotAuthorized, OutcomeUnknown, Rejected
from core.feedback import Comment
from core.posts import OutgoingPost
from tests.connectors.website_office import Office, key, staged, until
from tests.wordpress.peer import Site

pytestmark = pytest.mark.wordpress


@pytest.fixture
def office(real_wordpress: Site) -> Office:
    return Office(real_wordpress)


@pytest.fixture
def post_id(office: Office) -> str:
    post = OutgoingPost(key=key(), text="¿Qué les pareció?", title="Encuesta")
    connector = office.connector()
    return connector.publish(post, staged(connector, post)).remote_id


def comment(office: Office, post_id: str, text: str, **fields: object) -> str:
    """Write a comment as a visitor would, and return its id."""
    visitor = {"author_name": "Rosa", "author_email": "rosa@example.test", "status": "approved"}
    return str(
        office.ask("POST", "/comments", content={"post": int(post_id), "content": text} | visitor | fields)["id"]
    )


def only(comments: tuple[Comment, ...]) -> Comment:
    (one,) = comments
    return one


def test_comments_come_oldest_first_with_who_and_what(office: Office, post_id: str) -> None:
    first = comment(office, post_id, "Muy <b>bien</b> &amp; claro", date_gmt="2026-11-20T10:00:00")
    held = comment(office, post_id, "¿Dónde es?", date_gmt="2026-11-20T11:00:00", status="hold")
    comment(office, post_id, "Compre aquí", date_gmt="2026-11-20T11:30:00", status="spam")
    reply = office.connector().reply(held, "En la sede central.")
    page = office.connector().comments(post_id)
    assert page.next_cursor is None
    one, two, three = page.items
    assert (one.id, one.text, one.hidden, one.own, one.parent_id) == (first, "Muy bien & claro", False, False, None)
    assert one.created_at.isoformat() == "2026-11-20T10:00:00+00:00"
    assert (one.author_name, one.author_id) == ("Rosa", "")
    assert (two.id, two.hidden) == (held, True)
    assert (three.id, three.parent_id, three.own, three.hidden) == (reply.remote_id, held, True, False)
    assert three.author_id == str(office.site.users["editor"].id)
    assert reply.url.startswith(office.site.url)
    assert "Rosa" not in repr(page)


def test_comments_are_paged_to_the_end(office: Office, post_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.website._COMMENTS_A_PAGE", "2")
    written = [comment(office, post_id, f"n.º {n}", date_gmt=f"2026-11-20T10:00:0{n}") for n in range(5)]
    read: list[str] = []
    cursor: str | None = None
    while True:
        page = office.connector().comments(post_id, cursor)
        read += [one.id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert read == written


def test_comments_need_the_right_to_moderate(office: Office, post_id: str) -> None:
    with pytest.raises(NotAuthorized):
        office.connector("author").comments(post_id)
    with pytest.raises(NotAuthorized):
        office.connector(password="aaaa bbbb cccc dddd eeee ffff").comments(post_id)


def test_reply_shows_exactly_what_was_written(office: Office, post_id: str) -> None:
    text = 'Sí: <script>alert("x")</script> & «gracias»\n\nOPII'
    published = office.connector().reply(comment(office, post_id, "¿Hola?"), text)
    stored = office.read(f"/comments/{published.remote_id}")
    assert stored["status"] == "approved"
    assert "<script" not in stored["content"]["rendered"]
    assert only(tuple(c for c in office.connector().comments(post_id).items if c.own)).text == text


@pytest.mark.parametrize("how", ["late=comment:2", "broken=comment"])
def test_reply_lost_answer_repeated_finds_the_first_one(office: Office, post_id: str, how: str) -> None:
    asked = comment(office, post_id, "¿Hay visitas el domingo?")
    with pytest.raises(OutcomeUnknown):
        office.connector(conditions=how, patience=1).reply(asked, "Sí, de 9 a 13 h & gratis.")
    until(lambda: any(one.own for one in office.connector().comments(post_id).items))
    published = office.connector().reply(asked, "Sí, de 9 a 13 h & gratis.")
    assert only(tuple(c for c in office.connector().comments(post_id).items if c.own)).id == published.remote_id


def test_reply_same_words_to_two_people_are_two_replies(office: Office, post_id: str) -> None:
    one, two = comment(office, post_id, "Saludos"), comment(office, post_id, "Otro saludo")
    assert office.connector().reply(one, "Gracias.").remote_id != office.connector().reply(two, "Gracias.").remote_id


def test_reply_that_would_wait_for_moderation_is_no_success(office: Office, post_id: str) -> None:
    asked = comment(office, post_id, "¿Hola?")
    with pytest.raises(NotAuthorized):
        office.connector("author").reply(asked, "Buenas.")


def test_reply_where_comments_are_closed_or_gone(office: Office, post_id: str) -> None:
    asked = comment(office, post_id, "¿Hola?")
    office.ask("POST", f"/posts/{post_id}", content={"comment_status": "closed"})
    with pytest.raises(Rejected) as caught:
        office.connector().reply(asked, "Buenas.")
    assert caught.value.code == "rest_comment_closed"
    office.ask("DELETE", f"/comments/{asked}", params={"force": "true"})
    with pytest.raises(Gone):
        office.connector().reply(asked, "Buenas.")


def test_hide_and_show_again(office: Office, post_id: str) -> None:
    connector, one = office.connector(), comment(office, post_id, "Grosería")
    for hidden, status, visible in ((True, "hold", 401), (True, "hold", 401), (False, "approved", 200)):
        connector.hide(one, hidden)
        assert office.read(f"/comments/{one}")["status"] == status
        assert office.public(f"/comments/{one}") == visible
    office.ask("POST", f"/comments/{one}", content={"status": "spam"})
    connector.hide(one, hidden=True)
    assert office.read(f"/comments/{one}")["status"] == "spam"


def test_hide_without_the_right(office: Office, post_id: str) -> None:
    one = comment(office, post_id, "Grosería")
    for connector in (office.connector("author"), office.connector(password="aaaa bbbb cccc dddd eeee ffff")):
        with pytest.raises(NotAuthorized):
            connector.hide(one, hidden=True)
    assert office.read(f"/comments/{one}")["status"] == "approved"


def test_metrics_count_what_the_public_sees(office: Office, post_id: str) -> None:
    comment(office, post_id, "uno")
    comment(office, post_id, "dos")
    comment(office, post_id, "tres", status="hold")
    snapshot = office.connector().metrics(post_id)
    assert snapshot.values == {"comments": 2.0}
    assert snapshot.missing == ("views",)


def test_metrics_of_what_is_withdrawn(office: Office, post_id: str) -> None:
    office.connector().take_down(post_id)
    with pytest.raises(Gone):
        office.connector().metrics(post_id)


def test_account_metrics_count_public_posts(office: Office, post_id: str) -> None:
    before = office.connector().account_metrics()
    assert set(before.values) == {"posts", "media"}
    office.connector().take_down(post_id)
    assert office.connector().account_metrics().values["posts"] == before.values["posts"] - 1


def test_reply_escapes_for_readers(office: Office, post_id: str) -> None:
    published = office.connector().reply(comment(office, post_id, "¿Cuánto?"), "1 < 2 & 3 > 2")
    rendered = office.read(f"/comments/{published.remote_id}")["content"]["rendered"]
    assert "1 < 2 & 3 > 2" in html.unescape(rendered)
